"""An earlier plan as a start: what of it still holds, and what locks ask for."""

from collections import Counter

from solver.compiled import ACTIONS, Compiled
from solver.locks import first_routes
from solver.plan import Plan, Route
from solver.routing.alone import price_milli
from solver.routing.features import RouteKey
from solver.trips import fewer_reloads, tidied


def routes_of(compiled: Compiled, plan: Plan | None) -> list[RouteKey]:
    """
    The plan's routes that still exist and are feasible, and those that locks ask for.

    A route of a singled-out vehicle is matched by type and number, and made to begin with the prefix of its lock; where
    that is infeasible, ``solver.locks.first_routes`` has another. Orders that are gone leave their routes, as do orders
    that an earlier route serves or that are locked to another vehicle, and halves of an order; a route of an unknown
    vehicle type, or more of a type than there are, is dropped.
    """
    routes: list[RouteKey] = []
    served: set[int] = set()
    used: Counter[int] = Counter()
    known = [] if plan is None else [(_type_of(compiled, route), route) for route in plan.routes]
    # Locked vehicles first: what they are bound to serve is theirs.
    for type_, route in sorted(known, key=lambda entry: not (entry[0] >= 0 and compiled.prefix[entry[0]])):
        key = type_, () if type_ < 0 else _visits(compiled, type_, route, served)
        count = compiled.vehicle_types[type_].count
        free = type_ >= 0 and (count is None or used[type_] < count)
        if free and key[1] and price_milli(compiled, key) is not None:
            key = _lean(compiled, key)
            routes.append(key)
            served |= compiled.orders_of(key[1])
            used[type_] += 1
    for type_, visits in first_routes(compiled):
        if not used[type_]:
            routes = _without(compiled, routes, compiled.orders_of(visits))
            routes.append((type_, visits))
    return routes


def _lean(compiled: Compiled, route: RouteKey) -> RouteKey:
    """A feasible route without reloads that it is no dearer without: what they made room for may be gone."""
    type_, visits = route
    priced = ((price_milli(compiled, (type_, fewer)), fewer) for fewer in fewer_reloads(visits, compiled, type_))
    best = min(((cost, fewer) for cost, fewer in priced if cost is not None), default=None)
    known = price_milli(compiled, route)
    return route if best is None or known is None or best[0] > known else _lean(compiled, (type_, best[1]))


def _type_of(compiled: Compiled, route: Route) -> int:
    """Index of the vehicle type of a route, by identity where the vehicle is singled out; -1 for an unknown one."""
    base = compiled.type_index.get(route.vehicle_type, -1)
    return compiled.type_of.get((route.vehicle_type, route.vehicle), base)


def _visits(compiled: Compiled, type_: int, route: Route, served: set[int]) -> tuple[int, ...]:
    """A route's visits and reloads as far as they still hold, after the prefix; empty where none serves anybody."""
    prefix = compiled.prefix[type_]
    old: list[int] = []
    for stop in route.stops:
        if stop.reload and stop.place in compiled.place_index:
            old.append(~compiled.place_index[stop.place])
        old += [
            2 * compiled.order_index[visit.order] + ACTIONS.index(visit.action)
            for visit in stop.visits
            if visit.order in compiled.order_index
        ]
    old = [*prefix, *_after(old, prefix)]
    whole = {
        v >> 1 for v in old if v >= 0 and sorted(w for w in old if w >> 1 == v >> 1) == [*compiled.visits_of(v >> 1)]
    }
    kept = {order for order in whole - served if compiled.compatible[type_, order]}
    visits = tidied([visit for visit in old if visit < 0 or visit >> 1 in kept], compiled, type_)
    return visits if prefix or max(visits, default=-1) >= 0 else ()


def _after(old: list[int], prefix: tuple[int, ...]) -> list[int]:
    """What of a route comes after the entries of a prefix, each of which it may hold once or not at all."""
    rest = list(old)
    for entry in prefix:
        if entry in rest:
            rest.remove(entry)
    return rest


def _without(compiled: Compiled, routes: list[RouteKey], orders: frozenset[int]) -> list[RouteKey]:
    """Routes without some orders; one that is not feasible without them is dropped."""
    kept: list[RouteKey] = []
    for type_, visits in routes:
        rest = tidied([visit for visit in visits if visit < 0 or visit >> 1 not in orders], compiled, type_)
        if max(rest, default=-1) >= 0 and price_milli(compiled, (type_, rest)) is not None:
            kept.append((type_, rest))
    return kept
