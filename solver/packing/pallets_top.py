"""What may stand on top of boxes that stand together on a pallet."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from solver.goods import Hold, OnTop, Unit, edges_mm
from solver.packing.cartons_fill import Standing

Rectangle = tuple[int, int, int, int]
"""x, y, x2, y2, mm."""


class _Box(NamedTuple):
    unit: Unit
    base: Rectangle
    low_mm: int
    high_mm: int


def wrapped(hold: Hold, boxes: Sequence[tuple[Unit, Standing]]) -> tuple[OnTop, int | None, int]:
    """
    What may stand on a loaded pallet, how much, g (None: any load), and how high the load is, mm.

    Something may where enough of the pallet is covered by boxes of its greatest height for a base of its own size to
    rest on (the hold's ``support_percent``), and as the most fragile of these boxes allow. How much: taken to lie
    evenly on them and handed down by contact, no box has more on it than it bears.
    """
    stack = [_box(unit, place) for unit, place in boxes]
    top_mm = max(box.high_mm for box in stack)
    upper = [box for box in stack if box.high_mm == top_mm]
    covered = sum(overlap_mm2(box.base, (0, 0, hold.length_mm, hold.width_mm)) for box in upper)
    kinds = {box.unit.on_top for box in upper}
    is_level = covered * 100 >= hold.support_percent * hold.length_mm * hold.width_mm
    if not is_level or OnTop.NOTHING in kinds:
        return OnTop.NOTHING, 0, top_mm
    bearing_g = _bearing_g(stack, upper, covered)
    return (OnTop.FRAGILE if OnTop.FRAGILE in kinds else OnTop.ANYTHING), bearing_g, top_mm


def overlap_mm2(one: Rectangle, other: Rectangle) -> int:
    """The area that two rectangles share."""
    along = min(one[2], other[2]) - max(one[0], other[0])
    across = min(one[3], other[3]) - max(one[1], other[1])
    return max(0, along) * max(0, across)


def _box(unit: Unit, place: Standing) -> _Box:
    along, across, up = edges_mm(unit, place.rotation)
    base = (place.x_mm, place.y_mm, place.x_mm + along, place.y_mm + across)
    return _Box(unit, base, place.z_mm, place.z_mm + up)


def _bearing_g(stack: Sequence[_Box], upper: Sequence[_Box], covered: int) -> int | None:
    """The most on top at which no box bears too much; None: none has a limit."""
    if all(box.unit.bearing_max_g is None for box in stack):
        return None
    own = [Fraction(0)] * len(stack)
    share = [Fraction(overlap_mm2(box.base, box.base), covered) if box in upper else Fraction(0) for box in stack]
    for number in sorted(range(len(stack)), key=lambda number: -stack[number].low_mm):
        box = stack[number]
        under = [(other, overlap_mm2(box.base, stack[other].base)) for other in range(len(stack))]
        under = [(other, area) for other, area in under if area and stack[other].high_mm == box.low_mm]
        contact = sum(area for _, area in under)
        for other, area in under:
            own[other] += (own[number] + box.unit.weight_g) * Fraction(area, contact)
            share[other] += share[number] * Fraction(area, contact)
    limits = [
        (box.unit.bearing_max_g - weight) / part
        for box, weight, part in zip(stack, own, share, strict=True)
        if box.unit.bearing_max_g is not None and part
    ]
    return max(0, int(min(limits))) if limits else None
