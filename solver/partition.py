"""
The best choice of routes from a pool: set partitioning, proven optimal where time allows.

Linear relaxation by pricing over the pool with OR-Tools' GLOP, reduced-cost fixing against the incumbent, then SCIP on
what is left. The bound comes from the duals by Lagrangian relaxation, so it holds whatever the solver's status says.
"""

from collections.abc import Iterable, Sequence
from math import inf, isfinite
from time import monotonic
from typing import NamedTuple

import numpy as np

from solver.columns import SCALED_MAX, Columns, Floats, Ints, Minimum, Terms
from solver.compiled import Compiled
from solver.pool import PoolRoute, cheapest
from solver.programs import integer, relaxation

TOLERANCE = 1e-6
ENTERING = 200
"""Columns added in one pricing round."""
AT_ONCE = 8_000
"""Columns that the relaxation starts with: up to here one large program is faster than pricing in rounds."""
CAPS = (400, 1_500, 3_000)
"""Columns of one integer program: first few for a good incumbent, then more only as far as the gap asks for them."""


class Partition(NamedTuple):
    """
    Routes that serve each order at most once.

    ``cost_milli`` is routes plus outside options of what is unplanned (changes of what was published included) plus the
    plan's terms (longest route, vehicles not used); an unplanned mandatory order adds nothing.
    ``bound_milli`` is a lower bound over all choices from the same routes that leave as many mandatory orders
    unplanned; ``proven`` says that it meets the cost (in floating point: to within a thousand-millionth of the
    dearest route, or of the plan where that is more).
    """

    routes: tuple[PoolRoute, ...]
    unplanned: frozenset[int]
    cost_milli: int
    bound_milli: int
    proven: bool


def best_partition(
    compiled: Compiled,
    routes: Iterable[PoolRoute],
    orders: frozenset[int],
    *,
    start: Sequence[PoolRoute] = (),
    seconds: float | None = None,
) -> Partition:
    """
    The cheapest way to serve ``orders`` with some of ``routes``, each order once or not at all.

    Each vehicle whose lock has visits is used exactly once, where any of its routes can be.

    Parameters
    ----------
    compiled
        The problem; its limited vehicle counts are respected.
    routes
        What may be chosen; those that serve anything outside ``orders`` are passed over.
    orders
        What is to be served. First as few mandatory orders as possible stay unplanned, then cost decides.
    start
        Routes that are known to go together; the answer is at least as good.
    seconds
        Wall time after which the best so far is returned; None to go on until it is proven.
    """
    return Partitioner(compiled, [*routes, *start]).best(orders, start=start, seconds=seconds)


class Partitioner:
    """
    One set of routes, ready to be partitioned for many sets of orders.

    Parameters
    ----------
    compiled
        The problem.
    routes
        What may be chosen.
    limited
        Whether limited vehicle counts bind; False hires without limit at the same tariffs (a vehicle singled out stays
        one).
    """

    def __init__(self, compiled: Compiled, routes: Iterable[PoolRoute], *, limited: bool = True) -> None:
        self._outside_milli = compiled.outside_milli
        self._terms = _terms(compiled, limited=limited)
        self._scarce = frozenset(self._terms.limits).union(*(minimum.types for minimum in self._terms.minima))
        kept = _one_each(routes, self._scarce)
        self._routes = sorted(kept, key=lambda r: (sorted(r.orders), r.type_, r.cost_milli, r.visits))
        # Duals of the last task in which an order took part: a good guess for the next.
        self._prices: Floats = np.zeros(len(self._outside_milli))
        sizes = np.array([len(route.orders) for route in self._routes], dtype=np.int64)
        self._route_of: Ints = np.repeat(np.arange(len(sizes)), sizes)
        self._flat: Ints = np.array([o for route in self._routes for o in sorted(route.orders)], dtype=np.int64)

    def best(
        self,
        orders: frozenset[int],
        *,
        start: Sequence[PoolRoute] = (),
        seconds: float | None = None,
        nodes: int | None = None,
    ) -> Partition:
        """
        As ``best_partition``; ``nodes`` limits each integer program's search tree (a limit that any machine repeats).

        Routes of ``start`` are replaced by the cheapest known with the same orders (and vehicle type, where scarce).
        """
        deadline = None if seconds is None else monotonic() + seconds
        usable = [self._routes[index] for index in self._inside(orders)]
        columns = Columns(usable, {order: self._outside_milli[order] for order in orders}, self._terms)
        search = _Search(columns)
        position = {self._key(route): column for column, route in enumerate(usable)}
        if all(self._key(route) in position for route in start):
            search.accept({position[self._key(route)] for route in start})
        wanted = sorted(orders)
        duals = search.relax(deadline, self._prices[wanted] / columns.unit)
        self._prices[wanted] = duals * columns.unit
        search.close_gap(deadline, nodes)
        return search.answer()

    def _inside(self, orders: frozenset[int]) -> list[int]:
        if not self._routes:
            return []
        outside = np.ones(len(self._outside_milli), dtype=bool)
        outside[list(orders)] = False
        beyond = np.bincount(self._route_of, weights=outside[self._flat], minlength=len(self._routes))
        indices: list[int] = np.flatnonzero(beyond == 0).tolist()
        return indices

    def _key(self, route: PoolRoute) -> tuple[int, frozenset[int]]:
        return (route.type_ if route.type_ in self._scarce else -1), route.orders


