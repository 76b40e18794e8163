"""Why an order is not planned: the reason, what stands in the way in numbers, and what would admit it."""

from collections.abc import Sequence

from solver.admission import Offer, cheapest_insertion
from solver.compiled import ACTIONS, Compiled
from solver.cost import route_cost
from solver.plan import MILLI, Reason, Unplanned
from solver.problem import Order
from solver.schedule import Blocked, legs, timetable

_DEPTH = {
    Reason.SKILL: 0,
    Reason.HUB: 1,
    Reason.CAPACITY: 2,
    Reason.REACHABLE: 3,
    Reason.MAX_DISTANCE: 4,
    Reason.TIME_WINDOW: 5,
    Reason.MAX_DURATION: 6,
}
"""How far an order gets before a constraint stops it: the vehicle type that gets furthest is the one to talk about."""


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
    alone, absent, blocks = _alone(compiled, order)
    if not alone and absent:
        reason, detail, cure = _absent(compiled, min(absent))
    elif not alone:
        reason, detail, cure = _explain(compiled, order, blocks)
    else:
        offers = [offer for offer in alone if _free(compiled, offer.type_, fleet_used)]
        inserted = cheapest_insertion(compiled, routes, order)
        if inserted is not None:
            offers.append(inserted)
        reason, detail, cure = _weigh(compiled, asked, min(alone), min(offers, default=None))
    return Unplanned(order=asked.id, reason=reason, detail=detail, cure=cure, outside_milli=asked.outside_milli)


def _alone(compiled: Compiled, order: int) -> tuple[list[Offer], list[Offer], list[tuple[Blocked, int]]]:
    """Routes with this order alone: on types that exist, on types with a count of 0, and what blocks it on the rest."""
    visits = compiled.visits_of(order)
    offers: list[Offer] = []
    absent: list[Offer] = []
    blocks: list[tuple[Blocked, int]] = []
    for type_, vehicle in enumerate(compiled.problem.vehicle_types):
        times = timetable(compiled, type_, visits)
        if isinstance(times, Blocked):
            blocks.append((times, type_))
        else:
            offer = Offer(route_cost(compiled, type_, visits, times).total_milli, type_, False)
            (absent if vehicle.count == 0 else offers).append(offer)
    return offers, absent, blocks


def _free(compiled: Compiled, type_: int, fleet_used: Sequence[int]) -> bool:
    count = compiled.problem.vehicle_types[type_].count
    return count is None or fleet_used[type_] < count


def _weigh(compiled: Compiled, order: Order, alone: Offer, offer: Offer | None) -> tuple[Reason, str, str]:
    """Reason, detail and cure for an order that some vehicle could serve alone."""
    types = compiled.problem.vehicle_types
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


def money(milli: int, currency: str) -> str:
    """An amount in words, exact to the thousandth of a minor unit."""
    sign, milli = ("-" if milli < 0 else ""), abs(milli)
    fraction = f".{milli % MILLI:03d}".rstrip("0").rstrip(".")
    return f"{sign}{milli // MILLI}{fraction} minor units of {currency}"


def _absent(compiled: Compiled, offer: Offer) -> tuple[Reason, str, str]:
    """Only types of which there is no vehicle could serve the order."""
    name = compiled.problem.vehicle_types[offer.type_].id
    return (
        Reason.FLEET,
        f"vehicle type {name!r} could serve it, but its count is 0",
        f"one vehicle of type {name!r} would serve it for {money(offer.price_milli, compiled.problem.currency)}",
    )


def _explain(compiled: Compiled, order: int, blocks: list[tuple[Blocked, int]]) -> tuple[Reason, str, str]:
    """Reason, detail and cure for an order that no vehicle could serve even alone."""
    reason = max((blocked.reason for blocked, _ in blocks), key=lambda reason: _DEPTH[reason])
    types = [type_ for blocked, type_ in blocks if blocked.reason is reason]
    if reason is Reason.SKILL:
        detail, cure = _skill(compiled, order)
    elif reason is Reason.HUB:
        detail, cure = _hub(compiled, order)
    elif reason is Reason.CAPACITY:
        detail, cure = _capacity(compiled, order, types)
    elif reason is Reason.REACHABLE:
        detail, cure = _reachable(compiled, order, types[0])
    elif reason is Reason.TIME_WINDOW:
        detail, cure = min(_late(compiled, order, type_) for type_ in types)[1:]
    else:
        excess, type_ = min((blocked.excess, type_) for blocked, type_ in blocks if blocked.reason is reason)
        detail, cure = _limit(compiled, reason, excess, type_)
    return reason, detail, cure


def _skill(compiled: Compiled, order: int) -> tuple[str, str]:
    required = set(compiled.problem.orders[order].skills)
    lacking = [sorted(required - set(vehicle.skills)) for vehicle in compiled.problem.vehicle_types]
    nearest = min(range(len(lacking)), key=lambda type_: len(lacking[type_]))
    name, words = compiled.problem.vehicle_types[nearest].id, ", ".join(map(repr, lacking[nearest]))
    return (
        f"no vehicle type offers all of {', '.join(map(repr, sorted(required)))}; "
        f"{name!r} comes nearest and lacks {words}",
        f"give a vehicle type the skills it lacks ({words} for {name!r}), or require fewer",
    )


