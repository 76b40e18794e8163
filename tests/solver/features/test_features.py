"""One small world for every feature: what it costs by hand, by trying everything, and by solve."""

from collections.abc import Callable

import pytest

from solver.check import check
from solver.plan import Budget
from solver.solve import solve
from tests.solver.features import worlds_fleet, worlds_orders, worlds_settled, worlds_times, worlds_trips
from tests.solver.features.roads import World
from tests.solver.oracle import optimum

QUICK = Budget(seconds=None, iterations=200)
MODULES = (worlds_times, worlds_trips, worlds_fleet, worlds_orders, worlds_settled)
named = pytest.mark.parametrize(
    "world", [world for module in MODULES for world in module.WORLDS], ids=lambda world: world.__name__
)


@named
def test_the_optimum_worked_out_by_hand_is_that_of_trying_everything(world: Callable[[], World]) -> None:
    problem, optimum_milli, holds, mandatory_left = world()
    best = optimum(problem)
    assert best is not None
    assert best[:2] == (mandatory_left, optimum_milli)
    assert check(problem, best.plan) == []
    assert holds(best.plan)


@named
def test_solve_reaches_exactly_the_optimum(world: Callable[[], World]) -> None:
    problem, optimum_milli, holds, mandatory_left = world()
    result = solve(problem, QUICK)
    assert check(problem, result.plan) == []
    assert (result.plan.mandatory_unplanned, result.plan.cost_milli) == (mandatory_left, optimum_milli)
    assert holds(result.plan)
    assert result.bound_milli <= optimum_milli
