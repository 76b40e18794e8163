"""
Extending labels, and dominance: where nearly all the time of pricing goes.

Inner functions take plain arrays and numbers, never the tuples that hold them: taking an array out of a tuple counts a
reference up and down, each an atomic step of the processor, and in the inmost loop that took most of the time.
"""

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import inner, jit
from solver.colgen.labels import (
    BLOCK,
    CELLS,
    COUNT,
    CUT,
    CUT_WORDS,
    DEAD,
    DONE,
    FAR,
    FULL,
    LATE,
    MAIN,
    MEM,
    NEXT,
    ONE,
    OPEN,
    PAUSED,
    PRICE,
    QUEUE,
    QUEUES,
    TWO,
    WORK,
    Ahead,
    Graph,
    Ints,
    Labels,
    cell_of,
    duals_of,
)


@jit
def advance(graph: Graph, labels: Labels, span: Ints, beam: int, work_max: int, ahead: Ahead) -> int:
    """
    Extend labels until none is left to extend.

    ``span`` holds the least value of the main resource, the greatest, the one of the halving resource up to which
    labels are extended, the one beyond which they are dropped, and the price that a route must stay below. Of cheaper
    labels in one list there may be at most ``beam`` (a heuristic unless it is ``EVERY``); 1: dominance looks at price
    and main resource alone as well.

    Returns
    -------
    int
        ``DONE``; ``PAUSED`` after ``work_max`` comparisons (call again to go on); ``FULL`` when there is no room.
    """
    # Arrays are taken out of their tuples once: doing so where they are used counts references at every turn.
    record, queue, counters, cells, state = labels.record, labels.queue, labels.counters, labels.cell, labels.state
    first, heads, opens, closes, sigma = graph.first, graph.head, graph.opens, graph.closes, graph.sigma
    price, main, one, two, reload, ng = graph.price, graph.main, graph.one, graph.two, graph.reload, graph.ng
    keeps, hits, limits, empties = graph.keeps, graph.hits, (graph.limits[0], graph.limits[1]), graph.resets
    pace, timed, forgets, halves = graph.waits[0], graph.waits[1], graph.waits[2] != 0, graph.waits[3]
    least, via, second, block = ahead.least, ahead.via, ahead.second, ahead.block
    shift, unit, counted = ahead.width[0], ahead.width[1], ONE + ahead.width[2]
    words, waiting = 0 if forgets else ng.shape[1], labels.waiting
    width = (span[1] - span[0]) // QUEUES + 1
    while True:
        label = next_label(queue, counters)
        if label < 0:
            return DONE
        tail = labels.node[label]
        if counters[COUNT] + first[tail + 1] - first[tail] >= len(state):
            return FULL
        if counters[WORK] > work_max:
            counters[WORK] = 0
            return PAUSED
        queue[counters[QUEUE]] = waiting[label]
        if state[label] == DEAD or record[label, halves] > span[2]:
            continue
        for arc in range(first[tail], first[tail + 1]):
            new, head = counters[COUNT], heads[arc]
            takes = price[arc], main[arc], one[arc], two[arc]
            if (
                (not reload[head] and record[label, MEM + (head >> 6)] & (1 << (head & 63)))
                or not extended(record, label, new, takes, opens[head], closes[head], limits, pace, timed)
                or record[new, halves] > span[3]
            ):
                continue
            if reload[head]:
                begin_anew(record, new, empties)
            if shift >= 0:
                level = record[new, counted] // unit if unit <= FAR else 0
                cell, last = (record[new, MAIN] - span[0]) >> shift, (record[new, LATE] - span[0]) >> shift
                room = span[4] - record[new, PRICE]
                if hopeless(least, via, second, block, tail, head, level, cell, last, room):
                    continue
            remember(record, label, new, head, not reload[head], ng)
            record[new, PRICE] += pass_cuts(record, label, new, head, keeps, hits, sigma)
            home = cell_of(opens[head], closes[head], record[new, MAIN])
            if beaten(record, cells, counters, new, head, home, beam, words, pace, timed, sigma):
                continue
            enter(record, cells, counters, state, new, head, home, beam, words, pace, timed, sigma)
            labels.node[new], labels.before[new], state[new] = head, label, OPEN
            put_in(queue, waiting, new, min((record[new, MAIN] - span[0]) // width, QUEUES - 1))
            counters[COUNT] += 1


@inner
def next_label(queue: Ints, counters: Ints) -> int:
    """First label of the first list that is not empty, where it stays; -1 where all are."""
    while counters[QUEUE] < QUEUES and queue[counters[QUEUE]] < 0:
        counters[QUEUE] += 1
    return int(queue[counters[QUEUE]]) if counters[QUEUE] < QUEUES else -1


@inner
def put_in(queue: Ints, waiting: NDArray[np.int32], new: int, line: int) -> None:
    """A label still to be extended, to the front of a list."""
    waiting[new] = queue[line]
    queue[line] = new


@inner
def begin_anew(record: Ints, new: int, empties: NDArray[np.bool_]) -> None:
    """A reload: what resets is empty again."""
    record[new, ONE] = 0 if empties[0] else record[new, ONE]
    record[new, TWO] = 0 if empties[1] else record[new, TWO]


@inner
def extended(
    record: Ints,
    label: int,
    new: int,
    takes: tuple[int, int, int, int],
    opens: int,
    closes: int,
    limits: tuple[int, int],
    pace: int,
    timed: int,
) -> bool:
    """Write the resources of the path longer by an arc, and what waiting costs; False where it is not feasible."""
    main = max(opens, record[label, MAIN] + takes[1])
    if main > closes:
        return False
    late = min(closes, record[label, LATE] + takes[1])
    wait = max(0, main - late)
    one = record[label, ONE] + takes[2] + (wait if timed == 0 else 0)
    two = record[label, TWO] + takes[3] + (wait if timed == 1 else 0)
    if one > limits[0] or two > limits[1]:
        return False
    record[new, MAIN], record[new, LATE] = main, main if pace == 0 and timed < 0 else late + wait
    record[new, PRICE], record[new, ONE], record[new, TWO] = record[label, PRICE] + takes[0] + wait * pace, one, two
    return True


@inner
def remember(record: Ints, label: int, new: int, head: int, visit: bool, ng: Ints) -> None:
    """Write what may not be visited again; a reload is not remembered."""
    for k in range(ng.shape[1]):
        record[new, MEM + k] = record[label, MEM + k] & ng[head, k]
    if visit:
        record[new, MEM + (head >> 6)] |= 1 << (head & 63)


@inner
def hopeless(
    least: Ints,
    via: NDArray[np.int32],
    second: Ints,
    block: Ints,
    tail: int,
    head: int,
    level: int,
    cell: int,
    last: int,
    room: int,
) -> bool:
    """Whether no way on costs less than ``room``, whenever it goes on within some cells."""
    while cell <= last:
        if last > cell and block[head, level, cell // BLOCK] >= room:
            cell += BLOCK - cell % BLOCK
            continue
        if least[head, cell, level] < room and (via[head, cell, level] != tail or second[head, cell, level] < room):
            return False
        cell += 1
    return True


@inner
def pass_cuts(record: Ints, label: int, new: int, head: int, keeps: Ints, hits: Ints, sigma: Ints) -> int:
    """Turn the parity of the cuts that a node is a row of; returns what completed pairs cost."""
    cost = 0
    for k in range(CUT_WORDS):
        state, hit = record[label, CUT + k] & keeps[head, k], hits[head, k]
        record[new, CUT + k] = state ^ hit
        if state & hit:
            cost += duals_of(sigma, state & hit, k)
    return cost


@inner
def better(record: Ints, a: int, b: int, beam: int, words: int, pace: int, timed: int, sigma: Ints) -> bool:
    """
    Whether every way on from record ``b`` is open from ``a`` at no greater price (same node, price no greater).

    Of what was visited only the first ``words`` words are looked at.
    """
    if record[a, MAIN] > record[b, MAIN]:
        return False
    if beam == 1:
        return True
    if record[a, ONE] > record[b, ONE] or record[a, TWO] > record[b, TWO]:
        return False
    for k in range(MEM, MEM + words):
        if record[a, k] & ~record[b, k]:
            return False
    later = record[b, LATE] - record[a, LATE]
    room = record[b, PRICE] - record[a, PRICE] - max(0, later * pace)
    if room < 0 or (timed >= 0 and record[a, ONE + timed] + later > record[b, ONE + timed]):
        return False
    for k in range(CUT_WORDS):
        odd = record[a, CUT + k] & ~record[b, CUT + k]
        if odd:
            room -= duals_of(sigma, odd, k)
    return bool(room >= 0)


@inner
def beaten(
    record: Ints,
    cells: Ints,
    counters: Ints,
    new: int,
    node: int,
    home: int,
    beam: int,
    words: int,
    pace: int,
    timed: int,
    sigma: Ints,
) -> bool:
    """Whether a label at the node is better than the new one, or too many in its list are cheaper."""
    price, cheaper = record[new, PRICE], 0
    for cell in range(home, -1, -1):
        other = cells[node, cell]
        while other >= 0 and record[other, PRICE] <= price:
            counters[WORK] += 1
            cheaper += cell == home
            if cheaper >= beam or better(record, other, new, beam, words, pace, timed, sigma):
                return True
            other = record[other, NEXT]
    return False


@inner
def enter(
    record: Ints,
    cells: Ints,
    counters: Ints,
    state: NDArray[np.int8],
    new: int,
    node: int,
    home: int,
    beam: int,
    words: int,
    pace: int,
    timed: int,
    sigma: Ints,
) -> None:
    """Put the label in its list by price, and drop from this and later lists what it is better than."""
    price = record[new, PRICE]
    for cell in range(home, CELLS):
        before, other = -1, cells[node, cell]
        while other >= 0 and record[other, PRICE] < price:
            before, other = other, record[other, NEXT]
            counters[WORK] += 1
        if cell == home:
            record[new, NEXT] = other
            if before < 0:
                cells[node, cell] = new
            else:
                record[before, NEXT] = new
            before = new
        while other >= 0:
            following = record[other, NEXT]
            counters[WORK] += 1
            if better(record, new, other, beam, words, pace, timed, sigma):
                state[other] = DEAD
                if before < 0:
                    cells[node, cell] = following
                else:
                    record[before, NEXT] = following
            else:
                before = other
            other = following