def _terms(compiled: Compiled, *, limited: bool) -> Terms:
    """What binds or prices the routes of a plan together."""
    types = compiled.vehicle_types
    single = [number is not None for _, number in compiled.identity]
    return Terms(
        limits={t: v.count for t, v in enumerate(types) if v.count is not None and (limited or single[t])},
        musts=frozenset(type_ for type_, prefix in enumerate(compiled.prefix) if prefix),
        minima=tuple(
            Minimum(
                frozenset(t for t, (name, _) in enumerate(compiled.identity) if name == vehicle.id),
                vehicle.use_min,
                vehicle.unused_milli,
            )
            for vehicle in compiled.problem.vehicle_types
            if vehicle.use_min and vehicle.unused_milli
        ),
        longest_hour_milli=compiled.problem.longest_hour_milli,
    )


def _one_each(routes: Iterable[PoolRoute], scarce: frozenset[int]) -> list[PoolRoute]:
    """The cheapest route for each set of orders, and for each scarce vehicle type one of its own."""
    groups: dict[int, list[PoolRoute]] = {}
    for route in routes:
        groups.setdefault(route.type_ if route.type_ in scarce else -1, []).append(route)
    return [route for group in groups.values() for route in cheapest(group)]


class _Search:
    """The incumbent (route columns and scaled cost), the bound, and reduced costs that belong to the bound."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.chosen: frozenset[int] = frozenset()
        self.best = inf
        self.accept(columns.first() or ())
        self.bound = 0.0
        self.reduced: Floats = columns.cost.copy()

    def accept(self, chosen: Iterable[int]) -> None:
        """Take a choice of routes as incumbent if it is one and better."""
        chosen = frozenset(chosen)
        left = self.columns.left(chosen)
        if left is None:
            return
        cost = self.columns.total(chosen, left)
        if cost < self.best:
            self.best, self.chosen = cost, chosen

    def relax(self, deadline: float | None, guess: Floats) -> Floats:
        """
        Linear relaxation: solve over some columns, price all, let the best enter, until none would.

        ``guess`` are likely prices of the orders; returns those found.
        """
        routes, width = len(self.columns.routes), len(self.columns.orders)
        extra = np.zeros(self.columns.extra_rows())
        _, reduced = self.columns.lagrangian(np.concatenate([guess, extra]))
        likely = np.argsort(reduced[:routes], kind="stable")[:AT_ONCE]
        active = self.columns.cheapest_each().union(self.chosen, likely.tolist())
        while True:
            order = sorted(active)
            solved = relaxation(self.columns, [*order, *range(routes, routes + width)])
            if solved is None:
                return guess
            values, duals = solved
            guess = duals[:width]
            bound, reduced = self.columns.lagrangian(duals)
            if bound >= self.bound:
                self.bound, self.reduced = bound, np.maximum(reduced, 0.0)
            entering = np.flatnonzero(reduced[:routes] < -TOLERANCE)
            entering = entering[np.argsort(reduced[entering], kind="stable")][:ENTERING]
            fresh = set(entering.tolist()) - active
            if not fresh:
                self.accept(c for c, value in zip(order, values, strict=False) if value > 0.5)
                return guess
            if self.proven() or (deadline is not None and monotonic() > deadline):
                return guess
            active |= fresh

    def close_gap(self, deadline: float | None, nodes: int | None) -> None:
        """Integer programs over the columns that could still be part of something better, few first."""
        relaxed = self.bound
        for cap in (*CAPS, len(self.columns.cost)):
            seconds = None if deadline is None else deadline - monotonic()
            out_of_time = seconds is not None and (seconds <= 0.0 or cap not in CAPS)
            if self.proven() or out_of_time:
                return
            open_ = np.flatnonzero(self.reduced <= self.best - relaxed + self._close())
            taken = open_[np.argsort(self.reduced[open_], kind="stable")][:cap]
            beyond = np.delete(self.reduced, taken)
            known = self._known()
            bound, chosen = integer(self.columns, sorted(known.union(taken.tolist())), known, seconds, nodes)
            self.accept(column for column in chosen if column < len(self.columns.routes))
            others = relaxed + min(beyond.tolist(), default=np.inf)
            self.bound = max(self.bound, min(bound, others, self.best))
            if len(taken) == len(open_):
                return

    def proven(self) -> bool:
        """Whether the bound meets the incumbent."""
        return isfinite(self.best) and self.best - self.bound <= self._close()

    def answer(self) -> Partition:
        """The incumbent in exact integers."""
        columns = self.columns
        routes = tuple(columns.routes[column] for column in sorted(self.chosen))
        left = columns.left(self.chosen)
        if left is None:
            left = list(range(len(columns.orders)))
        prices = [columns.outside_milli[row] for row in left]
        cost = sum(route.cost_milli for route in routes) + sum(price for price in prices if price is not None)
        cost += columns.terms_milli(self.chosen)
        bound = int(self.bound * columns.unit) - columns.penalty_milli * prices.count(None)
        unplanned = frozenset(columns.orders[row] for row in left)
        return Partition(routes, unplanned, cost, cost if self.proven() else max(0, min(bound, cost)), self.proven())

    def _known(self) -> frozenset[int]:
        left = self.columns.left(self.chosen) or []
        return self.chosen.union(len(self.columns.routes) + row for row in left)

    def _close(self) -> float:
        return TOLERANCE * max(1.0, self.best / SCALED_MAX if isfinite(self.best) else 1.0)
