"""
Proofs that a load cannot fit: true for any placement whatever, at some moment of the tour.

Proofs by edges follow S. P. Fekete and J. Schepers (2004), "A general framework for bounds for higher-dimensional
orthogonal packing problems", Mathematical Methods of Operations Research 60: edges may be replaced by dual feasible
functions of themselves, axis by axis, and the volumes so made still do not exceed the hold's.
"""

from typing import NamedTuple

import numpy as np

from solver.packing.construct_axles import repeated
from solver.packing.jit import jit
from solver.packing.layout import (
    FLOOR_ONLY,
    HEIGHT,
    LENGTH,
    VOLUME,
    WAYS,
    WEIGHT,
    WEIGHT_MAX,
    WIDTH,
    Goods,
    Real,
    Room,
    Stays,
    Whole,
)

NONE, EDGES, TOO_HEAVY, TOO_LARGE, TOO_LARGE_BY_EDGES, TOO_LARGE_ON_FLOOR, AXLES = range(7)
TIERS = ("", "size", "weight", "volume", "edges", "floor", "axles")
WORDS = (
    "",
    "a unit does not go into the hold, whichever way it stands",
    "from stop {} on, more weight is on board than the hold may carry",
    "from stop {} on, what is on board takes more space than the hold has",
    "from stop {} on, what is on board cannot stand side by side, behind and above each other",
    "from stop {} on, what must stand on the floor takes more than the floor",
    "from stop {} on, no place for what is on board keeps every axle within its limits",
)
FUNCTIONS = 4
IMPOSSIBLE = 9.0
"""Of dual feasible functions at an edge as many are tried; more than any of their values."""
SPARE = 1e-9
GRAM = 1.0
"""Sums are inexact: a proof must hold by more than this part of the volume, and this weight."""
UNITS_MAX = 200
"""Edges of more units than these at a time are not tried: small units seldom prove anything so."""


class Reason(NamedTuple):
    """Which proof (one of ``TIERS``), and what it says in words."""

    tier: str
    detail: str


def rejected(room: Room, goods: Goods, stays: Stays) -> Reason | None:
    """A proof that no placement of these units is right, or None when none was found."""
    proof, stop = disproved(room, goods, stays)
    return None if proof == NONE else Reason(TIERS[proof], WORDS[proof].format(stop))


@jit
def disproved(room: Room, goods: Goods, stays: Stays) -> tuple[int, int]:
    """The number of a proof (``NONE``: none was found), and the stop from which on it holds."""
    size, units = room.size, len(stays.kind)
    for unit in range(units):
        if not _goes_in(size, goods.ways, goods.traits, stays.kind[unit]):
            return EDGES, stays.since[unit]
    aboard = np.empty(units, dtype=np.int64)
    for step in range(2 * units):
        if repeated(stays.since, stays.until, step):
            continue
        stop = stays.since[step] if step < units else stays.until[step - units]
        count = 0
        for unit in range(units):
            if stays.since[unit] <= stop < stays.until[unit]:
                aboard[count] = stays.kind[unit]
                count += 1
        proof = NONE
        if step < units:
            proof = _too_much(size, goods.ways, goods.traits, aboard[:count])
        if proof == NONE and len(room.axles) and _axles_broken(size, room.axles, goods, aboard[:count]):
            proof = AXLES
        if proof != NONE:
            return proof, stop
    return NONE, 0


@jit
def _goes_in(size: Whole, ways: Whole, traits: Whole, kind: int) -> bool:
    for way in range(traits[kind, WAYS]):
        along, across, up = ways[kind, way, 0], ways[kind, way, 1], ways[kind, way, 2]
        if along <= size[LENGTH] and across <= size[WIDTH] and up <= size[HEIGHT]:
            return True
    return False


