"""Column generation: never above the optimum, and the optimum where it says so."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from solver.bounds import Bound, lower_bound_milli, prove
from solver.colgen import ColumnBound, lower_bound
from solver.colgen.limits import OutOfBudgetError
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.problem import Order, Place, Problem, VehicleType, Visit
from solver.schedule import Timetable, timetable
from tests.shared_data import shared_data
from tests.solver import tiny
from tests.solver.test_bounds import optimum, solomon
from tests.solver.worlds import cheap_tariff_outside, one_van_too_few, parcel, road, two_parcels_on_the_way, van


def columns(
    problem: Problem, labels: int = 300_000, upper_milli: int | None = None, without: frozenset[int] = frozenset()
) -> ColumnBound:
    return lower_bound(
        Compiled(problem),
        without,
        upper_milli=upper_milli,
        routes=(),
        seconds=None,
        labels=labels,
        stop=lambda: False,
    )


def proven(problem: Problem, upper_milli: int | None = None) -> Bound:
    return prove(
        Compiled(problem),
        frozenset(),
        upper_milli=upper_milli,
        routes=(),
        seconds=None,
        labels=300_000,
        stop=lambda: False,
    )


def price_of(problem: Problem, routes: tuple[tuple[int, tuple[int, ...]], ...]) -> int:
    """By the schedule and the tariff of the solver, which the bound does not use."""
    compiled = Compiled(problem)
    total = 0
    for type_, visits in routes:
        times = timetable(compiled, type_, visits)
        assert isinstance(times, Timetable)
        total += route_cost(compiled, type_, visits, times).total_milli
    served = {visit >> 1 for _, visits in routes for visit in visits}
    left = [order.outside_milli for index, order in enumerate(problem.orders) if index not in served]
    return total + sum(price or 0 for price in left)


@settings(max_examples=120, deadline=None)
@given(tiny.problems())
def test_no_plan_is_cheaper_than_what_column_generation_proves(problem: Problem) -> None:
    cost, without = optimum(problem)
    for upper_milli in (None, cost, cost + 5_000):
        found = columns(problem, upper_milli=upper_milli, without=without)
        assert 0 <= found.bound_milli <= cost
        assert not found.routes or price_of(problem, found.routes) == cost
        assert not (found.proven_optimal and upper_milli != cost) or found.bound_milli == cost


@st.composite
def rich(draw: st.DrawFn) -> Problem:
    """A tiny world with reloads, releases, limits of stops, trips that cost, groups apart."""
    problem = draw(tiny.problems(most_orders=3))
    vehicles = tuple(
        structs.replace(
            vehicle,
            reloads=draw(st.sampled_from([(), ("p0",), ("p0", "p1")])),
            reload_s=draw(st.integers(0, 3)),
            trip_milli=draw(st.sampled_from([0, 900])),
            stops_max=draw(st.sampled_from([None, None, 2])),
        )
        for vehicle in problem.vehicle_types
    )
    orders = tuple(
        structs.replace(order, release_s=draw(st.sampled_from([0, 0, 10])), groups=draw(st.sampled_from([(), ("g",)])))
        for order in problem.orders
    )
    grouped = any(order.groups for order in orders)
    apart = draw(st.sampled_from([(), (("g", "g"),)])) if grouped else ()
    return problem.replace(vehicle_types=vehicles, orders=orders, apart=apart)


def with_reloads(compiled: Compiled, type_: int, sequence: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """A sequence with at most one reload anywhere, or two."""
    yield sequence
    places = compiled.reloads_of[type_]
    for first in range(len(sequence) + 1):
        for place in places:
            one = (*sequence[:first], ~place, *sequence[first:])
            yield one
            for second in range(first + 1, len(one) + 1):
                yield from ((*one[:second], ~other, *one[second:]) for other in places)


def cheapest_rich_plan(problem: Problem) -> tuple[int, frozenset[int]]:
    """As ``optimum``, over routes with up to two reloads."""
    compiled = Compiled(problem)
    prices: dict[tuple[int, frozenset[int]], int] = {}
    everyone = range(len(problem.orders))
    for type_ in range(len(compiled.vehicle_types)):
        for size in range(1, len(problem.orders) + 1):
            for chosen in combinations(everyone, size):
                for plain in tiny.sequences(compiled, frozenset(chosen)):
                    for sequence in with_reloads(compiled, type_, plain):
                        times = timetable(compiled, type_, sequence)
                        if isinstance(times, Timetable):
                            price = route_cost(compiled, type_, sequence, times).total_milli
                            key = type_, frozenset(chosen)
                            prices[key] = min(price, prices.get(key, price))
    return cheapest_choice(problem, compiled, prices)


def cheapest_choice(
    problem: Problem, compiled: Compiled, prices: dict[tuple[int, frozenset[int]], int]
) -> tuple[int, frozenset[int]]:
    """Fewest mandatory orders left out, then least cost: that cost, and who is left out."""
    best: tuple[int, int, frozenset[int]] | None = None
    stack: list[tuple[frozenset[int], int, tuple[int, ...], frozenset[int]]] = [
        (frozenset(range(len(problem.orders))), 0, (0,) * len(compiled.vehicle_types), frozenset())
    ]
    while stack:
        left, cost, used, without = stack.pop()
        if not left:
            best = (
                min(best, (len(without), cost, without), key=lambda plan: plan[:2])
                if best
                else (len(without), cost, without)
            )
            continue
        first = min(left)
        outside = problem.orders[first].outside_milli
        stack.append((left - {first}, cost + (outside or 0), used, without | ({first} if outside is None else set())))
        for (type_, served), price in prices.items():
            count = compiled.vehicle_types[type_].count
            if first in served and served <= left and (count is None or used[type_] < count):
                more = tuple(number + (k == type_) for k, number in enumerate(used))
                stack.append((left - served, cost + price, more, without))
    assert best is not None
    return best[1], best[2]


@settings(max_examples=60, deadline=None)
@given(rich())
def test_no_plan_with_reloads_releases_and_groups_is_cheaper_than_any_bound(problem: Problem) -> None:
    cost, without = cheapest_rich_plan(problem)
    assert lower_bound_milli(Compiled(problem), without) <= cost
    for upper_milli in (None, cost):
        found = columns(problem, upper_milli=upper_milli, without=without)
        assert 0 <= found.bound_milli <= cost


@pytest.mark.parametrize(("name", "optimum_tenths"), [("C101", 8_273), ("RC101", 16_198)])
def test_a_solved_instance_is_proven(name: str, optimum_tenths: int) -> None:
    # RC101's program leaves 2.2 % to cuts and branches; no cheaper plan exists, so none is found.
    problem = solomon(shared_data("routing", "vrptw", f"{name}.txt"), 100)
    found = columns(problem, labels=600_000, upper_milli=100 * optimum_tenths)
    assert found.bound_milli == 100 * optimum_tenths
    assert found.proven_optimal
    assert found.routes == ()


def test_a_better_plan_than_the_one_known_is_found_and_priced_right() -> None:
    # Both parcels on one trip: 6 km, 600 s, two stops and the van is 10_000 + 6_000 + 6_000 + 1_000.
    problem = two_parcels_on_the_way()
    found = columns(problem, upper_milli=23_500)
    assert found.proven_optimal
    assert found.bound_milli == 23_000 == price_of(problem, found.routes)


def test_one_van_for_two_full_loads_leaves_one_order_or_none() -> None:
    compiled = Compiled(one_van_too_few())
    found = lower_bound(
        compiled, frozenset({1}), upper_milli=18_500, routes=(), seconds=None, labels=10_000, stop=lambda: False
    )
    assert (found.bound_milli, found.proven_optimal) == (18_500, True)


def test_an_outside_option_is_the_bound_where_it_is_cheaper_than_any_van() -> None:
    assert columns(cheap_tariff_outside()).bound_milli == 5_000


def test_the_same_labels_prove_the_same_and_more_labels_no_less() -> None:
    problem = solomon(shared_data("routing", "vrptw", "R101.txt"), 25)
    little, again, more = (columns(problem, labels=labels, upper_milli=617_200) for labels in (400, 400, 20_000))
    assert little == again
    assert 0 <= little.bound_milli <= more.bound_milli <= 617_100


def test_nothing_is_proven_once_it_is_told_to_stop() -> None:
    problem = road(parcel("a", 1), parcel("b", 2), vehicles=(van(),))
    found = lower_bound(
        Compiled(problem), frozenset(), upper_milli=None, routes=(), seconds=None, labels=1_000, stop=lambda: True
    )
    assert (found.bound_milli, found.proven_optimal) == (0, False)


def test_the_cheap_bound_stands_where_columns_have_no_time() -> None:
    assert proven(two_parcels_on_the_way(), upper_milli=23_000) == Bound(23_000, True, (), ())


def test_a_proof_cut_off_while_it_lists_routes_keeps_the_bound_it_had(monkeypatch: pytest.MonkeyPatch) -> None:
    """The budget ends within the listing of the only branch: the bound is that of its linear program, never none."""

    def cut_off(*_: object) -> None:
        raise OutOfBudgetError

    problem = Problem(
        places=tuple(Place(id=name, lat=10.0 + k / 100, lon=106.0) for k, name in enumerate("abcd")),
        vehicle_types=(VehicleType(id="van", start="a", end="a", km_milli=1_000, capacity={"boxes": 2}),),
        orders=tuple(Order(id=p, owner="o", delivery=Visit(place=p), load={"boxes": 1}) for p in "bcd"),
    )
    compiled = Compiled(problem)
    told = {"upper_milli": None, "routes": (), "seconds": None, "labels": 100_000, "stop": lambda: False}
    whole = lower_bound(compiled, frozenset(), **told)
    monkeypatch.setattr("solver.colgen.proof.closed", cut_off)
    cut = lower_bound(compiled, frozenset(), **told)
    assert 0 < cut.bound_milli <= whole.bound_milli
