"""
The best mix of all routes that a search of few orders has seen: set partitioning by branch and bound.

A lower bound comes from dual ascent: prices of orders under which no seen route is a bargain. Only routes whose reduced
price is below the gap between that bound and the best plan can be part of a better one, which leaves a handful.
"""

from typing import NamedTuple

import numpy as np

from solver.routing.plain.anneal import attempt, judge
from solver.routing.plain.layout import (
    BEST,
    BROKEN,
    COST,
    INFINITE,
    LOST,
    NEXT,
    NODE_SHIFT,
    SERVED,
    SLOT_SHIFT,
    SLOTS,
    TOUCHED,
    TYPE,
    Int32,
    Int64,
    N,
    State,
    Tables,
    as_int,
    inline,
    jit,
    unsigned,
)
from solver.routing.plain.retype import price_as

ENTRIES = 4_096
"""Room of the table; a power of two."""
SHIFT = np.uint64(64 - 12)
FULL = 3_000
"""Sets of orders from which on no further ones are noted."""
SPREAD = np.uint64(0x9E3779B97F4A7C15)
GENTLE = 4
"""Rounds of dual ascent that share what a route leaves among its orders, before one that gives it to the first."""
STEPS = 30_000
"""Routes looked at in the search for a better mix."""


class Seen(NamedTuple):
    """
    Sets of orders that one route has served, each with its cheapest way.

    Attributes
    ----------
    mask
        Orders as bits, 0 where the table is free.
    price, left
        Price of the route, and what of it the orders' dual prices do not pay.
    type_
        Vehicle type, -1 for leaving the order (only one) out.
    visits
        Flat ``(entries, n)``: orders in sequence.
    used, following
        Entries in use; the next one whose first order is the same, -1 for none.
    entries
        Number of entries in use.
    head, dual, least
        By order: first entry with it as first order; dual price; least share left by a route.
    covered, value, cursor, chosen, best
        By depth of the branching.
    idle
        By type: vehicles.
    """

    mask: Int64
    price: Int64
    left: Int64
    type_: Int32
    visits: Int32
    used: Int32
    following: Int32
    entries: Int64
    head: Int32
    dual: Int64
    least: Int64
    covered: Int64
    value: Int64
    cursor: Int32
    chosen: Int32
    best: Int32
    idle: Int64


def seen_nothing(t: Tables, s: State) -> Seen:
    """An empty table."""
    n = int(t.size[N])
    return Seen(
        mask=np.zeros(ENTRIES, dtype=np.int64),
        price=np.empty(ENTRIES, dtype=np.int64),
        left=np.empty(ENTRIES, dtype=np.int64),
        type_=np.empty(ENTRIES, dtype=np.int32),
        visits=np.empty(ENTRIES * n, dtype=np.int32),
        used=np.empty(ENTRIES, dtype=np.int32),
        following=np.empty(ENTRIES, dtype=np.int32),
        entries=np.zeros(1, dtype=np.int64),
        head=np.empty(n, dtype=np.int32),
        dual=np.zeros(n, dtype=np.int64),
        least=np.empty(n, dtype=np.int64),
        covered=np.zeros(n + 1, dtype=np.int64),
        value=np.zeros(n + 1, dtype=np.int64),
        cursor=np.empty(n + 1, dtype=np.int32),
        chosen=np.empty(n + 1, dtype=np.int32),
        best=np.empty(n + 1, dtype=np.int32),
        idle=s.idle.copy(),
    )


@jit
def anneal_noting(t: Tables, s: State, seen: Seen, rounds: int, hot: float, cold: float) -> None:
    """As ``anneal``, noting every route on the way, those of refused solutions too."""
    cooling = (cold / hot) ** (1.0 / max(rounds, 1))
    temperature = hot
    for _ in range(rounds):
        cost, served, lost = s.number[COST], s.number[SERVED], s.number[LOST]
        attempt(t, s, temperature)
        if s.number[BROKEN] == 0:
            for h in range(s.number[TOUCHED]):
                _note(t, s, seen, s.touched[h])
        judge(t, s, temperature, cost, served, lost)
        temperature *= cooling


@jit
def note_all(t: Tables, s: State, seen: Seen) -> None:
    """Note the current routes, and leaving out each order."""
    for slot in range(t.size[SLOTS]):
        _note(t, s, seen, slot)
    for c in range(t.size[N]):
        k = _entry(seen, 1 << c)
        if seen.mask[k] == 0 or t.outside[c] < seen.price[k]:
            _enter(seen, k, 1 << c)
            seen.price[k], seen.type_[k] = t.outside[c], -1
            seen.visits[k * t.size[N]] = c


@inline
def _entry(seen: Seen, mask: int) -> int:
    """Where a set of orders is, or would be."""
    k = as_int((unsigned(mask) * SPREAD) >> SHIFT)
    while seen.mask[k] != 0 and seen.mask[k] != mask:
        k = (k + 1) & (ENTRIES - 1)
    return k


