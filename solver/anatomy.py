"""
What a plan is made of: its cost by component and vehicle, what each order adds to it, and where it has no room left.

Nothing is searched here: every figure is read off a plan that stands, whose vehicles keep their sequence.
"""

from bisect import insort
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import asdict, replace

from solver.compiled import ACTIONS, DELIVERY, Compiled
from solver.plan import Plan, Reason, Route, RouteCost
from solver.problem import Problem
from solver.routing.alone import cheapest_alone_milli, price_milli
from solver.routing.features import RouteKey
from solver.schedule import legs
from solver.trips import tidied
from solver.ways import least_milli

FULL_PERCENT = 95
"""A vehicle loaded to so much of a dimension has no room left that could be used."""
TIGHT_S = 900
"""A service, shift or route that could be so much later or longer at most has no time left that could be used."""


class RouteFigures(Struct, frozen=True, kw_only=True):
    """
    What one route does with its way and its time.

    Attributes
    ----------
    cost
        By component.
    empty_m
        Metres driven with nothing on board, of ``distance_m``.
    driving_s, service_s, waiting_s, break_s
        They sum to the route's duration, the time of reloads counted as service.
    orders, stops
        How many it serves, at how many places it stops (reloads are no stops).
    peak, capacity
        Largest load on the way and what the vehicle carries, by dimension; only dimensions that are limited.
    """

    vehicle_type: str
    vehicle: int
    cost: RouteCost
    distance_m: int
    empty_m: int
    driving_s: int
    service_s: int
    waiting_s: int
    break_s: int
    orders: int
    stops: int
    peak: dict[str, int]
    capacity: dict[str, int]


class Added(Struct, frozen=True, kw_only=True):
    """
    What one order adds to a plan.

    Attributes
    ----------
    order
        Its id.
    now_milli
        What its route would cost less without it, the others keeping their sequence; None where the route could not be
        driven without it (a leg without a way).
    alone_milli
        What the cheapest vehicle would cost that does nothing else; None where none can.
    """

    order: str
    vehicle_type: str
    vehicle: int
    now_milli: int | None
    alone_milli: int | None


class Tight(Struct, frozen=True, kw_only=True):
    """
    One kind of limit that a plan runs into.

    ``reason`` as for unplanned orders; ``unit`` the dimension of a load, the vehicle type of a fleet, else "". Of
    ``total`` vehicles (for ``TIME_WINDOW``: services) ``count`` are at the limit.
    """

    reason: Reason
    unit: str
    count: int
    total: int


class Component(StrEnum):
    """What a plan's cost consists of."""

    FIXED = "fixed"
    DISTANCE = "distance"
    TIME = "time"
    STOP = "stop"
    TRIP = "trip"
    OVERTIME = "overtime"
    CHANGE = "change"
    OUTSIDE = "outside"
    LONGEST = "longest"
    UNUSED = "unused"


def components_milli(plan: Plan) -> dict[Component, int]:
    """The plan's cost by component, those that cost something; they sum to ``plan.cost_milli`` exactly."""
    found: Counter[Component] = Counter()
    for route in plan.routes:
        for name, amount in asdict(route.cost).items():
            found[Component(name.removesuffix("_milli"))] += amount
    for entry in plan.unplanned:
        found[Component.OUTSIDE] += entry.outside_milli or 0
        found[Component.CHANGE] += entry.change_milli
    found[Component.LONGEST] += plan.longest_milli
    found[Component.UNUSED] += plan.unused_milli
    return {name: found[name] for name in Component if found[name]}


def key_of(compiled: Compiled, route: Route) -> RouteKey:
    """A route of a plan in the search's form: the vehicle type (singled out where it is) and the visits."""
    visits: list[int] = []
    for stop in route.stops:
        if stop.reload:
            visits.append(~compiled.place_index[stop.place])
        visits += [2 * compiled.order_index[visit.order] + ACTIONS.index(visit.action) for visit in stop.visits]
    type_ = compiled.type_of.get((route.vehicle_type, route.vehicle), compiled.type_index[route.vehicle_type])
    return type_, tuple(visits)


def without(compiled: Compiled, key: RouteKey, order: int) -> RouteKey:
    """A route without an order, and without reloads that only it needed; no visits where nothing is left."""
    type_, visits = key
    rest = tidied([visit for visit in visits if visit < 0 or visit >> 1 != order], compiled, type_)
    return type_, rest if max(rest, default=-1) >= 0 else ()


