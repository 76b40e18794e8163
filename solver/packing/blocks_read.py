"""From blocks back to units: who stands where, in which order they are loaded, and who has to stay behind."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from solver.goods import Hold, Placement, Rotation, Side, Unit, edges_mm
from solver.packing.blocks_stock import Goods
from solver.packing.blocks_types import CUBOIDS, NX, WAY, State, Whole
from solver.packing.jit import jit

_SIDES = {Side.REAR: 0, Side.LEFT: 1, Side.RIGHT: 2}


class Standing(NamedTuple):
    """A unit where it stands; value as the caller counts it."""

    placement: Placement
    unit: Unit
    value: float

    @property
    def box(self) -> tuple[int, int, int, int, int, int]:
        """Corners in mm: least x, y, z, then greatest."""
        at = self.placement
        long, wide, high = edges_mm(self.unit, at.rotation)
        return at.x_mm, at.y_mm, at.z_mm, at.x_mm + long, at.y_mm + wide, at.z_mm + high

    @property
    def mm3(self) -> int:
        """Volume."""
        return self.unit.length_mm * self.unit.width_mm * self.unit.height_mm

    @property
    def alone(self) -> Unit:
        """One such unit that may only stand as it does."""
        return replace(self.unit, rotations=(self.placement.rotation,), quantity=1)


def boxes_of(standing: Iterable[Standing]) -> Whole:
    """Corners of units, one a row."""
    return np.array([entry.box for entry in standing], np.int64).reshape(-1, 6)


def read_units(state: State, goods: Goods, since: int = 0) -> list[Standing]:
    """The units of a state's cuboids, from number ``since`` on."""
    taken = [0] * len(goods.kinds)
    found: list[Standing] = []
    for cuboid in state.cuboid[since : state.tally[CUBOIDS]].tolist():
        kind, long, wide, high = goods.way[cuboid[WAY]].tolist()
        rotation: Rotation = goods.rotations[cuboid[WAY]]
        for number in range(cuboid[NX] * cuboid[NX + 1] * cuboid[NX + 2]):
            up, rest = divmod(number, cuboid[NX] * cuboid[NX + 1])
            across, along = divmod(rest, cuboid[NX])
            order, name, count = goods.names[kind][taken[kind]]
            taken[kind] += 1
            placement = Placement(
                order=order,
                unit=name,
                number=count,
                x_mm=cuboid[0] + along * long,
                y_mm=cuboid[1] + across * wide,
                z_mm=cuboid[2] + up * high,
                rotation=rotation,
            )
            found.append(Standing(placement, goods.kinds[kind], goods.values[kind]))
    return found


@jit
def _overlap(one: Whole, other: Whole, axis: int) -> bool:
    return bool(one[axis] < other[3 + axis] and other[axis] < one[3 + axis])


@jit
def _hinders(one: Whole, other: Whole, side: int) -> bool:
    """Whether ``other`` stands between ``one`` and a wall (0 rear, 1 left, 2 right), or above it (-1)."""
    if side < 0:
        return other[2] >= one[5] and _overlap(one, other, 0) and _overlap(one, other, 1)
    if not _overlap(one, other, 2):
        return False
    if side == 0:
        return bool(other[0] >= one[3] and _overlap(one, other, 1))
    if not _overlap(one, other, 0):
        return False
    return bool(other[4] <= one[1] if side == 1 else other[1] >= one[4])


@jit
def _hindrances(box: Whole, door: Whole) -> Whole:
    """By unit: how many stand above it, then by door how many are in its way (a door it does not lie behind: many)."""
    count = box.shape[0]
    found = np.zeros((count, 1 + door.shape[0]), np.int64)
    for one in range(count):
        for number in range(door.shape[0]):
            if door[number, 0] > 0 and (box[one, 0] < door[number, 1] or box[one, 3] > door[number, 2]):
                found[one, 1 + number] = 2 * count
        for other in range(count):
            found[one, 0] += _hinders(box[one], box[other], -1)
            for number in range(door.shape[0]):
                found[one, 1 + number] += _hinders(box[one], box[other], door[number, 0])
    return found


