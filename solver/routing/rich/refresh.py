"""Everything that is known about a route, derived anew from its nodes: the search's only judge of routes."""

from solver.routing.rich import layout as c
from solver.routing.rich.memory import State, jit
from solver.routing.rich.pauses import clear_pauses, place_pauses
from solver.routing.rich.times import backward, forward, start_of
from solver.routing.rich.windows import choose_windows


@jit
def refresh(s: State, route: int) -> bool:
    """
    Derive times, loads and price of a route; False where a constraint is broken (what is derived is then undefined).
    """
    type_ = s.route[route, c.TYPE]
    if not gather(s, route, type_):
        return False
    if s.flag[c.MANY_WINDOWS] and not choose_windows(s, route, type_):
        return False
    if s.flag[c.PAUSING]:
        clear_pauses(s, route)
    backward(s, route, type_)
    if not forward(s, route, type_):
        return False
    if s.kind[type_, c.BREAKS] and not place_pauses(s, route, type_):
        return False
    if not limits(s, route, type_):
        return False
    if s.flag[c.COLLECTIONS]:
        rests(s, route)
    s.cost[route] = price(s, route, type_)
    return True


@jit
def gather(s: State, route: int, type_: int) -> bool:
    """From the end: what each trip's begin loads, when that is released, and whether hubs are kept."""
    dims = s.flag[c.DIMENSIONS]
    first = start_of(s, route)
    ends_at = s.node[first + 1, c.PLACE]
    open_end = s.way.shape[1] - 1
    for k in range(dims):
        s.carry[k] = 0
    release = 0
    trips = 1
    wanted = -1
    ashore = False
    node = s.node[first + 1, c.PREV]
    while True:
        kind = s.node[node, c.KIND]
        if kind == c.BRING:
            order = s.node[node, c.ORDER]
            for k in range(dims):
                s.carry[k] += s.amount[order, k]
            release = max(release, s.order[order, c.O_RELEASE])
            ashore = ashore or not (s.node[node, c.FIXED] or s.suits[type_, order] == c.ABOARD)
            if s.node[node, c.HUB] >= 0:
                if wanted >= 0 and wanted != s.node[node, c.HUB]:
                    return False
                wanted = s.node[node, c.HUB]
        elif kind == c.COLLECT:
            if ends_at == open_end or (s.node[node, c.HUB] >= 0 and s.node[node, c.HUB] != ends_at):
                return False
        elif kind in (c.START, c.RELOAD):
            if (wanted >= 0 and wanted != s.node[node, c.PLACE]) or (ashore and has_begun(s, type_, node)):
                return False
            for k in range(dims):
                s.load[node, c.LOADED, k] = s.carry[k]
                s.carry[k] = 0
            s.node[node, c.RELEASE] = release
            s.node[node, c.ENDS_AT] = ends_at
            opens(s, node, type_, release)
            if kind == c.START:
                break
            release, wanted, ends_at, ashore = 0, -1, s.node[node, c.PLACE], False
            trips += 1
        node = s.node[node, c.PREV]
    s.route[route, c.TRIPS] = trips
    allowed: bool = trips - 1 <= s.kind[type_, c.RELOADS_MAX]
    return allowed


@jit
def has_begun(s: State, type_: int, trip: int) -> bool:
    """Whether what a trip loads has been loaded."""
    return bool(s.node[trip, c.DONE_END] >= 0 or (s.node[trip, c.KIND] == c.START and s.kind[type_, c.LEFT] >= 0))


@jit
def opens(s: State, node: int, type_: int, release: int) -> None:
    """When a trip may begin."""
    if s.node[node, c.KIND] == c.RELOAD:
        if s.node[node, c.DONE_END] < 0:
            row = s.node[node, c.WINDOW]
            s.node[node, c.OPEN] = max(s.window[row, 0], release)
            s.node[node, c.CLOSE] = s.window[row, 1]
    elif s.kind[type_, c.LEFT] >= 0:
        s.node[node, c.OPEN] = s.node[node, c.CLOSE] = s.kind[type_, c.LEFT]
    else:
        s.node[node, c.OPEN] = max(s.kind[type_, c.SHIFT_OPEN], release)
        s.node[node, c.CLOSE] = s.kind[type_, c.SHIFT_CLOSE]


