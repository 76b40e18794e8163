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
from solver.colgen.labels import CUT_WORDS, EVERY
from solver.colgen.limits import Budget, OutOfBudgetError
from solver.colgen.master import Master, Solution
from solver.colgen.pricing import Duals, LabelLimitError, Pricer

Ints = NDArray[np.int64]

SMOOTHING_LEAST = 0.3
EASY_LABELS = 6_000
"""Where exact pricing takes no more labels than this it is done at once; above, heuristics find columns first."""
BOX, BOX_GROWTH, BOX_MOST = 4.0, 2.0, 3.0
SLACK_LEAST, SLACK_FALL = 0.002, 4
"""Routes that would lower the value by less than this part are not looked for at first."""
FLOOR_ROUNDS = 5
NEW_LEAST = 3
"""A heuristic that finds fewer new columns gives way to the next stronger one."""
LABELS_MAX = 3_000_000
EVENLY = 0.2
SHORT_LEAST = 1e-5
DUAL_MAX = 2.0**50
TAIL = 0.02
"""Of what is still to be closed: so much is left to cuts and branches."""
ENOUGH = 1e-7
"""Of the value: a bound so close to it needs no more rounds."""


class Manner(NamedTuple):
    """
    How to generate columns.

    ``columns`` a round at most; ``smoothing`` the share of the steadier duals; with ``drift`` these are the mean of the
    program's own while heuristics still find columns, to which the last ones come with this share; ``slack`` is the
    part of the value that a route must promise at first; ``beams`` of the heuristics, which see but ``few`` arcs.
    """

    columns: int
    smoothing: float
    drift: float
    slack: float
    beams: tuple[int, ...]
    few: bool


