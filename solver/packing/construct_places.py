"""
Is a place free and is enough under it? Compiled rules for one unit at one point.

What a unit stands on has its top where the unit's base is, so boxes are listed by the height of their tops, and
support, which most places lack, is looked at first. Then the box that was in the way at this point the last time: it
mostly is again.
"""

from solver.packing.construct_rules import (
    BLOCKED,
    BLOCKS,
    COVERS,
    LEVELS,
    SAME_TOP,
    STAY,
    TENDER,
    X2,
    Y2,
    Z2,
    X,
    Y,
    Z,
)
from solver.packing.jit import leaf
from solver.packing.layout import ACCESS, LIMITED, REAR_ONLY, SUPPORT, Whole

FREE, NO_SUPPORT = -1, -2
"""A place is free; what is under it is too little or bears nothing. Otherwise the number of a box in the way."""


@leaf
def level_of(level: Whole, filled: Whole, z: int) -> int:
    """The number of a height, which is listed where it is new."""
    count = filled[LEVELS]
    for number in range(count):
        if level[number, 0] == z:
            return number
    level[count, 0], level[count, 1] = z, -1
    filled[LEVELS] = count + 1
    return int(count)


@leaf
def list_top(box: Whole, level: Whole, filled: Whole, number: int) -> None:
    """List a new box by the height of its top."""
    at = level_of(level, filled, box[number, Z2])
    box[number, SAME_TOP] = level[at, 1]
    level[at, 1] = number


@leaf
def bears(under: int, upper: int) -> bool:
    """Whether goods of one ``ON_TOP`` may stand on those of another."""
    return under == 0 or (under == 1 and upper != 0)


@leaf
def held_enough(
    box: Whole, last: int, relation: Whole, size: Whole, low: tuple[int, int, int], high: tuple[int, int, int],
    stay: int, tender: int,
) -> bool:  # fmt: skip
    """
    Whether what is under a base bears it and is enough of it.

    ``last`` is the box placed last of those whose tops are as high as the base, -1 where there is none.
    """
    x, y, _ = low
    x2, y2, _ = high
    held, other = 0, last
    while other >= 0:
        along = min(x2, box[other, X2]) - max(x, box[other, X])
        across = min(y2, box[other, Y2]) - max(y, box[other, Y])
        if along > 0 and across > 0:
            bits = relation[stay, box[other, STAY]]
            if bits and not bears(box[other, TENDER], tender):
                return False
            if bits & COVERS:
                held += along * across
            elif bits and size[LIMITED] == 1:
                return False
        other = box[other, SAME_TOP]
    return bool(held * 100 >= size[SUPPORT] * (x2 - x) * (y2 - y))


@leaf
def in_way(
    box: Whole, other: int, relation: Whole, rear: bool, limited: bool, low: tuple[int, int, int],
    high: tuple[int, int, int], stay: int, tender: int,
) -> bool:  # fmt: skip
    """
    Whether a box is in the way of a new one, or the new one in its way; what is directly under it is not looked at.

    ``rear``: there is one door and it is the rear one; other doors are looked at elsewhere.
    """
    if box[other, Y] >= high[1] or box[other, Y2] <= low[1] or relation[stay, box[other, STAY]] == 0:
        return False
    bits = relation[stay, box[other, STAY]]
    if box[other, X] < high[0] and low[0] < box[other, X2]:
        if low[2] < box[other, Z2] and box[other, Z] < high[2]:
            return True
        if box[other, Z] < high[2]:
            return bool(bits & BLOCKED)
        return bool(bits & BLOCKS) or (box[other, Z] == high[2] and (limited or not bears(tender, box[other, TENDER])))
    if not rear or box[other, Z] >= high[2] or low[2] >= box[other, Z2]:
        return False
    return bool(bits & (BLOCKS if box[other, X] >= high[0] else BLOCKED))


@leaf
def obstacle(
    box: Whole, count: int, relation: Whole, size: Whole, low: tuple[int, int, int], high: tuple[int, int, int],
    stay: int, tender: int, last: int, hint: int,
) -> int:  # fmt: skip
    """
    Whether a unit may stand from corner ``low`` to corner ``high``, doors other than a single rear one aside.

    Parameters
    ----------
    last
        See ``held_enough``.
    hint
        A box that is looked at first, or -1.

    Returns
    -------
    ``FREE``, ``NO_SUPPORT`` or a box that is in the way.
    """
    if low[2] > 0 and not held_enough(box, last, relation, size, low, high, stay, tender):
        return NO_SUPPORT
    rear, limited = size[ACCESS] == REAR_ONLY, size[LIMITED] == 1
    if hint >= 0 and in_way(box, hint, relation, rear, limited, low, high, stay, tender):
        return hint
    for other in range(count - 1, -1, -1):
        if in_way(box, other, relation, rear, limited, low, high, stay, tender):
            return other
    return FREE
