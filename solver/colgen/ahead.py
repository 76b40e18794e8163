"""
What is at least still to come: paths that may repeat visits, but not go straight back, by how much time is used.

A label with which even this stays above the price that counts need not be made.
"""

import numpy as np

from solver.colgen.jit import jit
from solver.colgen.labels import FAR, Ahead, Graph, Homeward

CELLS_LEAST, CELLS_MOST = 64, 600


def no_ahead() -> Ahead:
    """Nothing is known."""
    empty = np.zeros((1, 1), dtype=np.int64)
    return Ahead(empty, empty.astype(np.int32), empty, np.zeros(1, dtype=np.int64))


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
    size, cells = len(graph.opens), span // width + 1
    least = np.full((size, cells), FAR, dtype=np.int64)
    via = np.full((size, cells), -1, dtype=np.int32)
    ahead = Ahead(least, via, least.copy(), np.array([width], dtype=np.int64))
    fill(graph, home, begin, latest, ahead)
    return ahead


@jit
def fill(graph: Graph, home: Homeward, begin: int, latest: int, ahead: Ahead) -> None:
    """From the last cell to the first; every arc leads at least one cell on."""
    width = ahead.width[0]
    for cell in range(ahead.least.shape[1] - 1, -1, -1):
        for node in range(len(graph.opens) - 1):
            now = max(graph.opens[node], begin + cell * width)
            if now > graph.closes[node]:
                continue
            least = home.price[node] if now + home.main[node] <= latest else FAR
            second, via = least, -1
            for arc in range(graph.first[node], graph.first[node + 1]):
                head = graph.head[arc]
                then = max(graph.opens[head], now + graph.main[arc])
                if then > graph.closes[head]:
                    continue
                after = (then - begin) // width
                back = ahead.via[head, after] == node
                price = graph.price[arc] + (ahead.second[head, after] if back else ahead.least[head, after])
                if price < least:
                    least, second, via = price, least, head
                elif price < second:
                    second = price
            ahead.least[node, cell], ahead.second[node, cell], ahead.via[node, cell] = least, second, via
