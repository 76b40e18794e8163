"""
May a unit stand at a place? Compiled rules, pair by pair against what stands already.

They are at least as strict as the definitions in ``solver.goods``: where units' stays differ, support is counted from
those alone that are on board throughout, and what rests on a unit is summed over its whole stay.
"""

from typing import NamedTuple

import numpy as np

from solver.packing.jit import jit, leaf
from solver.packing.layout import (
    ACCESS,
    ALL_TOGETHER,
    BEARING,
    CLOSED,
    LIMITED,
    REAR_ONLY,
    WEIGHT,
    Goods,
    Real,
    Room,
    Stays,
    Whole,
)

TOGETHER, STAYS_LONGER, CAME_BEFORE, LEAVES_BEFORE, COMES_AFTER, COVERS = 1, 2, 4, 8, 16, 32
"""
What another unit is to this one: on board with it at some time; on board when this one leaves; on board when this one
comes; leaving, or coming, while this one is on board; on board throughout this one's stay.
"""
X, Y, Z, X2, Y2, Z2, STAY, UNIT, WAY, TENDER, SAME_TOP = range(11)
"""
Columns of ``Work.box``: lowest and highest corner in mm, number of stay, unit and way, its ``ON_TOP``, and the box that
was placed before it among those whose tops are at the same height (-1: none).
"""
BLOCKS, BLOCKED = STAYS_LONGER | CAME_BEFORE, LEAVES_BEFORE | COMES_AFTER
"""Whether another unit can block this one, or this one the other."""
BOXES, POINTS, SIDES, LEVELS = range(4)
"""Entries of ``Work.filled``; ``SIDES`` says from which walls points are made: 1 left, 2 right, 3 both."""
EVERY_DOOR = (1 << 62) - 1
GRAM_SPARE = 1e-3
"""Sums of shares of weight are inexact; limits are kept with this much to spare."""


class Task(NamedTuple):
    """
    One load, never written to.

    Parts of ``Room``, ``Goods`` and ``Stays``, one entry more in ``size`` (``LIMITED``). ``stay`` is the number of a
    unit's stay, ``relation`` what the second stay's units are to the first's (``TOGETHER`` and so on).
    """

    size: Whole
    doors: Whole
    axles: Real
    ways: Whole
    traits: Whole
    kind: Whole
    stay: Whole
    relation: Whole


class Work(NamedTuple):
    """
    What stands so far and where more might.

    ``free`` by box and moment (leaving, coming): the doors open to it, as bits. ``borne`` by box: what rests on it, g,
    and what a new box would add. ``level`` by height at which points are: the height in mm, and the box placed last
    whose top is there (-1: none). ``filled``: how many boxes, points and levels there are.
    """

    box: Whole
    point: Whole
    code: Whole
    free: Whole
    borne: Real
    level: Whole
    filled: Whole


@jit
def stay_numbers(since: Whole, until: Whole) -> tuple[Whole, Whole]:
    """Number equal stays alike; also since and until by number, in columns."""
    number = np.zeros(len(since), dtype=np.int64)
    found = np.zeros((len(since), 2), dtype=np.int64)
    count = 0
    for unit in range(len(since)):
        for other in range(count):
            if found[other, 0] == since[unit] and found[other, 1] == until[unit]:
                number[unit] = other
                break
        else:
            found[count, 0], found[count, 1] = since[unit], until[unit]
            number[unit] = count
            count += 1
    return number, found[:count]


@jit
def relations(stay: Whole, access: int) -> Whole:
    """What each stay's units are to each other's; whom it can block only where access is asked for."""
    count = len(stay)
    relation = np.zeros((count, count), dtype=np.int64)
    for one in range(count):
        since, until = stay[one, 0], stay[one, 1]
        for other in range(count):
            from_stop, to_stop = stay[other, 0], stay[other, 1]
            bits = 0
            if since < to_stop and from_stop < until:
                bits |= TOGETHER
            if from_stop <= since and to_stop >= until:
                bits |= COVERS
            if access != CLOSED:
                bits |= STAYS_LONGER if from_stop < until < to_stop else 0
                bits |= CAME_BEFORE if from_stop < since < to_stop else 0
                bits |= LEAVES_BEFORE if since < to_stop < until else 0
                bits |= COMES_AFTER if since < from_stop < until else 0
            relation[one, other] = bits if bits & TOGETHER else 0
    return relation


@jit
def task_of(room: Room, goods: Goods, stays: Stays) -> Task:
    """Prepare a load."""
    stay, spans = stay_numbers(stays.since, stays.until)
    relation = relations(spans, room.size[ACCESS])
    size = np.zeros(ALL_TOGETHER + 1, dtype=np.int64)
    size[:LIMITED] = room.size
    for unit in range(len(stays.kind)):
        if goods.traits[stays.kind[unit], BEARING] >= 0:
            size[LIMITED] = 1
    size[ALL_TOGETHER] = np.all(relation != 0)
    return Task(size, room.doors, room.axles, goods.ways, goods.traits, stays.kind, stay, relation)


@jit
def new_work(units: int) -> Work:
    """Room for as many units, nothing placed."""
    return Work(
        np.empty((units, 11), dtype=np.int64),
        np.empty((18 * units + 8, 9), dtype=np.int64),
        np.empty(18 * units + 8, dtype=np.int64),
        np.empty((units, 2), dtype=np.int64),
        np.empty((units, 2)),
        np.empty((2 * units + 2, 2), dtype=np.int64),
        np.zeros(4, dtype=np.int64),
    )