def figures(problem: Problem, compiled: Compiled, plan: Plan) -> tuple[RouteFigures, ...]:
    """What each route does, in the plan's order."""
    limits = {vehicle.id: vehicle.capacity for vehicle in problem.vehicle_types}
    return tuple(_figures(compiled, route, limits[route.vehicle_type]) for route in plan.routes)


def _figures(compiled: Compiled, route: Route, capacity: dict[str, int]) -> RouteFigures:
    type_, visits = key_of(compiled, route)
    waiting_s = sum(stop.waiting_s for stop in route.stops)
    break_s = sum(pause.end_s - pause.start_s for pause in route.breaks)
    reload_s = compiled.vehicle_types[type_].reload_s
    service_s = sum(visit.end_s - visit.start_s for stop in route.stops for visit in stop.visits)
    service_s += sum(reload_s for stop in route.stops if stop.reload)
    loads = [route.load_start, *(stop.load_after for stop in route.stops)]
    return RouteFigures(
        vehicle_type=route.vehicle_type,
        vehicle=route.vehicle,
        cost=route.cost,
        distance_m=route.distance_m,
        empty_m=_empty_m(compiled, type_, visits),
        driving_s=route.end_s - route.start_s - waiting_s - break_s - service_s,
        service_s=service_s,
        waiting_s=waiting_s,
        break_s=break_s,
        orders=len(compiled.orders_of(visits)),
        stops=sum(not stop.reload for stop in route.stops),
        peak={name: max(load.get(name, 0) for load in loads) for name in capacity},
        capacity=capacity,
    )


def _empty_m(compiled: Compiled, type_: int, visits: Sequence[int]) -> int:
    """Metres of the legs on which no order is on board, whatever orders weigh."""
    legs_m, _ = legs(compiled, type_, visits)
    return sum(metres for metres, aboard in zip(legs_m, _aboard(compiled, visits), strict=True) if not aboard)


def _aboard(compiled: Compiled, visits: Sequence[int]) -> Iterator[int]:
    """How many orders are on board of each leg, from leaving the start on."""
    kept, collected = _loaded(compiled, visits, 0), 0
    yield kept
    for position, visit in enumerate(visits):
        if visit < 0:
            kept, collected = kept - collected + _loaded(compiled, visits, position + 1), 0
        elif visit & 1 == DELIVERY:
            kept -= 1
        else:
            kept += 1
            collected += compiled.place_of[visit ^ 1] < 0
        yield kept


def _loaded(compiled: Compiled, visits: Sequence[int], first: int) -> int:
    """Deliveries without a pickup of the trip that begins at an entry: they are loaded where it begins."""
    count = 0
    for visit in visits[first:]:
        if visit < 0:
            break
        count += visit & 1 == DELIVERY and compiled.place_of[visit ^ 1] < 0
    return count


def added(problem: Problem, compiled: Compiled, plan: Plan, most: int | None = None) -> tuple[Added, ...]:
    """
    What each planned order adds, those that add most first; those whose route needs them last.

    Units that stand in holds are left out of it: fewer of them fit wherever more did. With ``most`` only so many are
    told, the same as without; hardly more than these are then looked at closely.
    """
    loose = compiled
    if any(vehicle.hold is not None for vehicle in problem.vehicle_types):
        types = tuple(replace(vehicle, hold=None) for vehicle in problem.vehicle_types)
        loose = Compiled(problem.replace(vehicle_types=types))
    found: list[tuple[int, str, int, Route]] = []
    needed: list[tuple[str, int, Route]] = []
    for ceiling, name, rest, route, order in _ceilings(problem, loose, plan):
        if most is not None and len(found) >= most and ceiling < -found[most - 1][0]:
            break
        least = price_milli(loose, rest) if rest[1] else 0
        if least is None:
            needed.append((name, order, route))
        else:
            insort(found, (least - route.cost.total_milli, name, order, route), key=_rank)
    told: list[tuple[str, int, Route, int | None]] = [(name, order, route, -less) for less, name, order, route in found]
    told += [(name, order, route, None) for name, order, route in sorted(needed, key=lambda entry: entry[0])]
    told = told[:most]
    alone = cheapest_alone_milli(loose, [order for _, order, _, _ in told])
    return tuple(
        Added(
            order=name,
            vehicle_type=route.vehicle_type,
            vehicle=route.vehicle,
            now_milli=now_milli,
            alone_milli=by_itself,
        )
        for (name, _, route, now_milli), by_itself in zip(told, alone, strict=True)
    )


