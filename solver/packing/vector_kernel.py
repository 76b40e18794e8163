"""
Compiled parts of bin packing with vectors: bins filled greedily, and items exchanged between given bins.

Which items must not share a bin is told by colours: each item has one, and ``apart`` (square) says which colours keep
apart. A colour apart from itself is at most once in a bin. Without such rules ``apart`` has no rows.
"""

import numpy as np
from numpy.typing import NDArray

from solver.packing.jit import jit

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SINGLE_PASS_ITEMS = 1_500
"""Above so many items a bin is filled in one pass over them, not by looking at all for every place."""


@jit
def fits(size: Ints, room: Ints) -> bool:
    """Whether a size is within a room in every dimension."""
    within = True
    for dim in range(len(room)):
        within = within and size[dim] <= room[dim]
    return within


@jit
def clashes(colour: int, held: Ints, apart: Bools) -> int:
    """How many items of a bin, given its items by colour, one of this colour must not share it with."""
    count = 0
    for other in range(len(apart)):
        if apart[colour, other]:
            count += held[other]
    return count


@jit
def _suits(size: Ints, left: Ints, weights: Floats) -> float:
    """Dot product of an item's size and what is left, each dimension weighed."""
    value = 0.0
    for dim in range(len(left)):
        value += weights[dim] * size[dim] * (weights[dim] * left[dim])
    return value


@jit
def _put(item: int, bin_: int, sizes: Ints, places: Ints, colours: Ints, left: Ints, held: Ints) -> None:
    places[item] = bin_
    left -= sizes[item]
    if len(held):
        held[colours[item]] += 1


@jit
def fill_bin(
    sizes: Ints,
    capacity: Ints,
    order: Ints,
    places: Ints,
    colours: Ints,
    apart: Bools,
    weights: Floats,
    bin_: int,
    noise: Floats,
) -> int:
    """
    Fill one bin with items that have no place (``places`` -1), and give them the place ``bin_``.

    The item with the largest dot product of size and room left goes in (Panigrahy et al. 2011, "Heuristics for vector
    bin packing"); with more than ``SINGLE_PASS_ITEMS`` items each in the given order where it fits.

    Returns
    -------
    int
        Items put in.
    """
    left, held = capacity.copy(), np.zeros(len(apart), dtype=np.int64)
    single, put = len(order) > SINGLE_PASS_ITEMS, 0
    while True:
        best, chosen = -1.0, -1
        for item in order:
            if places[item] >= 0 or not fits(sizes[item], left):
                continue
            if len(apart) and clashes(colours[item], held, apart):
                continue
            if single:
                _put(item, bin_, sizes, places, colours, left, held)
                put += 1
                continue
            value = _suits(sizes[item], left, weights) * noise[item]
            if value > best:
                best, chosen = value, item
        if chosen < 0:
            return put
        _put(chosen, bin_, sizes, places, colours, left, held)
        put += 1


@jit
def _worth(sizes: Ints, places: Ints, bin_: int, weights: Floats) -> float:
    """How much of all dimensions together a bin holds."""
    worth = 0.0
    for item in range(len(places)):
        if places[item] == bin_:
            for dim in range(sizes.shape[1]):
                worth += weights[dim] * sizes[item, dim]
    return worth


@jit
def greedy(
    sizes: Ints,
    capacities: Ints,
    costs: Ints,
    counts: Ints,
    order: Ints,
    colours: Ints,
    apart: Bools,
    weights: Floats,
    noise: Floats,
    taste: Floats,
) -> tuple[Ints, Ints, int]:
    """
    Bin after bin of the type that costs least for what it takes; the last of the cheapest type that holds the rest.

    ``taste`` (by type) makes a type look dearer or cheaper, ``noise`` (by item) an item. Items that fit nowhere any
    more keep the place -1.

    Returns
    -------
    tuple
        Place of each item, type of each bin, cost.
    """
    places = np.full(len(sizes), -1, dtype=np.int64)
    types = np.empty(len(sizes), dtype=np.int64)
    free = counts.copy()
    bins, cost, left = 0, 0, len(sizes)
    while left > 0:
        best, chosen, last = np.inf, -1, -1
        for type_ in range(len(capacities)):
            if free[type_] == 0:
                continue
            put = fill_bin(sizes, capacities[type_], order, places, colours, apart, weights, bins, noise)
            if put > 0:
                price = (costs[type_] * taste[type_] + 1e-9) / max(_worth(sizes, places, bins, weights), 1e-12)
                if put == left and (last < 0 or costs[type_] < costs[last]):
                    last = type_
                if price < best:
                    best, chosen = price, type_
                places[places == bins] = -1
        chosen = last if last >= 0 else chosen
        if chosen < 0:
            break
        left -= fill_bin(sizes, capacities[chosen], order, places, colours, apart, weights, bins, noise)
        free[chosen] -= 1
        types[bins] = chosen
        cost += costs[chosen]
        bins += 1
    return places, types[:bins].copy(), cost
