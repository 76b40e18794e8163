"""Where the driver's breaks lie: each on the leg where the route then lasts shortest."""

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State, jit
from solver.routing.rich.segments import drive, join
from solver.routing.rich.times import backward, forward, start_of


@jit
def clear_pauses(s: State, route: int) -> None:
    """No break taken anywhere on the route."""
    node = start_of(s, route)
    last = node + 1
    while node != last:
        s.node[node, c.PAUSE] = 0
        node = s.node[node, c.NEXT]


@jit
def place_pauses(s: State, route: int, type_: int) -> bool:
    """
    Place the breaks that are due on a route timed without any; False where one finds no place.

    One after another, each where it costs least with those before it settled: exact for one break, otherwise
    careful. A break is not due on a route that can end by its window's close, or leave after it, at no loss of time.
    """
    first = start_of(s, route)
    floor = first
    while s.node[s.node[floor, c.NEXT], c.DONE_END] >= 0:
        floor = s.node[floor, c.NEXT]
    moved = False
    for index in range(s.kind[type_, c.BREAKS]):
        closes = s.pause[s.kind[type_, c.BREAK] + index, 1]
        if floor != first and closes < s.node[floor, c.DONE_END]:
            continue
        ends, leaves = s.node[first + 1, c.DEPART], s.node[first + 1, c.PREFIX_L]
        if ends <= closes:
            break
        if leaves > closes:
            s.node[first, c.OPEN] = max(s.node[first, c.OPEN], closes + 1)
            moved = True
        elif not place_pause(s, route, type_, index, floor):
            return False
        else:
            moved = True
        if moved:
            backward(s, route, type_)
            if not forward(s, route, type_):
                return False
    return True


@jit
def place_pause(s: State, route: int, type_: int, index: int, floor: int) -> bool:
    """Put one break on the leg from ``floor`` on where the whole lasts shortest, then ends earliest."""
    profile, row, bit = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK], 1 << index
    last = start_of(s, route) + 1
    best, best_end, chosen = -1, 0, -1
    node = floor
    while node != last:
        after = s.node[node, c.NEXT]
        if s.node[node, c.PREFIX_E] + s.node[node, c.PREFIX_D] > s.pause[row + index, 1]:
            break
        seconds = s.way[profile, s.node[node, c.PLACE], s.node[after, c.PLACE], 1]
        d, e, till = s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L]
        d, e, till = drive(s, row, s.node[node, c.PAUSE] | bit, d, e, till, seconds)
        if e <= till:
            d, e, till = join(d, e, till, s.node[after, c.SUFFIX_D], s.node[after, c.SUFFIX_E], s.node[after, c.LATEST])
            if e <= till and (best < 0 or d < best or (d == best and d + e < best_end)):
                best, best_end, chosen = d, d + e, node
        node = after
    if chosen < 0:
        return False
    s.node[chosen, c.PAUSE] |= bit
    return True
