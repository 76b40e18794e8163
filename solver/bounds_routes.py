"""A lower bound from walks: routes that may repeat visits, but not exceed a vehicle's load or working time."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.bounds_prices import Floats, Nodes, Prices, cheapest_prices, loads_of, working_time
from solver.compiled import DELIVERY, PICKUP, Compiled

Ints = NDArray[np.int64]

UNITS, UNITS_MAX = 64, 250
"""Into how many units the largest limit is cut; and into how many at most, where finer units lose less."""
WORK = 120_000_000
"""Additions that the ascent may take, about a quarter of a second."""
ROUNDS_MAX = 60
PACE = 0.5
"""Length of the first step, in mean worths of a node; it grows after a better bound and shrinks after a worse one."""
PACE_UP, PACE_DOWN = 1.2, 0.5
FLOAT_ROOM = 1e-10


class _Resource(NamedTuple):
    """Positive whole weights by node; those of one route on a vehicle type never add up to more than its limit."""

    weight: Ints
    limits: dict[int, int]


def walk_bound_milli(compiled: Compiled, nodes: Nodes, by_type: Mapping[int, Prices]) -> int:
    """
    The best bound over some rounds of ascent, rounded up as costs are whole.

    A walk starts at the vehicle's start, goes from visit to visit, repeating some if it likes, and home; its *length*
    is the sum of the weights on its way. After the q-route bound of Christofides, Mingozzi and Toth (Exact algorithms
    for the vehicle routing problem, Mathematical Programming 20, 1981) with the penalties of Baldacci, Christofides
    and Mingozzi (An exact algorithm for the vehicle routing problem based on the set partitioning formulation, 2008).

    Why it is valid. Let w be positive weights such that no route's sum exceeds its vehicle's limit, p any penalties,
    and b(i) the least of (cost less penalties on the way) / length over all walks through i within the limit. Give
    each node the worth u(i) = w(i) b(i) + p(i). A feasible route r is a walk through each of its nodes, so the sum of
    u over r is at most (its cost less its penalties) + its penalties, and no route is worth more than it costs.
    Orders with an outside option are worth at most that: lowering a worth keeps this true. Every plan covers each
    node once, so the sum of all worths is at most its cost. The penalties move towards walks that pass each node
    once.

    Returns
    -------
    int
        0 where the walks say nothing.
    """
    resource = _resource(compiled, nodes)
    number = len(nodes.visits)
    if resource is None:
        return 0
    if _work(resource, number) > WORK:
        # One vehicle type that has the least of all prices and the greatest of all limits is a bound as well.
        resource = _Resource(resource.weight, {0: max(resource.limits.values())})
        by_type = {0: cheapest_prices(by_type.values(), nodes)}
    work = _work(resource, number)
    if work > WORK:
        return 0
    rounds = min(ROUNDS_MAX, WORK // work)
    penalty, best, pace = np.zeros(number), 0, 0.0
    held = -np.inf, penalty, penalty
    for turn in range(rounds):
        ratio, passes = _through(resource, by_type, penalty)
        worth = resource.weight * ratio + penalty
        total, summed = _capped_sum(nodes, worth)
        if not np.isfinite(total):
            return best
        best = max(best, int(np.ceil(total - FLOAT_ROOM * (summed + 2 * np.abs(penalty).sum()))))
        if turn == 0:
            pace = PACE * max(1.0, abs(total)) / number
        elif total > held[0]:
            pace *= PACE_UP
        else:
            pace *= PACE_DOWN
        if total > held[0]:
            held = total, penalty, np.clip(1 - passes, -2.0, 1.0)
        penalty = held[1] + pace * held[2]
    return best


def _work(resource: _Resource, number: int) -> int:
    """Additions that one round takes."""
    return sum(number * limit * (2 * number + 4 * limit) for limit in resource.limits.values())


def _capped_sum(nodes: Nodes, worth: Floats) -> tuple[float, float]:
    """Sum of all worths, an order's capped by its outside option; and the sum of what was added."""
    position: dict[int, int] = {}
    index = np.array([position.setdefault(int(order), len(position)) for order in nodes.orders])
    by_order = np.bincount(index, weights=worth)
    outside = np.bincount(index, weights=2 * nodes.outside)
    # Shares of the outside option were rounded; half a thousandth less is surely not above it.
    capped = np.minimum(by_order, outside - 1e-3)
    return float(capped.sum()), float(np.abs(np.where(np.isfinite(worth), worth, 0)).sum())


def _resource(compiled: Compiled, nodes: Nodes) -> _Resource | None:
    """The load of one dimension and direction, or working time: whichever asks for most vehicles."""
    types = [type_ for type_, vehicle in enumerate(compiled.vehicle_types) if vehicle.count != 0]
    if not types:
        return None
    candidates = [working_time(compiled, nodes, types)]
    loads = loads_of(compiled, nodes)
    # A route with reloads may carry more than fits in at once.
    for action in () if any(compiled.reloads_of[type_] for type_ in types) else (PICKUP, DELIVERY):
        chosen = nodes.one_sided & (nodes.delivers == (action == DELIVERY))
        for dimension in range(len(compiled.dimensions)):
            limits = {type_: compiled.capacities[type_][dimension] for type_ in types}
            candidates.append((np.where(chosen, loads[:, dimension], 0.0), limits))
    resources = [resource for amounts, limits in candidates if (resource := _in_units(amounts, limits)) is not None]
    return max(
        resources,
        key=lambda resource: int(resource.weight.sum()) / max(1, *resource.limits.values()),
        default=None,
    )


