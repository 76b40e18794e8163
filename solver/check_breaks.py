"""The checker's rules for breaks: each that is due, none that is not, within its window and between services."""

from collections.abc import Iterator
from itertools import pairwise

from solver.check_facts import Reading
from solver.plan import PlannedBreak, Violation
from solver.problem import Break


def breaks(reading: Reading) -> Iterator[Violation]:
    """Everything about a route's breaks but the delay of arrivals, which is the journey's."""
    taken: dict[int, PlannedBreak] = {}
    for index, pause in enumerate(reading.route.breaks):
        at = f"{reading.where}.breaks[{index}]"
        which = _window_of(reading, pause)
        if which is None:
            detail = f"begins at {pause.start_s}, in no window of a break of {reading.vehicle.id!r}"
            yield Violation(code="break_window", where=at, detail=detail)
            continue
        if which in taken:
            yield Violation(code="break_repeated", where=at, detail="this break is taken already")
        taken[which] = pause
        length_s = reading.vehicle.breaks[which].duration_s
        if pause.end_s - pause.start_s != length_s:
            detail = f"lasts {pause.end_s - pause.start_s} s, not {length_s} s"
            yield Violation(code="break_length", where=at, detail=detail)
        yield from _placed(reading, pause, at)
    for one, other in pairwise(reading.route.breaks):
        if other.start_s < one.end_s:
            detail = f"the break from {other.start_s} begins before the one before it ends, at {one.end_s}"
            yield Violation(code="break_misplaced", where=reading.where, detail=detail)
    for which, rule in enumerate(reading.vehicle.breaks):
        yield from _due(reading, rule, taken.get(which))


def _window_of(reading: Reading, pause: PlannedBreak) -> int | None:
    """Index of the break that a pause is, by its begin; the windows of a vehicle's breaks never meet."""
    for index, rule in enumerate(reading.vehicle.breaks):
        if rule.window.open_s <= pause.start_s <= rule.window.close_s:
            return index
    return None


def _placed(reading: Reading, pause: PlannedBreak, at: str) -> Iterator[Violation]:
    """Within the route, after what has happened, in no service."""
    earliest_s = max(reading.route.start_s, reading.past_s)
    if pause.start_s < earliest_s or pause.end_s > reading.route.end_s:
        detail = f"from {pause.start_s} to {pause.end_s}, the route can have it from {earliest_s} to "
        detail += f"{reading.route.end_s}"
        yield Violation(code="break_misplaced", where=at, detail=detail)
    for step in reading.steps:
        departure_s = reading.route.stops[step.stop].departure_s
        begin_s, end_s = departure_s - reading.service_of_reload(step.stop), departure_s
        if step.visit is not None:
            begin_s, end_s = step.visit.start_s, step.visit.end_s
        if pause.start_s < end_s and begin_s < pause.end_s:
            detail = f"from {pause.start_s} to {pause.end_s}, within a service from {begin_s} to {end_s}"
            yield Violation(code="break_misplaced", where=at, detail=detail)


def _due(reading: Reading, rule: Break, pause: PlannedBreak | None) -> Iterator[Violation]:
    """
    A break is taken if and only if the route would be under way without it when its window closes.

    Without a break before a service the vehicle could wait instead; one on the way to the end delays the end.
    """
    route, close_s = reading.route, rule.window.close_s
    end_s = route.end_s
    if pause is not None and pause.start_s >= max((stop.departure_s for stop in route.stops), default=route.start_s):
        end_s -= rule.duration_s
    due = route.start_s <= close_s < end_s and close_s >= reading.past_s
    if due and pause is None:
        detail = f"under way from {route.start_s} to {route.end_s} without the break that is due by {close_s}"
        yield Violation(code="break_missing", where=reading.where, detail=detail)
    if pause is not None and not due:
        detail = f"the break at {pause.start_s} is not due: from {route.start_s} to {end_s} without it"
        yield Violation(code="break_superfluous", where=reading.where, detail=detail)
