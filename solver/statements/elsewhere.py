"""What some orders would add to the cost of another day."""

import msgspec

from solver.compiled import Compiled
from solver.parts import Order
from solver.problem import Problem
from solver.routing.start import routes_of
from solver.statements.evaluation import Version, compare
from solver.statements.own import orders_taking_part
from solver.statements.questions import OtherDay

MOVED = "moved: "
"""Put before the id of an order that comes from another day, which may have one of the same name."""


def added_milli(today: Problem, other_day: OtherDay, orders: tuple[Order, ...], *, seed: int) -> int | None:
    """
    What orders add to another day's cost, in thousandths of a minor unit; not negative.

    Windows and releases count from the other day's start as they do from today's. Places are matched by id.

    Returns
    -------
    int or None
        None where the other day cannot take them: a place, hub or dimension of theirs is unknown there and cannot be
        placed on its map, its currency is another, or no vehicle has room.
    """
    widened = _with(today, other_day.problem, orders)
    if widened is None:
        return None
    compiled = Compiled(widened)
    taking_part = orders_taking_part(other_day.problem, other_day.plan)
    there = frozenset(compiled.order_index[order] for order in taking_part)
    moved = frozenset(range(len(widened.orders) - len(orders), len(widened.orders)))
    start = routes_of(compiled, other_day.plan)
    compared = compare(Version(compiled, there), Version(compiled, there | moved), start, seed=seed)
    left = compared.after.unplanned - compared.before.unplanned
    if any(compiled.outside_milli[order] is None for order in left):
        return None
    return max(0, compared.after.cost_milli - compared.before.cost_milli)


def _with(today: Problem, there: Problem, orders: tuple[Order, ...]) -> Problem | None:
    """The other day with the orders at its end; None where their places are not on its map."""
    known = {place.id for place in there.places}
    needed = {visit.place for order in orders for visit in (order.pickup, order.delivery) if visit is not None}
    needed |= {order.hub for order in orders if order.hub is not None}
    new = [place for place in today.places if place.id in needed - known]
    measured = any(profile.distance_m is not None for profile in there.profiles)
    placed = all(place.lat is not None for place in (*new, *there.places))
    if there.currency != today.currency or (new and (measured or not placed)):
        return None
    moved = tuple(msgspec.structs.replace(order, id=MOVED + order.id) for order in orders)
    return there.replace(places=(*there.places, *new), orders=(*there.orders, *moved))
