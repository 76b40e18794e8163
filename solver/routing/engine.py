"""What an engine is, and which engines suit a problem. The user never chooses."""

from collections.abc import Callable, Sequence
from typing import Protocol

from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.features import RouteKey
from solver.routing.ortools_engine import OrToolsEngine
from solver.routing.plain_engine import PlainEngine
from solver.routing.pyvrp_engine import PyvrpEngine
from solver.routing.rich_engine import RichEngine


class Engine(Protocol):
    """
    A search for routes.

    An engine's word is never taken: every route that it hands out has passed ``solver.schedule.timetable``.
    """

    name: str

    def supports(self, problem: Problem) -> list[str]:
        """What of the problem the engine models only in part (its routes are valid all the same); empty: nothing."""
        ...

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
        """
        Look for cheap routes.

        Parameters
        ----------
        compiled
            The problem.
        orders
            Indices of the orders to plan; each can be served alone by some vehicle type.
        start
            Feasible routes to begin with, apart from one another and within ``orders``; may be empty or incomplete.
        seed
            Not negative. The same seed and ``iterations`` (``seconds`` None) give the same routes in the same order.
        seconds, iterations
            Limits, positive, at least one of them; whichever ends first.
        found
            Called with the type and visits of feasible routes on the way, each at most once.
        improved
            Called with all routes of each better solution.
        stop
            Asked often; the search ends within 0.3 s of True.

        Returns
        -------
        list of RouteKey
            Routes of the best solution found, apart from one another and within the fleet; orders may be missing.
        """
        ...


PLAIN, RICH, PYVRP, ORTOOLS = PlainEngine(), RichEngine(), PyvrpEngine(), OrToolsEngine()
ENGINES: tuple[Engine, ...] = (PLAIN, RICH, PYVRP, ORTOOLS)
"""All engines; the first of our own kernels that models a problem is its main search."""


def choose(problem: Problem) -> list[Engine]:
    """
    The engines to use for a problem: the main search, then a finisher where one models all of it.

    The main search is the first of our compiled kernels that models the problem; the last of them models everything.
    """
    main = PLAIN if not PLAIN.supports(problem) else RICH
    return [main] if PYVRP.supports(problem) else [main, PYVRP]
