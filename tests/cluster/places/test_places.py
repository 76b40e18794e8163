"""Sites and road times: who adds what, and tables that cannot be."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import Caller, World, riverside
from tests.cluster.side_by_side import side_by_side
from tests.databases import Database

pytestmark = pytest.mark.anyio
SHOP = {"name": "Shop", "kind": "shop", "address_line1": "1 Street", "country_code": "VN", "lat": 10.8, "lon": 106.6}
NEAR, FAR = {"lat": 10.80, "lon": 106.60}, {"lat": 10.81, "lon": 106.60}
"""1,106 m apart as the crow flies (a hundredth of a degree of latitude)."""


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; each uses codes and profiles of its own."""
    async with riverside(module_database) as found:
        yield found


def site(code: str, **changes: Any) -> dict[str, Any]:
    """A shop to be added."""
    return SHOP | {"code": code} | changes


def matrix(profile: str, distance_m: Any, duration_s: Any = None, points: Any = None) -> dict[str, Any]:
    """Road distances and times to be stored."""
    return {
        "profile": profile,
        "points": [NEAR, FAR] if points is None else points,
        "distance_m": distance_m,
        "duration_s": distance_m if duration_s is None else duration_s,
    }


async def put(world: World, body: Any, status: int = 200) -> Any:
    """Stores a matrix."""
    answer = await world.coordinator.send("PUT", "/v1/travel-matrices", body)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_site_comes_back_as_it_was_added(world: World) -> None:
    hours = {"opens_at": "07:30", "closes_at": "18:00", "province_code": "79", "ward_code": "26734"}
    made = await world.an.made("/v1/sites", site("A-1", **hours))
    assert made | site("A-1", **hours) == made
    assert made["member_id"] == world.an_id
    assert (await world.an.get(f"/v1/sites/{made['id']}")).json() == made


async def test_a_member_sees_its_own_sites_and_the_shared_ones(world: World) -> None:
    own = (await world.an.made("/v1/sites", site("own")))["id"]
    rivals = (await world.binh.made("/v1/sites", site("own")))["id"]  # the same code: each has its own
    seen = {entry["id"] for entry in (await world.an.get("/v1/sites?limit=500")).json()["data"]}
    assert {own, world.hub_id} <= seen
    assert rivals not in seen
    everything = {entry["id"] for entry in (await world.coordinator.get("/v1/sites?limit=500")).json()["data"]}
    assert {own, rivals, world.hub_id} <= everything


async def test_the_coordinator_adds_a_members_site_for_it(world: World) -> None:
    made = await world.coordinator.made("/v1/sites", site("for-an", member_id=world.an_id))
    assert (await world.an.get(f"/v1/sites/{made['id']}")).status_code == 200
    assert (await world.binh.get(f"/v1/sites/{made['id']}")).status_code == 404


async def test_a_site_for_a_member_that_does_not_exist_is_refused(world: World) -> None:
    answer = await world.coordinator.post("/v1/sites", site("x", member_id=ids.show("mem", ids.new())))
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such member.")


@pytest.mark.parametrize(("change", "pointer"), [({"kind": "hub"}, "/kind"), ({"member_id": "own"}, "/member_id")])
async def test_hubs_and_others_sites_are_for_the_coordinator(world: World, change: Any, pointer: str) -> None:
    body = site("mine") | ({"member_id": world.an_id} if "member_id" in change else change)
    answer = await world.an.post("/v1/sites", body)
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, "not_yours")]


async def test_an_owner_has_a_code_once_also_when_it_asks_twice_at_once(world: World) -> None:
    async with side_by_side(world.database) as client:
        for caller in (Caller(client, world.an.key), Caller(client, world.coordinator.key)):
            answers = await asyncio.gather(*(caller.post("/v1/sites", site("twice")) for _ in range(5)))
            assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
            assert {answer.json()["code"] for answer in answers} == {"twice", "site_code_taken"}


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"opens_at": "08:00"}, "/opens_at", "half_a_window"),
        ({"closes_at": "08:00"}, "/opens_at", "half_a_window"),
        ({"opens_at": "18:00", "closes_at": "08:00"}, "/closes_at", "window_reversed"),
        ({"opens_at": "08:00", "closes_at": "08:00"}, "/closes_at", "window_reversed"),
        ({"opens_at": "8:00", "closes_at": "09:00"}, "/opens_at", "out_of_range"),
        ({"opens_at": "08:00", "closes_at": "24:00"}, "/closes_at", "out_of_range"),
        ({"lat": 90.01}, "/lat", "out_of_range"),
        ({"lon": -180.01}, "/lon", "out_of_range"),
        ({"kind": "castle"}, "/kind", "out_of_range"),
    ],
)
async def test_a_site_that_cannot_be_is_refused(world: World, change: Any, pointer: str, code: str) -> None:
    [fault] = (await world.an.post("/v1/sites", site("bad", **change))).json()["errors"]
    assert (fault["pointer"], fault["code"]) == (pointer, code)


async def test_putting_a_matrix_twice_changes_nothing_and_a_new_one_overwrites(world: World) -> None:
    body = matrix("twice", [[0, 1500], [1600, 0]])
    assert await put(world, body) == await put(world, body) == {"profile": "twice", "legs": 4}
    assert (await put(world, matrix("twice", [[0, 1700], [1800, 0]])))["legs"] == 4


async def test_matrices_of_a_profile_add_up(world: World) -> None:
    await put(world, matrix("grow", [[0, 1500], [1600, 0]]))
    other = matrix("grow", [[0, 1500], [1600, 0]], points=[NEAR, {"lat": 10.79, "lon": 106.6}])
    # 2 x 2 legs each, the one from NEAR to itself in both
    assert (await put(world, other))["legs"] == 7


@pytest.mark.parametrize("table", ["distance_m", "duration_s"])
@pytest.mark.parametrize("shape", [[[0, 1500]], [[0, 1500], [1500]], [], [[0, 1500, 1], [1500, 0, 1]]])
async def test_a_table_of_another_shape_than_its_points_is_refused(world: World, table: str, shape: Any) -> None:
    answer = await put(world, matrix("shape", [[0, 1500], [1500, 0]]) | {table: shape}, 422)
    assert [(fault["pointer"], fault["code"]) for fault in answer["errors"]] == [(f"/{table}", "wrong_shape")]


async def test_a_road_shorter_than_the_crow_flies_is_a_mistake_of_units(world: World) -> None:
    [fault] = (await put(world, matrix("km", [[0, 1], [1, 0]]), 422))["errors"]
    assert (fault["pointer"], fault["code"]) == ("/distance_m/0/1", "shorter_than_straight")
    assert "1106 m" in fault["cause"]


async def test_a_place_without_a_road_is_no_mistake(world: World) -> None:
    assert (await put(world, matrix("island", [[0, -1], [-1, 0]])))["legs"] == 4


@pytest.mark.parametrize("value", [-2, 1.5, "far", None, 10**9])
async def test_numbers_that_are_no_distances_are_faults_at_their_cell(world: World, value: Any) -> None:
    [fault] = (await put(world, matrix("bad", [[0, value], [1500, 0]], [[0, 1], [1, 0]]), 422))["errors"]
    assert fault["pointer"] == "/distance_m/0/1"


async def test_only_the_coordinator_stores_roads(world: World) -> None:
    answer = await world.an.send("PUT", "/v1/travel-matrices", matrix("an", [[0, 1500], [1500, 0]]))
    assert answer.status_code == 403
