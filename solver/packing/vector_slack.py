"""Bins of one dimension and one size: each filled with least slack, and perturbed fillings of that."""

import numpy as np

from solver.packing.jit import jit
from solver.packing.vector_kernel import Ints

NODES_MAX = 3_000
"""Of the search for the fullest filling of one bin; what was found by then is taken."""


@jit
def fullest(sizes: Ints, free: Ints, room: int, nodes_max: int) -> tuple[Ints, int]:
    """
    The items among ``free`` that leave least of a room, depth first with the larger before the smaller.

    Parameters
    ----------
    sizes
        Of all items, positive.
    free
        Numbers of items not yet packed, from the largest to the smallest.

    Returns
    -------
    tuple
        Chosen items, and what they leave.
    """
    count = len(free)
    stack, chosen = np.empty(count + 1, dtype=np.int64), np.empty(0, dtype=np.int64)
    rest = np.zeros(count + 1, dtype=np.int64)
    for at in range(count - 1, -1, -1):
        rest[at] = rest[at + 1] + sizes[free[at]]
    depth, at, left, least = 0, 0, room, room
    for _ in range(nodes_max):
        while at < count and sizes[free[at]] > left:
            at += 1
        if at < count and left - rest[at] < least:
            stack[depth] = at
            depth += 1
            left -= sizes[free[at]]
            at += 1
            if left < least:
                least = left
                chosen = free[stack[:depth]].copy()
                if least == 0:
                    break
            continue
        if depth == 0:
            break
        depth -= 1
        at = stack[depth]
        size = sizes[free[at]]
        left += size
        at += 1
        while at < count and sizes[free[at]] == size:
            at += 1
    return chosen, least


@jit
def least_slack(sizes: Ints, order: Ints, capacity: int, places: Ints, bins: int) -> int:
    """
    Pack what has no place: each bin with the first item left, and what then leaves least.

    Minimum bin slack with a fixed item (Gupta and Ho 1999; MBS' of Fleszar and Hindi 2002). ``order`` is from the
    largest to the smallest, ``places`` changed in place.

    Returns
    -------
    int
        Bins used, those already there included.
    """
    free = order[places[order] < 0]
    while len(free):
        chosen, _ = fullest(sizes, free[1:], capacity - sizes[free[0]], NODES_MAX)
        places[free[0]] = bins
        for item in chosen:
            places[item] = bins
        bins += 1
        free = free[places[free] < 0]
    return bins


@jit
def perturbed(sizes: Ints, order: Ints, capacity: int, places: Ints, bound: int, rounds: int, seed: int) -> int:
    """
    Empty some bins, the less full the likelier, and pack them anew, until the bound is met or rounds are over.

    Returns
    -------
    int
        Bins used; ``places`` is changed to that packing.
    """
    np.random.seed(seed)
    best = int(np.max(places)) + 1
    for _ in range(rounds):
        if best <= bound:
            break
        fill = np.zeros(best, dtype=np.int64)
        for item in range(len(sizes)):
            fill[places[item]] += sizes[item]
        keep = np.full(best, -1, dtype=np.int64)
        kept, share = 0, 0.3 + 0.6 * np.random.random()
        for bin_ in np.random.permutation(best):
            if np.random.random() < share and (fill[bin_] == capacity or np.random.random() < 0.7):
                keep[bin_] = kept
                kept += 1
        trial = keep[places]
        mixed = order.copy()
        for at in range(len(mixed) - 1):
            if np.random.random() < 0.15:
                mixed[at], mixed[at + 1] = mixed[at + 1], mixed[at]
        if least_slack(sizes, mixed, capacity, trial, kept) <= best:
            places[:] = trial
            best = int(np.max(places)) + 1
    return int(best)
