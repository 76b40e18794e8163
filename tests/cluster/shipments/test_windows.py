"""Pool windows that recur: made ahead of time, moved by calendars and hands, told to everybody."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope
from cluster.shipments import schedules
from tests.cluster.api import World

pytestmark = pytest.mark.anyio
DAILY = {"label": "daily", "cut_off_cron": "0 16 * * *", "holidays": "", "horizon_days": 5, "opens_days_before": 30}


@pytest.fixture
async def pool(world: World) -> AsyncIterator[Pool]:
    """A worker's connections."""
    async with Pool.open(world.database.url, 2) as found:
        yield found


async def windows(world: World, label: str = "daily") -> list[Any]:
    """Windows with this label, in order of their days."""
    found = (await world.coordinator.get("/v1/pool-windows?limit=500")).json()["data"]
    return sorted((entry for entry in found if entry["label"] == label), key=lambda entry: entry["service_date"])


async def as_owner(world: World, statement: str) -> None:
    """Does what no role of the platform may: moves the past."""
    connection = await asyncpg.connect(world.database.owner_url)
    try:
        await connection.execute("ALTER TABLE pool_windows NO FORCE ROW LEVEL SECURITY")
        await connection.execute("ALTER TABLE window_schedules NO FORCE ROW LEVEL SECURITY")
        async with connection.transaction():
            await connection.execute("SELECT set_config('app.role', 'system', true)")
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_a_schedule_makes_its_next_windows_at_once_and_the_worker_the_later_ones(
    world: World, pool: Pool
) -> None:
    await world.coordinator.made("/v1/window-schedules", DAILY)
    first = await windows(world)
    assert len(first) in {4, 5}  # cut-offs of the next 5 times 24 hours; the fifth may be a little later
    assert all(entry["accepts_bookings"] for entry in first)
    await as_owner(world, "UPDATE window_schedules SET horizon_days = 8, looked_at = now() - interval '2 hours'")
    await schedules.tend(pool)
    later = await windows(world)
    assert len(later) == len(first) + 3
    assert [entry["id"] for entry in later[: len(first)]] == [entry["id"] for entry in first]
    await schedules.tend(pool)
    assert await windows(world) == later


async def test_a_change_makes_unused_windows_anew_and_leaves_those_that_are_booked(world: World) -> None:
    made = await world.coordinator.made("/v1/window-schedules", DAILY)
    booked = (await windows(world))[1]
    booking = world.delivery(pool_window_id=booked["id"])
    booking["delivery"] = {name: booking["delivery"][name] for name in ("name", "address_line1", "lat", "lon")}
    await world.an.made("/v1/shipments", booking)
    path = f"/v1/window-schedules/{made['id']}"
    change = DAILY | {"cut_off_cron": "30 14 * * *"}
    assert (await world.coordinator.send("PUT", path, change, If_Match="none-sent")).status_code == 428
    assert (await world.coordinator.send("PUT", path, change, If_Match='"7"')).status_code == 412
    answer = await world.coordinator.send("PUT", path, change, If_Match='"1"')
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    after = await windows(world)
    clocks = {entry["id"] == booked["id"]: entry["cut_off_at"][11:16] for entry in after}
    assert clocks == {True: "09:00", False: "07:30"}  # 16:00 and 14:30 in Saigon


async def test_ending_a_schedule_takes_its_unused_windows_back(world: World) -> None:
    made = await world.coordinator.made("/v1/window-schedules", DAILY)
    path = f"/v1/window-schedules/{made['id']}"
    answer = await world.coordinator.send("PUT", path, DAILY | {"active": False}, If_Match="*")
    assert answer.status_code == 200
    assert await windows(world) == []


async def test_two_schedules_have_windows_of_the_same_day_under_their_labels(world: World) -> None:
    await world.coordinator.made("/v1/window-schedules", DAILY)
    await world.coordinator.made("/v1/window-schedules", DAILY | {"label": "evening", "cut_off_cron": "0 18 * * *"})
    days = {entry["service_date"] for entry in await windows(world)}
    assert days & {entry["service_date"] for entry in await windows(world, "evening")}
    again = await world.coordinator.post("/v1/window-schedules", DAILY)
    assert (again.status_code, again.json()["code"]) == (409, "label_taken")


