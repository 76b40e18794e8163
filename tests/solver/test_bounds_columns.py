"""Column generation: never above the optimum, and the optimum where it says so."""

from hypothesis import given, settings

from solver.bounds import Bound, prove
from solver.colgen import ColumnBound, lower_bound
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.problem import Problem
from solver.schedule import Timetable, timetable
from tests.solver import tiny
from tests.solver.test_bounds import optimum


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
