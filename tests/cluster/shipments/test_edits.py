"""Edits until the cut-off, drafts, cancellations, and shipments that stay out of the pool."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.cluster.api import World
from tests.cluster.shipments.by_hand import closed, moved
from tests.cluster.shipments.test_fields import CONTACT, everything

pytestmark = pytest.mark.anyio


async def change(world: World, shipment: Any, body: Any, if_match: str | None = "*") -> httpx.Response:
    """An's edit of a shipment."""
    headers = {"Authorization": f"Bearer {world.an.key}"} | ({} if if_match is None else {"If-Match": if_match})
    return await world.client.patch(f"/v1/shipments/{shipment['id']}", json=body, headers=headers)


async def version(world: World) -> int:
    """The pool window's version: plans apply only to the one that they were made from."""
    found: int = (await world.coordinator.get(f"/v1/pool-windows/{world.window_id}")).json()["version"]
    return found


async def test_an_edit_changes_what_it_names_and_nothing_else(world: World) -> None:
    before = await world.an.made("/v1/shipments", everything(world))
    answer = await change(world, before, {"cod_minor": None, "metadata": {"colour": None, "size": "L"}}, '"1"')
    after = answer.json()
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    assert (after["cod_minor"], after["metadata"]) == (None, {"note": "", "size": "L"})
    same = before.keys() - {"cod_minor", "metadata", "version", "updated_at"}
    assert {name: after[name] for name in same} == {name: before[name] for name in same}


async def test_units_and_windows_are_replaced_as_a_whole(world: World) -> None:
    before = await world.an.made("/v1/shipments", everything(world))
    unit = {"weight_g": 500, "length_mm": 100, "width_mm": 100, "height_mm": 100}
    hours = {"window_start": world.at("10:00"), "window_end": world.at("11:00"), "phone": None}
    after = (await change(world, before, {"handling_units": [unit], "delivery": hours})).json()
    assert (after["weight_g"], len(after["handling_units"])) == (500, 1)
    assert len(after["delivery"]["windows"]) == 1
    assert (after["delivery"]["contact_name"], after["delivery"]["phone"]) == (CONTACT["contact_name"], None)


