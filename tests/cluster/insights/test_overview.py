"""The first screen: what each may see of the days, counted right."""

from typing import Any

import pytest

from tests.cluster.api import Caller, World, api
from tests.cluster.planning.test_plan import planned, working

pytestmark = pytest.mark.anyio


async def glance(caller: Caller) -> Any:
    """The overview as somebody sees it."""
    answer = await caller.get("/v1/overview")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def book(world: World) -> None:
    """An: 12 kg, and 24 kg that may stay out; Binh: 12 kg, and one cancelled."""
    await world.an.made("/v1/shipments", world.delivery())
    two = [{"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400, "units": 2}]
    await world.an.made("/v1/shipments", world.delivery(handling_units=two, outside_minor=5_000_000))
    await world.binh.made("/v1/shipments", world.delivery())
    cancelled = await world.binh.made("/v1/shipments", world.delivery())
    await world.binh.made(f"/v1/shipments/{cancelled['id']}/cancel", {})


async def test_a_day_without_bookings_shows_zeros(world: World) -> None:
    [day] = (await glance(world.coordinator))["windows"]
    assert (day["shipments"], day["optional_shipments"], day["weight_g"], day["volume_cm3"]) == (0, 0, 0, 0)
    assert (day["members"], day["latest_plan"], day["current_plan_id"]) == (0, None, None)
    assert day["window"] == (await world.coordinator.get(f"/v1/pool-windows/{world.window_id}")).json()


async def test_the_coordinator_sees_all_live_shipments_and_a_member_its_own(world: World) -> None:
    await book(world)
    seen = {}
    for name, caller in (("all", world.coordinator), ("an", world.an), ("binh", world.binh)):
        [day] = (await glance(caller))["windows"]
        fields = ("shipments", "optional_shipments", "weight_g", "volume_cm3", "members")
        seen[name] = tuple(day[field] for field in fields)
    # a box is 96,000 cm3; members are not told how many they are
    assert seen == {
        "all": (3, 1, 48_000, 384_000, 2),
        "an": (2, 1, 36_000, 288_000, None),
        "binh": (1, 0, 12_000, 96_000, None),
    }


async def test_the_latest_plan_is_shown_with_amounts_for_the_coordinator_alone(world: World) -> None:
    await book(world)
    async with working(world):
        first = await planned(world)
        second = await planned(world)
    [whole] = (await glance(world.coordinator))["windows"]
    assert whole["latest_plan"] == second | {"progress": []}
    assert whole["current_plan_id"] == second["id"] != first["id"]
    [own] = (await glance(world.an))["windows"]
    assert own["current_plan_id"] == own["latest_plan"]["id"] == second["id"]
    assert (own["latest_plan"]["result"], own["latest_plan"]["rule"], own["latest_plan"]["seed"]) == (None, None, None)


async def test_while_a_new_plan_waits_the_old_one_applies_and_members_see_no_other(world: World) -> None:
    await book(world)
    async with working(world):
        current = await planned(world)
    waiting = await world.coordinator.made(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 1})
    [whole] = (await glance(world.coordinator))["windows"]
    assert (whole["latest_plan"]["id"], whole["current_plan_id"]) == (waiting["id"], current["id"])
    [own] = (await glance(world.an))["windows"]
    assert (own["latest_plan"]["id"], own["current_plan_id"]) == (current["id"], current["id"])


async def test_the_last_fourteen_days_are_shown_the_latest_first(world: World) -> None:
    for number in range(1, 17):
        body = {"service_date": f"2090-01-{number:02}", "cut_off_at": "2089-12-31T00:00:00Z"}
        await world.coordinator.made("/v1/pool-windows", body)
    days = [day["window"]["service_date"] for day in (await glance(world.an))["windows"]]
    assert days == [f"2090-01-{number:02}" for number in range(16, 2, -1)]


async def test_the_operators_map_tiles_are_told(world: World) -> None:
    assert (await glance(world.an))["tile_url"] is None
    tiles = "https://tiles.example/{z}/{x}/{y}.png"
    async with api(world.database, tile_url=tiles) as client:
        assert (await glance(Caller(client, world.an.key)))["tile_url"] == tiles
