"""
What is at least still to come: paths that may repeat visits, but not go straight back, by how much is used of time
and load.

A label with which even this stays above the price that counts need not be made, and the least of all is a bound on the
reduced price of every route long before exact pricing ends.
"""

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import inner, jit
from solver.colgen.labels import BLOCK, FAR, Ahead, Graph, Homeward, Ints

CELLS_LEAST, CELLS_MOST = 64, 600
LEVELS_MOST = 16
"""Of load; a load that counts few pieces is followed exactly."""


def no_ahead() -> Ahead:
    """Nothing is known."""
    empty = np.zeros((1, 1, 1), dtype=np.int64)
    return Ahead(empty, empty.astype(np.int32), empty, np.array([-1, 1, 0], dtype=np.int64), empty)


def look_ahead(graph: Graph, home: Homeward, begin: int, latest: int) -> Ahead:
    """
    Least prices from every node and moment on.

    Parameters
    ----------
    graph, home
        One direction, priced.
    begin, latest
        The main resource at the depot, first and last.
    """
    shortest = int(np.min(graph.main)) if len(graph.main) else 0
    span = latest - begin + 1
    width = min(shortest, -(-span // CELLS_LEAST))
    shift = max(0, width.bit_length() - 1)
    width = 1 << shift if width > 0 else 0
    if width <= 1 or span // width >= CELLS_MOST:
        return no_ahead()
    resource = 1 if graph.waits[1] == 0 else 0
    # Where waiting is free windows are mostly tight, and load on top of time would only cost time.
    most = int(graph.limits[resource]) if graph.waits[0] else FAR
    unit = FAR + 1 if most >= FAR else -(-(most + 1) // LEVELS_MOST)
    shape = len(graph.opens), span // width + 1, 1 if most >= FAR else most // unit + 1
    least = np.full(shape, FAR, dtype=np.int64)
    block = np.full((shape[0], shape[2], -(-shape[1] // BLOCK)), FAR, dtype=np.int64)
    ahead = Ahead(least, np.full(shape, -1, dtype=np.int32), least.copy(), np.array([shift, unit, resource]), block)
    fill(graph, home, begin, latest, ahead)
    for part in range(block.shape[2]):
        block[:, :, part] = least[:, part * BLOCK : (part + 1) * BLOCK].min(axis=1)
    return ahead


@jit
def fill(graph: Graph, home: Homeward, begin: int, latest: int, ahead: Ahead) -> None:
    """From the last cell to the first; every arc leads at least one cell on."""
    least, via, second, shift = ahead.least, ahead.via, ahead.second, ahead.width[0]
    first, heads, opens, closes, price, main = (
        graph.first,
        graph.head,
        graph.opens,
        graph.closes,
        graph.price,
        graph.main,
    )
    unit, resource, pace, reload = ahead.width[1], ahead.width[2], graph.waits[0], graph.reload
    amount = graph.one if resource == 0 else graph.two
    most, empties = graph.limits[resource], graph.resets[resource]
    for cell in range(least.shape[1] - 1, -1, -1):
        for node in range(len(opens) - 1):
            early = max(opens[node], begin + (cell << shift))
            late = min(closes[node], begin + ((cell + 1) << shift) - 1)
            if early > late:
                continue
            if early + home.main[node] <= latest:
                least[node, cell], second[node, cell] = home.price[node], home.price[node]
            for arc in range(first[node], first[node + 1]):
                head = heads[arc]
                soonest = max(opens[head], early + main[arc])
                if soonest > closes[head]:
                    continue
                latest_there = min(max(opens[head], late + main[arc]), closes[head])
                one, two = (soonest - begin) >> shift, (latest_there - begin) >> shift
                base = price[arc] + pace * max(0, opens[head] - late - main[arc])
                empty = reload[head] and empties
                go_on(least, via, second, node, cell, head, one, two, base, unit, amount[arc], most, empty)


@inner
def go_on(
    least: Ints,
    via: NDArray[np.int32],
    second: Ints,
    node: int,
    cell: int,
    head: int,
    one: int,
    two: int,
    base: int,
    unit: int,
    amount: int,
    most: int,
    empty: bool,
) -> None:
    """Least prices by an arc that leads to cell ``one`` or ``two``, for every level of load."""
    for level in range(least.shape[2]):
        used = level * unit + amount
        if used > most:
            break
        then = 0 if empty or unit > FAR else used // unit
        rest = second[head, one, then] if via[head, one, then] == node else least[head, one, then]
        if two != one:
            rest = min(rest, second[head, two, then] if via[head, two, then] == node else least[head, two, then])
        price = base + rest
        if price < least[node, cell, level]:
            second[node, cell, level] = least[node, cell, level]
            least[node, cell, level], via[node, cell, level] = price, head
        elif price < second[node, cell, level]:
            second[node, cell, level] = price


@jit
def least_start(graph: Graph, ahead: Ahead, begin: int) -> int:
    """No route has a smaller reduced price, whenever it starts; ``FAR`` where there is none."""
    least, depot = FAR, len(graph.opens) - 1
    for arc in range(graph.first[depot], graph.first[depot + 1]):
        head = graph.head[arc]
        early = max(graph.opens[head], begin + graph.main[arc])
        late = min(graph.closes[head], graph.closes[depot] + graph.main[arc])
        amount = graph.one[arc] if ahead.width[2] == 0 else graph.two[arc]
        if amount > graph.limits[ahead.width[2]]:
            continue
        level = 0 if graph.reload[head] and graph.resets[ahead.width[2]] else amount // ahead.width[1]
        for cell in range((early - begin) >> ahead.width[0], ((late - begin) >> ahead.width[0]) + 1):
            least = min(least, graph.price[arc] + ahead.least[head, cell, level])
    return least
