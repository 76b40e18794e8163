"""A plan from request to result, with a real worker, a real child process and the real solver."""

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from cluster.base.db import Database as Pool
from cluster.base.queue import WakeUp
from cluster.base.settings import Settings
from cluster.worker import Runner
from tests.cluster.api import World, van

pytestmark = pytest.mark.anyio
OVER = {"solved", "published", "failed", "aborted", "superseded"}


@asynccontextmanager
async def working(world: World) -> AsyncIterator[None]:
    """A worker at work while the block runs."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), database_url=world.database.url, redis_url=world.database.redis_url)
        async with Pool.open(world.database.url, 6) as pool, WakeUp.open(None) as wake_up:
            task = asyncio.create_task(Runner(settings, pool, wake_up).run())
            try:
                yield
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task


async def planned(world: World, status: str = "published", **body: Any) -> Any:
    """Starts a plan and waits until it is over."""
    started = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 1} | body)
    assert started.status_code == 202, started.text
    assert started.headers["Location"] == f"/v1/plans/{started.json()['id']}"
    return await over(world, started.json()["id"], status)


async def over(world: World, plan_id: str, status: str = "published") -> Any:
    """The plan once it is over; it must have ended in ``status``."""
    for _ in range(600):
        plan = (await world.coordinator.get(f"/v1/plans/{plan_id}")).json()
        if plan["status"] in OVER:
            assert plan["status"] == status, plan["error_detail"]
            return plan
        await asyncio.sleep(0.1)
    raise AssertionError(f"the plan is still {plan['status']} after a minute")


async def status_of(world: World, plan_id: str, wanted: str) -> None:
    """Waits until a plan stands in a state."""
    for _ in range(300):
        if (await world.coordinator.get(f"/v1/plans/{plan_id}")).json()["status"] == wanted:
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"the plan never was {wanted}")


async def book_two(world: World) -> tuple[Any, Any]:
    """An and Binh each book a delivery to the same shop."""
    return (
        await world.an.made("/v1/shipments", world.delivery(client_ref="AN-1")),
        await world.binh.made("/v1/shipments", world.delivery(client_ref="BINH-1")),
    )


async def test_two_neighbours_share_one_van_and_split_its_cost_evenly(world: World) -> None:
    an, binh = await book_two(world)
    async with working(world):
        plan = await planned(world, seconds=3)  # a bound takes a moment
    result = plan["result"]
    assert (result["routes"], result["planned"], result["unplanned"]) == (1, 2, 0)
    assert 0 < result["bound_minor"] <= result["cost_minor"]
    shares = (await world.coordinator.get(f"/v1/plans/{plan['id']}/shares")).json()
    paid = [int(share["share"]["amount"]) for share in shares["shares"]]
    # Both need the same van for the same trip: each alone costs a little less than both together, and they are alike.
    assert sum(paid) == result["cost_minor"]
    assert abs(paid[0] - paid[1]) <= 1
    assert all(int(share["saving"]["amount"]) > 0 for share in shares["shares"])
    assert shares["certificate"]["in_core"]
    for shipment, caller in ((an, world.an), (binh, world.binh)):
        assert (await caller.get(f"/v1/shipments/{shipment['id']}")).json()["status"] == "planned"


async def test_a_member_sees_its_own_part_of_a_plan_and_nothing_of_its_rival(world: World) -> None:
    await book_two(world)
    async with working(world):
        plan = await planned(world)
    for path in ("", "/routes", "/unplanned", "/shares"):
        answer = await world.an.get(f"/v1/plans/{plan['id']}{path}")
        assert answer.status_code == 200
        for secret in (world.binh_id, "Binh", "BINH-1", str(plan["result"]["cost_minor"])):
            assert secret not in answer.text
    own = (await world.an.get(f"/v1/plans/{plan['id']}/routes")).json()["routes"]
    assert [visit["client_ref"] for route in own for stop in route["stops"] for visit in stop["visits"]] == ["AN-1"]
    assert own[0]["vehicle"] is None
    assert own[0]["stops"][0]["arrives_at"][14:16] in {"00", "15", "30", "45"}
    [share] = (await world.an.get(f"/v1/plans/{plan['id']}/shares")).json()["shares"]
    assert (share["member_id"], share["incremental"]) == (world.an_id, None)


async def test_a_shipment_too_big_for_every_van_is_unplanned_with_a_reason_and_harms_nobody(world: World) -> None:
    await book_two(world)
    heavy = world.delivery(client_ref="AN-HEAVY")
    heavy["handling_units"][0]["weight_g"] = 3_000_000  # the van carries 1,000,000 g
    await world.an.made("/v1/shipments", heavy)
    async with working(world):
        plan = await planned(world)
    assert (plan["result"]["planned"], plan["result"]["unplanned"]) == (2, 1)
    [entry] = (await world.coordinator.get(f"/v1/plans/{plan['id']}/unplanned")).json()["unplanned"]
    assert (entry["client_ref"], entry["reason"]) == ("AN-HEAVY", "capacity_constraint")
    assert "vht_" not in entry["detail"] + entry["cure"]  # vehicles go by their names
    assert entry["cure"]
    [own] = (await world.an.get(f"/v1/plans/{plan['id']}/unplanned")).json()["unplanned"]
    assert (own["reason"], own["detail"], own["cure"]) == ("capacity_constraint", None, None)
    assert (await world.binh.get(f"/v1/plans/{plan['id']}/unplanned")).json()["unplanned"] == []


async def test_a_place_that_no_road_reaches_is_a_reason_not_an_error(world: World) -> None:
    await book_two(world)
    island = world.delivery(client_ref="ISLAND")
    island["delivery"] |= {"lat": 10.9, "lon": 106.9}
    await world.an.made("/v1/shipments", island)
    cut_off = {
        "profile": "van",
        "points": [{"lat": 10.80, "lon": 106.64}, {"lat": 10.81, "lon": 106.65}, {"lat": 10.9, "lon": 106.9}],
        "distance_m": [[0, 2500, -1], [2500, 0, -1], [-1, -1, 0]],
        "duration_s": [[0, 400, -1], [400, 0, -1], [-1, -1, 0]],
    }
    assert (await world.coordinator.send("PUT", "/v1/travel-matrices", cut_off)).status_code == 200
    async with working(world):
        plan = await planned(world)
    [entry] = (await world.coordinator.get(f"/v1/plans/{plan['id']}/unplanned")).json()["unplanned"]
    assert (entry["client_ref"], entry["reason"]) == ("ISLAND", "reachable_constraint")
    assert plan["result"]["planned"] == 2


async def with_hold(world: World, **hold: Any) -> None:
    """A dear lorry of the van's kind is added, the only vehicle with room for a tonne and a half, and with a hold."""
    capacity = {"weight_g": 5_000_000, "volume_cm3": 30_000_000}
    await world.coordinator.made("/v1/vehicle-types", van(world.hub_id, code="lorry", capacity=capacity, hold=hold))


