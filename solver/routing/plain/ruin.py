"""Taking orders out: strings of neighbouring routes (SISR; Christiaens, Vanden Berghe 2020)."""

from solver.routing.plain.layout import (
    BROKEN,
    FOCUS,
    NEAR,
    NEXT,
    NODE_SHIFT,
    PREV,
    REMOVED,
    ROUND,
    SERVED,
    SIZE,
    SLOT,
    SLOT_SHIFT,
    SLOTS,
    STAMP,
    USED,
    WORK,
    N,
    State,
    Tables,
    as_int,
    draw,
    inline,
)
from solver.routing.plain.routes import cut, retime, touch

STRING = 10.0
"""Longest string."""
SPLIT = 0.5
"""Share of strings that leave some orders in their middle where they are."""
DEEPER = 0.01
"""Chance that one more order is left in the middle."""
ABSENT = 12
"""Most absent orders that are tried again in a round."""

STAY = 300
"""Rounds near one place."""


@inline
def ruin(t: Tables, s: State) -> None:
    """Take strings out of routes near a random order; the work list then holds them and absent orders nearby."""
    n, near, absent = t.size[N], t.size[NEAR], t.size[SLOTS]
    s.number[WORK] = 0
    seed = _seed(t, s)
    longest, strings = _sizes(t, s)
    waiting = 0
    for k in range(seed * near, seed * near + near):
        x = as_int(t.near[k])
        slot = s.node[(x << NODE_SHIFT) + SLOT]
        if slot == absent:
            if s.mark[x] != s.number[ROUND] and waiting < ABSENT:
                enlist(s, x)
                waiting += 1
        elif strings > 0 and s.slot[(slot << SLOT_SHIFT) + STAMP] != s.number[ROUND]:
            size = as_int(s.slot[(slot << SLOT_SHIFT) + SIZE])
            count = as_int(draw(s.random) * min(longest, size)) + 1
            remove_string(t, s, slot, x, min(count, size))
            strings -= 1
        if strings <= 0 and (k - seed * near > 3 * ABSENT or s.number[SERVED] + s.number[WORK] >= n):
            break
        if s.number[BROKEN]:
            return


@inline
def _seed(t: Tables, s: State) -> int:
    """The order that a ruin begins with: for a while all near one place, so that what is needed stays in the caches."""
    n, near = t.size[N], t.size[NEAR]
    if near == n:
        return as_int(draw(s.random) * n)
    if s.number[ROUND] % STAY == 0:
        s.number[FOCUS] = as_int(draw(s.random) * n)
    return as_int(t.near[s.number[FOCUS] * near + as_int(draw(s.random) * near)])


@inline
def _sizes(t: Tables, s: State) -> tuple[float, int]:
    """Longest string of this round, and how many."""
    mean = s.number[SERVED] / max(s.number[USED], 1)
    longest = max(min(STRING, mean), 1.0)
    most = 0.4 * t.size[REMOVED] / (1.0 + longest) - 1.0
    return longest, as_int(draw(s.random) * max(most, 0.0) + 1.0)


@inline
def enlist(s: State, x: int) -> None:
    """Put an order on the work list."""
    s.work[s.number[WORK]] = x
    s.number[WORK] += 1
    s.mark[x] = s.number[ROUND]


@inline
def remove_string(t: Tables, s: State, slot: int, x: int, count: int) -> None:
    """Take out ``count`` orders around ``x``, in one run or in two with some left between them."""
    size = s.slot[(slot << SLOT_SHIFT) + SIZE]
    left = 0
    if count > 1 and size > count and draw(s.random) < SPLIT:
        left = 1
        while count + left < size and draw(s.random) < DEEPER:
            left += 1
    touch(t, s, slot)
    first = _first(t, s, x, count + left)
    before = s.node[(first << NODE_SHIFT) + PREV]
    head = count if left == 0 else 1 + as_int(draw(s.random) * (count - 1))
    _note_run(s, first, head)
    after = cut(t, s, slot, first, head)
    if left:
        for _ in range(left):
            after = s.node[(after << NODE_SHIFT) + NEXT]
        _note_run(s, after, count - head)
        after = cut(t, s, slot, after, count - head)
    retime(t, s, slot, before, after)


@inline
def _note_run(s: State, x: int, count: int) -> None:
    for _ in range(count):
        enlist(s, x)
        x = s.node[(x << NODE_SHIFT) + NEXT]


@inline
def _first(t: Tables, s: State, x: int, total: int) -> int:
    """Where a string of ``total`` orders that holds ``x`` begins, drawn among the possible ones."""
    n = t.size[N]
    behind = 0
    y = x
    while behind < total - 1 and s.node[(y << NODE_SHIFT) + PREV] < n:
        y = s.node[(y << NODE_SHIFT) + PREV]
        behind += 1
    ahead = 0
    z = x
    while ahead < total - 1 and s.node[(z << NODE_SHIFT) + NEXT] < n:
        z = s.node[(z << NODE_SHIFT) + NEXT]
        ahead += 1
    least = total - 1 - ahead
    for _ in range(behind - least - as_int(draw(s.random) * (behind - least + 1))):
        y = s.node[(y << NODE_SHIFT) + NEXT]
    return y


@inline
def recall_lost(t: Tables, s: State) -> None:
    """Put mandatory orders that nobody serves on the work list."""
    n, absent = t.size[N], t.size[SLOTS]
    x = as_int(draw(s.random) * n)
    found = 0
    for _ in range(n):
        x = x + 1 if x + 1 < n else 0
        if s.node[(x << NODE_SHIFT) + SLOT] == absent and t.mandatory[x] and s.mark[x] != s.number[ROUND]:
            enlist(s, x)
            found += 1
            if found == ABSENT:
                return
