"""
Place one unit after another, each at the best of the points where it may stand: compiled.

What is best is told by a key, a weighing of the box's corners, that may differ from unit to unit.
"""

import numpy as np

from solver.packing.construct_points import BLOCKER, RIGHT, add_points, drop_covered, start
from solver.packing.construct_rules import (
    BOXES,
    EVERY_DOOR,
    FREE,
    GRAM_SPARE,
    POINTS,
    STAY,
    TENDER,
    UNIT,
    WAY,
    X2,
    Y2,
    Z2,
    Task,
    Work,
    X,
    Y,
    Z,
    burden,
    close_doors,
    doors_behind,
    doors_closed_by,
    obstacle,
    some_door,
)
from solver.packing.jit import jit
from solver.packing.layout import (
    ACCESS,
    CLOSED,
    FLOOR_ONLY,
    HEIGHT,
    LENGTH,
    LIMITED,
    ON_TOP,
    REAR_ONLY,
    VOLUME,
    WAYS,
    WEIGHT,
    WEIGHT_MAX,
    WIDTH,
    Whole,
)

KEYS = np.array(
    [
        [1 << 34, 0, 1 << 17, 0, 1],
        [0, 1 << 34, 1 << 17, 0, 1],
        [1 << 17, 0, 1 << 34, 0, 1],
        [1 << 17, 0, 0, 1 << 34, 1],
        [0, 1 << 17, 0, 1 << 34, 1],
        [1 << 34, 0, 1, 0, 1 << 17],
        [2, 1, 2, 1, 1],
        [0, 2, 0, 2, 1],
    ],
    dtype=np.int64,
)
"""By key: what x, x2, z, z2 and the distance from the side wall weigh; the least sum is best."""
NOWHERE = 1 << 62
"""More than any key."""


@jit
def place_next(task: Task, work: Work, unit: int, way: int, key: Whole) -> bool:
    """
    Put a unit where its key is least; False when it fits at no point.

    ``way`` is the only way in which it may stand, or -1.
    """
    kind = task.kind[unit]
    number = work.count[BOXES]
    box = work.box
    box[number, STAY], box[number, UNIT], box[number, TENDER] = task.stay[unit], unit, task.traits[kind, ON_TOP]
    least, best, best_turn = NOWHERE, -1, -1
    for turn in range(task.traits[kind, WAYS]):
        if way in {-1, turn}:
            value, at = best_point(task, work, unit, turn, key, least)
            if at >= 0:
                least, best, best_turn = value, at, turn
    if best < 0:
        return False
    occupy(box, number, task.ways, kind, best_turn, work.point, best)
    put(task, work)
    return True


@jit
def occupy(box: Whole, number: int, ways: Whole, kind: int, turn: int, point: Whole, at: int) -> None:
    """Write the corners of a unit that stands at a point."""
    along, across, up = ways[kind, turn, 0], ways[kind, turn, 1], ways[kind, turn, 2]
    x, y, z = point[at, X], point[at, Y] - (across if point[at, RIGHT] else 0), point[at, Z]
    box[number, X], box[number, Y], box[number, Z] = x, y, z
    box[number, X2], box[number, Y2], box[number, Z2] = x + along, y + across, z + up
    box[number, WAY] = turn


@jit
def best_point(task: Task, work: Work, unit: int, turn: int, key: Whole, least: int) -> tuple[int, int]:
    """The point where a unit that stands one way has the least key below ``least``, and that key; -1: none."""
    size, point, box, ways, kind = task.size, work.point, work.box, task.ways, task.kind[unit]
    along, across, up = ways[kind, turn, 0], ways[kind, turn, 1], ways[kind, turn, 2]
    length, width, height = size[LENGTH] - along, size[WIDTH] - across, size[HEIGHT] - up
    a, b, c, d, e = key[0] + key[1], key[2] + key[3], key[4], key[1] * along, key[3] * up
    number, best = work.count[BOXES], -1
    tender, stay = task.traits[kind, ON_TOP], task.stay[unit]
    further = size[LIMITED] == 1 or size[ACCESS] > REAR_ONLY
    if task.traits[kind, FLOOR_ONLY]:
        height = 0
    for at in range(work.count[POINTS]):
        x, z, right = point[at, X], point[at, Z], point[at, RIGHT]
        beside = size[WIDTH] - point[at, Y] if right else point[at, Y]
        if x > length or z > height or beside > width:
            continue
        value = a * x + b * z + c * beside + d + e
        if value >= least:
            continue
        y = width - beside if right else beside
        corner, opposite = (x, y, z), (x + along, y + across, z + up)
        found = obstacle(box, number, task.relation, size, corner, opposite, stay, tender, point[at, BLOCKER])
        if found >= 0:
            point[at, BLOCKER] = found
        elif found == FREE:
            if further:
                occupy(box, number, ways, kind, turn, point, at)
                if not bearable(task, work, number):
                    continue
            least, best = value, at
    return least, best


