"""How many vehicles an engine is offered: as many as a good plan may need, and few more, for idle ones slow it down."""

from collections import Counter
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from solver.compiled import Compiled
from solver.routing.alone import Alone
from solver.routing.features import RouteKey

SPARE_FACTOR, SPARE = 1.3, 3


class Task(NamedTuple):
    """What an engine without locks and reloads can search; the routes in ``settled`` stay as they are."""

    orders: frozenset[int]
    start: list[RouteKey]
    settled: list[RouteKey]


def is_bound(compiled: Compiled, type_: int) -> bool:
    """Whether a vehicle's route has begun, begins with something given, or is closed."""
    return bool(compiled.prefix[type_]) or compiled.closed[type_] or compiled.left_s[type_] is not None


def simple_task(compiled: Compiled, alone: Alone, orders: frozenset[int], start: Sequence[RouteKey]) -> Task:
    """Routes with reloads and of vehicles that are bound are set aside, with all orders that need such a route."""
    settled = [route for route in start if is_bound(compiled, route[0]) or min(route[1]) < 0]
    simple = [route for route in start if route not in settled]
    served = {order for _, visits in settled for order in compiled.orders_of(visits)}
    able = frozenset(order for order in orders - served if simple_way(compiled, alone, order) is not None)
    return Task(able, simple, settled)


def simple_way(compiled: Compiled, alone: Alone, order: int) -> RouteKey | None:
    """The cheapest route for an order alone without a reload on a vehicle that is not bound."""
    ways = ((type_, alone.visits[order][type_]) for type_ in alone.by_type[order] if not is_bound(compiled, type_))
    return next((way for way in ways if min(way[1]) >= 0), None)


def offered(compiled: Compiled, orders: frozenset[int], start: Sequence[RouteKey]) -> list[int]:
    """
    Number of vehicles of each type to offer.

    Whatever is larger, the routes of ``start`` or the vehicles of the type that the load of ``orders`` fills, times 1.3
    and 3 more; never more than there are, nor than there are orders that the type may serve, nor fewer than ``start``
    uses. None of vehicles that are bound to something already.
    """
    used = Counter(type_ for type_, _ in start)
    offers = []
    for type_, vehicle in enumerate(compiled.vehicle_types):
        if is_bound(compiled, type_):
            offers.append(0)
            continue
        mine = [order for order in orders if compiled.compatible[type_, order]]
        needed = max(
            (
                ceil(sum(compiled.loads[order][d] for order in mine) / max(limit, 1))
                for d, limit in enumerate(compiled.capacities[type_])
            ),
            default=0,
        )
        wanted = max(used[type_], min(ceil(SPARE_FACTOR * max(len(start), needed)) + SPARE, len(mine)))
        offers.append(wanted if vehicle.count is None else min(wanted, vehicle.count))
    return offers
