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

from solver.colgen.jit import jit

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
    ``width[0]`` of the main resource a cell (0: nothing is known), ``width[1]`` of additive resource ``width[2]`` a
    level.
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
def advance(graph: Graph, labels: Labels, span: Ints, beam: int, work_max: int, ahead: Ahead) -> int:
    """
    Extend labels until none is left to extend.

    ``span`` holds the least value of the main resource, the greatest, the one of the halving resource up to which
    labels are extended, and the one beyond which they are dropped, and the price that a route must stay below
    (``ahead`` says what is still to come, or how wide its cells are is 0). Of the cheaper labels in one
    list there may be at most ``beam`` (a heuristic unless it is ``EVERY``); 1: dominance looks at price and main
    resource alone as well.

    Returns
    -------
    int
        ``DONE``; ``PAUSED`` after ``work_max`` comparisons (call again to go on); ``FULL`` when there is no room.
    """
    counters = labels.counters
    width = (span[1] - span[0]) // QUEUES + 1
    while True:
        while counters[QUEUE] < QUEUES and labels.queue[counters[QUEUE]] < 0:
            counters[QUEUE] += 1
        if counters[QUEUE] >= QUEUES:
            return DONE
        label = labels.queue[counters[QUEUE]]
        tail = labels.node[label]
        if counters[COUNT] + graph.first[tail + 1] - graph.first[tail] >= len(labels.node):
            return FULL
        if counters[WORK] > work_max:
            counters[WORK] = 0
            return PAUSED
        labels.queue[counters[QUEUE]] = labels.waiting[label]
        if labels.state[label] == DEAD or labels.record[label, graph.waits[3]] > span[2]:
            continue
        for arc in range(graph.first[tail], graph.first[tail + 1]):
            if extended(graph, labels, label, arc, span, ahead) and kept(graph, labels, beam):
                new = counters[COUNT]
                line = min((labels.record[new, MAIN] - span[0]) // width, QUEUES - 1)
                labels.waiting[new] = labels.queue[line]
                labels.queue[line] = new
                counters[COUNT] += 1


@jit
def hopeless(ahead: Ahead, tail: int, head: int, record: Ints, span: Ints) -> bool:
    """Whether no way on keeps a route below the price that it must stay below, whenever it goes on."""
    if ahead.width[0] == 0:
        return False
    level = record[ONE + ahead.width[2]] // ahead.width[1]
    first = (record[MAIN] - span[0]) // ahead.width[0]
    last = (record[LATE] - span[0]) // ahead.width[0]
    room = span[4] - record[PRICE]
    cell = first
    while cell <= last:
        if ahead.block[head, level, cell // BLOCK] >= room:
            cell += BLOCK - cell % BLOCK
            continue
        if ahead.least[head, cell, level] < room and (
            ahead.via[head, cell, level] != tail or ahead.second[head, cell, level] < room
        ):
            return False
        cell += 1
    return True


@jit
def extended(graph: Graph, labels: Labels, label: int, arc: int, span: Ints, ahead: Ahead) -> bool:
    """Write the path longer by an arc into the first free slot; False where it is not feasible, or hopeless."""
    new, head = labels.counters[COUNT], graph.head[arc]
    old, record = labels.record[label], labels.record[new]
    main = max(graph.opens[head], old[MAIN] + graph.main[arc])
    if main > graph.closes[head]:
        return False
    reload, word, bit = graph.reload[head], MEM + (head >> 6), 1 << (head & 63)
    if not reload and old[word] & bit:
        return False
    late = min(graph.closes[head], old[LATE] + graph.main[arc])
    wait = max(0, main - late)
    one = old[ONE] + graph.one[arc] + (wait if graph.waits[1] == 0 else 0)
    two = old[TWO] + graph.two[arc] + (wait if graph.waits[1] == 1 else 0)
    if one > graph.limits[0] or two > graph.limits[1] or (one if graph.waits[3] == ONE else main) > span[3]:
        return False
    if reload:
        one, two = 0 if graph.resets[0] else one, 0 if graph.resets[1] else two
    record[PRICE] = old[PRICE] + graph.price[arc] + wait * graph.waits[0]
    free = graph.waits[0] == 0 and graph.waits[1] < 0
    record[MAIN], record[LATE], record[ONE], record[TWO] = main, main if free else late + wait, one, two
    if hopeless(ahead, labels.node[label], head, record, span):
        return False
    for k in range(graph.ng.shape[1]):
        record[MEM + k] = old[MEM + k] & graph.ng[head, k]
    if not reload:
        record[word] |= bit
    record[PRICE] += pass_cuts(graph, old, record, head)
    labels.node[new], labels.before[new], labels.state[new] = head, label, OPEN
    return True


@jit
def pass_cuts(graph: Graph, old: Ints, record: Ints, head: int) -> int:
    """Turn the parity of the cuts that a node is a row of; returns what completed pairs cost."""
    cost = 0
    for k in range(CUT_WORDS):
        state, hit = old[CUT + k] & graph.keeps[head, k], graph.hits[head, k]
        record[CUT + k] = state ^ hit
        if state & hit:
            cost += duals_of(graph.sigma, state & hit, k)
    return cost


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


@jit
def cell_of(graph: Graph, node: int, main: int) -> int:
    """In which list of its node a label stands."""
    cell: int = min((main - graph.opens[node]) * CELLS // (graph.closes[node] - graph.opens[node] + 1), CELLS - 1)
    return cell


@jit
def better(graph: Graph, a: Ints, b: Ints, beam: int) -> bool:
    """Whether every way on from record ``b`` is open from ``a`` at no greater price (same node, price no greater)."""
    if a[MAIN] > b[MAIN] or beam == 1:
        return bool(a[MAIN] <= b[MAIN])
    if a[ONE] > b[ONE] or a[TWO] > b[TWO]:
        return False
    timed, later = graph.waits[1], b[LATE] - a[LATE]
    room = b[PRICE] - a[PRICE] - max(0, later * graph.waits[0])
    if room < 0 or (timed >= 0 and a[ONE + timed] + later > b[ONE + timed]):
        return False
    for k in range(MEM, MEM + graph.ng.shape[1]):
        if a[k] & ~b[k] and not graph.waits[2]:
            return False
    for k in range(CUT_WORDS):
        odd = a[CUT + k] & ~b[CUT + k]
        if odd:
            room -= duals_of(graph.sigma, odd, k)
    return bool(room >= 0)


@jit
def kept(graph: Graph, labels: Labels, beam: int) -> bool:
    """Put the label in the first free slot among its node's unless one of them is better; those worse go."""
    new = labels.counters[COUNT]
    node, mine = labels.node[new], labels.record[new]
    price, home = mine[PRICE], cell_of(graph, node, mine[MAIN])
    work, cheaper = 1, 0
    for cell in range(home, -1, -1):
        other = labels.cell[node, cell]
        while other >= 0 and labels.record[other, PRICE] <= price:
            work += 1
            cheaper += cell == home
            if cheaper >= beam or better(graph, labels.record[other], mine, beam):
                labels.counters[WORK] += work
                return False
            other = labels.record[other, NEXT]
    for cell in range(home, CELLS):
        work += enter(graph, labels, new, cell, cell == home, beam)
    labels.counters[WORK] += work
    return True


@jit
def enter(graph: Graph, labels: Labels, new: int, cell: int, mine: bool, beam: int) -> int:
    """Drop from a list what the new label is better than; put it in by price where the list is its own."""
    node, price, record = labels.node[new], labels.record[new, PRICE], labels.record
    before, other, work = -1, labels.cell[node, cell], 0
    while other >= 0 and record[other, PRICE] < price:
        before, other, work = other, record[other, NEXT], work + 1
    if mine:
        record[new, NEXT] = other
        if before < 0:
            labels.cell[node, cell] = new
        else:
            record[before, NEXT] = new
        before = new
    while other >= 0:
        following = record[other, NEXT]
        work += 1
        if better(graph, record[new], record[other], beam):
            labels.state[other] = DEAD
            if before < 0:
                labels.cell[node, cell] = following
            else:
                record[before, NEXT] = following
        else:
            before = other
        other = following
    return work
