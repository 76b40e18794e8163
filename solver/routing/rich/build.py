"""From a compiled problem to the search's memory."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from solver.compiled import Compiled
from solver.routing.rich import layout as c
from solver.routing.rich.allocate import Parts, allocate, profiles_of, set_flags
from solver.routing.rich.lists import adjacent_rows, near_rows
from solver.routing.rich.memory import State


class Built(NamedTuple):
    """Memory of a search, and what its numbers mean: orders and places by their index within the search."""

    state: State
    orders: list[int]
    places: list[int]


def build(compiled: Compiled, wanted: frozenset[int], seed: int) -> Built:
    """
    Lay a problem out for the search, restricted to some orders and what locked vehicles serve.

    Parameters
    ----------
    compiled
        The problem.
    wanted
        Orders to plan.
    seed
        Not negative.
    """
    prefixes = [visit for prefix in compiled.prefix for visit in prefix]
    orders = sorted(wanted | compiled.orders_of(prefixes))
    visits = [2 * order + action for order in orders for action in (0, 1)]
    places = _places(compiled, visits, prefixes)
    reloading = any(compiled.reloads_of)
    slots = len(orders) + len(compiled.vehicle_types) + 1
    reloads = sum(visit < 0 for visit in prefixes) + (len(orders) + 64 if reloading else 0)
    nodes = len(visits) + 2 * slots + reloads
    dimensions = len(compiled.dimensions) + 2 * any(vehicle.hold is not None for vehicle in compiled.vehicle_types)
    place_at = {place: index for index, place in enumerate(places)}
    parts = Parts(compiled, orders, place_at, visits, slots, nodes, dimensions)
    state = allocate(parts, len(places), seed)
    set_flags(parts, state)
    _fill_kinds(parts, state)
    _fill_orders(parts, state)
    _fill_nodes(parts, state)
    state.near[:] = near_rows(state, len(visits), state.near.shape[1])
    state.adjacent[:] = adjacent_rows(state, len(visits), state.adjacent.shape[1])
    _hold(parts, state)
    return Built(state, orders, places)


def _places(compiled: Compiled, visits: Sequence[int], prefixes: Sequence[int]) -> list[int]:
    used = {compiled.place_of[visit] for visit in visits} | {~visit for visit in prefixes if visit < 0}
    used |= set(compiled.start_of) | {end for end in compiled.end_of if end is not None}
    used |= {place for row in compiled.reloads_of for place in row}
    return sorted(used - {-1})


def _fill_kinds(parts: Parts, state: State) -> None:
    compiled, problem = parts.compiled, parts.compiled.problem
    profile_at = {name: index for index, name in enumerate(profiles_of(compiled))}
    open_end = state.way.shape[1] - 1
    pauses = 0
    for type_, vehicle in enumerate(compiled.vehicle_types):
        kind, price = state.kind[type_], state.price[type_]
        end = compiled.end_of[type_]
        kind[c.PROFILE] = profile_at[vehicle.profile]
        kind[c.BEGIN] = parts.place_at[compiled.start_of[type_]]
        kind[c.FINISH] = open_end if end is None else parts.place_at[end]
        kind[c.SHIFT_OPEN], kind[c.SHIFT_CLOSE] = vehicle.shift.open_s, vehicle.shift.close_s
        kind[c.DURATION_MAX] = _limit(vehicle.duration_max_s)
        kind[c.DISTANCE_MAX] = _limit(vehicle.distance_max_m)
        kind[c.STOPS_MAX], kind[c.LIMIT] = _limit(vehicle.stops_max), _limit(vehicle.count)
        kind[c.OVERTIME_AFTER] = _limit(vehicle.overtime_after_s)
        kind[c.BASE] = compiled.type_index[compiled.identity[type_][0]]
        kind[c.RELOADS], kind[c.RELOAD_S] = len(compiled.reloads_of[type_]), vehicle.reload_s
        kind[c.RELOADS_MAX] = _limit(vehicle.reloads_max)
        kind[c.BREAK], kind[c.BREAKS] = pauses, len(vehicle.breaks)
        left = compiled.left_s[type_]
        kind[c.LEFT], kind[c.CLOSED], kind[c.HELD_SLOT] = -1 if left is None else left, compiled.closed[type_], -1
        kind[c.HAS_HOLD] = vehicle.hold is not None
        kind[c.USE_MIN] = vehicle.use_min if kind[c.BASE] == type_ else 0
        for index, place in enumerate(compiled.reloads_of[type_]):
            state.reload[type_, index] = parts.place_at[place]
        for pause in vehicle.breaks:
            state.pause[pauses] = pause.window.open_s, pause.window.close_s, pause.duration_s
            pauses += 1
        price[c.P_FIXED], price[c.P_KM], price[c.P_HOUR] = vehicle.fixed_milli, vehicle.km_milli, vehicle.hour_milli
        price[c.P_STOP], price[c.P_TRIP], price[c.P_UNUSED] = (
            vehicle.stop_milli,
            vehicle.trip_milli,
            vehicle.unused_milli,
        )
        overtime = 0 if vehicle.overtime_after_s is None else vehicle.overtime_hour_milli
        price[c.P_OVERTIME], price[c.P_METRE] = overtime, vehicle.km_milli / 1000
        price[c.P_SECOND], price[c.P_LATE_SECOND] = vehicle.hour_milli / 3600, overtime / 3600
        limited = vehicle.duration_max_s is not None or overtime or vehicle.hour_milli
        kind[c.TIMED] = bool(limited or problem.longest_hour_milli)
        aboard = compiled.aboard[type_]
        for local, order in enumerate(parts.orders):
            if aboard is not None and order in aboard and state.suits[type_, local]:
                state.suits[type_, local] = c.ABOARD
    terms = any(vehicle.use_min and vehicle.unused_milli for vehicle in problem.vehicle_types)
    state.flag[c.PAUSING] = pauses > 0
    state.flag[c.PLAN_TERMS] = bool(terms or problem.longest_hour_milli)
    state.money[c.SPARE] = max((vehicle.unused_milli for vehicle in problem.vehicle_types), default=0)


def _limit(value: int | None) -> int:
    return c.NEVER if value is None else value


def _fill_orders(parts: Parts, state: State) -> None:
    compiled = parts.compiled
    widest = np.maximum(state.capacity.max(axis=0, initial=0), 1)
    depot = state.kind[0, c.BEGIN]
    for local, order in enumerate(parts.orders):
        row = state.order[local]
        nodes = [2 * local + (visit & 1) for visit in compiled.visits_of(order)]
        row[c.FIRST], row[c.SECOND] = nodes[0], nodes[1] if len(nodes) == 2 else -1
        row[c.O_RELEASE] = compiled.release_s[order]
        row[c.MANDATORY] = compiled.outside_milli[order] is None
        row[c.SIZE] = int(max((state.amount[local] / widest), default=0) * 1e6)
        places = [parts.place_at[compiled.place_of[visit]] for visit in compiled.visits_of(order)]
        row[c.REACH] = max(int(state.way[0, depot, place, 1]) for place in places)
        windows = [compiled.windows_of[visit] for visit in compiled.visits_of(order)]
        row[c.SPAN] = sum(window.close_s - window.open_s for row_ in windows for window in row_)
        row[c.SOON] = min((row_[0].open_s for row_ in windows if row_), default=0)
        row[c.LATE] = max((row_[-1].close_s for row_ in windows if row_), default=0)
        state.absent[local], row[c.ABSENT_AT], row[c.STATE] = local, local, c.ABSENT
        if not all(windows):
            state.suits[:, local] = 0
    state.flag[c.ABSENTS] = len(parts.orders)


def _fill_nodes(parts: Parts, state: State) -> None:
    compiled, node = parts.compiled, state.node
    node[:, c.ROUTE] = node[:, c.ORDER] = node[:, c.HUB] = node[:, c.DONE_END] = node[:, c.MATE] = -1
    at = 0
    for index, visit in enumerate(parts.visits):
        windows = compiled.windows_of[visit]
        if compiled.place_of[visit] >= 0:
            alone = compiled.place_of[visit ^ 1] < 0
            node[index, c.PLACE] = parts.place_at[compiled.place_of[visit]]
            node[index, c.SERVICE], node[index, c.ORDER] = compiled.service_of[visit], index >> 1
            node[index, c.KIND] = (c.BRING if visit & 1 else c.COLLECT) if alone else (c.TO if visit & 1 else c.FROM)
            hub = compiled.hub_of[visit >> 1]
            node[index, c.HUB] = -1 if hub is None or not alone else parts.place_at.get(hub, -2)
            node[index, c.MATE] = -1 if alone else index ^ 1
            state.flag[c.COLLECTIONS] |= bool(alone and not visit & 1)
        node[index, c.WINDOW], node[index, c.WINDOWS] = at, len(windows)
        if windows:
            node[index, c.OPEN], node[index, c.CLOSE] = state.window[at]
        state.flag[c.MANY_WINDOWS] |= len(windows) > 1
        at += len(windows)
    for local, place in enumerate(parts.place_at):
        state.reload_window[local] = at, len(compiled.dock_windows[place])
        if state.flag[c.RELOADING] or any(map(len, compiled.prefix)):
            state.flag[c.MANY_WINDOWS] |= len(compiled.dock_windows[place]) > 1
        at += len(compiled.dock_windows[place])
    first = len(parts.visits)
    slots = np.arange(parts.slots)
    node[first + 2 * slots, c.KIND], node[first + 2 * slots + 1, c.KIND] = c.START, c.END
    node[first + 2 * slots, c.ROUTE] = node[first + 2 * slots + 1, c.ROUTE] = slots
    reloads = np.arange(first + 2 * parts.slots, parts.nodes)
    node[reloads, c.KIND] = c.RELOAD
    state.free_reload[: len(reloads)] = reloads[::-1]
    state.flag[c.FREE_RELOADS] = len(reloads)
    state.free_slot[:] = slots[::-1]
    state.route[slots[::-1], c.ACTIVE_AT] = slots
    state.route[:, c.TYPE] = -1
    state.flag[c.FREE_SLOTS] = parts.slots


def _hold(parts: Parts, state: State) -> None:
    """Write what is settled about vehicles for ``entry.HOLD``: type, length, and node, begin, end of each visit."""
    compiled, at = parts.compiled, 0
    local = {order: index for index, order in enumerate(parts.orders)}
    for type_, prefix in enumerate(compiled.prefix):
        if not prefix:
            continue
        happened = compiled.happened[type_]
        state.best[at], state.best[at + 1] = type_, len(prefix)
        at += 2
        for position, visit in enumerate(prefix):
            node = ~parts.place_at[~visit] if visit < 0 else 2 * local[visit >> 1] + (visit & 1)
            begin, end = happened[position] if position < len(happened) else (-1, -1)
            state.best[at : at + 3] = node, begin, end
            at += 3
    state.flag[c.BEST_LENGTH] = at
