"""Units as kinds, ways and blocks: what block building draws from."""

from collections.abc import Sequence
from math import gcd
from typing import NamedTuple

import numpy as np

from solver.goods import Hold, OnTop, Rotation, Unit, edges_mm
from solver.packing.blocks_join import (
    HEIGHT,
    JOINS,
    LENGTH,
    MEASURES,
    MM3,
    PARTS,
    TOP_L,
    TOP_W,
    WIDTH,
    grids,
    join,
    rows,
)
from solver.packing.blocks_types import PARTS_MOST, Real, Stock, Whole

_TOPS = {OnTop.ANYTHING: 0, OnTop.FRAGILE: 1, OnTop.NOTHING: 2}
COUNT_POWER = 0.2
"""The number of its units lowers a block's key by this power."""
FEW = (1000, 16, 10, 7, 5, 4, 3, 2, 1)
"""Units along each axis of a grid, at most (or as many as there can be): the first for which there is room."""
STEPS_MOST = 4096
"""Steps along the longest axis, at most: lengths are rounded to steps when rows of units are looked up."""


class Goods(NamedTuple):
    """
    Units sorted into kinds that are alike in all that matters.

    Attributes
    ----------
    kinds
        A unit of each kind.
    names
        By kind: order, unit's id and number of each of its units.
    values
        By kind, of one unit.
    way
        By way: kind, extent along x, y, z in mm.
    rotations
        By way.
    """

    kinds: tuple[Unit, ...]
    names: tuple[tuple[tuple[str, str, int], ...], ...]
    values: tuple[float, ...]
    way: Whole
    rotations: tuple[Rotation, ...]

    @property
    def left(self) -> Whole:
        """How many there are of each kind."""
        return np.array([len(names) for names in self.names], np.int64)


class Size(NamedTuple):
    """How large a stock may be: simple blocks, blocks in all, pairs tried for joining."""

    simple: int
    blocks: int
    tries: int