async def test_the_coordinator_sees_where_every_unit_stands_and_a_member_does_not(world: World) -> None:
    await with_hold(world, length_mm=3_000, width_mm=1_600, height_mm=1_500)
    near = {"weight_g": 500_000, "length_mm": 1_200, "width_mm": 1_000, "height_mm": 800}
    await world.an.made("/v1/shipments", world.delivery(client_ref="AN-1", handling_units=[near | {"units": 2}]))
    far = world.delivery(client_ref="BINH-1", handling_units=[near | {"kind": "rack", "on_top": "nothing"}])
    far["delivery"] |= {"lat": 10.82, "lon": 106.66}
    await world.binh.made("/v1/shipments", far)
    async with working(world):
        plan = await planned(world)
    [route] = (await world.coordinator.get(f"/v1/plans/{plan['id']}/routes")).json()["routes"]
    assert (route["hold"]["length_mm"], route["hold"]["support_percent"]) == (3_000, 75)
    stood = {(entry["client_ref"], entry["unit_no"]): entry for entry in route["placements"]}
    assert sorted(stood) == [("AN-1", 1), ("AN-1", 2), ("BINH-1", 1)]
    rack = stood["BINH-1", 1]
    assert (rack["kind"], rack["on_top"], rack["member_id"], rack["from_stop"]) == ("rack", "nothing", world.binh_id, 0)
    stops = {visit["client_ref"]: stop["stop_no"] for stop in route["stops"] for visit in stop["visits"]}
    assert all(entry["to_stop"] == stops[entry["client_ref"]] for entry in route["placements"])
    own = await world.an.get(f"/v1/plans/{plan['id']}/routes")
    [seen] = own.json()["routes"]
    assert (seen["hold"], seen["placements"]) == (None, [])
    assert "x_mm" not in own.text


