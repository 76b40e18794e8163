"""Waybills: one page a shipment, a CMR consignment note across a border, and nothing that is nobody's business."""

from typing import Any

import asyncpg
import msgspec
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Scope, act_as, system_scope
from cluster.dispatch import documents, typesetting
from cluster.dispatch.document_models import Paper, PaperLanguage
from cluster.dispatch.waybill_words import WAYBILL_WORDS
from cluster.dispatch.waybills import LINES_TOLD, OPEN
from tests.cluster.dispatch.carried import carried
from tests.cluster.dispatch.road import Day, happened

pytestmark = pytest.mark.anyio
CALLERS = ("coordinator", "carrier", "driver")


async def scope_of(day: Day) -> Scope:
    me = (await day.world.coordinator.get("/v1/me")).json()
    return system_scope(ids.parse("clu", me["cluster"]["id"]))


async def change(day: Day, statement: str, shipment_id: str) -> None:
    """Something about a shipment that its day was not made with, by whom the tables belong to."""
    owner = await asyncpg.connect(day.world.database.owner_url)
    try:
        async with owner.transaction():
            await act_as(owner, await scope_of(day))  # type: ignore[arg-type]
            assert (await owner.execute(statement, ids.parse("shp", shipment_id))).split()[-1] != "0"
    finally:
        await owner.close()


async def abroad(day: Day) -> None:
    """Binh's market is in Phnom Penh, and its box holds two cans of a toxic paint."""
    where = "country_code = 'KH', locality = 'Phnom Penh', instructions = 'Ring twice'"
    await change(day, f"UPDATE shipment_stops SET {where} WHERE shipment_id = $1", day.binh_shipment)
    what = "un_number = '1263', hazard_class = '3', hazard_labels = '6.1 8', packing_group = 'II', hs_code = '320890'"
    await change(day, f"UPDATE handling_units SET {what}, units = 2 WHERE shipment_id = $1", day.binh_shipment)


async def made(day: Day, language: PaperLanguage = PaperLanguage.EN, *, persons: bool = True) -> Paper:
    scope = await scope_of(day)
    async with Pool.open(day.world.database.url, 1) as pool, pool.unit(scope) as db:
        return await documents.waybills(db, scope, ids.parse("tor", day.tour["id"]), language, persons=persons)


