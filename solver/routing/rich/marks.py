"""Routes recognised by a hash of their type and nodes."""

import numpy as np

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State, jit


@jit
def signature(s: State, route: int) -> np.uint64:
    """Hash of a route's type and nodes (FNV-1a by words)."""
    mark = np.uint64(14695981039346656037)
    mark = (mark ^ np.uint64(s.route[route, c.TYPE])) * np.uint64(1099511628211)
    node = s.node[s.route[route, c.LAST_FIXED], c.NEXT]
    while s.node[node, c.KIND] != c.END:
        word = s.node[node, c.PLACE] + 1_000_000_000 if s.node[node, c.KIND] == c.RELOAD else node
        mark = (mark ^ np.uint64(word)) * np.uint64(1099511628211)
        mark ^= mark >> np.uint64(29)
        node = s.node[node, c.NEXT]
    return mark


@jit
def is_forbidden(s: State, route: int) -> bool:
    """Whether a route is one whose goods are known not to fit."""
    if s.flag[c.FORBIDDEN] == 0:
        return False
    mark = signature(s, route)
    slot = np.int64(mark & np.uint64(s.forbidden.shape[0] - 1))
    while s.forbidden[slot] != np.uint64(0):
        if s.forbidden[slot] == mark:
            return True
        slot = (slot + 1) % s.forbidden.shape[0]
    return False
