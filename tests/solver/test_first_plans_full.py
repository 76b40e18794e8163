"""First plans, starts and locks on full days: every answer is within the rules, whatever the day asks for."""

from hypothesis import given, settings

from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.locks import faults
from solver.problem import Problem
from solver.routing.alone import Alone
from solver.routing.construct import construct, insert_missing
from solver.routing.start import routes_of
from tests.solver import rich
from tests.solver.oracle import optimum


def a_first_plan_is_within_the_rules(problem: Problem) -> None:
    compiled = Compiled(problem)
    best = optimum(problem)
    # Where the oracle finds no plan at all, a lock cannot be kept, and the other way round.
    assert bool(faults(compiled)) == (best is None)
    if best is None:
        return
    alone = Alone(compiled)
    routes = construct(compiled, alone, start=routes_of(compiled, None))
    assert check(problem, assemble(compiled, routes)) == []
    missing = [
        order for order in range(len(problem.orders)) if not any(order in compiled.orders_of(v) for _, v in routes)
    ]
    plan = assemble(compiled, insert_missing(compiled, alone, routes, missing))
    assert check(problem, plan) == []
    assert (plan.mandatory_unplanned, plan.cost_milli) >= best[:2]
    # The best plan there is, read as a start, is kept as it is.
    again = assemble(compiled, routes_of(compiled, best.plan))
    assert check(problem, again) == []
    assert (again.mandatory_unplanned, again.cost_milli) == best[:2]
    # An order that the oracle serves is one that the search looks at.
    left = {entry.order for entry in best.plan.unplanned}
    assert all(order in alone.servable for order, asked in enumerate(problem.orders) if asked.id not in left)


@settings(max_examples=60, deadline=None)
@given(rich.days(most_orders=3))
def test_a_first_plan_of_a_day_is_within_the_rules_and_the_best_plan_is_kept_as_a_start(problem: Problem) -> None:
    a_first_plan_is_within_the_rules(problem)


@settings(max_examples=60, deadline=None)
@given(rich.living_days(most_orders=3))
def test_a_first_plan_of_a_day_under_way_keeps_its_locks(problem: Problem) -> None:
    a_first_plan_is_within_the_rules(problem)
