"""A plan divided into regions: whole routes that lie near each other, with their share of the fleet."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from solver.compiled import Compiled
from solver.routing.chart import Floats, around, chart, divided, turned
from solver.routing.features import RouteKey

STOPS = 200
"""Visits of a region: enough for several routes, few enough for a search to get far in a second or two."""


class Region(NamedTuple):
    """Neighbouring routes, the unplanned orders among them, and by vehicle type how many may be used (None: any)."""

    routes: tuple[RouteKey, ...]
    unplanned: tuple[int, ...]
    fleet: tuple[int | None, ...]

    def visits(self, compiled: Compiled) -> int:
        """How many visits are to be planned."""
        return sum(len(visits) for _, visits in self.routes) + len(visits_of(compiled, self.unplanned))


def visits_of(compiled: Compiled, orders: Iterable[int]) -> list[int]:
    """All visits of some orders."""
    return [visit for order in sorted(orders) for visit in compiled.visits_of(order)]


def parts_of(visits: int) -> int:
    """Into how many regions to divide a number of visits."""
    return max(1, round(visits / STOPS))


def divide(
    compiled: Compiled, routes: Sequence[RouteKey], orders: frozenset[int], random: Generator, *, polar: bool
) -> list[Region]:
    """
    Regions of a plan.

    Parameters
    ----------
    compiled
        The problem.
    routes
        The plan's: each goes to one region whole.
    orders
        All to be planned; those without a route go to the region in which they lie, or to that of the one vehicle which
        may serve them.
    random
        Turns the axes and moves the borders.
    polar
        Whether to cut slices around the first vehicle type's start, instead of blocks.

    Returns
    -------
    list of Region
        Together they have all routes, orders and vehicles, and none twice.
    """
    points = chart(compiled)
    served = {visit >> 1 for _, visits in routes for visit in visits if visit >= 0}
    unplanned = sorted(orders - served)
    items = [compiled.places_of(visits) for _, visits in routes]
    items += [compiled.places_of(compiled.visits_of(order)) for order in unplanned]
    if not items:
        return []
    middles = np.array([points[places].mean(axis=0) for places in items])
    weights = np.array([float(len(places)) for places in items])
    flat = around(middles, points[compiled.start_of[0]], random) if polar else turned(middles, random)
    home = [0] * len(items)
    parts = divided(flat, weights, parts_of(int(weights.sum())), random)
    for number, part in enumerate(parts):
        for item in part:
            home[item] = number
    lies_in = dict(zip(unplanned, home[len(routes) :], strict=True))
    return _with_fleet(compiled, routes, home[: len(routes)], lies_in, len(parts), random)


def _with_fleet(
    compiled: Compiled,
    routes: Sequence[RouteKey],
    home: Sequence[int],
    lies_in: dict[int, int],
    parts: int,
    random: Generator,
) -> list[Region]:
    """Regions with their vehicles; orders that one singled-out vehicle alone may serve go where it goes."""
    single = range(len(compiled.problem.vehicle_types), len(compiled.vehicle_types))
    at = {type_: number for (type_, _), number in zip(routes, home, strict=True) if type_ in single}
    for order, number in lies_in.items():
        takers = np.flatnonzero(compiled.compatible[:, order])
        if len(takers) == 1 and int(takers[0]) in single:
            lies_in[order] = at.setdefault(int(takers[0]), number)
    fleets = [[0 if vehicle.count is not None else None for vehicle in compiled.vehicle_types] for _ in range(parts)]
    needs = _needs(compiled, routes, home, lies_in, parts)
    for type_, vehicle in enumerate(compiled.vehicle_types):
        if vehicle.count is None:
            continue
        if type_ in single:
            shares = [0] * parts
            shares[at.get(type_, int(random.integers(parts)))] = 1
        else:
            used = Counter(number for (kind, _), number in zip(routes, home, strict=True) if kind == type_)
            idle = _shared(vehicle.count - used.total(), needs[:, type_], random)
            shares = [used[number] + idle[number] for number in range(parts)]
        for fleet, share in zip(fleets, shares, strict=True):
            fleet[type_] = share
    return [
        Region(
            tuple(route for route, number in zip(routes, home, strict=True) if number == part),
            tuple(order for order, number in lies_in.items() if number == part),
            tuple(fleets[part]),
        )
        for part in range(parts)
    ]


def _needs(
    compiled: Compiled, routes: Sequence[RouteKey], home: Sequence[int], lies_in: dict[int, int], parts: int
) -> Floats:
    """By part and vehicle type: how much idle vehicles of the type are wanted there."""
    needs = np.full((parts, len(compiled.vehicle_types)), 1e-6)
    for (_, visits), number in zip(routes, home, strict=True):
        needs[number] += 1e-3 * len(visits)
    for order, number in lies_in.items():
        needs[number] += compiled.compatible[:, order]
    return needs


def _shared(total: int, needs: Floats, random: Generator) -> list[int]:
    """A number of things shared in proportion, what does not come out even by largest remainder, ties by lot."""
    wanted = needs / needs.sum() * max(0, total)
    shares = [int(share) for share in wanted]
    lots = [random.random() for _ in shares]
    by_rest = sorted(range(len(shares)), key=lambda k: (-(wanted[k] - shares[k]), lots[k]))
    for k in by_rest[: max(0, total) - sum(shares)]:
        shares[k] += 1
    return shares
