"""What locks ask for: a route for each vehicle whose lock has visits, and what is wrong where there is none."""

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

from solver.compiled import PICKUP, Compiled
from solver.faults import Fault
from solver.plan import Reason
from solver.schedule import Blocked, timetable

EXACT_DELIVERIES_MAX = 5
"""Up to so many deliveries that a prefix leaves open are tried in every order; above, they are inserted one by one."""

_CURES = {
    Reason.SKILL: "lock what the vehicle offers the skills for",
    Reason.HUB: "lock a reload where the goods lie or go, or give the vehicle type one",
    Reason.CAPACITY: "lock fewer goods at a time, or a vehicle with more room",
    Reason.REACHABLE: "give distance and duration of every leg, or lock another order of visits",
    Reason.MAX_DISTANCE: "lock fewer visits, or raise distance_max_m",
    Reason.MAX_DURATION: "lock fewer visits, or raise duration_max_s",
    Reason.MAX_STOPS: "lock fewer visits, or raise stops_max",
    Reason.TIME_WINDOW: "widen the windows or the shift, or lock fewer visits",
    Reason.LOAD: "lock fewer goods at a time, another order of visits, or a vehicle with a larger hold",
    Reason.RELEASE: "lock goods that are ready earlier, or widen the windows",
    Reason.BREAK: "widen the break's window, or lock fewer visits",
    Reason.APART: "lock goods that may share a vehicle",
    Reason.LOCK: "name every delivery of the first trip in the lock of a vehicle that has left",
}


class _Attempt(NamedTuple):
    """The shortest route found for a lock, or what blocks the attempt that got furthest along its visits."""

    visits: tuple[int, ...] | None
    blocked: Blocked | None


def first_routes(compiled: Compiled) -> list[tuple[int, tuple[int, ...]]]:
    """
    A feasible route for each vehicle whose lock has visits, where there is one: the visits, and what they leave open.

    Open are deliveries of goods that the visits pick up, and a reload for collections that cannot end where the vehicle
    does. Every order of up to ``EXACT_DELIVERIES_MAX`` deliveries is tried, with one reload more where they do not go
    without; more deliveries are inserted one by one, the most urgent first.
    """
    attempts = ((type_, _attempt(compiled, type_)) for type_, prefix in enumerate(compiled.prefix) if prefix)
    return [(type_, attempt.visits) for type_, attempt in attempts if attempt.visits is not None]


def faults(compiled: Compiled) -> list[Fault]:
    """``lock_infeasible`` for each lock that no route can keep."""
    found: list[Fault] = []
    for index, lock in enumerate(compiled.problem.locks):
        type_ = compiled.type_of[lock.vehicle_type, lock.vehicle]
        if not compiled.prefix[type_]:
            continue
        attempt = _attempt(compiled, type_)
        if attempt.visits is None and attempt.blocked is not None:
            where, cause = _told(compiled, type_, index, attempt.blocked)
            found.append(Fault(code="lock_infeasible", where=where, cause=cause, cure=_CURES[attempt.blocked.reason]))
    return found


def _told(compiled: Compiled, type_: int, index: int, blocked: Blocked) -> tuple[str, str]:
    """Where a lock cannot be kept, and why."""
    name, number = compiled.identity[type_]
    if blocked.position < len(compiled.prefix[type_]):
        where = f"locks[{index}].visits[{blocked.position}]"
        return where, f"vehicle {number} of {name!r} cannot keep to it: {blocked.reason}"
    after = "after its visits, with the deliveries that they leave open and the way to its end"
    return f"locks[{index}]", f"vehicle {number} of {name!r} has no way on {after}: {blocked.reason}"


def _attempt(compiled: Compiled, type_: int) -> _Attempt:
    """The shortest-lasting way found to keep a lock."""
    prefix = compiled.prefix[type_]
    open_deliveries = [
        visit ^ 1
        for visit in prefix
        if visit >= 0 and visit & 1 == PICKUP and compiled.place_of[visit ^ 1] >= 0 and visit ^ 1 not in prefix
    ]
    if compiled.closed[type_]:
        return _shortest(compiled, type_, iter([prefix]))
    if len(open_deliveries) > EXACT_DELIVERIES_MAX:
        attempt = _inserted(compiled, type_, prefix, open_deliveries)
    else:
        attempt = _shortest(compiled, type_, ((*prefix, *rest) for rest in permutations(open_deliveries)))
    if attempt.visits is None:
        again = _shortest(compiled, type_, _with_reload(compiled, type_, open_deliveries))
        return again if again.visits is not None else attempt
    return attempt


def _with_reload(compiled: Compiled, type_: int, open_deliveries: list[int]) -> Iterator[tuple[int, ...]]:
    """The deliveries in every order (many: as they come), with one reload anywhere after the prefix."""
    few = len(open_deliveries) <= EXACT_DELIVERIES_MAX
    for rest in permutations(open_deliveries) if few else [tuple(open_deliveries)]:
        for place in compiled.reloads_of[type_]:
            for k in range(len(rest) + 1):
                yield (*compiled.prefix[type_], *rest[:k], ~place, *rest[k:])


def _shortest(compiled: Compiled, type_: int, ways: Iterator[tuple[int, ...]]) -> _Attempt:
    """The shortest-lasting of some routes; where none is feasible, the block that bites last."""
    best: tuple[int, tuple[int, ...]] | None = None
    furthest: Blocked | None = None
    for visits in ways:
        times = timetable(compiled, type_, visits, thorough=True)
        if isinstance(times, Blocked):
            if furthest is None or times.position > furthest.position:
                furthest = times
        elif best is None or times.duration_s < best[0]:
            best = times.duration_s, visits
    return _Attempt(None if best is None else best[1], furthest)


def _inserted(compiled: Compiled, type_: int, prefix: tuple[int, ...], open_deliveries: list[int]) -> _Attempt:
    """Deliveries inserted one by one where the route stays shortest, the most urgent first."""
    route = prefix
    latest = {visit: max((w.close_s for w in compiled.windows_of[visit]), default=0) for visit in open_deliveries}
    attempt = _Attempt(prefix, None)
    for visit in sorted(open_deliveries, key=lambda visit: (latest[visit], visit)):
        gaps = range(len(prefix), len(route) + 1)
        attempt = _shortest(compiled, type_, ((*route[:k], visit, *route[k:]) for k in gaps))
        if attempt.visits is None:
            return attempt
        route = attempt.visits
    return attempt