@jit
def bearable(task: Task, work: Work, number: int) -> bool:
    """Whether the newest box leaves every unit its door and burdens none too much."""
    if task.size[ACCESS] > REAR_ONLY and not some_door(task, work, number):
        return False
    return task.size[LIMITED] == 0 or burden(task, work, number, False)


@jit
def put(task: Task, work: Work) -> None:
    """Take the newest box as placed."""
    number = work.count[BOXES]
    work.count[BOXES] = number + 1
    if task.size[LIMITED]:
        burden(task, work, number, True)
    if task.size[ACCESS] > REAR_ONLY:
        close_doors(task, work, number)
    if len(task.relation) == 1:
        drop_covered(work.box, number, work.point, work.code, work.count)
    add_points(task.size, work.box, number, work.point, work.code, work.count)


@jit
def begin(task: Task, work: Work, fixed: Whole) -> bool:
    """Place what stands already, lowest first; False when it may not stand so."""
    start(task.size, work)
    done = np.zeros(len(fixed), dtype=np.bool_)
    for _ in range(len(fixed)):
        row = -1
        for other in range(len(fixed)):
            if not done[other] and (row < 0 or fixed[other, 3] < fixed[row, 3]):
                row = other
        done[row] = True
        if not _stand_fixed(task, work, fixed, row):
            return False
        put(task, work)
    return True


@jit
def _stand_fixed(task: Task, work: Work, fixed: Whole, row: int) -> bool:
    """Write what stands already as the newest box; False when it may not stand so."""
    unit, x, y, z, turn = fixed[row, 0], fixed[row, 1], fixed[row, 2], fixed[row, 3], fixed[row, 4]
    if turn < 0 or min(x, y, z) < 0:
        return False
    kind, number, box, size = task.kind[unit], work.count[BOXES], work.box, task.size
    x2, y2, z2 = x + task.ways[kind, turn, 0], y + task.ways[kind, turn, 1], z + task.ways[kind, turn, 2]
    if x2 > size[LENGTH] or y2 > size[WIDTH] or z2 > size[HEIGHT] or (z > 0 and task.traits[kind, FLOOR_ONLY]):
        return False
    tender, stay = task.traits[kind, ON_TOP], task.stay[unit]
    if obstacle(box, number, task.relation, size, (x, y, z), (x2, y2, z2), stay, tender, -1) != FREE:
        return False
    box[number, X], box[number, Y], box[number, Z] = x, y, z
    box[number, X2], box[number, Y2], box[number, Z2] = x2, y2, z2
    box[number, STAY], box[number, UNIT], box[number, WAY], box[number, TENDER] = stay, unit, turn, tender
    return bearable(task, work, number)


@jit
def construct(task: Task, work: Work, fixed: Whole, order: Whole, ways: Whole, keys: Whole) -> int:
    """
    One pass: what stands already, then units in the order given.

    ``ways`` and ``keys`` by unit: its only way (-1: any), its row of ``KEYS``. Comes back the volume that found no
    place, mm3; -1 when what stands already may not stand so.
    """
    if not begin(task, work, fixed):
        return -1
    left = 0
    for unit in order:
        if not place_next(task, work, unit, ways[unit], KEYS[keys[unit]]):
            left += task.traits[task.kind[unit], VOLUME]
    return left


@jit
def loading_order(task: Task, work: Work, fixed: int, stops: Whole, order: Whole) -> bool:
    """
    Write into ``order`` the boxes in an order in which each can be brought in; False when there is none.

    Stop by stop from the back: whatever has a free way is loaded last, which never blocks what comes before. The first
    ``fixed`` boxes come first among those of their stop. ``stops``: by unit the stop where it is loaded.
    """
    count = work.count[BOXES]
    closed = np.zeros((count, len(task.doors) + 1), dtype=np.int64)
    done = np.zeros(count, dtype=np.bool_)
    since = np.array([stops[work.box[place, UNIT]] for place in range(count)])
    if task.size[ACCESS] != CLOSED:
        for one in range(count):
            for other in range(count):
                if one != other and since[one] == since[other]:
                    _count_doors(task, work, one, other, 1, closed)
    for step in range(count - 1, -1, -1):
        place = _last(task, work, fixed, since, closed, done)
        if place < 0:
            return False
        done[place] = True
        order[step] = place
        if task.size[ACCESS] != CLOSED:
            for one in range(count):
                if not done[one] and since[one] == since[place]:
                    _count_doors(task, work, one, place, -1, closed)
    return True


