"""
A first plan by cheapest insertion: the warm start of every engine, and the answer when there is no time for more.

Sequential best insertion (Solomon 1987, I1, without its weights) over all routes at once, the dearest orders first;
each insertion may also change a route to another vehicle type. Handles every feature of a problem.
"""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from solver.compiled import DELIVERY, Compiled
from solver.cost import plan_terms_milli
from solver.locks import first_routes
from solver.routing.alone import Alone, price_milli
from solver.routing.features import RouteKey
from solver.routing.insertion import NEVER, Insertion, Line, best_insertion
from solver.schedule import Blocked, timetable
from solver.trips import tidied

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
        Feasible routes that stay as they are but for insertions, apart from one another and within the fleet. Those
        that locks ask for are added where they are missing (and, with ``orders`` given, serve nothing else).
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
    start = [*start, *_locked(compiled, start, orders)]
    missing = wanted - served_by(start)
    prefers: list[int | None] = [None]
    if not hasty and len(missing) <= POLICIES_ORDERS_MAX:
        prefers += [type_ for type_, (_, number) in enumerate(compiled.identity) if number is None]
    drafts: list[_Draft] = []
    for prefer in prefers:
        if drafts and (stop() or not missing):
            break
        drafts.append(_filled(_Draft(compiled, alone, start, prefer), missing, stop))
    best = min(drafts, key=lambda draft: draft.worth(wanted))
    return best.routes()


def served_by(routes: Sequence[RouteKey]) -> set[int]:
    """Orders that some routes serve."""
    return {visit >> 1 for _, visits in routes for visit in visits if visit >= 0}


def _locked(compiled: Compiled, start: Sequence[RouteKey], orders: frozenset[int] | None) -> list[RouteKey]:
    """Routes that locks ask for and the start does not have."""
    known = {type_ for type_, _ in start}
    return [
        (type_, visits)
        for type_, visits in first_routes(compiled)
        if type_ not in known and (orders is None or compiled.orders_of(visits) <= orders)
    ]


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
    draft = _Draft(compiled, alone, [*routes, *_locked(compiled, routes, None)])
    for order in missing:
        draft.insert(order, at_most=draft.outside_milli(order))
    return draft.routes()


def _has_terms(compiled: Compiled) -> bool:
    """Whether a plan costs more than its routes: the longest one's hours, or vehicles not used."""
    problem = compiled.problem
    return problem.longest_hour_milli > 0 or any(v.use_min and v.unused_milli for v in problem.vehicle_types)


def _total_milli(compiled: Compiled, lines: Iterable[Line]) -> int:
    """What routes cost, and the plan's terms on top."""
    lines = list(lines)
    cost = sum(line.cost_milli for line in lines)
    if not _has_terms(compiled):
        return cost
    timed = [(line.type_, timetable(compiled, line.type_, line.visits, reasons=False)) for line in lines]
    durations = [(type_, 0 if isinstance(times, Blocked) else times.duration_s) for type_, times in timed]
    return cost + sum(plan_terms_milli(compiled, durations))


