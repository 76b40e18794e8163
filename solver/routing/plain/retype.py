"""Another vehicle type for a route."""

import numpy as np

from solver.routing.plain.layout import (
    BASE_SHIFT,
    CLASS,
    COST,
    DIMENSIONS,
    END_ROW,
    FIXED,
    FREE_OF_TIME,
    GENERAL,
    INFINITE,
    LONGEST,
    MODE,
    NEXT,
    NODE_SHIFT,
    SERVE,
    SHIFT_CLOSE,
    SHIFT_OPEN,
    SLOT_SHIFT,
    SPANS,
    START_ROW,
    TOUCHED,
    TYPE,
    TYPE_SHIFT,
    TYPES,
    WIDTH,
    N,
    State,
    Tables,
    as_int,
    draw,
    jit,
)
from solver.routing.plain.routes import dress, hours_price, join, link, respan, retime_all

TRIED = 8
"""Most types tried for a route in a round."""

UNSETTLED = 0.2
"""Chance that a route that was cut gets another type."""
TRADED = 0.5
"""Share of those that take the vehicle of another route that was cut, not an idle one."""


@jit
def retype(t: Tables, s: State) -> None:
    """Give each route touched in this round the cheapest type that can drive it and is idle."""
    types = t.size[TYPES]
    for h in range(s.number[TOUCHED]):
        slot = s.touched[h]
        current = s.slot[(slot << SLOT_SHIFT) + TYPE]
        if current < 0:
            continue
        best, chosen = price_as(t, s, slot, current), current
        type_ = 0 if types <= TRIED else as_int(draw(s.random) * types)
        for _ in range(min(types, TRIED)):
            if type_ != current and s.idle[type_] > 0 and _carries(t, s, slot, current, type_):
                price = price_as(t, s, slot, type_)
                if price < best:
                    best, chosen = price, type_
            type_ = type_ + 1 if type_ + 1 < types else 0
        if chosen != current:
            change(t, s, slot, chosen)


@jit
def unsettle(t: Tables, s: State) -> None:
    """Now and then hand a route that was cut to another type: a larger one makes room, ``retype`` has the last word."""
    for h in range(s.number[TOUCHED]):
        slot = s.touched[h]
        current = s.slot[(slot << SLOT_SHIFT) + TYPE]
        if current < 0 or draw(s.random) >= UNSETTLED:
            continue
        if draw(s.random) < TRADED:
            _trade(t, s, slot, s.touched[as_int(draw(s.random) * s.number[TOUCHED])])
            continue
        type_ = as_int(draw(s.random) * t.size[TYPES])
        free = type_ != current and s.idle[type_] > 0 and _carries(t, s, slot, current, type_)
        if free and price_as(t, s, slot, type_) < INFINITE:
            change(t, s, slot, type_)


@jit
def _trade(t: Tables, s: State, slot: int, other: int) -> None:
    """Let two routes trade their vehicles, where both can drive on: with no idle ones there is no other way."""
    one, two = s.slot[(slot << SLOT_SHIFT) + TYPE], s.slot[(other << SLOT_SHIFT) + TYPE]
    if one == two or one < 0 or two < 0:
        return
    if not (_carries(t, s, slot, one, two) and _carries(t, s, other, two, one)):
        return
    if price_as(t, s, slot, two) < INFINITE and price_as(t, s, other, one) < INFINITE:
        change(t, s, slot, two)
        change(t, s, other, one)


@jit
def _carries(t: Tables, s: State, slot: int, current: int, type_: int) -> bool:
    """Whether a type has room for what another type's route carries."""
    dimensions = t.size[DIMENSIONS]
    for d in range(dimensions):
        used = t.capacity[current * dimensions + d] - s.room[slot * dimensions + d]
        if used > t.capacity[type_ * dimensions + d]:
            return False
    return True


@jit
def price_as(t: Tables, s: State, slot: int, type_: int) -> int:
    """Price of a slot's orders in their sequence with a type, ``INFINITE`` where that is infeasible."""
    n, width, at = t.size[N], t.size[WIDTH], type_ << TYPE_SHIFT
    base = t.types[at + CLASS] * width * width
    x = n + 2 * slot
    row = t.types[at + START_ROW]
    price = t.types[at + FIXED]
    opens, closes = t.types[at + SHIFT_OPEN], t.types[at + SHIFT_CLOSE]
    now, d, e, u = opens, 0, opens, closes
    serve = np.int32(0)
    while True:
        x = s.node[(x << NODE_SHIFT) + NEXT]
        to = x if x < n else t.types[at + END_ROW]
        arc = base + row * width + to
        price += t.cost_out[arc]
        if t.size[MODE] != FREE_OF_TIME:
            first, last = (t.window[2 * x], t.window[2 * x + 1]) if x < n else (opens, closes)
            leg = t.time_out[arc] + serve
            now = max(now + leg, first)
            serve = s.base[(x << BASE_SHIFT) + SERVE]
            if now > last:
                return INFINITE
            if t.size[SPANS]:
                d, e, u = join(d, e, u, leg, 0, first, last)
        if x >= n:
            break
        if t.size[MODE] == GENERAL:
            if t.allowed[type_ * n + x] == 0:
                return INFINITE
            price += t.extra[type_ * n + x]
        row = x
    if t.size[SPANS]:
        if d > t.types[at + LONGEST]:
            return INFINITE
        price += hours_price(t, type_, d)
    return as_int(price)


@jit
def change(t: Tables, s: State, slot: int, type_: int) -> None:
    """Hand a route over to another type, which must be able to drive it."""
    n, dimensions = t.size[N], t.size[DIMENSIONS]
    old = s.slot[(slot << SLOT_SHIFT) + TYPE]
    s.number[COST] -= price_as(t, s, slot, old)
    s.idle[old] += 1
    s.idle[type_] -= 1
    s.slot[(slot << SLOT_SHIFT) + TYPE] = type_
    for d in range(dimensions):
        s.room[slot * dimensions + d] += t.capacity[type_ * dimensions + d] - t.capacity[old * dimensions + d]
    dress(t, s, slot, type_)
    class_ = t.types[(type_ << TYPE_SHIFT) + CLASS]
    cost = s.number[COST] + price_as(t, s, slot, type_)
    x = n + 2 * slot
    while x != n + 2 * slot + 1:
        y = s.node[(x << NODE_SHIFT) + NEXT]
        link(t, s, x, y, class_)
        x = y
    s.number[COST] = cost
    if t.size[MODE] != FREE_OF_TIME:
        retime_all(s, n + 2 * slot)
        if t.size[SPANS]:
            respan(t, s, slot)