def _hub(compiled: Compiled, order: int) -> tuple[str, str]:
    asked = compiled.problem.orders[order]
    verb = "start" if asked.pickup is None else "end"
    where = "at a place (all ends are open)" if asked.hub is None else f"at hub {asked.hub!r}"
    return (
        f"no vehicle type that offers its skills {verb}s {where}",
        f"offer a vehicle type that {verb}s {'somewhere' if asked.hub is None else f'at {asked.hub!r}'}",
    )


def _capacity(compiled: Compiled, order: int, types: list[int]) -> tuple[str, str]:
    """The vehicle that lacks least, relative to the load, and what it lacks."""
    load = compiled.loads[order]

    def lack(type_: int) -> float:
        return max(amount / max(limit, 1) for amount, limit in zip(load, compiled.capacities[type_], strict=True))

    nearest = min(types, key=lack)
    vehicle = compiled.problem.vehicle_types[nearest]
    over = [
        (name, amount, limit)
        for name, amount, limit in zip(compiled.dimensions, load, compiled.capacities[nearest], strict=True)
        if amount > limit
    ]
    words = "; ".join(f"{name} {amount}, which is {amount - limit} above its {limit}" for name, amount, limit in over)
    needed = " and ".join(f"{name} of at least {amount}" for name, amount, _ in over)
    return (
        f"too big for every vehicle that could take it; {vehicle.id!r} comes nearest, but the order has {words}",
        f"split the order, or offer a vehicle with {needed}",
    )


def _reachable(compiled: Compiled, order: int, type_: int) -> tuple[str, str]:
    visits = compiled.visits_of(order)
    names = [place.id for place in compiled.problem.places]
    end = compiled.end_of[type_]
    way = [compiled.start_of[type_], *(compiled.place_of[visit] for visit in visits)]
    if end is not None:
        way.append(end)
    legs_m, legs_s = legs(compiled, type_, visits)
    first = next(k for k in range(len(legs_s)) if legs_m[k] < 0 or legs_s[k] < 0)
    pair = f"from {names[way[first]]!r} to {names[way[first + 1]]!r}"
    profile = compiled.problem.vehicle_types[type_].profile
    return (
        f"there is no way {pair} in travel profile {profile!r}",
        f"give distance and duration {pair} in profile {profile!r}, or offer a vehicle that starts elsewhere",
    )


def _late(compiled: Compiled, order: int, type_: int) -> tuple[int, str, str]:
    """By how many seconds the earliest possible route is late, detail and cure."""
    vehicle = compiled.problem.vehicle_types[type_]
    visits = compiled.visits_of(order)
    _, legs_s = legs(compiled, type_, visits)
    now = vehicle.shift.open_s
    for position, visit in enumerate(visits):
        now += legs_s[position]
        place, windows = compiled.problem.places[compiled.place_of[visit]].id, compiled.windows_of[visit]
        if not windows:
            return (
                0,
                f"the windows of its {ACTIONS[visit & 1]} never meet the opening hours of {place!r}",
                f"give a window within the opening hours of {place!r}",
            )
        if now > windows[-1].close_s:
            return (
                now - windows[-1].close_s,
                f"vehicle {vehicle.id!r} can reach {place!r} at {now} s at the earliest; "
                f"its last window there closes at {windows[-1].close_s} s, {now - windows[-1].close_s} s earlier",
                f"a window at {place!r} that closes at {now} s or later, or a shift of {vehicle.id!r} that begins "
                f"{now - windows[-1].close_s} s earlier",
            )
        now = next(max(now, window.open_s) for window in windows if now <= window.close_s)
        now += compiled.service_of[visit]
    now += legs_s[-1]
    late_s = now - vehicle.shift.close_s
    return (
        late_s,
        f"vehicle {vehicle.id!r} would be done at {now} s at the earliest; its shift ends {late_s} s earlier",
        f"a shift of {vehicle.id!r} that ends at {now} s or later, or earlier windows for the order",
    )


def _limit(compiled: Compiled, reason: Reason, excess: int, type_: int) -> tuple[str, str]:
    vehicle = compiled.problem.vehicle_types[type_]
    if reason is Reason.MAX_DISTANCE:
        limit, unit, field = vehicle.distance_max_m or 0, "m", "distance_max_m"
    else:
        limit, unit, field = vehicle.duration_max_s or 0, "s", "duration_max_s"
    return (
        f"alone on vehicle {vehicle.id!r} it takes {limit + excess} {unit}, {excess} {unit} above the limit of {limit}",
        f"a {field} of {limit + excess} for {vehicle.id!r}, or a vehicle that starts nearer",
    )