async def test_what_fits_no_hold_is_unplanned_with_a_reason(world: World) -> None:
    await with_hold(world, length_mm=3_000, width_mm=1_600, height_mm=1_500)
    # Light enough for the lorry alone, and 2 m high.
    tall = [{"weight_g": 1_500_000, "length_mm": 1_000, "width_mm": 1_000, "height_mm": 2_000}]
    await world.an.made("/v1/shipments", world.delivery(client_ref="AN-TALL", handling_units=tall))
    async with working(world):
        plan = await planned(world)
    [entry] = (await world.coordinator.get(f"/v1/plans/{plan['id']}/unplanned")).json()["unplanned"]
    assert (entry["client_ref"], entry["reason"]) == ("AN-TALL", "load_constraint")
    assert "vht_" not in entry["detail"] + entry["cure"]
    [own] = (await world.an.get(f"/v1/plans/{plan['id']}/unplanned")).json()["unplanned"]
    assert (own["reason"], own["detail"], own["cure"]) == ("load_constraint", None, None)


async def test_an_optional_shipment_stays_out_when_its_outside_option_is_cheaper(world: World) -> None:
    # A van costs 300,000 before it moves; the parcel carrier takes 25,000.
    await world.an.made("/v1/shipments", world.delivery(outside_minor=25_000))
    async with working(world):
        plan = await planned(world)
    assert (plan["result"]["routes"], plan["result"]["cost_minor"]) == (0, 25_000)
    [share] = (await world.an.get(f"/v1/plans/{plan['id']}/shares")).json()["shares"]
    assert share["share"] == {"amount": "25000", "currency": "VND"}


async def test_while_a_plan_is_made_a_second_one_of_the_window_is_refused(world: World) -> None:
    await book_two(world)
    path = f"/v1/pool-windows/{world.window_id}/plans"
    first = await world.coordinator.post(path, {"seconds": 1})
    second = await world.coordinator.post(path, {"seconds": 1})
    assert (first.status_code, second.status_code, second.json()["code"]) == (202, 409, "plan_in_progress")


async def test_a_new_plan_supersedes_the_one_before(world: World) -> None:
    await book_two(world)
    async with working(world):
        first = await planned(world)
        second = await planned(world)
    assert (second["version"], second["status"]) == (2, "published")
    assert (await world.coordinator.get(f"/v1/plans/{first['id']}")).json()["status"] == "superseded"
    shown = (await world.an.get("/v1/plans")).json()["data"]
    assert [plan["id"] for plan in shown] == [second["id"]]


async def test_a_waiting_plan_is_aborted_at_once(world: World) -> None:
    started = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 1})
    answer = await world.coordinator.post(f"/v1/plans/{started.json()['id']}/abort", {})
    assert answer.json()["status"] == "aborted"


async def test_a_running_plan_is_aborted_and_its_solver_ends(world: World) -> None:
    await book_two(world)
    async with working(world):
        started = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 120})
        plan_id = started.json()["id"]
        await status_of(world, plan_id, "solving")
        while not solvers():
            await asyncio.sleep(0.05)
        await world.coordinator.post(f"/v1/plans/{plan_id}/abort", {})
        await over(world, plan_id, "aborted")
        assert not solvers()


async def test_a_killed_solver_is_tried_again(world: World) -> None:
    await book_two(world)
    async with working(world):
        started = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 2})
        while not solvers():
            await asyncio.sleep(0.05)
        os.kill(solvers()[0].pid, signal.SIGKILL)
        plan = await over(world, started.json()["id"])
    assert plan["result"]["planned"] == 2


