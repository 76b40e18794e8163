"""
The checker's rules for what stands in a hold: a second, plain writing of the definitions in ``solver.goods``.

Exact: whole millimetres and grams, fractions where weights are shared. No code is shared with what places units.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.goods import Chassis, Door, Hold, OnTop, Placement, Side, Unit
from solver.loads import Cargo, Load
from solver.plan import Violation

Bools = NDArray[np.bool_]


class Box(NamedTuple):
    """A unit where it stands, from ``x`` to ``x2`` and so on, in mm; on board from stop ``since`` to ``until``."""

    name: str
    unit: Unit
    x: int
    y: int
    z: int
    x2: int
    y2: int
    z2: int
    since: int
    until: int


def check_load(load: Load, placements: Sequence[Placement], where: str = "load") -> list[Violation]:
    """
    Everything wrong with where a load's units stand; empty when it fits.

    Codes are listed in docs/faults.md.
    """
    found: list[Violation] = [*_completeness(load.cargo, placements, where)]
    found += _fixed(load, placements, where)
    boxes, wrong = boxes_of(load.cargo, placements, where)
    found += wrong
    if not found:
        found += stowage(load.hold, boxes, where)
    return found


def stowage(hold: Hold, boxes: Sequence[Box], where: str) -> Iterator[Violation]:
    """Everything wrong with boxes in a hold, given in the order of loading."""
    yield from _inside(hold, boxes, where)
    yield from _overlaps(boxes, where)
    yield from _standing(hold, boxes, where)
    yield from _access(hold, boxes, where)
    for stop in sorted({box.since for box in boxes}):
        aboard = [box for box in boxes if box.since <= stop < box.until]
        yield from _bearing(aboard, f"{where}, from stop {stop}")
    for stop in sorted({stop for box in boxes for stop in (box.since, box.until)}):
        aboard = [box for box in boxes if box.since <= stop < box.until]
        yield from _weights(hold, aboard, f"{where}, from stop {stop}")


def _completeness(cargo: Sequence[Cargo], placements: Sequence[Placement], where: str) -> Iterator[Violation]:
    """Each unit once."""
    asked = {(line.order, line.unit.id, number) for line in cargo for number in range(1, line.unit.quantity + 1)}
    given = Counter((entry.order, entry.unit, entry.number) for entry in placements)
    for key in sorted(asked - given.keys()):
        yield Violation(code="unit_missing", where=where, detail=f"{_name(*key)} stands nowhere")
    for key, times in sorted(given.items()):
        if key not in asked:
            yield Violation(code="unit_unknown", where=where, detail=f"{_name(*key)} is not part of the load")
        if times > 1:
            yield Violation(code="unit_repeated", where=where, detail=f"{_name(*key)} stands in {times} places")


def _fixed(load: Load, placements: Sequence[Placement], where: str) -> Iterator[Violation]:
    stands = {(entry.order, entry.unit, entry.number): entry for entry in placements}
    for entry in load.fixed:
        if stands.get((entry.order, entry.unit, entry.number)) != entry:
            detail = f"{_name(entry.order, entry.unit, entry.number)} is no longer where it stood"
            yield Violation(code="fixed_moved", where=where, detail=detail)


def boxes_of(cargo: Sequence[Cargo], placements: Sequence[Placement], where: str) -> tuple[list[Box], list[Violation]]:
    """Placements as boxes, in the same order; what turned a way that it may not is wrong."""
    lines = {(line.order, line.unit.id): line for line in cargo}
    boxes, wrong = [], []
    for entry in placements:
        line = lines.get((entry.order, entry.unit))
        if line is None:
            continue
        name = _name(entry.order, entry.unit, entry.number)
        if entry.rotation not in line.unit.rotations:
            detail = f"{name} stands {entry.rotation.value}, may stand {[way.value for way in line.unit.rotations]}"
            wrong.append(Violation(code="rotation_wrong", where=where, detail=detail))
        own = {"l": line.unit.length_mm, "w": line.unit.width_mm, "h": line.unit.height_mm}
        along, across, up = (own[letter] for letter in entry.rotation.value)
        x, y, z = entry.x_mm, entry.y_mm, entry.z_mm
        stay = (line.from_stop, line.to_stop)
        boxes.append(Box(name, line.unit, x, y, z, x + along, y + across, z + up, *stay))
    return boxes, wrong


def _name(order: str, unit: str, number: int) -> str:
    return f"{order}/{unit}#{number}"


def _inside(hold: Hold, boxes: Sequence[Box], where: str) -> Iterator[Violation]:
    for box in boxes:
        low = min(box.x, box.y, box.z) < 0
        if low or box.x2 > hold.length_mm or box.y2 > hold.width_mm or box.z2 > hold.height_mm:
            detail = f"{box.name} at {box[2:5]} to {box[5:8]} is not inside"
            yield Violation(code="unit_outside", where=where, detail=detail)


def _together(one: Box, other: Box) -> bool:
    """Whether both are on board at some time."""
    return one.since < other.until and other.since < one.until


def _meet(low: int, high: int, other_low: int, other_high: int) -> bool:
    return low < other_high and other_low < high


def _floor_area_shared(one: Box, other: Box) -> int:
    """How much the two overlap seen from above, mm2."""
    along = min(one.x2, other.x2) - max(one.x, other.x)
    across = min(one.y2, other.y2) - max(one.y, other.y)
    return max(0, along) * max(0, across)


def _overlaps(boxes: Sequence[Box], where: str) -> Iterator[Violation]:
    sweep = sorted(boxes, key=lambda box: box.x)
    for number, one in enumerate(sweep):
        for other in sweep[number + 1 :]:
            if other.x >= one.x2:
                break
            if (
                _meet(one.y, one.y2, other.y, other.y2)
                and _meet(one.z, one.z2, other.z, other.z2)
                and _together(one, other)
            ):
                detail = f"{one.name} and {other.name} take the same space"
                yield Violation(code="units_overlap", where=where, detail=detail)


def _standing(hold: Hold, boxes: Sequence[Box], where: str) -> Iterator[Violation]:
    """Support at all times, the floor where it is asked for, nothing on what is fragile."""
    by_top: dict[int, list[Box]] = {}
    for box in boxes:
        by_top.setdefault(box.z2, []).append(box)
    for box in boxes:
        if box.z == 0:
            continue
        if box.unit.floor_only:
            yield Violation(code="floor_only", where=where, detail=f"{box.name} stands {box.z} mm above the floor")
        below = [other for other in by_top.get(box.z, []) if _together(box, other) and _floor_area_shared(box, other)]
        for other in below:
            fragile = box.unit.on_top is not OnTop.ANYTHING
            if other.unit.on_top is OnTop.NOTHING or (other.unit.on_top is OnTop.FRAGILE and not fragile):
                detail = f"{box.name} stands on {other.name}, which bears {other.unit.on_top.value} on top"
                yield Violation(code="fragile_under", where=where, detail=detail)
        base = (box.x2 - box.x) * (box.y2 - box.y)
        moments = {box.since, *(stop for other in below for stop in (other.since, other.until))}
        for stop in sorted(moment for moment in moments if box.since <= moment < box.until):
            held = sum(_floor_area_shared(box, other) for other in below if other.since <= stop < other.until)
            if held * 100 < hold.support_percent * base:
                detail = f"{box.name} rests on {100 * held // base} % of its base from stop {stop}"
                yield Violation(code="support_missing", where=where, detail=detail)


def _access(hold: Hold, boxes: Sequence[Box], where: str) -> Iterator[Violation]:
    """Every unit is brought to its place, and away, straight through a door."""
    if not hold.doors or not boxes:
        return
    crowd = Crowd(boxes)
    for number, box in enumerate(boxes):
        if crowd.since[:number].max(initial=box.since) > box.since:
            detail = f"{box.name} is listed after units of later stops"
            yield Violation(code="sequence_wrong", where=where, detail=detail)
        loading = (crowd.until > box.since) & (crowd.since < box.since)
        loading[:number] = crowd.until[:number] > box.since
        loading[number] = False
        yield from _blocked(hold, box, crowd, loading, "loading_blocked", where)
        unloading = (crowd.since < box.until) & (crowd.until > box.until)
        yield from _blocked(hold, box, crowd, unloading, "unloading_blocked", where)


class Crowd:
    """Boxes as columns, so that each is held against all others at once."""

    def __init__(self, boxes: Sequence[Box]) -> None:
        self.names = [box.name for box in boxes]
        table = np.array([box[2:] for box in boxes], dtype=np.int64)
        self.x, self.y, self.z, self.x2, self.y2, self.z2, self.since, self.until = table.T


def _blocked(hold: Hold, box: Box, crowd: Crowd, there: Bools, code: str, where: str) -> Iterator[Violation]:
    open_ = [door for door in hold.doors if _behind(hold, door, box)]
    if open_ and not there.any():
        return
    along = (crowd.x < box.x2) & (box.x < crowd.x2)
    across = (crowd.y < box.y2) & (box.y < crowd.y2)
    level = (crowd.z < box.z2) & (box.z < crowd.z2)
    above = there & along & across & (crowd.z >= box.z2)
    if above.any():
        name = crowd.names[int(above.argmax())]
        yield Violation(code=code, where=where, detail=f"{name} is above {box.name}")
        return
    in_line = {
        Side.REAR: there & across & level & (crowd.x >= box.x2),
        Side.LEFT: there & along & level & (crowd.y2 <= box.y),
        Side.RIGHT: there & along & level & (crowd.y >= box.y2),
    }
    if all(in_line[door.side].any() for door in open_):
        yield Violation(code=code, where=where, detail=f"no door is free for {box.name}")


def _behind(hold: Hold, door: Door, box: Box) -> bool:
    """Whether a unit lies wholly behind a door's opening."""
    end = hold.length_mm if door.to_mm is None else door.to_mm
    return door.side is Side.REAR or (box.x >= door.from_mm and box.x2 <= end)


