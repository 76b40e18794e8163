"""One search: from a compiled problem to routes by batches of rounds."""

from collections.abc import Sequence

import numpy as np

from solver.compiled import Compiled
from solver.routing.features import RouteKey
from solver.routing.plain.anneal import anneal, begin
from solver.routing.plain.layout import (
    BEST,
    BEST_LOST,
    COST,
    IMPROVED,
    NEXT,
    NODE_SHIFT,
    SLOT_SHIFT,
    TYPE,
    Int32,
)
from solver.routing.plain.prepare import Prepared
from solver.routing.plain.question import question_of
from solver.routing.plain.small import routes_of

PROBE, PROBE_ORDER = 300, 2
"""Rounds without heat before the search proper, and more an order: what orders cost then sets the temperatures."""
POOR = 0.01
"""A first solution that those rounds improve by more than this share is no good start: the search begins hot."""
HOT, WARM, COLD = 1.0, 0.1, 0.01
"""First temperature from a poor and from a good solution, and last one, as multiples of what an order costs."""
SCARCE = 0.8
"""Share of a mixed fleet's room from which on vehicles find their regions by heat alone: then the search is hotter."""
HOT_SCARCE, COLD_SCARCE = 10.0, 0.03
PATIENCE, PATIENCE_SMALL, SMALL = 100_000, 4_000, 50
"""Rounds an order after which a search is done, in general and up to ``SMALL`` orders."""


class Run:
    """
    A search in progress.

    Attributes
    ----------
    size
        Number of orders.
    patience
        Rounds after which more are not worth while.
    unit_milli
        Thousandths of a minor unit in one unit of ``cost`` and ``best_cost``.
    """

    def __init__(self, compiled: Compiled, orders: Sequence[int], start: Sequence[RouteKey], seed: int) -> None:
        self.size = len(orders)
        self.patience = self.size * (PATIENCE if self.size > SMALL else PATIENCE_SMALL)
        prepared = Prepared(question_of(compiled, orders), seed)
        self._prepared = prepared
        self._visits = [compiled.visits_of(order)[0] for order in orders]
        self.unit_milli = prepared.unit_milli
        self._tables, self._state = prepared.tables, prepared.state
        self._begin({orders[k]: x for x, k in enumerate(prepared.sequence.tolist())}, start)
        first = self._served_cost()
        anneal(self._tables, self._state, PROBE + PROBE_ORDER * self.size, 1e-9, 1e-9)
        each = max(1.0, self._served_cost() / self.size)
        hot, cold = (HOT_SCARCE, COLD_SCARCE) if self._scarce() else (HOT, COLD)
        self._hot = (WARM if self._served_cost() > (1.0 - POOR) * first else hot) * each
        self._cold = cold * each

    def _scarce(self) -> bool:
        """Whether vehicles differ and nearly all their room is needed."""
        question = self._prepared.question
        room = (question.capacity.astype(np.float64) * question.vehicles[:, None]).sum(axis=0)
        return len(question.vehicles) > 1 and bool((question.load.sum(axis=0) > SCARCE * room).any())

    def _served_cost(self) -> int:
        """Cost of the best solution without the penalties for mandatory orders left out."""
        penalty = np.max(self._tables.outside * self._tables.mandatory)
        return self.best_cost - int(self._state.number[BEST_LOST]) * int(penalty)

    def _begin(self, index: dict[int, int], start: Sequence[RouteKey]) -> None:
        """Lay the given routes as far as they hold, then what is missing."""
        idle = self._state.idle.tolist()
        types: list[int] = []
        ends: list[int] = []
        orders: list[int] = []
        for type_, visits in start:
            if idle[type_] > 0 and all(visit >= 0 and visit >> 1 in index for visit in visits):
                idle[type_] -= 1
                types.append(type_)
                orders += [index[visit >> 1] for visit in visits]
                ends.append(len(orders))
        begin(self._tables, self._state, _array(types), _array(ends), _array(orders))

    @property
    def cost(self) -> int:
        """Cost of the current solution in the search's unit."""
        return int(self._state.number[COST])

    @property
    def best_cost(self) -> int:
        """Cost of the best solution."""
        return int(self._state.number[BEST])

    @property
    def improvements(self) -> int:
        """How often the best solution was beaten."""
        return int(self._state.number[IMPROVED])

    def batch(self, rounds: int, spent: float) -> None:
        """Some rounds at the temperature that belongs to a spent share of the budget."""
        temperature = self._hot * (self._cold / self._hot) ** spent
        anneal(self._tables, self._state, rounds, temperature, temperature)

    def best(self) -> list[RouteKey]:
        """Routes of the best solution."""
        return self._routes(self._state.best_type, self._state.best_next)

    def current(self) -> list[RouteKey]:
        """Routes of the current solution."""
        return self._routes(self._state.slot[TYPE :: 1 << SLOT_SHIFT], self._state.node[NEXT :: 1 << NODE_SHIFT])

    def _routes(self, type_of: Int32, follows: Int32) -> list[RouteKey]:
        routes = routes_of(self._prepared, type_of, follows)
        return [(type_, tuple(self._visits[order] for order in orders)) for type_, orders in routes]


def _array(values: list[int]) -> Int32:
    return np.array(values, dtype=np.int32)
