"""The cheapest position for one node in a route: deliveries, collections, and deliveries of goods already on board."""

from math import inf

from solver.routing.rich import layout as c
from solver.routing.rich.chance import blinks
from solver.routing.rich.memory import State, jit
from solver.routing.rich.refresh import has_begun
from solver.routing.rich.segments import drive, join, serve

PLAIN, RELOAD_BEFORE, RELOAD_AFTER = 0, 1, 2


@jit
def choose(s: State, route: int, first: int, second: int, how: int, place: int) -> None:
    """Note the best insertion so far."""
    s.flag[c.CHOSEN_ROUTE], s.flag[c.CHOSEN_I], s.flag[c.CHOSEN_J] = route, first, second
    s.flag[c.CHOSEN_HOW], s.flag[c.CHOSEN_PLACE] = how, place


@jit
def refuse(s: State) -> None:
    """Note that the goods cannot be stowed where the order was put last."""
    row = s.refused[s.flag[c.REFUSALS]]
    row[0], row[1] = s.flag[c.CHOSEN_I], s.flag[c.CHOSEN_J]
    row[2], row[3] = s.flag[c.CHOSEN_HOW], s.flag[c.CHOSEN_PLACE]
    s.flag[c.REFUSALS] += 1


@jit
def refusals(s: State, route: int) -> int:
    """How many places in a route were noted so."""
    count = 0
    for index in range(s.flag[c.REFUSALS]):
        count += s.node[s.refused[index, 0], c.ROUTE] == route
    return count


@jit
def refused(s: State, first: int, second: int, how: int, place: int) -> bool:
    """Whether it is known by now that the goods cannot be stowed with the order there."""
    for index in range(s.flag[c.REFUSALS]):
        row = s.refused[index]
        if row[0] == first and row[1] == second and row[2] == how and row[3] == place:
            return True
    return False


@jit
def longer(s: State, route: int, type_: int, duration: int) -> float:
    """Price of a route's duration becoming ``duration``; infinite beyond its limit."""
    if duration > s.kind[type_, c.DURATION_MAX]:
        return inf
    before = s.route[route, c.DURATION]
    result: float = (duration - before) * s.price[type_, c.P_SECOND]
    free = s.kind[type_, c.OVERTIME_AFTER]
    if duration > free:
        result += (duration - max(before, free)) * s.price[type_, c.P_LATE_SECOND]
    elif before > free:
        result -= (before - free) * s.price[type_, c.P_LATE_SECOND]
    if duration > s.money[c.LONGEST_NOW] and s.money[c.LONGEST_HOUR] > 0:
        result += (duration - s.money[c.LONGEST_NOW]) * s.money[c.LONGEST_HOUR] / 3600
    return result


@jit
def arrivals(s: State, node: int, here: int, after: int) -> int:
    """By how much the stops grow when place ``here`` comes between two nodes."""
    before, then = s.node[node, c.PLACE], s.node[after, c.PLACE]
    more = int(before != here)
    if s.node[after, c.KIND] != c.END:
        more += int(here != then) - int(before != then)
    return more


@jit
def detour(s: State, profile: int, before: int, here: int, then: int, unit: int) -> int:
    """Metres (unit 0) or seconds (1) more for passing ``here`` between two places; ``FAR`` or more: no way."""
    there = s.way[profile, before, here, unit]
    back = s.way[profile, here, then, unit]
    if max(there, back) >= c.FAR:
        return c.FAR
    more: int = there + back - s.way[profile, before, then, unit]
    return more


@jit
def through(
    s: State, type_: int, node: int, x: int, after: int, window: int, d: int, e: int, till: int, early: int, late: int
) -> int:
    """
    Duration of the route with ``x`` (in window row ``window``) after a piece (d, e, till) that ends at ``node``.

    ``early`` and ``late`` are the breaks taken before and after ``x``. -1 where somebody is late.
    """
    profile, row = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK]
    here = s.node[x, c.PLACE]
    d, e, till = drive(s, row, early, d, e, till, s.way[profile, s.node[node, c.PLACE], here, 1])
    d, e, till = serve(d, e, till, s.window[window, 0], s.window[window, 1], s.node[x, c.SERVICE])
    if till < e:
        return -1
    d, e, till = drive(s, row, late, d, e, till, s.way[profile, here, s.node[after, c.PLACE], 1])
    if till < e:
        return -1
    d, e, till = join(d, e, till, s.node[after, c.SUFFIX_D], s.node[after, c.SUFFIX_E], s.node[after, c.LATEST])
    return d if e <= till else -1


