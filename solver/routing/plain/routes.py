"""Changing routes: linking, times, the log of what was, opening and closing slots."""

import numpy as np

from solver.routing.plain.layout import (
    ARC,
    BASE_SHIFT,
    BROKEN,
    CLASS,
    CLOSE,
    COST,
    DIMENSIONS,
    FIXED,
    FREE_OF_TIME,
    GENERAL,
    HEAD_D,
    LATE,
    LEAVE,
    LEG,
    LOG_LEG,
    LOG_NODE,
    LOG_SHIFT,
    LOGGED,
    LONGEST,
    LOST,
    MODE,
    NEXT,
    NEXT_ROW,
    NODE_SHIFT,
    OPEN,
    PREV,
    PREV_ROW,
    RETYPE,
    ROUND,
    ROW,
    SERVE,
    SERVED,
    SHIFT_CLOSE,
    SHIFT_OPEN,
    SIZE,
    SLOT,
    SLOT_SHIFT,
    SLOTS,
    SPAN_SHIFT,
    SPANS,
    STAMP,
    START_ROW,
    TAIL_D,
    TOUCHED,
    TYPE,
    TYPE_SHIFT,
    USED,
    WIDTH,
    N,
    State,
    Tables,
    as_int,
    inline,
    jit,
)


@inline
def touch(t: Tables, s: State, slot: int) -> None:
    """Log a slot before its first change in this round."""
    if s.slot[(slot << SLOT_SHIFT) + STAMP] == s.number[ROUND]:
        return
    s.slot[(slot << SLOT_SHIFT) + STAMP] = s.number[ROUND]
    dimensions = t.size[DIMENSIONS]
    h = s.number[TOUCHED]
    s.touched[h] = slot
    at = h * (2 + dimensions)
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    s.kept[at] = type_
    s.kept[at + 1] = s.slot[(slot << SLOT_SHIFT) + SIZE]
    for d in range(dimensions):
        s.kept[at + 2 + d] = s.room[slot * dimensions + d]
    logged = s.number[LOGGED]
    if type_ >= 0:
        x = t.size[N] + 2 * slot
        last = x + 1
        while True:
            _log(s, logged, x)
            logged += 1
            if x == last:
                break
            x = s.node[(x << NODE_SHIFT) + NEXT]
    s.number[LOGGED] = logged
    s.logged[h] = logged
    s.number[TOUCHED] = h + 1


@inline
def _log(s: State, at: int, x: int) -> None:
    to, source = np.uint64(at << LOG_SHIFT), np.uint64(x << NODE_SHIFT)
    for f in range(8):
        s.log[to + np.uint64(f)] = s.node[source + np.uint64(f)]
    s.log[to + np.uint64(LOG_NODE)] = x
    s.log[to + np.uint64(LOG_LEG)] = s.base[(x << BASE_SHIFT) + LEG]


@inline
def restore(t: Tables, s: State, cost: int, served: int, lost: int, work: int) -> None:
    """Undo this round: slots as logged, the first ``work`` orders of the work list absent unless logged otherwise."""
    dimensions = t.size[DIMENSIONS]
    for k in range(work):
        s.node[(s.work[k] << NODE_SHIFT) + SLOT] = t.size[SLOTS]
    begin = 0
    for h in range(s.number[TOUCHED]):
        slot = s.touched[h]
        at = h * (2 + dimensions)
        _retire(s, slot)
        _enlist(s, slot, s.kept[at])
        s.slot[(slot << SLOT_SHIFT) + SIZE] = s.kept[at + 1]
        for d in range(dimensions):
            s.room[slot * dimensions + d] = s.kept[at + 2 + d]
        for k in range(begin, s.logged[h]):
            _unlog(s, k)
        begin = s.logged[h]
        if t.size[RETYPE] and s.kept[at] >= 0:
            base_ends(t, s, slot, s.kept[at])
        if t.size[SPANS] and s.kept[at] >= 0:
            respan(t, s, slot)
    s.number[COST] = cost
    s.number[SERVED] = served
    s.number[LOST] = lost


@inline
def _unlog(s: State, at: int) -> None:
    source = np.uint64(at << LOG_SHIFT)
    x = s.log[source + np.uint64(LOG_NODE)]
    to = np.uint64(x << NODE_SHIFT)
    for f in range(8):
        s.node[to + np.uint64(f)] = s.log[source + np.uint64(f)]
    s.base[(x << BASE_SHIFT) + LEG] = s.log[source + np.uint64(LOG_LEG)]


