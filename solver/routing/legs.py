"""One engine's run from given routes, here or in a child process: same task, same answer."""

from collections.abc import Callable
from time import monotonic
from typing import NamedTuple

from solver.compiled import Compiled
from solver.problem import Problem
from solver.processes import told_to_stop
from solver.routing.engine import ENGINES
from solver.routing.features import RouteKey

_compiled: list[Compiled] = []


class LegTask(NamedTuple):
    """What one engine is asked to do; fields as in ``Engine.search``."""

    engine: str
    orders: frozenset[int]
    start: tuple[RouteKey, ...]
    seed: int
    seconds: float | None
    iterations: int | None


class LegAnswer(NamedTuple):
    """What came of it: all routes in order of discovery, all better solutions in order, the last the best."""

    found: list[RouteKey]
    solutions: list[list[RouteKey]]
    seconds: float


def run_leg(
    compiled: Compiled,
    task: LegTask,
    stop: Callable[[], bool],
    improved: Callable[[list[RouteKey]], None] = lambda routes: None,
) -> LegAnswer:
    """Run an engine; ``improved`` hears of each better solution at once."""
    began = monotonic()
    found: list[RouteKey] = []
    solutions: list[list[RouteKey]] = []

    def better(routes: list[RouteKey]) -> None:
        solutions.append(routes)
        improved(routes)

    engine = next(engine for engine in ENGINES if engine.name == task.engine)
    final = engine.search(
        compiled,
        orders=task.orders,
        start=task.start,
        seed=task.seed,
        seconds=task.seconds,
        iterations=task.iterations,
        found=lambda type_, visits: found.append((type_, visits)),
        improved=better,
        stop=stop,
    )
    solutions.append(final)
    return LegAnswer(found, solutions, monotonic() - began)


def prepare(problem: Problem) -> None:
    """In a child process: compile the problem once for all legs to come."""
    _compiled[:] = [Compiled(problem)]


def run_prepared(task: LegTask) -> LegAnswer:
    """In a child process: run a leg on the prepared problem until it ends or the parent says stop."""
    return run_leg(_compiled[0], task, told_to_stop)
