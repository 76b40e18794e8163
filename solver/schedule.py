"""
When things happen on a route: the one place that derives times and loads.

``timetable`` answers for a vehicle type and a sequence of visits and reloads either the cheapest timetable or the first
constraint that stands in the way. ``solver.check`` derives the same facts on its own.
"""

from bisect import bisect_left
from collections.abc import Sequence
from operator import gt
from typing import NamedTuple

from solver.compiled import Compiled
from solver.plan import Reason
from solver.problem import Window
from solver.stowing import stowing_of
from solver.timed import service_s, timed
from solver.trips import Blocked, blocked_apart, blocked_lock, blocked_trip, loads_after

__all__ = ["Blocked", "Timetable", "legs", "loads_after", "served_stops", "service_s", "timetable"]


class Timetable(NamedTuple):
    """
    Times of a feasible route.

    ``begin_s[k]`` is when the service of the k-th visit or reload begins, ``arrival_s[k]`` when the vehicle reaches its
    place. ``breaks`` are pairs of begin and end, in order.
    """

    start_s: int
    end_s: int
    arrival_s: tuple[int, ...]
    begin_s: tuple[int, ...]
    distance_m: int
    breaks: tuple[tuple[int, int], ...] = ()

    @property
    def duration_s(self) -> int:
        """From leaving the start to being done; what hours are paid for."""
        return self.end_s - self.start_s


def timetable(
    compiled: Compiled, type_: int, visits: Sequence[int], *, reasons: bool = True, thorough: bool = False
) -> Timetable | Blocked:
    """
    Times of the shortest-lasting way to drive a sequence of visits; among those the earliest.

    Parameters
    ----------
    compiled
        The problem.
    type_
        Index of the vehicle type.
    visits
        Visits and reloads in order of service, at least one. An order with a pickup and a delivery must have both,
        pickup first.
    reasons
        Whether it matters to be told of a break or a release apart from windows; finding out takes time.
    thorough
        Whether places for units in a hold are looked for by all means, where a quick look finds none; it takes up to
        seconds.

    Returns
    -------
    Timetable or Blocked
        ``Blocked`` names the first constraint found broken, in the order: compatibility, locks, trips, groups, load,
        stops, ways, times, limits, holds. For times it is the break, or the release, without which there would be a
        way.
    """
    if not compiled.plain[type_]:
        return _every_feature(compiled, type_, visits, reasons=reasons, thorough=thorough)
    blocked = _blocked_compatible(compiled, type_, visits) or _blocked_load(compiled, type_, visits)
    if blocked is not None:
        return blocked
    legs_m, legs_s = legs(compiled, type_, visits)
    vehicle = compiled.vehicle_types[type_]
    blocked = _blocked_way(legs_m, legs_s, vehicle.distance_max_m)
    if blocked is not None:
        return blocked
    best = _shortest(compiled, visits, legs_s, vehicle.shift)
    if isinstance(best, Blocked):
        return best
    arrival_s, begin_s, start_s = best
    end_s = begin_s[-1] + compiled.service_of[visits[-1]] + legs_s[-1]
    if vehicle.duration_max_s is not None and end_s - start_s > vehicle.duration_max_s:
        return Blocked(Reason.MAX_DURATION, len(visits) - 1, end_s - start_s - vehicle.duration_max_s)
    return Timetable(start_s, end_s, tuple(arrival_s), tuple(begin_s), sum(legs_m))


def legs(compiled: Compiled, type_: int, visits: Sequence[int]) -> tuple[list[int], list[int]]:
    """
    Metres and seconds of each leg: start to first visit, between visits and reloads, the last of them to the end.

    Both lists have ``len(visits) + 1`` entries; the last is 0 where the end is open.
    """
    distance, duration = compiled.distance_rows[type_], compiled.duration_rows[type_]
    here = compiled.start_of[type_]
    legs_m: list[int] = []
    legs_s: list[int] = []
    for visit in visits:
        there = compiled.place_of[visit] if visit >= 0 else ~visit
        legs_m.append(distance[here][there] if here != there else 0)
        legs_s.append(duration[here][there] if here != there else 0)
        here = there
    end = compiled.end_of[type_]
    closed = end is not None and end != here
    legs_m.append(distance[here][end] if closed else 0)  # type: ignore[index]  # end is an index where closed
    legs_s.append(duration[here][end] if closed else 0)  # type: ignore[index]
    return legs_m, legs_s


