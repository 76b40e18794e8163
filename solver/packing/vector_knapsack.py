"""The most valuable filling of one bin, items by class: what column generation asks for, with a proven limit."""

import numpy as np

from solver.packing.jit import jit
from solver.packing.vector_kernel import Floats, Ints

SAFE = 1.0 + 1e-9
"""Bounds are sums of floating point numbers; rounding may not cut off what is better."""
PORTION_MIN = 0.02
"""Smallest portion of weight that is carried between dimensions."""


@jit
def _space(sizes: Ints, capacity: Ints, weights: Floats) -> Floats:
    """Part of the bin that an item of each class takes, dimensions weighed into one; infinite where it does not fit."""
    space = np.zeros(len(sizes))
    for item in range(len(sizes)):
        for dim in range(len(capacity)):
            if sizes[item, dim] > capacity[dim]:
                space[item] = np.inf
            elif capacity[dim] > 0:
                space[item] += weights[dim] * sizes[item, dim] / capacity[dim]
    return space


@jit
def _relaxed(values: Ints, demand: Ints, order: Ints, space: Floats, start: int, left: float) -> float:
    """What classes from place ``start`` of the order on are worth at most in the space left, were they divisible."""
    worth = 0.0
    for at in range(start, len(order)):
        item = order[at]
        need = space[item] * demand[item]
        if need > left:
            return worth + float(values[item]) * (left / float(space[item]))
        worth += values[item] * demand[item]
        left -= need
    return worth


@jit
def _ordered(values: Ints, space: Floats) -> Ints:
    """Classes of some value that fit, the most value for their space first."""
    density = np.empty(len(values))
    useful = 0
    for item in range(len(values)):
        usable = values[item] > 0 and space[item] < np.inf
        density[item] = values[item] / max(space[item], 1e-12) if usable else -1.0
        useful += usable
    return np.argsort(-density, kind="mergesort")[:useful]


@jit
def _bounded(values: Ints, sizes: Ints, demand: Ints, capacity: Ints, weights: Floats) -> float:
    """What a filling is worth at most under these weights."""
    space = _space(sizes, capacity, weights)
    return _relaxed(values, demand, _ordered(values, space), space, 0, 1.0)


@jit
def weighing(values: Ints, sizes: Ints, demand: Ints, capacity: Ints) -> Floats:
    """
    Weights of the dimensions, summing to 1, whose surrogate bounds a filling closely (Glover 1968).

    Weight is carried from one dimension to another as long as that helps, in ever smaller portions.
    """
    dims = len(capacity)
    best = np.full(dims, 1.0 / dims)
    least, portion = _bounded(values, sizes, demand, capacity, best), 0.4
    while portion > PORTION_MIN and dims > 1:
        better = False
        for start in range(dims):
            for to in range(dims):
                if start == to or best[start] <= 0.0:
                    continue
                weights = best.copy()
                moved = min(portion, weights[start])
                weights[start] -= moved
                weights[to] += moved
                worth = _bounded(values, sizes, demand, capacity, weights)
                if worth < least * (1.0 - 1e-9):
                    best, least, better = weights, worth, True
        if not better:
            portion /= 2.0
    return best


@jit
def _most(item: int, sizes: Ints, left: Ints, demand: Ints) -> int:
    """How many of a class still fit."""
    count = demand[item]
    for dim in range(len(left)):
        if sizes[item, dim] > 0:
            count = min(count, left[dim] // sizes[item, dim])
    return int(count)


@jit
def filling(values: Ints, sizes: Ints, demand: Ints, capacity: Ints, nodes_max: int) -> tuple[Ints, int, int]:
    """
    The most valuable filling of a bin (bounded knapsack with several dimensions), depth first by value for space.

    Parameters
    ----------
    values
        By class, not negative.
    sizes, demand, capacity
        Shape ``(classes, dims)``, ``(classes,)``, ``(dims,)``.
    nodes_max
        After so many nodes the best by then is taken.

    Returns
    -------
    tuple
        Items by class, their value, and a value that no filling exceeds (the same where the search was complete).
    """
    weights = weighing(values, sizes, demand, capacity)
    space = _space(sizes, capacity, weights)
    order = _ordered(values, space)
    count = len(order)
    taken, kept = np.zeros(len(values), dtype=np.int64), np.zeros(len(values), dtype=np.int64)
    left, wide, value, best, limit = capacity.copy(), SAFE, 0, 0, 0.0
    at, nodes = 0, 0
    while True:
        while at < count:
            nodes += 1
            reach = value + _relaxed(values, demand, order, space, at, wide) * SAFE + 1e-6
            if reach < best + 1:
                break
            if nodes > nodes_max:
                limit = max(limit, reach)
                break
            item = order[at]
            taken[item] = _most(item, sizes, left, demand)
            left -= taken[item] * sizes[item]
            wide -= taken[item] * space[item]
            value += taken[item] * values[item]
            at += 1
        if value > best:
            best = value
            kept[:] = taken
        at -= 1
        while at >= 0 and taken[order[at]] == 0:
            at -= 1
        if at < 0:
            break
        item = order[at]
        taken[item] -= 1
        left += sizes[item]
        wide += space[item]
        value -= values[item]
        at += 1
    return kept, best, max(best, int(limit))


@jit
def filling_of_line(values: Ints, sizes: Ints, demand: Ints, capacity: int) -> tuple[Ints, int]:
    """
    The same exactly for one dimension, by dynamic programming over what is used of the bin.

    Takes ``classes * capacity * log2(demand)`` steps and bytes.

    Returns
    -------
    tuple
        Items by class, and their value.
    """
    lots, of_lot = np.empty(64 * len(values), dtype=np.int64), np.empty(64 * len(values), dtype=np.int64)
    count = 0
    for item in range(len(values)):
        most = min(demand[item], capacity // sizes[item]) if values[item] > 0 else 0
        lot = 1
        while most > 0:
            lots[count], of_lot[count] = min(lot, most), item
            most -= lots[count]
            count += 1
            lot *= 2
    worth = np.zeros(capacity + 1, dtype=np.int64)
    used = np.zeros((count, capacity + 1), dtype=np.bool_)
    for at in range(count):
        size, value = lots[at] * sizes[of_lot[at]], lots[at] * values[of_lot[at]]
        for room in range(capacity, size - 1, -1):
            if worth[room - size] + value > worth[room]:
                worth[room] = worth[room - size] + value
                used[at, room] = True
    taken, room = np.zeros(len(values), dtype=np.int64), capacity
    for at in range(count - 1, -1, -1):
        if used[at, room]:
            taken[of_lot[at]] += lots[at]
            room -= lots[at] * sizes[of_lot[at]]
    return taken, worth[capacity]
