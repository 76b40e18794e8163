"""Drivers with old links and wrong clocks, curious consignees, hostile files, and coordinators in each other's way."""

import asyncio
import logging
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.dispatch.proofs import erase_proofs
from cluster.members.erasure import Order
from cluster.members.leaving_models import ErasureSubject
from cluster.shipments.persons import erase_consignees
from tests.cluster.attacks.test_canaries import places_of
from tests.cluster.dispatch.road import Day, happened, visit
from tests.cluster.members.test_leaving import owner

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
FAR = ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")


@pytest.fixture
async def waiting(day: Day) -> Day:
    """The same day, its tour called off and made anew: nobody drives it yet."""
    world = day.world
    assert (await world.coordinator.post(f"/v1/tours/{day.tour['id']}/cancel", {"reason": "again"})).is_success
    answer = await world.coordinator.post(f"/v1/plans/{day.plan_id}/dispatch", {"release": False})
    day.tour = next(tour for tour in answer.json()["tours"] if tour["status"] == "planned")
    day.token = (await world.coordinator.made(f"/v1/tours/{day.tour['id']}/driver-link", {}))["token"]
    return day


@pytest.mark.parametrize("moment", FAR)
async def test_a_moment_of_no_century_is_a_fault_wherever_it_is_told(day: Day, moment: str) -> None:
    client, coordinator = day.world.client, day.world.coordinator
    arrived, reported = happened("arrived", stop_no=1), f"/v1/driver/{day.token}/events"
    corrected = {"shipment_id": day.an_shipment, "action": "delivery", "outcome": "done", "note": "n", "at": moment}
    answers = [
        await client.post(reported, json={"events": [arrived], "sent_at": moment}),
        await client.post(reported, json={"events": [arrived | {"at": moment}]}),
        await coordinator.post(f"/v1/tours/{day.tour['id']}/corrections", corrected),
        await day.prove(PNG, taken_at=moment),
    ]
    assert [answer.status_code for answer in answers] == [422] * 4, [answer.text for answer in answers]
    assert (await day.look())["tour"]["status"] == "dispatched"


async def test_the_worst_clock_that_is_believed_leaves_every_list_readable(day: Day) -> None:
    events = [happened("arrived", stop_no=1) | {"at": "2000-01-01T00:00:00Z"}]
    events += [visit("done", day.an_shipment) | {"at": "2100-12-31T00:00:00Z"}]
    assert await day.results(*events, sent_at="2100-12-31T00:00:00Z") == ["applied", "applied"]
    for path in (f"/v1/tours/{day.tour['id']}", "/v1/tours", f"/v1/tours/{day.tour['id']}/events", "/v1/kpis"):
        assert (await day.world.coordinator.get(path)).status_code == 200, path
    kept = (await day.world.an.get(f"/v1/shipments/{day.an_shipment}/tracking-events")).json()["data"]
    moments = [datetime.fromisoformat(event["at"]) for event in kept]
    assert all(datetime.now(UTC) - timedelta(days=367) < at <= datetime.now(UTC) for at in moments)


async def test_what_a_driver_writes_about_the_tour_is_not_told_to_the_firms_on_it(day: Day) -> None:
    held = happened("exception", 5, reason="vehicle_breakdown", note="Binh's clerk at Lake Street ran into us")
    await day.send(happened("started", 30), held)
    for path in ("", "/events", "/tracking-events"):
        answer = await day.world.an.get(f"/v1/shipments/{day.an_shipment}{path}")
        assert answer.status_code == 200
        assert "Lake Street" not in answer.text
    assert await day.status(day.an_shipment) == "on_hold"
    assert "Lake Street" in (await day.world.coordinator.get(f"/v1/tours/{day.tour['id']}/events")).text


async def test_events_replayed_in_any_order_end_the_same(day: Day) -> None:
    told = [happened("started", 60), happened("arrived", 50, stop_no=1), visit("done", day.an_shipment, 45)]
    told += [visit("failed", day.binh_shipment, 30, reason="consignee_absent"), happened("completed", 10)]
    for seed in range(3):
        drawn = random.Random(seed).sample(told, len(told))
        await day.send(*drawn)
        assert (await day.status(day.an_shipment), await day.status(day.binh_shipment)) == ("delivered", "at_hub")
    assert await day.results(*told) == ["duplicate"] * 5
    assert await day.results(visit("failed", day.an_shipment, 1, reason="consignee_absent")) == ["late"]


