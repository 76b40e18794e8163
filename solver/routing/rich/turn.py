"""A route the other way round: what is unloaded last stands in front, so that goods may fit one way alone."""

from solver.routing.rich import layout as c
from solver.routing.rich.marks import stows
from solver.routing.rich.memory import State, jit
from solver.routing.rich.refresh import refresh
from solver.routing.rich.times import start_of


@jit
def turned(s: State, route: int) -> bool:
    """
    Turn a refreshed route round where its goods can be stowed then and it costs no more than the heat allows.

    False, and the route as it was but not refreshed, where that is not so, or where the way matters anyhow: pickups
    come before their deliveries, and reloads where they are needed.
    """
    if s.flag[c.ASK] == 0 or not of_one_kind(s, route):
        return False
    before = s.cost[route]
    reverse(s, route)
    if refresh(s, route) and s.cost[route] <= before + s.money[c.HEAT] and stows(s, route):
        return True
    reverse(s, route)
    return False


@jit
def of_one_kind(s: State, route: int) -> bool:
    """Whether a route has two stops or more, none settled, and all deliver or all collect."""
    first, last = start_of(s, route), start_of(s, route) + 1
    node = s.node[first, c.NEXT]
    kind = s.node[node, c.KIND]
    if s.route[route, c.LAST_FIXED] != first or s.node[node, c.NEXT] == last or kind not in (c.BRING, c.COLLECT):
        return False
    while node != last:
        if s.node[node, c.KIND] != kind:
            return False
        node = s.node[node, c.NEXT]
    return True


@jit
def reverse(s: State, route: int) -> None:
    """Change the sequence of a route's nodes to its opposite."""
    first, last = start_of(s, route), start_of(s, route) + 1
    node, before = s.node[first, c.NEXT], last
    s.node[last, c.PREV] = node
    while node != last:
        after = s.node[node, c.NEXT]
        s.node[node, c.PREV], s.node[node, c.NEXT] = after, before
        before, node = node, after
    s.node[first, c.NEXT], s.node[before, c.PREV] = before, first
