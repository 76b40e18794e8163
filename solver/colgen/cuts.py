"""
Cuts over three visits: at most one route takes two or more of them.

Subset-row inequalities of Jepsen et al. (Subset-row inequalities applied to the vehicle-routing problem with time
windows, Operations Research 56, 2008) with limited memory after Pecin et al. (2017).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import jit
from solver.colgen.labels import CUT_WORDS, Ints

Floats = NDArray[np.float64]

CUTS_MAX = 64 * CUT_WORDS
VIOLATION_LEAST = 0.04
"""Three times this share of a vehicle; below it a cut costs more time than it raises the bound."""
A_VISIT = 5
"""Most new cuts on one visit."""


class Cut(NamedTuple):
    """Three visits, and the nodes that remember having seen one of them."""

    visits: tuple[int, int, int]
    memory: frozenset[int]


@jit
def violations(pairs: Floats, first: Ints, nodes: Ints, share: Floats, least: float) -> tuple[Ints, Floats]:
    """Triples whose shares of routes with two or more of them exceed 1 by ``least``, and by how much."""
    number = len(pairs)
    triples, excess = [(0, 0, 0)], [0.0]
    inside = np.zeros((len(share), number), dtype=np.bool_)
    for route in range(len(share)):
        for k in range(first[route], first[route + 1]):
            inside[route, nodes[k]] = True
    for a in range(number):
        for b in range(a + 1, number):
            for c in range(b + 1, number):
                over = pairs[a, b] + pairs[a, c] + pairs[b, c] - 1.0
                if over <= least:
                    continue
                for route in range(len(share)):
                    if inside[route, a] and inside[route, b] and inside[route, c]:
                        over -= 2.0 * share[route]
                if over > least:
                    triples.append((a, b, c))
                    excess.append(over)
    return np.array(triples)[1:], np.array(excess)[1:]


def separate(routes: Sequence[tuple[tuple[int, ...], float]], visits: int, most: int) -> list[Cut]:
    """
    Violated cuts, the most violated first.

    Parameters
    ----------
    routes
        Nodes and share in the master's solution.
    visits
        Nodes below this are visits.
    most
        At most so many cuts.
    """
    pairs = np.zeros((visits, visits))
    kept: list[tuple[list[int], float]] = []
    for nodes, share in routes:
        mine = sorted({node for node in nodes if node < visits})
        if len(mine) < 2:
            continue
        kept.append((mine, share))
        pairs[np.ix_(mine, mine)] += share
    if not kept:
        return []
    first = np.cumsum([0, *(len(mine) for mine, _ in kept)])
    flat = np.array([node for mine, _ in kept for node in mine], dtype=np.int64)
    triples, excess = violations(pairs, first, flat, np.array([share for _, share in kept]), VIOLATION_LEAST)
    used = np.zeros(visits, dtype=np.int64)
    cuts: list[Cut] = []
    for entry in np.argsort(-excess, kind="stable"):
        a, b, c = (int(node) for node in triples[entry])
        if max(used[a], used[b], used[c]) < A_VISIT:
            used[[a, b, c]] += 1
            cuts.append(Cut((a, b, c), memory_of((a, b, c), routes)))
        if len(cuts) >= most:
            break
    return cuts


def memory_of(visits: tuple[int, int, int], routes: Sequence[tuple[tuple[int, ...], float]]) -> frozenset[int]:
    """The visits themselves, and all nodes between a first and a second of them on the routes at hand."""
    memory = set(visits)
    for nodes, _ in routes:
        at = [k for k, node in enumerate(nodes) if node in visits]
        for begin, end in zip(at[::2], at[1::2], strict=False):
            memory.update(nodes[begin:end])
    return frozenset(memory)


def masks(cuts: Sequence[Cut], size: int) -> tuple[Ints, Ints]:
    """``hits`` and ``keeps`` of ``solver.colgen.labels.Graph``."""
    hits, keeps = np.zeros((size, CUT_WORDS), dtype=np.uint64), np.zeros((size, CUT_WORDS), dtype=np.uint64)
    for index, cut in enumerate(cuts):
        bit = np.uint64(1) << np.uint64(index & 63)
        hits[list(cut.visits), index >> 6] |= bit
        keeps[list(cut.memory), index >> 6] |= bit
    return hits.view(np.int64), keeps.view(np.int64)
