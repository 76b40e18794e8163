"""A day that goes wrong: a van breaks down, late orders come, the day is planned again from where it stands."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cluster.base.embedded import Servers
from tests.cluster.api import Caller, World, api, riverside
from tests.cluster.dispatch.road import happened, visit
from tests.cluster.planning.test_plan import over, planned, working
from tests.databases import Database, fresh_database

pytestmark = pytest.mark.anyio


class BadDay:
    """
    Vans carry 1,000 kg. An's a (600 kg) and c (300 kg) and Binh's b (600 kg) need two of them: c rides with a or b.

    The van with two shipments has delivered the large one, in whatever sequence was planned, when it breaks down; c is
    taken back to the hub by a neighbour. The van with one has not left. Late, d (100 kg, Binh) and e (700 kg, An) are
    booked, and the day is planned again: 600 + 300 + 100 + 700 kg need two vans, none with one shipment alone.
    """

    world: World
    shipments: dict[str, str]
    plan_id: str
    broken: dict[str, Any]
    waiting: dict[str, Any]
    delivered: str
    fetched: str
    replan: Any

    async def look(self, tour: Any) -> Any:
        """A tour as the coordinator sees it."""
        return (await self.world.coordinator.get(f"/v1/tours/{tour['id']}")).json()

    async def on(self, tour: Any) -> list[str]:
        """Shipments on a tour, in its order."""
        found = await self.look(tour)
        return [entry["shipment_id"] for stop in found["stops"] for entry in stop["visits"]]

    async def status(self, shipment_id: str) -> str:
        """Where a shipment stands."""
        return str((await self.world.coordinator.get(f"/v1/shipments/{shipment_id}")).json()["status"])

    async def tell(self, tour: Any, *events: Any) -> list[str]:
        """What the coordinator takes down by telephone, and what becomes of it."""
        answer = await self.world.coordinator.post(f"/v1/tours/{tour['id']}/events", {"events": list(events)})
        assert answer.is_success, answer.text
        return [entry["result"] for entry in answer.json()["events"]]

    async def publish(self, plan: Any) -> Any:
        """The answer to publishing a plan."""
        return await self.world.coordinator.post(f"/v1/plans/{plan['id']}/publish", None)

    async def tours(self) -> list[Any]:
        """All tours of the day."""
        return list((await self.world.coordinator.get("/v1/tours")).json()["data"])


async def book(world: World, caller: Caller, name: str, kilograms: int, lat: float) -> str:
    """A delivery from the hub."""
    body = world.delivery(client_ref=name)
    body["delivery"] |= {"name": f"Shop {name}", "lat": lat}
    body["handling_units"][0]["weight_g"] = kilograms * 1_000
    return str((await caller.made("/v1/shipments", body))["id"])


async def bad_day(world: World) -> BadDay:
    """The day up to its replan, which is solved and not published."""
    day = BadDay()
    day.world = world
    day.shipments = {
        "a": await book(world, world.an, "a", 600, 10.81),
        "b": await book(world, world.binh, "b", 600, 10.83),
        "c": await book(world, world.an, "c", 300, 10.82),
    }
    async with working(world):
        day.plan_id = (await planned(world))["id"]
        early = await world.coordinator.post(f"/v1/plans/{day.plan_id}/replan", {"seconds": 1})
        assert (early.status_code, early.json()["code"]) == (409, "plan_not_dispatched")
        tours = await world.coordinator.made(f"/v1/plans/{day.plan_id}/dispatch", {})
        day.waiting, day.broken = sorted(tours["tours"], key=lambda tour: tour["visits"])
        day.fetched = day.shipments["c"]
        [day.delivered] = set(await day.on(day.broken)) - {day.fetched}
        breakdown = happened("exception", 30, reason="vehicle_breakdown")
        told = [happened("started", 60), visit("done", day.delivered, 40), breakdown]
        assert await day.tell(day.broken, *told) == ["applied"] * 3
        assert await day.status(day.fetched) == "on_hold"
        back = {"status": "at_hub", "at": breakdown["at"]}
        assert (await world.coordinator.post(f"/v1/shipments/{day.fetched}/events", back)).is_success
        day.shipments["d"] = await book(world, world.binh, "d", 100, 10.84)
        day.shipments["e"] = await book(world, world.an, "e", 700, 10.85)
        asked = await world.coordinator.post(f"/v1/plans/{day.plan_id}/replan", {"seconds": 1, "change_minor": 1_000})
        assert asked.status_code == 202, asked.text
        day.replan = await over(world, asked.json()["id"], "solved")
    return day


@pytest.fixture(scope="module")
def day_in_trouble(servers: Servers) -> Iterator[Database]:
    """Where the day is made, once."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="module")