@jit
def _unload(box: Whole, door: Whole, held: int) -> Whole:
    """Units (not the first ``held``) in an order in which they can be taken out; those that cannot are missing."""
    count = box.shape[0]
    found = _hindrances(box, door)
    inside = np.ones(count, np.bool_)
    order = np.zeros(count, np.int64)
    out = 0
    while True:
        best = -1
        for one in range(held, count):
            if not inside[one] or found[one, 0] or np.min(found[one, 1:]) > 0:
                continue
            further = (
                best < 0 or box[one, 3] > box[best, 3] or (box[one, 3] == box[best, 3] and box[one, 2] > box[best, 2])
            )
            if further:
                best = one
        if best < 0:
            return order[:out]
        inside[best] = False
        order[out] = best
        out += 1
        for one in range(count):
            found[one, 0] -= _hinders(box[one], box[best], -1)
            for number in range(door.shape[0]):
                found[one, 1 + number] -= _hinders(box[one], box[best], door[number, 0])


def doors_of(hold: Hold) -> Whole:
    """By door: wall (0 rear, 1 left, 2 right), from and to along x in mm."""
    rows = [
        (_SIDES[door.side], door.from_mm, hold.length_mm if door.to_mm is None else door.to_mm) for door in hold.doors
    ]
    return np.array(rows, np.int64).reshape(-1, 3)


@jit
def _hinderer(box: Whole, inside: Whole, door: Whole, one: int) -> int:
    """A unit inside that keeps another one in: above it, or in its way to the first door; -1: none."""
    for other in range(box.shape[0]):
        own = inside[other] and other != one
        if own and (_hinders(box[one], box[other], -1) or _hinders(box[one], box[other], door[0, 0])):
            return other
    return -1


@jit
def _circle(box: Whole, door: Whole, inside: Whole, start: int) -> Whole:
    """Units that keep one another in, in a circle; the one where the chain ends if there is no circle."""
    chain = np.full(box.shape[0] + 1, -1, np.int64)
    seen = np.full(box.shape[0], -1, np.int64)
    count, one = 0, start
    while seen[one] < 0:
        seen[one] = count
        chain[count] = one
        count += 1
        other = _hinderer(box, inside, door, one)
        if other < 0:
            return chain[count - 1 : count]
        one = other
    return chain[seen[one] : count]


def loading_order(hold: Hold, standing: Sequence[Standing], held: int = 0) -> list[Standing]:
    """
    Units in an order in which each can be brought to its place, the first ``held`` as they are.

    Found backwards: whatever can be taken out through a door is taken out, until nothing can. What is left could not be
    brought in either, in any order: of a circle of units that keep one another in, the one of least value stays behind,
    with all that stands on it, and the rest is tried again.
    """
    kept = list(standing)
    door = doors_of(hold)
    while True:
        if not hold.doors:
            return kept[:held] + sorted(kept[held:], key=lambda entry: entry.placement.z_mm)
        box = boxes_of(kept)
        out: list[int] = _unload(box, door, held)[::-1].tolist()
        if len(out) == len(kept) - held:
            return kept[:held] + [kept[number] for number in out]
        inside = np.ones(len(kept), np.int64)
        inside[out] = 0
        start = int(np.flatnonzero(inside[held:])[0]) + held
        circle = [number for number in _circle(box, door, inside, start).tolist() if number >= held]
        rests = [without(kept, [number]) for number in circle or [start]]
        kept = max(rests, key=lambda rest: sum(entry.value for entry in rest))


def without(standing: Sequence[Standing], numbers: Iterable[int]) -> list[Standing]:
    """The units that remain when some are taken away with all that stands on them."""
    box = boxes_of(standing)
    gone = np.zeros(len(standing), bool)
    gone[list(numbers)] = True
    for number in np.argsort(box[:, 2], kind="stable").tolist():
        own = box[number]
        below = (box[:, 5] == own[2]) & (box[:, 0] < own[3]) & (own[0] < box[:, 3])
        below &= (box[:, 1] < own[4]) & (own[1] < box[:, 4])
        gone[number] |= bool((gone & below).any())
    return [entry for entry, away in zip(standing, gone.tolist(), strict=True) if not away]
