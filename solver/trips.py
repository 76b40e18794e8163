"""
The trips of a route: what is on board when, which places they begin and end at, and when their goods are released.

Trip 1 begins at the vehicle's start; a reload ends one trip and begins the next; the last ends at the vehicle's end.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from solver.compiled import DELIVERY, PICKUP, Compiled
from solver.plan import Reason


class Blocked(NamedTuple):
    """
    Why a sequence of visits is no route: the constraint, and the position in the sequence where it bites.

    ``excess`` is by how many seconds, metres or stops a limit is passed, 0 for other reasons.
    """

    reason: Reason
    position: int
    excess: int = 0


def loads_after(compiled: Compiled, visits: Sequence[int]) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """
    Load vector when the vehicle leaves its start, and after each visit or reload.

    Goods of delivery-only orders are on board from the begin of their trip, those of pickup-only orders until its end.
    """
    load = [0] * len(compiled.dimensions)
    _load_trip(compiled, visits, 0, load)
    start = tuple(load)
    after: list[tuple[int, ...]] = []
    collected_from = 0
    for position, visit in enumerate(visits):
        if visit < 0:
            for collected in visits[collected_from:position]:
                if collected & 1 == PICKUP and compiled.place_of[collected ^ 1] < 0:
                    _change(load, compiled.loads[collected >> 1], -1)
            collected_from = position + 1
            _load_trip(compiled, visits, position + 1, load)
        else:
            _change(load, compiled.loads[visit >> 1], -1 if visit & 1 else 1)
        after.append(tuple(load))
    return start, after


def _change(load: list[int], goods: tuple[int, ...], sign: int) -> None:
    for d, amount in enumerate(goods):
        load[d] += sign * amount


def _load_trip(compiled: Compiled, visits: Sequence[int], first: int, load: list[int]) -> None:
    """Add the goods of deliveries of the trip whose first entry is at ``first``."""
    for visit in visits[first:]:
        if visit < 0:
            return
        if visit & 1 == DELIVERY and compiled.place_of[visit ^ 1] < 0:
            _change(load, compiled.loads[visit >> 1], 1)


def trips(visits: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First position and position after the last of each trip's visits, reloads left out; a trip may be empty."""
    first = 0
    for position, visit in enumerate(visits):
        if visit < 0:
            yield first, position
            first = position + 1
    yield first, len(visits)


def releases_s(compiled: Compiled, visits: Sequence[int]) -> list[int]:
    """By trip: the earliest second at which all goods that are loaded at its begin are released."""
    return [
        max((compiled.release_s[v >> 1] for v in visits[first:last] if is_delivery_only(compiled, v)), default=0)
        for first, last in trips(visits)
    ]


def is_delivery_only(compiled: Compiled, visit: int) -> bool:
    """Whether a visit delivers goods that are on board from the begin of its trip."""
    return visit & 1 == DELIVERY and compiled.place_of[visit ^ 1] < 0


def blocked_trip(compiled: Compiled, type_: int, visits: Sequence[int]) -> Blocked | None:
    """Reloads that the vehicle does not make, hubs that its trips do not touch, goods that it left behind."""
    reloads = [position for position, visit in enumerate(visits) if visit < 0]
    allowed, most = compiled.reloads_of[type_], compiled.vehicle_types[type_].reloads_max
    for number, position in enumerate(reloads, start=1):
        if ~visits[position] not in allowed or (most is not None and number > most):
            return Blocked(Reason.HUB, position)
    ends: list[int | None] = [*(~visits[position] for position in reloads), compiled.end_of[type_]]
    begin = compiled.start_of[type_]
    for number, (first, last) in enumerate(trips(visits)):
        end = ends[number]
        aboard = compiled.aboard[type_] if number == 0 else None
        for position in range(first, last):
            visit = visits[position]
            if compiled.place_of[visit ^ 1] >= 0:
                continue
            hub, touched = compiled.hub_of[visit >> 1], (end if visit & 1 == PICKUP else begin)
            if touched is None or hub not in (None, touched):
                return Blocked(Reason.HUB, position)
            if visit & 1 == DELIVERY and aboard is not None and visit >> 1 not in aboard:
                return Blocked(Reason.LOCK, position)
        begin = -1 if end is None else end
    return None


def blocked_lock(compiled: Compiled, type_: int, visits: Sequence[int]) -> Blocked | None:
    """The route begins with its prefix, and has nothing else where it is closed."""
    prefix = compiled.prefix[type_]
    for position, wanted in enumerate(prefix):
        if position >= len(visits) or visits[position] != wanted:
            return Blocked(Reason.LOCK, min(position, len(visits) - 1))
    if compiled.closed[type_] and len(visits) > len(prefix):
        return Blocked(Reason.LOCK, len(prefix))
    return None


def blocked_apart(compiled: Compiled, visits: Sequence[int]) -> Blocked | None:
    """Groups that must not share a vehicle."""
    seen: set[int] = set()
    clashing = 0
    for position, visit in enumerate(visits):
        order = visit >> 1
        if visit < 0 or order in seen:
            continue
        if clashing & compiled.group_bits[order]:
            return Blocked(Reason.APART, position)
        seen.add(order)
        clashing |= compiled.clash_bits[order]
    return None


def tidied(visits: Sequence[int], compiled: Compiled, type_: int) -> tuple[int, ...]:
    """The route without reloads that neither load nor unload anything, those of its prefix kept."""
    kept = list(visits)
    for position in range(len(kept) - 1, len(compiled.prefix[type_]) - 1, -1):
        if kept[position] < 0 and not _is_needed(compiled, kept, position):
            del kept[position]
    return tuple(kept)


def fewer_reloads(visits: Sequence[int], compiled: Compiled, type_: int) -> Iterator[tuple[int, ...]]:
    """The route without one of its reloads, each in turn; those of its prefix stay."""
    for position in range(len(compiled.prefix[type_]), len(visits)):
        if visits[position] < 0:
            yield (*visits[:position], *visits[position + 1 :])


def _is_needed(compiled: Compiled, visits: Sequence[int], position: int) -> bool:
    """Whether a reload unloads what was collected before it, or loads what is delivered after it."""
    for visit in visits[position + 1 :]:
        if visit < 0:
            break
        if is_delivery_only(compiled, visit):
            return True
    for visit in reversed(visits[:position]):
        if visit < 0:
            break
        if visit & 1 == PICKUP and compiled.place_of[visit ^ 1] < 0:
            return True
    return False
