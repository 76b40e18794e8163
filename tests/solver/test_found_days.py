"""Small days that were once planned worse than they can be, or against what the format says."""

import pytest
from msgspec.structs import replace

from solver.check import check
from solver.compiled import Compiled
from solver.matrix import Matrix
from solver.plan import Budget
from solver.problem import Break, Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.schedule import Blocked, timetable
from solver.solve import solve
from tests.solver.oracle import optimum
from tests.solver.worlds import parcel, road, van

BUDGET = Budget(seconds=None, iterations=300)
A_SECOND = 3_600_000
"""An hourly price of 1_000 a second."""


def day(rows: list[list[int]], vehicles: list[VehicleType], orders: list[Order], **terms: int) -> Problem:
    """Places ``p0``, ``p1``, ...; from one to another as many metres as seconds."""
    way = TravelProfile(id="way", distance_m=Matrix(rows), duration_s=Matrix(rows))
    places = tuple(Place(id=f"p{k}") for k in range(len(rows)))
    return Problem(
        currency="VND", places=places, profiles=(way,), vehicle_types=tuple(vehicles), orders=tuple(orders), **terms
    )


def delivery(name: str, place: str, service_s: int, release_s: int = 0) -> Order:
    return Order(id=name, owner="anna", delivery=Visit(place=place, service_s=service_s), load={}, release_s=release_s)


def test_a_reload_before_a_stop_makes_it_no_smaller_a_number_of_stops() -> None:
    # one stop is allowed; km1 and km2 are two, whether or not the van says that it reloads at km2 first
    one_stop = van(stops_max=1, count=1, reloads=("km2",))
    problem = road(parcel("a", 1), parcel("b", 2), vehicles=(one_stop,))
    compiled = Compiled(problem)
    assert isinstance(timetable(compiled, 0, (1, ~2, 3)), Blocked)
    free = problem.replace(vehicle_types=(replace(one_stop, stops_max=None),))
    forced = solve(free, BUDGET).plan
    assert [violation.code for violation in check(problem, forced)] == ["stops_exceeded"]
    plan = solve(problem, BUDGET).plan
    assert plan.mandatory_unplanned == 1


def test_a_place_served_again_after_a_way_elsewhere_is_another_stop() -> None:
    # km1, km2, km1: three stays in which somebody is served; a reload within a stay ends none
    problem = road(parcel("a", 1), parcel("b", 2), parcel("c", 1), vehicles=(van(stops_max=2, reloads=("km1",)),))
    assert isinstance(timetable(Compiled(problem), 0, (1, 3, 5)), Blocked)
    assert not isinstance(timetable(Compiled(problem), 0, (1, ~1, 5, 3)), Blocked)


def test_the_price_of_the_longest_route_keeps_the_shorter_of_two_ways_to_serve_the_same_orders() -> None:
    # by way of a reload 2 stops at 700 and 8 s at 1_000; without one 3 stops and 7 s: 9_100 are less than 9_400
    rows = [[0, 1, 2, 1], [1, 0, 1, 1], [1, 1, 0, 1], [1, 1, 2, 0]]
    kind = VehicleType(
        id="v", start="p0", end="p0", profile="way", capacity={"boxes": 4}, count=1, shift=Window(0, 28),
        stop_milli=700, reloads=("p1",), reload_s=1, reloads_max=1,
    )  # fmt: skip
    four = Order(id="four", owner="anna", delivery=Visit(place="p1", service_s=3), load={"boxes": 4})
    carried = Order(id="one", owner="anna", pickup=Visit(place="p2"), delivery=Visit(place="p1"), load={"boxes": 1})
    problem = day(rows, [kind], [four, carried], longest_hour_milli=A_SECOND)
    assert solve(problem, BUDGET).plan.cost_milli == 9_100


@pytest.mark.parametrize("seed", range(6))
def test_an_order_that_finds_no_place_does_not_spoil_what_the_others_cost(seed: int) -> None:
    # the third is ready too late for either vehicle beside another; of the rest one goes on each vehicle: 12_000 and
    # 3_000. Both on the second take 16 s, for its break of 2 s falls due on the way back
    there = [[0, 1, 1], [1, 0, 1], [7, 7, 0]]
    short = [[0, 1, 1], [1, 0, 1], [1, 1, 0]]
    metres = [[0, 3, 5], [1, 0, 4], [1, 1, 0]]
    first = VehicleType(
        id="v0", start="p0", end=None, profile="short", capacity={}, count=1, shift=Window(0, 6),
        fixed_milli=7_000, km_milli=1_000_000, breaks=(Break(window=Window(2, 2), duration_s=1),),
    )  # fmt: skip
    pauses = (Break(window=Window(2, 2), duration_s=1), Break(window=Window(9, 14), duration_s=2))
    second = VehicleType(
        id="v1", start="p0", end="p0", profile="way", capacity={}, count=1, shift=Window(0, 19),
        hour_milli=A_SECOND, breaks=pauses,
    )  # fmt: skip
    orders = [delivery("near", "p0", 3), delivery("far", "p2", 3), delivery("late", "p2", 2, release_s=5)]
    plain = day(there, [second], orders)
    ways = (TravelProfile(id="short", distance_m=Matrix(metres), duration_s=Matrix(short)), *plain.profiles)
    problem = plain.replace(profiles=ways, vehicle_types=(first, second))
    best = optimum(problem)
    assert best is not None
    assert best[:2] == (1, 15_000)
    plan = solve(problem, BUDGET, seed=seed).plan
    assert (plan.mandatory_unplanned, plan.cost_milli) == (1, 15_000)
