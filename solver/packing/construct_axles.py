"""
Axles: what rests on them, and shifting a finished load until they are content. Compiled.

Between boxes that lie one behind another there are planes across the hold that cut none. All behind such a plane may be
shifted to the rear together: nothing that stands on anything, or that is in anything's way to the rear, changes.
"""

from solver.packing.construct_rules import BOXES, GRAM_SPARE, UNIT, X2, Task, Work, X
from solver.packing.jit import leaf
from solver.packing.layout import ACCESS, LENGTH, REAR_ONLY, WEIGHT, WEIGHT_MAX, Whole

ROUNDS = 8
"""Most shifts of one load."""
PARTS = 8
"""A shift takes up so many parts of the space to the rear, or fewer."""


@leaf
def axles_excess(task: Task, work: Work, since: Whole, until: Whole) -> float:
    """What is on axles beyond what is allowed, or wanting, summed over the moments when anything comes or leaves, g."""
    excess = 0.0
    for step in range(2 * len(since)):
        if not repeated(since, until, step):
            moment = since[step] if step < len(since) else until[step - len(since)]
            excess += excess_at(task, work, since, until, moment)
    return excess


@leaf
def repeated(since: Whole, until: Whole, step: int) -> bool:
    """Whether a moment was seen before, reading ``since`` and then ``until``."""
    units = len(since)
    moment = since[step] if step < units else until[step - units]
    seen = False
    for before in range(step):
        seen |= (since[before] if before < units else until[before - units]) == moment
    return seen


@leaf
def excess_at(task: Task, work: Work, since: Whole, until: Whole, moment: int) -> float:
    """The same at one moment."""
    box, excess, weight_g, twice = work.box, 0.0, 0.0, 0.0
    for place in range(work.filled[BOXES]):
        unit = box[place, UNIT]
        if since[unit] <= moment < until[unit]:
            unit_g = task.traits[task.kind[unit], WEIGHT]
            weight_g += unit_g
            twice += unit_g * (box[place, X] + box[place, X2])
    spare_g = GRAM_SPARE if weight_g > 0 else 0.0
    for axle in range(len(task.axles)):
        tare_g, by_weight, by_moment = task.axles[axle, 0], task.axles[axle, 1], task.axles[axle, 2]
        on_it_g = tare_g + by_weight * weight_g + by_moment * twice / 2
        excess += max(0.0, on_it_g - task.axles[axle, 4] + spare_g)
        excess += max(0.0, task.axles[axle, 3] - on_it_g + spare_g)
    return excess


@leaf
def too_heavy(task: Task, since: Whole, until: Whole) -> bool:
    """Whether more is on board at some moment than the hold may carry."""
    most_g = task.size[WEIGHT_MAX]
    for step in range(len(since) if most_g >= 0 else 0):
        if not repeated(since, until, step):
            weight_g = 0
            for unit in range(len(since)):
                if since[unit] <= since[step] < until[unit]:
                    weight_g += task.traits[task.kind[unit], WEIGHT]
            if weight_g > most_g:
                return True
    return False


@leaf
def balance(task: Task, work: Work, fixed: int, since: Whole, until: Whole) -> float:
    """
    Shift parts of a load to the rear; what is still too much, or wanting, comes back, g.

    Loads behind side doors, and those of which something stands already, stay as they are.
    """
    excess = axles_excess(task, work, since, until)
    if fixed or task.size[ACCESS] > REAR_ONLY:
        return excess
    for _ in range(ROUNDS):
        cut, step, least = -1, 0, excess
        for place in range(work.filled[BOXES]):
            at = work.box[place, X]
            spare = plane_space(work.box, work.filled[BOXES], at, task.size[LENGTH])
            for part in range(1, PARTS + 1 if spare > 0 else 0):
                by = spare * part // PARTS
                shift(work.box, work.filled[BOXES], at, by)
                value = axles_excess(task, work, since, until)
                shift(work.box, work.filled[BOXES], at + by, -by)
                if value < least - GRAM_SPARE:
                    cut, step, least = at, by, value
        if cut < 0:
            break
        shift(work.box, work.filled[BOXES], cut, step)
        excess = least
        if excess == 0:
            break
    return excess


@leaf
def plane_space(box: Whole, count: int, at: int, length: int) -> int:
    """How far all behind a plane can go, mm; 0 where the plane cuts a box."""
    last = 0
    for place in range(count):
        if box[place, X] < at < box[place, X2]:
            return 0
        last = max(last, box[place, X2])
    return length - last


@leaf
def shift(box: Whole, count: int, at: int, by: int) -> None:
    """Move all boxes behind a plane that cuts none."""
    for place in range(count):
        if box[place, X] >= at:
            box[place, X] += by
            box[place, X2] += by
