"""
The cheapest positions for a transport's pickup and delivery in a route.

Least detours of both nodes bound each combination from below; behind a pickup the route is walked forward with the
times carried along, until a later node would be late or the load too much. Where the triangle inequality does not
hold a good position can be overlooked, never a bad one accepted.
"""

from math import inf

from solver.routing.rich import layout as c
from solver.routing.rich.chance import blinks
from solver.routing.rich.memory import State, jit
from solver.routing.rich.segments import drive, join, serve
from solver.routing.rich.single import PLAIN, arrivals, choose, detour, longer, refused

WIDTH = 5
"""Columns of scratch for a position: money for metres and stops, and seconds, of the pickup, then of the delivery;
money for the legs to a pickup and from a delivery that follows it."""


@jit
def scan_pair(s: State, route: int, pickup: int, delivery: int, limit: float) -> float:
    """Note the cheapest positions in a route if they cost less than ``limit``; the price, or ``limit``."""
    type_, order = s.route[route, c.TYPE], s.node[pickup, c.ORDER]
    base = s.change[type_, order] if s.flag[c.CHANGES] else 0.0
    second = s.price[type_, c.P_SECOND]
    service = s.node[pickup, c.SERVICE] + s.node[delivery, c.SERVICE] - s.route[route, c.IDLE]
    least, least_time = detours(s, route, type_, pickup, delivery)
    together = apart(s, type_, pickup, delivery, 0) * s.price[type_, c.P_METRE]
    if base + least_both(s, least, together) >= limit:
        return limit
    node, position = s.route[route, c.LAST_FIXED], 0
    last = s.flag[c.VISITS] + 2 * route + 1
    while node != last:
        money, seconds = s.scratch[position], s.scratch[position + 1]
        if money < inf and not blinks(s):
            bound = base + money + least + second * max(0.0, seconds + least_time + service)
            if bound < limit or base + together + s.scratch[position + 4] < limit:
                limit = from_pickup(s, route, type_, node, position, pickup, delivery, base, limit, bound)
        node = s.node[node, c.NEXT]
        position += WIDTH
    return limit


@jit
def least_both(s: State, least: float, together: float) -> float:
    """Bound for the whole route; ``scratch``'s last entries hold the least of the pickup and of both at one place."""
    bound: float = min(least + s.scratch[s.scratch.shape[0] - 1], together + s.scratch[s.scratch.shape[0] - 2])
    return bound


@jit
def apart(s: State, type_: int, a: int, b: int, unit: int) -> int:
    """Metres or seconds from one node to another."""
    value: int = s.way[s.kind[type_, c.PROFILE], s.node[a, c.PLACE], s.node[b, c.PLACE], unit]
    return value


@jit
def detours(s: State, route: int, type_: int, pickup: int, delivery: int) -> tuple[float, float]:
    """
    Fill ``scratch`` with each position's detours; returns the delivery's least money and least seconds.

    A pickup that comes too late, or is too much for the load after it, has infinite money.
    """
    profile, metre, stop = s.kind[type_, c.PROFILE], s.price[type_, c.P_METRE], s.price[type_, c.P_STOP]
    node, position = s.route[route, c.LAST_FIXED], 0
    last = s.flag[c.VISITS] + 2 * route + 1
    from_, to = s.node[pickup, c.PLACE], s.node[delivery, c.PLACE]
    closes = s.window[s.node[pickup, c.WINDOW] + s.node[pickup, c.WINDOWS] - 1, 1]
    order = s.node[pickup, c.ORDER]
    least = least_time = least_pickup = least_around = inf
    while node != last:
        after = s.node[node, c.NEXT]
        before, then = s.node[node, c.PLACE], s.node[after, c.PLACE]
        there_m, there_s = s.way[profile, before, from_, 0], s.way[profile, before, from_, 1]
        back_m, back_s = s.way[profile, to, then, 0], s.way[profile, to, then, 1]
        leg_m, leg_s = s.way[profile, before, then, 0], s.way[profile, before, then, 1]
        s.scratch[position] = inf
        in_time = there_s < c.FAR and there_m < c.FAR and s.node[node, c.DEPART] + there_s <= closes
        if in_time and light(s, type_, node, order):
            out_m, out_s = s.way[profile, from_, then, 0], s.way[profile, from_, then, 1]
            more = arrivals(s, node, from_, after) * stop if stop else 0.0
            s.scratch[position] = (there_m + min(out_m, c.FAR) - leg_m) * metre + more
            s.scratch[position + 1] = there_s + out_s - leg_s
            least_pickup = min(least_pickup, s.scratch[position])
            s.scratch[position + 4] = (there_m + back_m - leg_m) * metre
            least_around = min(least_around, s.scratch[position + 4])
        in_m, in_s = s.way[profile, before, to, 0], s.way[profile, before, to, 1]
        more = arrivals(s, node, to, after) * stop if stop else 0.0
        s.scratch[position + 2] = (in_m + back_m - leg_m) * metre + more
        s.scratch[position + 3] = in_s + back_s - leg_s
        least = min(least, s.scratch[position + 2])
        least_time = min(least_time, s.scratch[position + 3])
        node = after
        position += WIDTH
    s.scratch[s.scratch.shape[0] - 1] = least_pickup
    s.scratch[s.scratch.shape[0] - 2] = least_around
    return least, least_time


