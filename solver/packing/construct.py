"""
Place one unit after another, each at the best of the points where it may stand: compiled.

What is best is told by a key, a weighing of the box's corners, that may differ from unit to unit.
"""

import numpy as np

from solver.packing.construct_places import FREE, level_of, list_top, obstacle
from solver.packing.construct_points import (
    ACROSS,
    ALONG,
    HINT,
    LEVEL,
    RIGHT,
    UP,
    add_points,
    drop_covered,
    start,
)
from solver.packing.construct_rules import (
    BOXES,
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
    some_door,
)
from solver.packing.jit import jit, leaf
from solver.packing.layout import (
    ACCESS,
    ALL_TOGETHER,
    FLOOR_ONLY,
    HEIGHT,
    LENGTH,
    LIMITED,
    ON_TOP,
    REAR_ONLY,
    VOLUME,
    WAYS,
    WIDTH,
    Whole,
)

HIGH, MIDDLE = 1 << 34, 1 << 17
KEYS = np.array(
    [
        [HIGH, 0, MIDDLE, 0, 1, 0],
        [0, HIGH, MIDDLE, 0, 1, 0],
        [MIDDLE, 0, HIGH, 0, 1, 0],
        [MIDDLE, 0, 0, HIGH, 1, 0],
        [0, MIDDLE, 0, HIGH, 1, 0],
        [HIGH, 0, 1, 0, MIDDLE, 0],
        [2, 1, 2, 1, 1, 0],
        [0, 2, 0, 2, 1, 0],
        [HIGH, 0, MIDDLE, 0, 0, 1],
        [HIGH, 0, MIDDLE, 0, 0, -1],
        [MIDDLE, 0, HIGH, 0, 0, 1],
        [MIDDLE, 0, HIGH, 0, 0, -1],
        [0, HIGH, 1, 0, 0, MIDDLE],
        [0, HIGH, 1, 0, 0, -MIDDLE],
        [0, MIDDLE, 0, HIGH, 0, -1],
        [2, 0, 1, 0, 0, -1],
        [2, 0, 1, 0, 0, 1],
        [-MIDDLE, 0, HIGH, 0, 1, 0],
    ],
    dtype=np.int64,
)
"""By key: what x, x2, z, z2, the distance from the nearer wall's point and y weigh; the least sum is best."""
NOWHERE = 1 << 62
"""More than any key."""


@leaf
def place_next(task: Task, work: Work, unit: int, way: int, key: Whole) -> bool:
    """
    Put a unit where its key is least; False when it fits at no point.

    ``way`` is the only way in which it may stand, or -1.
    """
    kind = task.kind[unit]
    number = work.filled[BOXES]
    box = work.box
    box[number, STAY], box[number, UNIT], box[number, TENDER] = task.stay[unit], unit, task.traits[kind, ON_TOP]
    least, best, best_turn = NOWHERE, -1, -1
    for turn in range(task.traits[kind, WAYS]):
        if way < 0 or way == turn:
            value, at = best_point(task, work, unit, turn, key, least)
            if at >= 0:
                least, best, best_turn = value, at, turn
    if best < 0:
        return False
    occupy(box, number, task.ways, kind, best_turn, work.point, best)
    put(task, work)
    return True


@leaf
def occupy(box: Whole, number: int, ways: Whole, kind: int, turn: int, point: Whole, at: int) -> None:
    """Write the corners of a unit that stands at a point."""
    along, across, up = ways[kind, turn, 0], ways[kind, turn, 1], ways[kind, turn, 2]
    x, y, z = point[at, X], point[at, Y] - (across if point[at, RIGHT] else 0), point[at, Z]
    box[number, X], box[number, Y], box[number, Z] = x, y, z
    box[number, X2], box[number, Y2], box[number, Z2] = x + along, y + across, z + up
    box[number, WAY] = turn


