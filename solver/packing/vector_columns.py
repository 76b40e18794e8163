"""
Column generation for bin packing with vectors: fillings of bins by class of items, and prices of the classes.

Gilmore and Gomory (1961): the linear program over all fillings of all types, whose prices ask for the filling that is
worth most (``vector_knapsack``). Rounded prices give a row for ``vector_bounds`` that is proven whatever the program's
accuracy. Diving fixes the largest filling, solves again for the rest, and ends with a packing.
"""

from collections.abc import Callable, Sequence

import numpy as np

from solver.packing.vector_bounds import Row, row_of_prices
from solver.packing.vector_kernel import Floats, Ints
from solver.packing.vector_knapsack import filling, filling_of_line
from solver.packing.vector_program import Filling, Program, Relaxed, chosen

NODES_MAX, PROOF_NODES_MAX = 50_000, 5_000_000
"""Of one search for a filling, and of the last one, on which the bound rests."""
CHOSEN_MAX = 500
"""Fillings of the integer program: those that cost least beyond the prices of their items."""
LINE_MAX = 2_000_000
"""Capacity times classes up to which one dimension has an exact table."""
PRICE_SCALE = 2**24
"""Prices are rounded down to this part of the dearest type's cost."""


class Columns:
    """
    Fillings known, of classes with ``demand`` items each, and types with counts.

    ``sizes`` has the shape ``(classes, dims)``; every class fits some type.
    """

    def __init__(self, sizes: Ints, demand: Ints, capacities: Ints, costs: Ints, counts: Ints) -> None:
        self.sizes, self.demand, self.capacities = sizes, demand, capacities
        self.costs, self.counts = costs, counts
        self.fillings: dict[Filling, None] = {}

    def add(self, fillings: Sequence[Filling]) -> None:
        """Let the program know some fillings."""
        self.fillings.update(dict.fromkeys(fillings))

    def _alone(self) -> list[Filling]:
        """Each class alone in the cheapest type that takes it."""
        alone = []
        for item, size in enumerate(self.sizes):
            able = np.flatnonzero((size <= self.capacities).all(axis=1))
            type_ = int(able[np.argmin(self.costs[able])])
            alone.append(Filling(type_, tuple(int(item == other) for other in range(len(self.sizes)))))
        return alone

    def generate(self, demand: Ints, counts: Ints, rounds: int, over: Callable[[], bool]) -> Relaxed:
        """
        Solve the linear program for what is still to be packed.

        Parameters
        ----------
        demand, counts
            Items by class, bins by type.
        rounds
            Of pricing at most.
        over
            Whether time is up.

        Returns
        -------
        Relaxed
            Values in the order of ``fillings``; optimal unless rounds, time or nodes ended it.
        """
        self.add(self._alone())
        program = Program(list(self.fillings), demand, counts, self.costs)
        relaxed = program.solve()
        for _ in range(rounds):
            found, _ = self._priced(self._scaled(relaxed.prices), demand, NODES_MAX)
            better = [entry for entry in found if entry not in self.fillings and self._reduced(entry, relaxed) < -1e-9]
            if not better or over():
                break
            self.add(better)
            program.add(better)
            relaxed = program.solve()
        return relaxed

    def row(self, prices: Floats) -> Row:
        """What prices prove: no bin holds more than the best filling, or than the search for it excludes."""
        scaled = self._scaled(prices)
        _, holds = self._priced(scaled, self.demand, PROOF_NODES_MAX)
        return row_of_prices(np.repeat(scaled, self.demand), holds)

    def _reduced(self, entry: Filling, relaxed: Relaxed) -> float:
        """What a filling costs beyond the prices of its items."""
        cost = float(self.costs[entry.type_])
        worth = float(relaxed.prices @ np.array(entry.items, dtype=np.float64) + relaxed.of_types[entry.type_])
        return cost * (1 + 1e-9) - worth

    def _scaled(self, prices: Floats) -> Ints:
        dearest = max(float(np.max(self.costs)), 1e-9)
        return np.asarray(np.floor(np.clip(prices / dearest, 0.0, 2.0) * PRICE_SCALE), dtype=np.int64)

    def _priced(self, scaled: Ints, demand: Ints, nodes_max: int) -> tuple[list[Filling], list[int]]:
        """By type the filling that is worth most, and what none exceeds."""
        found, holds = [], []
        for type_, capacity in enumerate(self.capacities):
            if len(capacity) == 1 and int(capacity[0]) * len(demand) <= LINE_MAX:
                items, limit = filling_of_line(scaled, self.sizes[:, 0].copy(), demand, int(capacity[0]))
            else:
                items, _, limit = filling(scaled, self.sizes, demand, capacity, nodes_max)
            holds.append(int(limit))
            if items.any():
                found.append(Filling(type_, tuple(items.tolist())))
        return found, holds

    def dive(self, rounds: int, over: Callable[[], bool]) -> list[Filling] | None:
        """
        A packing of everything by fixing the fillings of the linear program one after the other.

        ``rounds`` of pricing after each. None where counts or time do not allow to go on.
        """
        demand, counts, fixed = self.demand.copy(), self.counts.copy(), list[Filling]()
        while demand.any():
            values = self.generate(demand, counts, rounds, over).values
            fillings = list(self.fillings)
            whole = np.flatnonzero(values >= 1 - 1e-6).tolist() or [int(np.argmax(values))]
            if values[whole[0]] < 1e-6 or over():
                return None
            before = len(fixed)
            for at in whole:
                for _ in range(max(1, int(values[at] + 1e-6))):
                    items, type_ = np.minimum(np.array(fillings[at].items), demand), fillings[at].type_
                    if items.any() and counts[type_] > 0:
                        demand -= items
                        counts[type_] -= 1
                        fixed.append(Filling(type_, tuple(items.tolist())))
            if len(fixed) == before:
                return None
        return fixed

    def chosen(self, relaxed: Relaxed, between: tuple[int, int]) -> list[Filling] | None:
        """
        The best packing of known fillings that costs what is ``between``, or None.

        A filling that costs more beyond the prices of its items than what lies between is in none (reduced cost
        fixing).
        """
        worth = float(relaxed.prices @ self.demand + relaxed.of_types @ self.counts)
        gap = between[1] - worth
        useful = sorted(self.fillings, key=lambda entry: self._reduced(entry, relaxed))[:CHOSEN_MAX]
        useful = [entry for entry in useful if self._reduced(entry, relaxed) < gap + 1e-6]
        return chosen(useful, self.demand, self.counts, self.costs, between)
