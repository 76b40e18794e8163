"""Tours and offers go to a carrier as files, its answers and events come back as files: by SFTP, or in a folder."""

from pathlib import Path
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import World
from tests.cluster.dispatch.road import happened
from tests.cluster.gateways.conftest import Look
from tests.cluster.gateways.connecting import time_passes
from tests.cluster.gateways.dropped import PASSWORD, USER, Server, listening, over_sftp, put, rows
from tests.cluster.tenders.market import opened

pytestmark = pytest.mark.anyio


@pytest.fixture
def server(tmp_path: Path) -> Server:
    """An SFTP server, not yet listening."""
    root = tmp_path / "carrier"
    root.mkdir()
    return Server(root)


async def seen_to(world: World, look: Look) -> None:
    """The next look at the folders."""
    await time_passes(world)
    await look()


async def driven_by_files(world: World, look: Look, edi: Path) -> None:
    """The carrier reads its tour, and reports one visit in our words and the other in those of X12 214."""
    out, inbox = edi / "out", edi / "in"
    await seen_to(world, look)
    [given] = out.glob("tour_*.csv")
    visits = rows(given)
    assert sorted(line["name"] for line in visits) == ["Corner shop", "Market"]
    assert {line["action"] for line in visits} == {"delivery"}
    code = visits[0]["tour_code"]
    events = [happened("started", 30), happened("arrived", 20, stop_no=1)]
    events += [happened("done", 10, shipment_id=visits[0]["shipment_id"], action="delivery")]
    put(inbox, "events_1.csv", *(event | {"tour_code": code} for event in events))
    put(inbox, "foreign_x12_214_1.csv", {"reference": visits[1]["shipment_id"], "code": "D1", "at": events[2]["at"]},
        {"reference": "nobody's", "code": "D1", "at": events[2]["at"]},
        {"reference": visits[1]["shipment_id"], "code": "D1", "at": "yesterday"})  # fmt: skip
    await seen_to(world, look)
    for visit in visits:
        shipment = (await world.coordinator.get(f"/v1/shipments/{visit['shipment_id']}")).json()
        assert shipment["status"] == "delivered"
    report = rows(out / "report_foreign_x12_214_1.csv")
    assert [(line["line"], line["result"]) for line in report] == [
        ("2", "applied"),
        ("3", "refused"),
        ("4", "refused"),
    ]
    assert (report[1]["code"], report[2]["pointer"]) == ("unknown_reference", "/at")


async def test_a_tour_is_offered_taken_and_driven_by_files_alone(world: World, server: Server, look: Look) -> None:
    market = await opened(world)
    async with listening(server):
        gateway = await over_sftp(world.coordinator, server, market.firms["swift"])
        tender = await market.tender("broadcast", "swift", "steady")
        await seen_to(world, look)
        out, inbox = server.root / "edi" / "out", server.root / "edi" / "in"
        [offered] = out.glob("offer_*.csv")
        lines = rows(offered)
        assert [line["stop_no"] for line in lines] == ["1", "2"]
        assert {line["price_minor"] for line in lines} == {str(market.price)}
        # What carriers see before they have a tour: no names, no streets.
        assert not {"name", "address_line1", "phone"} & lines[0].keys()

        put(inbox, "answers_1.csv", {"offer_id": lines[0]["offer_id"], "answer": "accept"},
            {"offer_id": lines[0]["offer_id"], "answer": "decline"},
            {"offer_id": ids.show("ofr", ids.new()), "answer": "accept"})  # fmt: skip
        await market.says("steady", "decline", reason="no_capacity")
        await seen_to(world, look)
        status, stands = await market.stands(tender)
        assert (status, stands["swift"]) == ("awarded", "awarded")
        told = [
            (line["line"], line["result"], line["code"], line["pointer"]) for line in rows(out / "report_answers_1.csv")
        ]
        assert told == [
            ("2", "applied", "", ""),
            ("3", "refused", "missing", "/reason"),
            ("4", "refused", "not_found", ""),
        ]
        assert not list(inbox.iterdir())
        assert (server.root / "edi" / "done" / "answers_1.csv").exists()

        await seen_to(world, look)
        await driven_by_files(world, look, server.root / "edi")
        listed = (await world.coordinator.get(f"/v1/gateways/{gateway}/files?limit=100")).json()["data"]
        came = {file["name"]: (file["lines"], file["refused"]) for file in listed if file["direction"] == "in"}
        assert came == {"answers_1.csv": (3, 2), "events_1.csv": (3, 0), "foreign_x12_214_1.csv": (3, 2)}


async def test_the_same_file_twice_counts_once_and_each_version_goes_out_once(
    world: World, look: Look, folder: Path
) -> None:
    market = await opened(world)
    made = await world.coordinator.made(
        "/v1/gateways", {"code": "drop", "kind": "folder", "carrier_id": market.firms["swift"]}
    )
    await market.tender("direct", "swift")
    await market.says("swift", "accept")
    await seen_to(world, look)
    [root] = folder.glob(f"*/{made['id']}")
    [given] = (root / "out").glob("tour_*.csv")
    visit = rows(given)[0]
    given.unlink()
    event = happened("started", 30)
    for _ in range(2):
        put(root / "in", "events_1.csv", {key: value for key, value in event.items() if key != "event_key"}
            | {"tour_id": visit["tour_id"]})  # fmt: skip
        await seen_to(world, look)
    assert [line["result"] for line in rows(root / "out" / "report_events_1.csv")] == ["duplicate"]
    # The tour is another version now, which goes out; the one that the carrier took away does not come again.
    [later] = (root / "out").glob("tour_*.csv")
    assert later.name != given.name


@pytest.mark.parametrize(("given", "error"), [("pem", None), ("wrong password", "credentials_refused")])
async def test_a_server_is_opened_by_a_key_or_a_password(
    world: World, server: Server, given: str, error: str | None
) -> None:
    carrier = (await world.coordinator.made("/v1/carriers", {"code": "c", "name": "C", "country_code": "VN"}))["id"]
    async with listening(server):
        opened_by: dict[str, Any] = {"private_key": server.pem} if given == "pem" else {"secret": "another"}
        gateway = await over_sftp(world.coordinator, server, carrier, **opened_by)
        tested = await world.coordinator.made(f"/v1/gateways/{gateway}/test", None)
        assert (tested["ok"], tested["error"]) == (error is None, error)


async def test_files_are_for_the_coordinator_and_addresses_are_public_ones(world: World, server: Server) -> None:
    carrier = (await world.coordinator.made("/v1/carriers", {"code": "c", "name": "C", "country_code": "VN"}))["id"]
    refused = await world.an.post("/v1/gateways", {"code": "x", "kind": "folder", "carrier_id": carrier})
    assert [fault["code"] for fault in refused.json()["errors"]] == ["not_for_members"]
    body = {"code": "x", "kind": "sftp", "carrier_id": carrier, "credentials": {"key": USER, "secret": PASSWORD}}
    body |= {"settings": {"host_key": server.host_key}}
    for url in ("http://files.example.com", "sftp://files.example.com/out", "sftp://:22"):
        answer = await world.coordinator.post("/v1/gateways", body | {"base_url": url})
        assert [fault["code"] for fault in answer.json()["errors"]] == ["url_refused"], url
