"""
Large days: groups of neighbouring routes, each searched as a problem of its own, the borders elsewhere each time.

Route-based decomposition by barycentres (Santini, Schneider, Vidal, Vigo: Decomposition strategies for vehicle routing
heuristics, INFORMS Journal on Computing 35(3), 2023). The same division makes the first plan of a large day.
"""

from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import Protocol

from numpy.random import default_rng

from solver.compiled import Compiled
from solver.pool import Pool
from solver.routing.cut import cut, used_vehicles
from solver.routing.division import Region, divide, parts_of, visits_of
from solver.routing.executors import Workers
from solver.routing.features import RouteKey
from solver.routing.region_search import RegionAnswer, RegionTask, run_region

FIRST_PASSES = 4
"""Divisions tried for the first plan while mandatory orders are left out."""
REGION_S_MIN = 0.4
"""A region's search should last so long: borders that move often are worth more than long searches between them."""
ROUNDS_MAX = 12
ROUNDS = 3
"""Rounds of a budget in iterations."""


class Day(Protocol):
    """What is needed of a solve: ``solver.routing.session.Session`` has it."""

    compiled: Compiled
    pool: Pool

    def keys(self) -> list[RouteKey]:
        """The best plan's routes."""
        ...

    def offer(self, routes: Iterable[RouteKey]) -> bool:
        """Keep routes that go together as the plan if they beat it."""
        ...

    def over(self) -> bool:
        """Whether to come to an end."""
        ...

    def mandatory_left(self) -> frozenset[int]:
        """Mandatory orders that the best plan leaves out."""
        ...


def plan_large(
    day: Day,
    workers: Workers,
    orders: frozenset[int],
    *,
    seed: int,
    seconds: float | None,
    iterations: int | None,
    told: Callable[[RegionAnswer], None] = lambda answer: None,
) -> None:
    """
    First plan and searches by regions.

    Parameters
    ----------
    day
        Receives each better plan, and the routes of good solutions in its pool; its plan may be empty.
    workers
        Where regions are searched. With ``iterations`` and no ``seconds`` the plan is the same whatever they are.
    orders
        Those that can be served.
    seed
        Not negative.
    seconds, iterations
        Limits of all searches together: wall time, or iterations in the sum over regions of each round.
    told
        Hears of each region's answer.
    """
    began = monotonic()
    first_plan(day, workers, orders, seed=seed)
    if len(visits_of(day.compiled, orders)) == 0:
        return
    left = None if seconds is None else max(0.0, seconds - (monotonic() - began))
    rounds = rounds_of(day.compiled, orders, left, workers.parallel)
    for number in range(rounds):
        if day.over():
            return
        if left is not None and seconds is not None:
            left = max(0.01, (seconds - (monotonic() - began)) / (rounds - number))
        improve(day, workers, orders, seed=seed, number=number, seconds=left, iterations=iterations, told=told)


def rounds_of(compiled: Compiled, orders: frozenset[int], seconds: float | None, parallel: int) -> int:
    """How many times to divide anew: as often as each region can still be searched for ``REGION_S_MIN``."""
    if seconds is None:
        return ROUNDS
    regions = parts_of(len(visits_of(compiled, orders)))
    return min(ROUNDS_MAX, max(1, int(seconds * parallel / (regions * REGION_S_MIN))))


def first_plan(day: Day, workers: Workers, orders: frozenset[int], *, seed: int) -> None:
    """Complete the day's plan by insertion within regions; again with other borders while mandatory orders are left."""
    for number in range(FIRST_PASSES):
        regions = divide(day.compiled, day.keys(), orders, default_rng([seed, number, 0]), polar=False)
        open_ = [region for region in regions if region.unplanned]
        closed = [route for region in regions if not region.unplanned for route in region.routes]
        tasks = tasks_of(day.compiled, open_, engine=False, seed=seed, seconds=None, iterations=None)
        answers = workers.run(run_region, tasks, day.over)
        day.offer([*closed, *_merged(open_, answers)])
        if day.over() or not day.mandatory_left() & orders:
            return


def improve(
    day: Day,
    workers: Workers,
    orders: frozenset[int],
    *,
    seed: int,
    number: int,
    seconds: float | None,
    iterations: int | None,
    told: Callable[[RegionAnswer], None] = lambda answer: None,
) -> None:
    """
    One round: divide the day's plan, search every region from its routes, put the best of each together.

    Parameters
    ----------
    day, workers, orders, seed, told
        As for ``plan_large``.
    number
        Of the round, from 0; the borders lie elsewhere in each.
    seconds, iterations
        Limits of the round.
    """
    random = default_rng([seed, number, 1])
    regions = divide(day.compiled, day.keys(), orders, random, polar=number % 2 == 1)
    share_s = None if seconds is None else seconds * min(workers.parallel, len(regions)) / max(1, len(regions))
    tasks = tasks_of(
        day.compiled,
        regions,
        engine=True,
        seed=seed * 10_007 + number * 101,
        seconds=share_s,
        iterations=iterations,
    )
    answers = workers.run(run_region, tasks, day.over)
    for answer in answers:
        if answer is not None:
            day.pool.add_all(answer.found)
            told(answer)
    day.offer(_merged(regions, answers))


def _merged(regions: Sequence[Region], answers: Sequence[RegionAnswer | None]) -> list[RouteKey]:
    """The plan of all regions: what was found or else was there; within the fleet because the regions share it."""
    pairs = zip(regions, answers, strict=True)
    return [route for region, answer in pairs for route in (region.routes if answer is None else answer.routes)]


def tasks_of(
    compiled: Compiled,
    regions: Sequence[Region],
    *,
    engine: bool,
    seed: int,
    seconds: float | None,
    iterations: int | None,
) -> list[RegionTask]:
    """
    What to do in each region.

    Parameters
    ----------
    compiled, regions
        The whole day, divided.
    engine
        Whether to search; otherwise orders are only inserted.
    seed
        The searches get it and the numbers after it.
    seconds, iterations
        Limits: seconds of each region, iterations of all, shared by the number of visits.
    """
    everywhere = used_vehicles(compiled, [route for region in regions for route in region.routes])
    sizes = [region.visits(compiled) for region in regions]
    tasks = []
    for number, region in enumerate(regions):
        mine = [visit >> 1 for _, visits in region.routes for visit in visits if visit >= 0]
        elsewhere = everywhere - used_vehicles(compiled, region.routes)
        share = None if iterations is None else max(1, iterations * sizes[number] // max(1, sum(sizes)))
        part = cut(compiled, sorted({*mine, *region.unplanned}), region.fleet, elsewhere)
        tasks.append(RegionTask(part, region.routes, engine, seed + number, seconds, share))
    return tasks
