"""The search of one region: in this process or a worker, from the region alone."""

from collections.abc import Callable, Sequence
from time import monotonic
from typing import NamedTuple

from solver.compiled import Compiled
from solver.partition import Partitioner
from solver.pool import Pool, PoolRoute
from solver.routing.alone import Alone
from solver.routing.construct import construct
from solver.routing.cut import Cut, Translation
from solver.routing.engine import choose
from solver.routing.features import RouteKey
from solver.routing.legs import LegTask, run_leg
from solver.routing.recipe import STEPS

PARTITION_S_MIN, PARTITION_S_MAX = 0.8, 2.0
PARTITION_PART = 0.2
"""Part of a region's time for the partition, where that is at least ``PARTITION_S_MIN``: less is not worth it."""
ROUTES_MAX = 600
"""Routes that a partition without a limit of time chooses among."""


class RegionTask(NamedTuple):
    """
    A region to be planned.

    ``start`` are routes of the whole. ``engine`` says whether to search beyond inserting what is missing; ``seconds``
    and ``iterations`` limit the search.
    """

    part: Cut
    start: tuple[RouteKey, ...]
    engine: bool
    seed: int
    seconds: float | None
    iterations: int | None


class RegionAnswer(NamedTuple):
    """The region's best routes, and all routes of good solutions, in the whole's indices; what searched, how long."""

    routes: list[RouteKey]
    found: list[RouteKey]
    engine: str
    seconds: float


def run_region(task: RegionTask, stop: Callable[[], bool]) -> RegionAnswer:
    """Insert what is missing, search, and choose among the routes found."""
    began = monotonic()
    local = Compiled(task.part.problem)
    names = Translation(task.part, local)
    alone = Alone.of(local)
    best = _Best(local)
    best.offer([names.to_part(route) for route in task.start])
    engine = ""
    if alone.servable - best.served():
        best.offer(construct(local, alone, start=best.plan(), stop=stop, hasty=not task.engine))
    if task.engine and alone.servable:
        engine = choose(task.part.problem)[0].name
        _search(task, engine, local, alone, best, stop)
    found = [(route.type_, route.visits) for route in best.good.values()]
    return RegionAnswer(
        [names.to_whole(route) for route in best.plan()],
        [names.to_whole(route) for route in found],
        engine,
        monotonic() - began,
    )


def _search(
    task: RegionTask, engine: str, local: Compiled, alone: Alone, best: "_Best", stop: Callable[[], bool]
) -> None:
    """An engine, then the best choice among all routes that it came across."""
    choice_s = 0.0 if task.seconds is None else min(PARTITION_S_MAX, task.seconds * PARTITION_PART)
    choice_s = choice_s if choice_s >= PARTITION_S_MIN else 0.0
    search_s = None if task.seconds is None else max(0.01, task.seconds - choice_s)
    start = tuple(best.plan())
    iterations = None if task.iterations is None else task.iterations * STEPS.get(engine, 1)
    leg = run_leg(local, LegTask(engine, alone.servable, start, task.seed, search_s, iterations), stop)
    for routes in leg.solutions:
        best.offer(routes)
    if stop() or (task.iterations is None and not choice_s):
        return
    best.pool.add_all(leg.found)
    known = list(best.pool) if choice_s else list(best.good.values())[-ROUTES_MAX:]
    partitioner = Partitioner(local, [*known, *best.routes])
    chosen = partitioner.best(
        alone.servable, start=best.routes, seconds=choice_s or None, nodes=None if choice_s else 1
    )
    best.offer([(route.type_, route.visits) for route in chosen.routes])


class _Best:
    """
    The best plan of a region.

    Attributes
    ----------
    good
        Routes of all solutions offered, in order of discovery.
    """

    def __init__(self, local: Compiled) -> None:
        self.pool = Pool(local)
        self.routes: list[PoolRoute] = []
        self.good: dict[RouteKey, PoolRoute] = {}
        self._outside = local.outside_milli
        self._worth = self._judged([])

    def plan(self) -> list[RouteKey]:
        """The best plan's routes."""
        return [(route.type_, route.visits) for route in self.routes]

    def served(self) -> frozenset[int]:
        """Orders that the best plan serves."""
        return frozenset[int]().union(*(route.orders for route in self.routes))

    def offer(self, keys: Sequence[RouteKey]) -> None:
        """Keep routes that go together if they beat the plan: fewer mandatory orders left out, then cheaper."""
        priced = [self.pool.add(type_, visits) for type_, visits in keys]
        routes = [route for route in priced if route is not None]
        self.good.update({(route.type_, route.visits): route for route in routes})
        worth = self._judged(routes)
        if worth < self._worth or (not self.routes and worth == self._worth):
            self.routes, self._worth = routes, worth

    def _judged(self, routes: Sequence[PoolRoute]) -> tuple[int, int]:
        served = frozenset[int]().union(*(route.orders for route in routes))
        left = [price for order, price in enumerate(self._outside) if order not in served]
        cost = sum(route.cost_milli for route in routes) + sum(price for price in left if price is not None)
        return left.count(None), cost
