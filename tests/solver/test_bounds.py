from functools import cache
from itertools import combinations
from math import dist
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.bounds import bins_needed, lower_bound_milli
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.schedule import Timetable, timetable
from tests.shared_data import shared_data
from tests.solver import tiny
from tests.solver.worlds import (
    cheap_tariff_outside,
    one_parcel,
    one_van_too_few,
    parcel,
    road,
    transport,
    two_parcels_on_the_way,
    van,
)


def cheapest_routes(compiled: Compiled) -> dict[tuple[int, frozenset[int]], int]:
    """The least cost of one vehicle of a type for exactly these orders, by trying every sequence."""
    best: dict[tuple[int, frozenset[int]], int] = {}
    for type_, sequence in tiny.feasible_routes(compiled):
        times = timetable(compiled, type_, sequence)
        assert isinstance(times, Timetable)
        price = route_cost(compiled, type_, sequence, times).total_milli
        key = type_, compiled.orders_of(sequence)
        best[key] = min(price, best.get(key, price))
    return best


def optimum(problem: Problem) -> tuple[int, frozenset[int]]:
    """Least number of mandatory orders unserved, then least cost: that cost, and the mandatory orders left out."""
    compiled = Compiled(problem)
    prices = cheapest_routes(compiled)
    counts = tuple(vehicle.count for vehicle in problem.vehicle_types)

    @cache
    def best(left: frozenset[int], used: tuple[int, ...]) -> tuple[int, int, frozenset[int]]:
        if not left:
            return 0, 0, frozenset()
        first, rest = min(left), left - {min(left)}
        missed, cost, without = best(rest, used)
        outside = problem.orders[first].outside_milli
        found = [(missed + 1, cost, without | {first}) if outside is None else (missed, cost + outside, without)]
        for (type_, served), price in prices.items():
            count = counts[type_]
            if first in served and served <= left and (count is None or used[type_] < count):
                more = tuple(number + (k == type_) for k, number in enumerate(used))
                missed, cost, without = best(left - served, more)
                found.append((missed, cost + price, without))
        return min(found, key=lambda entry: entry[:2])

    _, cost, without = best(frozenset(range(len(problem.orders))), (0,) * len(counts))
    return cost, without


@settings(max_examples=150, deadline=None)
@given(tiny.problems())
def test_no_plan_is_cheaper_than_the_bound(problem: Problem) -> None:
    cost, without = optimum(problem)
    assert 0 <= lower_bound_milli(Compiled(problem), without) <= cost


def test_the_bound_is_exact_for_one_parcel() -> None:
    # There and back is the only way: 18_600.
    assert lower_bound_milli(Compiled(one_parcel())) == 18_600


def test_the_bound_is_exact_for_two_parcels_on_the_way() -> None:
    # The tree root - km2 - km3 with the mark at km3 is the best trip itself: 23_000.
    assert lower_bound_milli(Compiled(two_parcels_on_the_way())) == 23_000


def test_an_outside_option_bounds_the_cost_from_above_and_is_found() -> None:
    # Half the option on the edge, half on the mark: 5_000.
    assert lower_bound_milli(Compiled(cheap_tariff_outside())) == 5_000


def test_orders_that_stay_unserved_are_left_out() -> None:
    compiled = Compiled(one_van_too_few())
    # km2 and km3 with a van each cost 10 + 4 + 4 + 0.5 and 10 + 6 + 6 + 0.5; km2 alone is 18_500.
    assert 30_000 < lower_bound_milli(compiled) <= 41_000
    assert lower_bound_milli(compiled, frozenset({1})) == 18_500
    assert lower_bound_milli(compiled, frozenset({0, 1})) == 0


def test_every_vehicle_that_the_load_needs_is_paid() -> None:
    # Five parcels of 6 boxes at km1, room for 10: no two fit together, so five vans at 10 + 2 + 2 + 0.5.
    compiled = Compiled(road(*(parcel(f"p{k}", 1, boxes=6) for k in range(5))))
    assert lower_bound_milli(compiled) == 5 * 14_500


def test_a_transport_is_not_delivered_first() -> None:
    # km0 - km5 - km1 - home: 10 km, 1000 s, two stops and the van.
    bound = lower_bound_milli(Compiled(road(transport("t", 5, 1))))
    assert bound == 10_000 + 10_000 + 10_000 + 1_000


