"""Recreate: absent orders come back one after another, each where it costs least (with blinks)."""

from math import inf

from solver.routing.rich import layout as c
from solver.routing.rich.chain import (
    cut,
    drop_slot,
    free_reload,
    link,
    save,
    save_closed,
    take_reload,
    take_slot,
    unlink,
    unmiss,
)
from solver.routing.rich.chance import below, uniform
from solver.routing.rich.marks import stows
from solver.routing.rich.memory import State, jit
from solver.routing.rich.pair import scan_pair
from solver.routing.rich.refresh import refresh
from solver.routing.rich.single import PLAIN, RELOAD_BEFORE, refusals, refuse, scan_single
from solver.routing.rich.trips import scan_trips
from solver.routing.rich.turn import turned

ATTEMPTS = 6
"""How many routes are tried for one order when the refreshed route turns out to break something."""
REFUSALS_MAX = 2
"""Places in a route that are tried for one order when its goods cannot be stowed there."""
SAMPLE = 8
"""Of orders that were absent already at least so many are tried again in an iteration."""
ADVENTURE = 0.15
"""Share of new routes that are given to a type drawn at random."""
BOOSTED = 0.15
"""Share of iterations in which optional orders are served at a loss, for what may join them later."""


@jit
def boost(s: State) -> float:
    """By how much the outside options count more than they are in this iteration."""
    if uniform(s) >= BOOSTED:
        return 1.0
    return 1.0 / (1.0 - uniform(s) * 0.98)


@jit
def candidates(s: State) -> int:
    """Orders to try: all just removed, all mandatory while few, and a sample of those absent before."""
    before = s.flag[c.ABSENT_SAVED]
    count = 0
    for index in range(before, s.flag[c.ABSENTS]):
        s.candidate[count] = s.absent[index]
        count += 1
    wanted = max(SAMPLE, count)
    if before <= 2 * wanted or s.flag[c.ITERATION] == 0:
        for index in range(before):
            s.candidate[count] = s.absent[index]
            count += 1
        return count
    for _ in range(wanted):
        order = s.absent[below(s, before)]
        if s.order[order, c.TRIED] != s.flag[c.ROUND]:
            s.order[order, c.TRIED] = s.flag[c.ROUND]
            s.candidate[count] = order
            count += 1
    return count


@jit
def arrange(s: State, count: int) -> None:
    """Sort the candidates by one of several keys, drawn by weight."""
    draw = below(s, 17)
    for index in range(count):
        order = s.candidate[index]
        if draw < 4:
            key = uniform(s)
        elif draw < 8:
            key = -1.0 * s.order[order, c.SIZE]
        elif draw < 10:
            key = -1.0 * s.order[order, c.REACH]
        elif draw < 11:
            key = 1.0 * s.order[order, c.REACH]
        elif draw < 13:
            key = 1.0 * s.order[order, c.SPAN]
        elif draw < 15:
            key = 1.0 * s.order[order, c.SOON]
        else:
            key = -1.0 * s.order[order, c.LATE]
        place = index
        while place > 0 and s.rank[place - 1] > key:
            s.rank[place] = s.rank[place - 1]
            s.candidate[place] = s.candidate[place - 1]
            place -= 1
        s.rank[place] = key
        s.candidate[place] = order


@jit
def mark_near(s: State, order: int, stamp: int) -> None:
    """Stamp the routes that hold a neighbour of the order's visits."""
    for node in (s.order[order, c.FIRST], s.order[order, c.SECOND]):
        if node < 0:
            continue
        for rank in range(s.flag[c.LIST]):
            other = s.near[node, rank]
            if other < 0:
                break
            route = s.node[other, c.ROUTE]
            if route >= 0:
                s.route[route, c.NEAR] = stamp


@jit
def welcomes(s: State, route: int, order: int) -> bool:
    """Whether type, lock and groups of a route allow an order."""
    type_ = s.route[route, c.TYPE]
    if s.kind[type_, c.CLOSED] or not s.suits[type_, order]:
        return False
    for word in range(s.flag[c.WORDS]):  # noqa: SIM110 - compiled code knows no generators
        if s.clash[order, word] & s.route_group[route, word]:
            return False
    return True