@jit
def limits(s: State, route: int, type_: int) -> bool:
    """Loads, groups, metres, stops and trips along the route; False where a limit is passed."""
    dims, profile = s.flag[c.DIMENSIONS], s.kind[type_, c.PROFILE]
    node = start_of(s, route)
    last = node + 1
    for word in range(s.flag[c.WORDS]):
        s.route_group[route, word] = 0
    for k in range(dims):
        s.carry[k] = 0
    trip, metres, stops, served, count = node, 0, 0, 0, 0
    counted = True
    while True:
        kind = s.node[node, c.KIND]
        if kind in (c.START, c.RELOAD):
            trip = node
        elif not joins(s, route, node):
            return False
        s.node[node, c.TRIP] = trip
        if not carry(s, type_, node, trip, kind):
            return False
        count += s.node[node, c.ORDER] >= 0
        here = s.node[node, c.PLACE]
        done = s.node[s.node[node, c.NEXT], c.DONE_END] >= 0
        node = s.node[node, c.NEXT]
        leg = s.way[profile, here, s.node[node, c.PLACE], 0]
        metres += 0 if done and leg >= c.FAR else leg
        if node == last:
            break
        arrived = here != s.node[node, c.PLACE]
        stops += arrived
        counted = counted and not arrived
        if not counted and s.node[node, c.KIND] != c.RELOAD:
            counted = True
            served += 1
    s.node[last, c.TRIP] = trip
    s.route[route, c.DISTANCE], s.route[route, c.STOPS], s.route[route, c.COUNT] = metres, stops, count
    if served > s.kind[type_, c.STOPS_MAX] or metres > s.kind[type_, c.DISTANCE_MAX]:
        return False
    in_time: bool = s.route[route, c.DURATION] <= s.kind[type_, c.DURATION_MAX]
    return in_time


@jit
def joins(s: State, route: int, node: int) -> bool:
    """Whether the orders before allow a node's order beside them; its groups are added."""
    order = s.node[node, c.ORDER]
    kind = s.node[node, c.KIND]
    if kind == c.TO:
        return True
    for word in range(s.flag[c.WORDS]):
        if s.clash[order, word] & s.route_group[route, word]:
            return False
    for word in range(s.flag[c.WORDS]):
        s.route_group[route, word] |= s.group[order, word]
    return True


@jit
def carry(s: State, type_: int, node: int, trip: int, kind: int) -> bool:
    """Load after a node, the trip's highest so far, and what the trip collected and handed over; False if too much."""
    before = s.node[node, c.PREV]
    order = s.node[node, c.ORDER]
    for k in range(s.flag[c.DIMENSIONS]):
        load = s.carry[k]
        if node == trip:
            taken = given = 0
            load += s.load[node, c.LOADED, k] - (s.load[before, c.TAKEN, k] if kind == c.RELOAD else 0)
            peak = load
        else:
            amount = s.amount[order, k]
            taken, given = s.load[before, c.TAKEN, k], s.load[before, c.GIVEN, k]
            if kind in (c.FROM, c.COLLECT):
                load += amount
                taken += amount if kind == c.COLLECT else 0
            else:
                load -= amount
                given += amount if kind == c.BRING else 0
            peak = max(s.load[before, c.PEAK, k], load)
        if load > s.capacity[type_, k]:
            return False
        s.carry[k] = load
        s.load[node, c.LOAD, k], s.load[node, c.PEAK, k] = load, peak
        s.load[node, c.TAKEN, k], s.load[node, c.GIVEN, k] = taken, given
    return True


@jit
def rests(s: State, route: int) -> None:
    """From the end: the highest load from each node to the end of its trip."""
    first = start_of(s, route)
    node = s.node[first + 1, c.PREV]
    ends = True
    while True:
        after = s.node[node, c.NEXT]
        for k in range(s.flag[c.DIMENSIONS]):
            load = s.load[node, c.LOAD, k]
            s.load[node, c.REST, k] = load if ends else max(load, s.load[after, c.REST, k])
        if node == first:
            break
        ends = s.node[node, c.KIND] == c.RELOAD
        node = s.node[node, c.PREV]


@jit
def price(s: State, route: int, type_: int) -> float:
    """Price of a refreshed route by its type's tariff, rounded as ``solver.cost`` does."""
    duration = s.route[route, c.DURATION]
    total = s.price[type_, c.P_FIXED] + s.route[route, c.STOPS] * s.price[type_, c.P_STOP]
    total += (s.route[route, c.DISTANCE] * s.price[type_, c.P_KM] + 500) // 1000
    total += (duration * s.price[type_, c.P_HOUR] + 1800) // 3600
    total += s.route[route, c.TRIPS] * s.price[type_, c.P_TRIP]
    over = duration - s.kind[type_, c.OVERTIME_AFTER]
    if over > 0:
        total += (over * s.price[type_, c.P_OVERTIME] + 1800) // 3600
    if s.flag[c.CHANGES]:
        node = s.node[start_of(s, route), c.NEXT]
        while s.node[node, c.ORDER] >= 0 or s.node[node, c.KIND] == c.RELOAD:
            order = s.node[node, c.ORDER]
            if order >= 0 and s.order[order, c.FIRST] == node:
                total += s.change[type_, order]
            node = s.node[node, c.NEXT]
    result: float = total
    return result
