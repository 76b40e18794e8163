"""
When things happen on a route: the one place that derives times and loads.

``timetable`` answers for a vehicle type and a sequence of visits either the cheapest timetable or the first constraint
that stands in the way. ``solver.check`` derives the same facts on its own.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from solver.compiled import DELIVERY, PICKUP, Compiled
from solver.plan import Reason
from solver.problem import Window


class Timetable(NamedTuple):
    """
    Times of a feasible route.

    ``begin_s[k]`` is when the service of the k-th visit begins, ``arrival_s[k]`` when the vehicle reaches its place.
    """

    start_s: int
    end_s: int
    arrival_s: tuple[int, ...]
    begin_s: tuple[int, ...]
    distance_m: int

    @property
    def duration_s(self) -> int:
        """From leaving the start to being done; what hours are paid for."""
        return self.end_s - self.start_s


class Blocked(NamedTuple):
    """
    Why a sequence of visits is no route: the constraint, and the position in the sequence where it bites.

    ``excess`` is by how many seconds or metres a limit of duration or distance is passed, 0 for other reasons.
    """

    reason: Reason
    position: int
    excess: int = 0


def timetable(compiled: Compiled, type_: int, visits: Sequence[int]) -> Timetable | Blocked:
    """
    Times of the shortest-lasting way to drive a sequence of visits; among those the earliest.

    Parameters
    ----------
    compiled
        The problem.
    type_
        Index of the vehicle type.
    visits
        Visits in order of service, at least one. An order with a pickup and a delivery must have both, pickup first.

    Returns
    -------
    Timetable or Blocked
        ``Blocked`` names the first constraint found broken, in the order: compatibility, load, ways, times, limits.
    """
    blocked = _blocked_load(compiled, type_, visits)
    if blocked is not None:
        return blocked
    legs_m, legs_s = legs(compiled, type_, visits)
    if min(legs_m) < 0 or min(legs_s) < 0:
        first = next(k for k in range(len(legs_s)) if legs_s[k] < 0 or legs_m[k] < 0)
        return Blocked(Reason.REACHABLE, min(first, len(visits) - 1))
    vehicle = compiled.problem.vehicle_types[type_]
    if vehicle.distance_max_m is not None and sum(legs_m) > vehicle.distance_max_m:
        return Blocked(Reason.MAX_DISTANCE, len(visits) - 1, sum(legs_m) - vehicle.distance_max_m)
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
    Metres and seconds of each leg: start to first visit, between visits, last visit to the end.

    Both lists have ``len(visits) + 1`` entries; the last is 0 where the end is open.
    """
    distance, duration = compiled.distance_rows[type_], compiled.duration_rows[type_]
    here = compiled.start_of[type_]
    legs_m: list[int] = []
    legs_s: list[int] = []
    for visit in visits:
        there = compiled.place_of[visit]
        legs_m.append(distance[here][there] if here != there else 0)
        legs_s.append(duration[here][there] if here != there else 0)
        here = there
    end = compiled.end_of[type_]
    closed = end is not None and end != here
    legs_m.append(distance[here][end] if closed else 0)  # type: ignore[index]  # end is an index where closed
    legs_s.append(duration[here][end] if closed else 0)  # type: ignore[index]
    return legs_m, legs_s


def loads_after(compiled: Compiled, visits: Sequence[int]) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """
    Load vector when the vehicle leaves its start, and after each visit.

    Goods of delivery-only orders are on board from the start, those of pickup-only orders stay until the end.
    """
    width = len(compiled.dimensions)
    load = [0] * width
    for visit in visits:
        if visit & 1 == DELIVERY and compiled.place_of[visit ^ 1] < 0:
            for d, amount in enumerate(compiled.loads[visit >> 1]):
                load[d] += amount
    start = tuple(load)
    after: list[tuple[int, ...]] = []
    for visit in visits:
        sign = 1 if visit & 1 == PICKUP else -1
        for d, amount in enumerate(compiled.loads[visit >> 1]):
            load[d] += sign * amount
        after.append(tuple(load))
    return start, after


def _blocked_load(compiled: Compiled, type_: int, visits: Sequence[int]) -> Blocked | None:
    """Skills, hub and capacity; None when all hold."""
    for position, visit in enumerate(visits):
        if not compiled.compatible[type_, visit >> 1]:
            order = compiled.problem.orders[visit >> 1]
            lacking = set(order.skills) - set(compiled.problem.vehicle_types[type_].skills)
            return Blocked(Reason.SKILL if lacking else Reason.HUB, position)
    capacity = compiled.capacities[type_]
    start, after = loads_after(compiled, visits)
    for position, load in enumerate([start, *after]):
        if any(amount > limit for amount, limit in zip(load, capacity, strict=True)):
            return Blocked(Reason.CAPACITY, max(position - 1, 0))
    return None


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
