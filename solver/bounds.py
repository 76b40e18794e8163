"""A lower bound on the cost of every plan, so that each plan can carry a proven gap."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from solver.bounds_prices import Nodes, cheapest_prices, loads_of, nodes_of, prices_on, working_time
from solver.bounds_routes import walk_bound_milli
from solver.bounds_tree import tree_bound_milli
from solver.colgen import lower_bound
from solver.compiled import DELIVERY, PICKUP, Compiled

RouteKey = tuple[int, tuple[int, ...]]

NODES_MAX = 2_000
"""Above this many visits the tables would not fit in memory beside the rest; the bound is then 0."""


def lower_bound_milli(compiled: Compiled, without: frozenset[int] = frozenset()) -> int:
    """
    No plan that serves every mandatory order except ``without`` costs less.

    The better of two bounds that are proven where they are computed: spanning trees (strong for long routes) and walks
    of bounded load or working time (strong for short ones). Both hold for any tables, with or without the triangle
    inequality, several vehicle types, open ends, transports and optional orders.

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
    nodes = nodes_of(compiled, without)
    if not len(nodes.visits) or under_way(compiled):
        return 0
    if len(nodes.visits) > NODES_MAX:
        return entries_bound_milli(compiled, nodes)
    types = [type_ for type_, vehicle in enumerate(compiled.vehicle_types) if vehicle.count != 0]
    by_type = {type_: prices_on(compiled, nodes, type_) for type_ in types}
    tree = tree_bound_milli(cheapest_prices(by_type.values(), nodes), vehicles_needed(compiled, nodes))
    return max(0, tree, walk_bound_milli(compiled, nodes, by_type))


def under_way(compiled: Compiled) -> bool:
    """Whether a vehicle has left: travel and service do not bind what has happened, and no bound counts on them."""
    return any(left is not None for left in compiled.left_s) or any(compiled.happened)


def entries_bound_milli(compiled: Compiled, nodes: Nodes) -> int:
    """
    A bound for days too large for tables over visits: what each visit is reached for at least.

    Every visit is entered by one leg, from its vehicle's start, a reload or another visit, and served; so the sum of
    the cheapest entries, an order's capped by its outside option, is at most what any plan costs.
    """
    entry = np.full(len(nodes.visits), np.inf)
    places, number = np.unique(nodes.places, return_counts=True)
    for type_, vehicle in enumerate(compiled.vehicle_types):
        if vehicle.count == 0:
            continue
        sources = np.unique([*places, compiled.start_of[type_], *compiled.reloads_of[type_]])
        metres, seconds = compiled.distance_m[type_], compiled.duration_s[type_]
        least = np.full(len(metres), np.inf)
        for column, place in enumerate(places):
            priced = (
                vehicle.km_milli / 1_000 * metres[sources, place] + vehicle.hour_milli / 3_600 * seconds[sources, place]
            )
            priced[(metres[sources, place] < 0) | (seconds[sources, place] < 0) | (sources == place)] = np.inf
            stays = number[column] > 1 or place == compiled.start_of[type_] or place in compiled.reloads_of[type_]
            least[place] = 0.0 if stays else priced.min(initial=np.inf) + vehicle.stop_milli
        carried = compiled.compatible[type_][nodes.orders]
        mine = least[nodes.places] + vehicle.hour_milli / 3_600 * nodes.service_s
        entry = np.minimum(entry, np.where(carried, mine, np.inf))
    entry = np.minimum(entry, 2 * nodes.outside)
    # A route's kilometres and hours are each rounded to the nearest thousandth.
    return max(0, int(entry[np.isfinite(entry)].sum()) - 2 * len(nodes.visits))


class Bound(NamedTuple):
    """
    What is proven about a problem.

    Attributes
    ----------
    bound_milli
        No plan that serves every mandatory order but those left out costs less; at least 0.
    proven_optimal
        A plan of this cost is known: ``routes``, or where that is empty the one whose cost was given.
    routes
        A plan cheaper than the one that was known, as (vehicle type, visits); empty for none.
    columns
        Routes that came up on the way and may be worth pricing.
    """

    bound_milli: int
    proven_optimal: bool
    routes: tuple[RouteKey, ...]
    columns: tuple[RouteKey, ...]


def prove(
    compiled: Compiled,
    without: frozenset[int],
    *,
    upper_milli: int | None,
    routes: Sequence[RouteKey],
    seconds: float | None,
    labels: int | None,
    stop: Callable[[], bool],
    cheap_milli: int | None = None,
) -> Bound:
    """
    The best lower bound for the budget: the cheap ones first, then column generation where the size allows it.

    Parameters
    ----------
    compiled
        The problem.
    without
        Mandatory orders that are left unserved.
    upper_milli
        Cost of a plan that is known (serving all mandatory orders but ``without``), None for none.
    routes
        Feasible routes that are known.
    seconds, labels
        Limits of column generation, at least one; with ``labels`` alone the answer is always the same.
    stop
        Asked often; once it says True column generation ends within 0.1 s.
    """
    if under_way(compiled):
        return Bound(0, proven_optimal=False, routes=(), columns=())
    cheap = lower_bound_milli(compiled, without)
    if upper_milli is not None and cheap >= upper_milli:
        return Bound(cheap, proven_optimal=True, routes=(), columns=())
    nodes = nodes_of(compiled, without)
    fewest = vehicles_needed(compiled, nodes) if 0 < len(nodes.visits) <= NODES_MAX else 0
    found = lower_bound(
        compiled,
        without,
        upper_milli=upper_milli,
        routes=routes,
        seconds=seconds,
        labels=labels,
        stop=stop,
        fewest=fewest,
    )
    best = max(cheap, found.bound_milli)
    return Bound(best, found.proven_optimal, found.routes, found.columns)


def vehicles_needed(compiled: Compiled, nodes: Nodes) -> int:
    """At least so many vehicles serve the mandatory orders: by load in each dimension, by working time."""
    bound = np.isinf(nodes.outside)
    if not bound.any():
        return 0
    types = [type_ for type_, vehicle in enumerate(compiled.vehicle_types) if vehicle.count != 0]
    needed = 1
    loads = loads_of(compiled, nodes)
    for action in () if any(compiled.reloads_of[type_] for type_ in types) else (PICKUP, DELIVERY):
        chosen = bound & nodes.one_sided & (nodes.delivers == (action == DELIVERY))
        for dimension in range(len(compiled.dimensions)):
            largest = max(compiled.capacities[type_][dimension] for type_ in types)
            sizes = sorted(int(amount) for amount in loads[chosen, dimension])
            needed = max(needed, bins_needed(sizes, largest))
    takes_s, limits = working_time(compiled, nodes, types)
    longest_s = max(limits.values())
    return max(needed, -(-int(takes_s[bound].sum()) // longest_s)) if longest_s else needed


def bins_needed(sizes: list[int], capacity: int) -> int:
    """
    How many bins whole numbers need at least: bound L2 of Martello and Toth (Knapsack Problems, 1990, section 8.3).

    ``sizes`` in ascending order, none negative. Items larger than ``capacity`` are left out.
    """
    fitting = [size for size in sizes if 0 < size <= capacity]
    if not fitting:
        return 0
    best = 0
    for small in sorted({0, *(size for size in fitting if 2 * size <= capacity)}):
        alone = sum(size > capacity - small for size in fitting)
        large = [size for size in fitting if capacity - small >= size > capacity / 2]
        rest = sum(size for size in fitting if capacity / 2 >= size >= small)
        over = rest - (len(large) * capacity - sum(large))
        best = max(best, alone + len(large) + max(0, -(-over // capacity)))
    return best
