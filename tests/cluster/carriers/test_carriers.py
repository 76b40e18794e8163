"""Vehicle types: capacities, tariffs and shifts that can be."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import World, riverside, van
from tests.databases import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; each uses codes of its own."""
    async with riverside(module_database) as found:
        yield found


async def faults(world: World, **changes: Any) -> list[tuple[str, str]]:
    """Place and code of everything wrong with a van."""
    answer = await world.coordinator.post("/v1/vehicle-types", van(world.hub_id, code="bad", **changes))
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_vehicle_type_comes_back_as_it_was_added(world: World) -> None:
    body = van(
        world.hub_id,
        code="full",
        profile="truck",
        speed_kmh=40,
        circuity_percent=120,
        vehicles=3,
        shift_start="05:30",
        shift_end="13:45",
        duration_max_s=28_800,
        distance_max_m=200_000,
        skills=["lift", "cold"],
        hold=None,
    )
    made = await world.coordinator.made("/v1/vehicle-types", body)
    assert made | body | {"tariff": body["tariff"] | {"stop_minor": 0}} == made
    assert made in (await world.coordinator.get("/v1/vehicle-types?limit=500")).json()["data"]


async def test_what_is_left_out_means_unlimited_hire_and_an_open_end(world: World) -> None:
    body = van(world.hub_id, code="short")
    del body["end_site_id"]
    made = await world.coordinator.made("/v1/vehicle-types", body)
    assert (made["vehicles"], made["end_site_id"], made["duration_max_s"], made["skills"]) == (None, None, None, [])
    assert (made["shift_start"], made["shift_end"], made["speed_kmh"]) == ("06:00", "20:00", 25)


async def test_a_code_is_taken_once(world: World) -> None:
    answer = await world.coordinator.post("/v1/vehicle-types", van(world.hub_id))
    assert (answer.status_code, answer.json()["code"]) == (409, "vehicle_type_code_taken")


@pytest.mark.parametrize("end", ["start_site_id", "end_site_id"])
async def test_a_vehicle_starts_and_ends_at_sites_that_exist(world: World, end: str) -> None:
    body = van(world.hub_id, code="lost") | {end: ids.show("sit", ids.new())}
    answer = await world.coordinator.post("/v1/vehicle-types", body)
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such site.")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"shift_start": "20:00", "shift_end": "06:00"}, ("/shift_end", "window_reversed")),
        ({"shift_start": "06:00", "shift_end": "06:00"}, ("/shift_end", "window_reversed")),
        ({"tariff": {"km_minor": -1}}, ("/tariff/km_minor", "out_of_range")),
        ({"tariff": {"km_minor": 0.5}}, ("/tariff/km_minor", "wrong_type")),
        ({"tariff": {"mile_minor": 1}}, ("/tariff/mile_minor", "unknown_field")),
        ({"capacity": {"weight_g": 0, "volume_cm3": 1}}, ("/capacity/weight_g", "out_of_range")),
        ({"capacity": {"weight_g": 1}}, ("/capacity/volume_cm3", "missing")),
        ({"capacity": None}, ("/capacity", "wrong_type")),
        ({"vehicles": -1}, ("/vehicles", "out_of_range")),
        ({"speed_kmh": 0}, ("/speed_kmh", "out_of_range")),
        ({"circuity_percent": 99}, ("/circuity_percent", "out_of_range")),
        ({"duration_max_s": 0}, ("/duration_max_s", "out_of_range")),
        ({"skills": ["two words"]}, ("/skills/0", "out_of_range")),
        ({"skills": ["s"] * 21}, ("/skills", "out_of_range")),
    ],
)
async def test_a_vehicle_that_cannot_be_is_refused(
    world: World, changes: dict[str, Any], fault: tuple[str, str]
) -> None:
    assert await faults(world, **changes) == [fault]


INSIDE = {"length_mm": 4_000, "width_mm": 2_000, "height_mm": 1_900}
FRONT, REAR = {"id": "front", "at_mm": -800, "max_g": 1_700_000}, {"id": "rear", "at_mm": 2_000, "max_g": 2_600_000}
RIGID = {"axles": [FRONT | {"tare_g": 1_150_000}, REAR | {"tare_g": 950_000, "min_g": 500_000}]}