@leaf
def best_point(task: Task, work: Work, unit: int, turn: int, key: Whole, least: int) -> tuple[int, int]:
    """The point where a unit that stands one way has the least key below ``least``, and that key; -1: none."""
    size, point, box, level, ways, kind = task.size, work.point, work.box, work.level, task.ways, task.kind[unit]
    along, across, up = ways[kind, turn, 0], ways[kind, turn, 1], ways[kind, turn, 2]
    length, width, height = size[LENGTH] - along, size[WIDTH] - across, size[HEIGHT] - up
    a, b, c, d, e, f = key[0] + key[1], key[2] + key[3], key[4], key[1] * along, key[3] * up, key[5]
    number, best = work.filled[BOXES], -1
    tender, stay = task.traits[kind, ON_TOP], task.stay[unit]
    further = size[LIMITED] == 1 or size[ACCESS] > REAR_ONLY
    if task.traits[kind, FLOOR_ONLY]:
        height = min(height, 0)
    for at in range(work.filled[POINTS]):
        x, z, right = point[at, X], point[at, Z], point[at, RIGHT]
        beside = size[WIDTH] - point[at, Y] if right else point[at, Y]
        if x > length or z > height or beside > width:
            continue
        if along > point[at, ALONG] and across > point[at, ACROSS] and up > point[at, UP]:
            continue
        value = a * x + b * z + c * beside + d + e + f * (width - beside if right else beside)
        if value >= least:
            continue
        y = width - beside if right else beside
        corner, opposite = (x, y, z), (x + along, y + across, z + up)
        last, hint = level[point[at, LEVEL], 1], point[at, HINT]
        found = obstacle(box, number, task.relation, size, corner, opposite, stay, tender, last, hint)
        if found >= 0:
            point[at, HINT] = found
            if size[ALL_TOGETHER]:
                remember(box, found, point, at, corner, opposite)
        elif found == FREE:
            if further:
                occupy(box, number, ways, kind, turn, point, at)
                if not bearable(task, work, number):
                    continue
            least, best = value, at
    return least, best


@leaf
def remember(
    box: Whole, found: int, point: Whole, at: int, low: tuple[int, int, int], high: tuple[int, int, int]
) -> None:
    """Note how large a unit at a point must be at least to meet a box that was found there."""
    for axis in range(3):
        if box[found, axis] >= high[axis] or box[found, axis + 3] <= low[axis]:
            return
    point[at, ALONG], point[at, UP] = box[found, X] - low[0], box[found, Z] - low[2]
    point[at, ACROSS] = high[1] - box[found, Y2] if point[at, RIGHT] else box[found, Y] - low[1]


@leaf
def bearable(task: Task, work: Work, number: int) -> bool:
    """Whether the newest box leaves every unit its door and burdens none too much."""
    if task.size[ACCESS] > REAR_ONLY and not some_door(task, work, number):
        return False
    return task.size[LIMITED] == 0 or burden(task, work, number, False)


@leaf
def put(task: Task, work: Work) -> None:
    """Take the newest box as placed."""
    number = work.filled[BOXES]
    work.filled[BOXES] = number + 1
    if task.size[LIMITED]:
        burden(task, work, number, True)
    if task.size[ACCESS] > REAR_ONLY:
        close_doors(task, work, number)
    if task.size[ALL_TOGETHER]:
        drop_covered(work.box, number, work.point, work.code, work.filled)
    list_top(work.box, work.level, work.filled, number)
    add_points(task.size, work, number)


@jit
def begin(task: Task, work: Work, fixed: Whole, sides: int) -> bool:
    """Place what stands already, lowest first; False when it may not stand so."""
    start(task.size, work, sides)
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


@leaf
def _stand_fixed(task: Task, work: Work, fixed: Whole, row: int) -> bool:
    """Write what stands already as the newest box; False when it may not stand so."""
    unit, x, y, z, turn = fixed[row, 0], fixed[row, 1], fixed[row, 2], fixed[row, 3], fixed[row, 4]
    if turn < 0 or min(x, y, z) < 0:
        return False
    kind, number, box, size = task.kind[unit], work.filled[BOXES], work.box, task.size
    x2, y2, z2 = x + task.ways[kind, turn, 0], y + task.ways[kind, turn, 1], z + task.ways[kind, turn, 2]
    if x2 > size[LENGTH] or y2 > size[WIDTH] or z2 > size[HEIGHT] or (z > 0 and task.traits[kind, FLOOR_ONLY]):
        return False
    tender, stay = task.traits[kind, ON_TOP], task.stay[unit]
    last = work.level[level_of(work.level, work.filled, z), 1]
    if obstacle(box, number, task.relation, size, (x, y, z), (x2, y2, z2), stay, tender, last, -1) != FREE:
        return False
    box[number, X], box[number, Y], box[number, Z] = x, y, z
    box[number, X2], box[number, Y2], box[number, Z2] = x2, y2, z2
    box[number, STAY], box[number, UNIT], box[number, WAY], box[number, TENDER] = stay, unit, turn, tender
    return bearable(task, work, number)


@jit
def construct(
    task: Task, work: Work, fixed: Whole, order: Whole, ways: Whole, keys: Whole, sides: int, most: int
) -> int:
    """
    One pass: what stands already, then units in the order given.

    ``ways`` and ``keys`` by unit: its only way (-1: any), its row of ``KEYS``. ``sides``: from which wall points are
    made, 1 left, 2 right, 3 both. Comes back the volume that found no place, mm3; -1 when what stands already may not
    stand so. The pass ends early when that volume exceeds ``most``.
    """
    if not begin(task, work, fixed, sides):
        return -1
    left = 0
    for unit in order:
        if not place_next(task, work, unit, ways[unit], KEYS[keys[unit]]):
            left += task.traits[task.kind[unit], VOLUME]
            if left > most:
                break
    return left