def test_waiting_between_windows_is_bounded_too() -> None:
    # km1 until 150 s, km2 from 500 s: 650 s, 4 km, two stops on one van; two vans cost more.
    compiled = Compiled(road(parcel("a", 1, (0, 150)), parcel("b", 2, (500, 600))))
    assert lower_bound_milli(compiled) == 10_000 + 4_000 + 6_500 + 1_000


def test_no_orders_cost_nothing() -> None:
    assert lower_bound_milli(Compiled(road())) == 0


def test_where_no_vehicle_exists_only_outside_options_count() -> None:
    problem = road(parcel("a", 1), parcel("b", 2, outside_milli=7_000), vehicles=(van(count=0),))
    assert lower_bound_milli(Compiled(problem)) == 7_000


@pytest.mark.parametrize(
    ("sizes", "capacity", "expected"),
    [
        ([], 10, 0),
        ([0, 0], 10, 0),
        ([5, 5], 10, 1),
        ([6, 6, 6], 10, 3),  # the sum would say 2
        ([3, 3, 7, 7], 10, 2),
        ([4, 4, 4, 7, 7], 10, 4),  # with 4 as small: the sevens go alone, three fours need two
        ([11, 1], 10, 1),  # what never fits is not counted
    ],
)
def test_large_and_small_pieces_need_at_least_so_many_bins(sizes: list[int], capacity: int, expected: int) -> None:
    assert bins_needed(sizes, capacity) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=6), st.integers(1, 12))
def test_bins_needed_never_exceeds_the_best_packing(sizes: list[int], capacity: int) -> None:
    fitting = [size for size in sizes if size <= capacity]
    assert bins_needed(sorted(sizes), capacity) <= fewest_bins(fitting, capacity)


def fewest_bins(sizes: list[int], capacity: int) -> int:
    """By trying every set of items for the bin that holds the first."""
    sizes = [size for size in sizes if size]
    if not sizes:
        return 0
    first, rest = sizes[0], sizes[1:]
    best = len(sizes)
    for more in range(len(rest) + 1):
        for chosen in combinations(range(len(rest)), more):
            if first + sum(rest[k] for k in chosen) <= capacity:
                left = [size for k, size in enumerate(rest) if k not in chosen]
                best = min(best, 1 + fewest_bins(left, capacity))
    return best


def solomon(path: Path, customers: int) -> Problem:
    """An instance of Solomon's: distances cut to one decimal and kept in tenths, cost 100 a tenth."""
    lines = [line.split() for line in path.read_text().splitlines()]
    table = [[int(word) for word in line] for line in lines if len(line) == 7 and line[0].isdigit()][: customers + 1]
    apart = Matrix([[int(10 * dist(a[1:3], b[1:3])) for b in table] for a in table])
    van_type = VehicleType(
        id="van",
        start="0",
        end="0",
        capacity={"q": int(lines[4][1])},
        shift=Window(0, 10 * table[0][5]),
        km_milli=100_000,
    )
    orders = tuple(
        Order(
            id=str(name),
            owner="anna",
            delivery=Visit(place=str(name), windows=(Window(10 * opens, 10 * closes),), service_s=10 * service),
            load={"q": demand},
        )
        for name, _, _, demand, opens, closes, service in table[1:]
    )
    places = tuple(Place(id=str(row[0])) for row in table)
    profile = TravelProfile(id="default", distance_m=apart, duration_s=apart)
    return Problem(places=places, profiles=(profile,), vehicle_types=(van_type,), orders=orders)


@pytest.mark.parametrize(
    ("name", "optimum_tenths", "least"),
    [
        ("C101", 8_273, 0.99),  # clustered, tight windows, routes of ten
        ("R101", 16_377, 0.80),  # scattered, windows of ten minutes
        ("RC208", 7_761, 0.80),  # long routes, wide windows
    ],
)
def test_the_bound_of_a_solved_instance_is_below_its_optimum_but_not_far(
    name: str, optimum_tenths: int, least: float
) -> None:
    bound = lower_bound_milli(Compiled(solomon(shared_data("routing", "vrptw", f"{name}.txt"), 100)))
    assert least * 100 * optimum_tenths <= bound <= 100 * optimum_tenths


def test_no_bins_are_needed_for_what_no_bin_holds() -> None:
    # Motorbikes have no pallet places; the one pallet of the day is left out, not divided by zero places.
    assert bins_needed([1], 0) == 0
    assert bins_needed([0, 0], 0) == 0