async def test_a_hold_comes_back_as_it_was_added(world: World) -> None:
    doors = [{"side": "rear", "from_mm": 0, "to_mm": None}, {"side": "left", "from_mm": 500, "to_mm": 4_000}]
    chassis = {"axles": [axle | {"min_g": axle.get("min_g", 0)} for axle in RIGID["axles"]], "kingpin_mm": None}
    hold = INSIDE | {"doors": doors, "chassis": chassis, "support_percent": 60}
    made = await world.coordinator.made("/v1/vehicle-types", van(world.hub_id, code="hold", hold=hold))
    assert made["hold"] == hold


async def test_a_hold_of_three_edges_has_a_rear_door_no_axles_and_three_quarters_of_support(world: World) -> None:
    made = await world.coordinator.made("/v1/vehicle-types", van(world.hub_id, code="plain", hold=INSIDE))
    doors = [{"side": "rear", "from_mm": 0, "to_mm": None}]
    assert made["hold"] == INSIDE | {"doors": doors, "chassis": None, "support_percent": 75}


def articulated(kingpin_mm: int, *at_mm: int) -> dict[str, Any]:
    """A tractor and its trailer, axles of ten tonnes at these places."""
    axles = [{"id": f"axle-{number}", "at_mm": place, "max_g": 10_000_000} for number, place in enumerate(at_mm)]
    return {"chassis": {"axles": axles, "kingpin_mm": kingpin_mm}}


async def test_an_articulated_vehicle_has_three_axles_and_a_kingpin_between_them(world: World) -> None:
    hold = INSIDE | articulated(1_000, -2_000, 1_500, 3_000)
    made = await world.coordinator.made("/v1/vehicle-types", van(world.hub_id, code="tractor", hold=hold))
    assert made["hold"]["chassis"]["kingpin_mm"] == 1_000


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"length_mm": 0}, ("/hold/length_mm", "out_of_range")),
        ({"height_mm": 1.5}, ("/hold/height_mm", "wrong_type")),
        ({"depth_mm": 1}, ("/hold/depth_mm", "unknown_field")),
        ({"support_percent": 101}, ("/hold/support_percent", "out_of_range")),
        ({"doors": [{"side": "top"}]}, ("/hold/doors/0/side", "out_of_range")),
        ({"doors": [{}, {"side": "rear", "from_mm": 5}]}, ("/hold/doors/1/side", "door_wrong")),
        ({"doors": [{"side": "left", "from_mm": 9, "to_mm": 9}]}, ("/hold/doors/0/to_mm", "door_wrong")),
        ({"doors": [{"side": "left", "to_mm": 4_001}]}, ("/hold/doors/0", "door_wrong")),
        ({"doors": [{"side": "right", "from_mm": 4_000}]}, ("/hold/doors/0", "door_wrong")),
        ({"chassis": {"axles": [FRONT]}}, ("/hold/chassis/axles", "out_of_range")),
        ({"chassis": {"axles": [REAR, FRONT]}}, ("/hold/chassis/axles", "axles_wrong")),
        ({"chassis": {"axles": [FRONT, REAR | {"id": "front"}]}}, ("/hold/chassis/axles", "axles_wrong")),
        ({"chassis": {"axles": [FRONT, REAR], "kingpin_mm": 0}}, ("/hold/chassis/axles", "axles_wrong")),
        (articulated(3_000, -2_000, 1_500, 3_000), ("/hold/chassis/kingpin_mm", "axles_wrong")),
        ({"chassis": {"axles": [FRONT, REAR | {"min_g": 1}]}}, ("/hold/chassis/axles/1/tare_g", "axle_tare")),
        ({"chassis": {"axles": [FRONT, REAR | {"tare_g": 2_600_001}]}}, ("/hold/chassis/axles/1/tare_g", "axle_tare")),
    ],
)
async def test_a_hold_that_cannot_be_is_refused(world: World, changes: dict[str, Any], fault: tuple[str, str]) -> None:
    assert await faults(world, hold=INSIDE | changes) == [fault]


async def test_members_neither_see_nor_add_vehicles_and_tariffs(world: World) -> None:
    assert (await world.an.get("/v1/vehicle-types")).status_code == 403
    assert (await world.an.post("/v1/vehicle-types", van(world.hub_id, code="mine"))).status_code == 403
