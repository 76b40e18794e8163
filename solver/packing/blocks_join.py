"""
The blocks of a stock: grids of equal units, and what can be joined of them with next to no waste.

General blocks after Fanslau, Bortfeldt, "A tree search algorithm for solving the container loading problem" (2010) and
Zhu, Lim (2012); here what stands on a block must be borne by it whole.
"""

import numpy as np

from solver.packing.blocks_types import PARTS_MOST, Whole
from solver.packing.jit import jit

DENSE = 98
"""A general block is filled by at least so many percent."""

LENGTH, WIDTH, HEIGHT, MM3, TOP_L, TOP_W, PARTS, JOINS = range(8)
"""Columns of a block's measures: extents in mm, volume of its units, the rectangle from its corner that bears at its
height in mm, number of parts, and whether it may be joined."""
MEASURES = 8


@jit
def _grids_of(way: int, most: Whole, left: int, few: int, found: Whole, count: int) -> int:
    """Adds the grids of a way, with few units along an axis or as many as can be; returns how many there are."""
    for along in range(1, most[0] + 1):
        if along > few and along < most[0]:
            continue
        for across in range(1, min(most[1], left // along) + 1):
            if across > few and across < min(most[1], left // along):
                continue
            highest = min(most[2], left // (along * across))
            for up in range(1, highest + 1):
                if up > few and up < highest:
                    continue
                if count < found.shape[0]:
                    found[count, 0], found[count, 1], found[count, 2], found[count, 3] = way, along, across, up
                count += 1
    return count


@jit
def grids(way: Whole, left: Whole, layers: Whole, size: Whole, few: int, found: Whole) -> int:
    """
    Grids of equal units that fit a hold: way, numbers along x, y, z; one a row of ``found``.

    ``layers`` is by way: most layers. Along each axis there are at most ``few`` units, or as many as there can be.
    Returns how many grids there are, which may be more than there is room for.
    """
    most, count = np.zeros(3, np.int64), 0
    for number in range(way.shape[0]):
        own = left[way[number, 0]]
        for axis in range(3):
            most[axis] = min(size[axis] // way[number, 1 + axis], own)
        most[2] = min(most[2], layers[number])
        count = _grids_of(number, most, own, few, found, count)
    return count


@jit
def _joined(one: Whole, other: Whole, axis: int, size: Whole, out: Whole) -> bool:
    """Measures of two blocks joined along an axis; whether that is a dense block."""
    out[axis] = one[axis] + other[axis]
    if out[axis] > size[axis] or one[PARTS] + other[PARTS] > PARTS_MOST:
        return False
    for side in range(3):
        if side != axis:
            out[side] = max(one[side], other[side])
    out[MM3] = one[MM3] + other[MM3]
    if out[MM3] * 100 < DENSE * out[LENGTH] * out[WIDTH] * out[HEIGHT]:
        return False
    out[PARTS], out[JOINS] = one[PARTS] + other[PARTS], 1
    if axis == 2:
        out[TOP_L], out[TOP_W] = other[TOP_L], other[TOP_W]
        return bool(other[LENGTH] <= one[TOP_L] and other[WIDTH] <= one[TOP_W])
    if one[HEIGHT] < other[HEIGHT]:
        return False
    out[TOP_L], out[TOP_W] = one[TOP_L], one[TOP_W]
    if one[HEIGHT] == other[HEIGHT] and one[TOP_L + axis] == one[axis]:
        out[TOP_L + axis] = one[TOP_L + axis] + other[TOP_L + axis]
        out[TOP_W - axis] = min(one[TOP_W - axis], other[TOP_W - axis])
    return True


@jit
def _needs(one: Whole, other: Whole, left: Whole, out: Whole) -> bool:
    """Units that two blocks need together; whether there are so many."""
    out[:, :] = one
    for number in range(PARTS_MOST):
        kind = other[number, 0]
        if kind < 0:
            return True
        for place in range(PARTS_MOST):
            if out[place, 0] == kind or out[place, 0] < 0:
                out[place, 1] = other[number, 1] + (out[place, 1] if out[place, 0] == kind else 0)
                out[place, 0] = kind
                if out[place, 1] > left[kind]:
                    return False
                break
    return True


@jit
def _mark(measures: Whole, need: Whole) -> int:
    """A number for a block's extents and units; equal blocks have the same."""
    mark = 1469598103934665603
    for value in measures[:3]:
        mark = (mark ^ value) * 1099511628211
    total = 0
    for number in range(PARTS_MOST):
        if need[number, 0] < 0:
            break
        total += (need[number, 0] * 7919 + 13) * (need[number, 1] * 104729 + 7)
    return int(((mark ^ total) * 1099511628211) & 0x7FFFFFFFFFFFFFFF)


@jit
def _is_new(marks: Whole, mark: int) -> bool:
    """Enters a mark into an open hash table; False when it is there already."""
    place = mark % marks.size
    while marks[place] != 0:
        if marks[place] == mark:
            return False
        place = (place + 1) % marks.size
    marks[place] = mark
    return True


@jit
def _put(measures: Whole, part: Whole, one: int, other: int, axis: int, count: int) -> None:
    """Writes the parts of two blocks joined along an axis."""
    first = measures[one, PARTS]
    part[count, :, 0] = -1
    part[count, :first, :] = part[one, :first, :]
    for number in range(measures[other, PARTS]):
        part[count, first + number, :] = part[other, number, :]
        part[count, first + number, 4 + axis] += measures[one, axis]


@jit
def join(
    measures: Whole, need: Whole, part: Whole, simple: int, left: Whole, size: Whole, tries: int, among: int
) -> int:
    """
    Adds general blocks behind ``simple`` simple ones, until the arrays are full, ``tries`` pairs were looked at or no
    more can be joined; returns how many blocks there are. ``among``: simple blocks that are joined to others, at most.
    """
    count, room = simple, measures.shape[0]
    marks = np.zeros(4 * room, np.int64)
    for block in range(simple):
        _is_new(marks, _mark(measures[block], need[block]))
    stride = max(1, simple // among)
    trial, wanted = np.zeros(MEASURES, np.int64), np.zeros((PARTS_MOST, 2), np.int64)
    one = 0
    while one < count:
        if measures[one, JOINS] == 0:
            one += 1
            continue
        for other in range(0, simple, stride):
            if measures[other, JOINS] == 0:
                continue
            for turn in range(6):
                axis = turn % 3
                first, second = (one, other) if turn < 3 else (other, one)
                tries -= 1
                if tries < 0 or count == room:
                    return count
                if not _joined(measures[first], measures[second], axis, size, trial):
                    continue
                if not _needs(need[first], need[second], left, wanted):
                    continue
                if _is_new(marks, _mark(trial, wanted)):
                    measures[count, :], need[count, :, :] = trial, wanted
                    _put(measures, part, first, second, axis, count)
                    count += 1
        one += stride if one < simple else 1
    return count


@jit
def rows(edge: Whole, steps: int) -> Whole:
    """By axis and length below ``steps``: the longest row of edges (by way and axis) that is no longer."""
    table = np.zeros((3, steps), np.int64)
    for axis in range(3):
        for number in range(edge.shape[0]):
            own = edge[number, axis]
            if own >= steps or table[axis, own] == own:
                continue
            for length in range(own, steps):
                if table[axis, length - own] == length - own:
                    table[axis, length] = length
        for length in range(1, steps):
            table[axis, length] = max(table[axis, length], table[axis, length - 1])
    return table
