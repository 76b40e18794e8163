"""A carrier's tours through its own part of the API: its own alone, and what a driver sees of them."""

from typing import Any

import pytest

from tests.cluster.dispatch.carried import Carried, award, carried, carrier_of
from tests.cluster.dispatch.road import Day, happened, visit

pytestmark = pytest.mark.anyio
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20


@pytest.fixture
async def driven(day: Day) -> Carried:
    """Two deliveries on one tour of a carrier."""
    return await carried(day)


def without_request_id(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "request_id"}


async def test_a_carrier_sees_its_own_tours_and_no_other(driven: Carried) -> None:
    [own] = (await driven.swift.get("/v1/carrier/tours")).json()["data"]
    assert (own["id"], own["status"], own["visits"], own["driver_name"]) == (driven.tour, "dispatched", 2, "Minh")
    assert (await driven.other.get("/v1/carrier/tours")).json()["data"] == []
    listed = (await driven.day.world.coordinator.get(f"/v1/tours?carrier_id={driven.carrier_id}")).json()["data"]
    assert [(tour["id"], tour["carrier_id"]) for tour in listed] == [(driven.tour, driven.carrier_id)]


async def test_another_carriers_tour_is_as_unknown_as_none(driven: Carried) -> None:
    unknown = "tor_" + "0" * 26
    event = {"events": [happened("started")]}
    asked = (
        *(
            ("GET", f"/v1/carrier/tours/{{}}{rest}", None)
            for rest in ("", "/documents/manifest", "/documents/waybills", "/documents/loading-plan")
        ),
        ("POST", "/v1/carrier/tours/{}/documents/labels", None),
        ("POST", "/v1/carrier/tours/{}/events", event),
    )
    for method, path, body in asked:
        theirs = await driven.other.send(method, path.format(driven.tour), body)
        missing = await driven.other.send(method, path.format(unknown), body)
        assert (theirs.status_code, missing.status_code) == (404, 404), path
        assert without_request_id(theirs.json()) == without_request_id(missing.json())
    assert (await driven.day.look())["tour"]["status"] == "dispatched"


async def test_a_tour_that_is_only_planned_is_not_there_yet(driven: Carried) -> None:
    world = driven.day.world
    await carrier_of(world, "third")
    cancelled = await world.coordinator.post(f"/v1/tours/{driven.tour}/cancel", {"reason": "Another van"})
    assert cancelled.is_success
    [seen] = (await driven.swift.get("/v1/carrier/tours?status=cancelled")).json()["data"]
    assert seen["id"] == driven.tour
    again = await world.coordinator.post(f"/v1/plans/{driven.day.plan_id}/dispatch", {"release": False})
    fresh = next(tour for tour in again.json()["tours"] if tour["id"] != driven.tour)
    await award(world, fresh["id"], driven.carrier_id)
    assert (await driven.swift.get(f"/v1/carrier/tours/{fresh['id']}")).status_code == 404
    assert [tour["id"] for tour in (await driven.swift.get("/v1/carrier/tours")).json()["data"]] == [driven.tour]
    assert (await world.coordinator.post(f"/v1/tours/{fresh['id']}/release", None)).is_success
    assert (await driven.swift.get(f"/v1/carrier/tours/{fresh['id']}")).status_code == 200


async def test_a_carrier_sees_what_a_driver_sees_and_nothing_of_members(driven: Carried) -> None:
    found, phone = await driven.whole(), await driven.day.phone()
    assert found["stops"] == phone["stops"]
    assert (found["start"], found["end"], found["currency"]) == (phone["start"], phone["end"], "VND")
    text = str(found)
    world = driven.day.world
    for secret in (world.an_id, world.binh_id, driven.day.plan_id, world.window_id, "share", "cost_minor"):
        assert secret not in text
    assert "Chi Lan" in text


async def test_once_a_tour_is_over_nobody_is_named_any_more(driven: Carried) -> None:
    await driven.send(happened("started"), happened("completed"))
    text = str(await driven.whole())
    assert "Chi Lan" not in text
    assert "+84 90 123 4567" not in text


async def test_what_has_not_changed_is_not_sent_again(driven: Carried) -> None:
    path = f"/v1/carrier/tours/{driven.tour}"
    first = await driven.swift.get(path)
    held = first.headers["ETag"]
    again = await driven.swift.send("GET", path, If_None_Match=held)
    # the minute of what is expected may have gone on between the two
    assert again.status_code == 304 or again.headers["ETag"] != held
    await driven.send(happened("started"))
    assert (await driven.swift.send("GET", path, If_None_Match=held)).status_code == 200


async def test_what_changed_since_is_told_and_nothing_is_missed(driven: Carried) -> None:
    first = (await driven.swift.get("/v1/carrier/tours")).json()
    since = first["as_of"].replace("+", "%2B")
    later = (await driven.swift.get(f"/v1/carrier/tours?changed_since={since}")).json()
    assert later["data"] == []
    await driven.send(happened("started"))
    [changed] = (await driven.swift.get(f"/v1/carrier/tours?changed_since={since}")).json()["data"]
    assert (changed["status"], changed["version"] > first["data"][0]["version"]) == ("under_way", True)


