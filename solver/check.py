"""
The independent checker: is a plan true to its problem?

Nothing here or in the files ``solver.check_*`` is shared with the search, nor with what derives times and costs for
it: every rule is written down a second time, in plain integers, from the definitions in ``solver.parts`` and
``solver.plan``.
"""

from collections import Counter
from collections.abc import Iterator

from solver.check_cost import plan_price
from solver.check_facts import Facts, side_of, work_of
from solver.check_locks import locks
from solver.check_route import check_route
from solver.plan import Action, Plan, Violation
from solver.problem import Problem


def check(problem: Problem, plan: Plan) -> list[Violation]:
    """
    Everything wrong with a plan; empty when it is feasible, complete, and right about every time, load and cost.

    The plan need not be good: a later start or a cheaper way is not a violation. Codes are listed in docs/faults.md.
    """
    facts = Facts(problem)
    found = [*_currency(problem, plan), *_coverage(facts, plan), *_fleet(facts, plan)]
    found += [*plan_price(facts, plan), *locks(facts, plan)]
    for number, route in enumerate(plan.routes):
        found.extend(check_route(facts, route, f"routes[{number}]"))
    return found


def _currency(problem: Problem, plan: Plan) -> Iterator[Violation]:
    if plan.currency != problem.currency:
        yield Violation(code="currency_wrong", where="currency", detail=f"{plan.currency}, not {problem.currency}")


def _coverage(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Every order served once and whole on one route, or unplanned once."""
    done = Counter(work for route in plan.routes for work in work_of(route))
    carriers: dict[str, set[int]] = {}
    for number, route in enumerate(plan.routes):
        for name, _ in work_of(route):
            carriers.setdefault(name, set()).add(number)
    left = Counter(entry.order for entry in plan.unplanned)
    for name, order in facts.orders.items():
        where = f"order {name}"
        counts = [done[name, action] for action in Action if side_of(order, action) is not None]
        if max(counts) > 1 or left[name] > 1:
            yield Violation(code="order_repeated", where=where, detail="stands in the plan more than once")
        if max(counts) > 0 and left[name]:
            yield Violation(code="order_planned_and_unplanned", where=where, detail="is served and listed as unplanned")
        if max(counts) > 0 and min(counts) == 0:
            yield Violation(code="order_incomplete", where=where, detail="only one of pickup and delivery is served")
        if max(counts) == 0 and not left[name]:
            yield Violation(code="order_missing", where=where, detail="is neither served nor listed as unplanned")
        if max(counts) > 0 and len(carriers[name]) > 1:
            yield Violation(code="order_on_two_routes", where=where, detail=f"on routes {sorted(carriers[name])}")
    for number, entry in enumerate(plan.unplanned):
        where = f"unplanned[{number}]"
        if entry.order not in facts.orders:
            yield Violation(code="unknown_order", where=where, detail=f"no order {entry.order!r}")
        elif entry.outside_milli != facts.orders[entry.order].outside_milli:
            asked = facts.orders[entry.order].outside_milli
            yield Violation(code="outside_wrong", where=where, detail=f"{entry.outside_milli}, the order says {asked}")


def _fleet(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Vehicle numbers from 1 to the count, each once."""
    seen: set[tuple[str, int]] = set()
    for number, route in enumerate(plan.routes):
        where = f"routes[{number}]"
        vehicle = facts.types.get(route.vehicle_type)
        beyond = vehicle is not None and vehicle.count is not None and route.vehicle > vehicle.count
        if route.vehicle < 1 or beyond:
            yield Violation(code="vehicle_number", where=where, detail=f"no vehicle {route.vehicle} of its type")
        if (route.vehicle_type, route.vehicle) in seen:
            yield Violation(code="vehicle_repeated", where=where, detail=f"vehicle {route.vehicle} drives twice")
        seen.add((route.vehicle_type, route.vehicle))