class _Draft:
    """Routes in the making."""

    def __init__(self, compiled: Compiled, alone: Alone, start: Sequence[RouteKey], prefer: int | None = None) -> None:
        self.compiled, self.alone, self.prefer = compiled, alone, prefer
        types = compiled.vehicle_types
        self.free = [2**31 if vehicle.count is None else vehicle.count for vehicle in types]
        self.has_terms = _has_terms(compiled)
        self.lines: dict[int, Line] = {}
        self._next = 0
        self._widest = [max(limits) for limits in zip(*compiled.capacities, strict=True)]
        self._tables = list({id(table): table for table in compiled.distance_m}.values())
        for route in start:
            cost = price_milli(compiled, route)
            if cost is not None and self.free[route[0]] > 0:
                self._open(route, cost)

    def outside_milli(self, order: int) -> int:
        """What it costs to leave an order out; a mandatory one is worth any price."""
        outside = self.compiled.outside_milli[order]
        return NEVER if outside is None else outside

    def rank(self, order: int) -> tuple[bool, int, int, int]:
        """Mandatory before optional, then few vehicle types, then dear ones before cheap ones."""
        prices = self.alone.by_type[order]
        optional = self.compiled.problem.orders[order].outside_milli is not None
        return optional, len(prices), -self.alone.cheapest_milli(order), order

    def insert(self, order: int, at_most: int = NEVER) -> None:
        """Put an order where it adds least: on a route, or on a vehicle of its own."""
        own = self._own_vehicle(order)
        limit = at_most if own is None or self.has_terms else min(own[1], at_most)
        found = best_insertion(self.compiled, self._nearest(order), order, self.free, limit)
        alone = own is not None and own[1] < at_most
        if found is not None and not (alone and self.has_terms):
            self._take(found)
        elif own is not None and alone:
            before, free = dict(self.lines), list(self.free)
            self._open((own[0], self.alone.visits[order][own[0]]), own[1])
            if found is not None and not self._beats(before, found):
                self.lines, self.free = before, free
                self._take(found)

    def _beats(self, before: dict[int, Line], found: Insertion) -> bool:
        """Whether the vehicle just opened makes the plan cheaper, its terms included, than an insertion before it."""
        taken = {**before, found.line: Line(self.compiled, found.route, found.cost_milli)}
        return _total_milli(self.compiled, self.lines.values()) < _total_milli(self.compiled, taken.values())

    def _own_vehicle(self, order: int) -> tuple[int, int] | None:
        """Type and price of a vehicle that is free for this order alone: the preferred type, else the cheapest."""
        offers = self.alone.by_type[order]
        if self.prefer in offers and self.free[self.prefer] > 0:
            return self.prefer, offers[self.prefer]
        return next(((type_, price) for type_, price in offers.items() if self.free[type_] > 0), None)

    def worth(self, wanted: frozenset[int]) -> tuple[int, int]:
        """How many mandatory orders are left out, and the price of all: the less the better."""
        left = [self.compiled.outside_milli[order] for order in wanted - served_by(self.routes())]
        cost = _total_milli(self.compiled, self.lines.values())
        return left.count(None), cost + sum(outside for outside in left if outside is not None)

    def routes(self) -> list[RouteKey]:
        """The routes as they are now."""
        return [(line.type_, line.visits) for line in self.lines.values()]

    def _nearest(self, order: int) -> list[tuple[int, Line]]:
        """The routes that pass nearest to an order."""
        if len(self.lines) <= LINES_TRIED:
            return list(self.lines.items())
        places = [self.compiled.place_of[visit] for visit in self.compiled.visits_of(order)]
        rows = [table[places].astype(np.int64) for table in self._tables]
        near = np.min([np.where(row < 0, NEVER, row).min(axis=0) for row in rows], axis=0)

        def rank(entry: tuple[int, Line]) -> tuple[bool, int, int]:
            return self._full(entry[1], order), int(near[entry[1].places].min()), entry[0]

        return sorted(self.lines.items(), key=rank)[:LINES_TRIED]

    def _full(self, line: Line, order: int) -> bool:
        """Whether a one-sided order is too much for a route of one trip, even on the widest vehicle."""
        visits = self.compiled.visits_of(order)
        if len(visits) == 2 or min(line.visits) < 0:
            return False
        load = line.loads[0 if visits[0] & 1 == DELIVERY else -1]
        goods = self.compiled.loads[order]
        return any(load[d] + goods[d] > limit for d, limit in enumerate(self._widest))

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
        prefix = self.compiled.prefix
        for number, line in list(self.lines.items()):
            for type_ in range(len(self.free)) if not prefix[line.type_] else ():
                if self.free[type_] > 0 and type_ != line.type_ and not prefix[type_]:
                    cost = price_milli(self.compiled, (type_, line.visits))
                    if cost is not None and cost < self.lines[number].cost_milli:
                        self._replace(number, (type_, line.visits), cost)

    def drop_unworthy(self) -> None:
        """Leave out optional orders, one by one or a whole route, while that saves money."""
        for number in list(self.lines):
            while self._drop_one(number):
                pass
            line = self.lines[number]
            worth_milli = sum(self.outside_milli(order) for order in self.compiled.orders_of(line.visits))
            if line.cost_milli > worth_milli and not self.compiled.prefix[line.type_]:
                self.free[line.type_] += 1
                del self.lines[number]

    def _drop_one(self, number: int) -> bool:
        """Drop the optional order whose leaving saves most over its outside option; False where none does."""
        line = self.lines[number]
        orders = sorted(self.compiled.orders_of(line.visits))
        best: tuple[int, RouteKey, int] | None = None
        for order in orders:
            rest = [visit for visit in line.visits if visit < 0 or visit >> 1 != order]
            route = (line.type_, tidied(rest, self.compiled, line.type_))
            cost = price_milli(self.compiled, route) if route[1] and self.outside_milli(order) < NEVER else None
            saved = 0 if cost is None else line.cost_milli - cost - self.outside_milli(order)
            if cost is not None and saved > 0 and (best is None or saved > best[0]):
                best = saved, route, cost
        if best is not None:
            self._replace(number, best[1], best[2])
        return best is not None