def boxes(page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Boxes by what stands over them."""
    return {box["label"]: box for part in ("top", "columns", "below", "signatures") for box in page[part]}


async def test_inland_it_is_a_plain_waybill_without_numbers(day: Day) -> None:
    an, binh = (await made(day)).data["pages"]
    assert (an["title"], binh["title"], an["clause"]) == ("Waybill", "Waybill", "")
    found = boxes(an)
    assert {box["no"] for box in found.values()} == {""}
    assert found["Sender (name, address, country)"]["lines"] == ["An", "Shared hub", "1 Hub Road", "VN"]
    goal = found["Consignee (name, address, country)"]["lines"]
    assert goal == ["Corner shop", "12 River Street", "VN", "Chi Lan +84 90 123 4567"]
    assert found["Carrier (name, country)"]["lines"] == ["Riverside, VN", "Vehicle: 51D-123.45", "Driver: Minh"]
    # 600 x 400 x 400 mm are 0.096 m3
    assert an["goods"] == [["AN-1", "1", "box", OPEN, "", "12.0", "0.096"]]


async def test_across_a_border_it_has_all_boxes_of_the_cmr(day: Day) -> None:
    await abroad(day)
    an, binh = (await made(day)).data["pages"]
    assert (an["title"], binh["title"]) == ("Waybill", "International consignment note (CMR)")
    found = boxes(binh)
    assert sorted(int(box["no"]) for box in found.values()) == list(range(1, 25))
    assert found["Place of delivery of the goods"]["lines"] == ["9 Lake Street", "Phnom Penh KH"]
    place, on = found["Place and date of taking over the goods"]["lines"]
    assert (place, on) == ("Shared hub, VN", day.world.day.isoformat())
    assert found["Sender's instructions"]["lines"] == ["Ring twice"]
    assert "Convention" in binh["clause"]


async def test_dangerous_goods_come_in_the_order_of_adr(day: Day) -> None:
    await abroad(day)
    an, binh = (await made(day)).data["pages"]
    # two boxes of 12 kg and 0.096 m3
    assert binh["hazards"] == [f"UN 1263, {OPEN}, 3 (6.1, 8), II, (..........); 2 x box, 24.0 kg"]
    assert binh["goods"] == [["BINH-1", "2", "box", f"{OPEN}, UN 1263", "320890", "24.0", "0.192"]]
    assert an["hazards"] == []
    limited = "UPDATE handling_units SET limited_quantity = true WHERE shipment_id = $1"
    await change(day, limited, day.binh_shipment)
    [line] = (await made(day)).data["pages"][1]["hazards"]
    assert "II, limited quantity (ADR 3.4); 2 x box" in line


async def test_what_is_inside_is_told_at_a_border_alone(day: Day) -> None:
    inside = "INSERT INTO unit_contents (cluster_id, shipment_id, line_no, entry_no, member_id, name, quantity) SELECT"
    inside += " cluster_id, shipment_id, 1, 1, member_id, 'Green tea', 4 FROM shipments WHERE shipment_id = $1"
    await change(day, inside, day.binh_shipment)
    assert "Green tea" not in str((await made(day)).data)
    await abroad(day)
    assert (await made(day)).data["pages"][1]["goods"][0][3] == "Green tea, UN 1263"


async def test_each_shipment_is_one_page_in_every_language_however_much_is_on_it(day: Day) -> None:
    await abroad(day)
    more = """
        INSERT INTO handling_units (cluster_id, shipment_id, line_no, member_id, kind, units, weight_g, length_mm,
                                    width_mm, height_mm)
        SELECT cluster_id, shipment_id, number, member_id, 'bag', 1, 1000, 100, 100, 100
          FROM shipments CROSS JOIN generate_series(2, 40) AS number WHERE shipment_id = $1"""
    await change(day, more, day.binh_shipment)
    told = "UPDATE shipment_stops SET instructions = repeat('Ring at the door. ', 25) WHERE shipment_id = $1"
    await change(day, told, day.binh_shipment)
    for language in PaperLanguage:
        paper = await made(day, language)
        binh = paper.data["pages"][1]
        # one line of paint, eight of bags, and the 31 other bags
        assert (len(binh["goods"]), binh["goods"][-1][1]) == (1 + LINES_TOLD + 1, "31")
        assert binh["title_en"] == ("" if language is PaperLanguage.EN else "International consignment note (CMR)")
        assert len(typesetting.png(paper, ppi=30)) == 2


async def test_hostile_text_is_text(day: Day) -> None:
    hostile = (
        """UPDATE shipment_stops SET name = '#read("/etc/hostname") $ x $ #{panic()} *_`' WHERE shipment_id = $1"""
    )
    await change(day, hostile, day.an_shipment)
    assert typesetting.pdf(await made(day)).startswith(b"%PDF-")


async def test_coordinator_carrier_and_driver_fetch_them_and_a_stranger_does_not(day: Day) -> None:
    await abroad(day)
    carrier = await carried(day)
    tour, client = day.tour["id"], day.world.client
    for language in PaperLanguage:
        answers = (
            await day.world.coordinator.get(f"/v1/tours/{tour}/waybills?language={language}"),
            await carrier.swift.get(f"/v1/carrier/tours/{tour}/documents/waybills?language={language}"),
            await client.get(f"/v1/driver/{day.token}/waybills?language={language}"),
        )
        for caller, answer in zip(CALLERS, answers, strict=True):
            assert answer.status_code == 200, (caller, answer.text)
            assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-"), caller
    assert (await carrier.other.get(f"/v1/carrier/tours/{tour}/documents/waybills")).status_code == 404
    assert (await day.world.an.get(f"/v1/tours/{tour}/waybills")).status_code == 403
    assert (await client.get(f"/v1/driver/{'x' * 43}/waybills")).status_code == 404
    named = boxes((await made(day)).data["pages"][0])["Carrier (name, country)"]["lines"]
    assert named[0] == "Swift, VN"


async def test_no_price_and_no_share_is_on_them_but_what_the_driver_collects(day: Day) -> None:
    await abroad(day)
    worth = "UPDATE shipments SET declared_minor = 7654321, outside_minor = 6543217, cod_minor = 250000"
    await change(day, f"{worth} WHERE shipment_id = $1", day.binh_shipment)
    paper = await made(day)
    text = msgspec.json.encode(paper.data).decode()
    for secret in ("7654321", "6543217", "share", day.world.an_id, day.world.binh_id, day.plan_id):
        assert secret not in text
    assert boxes(paper.data["pages"][1])["Cash on delivery"]["lines"] == ["250000 VND"]


async def test_once_a_tour_is_over_its_driver_reads_no_longer_whom_to_ask_for(day: Day) -> None:
    assert "Chi Lan" in str((await made(day)).data)
    assert "Chi Lan" not in str((await made(day, persons=False)).data)
    await day.send(happened("started"), happened("completed"))
    scope = await scope_of(day)
    async with Pool.open(day.world.database.url, 1) as pool, pool.unit(scope) as db:
        tour_id = ids.parse("tor", day.tour["id"])
        over = await documents.waybills_on_the_road(db, scope, tour_id, PaperLanguage.EN)
    assert "Chi Lan" not in str(over.data)
    assert "+84 90" not in str(over.data)


def test_every_word_is_there_in_every_language() -> None:
    assert {len(words) for words in WAYBILL_WORDS.values()} == {len(WAYBILL_WORDS[PaperLanguage.EN])}
    assert all(text for words in WAYBILL_WORDS.values() for text in words.values())


async def test_a_collection_goes_from_its_party_to_its_member_at_the_hub(day: Day) -> None:
    for statement in (
        "UPDATE shipments SET service = 'collection' WHERE shipment_id = $1",
        "UPDATE shipment_stops SET action = 'pickup' WHERE shipment_id = $1",
        "UPDATE tour_visits SET action = 'pickup' WHERE shipment_id = $1",
    ):
        await change(day, statement, day.binh_shipment)
    found = boxes((await made(day)).data["pages"][1])
    assert found["Sender (name, address, country)"]["lines"] == ["Market", "9 Lake Street", "VN"]
    assert found["Consignee (name, address, country)"]["lines"] == ["Binh", "Shared hub", "1 Hub Road", "VN"]
    place, on = found["Place and date of taking over the goods"]["lines"]
    assert (place, on) == ("Market, VN", day.world.day.isoformat())
