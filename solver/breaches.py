"""A route as a person wants it, whether or not it holds: times, cost, and what it breaks, in words with numbers."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from solver.compiled import Compiled
from solver.cost import route_cost
from solver.plan import Reason, RouteCost
from solver.schedule import Blocked, Timetable, incompatible, legs, loads_after, served_stops, timetable
from solver.stowing import stowing_of
from solver.timed import overdue
from solver.trips import blocked_lock, blocked_trip

GRAMS_A_KG = 1_000
CM3_A_LITRE = 1_000
METRES_A_KM = 1_000


class Breach(Struct, frozen=True, kw_only=True):
    """
    One constraint that a route breaks.

    Attributes
    ----------
    reason
        Which.
    position
        Where on the route it bites (index of its visits); None where it is the route as a whole.
    order
        Whose visit stands there; None for a reload or the whole route.
    excess
        By how much, in seconds, metres, stops, or the dimension's unit; 0 where it cannot be counted.
    dimension
        Of a load, which; otherwise None.
    detail
        In words, with the number.
    """

    reason: Reason
    position: int | None
    order: str | None
    excess: int
    dimension: str | None
    detail: str


class Judged(NamedTuple):
    """Times and cost of a route, and what it breaks: nothing where it can be driven as it is."""

    times: Timetable
    cost: RouteCost
    breaches: tuple[Breach, ...]


class Impossible(NamedTuple):
    """A route that not even has times: a leg without a way, a break without room, a settled vehicle."""

    reason: Reason
    position: int
    detail: str


def judge(compiled: Compiled, type_: int, visits: Sequence[int]) -> Judged | Impossible:
    """
    Times, cost and breaches of a sequence of visits.

    A route without breaches has the times of ``solver.schedule.timetable``. One with some is timed as if its windows
    never closed, its shift never ended, and everything had room: no service begins later than it must.
    """
    visits = tuple(visits)
    times = timetable(compiled, type_, visits, reasons=False, thorough=True)
    if not isinstance(times, Blocked):
        return Judged(times, route_cost(compiled, type_, visits, times), ())
    ways = legs(compiled, type_, visits)
    impossible = _impossible(compiled, type_, visits, ways)
    if impossible is not None:
        return impossible
    past = len(compiled.happened[type_])
    legs_m = [max(0, metres) for metres in ways[0][:past]] + ways[0][past:]
    found = overdue(compiled, type_, visits, [0] * past + ways[1][past:])
    if isinstance(found, int):
        return Impossible(Reason.BREAK, found, "there is no room for the driver's break")
    times = Timetable(
        found.start_s, found.end_s, tuple(found.arrival_s), tuple(found.begin_s), sum(legs_m), tuple(found.breaks)
    )
    breaches = (*_goods(compiled, type_, visits), *_clock(compiled, type_, visits, times))
    assert breaches, f"{times} of {visits} is blocked, and breaks nothing"
    return Judged(times, route_cost(compiled, type_, visits, times), breaches)


def _impossible(
    compiled: Compiled, type_: int, visits: tuple[int, ...], ways: tuple[list[int], list[int]]
) -> Impossible | None:
    """What no times can be told for."""
    locked = blocked_lock(compiled, type_, visits)
    if locked is not None:
        return Impossible(Reason.LOCK, locked.position, "the vehicle is settled to do something else by then")
    for position, visit in enumerate(visits):
        if visit >= 0 and not compiled.compatible[type_, visit >> 1]:
            reason = incompatible(compiled, type_, visit >> 1)
            if reason is Reason.LOCK:
                return Impossible(reason, position, "another vehicle is settled to serve it")
    trip = blocked_trip(compiled, type_, visits)
    if trip is not None and (trip.reason is Reason.LOCK or visits[trip.position] < 0):
        return Impossible(trip.reason, trip.position, "the vehicle cannot load it there any more")
    past = len(compiled.happened[type_])
    for position, (metres, seconds) in enumerate(zip(*ways, strict=True)):
        if position >= past and min(metres, seconds) < 0:
            return Impossible(Reason.REACHABLE, min(position, len(visits) - 1), "there is no way to drive there")
    return None


def _breach(
    compiled: Compiled,
    visits: tuple[int, ...],
    position: int | None,
    reason: Reason,
    detail: str,
    excess: int = 0,
    dimension: str | None = None,
) -> Breach:
    visit = None if position is None else visits[position]
    order = None if visit is None or visit < 0 else compiled.problem.orders[visit >> 1].id
    return Breach(reason=reason, position=position, order=order, excess=excess, dimension=dimension, detail=detail)


def _goods(compiled: Compiled, type_: int, visits: tuple[int, ...]) -> Iterator[Breach]:
    """Skills, hubs, groups apart, capacity, and the hold."""
    seen: set[int] = set()
    foes = 0
    for position, visit in enumerate(visits):
        order = visit >> 1
        if visit < 0 or order in seen:
            continue
        seen.add(order)
        if not compiled.compatible[type_, order]:
            reason = incompatible(compiled, type_, order)
            missing = set(compiled.problem.orders[order].skills) - set(compiled.vehicle_types[type_].skills)
            detail = (
                f"the vehicle does not offer {', '.join(sorted(missing))}"
                if missing
                else "the goods lie at, or go to, a hub that the vehicle does not start from or end at"
            )
            yield _breach(compiled, visits, position, reason, detail)
        if foes & compiled.group_bits[order]:
            yield _breach(compiled, visits, position, Reason.APART, "may not ride with other goods on this vehicle")
        foes |= compiled.clash_bits[order]
    trip = blocked_trip(compiled, type_, visits)
    if trip is not None and compiled.compatible[type_, visits[trip.position] >> 1]:
        yield _breach(compiled, visits, trip.position, Reason.HUB, "its trip does not touch the hub of the goods")
    yield from _capacity(compiled, type_, visits)
    stowing = stowing_of(compiled)
    if stowing is not None and not stowing.fits(type_, visits, thorough=True):
        yield _breach(compiled, visits, None, Reason.LOAD, "no way was found to stow all its units in the hold")


def _capacity(compiled: Compiled, type_: int, visits: tuple[int, ...]) -> Iterator[Breach]:
    start, after = loads_after(compiled, visits)
    for d, limit in enumerate(compiled.capacities[type_]):
        loads = [start[d], *(load[d] for load in after)]
        most = max(loads)
        if most > limit:
            name = compiled.dimensions[d]
            position = max(next(k for k, load in enumerate(loads) if load > limit) - 1, 0)
            yield _breach(
                compiled, visits, position, Reason.CAPACITY, _too_much(name, most - limit), most - limit, name
            )


def _too_much(dimension: str, excess: int) -> str:
    """By how much a load is too large, in units that people use."""
    if dimension == "weight_g":
        return f"{_figure(excess, GRAMS_A_KG)} kg too heavy"
    if dimension == "volume_cm3":
        return f"{_figure(excess, CM3_A_LITRE)} litres too much"
    return f"{excess} {dimension.replace('_', ' ')} too many"


def _figure(amount: int, unit: int) -> str:
    """An amount in a larger unit, rounded up to a tenth of it where it is small."""
    tenths = -(-amount * 10 // unit)
    return f"{tenths / 10:.1f}" if tenths < 100 and tenths % 10 else str(-(-amount // unit))


def _clock(compiled: Compiled, type_: int, visits: tuple[int, ...], times: Timetable) -> Iterator[Breach]:
    """Windows, the shift, and the limits of time, way and stops."""
    vehicle = compiled.vehicle_types[type_]
    for position in range(len(compiled.happened[type_]), len(visits)):
        late_s = _late_s(compiled, visits[position], times.begin_s[position])
        if late_s is not None:
            detail = (
                f"begins {in_words(late_s)} after its window has closed" if late_s else "has no window left on that day"
            )
            yield _breach(compiled, visits, position, Reason.TIME_WINDOW, detail, late_s)
    over_s = times.end_s - vehicle.shift.close_s
    if over_s > 0:
        yield _breach(compiled, visits, None, Reason.SHIFT, f"ends {in_words(over_s)} after the shift", over_s)
    if vehicle.duration_max_s is not None and times.duration_s > vehicle.duration_max_s:
        over_s = times.duration_s - vehicle.duration_max_s
        yield _breach(compiled, visits, None, Reason.MAX_DURATION, f"takes {in_words(over_s)} too long", over_s)
    if vehicle.distance_max_m is not None and times.distance_m > vehicle.distance_max_m:
        over_m = times.distance_m - vehicle.distance_max_m
        detail = f"is {_figure(over_m, METRES_A_KM)} km too long"
        yield _breach(compiled, visits, None, Reason.MAX_DISTANCE, detail, over_m)
    above = 0 if vehicle.stops_max is None else served_stops(compiled, type_, visits) - vehicle.stops_max
    if above > 0:
        yield _breach(compiled, visits, None, Reason.MAX_STOPS, f"has {above} stops too many", above)


def _late_s(compiled: Compiled, visit: int, begin_s: int) -> int | None:
    """Seconds since the window closed that a service missed, 0 where none had opened; None where it is in time."""
    windows = compiled.windows_of[visit] if visit >= 0 else compiled.dock_windows[~visit]
    if any(window.open_s <= begin_s <= window.close_s for window in windows):
        return None
    return begin_s - max((window.close_s for window in windows if window.close_s < begin_s), default=begin_s)


def in_words(seconds: int) -> str:
    """A length of time as people say it; from a minute on rounded up to whole minutes."""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod(-(-seconds // 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