def served_stops(compiled: Compiled, type_: int, visits: Sequence[int]) -> int:
    """Stays at a place, after the one where the vehicle starts, in which somebody is served; a reload ends no stay."""
    here, counted, count = compiled.start_of[type_], True, 0
    for visit, there in zip(visits, compiled.places_of(visits), strict=True):
        if there != here:
            here, counted = there, False
        if visit >= 0 and not counted:
            counted, count = True, count + 1
    return count


def _blocked_compatible(compiled: Compiled, type_: int, visits: Sequence[int]) -> Blocked | None:
    """Skills, hubs and locked assignments; None when all hold."""
    for position, visit in enumerate(visits):
        if visit < 0:
            if ~visit not in compiled.reloads_of[type_]:
                return Blocked(Reason.HUB, position)
        elif not compiled.compatible[type_, visit >> 1]:
            return Blocked(incompatible(compiled, type_, visit >> 1), position)
    return None


def incompatible(compiled: Compiled, type_: int, order: int) -> Reason:
    """Why a vehicle type may not serve an order that ``Compiled.compatible`` denies it."""
    if set(compiled.problem.orders[order].skills) - set(compiled.vehicle_types[type_].skills):
        return Reason.SKILL
    return Reason.LOCK if compiled.is_locked(type_, order) else Reason.HUB


def _blocked_load(compiled: Compiled, type_: int, visits: Sequence[int]) -> Blocked | None:
    """Capacity in every dimension; None when it holds."""
    capacity = compiled.capacities[type_]
    start, after = loads_after(compiled, visits)
    for d, limit in enumerate(capacity):
        if start[d] > limit or any(load[d] > limit for load in after):
            over = next(k for k, load in enumerate([start, *after]) if any(map(gt, load, capacity)))
            return Blocked(Reason.CAPACITY, max(over - 1, 0))
    return None


def _blocked_way(legs_m: list[int], legs_s: list[int], distance_max_m: int | None) -> Blocked | None:
    """Legs without a way, and the limit of distance."""
    last = len(legs_s) - 2
    if min(legs_m) < 0 or min(legs_s) < 0:
        first = next(k for k in range(len(legs_s)) if legs_s[k] < 0 or legs_m[k] < 0)
        return Blocked(Reason.REACHABLE, min(first, last))
    if distance_max_m is not None and sum(legs_m) > distance_max_m:
        return Blocked(Reason.MAX_DISTANCE, last, sum(legs_m) - distance_max_m)
    return None


def _every_feature(
    compiled: Compiled, type_: int, visits: Sequence[int], *, reasons: bool, thorough: bool
) -> Timetable | Blocked:
    """As ``timetable``, with breaks, reloads, releases, locks, groups, a limit of stops and holds."""
    blocked = (
        _blocked_compatible(compiled, type_, visits)
        or blocked_lock(compiled, type_, visits)
        or blocked_trip(compiled, type_, visits)
        or blocked_apart(compiled, visits)
        or _blocked_load(compiled, type_, visits)
    )
    if blocked is not None:
        return blocked
    vehicle, last = compiled.vehicle_types[type_], len(visits) - 1
    if vehicle.stops_max is not None:
        above = served_stops(compiled, type_, visits) - vehicle.stops_max
        if above > 0:
            return Blocked(Reason.MAX_STOPS, last, above)
    legs_m, legs_s = legs(compiled, type_, visits)
    past = len(compiled.happened[type_])
    legs_m[:past] = [max(0, metres) for metres in legs_m[:past]]
    legs_s[:past] = [0] * past
    blocked = _blocked_way(legs_m, legs_s, vehicle.distance_max_m)
    if blocked is not None:
        return blocked
    times = timed(compiled, type_, visits, legs_s, reasons=reasons)
    if isinstance(times, Blocked):
        return times
    over_s = times.end_s - times.start_s - (vehicle.duration_max_s or 0)
    if vehicle.duration_max_s is not None and over_s > 0:
        return Blocked(Reason.MAX_DURATION, last, over_s)
    return _blocked_hold(compiled, type_, visits, thorough=thorough) or Timetable(
        times.start_s, times.end_s, tuple(times.arrival_s), tuple(times.begin_s), sum(legs_m), tuple(times.breaks)
    )


