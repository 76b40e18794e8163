"""Axle loads of a full hold: turned end for end, moved along, and at last lightened until the limits are kept."""

from collections.abc import Sequence

import numpy as np

from solver.goods import Chassis, Hold
from solver.packing.blocks_read import Standing, boxes_of
from solver.packing.blocks_types import Real, Whole

MARGIN_G = 1e-3
"""Limits are kept by so much, for rounding."""
STEP_MM = 10
"""A load is moved along in such steps when its best place is looked for."""


def levers(chassis: Chassis) -> Real:
    """By axle: what rests on it empty (g), per g on board, and per g mm of moment about x = 0."""
    axles = chassis.axles
    front = axles[0].at_mm if chassis.kingpin_mm is None else chassis.kingpin_mm
    back = axles[-1].at_mm
    per = 1.0 / (back - front)
    on_front, on_back = np.array([1 + front * per, -per]), np.array([-front * per, per])
    if chassis.kingpin_mm is None:
        rows = [on_front, on_back]
    else:
        lever = (chassis.kingpin_mm - axles[0].at_mm) / (axles[1].at_mm - axles[0].at_mm)
        rows = [on_front * (1 - lever), on_front * lever, on_back]
    return np.array([[axle.tare_g, *row] for axle, row in zip(axles, rows, strict=True)])


def excess_g(chassis: Chassis, weight: Real, moment: Real) -> Real:
    """By how much axle limits are missed in all, for each of several loads (g, g mm); 0: they are kept."""
    load = levers(chassis)
    rests = load[:, :1] + load[:, 1:2] * weight + load[:, 2:] * moment
    most = np.array([[axle.max_g - MARGIN_G] for axle in chassis.axles])
    least = np.array([[axle.min_g + MARGIN_G] for axle in chassis.axles])
    return np.asarray((np.maximum(rests - most, 0) + np.maximum(least - rests, 0)).sum(axis=0))


def keep_axles(hold: Hold, standing: Sequence[Standing], held: int = 0) -> list[Standing]:
    """
    The units, with as few as possible left out so that every axle's load is within its limits.

    Everything is turned end for end or moved along where that helps; otherwise one unit after the other is taken away
    that has nothing on it, whichever lowers the excess most for its value. The first ``held`` are neither moved nor
    taken. When nothing else keeps the limits these alone are left, and even that may not keep them.
    """
    kept = list(standing)
    if hold.chassis is None:
        return kept
    while len(kept) > held:
        box = boxes_of(kept)
        weigh = np.array([entry.unit.weight_g for entry in kept], float)
        moved = _moved(hold, hold.chassis, box, weigh, held)
        if moved is not None:
            return [_at(entry, x_mm) for entry, x_mm in zip(kept, moved.tolist(), strict=True)]
        del kept[_worst(hold.chassis, box, weigh, np.array([entry.value for entry in kept]), held)]
    return kept


def _at(entry: Standing, x_mm: int) -> Standing:
    at = entry.placement
    if at.x_mm == x_mm:
        return entry
    return entry._replace(
        placement=type(at)(
            order=at.order,
            unit=at.unit,
            number=at.number,
            x_mm=x_mm,
            y_mm=at.y_mm,
            z_mm=at.z_mm,
            rotation=at.rotation,
        )
    )


def _moved(hold: Hold, chassis: Chassis, box: Whole, weigh: Real, held: int) -> Whole | None:
    """Where units stand along x so that axle limits are kept: as now, turned end for end, or moved; None: never."""
    weight = weigh.sum()
    for low, high in ((box[:, 0], box[:, 3]), (hold.length_mm - box[:, 3], hold.length_mm - box[:, 0])):
        moment = (weigh * (low + high)).sum() / 2
        if excess_g(chassis, np.array([weight]), np.array([moment]))[0] == 0:
            return np.asarray(low)
        if held:
            return None
        by = np.arange(-int(np.min(low)), hold.length_mm - int(np.max(high)) + 1, STEP_MM)
        missed = excess_g(chassis, np.full(len(by), weight), moment + weight * by)
        fitting = by[missed == 0]
        if len(fitting):
            return np.asarray(low + fitting[np.argmin(np.abs(fitting))])
    return None


def _worst(chassis: Chassis, box: Whole, weigh: Real, value: Real, held: int) -> int:
    """The unit, with nothing on it, whose leaving lowers the excess most for its value."""
    weight, moment = weigh.sum(), weigh * (box[:, 0] + box[:, 3]) / 2
    now = excess_g(chassis, np.array([weight]), np.array([moment.sum()]))[0]
    after = excess_g(chassis, weight - weigh, moment.sum() - moment)
    gain = (now - after) / np.maximum(value, 1e-9)
    gain[:held] = -np.inf
    for number in range(len(box)):
        own = box[number]
        upon = (box[:, 2] == own[5]) & (box[:, 0] < own[3]) & (own[0] < box[:, 3])
        if (upon & (box[:, 1] < own[4]) & (own[1] < box[:, 4])).any():
            gain[number] = -np.inf
    return int(np.argmax(gain))
