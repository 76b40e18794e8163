"""
Loads that float brought down to earth: for layouts from elsewhere that know nothing of support.

``settle`` lets every unit drop straight down until it rests on something, and takes away whatever may not stand there.
"""

from collections.abc import Sequence
from fractions import Fraction

from solver.goods import Hold, OnTop, Placement, Unit, edges_mm
from solver.packing.blocks_axles import keep_axles
from solver.packing.blocks_read import Standing, loading_order


def settle(hold: Hold, standing: Sequence[tuple[Placement, Unit]]) -> tuple[Placement, ...]:
    """
    As many of some placed units as can stay where they are, or straight below, under all rules of a hold.

    From the bottom upwards each unit drops onto what was kept below it. It is left out when it is outside, overlaps
    another, stands in a rotation it may not, is not supported, may not stand on what is under it, or makes something
    bear too much; at last what breaks limits of weight or axles, and what cannot be loaded.

    Returns
    -------
    Placements in the order of loading; empty when nothing can stay.
    """
    kept: list[Standing] = []
    weight = 0
    for placement, unit in sorted(standing, key=lambda pair: (pair[0].z_mm, pair[0].x_mm, pair[0].y_mm)):
        entry = _dropped(kept, Standing(placement, unit, float(unit.length_mm * unit.width_mm * unit.height_mm)))
        heavy = hold.weight_max_g is not None and weight + unit.weight_g > hold.weight_max_g
        if heavy or not _may_stand(hold, kept, entry):
            continue
        kept.append(entry)
        weight += unit.weight_g
    while True:
        on_axles = keep_axles(hold, kept)
        kept = loading_order(hold, on_axles)
        if len(kept) == len(on_axles):
            return tuple(entry.placement for entry in kept)


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    along = min(one[3], other[3]) - max(one[0], other[0])
    across = min(one[4], other[4]) - max(one[1], other[1])
    return max(0, along) * max(0, across)


def _dropped(kept: list[Standing], entry: Standing) -> Standing:
    """The unit as far down as it goes: onto the highest top below it."""
    box, at = entry.box, entry.placement
    tops = [other.box[5] for other in kept if other.box[5] <= box[2] and _shared(box, other.box)]
    z_mm = max(tops, default=0)
    lower = Placement(
        order=at.order,
        unit=at.unit,
        number=at.number,
        x_mm=at.x_mm,
        y_mm=at.y_mm,
        z_mm=z_mm,
        rotation=at.rotation,
    )
    return entry._replace(placement=lower)


def _may_stand(hold: Hold, kept: list[Standing], entry: Standing) -> bool:
    box, unit = entry.box, entry.unit
    size = (hold.length_mm, hold.width_mm, hold.height_mm)
    if min(box[:3]) < 0 or any(box[3 + axis] > size[axis] for axis in range(3)):
        return False
    if entry.placement.rotation not in unit.rotations or (unit.floor_only and box[2] > 0):
        return False
    meeting = [other for other in kept if _shared(box, other.box)]
    if any(other.box[2] < box[5] and box[2] < other.box[5] for other in meeting):
        return False
    if box[2] > 0 and not _is_borne(hold, entry, [other for other in meeting if other.box[5] == box[2]]):
        return False
    return not any(other.box[2] == box[5] for other in meeting) and _bearing_kept([*kept, entry])


def _is_borne(hold: Hold, entry: Standing, below: list[Standing]) -> bool:
    """Support and fragility."""
    long, wide, _ = edges_mm(entry.unit, entry.placement.rotation)
    held = sum(_shared(entry.box, other.box) for other in below)
    fragile = entry.unit.on_top is not OnTop.ANYTHING
    tops = {other.unit.on_top for other in below}
    bad = OnTop.NOTHING in tops or (OnTop.FRAGILE in tops and not fragile)
    return not bad and held * 100 >= hold.support_percent * long * wide


def _bearing_kept(kept: list[Standing]) -> bool:
    """Whether nothing bears more than it may: weights go down in proportion to the areas of contact."""
    if all(entry.unit.bearing_max_g is None for entry in kept):
        return True
    boxes = [entry.box for entry in kept]
    borne = [Fraction(0)] * len(kept)
    for number in sorted(range(len(kept)), key=lambda number: -boxes[number][2]):
        below = [
            (other, _shared(boxes[number], boxes[other]))
            for other in range(len(kept))
            if boxes[other][5] == boxes[number][2]
        ]
        contact = sum(area for _, area in below)
        for other, area in below:
            if area:
                borne[other] += (borne[number] + kept[number].unit.weight_g) * Fraction(area, contact)
    limits = [entry.unit.bearing_max_g for entry in kept]
    return all(limit is None or load <= limit for load, limit in zip(borne, limits, strict=True))