async def original_bad_day(day_in_trouble: Database) -> BadDay:
    """The day; nobody is connected to its database afterwards."""
    async with riverside(day_in_trouble) as world:
        return await bad_day(world)


@pytest.fixture
def copied(servers: Servers, original_bad_day: BadDay) -> Iterator[Database]:
    """A copy of its database."""
    with fresh_database(servers, original_bad_day.world.database.name) as found:
        yield found


@pytest.fixture
async def bad(original_bad_day: BadDay, copied: Database) -> AsyncIterator[BadDay]:
    """A copy of it, which a test may change."""
    async with api(copied) as client:
        world, found = World(), BadDay()
        vars(world).update(vars(original_bad_day.world) | {"client": client, "database": copied})
        for name in ("operator", "coordinator", "an", "binh"):
            setattr(world, name, Caller(client, getattr(original_bad_day.world, name).key))
        vars(found).update(vars(original_bad_day) | {"world": world})
        yield found


async def test_a_replan_is_a_candidate_that_keeps_what_was_done_and_plans_the_rest(bad: BadDay) -> None:
    assert (bad.replan["origin"], bad.replan["base_plan_id"]) == ("replan", bad.plan_id)
    assert (bad.replan["result"]["planned"], bad.replan["result"]["unplanned"]) == (5, 0)
    assert bad.replan["result"]["routes"] == 3  # the broken van's, and two for 1,700 kg
    routes = (await bad.world.coordinator.get(f"/v1/plans/{bad.replan['id']}/routes")).json()["routes"]
    served = [[entry["shipment_id"] for stop in route["stops"] for entry in stop["visits"]] for route in routes]
    assert [bad.delivered] in served
    assert sorted(entry for route in served for entry in route) == sorted(bad.shipments.values())
    shares = (await bad.world.coordinator.get(f"/v1/plans/{bad.replan['id']}/shares")).json()
    paid = [int(share["share"]["amount"]) for share in shares["shares"]]
    assert sum(paid) == bad.replan["result"]["cost_minor"]
    assert (await bad.world.an.get(f"/v1/plans/{bad.replan['id']}")).status_code == 404
    for plan_id in (bad.plan_id, bad.replan["id"]):
        revised = await bad.world.coordinator.post(f"/v1/plans/{plan_id}/revise", None)
        assert (revised.status_code, revised.json()["code"]) == (409, "plan_dispatched")
    drafted = await bad.world.coordinator.post(f"/v1/plans/{bad.replan['id']}/draft", None)
    assert (drafted.status_code, drafted.json()["code"]) == (409, "plan_dispatched")