async def test_a_closed_day_takes_its_window_away_and_gives_it_back(world: World) -> None:
    await world.coordinator.made("/v1/window-schedules", DAILY)
    before = [entry["service_date"] for entry in await windows(world)]
    path = f"/v1/closed-days/{before[2]}"
    closed = await world.coordinator.send("PUT", path, {"name": "Stocktaking"})
    assert closed.json() == {"data": [{"day": before[2], "name": "Stocktaking", "closed": True}]}
    assert [entry["service_date"] for entry in await windows(world)] == before[:2] + before[3:]
    assert (await world.coordinator.send("DELETE", path)).json() == {"data": []}
    assert [entry["service_date"] for entry in await windows(world)] == before


async def test_the_preview_tells_what_holidays_do(world: World) -> None:
    made = await world.coordinator.made("/v1/window-schedules", DAILY | {"holidays": "VN"})
    coming = (await world.an.get(f"/v1/window-schedules/{made['id']}/preview?days=366")).json()["data"]
    assert len(coming) in {366, 367}
    missing = [entry for entry in coming if entry["service_date"] is None]
    assert len(missing) >= 10  # Vietnam has eleven public holidays a year
    assert any("Quốc khánh" in entry["why"] for entry in missing)


async def test_the_holidays_are_the_countrys_unless_said_otherwise(world: World) -> None:
    made = await world.coordinator.made("/v1/window-schedules", {"label": "plain", "cut_off_cron": "0 16 * * *"})
    assert made["holidays"] == "VN"


async def test_only_the_coordinator_keeps_schedules(world: World) -> None:
    assert (await world.an.post("/v1/window-schedules", DAILY)).status_code == 403
    assert (await world.an.send("PUT", "/v1/closed-days/2090-01-01", {"name": "x"})).status_code == 403
    assert (await world.an.send("PATCH", f"/v1/pool-windows/{world.window_id}", {})).status_code == 403


