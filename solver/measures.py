"""What owners' orders measure, for rules that split by a plain key."""

from collections.abc import Callable, Iterable

from solver.compiled import DELIVERY, PICKUP, Compiled
from solver.faults import Fault, ProblemError
from solver.shares import Rule

WEIGHT, VOLUME, PALLETS = "weight_g", "volume_cm3", "pallet_places"
DIMENSION = {Rule.WEIGHT: WEIGHT, Rule.TONNE_KM: WEIGHT, Rule.VOLUME: VOLUME, Rule.PALLET_KM: PALLETS}
BY_DISTANCE = (Rule.TONNE_KM, Rule.PALLET_KM)


def key_of_owners(compiled: Compiled, rule: Rule, orders: Iterable[int]) -> dict[str, int] | None:
    """
    Each owner's key: grams, cubic centimetres, gram-metres, pallet-metres, or number of orders.

    Distances are direct ones, never driven ones: from pickup to delivery, and for an order with one visit between it
    and the nearest start or end of a vehicle that may take it.

    Parameters
    ----------
    compiled
        The day.
    rule
        Any.
    orders
        Those that take part.

    Returns
    -------
    dict or None
        None for a rule that needs no key.

    Raises
    ------
    ProblemError
        Where there are orders, and none has a load in the dimension that the rule measures.
    """
    measure = _measure(compiled, rule)
    if measure is None:
        return None
    keys = dict.fromkeys(compiled.owners, 0)
    for order in orders:
        keys[compiled.owners[compiled.owner_of[order]]] += measure(order)
    return keys


def _measure(compiled: Compiled, rule: Rule) -> Callable[[int], int] | None:
    if rule is Rule.ORDERS:
        return lambda order: 1
    dimension = DIMENSION.get(rule)
    if dimension is None:
        return None
    orders = compiled.problem.orders
    if orders and not any(order.load.get(dimension) for order in orders):
        cause = f"the rule {rule.value} splits by {dimension}, and no order has any"
        raise ProblemError(
            [Fault(code="key_missing", where="orders[].load", cause=cause, cure="give loads in it, or another rule")]
        )
    loads = [order.load.get(dimension, 0) for order in orders]
    if rule in BY_DISTANCE:
        return lambda order: loads[order] * direct_m(compiled, order)
    return lambda order: loads[order]


def direct_m(compiled: Compiled, order: int) -> int:
    """Metres of an order's own way by the cheapest vehicle type that may take it; 0 where none knows a way."""
    ends = [compiled.place_of[2 * order + action] for action in (PICKUP, DELIVERY)]
    found = []
    for type_ in range(len(compiled.vehicle_types)):
        if not compiled.compatible[type_, order]:
            continue
        end = compiled.end_of[type_]
        here = ends[0] if ends[0] >= 0 else compiled.start_of[type_]
        there = ends[1] if ends[1] >= 0 else (compiled.start_of[type_] if end is None else end)
        metres = 0 if here == there else int(compiled.distance_m[type_][here, there])
        if metres >= 0:
            found.append(metres)
    return min(found, default=0)