async def test_a_shipment_cancelled_during_the_solve_is_not_in_the_plan(world: World) -> None:
    an, _ = await book_two(world)
    async with working(world):
        started = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 3})
        while not solvers():
            await asyncio.sleep(0.05)
        await world.an.post(f"/v1/shipments/{an['id']}/cancel", {})
        plan = await over(world, started.json()["id"])
    assert plan["result"]["planned"] == 1
    assert (await world.an.get(f"/v1/shipments/{an['id']}")).json()["status"] == "cancelled"


async def test_a_window_without_shipments_gives_an_empty_plan(world: World) -> None:
    async with working(world):
        plan = await planned(world)
    assert (plan["result"]["routes"], plan["result"]["cost_minor"]) == (0, 0)


async def test_a_cluster_without_vehicles_is_told_so(world: World) -> None:
    founded = await world.operator.made(
        "/v1/clusters", {"name": "Bare", "country_code": "DE", "currency": "EUR", "time_zone": "Europe/Berlin"}
    )
    world.coordinator.key = founded["coordinator_key"]["api_key"]
    window = {"service_date": "2099-01-02", "cut_off_at": "2099-01-01T00:00:00Z"}
    world.window_id = (await world.coordinator.made("/v1/pool-windows", window))["id"]
    async with working(world):
        plan = await planned(world, "failed")
    assert (plan["error_code"], "vehicle types" in plan["error_detail"]) == ("unsolvable", True)


async def test_a_rule_that_nothing_can_be_measured_for_is_a_fault_said_and_the_earlier_plan_still_holds(
    world: World,
) -> None:
    await book_two(world)  # boxes: no pallet places
    async with working(world):
        kept = await planned(world)
        plan = await planned(world, "failed", rule="pallet_km")
    assert plan["error_code"] == "unsolvable"
    assert "pallet_km splits by pallet_places" in plan["error_detail"]
    assert "[key_missing]" in plan["error_detail"]
    assert (plan["result"], plan["progress"]) == (None, [])  # said before anything was searched
    for part in ("shares", "certificate"):
        assert (await world.coordinator.get(f"/v1/plans/{plan['id']}/{part}")).status_code == 404
    assert (await world.coordinator.get(f"/v1/plans/{kept['id']}")).json()["status"] == "published"


@pytest.mark.parametrize("rule", ["volume", "orders"])
async def test_a_window_without_shipments_gives_an_empty_plan_by_a_plain_measure_too(world: World, rule: str) -> None:
    async with working(world):
        plan = await planned(world, rule=rule)
    assert (plan["result"]["routes"], plan["result"]["cost_minor"]) == (0, 0)


async def test_a_plan_tells_what_its_split_is_at(world: World) -> None:
    await book_two(world)
    async with working(world):
        plan = await planned(world)
    phases = [point["phase"] for point in plan["progress"]]
    assert "search" in phases
    assert phases[-1] in {"explore", "prove", "price", "close"}  # the quick ones may not be seen


@pytest.mark.parametrize(
    "body",
    [
        {"players_max": 0},
        {"players_max": 13},
        {"rule": "shapley", "terms": {"weights": [{"member_id": "mem_nobody", "parts": 0}]}},
        {"seconds": 0},
        {"seconds": 10**9},
        {"rule": "dice"},
        {"seed": -1},
        {"x": 1},
    ],
)
async def test_a_plan_cannot_be_asked_for_with_nonsense(world: World, body: Any) -> None:
    answer = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/plans", body)
    assert answer.status_code == 422
    assert (await world.coordinator.get("/v1/plans")).json()["data"] == []


async def test_members_cannot_plan(world: World) -> None:
    answer = await world.an.post(f"/v1/pool-windows/{world.window_id}/plans", {})
    assert answer.status_code == 403


def solvers() -> list[psutil.Process]:
    """Solver processes that this test run has started."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if "solver.child" in _command(child)]


def _command(process: psutil.Process) -> list[str]:
    with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
        return process.cmdline() if process.status() != psutil.STATUS_ZOMBIE else []
    return []
