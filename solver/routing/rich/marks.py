"""Routes recognised by a hash of their type and nodes, and whether their goods can be stowed, as Python says."""

from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import types
from numba.extending import intrinsic

from solver.routing.rich import layout as c
from solver.routing.rich.chain import write
from solver.routing.rich.memory import State, jit

HALTED, FITS, NEVER, UNSURE = range(4)
"""Answers: none, for the search ends; yes; no, however hard one tries; not as far as was tried. Yes and no are never
asked for again."""
CANDIDATE, ACCEPTED, BETTER = range(3)
"""What a route is asked about for: an insertion, a solution to go on from, one that is better than all before."""
FREE, NONE = -2, -1
"""Entries of ``HOPED`` instead of a route: any one may be hoped for; none."""


def _call(context: Any, address: Any) -> Any:
    """Call a C function without arguments that returns a whole number, by its address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = ir.FunctionType(ir.IntType(64), []).as_pointer()
        return builder.call(builder.inttoptr(arguments[0], kind), [])

    return types.int64(types.int64), generate


call: Callable[[int], int] = intrinsic(_call)


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
def answer_of(s: State, route: int, purpose: int) -> int:
    """Whether a route's goods can be stowed, by what is known of it or else by asking."""
    bits = np.uint64(3)
    mark = signature(s, route) & ~bits
    slot = np.int64((mark >> np.uint64(2)) & np.uint64(s.known.shape[0] - 1))
    while s.known[slot] != np.uint64(0) and s.known[slot] & ~bits != mark:
        slot = (slot + 1) % s.known.shape[0]
    before = int(s.known[slot] & bits)
    if before in (FITS, NEVER) or (before == UNSURE and purpose == CANDIDATE):
        return before
    write(s, s.asked, 0, route)
    s.flag[c.PURPOSE] = purpose
    answer = call(s.flag[c.ASK])
    if answer != HALTED and (before == UNSURE or s.flag[c.KNOWN] < s.known.shape[0] // 2):
        s.flag[c.KNOWN] += before != UNSURE
        s.known[slot] = mark | np.uint64(answer)
    return answer


@jit
def stows(s: State, route: int) -> bool:
    """
    Whether to go on with a route as far as its goods are concerned: they can be stowed, or it may be hoped.

    One route an iteration may be hoped for where hasty tests found nothing: only where the iteration would be accepted
    does a dear test decide.
    """
    if s.flag[c.ASK] == 0 or s.kind[s.route[route, c.TYPE], c.HAS_HOLD] == 0:
        return True
    answer = answer_of(s, route, CANDIDATE)
    if answer == UNSURE and s.flag[c.HOPED] in (FREE, route):
        s.flag[c.HOPED] = route
        return True
    return answer == FITS


@jit
def stowed(s: State, better: bool) -> bool:
    """Whether the goods of all touched routes can be stowed, by dear tests where hasty ones found nothing."""
    if s.flag[c.ASK] == 0:
        return True
    for index in range(s.flag[c.TOUCHED]):
        route = s.touched[index]
        type_ = s.route[route, c.TYPE]
        if type_ >= 0 and s.kind[type_, c.HAS_HOLD] and answer_of(s, route, BETTER if better else ACCEPTED) != FITS:
            return False
    return True