@jit
def scan(s: State, route: int, order: int, limit: float) -> float:
    """Note the cheapest insertion of an order in a route if below ``limit``."""
    first, second = s.order[order, c.FIRST], s.order[order, c.SECOND]
    if second >= 0:
        if s.node[first, c.FIXED]:
            return scan_single(s, route, second, limit)
        return scan_pair(s, route, first, second, limit)
    limit = scan_single(s, route, first, limit)
    if s.flag[c.RELOADING] and s.kind[s.route[route, c.TYPE], c.RELOADS]:
        limit = scan_trips(s, route, first, limit)
    return limit


@jit
def scan_open(s: State, order: int, limit: float, stamp: int) -> float:
    """Note the cheapest route of an order's own if below ``limit``: ``CHOSEN_ROUTE`` -1, type in ``CHOSEN_I``."""
    if s.flag[c.ACTIVE] >= s.flag[c.ROUTES_MAX] or s.flag[c.FREE_SLOTS] == 0:
        return limit
    for rank in range(s.alone.shape[1]):
        price = s.alone[order, rank]
        if price == inf:
            break
        type_ = s.alone_type[order, rank]
        base = s.kind[type_, c.BASE]
        if s.kind[base, c.USED_BASE] < s.kind[base, c.USE_MIN]:
            price -= s.price[base, c.P_UNUSED]
        elif price >= limit + s.money[c.SPARE]:
            break
        if price < limit and s.kind[type_, c.USED] < s.kind[type_, c.LIMIT] and s.kind[type_, c.BARRED_TYPE] != stamp:
            limit = price
            s.flag[c.CHOSEN_ROUTE], s.flag[c.CHOSEN_I] = -1, type_
    return limit


@jit
def settle(s: State, order: int, stamp: int) -> bool:
    """Carry out the noted insertion; False where the refresh refuses it: nothing changed but a bar on the route."""
    first, second = s.order[order, c.FIRST], s.order[order, c.SECOND]
    route, i, j = s.flag[c.CHOSEN_ROUTE], s.flag[c.CHOSEN_I], s.flag[c.CHOSEN_J]
    if route < 0:
        return settle_open(s, order, another_type(s, order, i, stamp), stamp)
    save(s, route)
    reload = -1
    if second < 0 or s.node[first, c.FIXED]:
        x = first if second < 0 else second
        link(s, x, i)
        if s.flag[c.CHOSEN_HOW] != PLAIN:
            reload = take_reload(s, s.route[route, c.TYPE], s.flag[c.CHOSEN_PLACE])
            link(s, reload, i if s.flag[c.CHOSEN_HOW] == RELOAD_BEFORE else x)
    else:
        x = second
        if j != i:
            link(s, second, j)
            link(s, first, i)
        else:
            link(s, first, i)
            link(s, second, first)
    fine = refresh(s, route)
    if fine and (stows(s, route) or (refusals(s, route) == 0 and turned(s, route))):
        unmiss(s, order)
        return True
    if fine:
        refuse(s)
    if not fine or refusals(s, route) >= REFUSALS_MAX:
        s.route[route, c.BARRED] = stamp
    unlink(s, x)
    if reload >= 0:
        unlink(s, reload)
        free_reload(s, reload)
    if second >= 0 and not s.node[first, c.FIXED]:
        unlink(s, first)
    if not refresh(s, route):
        s.flag[c.WRONG] += 1
    return False


@jit
def put_alone(s: State, route: int, order: int) -> bool:
    """Make an empty route serve one order, with a reload if it must; False, and still empty, where it cannot."""
    first, second = s.order[order, c.FIRST], s.order[order, c.SECOND]
    begin, type_ = s.route[route, c.LAST_FIXED], s.route[route, c.TYPE]
    link(s, first, begin)
    if second >= 0:
        link(s, second, first)
    if refresh(s, route):
        return True
    if second < 0 and s.kind[type_, c.RELOADS_MAX] > 0 and s.flag[c.FREE_RELOADS] > 0:
        before = s.node[first, c.KIND] == c.BRING
        for index in range(s.kind[type_, c.RELOADS]):
            reload = take_reload(s, type_, s.reload[type_, index])
            link(s, reload, begin if before else first)
            if refresh(s, route):
                return True
            unlink(s, reload)
            free_reload(s, reload)
    unlink(s, first)
    if second >= 0:
        unlink(s, second)
    return False


