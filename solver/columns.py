"""
Set partitioning as arrays: orders are rows, routes columns, and one column more for leaving each order unplanned.

Everything about the model that is not a solver: prices, feasibility of a choice, and the Lagrangian bound.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.pool import PoolRoute

SCALED_MAX = 1_000.0
"""The dearest route's cost as solvers see it: GLOP and SCIP have absolute tolerances made for such numbers."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Columns:
    """
    One partitioning problem.

    Parameters
    ----------
    routes
        What may be chosen; all their orders are in ``outside_milli``.
    outside_milli
        For each order to be served, what leaving it unplanned costs; None for a mandatory order.
    limits
        For each scarce vehicle type how many there are.

    Attributes
    ----------
    cost
        Shape (routes + orders,): scaled costs, routes first, then leaving each order unplanned.
    unit
        Thousandths of a minor unit that one scaled unit stands for.
    penalty_milli
        Price of leaving a mandatory order unplanned: dearer than any plan can be, as a plan costs at most the sum over
        its orders of the largest part (cost / orders) that any of their routes asks for.
    """

    def __init__(
        self, routes: Sequence[PoolRoute], outside_milli: dict[int, int | None], limits: dict[int, int]
    ) -> None:
        self.routes = routes
        self.limits = limits
        self.orders = sorted(outside_milli)
        self.outside_milli = [outside_milli[order] for order in self.orders]
        row_of = {order: row for row, order in enumerate(self.orders)}
        self.rows = [[row_of[order] for order in sorted(route.orders)] for route in routes]
        self._flat: Ints = np.array([row for rows in self.rows for row in rows], dtype=np.int64)
        self._sizes: Ints = np.array([len(rows) for rows in self.rows], dtype=np.int64)
        self._heads = np.cumsum(self._sizes) - self._sizes
        self._types: Ints = np.array([route.type_ for route in routes], dtype=np.int64)
        self.route_milli: Ints = np.array([route.cost_milli for route in routes], dtype=np.int64)
        parts = self._parts()
        self.penalty_milli = int(np.ceil(parts).sum()) + 1
        self.slack_milli: Ints = np.array(
            [self.penalty_milli if price is None else price for price in self.outside_milli], dtype=np.int64
        )
        dearest = max([1, *self.route_milli.tolist(), *(price or 0 for price in self.outside_milli)])
        self.unit: float = dearest / SCALED_MAX
        self.cost: Floats = np.concatenate([self.route_milli, self.slack_milli]) / self.unit

    def _parts(self) -> Floats:
        parts = np.array([float(price or 0) for price in self.outside_milli])
        if self.routes:
            np.maximum.at(parts, self._flat, np.repeat(self.route_milli / self._sizes, self._sizes))
        return parts

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
        return [row for row in range(len(self.orders)) if row not in covered]

    def total(self, chosen: Iterable[int], left: Iterable[int]) -> float:
        """Scaled cost of a choice, penalties included."""
        total_milli = sum(int(self.route_milli[column]) for column in chosen)
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

    def lagrangian(self, duals: Floats) -> tuple[float, Floats]:
        """
        Lower bound on every choice for any prices of the rows, and each column's reduced cost (shape of ``cost``).

        Each column can be used at most once, so it is taken where its reduced cost is negative. Prices of scarce
        vehicle types come after those of orders and are cut off at zero.
        """
        width, routes = len(self.orders), len(self.routes)
        reduced = self.cost.copy()
        reduced[routes:] -= duals[:width]
        if routes:
            reduced[:routes] -= np.add.reduceat(duals[self._flat], self._heads)
        bound = float(duals[:width].sum())
        for row, (type_, count) in enumerate(self.limits.items(), start=width):
            price = min(float(duals[row]), 0.0)
            reduced[:routes][self._types == type_] -= price
            bound += price * count
        return bound + float(np.minimum(reduced, 0.0).sum()), reduced
