"""An earlier plan as a start: what of it still holds."""

from collections import Counter

from solver.compiled import ACTIONS, Compiled
from solver.plan import Plan
from solver.routing.alone import price_milli
from solver.routing.features import RouteKey


def routes_of(compiled: Compiled, plan: Plan | None) -> list[RouteKey]:
    """
    The plan's routes that still exist and are feasible.

    Orders that are gone leave their routes, as do orders that an earlier route serves and halves of an order; a route
    of an unknown vehicle type, or more of a type than there are, is dropped.
    """
    routes: list[RouteKey] = []
    served: set[int] = set()
    used: Counter[int] = Counter()
    for route in () if plan is None else plan.routes:
        type_ = compiled.type_index.get(route.vehicle_type)
        if type_ is None:
            continue
        named = [(visit.order, visit.action) for stop in route.stops for visit in stop.visits]
        visits = [
            2 * compiled.order_index[order] + ACTIONS.index(action)
            for order, action in named
            if order in compiled.order_index
        ]
        whole = {
            v >> 1 for v in visits if sorted(w for w in visits if w >> 1 == v >> 1) == list(compiled.visits_of(v >> 1))
        }
        key = type_, tuple(visit for visit in visits if visit >> 1 in whole - served)
        count = compiled.problem.vehicle_types[type_].count
        if key[1] and (count is None or used[type_] < count) and price_milli(compiled, key) is not None:
            routes.append(key)
            served |= whole
            used[type_] += 1
    return routes
