"""Routes whose goods cannot be stowed: asked once each, then kept from the compiled search."""

from collections.abc import Callable

import numpy as np

from solver.routing.features import RouteKey
from solver.routing.rich import layout as c
from solver.routing.rich.memory import State

Written = tuple[int, int, list[int]]
MASK = (1 << 64) - 1


class Forbidden:
    """
    What does not fit.

    Parameters
    ----------
    state
        The search's memory; its table of forbidden routes is filled here.
    load_fits
        Whether the goods of a route of a vehicle type fit.
    """

    def __init__(self, state: State, load_fits: Callable[[int, tuple[int, ...]], bool]) -> None:
        self._state = state
        self._load_fits = load_fits
        self._known: dict[RouteKey, bool] = {}

    def allow(self, routes: list[Written], key_of: Callable[[int, int, list[int]], RouteKey]) -> bool:
        """Whether all routes fit; those that do not are forbidden from now on."""
        fits = True
        for slot, type_, nodes in routes:
            key = key_of(slot, type_, nodes)
            if key not in self._known:
                self._known[key] = self._load_fits(*key)
                if not self._known[key]:
                    self._forbid(type_, nodes)
            fits = fits and self._known[key]
        return fits

    def _forbid(self, type_: int, nodes: list[int]) -> None:
        table, flag = self._state.forbidden, self._state.flag
        if flag[c.FORBIDDEN] >= len(table) // 2:
            return
        mark = signature(type_, nodes)
        slot = mark % len(table)
        while table[slot]:
            slot = (slot + 1) % len(table)
        table[slot] = np.uint64(mark)
        flag[c.FORBIDDEN] += 1


def signature(type_: int, nodes: list[int]) -> int:
    """The hash that ``marks.signature`` computes of a linked route."""
    mark = 14695981039346656037
    mark = (mark ^ type_) * 1099511628211 & MASK
    for node in nodes:
        word = ~node + 1_000_000_000 if node < 0 else node
        mark = (mark ^ word) * 1099511628211 & MASK
        mark ^= mark >> 29
    return mark
