"""
Why is this order not on that vehicle, what would have to change, and what would it cost then?

One relaxed insertion for each constraint and vehicle: the constraint is lifted, the cheapest position found, and what
it would have taken is read off the route that comes of it.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from copy import copy
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from solver.compiled import Compiled
from solver.plan import Plan, Reason
from solver.problem import Order, Problem, VehicleType, Window
from solver.routing.alone import price_milli
from solver.routing.features import RouteKey
from solver.routing.insertion import NEVER, Line, best_insertion
from solver.routing.start import routes_of
from solver.schedule import Blocked, Timetable, loads_after, timetable

DAY_S = 86_400


class Blocker(Struct, frozen=True, kw_only=True):
    """
    One constraint that keeps an order off a vehicle.

    Attributes
    ----------
    order
        Id of the order.
    vehicle_type, vehicle
        The vehicle of the plan; ``vehicle`` None for one more of the type, which has no work yet.
    reason
        The constraint that stands in the way by itself: with it lifted, the order fits.
    change
        What would admit it, in words with numbers.
    amount, unit
        By how much the constraint is passed; 0 and "" where there is nothing to count.
    added_milli
        What the plan would cost more with the order there (outside option not deducted).
    """

    order: str
    vehicle_type: str
    vehicle: int | None
    reason: Reason
    change: str
    amount: int
    unit: str
    added_milli: int


class _Relaxed(NamedTuple):
    """A question with one constraint lifted."""

    reason: Reason
    compiled: Compiled


def why_not(problem: Problem, plan: Plan, order: str, vehicles_max: int = 5) -> tuple[Blocker, ...]:
    """
    For the vehicles on which an order would cost least, each constraint that alone keeps it away.

    Parameters
    ----------
    problem
        The question.
    plan
        A plan that does not serve the order.
    order
        Its id.
    vehicles_max
        So many vehicles are reported, those with the cheapest change first.

    Returns
    -------
    tuple of Blocker
        Cheapest first. Empty where nothing by itself would admit the order, and where nothing stands in its way: then
        ``solver.living.alternatives`` lists where it fits.

    Raises
    ------
    KeyError
        When the problem has no such order.
    """
    compiled = Compiled(problem)
    number = compiled.order_index[order]
    routes = routes_of(compiled, plan)
    vehicles = [(route.vehicle_type, route.vehicle) for route in plan.routes]
    found: list[Blocker] = []
    for relaxed in _relaxations(problem, number):
        for index, key in enumerate(routes):
            if _insertion(compiled, key, number) is None:
                found.extend(_on_route(compiled, relaxed, key, number, _vehicle(compiled, key, vehicles, index)))
        found.extend(_on_more_vehicles(compiled, relaxed, routes, number))
    found.sort(key=lambda blocker: (blocker.added_milli, blocker.vehicle_type, blocker.vehicle or 0, blocker.reason))
    nearest = list(dict.fromkeys((blocker.vehicle_type, blocker.vehicle) for blocker in found))[:vehicles_max]
    return tuple(blocker for blocker in found if (blocker.vehicle_type, blocker.vehicle) in nearest)


def _vehicle(compiled: Compiled, key: RouteKey, vehicles: Sequence[tuple[str, int]], index: int) -> tuple[str, int]:
    """Type and number of a route; those of the plan where all its routes still hold."""
    name, number = compiled.identity[key[0]]
    return (name, number) if number is not None else vehicles[index] if index < len(vehicles) else (name, index + 1)


def _relaxations(problem: Problem, number: int) -> Iterator[_Relaxed]:
    """The question with each constraint lifted that could concern an order, one at a time."""
    order = problem.orders[number]
    of_order: list[tuple[Reason, Order]] = [
        (Reason.SKILL, replace(order, skills=())),
        (Reason.HUB, replace(order, hub=None)),
        (Reason.TIME_WINDOW, _any_time(order)),
        (Reason.RELEASE, replace(order, release_s=0)),
        (Reason.APART, replace(order, groups=())),
    ]
    for reason, changed in of_order:
        if changed != order:
            orders = (*problem.orders[:number], changed, *problem.orders[number + 1 :])
            yield _Relaxed(reason, Compiled(problem.replace(orders=orders, apart=_known(problem, orders))))
    of_vehicles: list[tuple[Reason, Callable[[VehicleType], VehicleType]]] = [
        (Reason.CAPACITY, lambda vehicle: replace(vehicle, capacity={})),
        (Reason.SHIFT, _longer_shift),
        (Reason.MAX_DURATION, lambda vehicle: replace(vehicle, duration_max_s=None)),
        (Reason.MAX_DISTANCE, lambda vehicle: replace(vehicle, distance_max_m=None)),
        (Reason.MAX_STOPS, lambda vehicle: replace(vehicle, stops_max=None)),
        (Reason.BREAK, lambda vehicle: replace(vehicle, breaks=())),
        (Reason.LOAD, lambda vehicle: replace(vehicle, hold=None)),
    ]
    for reason, change in of_vehicles:
        types = tuple(change(vehicle) for vehicle in problem.vehicle_types)
        if types != problem.vehicle_types:
            yield _Relaxed(reason, Compiled(problem.replace(vehicle_types=types)))
    if any(vehicle.count is not None for vehicle in problem.vehicle_types):
        types = tuple(
            replace(vehicle, count=None if vehicle.count is None else vehicle.count + 1)
            for vehicle in problem.vehicle_types
        )
        yield _Relaxed(Reason.FLEET, Compiled(problem.replace(vehicle_types=types)))


def _known(problem: Problem, orders: tuple[Order, ...]) -> tuple[tuple[str, str], ...]:
    """Pairs of groups that some order still names."""
    names = {group for order in orders for group in order.groups}
    return tuple(pair for pair in problem.apart if set(pair) <= names)


def _any_time(order: Order) -> Order:
    pickup = None if order.pickup is None else replace(order.pickup, windows=())
    return replace(
        order, pickup=pickup, delivery=None if order.delivery is None else replace(order.delivery, windows=())
    )


def _longer_shift(vehicle: VehicleType) -> VehicleType:
    shift = vehicle.shift
    return replace(vehicle, shift=Window(max(0, shift.open_s - DAY_S), shift.close_s + DAY_S))


def _insertion(compiled: Compiled, key: RouteKey, number: int) -> tuple[RouteKey, int] | None:
    """A route with the order at its cheapest position, and what that adds; None where there is none."""
    cost = price_milli(compiled, key)
    if cost is None or compiled.closed[key[0]]:
        return None
    none_free = [0] * len(compiled.vehicle_types)
    found = best_insertion(compiled, [(0, Line(compiled, key, cost))], number, none_free, NEVER)
    return None if found is None or found.route[0] != key[0] else (found.route, found.added_milli)


def _on_route(
    compiled: Compiled, relaxed: _Relaxed, key: RouteKey, number: int, vehicle: tuple[str, int]
) -> Iterator[Blocker]:
    found = _insertion(relaxed.compiled, key, number) if relaxed.reason is not Reason.FLEET else None
    if found is not None:
        route, added = found
        yield _blocker(compiled, relaxed, route, number, vehicle, added)


def _on_more_vehicles(
    compiled: Compiled, relaxed: _Relaxed, routes: Sequence[RouteKey], number: int
) -> Iterator[Blocker]:
    """The order alone on one more vehicle of each type, where only this constraint forbids that."""
    used = [sum(type_ == kind for type_, _ in routes) for kind in range(len(compiled.vehicle_types))]
    visits = compiled.visits_of(number)
    for type_, vehicle in enumerate(compiled.vehicle_types):
        exhausted = vehicle.count is not None and used[type_] >= vehicle.count
        if compiled.identity[type_][1] is not None or exhausted != (relaxed.reason is Reason.FLEET):
            continue
        if not exhausted and price_milli(compiled, (type_, visits)) is not None:
            continue
        price = price_milli(relaxed.compiled, (type_, visits))
        if price is not None:
            yield _blocker(compiled, relaxed, (type_, visits), number, (compiled.identity[type_][0], None), price)


def _blocker(
    compiled: Compiled, relaxed: _Relaxed, key: RouteKey, number: int, vehicle: tuple[str, int | None], added: int
) -> Blocker:
    times = timetable(relaxed.compiled, *key)
    assert not isinstance(times, Blocked), "a relaxed insertion is feasible once relaxed"
    change, amount, unit = _words(compiled, relaxed.reason, key, number, times)
    return Blocker(
        order=compiled.problem.orders[number].id,
        vehicle_type=vehicle[0],
        vehicle=vehicle[1],
        reason=relaxed.reason,
        change=change,
        amount=amount,
        unit=unit,
        added_milli=added,
    )


def _words(compiled: Compiled, reason: Reason, key: RouteKey, number: int, times: Timetable) -> tuple[str, int, str]:
    """What would have to change, by how much, in which unit."""
    type_, visits = key
    order = compiled.problem.orders[number]
    if reason is Reason.CAPACITY:
        return _capacity(compiled, type_, visits)
    if reason is Reason.TIME_WINDOW:
        return _window(compiled, key, number, times)
    if reason is Reason.SKILL:
        lacking = sorted(set(order.skills) - set(compiled.vehicle_types[type_].skills))
        return f"a vehicle with {', '.join(map(repr, lacking))}, or an order without", len(lacking), "skills"
    if reason is Reason.RELEASE:
        return f"the goods ready before {order.release_s} s", 0, ""
    if reason is Reason.SHIFT:
        return _shift(compiled, key)
    return _of_vehicle(compiled.vehicle_types[type_], reason, times)


def _shift(compiled: Compiled, key: RouteKey) -> tuple[str, int, str]:
    """The least that a shift must begin earlier, or where that is no help, end later."""
    shift = compiled.vehicle_types[key[0]].shift

    def least(longer: Callable[[int], Window], most: int) -> int:
        return bisect_left(range(most + 1), True, key=lambda amount: _feasible(compiled, key, longer(amount)))

    earlier = least(lambda amount: Window(shift.open_s - amount, shift.close_s), shift.open_s)
    if earlier <= shift.open_s:
        return f"a shift that begins at {shift.open_s - earlier} s for this vehicle", earlier, "s"
    later = least(lambda amount: Window(shift.open_s, shift.close_s + amount), DAY_S)
    if later <= DAY_S:
        return f"a shift that ends at {shift.close_s + later} s for this vehicle", later, "s"
    return "a longer shift at both ends for this vehicle", 0, ""


def _feasible(compiled: Compiled, key: RouteKey, shift: Window) -> bool:
    """Whether a route could be driven with another shift: never lost by a longer one."""
    other = copy(compiled)
    types = list(compiled.vehicle_types)
    types[key[0]] = replace(types[key[0]], shift=shift)
    other.vehicle_types = tuple(types)
    return not isinstance(timetable(other, *key), Blocked)


def _of_vehicle(vehicle: VehicleType, reason: Reason, times: Timetable) -> tuple[str, int, str]:
    """The same for limits of the vehicle."""
    took_s = times.end_s - times.start_s
    limits = {
        Reason.MAX_DURATION: (f"a route of {took_s} s allowed", took_s - (vehicle.duration_max_s or 0), "s"),
        Reason.MAX_DISTANCE: (
            f"a route of {times.distance_m} m allowed",
            times.distance_m - (vehicle.distance_max_m or 0),
            "m",
        ),
        Reason.MAX_STOPS: ("one more stop allowed on the route", 1, "stops"),
        Reason.FLEET: (f"one more vehicle of type {vehicle.id!r}", 1, "vehicles"),
    }
    return limits[reason] if reason in limits else (_PLAIN[reason], 0, "")


_PLAIN = {
    Reason.HUB: "its goods brought to (or taken from) where this vehicle starts (or ends)",
    Reason.APART: "leave to share a vehicle with the groups that it is kept apart from",
    Reason.BREAK: "the driver's break at another time, or another driver",
    Reason.LOAD: "a larger hold, or units that leave more room in it",
}


def _capacity(compiled: Compiled, type_: int, visits: tuple[int, ...]) -> tuple[str, int, str]:
    """The dimension that lacks most, relative to what the vehicle holds."""
    start, after = loads_after(compiled, visits)
    peaks = [max(load[d] for load in (start, *after)) for d in range(len(compiled.dimensions))]
    over = [
        (peak - limit, limit, name)
        for peak, limit, name in zip(peaks, compiled.capacities[type_], compiled.dimensions, strict=True)
        if peak > limit
    ]
    worst = max(over, key=lambda entry: entry[0] / max(entry[1], 1))
    words = " and ".join(f"{name} {lack} more than its {limit}" for lack, limit, name in over)
    return f"room for {words}", worst[0], worst[2]


def _window(compiled: Compiled, key: RouteKey, number: int, times: Timetable) -> tuple[str, int, str]:
    """When the services would begin, and how far that is from the nearest window."""
    begins = dict(zip(key[1], times.begin_s, strict=True))
    wanted = [(begins[visit], _away(begins[visit], compiled.windows_of[visit])) for visit in compiled.visits_of(number)]
    words = " and ".join(f"a service at {begin} s allowed ({away} s away)" for begin, away in wanted if away)
    return words or "a wider window", sum(away for _, away in wanted), "s"


def _away(time_s: int, windows: Sequence[Window]) -> int:
    return min((max(window.open_s - time_s, time_s - window.close_s, 0) for window in windows), default=0)
