"""Compiled: items exchanged between given bins until none holds more than it can (a tabu search on the excess)."""

import numpy as np

from solver.packing.jit import jit
from solver.packing.vector_kernel import Bools, Floats, Ints

TENURE = 3
"""Moves for which an item that was moved stays at least; up to the number of bins and five more."""
NOTHING = 1e-12


@jit
def _change(load: Ints, room: Ints, weights: Floats, over: float, come: Ints, go: Ints) -> float:
    """Change of a bin's excess when one item comes and another goes."""
    excess = 0.0
    for dim in range(len(room)):
        beyond = load[dim] + come[dim] - go[dim] - room[dim]
        if beyond > 0:
            excess += weights[dim] * beyond
    return excess - over


@jit
def _moved(
    item: int, to: int, sizes: Ints, places: Ints, loads: Ints, colours: Ints, apart: Bools, clash: Ints
) -> None:
    """Carry an item to another bin."""
    start = places[item]
    for dim in range(sizes.shape[1]):
        loads[start, dim] -= sizes[item, dim]
        loads[to, dim] += sizes[item, dim]
    for colour in range(len(apart)):
        if apart[colour, colours[item]]:
            clash[start, colour] -= 1
            clash[to, colour] += 1
    places[item] = to


@jit
def _clashing(item: int, to: int, back: int, places: Ints, colours: Ints, apart: Bools, clash: Ints) -> int:
    """Change of the number of clashing pairs when an item goes to a bin and another (-1: none) comes back."""
    if len(apart) == 0:
        return 0
    start, mine = places[item], colours[item]
    change = clash[to, mine] - (clash[start, mine] - apart[mine, mine])
    if back >= 0:
        other = colours[back]
        change += clash[start, other] - (clash[to, other] - apart[other, other]) - 2 * apart[mine, other]
    return int(change)


@jit
def _best_exchange(
    item: int,
    sizes: Ints,
    rooms: Ints,
    places: Ints,
    loads: Ints,
    over: Floats,
    weights: Floats,
    colours: Ints,
    apart: Bools,
    clash: Ints,
    barred: Ints,
    move: int,
    allowed: float,
) -> tuple[int, int]:
    """Bin to which an item goes best, and the item that comes back for it (-1: none); (-1, -1) where all is barred."""
    start, nothing = places[item], np.zeros(sizes.shape[1], dtype=np.int64)
    best, to, back = np.inf, -1, -1
    rid = _change(loads[start], rooms[start], weights, over[start], nothing, sizes[item])
    for bin_ in range(len(rooms)):
        if bin_ == start:
            continue
        change = rid + _change(loads[bin_], rooms[bin_], weights, over[bin_], sizes[item], nothing)
        change += _clashing(item, bin_, -1, places, colours, apart, clash)
        if change < best and (barred[item] < move or change < allowed):
            best, to = change, bin_
    for other in range(len(sizes)):
        bin_ = places[other]
        if bin_ == start:
            continue
        change = _change(loads[start], rooms[start], weights, over[start], sizes[other], sizes[item])
        change += _clashing(item, bin_, other, places, colours, apart, clash)
        if change - over[bin_] >= best:
            continue
        change += _change(loads[bin_], rooms[bin_], weights, over[bin_], sizes[item], sizes[other])
        if change < best and ((barred[item] < move and barred[other] < move) or change < allowed):
            best, to, back = change, bin_, other
    return to, back


@jit
def _wrong(rooms: Ints, loads: Ints, over: Floats, weights: Floats, places: Ints, colours: Ints, clash: Ints) -> float:
    """Excess of all bins, kept by bin in ``over``, and pairs that must not share one (each a half twice)."""
    nothing = np.zeros(rooms.shape[1], dtype=np.int64)
    total = 0.0
    for bin_ in range(len(rooms)):
        over[bin_] = _change(loads[bin_], rooms[bin_], weights, 0.0, nothing, nothing)
        total += over[bin_]
    if clash.shape[1]:
        for item in range(len(places)):
            total += clash[places[item], colours[item]] / 2
    return total


@jit
def _start(sizes: Ints, rooms: Ints, places: Ints, colours: Ints, apart: Bools) -> tuple[Ints, Ints, float]:
    """What each bin holds, clashing items by bin and colour, and clashes of items of one colour with themselves."""
    loads = np.zeros(rooms.shape, dtype=np.int64)
    clash = np.zeros((len(rooms), len(apart)), dtype=np.int64)
    own = 0.0
    for item in range(len(sizes)):
        for dim in range(sizes.shape[1]):
            loads[places[item], dim] += sizes[item, dim]
        for colour in range(len(apart)):
            if apart[colour, colours[item]]:
                clash[places[item], colour] += 1
        if len(apart) and apart[colours[item], colours[item]]:
            own += 0.5
    return loads, clash, own


@jit
def relieve(
    sizes: Ints, rooms: Ints, places: Ints, colours: Ints, apart: Bools, weights: Floats, moves: int, seed: int
) -> tuple[bool, int]:
    """
    Exchange items between given bins until none is over its room and none clash.

    Parameters
    ----------
    sizes, rooms
        Shape ``(items, dims)`` and ``(bins, dims)``.
    places
        Bin of each item, all at least 0; changed in place to the best found.
    weights
        What a unit of excess weighs in each dimension; a clash weighs 1.

    Returns
    -------
    tuple
        Whether everything fits, and moves tried.
    """
    np.random.seed(seed)
    items, bins = len(sizes), len(rooms)
    loads, clash, own = _start(sizes, rooms, places, colours, apart)
    over, barred = np.zeros(bins), np.full(items, -1, dtype=np.int64)
    wrong = _wrong(rooms, loads, over, weights, places, colours, clash) - own
    least, kept = wrong, places.copy()
    for move in range(moves):
        if wrong < NOTHING:
            return True, move
        item = np.random.randint(items)
        for _ in range(items):
            colour = colours[item] if len(apart) else 0
            if over[places[item]] > 0 or (len(apart) and clash[places[item], colour] > apart[colour, colour]):
                break
            item = (item + 1) % items
        allowed = least - wrong - 1e-9
        to, back = _best_exchange(
            item, sizes, rooms, places, loads, over, weights, colours, apart, clash, barred, move, allowed
        )
        if to < 0:
            continue
        start = places[item]
        _moved(item, to, sizes, places, loads, colours, apart, clash)
        barred[item] = move + TENURE + np.random.randint(bins + 5)
        if back >= 0:
            _moved(back, start, sizes, places, loads, colours, apart, clash)
            barred[back] = move + TENURE + np.random.randint(bins + 5)
        wrong = _wrong(rooms, loads, over, weights, places, colours, clash) - own
        if wrong < least - NOTHING:
            least = wrong
            kept[:] = places
    places[:] = kept
    return bool(least < NOTHING), moves