@leaf
def doors_behind(size: Whole, doors: Whole, x: int, x2: int) -> int:
    """The doors that a unit lies behind, as bits."""
    if size[ACCESS] <= REAR_ONLY:
        return EVERY_DOOR
    bits = 0
    for door in range(len(doors)):
        if doors[door, 0] == 0 or (x >= doors[door, 1] and x2 <= doors[door, 2]):
            bits |= 1 << door
    return bits


@leaf
def doors_closed_by(doors: Whole, box: Whole, own: int, other: int) -> int:
    """The doors to which box ``other`` blocks the way of box ``own``, as bits."""
    along = box[other, X] < box[own, X2] and box[own, X] < box[other, X2]
    across = box[other, Y] < box[own, Y2] and box[own, Y] < box[other, Y2]
    if along and across:
        return EVERY_DOOR if box[other, Z] >= box[own, Z2] else 0
    if box[other, Z] >= box[own, Z2] or box[own, Z] >= box[other, Z2]:
        return 0
    bits = 0
    for door in range(len(doors)):
        side = doors[door, 0]
        if (
            (side == 0 and across and box[other, X] >= box[own, X2])
            or (side == 1 and along and box[other, Y2] <= box[own, Y])
            or (side == 2 and along and box[other, Y] >= box[own, Y2])
        ):
            bits |= 1 << door
    return bits


@leaf
def some_door(task: Task, work: Work, number: int) -> bool:
    """Whether a door stays open to box ``number``, the newest, and to all that stand, whenever they come and leave."""
    box, free = work.box, work.free
    leaving = coming = doors_behind(task.size, task.doors, box[number, X], box[number, X2])
    for place in range(number):
        bits = task.relation[box[number, STAY], box[place, STAY]]
        if bits & BLOCKS:
            closed = doors_closed_by(task.doors, box, number, place)
            leaving &= ~closed if bits & STAYS_LONGER else EVERY_DOOR
            coming &= ~closed if bits & CAME_BEFORE else EVERY_DOOR
        if bits & BLOCKED:
            closed = doors_closed_by(task.doors, box, place, number)
            if bits & LEAVES_BEFORE and free[place, 0] & ~closed == 0:
                return False
            if bits & COMES_AFTER and free[place, 1] & ~closed == 0:
                return False
    return leaving != 0 and coming != 0


@leaf
def close_doors(task: Task, work: Work, number: int) -> None:
    """Note which doors are open to a new box, and which it closes to others."""
    box, free = work.box, work.free
    leaving = coming = doors_behind(task.size, task.doors, box[number, X], box[number, X2])
    for place in range(number):
        bits = task.relation[box[number, STAY], box[place, STAY]]
        if bits & BLOCKS:
            closed = doors_closed_by(task.doors, box, number, place)
            leaving &= ~closed if bits & STAYS_LONGER else EVERY_DOOR
            coming &= ~closed if bits & CAME_BEFORE else EVERY_DOOR
        if bits & BLOCKED:
            closed = doors_closed_by(task.doors, box, place, number)
            free[place, 0] &= ~closed if bits & LEAVES_BEFORE else EVERY_DOOR
            free[place, 1] &= ~closed if bits & COMES_AFTER else EVERY_DOOR
    free[number, 0] = leaving
    free[number, 1] = coming


@leaf
def burden(task: Task, work: Work, number: int, keep: bool) -> bool:
    """
    Whether all that would carry box ``number``, the newest, can; its weight is added to what they bear where ``keep``.

    What a unit bears goes on to what it stands on in proportion to the areas of contact.
    """
    box, borne = work.box, work.borne
    for place in range(number):
        borne[place, 1] = 0.0
    borne[number, 1] = task.traits[task.kind[box[number, UNIT]], WEIGHT]
    for upper in range(number, -1, -1):
        if borne[upper, 1] > 0 and box[upper, Z] > 0:
            _hand_down(box, task.relation, upper, borne)
    for place in range(number):
        limit = task.traits[task.kind[box[place, UNIT]], BEARING]
        if limit >= 0 and borne[place, 1] > 0 and borne[place, 0] + borne[place, 1] > limit - GRAM_SPARE:
            return False
    if keep:
        for place in range(number):
            borne[place, 0] += borne[place, 1]
        borne[number, 0] = 0.0
    return True


@leaf
def _hand_down(box: Whole, relation: Whole, upper: int, borne: Real) -> None:
    """Share what is added to a box among those it stands on, all of them placed before it."""
    contact = 0
    for under in range(upper):
        contact += _contact(box, relation, upper, under)
    for under in range(upper):
        area = _contact(box, relation, upper, under)
        if area > 0:
            borne[under, 1] += borne[upper, 1] * area / contact


@leaf
def _contact(box: Whole, relation: Whole, own: int, other: int) -> int:
    if box[other, Z2] != box[own, Z] or relation[box[own, STAY], box[other, STAY]] == 0:
        return 0
    along = min(box[own, X2], box[other, X2]) - max(box[own, X], box[other, X])
    across = min(box[own, Y2], box[other, Y2]) - max(box[own, Y], box[other, Y])
    return along * across if along > 0 and across > 0 else 0
