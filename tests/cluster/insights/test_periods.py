"""Periods, punctuality as reported, and what months tell members of each other."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from cluster.base.db import Database as Pool
from cluster.base.db import act_as, system_scope
from cluster.insights import kpis as service
from tests.cluster.api import Caller, World, riverside
from tests.cluster.insights.generated import cluster_of, connected, publish
from tests.databases import Database

pytestmark = pytest.mark.anyio
LATER = date(2026, 6, 1)
"""A day by which the months below are long over."""


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside."""
    async with riverside(database) as found:
        yield found


async def kpis(caller: Caller, query: str) -> Any:
    """The figures as somebody sees them."""
    answer = await caller.get(f"/v1/kpis?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def tell(world: World, today: date = LATER) -> None:
    """What the worker does when months are over."""
    scope = system_scope(await cluster_of(world))
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        assert await service.measure(db, scope, 1000) == 0
        await service.tell_months(db, scope, today)


async def firms(world: World, number: int) -> tuple[dict[str, Caller], list[str]]:
    """An, Binh and further firms: callers by identifier, and the identifiers."""
    found = {world.an_id: world.an, world.binh_id: world.binh}
    for index in range(number - 2):
        member, caller = await world.admit(f"firm{index}")
        found[member] = caller
    return found, list(found)


async def test_weeks_begin_on_monday_and_periods_are_cut_to_what_was_asked_for(world: World) -> None:
    # 2026-01-04 is a Sunday; the fill of both days is weighted by 1,000,000 g over 10 and 30 km
    await publish(world, date(2026, 1, 4), {world.an_id: 2}, fill_weight=0.8, distance_m=10_000)
    await publish(world, date(2026, 1, 5), {world.an_id: 1}, fill_weight=0.4, distance_m=30_000, emissions_g=500)
    await publish(world, date(2026, 2, 9), {world.an_id: 4})
    weeks = await kpis(world.coordinator, "from=2026-01-02&to=2026-01-31&by=week")
    spans = [(entry["start"], entry["end"], entry["figures"]["planned"]) for entry in weeks["periods"]]
    assert spans == [("2026-01-02", "2026-01-04", 2), ("2026-01-05", "2026-01-11", 1)]
    total = weeks["total"]["figures"]
    assert (total["days"], total["planned"], total["fill_weight"]) == (2, 3, 0.5)  # (0.8 x 10 + 0.4 x 30) / 40
    assert (total["emissions_days"], total["emissions_g"]) == (1, 500)
    months = await kpis(world.coordinator, "from=2026-01-01&to=2026-12-31&by=month")
    assert [entry["figures"]["planned"] for entry in months["periods"]] == [3, 4]


async def test_rates_and_savings_follow_from_sums(world: World) -> None:
    # 10 shipments of 10 kg alone 1,000 each; a fifth is saved: 8,000 for 10 km and 100 kg
    await publish(world, date(2026, 1, 5), {world.an_id: 4, world.binh_id: 6}, on_time=False)
    found = (await kpis(world.coordinator, "from=2026-01-01&to=2026-01-31"))["total"]["figures"]
    assert (found["cost_minor"], found["stand_alone_minor"], found["saving_minor"]) == (8_000, 10_000, 2_000)
    assert (found["minor_per_shipment"], found["minor_per_km"], found["minor_per_kg"]) == (800.0, 800.0, 80.0)
    assert (found["saving_part"], found["visits"], found["on_time_part"]) == (0.2, 10, 0.0)
    own = (await kpis(world.an, "from=2026-01-01&to=2026-01-31"))["total"]["own"]
    assert (own["planned"], own["share_minor"], own["saving_minor"], own["minor_per_kg"]) == (4, 3_200, 800, 80.0)


async def test_what_was_reported_counts_before_what_was_planned(world: World) -> None:
    plan = await publish(world, date(2026, 1, 5), {world.an_id: 4})  # windows from 02:00 to 03:00, planned at 02:30
    await kpis(world.coordinator, "from=2026-01-01&to=2026-01-31")
    at = datetime(2026, 1, 5, 2, tzinfo=UTC)
    # in time; at the door before it opened, served after; too late; in time but refused
    reported = [(30, 40, "done"), (-20, 5, "partly"), (61, 70, "done"), (30, 40, "failed")]
    cluster = await cluster_of(world)
    db = await connected(world)
    try:
        async with db.transaction():
            await act_as(db, system_scope(cluster))
            await drive(db, cluster, plan, at, reported)
    finally:
        await db.close()
    found = (await kpis(world.coordinator, "from=2026-01-01&to=2026-01-31"))["total"]["figures"]
    assert (found["visits"], found["happened"], found["on_time"]) == (4, 4, 2)


async def drive(db: Any, cluster: Any, plan: Any, at: datetime, reported: list[tuple[int, int, str]]) -> None:
    """A tour of the plan with a stop for each shipment, arrivals and outcomes so many minutes after ``at``."""
    kind, window = await db.fetchrow(
        "SELECT vehicle_type_id, pool_window_id FROM plan_routes JOIN plans USING (cluster_id, plan_id) "
        "WHERE cluster_id = $1 AND plan_id = $2",
        *(cluster, plan),
    )
    await db.execute(
        "INSERT INTO tours (cluster_id, tour_id, plan_id, route_no, pool_window_id, vehicle_type_id, vehicle_no, "
        "code, vehicle, status, starts_at, ends_at, distance_m) "
        "VALUES ($1, $2, $2, 1, $3, $4, 1, 'T1', 'Van 1', 'dispatched', $5, $5, 1)",
        *(cluster, plan, window, kind, at),
    )
    shipments = await db.fetch("SELECT shipment_id FROM plan_visits WHERE cluster_id = $1 ORDER BY 1", cluster)
    for number, (row, (arrived, ended, outcome)) in enumerate(zip(shipments, reported, strict=True), start=1):
        times = (at + timedelta(minutes=arrived), at + timedelta(minutes=ended))
        await db.execute(
            "INSERT INTO tour_stops (cluster_id, tour_id, stop_no, arrives_at, departs_at, arrived_at) "
            "VALUES ($1, $2, $3, $4, $4, $5)",
            *(cluster, plan, number, at, times[0]),
        )
        await db.execute(
            "INSERT INTO tour_visits (cluster_id, tour_id, stop_no, visit_no, shipment_id, action, begins_at, "
            "ends_at, outcome, outcome_at, units_done) VALUES ($1, $2, $3, 1, $4, 'delivery', $5, $5, $6, $7, 1)",
            *(cluster, plan, number, row["shipment_id"], at, outcome, times[1]),
        )
    await db.execute(
        "INSERT INTO tracking_events (cluster_id, event_id, tour_id, event_key, kind, source, at, told_at, applied) "
        "VALUES ($1, $2, $2, 'e1', 'completed', 'driver', now(), now(), true)",
        *(cluster, plan),
    )


MONTHS = "from=2026-01-01&to=2026-02-28&by=month"


async def totals(caller: Caller, query: str = MONTHS) -> list[Any]:
    """What somebody is told of the cluster, period by period."""
    return [entry["cluster"] for entry in (await kpis(caller, query))["periods"]]


async def test_members_are_told_of_whole_months_that_are_over_and_of_nothing_else(world: World) -> None:
    _, names = await firms(world, 5)
    for day in (date(2026, 1, 5), date(2026, 1, 19), date(2026, 2, 9)):
        await publish(world, day, dict.fromkeys(names, 123))
    await tell(world, date(2026, 3, 5))
    # January: 2 x 5 x 123 = 1,230 shipments, 20 km, a saving of 246,000; February ended only 5 days ago
    january = {"shipments": 1_200, "distance_m": 20_000, "saving_minor": 250_000, "emissions_g": None}
    assert await totals(world.an) == [january, None]
    for query in (
        "from=2026-01-01&to=2026-01-30&by=month",
        "from=2026-01-02&to=2026-02-28&by=month",
        "from=2026-01-01&to=2026-02-28&by=week",
        "from=2026-01-01&to=2026-02-28&by=day",
    ):
        assert set(map(str, await totals(world.an, query))) == {"None"}
    assert (await kpis(world.an, MONTHS))["total"]["cluster"] is None


async def test_too_few_others_a_dominant_one_or_one_that_came_alone_close_a_month(world: World) -> None:
    _, names = await firms(world, 5)
    an, binh, *others = names
    january, february, march = date(2026, 1, 5), date(2026, 2, 9), date(2026, 3, 9)
    await publish(world, january, {an: 10, binh: 10, others[0]: 10})  # An has two others
    await publish(world, february, {an: 10, binh: 90, others[0]: 10, others[1]: 10})  # Binh has 82 % of the others'
    await publish(world, march, dict.fromkeys(names, 10))  # others[2] came alone
    await publish(world, date(2026, 4, 6), dict.fromkeys(names, 10))
    await tell(world)
    query = "from=2026-01-01&to=2026-04-30&by=month"
    assert [entry is not None for entry in await totals(world.an, query)] == [False, False, False, True]


async def test_the_clusters_own_threshold_may_be_higher_but_never_lower(world: World) -> None:
    _, names = await firms(world, 5)
    await publish(world, date(2026, 1, 5), dict.fromkeys(names, 10))
    assert (await world.coordinator.send("PATCH", "/v1/cluster", {"privacy_min_members": 5})).is_success
    await tell(world)
    assert await totals(world.an, "from=2026-01-01&to=2026-01-31&by=month") == [None]


async def test_what_was_told_never_moves_whatever_is_published_later(world: World) -> None:
    """Or the difference of two readings would be what a rival's late shipment came to."""
    _, names = await firms(world, 5)
    await publish(world, date(2026, 1, 5), dict.fromkeys(names, 10))
    await tell(world)
    before = await totals(world.an, "from=2026-01-01&to=2026-01-31&by=month")
    await publish(world, date(2026, 1, 6), {world.binh_id: 500})
    await tell(world)
    assert await totals(world.an, "from=2026-01-01&to=2026-01-31&by=month") == before != [None]


async def test_neither_differences_of_periods_nor_two_members_together_tell_of_a_rival(world: World) -> None:
    """
    Binh's volume grows in February by 2 of 300 shipments. An asks for every period there is and subtracts, and puts
    its view beside a friend's: all that either is told is the same two rounded months.
    """
    callers, names = await firms(world, 5)
    friend = names[2]
    quiet = dict.fromkeys(names, 60)
    await publish(world, date(2026, 1, 5), quiet)
    await publish(world, date(2026, 2, 9), quiet | {world.binh_id: 62})
    await tell(world)
    views = {}
    for member in (world.an_id, friend):
        seen = {
            str(entry)
            for by in ("day", "week", "month")
            for start, end in (("01-01", "02-28"), ("01-05", "02-28"), ("01-01", "02-09"), ("02-01", "02-28"))
            for entry in await totals(callers[member], f"from=2026-{start}&to=2026-{end}&by={by}")
        }
        views[member] = seen - {"None"}
    assert views[world.an_id] == views[friend]
    assert len(views[world.an_id]) == 1  # 300 and 302 shipments, 60,000 and 60,400 saved: told alike


def own_of(found: Any) -> tuple[int, int | None]:
    """Of how many days a member is told its part of the emissions, and which part."""
    own = found["total"]["own"]
    return own["emissions_days"], own["emissions_g"]


async def test_a_members_part_of_the_emissions_is_two_digits_of_each_day_added_up(world: World) -> None:
    callers, known = await firms(world, 4)
    grams = {known[0]: 12_345, known[1]: 999, known[2]: 47, known[3]: 0}
    for day in (date(2026, 1, 5), date(2026, 1, 6)):
        await publish(world, day, dict.fromkeys(known, 2), emissions_g=13_391, emissions_by_member=grams)
    await publish(world, date(2026, 1, 7), dict.fromkeys(known, 2))
    await tell(world)
    told = [own_of(await kpis(callers[member], "from=2026-01-01&to=2026-01-31")) for member in known]
    # 12,345 is told as 12,000; 999 as 1,000; of the third day nothing is known
    assert told == [(2, 24_000), (2, 2_000), (2, 94), (2, 0)]
    assert own_of(await kpis(callers[known[0]], "from=2026-01-06&to=2026-01-07")) == (1, 12_000)


async def test_a_part_of_the_emissions_is_withheld_where_it_would_tell_of_somebody(world: World) -> None:
    callers, known = await firms(world, 5)
    few, dominated = dict.fromkeys(known[:3], 2), dict.fromkeys(known, 1) | {known[1]: 9}
    for number, shipments in enumerate((few, dominated)):
        parts = dict.fromkeys(shipments, 5_000)
        day = date(2026, 1, 5 + number)
        await publish(world, day, shipments, emissions_g=sum(parts.values()), emissions_by_member=parts)
    await tell(world)
    # Two others on the first day; on the second the dominant one has 9 of the others' 12, but for itself 4 others remain
    assert own_of(await kpis(callers[known[0]], "from=2026-01-01&to=2026-01-31")) == (0, None)
    assert own_of(await kpis(callers[known[1]], "from=2026-01-01&to=2026-01-31")) == (1, 5_000)
    cluster = (await kpis(world.coordinator, "from=2026-01-01&to=2026-01-31"))["total"]["figures"]
    assert (cluster["emissions_days"], cluster["emissions_g"]) == (2, 40_000)  # 3 and 5 members with 5,000 each
