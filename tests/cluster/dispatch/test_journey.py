"""From a published plan to what a consignee signed for."""

from datetime import UTC, datetime

import pytest

from tests.cluster.api import World
from tests.cluster.dispatch.road import Day, happened, on_the_road, visit

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


async def test_a_published_plan_becomes_tours_and_its_shipments_are_dispatched(day: Day) -> None:
    assert (day.tour["status"], day.tour["stops"], day.tour["visits"]) == ("dispatched", 2, 2)
    assert (day.tour["driver_name"], day.tour["vehicle"]) == ("Minh", "51D-123.45")
    assert [await day.status(entry) for entry in (day.an_shipment, day.binh_shipment)] == ["dispatched"] * 2
    again = await day.world.coordinator.post(f"/v1/plans/{day.plan_id}/dispatch", {})
    assert [tour["id"] for tour in again.json()["tours"]] == [day.tour["id"]]


async def test_a_plan_that_is_not_published_is_not_dispatched(day: Day) -> None:
    world = day.world
    other = {"service_date": "2090-01-03", "cut_off_at": "2090-01-01T00:00:00Z"}
    window = await world.coordinator.made("/v1/pool-windows", other)
    waiting = await world.coordinator.made(f"/v1/pool-windows/{window['id']}/plans", {"seconds": 1})
    answer = await world.coordinator.post(f"/v1/plans/{waiting['id']}/dispatch", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "plan_not_published")
    wrong = await world.coordinator.post(f"/v1/plans/{day.plan_id}/dispatch", {"crews": [{"route_no": 9}]})
    assert (wrong.status_code, wrong.json()["errors"][0]["code"]) == (422, "no_such_route")


async def test_a_draft_of_a_plan_on_the_road_can_be_looked_at_but_not_become_a_plan(day: Day) -> None:
    """No other plan may take the place of one that is being driven, so that it is refused before anybody waits for it."""
    coordinator = day.world.coordinator
    draft = (await coordinator.made(f"/v1/plans/{day.plan_id}/draft", {}))["id"]
    edit = {"kind": "unplan", "shipment_ids": [day.an_shipment]}
    assert (await coordinator.post(f"/v1/plans/{draft}/edits", edit, If_Match="*")).status_code == 200
    for path in ("finish", "reoptimise"):
        refused = await coordinator.post(f"/v1/plans/{draft}/{path}", {}, If_Match="*")
        assert (refused.status_code, refused.json()["code"]) == (409, "plan_dispatched")


async def test_a_planned_tour_leaves_its_shipments_alone_until_it_is_released(world: World) -> None:
    day = await on_the_road(world, release=False)
    assert (day.tour["status"], await day.status(day.an_shipment)) == ("planned", "planned")
    early = await day.send(happened("started"))
    assert (early["events"][0]["result"], early["events"][0]["code"]) == ("refused", "tour_not_dispatched")
    released = await world.coordinator.post(f"/v1/tours/{day.tour['id']}/release", None)
    assert released.json()["tour"]["status"] == "dispatched"
    assert await day.status(day.an_shipment) == "dispatched"


async def test_a_tour_is_driven_and_its_shipments_follow(day: Day) -> None:
    phone = await day.phone()
    first, second = (stop["visits"][0]["shipment_id"] for stop in phone["stops"])
    assert await day.results(happened("started", 60)) == ["applied"]
    assert await day.status(first) == "out_for_delivery"
    await day.send(happened("arrived", 50, stop_no=1), visit("done", first, 48), happened("left", 46, stop_no=1))
    assert await day.status(first) == "delivered"
    failed = visit("failed", second, 20, reason="consignee_absent", note="Nobody opened")
    assert await day.results(happened("arrived", 25, stop_no=2), failed) == ["applied", "applied"]
    assert await day.status(second) == "delivery_failed"
    ended = await day.send(happened("completed", 5))
    assert ended["status"] == "completed"
    assert await day.status(second) == "at_hub"  # what could not be delivered has come back
    tour = (await day.look())["tour"]
    assert (tour["visits_done"], tour["visits_failed"]) == (1, 1)


async def test_events_out_of_order_and_after_hours_without_reception_end_the_same(day: Day) -> None:
    """The delivery is heard of before the arrival, the start last of all; each counts by when it happened."""
    done = visit("done", day.an_shipment, 100)
    assert await day.results(done) == ["applied"]
    assert await day.status(day.an_shipment) == "delivered"
    later = [happened("arrived", 105, stop_no=1), happened("started", 120)]
    assert await day.results(*later) == ["applied", "applied"]
    assert await day.status(day.an_shipment) == "delivered"
    tour = await day.look()
    assert tour["tour"]["status"] == "under_way"
    assert tour["tour"]["started_at"][:16] == _utc(later[1]["at"])[:16]
    stop = next(stop for stop in tour["stops"] if stop["visits"][0]["shipment_id"] == day.an_shipment)
    assert stop["visits"][0]["outcome"] == "done"
    kept = (await day.world.coordinator.get(f"/v1/tours/{day.tour['id']}/events")).json()["data"]
    assert [entry["kind"] for entry in kept] == ["done", "started", "arrived"]
    assert all(entry["offline"] for entry in kept)


def _utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


