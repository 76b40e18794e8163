"""Which of its several windows each service takes: the choice with which the route lasts shortest."""

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State, jit
from solver.routing.rich.times import start_of

TRIES = 12
"""At most so many starts are tried; a later one than the earliest matters only where windows have gaps."""


@jit
def choose_windows(s: State, route: int, type_: int) -> bool:
    """
    Settle the window of each node; False where somebody is late whatever the choice.

    As ``solver.schedule``: from the earliest start, then from each start just too late for the windows met before.
    """
    first = start_of(s, route)
    start, closes = s.node[first, c.OPEN], s.node[first, c.CLOSE]
    best_start = best = -1
    for _ in range(TRIES):
        if start > closes:
            break
        end = run_from(s, route, type_, start)
        if end < 0:
            break
        latest = latest_start(s, route, type_)
        if best < 0 or end - latest < best:
            best, best_start = end - latest, latest
        start = latest + 1
    return best >= 0 and run_from(s, route, type_, best_start) >= 0


@jit
def run_from(s: State, route: int, type_: int, start: int) -> int:
    """Leave at ``start``, serve each as early as can be, and note the windows used; -1 where somebody is late."""
    profile = s.kind[type_, c.PROFILE]
    node = start_of(s, route)
    last = node + 1
    now = start
    while node != last:
        here = s.node[node, c.PLACE]
        node = s.node[node, c.NEXT]
        if s.node[node, c.DONE_END] >= 0:
            now = s.node[node, c.DONE_END]
            continue
        now += s.way[profile, here, s.node[node, c.PLACE], 1]
        if node == last:
            break
        release = s.node[node, c.RELEASE] if s.node[node, c.KIND] == c.RELOAD else 0
        row = s.node[node, c.WINDOW]
        end_row = row + s.node[node, c.WINDOWS]
        while row < end_row and s.window[row, 1] < max(now, release):
            row += 1
        if row == end_row:
            return -1
        opens = max(s.window[row, 0], release)
        s.node[node, c.OPEN], s.node[node, c.CLOSE] = opens, s.window[row, 1]
        s.node[node, c.DEPART] = max(now, opens)
        now = max(now, opens) + s.node[node, c.SERVICE]
    return now if now <= s.kind[type_, c.SHIFT_CLOSE] else -1


@jit
def latest_start(s: State, route: int, type_: int) -> int:
    """The latest start that ends no later than the run just made, in the same windows; ``DEPART`` holds its begins."""
    profile = s.kind[type_, c.PROFILE]
    first = start_of(s, route)
    node = s.node[first + 1, c.PREV]
    if node == first:
        return int(s.node[first, c.OPEN])
    limit = s.node[node, c.DEPART]
    while node != first:
        if s.node[node, c.DONE_END] >= 0:
            limit = s.node[first, c.CLOSE]
            break
        limit = min(limit, s.node[node, c.CLOSE])
        before = s.node[node, c.PREV]
        limit -= s.way[profile, s.node[before, c.PLACE], s.node[node, c.PLACE], 1]
        limit -= s.node[before, c.SERVICE] if before != first else 0
        node = before
    latest = min(limit, s.node[first, c.CLOSE])
    return int(latest)
