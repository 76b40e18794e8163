"""Ruin: strings of neighbouring visits are taken out of neighbouring routes (Christiaens and Vanden Berghe 2020)."""

from math import floor

from solver.routing.rich import layout as c
from solver.routing.rich.chain import drop_slot, free_reload, link, miss, save, unlink
from solver.routing.rich.chance import below, uniform
from solver.routing.rich.memory import State, jit
from solver.routing.rich.refresh import refresh

REMOVED, STRING_MAX = 10, 10
"""Mean number of visits removed, longest string."""
SPLIT, SPLIT_STAYS = 0.5, 0.01
"""Share of strings with a part inside that stays, and how unlikely that part grows."""


@jit
def remove_order(s: State, order: int) -> None:
    """Take an order's visits out of its route (only the delivery where the pickup is settled)."""
    first, second = s.order[order, c.FIRST], s.order[order, c.SECOND]
    if not s.node[first, c.FIXED]:
        unlink(s, first)
    if second >= 0 and not s.node[second, c.FIXED]:
        unlink(s, second)
    miss(s, order)


@jit
def removable(s: State, node: int) -> bool:
    """Whether a node is a visit that the search may take out."""
    return bool(s.node[node, c.ORDER] >= 0 and not s.node[node, c.FIXED])


@jit
def cut_string(s: State, node: int, length: int) -> int:
    """Take out ``length`` visits in a row around a node, and their orders; how many orders went."""
    stays = 0
    if length > 1 and uniform(s) < SPLIT:
        stays = 1
        while uniform(s) > SPLIT_STAYS and stays < length and uniform(s) < 0.5:
            stays += 1
    wanted = length + stays
    back = below(s, wanted)
    while back > 0 and s.node[node, c.KIND] != c.START and s.node[s.node[node, c.PREV], c.KIND] != c.START:
        if s.node[s.node[node, c.PREV], c.FIXED]:
            break
        node = s.node[node, c.PREV]
        back -= 1
    count = 0
    skip_from = below(s, length) if stays else -1
    index = 0
    while index < wanted and s.node[node, c.KIND] != c.END:
        s.candidate[count] = node
        if removable(s, node) and not (stays and skip_from < index <= skip_from + stays):
            count += 1
        index += 1
        node = s.node[node, c.NEXT]
    removed = 0
    for k in range(count):
        order = s.node[s.candidate[k], c.ORDER]
        if s.order[order, c.STATE] == c.SERVED:
            remove_order(s, order)
            removed += 1
    return removed


@jit
def ruin(s: State) -> None:
    """Take strings out of routes near a random visit."""
    served = s.flag[c.ORDERS] - s.flag[c.ABSENTS]
    if served == 0 or s.flag[c.ACTIVE] == 0:
        return
    total = 0
    for index in range(s.flag[c.ACTIVE]):
        total += s.route[s.active[index], c.COUNT]
    longest = min(float(STRING_MAX), total / s.flag[c.ACTIVE])
    strings = floor(uniform(s) * (4.0 * REMOVED / (1.0 + longest) - 1.0) + 1.0)
    seed = below(s, s.flag[c.VISITS])
    while s.node[seed, c.ORDER] < 0:
        seed = below(s, s.flag[c.VISITS])
    hit = 0
    for rank in range(-1, s.flag[c.ADJACENT]):
        node = seed if rank < 0 else s.adjacent[seed, rank]
        if node < 0 or hit >= strings:
            break
        route = s.node[node, c.ROUTE]
        if route < 0 or s.node[node, c.FIXED] or s.route[route, c.SAVED_AT] == s.flag[c.ROUND]:
            continue
        save(s, route)
        limit = max(1.0, min(float(s.route[route, c.COUNT]), longest))
        cut_string(s, node, 1 + int(uniform(s) * limit))
        hit += 1


@jit
def mend(s: State) -> bool:
    """Refresh what the ruin touched; emptied routes close, needless reloads go. False where one is no route now."""
    for index in range(s.flag[c.TOUCHED]):
        route = s.touched[index]
        if s.route[route, c.TYPE] < 0:
            continue
        if s.flag[c.RELOADING]:
            drop_reloads(s, route)
        first = s.route[route, c.LAST_FIXED]
        if s.node[s.node[first, c.NEXT], c.KIND] == c.END and not s.route[route, c.HELD]:
            drop_slot(s, route)
        elif not refresh(s, route):
            return False
    return True


@jit
def drop_reloads(s: State, route: int) -> None:
    """Take out each reload without which the route still is one, at no higher price."""
    empty_route = True
    node = s.node[s.route[route, c.LAST_FIXED], c.NEXT]
    while s.node[node, c.KIND] != c.END:
        empty_route = empty_route and s.node[node, c.KIND] == c.RELOAD
        node = s.node[node, c.NEXT]
    whole = refresh(s, route)
    before = s.cost[route]
    node = s.node[s.route[route, c.LAST_FIXED], c.NEXT]
    while s.node[node, c.KIND] != c.END:
        after = s.node[node, c.NEXT]
        if s.node[node, c.KIND] == c.RELOAD:
            ahead = s.node[node, c.PREV]
            unlink(s, node)
            if empty_route or (refresh(s, route) and (not whole or s.cost[route] <= before)):
                before = s.cost[route]
                whole = True
                free_reload(s, node)
            else:
                link(s, node, ahead)
        node = after
