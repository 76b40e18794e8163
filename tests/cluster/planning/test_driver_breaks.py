"""
Drivers rest, on the road of ``tests.cluster.desk.road``: the hub, A after 10 km, B after 20 km, a minute a km.

An's delivery at A begins between 09:30 and 09:40, Binh's at B between 10:30 and 10:40, each takes five minutes. One van
does both: from the hub at 09:30, at A from 09:40 to 09:45, at B from 10:30 to 10:35, back at 10:55. It waits 35 minutes.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from tests.cluster.api import ZONE, World, riverside, van
from tests.cluster.desk.road import A, B, road, to
from tests.cluster.planning.test_plan import over, planned, working
from tests.databases import Database

pytestmark = pytest.mark.anyio
COFFEE = {"rule": "own", "breaks": [{"opens_at": "10:00", "closes_at": "10:05", "duration_s": 600}]}
LUNCH = {"rule": "own", "breaks": [{"opens_at": "12:00", "closes_at": "13:00", "duration_s": 1_800}]}
LAW = {"rule": "vn_36_2024", "breaks": []}


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside with the two deliveries."""
    async with riverside(database) as found:
        await road(found)
        for caller, place, ref, window in (
            (found.an, A, "AN-1", ("09:30", "09:40")),
            (found.binh, B, "BINH-1", ("10:30", "10:40")),
        ):
            booking = to(found, place, ref)
            booking["delivery"] |= {"window_start": found.at(window[0]), "window_end": found.at(window[1])}
            await caller.made("/v1/shipments", booking)
        yield found


async def settle(world: World, breaks: Any) -> None:
    """The cluster settles when drivers rest."""
    body = {"planning": {"seconds": 1, "driver_breaks": breaks}}
    answer = await world.coordinator.send("PUT", "/v1/cluster-settings/planning", body)
    assert answer.status_code == 200, answer.text


async def override(world: World, breaks: Any) -> Any:
    """The van's drivers rest otherwise."""
    [kind] = (await world.coordinator.get("/v1/vehicle-types")).json()["data"]
    path = f"/v1/vehicle-types/{kind['id']}/driver-breaks"
    answer = await world.coordinator.send("PUT", path, {"driver_breaks": breaks})
    assert answer.status_code == 200, answer.text
    return answer.json()


def clock(instant: str) -> str:
    """A time of day in the cluster."""
    return datetime.fromisoformat(instant).astimezone(ZONE).strftime("%H:%M")


def rests(thing: Any) -> list[tuple[str, str]]:
    """When the driver of a route or tour rests."""
    return [(clock(entry["begins_at"]), clock(entry["ends_at"])) for entry in thing["breaks"]]


async def routes_of(world: World, plan_id: str) -> list[Any]:
    """Routes of a plan."""
    found: list[Any] = (await world.coordinator.get(f"/v1/plans/{plan_id}/routes")).json()["routes"]
    return found


async def only_route(world: World) -> Any:
    """The route of a fresh plan that needs one van."""
    async with working(world):
        plan = await planned(world)
    [route] = await routes_of(world, plan["id"])
    assert (clock(route["starts_at"]), clock(route["ends_at"])) == ("09:30", "10:55")
    return route


async def test_a_cluster_that_has_settled_nothing_plans_no_breaks(world: World) -> None:
    assert rests(await only_route(world)) == []


async def test_a_break_is_planned_where_the_cluster_wants_it_and_costs_nothing_while_the_van_would_wait(
    world: World,
) -> None:
    await settle(world, COFFEE)
    route = await only_route(world)
    [(begins, ends)] = rests(route)
    assert "10:00" <= begins <= "10:05"
    assert (ends > "10:09", route["cost_minor"]) == (
        True,
        300_000 + 40 * 9_000 + 85 * 1_000,
    )  # 85 min at 60,000 an hour


async def test_the_law_of_vietnam_has_a_driver_rest_within_four_hours_of_the_shift(world: World) -> None:
    """The van works from 06:00, so that a quarter of an hour is due by 10:00, when the van is on its way."""
    await settle(world, LAW)
    [(begins, ends)] = rests(await only_route(world))
    assert "09:30" <= begins <= "10:00"
    assert ends == clock_after(begins, 15)


def clock_after(clock: str, minutes: int) -> str:
    """So many minutes later."""
    total = int(clock[:2]) * 60 + int(clock[3:]) + minutes
    return f"{total // 60:02d}:{total % 60:02d}"


async def test_a_vehicle_has_breaks_of_its_own_or_none_whatever_the_cluster_settled(world: World) -> None:
    await settle(world, LAW)
    assert (await override(world, COFFEE))["driver_breaks"] == COFFEE
    assert [begins >= "10:00" for begins, _ in rests(await only_route(world))] == [True]
    await override(world, LUNCH)  # the van is back long before noon
    assert rests(await only_route(world)) == []
    await override(world, {"rule": "none"})
    assert rests(await only_route(world)) == []
    assert (await override(world, None))["driver_breaks"] is None
    assert len(rests(await only_route(world))) == 1
    log = (await world.coordinator.get("/v1/audit-log?limit=500")).json()["data"]
    assert sum(entry["action"] == "vehicle_type.breaks_set" for entry in log) == 4


async def test_a_vehicle_is_added_with_its_breaks(world: World) -> None:
    body = van(world.hub_id, code="lunch", driver_breaks=LUNCH)
    assert (await world.coordinator.made("/v1/vehicle-types", body))["driver_breaks"] == LUNCH