def _in_units(amounts: Floats, limits: dict[int, int]) -> _Resource | None:
    """
    Positive whole weights that no route exceeds; None where there would be too many units.

    Amounts are rounded down to units. Where that leaves none at zero it is all; else one is added to each weight, for
    which the limit grows by the greatest number of visits on one route.
    """
    largest, least = max(limits.values()), int(np.min(amounts))
    unit = max(1, -(-largest // UNITS))
    if 0 < least < unit and largest // least <= UNITS_MAX:
        unit = least
    weight = amounts.astype(np.int64) // unit
    if least >= unit:
        grown = {type_: limit // unit for type_, limit in limits.items()}
    else:
        visits = int((np.cumsum(np.sort(amounts)) <= largest).sum())
        weight, grown = weight + 1, {type_: limit // unit + visits for type_, limit in limits.items()}
    return _Resource(weight, grown) if max(grown.values()) <= UNITS_MAX else None


def _through(resource: _Resource, by_type: Mapping[int, Prices], penalty: Floats) -> tuple[Floats, Floats]:
    """
    By node: the least (cost less penalties) / length of a walk through it; and how often these walks pass each node.

    Each node's best walk counts with its weight over its length, so that walks which pass every node once make ones.
    """
    number = len(penalty)
    ratio = np.full(number, np.inf)
    walks: list[tuple[Floats, Ints, Ints, _Table, _Table]] = []
    for type_, prices in by_type.items():
        limit = resource.limits[type_]
        edge = prices.edge - penalty[None, :]
        out = _walks(edge, prices.start - penalty, resource.weight, limit)
        back = _walks(prices.edge.T - penalty[None, :], prices.home - penalty, resource.weight, limit)
        found, length, split = _joined(out, back, resource.weight, penalty, limit)
        better = found < ratio
        ratio = np.where(better, found, ratio)
        walks.append((np.where(better, 1.0, 0.0), length, split, out, back))
    passes = np.zeros(number)
    final = np.zeros(number, dtype=bool)
    for chosen, length, split, out, back in reversed(walks):
        mine = (chosen > 0) & ~final & np.isfinite(ratio)
        final |= mine
        nodes = np.flatnonzero(mine)
        share = resource.weight[nodes] / length[nodes]
        _count(passes, out, nodes, split[nodes], share, resource.weight)
        _count(passes, back, nodes, length[nodes] - split[nodes] + resource.weight[nodes], share, resource.weight)
        np.add.at(passes, nodes, -share)  # the node itself was counted on both halves
    return ratio, passes


class _Table(NamedTuple):
    """``cost[l, j]``: least cost of a walk of length l that ends at j (counted); ``before[l, j]``: the node before."""

    cost: Floats
    before: Ints


def _walks(edge: Floats, start: Floats, weight: Ints, limit: int) -> _Table:
    """Cheapest half walks by length and last node, shape (limit + 1, nodes)."""
    number = len(start)
    cost = np.full((limit + 1, number), np.inf)
    before = np.full((limit + 1, number), -1)
    nodes = np.arange(number)
    first = weight <= limit
    cost[weight[first], nodes[first]] = start[first]
    for length in range(1, limit):
        here = np.flatnonzero(np.isfinite(cost[length]))
        there = np.flatnonzero(weight <= limit - length)
        if not len(here) or not len(there):
            continue
        onward = cost[length, here][:, None] + edge[here] if len(here) < number else cost[length][:, None] + edge
        chosen = onward.argmin(axis=0)
        price = onward[chosen, nodes][there]
        rows = length + weight[there]
        closer = price < cost[rows, there]
        cost[rows[closer], there[closer]] = price[closer]
        before[rows[closer], there[closer]] = here[chosen[there]][closer]
    return _Table(cost, before)


def _joined(out: _Table, back: _Table, weight: Ints, penalty: Floats, limit: int) -> tuple[Floats, Ints, Ints]:
    """By node: least cost over length of a whole walk through it, that length, and the length of its first half."""
    number = len(weight)
    best = np.full(number, np.inf)
    length, split = np.ones(number, dtype=np.int64), np.ones(number, dtype=np.int64)
    nodes, halves = np.arange(number), np.arange(limit + 1)
    for half in range(1, limit + 1):
        if not np.isfinite(out.cost[half]).any():
            continue
        whole = half + halves[:, None] - weight[None, :]
        # Each half charged the node's penalty; it counts once.
        cost = out.cost[half][None, :] + back.cost + penalty[None, :]
        ratio = np.where((whole <= limit) & (whole > 0), cost / np.maximum(whole, 1), np.inf)
        rows = ratio.argmin(axis=0)
        closer = ratio[rows, nodes] < best
        best[closer] = ratio[rows, nodes][closer]
        length[closer], split[closer] = whole[rows, nodes][closer], half
    return best, length, split


def _count(passes: Floats, table: _Table, nodes: Ints, lengths: Ints, share: Floats, weight: Ints) -> None:
    """Add the shares of half walks to the nodes that they pass, all walks a step at a time."""
    here, left, part = nodes, lengths, share
    while len(here):
        np.add.at(passes, here, part)
        previous = table.before[left, here]
        left = left - weight[here]
        going = previous >= 0
        here, left, part = previous[going], left[going], part[going]
