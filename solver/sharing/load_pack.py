"""
The cheapest mix of containers and groupage for one set of items: branch and bound over which containers to hire.

For every choice of containers (so many of each type) what is not paid for groupage is a knapsack of several containers.
Poured into one vessel as large as all of them, items cut at will, it is worth at least as much: that bounds the choice.
Choices that may beat the best plan are searched depth first; one that is not searched to its end leaves its bound.
"""

from heapq import heappop, heappush
from typing import NamedTuple

import numpy as np

from solver.colgen.jit import jit
from solver.sharing.game import Floats
from solver.sharing.load_table import Ints, Items, Load, members_of

CHOICES_MAX = 3_000
"""Choices of containers looked at, the cheapest first; those beyond cost at least what the next one's containers do."""
NODES_CHOICE = 50_000
NODES_MAX = 300_000
"""Nodes of the search of one choice, and of all: some hundredths of a second. More close more intervals."""
TRIES = 8
"""Mixtures of weights tried for each dimension."""
NODES_FILL = 2_000
FILLED_MAX = 8
"""Nodes of the search that fills one container, and choices whose containers are filled one after the other first."""
SAFE = 1.0 + 1e-9
"""Far more than sums of floating point numbers can be off by."""


class Packed(NamedTuple):
    """The best plan found, minor units that nothing is cheaper than, and whether that is the plan's own cost."""

    loads: tuple[Load, ...]
    lower_minor: int


def packed(items: Items, chosen: int, known: tuple[Load, ...]) -> Packed:
    """
    The cheapest mix for a set of items, starting from a known plan.

    Parameters
    ----------
    items, chosen
        The items of the mask ``chosen`` are to go.
    known
        Containers of a plan for them; what is in none goes by groupage.

    Returns
    -------
    Packed
        A plan at most as dear as the known one.
    """
    at = sorted(members_of(chosen), key=lambda i: (-sum(items.shares[i]), items.sizes[i].tolist(), i))
    values, sizes = items.ways[at], items.sizes[at]
    total = int(values.sum())
    loads = known
    best = price_of(items, chosen, known)
    counts, spent, beyond = _choices(items, best)
    bounds = _bounded(values, sizes, items.rooms, counts, spent, best)
    promising = np.argsort(bounds, kind="stable").tolist()
    for choice in promising[:FILLED_MAX]:
        types = np.repeat(np.arange(len(items.rooms)), counts[choice])
        for order in (types, types[::-1]):
            for wanted in (values, _bulk(values, sizes, items.rooms[types])):
                places = _filled(wanted, sizes, items.rooms[order])
                cost = int(spent[choice]) + int(values[places == len(types)].sum())
                if cost < best:
                    loads, best = _loads(at, order, places), cost
    lower, nodes = beyond, NODES_MAX
    for choice in promising:
        if bounds[choice] >= best:
            break
        types = np.repeat(np.arange(len(items.rooms)), counts[choice])
        rooms = items.rooms[types]
        need = int(spent[choice]) + total - best
        places, value, used = _searched(
            values, sizes, rooms, *_poured(values, sizes, rooms, TRIES), need, min(nodes, NODES_CHOICE)
        )
        nodes -= abs(used)
        if value > need:
            loads, best = _loads(at, types, places), int(spent[choice]) + total - int(value)
        if used < 0:
            lower = min(lower, int(bounds[choice]))
    best = price_of(items, chosen, loads)
    return Packed(loads, min(lower, best))


def _loads(at: list[int], types: Ints, places: Ints) -> tuple[Load, ...]:
    """What is in each container; those with nothing in them are not hired."""
    return tuple(
        Load(int(type_), sum(1 << at[k] for k in np.flatnonzero(places == bin_).tolist()))
        for bin_, type_ in enumerate(types)
        if (places == bin_).any()
    )


