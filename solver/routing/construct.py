"""
A first plan by cheapest insertion: the warm start of every engine, and the answer when there is no time for more.

Sequential best insertion (Solomon 1987, I1, without its weights) over all routes at once, the dearest orders first;
each insertion may also change a route to another vehicle type. Handles every feature of a problem.
"""

from collections.abc import Callable, Sequence

import numpy as np

from solver.compiled import Compiled
from solver.routing.alone import Alone, price_milli
from solver.routing.features import RouteKey
from solver.routing.insertion import NEVER, Insertion, Line, best_insertion

POLICIES_ORDERS_MAX = 500
"""Up to so many orders a plan is made for each vehicle type opened by preference, and the best is taken."""
LINES_TRIED = 12
"""Routes looked at for one order, nearest first; further ones hardly ever win."""


def construct(
    compiled: Compiled,
    alone: Alone,
    *,
    orders: frozenset[int] | None = None,
    start: Sequence[RouteKey] = (),
    stop: Callable[[], bool] = lambda: False,
    hasty: bool = False,
) -> list[RouteKey]:
    """
    Routes for as many orders as the fleet takes and as is worth while.

    Parameters
    ----------
    compiled
        The problem.
    alone
        Prices of single orders; which orders can be served at all.
    orders
        What is to be planned (None: everything that can be served).
    start
        Feasible routes that stay as they are but for insertions, apart from one another and within the fleet.
    stop
        Asked before each order; on True the orders not yet looked at stay unplanned.
    hasty
        One plan only, where several would be made to choose from.

    Returns
    -------
    list of RouteKey
        Feasible, apart from one another, within the fleet; an optional order is served only where that costs less than
        its outside option, together with the others on its route.
    """
    wanted = alone.servable if orders is None else orders & alone.servable
    missing = wanted - {visit >> 1 for _, visits in start for visit in visits}
    prefers: list[int | None] = [None]
    if not hasty and len(missing) <= POLICIES_ORDERS_MAX:
        prefers += range(len(compiled.problem.vehicle_types))
    drafts: list[_Draft] = []
    for prefer in prefers:
        if drafts and (stop() or not missing):
            break
        drafts.append(_filled(_Draft(compiled, alone, start, prefer), missing, stop))
    best = min(drafts, key=lambda draft: draft.worth(wanted))
    return [(line.type_, line.visits) for line in best.lines.values()]


def _filled(draft: "_Draft", missing: frozenset[int], stop: Callable[[], bool]) -> "_Draft":
    """A draft with orders inserted, vehicle types adjusted and unworthy orders dropped."""
    for order in sorted(missing, key=draft.rank):
        if stop():
            break
        draft.insert(order)
    draft.change_types()
    draft.drop_unworthy()
    return draft


def insert_missing(
    compiled: Compiled, alone: Alone, routes: Sequence[RouteKey], missing: Sequence[int]
) -> list[RouteKey]:
    """Routes with each missing order inserted where there is room, even one that no vehicle serves alone."""
    draft = _Draft(compiled, alone, routes)
    for order in missing:
        draft.insert(order, at_most=draft.outside_milli(order))
    return [(line.type_, line.visits) for line in draft.lines.values()]


