"""Why an order is not planned: the reason, what stands in the way in numbers, and what would admit it."""

from collections.abc import Sequence
from typing import NamedTuple

from solver.admission import Offer, cheapest_insertion
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.plan import Reason, Unplanned
from solver.problem import Order
from solver.schedule import Blocked, timetable
from solver.ways import ways
from solver.why_words import Obstacle, explain, money

__all__ = ["money", "why_unplanned"]

DEPTH = {
    Reason.SKILL: 0,
    Reason.LOCK: 1,
    Reason.HUB: 2,
    Reason.APART: 3,
    Reason.CAPACITY: 4,
    Reason.MAX_STOPS: 5,
    Reason.REACHABLE: 6,
    Reason.MAX_DISTANCE: 7,
    Reason.RELEASE: 8,
    Reason.TIME_WINDOW: 9,
    Reason.BREAK: 10,
    Reason.MAX_DURATION: 11,
    Reason.LOAD: 12,
}
"""How far an order gets before a constraint stops it: the vehicle type that gets furthest is the one to talk about."""


class _Alone(NamedTuple):
    """Routes with an order alone: on types that exist, on types with a count of 0, and what blocks it on the rest."""

    offers: list[Offer]
    absent: list[Offer]
    obstacles: list[Obstacle]


def why_unplanned(
    compiled: Compiled, routes: Sequence[tuple[int, tuple[int, ...]]], order: int, fleet_used: Sequence[int]
) -> Unplanned:
    """
    The reason why no route serves an order.

    Parameters
    ----------
    compiled
        The problem.
    routes
        The plan's routes: vehicle type index and visits.
    order
        Index of the order.
    fleet_used
        By vehicle type: how many vehicles the routes use.

    Returns
    -------
    Unplanned
        The reason is a constraint where no vehicle could serve the order even alone; ``FLEET`` where a vehicle could
        but none is free and no route has room; ``OUTSIDE_OPTION`` where the cheapest way found costs at least the
        outside option; ``NOT_FOUND`` where there is a feasible way that the plan does not take, with its price.
    """
    asked = compiled.problem.orders[order]
    alone = _alone(compiled, routes, order)
    inserted = cheapest_insertion(compiled, routes, order)
    if alone.offers or inserted is not None:
        offers = [offer for offer in alone.offers if _free(compiled, offer.type_, fleet_used)]
        if inserted is not None:
            offers.append(inserted)
        cheapest = min(alone.offers, default=inserted)
        assert cheapest is not None, "there is an offer"
        reason, detail, cure = _weigh(compiled, asked, cheapest, min(offers, default=None))
    elif alone.absent:
        reason, detail, cure = _absent(compiled, min(alone.absent))
    else:
        furthest = max((obstacle.blocked.reason for obstacle in alone.obstacles), key=lambda reason: DEPTH[reason])
        mine = [obstacle for obstacle in alone.obstacles if obstacle.blocked.reason is furthest]
        reason, (detail, cure) = furthest, explain(compiled, order, furthest, mine)
    published = any(entry.order == asked.id for entry in compiled.problem.published)
    return Unplanned(
        order=asked.id,
        reason=reason,
        detail=detail,
        cure=cure,
        outside_milli=asked.outside_milli,
        change_milli=compiled.problem.change_milli if published else 0,
    )


def _alone(compiled: Compiled, routes: Sequence[tuple[int, tuple[int, ...]]], order: int) -> _Alone:
    """
    Offers of vehicles that could do nothing else; a vehicle with a prefix only says what blocks its route.

    A type whose vehicles are all singled out is no offer: each of them speaks for itself.
    """
    found = _Alone([], [], [])
    of_type = dict(routes)
    for type_, vehicle in enumerate(compiled.vehicle_types):
        base = of_type.get(type_, ()) if compiled.prefix[type_] else ()
        price: int | None = None
        for way in ways(compiled, type_, base, order):
            times = timetable(compiled, type_, way, thorough=True)
            if isinstance(times, Blocked):
                found.obstacles.append(Obstacle(times, type_, way))
            elif not base:
                cost = route_cost(compiled, type_, way, times).total_milli
                price = cost if price is None else min(price, cost)
        if compiled.closed[type_]:
            found.obstacles.append(Obstacle(Blocked(Reason.LOCK, 0), type_, compiled.visits_of(order)))
        if price is not None and vehicle.count != 0:
            found.offers.append(Offer(price, type_, False))
        elif price is not None and compiled.problem.vehicle_types[compiled.type_index[vehicle.id]].count == 0:
            found.absent.append(Offer(price, type_, False))
    return found


def _free(compiled: Compiled, type_: int, fleet_used: Sequence[int]) -> bool:
    count = compiled.vehicle_types[type_].count
    return count is None or fleet_used[type_] < count


def _weigh(compiled: Compiled, order: Order, alone: Offer, offer: Offer | None) -> tuple[Reason, str, str]:
    """Reason, detail and cure for an order that some vehicle could serve alone."""
    types = compiled.vehicle_types
    currency = compiled.problem.currency
    outside = order.outside_milli
    if offer is None:
        name = types[alone.type_].id
        if outside is not None and alone.price_milli >= outside:
            return _outside(currency, outside, alone, f"on a vehicle {name!r} of its own, were one free")
        return (
            Reason.FLEET,
            f"every vehicle that could serve it is in use, and no route has room; type {name!r} could serve it alone",
            f"one more vehicle of type {name!r} would serve it for {money(alone.price_milli, currency)}",
        )
    name = types[offer.type_].id
    way = f"on a route of type {name!r}" if offer.on_route else f"on a vehicle {name!r} of its own"
    if outside is not None and offer.price_milli >= outside:
        return _outside(currency, outside, offer, way)
    return (
        Reason.NOT_FOUND,
        f"nothing stands in the way: it can be served {way}; the search ended before it took this up",
        f"serve it {way} for {money(offer.price_milli, currency)}, or search longer",
    )


def _outside(currency: str, outside: int, offer: Offer, way: str) -> tuple[Reason, str, str]:
    """The outside option wins."""
    price, option = money(offer.price_milli, currency), money(outside, currency)
    return (
        Reason.OUTSIDE_OPTION,
        f"the cheapest way found to serve it, {way}, costs {price}; its outside option costs {option}, "
        f"{money(offer.price_milli - outside, currency)} less",
        f"it can be planned for {price}: an outside option above that, or none, admits it",
    )


def _absent(compiled: Compiled, offer: Offer) -> tuple[Reason, str, str]:
    """Only types of which there is no vehicle could serve the order."""
    name = compiled.vehicle_types[offer.type_].id
    return (
        Reason.FLEET,
        f"vehicle type {name!r} could serve it, but its count is 0",
        f"one vehicle of type {name!r} would serve it for {money(offer.price_milli, compiled.problem.currency)}",
    )