@jit
def between(
    s: State, route: int, type_: int, node: int, x: int, after: int, d: int, e: int, till: int, gap: float
) -> float:
    """
    Price of ``x`` between two nodes, infinite where it cannot be; at most ``gap`` is of interest.

    (d, e, till) is the piece that ends at ``node``.
    """
    profile, here = s.kind[type_, c.PROFILE], s.node[x, c.PLACE]
    before, then = s.node[node, c.PLACE], s.node[after, c.PLACE]
    metres = detour(s, profile, before, here, then, 0)
    seconds = detour(s, profile, before, here, then, 1)
    if max(metres, seconds) >= c.FAR or s.route[route, c.DISTANCE] + metres > s.kind[type_, c.DISTANCE_MAX]:
        return inf
    cost: float = metres * s.price[type_, c.P_METRE]
    cost += arrivals(s, node, here, after) * s.price[type_, c.P_STOP]
    if cost + s.price[type_, c.P_SECOND] * max(0, seconds + s.node[x, c.SERVICE] - s.route[route, c.IDLE]) >= gap:
        return inf
    best = -1
    pauses = s.node[node, c.PAUSE]
    first = s.node[x, c.WINDOW]
    for window in range(first, first + s.node[x, c.WINDOWS]):
        found = through(s, type_, node, x, after, window, d, e, till, pauses, 0)
        if pauses:
            other = through(s, type_, node, x, after, window, d, e, till, 0, pauses)
            if other >= 0 and (found < 0 or other < found):
                found = other
        if found >= 0 and (best < 0 or found < best):
            best = found
    if best < 0:
        return inf
    if s.kind[type_, c.TIMED]:
        cost += longer(s, route, type_, best)
    return cost


@jit
def has_room(s: State, type_: int, node: int, order: int, kind: int) -> bool:
    """Whether the trip takes the goods of an order served right after ``node``."""
    if kind == c.TO:
        return True
    row = c.PEAK if kind == c.BRING else c.REST
    for k in range(s.flag[c.DIMENSIONS]):  # noqa: SIM110 - compiled code knows no generators
        if s.load[node, row, k] + s.amount[order, k] > s.capacity[type_, k]:
            return False
    return True


@jit
def may_join(s: State, type_: int, trip: int, x: int, kind: int) -> bool:
    """Whether the trip that begins at a node can still take ``x`` on, and begins or ends at its hub."""
    hub = s.node[x, c.HUB]
    if kind == c.BRING:
        if has_begun(s, type_, trip) and s.suits[type_, s.node[x, c.ORDER]] != c.ABOARD:
            return False
        return bool(hub < 0 or hub == s.node[trip, c.PLACE])
    if kind == c.COLLECT:
        ends = s.node[trip, c.ENDS_AT]
        return bool(ends != s.way.shape[1] - 1 and hub in (-1, ends))
    return True


@jit
def begin(s: State, type_: int, trip: int, release: int) -> tuple[int, int, int]:
    """The piece that ends with a trip's begin put off to a later release."""
    if s.node[trip, c.KIND] == c.START:
        return 0, max(s.node[trip, c.OPEN], release), s.node[trip, c.CLOSE]
    return onward(s, type_, s.node[trip, c.PREV], 0, 0, 0, release, True)


@jit
def onward(
    s: State, type_: int, node: int, d: int, e: int, till: int, release: int, stored: bool
) -> tuple[int, int, int]:
    """A piece that ends at ``node`` (the stored one or that given), then the next node, not before ``release``."""
    if stored:
        d, e, till = s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L]
    after = s.node[node, c.NEXT]
    seconds = s.way[s.kind[type_, c.PROFILE], s.node[node, c.PLACE], s.node[after, c.PLACE], 1]
    d, e, till = drive(s, s.kind[type_, c.BREAK], s.node[node, c.PAUSE], d, e, till, seconds)
    if till < e:
        return d, e, till
    return serve(d, e, till, max(s.node[after, c.OPEN], release), s.node[after, c.CLOSE], s.node[after, c.SERVICE])


@jit
def scan_single(s: State, route: int, x: int, limit: float) -> float:
    """
    Note the cheapest position of ``x`` in a route if it costs less than ``limit``; the price, or ``limit``.

    A delivery whose release puts off its trip's begin is judged with the trip's times carried along from there.
    """
    type_, order, kind = s.route[route, c.TYPE], s.node[x, c.ORDER], s.node[x, c.KIND]
    base = s.change[type_, order] if s.flag[c.CHANGES] and kind != c.TO else 0.0
    release = s.order[order, c.O_RELEASE] if kind == c.BRING else 0
    floor = s.route[route, c.LAST_FIXED]
    last = s.flag[c.VISITS] + 2 * route + 1
    node = s.node[floor, c.TRIP]
    reached = open_here = late = False
    d = e = till = 0
    while node != last:
        reached = reached or node == floor
        after = s.node[node, c.NEXT]
        if s.node[node, c.TRIP] == node:
            open_here = may_join(s, type_, node, x, kind)
            late = release > s.node[node, c.RELEASE] and not has_begun(s, type_, node)
            if late:
                d, e, till = begin(s, type_, node, release)
        if late and till < e:
            open_here = False
        if not late:
            d, e, till = s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L]
        if reached and open_here and not blinks(s):
            if has_room(s, type_, node, order, kind):
                cost = base + between(s, route, type_, node, x, after, d, e, till, limit - base)
                if cost < limit and not refused(s, node, -1, PLAIN, -1):
                    limit = cost
                    choose(s, route, node, -1, PLAIN, -1)
            elif kind == c.BRING:
                open_here = False
        if late and open_here and s.node[after, c.TRIP] != after and after != last:
            d, e, till = onward(s, type_, node, d, e, till, 0, False)
        node = after
    return limit
