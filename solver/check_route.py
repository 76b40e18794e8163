"""One route against its problem: the checker's rules for what a vehicle does, when, and what it costs."""

from collections.abc import Iterator

from solver.check_breaks import breaks
from solver.check_cost import route_price
from solver.check_facts import Facts, Reading, side_of
from solver.check_hold import hold
from solver.check_load import compatibility, hubs, loads, precedence, reloads, shape
from solver.check_locks import prefix
from solver.check_times import journey, limits, releases, services
from solver.plan import Route, Violation

TIMES = (services, releases, journey, limits, breaks)
RULES = (shape, precedence, compatibility, reloads, hubs, loads, hold, *TIMES, route_price, prefix)


def check_route(facts: Facts, route: Route, where: str) -> list[Violation]:
    """Everything wrong with one route, taken by itself; names that the problem does not hold end the check at once."""
    found = list(_unknown(facts, route, where))
    if not found:
        reading = Reading(facts, route, where)
        for rule in RULES:
            found.extend(rule(reading))
    return found


def _unknown(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """Names that the problem does not hold; no other rule of the route is tried when there are any."""
    if route.vehicle_type not in facts.types:
        yield Violation(code="unknown_vehicle_type", where=where, detail=f"no vehicle type {route.vehicle_type!r}")
    for number, stop in enumerate(route.stops):
        at = f"{where}.stops[{number}]"
        if stop.place not in facts.places:
            yield Violation(code="unknown_place", where=at, detail=f"no place {stop.place!r}")
        for visit in stop.visits:
            order = facts.orders.get(visit.order)
            if order is None:
                yield Violation(code="unknown_order", where=at, detail=f"no order {visit.order!r}")
            elif side_of(order, visit.action) is None:
                yield Violation(code="visit_not_asked", where=at, detail=f"{visit.order!r} has no {visit.action}")
