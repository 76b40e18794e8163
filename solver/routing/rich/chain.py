"""Linking nodes, opening and closing route slots, and undoing what an iteration did."""

from solver.routing.rich import layout as c
from solver.routing.rich.memory import Ints, State, jit
from solver.routing.rich.refresh import refresh
from solver.routing.rich.times import start_of


@jit
def link(s: State, node: int, before: int) -> None:
    """Put a node after another."""
    after = s.node[before, c.NEXT]
    s.node[before, c.NEXT], s.node[node, c.PREV] = node, before
    s.node[node, c.NEXT], s.node[after, c.PREV] = after, node
    s.node[node, c.ROUTE] = s.node[before, c.ROUTE]


@jit
def unlink(s: State, node: int) -> None:
    """Take a node out of its route."""
    before, after = s.node[node, c.PREV], s.node[node, c.NEXT]
    s.node[before, c.NEXT], s.node[after, c.PREV] = after, before
    s.node[node, c.ROUTE] = -1


@jit
def take_slot(s: State, type_: int, position: int) -> int:
    """Open the route slot at a position of the free list for a vehicle type: empty, not refreshed."""
    free = s.flag[c.FREE_SLOTS] - 1
    route: int = s.free_slot[position]
    moved = s.free_slot[free]
    s.free_slot[position] = moved
    s.route[moved, c.ACTIVE_AT] = position
    s.flag[c.FREE_SLOTS] = free
    active = s.flag[c.ACTIVE]
    s.active[active] = route
    s.route[route, c.ACTIVE_AT] = active
    s.flag[c.ACTIVE] = active + 1
    s.route[route, c.TYPE] = type_
    s.kind[type_, c.USED] += 1
    s.kind[s.kind[type_, c.BASE], c.USED_BASE] += 1
    first = start_of(s, route)
    last = first + 1
    s.node[first, c.PLACE], s.node[last, c.PLACE] = s.kind[type_, c.BEGIN], s.kind[type_, c.FINISH]
    s.node[first, c.NEXT], s.node[last, c.PREV] = last, first
    s.node[first, c.PREV], s.node[last, c.NEXT] = first, last
    s.node[last, c.CLOSE] = s.kind[type_, c.SHIFT_CLOSE]
    s.route[route, c.LAST_FIXED] = first
    s.route[route, c.HELD] = 0
    s.cost[route] = 0.0
    return route


@jit
def drop_slot(s: State, route: int) -> None:
    """Close a route slot that holds no nodes."""
    position, active = s.route[route, c.ACTIVE_AT], s.flag[c.ACTIVE] - 1
    moved = s.active[active]
    s.active[position] = moved
    s.route[moved, c.ACTIVE_AT] = position
    s.flag[c.ACTIVE] = active
    free = s.flag[c.FREE_SLOTS]
    s.free_slot[free] = route
    s.route[route, c.ACTIVE_AT] = free
    s.flag[c.FREE_SLOTS] = free + 1
    type_ = s.route[route, c.TYPE]
    s.kind[type_, c.USED] -= 1
    s.kind[s.kind[type_, c.BASE], c.USED_BASE] -= 1
    s.route[route, c.TYPE] = -1
    s.cost[route] = 0.0


@jit
def take_reload(s: State, type_: int, place: int) -> int:
    """A reload node at a place for a vehicle of a type."""
    s.flag[c.FREE_RELOADS] -= 1
    node: int = s.free_reload[s.flag[c.FREE_RELOADS]]
    s.node[node, c.PLACE] = place
    s.node[node, c.SERVICE] = s.kind[type_, c.RELOAD_S]
    s.node[node, c.WINDOW], s.node[node, c.WINDOWS] = s.reload_window[place, 0], s.reload_window[place, 1]
    return node


@jit
def free_reload(s: State, node: int) -> None:
    """Give a reload node back."""
    s.free_reload[s.flag[c.FREE_RELOADS]] = node
    s.flag[c.FREE_RELOADS] += 1


@jit
def miss(s: State, order: int) -> None:
    """Count an order as absent."""
    absents = s.flag[c.ABSENTS]
    s.absent[absents] = order
    s.order[order, c.ABSENT_AT] = absents
    s.flag[c.ABSENTS] = absents + 1
    s.order[order, c.STATE] = c.ABSENT


@jit
def unmiss(s: State, order: int) -> None:
    """Count an order as served."""
    absents, position = s.flag[c.ABSENTS] - 1, s.order[order, c.ABSENT_AT]
    moved = s.absent[absents]
    s.absent[position] = moved
    s.order[moved, c.ABSENT_AT] = position
    s.flag[c.ABSENTS] = absents
    s.order[order, c.STATE] = c.SERVED


