"""Lines of plans along roads: told at once as far as they are known, computed meanwhile, straight where nothing is."""

import itertools
from collections.abc import AsyncIterator
from typing import Any

import pytest

from cluster.places.models import e6
from cluster.places.polylines import decoded
from tests.cluster.api import World, riverside
from tests.cluster.places.towns import osrm_server, streets
from tests.cluster.planning.test_plan import planned
from tests.cluster.planning.test_reach import SHOP, delivery, eventually, working
from tests.databases import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def town(module_database: Database) -> AsyncIterator[tuple[World, str]]:
    """Riverside with the path of the lines of a plan, made on straight lines: two stops of one van."""
    async with riverside(module_database, roads_engine="osrm_http", roads_url="http://127.0.0.1:9") as world:
        await world.an.made("/v1/shipments", delivery(world, **SHOP))
        await world.binh.made("/v1/shipments", delivery(world, lat=10.82, lon=106.66))
        async with working(world, None):
            plan = await planned(world)
        yield world, f"/v1/plans/{plan['id']}/lines"


def ways(route: Any) -> list[Any]:
    """Its points, from its start to its end."""
    ends = [(route["start_lat"], route["start_lon"]), *((stop["lat"], stop["lon"]) for stop in route["stops"])]
    points = [e6(*point) for point in [*ends, (route["end_lat"], route["end_lon"])]]
    return [streets(start, end) for start, end in itertools.pairwise(points)]


async def test_lines_are_straight_first_and_follow_the_streets_once_they_were_computed(
    town: tuple[World, str],
) -> None:
    world, path = town
    first = await world.coordinator.get(path)
    assert first.status_code == 200
    answer = first.json()
    assert (answer["precision"], answer["straight"], answer["missing"]) == (5, 3, 3)
    assert [entry["lines"] for entry in answer["routes"]] == [[None, None, None]]
    again = await world.coordinator.send("GET", path, None, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")

    with osrm_server() as (url, paths):
        async with working(world, url):
            answer = await eventually(world.coordinator, path, lambda found: found["missing"] == 0)
        assert len([asked for asked in paths if asked.startswith("/route/")]) == 1
    [route] = (await world.coordinator.get(path.replace("lines", "routes"))).json()["routes"]
    [told] = answer["routes"]
    assert (told["route_no"], told["straight"], answer["straight"]) == (route["route_no"], 0, 0)
    assert [decoded(line) for line in told["lines"]] == ways(route)
    later = await world.coordinator.send("GET", path, None, **{"If-None-Match": first.headers["ETag"]})
    assert later.json() == answer

    # a draft drives the same ways, so nothing has to be asked for, and nobody is there who could be
    draft = await world.coordinator.made(path.replace("lines", "draft"), {})
    assert (await world.coordinator.get(f"/v1/plans/{draft['id']}/lines")).json()["routes"] == answer["routes"]


async def test_an_edited_draft_has_lines_of_its_own(town: tuple[World, str]) -> None:
    world, path = town
    draft = await world.coordinator.made(path.replace("lines", "draft"), {})
    edited = await world.coordinator.send(
        "POST", f"/v1/plans/{draft['id']}/edits", {"kind": "reverse", "route_no": 1}, **{"If-Match": "*"}
    )
    assert edited.status_code == 200, edited.text
    lines = f"/v1/plans/{draft['id']}/lines"
    with osrm_server() as (url, _):
        async with working(world, url):
            answer = await eventually(world.coordinator, lines, lambda found: found["missing"] == 0)
    [route] = (await world.coordinator.get(f"/v1/plans/{draft['id']}/routes")).json()["routes"]
    assert [decoded(line) for line in answer["routes"][0]["lines"]] == ways(route)


async def test_members_and_strangers_see_no_lines(town: tuple[World, str]) -> None:
    world, path = town
    assert (await world.an.get(path)).status_code == 403
    unknown = path.replace(path[path.index("plan_") + 5 :].split("/")[0], "0" * 26)
    assert (await world.coordinator.get(unknown)).status_code == 404


async def test_while_the_road_server_is_away_lines_stay_straight_and_nothing_fails(database: Database) -> None:
    away = "http://127.0.0.1:9"
    async with riverside(database, roads_engine="osrm_http", roads_url=away) as world:
        await world.an.made("/v1/shipments", delivery(world, **SHOP))
        async with working(world, away):
            plan = await planned(world)
            for _ in range(3):
                answer = await world.coordinator.get(f"/v1/plans/{plan['id']}/lines")
                assert answer.status_code == 200
                found = answer.json()
                assert (found["straight"], found["missing"], found["routes"][0]["lines"]) == (2, 2, [None, None])


async def test_a_platform_without_roads_has_straight_lines_that_nobody_waits_for(world: World) -> None:
    await world.an.made("/v1/shipments", delivery(world, **SHOP))
    async with working(world, None):
        plan = await planned(world)
    answer = (await world.coordinator.get(f"/v1/plans/{plan['id']}/lines")).json()
    assert (answer["straight"], answer["missing"]) == (2, 0)
