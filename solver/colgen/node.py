"""
One node of the branching on the number of vehicles: columns until none is missing, and the bound on the way.

The bound in every round is Lagrange's: for any duals that have the right signs, the sum of the duals times the right
sides, plus for as many vehicles as there can be the least reduced price of a route, plus what refusals gain, is at
most the price of every plan. It is summed in whole grains from exact pricing alone, so it holds whatever the linear
program's precision, and with smoothed duals as well as with the program's own (Pessoa et al., Automation and
combination of linear-programming based stabilization techniques in column generation, INFORMS Journal on Computing 30,
2018).
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.cuts import masks
from solver.colgen.labels import CUT_WORDS
from solver.colgen.limits import Budget
from solver.colgen.master import Master, Solution
from solver.colgen.pricing import Duals, LabelLimitError, Pricer

Ints = NDArray[np.int64]

COLUMNS_A_ROUND = 30
SMOOTHING = 0.5
EASY_LABELS = 40_000
"""While exact pricing takes fewer labels a direction it is done at once; above, a heuristic finds columns first."""
LABELS_MAX = 3_000_000
DUAL_MAX = 2.0**50
ENOUGH = 1e-7
"""Of the value: a bound so close to it needs no more rounds."""


class Point(NamedTuple):
    """Duals in whole grains by row, the bound that they prove, and each network's least reduced price."""

    duals: Ints
    bound: int
    least: tuple[int, ...]


class Search:
    """Column generation on one master; keeps what one node can hand to the next."""

    def __init__(self, master: Master, pricers: Sequence[Pricer], budget: Budget) -> None:
        self.master = master
        self.pricers = pricers
        self.budget = budget
        self.hard = False
        self.rounds = 0
        self.best: Point | None = None
        self.solution: Solution | None = None
        self.found: list[tuple[int, tuple[int, ...]]] = []

    def converge(self, target: int, raised: Callable[[int], None]) -> bool:
        """
        Generate columns until none has a negative reduced price, or the bound reaches ``target``.

        ``best`` is then the best point of this node; ``solution`` the last of the master; ``raised`` is told each
        better bound.

        Returns
        -------
        bool
            Whether it ended; False where exact pricing takes more labels than there may be.

        Raises
        ------
        OutOfBudgetError
            When the budget is spent; ``best`` holds what was proven.
        """
        self.best = None
        center: NDArray[np.float64] | None = None
        smoothing = SMOOTHING
        while True:
            self.budget.spend()
            solution = self.solution = self.master.solve()
            self.rounds += 1
            if self.best is not None and self.best.bound >= min(target, solution.value * (1 - ENOUGH)):
                if solution.short < 1e-6 or self.best.bound >= target or not self._dearer():
                    return True
                continue
            if center is None or len(center) != len(solution.duals):
                center = solution.duals
            mixed = np.nan_to_num(smoothing * center + (1 - smoothing) * solution.duals)
            duals = np.rint(np.clip(mixed, -DUAL_MAX, DUAL_MAX)).astype(np.int64)
            try:
                point, new = self._round(duals)
            except LabelLimitError:
                return False
            if point is not None and (self.best is None or point.bound > self.best.bound):
                self.best, center = point, duals.astype(float)
                raised(point.bound)
            if new:
                smoothing = SMOOTHING
                self.master.prune(solution.duals)
            elif smoothing > 0:
                smoothing = 0.0
            elif point is not None:
                if solution.short < 1e-6 or not self._dearer():
                    return True
                smoothing = SMOOTHING

    def _dearer(self) -> bool:
        """Let it cost more to leave a visit uncovered; False where it costs enough."""
        if self.master.dear >= 1e6:
            return False
        self.master.dear *= 30
        return True

    def _round(self, duals: Ints) -> tuple[Point | None, int]:
        """Price every network: the point where pricing was exact, and how many columns are new to the master."""
        if self.hard:
            try:
                new = self._columns(duals, loose=True)[1]
            except LabelLimitError:
                new = 0
            if new:
                return None, new
        try:
            least, new = self._columns(duals, loose=False, limit=LABELS_MAX if self.hard else EASY_LABELS)
        except LabelLimitError:
            if self.hard:
                raise
            self.hard = True
            return self._round(duals)
        return Point(duals, self.bound_of(duals, least), tuple(least)), new

    def _columns(self, duals: Ints, *, loose: bool, limit: int = EASY_LABELS) -> tuple[list[int], int]:
        least, new = [], 0
        for k, pricer in enumerate(self.pricers):
            priced = pricer.price(self.duals_of(duals, k), self.budget, loose=loose, most=COLUMNS_A_ROUND, limit=limit)
            least.append(priced.least)
            new += self.master.add((k, nodes) for _, nodes in priced.routes)
        return least, new

    def duals_of(self, duals: Ints, k: int) -> Duals:
        """What network ``k`` is priced with."""
        master = self.master
        networks = len(self.pricers)
        size = len(self.pricers[k].network.opens)
        hits, keeps = masks(master.cuts, master.size)
        sigma = np.zeros(64 * CUT_WORDS, dtype=np.int64)
        sigma[: len(master.cuts)] = duals[master.visits + networks + 2 :]
        vehicle = int(duals[master.visits + k] + duals[master.visits + networks : master.visits + networks + 2].sum())
        return Duals(duals[: master.visits], vehicle, sigma, hits[:size], keeps[:size])

    def bound_of(self, duals: Ints, least: Sequence[int]) -> int:
        """The Lagrangian bound in grains, in whole numbers."""
        master = self.master
        networks = master.model.networks
        visits, rest = duals[: master.visits], duals[master.visits :]
        bound = int(visits.sum()) + int(rest[len(networks) + 2 :].sum())
        for k, network in enumerate(networks):
            bound += int(rest[k]) * (master.visits if network.vehicles is None else network.vehicles)
        bound += int(rest[len(networks)]) * master.fewest + int(rest[len(networks) + 1]) * master.most
        for price, nodes in master.model.choices:
            bound += min(0, price - int(visits[list(nodes)].sum()))
        each = [
            low * min(master.most, master.visits if network.vehicles is None else network.vehicles)
            for low, network in zip(least, networks, strict=True)
        ]
        return bound + max(sum(each), master.most * min([0, *least]))
