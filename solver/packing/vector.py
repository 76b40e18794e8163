"""
Bin packing of vectors: items of several dimensions into bins of several types, at least cost.

Weight, volume, length and places are dimensions alike; one dimension and one type is the classical problem.
"""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from solver.packing.vector_kernel import Bools, Ints
from solver.packing.vector_search import MORE_SLACK_ROUNDS, SLACK_ROUNDS, Search, World

WORK = 60
"""Millions of exchanges looked at, unless the caller says otherwise: some seconds of one core where nothing ends it."""
SIZE_MAX = 2**53
"""Sizes, capacities and sums of sizes are below this."""


class VectorPacking(NamedTuple):
    """
    An answer.

    Attributes
    ----------
    assignment
        Bin of each item, shape ``(items,)``; -1: in none, as counts do not allow it or no type takes it.
    types
        Type of each bin, shape ``(bins,)``.
    cost
        Of all bins.
    bound
        Proven: nothing that packs everything that can be packed at all costs less.
    proved
        Everything is packed, at the bound.
    """

    assignment: Ints
    types: Ints
    cost: int
    bound: int
    proved: bool


def pack_vector(
    sizes: Ints,
    capacities: Ints,
    costs: Ints,
    counts: Ints | None = None,
    *,
    apart: Sequence[tuple[Sequence[int], Sequence[int]]] = (),
    together: Sequence[Sequence[int]] = (),
    seconds: float | None = None,
    work: int = WORK,
    seed: int = 0,
) -> VectorPacking:
    """
    Pack items into bins at least cost.

    Greedy packings by dot product (Panigrahy et al. 2011) and, on a line, minimum bin slack (Fleszar and Hindi 2002);
    then the cheapest choices of bins that could hold everything by their sums, items exchanged between them until none
    is too full; then column generation (Gilmore and Gomory 1961) with diving and an integer program over its columns.

    Parameters
    ----------
    sizes
        Shape ``(items, dims)``, whole and not negative.
    capacities, costs, counts
        Shape ``(types, dims)``, ``(types,)``, ``(types,)``; None: any number of each.
    apart
        Pairs of sets of items: none of the first shares a bin with one of the second; a set paired with itself: each
        of its items in another bin.
    together
        Sets of items that share one bin.
    seconds
        Limit besides ``work``; with it the answer may differ between machines.
    work
        Millions of exchanges looked at.

    Returns
    -------
    VectorPacking
        The best found, complete or not.

    Raises
    ------
    ValueError
        When shapes do not fit each other, or a number is negative or too large.
    """
    items, dims = _checked(sizes, capacities, costs)
    merged, member = _merged(items, sizes, together)
    able = (merged[:, None, :] <= capacities[None, :, :]).all(axis=2).any(axis=1)
    colours, rules = _colours(items, member, len(merged), apart)
    kept = np.flatnonzero(able & ~_contradicted(member, len(merged), apart))
    most = np.full(len(costs), len(kept)) if counts is None else np.minimum(np.asarray(counts), len(kept))
    if len(kept) == 0 or len(costs) == 0:
        nothing = np.full(items, -1, dtype=np.int64)
        return VectorPacking(nothing, np.zeros(0, dtype=np.int64), 0, 0, proved=items == 0)
    world = World(
        np.ascontiguousarray(merged[kept], dtype=np.int64),
        np.ascontiguousarray(colours[kept], dtype=np.int64),
        np.ascontiguousarray(capacities, dtype=np.int64).reshape(-1, dims),
        np.ascontiguousarray(costs, dtype=np.int64),
        np.ascontiguousarray(most, dtype=np.int64),
        rules,
    )
    search = _searched(world, work, seed, _clock(seconds))
    known = search.best or search.part
    assert known is not None, "a greedy packing was tried"
    places = np.full(len(merged), -1, dtype=np.int64)
    places[kept] = known.places
    complete = bool(able.all()) and search.best is not None and len(kept) == len(merged)
    proved = complete and known.cost <= search.bound
    return VectorPacking(places[member], known.types, known.cost, min(search.bound, known.cost), proved)


def _searched(world: World, work: int, seed: int, over: Callable[[], bool]) -> Search:
    search = Search(world, work, seed, over)
    search.start()
    if not search.enough:
        return search
    search.line(SLACK_ROUNDS)
    line = world.capacities.shape == (1, 1)
    if search.best is None:
        search.relieved()
    search.columns()
    if not line:
        search.relieved()
    search.chosen()
    if line:
        search.line(MORE_SLACK_ROUNDS)
    search.exact()
    return search


