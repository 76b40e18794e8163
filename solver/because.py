"""
Why an order is where it is: what it costs there, what every other way to serve it would cost, and what shuts the rest.

The plan stays as it is but for that one order. ``solver.why_not`` prices constraints, ``solver.anatomy`` takes plans
apart.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from solver.anatomy import key_of, without
from solver.compiled import Compiled
from solver.matrix import Matrix
from solver.parts import TravelProfile
from solver.plan import Plan, Reason, Route, Stop
from solver.problem import Problem
from solver.routing.alone import Alone, price_milli
from solver.routing.features import RouteKey
from solver.routing.insertion import NEVER, Line, best_insertion
from solver.schedule import Blocked, timetable
from solver.ways import least_milli, ways
from solver.why import DEPTH
from solver.why_not import Blocker, why_not

TRIES = 8
"""Positions looked at on a route that cannot take an order, those that are least out of the way first."""
NEAREST = 4
"""Routes that cannot take an order whose constraints are priced one by one, those least out of the way."""


class Way(Struct, frozen=True, kw_only=True):
    """
    One way to serve an order, or to leave it out.

    Attributes
    ----------
    vehicle_type, vehicle
        Who would serve it: a vehicle of the plan, or with ``new`` one more of a type (``vehicle`` None). Both None: the
        outside option.
    added_milli
        What the plan would cost more than it does without the order.
    start_s
        When each of its services would begin, pickup first.
    delay_s
        By how much the service of any other order of the route would begin later at most.
    """

    vehicle_type: str | None
    vehicle: int | None
    new: bool
    added_milli: int
    start_s: tuple[int, ...]
    delay_s: int


class Shut(Struct, frozen=True, kw_only=True):
    """A vehicle of the plan that cannot take an order, and the constraint that the best attempt fails on."""

    vehicle_type: str
    vehicle: int
    reason: Reason


class Because(Struct, frozen=True, kw_only=True):
    """
    Why an order is where it is.

    Attributes
    ----------
    vehicle_type, vehicle
        Who serves it; both None where nobody does.
    now_milli
        What its route would cost less without it; None where nobody serves it, or the rest could not be driven.
    alone_milli
        What the cheapest vehicle would cost that does nothing else; None where none can.
    outside_milli
        Its outside option; None where it has none.
    ways
        Every other way, the cheapest first.
    shut
        Vehicles of the plan that cannot take it, in the plan's order.
    blockers
        On those of them that are nearest, and on one more vehicle: each constraint that by itself stands in the way,
        what would lift it, and what the plan would then cost more than without the order. The cheapest first.
    """

    order: str
    vehicle_type: str | None
    vehicle: int | None
    now_milli: int | None
    alone_milli: int | None
    outside_milli: int | None
    ways: tuple[Way, ...]
    shut: tuple[Shut, ...]
    blockers: tuple[Blocker, ...]


class _Line(NamedTuple):
    """A route of the plan without the order: who drives it, and what it costs; no visits where only the order was."""

    route: Route
    key: RouteKey
    cost_milli: int


def because(problem: Problem, compiled: Compiled, plan: Plan, order: str) -> Because:
    """
    Why an order is where it is, whether the plan serves it or not.

    Parameters
    ----------
    problem, compiled
        The question, and the same compiled.
    plan
        A checked answer to it.
    order
        Id of any order of the question.

    Raises
    ------
    KeyError
        When the problem has no such order.
    """
    number = compiled.order_index[order]
    lines, mine = _lines(compiled, plan, number)
    found, closed = [], []
    for line in lines:
        if line is mine or not line.key[1]:
            continue
        way = _on_route(compiled, line, number)
        if way is None:
            closed.append(line)
        else:
            found.append(way)
    found += _on_more(compiled, lines, mine, number)
    outside = problem.orders[number].outside_milli
    if outside is not None and mine is not None:
        found.append(_left_out(outside))
    least = {id(line): _least(compiled, line, number) for line in closed}
    nearest = sorted(closed, key=lambda line: least[id(line)])[:NEAREST]
    return Because(
        order=order,
        vehicle_type=None if mine is None else mine.route.vehicle_type,
        vehicle=None if mine is None else mine.route.vehicle,
        now_milli=None if mine is None or mine.cost_milli < 0 else mine.route.cost.total_milli - mine.cost_milli,
        alone_milli=next(iter(Alone.of(compiled).by_type[number].values()), None),
        outside_milli=outside,
        ways=tuple(sorted(found, key=lambda way: (way.added_milli, way.vehicle_type or "", way.vehicle or 0))),
        shut=tuple(_shut(compiled, line, number) for line in closed),
        blockers=_blockers(problem, plan, order, mine, nearest),
    )


def _lines(compiled: Compiled, plan: Plan, order: int) -> tuple[list[_Line], _Line | None]:
    """The plan's routes without an order, and the one that has it; its cost is -1 where it cannot be driven without."""
    lines, mine = [], None
    for route in plan.routes:
        key = key_of(compiled, route)
        if order not in compiled.orders_of(key[1]):
            lines.append(_Line(route, key, route.cost.total_milli))
            continue
        rest = without(compiled, key, order)
        cost = price_milli(compiled, rest) if rest[1] else 0
        mine = _Line(route, rest, -1 if cost is None else cost)
        lines.append(mine)
    return lines, mine


