"""Small changes beside ruin and recreate: a route is given to a vehicle of another type."""

from solver.routing.rich import layout as c
from solver.routing.rich.chance import below, uniform
from solver.routing.rich.memory import State, jit
from solver.routing.rich.refresh import refresh
from solver.routing.rich.times import start_of

SHARE = 0.2
"""Share of iterations in which one touched route is offered to another type."""


@jit
def vary(s: State) -> None:
    """Now and then offer a touched route to a vehicle type drawn at random; it is taken where that is cheaper."""
    if s.flag[c.TYPES] < 2 or s.flag[c.TOUCHED] == 0 or uniform(s) >= SHARE:
        return
    route = s.touched[below(s, s.flag[c.TOUCHED])]
    old = s.route[route, c.TYPE]
    new = below(s, s.flag[c.TYPES])
    if old < 0 or new == old or s.route[route, c.HELD] or s.kind[new, c.HELD_SLOT] >= 0:
        return
    if s.kind[new, c.USED] >= s.kind[new, c.LIMIT] or not suits_all(s, route, new):
        return
    before = s.cost[route]
    retype(s, route, new)
    if refresh(s, route) and s.cost[route] < before:
        return
    retype(s, route, old)
    if not refresh(s, route):
        s.flag[c.WRONG] += 1


@jit
def suits_all(s: State, route: int, type_: int) -> bool:
    """Whether a type may serve all orders of a route, and reloads where its reloads lie."""
    node = s.node[start_of(s, route), c.NEXT]
    while s.node[node, c.KIND] != c.END:
        if s.node[node, c.KIND] == c.RELOAD:
            known = False
            for index in range(s.kind[type_, c.RELOADS]):
                known = known or s.reload[type_, index] == s.node[node, c.PLACE]
            if not known:
                return False
        elif not s.suits[type_, s.node[node, c.ORDER]]:
            return False
        node = s.node[node, c.NEXT]
    return True


@jit
def retype(s: State, route: int, type_: int) -> None:
    """Give a route to a vehicle type; the route is to be refreshed."""
    old = s.route[route, c.TYPE]
    s.kind[old, c.USED] -= 1
    s.kind[s.kind[old, c.BASE], c.USED_BASE] -= 1
    s.kind[type_, c.USED] += 1
    s.kind[s.kind[type_, c.BASE], c.USED_BASE] += 1
    s.route[route, c.TYPE] = type_
    first = start_of(s, route)
    s.node[first, c.PLACE], s.node[first + 1, c.PLACE] = s.kind[type_, c.BEGIN], s.kind[type_, c.FINISH]
    s.node[first + 1, c.CLOSE] = s.kind[type_, c.SHIFT_CLOSE]
    node = first
    while s.node[node, c.KIND] != c.END:
        if s.node[node, c.KIND] == c.RELOAD:
            s.node[node, c.SERVICE] = s.kind[type_, c.RELOAD_S]
        node = s.node[node, c.NEXT]
