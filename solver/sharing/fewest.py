"""How many routes each coalition needs at least, by what its orders load and how long they take."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.bounds_prices import loads_of, nodes_of, working_time
from solver.compiled import DELIVERY, PICKUP, Compiled

Ints = NDArray[np.int64]


def fewest_routes(compiled: Compiled, groups: Sequence[frozenset[int]]) -> Ints:
    """
    No plan that serves a coalition's mandatory orders has fewer routes.

    By the sum of their loads in each dimension against the largest vehicle, collections and deliveries each for itself
    (where nobody reloads), and by the sum of their working times against the longest route.

    Parameters
    ----------
    compiled
        The day.
    groups
        Each player's orders, apart from one another.

    Returns
    -------
    int array
        By mask, shape ``(2**players,)``.
    """
    rest = frozenset(range(len(compiled.problem.orders))).difference(*groups)
    nodes = nodes_of(compiled, rest)
    types = list(range(len(compiled.vehicle_types)))
    if not len(nodes.visits):
        return np.zeros(2 ** len(groups), dtype=np.int64)
    bound = np.isinf(nodes.outside)
    mine = np.array([[order in group for order in nodes.orders.tolist()] for group in groups]) & bound
    needed = _by_mask(mine.any(axis=1).astype(np.int64)).clip(max=1)
    if not any(compiled.reloads_of):
        loads = loads_of(compiled, nodes).astype(np.int64)
        for action in (PICKUP, DELIVERY):
            chosen = nodes.one_sided & (nodes.delivers == (action == DELIVERY))
            for dimension in range(len(compiled.dimensions)):
                largest = max(compiled.capacities[type_][dimension] for type_ in types)
                by_player = (mine & chosen) @ loads[:, dimension]
                if largest > 0:
                    needed = np.maximum(needed, -(-_by_mask(by_player) // largest))
    takes_s, limits = working_time(compiled, nodes, types)
    if longest_s := max(limits.values()):
        needed = np.maximum(needed, -(-_by_mask((mine @ takes_s).astype(np.int64)) // longest_s))
    return needed


def _by_mask(by_player: Ints) -> Ints:
    """Sums over the players of each coalition."""
    sums = np.zeros(1, dtype=np.int64)
    for part in by_player.tolist():
        sums = np.concatenate([sums, sums + part])
    return sums
