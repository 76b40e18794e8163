"""A lower bound on the cost of every plan, so that each plan can carry a proven gap."""

import numpy as np

from solver.bounds_prices import Nodes, cheapest_prices, loads_of, nodes_of, prices_on, working_time
from solver.bounds_routes import walk_bound_milli
from solver.bounds_tree import tree_bound_milli
from solver.compiled import DELIVERY, PICKUP, Compiled

NODES_MAX = 2_000
"""Above this many visits the tables would not fit in memory beside the rest; the bound is then 0."""


def lower_bound_milli(compiled: Compiled, without: frozenset[int] = frozenset()) -> int:
    """
    No plan that serves every mandatory order except ``without`` costs less.

    The better of two bounds that are proven where they are computed: spanning trees (strong for long routes) and walks
    of bounded load or working time (strong for short ones). Both hold for any tables, with or without the triangle
    inequality, several vehicle types, open ends, transports and optional orders.

    Parameters
    ----------
    compiled
        The problem.
    without
        Indices of mandatory orders that are left unserved.

    Returns
    -------
    int
        At least 0. Where no plan can serve what must be served, any plan satisfies the bound, and 0 is returned.
    """
    nodes = nodes_of(compiled, without)
    if not 0 < len(nodes.visits) <= NODES_MAX:
        return 0
    types = [type_ for type_, vehicle in enumerate(compiled.problem.vehicle_types) if vehicle.count != 0]
    by_type = {type_: prices_on(compiled, nodes, type_) for type_ in types}
    tree = tree_bound_milli(cheapest_prices(by_type.values(), nodes), vehicles_needed(compiled, nodes))
    return max(0, tree, walk_bound_milli(compiled, nodes, by_type))


def vehicles_needed(compiled: Compiled, nodes: Nodes) -> int:
    """At least so many vehicles serve the mandatory orders: by load in each dimension, by working time."""
    bound = np.isinf(nodes.outside)
    if not bound.any():
        return 0
    types = [type_ for type_, vehicle in enumerate(compiled.problem.vehicle_types) if vehicle.count != 0]
    needed = 1
    loads = loads_of(compiled, nodes)
    for action in (PICKUP, DELIVERY):
        chosen = bound & nodes.one_sided & (nodes.delivers == (action == DELIVERY))
        for dimension in range(len(compiled.dimensions)):
            largest = max(compiled.capacities[type_][dimension] for type_ in types)
            sizes = sorted(int(amount) for amount in loads[chosen, dimension])
            needed = max(needed, bins_needed(sizes, largest))
    takes_s, limits = working_time(compiled, nodes, types)
    longest_s = max(limits.values())
    return max(needed, -(-int(takes_s[bound].sum()) // longest_s)) if longest_s else needed


def bins_needed(sizes: list[int], capacity: int) -> int:
    """
    How many bins whole numbers need at least: bound L2 of Martello and Toth (Knapsack Problems, 1990, section 8.3).

    ``sizes`` in ascending order, none negative. Items larger than ``capacity`` are left out.
    """
    fitting = [size for size in sizes if 0 < size <= capacity]
    if not fitting:
        return 0
    best = 0
    for small in sorted({0, *(size for size in fitting if 2 * size <= capacity)}):
        alone = sum(size > capacity - small for size in fitting)
        large = [size for size in fitting if capacity - small >= size > capacity / 2]
        rest = sum(size for size in fitting if capacity / 2 >= size >= small)
        over = rest - (len(large) * capacity - sum(large))
        best = max(best, alone + len(large) + max(0, -(-over // capacity)))
    return best