@jit
def _too_much(size: Whole, ways: Whole, traits: Whole, aboard: Whole) -> int:
    """The first proof of weight, volume, floor or edges about what is on board together."""
    weight_g, volume_mm3, floor_mm2 = 0, 0, 0
    for kind in aboard:
        weight_g += traits[kind, WEIGHT]
        volume_mm3 += traits[kind, VOLUME]
        if traits[kind, FLOOR_ONLY]:
            least = size[LENGTH] * size[WIDTH] + 1
            for way in range(traits[kind, WAYS]):
                if ways[kind, way, 2] <= size[HEIGHT]:
                    least = min(least, ways[kind, way, 0] * ways[kind, way, 1])
            floor_mm2 += least
    space_mm3 = size[LENGTH] * size[WIDTH] * size[HEIGHT]
    if 0 <= size[WEIGHT_MAX] < weight_g:
        return TOO_HEAVY
    if volume_mm3 > space_mm3:
        return TOO_LARGE
    if floor_mm2 > size[LENGTH] * size[WIDTH]:
        return TOO_LARGE_ON_FLOOR
    few = 1 < len(aboard) <= UNITS_MAX
    if few and volume_mm3 * 4 > space_mm3 and _edges_exceed(size, ways, traits, aboard):
        return TOO_LARGE_BY_EDGES
    return NONE


@jit
def stretched(edge: int, whole: int, which: int) -> float:
    """
    A dual feasible function of ``edge / whole``.

    0: itself. 1: more than a half counts 1, less counts 0. 2: more than two thirds counts 1, less than a third 0. 3:
    thirds rounded down, of two.
    """
    part = edge / whole
    if which == 0:
        return part
    if which == 1:
        return part if 2 * edge == whole else 1.0 if 2 * edge > whole else 0.0
    if which == 2:
        return 1.0 if 3 * edge > 2 * whole else 0.0 if 3 * edge < whole else part
    return part if 3 * edge % whole == 0 else (3 * edge // whole) / 2


@jit
def _edges_exceed(size: Whole, ways: Whole, traits: Whole, aboard: Whole) -> bool:
    """Whether, for some function along each axis, the stretched volumes exceed the hold's: each unit's least way."""
    values = np.empty((len(aboard), 6, 3, FUNCTIONS))
    for number, kind in enumerate(aboard):
        for way in range(traits[kind, WAYS]):
            fits = True
            for axis in range(3):
                fits = fits and ways[kind, way, axis] <= size[axis]
                for which in range(FUNCTIONS):
                    values[number, way, axis, which] = stretched(ways[kind, way, axis], size[axis], which)
            if not fits:
                for which in range(FUNCTIONS):
                    values[number, way, 0, which] = IMPOSSIBLE
    for along in range(FUNCTIONS):
        for across in range(FUNCTIONS):
            for up in range(FUNCTIONS):
                if _sum(values, traits, aboard, along, across, up) > 1 + SPARE:
                    return True
    return False


@jit
def _sum(values: Real, traits: Whole, aboard: Whole, along: int, across: int, up: int) -> float:
    total = 0.0
    for number in range(len(aboard)):
        least = 1.0
        for way in range(traits[aboard[number], WAYS]):
            if values[number, way, 0, along] < IMPOSSIBLE:
                volume = values[number, way, 0, along] * values[number, way, 1, across] * values[number, way, 2, up]
                least = min(least, volume)
        total += least
    return total


@jit
def _axles_broken(size: Whole, axles: Real, goods: Goods, aboard: Whole) -> bool:
    """Whether no moment that the units can have about x = 0 leaves every axle within its limits."""
    weight_g, least, most = 0.0, 0.0, 0.0
    for kind in aboard:
        unit_g, middle = float(goods.traits[kind, WEIGHT]), size[LENGTH] / 2
        for way in range(goods.traits[kind, WAYS]):
            middle = min(middle, goods.ways[kind, way, 0] / 2)
        weight_g += unit_g
        least += unit_g * middle
        most += unit_g * (size[LENGTH] - middle)
    for axle in range(len(axles)):
        rest_g, by_moment = axles[axle, 0] + axles[axle, 1] * weight_g, axles[axle, 2]
        spare_g = GRAM if weight_g > 0 else 0.0
        low_g, high_g = axles[axle, 3] - spare_g - rest_g, axles[axle, 4] + spare_g - rest_g
        if weight_g == 0 or by_moment == 0:
            if low_g > 0 or high_g < 0:
                return True
        else:
            one, other = low_g / by_moment, high_g / by_moment
            least, most = max(least, min(one, other)), min(most, max(one, other))
    return least > most