def _on_route(compiled: Compiled, line: _Line, order: int) -> Way | None:
    """The cheapest place on a vehicle of the plan."""
    if compiled.closed[line.key[0]]:
        return None
    none_free = [0] * len(compiled.vehicle_types)
    found = best_insertion(compiled, [(0, Line(compiled, line.key, line.cost_milli))], order, none_free, NEVER)
    if found is None or found.route[0] != line.key[0]:
        return None
    return _way(compiled, line.route.vehicle, found.route, order, found.added_milli, line.key)


def _on_more(compiled: Compiled, lines: Sequence[_Line], mine: _Line | None, order: int) -> Iterator[Way]:
    """The order on one more vehicle of each type that has one left; that it has one to itself is no other way."""
    used = Counter(line.key[0] for line in lines if line.key[1])
    itself = None if mine is None or mine.key[1] else mine.key[0]
    for type_, visits in Alone.of(compiled).visits[order].items():
        count = compiled.vehicle_types[type_].count
        if compiled.prefix[type_] or type_ == itself or (count is not None and used[type_] >= count):
            continue
        price = price_milli(compiled, (type_, visits))
        if price is not None:
            yield _way(compiled, None, (type_, visits), order, price, None)


def _way(
    compiled: Compiled, vehicle: int | None, key: RouteKey, order: int, added_milli: int, before: RouteKey | None
) -> Way:
    times = timetable(compiled, *key)
    assert not isinstance(times, Blocked), "an insertion is feasible"
    now = dict(zip(key[1], times.begin_s, strict=True))
    earlier = None if before is None else timetable(compiled, *before, reasons=False)
    began = {}
    if before is not None and earlier is not None and not isinstance(earlier, Blocked):
        began = dict(zip(before[1], earlier.begin_s, strict=True))
    return Way(
        vehicle_type=compiled.identity[key[0]][0],
        vehicle=vehicle,
        new=vehicle is None,
        added_milli=added_milli,
        start_s=tuple(now[visit] for visit in compiled.visits_of(order)),
        delay_s=max(0, *(now[visit] - began[visit] for visit in began if visit in now), 0),
    )


def _left_out(outside_milli: int) -> Way:
    return Way(vehicle_type=None, vehicle=None, new=False, added_milli=outside_milli, start_s=(), delay_s=0)


def _tries(compiled: Compiled, line: _Line, order: int) -> list[tuple[int, ...]]:
    """Sequences with the order on a route that are least out of the way; a transport is picked up and brought on."""
    type_, visits = line.key
    several = len(compiled.visits_of(order)) > 1
    found = (way for way in ways(compiled, type_, visits, order) if not several or _at_once(way, order))
    return sorted(found, key=lambda way: (least_milli(compiled, type_, way), len(way)))[:TRIES]


def _at_once(way: Sequence[int], order: int) -> bool:
    """Whether nothing stands between an order's pickup and its delivery."""
    return way.index(2 * order + 1) == way.index(2 * order) + 1


