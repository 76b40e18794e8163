"""What each order costs on a vehicle of its own; an order that no vehicle can serve is set aside before the search."""

from collections.abc import Iterable
from statistics import median
from weakref import WeakKeyDictionary

from solver.compiled import Compiled
from solver.cost import route_cost
from solver.routing.features import RouteKey
from solver.schedule import Blocked, timetable


def price_milli(compiled: Compiled, route: RouteKey) -> int | None:
    """What a route costs, None where it is infeasible."""
    type_, visits = route
    times = timetable(compiled, type_, visits)
    return None if isinstance(times, Blocked) else route_cost(compiled, type_, visits, times).total_milli


class Alone:
    """
    Every order by itself.

    Attributes
    ----------
    by_type
        By order: price in milli for each vehicle type index that can serve it alone, cheapest first.
    servable
        Orders that at least one vehicle type (of which there is at least one vehicle) can serve alone.
    """

    def __init__(self, compiled: Compiled) -> None:
        types = [type_ for type_, vehicle in enumerate(compiled.problem.vehicle_types) if vehicle.count != 0]
        self.by_type: list[dict[int, int]] = []
        for order in range(len(compiled.problem.orders)):
            visits = compiled.visits_of(order)
            prices = {type_: price_milli(compiled, (type_, visits)) for type_ in types}
            offers = sorted((price, type_) for type_, price in prices.items() if price is not None)
            self.by_type.append({type_: price for price, type_ in offers})
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