@inline
def _retire(s: State, slot: int) -> None:
    """A slot out of use, its vehicle idle."""
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    if type_ < 0:
        return
    s.idle[type_] += 1
    s.slot[(slot << SLOT_SHIFT) + TYPE] = -1
    last = s.number[USED] - 1
    at, other = s.where[slot], s.order[last]
    s.order[at], s.order[last] = other, slot
    s.where[other], s.where[slot] = at, last
    s.number[USED] = last


@inline
def _enlist(s: State, slot: int, type_: int) -> None:
    """A slot in use with a vehicle type; nothing for type -1."""
    if type_ < 0:
        return
    s.idle[type_] -= 1
    s.slot[(slot << SLOT_SHIFT) + TYPE] = type_
    first = s.number[USED]
    at, other = s.where[slot], s.order[first]
    s.order[at], s.order[first] = other, slot
    s.where[other], s.where[slot] = at, first
    s.number[USED] = first + 1


@jit
def open_slot(t: Tables, s: State, type_: int) -> int:
    """A slot with an empty route of a type; its fixed price is added."""
    slot = s.order[s.number[USED]]
    touch(t, s, slot)
    _enlist(s, slot, type_)
    dress(t, s, slot, type_)
    s.slot[(slot << SLOT_SHIFT) + SIZE] = 0
    dimensions = t.size[DIMENSIONS]
    for d in range(dimensions):
        s.room[slot * dimensions + d] = t.capacity[type_ * dimensions + d]
    begin = t.size[N] + 2 * slot
    link(t, s, begin, begin + 1, t.types[(type_ << TYPE_SHIFT) + CLASS])
    s.number[COST] += t.types[(type_ << TYPE_SHIFT) + FIXED]
    if t.size[SPANS]:
        respan(t, s, slot)
        s.number[COST] += hours_price(t, type_, s.span[((begin + 1) << SPAN_SHIFT) + HEAD_D])
    return as_int(slot)


@jit
def base_ends(t: Tables, s: State, slot: int, type_: int) -> None:
    """What the ends of a slot have from its type and keep whatever is served: rows and shift."""
    at = type_ << TYPE_SHIFT
    for side in range(2):
        x = (t.size[N] + 2 * slot + side) << BASE_SHIFT
        s.base[x + OPEN] = t.types[at + SHIFT_OPEN]
        s.base[x + CLOSE] = t.types[at + SHIFT_CLOSE]
        s.base[x + ROW] = t.types[at + START_ROW + side]


@jit
def dress(t: Tables, s: State, slot: int, type_: int) -> None:
    """Give the ends of a slot the depots and the shift of a type."""
    base_ends(t, s, slot, type_)
    at = type_ << TYPE_SHIFT
    begin = t.size[N] + 2 * slot
    opens, closes = t.types[at + SHIFT_OPEN], t.types[at + SHIFT_CLOSE]
    for side in range(2):
        x = begin + side
        s.node[(x << NODE_SHIFT) + SLOT] = slot
        s.node[(x << NODE_SHIFT) + LEAVE] = opens
        s.node[(x << NODE_SHIFT) + LATE] = closes


@jit
def close_slot(t: Tables, s: State, slot: int) -> None:
    """An empty route goes; its begin and end are the only nodes left, so its arc goes too."""
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    begin = t.size[N] + 2 * slot
    s.number[COST] -= t.types[(type_ << TYPE_SHIFT) + FIXED] + s.node[(begin << NODE_SHIFT) + ARC]
    if t.size[SPANS]:
        s.number[COST] -= hours_price(t, type_, s.span[((begin + 1) << SPAN_SHIFT) + HEAD_D])
    _retire(s, slot)


@inline
def link(t: Tables, s: State, p: int, q: int, class_: int) -> None:
    """Make ``q`` the successor of ``p``; the price of the arc is added."""
    width = t.size[WIDTH]
    from_row, to_row = s.base[(p << BASE_SHIFT) + ROW], s.base[(q << BASE_SHIFT) + ROW]
    at = (class_ * width + from_row) * width + to_row
    s.node[(p << NODE_SHIFT) + NEXT] = q
    s.node[(p << NODE_SHIFT) + NEXT_ROW] = to_row
    s.node[(p << NODE_SHIFT) + ARC] = t.cost_out[at]
    s.node[(q << NODE_SHIFT) + PREV] = p
    s.node[(q << NODE_SHIFT) + PREV_ROW] = from_row
    s.number[COST] += t.cost_out[at]
    if t.size[MODE] != FREE_OF_TIME:
        s.base[(p << BASE_SHIFT) + LEG] = t.time_out[at]


