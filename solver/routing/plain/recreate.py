"""Putting orders back: greedy insertion with blinks, in random kinds of order (SISR)."""

import numpy as np

from solver.routing.plain.layout import (
    ARC,
    BASE_SHIFT,
    CLASS,
    DIMENSIONS,
    EASY,
    FREE_OF_TIME,
    GENERAL,
    HEAD_D,
    INFINITE,
    KEYS,
    LATE,
    LEAVE,
    LIST,
    LONGEST,
    MODE,
    NEXT,
    NEXT_ROW,
    NODE_SHIFT,
    PREV,
    PREV_ROW,
    SERVE,
    SLOT,
    SLOT_SHIFT,
    SPAN_SHIFT,
    SPANS,
    TAIL_D,
    TYPE,
    TYPE_SHIFT,
    TYPES,
    WIDTH,
    WORK,
    N,
    State,
    Tables,
    as_int,
    draw,
    inline,
    jit,
    unsigned,
)
from solver.routing.plain.routes import hours_price, insert, join, open_slot

BLINK = 0.01
"""Chance that a position is overlooked."""
OTHER_TYPE = 0.2
"""Chance that the next cheapest type is taken for an order on a vehicle of its own."""
WEIGHTS = (4.0, 8.0, 10.0, 11.0, 13.0, 15.0, 17.0)
"""Running sums of how often orders are sorted at random, by load, far first, near first, narrow, early, late first."""


_SHIFT, _ONE, _TWO = unsigned(NODE_SHIFT), unsigned(1), unsigned(2)
_NEXT, _NEXT_ROW, _ARC, _SLOT = unsigned(NEXT), unsigned(NEXT_ROW), unsigned(ARC), unsigned(SLOT)
_LEAVE, _LATE, _PREV, _PREV_ROW = unsigned(LEAVE), unsigned(LATE), unsigned(PREV), unsigned(PREV_ROW)


@inline
def recreate(t: Tables, s: State, temperature: float) -> None:
    """Insert the work list where it is cheapest; an order stays out where that is cheaper."""
    arrange(t, s)
    n = t.size[N]
    mode = t.size[MODE]
    ease = draw(s.random) if 1_000 * draw(s.random) < t.size[EASY] else 1.0
    for k in range(s.number[WORK]):
        c = s.work[k]
        limit = t.outside[c]
        if not t.mandatory[c]:
            limit -= as_int(temperature * np.log(max(draw(s.random), 1e-300)))
        type_, best = _own(t, s, c)
        best = as_int(ease * best)
        if best >= limit:
            best, type_ = limit, -1
        if mode == FREE_OF_TIME:
            at = scan_free(t, s, c, best)
        elif mode == GENERAL:
            at = scan_general(t, s, c, best)
        else:
            at = scan_timed(t, s, c, best)
        if at >= 0:
            insert(t, s, c, at)
        elif type_ >= 0:
            insert(t, s, c, n + 2 * open_slot(t, s, type_))


@inline
def arrange(t: Tables, s: State) -> None:
    """Sort the work list by a kind of order drawn at random."""
    n, kinds, count = t.size[N], t.size[KEYS], s.number[WORK]
    pick = draw(s.random) * WEIGHTS[kinds - 1]
    kind = 0
    while pick >= WEIGHTS[kind]:
        kind += 1
    for k in range(count):
        x = s.work[k]
        key = as_int(t.keys[kind * n + x]) if kind else as_int(draw(s.random) * 1e9)
        j = k
        while j > 0 and s.rank[j - 1] > key:
            s.rank[j], s.work[j] = s.rank[j - 1], s.work[j - 1]
            j -= 1
        s.rank[j], s.work[j] = key, x


@inline
def _own(t: Tables, s: State, c: int) -> tuple[int, int]:
    """The cheapest idle vehicle for an order of its own, and its price."""
    n, types = t.size[N], t.size[TYPES]
    for k in range(c * types, c * types + types):
        type_ = t.own[k]
        if s.idle[type_] > 0:
            if types > 1 and k + 1 < c * types + types and draw(s.random) < OTHER_TYPE:
                continue
            price = t.alone[type_ * n + c]
            return (type_, price) if price < INFINITE else (-1, INFINITE)
    return -1, INFINITE


@inline
def scan_free(t: Tables, s: State, c: int, best: int) -> int:
    """Node after which an order fits for less than ``best``, -1 for none; nothing but one load binds."""
    node, room, lists = s.node, s.room, t.before
    row = c * t.size[WIDTH]
    out, in_ = t.cost_out[row:], t.cost_in[row:]
    need = t.load[c]
    found = unsigned(0)
    limit = best
    first = unsigned(2 * c * t.size[LIST])
    for k in range(first, first + unsigned(2 * t.listed[c]), _TWO):
        i = unsigned(lists[k])
        at = i << _SHIFT
        if room[unsigned(node[at + _SLOT])] < need:
            continue
        delta = lists[k + _ONE] + out[unsigned(node[at + _NEXT_ROW])] - node[at + _ARC]
        if delta < best and draw(s.random) >= BLINK:
            best, found = delta, i
        p = unsigned(node[at + _PREV])
        delta = out[i] + in_[unsigned(node[at + _PREV_ROW])] - node[(p << _SHIFT) + _ARC]
        if delta < best and draw(s.random) >= BLINK:
            best, found = delta, p
    return as_int(found) if best < limit else -1