def _bulk(values: Ints, sizes: Ints, rooms: Ints) -> Ints:
    """Space of each item by what is scarce in all rooms together, in whole numbers: what a room is best filled with."""
    _, space, _ = _poured(values, sizes, rooms, TRIES)
    return np.asarray(np.where(np.isfinite(space), space, 0.0) * 2**40, dtype=np.int64)


def _filled(values: Ints, sizes: Ints, rooms: Ints) -> Ints:
    """One room after the other filled as well as a short search can: the place of each item."""
    places = np.full(len(values), len(rooms), dtype=np.int64)
    for room in range(len(rooms)):
        left = np.flatnonzero(places == len(rooms))
        alone = rooms[room : room + 1]
        poured = _poured(values[left], sizes[left], alone, 0)
        chosen, _, _ = _searched(values[left], sizes[left], alone, *poured, 0, NODES_FILL)
        places[left[chosen == 0]] = room
    return places


def price_of(items: Items, chosen: int, loads: tuple[Load, ...]) -> int:
    """What a plan costs, with what cannot go by groupage at its price of last resort."""
    left = chosen
    for load in loads:
        left &= ~load.items
    return sum(items.prices_minor[load.type_] for load in loads) + sum(int(items.ways[at]) for at in members_of(left))


def _choices(items: Items, best: int) -> tuple[Ints, Ints, int]:
    """
    Choices of containers cheaper than the best plan, cheapest first.

    Returns
    -------
    tuple
        Counts, shape ``(choices, types)``; their prices; and what every choice left out costs at least.
    """
    heap: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    counts: list[list[int]] = []
    spent: list[int] = []
    beyond = best
    while heap:
        price, types = heappop(heap)
        if len(counts) == CHOICES_MAX:
            beyond = min(best, price)
            break
        counts.append([types.count(type_) for type_ in range(len(items.prices_minor))])
        spent.append(price)
        for type_ in range(types[-1] if types else 0, len(items.prices_minor)):
            if price + items.prices_minor[type_] < best:
                heappush(heap, (price + items.prices_minor[type_], (*types, type_)))
    table = np.array(counts, dtype=np.int64).reshape(len(counts), len(items.prices_minor))
    return table, np.array(spent, dtype=np.int64), beyond


@jit
def _poured(values: Ints, sizes: Ints, rooms: Ints, tries: int) -> tuple[Ints, Floats, float]:
    """
    Items in the order of value density in one vessel of all rooms; their space in it (infinite: in no room); its space.

    Dimensions are weighed into one. Any weights give a valid bound; those by scarcity are tried, and with ``tries`` so
    many mixtures of them with each dimension alone, and those that bound closest kept (a surrogate relaxation, Glover
    1968).
    """
    dims = sizes.shape[1]
    scarcity, vessel = np.zeros(dims), np.zeros(dims)
    for dim in range(dims):
        for room in range(len(rooms)):
            vessel[dim] += rooms[room, dim]
        scarcity[dim] = (sizes[:, dim].sum() / max(vessel[dim], 1.0)) ** 4
    scarcity /= max(scarcity.sum(), 1e-300)
    order, space, wide = _weighed(values, sizes, rooms, vessel, scarcity)
    least = _worth(values, order, space, 0, wide)
    for dim in range(dims if tries else 0):
        for step in range(1, tries + 1):
            weights = scarcity * (1.0 - step / tries)
            weights[dim] += step / tries
            other_order, other_space, other_wide = _weighed(values, sizes, rooms, vessel, weights)
            worth = _worth(values, other_order, other_space, 0, other_wide)
            if worth < least:
                order, space, wide, least = other_order, other_space, other_wide, worth
    return order, space, wide


@jit
def _weighed(values: Ints, sizes: Ints, rooms: Ints, vessel: Floats, weights: Floats) -> tuple[Ints, Floats, float]:
    """Order, space and the vessel's space under given weights."""
    items, dims = sizes.shape
    space, density = np.zeros(items), np.zeros(items)
    for item in range(items):
        held = False
        for room in range(len(rooms)):
            held = held or bool(np.all(sizes[item] <= rooms[room]))
        for dim in range(dims):
            space[item] += weights[dim] * sizes[item, dim] / max(vessel[dim], 1.0)
        space[item] = space[item] if held else np.inf
        density[item] = values[item] / max(space[item], 1e-12)
    return np.argsort(-density), space, weights.sum() * SAFE


