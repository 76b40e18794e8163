"""One engine's run from given routes, here or by a worker elsewhere: same task, same answer."""

import pickle
from collections.abc import Callable
from time import monotonic
from typing import Any, NamedTuple

from solver import shared
from solver.compiled import Compiled
from solver.problem import Problem
from solver.routing.engine import ENGINES
from solver.routing.features import RouteKey
from solver.travel import adopt_tables, known_tables

COMPILED_KEPT = 2
"""Problems that a worker keeps compiled: the one at work, and the one before."""

_compiled: dict[str, Compiled] = {}


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


class ShippedLeg(NamedTuple):
    """A leg for a worker that may know the problem already: ``digest`` is the problem's name there."""

    digest: str
    leg: LegTask


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


def packed(problem: Problem, *, near: bool) -> bytes:
    """
    A problem for a worker.

    Parameters
    ----------
    problem
        Any.
    near
        Whether the worker is a child process: large tables then travel as references, and those derived from
        coordinates come along. Others derive them again, which is quicker than sending them.
    """
    if near:
        return shared.dumps((problem, known_tables(problem)))
    return pickle.dumps((problem, {}), protocol=pickle.HIGHEST_PROTOCOL)


def run_shipped(task: ShippedLeg, package: Any, stop: Callable[[], bool]) -> LegAnswer:
    """In a worker: run a leg, compiling the problem from its package where it is not known yet."""
    compiled = _compiled.get(task.digest)
    if compiled is None:
        problem, tables = shared.loads(package)
        adopt_tables(tables)
        compiled = _compiled[task.digest] = Compiled(problem)
        for digest in list(_compiled)[:-COMPILED_KEPT]:
            _compiled.pop(digest, None)
    return run_leg(compiled, task.leg, stop)