@jit
def light(s: State, type_: int, node: int, order: int) -> bool:
    """Whether an order's goods fit beside what is on board after a node."""
    for k in range(s.flag[c.DIMENSIONS]):
        if s.load[node, c.LOAD, k] + s.amount[order, k] > s.capacity[type_, k]:
            return False
    return True


@jit
def from_pickup(
    s: State, route: int, type_: int, node: int, position: int, pickup: int, delivery: int,
    base: float, limit: float, bound: float,
) -> float:  # fmt: skip
    """All deliveries that go with the pickup right after ``node``, one pickup window after the other."""
    profile, row = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK]
    seconds = s.way[profile, s.node[node, c.PLACE], s.node[pickup, c.PLACE], 1]
    first = s.node[pickup, c.WINDOW]
    for window in range(first, first + s.node[pickup, c.WINDOWS]):
        d, e, till = s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L]
        pauses = s.node[node, c.PAUSE]
        d, e, till = drive(s, row, pauses, d, e, till, seconds)
        d, e, till = serve(d, e, till, s.window[window, 0], s.window[window, 1], s.node[pickup, c.SERVICE])
        if pauses and till < e:
            d, e, till = s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L]
            d, e, till = serve(
                d + seconds, e, till, s.window[window, 0], s.window[window, 1], s.node[pickup, c.SERVICE]
            )
        else:
            pauses = 0
        if till >= e:
            limit = next_to(s, route, type_, node, pickup, delivery, d, e, till, pauses, base, limit)
            if bound < limit:
                limit = walk(s, route, type_, node, position, pickup, delivery, d, e, till, pauses, base, limit)
    return limit


@jit
def delivered(
    s: State, type_: int, here: int, delivery: int, after: int, d: int, e: int, till: int, pauses: int
) -> int:
    """Duration when the delivery follows place ``here``, then ``after``; -1 where somebody is late."""
    profile, row = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK]
    to = s.node[delivery, c.PLACE]
    d, e, till = drive(s, row, pauses, d, e, till, s.way[profile, here, to, 1])
    window = s.node[delivery, c.WINDOW]
    until = window + s.node[delivery, c.WINDOWS] - 1
    while window < until and s.window[window, 1] < d + e:
        window += 1
    if till < e or d + e > s.window[window, 1]:
        return -1
    d, e, till = serve(d, e, till, s.window[window, 0], s.window[window, 1], s.node[delivery, c.SERVICE])
    d += s.way[profile, to, s.node[after, c.PLACE], 1]
    if d + e > s.node[after, c.LATEST]:
        return -1
    d, e, till = join(d, e, till, s.node[after, c.SUFFIX_D], s.node[after, c.SUFFIX_E], s.node[after, c.LATEST])
    return d if e <= till else -1


