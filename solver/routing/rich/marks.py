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

NOT_NOW, FITS, NEVER = range(3)
"""Answers: not as far as was tried; yes; no, however hard one tries. The last two are never asked for again."""


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
def stows(s: State, route: int) -> bool:
    """Whether a route's goods can be stowed, by what is known of it or else by asking."""
    if s.flag[c.ASK] == 0 or s.kind[s.route[route, c.TYPE], c.HAS_HOLD] == 0:
        return True
    bit = np.uint64(1)
    mark = signature(s, route) | bit
    slot = np.int64((mark >> bit) & np.uint64(s.known.shape[0] - 1))
    while s.known[slot] != np.uint64(0):
        if s.known[slot] | bit == mark:
            return bool(s.known[slot] & bit)
        slot = (slot + 1) % s.known.shape[0]
    write(s, s.asked, 0, route)
    answer = call(s.flag[c.ASK])
    if answer != NOT_NOW and s.flag[c.KNOWN] < s.known.shape[0] // 2:
        s.flag[c.KNOWN] += 1
        s.known[slot] = mark if answer == FITS else mark ^ bit
    return bool(answer == FITS)