@jit
def _worth(values: Ints, order: Ints, space: Floats, decided: int, left: float) -> float:
    """What items that are not decided are worth at most in the space left, as if they could be cut."""
    worth = 0.0
    for item in order:
        if item < decided or space[item] == np.inf:
            continue
        if space[item] > left:
            return worth + float(values[item]) * (max(left, 0.0) / float(space[item]))
        worth += values[item]
        left -= space[item]
    return worth


@jit
def _bounded(values: Ints, sizes: Ints, rooms: Ints, counts: Ints, spent: Ints, best: int) -> Ints:
    """What each choice costs at least, whole minor units; closer where that is below the best plan."""
    bounds = np.zeros(len(counts), dtype=np.int64)
    for choice in range(len(counts)):
        hired = np.zeros((counts[choice].sum(), sizes.shape[1]), dtype=np.int64)
        at = 0
        for type_ in range(len(rooms)):
            for _ in range(counts[choice, type_]):
                hired[at] = rooms[type_]
                at += 1
        for tries in (0, TRIES):
            order, space, wide = _poured(values, sizes, hired, tries)
            worth = _worth(values, order, space, 0, wide) * SAFE + 1e-6
            bounds[choice] = spent[choice] + values.sum() - min(int(worth), values.sum())
            if bounds[choice] >= best:
                break
    return bounds


@jit
def _placeable(sizes: Ints, left: Ints, rooms: Ints, item: int, place: int) -> bool:
    """Whether an item fits a room, and no room before it has as much left (which would be the same again)."""
    same = False
    for before in range(place):
        same = same or bool(np.all(left[before] == left[place]))
    return not same and bool(np.all(sizes[item] <= left[place]))


@jit
def _searched(
    values: Ints, sizes: Ints, rooms: Ints, order: Ints, space: Floats, wide: float, need: int, nodes_max: int
) -> tuple[Ints, int, int]:
    """
    Items into rooms depth first, the largest first, groupage last; of items that are alike none goes before the former.

    Returns
    -------
    tuple
        Place of each item in the best packing (``len(rooms)``: by groupage), its value if that is above ``need``, and
        the nodes used, negative where the search was cut off.
    """
    items, groupage = len(values), len(rooms)
    left = rooms.copy()
    place, inside = np.full(items, -1, dtype=np.int64), np.zeros(items, dtype=np.bool_)
    best_place = np.full(items, groupage, dtype=np.int64)
    best, value, nodes, at = need, 0, 0, 0
    if items == 0 or value + _worth(values, order, space, 0, wide) * SAFE + 1e-6 < best + 1:
        return best_place, best, 0
    while at >= 0:
        if inside[at]:
            inside[at] = False
            left[place[at]] += sizes[at]
            wide += space[at]
            value -= values[at]
        place[at] += 1
        while place[at] < groupage and not _placeable(sizes, left, rooms, at, place[at]):
            place[at] += 1
        if place[at] > groupage:
            at -= 1
            continue
        nodes += 1
        if nodes > nodes_max:
            return best_place, best, -nodes
        if place[at] < groupage:
            inside[at] = True
            left[place[at]] -= sizes[at]
            wide -= space[at]
            value += values[at]
        if value > best:
            best = value
            best_place[:] = groupage
            best_place[: at + 1] = place[: at + 1]
        if at + 1 < items and value + _worth(values, order, space, at + 1, wide) * SAFE + 1e-6 >= best + 1:
            at += 1
            same = values[at] == values[at - 1] and np.all(sizes[at] == sizes[at - 1])
            place[at] = place[at - 1] - 1 if same else -1
    return best_place, best, nodes
