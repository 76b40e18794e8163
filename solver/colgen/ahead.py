"""
What is at least still to come: paths that may repeat visits, but not go straight back, by how much is used of time
and load.

A label with which even this stays above the price that counts need not be made, and the least of all is a bound on the
reduced price of every route long before exact pricing ends.
"""

import numpy as np

from solver.colgen.jit import jit
from solver.colgen.labels import BLOCK, FAR, Ahead, Graph, Homeward

CELLS_LEAST, CELLS_MOST = 64, 600
LEVELS_MOST = 16
"""Of load; a load that counts few pieces is followed exactly."""


def no_ahead() -> Ahead:
    """Nothing is known."""
    empty = np.zeros((1, 1, 1), dtype=np.int64)
    return Ahead(empty, empty.astype(np.int32), empty, np.array([0, 1, 0], dtype=np.int64), empty)


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
    if width <= 0 or span // width >= CELLS_MOST:
        return no_ahead()
    resource = 1 if graph.waits[1] == 0 else 0
    # Where waiting is free windows are mostly tight, and load on top of time would only cost time.
    most = int(graph.limits[resource]) if graph.waits[0] else FAR
    unit = FAR + 1 if most >= FAR else -(-(most + 1) // LEVELS_MOST)
    shape = len(graph.opens), span // width + 1, 1 if most >= FAR else most // unit + 1
    least = np.full(shape, FAR, dtype=np.int64)
    block = np.full((shape[0], shape[2], -(-shape[1] // BLOCK)), FAR, dtype=np.int64)
    ahead = Ahead(least, np.full(shape, -1, dtype=np.int32), least.copy(), np.array([width, unit, resource]), block)
    fill(graph, home, begin, latest, ahead)
    for part in range(block.shape[2]):
        block[:, :, part] = least[:, part * BLOCK : (part + 1) * BLOCK].min(axis=1)
    return ahead


@jit
def fill(graph: Graph, home: Homeward, begin: int, latest: int, ahead: Ahead) -> None:
    """From the last cell to the first; every arc leads at least one cell on."""
    width = ahead.width[0]
    for cell in range(ahead.least.shape[1] - 1, -1, -1):
        for node in range(len(graph.opens) - 1):
            first = max(graph.opens[node], begin + cell * width)
            last = min(graph.closes[node], begin + (cell + 1) * width - 1)
            if first > last:
                continue
            if first + home.main[node] <= latest:
                ahead.least[node, cell], ahead.second[node, cell] = home.price[node], home.price[node]
            for arc in range(graph.first[node], graph.first[node + 1]):
                go_on(graph, ahead, node, cell, arc, first, last, begin)


@jit
def go_on(graph: Graph, ahead: Ahead, node: int, cell: int, arc: int, first: int, last: int, begin: int) -> None:
    """Least prices by an arc, leaving between ``first`` and ``last``, for every level of load."""
    head = graph.head[arc]
    early = max(graph.opens[head], first + graph.main[arc])
    if early > graph.closes[head]:
        return
    late = min(max(graph.opens[head], last + graph.main[arc]), graph.closes[head])
    base = graph.price[arc] + graph.waits[0] * max(0, graph.opens[head] - last - graph.main[arc])
    one, two = (early - begin) // ahead.width[0], (late - begin) // ahead.width[0]
    unit, resource = ahead.width[1], ahead.width[2]
    amount = graph.one[arc] if resource == 0 else graph.two[arc]
    empty = graph.reload[head] and graph.resets[resource]
    for level in range(ahead.least.shape[2]):
        used = level * unit + amount
        if used > graph.limits[resource]:
            break
        then = 0 if empty else used // unit
        rest = beyond(ahead, node, head, one, then)
        if two != one:
            rest = min(rest, beyond(ahead, node, head, two, then))
        price = base + rest
        if price < ahead.least[node, cell, level]:
            ahead.second[node, cell, level] = ahead.least[node, cell, level]
            ahead.least[node, cell, level], ahead.via[node, cell, level] = price, head
        elif price < ahead.second[node, cell, level]:
            ahead.second[node, cell, level] = price


@jit
def beyond(ahead: Ahead, tail: int, head: int, cell: int, level: int) -> int:
    """Least price from a node on without going straight back."""
    back = ahead.via[head, cell, level] == tail
    rest: int = ahead.second[head, cell, level] if back else ahead.least[head, cell, level]
    return rest


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
        for cell in range((early - begin) // ahead.width[0], (late - begin) // ahead.width[0] + 1):
            least = min(least, graph.price[arc] + ahead.least[head, cell, level])
    return least
