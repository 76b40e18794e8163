"""One iteration: ruin, recreate, accept by simulated annealing."""

from math import log

import numpy as np

from solver.routing.rich import layout as c
from solver.routing.rich.chain import begin_round, undo, write
from solver.routing.rich.chance import uniform
from solver.routing.rich.marks import FREE, NONE, signature, stowed
from solver.routing.rich.memory import State, jit
from solver.routing.rich.recreate import recreate
from solver.routing.rich.ruin import mend, ruin
from solver.routing.rich.vary import vary

HOPEFUL = 0.5
"""Share of iterations in which a route may be hoped for, while dear tests are within their share."""
ELITE = 0.003
"""Routes of accepted solutions at most so much dearer than the best are harvested."""


@jit
def left_out(s: State) -> float:
    """Price of what is absent; the number of mandatory ones goes to ``MISSING``, their misses to ``MISSES``."""
    total = 0.0
    missing = misses = 0
    for index in range(s.flag[c.ABSENTS]):
        order = s.absent[index]
        if s.order[order, c.MANDATORY]:
            missing += 1
            misses += s.order[order, c.MISSED]
        else:
            total += s.outside[order]
    s.flag[c.MISSING], s.flag[c.MISSES] = missing, misses
    return total


@jit
def misses_now(s: State) -> int:
    """How often those mandatory ones that are absent were so until now."""
    misses = 0
    for index in range(s.flag[c.ABSENTS]):
        order = s.absent[index]
        if s.order[order, c.MANDATORY]:
            misses += s.order[order, c.MISSED]
    return misses


@jit
def plan_terms(s: State) -> float:
    """Price of the longest route's hours and of vehicles that are paid for unused."""
    longest = 0
    for index in range(s.flag[c.ACTIVE]):
        longest = max(longest, s.route[s.active[index], c.DURATION])
    total = (longest * s.money[c.LONGEST_HOUR] + 1800) // 3600
    for type_ in range(s.flag[c.TYPES]):
        unused = s.kind[type_, c.USE_MIN] - s.kind[type_, c.USED_BASE]
        if unused > 0:
            total += unused * s.price[type_, c.P_UNUSED]
    result: float = total
    return result


@jit
def total_of(s: State) -> float:
    """Cost of the current solution without its mandatory absents; ``ROUTES_TOTAL`` holds the untouched routes."""
    for index in range(s.flag[c.TOUCHED]):
        route = s.touched[index]
        if s.route[route, c.TYPE] >= 0:
            s.money[c.ROUTES_TOTAL] += s.cost[route]
    total: float = s.money[c.ROUTES_TOTAL] + left_out(s)
    if s.flag[c.PLAN_TERMS]:
        total += plan_terms(s)
    return total


@jit
def accepted(s: State, total: float, missing: int, misses: int) -> bool:
    """
    Whether to go on from the changed solution; ``missing`` and ``misses`` are the current one's.

    With mandatory orders absent: fewer of them, or ones less often absent (Christiaens and Vanden Berghe's absence
    counters), the latter until ``BY_COST``; otherwise simulated annealing on the cost.
    """
    counted = missing > 0 and not s.flag[c.BY_COST]
    if s.flag[c.MISSING] != missing:
        return bool(s.flag[c.MISSING] < missing or (counted and s.flag[c.MISSES] < misses))
    if counted and s.flag[c.MISSES] < misses:
        return True
    if counted and s.flag[c.MISSES] > misses:
        return False
    if s.flag[c.ASK]:
        return bool(total < s.money[c.ALLOWED])
    return bool(total < allowed(s))


@jit
def allowed(s: State) -> float:
    """Cost below which a solution is accepted, drawn for one iteration."""
    result: float = s.money[c.TOTAL] - s.money[c.HEAT] * log(1.0 - uniform(s))
    return result


@jit
def keep_best(s: State, total: float) -> None:
    """Copy the current solution."""
    at = 0
    for index in range(s.flag[c.ACTIVE]):
        at = write(s, s.best, at, s.active[index])
    s.flag[c.BEST_LENGTH] = at
    s.flag[c.BEST_MISSING] = s.flag[c.MISSING]
    s.flag[c.BEST_ROUTES] = s.flag[c.ACTIVE]
    s.money[c.BEST_TOTAL] = total
    s.flag[c.IMPROVED] = 1


@jit
def harvest(s: State, total: float) -> None:
    """Write touched routes of a good solution to ``harvest`` unless seen lately or full."""
    best = s.money[c.BEST_TOTAL]
    if s.flag[c.MISSING] > s.flag[c.BEST_MISSING] or total > best + abs(best) * ELITE:
        return
    for index in range(s.flag[c.TOUCHED]):
        route = s.touched[index]
        if s.route[route, c.TYPE] < 0 or s.flag[c.HARVEST_AT] + s.route[route, c.COUNT] * 2 + 8 > s.harvest.shape[0]:
            continue
        mark = signature(s, route)
        slot = np.int64(mark & np.uint64(s.seen.shape[0] - 1))
        if s.seen[slot] != mark:
            s.seen[slot] = mark
            s.flag[c.HARVEST_AT] = write(s, s.harvest, s.flag[c.HARVEST_AT], route)


@jit
def iterate(s: State) -> None:
    """One iteration."""
    begin_round(s)
    before = s.money[c.ROUTES_TOTAL]
    # counters have grown since the solution was accepted: beside a changed one it is judged by what they are now
    missing, misses = s.flag[c.MISSING], misses_now(s)
    if s.flag[c.ASK]:
        s.money[c.ALLOWED] = allowed(s)
    s.flag[c.HOPED] = FREE if s.flag[c.HOPE] and uniform(s) < HOPEFUL else NONE
    if s.flag[c.ITERATION] > 0:
        ruin(s)
    feasible = mend(s)
    if feasible:
        feasible = recreate(s)
    if feasible:
        vary(s)
    s.flag[c.ITERATION] += 1
    if feasible:
        total = total_of(s)
        if s.flag[c.MISSING] > 0:
            for index in range(s.flag[c.ABSENTS]):
                s.order[s.absent[index], c.MISSED] += s.order[s.absent[index], c.MANDATORY]
        fewer = s.flag[c.MISSING] < s.flag[c.BEST_MISSING]
        better = fewer or (s.flag[c.MISSING] == s.flag[c.BEST_MISSING] and total < s.money[c.BEST_TOTAL])
        if accepted(s, total, missing, misses) and stowed(s, better):
            s.money[c.TOTAL] = total
            if better:
                keep_best(s, total)
            harvest(s, total)
            return
    undo(s)
    s.flag[c.MISSING], s.flag[c.MISSES] = missing, misses
    s.money[c.ROUTES_TOTAL] = before
