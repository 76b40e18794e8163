"""Times along a route whose windows and breaks are settled."""

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State, jit
from solver.routing.rich.segments import drive, join, serve


@jit
def start_of(s: State, route: int) -> int:
    """Node of a slot's start."""
    first: int = s.flag[c.VISITS] + 2 * route
    return first


@jit
def backward(s: State, route: int, type_: int) -> None:
    """Pieces from each node to the end."""
    profile, row = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK]
    first = start_of(s, route)
    node = first + 1
    duration, earliest, latest = 0, 0, s.kind[type_, c.SHIFT_CLOSE]
    s.node[node, c.SUFFIX_D], s.node[node, c.SUFFIX_E], s.node[node, c.LATEST] = duration, earliest, latest
    while node != first:
        there = s.node[node, c.PLACE]
        node = s.node[node, c.PREV]
        seconds = s.way[profile, s.node[node, c.PLACE], there, 1]
        d, e, till = drive(
            s, row, s.node[node, c.PAUSE], s.node[node, c.SERVICE], s.node[node, c.OPEN], s.node[node, c.CLOSE], seconds
        )
        duration, earliest, latest = join(d, e, till, duration, earliest, latest)
        s.node[node, c.SUFFIX_D], s.node[node, c.SUFFIX_E], s.node[node, c.LATEST] = duration, earliest, latest


@jit
def forward(s: State, route: int, type_: int) -> bool:
    """Pieces from the start to each node, and the route's duration and idle time; False where somebody is late."""
    profile, row = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK]
    node = start_of(s, route)
    last = node + 1
    d, e, till = 0, s.node[node, c.OPEN], s.node[node, c.CLOSE]
    busy = 0
    while True:
        if till < e:
            return False
        s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L] = d, e, till
        s.node[node, c.DEPART] = d + e
        if node == last:
            break
        here, pauses = s.node[node, c.PLACE], s.node[node, c.PAUSE]
        node = s.node[node, c.NEXT]
        if s.node[node, c.DONE_END] >= 0:
            busy += s.node[node, c.DONE_END] - d - e
            d = s.node[node, c.DONE_END] - e
            continue
        seconds = s.way[profile, here, s.node[node, c.PLACE], 1]
        d, e, till = drive(s, row, pauses, d, e, till, seconds)
        if till < e:
            return False
        d, e, till = serve(d, e, till, s.node[node, c.OPEN], s.node[node, c.CLOSE], s.node[node, c.SERVICE])
        busy += seconds + s.node[node, c.SERVICE]
    s.route[route, c.DURATION] = d
    s.route[route, c.IDLE] = d - busy
    return True