def _blocked_hold(compiled: Compiled, type_: int, visits: Sequence[int], *, thorough: bool) -> Blocked | None:
    """Places in the hold for all units; None when there are."""
    stowing = stowing_of(compiled)
    if stowing is None or stowing.fits(type_, visits, thorough=thorough):
        return None
    return Blocked(Reason.LOAD, len(visits) - 1)


def _shortest(
    compiled: Compiled, visits: Sequence[int], legs_s: list[int], shift: Window
) -> tuple[list[int], list[int], int] | Blocked:
    """
    Arrivals, begins and start of the shortest-lasting timetable.

    From the earliest start the vehicle may wait; leaving as late as still gives the same end removes what waiting can
    be removed. With one window a visit that is the shortest duration (the end never comes earlier than the start
    moves). With several, a later start may pass a gap between windows, so each later start that changes the end is
    tried too: at most one a window.
    """
    best: tuple[list[int], list[int], int] | None = None
    best_duration = 0
    first_block: Blocked | None = None
    start = shift.open_s
    tries = 1 + sum(len(compiled.windows_of[visit]) - 1 for visit in visits)
    for _ in range(tries):
        run = _forward(compiled, visits, legs_s, start)
        if isinstance(run, Blocked):
            first_block = first_block or run
            break
        begin_s = run[1]
        end = begin_s[-1] + compiled.service_of[visits[-1]] + legs_s[-1]
        if end > shift.close_s:
            first_block = first_block or Blocked(Reason.TIME_WINDOW, len(visits) - 1)
            break
        latest = _latest_start(compiled, visits, legs_s, begin_s)
        if best is None or end - latest < best_duration:
            late_run = _forward(compiled, visits, legs_s, latest)
            if not isinstance(late_run, Blocked):
                best, best_duration = (*late_run, latest), end - latest
        start = latest + 1
    return best if best is not None else (first_block or Blocked(Reason.TIME_WINDOW, 0))


def _forward(
    compiled: Compiled, visits: Sequence[int], legs_s: list[int], start: int
) -> tuple[list[int], list[int]] | Blocked:
    """Arrive and begin as early as the windows allow."""
    arrival_s: list[int] = []
    begin_s: list[int] = []
    now = start
    for position, visit in enumerate(visits):
        now += legs_s[position]
        arrival_s.append(now)
        window = next((window for window in compiled.windows_of[visit] if now <= window.close_s), None)
        if window is None:
            return Blocked(Reason.TIME_WINDOW, position)
        now = max(now, window.open_s)
        begin_s.append(now)
        now += compiled.service_of[visit]
    return arrival_s, begin_s


def _latest_start(compiled: Compiled, visits: Sequence[int], legs_s: list[int], begin_s: list[int]) -> int:
    """The latest start with which the last service still begins at ``begin_s[-1]``, staying in the same windows."""
    latest = begin_s[-1]
    for position in range(len(visits) - 1, -1, -1):
        visit = visits[position]
        windows = compiled.windows_of[visit]
        current = windows[bisect_left(windows, begin_s[position], key=lambda window: window.close_s)]
        latest = min(latest, current.close_s)
        latest -= legs_s[position]
        if position:
            latest -= compiled.service_of[visits[position - 1]]
    return latest
