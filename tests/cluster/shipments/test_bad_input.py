"""Bad input gets every fault at once with code, place, cause and cure; nothing is stored."""

import copy
import json
from typing import Any

import pytest

from tests.cluster.api import World

pytestmark = pytest.mark.anyio


def with_unit(world: World, **changes: Any) -> dict[str, Any]:
    """A delivery whose handling unit has something wrong."""
    booking = world.delivery()
    booking["handling_units"][0] |= changes
    return booking


def with_party(world: World, **changes: Any) -> dict[str, Any]:
    """A delivery whose consignee has something wrong."""
    booking = world.delivery()
    booking["delivery"] |= changes
    return booking


async def refused(world: World, body: Any, status: int = 422) -> list[dict[str, Any]]:
    """The faults of a body that must be refused, leaving nothing behind."""
    answer = await world.an.post("/v1/shipments", body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert (await world.an.get("/v1/shipments")).json()["data"] == []
    return answer.json().get("errors", [])


async def test_a_negative_weight_is_named_with_its_place_and_cure(world: World) -> None:
    [fault] = await refused(world, with_unit(world, weight_g=-5))
    assert (fault["pointer"], fault["code"]) == ("/handling_units/0/weight_g", "out_of_range")
    assert "-5" in fault["cause"]
    assert fault["cure"]


async def test_a_window_that_closes_before_it_opens_is_a_fault(world: World) -> None:
    body = with_party(world, window_start=world.at("15:00"), window_end=world.at("09:00"))
    [fault] = await refused(world, body)
    assert (fault["pointer"], fault["code"]) == ("/delivery/window_end", "window_reversed")


async def test_a_window_on_another_day_is_a_fault(world: World) -> None:
    body = with_party(world, window_start="2031-01-01T08:00:00Z", window_end="2031-01-01T09:00:00Z")
    [fault] = await refused(world, body)
    assert fault["code"] == "outside_service_day"


@pytest.mark.parametrize(("field", "value"), [("lat", 91), ("lat", -90.5), ("lon", 180.1), ("lon", "east")])
async def test_coordinates_out_of_range_are_faults(world: World, field: str, value: Any) -> None:
    [fault] = await refused(world, with_party(world, **{field: value}))
    assert fault["pointer"] == f"/delivery/{field}"


async def test_all_faults_of_a_body_are_told_at_once(world: World) -> None:
    body = with_unit(world, weight_g=-1, length_mm=0, colour="red")
    body["delivery"] |= {"lat": 100.0, "window_start": world.at("12:00"), "window_end": world.at("11:00")}
    body["outside_minor"] = -3
    del body["client_ref"]
    pointers = {fault["pointer"] for fault in await refused(world, body)}
    assert pointers == {
        "/client_ref",
        "/delivery/lat",
        "/handling_units/0/colour",
        "/handling_units/0/length_mm",
        "/handling_units/0/weight_g",
        "/outside_minor",
    }


async def test_two_hundred_bad_shipments_give_two_hundred_faults_and_nothing_is_half_written(world: World) -> None:
    bodies = [with_unit(world, weight_g=-1) for _ in range(200)] + [world.delivery() for _ in range(50)]
    answer = await world.an.post("/v1/shipments/bulk", {"shipments": bodies})
    assert answer.status_code == 422
    faults = answer.json()["errors"]
    assert [fault["pointer"] for fault in faults] == [f"/shipments/{n}/handling_units/0/weight_g" for n in range(200)]
    assert (await world.an.get("/v1/shipments")).json()["data"] == []


async def test_a_reference_given_twice_in_one_request_is_a_fault(world: World) -> None:
    body = world.delivery()
    answer = await world.an.post("/v1/shipments/bulk", {"shipments": [body, copy.deepcopy(body)]})
    [fault] = answer.json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/shipments/1/client_ref", "client_ref_taken")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{", id="cut off"),
        pytest.param(b'{"outside_minor": NaN}', id="NaN"),
        pytest.param(b'{"outside_minor": 1e999}', id="infinite"),
        pytest.param(b"\xff\xfe{}", id="not UTF-8"),
        pytest.param(b"[" * 5000 + b"]" * 5000, id="nested"),
        pytest.param(b'"\\ud800"', id="half a surrogate"),
        pytest.param(b'{"a":' * 3000 + b"1" + b"}" * 3000, id="nested objects"),
    ],
)
async def test_what_cannot_be_read_is_refused_without_a_crash(world: World, raw: bytes) -> None:
    answer = await world.an.post("/v1/shipments", raw)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("client_ref", "nul \x00 inside"),
        ("client_ref", "x" * 101),
        ("outside_minor", 2**63),
        ("outside_minor", 10**400),
        ("outside_minor", 1.5),
        ("service", "teleport"),
        ("pool_window_id", "win_'; DROP TABLE shipments; --"),
        ("handling_units", []),
        ("skills", ["a,b"]),
    ],
)
async def test_hostile_values_are_faults_at_their_field(world: World, field: str, value: Any) -> None:
    faults = await refused(world, json.dumps(world.delivery(**{field: value})).encode())
    assert {fault["pointer"].split("/")[1] for fault in faults} == {field}


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T00:00:00"])
async def test_dates_at_the_ends_of_time_are_faults(world: World, instant: str) -> None:
    answer = await world.an.post("/v1/shipments", with_party(world, window_start=instant, window_end=world.at("09:00")))
    assert answer.status_code in (400, 422), answer.text


async def test_a_delivery_with_a_pickup_is_told_that_its_start_is_the_hub(world: World) -> None:
    body = world.delivery()
    body["pickup"] = copy.deepcopy(body["delivery"])
    [fault] = await refused(world, body)
    assert (fault["pointer"], fault["code"]) == ("/pickup", "not_for_service")


async def test_a_booking_needs_an_idempotency_key(world: World) -> None:
    answer = await world.an.post("/v1/shipments", world.delivery(), Idempotency_Key="")
    assert answer.status_code == 422


async def test_a_body_too_large_is_refused_before_it_is_read(world: World) -> None:
    answer = await world.an.post("/v1/shipments", b'{"x": "' + b"a" * 300_000 + b'"}')
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_window_of_another_cluster_is_not_found(world: World) -> None:
    other = await world.operator.made(
        "/v1/clusters", {"name": "Other", "country_code": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
    )
    answer = await world.client.post(
        "/v1/pool-windows",
        json={"service_date": "2099-01-02", "cut_off_at": "2099-01-01T00:00:00Z"},
        headers={"Authorization": f"Bearer {other['coordinator_key']['api_key']}", "Idempotency-Key": "k"},
    )
    body = world.delivery(pool_window_id=answer.json()["id"])
    assert (await world.an.post("/v1/shipments", body)).status_code == 404