@jit
def next_to(
    s: State, route: int, type_: int, node: int, pickup: int, delivery: int,
    d: int, e: int, till: int, pauses: int, base: float, limit: float,
) -> float:  # fmt: skip
    """The delivery right after the pickup, both after ``node``."""
    profile, after = s.kind[type_, c.PROFILE], s.node[node, c.NEXT]
    before, then = s.node[node, c.PLACE], s.node[after, c.PLACE]
    from_, to = s.node[pickup, c.PLACE], s.node[delivery, c.PLACE]
    metres = s.way[profile, before, from_, 0] + detour(s, profile, from_, to, then, 0)
    metres += s.way[profile, from_, then, 0] - s.way[profile, before, then, 0]
    if s.way[profile, from_, then, 0] >= c.FAR:
        metres = s.way[profile, before, from_, 0] + s.way[profile, from_, to, 0] + s.way[profile, to, then, 0]
        metres -= s.way[profile, before, then, 0]
    if metres >= c.FAR // 2 or s.route[route, c.DISTANCE] + metres > s.kind[type_, c.DISTANCE_MAX]:
        return limit
    cost: float = base + metres * s.price[type_, c.P_METRE]
    stops = int(before != from_) + int(from_ != to)
    if s.node[after, c.KIND] != c.END:
        stops += int(to != then) - int(before != then)
    cost += stops * s.price[type_, c.P_STOP]
    if cost >= limit:
        return limit
    duration = delivered(s, type_, from_, delivery, after, d, e, till, pauses)
    if duration < 0:
        return limit
    if s.kind[type_, c.TIMED]:
        cost += longer(s, route, type_, duration)
    if cost < limit and not refused(s, node, node, PLAIN, -1):
        choose(s, route, node, node, PLAIN, -1)
        return cost
    return limit


@jit
def walk(
    s: State, route: int, type_: int, node: int, position: int, pickup: int, delivery: int,
    d: int, e: int, till: int, pauses: int, base: float, limit: float,
) -> float:  # fmt: skip
    """The delivery anywhere behind the node that now follows the pickup; (d, e, till) ends with the pickup."""
    profile, row, order = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK], s.node[pickup, c.ORDER]
    second, timed, free_m = s.price[type_, c.P_SECOND], s.kind[type_, c.TIMED], s.kind[type_, c.DISTANCE_MAX]
    money, seconds = s.scratch[position] + base, s.scratch[position + 1]
    busy = s.node[pickup, c.SERVICE] + s.node[delivery, c.SERVICE] - s.route[route, c.IDLE]
    to = s.node[delivery, c.PLACE]
    closes = s.window[s.node[delivery, c.WINDOW] + s.node[delivery, c.WINDOWS] - 1, 1]
    last = s.flag[c.VISITS] + 2 * route + 1
    here, start = s.node[pickup, c.PLACE], node
    node = s.node[node, c.NEXT]
    while node != last:
        d, e, till = drive(s, row, pauses, d, e, till, s.way[profile, here, s.node[node, c.PLACE], 1])
        if till < e or d + e > s.node[node, c.LATEST] or not light(s, type_, node, order):
            break
        d, e, till = serve(d, e, till, s.node[node, c.OPEN], s.node[node, c.CLOSE], s.node[node, c.SERVICE])
        position += WIDTH
        here = s.node[node, c.PLACE]
        if till < e or d + e + s.way[profile, here, to, 1] > closes:
            break
        pauses = s.node[node, c.PAUSE]
        after = s.node[node, c.NEXT]
        cost = money + s.scratch[position + 2]
        bound = second * max(0.0, seconds + s.scratch[position + 3] + busy)
        if cost + bound < limit and not blinks(s):
            duration = delivered(s, type_, here, delivery, after, d, e, till, pauses)
            if duration >= 0:
                if timed:
                    cost += longer(s, route, type_, duration)
                if (
                    cost < limit
                    and s.route[route, c.DISTANCE] + metres_of(s, type_, start, pickup, node, delivery) <= free_m
                    and not refused(s, start, node, PLAIN, -1)
                ):
                    limit = cost
                    choose(s, route, start, node, PLAIN, -1)
        node = after
    return limit


@jit
def metres_of(s: State, type_: int, i: int, pickup: int, j: int, delivery: int) -> int:
    """Metres more for both nodes, each after a node of its own."""
    profile = s.kind[type_, c.PROFILE]
    a, b = s.node[i, c.PLACE], s.node[s.node[i, c.NEXT], c.PLACE]
    metres = detour(s, profile, a, s.node[pickup, c.PLACE], b, 0)
    a, b = s.node[j, c.PLACE], s.node[s.node[j, c.NEXT], c.PLACE]
    more: int = metres + detour(s, profile, a, s.node[delivery, c.PLACE], b, 0)
    return more
