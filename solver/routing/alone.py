"""What each order costs on a vehicle of its own; an order that no vehicle can serve is set aside before the search."""

from collections.abc import Iterable
from statistics import median
from weakref import WeakKeyDictionary

from solver.compiled import Compiled
from solver.cost import route_cost
from solver.locks import first_routes
from solver.routing.features import RouteKey
from solver.schedule import Blocked, timetable
from solver.ways import least_milli, ways

BESIDE_MAX = 3
"""Locked vehicles that are priced for an order: any that can serve it makes it servable."""


def price_milli(compiled: Compiled, route: RouteKey, *, thorough: bool = False) -> int | None:
    """What a route costs, None where it is infeasible; ``thorough`` as in ``solver.schedule.timetable``."""
    type_, visits = route
    times = timetable(compiled, type_, visits, reasons=False, thorough=thorough)
    return None if isinstance(times, Blocked) else route_cost(compiled, type_, visits, times).total_milli


class Alone:
    """
    Every order by itself.

    Attributes
    ----------
    by_type
        By order: price in milli for each vehicle type index that can serve it alone, cheapest first. On a vehicle whose
        lock has visits it is what the order adds to them, and stands there only where no other vehicle can serve it.
    visits
        By order and vehicle type index of ``by_type``: the route, which may need a reload, or begin with a prefix.
    servable
        Orders that at least one vehicle type (of which there is at least one vehicle) can serve alone.
    """

    def __init__(self, compiled: Compiled) -> None:
        self.by_type: list[dict[int, int]] = []
        self.visits: list[dict[int, tuple[int, ...]]] = []
        twins, locked = _twins(compiled), _locked(compiled)
        for order in range(len(compiled.problem.orders)):
            prices = _prices(compiled, twins, locked, order)
            ranked = sorted((price, type_) for type_, (price, _) in prices.items())
            self.by_type.append({type_: price for price, type_ in ranked})
            self.visits.append({type_: visits for type_, (_, visits) in prices.items()})
        self.servable = frozenset(order for order, offers_of in enumerate(self.by_type) if offers_of)

    @classmethod
    def of(cls, compiled: Compiled) -> "Alone":
        """Those of a problem, made once: many short searches of one day share them."""
        known = _made.get(compiled)
        if known is None:
            known = _made[compiled] = cls(compiled)
        return known

    def cheapest_milli(self, order: int) -> int:
        """The lowest price of serving a servable order alone."""
        return next(iter(self.by_type[order].values()))

    def factor(self, orders: Iterable[int], typical: int) -> float:
        """Scale that makes the median order's price alone ``typical``: solvers with absolute tolerances need one."""
        return typical / max(1, median(self.cheapest_milli(order) for order in orders))

    def dearest_milli(self, orders: Iterable[int]) -> int:
        """The highest of the orders' lowest prices alone, at least 1."""
        return max(1, *(self.cheapest_milli(order) for order in orders))


_made: WeakKeyDictionary[Compiled, Alone] = WeakKeyDictionary()


def cheapest_alone_milli(compiled: Compiled, orders: Iterable[int]) -> list[int | None]:
    """The lowest price of each of some orders alone, None where no vehicle can."""
    known = _made.get(compiled)
    if known is not None:
        return [next(iter(known.by_type[order].values()), None) for order in orders]
    twins, locked = _twins(compiled), _locked(compiled)
    found = (_prices(compiled, twins, locked, order).values() for order in orders)
    return [min((price for price, _ in prices), default=None) for prices in found]


def _locked(compiled: Compiled) -> list[tuple[RouteKey, int]]:
    """First routes of locked vehicles, and what they cost."""
    found: list[tuple[RouteKey, int]] = []
    for route in first_routes(compiled):
        cost = price_milli(compiled, route)
        assert cost is not None, "a first route is feasible"
        found.append((route, cost))
    return found


def _prices(
    compiled: Compiled, twins: list[tuple[int, list[int]]], locked: list[tuple[RouteKey, int]], order: int
) -> dict[int, tuple[int, tuple[int, ...]]]:
    """By type index, price and route of an order alone."""
    prices: dict[int, tuple[int, tuple[int, ...]]] = {}
    for first, same in twins:
        if compiled.compatible[first, order]:
            prices.update(_offers(compiled, first, same, order))
    return prices or dict(_beside(compiled, locked, order))


def _twins(compiled: Compiled) -> list[tuple[int, list[int]]]:
    """Types without a prefix that differ in nothing but their number and what a change costs: one, and all of them."""
    groups: dict[tuple[str, int], list[int]] = {}
    for type_, (name, _) in enumerate(compiled.identity):
        if not compiled.prefix[type_]:
            groups.setdefault((name, type_ if type_ in compiled.named else -1), []).append(type_)
    return [(group[0], group) for group in groups.values()]


def _offers(
    compiled: Compiled, first: int, same: list[int], order: int
) -> Iterable[tuple[int, tuple[int, tuple[int, ...]]]]:
    """Type, price and route of an order alone on each of some types that are alike and exist."""
    found = _cheapest(compiled, first, (), order)
    if found is None:
        return
    cost = found[0] - int(compiled.change_milli[first, order])
    for type_ in same:
        if compiled.vehicle_types[type_].count != 0:
            yield type_, (cost + int(compiled.change_milli[type_, order]), found[1])


def _cheapest(compiled: Compiled, type_: int, base: tuple[int, ...], order: int) -> tuple[int, tuple[int, ...]] | None:
    """Price and visits of the cheapest route with an order added."""
    if compiled.plain[type_] and not base:
        visits = compiled.visits_of(order)
        cost = price_milli(compiled, (type_, visits))
        return None if cost is None else (cost, visits)
    best: tuple[int, tuple[int, ...]] | None = None
    bounds = ((least_milli(compiled, type_, way), len(way), way) for way in ways(compiled, type_, base, order))
    for least, _, way in sorted(bounds):
        if best is not None and least >= best[0]:
            break
        cost = price_milli(compiled, (type_, way), thorough=not base)
        if cost is not None and (best is None or cost < best[0]):
            best = cost, way
    return best


def _beside(
    compiled: Compiled, locked: list[tuple[RouteKey, int]], order: int
) -> Iterable[tuple[int, tuple[int, tuple[int, ...]]]]:
    """Type, added price and route of an order beside what is locked to a vehicle, or among it: the first that can."""
    offers = 0
    for (type_, visits), cost_milli in locked:
        if not compiled.compatible[type_, order]:
            continue
        if order in compiled.orders_of(visits):
            yield type_, (cost_milli, visits)
            continue
        found = _cheapest(compiled, type_, visits, order)
        if found is not None:
            yield type_, (found[0] - cost_milli, found[1])
            offers += 1
            if offers == BESIDE_MAX:
                return