class _Draft:
    """Routes in the making."""

    def __init__(self, compiled: Compiled, alone: Alone, start: Sequence[RouteKey], prefer: int | None = None) -> None:
        self.compiled, self.alone, self.prefer = compiled, alone, prefer
        types = compiled.problem.vehicle_types
        self.free = [2**31 if vehicle.count is None else vehicle.count for vehicle in types]
        self.lines: dict[int, Line] = {}
        self._next = 0
        self._tables = list({id(table): table for table in compiled.distance_m}.values())
        for route in start:
            cost = price_milli(compiled, route)
            if cost is not None and self.free[route[0]] > 0:
                self._open(route, cost)

    def outside_milli(self, order: int) -> int:
        """What it costs to leave an order out; a mandatory one is worth any price."""
        outside = self.compiled.problem.orders[order].outside_milli
        return NEVER if outside is None else outside

    def rank(self, order: int) -> tuple[bool, int, int, int]:
        """Mandatory before optional, then few vehicle types, then dear ones before cheap ones."""
        prices = self.alone.by_type[order]
        optional = self.compiled.problem.orders[order].outside_milli is not None
        return optional, len(prices), -self.alone.cheapest_milli(order), order

    def insert(self, order: int, at_most: int = NEVER) -> None:
        """Put an order where it adds least: on a route, or on a vehicle of its own."""
        own = self._own_vehicle(order)
        limit = at_most if own is None else min(own[1], at_most)
        found = best_insertion(self.compiled, self._nearest(order), order, self.free, limit)
        if found is not None:
            self._take(found)
        elif own is not None and own[1] < at_most:
            self._open((own[0], self.compiled.visits_of(order)), own[1])

    def _own_vehicle(self, order: int) -> tuple[int, int] | None:
        """Type and price of a vehicle that is free for this order alone: the preferred type, else the cheapest."""
        offers = self.alone.by_type[order]
        if self.prefer in offers and self.free[self.prefer] > 0:
            return self.prefer, offers[self.prefer]
        return next(((type_, price) for type_, price in offers.items() if self.free[type_] > 0), None)

    def worth(self, wanted: frozenset[int]) -> tuple[int, int]:
        """How many mandatory orders are left out, and the price of all: the less the better."""
        served = {visit >> 1 for line in self.lines.values() for visit in line.visits}
        left = [self.compiled.problem.orders[order].outside_milli for order in wanted - served]
        cost = sum(line.cost_milli for line in self.lines.values())
        return left.count(None), cost + sum(outside for outside in left if outside is not None)

    def _nearest(self, order: int) -> list[tuple[int, Line]]:
        """The routes that pass nearest to an order."""
        if len(self.lines) <= LINES_TRIED:
            return list(self.lines.items())
        places = [self.compiled.place_of[visit] for visit in self.compiled.visits_of(order)]
        rows = [table[places].astype(np.int64) for table in self._tables]
        near = np.min([np.where(row < 0, NEVER, row).min(axis=0) for row in rows], axis=0)
        ranked = sorted(self.lines.items(), key=lambda entry: (int(near[entry[1].places].min()), entry[0]))
        return ranked[:LINES_TRIED]

    def _open(self, route: RouteKey, cost_milli: int) -> None:
        self.lines[self._next] = Line(self.compiled, route, cost_milli)
        self.free[route[0]] -= 1
        self._next += 1

    def _replace(self, number: int, route: RouteKey, cost_milli: int) -> None:
        self.free[self.lines[number].type_] += 1
        self.free[route[0]] -= 1
        self.lines[number] = Line(self.compiled, route, cost_milli)

    def _take(self, found: Insertion) -> None:
        self._replace(found.line, found.route, found.cost_milli)

    def change_types(self) -> None:
        """Give each route the cheapest vehicle type that can drive it and is free."""
        for number, line in list(self.lines.items()):
            for type_ in range(len(self.free)):
                if self.free[type_] > 0 and type_ != line.type_:
                    cost = price_milli(self.compiled, (type_, line.visits))
                    if cost is not None and cost < self.lines[number].cost_milli:
                        self._replace(number, (type_, line.visits), cost)

    def drop_unworthy(self) -> None:
        """Leave out optional orders, one by one or a whole route, while that saves money."""
        for number in list(self.lines):
            while self._drop_one(number):
                pass
            line = self.lines[number]
            if line.cost_milli > sum(self.outside_milli(order) for order in {visit >> 1 for visit in line.visits}):
                self.free[line.type_] += 1
                del self.lines[number]

    def _drop_one(self, number: int) -> bool:
        """Drop the optional order whose leaving saves most over its outside option; False where none does."""
        line = self.lines[number]
        orders = sorted({visit >> 1 for visit in line.visits})
        best: tuple[int, RouteKey, int] | None = None
        for order in orders:
            route = (line.type_, tuple(visit for visit in line.visits if visit >> 1 != order))
            cost = price_milli(self.compiled, route) if route[1] and self.outside_milli(order) < NEVER else None
            saved = 0 if cost is None else line.cost_milli - cost - self.outside_milli(order)
            if cost is not None and saved > 0 and (best is None or saved > best[0]):
                best = saved, route, cost
        if best is not None:
            self._replace(number, best[1], best[2])
        return best is not None
