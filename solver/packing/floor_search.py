"""
Compiled annealing over layouts of a floor.

What changes is the sequence in which columns are laid, the way each is to lie and its lane along a wall.
"""

import numpy as np

from solver.packing.floor_lay import Floats, Floor, Ints, Laid, latest, lay
from solver.packing.jit import jit

OVERFLOW_WEIGHT = 10.0
"""What a millimetre of floor too many counts against one that a load's middle is off."""
OVERFLOW_LEAST = 1000.0
HOT_MM, COLD_MM = 400.0, 4.0


@jit
def off_mm(share: float, means: Floats, limits: Floats) -> float:
    """By how much the load's middle is outside what axles allow, summed over stops, at a share of the way rearwards."""
    total = 0.0
    for stop in range(limits.shape[0]):
        middle = means[0, stop] + share * means[1, stop]
        total += max(0.0, limits[stop, 0] - middle) + max(0.0, middle - limits[stop, 1])
    return total


@jit
def settle(floor: Floor, laid: Laid) -> tuple[float, float]:
    """
    How far the middles are off at best, mm, and the share of each column's way to the rear at which they are.

    All columns go the same share of their ways, so that none runs into another; what they are off is convex in it.
    """
    for stop in range(floor.weights.shape[0]):
        early, shift, total = 0.0, 0.0, 0.0
        for item in range(laid.boxes.shape[0]):
            weight = float(floor.weights[stop, item])
            total += weight
            early += weight * (laid.boxes[item, 0] + laid.boxes[item, 2]) / 2
            shift += weight * (laid.late[item] - laid.boxes[item, 0])
        laid.means[0, stop], laid.means[1, stop] = early / max(1.0, total), shift / max(1.0, total)
    if off_mm(0.0, laid.means, floor.limits) == 0.0:
        return 0.0, 0.0
    low, high = 0.0, 1.0
    for _ in range(24):
        one, two = low + (high - low) / 3, high - (high - low) / 3
        if off_mm(one, laid.means, floor.limits) <= off_mm(two, laid.means, floor.limits):
            high = two
        else:
            low = one
    share = (low + high) / 2
    return off_mm(share, laid.means, floor.limits), share


@jit
def change(floor: Floor, state: Ints) -> None:
    """One random step: swap, move, turn (one column or a kind), or another lane (one column or a stop's)."""
    count, roll = state.shape[1], np.random.random()
    one, two = np.random.randint(0, count), np.random.randint(0, count)
    if roll < 0.35:
        state[0, one], state[0, two] = state[0, two], state[0, one]
    elif roll < 0.65:
        moved, step = state[0, one], 1 if two > one else -1
        for turn in range(one, two, step):
            state[0, turn] = state[0, turn + step]
        state[0, two] = moved
    elif roll < 0.82:
        way = np.random.randint(-1, 2)
        for item in range(count):
            if item == one or (roll > 0.76 and floor.kinds[item] == floor.kinds[one]):
                state[1, item] = way
    else:
        lane = np.random.randint(0, 3)
        for item in range(count):
            if item == one or (roll > 0.9 and floor.stops[item] == floor.stops[one]):
                state[2, item] = lane


@jit
def measure(floor: Floor, laid: Laid, state: Ints) -> tuple[float, float]:
    """Lay what ``state`` says; returns how bad it is, mm (0.0: all is well), and the share to shift by."""
    left_out = lay(floor, laid, state)
    if left_out:
        return OVERFLOW_LEAST + OVERFLOW_WEIGHT * left_out / floor.size[1], 0.0
    latest(floor, laid)
    return settle(floor, laid)


@jit
def anneal(floor: Floor, laid: Laid, start: Ints, work: int, seed: int) -> tuple[float, float, Ints]:
    """
    The best layout found within ``work`` layouts; it is left in ``laid``.

    Parameters
    ----------
    start
        Rows: the sequence of columns, the way each is to lie (-1: either), its lane.

    Returns
    -------
    How bad it is, mm (0.0: all fits and every axle is content); the share of their way by which to shift all columns
    to the rear; the state that leads to it, in rows as ``start``.
    """
    np.random.seed(seed)
    now, share = measure(floor, laid, start)
    best, best_share, best_state = now, share, start.copy()
    state, trial = start.copy(), start.copy()
    for turn in range(work):
        if best == 0.0:
            break
        trial[:] = state
        change(floor, trial)
        value, share = measure(floor, laid, trial)
        heat = HOT_MM * (COLD_MM / HOT_MM) ** (turn / work)
        if value <= now or np.random.random() < np.exp((now - value) / heat):
            now = value
            state[:] = trial
        if value < best:
            best, best_share = value, share
            best_state[:] = trial
    measure(floor, laid, best_state)
    return best, best_share, best_state