@inline
def earlier(s: State, x: int) -> None:
    """Earliest times from node ``x`` on, until nothing changes."""
    p = s.node[(x << NODE_SHIFT) + PREV]
    now = s.node[(p << NODE_SHIFT) + LEAVE]
    leg = s.base[(p << BASE_SHIFT) + LEG]
    while True:
        at = x << BASE_SHIFT
        now = max(now + leg, s.base[at + OPEN]) + s.base[at + SERVE]
        if now == s.node[(x << NODE_SHIFT) + LEAVE]:
            return
        s.node[(x << NODE_SHIFT) + LEAVE] = now
        y = s.node[(x << NODE_SHIFT) + NEXT]
        if x == y:
            return
        leg = s.base[at + LEG]
        x = y


@inline
def later(s: State, x: int) -> None:
    """Latest begins from node ``x`` back, until nothing changes."""
    now = s.node[(s.node[(x << NODE_SHIFT) + NEXT] << NODE_SHIFT) + LATE]
    while True:
        at = x << BASE_SHIFT
        now = min(now - s.base[at + LEG] - s.base[at + SERVE], s.base[at + CLOSE])
        if now == s.node[(x << NODE_SHIFT) + LATE]:
            return
        s.node[(x << NODE_SHIFT) + LATE] = now
        p = s.node[(x << NODE_SHIFT) + PREV]
        if x == p:
            return
        x = p


@inline
def between(s: State, p: int, q: int) -> None:
    """Times of all nodes between ``p`` and ``q``, from those of the two."""
    x = p
    while s.node[(x << NODE_SHIFT) + NEXT] != q:
        now = s.node[(x << NODE_SHIFT) + LEAVE] + s.base[(x << BASE_SHIFT) + LEG]
        x = s.node[(x << NODE_SHIFT) + NEXT]
        at = x << BASE_SHIFT
        s.node[(x << NODE_SHIFT) + LEAVE] = max(now, s.base[at + OPEN]) + s.base[at + SERVE]
    x = q
    while s.node[(x << NODE_SHIFT) + PREV] != p:
        now = s.node[(x << NODE_SHIFT) + LATE]
        x = s.node[(x << NODE_SHIFT) + PREV]
        at = x << BASE_SHIFT
        now -= s.base[at + LEG] + s.base[at + SERVE]
        s.node[(x << NODE_SHIFT) + LATE] = min(now, s.base[at + CLOSE])


@jit
def retime_all(s: State, begin: int) -> None:
    """All times of a route whose ends are right."""
    between(s, begin, begin + 1)
    earlier(s, begin + 1)
    later(s, begin)


@jit
def respan(t: Tables, s: State, slot: int) -> None:
    """Durations of all heads and tails of a route (Vidal et al. 2014, concatenation of segments)."""
    begin = t.size[N] + 2 * slot
    x = begin
    d, e, u = 0, s.base[(x << BASE_SHIFT) + OPEN], s.base[(x << BASE_SHIFT) + CLOSE]
    _note(s, x, HEAD_D, d, e, u)
    while x != begin + 1:
        leg = s.base[(x << BASE_SHIFT) + LEG] + s.base[(x << BASE_SHIFT) + SERVE]
        x = s.node[(x << NODE_SHIFT) + NEXT]
        d, e, u = join(d, e, u, leg, 0, s.base[(x << BASE_SHIFT) + OPEN], s.base[(x << BASE_SHIFT) + CLOSE])
        _note(s, x, HEAD_D, d, e, u)
    d, e, u = 0, s.base[(x << BASE_SHIFT) + OPEN], s.base[(x << BASE_SHIFT) + CLOSE]
    _note(s, x, TAIL_D, d, e, u)
    while x != begin:
        x = s.node[(x << NODE_SHIFT) + PREV]
        leg = s.base[(x << BASE_SHIFT) + LEG] + s.base[(x << BASE_SHIFT) + SERVE]
        d, e, u = join(0, s.base[(x << BASE_SHIFT) + OPEN], s.base[(x << BASE_SHIFT) + CLOSE], leg, d, e, u)
        _note(s, x, TAIL_D, d, e, u)


@inline
def _note(s: State, x: int, field: int, d: int, e: int, u: int) -> None:
    at = (x << SPAN_SHIFT) + field
    s.span[at], s.span[at + 1], s.span[at + 2] = d, e, u