async def test_twins_count_once_and_what_does_not_fit_is_refused_by_itself(day: Day) -> None:
    done = visit("done", day.an_shipment, 10)
    stranger = visit("done", "shp_01m3w8c5v2e0gq9r6t1x4zkb7n", 10)
    nowhere = happened("arrived", 10, stop_no=77)
    odd = visit("failed", day.binh_shipment, 10, reason="traffic")  # holds a tour up, and is no reason for a visit
    taken = await day.send(done, done, stranger, nowhere, odd)
    assert [entry["result"] for entry in taken["events"]] == ["applied", "duplicate", "refused", "refused", "refused"]
    assert [entry["code"] for entry in taken["events"][2:]] == ["not_on_tour", "not_on_tour", "reason_not_for_this"]
    assert await day.results(done) == ["duplicate"]
    kept = (await day.world.coordinator.get(f"/v1/tours/{day.tour['id']}/events")).json()["data"]
    assert len(kept) == 1


async def test_a_body_with_faults_stores_nothing_and_tells_all_of_them(day: Day) -> None:
    wrong = [happened("failed"), happened("arrived"), visit("done", day.an_shipment) | {"lat": 10.8}]
    answer = await day.world.client.post(f"/v1/driver/{day.token}/events", json={"events": wrong})
    assert answer.status_code == 422
    pointers = [fault["pointer"] for fault in answer.json()["errors"]]
    assert pointers == [*(f"/events/0/{name}" for name in ("shipment_id", "action", "reason")), "/events/1/stop_no",
                        "/events/2/lat"]  # fmt: skip
    assert await day.status(day.an_shipment) == "dispatched"


async def test_what_was_done_stays_done_until_it_is_corrected(day: Day) -> None:
    await day.send(visit("done", day.an_shipment, 20))
    assert await day.results(visit("failed", day.an_shipment, 10, reason="refused")) == ["late"]
    assert await day.status(day.an_shipment) == "delivered"
    body = {"shipment_id": day.an_shipment, "action": "delivery", "outcome": "failed", "reason_code": "refused"}
    path = f"/v1/tours/{day.tour['id']}/corrections"
    corrected = await day.world.coordinator.post(path, body | {"note": "The driver pressed the wrong button"})
    assert corrected.status_code == 200, corrected.text
    assert await day.status(day.an_shipment) == "return_to_sender"
    [stop] = [s for s in (await day.look())["stops"] if s["visits"][0]["shipment_id"] == day.an_shipment]
    assert (stop["visits"][0]["outcome"], stop["visits"][0]["reason"]) == ("failed", "refused")


async def test_a_visit_that_failed_may_succeed_later(day: Day) -> None:
    await day.send(visit("failed", day.an_shipment, 20, reason="closed"))
    assert await day.results(visit("done", day.an_shipment, 10)) == ["applied"]
    assert await day.status(day.an_shipment) == "delivered"


async def test_a_breakdown_holds_what_is_on_board_until_it_is_resolved(day: Day) -> None:
    await day.send(happened("started", 30), visit("done", day.an_shipment, 20))
    await day.send(happened("exception", 15, reason="vehicle_breakdown"))
    assert (await day.look())["tour"]["exception"] == "vehicle_breakdown"
    assert [await day.status(entry) for entry in (day.an_shipment, day.binh_shipment)] == ["delivered", "on_hold"]
    await day.send(happened("resolved", 5))
    assert (await day.look())["tour"]["exception"] is None
    assert await day.status(day.binh_shipment) == "out_for_delivery"


async def test_a_clock_that_is_wrong_is_put_right_and_nothing_happens_in_the_future(day: Day) -> None:
    """The phone is two hours fast: what it says happened in 115 minutes happened 5 minutes ago."""
    fast = visit("done", day.an_shipment, -115)
    sent_at = happened("position", -120)["at"]
    await day.send(fast, sent_at=sent_at)
    [event] = (await day.world.an.get(f"/v1/shipments/{day.an_shipment}/tracking-events")).json()["data"]
    assert event["told_at"] > event["received_at"] > event["at"]
    await day.send(visit("done", day.binh_shipment, -600))
    [event] = (await day.world.binh.get(f"/v1/shipments/{day.binh_shipment}/tracking-events")).json()["data"]
    assert event["at"] <= event["received_at"]


async def test_a_tour_that_has_not_left_is_called_off_and_its_goods_wait(day: Day) -> None:
    path = f"/v1/tours/{day.tour['id']}/cancel"
    answer = await day.world.coordinator.post(path, {"reason": "The driver is ill"})
    assert answer.json()["tour"]["status"] == "cancelled"
    assert await day.status(day.an_shipment) == "on_hold"
    assert (await day.world.coordinator.post(path, {"reason": "Again"})).status_code == 200


async def test_a_tour_that_has_left_is_not_called_off(day: Day) -> None:
    await day.send(happened("started", 30))
    answer = await day.world.coordinator.post(f"/v1/tours/{day.tour['id']}/cancel", {"reason": "No"})
    assert (answer.status_code, answer.json()["code"]) == (409, "tour_left")


async def test_a_driver_is_changed_by_whoever_saw_the_latest_version(day: Day) -> None:
    path = f"/v1/tours/{day.tour['id']}"
    tag = (await day.world.coordinator.get(path)).headers["ETag"]
    changed = await day.world.coordinator.send("PATCH", path, {"driver_name": None}, If_Match=tag)
    assert changed.json()["tour"]["driver_name"] is None
    again = await day.world.coordinator.send("PATCH", path, {"driver_name": "Lan"}, If_Match=tag)
    assert (again.status_code, again.json()["code"]) == (412, "outdated")