@inline
def scan_timed(t: Tables, s: State, c: int, best: int) -> int:
    """As ``scan_free``, with windows."""
    node, room = s.node, s.room
    row = c * t.size[WIDTH]
    out, time_out, time_in = t.cost_out[row:], t.time_out[row:], t.time_in[row:]
    need = t.load[c]
    opens, closes, serve = t.window[2 * c], t.window[2 * c + 1], s.base[(c << BASE_SHIFT) + SERVE]
    found = unsigned(0)
    limit = best
    n, first = t.size[N], unsigned(2 * c * t.size[LIST])
    lists = t.before
    for k in range(first, first + unsigned(2 * t.listed[c]), _TWO):
        i = unsigned(lists[k])
        at = i << _SHIFT
        next_row = unsigned(node[at + _NEXT_ROW])
        delta = lists[k + _ONE] + out[next_row] - node[at + _ARC]
        if delta < best and room[unsigned(node[at + _SLOT])] >= need:
            now = max(node[at + _LEAVE] + time_in[i], opens)
            if now <= closes:
                q = unsigned(node[at + _NEXT])
                if now + serve + time_out[next_row] <= node[(q << _SHIFT) + _LATE] and draw(s.random) >= BLINK:
                    best, found = delta, i
    lists, in_ = t.after, t.cost_in[row:]
    for k in range(first, first + unsigned(2 * t.listed[n + c]), _TWO):
        i = unsigned(lists[k])
        at = i << _SHIFT
        p = unsigned(node[at + _PREV]) << _SHIFT
        prev_row = unsigned(node[at + _PREV_ROW])
        delta = lists[k + _ONE] + in_[prev_row] - node[p + _ARC]
        if delta < best and room[unsigned(node[at + _SLOT])] >= need:
            now = max(node[p + _LEAVE] + time_in[prev_row], opens)
            if now <= closes and now + serve + time_out[i] <= node[at + _LATE] and draw(s.random) >= BLINK:
                best, found = delta, p >> _SHIFT
    return as_int(found) if best < limit else -1


@jit
def scan_general(t: Tables, s: State, c: int, best: int) -> int:
    """As ``scan_timed``, with several loads, vehicle types that differ, and priced or limited durations."""
    n, first = t.size[N], 2 * c * t.size[LIST]
    found = -1
    for k in range(first, first + 2 * t.listed[c], 2):
        p = as_int(t.before[k])
        if fits(t, s, c, p):
            delta = trial(t, s, c, p, best)
            if delta < best and draw(s.random) >= BLINK:
                best, found = delta, p
    for k in range(first, first + 2 * t.listed[n + c], 2):
        q = as_int(t.after[k])
        if fits(t, s, c, q):
            p = as_int(s.node[(q << NODE_SHIFT) + PREV])
            delta = trial(t, s, c, p, best)
            if delta < best and draw(s.random) >= BLINK:
                best, found = delta, p
    return found


@inline
def fits(t: Tables, s: State, c: int, x: int) -> bool:
    """Whether the route of node ``x`` has the room and the right for an order."""
    slot = s.node[(x << NODE_SHIFT) + SLOT]
    dimensions = t.size[DIMENSIONS]
    for d in range(dimensions):
        if s.room[slot * dimensions + d] < t.load[c * dimensions + d]:
            return False
    return bool(t.allowed[s.slot[(slot << SLOT_SHIFT) + TYPE] * t.size[N] + c])


@inline
def trial(t: Tables, s: State, c: int, p: int, best: int) -> int:
    """Price of an order after node ``p``, ``INFINITE`` where it is infeasible or its way alone costs ``best``."""
    at = p << NODE_SHIFT
    type_ = s.slot[(s.node[at + SLOT] << SLOT_SHIFT) + TYPE]
    width = t.size[WIDTH]
    row = (t.types[(type_ << TYPE_SHIFT) + CLASS] * width + c) * width
    next_row = s.node[at + NEXT_ROW]
    q = s.node[at + NEXT]
    p_row = s.node[(q << NODE_SHIFT) + PREV_ROW]
    delta = t.cost_in[row + p_row] + t.cost_out[row + next_row] - s.node[at + ARC] + t.extra[type_ * t.size[N] + c]
    if delta >= best:
        return INFINITE
    opens, closes = t.window[2 * c], t.window[2 * c + 1]
    leg_in, leg_out = t.time_in[row + p_row], t.time_out[row + next_row] + s.base[(c << BASE_SHIFT) + SERVE]
    now = max(s.node[at + LEAVE] + leg_in, opens)
    if now > closes or now + leg_out > s.node[(q << NODE_SHIFT) + LATE]:
        return INFINITE
    if t.size[SPANS] == 0:
        return as_int(delta)
    return as_int(delta) + _longer(
        t, s, type_, p, q, leg_in + s.base[(p << BASE_SHIFT) + SERVE], leg_out, opens, closes
    )


@inline
def _longer(t: Tables, s: State, type_: int, p: int, q: int, leg_in: int, leg_out: int, opens: int, closes: int) -> int:
    """Price of the time that an order between two nodes adds, ``INFINITE`` where the route gets too long."""
    a, b = (p << SPAN_SHIFT) + HEAD_D, (q << SPAN_SHIFT) + TAIL_D
    d, e, u = join(s.span[a], s.span[a + 1], s.span[a + 2], leg_in, 0, opens, closes)
    new, _, _ = join(d, e, u, leg_out, s.span[b], s.span[b + 1], s.span[b + 2])
    if new > t.types[(type_ << TYPE_SHIFT) + LONGEST]:
        return INFINITE
    x = t.size[N] + 2 * s.node[(p << NODE_SHIFT) + SLOT]
    old = s.span[(x << SPAN_SHIFT) + TAIL_D]
    return hours_price(t, type_, new) - hours_price(t, type_, old)
