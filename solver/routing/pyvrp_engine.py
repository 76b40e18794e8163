"""
PyVRP (Wouda, Lan, Kool: PyVRP, a high-performance VRP solver package, INFORMS Journal on Computing 36(4), 2024).

The main search: iterated local search in compiled code, about 1,000 iterations a second with one-sided orders.
"""

import warnings
from collections.abc import Callable, Sequence
from time import monotonic

from pyvrp import CostEvaluator, PenaltyManager, PenaltyParams, RandomNumberGenerator, Result, Solution
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchParams
from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager, compute_neighbours

from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.alone import Alone
from solver.routing.features import Feature, RouteKey, features
from solver.routing.fleet import simple_task
from solver.routing.harvest import Harvest
from solver.routing.pyvrp_model import TYPICAL, PyvrpModel

HARVEST_EVERY = 20
"""Iterations between two looks at the candidate: reading every candidate in Python would halve the speed."""
EXHAUSTIVE_ORDERS_MAX = 400
"""Above, the exhaustive search around each new best takes longer than it is worth, and would delay a stop."""
HISTORY = 30
"""Length of the late acceptance list; PyVRP's 300 suits runs of 100,000 iterations, not rounds of thousands."""
PATIENCE, PATIENCE_PER_ORDER = 1_000, 100
"""Iterations without improvement after which a search is done: small problems need not use up their time."""

LACKING = frozenset(
    {
        Feature.SEVERAL_WINDOWS_TRANSPORT,
        Feature.DISTANCE_LIMIT_STOPS,
        Feature.RELOADS,
        Feature.BREAKS,
        Feature.APART,
        Feature.STOPS_LIMIT,
        Feature.LOCKS,
        Feature.CHANGES,
        Feature.BALANCE,
        Feature.MINIMUM_USE,
        Feature.HOLDS,
    }
)
"""What the model leaves out or narrows; PyVRP's reloads are for one-sided orders alone and were not tried."""


class PyvrpEngine:
    """Orders and tariffs of all kinds, a few in part (``LACKING``); one trip a vehicle, without breaks or locks."""

    name = "pyvrp"

    def supports(self, problem: Problem) -> list[str]:
        """As in ``Engine``."""
        return sorted(f"{self.name} does not model {feature}" for feature in features(problem) & LACKING)

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
        """As in ``Engine``."""
        deadline = None if seconds is None else monotonic() + seconds
        orders, start, settled = simple_task(compiled, Alone.of(compiled), orders, start)
        if not orders:
            return settled
        model = PyvrpModel(compiled, orders, start, Alone.of(compiled))
        watch = _Watch(model, Harvest(compiled, found), lambda routes: improved([*settled, *routes]))
        search = _local_search(model, seed)
        penalties = _penalties(model)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            first = model.solution(start)
            if not start:
                first = search(first, penalties.max_cost_evaluator(), exhaustive=True)
            parameters = IteratedLocalSearchParams(
                history_length=HISTORY,
                exhaustive_on_best=len(orders) <= EXHAUSTIVE_ORDERS_MAX,
                callbacks=watch,
            )
            ending = _Ending(deadline, iterations, PATIENCE + PATIENCE_PER_ORDER * len(orders), stop)
            algorithm = IteratedLocalSearch(model.data, penalties, search, first, parameters)
            result = algorithm.run(ending, collect_stats=False)
        return [*settled, *watch.harvest.take(model.key(route) for route in result.best.routes())]


class _Watch:
    """Collects routes while the search runs: PyVRP's ``IteratedLocalSearchCallbacks``."""

    def __init__(self, model: PyvrpModel, harvest: Harvest, improved: Callable[[list[RouteKey]], None]) -> None:
        self.harvest = harvest
        self._model = model
        self._improved = improved
        self._iteration = 0

    def on_start(self, ils: IteratedLocalSearch) -> None:
        """Nothing to collect yet."""

    def on_end(self, result: Result) -> None:
        """Nothing new any more."""

    def on_restart(self, best: Solution) -> None:
        """Collected when it was found."""

    def on_best(self, best: Solution) -> None:
        """A new best: all its routes at once."""
        self._improved(self.harvest.take(self._model.key(route) for route in best.routes()))

    def on_iteration(
        self, current: Solution, candidate: Solution, best: Solution, cost_evaluator: CostEvaluator
    ) -> None:
        """Now and then the feasible routes of the candidate, be it feasible as a whole or not."""
        self._iteration += 1
        if self._iteration % HARVEST_EVERY == 0:
            self.harvest.take(self._model.key(route) for route in candidate.routes() if route.is_feasible())


class _Ending:
    """PyVRP's stopping criterion: time, iterations, patience, or being told."""

    def __init__(self, deadline: float | None, iterations: int | None, patience: int, stop: Callable[[], bool]) -> None:
        self._deadline = deadline
        self._iterations = iterations
        self._patience = patience
        self._stop = stop
        self._done = self._improved_at = 0
        self._best: int | None = None

    def __call__(self, best_cost: int) -> bool:
        if self._best is None or best_cost < self._best:
            self._best, self._improved_at = best_cost, self._done
        if self._iterations is not None and self._done >= self._iterations:
            return True
        if self._done - self._improved_at >= self._patience or self._stop():
            return True
        self._done += 1
        return self._deadline is not None and monotonic() >= self._deadline


def _local_search(model: PyvrpModel, seed: int) -> LocalSearch:
    search = LocalSearch(
        model.data, RandomNumberGenerator(seed=seed % 2**32), compute_neighbours(model.data), PerturbationManager()
    )
    for operator in OPERATORS:
        if operator.supports(model.data):
            search.add_operator(operator(model.data))
    return search


def _penalties(model: PyvrpModel) -> PenaltyManager:
    """
    Prices of breaking a constraint, in keeping with the model's scale.

    PyVRP's own start (50,000 a unit, at most 100,000) presumes costs around a million; with dearer ones breaking a
    constraint is cheaper than keeping it and no feasible solution is ever found. Here being an hour late costs as much
    as ten typical single trips, and so does a tenth of the largest vehicle's capacity too much.
    """
    per_second = 10 * TYPICAL / 3_600
    widest = [max(v.capacity[d] for v in model.data.vehicle_types()) for d in range(model.data.num_load_dimensions)]
    loads = [100 * TYPICAL / max(limit, 1) for limit in widest]
    parameters = PenaltyParams(min_penalty=0.1, max_penalty=1e12, solutions_between_updates=200)
    return PenaltyManager((loads, per_second, per_second), parameters)