def _least(compiled: Compiled, line: _Line, order: int) -> int:
    """How far out of the way an order is at least, as a price: without waiting."""
    tries = _tries(compiled, line, order)
    if not tries:
        return NEVER
    return least_milli(compiled, line.key[0], tries[0]) - least_milli(compiled, *line.key)


def _shut(compiled: Compiled, line: _Line, order: int) -> Shut:
    """The constraint that stops the attempt that gets furthest; a closed route is locked."""
    reason = Reason.LOCK
    if not compiled.closed[line.key[0]]:
        tried = (timetable(compiled, line.key[0], way) for way in _tries(compiled, line, order))
        reasons = [times.reason for times in tried if isinstance(times, Blocked)]
        reason = max(reasons, key=lambda reason: DEPTH[reason], default=Reason.LOCK)
    return Shut(vehicle_type=line.route.vehicle_type, vehicle=line.route.vehicle, reason=reason)


def _blockers(
    problem: Problem, plan: Plan, order: str, mine: _Line | None, nearest: Sequence[_Line]
) -> tuple[Blocker, ...]:
    """What ``why_not`` finds on the nearest of the vehicles that are shut, of a plan without the order."""
    routes = [_stripped(route, order) for route in plan.routes]
    used = Counter(route.vehicle_type for route in routes if route.stops)
    kept = {(line.route.vehicle_type, line.route.vehicle) for line in nearest}
    near = [route for route in routes if route.stops and (route.vehicle_type, route.vehicle) in kept]
    if problem.locks or problem.change_milli:
        asked, near = problem, [route for route in routes if route.stops]
    else:
        served = {visit.order for route in near for stop in route.stops for visit in stop.visits}
        here = Counter(route.vehicle_type for route in near)
        asked = _narrowed(problem, served | {order}, used - here)
    found = why_not(asked, replace(plan, routes=tuple(near), unplanned=()), order, vehicles_max=len(near) + 2)
    itself = None if mine is None else (mine.route.vehicle_type, mine.route.vehicle)
    return tuple(entry for entry in found if (entry.vehicle_type, entry.vehicle) != itself)


def _stripped(route: Route, order: str) -> Route:
    """A route without an order; it has no stops left where it served nothing else."""

    def kept(stop: Stop) -> Stop:
        return replace(stop, visits=tuple(visit for visit in stop.visits if visit.order != order))

    stops = [stop for stop in map(kept, route.stops) if stop.visits or stop.reload]
    return replace(route, stops=tuple(stops) if any(stop.visits for stop in stops) else ())


def _narrowed(problem: Problem, orders: set[str], elsewhere: Counter[str]) -> Problem:
    """
    The question with some orders alone, their places and what vehicles are left: small, and so quick to ask again.

    ``elsewhere`` says how many vehicles of each type the other routes use.
    """
    kept = tuple(order for order in problem.orders if order.id in orders)
    types = tuple(
        replace(vehicle, count=None if vehicle.count is None else max(0, vehicle.count - elsewhere[vehicle.id]))
        for vehicle in problem.vehicle_types
    )
    named = {visit.place for order in kept for visit in (order.pickup, order.delivery) if visit is not None}
    named |= {order.hub for order in kept if order.hub is not None}
    for vehicle in types:
        named |= {vehicle.start, *vehicle.reloads} | ({vehicle.end} if vehicle.end is not None else set())
    rows = [row for row, place in enumerate(problem.places) if place.id in named]
    groups = {group for order in kept for group in order.groups}
    return problem.replace(
        orders=kept,
        vehicle_types=types,
        places=tuple(problem.places[row] for row in rows),
        profiles=tuple(_sliced(profile, rows) for profile in problem.profiles),
        apart=tuple(pair for pair in problem.apart if groups.issuperset(pair)),
        published=(),
    )


def _sliced(profile: TravelProfile, rows: list[int]) -> TravelProfile:
    if profile.distance_m is None or profile.duration_s is None:
        return profile
    some = np.ix_(rows, rows)
    return replace(
        profile,
        distance_m=Matrix(profile.distance_m.values[some]),
        duration_s=Matrix(profile.duration_s.values[some]),
    )
