"""
Loads as plain arrays, for compiled code.

Goods are compiled once and named by number ever after; a load is then three short arrays: which goods, from which stop,
to which stop.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.goods import Chassis, Hold, OnTop, Placement, Rotation, Side, Unit, edges_mm
from solver.loads import Load

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

WEIGHT, ON_TOP, BEARING, FLOOR_ONLY, WAYS, VOLUME = range(6)
"""Columns of ``Goods.traits``: g; 0 anything, 1 fragile, 2 nothing; g or -1; 0 or 1; how many ways it stands; mm3."""
LENGTH, WIDTH, HEIGHT, SUPPORT, WEIGHT_MAX, ACCESS, LIMITED, ALL_TOGETHER = range(8)
"""
Entries of ``Room.size``: mm, mm, mm, percent, g or -1, and how it is entered. A load adds whether any bearing is
limited, and whether every unit is on board with every other at some time.
"""
CLOSED, REAR_ONLY, SEVERAL = range(3)
"""How a hold is entered: access not asked for, by one rear door, or by any other doors."""
EDGE_MOST_MM = 100_000
"""Longest edge of a hold that compiled code takes (positions are packed into one number)."""

_ON_TOP = {OnTop.ANYTHING: 0, OnTop.FRAGILE: 1, OnTop.NOTHING: 2}
_NOTHING_FIXED = np.zeros((0, 5), dtype=np.int64)
_SIDES = {Side.REAR: 0, Side.LEFT: 1, Side.RIGHT: 2}
_ROTATIONS = tuple(Rotation)
_TURNS = {way: (*("lwh".index(edge) for edge in way.value), code) for code, way in enumerate(_ROTATIONS)}
_NO_WAYS = [(0, 0, 0, 0)] * len(_ROTATIONS)


class Goods(NamedTuple):
    """
    Kinds of unit.

    Attributes
    ----------
    ways
        By kind and way of standing: extent along x, y, z in mm, and the number of the rotation in ``Rotation``. Ways
        with the same extents are listed once.
    traits
        By kind: see ``WEIGHT`` and what follows it.
    """

    ways: Whole
    traits: Whole


class Room(NamedTuple):
    """
    A hold.

    Attributes
    ----------
    size
        See ``LENGTH`` and what follows it.
    doors
        By door: wall (0 rear, 1 left, 2 right), from and to along x in mm.
    axles
        By axle: what rests on it empty (g), per g on board, per g mm of moment, then the least and most allowed (g).
    """

    size: Whole
    doors: Whole
    axles: Real


class Stays(NamedTuple):
    """
    What is on board when, unit by unit.

    Attributes
    ----------
    kind
        Number in ``Goods``.
    since, until
        The stops from which and until which it is on board.
    fixed
        By unit that stands already: its number here, x, y, z in mm, and the number of its way.
    """

    kind: Whole
    since: Whole
    until: Whole
    fixed: Whole


def goods_of(units: Iterable[Unit]) -> Goods:
    """Kinds in the order given; quantities are not looked at."""
    ways: list[tuple[int, int, int, int]] = []
    traits = []
    for unit in units:
        edges = unit.length_mm, unit.width_mm, unit.height_mm
        extents: dict[tuple[int, int, int], int] = {}
        for rotation in unit.rotations:
            along, across, up, code = _TURNS[rotation]
            extents.setdefault((edges[along], edges[across], edges[up]), code)
        ways += [(*extent, code) for extent, code in extents.items()]
        ways += _NO_WAYS[len(extents) :]
        bearing_g = -1 if unit.bearing_max_g is None else unit.bearing_max_g
        volume_mm3 = edges[0] * edges[1] * edges[2]
        traits.append((unit.weight_g, _ON_TOP[unit.on_top], bearing_g, unit.floor_only, len(extents), volume_mm3))
    if not traits:
        return Goods(np.zeros((1, len(_ROTATIONS), 4), dtype=np.int64), np.zeros((1, 6), dtype=np.int64))
    return Goods(np.array(ways, dtype=np.int64).reshape(-1, len(_ROTATIONS), 4), np.array(traits, dtype=np.int64))


@lru_cache(maxsize=256)
def room_of(hold: Hold) -> Room:
    """
    A hold as arrays, made once for equal holds and never written to.

    Raises
    ------
    ValueError
        When an edge is longer than ``EDGE_MOST_MM``.
    """
    edges = hold.length_mm, hold.width_mm, hold.height_mm
    if max(edges) > EDGE_MOST_MM:
        raise ValueError(f"a hold of {edges} mm: no edge may be longer than {EDGE_MOST_MM} mm")
    doors = [
        (_SIDES[door.side], door.from_mm, hold.length_mm if door.to_mm is None else door.to_mm) for door in hold.doors
    ]
    access = (
        CLOSED if not doors else REAR_ONLY if any(side == 0 for side, _, _ in doors) and len(doors) == 1 else SEVERAL
    )
    weight_g = -1 if hold.weight_max_g is None else hold.weight_max_g
    size = np.array([*edges, hold.support_percent, weight_g, access], dtype=np.int64)
    rows = [] if hold.chassis is None else _levers(hold.chassis)
    axles = np.array(rows, dtype=np.float64).reshape(len(rows), 5)
    return Room(size, np.array(doors, dtype=np.int64).reshape(len(doors), 3), axles)


def _levers(chassis: Chassis) -> list[tuple[float, float, float, float, float]]:
    """What rests on each axle as a linear function of the weight on board and its moment about x = 0."""
    axles = chassis.axles
    front_mm = axles[0].at_mm if chassis.kingpin_mm is None else chassis.kingpin_mm
    span_mm = axles[-1].at_mm - front_mm
    back = (-front_mm / span_mm, 1 / span_mm)
    front = (1 - back[0], -back[1])
    if chassis.kingpin_mm is None:
        parts = [front, back]
    else:
        lever = (chassis.kingpin_mm - axles[0].at_mm) / (axles[1].at_mm - axles[0].at_mm)
        parts = [(front[0] * (1 - lever), front[1] * (1 - lever)), (front[0] * lever, front[1] * lever), back]
    return [
        (float(axle.tare_g), *part, float(axle.min_g), float(axle.max_g))
        for axle, part in zip(axles, parts, strict=True)
    ]


class Layout:
    """A ``Load`` as arrays, and the way back."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.room = room_of(load.hold)
        self.goods = goods_of(cargo.unit for cargo in load.cargo)
        kind, since, until, self.first = [], [], [], [0]
        for number, cargo in enumerate(load.cargo):
            quantity = cargo.unit.quantity
            kind += [number] * quantity
            since += [cargo.from_stop] * quantity
            until += [cargo.to_stop] * quantity
            self.first.append(len(kind))
        rows = np.array((kind, since, until), dtype=np.int64)
        self.stays = Stays(rows[0], rows[1], rows[2], _NOTHING_FIXED)
        if load.fixed:
            self.stays = self.stays._replace(fixed=np.array([self._fixed(entry) for entry in load.fixed]))

    def _fixed(self, entry: Placement) -> tuple[int, int, int, int, int]:
        """A unit's number and place; -1 for a way that it may not stand."""
        for number, cargo in enumerate(self.load.cargo):
            if (cargo.order, cargo.unit.id) == (entry.order, entry.unit) and entry.number <= cargo.unit.quantity:
                extent = np.array(edges_mm(cargo.unit, entry.rotation))
                same = (self.goods.ways[number, :, :3] == extent).all(axis=1)
                allowed = same.any() and entry.rotation in cargo.unit.rotations
                way = int(same.argmax()) if allowed else -1
                return self.first[number] + entry.number - 1, entry.x_mm, entry.y_mm, entry.z_mm, way
        raise ValueError(f"{entry.order}/{entry.unit}#{entry.number} stands there already, but is not part of the load")

    def placements(self, found: Whole) -> tuple[Placement, ...]:
        """
        Names for numbers.

        Parameters
        ----------
        found
            Rows in the order of loading: unit, x, y, z in mm, number of the rotation.
        """
        own = {int(self.stays.fixed[row, 0]): entry for row, entry in enumerate(self.load.fixed)}
        kinds = self.stays.kind.tolist()
        answer = []
        for unit, x, y, z, rotation in found.tolist():
            cargo = self.load.cargo[kinds[unit]]
            number = unit - self.first[kinds[unit]] + 1
            entry = Placement(
                order=cargo.order,
                unit=cargo.unit.id,
                number=number,
                x_mm=x,
                y_mm=y,
                z_mm=z,
                rotation=_ROTATIONS[rotation],
            )
            answer.append(own.get(unit, entry))
        return tuple(answer)


def assemble(first: Sequence[int], stays: Sequence[tuple[int, int, int]]) -> Stays:
    """
    The stays of orders whose kinds of unit are numbered one by one.

    Parameters
    ----------
    first
        By order the number of its first unit; one entry more at the end.
    stays
        Order, stop from which and until which it is on board.
    """
    kind: list[int] = []
    since: list[int] = []
    until: list[int] = []
    for order, loaded, unloaded in stays:
        start, end = first[order], first[order + 1]
        kind += range(start, end)
        since += [loaded] * (end - start)
        until += [unloaded] * (end - start)
    rows = np.array((kind, since, until), dtype=np.int64)
    return Stays(rows[0], rows[1], rows[2], _NOTHING_FIXED)
