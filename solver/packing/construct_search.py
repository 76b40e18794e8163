"""
Many passes of construction: set orders first, then small changes of the best one; compiled.

The same seed and number of passes give the same answer on any machine.
"""

import numpy as np

from solver.packing.construct import KEYS, NOWHERE, construct
from solver.packing.construct_axles import balance, too_heavy
from solver.packing.construct_order import loading_order
from solver.packing.construct_rules import BOXES, UNIT, WAY, Task, Work, new_work, task_of
from solver.packing.jit import jit, leaf
from solver.packing.layout import HEIGHT, LENGTH, ON_TOP, VOLUME, WAYS, WIDTH, Goods, Real, Room, Stays, Whole

FITS, NOT_FOUND = range(2)
SET = np.array(
    [[4, 0, 1], [2, 1, 15], [1, 1, 2], [1, 1, 12], [2, 0, 0], [0, 1, 5], [3, 1, 6], [0, 1, 0], [4, 1, 3], [2, 0, 2]],
    dtype=np.int64,
)
"""Set orders: what is measured (see ``measure_of``), whether sturdy units come first, row of ``KEYS``."""
PASSES_SET, PASSES_AFRESH = 6, 2
"""Passes whose orders are set at the beginning, and when search begins afresh; what comes after them is search."""
HOPELESS = np.array([[6, 250], [12, 150], [20, 120], [40, 100]], dtype=np.int64)
"""After so many passes, search ends where more of the hold's volume than this is left out, thousandths."""
RESTART = 60
"""Passes after which search begins afresh."""
NEAR = 2
"""How far a unit moves in an order, mostly."""
SLACK = 6
"""An answer that leaves this part more behind is gone on from every other time."""


@leaf
def draw(state: Whole, below: int) -> int:
    """A number from 0 to ``below - 1``: xorshift (Marsaglia 2003), the same on every machine."""
    number = state[0]
    number ^= number << 13
    number ^= (number >> 7) & 0x01FFFFFFFFFFFFFF
    number ^= number << 17
    state[0] = number
    return int(((number >> 11) & 0x7FFFFFFFFFFF) % below)


@jit
def stop_ranks(since: Whole, until: Whole) -> Real:
    """First loaded first, and of those last unloaded first: the place of each unit's stay in this order."""
    most = 1.0 + np.max(until)
    return since * most + (most - until)


@leaf
def measure_of(task: Task, unit: int, which: int) -> float:
    """How large a unit is: by volume, by largest face, by longest edge, by height, by base."""
    kind = task.kind[unit]
    long, wide, high = float(task.ways[kind, 0, 0]), float(task.ways[kind, 0, 1]), float(task.ways[kind, 0, 2])
    if which == 0:
        return float(task.traits[kind, VOLUME])
    if which == 1:
        return max(long * wide, long * high, wide * high)
    if which == 2:
        return max(long, wide, high)
    if which == 3:
        return high
    return long * wide


@jit
def set_order(task: Task, since: Whole, until: Whole, which: int, sturdy_first: bool) -> Whole:
    """Units by stop, then (where asked) what bears anything first, then the largest first."""
    units = len(task.kind)
    value = np.empty(units)
    sizes = np.array([measure_of(task, unit, which) for unit in range(units)])
    most = np.max(sizes) + 1.0
    ranks = stop_ranks(since, until)
    for unit in range(units):
        tender = task.traits[task.kind[unit], ON_TOP] if sturdy_first else 0
        value[unit] = (ranks[unit] * 4 + tender) * most - sizes[unit]
    return np.argsort(value)


@jit
def result(task: Task, work: Work, fixed: int, since: Whole, until: Whole, found: Whole) -> int:
    """
    Write a finished load's rows in the order of loading.

    Comes back 0, or how far it is from right where it breaks a rule that only whole loads show: 1 where there is no
    order of loading, more where axles are not content.
    """
    if len(task.axles):
        excess = balance(task, work, fixed, since, until)
        if excess > 0:
            return 2 + int(excess)
    order = np.empty(work.filled[BOXES], dtype=np.int64)
    if not loading_order(task, work, fixed, since, order):
        return 1
    for row, place in enumerate(order):
        unit = work.box[place, UNIT]
        found[row, 0], found[row, 4] = unit, task.ways[task.kind[unit], work.box[place, WAY], 3]
        for axis in range(3):
            found[row, 1 + axis] = work.box[place, axis]
    return 0