async def test_tours_follow_a_published_replan_and_the_day_is_finished(bad: BadDay) -> None:
    before = (await bad.look(bad.waiting))["tour"]
    link = await bad.world.coordinator.made(f"/v1/tours/{bad.waiting['id']}/driver-link", {})
    published = await bad.publish(bad.replan)
    assert published.status_code == 200, published.text
    assert (await bad.world.coordinator.get(f"/v1/plans/{bad.plan_id}")).json()["status"] == "superseded"
    assert await bad.on(bad.broken) == [bad.delivered]
    after = (await bad.look(bad.waiting))["tour"]
    assert after["plan_id"] == bad.replan["id"]
    assert after["version"] > before["version"]
    phone = (await bad.world.client.get(f"/v1/driver/{link['token']}/tour")).json()
    seen = [entry["shipment_id"] for stop in phone["stops"] for entry in stop["visits"]]
    assert seen == await bad.on(bad.waiting)
    [fresh] = [tour for tour in await bad.tours() if tour["status"] == "planned"]
    rest = set(bad.shipments.values()) - {bad.delivered}
    assert sorted([*seen, *await bad.on(fresh)]) == sorted(rest)
    joined = [bad.shipments[name] for name in "de" if bad.shipments[name] in seen]
    assert [await bad.status(entry) for entry in joined] == ["dispatched"] * len(joined)
    await finish(bad, fresh)


async def finish(bad: BadDay, fresh: Any) -> None:
    """The new van is given a driver, both vans deliver everything, the broken one is towed home."""
    crew = {"crews": [{"route_no": fresh["route_no"], "driver_name": "Hoa"}]}
    dispatched = await bad.world.coordinator.made(f"/v1/plans/{bad.replan['id']}/dispatch", crew)
    assert {tour["driver_name"] for tour in dispatched["tours"] if tour["id"] == fresh["id"]} == {"Hoa"}
    for tour in (bad.waiting, fresh):
        events = [happened("started", 20), *(visit("done", entry, 5) for entry in await bad.on(tour))]
        assert await bad.tell(tour, *events, happened("completed", 1)) == ["applied"] * (len(events) + 1)
    assert await bad.tell(bad.broken, happened("completed", 1)) == ["applied"]
    assert {await bad.status(entry) for entry in bad.shipments.values()} == {"delivered"}
    assert {tour["status"] for tour in await bad.tours()} == {"completed"}


async def test_a_van_that_left_meanwhile_makes_a_replan_outdated_and_the_day_is_planned_once_more(bad: BadDay) -> None:
    """It left with b alone (or a): what the replan gives it beside is still at the hub."""
    [alone] = await bad.on(bad.waiting)
    await bad.tell(bad.waiting, happened("started", 10))
    refused = await bad.publish(bad.replan)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_outdated")
    assert (await bad.world.coordinator.get(f"/v1/plans/{bad.plan_id}")).json()["status"] == "published"
    assert await bad.on(bad.waiting) == [alone]
    async with working(bad.world):
        asked = await bad.world.coordinator.post(f"/v1/plans/{bad.plan_id}/replan", {"seconds": 1})
        again = await over(bad.world, asked.json()["id"], "solved")
    assert (await bad.publish(again)).status_code == 200
    assert await bad.on(bad.waiting) == [alone]
    others = [await bad.on(tour) for tour in await bad.tours() if tour["status"] == "planned"]
    rest = set(bad.shipments.values()) - {bad.delivered, alone}
    assert sorted(entry for tour in others for entry in tour) == sorted(rest)


async def test_a_plan_that_is_being_driven_gives_way_to_no_ordinary_plan(bad: BadDay) -> None:
    async with working(bad.world):
        other = await planned(bad.world, "solved", publish=False)
    refused = await bad.publish(other)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_dispatched")
    assert (await bad.publish(bad.replan)).status_code == 200
    gone_by = await bad.world.coordinator.post(f"/v1/plans/{bad.plan_id}/replan", {})
    assert (gone_by.status_code, gone_by.json()["code"]) == (409, "plan_not_published")


async def test_a_cancelled_shipment_makes_a_replan_outdated(bad: BadDay) -> None:
    assert (await bad.world.an.post(f"/v1/shipments/{bad.shipments['e']}/cancel", {})).is_success
    refused = await bad.publish(bad.replan)
    assert (refused.status_code, refused.json()["code"]) == (409, "plan_outdated")