async def test_a_drivers_link_reaches_no_shipment_that_is_not_on_the_tour(day: Day) -> None:
    other = (await day.world.binh.made("/v1/shipments", day.world.delivery()))["id"]
    unknown = ids.show("shp", ids.new())
    for named in (other, unknown, "shp_x", day.tour["id"]):
        answer = await day.send(visit("done", named))
        assert [(entry["result"], entry["code"]) for entry in answer["events"]] == [("refused", "not_on_tour")]
        assert (await day.prove(PNG, shipment_id=named)).status_code == 404
    assert await day.status(other) == "pooled"


async def test_nothing_is_proven_on_a_tour_that_nobody_drives(waiting: Day) -> None:
    early = await waiting.prove(PNG)
    assert (early.status_code, early.json()["code"]) == (409, "tour_not_dispatched")
    path = f"/v1/tours/{waiting.tour['id']}/cancel"
    assert (await waiting.world.coordinator.post(path, {"reason": "no driver"})).is_success
    late = await waiting.prove(PNG)
    assert (late.status_code, late.json()["code"]) == (409, "tour_over")


async def test_a_visit_takes_twenty_proofs_and_the_same_one_again(day: Day) -> None:
    answers = [await day.prove(PNG, event_key=f"k{number}") for number in range(21)]
    assert Counter(answer.status_code for answer in answers) == {201: 20, 409: 1}
    assert (await day.prove(PNG, event_key="k0")).json() == answers[0].json()
    twins = await asyncio.gather(*(day.prove(PNG, event_key="t", shipment_id=day.binh_shipment) for _ in range(4)))
    assert len({answer.json()["id"] for answer in twins}) == 1


async def test_a_picture_that_is_a_page_too_is_sent_as_a_picture_alone(day: Day) -> None:
    page = b"<html><script>alert(1)</script>"
    bomb = b"IHDR" + (2**31 - 1).to_bytes(4, "big") * 2  # a PNG that says it is two thousand million dots wide
    for raw in (PNG + page, PNG[:8] + bomb + bytes(20), b"\xff\xd8\xff\xe0" + page, b"RIFF\x10\x00\x00\x00WEBP" + page):
        proof = (await day.prove(raw, "text/html")).json()
        answer = await day.world.an.get(f"/v1/proofs/{proof['id']}/content")
        assert (answer.content, answer.headers["content-type"].split("/")[0]) == (raw, "image")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
    for path in (b"M0 0\nL1 1</path>", b"M0 0&#60;", b'M0 0" onload="x', b"M0 0L1 1e9999]]>", b"A" * 300_000):
        assert (await day.prove(path, "text/plain", kind="signature")).status_code == 422


async def test_a_driver_whose_tour_is_over_has_nobodys_telephone(day: Day) -> None:
    assert "Chi Lan" in str(await day.phone())
    await day.send(happened("started", 60), visit("done", day.an_shipment, 20), happened("completed", 10))
    after = str(await day.phone())
    assert "Chi Lan" not in after
    assert "+84 90" not in after


async def test_a_consignee_hears_nothing_of_pools(day: Day) -> None:
    booked = await day.world.an.made("/v1/shipments", day.world.delivery())
    token = (await day.world.an.made(f"/v1/shipments/{booked['id']}/tracking-link", {}))["token"]
    tracked = await day.world.client.get(f"/v1/track/{token}")
    assert tracked.json()["status"] == "booked"
    assert "pool" not in tracked.text


async def test_of_edits_of_one_tour_at_once_one_wins(day: Day) -> None:
    path = f"/v1/tours/{day.tour['id']}"
    tag = (await day.world.coordinator.get(path)).headers["ETag"]
    edits = (day.world.coordinator.send("PATCH", path, {"driver_name": f"D{n}"}, If_Match=tag) for n in range(4))
    found = Counter(answer.status_code for answer in await asyncio.gather(*edits))
    assert found == {200: 1, 412: 3}


