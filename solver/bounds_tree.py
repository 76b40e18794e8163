"""A lower bound from spanning trees whose degrees are priced."""

import numpy as np

from solver.bounds_prices import Floats, Prices

WORK_ROUNDS = 20_000
ROUNDS = (4, 120)
"""Least and greatest number of rounds of the ascent; between them ``WORK_ROUNDS`` divided by the number of visits."""
FLOAT_ROOM = 1e-12
"""Share of all that is summed that 64-bit floats may lose; far above what they do lose."""


def tree_bound_milli(prices: Prices, needed: int) -> int:
    """
    The best bound over some rounds of subgradient steps, rounded up as costs are whole.

    The bound is that of a spanning tree with a priced degree for each node, after the 1-tree of Held and Karp (The
    traveling-salesman problem and minimum spanning trees, Operations Research 18, 1970) and the K-tree of Fisher
    (Optimal solution of vehicle routing problems using minimum K-trees, Operations Research 42, 1994).

    Why it is valid. Take any plan. Its nodes are the visits of all orders but ``without``, and a root that stands for
    every start. Draw for each route the edges root - first visit - ... - last visit, and mark the last visit as one
    that *returns*; draw for each visit of an order left to its outside option the edge to the root, and mark it as
    returning too. Then (1) the edges are a spanning tree; (2) every visit's edges and return marks add up to two; (3)
    there are as many return marks as edges at the root, and at least as many as vehicles needed. Edges and marks cost
    no more than the plan does: an edge the least price of its leg over all vehicle types that may carry both orders,
    in either direction that windows, precedence and capacity allow, with half the service at either end and the
    waiting that windows enforce; a mark the least price of a vehicle and its way home; those of an outside option
    half its price each, shared evenly by the order's visits. Rounding takes at most half a thousandth from a route's
    kilometres and half from its hours, none where the tariff is whole by the metre or second; the mark gives that
    back. So for any prices p of (2) and q of (3), the cheapest tree plus the cheapest marks, each with its prices
    added, less two p a node, is at most the cost of the plan. The prices are raised by subgradient steps, and the
    best bound is kept.

    Parameters
    ----------
    prices
        Least prices over all vehicle types.
    needed
        At least so many vehicles are needed.
    """
    number = len(prices.start)
    penalty, root = np.zeros(number), 0.0
    rounds = min(ROUNDS[1], max(ROUNDS[0], WORK_ROUNDS // number))
    best, step, before, before_root = 0, 0.0, np.zeros(number), 0.0
    for turn in range(rounds):
        tree = _tree(prices.edge, penalty, prices.start + penalty - root)
        if tree is None:
            return 0
        tree_cost, degree, root_degree = tree
        homes = prices.home + penalty + root
        sequence = np.argsort(homes, kind="stable")
        marks = max(min(needed, number), int((homes < 0).sum()))
        marked = sequence[:marks]
        if not np.isfinite(homes[marked]).all():
            return 0
        value = tree_cost + homes[marked].sum() - 2 * penalty.sum()
        summed = abs(tree_cost) + np.abs(homes[marked]).sum() + 6 * np.abs(penalty).sum() + number * abs(root)
        best = max(best, int(np.ceil(value - FLOAT_ROOM * summed)))
        degree[marked] += 1
        slope, slope_root = degree - 2, marks - root_degree
        if not slope.any() and not slope_root:
            break
        if turn == 0:
            step = max(1.0, abs(value)) / number
        pace = step * (1 - turn / rounds) ** 2
        penalty = penalty + pace * (0.7 * slope + 0.3 * before)
        root += pace * (0.7 * slope_root + 0.3 * before_root) / max(1, needed)
        before, before_root = slope, slope_root
    return best


def _tree(edge: Floats, penalty: Floats, root: Floats) -> tuple[float, Floats, int] | None:
    """
    Cheapest spanning tree by Prim's algorithm.

    ``edge`` without the penalties of its two ends, ``root`` with those of the node. Returns cost, degree by node,
    degree of the root; None where the graph falls apart.
    """
    number = len(root)
    nearest, parent = root.copy(), np.full(number, -1)
    outside = np.ones(number, dtype=bool)
    degree = np.zeros(number)
    cost, root_degree = 0.0, 0
    for _ in range(number):
        node = int(np.argmin(nearest))
        if not np.isfinite(nearest[node]):
            return None
        cost += nearest[node]
        degree[node] += 1
        if parent[node] < 0:
            root_degree += 1
        else:
            degree[parent[node]] += 1
        outside[node] = False
        nearest[node] = np.inf
        reach = edge[node] + penalty + penalty[node]
        closer = outside & (reach < nearest)
        nearest[closer] = reach[closer]
        parent[closer] = node
    return cost, degree, root_degree