def sort_goods(
    hold: Hold, units: Sequence[tuple[str, Unit]], values: Sequence[float] | None, standing: Sequence[Unit] = ()
) -> Goods:
    """
    Sorts units into kinds, leaving out the rotations that do not fit and the kinds that have no other.

    Units of ``standing`` are kinds without names, the last of all: nothing is left of them to be placed.
    """
    kinds: dict[tuple[object, ...], tuple[Unit, float, list[tuple[str, str, int]]]] = {}
    for place, (order, unit) in enumerate(units):
        mm3 = unit.length_mm * unit.width_mm * unit.height_mm
        value = float(mm3) if values is None else float(values[place])
        extents = tuple(dict.fromkeys(edges_mm(unit, rotation) for rotation in unit.rotations))
        key = (*extents, unit.weight_g, unit.on_top, unit.bearing_max_g, unit.floor_only, value)
        named = kinds.setdefault((*key, unit.rotations), (unit, value, []))[2]
        most = min(unit.quantity, hold.length_mm * hold.width_mm * hold.height_mm // mm3)
        named += [(order, unit.id, number) for number in range(1, most + 1)]
    for unit in standing:
        kinds["standing", unit] = (unit, 0.0, [])
    way, rotations = [], []
    able: list[tuple[Unit, float, list[tuple[str, str, int]]]] = []
    for unit, value, named in kinds.values():
        ways = _ways(hold, unit)
        way += [(len(able), *extent) for extent in ways]
        rotations += list(ways.values())
        if ways and (named or value == 0):
            able.append((unit, value, named))
    return Goods(
        kinds=tuple(unit for unit, _, _ in able),
        names=tuple(tuple(named) for _, _, named in able),
        values=tuple(value for _, value, _ in able),
        way=np.array(way, np.int64).reshape(-1, 4),
        rotations=tuple(rotations),
    )


def _ways(hold: Hold, unit: Unit) -> dict[tuple[int, int, int], Rotation]:
    """Extents in which a unit fits a hold, each with a rotation."""
    found: dict[tuple[int, int, int], Rotation] = {}
    for rotation in unit.rotations:
        extent = edges_mm(unit, rotation)
        if extent[0] <= hold.length_mm and extent[1] <= hold.width_mm and extent[2] <= hold.height_mm:
            found.setdefault(extent, rotation)
    return found


def build_stock(hold: Hold, goods: Goods, size: Size, price: float = 0.0) -> Stock:
    """
    All blocks of some goods, best key first.

    Parameters
    ----------
    price
        What a gram costs in the key: for loads that weight binds.
    """
    extents = np.array([hold.length_mm, hold.width_mm, hold.height_mm], np.int64)
    measures, need, part = _blocks(hold, goods, extents, size)
    value = np.array(goods.values)
    weigh = np.array([unit.weight_g for unit in goods.kinds], np.int64)
    some = need[:, :, 0] >= 0
    kind = np.where(some, need[:, :, 0], 0)
    count = np.where(some, need[:, :, 1], 0)
    worth = (value[kind] * count).sum(axis=1)
    weight = (weigh[kind] * count).sum(axis=1)
    rated = np.maximum(worth - price * weight, worth * 1e-3)
    key = rated * count.sum(axis=1).astype(float) ** -COUNT_POWER
    order = np.argsort(-key, kind="stable")
    pressure = _pressure(goods)
    step = _step(hold, goods)
    asked = any(unit.bearing_max_g is not None for unit in goods.kinds)
    fragile = any(unit.on_top is not OnTop.ANYTHING for unit in goods.kinds)
    return Stock(
        hold=np.array([*extents, hold.support_percent, int(asked), int(asked or fragile)], np.int64),
        way=goods.way,
        top=np.array([_TOPS[unit.on_top] for unit in goods.kinds], np.int64),
        pressure=pressure,
        edge=np.ascontiguousarray(measures[order, :3]),
        worth=worth[order],
        key=key[order],
        weight=weight[order],
        need=need[order],
        part=part[order],
        flag=_flags(goods, need[:, 0, 0])[order],
        base=_bases(measures, part, pressure)[order],
        reach=_reach(extents, goods.way, step),
        step=step,
    )


def _blocks(hold: Hold, goods: Goods, extents: Whole, size: Size) -> tuple[Whole, Whole, Whole]:
    """Measures, needs and parts of simple and general blocks."""
    left = goods.left
    layers = np.array([_layers(goods.kinds[kind]) for kind in goods.way[:, 0]], np.int64)
    joins = np.array([_joins(unit) for unit in goods.kinds], np.int64)
    grid = _grids(goods, left, layers, extents, size.simple)
    simple = len(grid)
    measures = np.zeros((max(size.blocks, simple), MEASURES), np.int64)
    need = np.full((len(measures), PARTS_MOST, 2), -1, np.int64)
    part = np.full((len(measures), PARTS_MOST, 7), -1, np.int64)
    way = goods.way[grid[:, 0]]
    measures[:simple, LENGTH : HEIGHT + 1] = way[:, 1:] * grid[:, 1:4]
    measures[:simple, MM3] = measures[:simple, LENGTH] * measures[:simple, WIDTH] * measures[:simple, HEIGHT]
    measures[:simple, TOP_L], measures[:simple, TOP_W] = measures[:simple, LENGTH], measures[:simple, WIDTH]
    measures[:simple, PARTS], measures[:simple, JOINS] = 1, joins[way[:, 0]]
    need[:simple, 0, 0], need[:simple, 0, 1] = way[:, 0], grid[:, 1:4].prod(axis=1)
    part[:simple, 0, :4], part[:simple, 0, 4:] = grid[:, :4], 0
    count = join(measures, need, part, simple, left, extents, size.tries, 2000)
    return measures[:count], need[:count], part[:count]


def _grids(goods: Goods, left: Whole, layers: Whole, extents: Whole, most: int) -> Whole:
    """Grids of units: as many as there is room for, but each unit alone in every way."""
    found = np.zeros((max(most, len(goods.way)), 4), np.int64)
    for few in FEW:
        count = grids(goods.way, left, layers, extents, few, found)
        if count <= len(found):
            return found[:count]
    alone = np.flatnonzero(left[goods.way[:, 0]] > 0)
    found[: len(alone), 0] = alone
    found[: len(alone), 1:] = 1
    return found[: len(alone)]


def _layers(unit: Unit) -> int:
    """How many layers of a unit may stand on one another."""
    if unit.floor_only or unit.on_top is OnTop.NOTHING:
        return 1
    if unit.bearing_max_g is None or unit.weight_g == 0:
        return 1_000_000
    return 1 + unit.bearing_max_g // unit.weight_g


def _joins(unit: Unit) -> int:
    """Whether units of other kinds may be built into a block with this one."""
    return int(unit.on_top is OnTop.ANYTHING and not unit.floor_only and unit.bearing_max_g is None)


def _pressure(goods: Goods) -> Real:
    """By way: what a unit's base exerts, what its top bears, g per mm2."""
    rows = []
    for kind, long, wide, _ in goods.way.tolist():
        unit, area = goods.kinds[kind], long * wide
        bears = np.inf if unit.bearing_max_g is None else unit.bearing_max_g / area
        rows.append((unit.weight_g / area, bears))
    return np.array(rows).reshape(-1, 2)


def _flags(goods: Goods, kind: Whole) -> Whole:
    own = [int(unit.floor_only) + (2 if unit.on_top is not OnTop.ANYTHING else 0) for unit in goods.kinds]
    return np.array(own, np.int64)[kind]


def _bases(measures: Whole, part: Whole, pressure: Real) -> Real:
    """No more than this presses anywhere under a block: all its parts as if they stood on one another."""
    own = pressure[part[:, :, 0], 0] * part[:, :, 3]
    return np.asarray(np.where(part[:, :, 0] >= 0, own, 0.0).sum(axis=1))


def _step(hold: Hold, goods: Goods) -> int:
    step = gcd(*(int(edge) for edge in goods.way[:, 1:].ravel()))
    longest = max(hold.length_mm, hold.width_mm, hold.height_mm)
    return max(step, -(-longest // STEPS_MOST))


def _reach(extents: Whole, way: Whole, step: int) -> Whole:
    """By axis and number of steps: the longest row of units' edges that is no longer, in steps."""
    steps = int(np.max(extents)) // step + 1
    edge = -(-way[:, 1:] // step)
    return rows(edge, steps)