@jit
def _count_doors(task: Task, work: Work, one: int, other: int, step: int, closed: Whole) -> None:
    """Count, or no longer count, what ``other`` is in the way of ``one``: by door, the last column counts what is above."""
    if task.relation[work.box[one, STAY], work.box[other, STAY]] == 0:
        return
    bits = doors_closed_by(task.doors, work.box, one, other)
    if bits == EVERY_DOOR:
        closed[one, len(task.doors)] += step
        return
    for door in range(len(task.doors)):
        if bits >> door & 1:
            closed[one, door] += step


@jit
def _last(task: Task, work: Work, fixed: int, since: Whole, closed: Whole, done: Whole) -> int:
    """What can be loaded last of all that is not done; -1: nothing."""
    best, latest, stands = -1, -1, True
    for place in range(len(done) - 1, -1, -1):
        if done[place] or since[place] < latest:
            continue
        if since[place] > latest:
            best, latest = -1, since[place]
        if best >= 0 and (not stands or place < fixed):
            continue
        if task.size[ACCESS] == CLOSED or _has_way(task, work, place, closed):
            best, stands = place, place < fixed
    return best


@jit
def _has_way(task: Task, work: Work, place: int, closed: Whole) -> bool:
    doors = len(task.doors)
    if closed[place, doors] > 0:
        return False
    several = task.size[ACCESS] > REAR_ONLY
    free = (
        work.free[place, 1] if several else doors_behind(task.size, task.doors, work.box[place, X], work.box[place, X2])
    )
    for door in range(doors):
        if free >> door & 1 and closed[place, door] == 0:
            return True
    return False


@jit
def axles_excess(task: Task, work: Work, since: Whole, until: Whole) -> float:
    """What is on axles beyond what is allowed, or wanting, summed over the moments when anything comes or leaves, g."""
    excess = 0.0
    for step in range(2 * len(since)):
        moment = since[step] if step < len(since) else until[step - len(since)]
        if not repeated(since, until, step):
            excess += excess_at(task, work, since, until, moment)
    return excess


@jit
def repeated(since: Whole, until: Whole, step: int) -> bool:
    """Whether a moment was seen before, reading ``since`` and then ``until``."""
    units = len(since)
    moment = since[step] if step < units else until[step - units]
    for before in range(step):
        if (since[before] if before < units else until[before - units]) == moment:
            return True
    return False


@jit
def excess_at(task: Task, work: Work, since: Whole, until: Whole, moment: int) -> float:
    """The same at one moment."""
    box, excess, weight_g, twice = work.box, 0.0, 0.0, 0.0
    for place in range(work.count[BOXES]):
        unit = box[place, UNIT]
        if since[unit] <= moment < until[unit]:
            unit_g = task.traits[task.kind[unit], WEIGHT]
            weight_g += unit_g
            twice += unit_g * (box[place, X] + box[place, X2])
    if weight_g > 0:
        for axle in range(len(task.axles)):
            tare_g, by_weight, by_moment = task.axles[axle, 0], task.axles[axle, 1], task.axles[axle, 2]
            on_it_g = tare_g + by_weight * weight_g + by_moment * twice / 2
            excess += max(0.0, on_it_g - task.axles[axle, 4] + GRAM_SPARE)
            excess += max(0.0, task.axles[axle, 3] - on_it_g + GRAM_SPARE)
    return excess


@jit
def too_heavy(task: Task, since: Whole, until: Whole) -> bool:
    """Whether more is on board at some moment than the hold may carry."""
    most_g = task.size[WEIGHT_MAX]
    for step in range(len(since) if most_g >= 0 else 0):
        if not repeated(since, until, step):
            weight_g = 0
            for unit in range(len(since)):
                if since[unit] <= since[step] < until[unit]:
                    weight_g += task.traits[task.kind[unit], WEIGHT]
            if weight_g > most_g:
                return True
    return False
