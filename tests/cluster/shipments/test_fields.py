"""Everything that a shipment says of itself is kept, and shown to whom it concerns."""

from typing import Any

import pytest

from tests.cluster.api import World
from tests.cluster.shipments.by_hand import moved

pytestmark = pytest.mark.anyio
CONTACT = {"contact_name": "Mrs Hoa", "phone": "+84 28 1234 567", "email": "hoa@example.com"}


def everything(world: World) -> dict[str, Any]:
    """A booking that leaves nothing out."""
    place = {
        "name": "Corner shop",
        "address_line1": "12 River Street",
        "address_line2": "2nd floor",
        "locality": "Ward 3",
        "province_code": "79",
        "ward_code": "26734",
        "postal_code": "70000",
        "country_code": "VN",
        "lat": 10.81,
        "lon": 106.65,
        "service_s": 120,
        "instructions": "Ring twice.\nThe dog is friendly.",
    }
    hours = [
        {"start": world.at("14:00"), "end": world.at("16:00")},
        {"start": world.at("08:00"), "end": world.at("09:30")},
    ]
    unit = {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400, "hs_code": "610910"}
    hazard = {"un_number": "1266", "hazard_class": "3", "packing_group": "III", "labels": ["6.1"]}
    return world.delivery(
        delivery=place | CONTACT | {"windows": hours},
        handling_units=[unit, unit | {"dangerous_goods": hazard}],
        hub_site_id=world.hub_id,
        service_level="express",
        temperature_class="chilled",
        pooling="pool",
        outside_minor=90_000,
        skills=["lift"],
        declared_minor=2_500_000,
        cod_minor=1_250_000,
        inspection="look",
        incoterm="DAP",
        po_numbers=["PO 7, second part", "PO-8"],
        metadata={"colour": "red", "note": ""},
    )


async def test_what_was_booked_is_answered_and_read_back_alike(world: World) -> None:
    booking = everything(world)
    answer = await world.an.post("/v1/shipments", booking)
    read = await world.an.get(f"/v1/shipments/{answer.json()['id']}")
    assert answer.status_code == 201, answer.text
    assert answer.json() == read.json()
    assert answer.headers["etag"] == read.headers["etag"] == '"1"'
    told = read.json()
    same = booking.keys() - {"delivery", "handling_units"}
    assert {name: told[name] for name in same} == {name: booking[name] for name in same}
    given, shown = booking["delivery"], told["delivery"]
    assert {name: shown[name] for name in given.keys() - {"windows"}} == {
        name: given[name] for name in given.keys() - {"windows"}
    }
    # in the order of their beginning: 8:00 to 9:30 and 14:00 to 16:00 in Vietnam, seven hours before UTC
    day = world.day.isoformat()
    assert [entry["start"] for entry in shown["windows"]] == [f"{day}T01:00:00Z", f"{day}T07:00:00Z"]
    assert (shown["window_start"], shown["window_end"]) == (f"{day}T01:00:00Z", f"{day}T09:00:00Z")


async def test_a_plain_booking_is_answered_as_it_is_read_too(world: World) -> None:
    answer = await world.an.post("/v1/shipments", world.delivery())
    read = await world.an.get(f"/v1/shipments/{answer.json()['id']}")
    assert answer.content == read.content
    assert (answer.json()["pooling"], answer.json()["service_level"]) == ("pool", "standard")


async def test_bulk_keeps_what_each_says(world: World) -> None:
    bookings = [everything(world) | {"client_ref": f"R{number}"} for number in range(3)]
    bookings[1]["po_numbers"] = []
    made = await world.an.made("/v1/shipments/bulk", {"shipments": bookings})
    told = [(await world.an.get(f"/v1/shipments/{entry}")).json() for entry in made["shipments"]]
    assert [entry["po_numbers"] for entry in told] == [["PO 7, second part", "PO-8"], [], ["PO 7, second part", "PO-8"]]
    assert all(entry["delivery"]["phone"] == CONTACT["phone"] for entry in told)


async def test_the_coordinator_reads_a_contact_once_the_shipment_is_on_a_route(world: World) -> None:
    booked = await world.an.made("/v1/shipments", everything(world))
    path = f"/v1/shipments/{booked['id']}"
    before = (await world.coordinator.get(path)).json()["delivery"]
    assert (before["name"], before["contact_name"], before["phone"], before["email"]) == (
        "Corner shop",
        None,
        None,
        None,
    )
    await moved(world, "planned", booked["id"])
    after = (await world.coordinator.get(path)).json()["delivery"]
    assert {name: after[name] for name in CONTACT} == CONTACT
    listed = (await world.coordinator.get("/v1/shipments")).json()["data"]
    assert listed[0]["delivery"]["phone"] == CONTACT["phone"]
    assert (await world.binh.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"metadata": {str(number): "x" for number in range(51)}}, "/metadata", "out_of_range"),
        ({"pooling": "either"}, "/pooling", "outside_missing"),
        ({"pooling": "sometimes"}, "/pooling", "out_of_range"),
        ({"cod_minor": 0}, "/cod_minor", "out_of_range"),
        ({"incoterm": "ABC"}, "/incoterm", "out_of_range"),
        ({"outside_minor": 5, "outside_tariff": "GHN"}, "/outside_tariff", "two_outside_options"),
        ({"outside_tariff": "GHN"}, "/outside_tariff", "no_tariff"),
        ({"po_numbers": ["a\nb"]}, "/po_numbers/0", "out_of_range"),
    ],
)
async def test_what_cannot_be_is_told_where_it_stands(world: World, changes: Any, pointer: str, code: str) -> None:
    answer = await world.an.post("/v1/shipments", world.delivery(**changes))
    [fault] = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, pointer, code)


async def test_windows_are_of_one_kind_in_order_and_within_the_day(world: World) -> None:
    booking = world.delivery()
    booking["delivery"]["windows"] = [{"start": world.at("10:00"), "end": world.at("09:00")}]
    faults = (await world.an.post("/v1/shipments", booking)).json()["errors"]
    assert [(entry["pointer"], entry["code"]) for entry in faults] == [
        ("/delivery/windows", "two_kinds_of_window"),
        ("/delivery/windows/0/end", "window_reversed"),
    ]
    del booking["delivery"]["window_start"], booking["delivery"]["window_end"]
    booking["delivery"]["windows"] = [
        {"start": world.at("08:00"), "end": world.at("09:00")},
        {"start": "2020-01-01T00:00:00Z", "end": "2020-01-01T01:00:00Z"},
    ]
    faults = (await world.an.post("/v1/shipments", booking)).json()["errors"]
    # sorted by their beginning, the one of another year comes first
    assert [entry["code"] for entry in faults] == ["outside_service_day"]


async def test_a_place_is_named_one_way(world: World) -> None:
    site = {"code": "S1", "name": "Shop", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    made = await world.an.made("/v1/sites", site | {"lat": 10.8, "lon": 106.6})
    both = world.delivery(delivery={"site_id": made["id"], "ward_code": "26734"})
    [fault] = (await world.an.post("/v1/shipments", both)).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/delivery/site_id", "two_places")
    alone = world.delivery(delivery={"site_id": made["id"]} | CONTACT)
    assert (await world.an.made("/v1/shipments", alone))["delivery"]["contact_name"] == "Mrs Hoa"