async def test_the_database_lets_a_member_move_a_windows_version_and_nothing_else(world: World) -> None:
    me = (await world.an.get("/v1/me")).json()
    scope = Scope(
        role=Role.MEMBER_ADMIN,
        cluster_id=ids.parse("clu", me["cluster"]["id"]),
        member_id=ids.parse("mem", world.an_id),
    )
    async with Pool.open(world.database.url, 1) as pool:
        async with pool.unit(scope) as db:
            await db.execute("UPDATE pool_windows SET version = version + 1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="only the neutral side"):
            async with pool.unit(scope) as db:
                await db.execute("UPDATE pool_windows SET cut_off_at = cut_off_at + interval '1 hour'")


async def closed_an_hour_ago(world: World, policy: str, late: str = "NULL") -> None:
    """The world's window, with its cut-off in the past."""
    await as_owner(
        world,
        f"UPDATE pool_windows SET opens_at = now() - interval '2 hours', cut_off_at = now() - interval '1 hour', "
        f"late_policy = '{policy}', late_until_at = {late}",
    )


async def test_a_late_order_is_refused(world: World) -> None:
    await closed_an_hour_ago(world, "refuse")
    answer = await world.an.post("/v1/shipments", world.delivery())
    assert (answer.status_code, answer.json()["code"]) == (409, "cut_off_passed")


async def test_a_late_order_goes_into_the_next_window(world: World) -> None:
    await closed_an_hour_ago(world, "next_window")
    day = (world.day + timedelta(days=1)).isoformat()
    later = {"service_date": day, "cut_off_at": f"{day}T00:00:00+07:00"}
    following = (await world.coordinator.made("/v1/pool-windows", later))["id"]
    booking = world.delivery()
    del booking["delivery"]["window_start"], booking["delivery"]["window_end"]
    assert (await world.an.made("/v1/shipments", booking))["pool_window_id"] == following


async def test_a_late_order_is_accepted_until_the_second_moment(world: World) -> None:
    await closed_an_hour_ago(world, "accept", "now() + interval '1 hour'")
    window = (await world.an.get(f"/v1/pool-windows/{world.window_id}")).json()
    assert window["accepts_bookings"] is True
    assert (await world.an.post("/v1/shipments", world.delivery())).status_code == 201
    await closed_an_hour_ago(world, "accept", "now() - interval '1 minute'")
    assert (await world.an.post("/v1/shipments", world.delivery())).json()["code"] == "cut_off_passed"


async def test_a_cut_off_is_moved_by_hand_and_the_schedule_lets_it_be(world: World) -> None:
    made = await world.coordinator.made("/v1/window-schedules", DAILY)
    window = (await windows(world))[2]
    moved = datetime.fromisoformat(window["cut_off_at"]) + timedelta(hours=1)
    path = f"/v1/pool-windows/{window['id']}"
    body = {"cut_off_at": moved.isoformat()}
    assert (await world.coordinator.send("PATCH", path, body, If_Match="nothing")).status_code == 412
    answer = await world.coordinator.send("PATCH", path, body, If_Match=f'"{window["version"]}"')
    assert answer.status_code == 200, answer.text
    assert (await world.coordinator.send("PATCH", path, body, If_Match=f'"{window["version"]}"')).status_code == 412
    schedule = f"/v1/window-schedules/{made['id']}"
    assert (await world.coordinator.send("PUT", schedule, DAILY, If_Match="*")).is_success
    kept = next(entry for entry in await windows(world) if entry["id"] == window["id"])
    assert datetime.fromisoformat(kept["cut_off_at"]) == moved


async def test_moments_in_the_wrong_order_are_refused_and_change_nothing(world: World) -> None:
    path = f"/v1/pool-windows/{world.window_id}"
    before = (await world.an.get(path)).json()
    body = {"opens_at": "2099-01-01T00:00:00Z", "late_policy": "accept"}
    answer = await world.coordinator.send("PATCH", path, body, If_Match="*")
    assert answer.status_code == 422
    assert {fault["code"] for fault in answer.json()["errors"]} == {"window_reversed", "policy_and_moment"}
    assert (await world.an.get(path)).json() == before


async def test_a_window_closed_by_hand_takes_no_booking_more(world: World) -> None:
    path = f"/v1/pool-windows/{world.window_id}/close"
    first = (await world.coordinator.post(path, {})).json()
    assert first["accepts_bookings"] is False
    assert (await world.coordinator.post(path, {})).json() == first
    assert (await world.an.post("/v1/shipments", world.delivery())).json()["code"] == "cut_off_passed"


async def test_what_comes_to_pass_is_told_once_and_only_the_newest(world: World, pool: Pool) -> None:
    async def told() -> list[str]:
        async with pool.unit(Scope(role=Role.SYSTEM)) as db:
            rows = await db.fetch("SELECT topic FROM outbox WHERE topic LIKE 'pool_window.%' ORDER BY seq")
        return [row["topic"] for row in rows]

    await schedules.tend(pool)
    await schedules.tend(pool)
    assert await told() == ["pool_window.opened"]
    soon = datetime.now(UTC) + timedelta(minutes=30)
    await as_owner(world, f"UPDATE pool_windows SET cut_off_at = '{soon.isoformat()}'")
    await schedules.tend(pool)
    await as_owner(world, "UPDATE pool_windows SET cut_off_at = now()")
    await schedules.tend(pool)
    await schedules.tend(pool)
    assert await told() == ["pool_window.opened", "pool_window.closing_soon", "pool_window.closed"]


async def test_a_window_that_closed_while_nobody_looked_is_told_as_closed(world: World, pool: Pool) -> None:
    await closed_an_hour_ago(world, "refuse")
    await schedules.tend(pool)
    async with pool.unit(Scope(role=Role.SYSTEM)) as db:
        rows = await db.fetch("SELECT topic FROM outbox WHERE topic LIKE 'pool_window.%'")
    assert [row["topic"] for row in rows] == ["pool_window.closed"]
