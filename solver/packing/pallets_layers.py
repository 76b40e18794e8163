"""
Layers of one kind of box: as many rectangles of one size as a pallet's deck holds, either way round; compiled.

Guillotine cuts, and the five blocks of a pinwheel: two crossing cuts that do not go through (Bischoff and Dowsland, An
application of the micro to product design and distribution, J. Operational Research Society 33, 1982), each block
divided again in the same way (Morabito and Morales, A simple and effective recursive procedure for the manufacturer's
pallet loading problem, JORS 49, 1998). Tables run over normal patterns from small to large.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.packing.floor_bounds import reach_mm
from solver.packing.jit import jit

Ints = NDArray[np.int64]
Rectangle = tuple[int, int, int, int]
"""x, y and extent along x and y, mm."""

WORK = 20_000_000
"""Pinwheels tried in one table at most; about a tenth of a second."""
PATTERNS_MOST = 400
"""More edges than this: guillotine cuts and pinwheels over an even choice of them."""


class Layer(NamedTuple):
    """Boxes on a deck; ``proved``: no layer has more."""

    boxes: tuple[Rectangle, ...]
    bound: int

    @property
    def proved(self) -> bool:
        """Whether the area bound is reached."""
        return len(self.boxes) == self.bound


@lru_cache(maxsize=4096)
def best_layer(length_mm: int, width_mm: int, box_mm: int, other_mm: int, turnable: bool = True) -> Layer:
    """
    As many boxes of ``box_mm`` along x by ``other_mm`` along y as found on a deck; ``turnable``: either way round.

    ``bound`` is the area that normal patterns can use, divided by that of a box.
    """
    if not turnable or box_mm == other_mm:
        along, across = length_mm // box_mm, width_mm // other_mm
        boxes = tuple(
            (box_mm * column, other_mm * row, box_mm, other_mm) for column in range(along) for row in range(across)
        )
        return Layer(boxes, len(boxes))
    edges = (box_mm, other_mm)
    usable_mm2 = reach_mm(edges, length_mm) * reach_mm(edges, width_mm)
    bound = usable_mm2 // (box_mm * other_mm)
    sides = _sides(max(length_mm, width_mm), edges)
    counts, cuts = tables(sides, min(edges), max(edges), WORK)
    one = int(np.searchsorted(sides, length_mm, side="right")) - 1
    two = int(np.searchsorted(sides, width_mm, side="right")) - 1
    found: list[Rectangle] = []
    _draw(sides, counts, cuts, (one, two), (0, 0), edges, found)
    return Layer(tuple(sorted(found)), bound)


def _sides(limit_mm: int, edges: tuple[int, int]) -> Ints:
    """Normal patterns: 0 and all sums of edges up to the limit, thinned out where there are too many."""
    longer, shorter = max(edges), min(edges)
    sums = sorted(
        {
            longer * first + shorter * second
            for first in range(limit_mm // longer + 1)
            for second in range((limit_mm - longer * first) // shorter + 1)
        }
    )
    if len(sums) > PATTERNS_MOST:
        step = -(-len(sums) // PATTERNS_MOST)
        sums = sorted({*sums[::step], 0, shorter, longer, sums[-1]})
    return np.array(sums, dtype=np.int64)


@jit
def below(sides: Ints, limit: int) -> int:
    """The number of the greatest side that is not above a limit (not negative)."""
    return int(np.searchsorted(sides, limit, side="right")) - 1


@jit
def tables(sides: Ints, shorter: int, longer: int, work: int) -> tuple[Ints, Ints]:
    """
    The most boxes found, by the numbers of a rectangle's two sides, and the cut that leads to them.

    A cut is x1, x2, y1, y2 as numbers of sides: blocks 0 to x1 by 0 to y1 and so on; x1 = x2 or y1 = y2 with a 0 is a
    guillotine cut; -1 in front: boxes alone (or nothing).
    """
    count = sides.shape[0]
    counts = np.zeros((count, count), dtype=np.int64)
    cuts = np.full((count, count, 4), -1, dtype=np.int64)
    left = work
    for one in range(count):
        for two in range(one + 1):
            if sides[one] < longer or sides[two] < shorter:
                continue
            most = sides[one] * sides[two] // (shorter * longer)
            counts[one, two] = 1
            guillotine(sides, counts, cuts, one, two, most)
            counts[two, one] = counts[one, two]
            if counts[one, two] < most and left > 0:
                left -= pinwheel(sides, counts, cuts, one, two, most)
            counts[two, one] = counts[one, two]
    return counts, cuts


@jit
def guillotine(sides: Ints, counts: Ints, cuts: Ints, one: int, two: int, most: int) -> None:
    """The best cut through a rectangle ``one`` by ``two``, in either direction."""
    for cut in range(1, one):
        rest = below(sides, sides[one] - sides[cut])
        value = counts[cut, two] + counts[rest, two]
        if value > counts[one, two]:
            counts[one, two] = value
            cuts[one, two, 0], cuts[one, two, 1], cuts[one, two, 2], cuts[one, two, 3] = cut, cut, 0, 0
        if counts[one, two] == most:
            return
    for cut in range(1, two):
        rest = below(sides, sides[two] - sides[cut])
        value = counts[one, cut] + counts[one, rest]
        if value > counts[one, two]:
            counts[one, two] = value
            cuts[one, two, 0], cuts[one, two, 1], cuts[one, two, 2], cuts[one, two, 3] = 0, 0, cut, cut


@jit
def pinwheel(sides: Ints, counts: Ints, cuts: Ints, one: int, two: int, most: int) -> int:
    """
    The best five blocks of a rectangle, if better than what there is; returns how many were tried.

    Blocks: x1 by y2 at the origin, its right neighbour below y1, the right one above y1 from x2, the upper one above
    y2 to x2, and the middle.
    """
    tried = 0
    for x1 in range(1, one):
        for x2 in range(x1 + 1, one):
            right1, right2 = below(sides, sides[one] - sides[x1]), below(sides, sides[one] - sides[x2])
            middle = below(sides, sides[x2] - sides[x1])
            for y1 in range(1, two):
                for y2 in range(y1 + 1, two):
                    tried += 1
                    value = (
                        counts[x1, y2]
                        + counts[right1, y1]
                        + counts[right2, below(sides, sides[two] - sides[y1])]
                        + counts[x2, below(sides, sides[two] - sides[y2])]
                        + counts[middle, below(sides, sides[y2] - sides[y1])]
                    )
                    if value > counts[one, two]:
                        counts[one, two] = value
                        cuts[one, two, 0], cuts[one, two, 1] = x1, x2
                        cuts[one, two, 2], cuts[one, two, 3] = y1, y2
                        if value == most:
                            return tried
    return tried


def _draw(
    sides: Ints,
    counts: Ints,
    cuts: Ints,
    block: tuple[int, int],
    corner: tuple[int, int],
    edges: tuple[int, int],
    found: list[Rectangle],
) -> None:
    """Write the boxes of a block, whose sides have these numbers, into ``found``."""
    one, two = block
    if counts[one, two] == 0:
        return
    turned = one < two
    x1, x2, y1, y2 = (int(value) for value in cuts[max(block), min(block)])
    if x1 < 0:
        long_along = sides[one] >= max(edges) and sides[two] >= min(edges)
        extent = (max(edges), min(edges)) if long_along else (min(edges), max(edges))
        found.append((*corner, *extent))
        return
    if turned:
        x1, x2, y1, y2 = y1, y2, x1, x2
    for part, at in _blocks(sides, block, (x1, x2, y1, y2), turned):
        _draw(sides, counts, cuts, part, (corner[0] + at[0], corner[1] + at[1]), edges, found)


def _blocks(
    sides: Ints, block: tuple[int, int], cut: tuple[int, int, int, int], turned: bool
) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """The blocks of a cut with where they begin, mm; ``turned``: the cut was made for the sides the other way round."""
    one, two = (int(sides[number]) for number in block)
    x1, x2, y1, y2 = (int(sides[number]) for number in cut)
    if y2 == 0:
        shapes = [(0, 0, x1, two), (x1, 0, one, two)]
    elif x2 == 0:
        shapes = [(0, 0, one, y1), (0, y1, one, two)]
    elif turned:
        shapes = [(0, 0, x2, y1), (0, y1, x1, two), (x1, y2, one, two), (x2, 0, one, y2), (x1, y1, x2, y2)]
    else:
        shapes = [(0, 0, x1, y2), (x1, 0, one, y1), (x2, y1, one, two), (0, y2, x2, two), (x1, y1, x2, y2)]
    return [((int(below(sides, x_end - x)), int(below(sides, y_end - y))), (x, y)) for x, y, x_end, y_end in shapes]


def warm() -> None:
    """Compile the tables."""
    best_layer(7, 5, 3, 2)
