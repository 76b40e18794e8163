"""
Set partitioning as arrays: orders are rows, routes columns, and one column more for leaving each order unplanned.

Everything about the model that is not a solver: prices, feasibility of a choice, and the Lagrangian bound.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.cost import SECONDS_AN_HOUR, rounded
from solver.pool import PoolRoute

SCALED_MAX = 1_000.0
"""The dearest route's cost as solvers see it: GLOP and SCIP have absolute tolerances made for such numbers."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Minimum(NamedTuple):
    """Each vehicle of some types together by which a plan uses fewer than ``number`` costs ``unused_milli``."""

    types: frozenset[int]
    number: int
    unused_milli: int


class Terms(NamedTuple):
    """
    What binds or prices routes together.

    ``limits``: how many there are of each scarce vehicle type. ``musts``: types of which exactly one route is chosen,
    where any can be. ``longest_hour_milli`` is the price of each hour of the longest route.
    """

    limits: dict[int, int]
    musts: frozenset[int] = frozenset()
    minima: tuple[Minimum, ...] = ()
    longest_hour_milli: int = 0


class Columns:
    """
    One partitioning problem.

    Parameters
    ----------
    routes
        What may be chosen; all their orders are in ``outside_milli``.
    outside_milli
        For each order to be served, what leaving it unplanned costs; None for a mandatory order.
    terms
        What binds or prices the chosen routes together.

    Attributes
    ----------
    cost
        Shape (routes + orders,): scaled costs, routes first, then leaving each order unplanned.
    unit
        Thousandths of a minor unit that one scaled unit stands for.
    penalty_milli
        Price of leaving a mandatory order unplanned: dearer than any plan can be, as a plan costs at most the sum over
        its orders of the largest part (cost / orders) that any of their routes asks for, and all terms at their worst.
    longest_milli
        By route: what its hours would cost if it were the longest.
    """

    def __init__(self, routes: Sequence[PoolRoute], outside_milli: dict[int, int | None], terms: Terms) -> None:
        self.routes = routes
        types = {route.type_ for route in routes}
        self.limits, self.minima = terms.limits, terms.minima
        self.musts = sorted(terms.musts & types)
        self.orders = sorted(outside_milli)
        self.outside_milli = [outside_milli[order] for order in self.orders]
        row_of = {order: row for row, order in enumerate(self.orders)}
        self.rows = [[row_of[order] for order in sorted(route.orders)] for route in routes]
        self._flat: Ints = np.array([row for rows in self.rows for row in rows], dtype=np.int64)
        self._sizes: Ints = np.array([len(rows) for rows in self.rows], dtype=np.int64)
        self._route_of: Ints = np.repeat(np.arange(len(routes)), self._sizes)
        self._types: Ints = np.array([route.type_ for route in routes], dtype=np.int64)
        self.route_milli: Ints = np.array([route.cost_milli for route in routes], dtype=np.int64)
        hour_milli = terms.longest_hour_milli
        self.balanced = hour_milli > 0
        self.longest_milli = [rounded(route.duration_s * hour_milli, SECONDS_AN_HOUR) for route in routes]
        self.penalty_milli = int(np.ceil(self._parts()).sum()) + 1 + self._worst_terms()
        self.slack_milli: Ints = np.array(
            [self.penalty_milli if price is None else price for price in self.outside_milli], dtype=np.int64
        )
        dearest = max([1, *self.route_milli.tolist(), *(price or 0 for price in self.outside_milli)])
        self.unit: float = dearest / SCALED_MAX
        self.cost: Floats = np.concatenate([self.route_milli, self.slack_milli]) / self.unit

    def _parts(self) -> Floats:
        parts = np.array([float(price or 0) for price in self.outside_milli])
        if self.routes:
            np.maximum.at(parts, self._flat, np.repeat(self.route_milli / np.maximum(self._sizes, 1), self._sizes))
        return parts

    def _worst_terms(self) -> int:
        """What routes without orders and all terms together cost at most."""
        empty_milli = int(self.route_milli[self._sizes == 0].sum()) if self.routes else 0
        unused_milli = sum(minimum.number * minimum.unused_milli for minimum in self.minima)
        return empty_milli + unused_milli + max(self.longest_milli, default=0)

    def left(self, chosen: Iterable[int]) -> list[int] | None:
        """Rows that the chosen routes leave uncovered; None when they do not go together."""
        counts: dict[int, int] = {}
        covered: set[int] = set()
        for column in chosen:
            if not covered.isdisjoint(self.rows[column]):
                return None
            covered.update(self.rows[column])
            type_ = self.routes[column].type_
            counts[type_] = counts.get(type_, 0) + 1
        if any(counts.get(type_, 0) > count for type_, count in self.limits.items()):
            return None
        if any(counts.get(type_, 0) != 1 for type_ in self.musts):
            return None
        return [row for row in range(len(self.orders)) if row not in covered]

    def first(self) -> list[int] | None:
        """A choice of routes that go together, the smallest for each type that must be used; None where none shows."""
        chosen: list[int] = []
        covered: set[int] = set()
        by_size = sorted(range(len(self.routes)), key=lambda column: (len(self.rows[column]), column))
        for type_ in self.musts:
            fits = (c for c in by_size if self.routes[c].type_ == type_ and covered.isdisjoint(self.rows[c]))
            column = next(fits, None)
            if column is None:
                return None
            chosen.append(column)
            covered.update(self.rows[column])
        return chosen

    def terms_milli(self, chosen: Iterable[int]) -> int:
        """What a choice costs beside its routes and the orders left out."""
        longest_milli, used = 0, dict.fromkeys(range(len(self.minima)), 0)
        for column in chosen:
            longest_milli = max(longest_milli, self.longest_milli[column])
            for index, minimum in enumerate(self.minima):
                used[index] += self.routes[column].type_ in minimum.types
        return longest_milli + sum(max(0, m.number - used[k]) * m.unused_milli for k, m in enumerate(self.minima))

    def total(self, chosen: Iterable[int], left: Iterable[int]) -> float:
        """Scaled cost of a choice, terms and penalties included."""
        chosen = list(chosen)
        total_milli = self.terms_milli(chosen) + sum(int(self.route_milli[column]) for column in chosen)
        total_milli += sum(int(self.slack_milli[row]) for row in left)
        return total_milli / self.unit

    def cheapest_each(self) -> set[int]:
        """For each order the route with the least cost per order: a first basis worth having."""
        best = [-1] * len(self.orders)
        part = (self.route_milli / np.maximum(self._sizes, 1)).tolist()
        for column, rows in enumerate(self.rows):
            for row in rows:
                if best[row] < 0 or part[column] < part[best[row]]:
                    best[row] = column
        return {column for column in best if column >= 0}

    def extra_rows(self) -> int:
        """How many rows come after those of the orders: limits, musts and minima."""
        return len(self.limits) + len(self.musts) + len(self.minima)

    def lagrangian(self, duals: Floats) -> tuple[float, Floats]:
        """
        Lower bound on every choice for any prices of the rows, and each column's reduced cost (shape of ``cost``).

        Each column can be used at most once, so it is taken where its reduced cost is negative. Prices of limits, musts
        and minima come after those of orders; those of limits are cut off above zero, those of minima below zero and
        above what an unused vehicle costs. The longest route's hours are left out, which errs on the safe side.
        """
        width, routes = len(self.orders), len(self.routes)
        reduced = self.cost.copy()
        reduced[routes:] -= duals[:width]
        if routes:
            reduced[:routes] -= np.bincount(self._route_of, weights=duals[self._flat], minlength=routes)
        bound = float(duals[:width].sum())
        extra = iter(duals[width:].tolist())
        for type_, count in self.limits.items():
            price = min(next(extra), 0.0)
            reduced[:routes][self._types == type_] -= price
            bound += price * count
        for type_ in self.musts:
            price = next(extra)
            reduced[:routes][self._types == type_] -= price
            bound += price
        for minimum in self.minima:
            price = min(max(next(extra), 0.0), minimum.unused_milli / self.unit)
            reduced[:routes][np.isin(self._types, sorted(minimum.types))] -= price
            bound += price * minimum.number
        return bound + float(np.minimum(reduced, 0.0).sum()), reduced