def _bearing(aboard: Sequence[Box], where: str) -> Iterator[Violation]:
    """From the top downwards: what each unit bears goes, with its own weight, to what it stands on by contact."""
    if all(box.unit.bearing_max_g is None for box in aboard):
        return
    borne: dict[str, Fraction] = {box.name: Fraction(0) for box in aboard}
    by_top: dict[int, list[Box]] = {}
    for box in aboard:
        by_top.setdefault(box.z2, []).append(box)
    for box in sorted(aboard, key=lambda box: -box.z):
        under = [(other, _floor_area_shared(box, other)) for other in by_top.get(box.z, [])]
        contact = sum(area for _, area in under)
        for other, area in under:
            if area:
                borne[other.name] += (borne[box.name] + box.unit.weight_g) * Fraction(area, contact)
    for box in aboard:
        limit = box.unit.bearing_max_g
        if limit is not None and borne[box.name] > limit:
            detail = f"{box.name} bears {float(borne[box.name]):.0f} g, at most {limit} g"
            yield Violation(code="bearing_exceeded", where=where, detail=detail)


def _weights(hold: Hold, aboard: Sequence[Box], where: str) -> Iterator[Violation]:
    """All on board, and what rests on each axle."""
    weight_g = sum(box.unit.weight_g for box in aboard)
    if hold.weight_max_g is not None and weight_g > hold.weight_max_g:
        detail = f"{weight_g} g on board, at most {hold.weight_max_g} g"
        yield Violation(code="weight_exceeded", where=where, detail=detail)
    if hold.chassis is None:
        return
    moment = Fraction(sum(box.unit.weight_g * (box.x + box.x2) for box in aboard), 2)
    for axle, load_g in zip(hold.chassis.axles, axle_loads_g(hold.chassis, weight_g, moment), strict=True):
        if not axle.min_g <= load_g <= axle.max_g:
            detail = f"{float(load_g):.0f} g on axle {axle.id!r}, {axle.min_g} to {axle.max_g} g are allowed"
            yield Violation(code="axle_exceeded", where=where, detail=detail)


def axle_loads_g(chassis: Chassis, weight_g: int, moment: Fraction) -> list[Fraction]:
    """
    What rests on each axle, tare included.

    ``moment`` is the sum of weight times x of all units' middles, g mm.
    """
    axles = chassis.axles
    front_mm = axles[0].at_mm if chassis.kingpin_mm is None else chassis.kingpin_mm
    back_mm = axles[-1].at_mm
    on_back = (moment - weight_g * front_mm) / Fraction(back_mm - front_mm)
    on_front = weight_g - on_back
    if chassis.kingpin_mm is None:
        return [axles[0].tare_g + on_front, axles[1].tare_g + on_back]
    lever = Fraction(chassis.kingpin_mm - axles[0].at_mm, axles[1].at_mm - axles[0].at_mm)
    return [axles[0].tare_g + on_front * (1 - lever), axles[1].tare_g + on_front * lever, axles[2].tare_g + on_back]
