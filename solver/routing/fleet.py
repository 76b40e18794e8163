"""How many vehicles an engine is offered: as many as a good plan may need, and few more, for idle ones slow it down."""

from collections import Counter
from collections.abc import Sequence
from math import ceil

from solver.compiled import Compiled
from solver.routing.features import RouteKey

SPARE_FACTOR, SPARE = 1.3, 3


def offered(compiled: Compiled, orders: frozenset[int], start: Sequence[RouteKey]) -> list[int]:
    """
    Number of vehicles of each type to offer.

    Whatever is larger, the routes of ``start`` or the vehicles of the type that the load of ``orders`` fills, times 1.3
    and 3 more; never more than there are, nor than there are orders that the type may serve, nor fewer than ``start``
    uses.
    """
    used = Counter(type_ for type_, _ in start)
    offers = []
    for type_, vehicle in enumerate(compiled.vehicle_types):
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
