"""Whole routes from labels: half routes that meet at a visit, and those that go home before the halfway point."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import jit
from solver.colgen.labels import (
    COUNT,
    CUT,
    CUT_WORDS,
    DEAD,
    LATE,
    MAIN,
    MEM,
    NEXT,
    ONE,
    PRICE,
    TWO,
    Graph,
    Homeward,
    Ints,
    Labels,
    duals_of,
)


class Found(NamedTuple):
    """Routes by their two labels (``back`` -1: straight home) and reduced price; ``size[0]`` many."""

    fore: NDArray[np.int32]
    back: NDArray[np.int32]
    price: Ints
    size: Ints


def new_found(room: int) -> Found:
    """No routes, with room for so many."""
    return Found(
        np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int32), np.empty(room, dtype=np.int64), np.zeros(1, int)
    )


@jit
def put(found: Found, fore: int, back: int, price: int) -> None:
    """Keep a route; where there is no room the dearest of a few gives way."""
    size = found.size[0]
    if size < len(found.price):
        found.size[0] += 1
    else:
        # Any slot may be lost, as long as the best is not: the probe is a fixed walk over the slots.
        size = (fore * 40_503) % len(found.price)
        if found.price[size] <= price:
            return
    found.fore[size], found.back[size], found.price[size] = fore, back, price


@jit
def go_home(graph: Graph, labels: Labels, home: Homeward, half: int, latest: int, below: int, found: Found) -> int:
    """Routes that end before or at the halfway point with a reduced price below ``below``; returns the least price."""
    least = below
    for label in range(1, labels.counters[COUNT]):
        if labels.state[label] == DEAD or labels.record[label, graph.waits[3]] > half:
            continue
        node = labels.node[label]
        price = labels.record[label, PRICE] + home.price[node]
        if price >= below or labels.record[label, MAIN] + home.main[node] > latest:
            continue
        if (
            labels.record[label, ONE] + home.one[node] > graph.limits[0]
            or labels.record[label, TWO] + home.two[node] > graph.limits[1]
        ):
            continue
        put(found, label, -1, price)
        least = min(least, price)
    return least


@jit
def by_price(labels: Labels, node: int) -> Ints:
    """Labels of a node, the cheapest first."""
    size = 0
    for cell in range(labels.cell.shape[1]):
        label = labels.cell[node, cell]
        while label >= 0:
            size += 1
            label = labels.record[label, NEXT]
    mine = np.empty(size, dtype=np.int64)
    price = np.empty(size, dtype=np.int64)
    size = 0
    for cell in range(labels.cell.shape[1]):
        label = labels.cell[node, cell]
        while label >= 0:
            mine[size], price[size] = label, labels.record[label, PRICE]
            size += 1
            label = labels.record[label, NEXT]
    return mine[np.argsort(price, kind="mergesort")]


@jit
def meet(graph: Graph, fore: Labels, back: Labels, node: int, half: int, turn: int, below: int, found: Found) -> int:
    """
    Routes through the first node beyond the halfway point; returns the least reduced price, at most ``below``.

    ``turn`` less a backward label's main resource is the latest that a forward label may have. Of each forward label
    only the best route is kept.
    """
    least = below
    after = by_price(back, node)
    if len(after) == 0:
        return least
    for label in by_price(fore, node):
        if fore.record[label, PRICE] + back.record[after[0], PRICE] >= below:
            break
        if fore.record[label, graph.waits[3]] <= half:
            continue
        for other in after:
            price = fore.record[label, PRICE] + back.record[other, PRICE]
            if price >= below:
                break
            if turn - back.record[other, MAIN] < fore.record[label, MAIN]:
                continue
            extra = joined(graph, fore, back, label, other, node, turn)
            if extra >= 0 and price + extra < below:
                put(found, label, other, price + extra)
                least = min(least, price + extra)
                if extra == 0:
                    break
    return least


@jit
def joined(graph: Graph, fore: Labels, back: Labels, label: int, other: int, node: int, turn: int) -> int:
    """What waiting and cuts add where two half routes meet; -1 where they do not fit."""
    wait = max(0, turn - back.record[other, LATE] - fore.record[label, LATE])
    one = fore.record[label, ONE] + back.record[other, ONE] + (wait if graph.waits[1] == 0 else 0)
    two = fore.record[label, TWO] + back.record[other, TWO] + (wait if graph.waits[1] == 1 else 0)
    if one > graph.limits[0] or two > graph.limits[1]:
        return -1
    for k in range(graph.ng.shape[1]):
        both = fore.record[label, MEM + k] & back.record[other, MEM + k]
        if node >> 6 == k and not graph.reload[node]:
            both &= ~(1 << (node & 63))
        if both:
            return -1
    extra: int = wait * graph.waits[0]
    for k in range(CUT_WORDS):
        extra += duals_of(graph.sigma, fore.record[label, CUT + k] & back.record[other, CUT + k], k)
    return extra