async def test_a_tour_released_and_called_off_at_once_leaves_no_shipment_on_it(waiting: Day) -> None:
    path = f"/v1/tours/{waiting.tour['id']}"
    coordinator = waiting.world.coordinator
    answers = await asyncio.gather(
        coordinator.post(f"{path}/release", None), coordinator.post(f"{path}/cancel", {"reason": "no driver"})
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert (await waiting.look())["tour"]["status"] == "cancelled"
    assert await waiting.status(waiting.an_shipment) != "dispatched"


async def test_an_event_and_a_correction_at_once_are_both_kept(day: Day) -> None:
    await day.send(happened("started", 60))
    wrong = visit("failed", day.an_shipment, 5, reason="consignee_absent")
    right = {"shipment_id": day.an_shipment, "action": "delivery", "outcome": "done", "note": "it was there"}
    corrected, _ = await asyncio.gather(
        day.world.coordinator.post(f"/v1/tours/{day.tour['id']}/corrections", right), day.send(wrong)
    )
    assert corrected.status_code == 200, corrected.text
    kept = (await day.world.coordinator.get(f"/v1/tours/{day.tour['id']}/events")).json()["data"]
    assert {event["kind"] for event in kept} == {"started", "failed", "done"}
    assert await day.status(day.an_shipment) == "delivered"


async def test_tokens_are_in_no_log_and_no_row(
    day: Day, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.DEBUG)
    link = await day.world.an.made(f"/v1/shipments/{day.an_shipment}/tracking-link", {})

    async def broken(*_: Any) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr("cluster.dispatch.driving.tour_of", broken)
    monkeypatch.setattr("cluster.dispatch.tracking.track", broken)
    for path in (f"/v1/driver/{day.token}/tour", f"/v1/track/{link['token']}"):
        answer = await day.world.client.get(path)
        assert answer.status_code == 500
        assert day.token not in answer.text
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("http")]
    assert [line for line in ours if "failed" in line] == ["GET /v1/driver/.../tour failed", "GET /v1/track/... failed"]
    assert not [line for line in ours if day.token in line or link["token"] in line]
    assert await places_of(day.world, day.token, link["token"]) == set()


async def test_an_erasure_reaches_what_drivers_wrote_and_closes_the_consignees_page(day: Day) -> None:
    world, note = day.world, "Mrs Canary has a broken arm"
    link = await world.an.made(f"/v1/shipments/{day.an_shipment}/tracking-link", {})
    told = visit("failed", day.an_shipment, 5, reason="refused", note=note, lat=10.8123, lon=106.6543)
    await day.send(happened("started", 60), told, happened("completed", 2))
    right = {"shipment_id": day.an_shipment, "action": "delivery", "outcome": "done", "note": f"{note} after all"}
    await world.coordinator.made(f"/v1/tours/{day.tour['id']}/corrections", right)
    assert (await day.prove(PNG, signer_name=note)).status_code == 201
    assert {"tracking_events.note", "shipment_events.reason", "proofs.signer_name"} <= await places_of(world, note)
    cluster = (await world.coordinator.get("/v1/cluster")).json()["id"]
    order = Order(
        cluster_id=ids.parse("clu", cluster),
        member_id=ids.parse("mem", world.an_id),
        subject=ErasureSubject.CONSIGNEES,
        subject_id=None,
        until=world.day,
        written_until=world.day + timedelta(days=1),
        salt=b"s",
    )
    async with Pool.open(world.database.url, 2) as pool:
        await erase_consignees(pool, order)
        await erase_proofs(pool, order)
    assert await places_of(world, note, "106.6543") == set()
    assert (await world.client.get(f"/v1/track/{link['token']}")).status_code == 404


@pytest.mark.parametrize(
    "name", ['#read("/etc/passwd")', '#import "x"', "^XA^FX~JR^XZ", '"); x.zpl', "#{panic()} $ x $"]
)
async def test_a_name_is_no_command_on_any_paper(day: Day, name: str) -> None:
    world = day.world
    await world.coordinator.send("PUT", "/v1/sscc-prefix", {"prefix": "8934567"})
    booking = world.delivery()
    booking["delivery"] |= {"name": name, "address_line1": name, "contact_name": name, "instructions": name}
    path = f"/v1/shipments/{(await world.an.made('/v1/shipments', booking))['id']}/labels"
    printed = await world.an.post(f"{path}?format=zpl", None)
    assert [printed.text.count(command) for command in ("^XA", "^XZ", "~", "^FX")] == [1, 1, 0, 0]
    assert name not in printed.headers["content-disposition"]
    page = await world.an.post(path, None)
    assert (page.status_code, page.content[:5]) == (200, b"%PDF-")
    assert b"root:" not in page.content


async def test_a_tour_of_a_plan_that_gave_way_is_not_released(waiting: Day) -> None:
    async with owner(waiting.world) as connection:
        await connection.execute("UPDATE plans SET status = 'superseded' WHERE status = 'published'")
    refused = await waiting.world.coordinator.post(f"/v1/tours/{waiting.tour['id']}/release", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_not_published")
