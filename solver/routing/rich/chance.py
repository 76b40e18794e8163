"""Random numbers of the search's own: xorshift64* (Vigna 2016), one state a search."""

from math import log

import numpy as np

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State, jit

BLINKS = 0.01
"""Share of positions that an insertion overlooks (Christiaens and Vanden Berghe 2020)."""


@jit
def uniform(s: State) -> float:
    """A number in [0, 1)."""
    x = s.random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    s.random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@jit
def below(s: State, limit: int) -> int:
    """An integer in [0, limit); 0 for a limit of 0."""
    return int(uniform(s) * limit)


@jit
def next_blink(s: State) -> None:
    """Draw how many positions are looked at before one is overlooked (geometric)."""
    s.flag[c.BLINK] = 1 + int(log(1.0 - uniform(s)) / log(1.0 - BLINKS))


@jit
def blinks(s: State) -> bool:
    """Whether this position is overlooked."""
    s.flag[c.BLINK] -= 1
    if s.flag[c.BLINK] > 0:
        return False
    next_blink(s)
    return True