def _clock(seconds: float | None) -> Callable[[], bool]:
    if seconds is None:
        return lambda: False
    end = time.perf_counter() + seconds
    return lambda: time.perf_counter() > end


def _checked(sizes: Ints, capacities: Ints, costs: Ints) -> tuple[int, int]:
    if sizes.ndim != 2 or capacities.ndim != 2 or sizes.shape[1] != capacities.shape[1]:
        raise ValueError(f"sizes of shape {sizes.shape} and capacities of {capacities.shape}: dimensions differ")
    if costs.shape != (len(capacities),):
        raise ValueError(f"{len(capacities)} types and costs of shape {costs.shape}")
    for name, array in (("sizes", sizes), ("capacities", capacities), ("costs", costs)):
        if array.size and (np.min(array) < 0 or np.max(array) >= SIZE_MAX):
            raise ValueError(f"{name} are from {np.min(array)} to {np.max(array)}; from 0 to {SIZE_MAX - 1} are taken")
    if sizes.size and np.max(sizes.astype(float).sum(axis=0)) >= SIZE_MAX:
        raise ValueError(f"sizes sum to {SIZE_MAX} or more in a dimension")
    return sizes.shape[0], sizes.shape[1]


def _merged(items: int, sizes: Ints, together: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    """Sizes of what is packed as one, and by item the number of its bundle."""
    root = list(range(items))

    def find(item: int) -> int:
        while root[item] != item:
            root[item] = root[root[item]]
            item = root[item]
        return item

    for group in together:
        for item in group:
            root[find(item)] = find(group[0])
    _, member = np.unique(np.array([find(item) for item in range(items)], dtype=np.int64), return_inverse=True)
    member = member.reshape(-1).astype(np.int64)
    merged = np.zeros((int(np.max(member)) + 1 if items else 0, sizes.shape[1]), dtype=np.int64)
    np.add.at(merged, member, sizes)
    return merged, member


def _colours(
    items: int, member: Ints, bundles: int, apart: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> tuple[Ints, Bools]:
    """A colour for each set of sides of rules that a bundle is on, and which colours keep apart."""
    if not apart:
        return np.zeros(bundles, dtype=np.int64), np.zeros((0, 0), dtype=np.bool_)
    sides = np.zeros((bundles, 2 * len(apart)), dtype=np.bool_)
    for number, pair in enumerate(apart):
        for side in (0, 1):
            sides[member[np.asarray(pair[side], dtype=np.int64)], 2 * number + side] = True
    kinds, colours = np.unique(sides, axis=0, return_inverse=True)
    rules = np.zeros((len(kinds), len(kinds)), dtype=np.bool_)
    for number in range(len(apart)):
        one, other = kinds[:, 2 * number], kinds[:, 2 * number + 1]
        rules |= (one[:, None] & other[None, :]) | (other[:, None] & one[None, :])
    return colours.reshape(-1).astype(np.int64), rules


def _contradicted(member: Ints, bundles: int, apart: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Bools:
    """Bundles with items that are to be apart."""
    wrong = np.zeros(bundles, dtype=np.bool_)
    for one, other in apart:
        first = np.bincount(member[np.asarray(one, dtype=np.int64)], minlength=bundles)
        if set(one) == set(other):
            wrong |= first > 1
            continue
        wrong |= (first > 0) & (np.bincount(member[np.asarray(other, dtype=np.int64)], minlength=bundles) > 0)
    return wrong


def warm() -> None:
    """Compile what it needs."""
    sizes = np.array([[50], [40], [7], [55], [60]], dtype=np.int64)
    for dims in (1, 2):
        for types in (1, 2):
            room = np.full((types, dims), 100, dtype=np.int64)
            world = World(
                np.repeat(sizes, dims, axis=1),
                np.zeros(len(sizes), dtype=np.int64),
                room,
                np.ones(types, dtype=np.int64),
                np.full(types, len(sizes), dtype=np.int64),
                np.zeros((0, 0), dtype=np.bool_),
            )
            search = Search(world, 1, 0, lambda: False)
            search.start()
            # Nothing proven, so that no step ends early.
            search.bound = 0
            search.line(1)
            search.columns()
            search.bound = 0
            search.relieved()
