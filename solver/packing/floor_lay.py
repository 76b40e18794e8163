"""Columns laid on a floor one by one, each against what lies there already; compiled."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.packing.jit import jit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

REAR, LEFT, RIGHT = 0, 1, 2
ANY_LANE, LEFT_LANE, RIGHT_LANE = 0, 1, 2
FAR = 1 << 60


class Floor(NamedTuple):
    """
    Columns and the floor that they are to lie on.

    Attributes
    ----------
    extents
        By column and way: along x, along y, mm; 0: there is no second way.
    meets, blocks
        By two columns: ever on board together; whether the first, standing before a door, ever shuts in the second.
    doors
        Rows: side, from and to along x, mm.
    size
        Length and width, mm.
    weights
        What is on board of each column, by stop, g.
    limits
        Least and greatest x that the middle of the load may have, by stop, mm.
    kinds, stops
        By column: which have the same shape, which are unloaded together.
    """

    extents: Ints
    meets: Flags
    blocks: Flags
    doors: Ints
    size: Ints
    weights: Ints
    limits: Floats
    kinds: Ints
    stops: Ints


class Laid(NamedTuple):
    """
    A layout in the making.

    ``boxes``: x, y, x2, y2 by column (-1: it fits nowhere); ``done``: the columns laid, in turn; ``free``: by column
    and door, whether the way is open; ``late``: the greatest x that a column can be shifted to; ``spots`` and
    ``means`` are rooms to work in.
    """

    boxes: Ints
    done: Ints
    free: Flags
    late: Ints
    spots: Ints
    means: Floats


@jit
def crosswise(width_mm: int, across: int, laid: Laid, placed: int) -> int:
    """Values of y to try, into ``laid.spots``: at both walls and beside what lies there; returns how many."""
    count = 1
    laid.spots[0] = 0
    for turn in range(-1, placed):
        value = width_mm - across if turn < 0 else laid.boxes[laid.done[turn], 3]
        known = value + across > width_mm
        for number in range(count):
            known = known or laid.spots[number] == value
        if not known:
            laid.spots[count] = value
            count += 1
    return count


@jit
def behind_all(floor: Floor, laid: Laid, item: int, low: int, high: int, placed: int) -> int:
    """The least x behind everything between ``low`` and ``high`` that is ever on board together with ``item``."""
    start = 0
    for turn in range(placed):
        other = laid.done[turn]
        if laid.boxes[other, 1] < high and low < laid.boxes[other, 3] and floor.meets[item, other]:
            start = max(start, laid.boxes[other, 2])
    return start


@jit
def shuts(door: Ints, box: Ints, other: Ints) -> bool:
    """Whether ``other`` stands between ``box`` and a door."""
    if door[0] == REAR:
        return bool(other[0] >= box[2] and other[1] < box[3] and box[1] < other[3])
    if not (other[0] < box[2] and box[0] < other[2]):
        return False
    return bool(other[3] <= box[1]) if door[0] == LEFT else bool(other[1] >= box[3])


@jit
def own_doors(floor: Floor, laid: Laid, item: int, placed: int, keep: bool) -> int:
    """How many doors are open to ``item`` where its box is; written down in ``laid.free`` where ``keep`` is set."""
    count = 0
    for number in range(floor.doors.shape[0]):
        door, box = floor.doors[number], laid.boxes[item]
        is_open = door[0] == REAR or (box[0] >= door[1] and box[2] <= door[2])
        for turn in range(placed):
            other = laid.done[turn]
            if is_open and floor.blocks[other, item] and shuts(door, box, laid.boxes[other]):
                is_open = False
        count += is_open
        if keep:
            laid.free[item, number] = is_open
    return count


@jit
def reachable(floor: Floor, laid: Laid, item: int, placed: int, keep: bool) -> bool:
    """Whether every column keeps a door that serves it at all its stops when ``item`` lies where its box is."""
    if floor.doors.shape[0] == 0:
        return True
    if own_doors(floor, laid, item, placed, keep) == 0:
        return False
    for turn in range(placed):
        other, left = laid.done[turn], 0
        for number in range(floor.doors.shape[0]):
            is_open = laid.free[other, number]
            if is_open and floor.blocks[item, other]:
                is_open = not shuts(floor.doors[number], laid.boxes[other], laid.boxes[item])
            left += is_open
            if keep:
                laid.free[other, number] = is_open
        if left == 0:
            return False
    return True


@jit
def put(laid: Laid, item: int, x: int, y: int, along: int, across: int) -> None:
    """Write down a box."""
    laid.boxes[item, 0], laid.boxes[item, 1] = x, y
    laid.boxes[item, 2], laid.boxes[item, 3] = x + along, y + across


@jit
def best_spot(floor: Floor, laid: Laid, item: int, wanted: int, lane: int, placed: int) -> bool:
    """Lay ``item`` where its rear end comes first, or nearest to its lane's wall; False: it fits nowhere."""
    length_mm, width_mm = floor.size[0], floor.size[1]
    best, best_x, best_y, best_way = FAR, -1, 0, 0
    for way in range(2):
        along, across = floor.extents[item, way, 0], floor.extents[item, way, 1]
        if along == 0 or (0 <= wanted != way) or across > width_mm:
            continue
        for number in range(crosswise(width_mm, across, laid, placed)):
            y = laid.spots[number]
            x = behind_all(floor, laid, item, y, y + across, placed)
            aside = y if lane == LEFT_LANE else width_mm - y - across
            worth = (x + along) * width_mm + y if lane == ANY_LANE else aside * length_mm + x + along
            if x + along > length_mm or worth >= best:
                continue
            put(laid, item, x, y, along, across)
            if reachable(floor, laid, item, placed, False):
                best, best_x, best_y, best_way = worth, x, y, way
    if best_x < 0:
        laid.boxes[item] = -1
        return False
    put(laid, item, best_x, best_y, floor.extents[item, best_way, 0], floor.extents[item, best_way, 1])
    return True


@jit
def lay(floor: Floor, laid: Laid, state: Ints) -> int:
    """Lay all columns in turn as ``state`` says (sequence, ways, lanes); returns the area of those that do not fit."""
    placed, left_out = 0, 0
    for item in state[0]:
        if best_spot(floor, laid, item, state[1, item], state[2, item], placed):
            reachable(floor, laid, item, placed, True)
            laid.done[placed] = item
            placed += 1
        else:
            left_out += floor.extents[item, 0, 0] * floor.extents[item, 0, 1]
    return left_out


@jit
def latest(floor: Floor, laid: Laid) -> None:
    """How far to the rear each column can go when all behind it go too; everything is laid."""
    count = laid.done.shape[0]
    for turn in range(count - 1, -1, -1):
        item, end = laid.done[turn], floor.size[0]
        for after in range(turn + 1, count):
            other = laid.done[after]
            beside = laid.boxes[other, 1] < laid.boxes[item, 3] and laid.boxes[item, 1] < laid.boxes[other, 3]
            if beside and floor.meets[item, other]:
                end = min(end, laid.late[other])
        laid.late[item] = end - (laid.boxes[item, 2] - laid.boxes[item, 0])
