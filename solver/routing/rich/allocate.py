"""The search's memory, allocated."""

from collections.abc import Sequence
from math import inf
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compiled import Compiled
from solver.routing.rich import layout as c
from solver.routing.rich.memory import State

FULL_SCAN_VISITS = 150
"""Up to so many visits every route is tried for every order; above, those that hold a listed neighbour."""
NEAR, ADJACENT = 40, 120
RANKS = 64
"""So many vehicle types are remembered for a route of an order's own."""
HARVEST, SEEN, KNOWN = 1 << 13, 1 << 14, 1 << 18
REFUSED_MAX = 16
"""No fewer than places tried for one order."""
BITS = 62


class Parts(NamedTuple):
    """A problem restricted to some orders: indices, of places by the search's own, and sizes."""

    compiled: Compiled
    orders: list[int]
    place_at: dict[int, int]
    visits: list[int]
    slots: int
    nodes: int
    dimensions: int


def measures(compiled: Compiled, orders: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """
    Capacity by type and dimension, and amount by order and dimension.

    Where there are holds, volume and weight of units are two dimensions more: what exceeds them cannot be stowed. They
    do not bind vehicles with locked visits, whose goods are on board however little room there is.
    """
    capacities = [list(row) for row in compiled.capacities]
    amounts = [list(compiled.loads[order]) for order in orders]
    if any(vehicle.hold is not None for vehicle in compiled.vehicle_types):
        for row, vehicle, prefix in zip(capacities, compiled.vehicle_types, compiled.prefix, strict=True):
            hold = None if prefix else vehicle.hold
            limit = None if hold is None else hold.weight_max_g
            row += [c.NEVER if hold is None else hold.length_mm * hold.width_mm * hold.height_mm]
            row += [c.NEVER if limit is None else limit]
        for entry, order in zip(amounts, orders, strict=True):
            units = compiled.problem.orders[order].units
            volumes = [u.quantity * u.length_mm * u.width_mm * u.height_mm for u in units]
            entry += [min(sum(volumes), c.NEVER), sum(unit.quantity * unit.weight_g for unit in units)]
    width = len(capacities[0]) if capacities else len(compiled.dimensions)
    capacity = np.array(capacities, dtype=np.int64).reshape(len(capacities), width)
    return capacity, np.array(amounts, dtype=np.int64).reshape(len(orders), width)


def allocate(parts: Parts, places: int, seed: int) -> State:
    """Memory of the right sizes, with what can be copied as it is."""
    compiled = parts.compiled
    types, visits = len(compiled.vehicle_types), len(parts.visits)
    bits = max((max(compiled.group_bits[o], compiled.clash_bits[o]) for o in parts.orders), default=0).bit_length()
    words = -(-bits // BITS)
    breaks = sum(len(vehicle.breaks) for vehicle in compiled.vehicle_types)
    most = max(max(map(len, compiled.reloads_of), default=0), 1)
    capacity, amount = measures(compiled, parts.orders)

    def ints(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    return State(
        **_working(parts, visits, words),
        way=_ways(parts, places),
        kind=ints(types, c.KIND_WIDTH),
        price=np.zeros((types, c.PRICE_WIDTH)),
        capacity=capacity,
        amount=amount,
        window=_windows(parts),
        reload_window=ints(places + 1, 2),
        pause=ints(max(breaks, 1), 3),
        reload=ints(types, most),
        suits=np.ascontiguousarray(compiled.compatible[:, parts.orders]).astype(np.uint8),
        change=np.ascontiguousarray(compiled.change_milli[:, parts.orders]).astype(np.float64),
        outside=np.array([float(compiled.outside_milli[o] or 0) for o in parts.orders]),
        group=_words([compiled.group_bits[o] for o in parts.orders], words),
        clash=_words([compiled.clash_bits[o] for o in parts.orders], words),
        near=np.full((visits, min(NEAR, max(visits - 1, 1))), -1, dtype=np.int32),
        adjacent=np.full((visits, min(ADJACENT, max(visits - 1, 1))), -1, dtype=np.int32),
        random=np.array([_mixed(seed)], dtype=np.uint64),
    )


def _working(parts: Parts, visits: int, words: int) -> dict[str, Any]:
    """Memory that the search changes, empty."""
    orders, nodes, dims = len(parts.orders), parts.nodes, parts.dimensions
    types = len(parts.compiled.vehicle_types)
    holds = any(vehicle.hold is not None for vehicle in parts.compiled.vehicle_types)
    long = 3 * nodes + 4 * parts.slots + 16

    def ints(*shape: int) -> NDArray[np.int64]:
        return np.zeros(shape, dtype=np.int64)

    return {
        "node": ints(nodes, c.NODE_WIDTH),
        "route": ints(parts.slots, c.ROUTE_WIDTH),
        "order": ints(orders, c.ORDER_WIDTH),
        "flag": ints(c.FLAG_WIDTH),
        "money": np.zeros(c.MONEY_WIDTH),
        "load": ints(nodes, c.LOAD_ROWS, dims),
        "route_group": ints(parts.slots, words),
        "alone": np.full((orders, min(types, RANKS)), inf),
        "alone_type": ints(orders, min(types, RANKS)),
        "cost": np.zeros(parts.slots),
        "active": ints(parts.slots),
        "absent": ints(orders + 1),
        "absent_saved": ints(orders + 1),
        "free_slot": ints(parts.slots),
        "free_reload": ints(nodes),
        "touched": ints(parts.slots),
        "journal": ints(long),
        "best": ints(long),
        "harvest": ints(HARVEST),
        "known": np.zeros(KNOWN if holds else 2, dtype=np.uint64),
        "asked": ints(long),
        "refused": ints(REFUSED_MAX, 4),
        "seen": np.zeros(SEEN, dtype=np.uint64),
        "carry": ints(max(dims, 1)),
        "scratch": np.zeros(6 * nodes + 16),
        "candidate": ints(2 * max(orders, visits) + 4),
        "rank": np.zeros(orders + 1),
    }


def set_flags(parts: Parts, state: State) -> None:
    """Sizes, and which features there are."""
    compiled, orders, visits = parts.compiled, len(parts.orders), len(parts.visits)
    nodes, types, words = parts.nodes, len(compiled.vehicle_types), state.group.shape[1]
    flag = state.flag
    flag[c.ORDERS], flag[c.VISITS], flag[c.SLOTS], flag[c.NODES] = orders, visits, parts.slots, nodes
    flag[c.DIMENSIONS], flag[c.TYPES], flag[c.WORDS] = parts.dimensions, types, words
    flag[c.LIST], flag[c.ADJACENT] = state.near.shape[1], state.adjacent.shape[1]
    flag[c.FILTER] = visits > FULL_SCAN_VISITS
    flag[c.ROUTES_MAX] = parts.slots
    flag[c.RELOADING] = any(compiled.reloads_of)
    flag[c.CHANGES] = bool(state.change.any())
    state.money[c.LONGEST_HOUR] = compiled.problem.longest_hour_milli


def _mixed(seed: int) -> int:
    """A seed spread over 64 bits (splitmix64), never zero."""
    x = (seed + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
    return x ^ (x >> 31) or 1


def _words(bits: Sequence[int], words: int) -> NDArray[np.int64]:
    mask = (1 << BITS) - 1
    rows = [[bit >> (BITS * word) & mask for word in range(words)] for bit in bits]
    return np.array(rows, dtype=np.int64).reshape(len(bits), words)


def _ways(parts: Parts, places: int) -> NDArray[np.int32]:
    """Tables of each profile, an open end added."""
    compiled = parts.compiled
    profiles = profiles_of(compiled)
    ways = np.zeros((len(profiles), places + 1, places + 1, 2), dtype=np.int32)
    picked = np.ix_(list(parts.place_at), list(parts.place_at))
    for index, type_ in enumerate(profiles.values()):
        for unit, tables in enumerate((compiled.distance_m, compiled.duration_s)):
            table = np.asarray(tables[type_])[picked]
            ways[index, :places, :places, unit] = np.where(table < 0, c.FAR, table)
            np.fill_diagonal(ways[index, :, :, unit], 0)
    return ways


def profiles_of(compiled: Compiled) -> dict[str, int]:
    """A vehicle type of each travel profile, in order of first use."""
    profiles: dict[str, int] = {}
    for type_, vehicle in enumerate(compiled.vehicle_types):
        profiles.setdefault(vehicle.profile, type_)
    return profiles


def _windows(parts: Parts) -> NDArray[np.int64]:
    """Windows of all visits one after another, then those of all places."""
    compiled = parts.compiled
    rows: list[Any] = [window for visit in parts.visits for window in compiled.windows_of[visit]]
    rows += [window for place in parts.place_at for window in compiled.dock_windows[place]]
    return np.array([(row.open_s, row.close_s) for row in rows], dtype=np.int64).reshape(-1, 2)
