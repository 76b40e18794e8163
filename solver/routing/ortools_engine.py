"""
The routing library of OR-Tools: slower than PyVRP, but it models transports with several windows and limits of stops.

Guided local search (Voudouris and Tsang 1999) from the given routes, or from parallel cheapest insertion.
"""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.alone import Alone
from solver.routing.features import Feature, RouteKey, features
from solver.routing.fleet import simple_task
from solver.routing.harvest import Harvest
from solver.routing.ortools_model import OrToolsModel

CHECKS_AN_ITERATION = 100
"""Checks of the limit that one iteration may use: a search that finds no more solutions ends all the same."""

DAY_S = 86_400
"""The solver's own limit of time, only because it warns without one; the real one is asked at every step."""

LACKING = frozenset(
    {
        Feature.RELOADS,
        Feature.RELEASES,
        Feature.BREAKS,
        Feature.APART,
        Feature.LOCKS,
        Feature.CHANGES,
        Feature.BALANCE,
        Feature.MINIMUM_USE,
        Feature.HOLDS,
    }
)
"""What the model leaves out."""


class OrToolsEngine:
    """One trip a vehicle, without breaks, releases or locks (``LACKING``); an iteration is an accepted solution."""

    name = "ortools"

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
        model = OrToolsModel(compiled, orders, start, Alone.of(compiled), seed)
        watch = _Watch(
            model,
            Harvest(compiled, found),
            lambda routes: improved([*settled, *routes]),
            _ending(deadline, iterations, stop),
        )
        model.routing.AddAtSolutionCallback(watch.at_solution)
        model.routing.AddSearchMonitor(model.routing.solver().CustomLimit(watch.is_over))
        parameters = _parameters(iterations)
        model.routing.CloseModelWithParameters(parameters)
        first = model.routing.ReadAssignmentFromRoutes(model.sequences(start), True) if start else None
        if first is not None:
            solved = model.routing.SolveFromAssignmentWithParameters(first, parameters)
        else:
            solved = model.routing.SolveWithParameters(parameters)
        return [*settled, *(watch.harvest.take(model.routes(solved)) if solved is not None else watch.best)]


class _Watch:
    """Collects routes while the search runs, and ends it."""

    def __init__(
        self,
        model: OrToolsModel,
        harvest: Harvest,
        improved: Callable[[list[RouteKey]], None],
        is_over: Callable[[], bool],
    ) -> None:
        self.harvest, self.is_over = harvest, is_over
        self.best: list[RouteKey] = []
        self._model, self._improved = model, improved
        self._best_cost: int | None = None

    def at_solution(self) -> None:
        """Called by the solver at each accepted solution, better or not."""
        cost = self._model.routing.CostVar().Max()
        routes = self.harvest.take(self._model.current())
        if self._best_cost is None or cost < self._best_cost:
            self._best_cost, self.best = cost, routes
            self._improved(routes)


def _ending(deadline: float | None, iterations: int | None, stop: Callable[[], bool]) -> Callable[[], bool]:
    """Whether time, iterations or patience are used up; the solver asks at every step."""
    checks = 0

    def is_over() -> bool:
        nonlocal checks
        checks += 1
        if iterations is not None and checks > iterations * CHECKS_AN_ITERATION:
            return True
        return stop() or (deadline is not None and monotonic() >= deadline)

    return is_over


def _parameters(iterations: int | None) -> Any:
    """Explicit search: the default one ends at the first local optimum."""
    cp: Any = pywrapcp  # its stubs are untyped in part
    parameters = cp.DefaultRoutingSearchParameters()
    parameters.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.seconds = DAY_S
    if iterations is not None:
        parameters.solution_limit = iterations
    return parameters
