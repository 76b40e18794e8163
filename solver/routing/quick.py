"""Very small problems, thousands of them: one short search in compiled code, nothing around it."""

from solver.compiled import Compiled
from solver.plan import Budget
from solver.routing.engine import PLAIN
from solver.routing.features import RouteKey

ORDERS_MAX = 20
ROUNDS = 4
"""Rounds of ruin and recreate an order for one iteration of a budget: 20 are enough for nearly all such problems."""


def suits(compiled: Compiled, budget: Budget) -> bool:
    """Whether a solve is such a one: few orders, a budget in iterations alone, and no bound asked for."""
    few = 0 < len(compiled.problem.orders) <= ORDERS_MAX
    return few and budget.seconds is None and not budget.bound and not PLAIN.supports(compiled.problem)


def quick_routes(compiled: Compiled, budget: Budget, seed: int) -> list[RouteKey]:
    """Routes of a good plan; orders that no vehicle can serve, and those not worth it, are left out."""
    from solver.routing.plain.question import question_of
    from solver.routing.plain.small import solve_small

    orders = range(len(compiled.problem.orders))
    routes, _ = solve_small(question_of(compiled, orders), seed, ROUNDS * (budget.iterations or 1))
    visit_of = [compiled.visits_of(order)[0] for order in orders]
    return [(type_, tuple(visit_of[order] for order in served)) for type_, served in routes]
