"""In which order can what stands in a hold be brought in? Compiled."""

import numpy as np

from solver.packing.construct_rules import BOXES, EVERY_DOOR, STAY, UNIT, X2, Y2, Task, Work, X, Y, doors_closed_by
from solver.packing.jit import jit, leaf
from solver.packing.layout import ACCESS, CLOSED, REAR_ONLY, Whole


@jit
def loading_order(task: Task, work: Work, fixed: int, stops: Whole, order: Whole) -> bool:
    """
    Write into ``order`` the boxes in an order in which each can be brought in; False when there is none.

    From the back: whatever of the last stop has a free way is loaded last, which never blocks what comes before. The
    first ``fixed`` boxes come first among those of their stop. ``stops``: by unit the stop where it is loaded.
    """
    box, doors, count = work.box, task.doors, work.filled[BOXES]
    closed = np.zeros((count, len(doors) + 1), dtype=np.int64)
    open_to = np.empty(count, dtype=np.int64)
    since = np.empty(count, dtype=np.int64)
    asked = task.size[ACCESS] != CLOSED
    for one in range(count):
        since[one] = stops[box[one, UNIT]]
        open_to[one] = work.free[one, 1] if task.size[ACCESS] > REAR_ONLY else EVERY_DOOR
    if asked:
        for other in range(count):
            count_doors(doors, box, since, task.relation, other, 1, closed)
    for step in range(count - 1, -1, -1):
        place = last_of(fixed, since, open_to, closed, asked)
        if place < 0:
            return False
        order[step] = place
        if asked:
            count_doors(doors, box, since, task.relation, place, -1, closed)
        since[place] = -1
    return True


@leaf
def count_doors(doors: Whole, box: Whole, since: Whole, relation: Whole, other: int, step: int, closed: Whole) -> None:
    """Count, or no longer count, whom of its stop a box is in the way: by door, in the last column what is above."""
    rear = len(doors) == 1 and doors[0, 0] == 0
    for one in range(len(since)):
        if one == other or since[one] != since[other] or box[other, X2] <= box[one, X]:
            continue
        if rear and (box[other, Y] >= box[one, Y2] or box[other, Y2] <= box[one, Y]):
            continue
        if relation[box[one, STAY], box[other, STAY]] == 0:
            continue
        bits = doors_closed_by(doors, box, one, other)
        if bits == EVERY_DOOR:
            closed[one, len(doors)] += step
        elif bits:
            for door in range(len(doors)):
                closed[one, door] += step * (bits >> door & 1)


@leaf
def last_of(fixed: int, since: Whole, open_to: Whole, closed: Whole, asked: bool) -> int:
    """What can be loaded last of all that is not done (``since`` is not negative); -1: nothing."""
    best, latest, doors = -1, 0, closed.shape[1] - 1
    for place in range(len(since) - 1, -1, -1):
        if since[place] < latest or (best >= 0 and since[place] == latest and place < fixed):
            continue
        if since[place] > latest:
            best, latest = -1, since[place]
        if best >= fixed and best >= 0:
            continue
        way = not asked
        if asked and closed[place, doors] == 0:
            for door in range(doors):
                if open_to[place] >> door & 1 and closed[place, door] == 0:
                    way = True
        if way:
            best = place
    return best