@inline
def join(d1: int, e1: int, u1: int, leg: int, d2: int, e2: int, u2: int) -> tuple[int, int, int]:
    """Duration, earliest and latest start of two feasible segments with a leg between them."""
    reach = d1 + leg
    wait = max(e2 - reach - u1, 0)
    late = max(e1 + reach - u2, 0)
    return reach + d2 + wait, max(e2 - reach, e1) - wait, min(u2 - reach, u1) + late


@inline
def hours_price(t: Tables, type_: int, duration: int) -> int:
    """What a route of a duration costs for its time."""
    return as_int(duration * t.hour[type_] + 0.5)


@inline
def settle(t: Tables, s: State, slot: int) -> None:
    """After a change of a route whose time costs money or is limited: new durations and their price."""
    if t.size[SPANS] == 0:
        return
    begin = t.size[N] + 2 * slot
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    old = s.span[((begin + 1) << SPAN_SHIFT) + HEAD_D]
    respan(t, s, slot)
    new = s.span[((begin + 1) << SPAN_SHIFT) + HEAD_D]
    s.number[COST] += hours_price(t, type_, new) - hours_price(t, type_, old)
    if new > t.types[(type_ << TYPE_SHIFT) + LONGEST]:
        s.number[BROKEN] = 1


@inline
def cut(t: Tables, s: State, slot: int, first: int, count: int) -> int:
    """Take ``count`` orders out of a route from ``first`` on; returns the node after them. Times stay as they are."""
    dimensions, absent = t.size[DIMENSIONS], t.size[SLOTS]
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    p = s.node[(first << NODE_SHIFT) + PREV]
    saved = as_int(s.node[(p << NODE_SHIFT) + ARC])
    x = first
    for _ in range(count):
        at = x << NODE_SHIFT
        saved += s.node[at + ARC] - t.outside[x]
        s.node[at + SLOT] = absent
        s.number[LOST] += t.mandatory[x]
        for d in range(dimensions):
            s.room[slot * dimensions + d] += t.load[x * dimensions + d]
        if t.size[MODE] == GENERAL:
            saved += t.extra[type_ * t.size[N] + x]
        x = s.node[at + NEXT]
    s.slot[(slot << SLOT_SHIFT) + SIZE] -= count
    s.number[SERVED] -= count
    s.number[COST] -= saved
    link(t, s, p, x, t.types[(type_ << TYPE_SHIFT) + CLASS])
    return x


@inline
def retime(t: Tables, s: State, slot: int, p: int, q: int) -> None:
    """After a cut: times between ``p`` and ``q``, which frame what changed, and beyond; an empty route is closed."""
    if t.size[MODE] != FREE_OF_TIME:
        between(s, p, q)
        earlier(s, q)
        later(s, p)
        if s.node[(q << NODE_SHIFT) + LEAVE] > s.node[(q << NODE_SHIFT) + LATE] + s.base[(q << BASE_SHIFT) + SERVE]:
            s.number[BROKEN] = 1
        settle(t, s, slot)
    if s.slot[(slot << SLOT_SHIFT) + SIZE] == 0:
        close_slot(t, s, slot)


@inline
def insert(t: Tables, s: State, c: int, p: int) -> None:
    """Serve order ``c`` after node ``p``."""
    dimensions = t.size[DIMENSIONS]
    slot = s.node[(p << NODE_SHIFT) + SLOT]
    touch(t, s, slot)
    type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
    class_ = t.types[(type_ << TYPE_SHIFT) + CLASS]
    q = s.node[(p << NODE_SHIFT) + NEXT]
    s.number[COST] -= s.node[(p << NODE_SHIFT) + ARC] + t.outside[c]
    link(t, s, p, c, class_)
    link(t, s, c, q, class_)
    s.node[(c << NODE_SHIFT) + SLOT] = slot
    s.slot[(slot << SLOT_SHIFT) + SIZE] += 1
    s.number[SERVED] += 1
    s.number[LOST] -= t.mandatory[c]
    for d in range(dimensions):
        s.room[slot * dimensions + d] -= t.load[c * dimensions + d]
    if t.size[MODE] != FREE_OF_TIME:
        s.node[(c << NODE_SHIFT) + LEAVE] = -1
        s.node[(c << NODE_SHIFT) + LATE] = -1
        earlier(s, c)
        later(s, c)
        if t.size[MODE] == GENERAL:
            s.number[COST] += t.extra[type_ * t.size[N] + c]
            settle(t, s, slot)
