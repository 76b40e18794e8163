"""One hold without stops filled greedily: units in set orders, what finds no place is skipped; compiled."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.goods import Hold, Rotation, Unit
from solver.packing.construct import KEYS, place_next
from solver.packing.construct_points import start
from solver.packing.construct_rules import BOXES, UNIT, WAY, Task, Work, X, Y, Z, new_work, task_of
from solver.packing.construct_search import draw, set_order
from solver.packing.jit import jit
from solver.packing.layout import VOLUME, WEIGHT, WEIGHT_MAX, Goods, Room, Stays, Whole, goods_of, room_of

ROTATIONS = tuple(Rotation)
PASSES = 12
"""Orders that are set: five measures of size, sturdy goods first or not; passes beyond them are changes of the best."""


class Standing(NamedTuple):
    """A unit of kind ``kind`` (a number) and where it stands."""

    kind: int
    x_mm: int
    y_mm: int
    z_mm: int
    rotation: Rotation


class Filler:
    """Kinds of unit made ready to be filled into holds."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.goods = goods_of(units)
        self.kinds = np.arange(len(units), dtype=np.int64)

    def fill(self, room: Room, counts: Sequence[int], *, passes: int = PASSES, seed: int = 0) -> list[Standing]:
        """
        As much volume as found of so many units of each kind in a hold.

        Parameters
        ----------
        room
            See ``room_without_doors``.
        passes
            Orders tried; the first that places everything ends it.

        Returns
        -------
        What stands where, each after what it stands on; empty when nothing fits. Nothing is unsupported, too heavy or
        on what does not bear it.
        """
        kind = np.repeat(self.kinds, counts)
        zeros = np.zeros(len(kind), dtype=np.int64)
        stays = Stays(kind, zeros, zeros + 1, np.zeros((0, 5), dtype=np.int64))
        found = np.zeros((len(kind), 5), dtype=np.int64)
        placed = stuff(room, self.goods, stays, passes, seed, found) if len(kind) else 0
        return [Standing(own, x, y, z, ROTATIONS[code]) for own, x, y, z, code in found[:placed].tolist()]


def room_without_doors(hold: Hold) -> Room:
    """A hold as arrays, open from above."""
    return room_of(Hold(length_mm=hold.length_mm, width_mm=hold.width_mm, height_mm=hold.height_mm,
                        weight_max_g=hold.weight_max_g, doors=(), support_percent=hold.support_percent))  # fmt: skip


@jit
def one_pass(task: Task, work: Work, order: Whole, key: Whole) -> int:
    """Place units in turn, skipping what does not fit or is too heavy; returns the volume placed, mm3."""
    start(task.size, work, 1)
    volume, weight = 0, 0
    for unit in order:
        traits = task.traits[task.kind[unit]]
        if 0 <= task.size[WEIGHT_MAX] < weight + traits[WEIGHT]:
            continue
        if place_next(task, work, unit, -1, key):
            volume += traits[VOLUME]
            weight += traits[WEIGHT]
    return volume


@jit
def write(task: Task, work: Work, found: Whole) -> int:
    """Write what is placed into ``found``: kind, x, y, z, number of the rotation; returns how many."""
    for row in range(work.filled[BOXES]):
        kind = task.kind[work.box[row, UNIT]]
        found[row, 0] = kind
        found[row, 1], found[row, 2], found[row, 3] = work.box[row, X], work.box[row, Y], work.box[row, Z]
        found[row, 4] = task.ways[kind, work.box[row, WAY], 3]
    return int(work.filled[BOXES])


@jit
def stuff(room: Room, goods: Goods, stays: Stays, passes: int, seed: int, found: Whole) -> int:
    """Fill a hold in several passes, see ``Filler.fill``; returns how many rows of ``found`` are written."""
    units = len(stays.kind)
    task, work = task_of(room, goods, stays), new_work(units)
    state = np.array([seed * 2654435761 + 88172645463325252], dtype=np.int64)
    best, count, best_key = -1, 0, 0
    best_order = np.arange(units)
    for turn in range(passes):
        key = best_key
        if turn < PASSES:
            key = (2, 0, 3, 1)[turn % 4]
            order = set_order(task, stays.since, stays.until, turn % 5, turn % 2 == 0)
        else:
            order = best_order.copy()
            one, other = draw(state, units), draw(state, units)
            order[one], order[other] = order[other], order[one]
        volume = one_pass(task, work, order, KEYS[key])
        if volume > best:
            count = write(task, work, found)
        if volume >= best:
            best, best_key, best_order = volume, key, order
        if count == units:
            break
    return count


def warm() -> None:
    """Compile the filling."""
    unit = Unit(id="unit", length_mm=1, width_mm=1, height_mm=1)
    Filler([unit]).fill(room_without_doors(Hold(length_mm=1, width_mm=1, height_mm=1)), [1])