@leaf
def change(task: Task, state: Whole, order: Whole, ways: Whole, keys: Whole, lost: Whole) -> None:
    """
    One small change: a unit moves, stands another way, or goes by another key, alone or with all of its stay.

    Every other time it is one of those that found no place (``lost`` by unit), and may move to the front.
    """
    units = len(order)
    what, one = draw(state, 10), draw(state, units)
    if draw(state, 2) == 0:
        for _ in range(units):
            if lost[order[one]]:
                break
            one = (one + 1) % units
    unit = order[one]
    if what < 5:
        other = min(units - 1, max(0, one + draw(state, 2 * NEAR + 1) - NEAR))
        if one > 0 and lost[unit] and draw(state, 2) == 0:
            other = draw(state, one)
        move(order, one, other)
    elif what < 7:
        ways[unit] = draw(state, task.traits[task.kind[unit], WAYS] + 1) - 1
    elif what < 9:
        keys[unit] = draw(state, len(KEYS))
    else:
        key = draw(state, len(KEYS))
        for fellow in range(units):
            if task.stay[fellow] == task.stay[unit]:
                keys[fellow] = key


@leaf
def move(order: Whole, one: int, other: int) -> None:
    """Move a unit to another place in an order; those between make way."""
    unit, step = order[one], -1 if other < one else 1
    for place in range(one, other, step):
        order[place] = order[place + step]
    order[other] = unit


@leaf
def note_lost(work: Work, lost: Whole) -> None:
    """Which units stand nowhere."""
    lost[:] = 1
    for place in range(work.filled[BOXES]):
        lost[work.box[place, UNIT]] = 0


@jit
def search(room: Room, goods: Goods, stays: Stays, passes: int, patient: bool, seed: int, found: Whole) -> int:
    """
    Look for places for all units.

    Parameters
    ----------
    passes
        Most passes.
    patient
        Whether to go on where little hope is left, see ``HOPELESS``.
    found
        Written where it fits: unit, x, y, z in mm, number of the rotation, a row each in the order of loading.

    Returns
    -------
    int
        ``FITS`` or ``NOT_FOUND``.
    """
    task = task_of(room, goods, stays)
    if too_heavy(task, stays.since, stays.until):
        return NOT_FOUND
    work = new_work(len(stays.kind))
    return improve(task, work, stays, passes, patient, seed, found)


@jit
def free_units(order: Whole, fixed: Whole) -> Whole:
    """Those of an order that do not stand already."""
    stands = np.zeros(len(order), dtype=np.bool_)
    for row in range(len(fixed)):
        stands[fixed[row, 0]] = True
    return np.array([unit for unit in order if not stands[unit]], dtype=np.int64)


@leaf
def hopeless(size: Whole, turn: int, least: int) -> bool:
    """Whether a volume left out after so many passes is seldom placed by more of them."""
    for row in range(len(HOPELESS)):
        if turn == HOPELESS[row, 0] and least * 1000 > size[LENGTH] * size[WIDTH] * size[HEIGHT] * HOPELESS[row, 1]:
            return True
    return False


@jit
def improve(task: Task, work: Work, stays: Stays, passes: int, patient: bool, seed: int, found: Whole) -> int:
    """Set orders, then changes of the best so far; see ``search``."""
    units = len(stays.kind)
    state = np.array([seed * 2654435761 + 88172645463325252], dtype=np.int64)
    ways, keys = np.full(units, -1, dtype=np.int64), np.zeros(units, dtype=np.int64)
    best_ways, best_keys = ways.copy(), keys.copy()
    best_order = free_units(np.arange(units), stays.fixed)
    least, lost = NOWHERE, np.ones(units, dtype=np.int64)
    sides = 3 if units <= 30 else 1
    taken, begun = 0, 0
    for turn in range(passes):
        slack = 0
        if not patient and hopeless(task.size, turn, least):
            break
        if turn == begun + RESTART:
            begun, least = turn, NOWHERE
        if turn - begun < (PASSES_AFRESH if begun else PASSES_SET):
            which = SET[taken % len(SET)]
            taken += 1
            ways[:], keys[:] = -1, which[2]
            order = free_units(set_order(task, stays.since, stays.until, which[0], which[1] == 1), stays.fixed)
        else:
            order = best_order.copy()
            ways[:], keys[:] = best_ways, best_keys
            change(task, state, order, ways, keys, lost)
            while draw(state, 2) == 0:
                change(task, state, order, ways, keys, lost)
            slack = least // SLACK if draw(state, 2) == 0 else 0
        left = construct(task, work, stays.fixed, order, ways, keys, sides, least + slack)
        if left == 0:
            left = result(task, work, len(stays.fixed), stays.since, stays.until, found)
            if left == 0:
                return FITS
        if left < 0:
            break
        if left <= least + slack:
            least, best_order = left, order
            best_ways[:], best_keys[:] = ways, keys
            note_lost(work, lost)
    return NOT_FOUND
