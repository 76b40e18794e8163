"""The checker on trips, breaks, releases, locks and prices of a whole plan: right plans pass, each wrong one is told."""

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.check import check
from solver.plan import Plan, PlannedBreak
from solver.problem import Lock, Problem, Published, Window
from tests.solver import rich
from tests.solver.features import worlds_fleet, worlds_settled, worlds_times, worlds_trips
from tests.solver.features.roads import World
from tests.solver.oracle import optimum
from tests.solver.test_check import numbers_in, with_route, with_stop

Worlds = Callable[[], World]


@cache
def right(world: Worlds) -> Plan:
    """A best plan of a world."""
    best = optimum(world().problem)
    assert best is not None
    return best.plan


def codes(problem: Problem, plan: Plan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


def resting(plan: Plan, *spans: tuple[int, int]) -> Plan:
    return with_route(plan, breaks=tuple(PlannedBreak(start_s=begin, end_s=end) for begin, end in spans))


def rated(plan: Plan, **costs: int) -> Plan:
    return with_route(plan, cost=replace(plan.routes[0].cost, **costs))


ON_THE_WAY = worlds_times.a_break_on_the_way  # leaves by 2 for km 10, break of 3 within [4, 8]
TWO_TRIPS = worlds_trips.a_second_trip_beats_a_second_van  # km 5, depot, km -5
LATE_TRIP = worlds_trips.the_second_trip_waits_for_its_release  # reload at 15, not before w is released
BALANCED = worlds_fleet.balanced_work  # two vans of 10 s at 3 a second
HAPPENED = worlds_settled.what_has_happened_stays  # left at 3, x from 10 to 12, y at 16
DETOUR = worlds_settled.a_prefix_is_a_detour  # x, w, z

WRONG_PLANS: dict[str, tuple[Worlds, Callable[[Plan], Plan], str]] = {
    "the reload forgotten": (TWO_TRIPS, lambda plan: with_stop(plan, 1, reload=False), "stop_empty"),
    "a reload that serves somebody": (TWO_TRIPS, lambda plan: with_stop(plan, 0, reload=True), "reload_with_visits"),
    "nothing loaded at the reload": (TWO_TRIPS, lambda plan: with_stop(plan, 1, load_after={"boxes": 0}), "load_wrong"),
    "one trip paid of two": (TWO_TRIPS, lambda plan: rated(plan, trip_milli=7), "cost_wrong"),
    "overtime for nothing": (worlds_times.cheap_overtime, lambda plan: rated(plan, overtime_milli=0), "cost_wrong"),
    "a change that costs nothing": (
        worlds_settled.a_large_saving_is,
        lambda plan: rated(plan, change_milli=0),
        "cost_wrong",
    ),
    "no break": (ON_THE_WAY, resting, "break_missing"),
    "a break too short": (ON_THE_WAY, lambda plan: resting(plan, (4, 6)), "break_length"),
    "a break too early": (ON_THE_WAY, lambda plan: resting(plan, (3, 6)), "break_window"),
    "a break taken twice": (ON_THE_WAY, lambda plan: resting(plan, (4, 7), (7, 10)), "break_repeated"),
    "a break that delays nobody": (ON_THE_WAY, lambda plan: with_stop(plan, 0, arrival_s=10), "arrival_wrong"),
    "breaks that overlap": (
        worlds_times.two_breaks_in_a_long_day,
        lambda plan: resting(plan, (6, 8), (7, 9)),
        "break_misplaced",
    ),
    "a break over a service": (
        worlds_times.a_break_before_a_service,
        lambda plan: resting(plan, (8, 11)),
        "break_misplaced",
    ),
    "longest route for nothing": (BALANCED, lambda plan: replace(plan, longest_milli=0), "longest_wrong"),
    "vehicles at home for nothing": (
        worlds_fleet.a_van_stays_at_home_at_its_price,
        lambda plan: replace(plan, unused_milli=0),
        "unused_wrong",
    ),
    "left out for nothing": (
        worlds_settled.leaving_out_is_a_change_too,
        lambda plan: replace(plan, unplanned=(replace(plan.unplanned[0], change_milli=0),)),
        "change_wrong",
    ),
    "the sum without balance": (BALANCED, lambda plan: replace(plan, cost_milli=40), "plan_cost_wrong"),
    "another start than it had": (HAPPENED, lambda plan: with_route(plan, start_s=4), "start_wrong"),
    "arrived before the service began": (HAPPENED, lambda plan: with_stop(plan, 0, arrival_s=8), "arrival_wrong"),
    "another time than it had": (
        HAPPENED,
        lambda plan: with_stop(plan, 0, visits=(replace(plan.routes[0].stops[0].visits[0], end_s=11),)),
        "happened_wrong",
    ),
    "the locked van at home": (DETOUR, lambda plan: replace(plan, routes=()), "lock_missing"),
    "the locked order on another van": (DETOUR, lambda plan: with_route(plan, vehicle=2), "lock_vehicle"),
    "something before what is locked": (
        DETOUR,
        lambda plan: with_route(plan, stops=(plan.routes[0].stops[2], *plan.routes[0].stops[:2])),
        "lock_prefix",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_PLANS)
def test_every_wrong_plan_of_a_full_day_is_told(wrong: str) -> None:
    world, change, code = WRONG_PLANS[wrong]
    assert codes(world().problem, right(world)) == set()
    assert code in codes(world().problem, change(right(world)))


def kinds(problem: Problem, **changes: Any) -> Problem:
    """All vehicle types with some fields changed."""
    return problem.replace(vehicle_types=tuple(replace(kind, **changes) for kind in problem.vehicle_types))


def asked(problem: Problem, name: str, **changes: Any) -> Problem:
    """One order with some fields changed."""
    return problem.replace(
        orders=tuple(replace(order, **changes) if order.id == name else order for order in problem.orders)
    )


def break_changed(problem: Problem, **changes: Any) -> Problem:
    return kinds(problem, breaks=(replace(problem.vehicle_types[0].breaks[0], **changes),))


def jealous(problem: Problem) -> Problem:
    orders = tuple(replace(order, groups=("jealous",)) for order in problem.orders)
    return problem.replace(orders=orders, apart=(("jealous", "jealous"),))


STRICTER: dict[str, tuple[Worlds, Callable[[Problem], Problem], str]] = {
    "no place to reload": (TWO_TRIPS, lambda day: kinds(day, reloads=("east",)), "reload_wrong"),
    "no reload at all": (TWO_TRIPS, lambda day: kinds(day, reloads_max=0), "reloads_exceeded"),
    "a slower reload": (TWO_TRIPS, lambda day: kinds(day, reload_s=1), "service_early"),
    "a dock that is shut": (
        TWO_TRIPS,
        lambda day: day.replace(places=tuple(replace(place, windows=(Window(0, 9),)) for place in day.places)),
        "window_missed",
    ),
    "goods of the first trip elsewhere": (TWO_TRIPS, lambda day: asked(day, "e", hub="west"), "hub_wrong"),
    "goods of the second trip elsewhere": (TWO_TRIPS, lambda day: asked(day, "w", hub="west"), "hub_wrong"),
    "a smaller van": (TWO_TRIPS, lambda day: kinds(day, capacity={"boxes": 9}), "capacity_exceeded"),
    "a release after the first trip began": (LATE_TRIP, lambda day: asked(day, "e", release_s=4), "release_missed"),
    "a release after the reload began": (LATE_TRIP, lambda day: asked(day, "w", release_s=16), "release_missed"),
    "a pickup not released yet": (
        worlds_times.a_pickup_waits_for_its_release,
        lambda day: asked(day, "x", release_s=13),
        "release_missed",
    ),
    "orders that must be apart, on two trips": (TWO_TRIPS, jealous, "apart_broken"),
    "fewer stops": (worlds_fleet.two_stops_a_van, lambda day: kinds(day, stops_max=1), "stops_exceeded"),
    "a break that is not due any more": (
        ON_THE_WAY,
        lambda day: break_changed(day, window=Window(4, 30)),
        "break_superfluous",
    ),
    "a break later": (ON_THE_WAY, lambda day: break_changed(day, window=Window(20, 21)), "break_window"),
    "a longer break": (ON_THE_WAY, lambda day: break_changed(day, duration_s=4), "break_length"),
    "a van that should not go on": (
        DETOUR,
        lambda day: day.replace(locks=(replace(day.locks[0], closed=True),)),
        "lock_closed",
    ),
    "an order locked to another van": (
        TWO_TRIPS,
        lambda day: day.replace(locks=(Lock(vehicle_type="van", vehicle=2, orders=("e",)),)),
        "lock_vehicle",
    ),
    "goods that were not on board when it left": (
        HAPPENED,
        lambda day: day.replace(locks=(replace(day.locks[0], orders=()),)),
        "lock_loaded",
    ),
    "a van that left earlier": (
        HAPPENED,
        lambda day: day.replace(locks=(replace(day.locks[0], start_s=2),)),
        "start_wrong",
    ),
    "a van that people do not expect": (
        TWO_TRIPS,
        lambda day: day.replace(
            published=(Published(order="e", vehicle_type="van", vehicle=2),),
            change_milli=1,
        ),
        "cost_wrong",
    ),
}


@pytest.mark.parametrize("change", STRICTER)
def test_a_right_plan_is_wrong_for_a_stricter_day(change: str) -> None:
    world, stricter, code = STRICTER[change]
    assert code in codes(stricter(world().problem), right(world))


def test_a_break_that_closed_with_what_has_happened_is_not_asked_for() -> None:
    # x was served until 12: a break due by 11 is past, one due by 14 is not
    day = HAPPENED().problem
    rule = ON_THE_WAY().problem.vehicle_types[0].breaks[0]
    past = kinds(day, breaks=(replace(rule, window=Window(9, 11)),))
    assert codes(past, right(HAPPENED)) == set()
    assert codes(kinds(day, breaks=(replace(rule, window=Window(9, 14)),)), right(HAPPENED)) == {"break_missing"}


def test_what_has_happened_needs_no_way_and_no_opening_hours() -> None:
    day = HAPPENED().problem
    rows = [[-1 if {a, b} == {0, 1} else km for b, km in enumerate(row)] for a, row in enumerate(KILOMETRES)]
    cut = day.replace(profiles=(worlds_fleet.profile(rows),))
    best = optimum(cut)
    assert best is not None
    # from a on to b and home: 4 + 9 km, the way to a counts nothing
    assert best.plan.routes[0].distance_m == 13_000
    assert check(cut, best.plan) == []


KILOMETRES = worlds_fleet.apart_km(worlds_settled.LINE)


@settings(max_examples=60, deadline=None)
@given(st.one_of(rich.days(), rich.living_days()), st.data())
def test_any_single_number_of_a_right_plan_of_a_full_day_changed_by_one_is_caught(
    problem: Problem, data: st.DataObject
) -> None:
    best = optimum(problem)
    assume(best is not None)
    assert best is not None
    raw = msgspec.to_builtins(best.plan)
    # a vehicle's number is free within its count
    holders = [(holder, key) for holder, key in numbers_in(raw) if key != "vehicle"]
    holder, key = data.draw(st.sampled_from(holders))
    if isinstance(holder[key], bool):
        holder[key] = not holder[key]
    else:
        holder[key] += data.draw(st.sampled_from([-1, 1]))
    assert check(problem, msgspec.convert(raw, Plan)) != []