async def test_a_break_that_fits_nowhere_takes_a_second_van(world: World) -> None:
    """An hour from 09:45 at the latest: from A the van would reach B at 10:55, and before A it must be there by 09:40."""
    await settle(world, {"rule": "own", "breaks": [{"opens_at": "09:41", "closes_at": "09:45", "duration_s": 3_600}]})
    async with working(world):
        plan = await planned(world)
    found = await routes_of(world, plan["id"])
    # The one is back by then, the other leaves later.
    assert [rests(route) for route in found] == [[], []]
    shipment_id = next(
        visit["shipment_id"]
        for route in found
        for stop in route["stops"]
        for visit in stop["visits"]
        if visit["client_ref"] == "BINH-1"
    )
    why = (await world.coordinator.get(f"/v1/plans/{plan['id']}/why/{shipment_id}")).json()
    assert [entry["reason"] for entry in why["shut"]] == ["break_constraint"]
    assert any("break" in entry["cure"]["text"] for entry in why["obstacles"])


async def test_faults_of_breaks_are_told_where_they_stand(world: World) -> None:
    wrong = {"rule": "own", "breaks": [{"opens_at": "10:30", "closes_at": "10:00", "duration_s": 600}]}
    answer = await world.coordinator.send(
        "PUT", "/v1/cluster-settings/planning", {"planning": {"driver_breaks": wrong}}
    )
    assert (answer.status_code, [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]) == (
        422,
        [("/planning/driver_breaks/breaks/0/closes_at", "window_reversed")],
    )
    lost = await world.coordinator.send(
        "PUT", f"/v1/vehicle-types/{'vht_' + '0' * 26}/driver-breaks", {"driver_breaks": LAW}
    )
    assert lost.status_code == 404


async def test_laws_say_where_they_stand(world: World) -> None:
    found = (await world.coordinator.get("/v1/driver-break-laws")).json()["data"]
    assert [law["rule"] for law in found if "VN" in law["countries"]] == ["vn_36_2024"]
    assert all(law["source"] and law["in_force_from"] for law in found)


async def test_edits_by_hand_keep_breaks_that_are_due_and_drop_those_that_are_not(world: World) -> None:
    await settle(world, COFFEE)
    async with working(world):
        plan = await planned(world)
    [route] = await routes_of(world, plan["id"])
    [_, binh] = [visit["shipment_id"] for stop in route["stops"] for visit in stop["visits"]]
    draft = (await world.coordinator.made(f"/v1/plans/{plan['id']}/draft", {}))["id"]

    async def edit(rest: str = "/edits", **body: Any) -> Any:
        answer = await world.coordinator.send("POST", f"/v1/plans/{draft}{rest}", body or None, If_Match="*")
        assert answer.status_code == 200, answer.text
        return answer.json()

    # Without Binh's the van is back at 09:45, when no break is due yet.
    alone = await edit(kind="unplan", shipment_ids=[binh])
    assert [(clock(entry["ends_at"]), rests(entry)) for entry in alone["routes"]] == [("09:45", [])]
    again = await edit("/undo")
    assert [rests(entry) for entry in again["routes"]] == [rests(route)]
    assert [rests(entry) for entry in await routes_of(world, draft)] == [rests(route)]
    await edit(kind="lock", what="route", route_no=1)
    async with working(world):
        finished = await world.coordinator.send("POST", f"/v1/plans/{draft}/finish", {}, If_Match="*")
        assert finished.status_code == 202, finished.text
        await over(world, draft, "solved")
    assert [rests(entry) for entry in await routes_of(world, draft)] == [rests(route)]


async def test_drivers_and_who_looks_at_their_tours_are_told_of_breaks(world: World) -> None:
    await settle(world, COFFEE)
    async with working(world):
        plan = await planned(world)
    [route] = await routes_of(world, plan["id"])
    [tour] = (await world.coordinator.post(f"/v1/plans/{plan['id']}/dispatch", {})).json()["tours"]
    assert (await world.coordinator.get(f"/v1/tours/{tour['id']}")).json()["breaks"] == route["breaks"]
    link = await world.coordinator.made(f"/v1/tours/{tour['id']}/driver-link", {})
    phone = (await world.client.get(f"/v1/driver/{link['token']}/tour")).json()
    assert phone["breaks"] == route["breaks"]


async def test_members_are_not_told_when_drivers_rest(world: World) -> None:
    await settle(world, COFFEE)
    async with working(world):
        plan = await planned(world)
    own = (await world.an.get(f"/v1/plans/{plan['id']}/routes")).json()["routes"]
    assert [route["breaks"] for route in own] == [[]]


async def test_an_explanation_tells_how_long_drivers_rest(world: World) -> None:
    """85 minutes: 40 at the wheel, 10 of services, 10 of rest, 25 of waiting."""
    await settle(world, COFFEE)
    async with working(world):
        plan = await planned(world)
    found = (await world.coordinator.get(f"/v1/plans/{plan['id']}/explanation")).json()
    assert (found["break_s"], found["waiting_s"], found["driving_s"]) == (600, 25 * 60, 40 * 60)
    assert [entry["break_s"] for entry in found["vehicles"]] == [600]
    assert "Drivers rest 0:10 h of 1:25 h." in [entry["text"] for entry in found["said"]]