QUICK = Manner(30, 0.5, 0.0, 0.0, (1, 3, 12), few=False)
"""Where pricing is easy: many rounds."""
SLOW = Manner(300, 0.6, 0.3, 0.08, (1, 6), few=True)
"""Where waiting is paid, labels are many, and with many visits programs take long: few rounds, each must bring much."""
MANY = 140
"""Visits."""


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
        self.level = 0
        self.part = BOX
        self.center = np.zeros(master.visits + len(pricers) + 2)
        self.rounds = 0
        slow = master.visits > MANY or any(pricer.network.pace for pricer in pricers)
        self.manner = SLOW if slow else QUICK
        self.slack = 0
        self.drift = np.zeros(0)
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
        smoothing = self.manner.smoothing
        if not self.manner.few and self.part == BOX and self.center.any():
            self.master.keep_near(self.center, self.part)
        self.slack = self._slack(self.manner.slack) if self.rounds == 0 else self.slack
        value = np.inf
        while True:
            self.budget.spend()
            solution = self.solution = self.master.solve()
            self.rounds += 1
            stalled, value = solution.value >= value * (1 - ENOUGH), solution.value
            if self.best is not None and self.best.bound >= min(target, self._enough(solution.value, target)):
                if solution.short < SHORT_LEAST or self.best.bound >= target or not self._freer(solution):
                    return True
                continue
            center = self._center(solution.duals)
            if self.level < len(self.manner.beams) and self.manner.drift:
                # No bound says yet which duals are good: the mean of the program's own is steadier than the last.
                self.drift = self.manner.drift * solution.duals + (1 - self.manner.drift) * (
                    self.drift if len(self.drift) == len(center) else center
                )
                center = self.drift
            # What came in did not matter: halfway again would only find less of the same.
            part = 0.0 if stalled and not self.manner.few else smoothing
            mixed = np.nan_to_num(part * center + (1 - part) * solution.duals)
            duals = np.rint(np.clip(mixed, -DUAL_MAX, DUAL_MAX)).astype(np.int64)
            try:
                point, new = self._round(duals, raised)
            except LabelLimitError:
                return False
            if point is not None and (self.best is None or point.bound > self.best.bound):
                self.best, self.center = point, duals.astype(float)
                raised(point.bound)
            if new:
                smoothing = self.manner.smoothing
                self.master.prune(solution.duals)
            elif part > 0:
                # Mispriced: nearer to the program's own duals.
                smoothing = (
                    smoothing - (1 - self.manner.smoothing) if self.manner.few and smoothing > SMOOTHING_LEAST else 0.0
                )
            elif self.slack > 0:
                self.slack = self.slack // SLACK_FALL if self.slack > self._slack(SLACK_LEAST) else 0
                smoothing = self.manner.smoothing
            elif point is not None:
                if solution.short < SHORT_LEAST or not self._freer(solution):
                    return True
                smoothing = self.manner.smoothing

    def _enough(self, value: float, target: int) -> float:
        """A bound so close to the program's value that cuts or branches are the better way on to the target."""
        return value - max(ENOUGH * value, TAIL * min(target - value, value))

    def suggest(self, k: int, nodes: tuple[int, ...]) -> None:
        """
        A route of a good plan: what its visits may be worth, for want of better duals.

        Half of each arc's price falls on either end, what the depot bears on what is scarcest.
        """
        network = self.pricers[k].network
        price = network.price
        depot = len(price) - 1
        arcs = [int(price[here, there]) for here, there in zip([depot, *nodes], [*nodes, depot], strict=True)]
        ways = list(zip([depot, *nodes], nodes, strict=False))
        used = np.array([network.limits[0].by_arc[way] if network.limits else 1 for way in ways], dtype=float)
        used = used + max(used.mean() * EVENLY, 1e-9)
        shares = (arcs[0] + arcs[-1]) / 2 * used / used.sum()
        for node, before, after, share in zip(nodes, arcs, arcs[1:], shares, strict=False):
            if node < self.master.visits:
                self.center[node] = (before + after) / 2 + share

    def _slack(self, part: float) -> int:
        """A reduced price of so small a part of the value, shared by all vehicles."""
        return int(part * float(self.center[: self.master.visits].sum()) / max(1, self.master.most))

    def _center(self, duals: NDArray[np.float64]) -> NDArray[np.float64]:
        """The best duals so far; for rows that came since, the program's own."""
        if not self.center.any():
            return duals
        if len(self.center) != len(duals):
            kept = self.master.visits + len(self.pricers) + 2
            self.center = np.concatenate([self.center[:kept], duals[kept:]])
        return self.center

    def _freer(self, solution: Solution) -> bool:
        """Let the duals go further, or it cost more to leave a visit uncovered; False where they are free enough."""
        if self.master.box is not None:
            self.part *= BOX_GROWTH
            self.master.box = None
            if self.part < BOX_MOST:
                self.master.keep_near(solution.duals, self.part)
            return True
        self.master.dear *= 30
        return self.master.dear < 1e6

    def _round(self, duals: Ints, raised: Callable[[int], None]) -> tuple[Point | None, int]:
        """Price every network: what the duals prove, and how many columns are new to the master."""
        floor: Point | None = None
        before = len(self.master.columns)
        while self.level < len(self.manner.beams):
            if floor is None and (not self.manner.few or self.rounds % FLOOR_ROUNDS == 0 or self.best is None):
                floor = self._point(duals, [p.floor(self.duals_of(duals, k)) for k, p in enumerate(self.pricers)])
            if self._columns(duals, self.manner.beams[self.level])[1] >= NEW_LEAST:
                return floor, len(self.master.columns) - before
            self.level += 1
        try:
            least, _ = self._columns(duals, EVERY)
        except (LabelLimitError, OutOfBudgetError):
            if floor is not None and (self.best is None or floor.bound > self.best.bound):
                self.best = floor
                raised(floor.bound)
            raise
        new = len(self.master.columns) - before
        if new:
            self.level = len(self.manner.beams) - 1 if self.hard else len(self.manner.beams)
        return self._point(duals, least), new

    def _point(self, duals: Ints, least: Sequence[int | None]) -> Point | None:
        """What duals prove with these least reduced prices; None where one is not known."""
        known = [low for low in least if low is not None]
        return Point(duals, self.bound_of(duals, known), tuple(known)) if len(known) == len(least) else None

    def _columns(self, duals: Ints, beam: int) -> tuple[list[int | None], int]:
        least: list[int | None] = []
        new = 0
        before = self.budget.used
        for k, pricer in enumerate(self.pricers):
            priced = pricer.price(
                self.duals_of(duals, k),
                self.budget,
                beam=beam,
                most=self.manner.columns,
                limit=LABELS_MAX,
                slack=self.slack,
                few=self.manner.few and beam < EVERY,
            )
            least.append(priced.least)
            new += self.master.add((k, nodes) for _, nodes in priced.routes)
        self.hard = self.budget.used - before > EASY_LABELS * len(self.pricers)
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

    def beyond_of(self, point: Point) -> int:
        """What every route costs at least beyond its visits' worth, in grains; below 0 where one is worth more."""
        rest = point.duals[self.master.visits :]
        networks = len(self.pricers)
        shared = int(rest[networks : networks + 2].sum())
        return min(low + int(rest[k]) + shared for k, low in enumerate(point.least))

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