@inline
def _enter(seen: Seen, k: int, mask: int) -> None:
    if seen.mask[k] == 0:
        seen.mask[k] = mask
        seen.used[seen.entries[0]] = k
        seen.entries[0] += 1


@jit
def _note(t: Tables, s: State, seen: Seen, slot: int) -> None:
    """Note the route of a slot where it is new or cheaper than any with the same orders."""
    n = t.size[N]
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    if type_ < 0:
        return
    mask = 0
    x = s.node[((n + 2 * slot) << NODE_SHIFT) + NEXT]
    while x < n:
        mask |= 1 << x
        x = s.node[(x << NODE_SHIFT) + NEXT]
    k = _entry(seen, mask)
    if seen.mask[k] == 0 and seen.entries[0] >= FULL:
        return
    price = price_as(t, s, slot, type_)
    if price >= INFINITE or (seen.mask[k] != 0 and price >= seen.price[k]):
        return
    _enter(seen, k, mask)
    seen.price[k], seen.type_[k] = price, type_
    at = k * n
    x = s.node[((n + 2 * slot) << NODE_SHIFT) + NEXT]
    while x < n:
        seen.visits[at] = x
        at += 1
        x = s.node[(x << NODE_SHIFT) + NEXT]


@jit
def best_mix(t: Tables, s: State, seen: Seen) -> int:
    """Number of entries in ``seen.best`` that together are cheaper than the best solution; 0 where none are."""
    n = t.size[N]
    for h in range(seen.entries[0]):
        k = seen.used[h]
        seen.left[k] = seen.price[k]
    for _ in range(GENTLE):
        _ascend_gently(seen, n)
    _ascend(seen, n)
    gap = s.number[BEST]
    for c in range(n):
        gap -= seen.dual[c]
    if gap <= 0:
        return 0
    _chain(seen, n, gap)
    return _branch(seen, n, gap)


@inline
def _ascend_gently(seen: Seen, n: int) -> None:
    """Raise each order's price by the least share that a route with it leaves: no route gets overpaid."""
    for c in range(n):
        seen.least[c] = INFINITE
    for h in range(seen.entries[0]):
        k = seen.used[h]
        share = seen.left[k] // _size(seen.mask[k])
        mask = seen.mask[k]
        while mask:
            c = _lowest(mask)
            seen.least[c] = min(seen.least[c], share)
            mask &= mask - 1
    for c in range(n):
        seen.dual[c] += seen.least[c]
    for h in range(seen.entries[0]):
        k = seen.used[h]
        mask = seen.mask[k]
        while mask:
            seen.left[k] -= seen.least[_lowest(mask)]
            mask &= mask - 1


@inline
def _ascend(seen: Seen, n: int) -> None:
    """Raise one order's price after another by all that its routes leave."""
    for c in range(n):
        least = INFINITE
        for h in range(seen.entries[0]):
            k = seen.used[h]
            if seen.mask[k] >> c & 1:
                least = min(least, seen.left[k])
        seen.dual[c] += least
        for h in range(seen.entries[0]):
            k = seen.used[h]
            if seen.mask[k] >> c & 1:
                seen.left[k] -= least


@inline
def _size(mask: int) -> int:
    count = 0
    while mask:
        mask &= mask - 1
        count += 1
    return count


@inline
def _lowest(mask: int) -> int:
    """Number of the lowest bit set."""
    c = 0
    while mask >> c & 1 == 0:
        c += 1
    return c


@inline
def _chain(seen: Seen, n: int, gap: int) -> None:
    """Lists of the routes that a better mix may have, by their first order."""
    for c in range(n):
        seen.head[c] = -1
    for h in range(seen.entries[0]):
        k = seen.used[h]
        if seen.left[k] < gap:
            c = _lowest(seen.mask[k])
            seen.following[k] = seen.head[c]
            seen.head[c] = k


@inline
def _branch(seen: Seen, n: int, gap: int) -> int:
    """Depth first over the routes with the first order not yet covered."""
    everything = (1 << n) - 1
    depth, length = 0, 0
    seen.cursor[0] = seen.head[0]
    for _ in range(STEPS):
        k = seen.cursor[depth]
        if k < 0:
            depth -= 1
            if depth < 0:
                break
            type_ = seen.type_[seen.chosen[depth]]
            if type_ >= 0:
                seen.idle[type_] += 1
            continue
        seen.cursor[depth] = seen.following[k]
        value = seen.value[depth] + seen.left[k]
        type_ = seen.type_[k]
        if seen.mask[k] & seen.covered[depth] or value >= gap or (type_ >= 0 and seen.idle[type_] <= 0):
            continue
        seen.chosen[depth] = k
        covered = seen.covered[depth] | seen.mask[k]
        if covered == everything:
            gap, length = value, depth + 1
            for d in range(length):
                seen.best[d] = seen.chosen[d]
            continue
        if type_ >= 0:
            seen.idle[type_] -= 1
        depth += 1
        seen.covered[depth], seen.value[depth] = covered, value
        seen.cursor[depth] = seen.head[_lowest(~covered)]
    return length