@jit
def save(s: State, route: int) -> None:
    """Keep a slot as it was when the iteration began, once."""
    if s.route[route, c.SAVED_AT] == s.flag[c.ROUND]:
        return
    s.route[route, c.SAVED_AT] = s.flag[c.ROUND]
    s.touched[s.flag[c.TOUCHED]] = route
    s.flag[c.TOUCHED] += 1
    s.money[c.ROUTES_TOTAL] -= s.cost[route]
    at = s.flag[c.JOURNAL]
    s.flag[c.JOURNAL] = write(s, s.journal, at, route)


@jit
def save_closed(s: State, route: int) -> None:
    """Keep that a slot was closed when the iteration began, once."""
    if s.route[route, c.SAVED_AT] == s.flag[c.ROUND]:
        return
    s.route[route, c.SAVED_AT] = s.flag[c.ROUND]
    s.touched[s.flag[c.TOUCHED]] = route
    s.flag[c.TOUCHED] += 1
    at = s.flag[c.JOURNAL]
    s.journal[at], s.journal[at + 1], s.journal[at + 2] = route, -1, 0
    s.flag[c.JOURNAL] = at + 3


@jit
def write(s: State, to: Ints, at: int, route: int) -> int:
    """Write slot, type, length and nodes after the settled ones (a reload as ``~place``); returns the next index."""
    to[at], to[at + 1] = route, s.route[route, c.TYPE]
    head = at + 2
    at += 3
    node = s.node[s.route[route, c.LAST_FIXED], c.NEXT]
    last = start_of(s, route) + 1
    while node != last:
        to[at] = ~s.node[node, c.PLACE] if s.node[node, c.KIND] == c.RELOAD else node
        at += 1
        node = s.node[node, c.NEXT]
    to[head] = at - head - 1
    return at


@jit
def empty(s: State, route: int) -> None:
    """Cut off all nodes after the settled ones and close the slot unless it is held."""
    cut(s, route)
    if not s.route[route, c.HELD]:
        drop_slot(s, route)


@jit
def cut(s: State, route: int) -> None:
    """Cut off all nodes after the settled ones."""
    floor, last = s.route[route, c.LAST_FIXED], start_of(s, route) + 1
    node = s.node[floor, c.NEXT]
    while node != last:
        after = s.node[node, c.NEXT]
        if s.node[node, c.KIND] == c.RELOAD:
            free_reload(s, node)
        s.node[node, c.ROUTE] = -1
        node = after
    s.node[floor, c.NEXT], s.node[last, c.PREV] = last, floor


@jit
def fill(s: State, source: Ints, at: int) -> bool:
    """Rebuild a written slot, emptied before; False where what was written is no route (only a start can be wrong)."""
    route, type_, length = source[at], source[at + 1], source[at + 2]
    if not s.route[route, c.HELD]:
        take_slot(s, type_, s.route[route, c.ACTIVE_AT])
    before = s.route[route, c.LAST_FIXED]
    for index in range(at + 3, at + 3 + length):
        node = source[index]
        if node < 0:
            node = take_reload(s, type_, ~node)
        link(s, node, before)
        before = node
    return refresh(s, route)


@jit
def undo(s: State) -> None:
    """Everything as it was when the iteration began."""
    for index in range(s.flag[c.TOUCHED]):
        route = s.touched[index]
        if s.route[route, c.TYPE] >= 0:
            empty(s, route)
    at = 0
    while at < s.flag[c.JOURNAL]:
        if s.journal[at + 1] >= 0 and not fill(s, s.journal, at):
            s.flag[c.WRONG] += 1
        at += 3 + s.journal[at + 2]
    for index in range(s.flag[c.ABSENTS]):
        s.order[s.absent[index], c.STATE] = c.SERVED
    for index in range(s.flag[c.ABSENT_SAVED]):
        order = s.absent_saved[index]
        s.absent[index] = order
        s.order[order, c.ABSENT_AT], s.order[order, c.STATE] = index, c.ABSENT
    s.flag[c.ABSENTS] = s.flag[c.ABSENT_SAVED]


@jit
def begin_round(s: State) -> None:
    """Nothing touched yet."""
    s.flag[c.ROUND] += 1
    s.flag[c.TOUCHED] = s.flag[c.JOURNAL] = 0
    for index in range(s.flag[c.ABSENTS]):
        s.absent_saved[index] = s.absent[index]
    s.flag[c.ABSENT_SAVED] = s.flag[c.ABSENTS]