async def test_an_end_may_move_to_a_site_and_back(world: World) -> None:
    site = {"code": "S1", "name": "Second shop", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    made = await world.an.made("/v1/sites", site | {"lat": 10.8, "lon": 106.6})
    before = await world.an.made("/v1/shipments", world.delivery())
    there = (await change(world, before, {"delivery": {"site_id": made["id"]}})).json()
    assert (there["delivery"]["site_id"], there["delivery"]["name"]) == (made["id"], "Second shop")
    assert there["delivery"]["window_start"] == before["delivery"]["window_start"]
    place = {name: before["delivery"][name] for name in ("name", "address_line1", "lat", "lon")}
    back = (await change(world, there, {"delivery": place})).json()
    assert back["delivery"] == before["delivery"]


async def test_an_edit_says_which_version_it_changes(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    missing = await change(world, booked, {"food": True}, None)
    assert (missing.status_code, missing.json()["code"]) == (428, "if_match_missing")
    both = await asyncio.gather(*(change(world, booked, {"client_ref": ref}, '"1"') for ref in ("A", "B")))
    assert sorted(answer.status_code for answer in both) == [200, 412]
    assert (await change(world, booked, {"food": True}, '"1"')).json()["code"] == "outdated"


async def test_an_edit_is_judged_like_a_booking_with_all_faults_and_changes_nothing(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    body = {"delivery": {"window_start": world.at("18:00"), "name": None}, "outside_quote": None, "pooling": "either"}
    answer = await change(world, booked, body)
    assert answer.status_code == 422
    found = {(entry["pointer"], entry["code"]) for entry in answer.json()["errors"]}
    assert found == {("/delivery/name", "missing"), ("/delivery/window_end", "window_reversed")}
    for nonsense in ({"colour": "red"}, {"handling_units": []}, {"delivery": {"lat": 100}}, {"client_ref": None}):
        assert (await change(world, booked, nonsense)).status_code == 422
    assert (await world.an.get(f"/v1/shipments/{booked['id']}")).json() == booked


async def test_an_edit_of_what_is_planned_goes_back_to_the_pool_and_tells_the_plan(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    await moved(world, "planned", booked["id"])
    before = await version(world)
    after = (await change(world, booked, {"food": True})).json()
    assert (after["status"], after["status_code"], await version(world)) == ("pooled", "edited", before + 1)


async def test_a_reference_of_another_shipment_is_taken(world: World) -> None:
    first, second = [await world.an.made("/v1/shipments", world.delivery(client_ref=ref)) for ref in ("A", "B")]
    answer = await change(world, second, {"client_ref": first["client_ref"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "client_ref_taken")
    assert (await world.an.get(f"/v1/shipments/{second['id']}")).json() == second


async def test_a_shipment_moves_to_another_window_while_both_take_bookings(world: World) -> None:
    later = await world.coordinator.made(
        "/v1/pool-windows", {"service_date": "2090-01-02", "cut_off_at": "2090-01-01T00:00:00Z"}
    )
    booked = await world.an.made("/v1/shipments", world.delivery())
    [fault] = (await change(world, booked, {"pool_window_id": later["id"]})).json()["errors"]
    assert fault["code"] == "outside_service_day"
    free = {"pool_window_id": later["id"], "delivery": {"window_start": None, "window_end": None}}
    before = await version(world)
    after = await change(world, booked, free)
    assert (after.json()["pool_window_id"], await version(world)) == (later["id"], before + 1)


async def test_after_the_cut_off_nothing_is_edited(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    await closed(world)
    answer = await change(world, booked, {"food": True})
    assert (answer.status_code, answer.json()["code"]) == (409, "cut_off_passed")


async def test_a_rival_cannot_edit(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    answer = await world.binh.send("PATCH", f"/v1/shipments/{booked['id']}", {"food": True}, If_Match="*")
    assert answer.status_code == 404


async def test_a_draft_waits_outside_the_pool_until_it_is_booked(world: World) -> None:
    draft = await world.an.made("/v1/shipments", world.delivery(draft=True, pool_window_id=None))
    assert (draft["status"], draft["pool_window_id"]) == ("draft", None)
    edited = (await change(world, draft, {"food": True})).json()
    assert (edited["status"], edited["food"]) == ("draft", True)
    path = f"/v1/shipments/{draft['id']}/book"
    for _ in range(2):
        booked = (await world.an.post(path, {"pool_window_id": world.window_id})).json()
        assert (booked["status"], booked["pool_window_id"]) == ("pooled", world.window_id)
    told = (await world.an.get(f"/v1/shipments/{draft['id']}/events")).json()["data"]
    assert [entry["status"] for entry in told] == ["draft", "pooled"]


async def test_a_draft_is_judged_in_the_window_that_it_is_booked_into(world: World) -> None:
    other_day = {"window_start": "2020-01-01T08:00:00Z", "window_end": "2020-01-01T09:00:00Z"}
    booking = world.delivery(draft=True, pool_window_id=None)
    booking["delivery"] |= other_day
    draft = await world.an.made("/v1/shipments", booking)
    answer = await world.an.post(f"/v1/shipments/{draft['id']}/book", {})
    assert [entry["code"] for entry in answer.json()["errors"]] == ["outside_service_day"]
    assert (await world.an.get(f"/v1/shipments/{draft['id']}")).json()["status"] == "draft"


async def test_a_shipment_alone_stays_booked_and_may_join_the_pool_later(world: World) -> None:
    alone = await world.an.made("/v1/shipments", world.delivery(pooling="alone"))
    assert (alone["status"], alone["pooling"]) == ("booked", "alone")
    joined = (await change(world, alone, {"pooling": "pool"})).json()
    assert joined["status"] == "pooled"
    left = (await change(world, joined, {"pooling": "alone"})).json()
    assert left["status"] == "booked"


async def test_the_members_wish_about_the_pool_holds_where_a_booking_says_nothing(world: World) -> None:
    await world.an.send("PUT", "/v1/booking-defaults", {"pooling": "alone"})
    assert (await world.an.made("/v1/shipments", world.delivery()))["pooling"] == "alone"
    assert (await world.an.made("/v1/shipments", world.delivery(pooling="pool")))["pooling"] == "pool"
    assert (await world.binh.made("/v1/shipments", world.delivery()))["pooling"] == "pool"
    assert (await world.an.get("/v1/booking-defaults")).json() == {"pooling": "alone", "outside_tariff": None}


@pytest.mark.parametrize("body", [None, {}, {"reason": "sold elsewhere", "caused_by": "consignee"}])
async def test_cancelling_is_free_before_the_cut_off_and_the_same_twice(world: World, body: Any) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    path = f"/v1/shipments/{booked['id']}/cancel"
    first, second = [await world.an.send("POST", path, body) for _ in range(2)]
    assert first.json() == second.json()
    assert (first.json()["status"], first.json()["status_reason"]) == ("cancelled", (body or {}).get("reason"))


async def test_after_the_cut_off_the_coordinator_cancels_and_a_member_if_the_rules_say_so(world: World) -> None:
    first, second = [await world.an.made("/v1/shipments", world.delivery()) for _ in range(2)]
    await closed(world)
    refused = await world.an.post(f"/v1/shipments/{first['id']}/cancel", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "cut_off_passed")
    reason = {"reason": "goods damaged", "caused_by": "carrier"}
    done = await world.coordinator.post(f"/v1/shipments/{first['id']}/cancel", reason)
    assert done.json()["status"] == "cancelled"
    await world.coordinator.send("PUT", "/v1/booking-rules", {"late_cancellation": True})
    assert (await world.an.post(f"/v1/shipments/{second['id']}/cancel", {})).json()["status"] == "cancelled"


async def test_what_is_dispatched_only_the_coordinator_cancels_and_what_is_picked_up_nobody(world: World) -> None:
    first, second = [await world.an.made("/v1/shipments", world.delivery()) for _ in range(2)]
    await closed(world)
    await world.coordinator.send("PUT", "/v1/booking-rules", {"late_cancellation": True})
    for status in ("planned", "dispatched"):
        await moved(world, status, first["id"], second["id"])
    await moved(world, "picked_up", second["id"])
    asked = [(world.an, first, 409), (world.coordinator, first, 200)]
    asked += [(world.an, second, 409), (world.coordinator, second, 409)]
    for caller, shipment, status in asked:
        answer = await caller.post(f"/v1/shipments/{shipment['id']}/cancel", {})
        assert answer.status_code == status, answer.text


async def test_a_member_does_not_blame_the_coordinator(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    answer = await world.an.post(f"/v1/shipments/{booked['id']}/cancel", {"caused_by": "coordinator"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "not_yours")


async def test_economy_that_was_left_out_waits_for_the_next_window(world: World) -> None:
    day = await world.coordinator.made(
        "/v1/pool-windows", {"service_date": "2090-01-02", "cut_off_at": "2090-01-01T00:00:00Z"}
    )
    body = world.delivery()
    del body["delivery"]["window_start"], body["delivery"]["window_end"]
    asked = {"waits": {}, "standard": {"service_level": "standard"}, "carried": {}}
    made = {}
    for name, changes in asked.items():
        booking = body | {"service_level": "economy", "client_ref": name} | changes
        made[name] = (await world.an.made("/v1/shipments", booking))["id"]
    hours = await world.an.made("/v1/shipments", world.delivery(service_level="economy"))
    await moved(world, "planned", made["carried"])
    path = f"/v1/pool-windows/{world.window_id}/move-on"
    early = await world.coordinator.post(path, {})
    assert (early.status_code, early.json()["code"]) == (409, "pool_window_open")
    await closed(world)
    assert (await world.coordinator.post(path, {})).json() == {"shipments": [made["waits"]]}
    assert (await world.an.get(f"/v1/shipments/{made['waits']}")).json()["pool_window_id"] == day["id"]
    assert (await world.an.get(f"/v1/shipments/{hours['id']}")).json()["pool_window_id"] == world.window_id
