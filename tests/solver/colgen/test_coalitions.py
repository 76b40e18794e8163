"""Bounds of the coalitions of a day from one model of it: as valid as those of each coalition's own problem."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from solver.colgen import ColumnBound, Whole, lower_bound
from solver.compiled import Compiled
from solver.problem import Problem
from tests.solver import tiny
from tests.solver.test_bounds import optimum
from tests.solver.worlds import one_van_too_few, two_parcels_on_the_way

Days = st.tuples(tiny.problems(most_orders=4), st.integers(1, 15), st.booleans())


def bound(whole: Whole, only: frozenset[int], **more: object) -> ColumnBound:
    told = {"without": frozenset(), "upper_milli": None, "routes": (), "labels": 300_000, "seconds": None} | more
    return lower_bound(whole, only=only, stop=lambda: False, **told)


def chosen(problem: Problem, mask: int) -> frozenset[int]:
    """Some of the orders, at least one."""
    return frozenset(order for order in range(len(problem.orders)) if mask >> order & 1) or frozenset({0})


def alone(problem: Problem, only: frozenset[int], *, unlimited: bool) -> Problem:
    """The problem of these orders alone."""
    types = problem.vehicle_types
    if unlimited:
        types = tuple(structs.replace(vehicle, count=None) for vehicle in types)
    return problem.replace(orders=tuple(problem.orders[order] for order in sorted(only)), vehicle_types=types)


def left_out(only: frozenset[int], without: frozenset[int]) -> frozenset[int]:
    return frozenset(sorted(only)[order] for order in without)


@settings(max_examples=100, deadline=None)
@given(Days)
def test_no_coalition_pays_less_than_its_bound(day: tuple[Problem, int, bool]) -> None:
    problem, mask, unlimited = day
    only = chosen(problem, mask)
    cost, missed = optimum(alone(problem, only, unlimited=unlimited))
    without = left_out(only, missed)
    whole = Whole(Compiled(problem), unlimited=unlimited)
    for upper_milli in (None, cost, cost + 5_000):
        found = bound(whole, only, without=without, upper_milli=upper_milli)
        assert 0 <= found.bound_milli <= cost
        assert not (found.proven_optimal and upper_milli != cost) or found.bound_milli == cost
        assert {visit >> 1 for _, visits in (*found.routes, *found.columns) for visit in visits if visit >= 0} <= only


@settings(max_examples=60, deadline=None)
@given(Days, st.lists(st.integers(-(10**9), 10**9), min_size=8, max_size=8))
def test_whatever_duals_and_columns_a_bound_begins_with_it_holds(
    day: tuple[Problem, int, bool], duals: list[int]
) -> None:
    problem, mask, unlimited = day
    only = chosen(problem, mask)
    cost, missed = optimum(alone(problem, only, unlimited=unlimited))
    whole = Whole(Compiled(problem), unlimited=unlimited)
    everyone = bound(whole, frozenset(range(len(problem.orders))))
    for guess in (dict(enumerate(duals)), everyone.duals):
        told = {"without": left_out(only, missed), "duals": guess, "columns": everyone.columns}
        full = bound(whole, only, upper_milli=cost, **told)
        root = bound(whole, only, root_only=True, **told)
        assert 0 <= root.bound_milli <= cost
        assert 0 <= full.bound_milli <= cost


@settings(max_examples=60, deadline=None)
@given(Days)
def test_a_part_of_the_day_has_the_program_of_its_own_problem(day: tuple[Problem, int, bool]) -> None:
    problem, mask, unlimited = day
    only = chosen(problem, mask)
    own = Whole(Compiled(alone(problem, only, unlimited=unlimited))).model()
    part = Whole(Compiled(problem), unlimited=unlimited).model(only)
    if own is None or part is None or own.grains != part.grains:
        return
    for mine, cut in zip(own.networks, part.networks, strict=True):
        assert (mine.price == cut.price).all()
        assert (mine.main == cut.main).all()
        assert [limit.most for limit in mine.limits] == [limit.most for limit in cut.limits]


def test_one_parcel_of_two_costs_what_it_costs_alone() -> None:
    # There and back is 2 x 2 km to the nearer: see the bound of the two together, 23_000, and of each alone below it.
    whole = Whole(Compiled(two_parcels_on_the_way()))
    both = bound(whole, frozenset({0, 1}), upper_milli=23_000)
    each = [bound(whole, frozenset({order})) for order in (0, 1)]
    assert both.bound_milli == 23_000
    assert max(one.bound_milli for one in each) < 23_000 < sum(one.bound_milli for one in each)


def test_where_hire_is_unlimited_one_van_too_few_is_enough() -> None:
    # The one van serves one order for 18_500; a second at the same tariff serves the other.
    limited, free = (Whole(Compiled(one_van_too_few()), unlimited=unlimited) for unlimited in (False, True))
    one = bound(limited, frozenset({0})).bound_milli
    other = bound(limited, frozenset({1})).bound_milli
    assert bound(free, frozenset({0, 1})).bound_milli == one + other


def test_the_duals_of_a_root_bound_are_of_the_visits_that_take_part() -> None:
    whole = Whole(Compiled(two_parcels_on_the_way()))
    found = bound(whole, frozenset({1}), root_only=True)
    assert set(found.duals) == {3}
    # One visit alone: its dual is the bound.
    assert found.duals[3] <= found.bound_milli * whole.grains < found.duals[3] + 2 * whole.grains
