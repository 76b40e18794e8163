"""
Ruin and recreate in compiled code, for one-sided orders with one window each.

Slack induction by string removals (Christiaens, Vanden Berghe: Slack induction by string removals for vehicle routing
problems, Transportation Science 54(2), 2020) under simulated annealing: 70,000 to 400,000 rounds a second.
"""

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.features import Feature, RouteKey, features
from solver.routing.harvest import Harvest

if TYPE_CHECKING:
    from solver.routing.plain.run import Run

MODELLED = frozenset(
    {
        Feature.DELIVERIES,
        Feature.COLLECTIONS,
        Feature.WINDOWS,
        Feature.OPTIONAL,
        Feature.SKILLS,
        Feature.HUBS,
        Feature.MIXED_FLEET,
        Feature.LIMITED_FLEET,
        Feature.SEVERAL_DEPOTS,
        Feature.OPEN_END,
        Feature.DURATION_LIMIT,
    }
)
"""Everything else is left to other engines."""
ROUNDS = 1_000, 2_000
"""Rounds between two looks at the clock (10 to 20 ms), above and up to ``BATCH_ORDERS`` orders."""
BATCH_ORDERS = 300
REPORT_ORDERS, REPORT_SQUARE = 50, 20_000
"""Batches between reports grow with the orders, and with their square: writing a solution out in Python takes time."""
ELITE = 1.03
"""A current solution up to so many times as dear as the best hands its routes on."""


class PlainEngine:
    """Deliveries alone or collections alone, one window each; no breaks, reloads, releases, groups apart, prefixes."""

    name = "plain"

    def supports(self, problem: Problem) -> list[str]:
        """As in ``Engine``."""
        needed = features(problem)
        lacking = [f"{self.name} does not model {feature}" for feature in needed - MODELLED]
        if {Feature.DELIVERIES, Feature.COLLECTIONS} <= needed:
            lacking.append(f"{self.name} does not model room that deliveries leave to collections")
        return sorted(lacking)

    def search(
        self,
        compiled: Compiled,
        *,
        orders: frozenset[int],
        start: Sequence[RouteKey],
        seed: int,
        seconds: float | None,
        iterations: int | None,
        found: Callable[[int, tuple[int, ...]], None],
        improved: Callable[[list[RouteKey]], None],
        stop: Callable[[], bool],
    ) -> list[RouteKey]:
        """As in ``Engine``; an iteration is a round of ruin and recreate, some hundreds to one of other engines."""
        deadline = None if seconds is None else monotonic() + seconds
        harvest = Harvest(compiled, found)
        one_sided = sorted(order for order in orders if len(compiled.visits_of(order)) == 1)
        if not one_sided or not compiled.vehicle_types:
            return []
        # Numba takes a third of a second and 100 MB: only processes that search pay for it.
        from solver.routing.plain.run import Run

        run = Run(compiled, one_sided, start, seed)
        reports = 0
        for done in _batches(run, deadline, seconds, iterations, stop):
            every = max(1 + run.size // REPORT_ORDERS, run.size**2 // REPORT_SQUARE)
            if done % every == 0 and run.cost < ELITE * run.best_cost:
                harvest.take(run.current())
            if done % every == 0 and run.improvements > reports:
                reports = run.improvements
                improved(harvest.take(run.best()))
        return harvest.take(run.best())


def _batches(
    run: "Run", deadline: float | None, seconds: float | None, iterations: int | None, stop: Callable[[], bool]
) -> Iterator[int]:
    """Run batch after batch until a limit is reached; the fraction of the budget that is used sets the temperature."""
    batch = ROUNDS[run.size <= BATCH_ORDERS]
    rounds = number = 0
    while not stop():
        left = run.patience - rounds if iterations is None else min(iterations, run.patience) - rounds
        spent = rounds / (rounds + left)
        if deadline is not None and seconds:
            spent = max(spent, 1.0 - (deadline - monotonic()) / seconds)
        if left <= 0 or spent >= 1.0:
            return
        run.batch(min(batch, left), spent)
        rounds += min(batch, left)
        number += 1
        yield number