@jit
def another_type(s: State, order: int, type_: int, stamp: int) -> int:
    """Now and then another type for a new route than the cheapest: a large vehicle pays only once others join."""
    if s.flag[c.TYPES] < 2 or uniform(s) >= ADVENTURE:
        return type_
    ranks = s.alone.shape[1]
    while ranks > 0 and s.alone[order, ranks - 1] == inf:
        ranks -= 1
    other = s.alone_type[order, below(s, ranks)]
    free = s.kind[other, c.USED] < s.kind[other, c.LIMIT] and s.kind[other, c.BARRED_TYPE] != stamp
    return int(other) if free else type_


@jit
def settle_open(s: State, order: int, type_: int, stamp: int) -> bool:
    """Open a route for an order."""
    route = s.free_slot[s.flag[c.FREE_SLOTS] - 1]
    save_closed(s, route)
    take_slot(s, type_, s.flag[c.FREE_SLOTS] - 1)
    if put_alone(s, route, order) and stows(s, route):
        unmiss(s, order)
        return True
    cut(s, route)
    s.kind[type_, c.BARRED_TYPE] = stamp
    drop_slot(s, route)
    return False


@jit
def longest_now(s: State) -> float:
    """Duration of the longest route, where it has a price."""
    longest = 0.0
    if s.money[c.LONGEST_HOUR] > 0:
        for index in range(s.flag[c.ACTIVE]):
            longest = max(longest, float(s.route[s.active[index], c.DURATION]))
    return longest


@jit
def insert(s: State, order: int, limit: float) -> bool:
    """Serve an order where it costs least, below ``limit``; False where no route takes it."""
    bound_to = s.node[s.order[order, c.FIRST], c.ROUTE]
    s.money[c.LONGEST_NOW] = longest_now(s)
    s.flag[c.FLOW] += 1
    s.flag[c.REFUSALS] = 0
    stamp = s.flag[c.FLOW]
    filtered = s.flag[c.FILTER]
    if filtered:
        mark_near(s, order, stamp)
    for _ in range(ATTEMPTS):
        best = limit
        if bound_to >= 0:
            if s.route[bound_to, c.BARRED] != stamp:
                best = scan(s, bound_to, order, best)
        else:
            for index in range(s.flag[c.ACTIVE]):
                route = s.active[index]
                if filtered and s.route[route, c.NEAR] != stamp and not s.route[route, c.HELD]:
                    continue
                if s.route[route, c.BARRED] != stamp and welcomes(s, route, order):
                    best = scan(s, route, order, best)
            best = scan_open(s, order, best, stamp)
        if best >= limit:
            if not filtered or not s.order[order, c.MANDATORY]:
                return False
            filtered = 0
            continue
        if settle(s, order, stamp):
            return True
    if bound_to < 0 and s.flag[c.REFUSALS] > 0 and scan_open(s, order, limit, stamp) < limit:
        return settle(s, order, stamp)
    return False


@jit
def left_to_spend(s: State) -> float:
    """How much dearer the routes may become until the solution would not be accepted, whatever becomes of the rest."""
    if s.flag[c.MISSING] > 0:
        return inf
    total = s.money[c.ROUTES_TOTAL]
    for index in range(s.flag[c.TOUCHED]):
        total += s.cost[s.touched[index]]
    result: float = s.money[c.ALLOWED] - total
    return result


@jit
def recreate(s: State) -> bool:
    """
    Bring the candidates back in a drawn order; optional ones only where that is cheaper than leaving them out.

    False where goods are asked about, which takes time, and it is clear that the solution will not be accepted.
    """
    count = candidates(s)
    arrange(s, count)
    factor = boost(s)
    failed = 0
    for index in range(count):
        order = s.candidate[index]
        if not s.order[order, c.MANDATORY]:
            insert(s, order, s.outside[order] * factor)
        elif s.flag[c.ASK] == 0:
            insert(s, order, inf)
        elif not insert(s, order, left_to_spend(s)):
            failed += 1
            if failed > s.flag[c.MISSING]:
                s.order[order, c.MISSED] += 1
                return False
    return True
