"""Booking shipments through the API."""

import asyncio
import uuid

import pytest

from tests.cluster.api import World

pytestmark = pytest.mark.anyio


async def test_a_booked_shipment_is_pooled_and_carries_its_totals(world: World) -> None:
    units = [
        {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400, "units": 2},
        {"weight_g": 300_000, "length_mm": 1200, "width_mm": 800, "height_mm": 1000, "kind": "pallet"},
    ]
    booked = await world.an.made("/v1/shipments", world.delivery(handling_units=units))
    assert booked["status"] == "pooled"
    # 2 boxes of 12 kg and a pallet of 300 kg; 2 x 96,000 cm3 + 960,000 cm3
    assert (booked["weight_g"], booked["volume_cm3"], booked["pallet_places"]) == (324_000, 1_152_000, 1)


async def test_handling_units_come_back_with_how_they_stand(world: World) -> None:
    edges = {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 300}
    rules = {"rotations": "any_way", "on_top": "fragile", "bearing_max_g": 0}
    booked = await world.an.made("/v1/shipments", world.delivery(handling_units=[edges, edges | rules]))
    [plain, told] = (await world.an.get(f"/v1/shipments/{booked['id']}")).json()["handling_units"]
    assert (plain["rotations"], plain["on_top"], plain["bearing_max_g"]) == ("upright", "anything", None)
    assert told | rules == told


@pytest.mark.parametrize(
    ("rule", "code"),
    [({"rotations": "lwh"}, "out_of_range"), ({"on_top": None}, "wrong_type"), ({"bearing_max_g": -1}, "out_of_range")],
)
async def test_units_that_cannot_stand_so_are_refused(world: World, rule: dict[str, object], code: str) -> None:
    unit = {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 300} | rule
    answer = await world.an.post("/v1/shipments", world.delivery(handling_units=[unit]))
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, f"/handling_units/0/{next(iter(rule))}", code)


async def test_a_booking_without_a_window_goes_to_the_earliest_open_one(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery(pool_window_id=None))
    assert booked["pool_window_id"] == world.window_id


async def test_a_repeated_booking_gets_the_same_bytes_and_has_one_effect(world: World) -> None:
    body, key = world.delivery(), str(uuid.uuid4())
    first = await world.an.post("/v1/shipments", body, Idempotency_Key=key)
    second = await world.an.post("/v1/shipments", body, Idempotency_Key=key)
    assert first.content == second.content
    assert (first.headers["Idempotent-Replayed"], second.headers["Idempotent-Replayed"]) == ("false", "true")
    assert len((await world.an.get("/v1/shipments")).json()["data"]) == 1


async def test_fifty_concurrent_twins_make_one_shipment(world: World) -> None:
    body, key = world.delivery(), str(uuid.uuid4())
    answers = await asyncio.gather(*(world.an.post("/v1/shipments", body, Idempotency_Key=key) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len((await world.an.get("/v1/shipments")).json()["data"]) == 1


async def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    key = str(uuid.uuid4())
    await world.an.post("/v1/shipments", world.delivery(), Idempotency_Key=key)
    answer = await world.an.post("/v1/shipments", world.delivery(), Idempotency_Key=key)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "idempotency_key_reused"


async def test_a_rival_may_use_the_same_idempotency_key_and_reference(world: World) -> None:
    body, key = world.delivery(), str(uuid.uuid4())
    first = await world.an.post("/v1/shipments", body, Idempotency_Key=key)
    second = await world.binh.post("/v1/shipments", body, Idempotency_Key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_a_reference_used_before_is_a_conflict(world: World) -> None:
    body = world.delivery()
    await world.an.made("/v1/shipments", body)
    answer = await world.an.post("/v1/shipments", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "client_ref_taken")


async def test_after_the_cut_off_a_window_takes_no_bookings(world: World) -> None:
    past = {"service_date": "2020-01-02", "opens_at": "2019-12-30T00:00:00Z", "cut_off_at": "2020-01-01T00:00:00Z"}
    window = await world.coordinator.made("/v1/pool-windows", past)
    answer = await world.an.post("/v1/shipments", world.delivery(pool_window_id=window["id"]))
    assert (answer.status_code, answer.json()["code"]) == (409, "cut_off_passed")


async def test_a_hundred_shipments_are_booked_at_once_in_the_order_given(world: World) -> None:
    bodies = [world.delivery(client_ref=f"R{number}") for number in range(100)]
    made = await world.an.made("/v1/shipments/bulk", {"shipments": bodies})
    listed = (await world.an.get("/v1/shipments?limit=200")).json()["data"]
    by_id = {shipment["id"]: shipment["client_ref"] for shipment in listed}
    assert [by_id[shipment_id] for shipment_id in made["shipments"]] == [f"R{number}" for number in range(100)]


async def test_pages_of_shipments_follow_each_other_without_gap_or_repetition(world: World) -> None:
    bodies = [world.delivery(client_ref=f"R{number}") for number in range(25)]
    await world.an.made("/v1/shipments/bulk", {"shipments": bodies})
    seen, cursor = [], ""
    while cursor is not None:
        page = (await world.an.get(f"/v1/shipments?limit=10{cursor and '&cursor=' + cursor}")).json()
        seen += [shipment["client_ref"] for shipment in page["data"]]
        cursor = page["next_cursor"]
    assert seen == [f"R{number}" for number in range(25)]


async def test_a_cancelled_shipment_stays_cancelled_and_moves_the_windows_version(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    before = (await world.coordinator.get(f"/v1/pool-windows/{world.window_id}")).json()["version"]
    for _ in range(2):
        answer = await world.an.post(f"/v1/shipments/{booked['id']}/cancel", {})
        assert answer.json()["status"] == "cancelled"
    after = (await world.coordinator.get(f"/v1/pool-windows/{world.window_id}")).json()["version"]
    assert after == before + 1


async def test_a_rivals_shipment_is_not_found_and_cannot_be_cancelled(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    missing = await world.binh.get("/v1/shipments/shp_01jc0000000000000000000000")
    for answer in (
        await world.binh.get(f"/v1/shipments/{booked['id']}"),
        await world.binh.post(f"/v1/shipments/{booked['id']}/cancel", {}),
    ):
        assert answer.status_code == 404
        assert answer.json()["detail"] == missing.json()["detail"]
    assert (await world.an.get(f"/v1/shipments/{booked['id']}")).json()["status"] == "pooled"


async def test_a_rivals_site_cannot_be_booked_to(world: World) -> None:
    site = {"code": "S1", "name": "Secret shop", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    made = await world.an.made("/v1/sites", site | {"lat": 10.8, "lon": 106.6})
    answer = await world.binh.post("/v1/shipments", world.delivery(delivery={"site_id": made["id"]}))
    assert answer.status_code == 404
    own = await world.an.made("/v1/shipments", world.delivery(delivery={"site_id": made["id"]}))
    assert own["delivery"]["name"] == "Secret shop"


async def test_only_members_book(world: World) -> None:
    answer = await world.coordinator.post("/v1/shipments", world.delivery())
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
