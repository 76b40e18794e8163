"""Plans on roads: legs from a road server, estimates where it is away, and who hears of stops that nobody gets to."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cluster.base.db import Database as Pool
from cluster.base.queue import WakeUp
from cluster.base.settings import Settings
from cluster.places import roads_straight
from cluster.places.roads_models import Mode
from cluster.places.roads_straight import KNOTS_M, Area, Calibration, Error, ModeCalibration
from cluster.worker import Runner
from tests.cluster.api import Caller, World
from tests.cluster.places.towns import osrm_server
from tests.cluster.planning.test_plan import planned

pytestmark = pytest.mark.anyio
SHOP = {"lat": 10.81, "lon": 106.65}
"""In the town, 1 km north and 1 km east of the hub along its streets."""
ISLAND = {"lat": 20.81, "lon": 106.65}


@asynccontextmanager
async def working(world: World, url: str | None, folder: Path | None = None) -> AsyncIterator[None]:
    """A worker with a road server, or with none."""
    with tempfile.TemporaryDirectory() as data:
        settings = Settings(
            data_dir=folder or Path(data),
            database_url=world.database.url,
            redis_url=world.database.redis_url,
            roads_engine="none" if url is None else "osrm_http",
            roads_url=url,
        )
        async with Pool.open(world.database.url, 6) as pool, WakeUp.open(None) as wake_up:
            task = asyncio.create_task(Runner(settings, pool, wake_up).run())
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


def delivery(world: World, **where: float) -> dict[str, Any]:
    """A booking to a point."""
    booking = world.delivery()
    booking["delivery"] |= where
    return booking


async def distance_m(world: World) -> int:
    """The length of all routes of a new plan."""
    plan = await planned(world)
    found: int = plan["result"]["distance_m"]
    return found


async def eventually(caller: Caller, path: str, known: Any) -> Any:
    """The answer of a path once something is known in it."""
    for _ in range(200):
        answer = (await caller.get(path)).json()
        if known(answer):
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {answer}")


async def test_a_plan_follows_the_streets_of_the_road_server_and_remembers_them(world: World) -> None:
    await world.an.made("/v1/shipments", delivery(world, **SHOP))
    with osrm_server() as (url, _):
        async with working(world, url):
            assert await distance_m(world) == 4000  # 2 km along the streets, and 2 km back
    async with working(world, url):  # nobody is there any more
        assert await distance_m(world) == 4000


async def test_a_road_server_that_is_away_keeps_no_plan_from_being_made(world: World) -> None:
    await world.an.made("/v1/shipments", delivery(world, **SHOP))
    async with working(world, "http://127.0.0.1:9"):
        # 1,560 m as the crow flies, times 1.35, there and back
        assert await distance_m(world) == pytest.approx(2 * 1.35 * 1560, rel=0.01)


async def test_where_roads_were_measured_the_straight_line_is_estimated_by_them(world: World, tmp_path: Path) -> None:
    await world.an.made("/v1/shipments", delivery(world, **SHOP))
    unknown = Error(pairs=0, distance_median=0, distance_p90=0, duration_median=0, duration_p90=0)
    twice = Area(road_m=(2 * KNOTS_M).tolist(), duration_s=(KNOTS_M / 5).tolist())
    mode = ModeCalibration(bands=[], whole=twice, cells={}, error_one_factor=unknown, error=unknown)
    measured = Calibration(
        network="n", measured_at=datetime.now(UTC), seed=1, box=(10.0, 106.0, 11.0, 107.0), modes={Mode.VAN: mode}
    )
    (tmp_path / "roads").mkdir()
    roads_straight.store(tmp_path / "roads", measured)
    async with working(world, None, tmp_path):
        assert await distance_m(world) == pytest.approx(2 * 2 * 1560, rel=0.01)


async def test_the_coordinator_hears_of_a_stop_without_a_way_before_planning(world: World) -> None:
    good = await world.an.made("/v1/shipments", delivery(world, **SHOP))
    path = f"/v1/pool-windows/{world.window_id}/unreachable"
    before = (await world.coordinator.get(path)).json()
    assert (before["data"], before["not_checked"], before["stops"]) == ([], 1, 1)
    with osrm_server() as (url, _):
        async with working(world, url):
            cut_off = await world.binh.made("/v1/shipments", delivery(world, **ISLAND))
            found = await eventually(
                world.coordinator, path, lambda answer: answer["total"] and not answer["not_checked"]
            )
    [stop] = found["data"]
    assert stop["shipment_id"] == cut_off["id"] != good["id"]
    assert (stop["member_id"], stop["action"], stop["access"]["verdict"]) == (world.binh_id, "delivery", "no_way")
    assert (stop["lat"], stop["lon"]) == (20.81, 106.65)
    assert (await world.binh.get(path)).status_code == 403


async def test_a_member_sees_whether_vehicles_get_to_its_site(world: World) -> None:
    site = {"code": "S", "name": "S", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    own = await world.an.made("/v1/sites", site | SHOP)
    island = await world.an.made("/v1/sites", site | ISLAND | {"code": "I"})
    path = f"/v1/sites/{own['id']}/access"
    assert (await world.an.get(path)).json() == {"verdict": "not_checked", "profiles": []}
    with osrm_server() as (url, _):
        async with working(world, url):
            await world.binh.made("/v1/shipments", delivery(world, **SHOP))
            access = await eventually(world.an, path, lambda answer: answer["profiles"])
            cut_off = await eventually(world.an, f"/v1/sites/{island['id']}/access", lambda answer: answer["profiles"])
    [van] = access["profiles"]
    assert (access["verdict"], van["profile"], van["distance_m"], van["road"]) == ("reachable", "van", 0, SHOP)
    assert cut_off["verdict"] == "no_way"
    assert (await world.an.get(f"/v1/sites/{world.hub_id}/access")).json()["verdict"] == "reachable"
    assert (await world.binh.get(path)).status_code == 404
