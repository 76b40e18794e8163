"""
Which containers, and who goes as groupage: an integer program over sums of volume and weight.

With containers as large as they are its cost is a bound; with the part of them that really gets filled it is a plan for
the search. Rows are those of ``solver.packing.vector_bounds``: values of units, and what a container holds of them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.packing.choose_stock import Stock
from solver.packing.vector_kernel import Floats, Ints

WORK = 0.1
"""Deterministic seconds of CP-SAT."""
PATTERNS_MAX = 40
"""Sets of containers that some units are confined to, the rarest first."""
SUM_MAX = 2**40
"""Sums in the program, rounded in the direction that keeps the bound; times counts they stay within 64 bits."""


class Line(NamedTuple):
    """Value of one unit of each kind, what each container holds of that, and whether it fills up before (volume)."""

    values: Ints
    holds: Ints
    shrinks: bool


class Mix(NamedTuple):
    """Containers by type, parties (numbers) that go as groupage, and a bound of the cost."""

    counts: tuple[int, ...]
    sent: tuple[int, ...]
    bound: int


class Mixer:
    """The program for a stock; rows are made once."""

    def __init__(self, stock: Stock, seed: int) -> None:
        self.stock, self.seed = stock, seed
        self.costs = [container.cost_milli for container in stock.problem.containers]
        self.lines = list(self._lines())

    def _lines(self) -> list[Line]:
        stock = self.stock
        rooms = np.array([stock.room_mm3(type_) for type_ in range(len(stock.holds))], dtype=np.int64)
        most_g = [hold.weight_max_g for hold in stock.holds]
        all_g = stock.weight_g(stock.quantities)
        weights = np.array([all_g if limit is None else limit for limit in most_g], dtype=np.int64)
        lines = [Line(stock.volumes, rooms, shrinks=True), Line(stock.weights, weights, shrinks=False)]
        for pattern in np.unique(stock.able, axis=0)[:PATTERNS_MAX]:
            if pattern.all() or not pattern.any():
                continue
            within = (stock.able <= pattern).all(axis=1)
            lines.append(Line(within * stock.volumes, pattern * rooms, shrinks=True))
            lines.append(Line(within * stock.weights, pattern * weights, shrinks=False))
            lines.append(Line(within.astype(np.int64), pattern * int(stock.quantities[within].sum()), shrinks=False))
        for one, other in stock.problem.apart:
            if one == other:
                values = np.array([one in kind.unit.groups for kind in stock.kinds], dtype=np.int64)
                lines.append(Line(values, np.ones(len(rooms), dtype=np.int64), shrinks=False))
        return lines

    def best(
        self,
        content: Ints,
        counts: Sequence[int],
        parties: Sequence[int] = (),
        share: Floats | None = None,
        spare_mm3: int = 0,
    ) -> Mix | None:
        """
        The cheapest containers whose sums are enough.

        Parameters
        ----------
        content
            What is to be packed, those included who may go as groupage.
        counts
            Containers available by type.
        parties
            Numbers of parties in the content that may go as groupage instead.
        share
            Part of each type's volume that gets filled; None: all of it, so that the cost is a bound.
        spare_mm3
            Volume that may be left out; other sums are then not asked for.

        Returns
        -------
        Mix or None
            None where no choice is enough.
        """
        model: Any = cp_model.CpModel()
        taken = [model.new_int_var(0, int(count), "") for count in counts]
        sent = [model.new_bool_var("") for _ in parties]
        contents = [self.stock.of_party(number) for number in parties]
        for line in self.lines[: 1 if spare_mm3 else None]:
            need = int(content @ line.values) - spare_mm3
            if need <= 0:
                continue
            scale = -(-need // SUM_MAX)
            held = line.holds if share is None or not line.shrinks else (line.holds * share).astype(np.int64)
            room: Any = sum(-(-min(need, int(hold)) // scale) * bins for hold, bins in zip(held, taken, strict=True))
            relief: Any = sum(
                -(-int(units @ line.values) // scale) * out for units, out in zip(contents, sent, strict=True)
            )
            model.add(room + relief >= need // scale)
        model.minimize(
            sum(cost * bins for cost, bins in zip(self.costs, taken, strict=True))
            + sum(self.stock.fares[number] * out for number, out in zip(parties, sent, strict=True))
        )
        solver: Any = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = self.seed
        solver.parameters.max_deterministic_time = WORK
        if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        bound = int(np.ceil(solver.best_objective_bound - 1e-6))
        return Mix(
            tuple(solver.value(bins) for bins in taken),
            tuple(number for number, out in zip(parties, sent, strict=True) if solver.value(out)),
            max(0, bound),
        )
