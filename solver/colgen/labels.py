"""
Label setting for the elementary shortest path's ng-relaxation: the compiled half of pricing.

A label is a partial path: what it costs, where it stands in the *main* resource (time, or load where no window binds),
how *late* it may stand there before waiting is paid, what it used of two additive resources, which visits it may not
repeat, and the parity of each cut's rows that it has passed. With the start free to move, being at a node at ``t``
costs ``price + pace * max(0, t - late)`` for any ``t`` from ``main`` on: the duration of a path is convex in its end,
as in Tilk and Irnich (Dynamic programming for the minimum tour duration problem, Transportation Science 51, 2017).
ng-routes after Baldacci, Mingozzi and Roberti (New route relaxation and pricing strategies for the vehicle
routing problem, Operations Research 59, 2011); both directions to a halfway point after Righini and Salani (Symmetry
helps, Discrete Optimization 3, 2006); limited-memory cuts after Pecin et al. (Improved branch-cut-and-price for
capacitated vehicle routing, Mathematical Programming Computation 9, 2017).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import inner, jit

Ints = NDArray[np.int64]

CELLS = 24
"""Lists of labels a node, by the main resource."""
BLOCK = 8
"""So many cells of what is ahead are summed up by their least."""
QUEUES = 1024
"""Lists of labels still to be extended, by the main resource."""
CUT_WORDS = 2
"""64 cuts each."""
PRICE, MAIN, LATE, ONE, TWO, NEXT, CUT = 0, 1, 2, 3, 4, 5, 6
MEM = CUT + CUT_WORDS
"""Columns of a label's record, one after the other so that a comparison reads one stretch of memory."""
COUNT, QUEUE, WORK = 0, 1, 2
DONE, PAUSED, FULL = 0, 1, 2
OPEN, DEAD = 0, 1
FAR = 2**60
EVERY = 2**40


class Graph(NamedTuple):
    """
    A vehicle class in one direction; arcs by tail, those of tail ``t`` from ``first[t]`` to ``first[t + 1]``.

    ``price`` is the reduced price of an arc in grains, ``main``, ``one``, ``two`` what it takes of the resources. Nodes
    are visits, then reloads, then the depot. ``ng`` has shape (nodes, words). ``resets`` says which additive resources
    begin anew at a reload. ``hits`` and ``keeps`` of shape (nodes, CUT_WORDS) say which cuts a node is a row of, and
    which remember across it; ``sigma`` are the cuts' duals, not positive. ``waits`` holds what a unit of waiting costs
    in grains, which additive resource counts it too (-1: none), and whether dominance
    forgets what was visited (a heuristic), and the column of a record in which half routes meet.
    """

    first: Ints
    head: Ints
    price: Ints
    main: Ints
    one: Ints
    two: Ints
    opens: Ints
    closes: Ints
    limits: Ints
    reload: NDArray[np.bool_]
    resets: NDArray[np.bool_]
    ng: Ints
    hits: Ints
    keeps: Ints
    sigma: Ints
    waits: Ints


class Homeward(NamedTuple):
    """Arcs from each node to the end: reduced price (``FAR``: there is none) and what they take of the resources."""

    price: Ints
    main: Ints
    one: Ints
    two: Ints


class Ahead(NamedTuple):
    """
    Least price from a node on, waiting included, by how much of the main and of one additive resource is used.

    All arrays have shape (nodes, cells, levels). ``least`` goes on to ``via``, ``second`` to any other node.
    ``2 ** width[0]`` of the main resource are a cell (below 0: nothing is known), ``width[1]`` of additive resource
    ``width[2]`` are a level.
    ``block`` is the least of ``BLOCK`` cells, shape (nodes, levels, cells / BLOCK).
    """

    least: Ints
    via: NDArray[np.int32]
    second: Ints
    width: Ints
    block: Ints


class Labels(NamedTuple):
    """Labels by index in the order of their making: records (see ``PRICE`` and so on), and the lists that hold them."""

    record: Ints
    node: NDArray[np.int32]
    before: NDArray[np.int32]
    state: NDArray[np.int8]
    waiting: NDArray[np.int32]
    cell: Ints
    queue: Ints
    counters: Ints


def new_labels(room: int, nodes: int, words: int) -> Labels:
    """Empty lists with room for so many labels."""
    return Labels(
        record=np.empty((room, MEM + words), dtype=np.int64),
        node=np.empty(room, dtype=np.int32),
        before=np.empty(room, dtype=np.int32),
        state=np.empty(room, dtype=np.int8),
        waiting=np.empty(room, dtype=np.int32),
        cell=np.empty((nodes, CELLS), dtype=np.int64),
        queue=np.empty(QUEUES, dtype=np.int64),
        counters=np.zeros(3, dtype=np.int64),
    )


@jit
def seed(graph: Graph, labels: Labels, begin: int) -> None:
    """Clear all lists and put in the empty path at the depot, at ``begin`` of the main resource."""
    labels.cell[:] = -1
    labels.queue[:] = -1
    labels.counters[COUNT] = 1
    labels.counters[QUEUE] = 0
    labels.counters[WORK] = 0
    labels.record[0] = 0
    labels.record[0, MAIN] = begin
    labels.record[0, LATE] = graph.closes[len(graph.opens) - 1]
    labels.record[0, NEXT] = -1
    labels.node[0] = len(graph.opens) - 1
    labels.before[0] = -1
    labels.state[0] = OPEN
    labels.waiting[0] = -1
    labels.queue[0] = 0


@jit
def duals_of(sigma: Ints, bits: int, word: int) -> int:
    """Sum of what the cuts in a set of bits cost, not negative."""
    cost, place, left = 0, 64 * word, np.uint64(bits)
    while left:
        if left & np.uint64(1):
            cost -= sigma[place]
        left >>= np.uint64(1)
        place += 1
    return cost


@inner
def cell_of(opens: int, closes: int, main: int) -> int:
    """In which list of its node a label stands."""
    cell: int = min((main - opens) * CELLS // (closes - opens + 1), CELLS - 1)
    return cell
