"""A lower bound on the cost of every plan, so that each plan can carry a proven gap."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compiled import DELIVERY, PICKUP, Compiled

Floats = NDArray[np.float64]

NODES_MAX = 3_000
"""Above this many visits the tables of the tree bound would not fit in memory beside the rest."""
WORK_ROUNDS = 30_000
ROUNDS = (4, 120)
"""Least and greatest number of rounds of the ascent; between them ``WORK_ROUNDS`` divided by the number of visits."""
FLOAT_ROOM = 1e-12
"""Share of all that is summed that 64-bit floats may lose; far above what they do lose."""


def lower_bound_milli(compiled: Compiled, without: frozenset[int] = frozenset()) -> int:
    """
    No plan that serves every mandatory order except ``without`` costs less.

    The bound is that of a spanning tree with a priced degree for each node, after the 1-tree of Held and Karp (The
    traveling-salesman problem and minimum spanning trees, Operations Research 18, 1970) and the K-tree of Fisher
    (Optimal solution of vehicle routing problems using minimum K-trees, Operations Research 42, 1994).

    Why it is valid. Take any plan. Its nodes are the visits of all orders but ``without``, and a root that stands for
    every start. Draw for each route the edges root - first visit - ... - last visit, and mark the last visit as one
    that *returns*; draw for each visit of an order left to its outside option the edge to the root, and mark it as
    returning too. Then (1) the edges are a spanning tree; (2) every visit's edges and return marks add up to two;
    (3) there are as many return marks as edges at the root, and at least as many as vehicles needed. Edges and marks cost no more than
    the plan does: an edge the least price of its leg over all vehicle types that may carry both orders, in either
    direction that windows, precedence and capacity allow, with half the service at either end and the waiting that
    windows enforce; a mark the least price of a vehicle and its way home; those of an outside option half its price
    each, shared evenly by the order's visits. Rounding takes at most half a thousandth from a route's kilometres and
    half from its hours, none where the tariff is whole by the metre or second; the mark gives that back. So for any prices p of (2) and q of (3), the cheapest tree
    plus the cheapest marks, each with its prices added, less two p a node, is at most the cost of the plan. The prices
    are raised by subgradient steps, and the best bound is kept.

    Parameters
    ----------
    compiled
        The problem.
    without
        Indices of mandatory orders that are left unserved.

    Returns
    -------
    int
        At least 0. Where no plan can serve what must be served, any plan satisfies the bound, and 0 is returned.
    """
    nodes = _nodes(compiled, without)
    if not len(nodes.visits):
        return 0
    needed = _vehicles_needed(compiled, nodes)
    prices = _prices(compiled, nodes) if len(nodes.visits) <= NODES_MAX else None
    if prices is None:
        return 0
    return max(0, _ascent(prices, needed))


class _Nodes(NamedTuple):
    """The visits that a plan must serve or pay for; every array has shape (nodes,)."""

    visits: NDArray[np.int64]
    orders: NDArray[np.int64]
    places: NDArray[np.int64]
    service_s: Floats
    opens_s: Floats
    closes_s: Floats
    one_sided: NDArray[np.bool_]
    delivers: NDArray[np.bool_]
    outside: Floats  # share of the outside option that falls on one edge or mark; infinite where mandatory


class _Prices(NamedTuple):
    """Thousandths of a minor unit: ``edge`` of shape (nodes, nodes), ``start`` and ``home`` of shape (nodes,)."""

    edge: Floats
    start: Floats
    home: Floats


def _nodes(compiled: Compiled, without: frozenset[int]) -> _Nodes:
    """Visits of all orders but ``without``, and but those mandatory ones that no vehicle type may take at all."""
    exists = [vehicle.count != 0 for vehicle in compiled.problem.vehicle_types]
    visits = [
        visit
        for order, asked in enumerate(compiled.problem.orders)
        if order not in without and (asked.outside_milli is not None or compiled.compatible[exists, order].any())
        for visit in compiled.visits_of(order)
    ]
    windows = [compiled.windows_of[visit] for visit in visits]
    sides = [len(compiled.visits_of(visit >> 1)) for visit in visits]
    outside = [compiled.problem.orders[visit >> 1].outside_milli for visit in visits]
    return _Nodes(
        visits=np.array(visits, dtype=np.int64),
        orders=np.array([visit >> 1 for visit in visits], dtype=np.int64),
        places=np.array([compiled.place_of[visit] for visit in visits], dtype=np.int64),
        service_s=np.array([compiled.service_of[visit] for visit in visits], dtype=float),
        opens_s=np.array([window[0].open_s if window else np.inf for window in windows], dtype=float),
        closes_s=np.array([window[-1].close_s if window else -np.inf for window in windows], dtype=float),
        one_sided=np.array(sides) == 1,
        delivers=np.array([visit & 1 == DELIVERY for visit in visits], dtype=bool),
        outside=np.array(
            [np.inf if price is None else price / (2 * side) for price, side in zip(outside, sides, strict=True)],
            dtype=float,
        ),
    )


def _prices(compiled: Compiled, nodes: _Nodes) -> _Prices:
    """Least prices over all vehicle types."""
    number = len(nodes.visits)
    edge = np.full((number, number), np.inf)
    start, home = nodes.outside.copy(), nodes.outside.copy()
    for type_, vehicle in enumerate(compiled.problem.vehicle_types):
        if vehicle.count == 0:
            continue
        by_type = _prices_of_type(compiled, nodes, type_)
        np.minimum(edge, by_type.edge, out=edge)
        np.minimum(start, by_type.start, out=start)
        np.minimum(home, by_type.home, out=home)
    return _Prices(np.minimum(edge, edge.T), start, home)


def _prices_of_type(compiled: Compiled, nodes: _Nodes, type_: int) -> _Prices:
    """Prices on one vehicle type; infinite what it cannot do."""
    vehicle = compiled.problem.vehicle_types[type_]
    metre, second = vehicle.km_milli / 1_000, vehicle.hour_milli / 3_600
    half_s = nodes.service_s / 2
    opens_s = np.maximum(nodes.opens_s, vehicle.shift.open_s)
    closes_s = np.minimum(nodes.closes_s, vehicle.shift.close_s - nodes.service_s)
    barred = ~_carries(compiled, nodes, type_) | (opens_s > closes_s)

    metres, seconds = _table(compiled, type_, nodes.places[:, None], nodes.places[None, :])
    moves = nodes.places[:, None] != nodes.places[None, :]
    apart_s = opens_s[None, :] - closes_s[:, None] - nodes.service_s[:, None]
    late = opens_s[:, None] + nodes.service_s[:, None] + seconds > closes_s[None, :]
    waits_s = np.maximum(seconds, np.where(np.isfinite(apart_s), apart_s, 0.0))
    edge = metre * metres + second * (waits_s + half_s[:, None] + half_s[None, :]) + vehicle.stop_milli * moves
    edge[late | (metres < 0) | (seconds < 0) | barred[:, None] | barred[None, :]] = np.inf
    edge[_never_in_a_row(compiled, nodes, type_)] = np.inf

    metres, seconds = _table(compiled, type_, np.int64(compiled.start_of[type_]), nodes.places)
    start = (
        metre * metres + second * (seconds + half_s) + vehicle.stop_milli * (nodes.places != compiled.start_of[type_])
    )
    start[barred | (metres < 0) | (seconds < 0) | (~nodes.one_sided & nodes.delivers)] = np.inf
    start[vehicle.shift.open_s + seconds > closes_s] = np.inf

    end = compiled.end_of[type_]
    metres, seconds = (
        (np.zeros_like(half_s),) * 2 if end is None else _table(compiled, type_, nodes.places, np.int64(end))
    )
    lost = (vehicle.km_milli % 1_000 > 0) / 2 + (vehicle.hour_milli % 3_600 > 0) / 2
    home = vehicle.fixed_milli - lost + metre * metres + second * (seconds + half_s)
    home[barred | (metres < 0) | (seconds < 0) | (~nodes.one_sided & ~nodes.delivers)] = np.inf
    home[opens_s + nodes.service_s + seconds > vehicle.shift.close_s] = np.inf
    return _Prices(edge, start, home)


def _table(
    compiled: Compiled, type_: int, here: NDArray[np.int64] | np.int64, there: NDArray[np.int64] | np.int64
) -> tuple[Floats, Floats]:
    """Metres and seconds between places, 0 where the two are one, below 0 where there is no way."""
    same = here == there
    metres = np.where(same, 0, compiled.distance_m[type_][here, there]).astype(float)
    seconds = np.where(same, 0, compiled.duration_s[type_][here, there]).astype(float)
    return metres, seconds


def _carries(compiled: Compiled, nodes: _Nodes, type_: int) -> NDArray[np.bool_]:
    """By node: skills and hub allow its order, and it fits in by itself."""
    loads, capacity = _loads(compiled, nodes), np.array(compiled.capacities[type_], dtype=float)
    fits: NDArray[np.bool_] = compiled.compatible[type_][nodes.orders] & (loads <= capacity).all(axis=1)
    return fits


def _loads(compiled: Compiled, nodes: _Nodes) -> Floats:
    """Shape (nodes, dimensions)."""
    table = np.array(compiled.loads, dtype=float).reshape(len(compiled.loads), len(compiled.dimensions))
    rows: Floats = table[nodes.orders]
    return rows


def _never_in_a_row(compiled: Compiled, nodes: _Nodes, type_: int) -> NDArray[np.bool_]:
    """
    Shape (nodes, nodes): the second can never follow the first.

    Nothing follows itself, no pickup its own delivery. Two one-sided orders that do not fit in together meet on board
    unless the first is a delivery and the second a collection.
    """
    never = np.eye(len(nodes.visits), dtype=bool)
    same_order = nodes.orders[:, None] == nodes.orders[None, :]
    never |= same_order & (nodes.visits[:, None] > nodes.visits[None, :])
    meet = nodes.one_sided[:, None] & nodes.one_sided[None, :] & ~(nodes.delivers[:, None] & ~nodes.delivers[None, :])
    for amounts, limit in zip(_loads(compiled, nodes).T, compiled.capacities[type_], strict=True):
        never |= meet & (amounts[:, None] + amounts[None, :] > limit)
    return never


def _vehicles_needed(compiled: Compiled, nodes: _Nodes) -> int:
    """At least so many vehicles serve the mandatory orders: by load in each dimension, by working time."""
    bound = np.isinf(nodes.outside)
    if not bound.any():
        return 0
    types = [type_ for type_, vehicle in enumerate(compiled.problem.vehicle_types) if vehicle.count != 0]
    needed = 1
    loads = _loads(compiled, nodes)
    for action in (PICKUP, DELIVERY):
        chosen = bound & nodes.one_sided & (nodes.delivers == (action == DELIVERY))
        for dimension in range(len(compiled.dimensions)):
            largest = max(compiled.capacities[type_][dimension] for type_ in types)
            sizes = sorted(int(amount) for amount in loads[chosen, dimension])
            needed = max(needed, bins_needed(sizes, largest))
    lasts = []
    for type_ in types:
        vehicle = compiled.problem.vehicle_types[type_]
        shift_s = vehicle.shift.close_s - vehicle.shift.open_s
        lasts.append(shift_s if vehicle.duration_max_s is None else min(shift_s, vehicle.duration_max_s))
    longest_s = max(lasts)
    return max(needed, -(-int(nodes.service_s[bound].sum()) // longest_s)) if longest_s else needed


def bins_needed(sizes: list[int], capacity: int) -> int:
    """
    How many bins whole numbers need at least: bound L2 of Martello and Toth (Knapsack Problems, 1990, section 8.3).

    ``sizes`` in ascending order, none negative. Items larger than ``capacity`` are left out.
    """
    fitting = [size for size in sizes if 0 < size <= capacity]
    best = 0
    for small in sorted({0, *(size for size in fitting if 2 * size <= capacity)}):
        alone = sum(size > capacity - small for size in fitting)
        large = [size for size in fitting if capacity - small >= size > capacity / 2]
        rest = sum(size for size in fitting if capacity / 2 >= size >= small)
        over = rest - (len(large) * capacity - sum(large))
        best = max(best, alone + len(large) + max(0, -(-over // capacity)))
    return best


def _ascent(prices: _Prices, needed: int) -> int:
    """The best bound over some rounds of subgradient steps, rounded up as costs are whole."""
    number = len(prices.start)
    penalty, root = np.zeros(number), 0.0
    rounds = min(ROUNDS[1], max(ROUNDS[0], WORK_ROUNDS // number))
    best, step, before, before_root = 0, 0.0, np.zeros(number), 0.0
    for turn in range(rounds):
        tree = _tree(prices.edge, penalty, prices.start + penalty - root)
        if tree is None:
            return 0
        tree_cost, degree, root_degree = tree
        homes = prices.home + penalty + root
        sequence = np.argsort(homes, kind="stable")
        marks = max(min(needed, number), int((homes < 0).sum()))
        marked = sequence[:marks]
        if not np.isfinite(homes[marked]).all():
            return 0
        value = tree_cost + homes[marked].sum() - 2 * penalty.sum()
        summed = abs(tree_cost) + np.abs(homes[marked]).sum() + 6 * np.abs(penalty).sum() + number * abs(root)
        best = max(best, int(np.ceil(value - FLOAT_ROOM * summed)))
        degree[marked] += 1
        slope, slope_root = degree - 2, marks - root_degree
        if not slope.any() and not slope_root:
            break
        if turn == 0:
            step = max(1.0, abs(value)) / number
        pace = step * (1 - turn / rounds) ** 2
        penalty = penalty + pace * (0.7 * slope + 0.3 * before)
        root += pace * (0.7 * slope_root + 0.3 * before_root) / max(1, needed)
        before, before_root = slope, slope_root
    return best


def _tree(edge: Floats, penalty: Floats, root: Floats) -> tuple[float, Floats, int] | None:
    """
    Cheapest spanning tree by Prim's algorithm.

    ``edge`` without the penalties of its two ends, ``root`` with those of the node. Returns cost, degree by node,
    degree of the root; None where the graph falls apart.
    """
    number = len(root)
    nearest, parent = root.copy(), np.full(number, -1)
    outside = np.ones(number, dtype=bool)
    degree = np.zeros(number)
    cost, root_degree = 0.0, 0
    for _ in range(number):
        node = int(np.argmin(nearest))
        if not np.isfinite(nearest[node]):
            return None
        cost += nearest[node]
        degree[node] += 1
        if parent[node] < 0:
            root_degree += 1
        else:
            degree[parent[node]] += 1
        outside[node] = False
        nearest[node] = np.inf
        reach = edge[node] + penalty + penalty[node]
        closer = outside & (reach < nearest)
        nearest[closer] = reach[closer]
        parent[closer] = node
    return cost, degree, root_degree