async def test_tours_are_asked_for_by_day_and_in_pages(driven: Carried) -> None:
    day = driven.day.world.day.isoformat()
    page = (
        await driven.swift.get(f"/v1/carrier/tours?service_date_from={day}&service_date_until={day}&limit=1")
    ).json()
    assert ([tour["service_date"] for tour in page["data"]], page["has_more"]) == ([day], False)
    assert (await driven.swift.get("/v1/carrier/tours?service_date_until=2020-01-01")).json()["data"] == []


async def test_papers_of_a_carriers_tour_are_the_coordinators(driven: Carried) -> None:
    for path in ("documents/manifest", "documents/waybills", "documents/loading-plan"):
        paper = await driven.swift.get(f"/v1/carrier/tours/{driven.tour}/{path}")
        assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-"), paper.text
    world = driven.day.world
    assert (await world.coordinator.send("PUT", "/v1/sscc-prefix", {"prefix": "8934567"})).is_success
    labels = await driven.swift.post(f"/v1/carrier/tours/{driven.tour}/documents/labels?format=zpl", None)
    theirs = await world.coordinator.post(f"/v1/tours/{driven.tour}/labels?format=zpl", None)
    assert (labels.status_code, labels.content) == (200, theirs.content)


async def test_a_carrier_hands_in_proofs_of_its_own_tours(driven: Carried) -> None:
    query = {"event_key": "p1", "shipment_id": driven.day.an_shipment, "action": "delivery", "kind": "photo"}
    path = "&".join(f"{name}={value}" for name, value in query.items()) + "&taken_at=2026-11-22T03:00:00Z"
    own = f"/v1/carrier/tours/{driven.tour}/proofs?{path}"
    headers = {"Authorization": f"Bearer {driven.swift.key}", "Content-Type": "image/png"}
    client = driven.day.world.client
    made = await client.post(own, content=PNG, headers=headers)
    assert (made.status_code, made.json()["kind"]) == (201, "photo"), made.text
    assert (await client.post(own, content=PNG, headers=headers)).json()["id"] == made.json()["id"]
    theirs = headers | {"Authorization": f"Bearer {driven.other.key}"}
    assert (await client.post(own, content=PNG, headers=theirs)).status_code == 404
    [visited] = [one for stop in (await driven.whole())["stops"] for one in stop["visits"]
                 if one["shipment_id"] == driven.day.an_shipment]  # fmt: skip
    assert visited["proofs"] == 1


async def test_a_tour_is_driven_by_whose_vehicle_it_is_and_an_award_stays(driven: Carried) -> None:
    world = driven.day.world
    carrier_id, owner = await carrier_of(world, "owner")
    kind = (await world.coordinator.get("/v1/vehicle-types")).json()["data"][0]["id"]
    own = await world.coordinator.send("PUT", f"/v1/vehicle-types/{kind}/carrier", {"carrier_id": carrier_id})
    assert own.is_success, own.text
    # the tour that was awarded to swift follows its plan again, and stays with swift
    assert (await world.coordinator.post(f"/v1/plans/{driven.day.plan_id}/dispatch", {})).is_success
    assert (await driven.day.look())["tour"]["carrier_id"] == driven.carrier_id
    await award(world, driven.tour, None)
    assert (await world.coordinator.post(f"/v1/plans/{driven.day.plan_id}/dispatch", {})).is_success
    assert (await driven.day.look())["tour"]["carrier_id"] == carrier_id
    assert [tour["id"] for tour in (await owner.get("/v1/carrier/tours")).json()["data"]] == [driven.tour]


async def test_a_fresh_tour_is_its_vehicles_carriers(day: Day) -> None:
    world = day.world
    carrier_id, owner = await carrier_of(world, "owner")
    await world.coordinator.post(f"/v1/tours/{day.tour['id']}/cancel", {"reason": "Another van"})
    kind = (await world.coordinator.get("/v1/vehicle-types")).json()["data"][0]["id"]
    await world.coordinator.send("PUT", f"/v1/vehicle-types/{kind}/carrier", {"carrier_id": carrier_id})
    again = await world.coordinator.post(f"/v1/plans/{day.plan_id}/dispatch", {})
    fresh = next(tour for tour in again.json()["tours"] if tour["id"] != day.tour["id"])
    assert fresh["carrier_id"] == carrier_id
    assert [tour["id"] for tour in (await owner.get("/v1/carrier/tours")).json()["data"]] == [fresh["id"]]


async def test_corrections_stay_the_coordinators(driven: Carried) -> None:
    await driven.send(visit("done", driven.day.an_shipment))
    body = {
        "shipment_id": driven.day.an_shipment,
        "action": "delivery",
        "outcome": "failed",
        "note": "n",
        "reason_code": "closed",
    }
    assert (await driven.swift.post(f"/v1/tours/{driven.tour}/corrections", body)).status_code == 403
    assert (await driven.swift.get(f"/v1/tours/{driven.tour}")).status_code == 403
