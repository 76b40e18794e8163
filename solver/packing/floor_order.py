"""Orders of loading for units whose places are known."""

from collections.abc import Iterator, Sequence

from solver.goods import Door, Hold, Placement, Side, edges_mm
from solver.loads import Cargo, Load

Box = tuple[int, int, int, int, int, int]
"""x, y, z, x2, y2, z2, mm."""


def loading_order(load: Load, placements: Sequence[Placement]) -> Iterator[tuple[Placement, ...]]:
    """
    Orders to try: from the front wall to the rear, then one from taking out what is free, reversed.

    The second finds an order wherever there is one (taking a unit out never shuts another in); it is given only where
    there are side doors, and not where there is none.
    """
    lines = {(line.order, line.unit.id): line for line in load.cargo}
    line_of = [lines[entry.order, entry.unit] for entry in placements]
    numbers = sorted(
        range(len(placements)),
        key=lambda item: (line_of[item].from_stop, placements[item].x_mm, placements[item].z_mm, item),
    )
    yield tuple(placements[number] for number in numbers)
    if all(door.side is Side.REAR for door in load.hold.doors):
        return
    boxes = [_box(line, entry) for line, entry in zip(line_of, placements, strict=True)]
    order: list[int] = []
    for stop in sorted({line.from_stop for line in line_of}):
        mine = [number for number in reversed(numbers) if line_of[number].from_stop == stop]
        there = {number for number in numbers if line_of[number].from_stop < stop < line_of[number].to_stop}
        peeled = _peel(load.hold, boxes, mine, there)
        if peeled is None:
            return
        order += reversed(peeled)
    yield tuple(placements[number] for number in order)


def _box(line: Cargo, entry: Placement) -> Box:
    along, across, up = edges_mm(line.unit, entry.rotation)
    x, y, z = entry.x_mm, entry.y_mm, entry.z_mm
    return (x, y, z, x + along, y + across, z + up)


def _peel(hold: Hold, boxes: Sequence[Box], mine: Sequence[int], there: set[int]) -> list[int] | None:
    """Units in an order in which each can be taken out while the later ones, and those there, still stand."""
    left, order = list(mine), []
    while left:
        standing = [boxes[number] for number in (*left, *there)]
        out = next((number for number in left if _is_free(hold, boxes[number], standing)), None)
        if out is None:
            return None
        left.remove(out)
        order.append(out)
    return order


def _is_free(hold: Hold, box: Box, standing: Sequence[Box]) -> bool:
    others = [other for other in standing if other != box]
    if any(other[2] >= box[5] and _meet(box, other, 0) and _meet(box, other, 1) for other in others):
        return False
    return not hold.doors or any(_opens(hold, door, box, others) for door in hold.doors)


def _meet(one: Box, other: Box, axis: int) -> bool:
    return one[axis] < other[axis + 3] and other[axis] < one[axis + 3]


def _opens(hold: Hold, door: Door, box: Box, others: Sequence[Box]) -> bool:
    if door.side is Side.REAR:
        return not any(other[0] >= box[3] and _meet(box, other, 1) and _meet(box, other, 2) for other in others)
    end = hold.length_mm if door.to_mm is None else door.to_mm
    if box[0] < door.from_mm or box[3] > end:
        return False
    side = [other for other in others if _meet(box, other, 0) and _meet(box, other, 2)]
    if door.side is Side.LEFT:
        return not any(other[4] <= box[1] for other in side)
    return not any(other[1] >= box[4] for other in side)
