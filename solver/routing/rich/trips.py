"""Positions for a delivery or collection that begin a trip: the node together with a reload before or after it."""

from math import inf

from solver.routing.rich import layout as c
from solver.routing.rich.chance import blinks
from solver.routing.rich.memory import State, jit
from solver.routing.rich.refresh import has_begun
from solver.routing.rich.segments import drive, join, serve
from solver.routing.rich.single import RELOAD_AFTER, RELOAD_BEFORE, choose, longer, refused


@jit
def leg(s: State, profile: int, a: int, b: int, unit: int) -> int:
    """Metres or seconds between two places."""
    value: int = s.way[profile, a, b, unit]
    return value


@jit
def fits_split(s: State, type_: int, node: int, order: int, kind: int, how: int) -> bool:
    """
    Whether the goods fit when the trip is split after ``node``.

    What the trip collected so far is left at the reload, what it still has to bring is loaded there.
    """
    trip = s.node[node, c.TRIP]
    for k in range(s.flag[c.DIMENSIONS]):
        load = s.amount[order, k]
        still = s.load[trip, c.LOADED, k] - s.load[node, c.GIVEN, k]
        if how == RELOAD_BEFORE:
            row = c.LOAD if kind == c.BRING else c.REST
            load += s.load[node, row, k] - s.load[node, c.TAKEN, k]
        else:
            row = c.PEAK if kind == c.BRING else c.LOAD
            load += s.load[node, row, k] - still
        if load > s.capacity[type_, k]:
            return False
    return True


@jit
def split_duration(s: State, type_: int, node: int, x: int, place: int, how: int, release: int) -> int:
    """Duration with ``x`` and a reload at ``place`` after ``node``; -1 where somebody is late or there is no way."""
    profile, row = s.kind[type_, c.PROFILE], s.kind[type_, c.BREAK]
    after = s.node[node, c.NEXT]
    here, at = s.node[x, c.PLACE], s.node[node, c.PLACE]
    d, e, till = s.node[node, c.PREFIX_D], s.node[node, c.PREFIX_E], s.node[node, c.PREFIX_L]
    pauses = s.node[node, c.PAUSE]
    best = s.reload_window[place, 0]
    for turn in range(2):
        reload = (turn == 0) == (how == RELOAD_BEFORE)
        there = place if reload else here
        seconds = s.way[profile, at, there, 1]
        if seconds >= c.FAR:
            return -1
        d, e, till = drive(s, row, pauses, d, e, till, seconds)
        if till < e:
            return -1
        window = best if reload else s.node[x, c.WINDOW]
        until = window + (s.reload_window[place, 1] if reload else s.node[x, c.WINDOWS])
        while window < until - 1 and s.window[window, 1] < d + e:
            window += 1
        opens = max(s.window[window, 0], release) if reload else s.window[window, 0]
        service = s.kind[type_, c.RELOAD_S] if reload else s.node[x, c.SERVICE]
        d, e, till = serve(d, e, till, opens, s.window[window, 1], service)
        if till < e:
            return -1
        pauses, at = 0, there
    d, e, till = drive(s, row, 0, d, e, till, s.way[profile, at, s.node[after, c.PLACE], 1])
    d, e, till = join(d, e, till, s.node[after, c.SUFFIX_D], s.node[after, c.SUFFIX_E], s.node[after, c.LATEST])
    return d if e <= till else -1


@jit
def split_price(s: State, route: int, node: int, x: int, place: int, how: int, gap: float) -> float:
    """Price of ``x`` and a reload after ``node``; infinite where it cannot be or costs ``gap`` or more."""
    type_ = s.route[route, c.TYPE]
    profile, after = s.kind[type_, c.PROFILE], s.node[node, c.NEXT]
    here, at, then = s.node[x, c.PLACE], s.node[node, c.PLACE], s.node[after, c.PLACE]
    one, two = (place, here) if how == RELOAD_BEFORE else (here, place)
    metres = leg(s, profile, at, one, 0) + leg(s, profile, one, two, 0) + leg(s, profile, two, then, 0)
    metres -= leg(s, profile, at, then, 0)
    if metres > c.FAR // 2 or s.route[route, c.DISTANCE] + metres > s.kind[type_, c.DISTANCE_MAX]:
        return inf
    stops = int(at != one) + int(one != two)
    if s.node[after, c.KIND] != c.END:
        stops += int(two != then) - int(at != then)
    cost: float = s.price[type_, c.P_TRIP] + metres * s.price[type_, c.P_METRE] + stops * s.price[type_, c.P_STOP]
    if cost >= gap:
        return inf
    kind, order = s.node[x, c.KIND], s.node[x, c.ORDER]
    release = s.node[s.node[node, c.TRIP], c.RELEASE]
    if kind == c.BRING and how == RELOAD_BEFORE:
        release = max(release, s.order[order, c.O_RELEASE])
    duration = split_duration(s, type_, node, x, place, how, release)
    if duration < 0 or not fits_split(s, type_, node, order, kind, how):
        return inf
    return cost + longer(s, route, type_, duration) if s.kind[type_, c.TIMED] else cost


@jit
def split_allowed(s: State, type_: int, node: int, x: int, place: int, how: int) -> bool:
    """Hubs and releases of ``x`` for the trip that it would ride in."""
    kind, hub = s.node[x, c.KIND], s.node[x, c.HUB]
    trip = s.node[node, c.TRIP]
    if kind == c.BRING and how == RELOAD_AFTER:
        if has_begun(s, type_, trip):
            return False
        if s.order[s.node[x, c.ORDER], c.O_RELEASE] > s.node[trip, c.RELEASE]:
            return False
        return bool(hub < 0 or hub == s.node[trip, c.PLACE])
    if kind == c.COLLECT and how == RELOAD_BEFORE:
        ends = s.node[trip, c.ENDS_AT]
        return bool(ends != s.way.shape[1] - 1 and hub in (-1, ends))
    return bool(hub < 0 or hub == place)


@jit
def scan_trips(s: State, route: int, x: int, limit: float) -> float:
    """Note the cheapest position of ``x`` with a reload of its own if it costs less than ``limit``."""
    type_ = s.route[route, c.TYPE]
    if s.route[route, c.TRIPS] > s.kind[type_, c.RELOADS_MAX] or s.flag[c.FREE_RELOADS] == 0:
        return limit
    base = s.change[type_, s.node[x, c.ORDER]] if s.flag[c.CHANGES] else 0.0
    node = s.route[route, c.LAST_FIXED]
    last = s.flag[c.VISITS] + 2 * route + 1
    while node != last:
        for index in range(s.kind[type_, c.RELOADS]):
            place = s.reload[type_, index]
            for how in (RELOAD_BEFORE, RELOAD_AFTER):
                if not split_allowed(s, type_, node, x, place, how) or blinks(s):
                    continue
                cost = base + split_price(s, route, node, x, place, how, limit - base)
                if cost < limit and not refused(s, node, -1, how, place):
                    limit = cost
                    choose(s, route, node, -1, how, place)
        node = s.node[node, c.NEXT]
    return limit