def _rank(entry: tuple[int, str, int, Route]) -> tuple[int, str]:
    """What adds more first, then by name."""
    return entry[:2]


def _ceilings(problem: Problem, compiled: Compiled, plan: Plan) -> list[tuple[int, str, RouteKey, Route, int]]:
    """What each planned order adds at most, as its route without it waits nowhere; those that may add most first."""
    found = []
    for route in plan.routes:
        key = key_of(compiled, route)
        for order in compiled.orders_of(key[1]):
            rest = without(compiled, key, order)
            least = least_milli(compiled, *rest) if rest[1] else 0
            found.append((route.cost.total_milli - least, problem.orders[order].id, rest, route, order))
    return sorted(found, key=lambda entry: (-entry[0], entry[1]))


def tight(problem: Problem, plan: Plan, routes: Sequence[RouteFigures]) -> tuple[Tight, ...]:
    """
    Which limits the plan runs into, the one that concerns most vehicles first.

    A vehicle is at its limit of load and of distance from ``FULL_PERCENT`` on, of duration and at the end of its shift
    when less than ``TIGHT_S`` are left, of stops when none is left. A service is when it could begin less than
    ``TIGHT_S`` later by its own windows and those of its place. A fleet is when all of its vehicles are in use.
    """
    found = [
        *_full(routes),
        *_worn_out(problem, plan, routes),
        *_in_use(problem, plan),
        *_punctual(problem, plan),
    ]
    return tuple(sorted((entry for entry in found if entry.count), key=lambda entry: (-entry.count, entry.reason)))


def _full(routes: Sequence[RouteFigures]) -> Iterator[Tight]:
    for name in sorted({name for route in routes for name in route.capacity}):
        mine = [route for route in routes if name in route.capacity]
        full = sum(100 * route.peak[name] >= FULL_PERCENT * route.capacity[name] for route in mine)
        yield Tight(reason=Reason.CAPACITY, unit=name, count=full, total=len(mine))


def _worn_out(problem: Problem, plan: Plan, routes: Sequence[RouteFigures]) -> Iterator[Tight]:
    """Shifts, durations, distances and stops."""
    kinds = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
    at: Counter[Reason] = Counter()
    for route, of_route in zip(plan.routes, routes, strict=True):
        kind, took_s = kinds[route.vehicle_type], route.end_s - route.start_s
        at[Reason.SHIFT] += kind.shift.close_s - route.end_s < TIGHT_S
        at[Reason.MAX_DURATION] += kind.duration_max_s is not None and kind.duration_max_s - took_s < TIGHT_S
        at[Reason.MAX_STOPS] += kind.stops_max is not None and of_route.stops >= kind.stops_max
        most_m = kind.distance_max_m
        at[Reason.MAX_DISTANCE] += most_m is not None and 100 * route.distance_m >= FULL_PERCENT * most_m
    return (Tight(reason=reason, unit="", count=count, total=len(routes)) for reason, count in at.items())


def _in_use(problem: Problem, plan: Plan) -> Iterator[Tight]:
    used = Counter(route.vehicle_type for route in plan.routes)
    for vehicle in problem.vehicle_types:
        if vehicle.count and used[vehicle.id] >= vehicle.count:
            yield Tight(reason=Reason.FLEET, unit=vehicle.id, count=used[vehicle.id], total=vehicle.count)


def _punctual(problem: Problem, plan: Plan) -> Iterator[Tight]:
    """Services that begin shortly before the last window closes."""
    orders = {order.id: order for order in problem.orders}
    places = {place.id: place for place in problem.places}
    total = late = 0
    for stop in (stop for route in plan.routes for stop in route.stops):
        for visit in stop.visits:
            total += 1
            asked = getattr(orders[visit.order], visit.action.value)
            closes = [w.close_s for w in (asked.windows, places[stop.place].windows) for w in w[-1:]]
            late += min(closes, default=visit.start_s + TIGHT_S) - visit.start_s < TIGHT_S
    yield Tight(reason=Reason.TIME_WINDOW, unit="", count=late, total=total)
