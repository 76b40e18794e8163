"""Simulated annealing over ruin and recreate, and the keeping of the best solution."""

import numpy as np

from solver.routing.plain.layout import (
    ACCEPTED,
    BEST,
    BEST_LOST,
    BROKEN,
    COST,
    DIRTIES,
    DIRTY,
    IMPROVED,
    LOGGED,
    LOST,
    NEXT,
    NODE_SHIFT,
    RETYPE,
    ROUND,
    SERVED,
    SLOT,
    SLOT_SHIFT,
    SLOTS,
    TOUCHED,
    TYPE,
    WORK,
    Int32,
    N,
    State,
    Tables,
    draw,
    inline,
    jit,
)
from solver.routing.plain.recreate import recreate
from solver.routing.plain.retype import retype, unsettle
from solver.routing.plain.routes import insert, open_slot, restore
from solver.routing.plain.ruin import enlist, recall_lost, ruin


@jit
def anneal(t: Tables, s: State, rounds: int, hot: float, cold: float) -> None:
    """
    So many rounds of ruin and recreate, cooling from ``hot`` to ``cold`` (in the unit of costs).

    The current and the best solution stay in ``s``; ``number[IMPROVED]`` counts new bests.
    """
    cooling = (cold / hot) ** (1.0 / max(rounds, 1))
    temperature = hot
    for _ in range(rounds):
        one_round(t, s, temperature)
        temperature *= cooling


@inline
def one_round(t: Tables, s: State, temperature: float) -> None:
    """Ruin, recreate, and keep or undo."""
    cost, served, lost = s.number[COST], s.number[SERVED], s.number[LOST]
    attempt(t, s, temperature)
    judge(t, s, temperature, cost, served, lost)


@inline
def attempt(t: Tables, s: State, temperature: float) -> None:
    """Ruin and recreate; ``number[BROKEN]`` says that what was left does not hold."""
    lost = s.number[LOST]
    begin_round(s)
    ruin(t, s)
    if s.number[BROKEN] == 0:
        if t.size[RETYPE]:
            unsettle(t, s)
        if lost:
            recall_lost(t, s)
        recreate(t, s, temperature)
        if t.size[RETYPE]:
            retype(t, s)


@inline
def judge(t: Tables, s: State, temperature: float, cost: int, served: int, lost: int) -> None:
    """Keep the solution or undo the round that made it from one with the given cost and numbers of orders."""
    limit = cost - temperature * np.log(max(draw(s.random), 1e-300))
    if s.number[BROKEN] or s.number[COST] >= limit:
        restore(t, s, cost, served, lost, s.number[WORK])
    else:
        keep(s)


@inline
def begin_round(s: State) -> None:
    """Nothing touched yet."""
    s.number[ROUND] += 1
    s.number[TOUCHED] = 0
    s.number[LOGGED] = 0
    s.number[BROKEN] = 0
    s.number[WORK] = 0


@inline
def keep(s: State) -> None:
    """The current solution stands; remember which slots differ from the best, and it if it is better."""
    s.number[ACCEPTED] += 1
    count = s.number[DIRTIES]
    for h in range(s.number[TOUCHED]):
        slot = s.touched[h]
        if s.slot[(slot << SLOT_SHIFT) + DIRTY] == 0:
            s.slot[(slot << SLOT_SHIFT) + DIRTY] = 1
            s.dirty[count] = slot
            count += 1
    s.number[DIRTIES] = count
    lost = s.number[LOST]
    if lost < s.number[BEST_LOST] or (lost == s.number[BEST_LOST] and s.number[COST] < s.number[BEST]):
        keep_best(s)


@inline
def keep_best(s: State) -> None:
    """The current solution is the best: copy the slots that differ."""
    s.number[BEST], s.number[BEST_LOST] = s.number[COST], s.number[LOST]
    s.number[IMPROVED] += 1
    n = s.mark.size
    for k in range(s.number[DIRTIES]):
        slot = s.dirty[k]
        type_ = s.slot[(slot << SLOT_SHIFT) + TYPE]
        s.slot[(slot << SLOT_SHIFT) + DIRTY] = 0
        s.best_type[slot] = type_
        x = n + 2 * slot
        while type_ >= 0 and x != n + 2 * slot + 1:
            y = s.node[(x << NODE_SHIFT) + NEXT]
            s.best_next[x] = y
            x = y
    s.number[DIRTIES] = 0


@jit
def begin(t: Tables, s: State, route_type: Int32, route_end: Int32, orders: Int32) -> None:
    """Lay the first solution: given routes (type, end in ``orders``), then everything else by insertion."""
    n, absent = t.size[N], t.size[SLOTS]
    at = 0
    for k in range(route_type.size):
        begin_round(s)
        p = n + 2 * open_slot(t, s, route_type[k])
        while at < route_end[k]:
            insert(t, s, orders[at], p)
            p = orders[at]
            at += 1
        keep(s)
    begin_round(s)
    for c in range(n):
        if s.node[(c << NODE_SHIFT) + SLOT] == absent:
            enlist(s, c)
    recreate(t, s, 0.0)
    keep(s)
