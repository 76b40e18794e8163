"""
The naive way: PyVRP searches for each coalition by itself, with the same time for each, and the answers are believed.

The time is processor time, so that a search that has to wait for a core loses nothing by it, and it begins when the
model stands: what it takes to pose a coalition's problem is given for nothing.
"""

from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.routing import peer_pyvrp
from benchmarks.routing.clock import count_processor_time
from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.problem import Problem
from solver.processes import Processes
from solver.sharing.coalitions import whole_minor
from solver.sharing.game import Game

PARTS = 64
"""Pieces of work that coalitions are dealt to: many, so that no core waits long for the other."""


class Work(NamedTuple):
    """Coalitions (masks over ``owners``) to be searched for, each for so many seconds of processor time."""

    problem: Problem
    owners: tuple[str, ...]
    masks: tuple[int, ...]
    seconds: float


class Found(NamedTuple):
    """Costs of coalitions in whole minor units, in the order of the work; how many searches found no plan."""

    cost_minor: tuple[int, ...]
    failed: int


def game(problem: Problem, total_s: float, processes: Processes) -> tuple[Game, int]:
    """
    Every coalition's cost by a search of its own, and how many searches found no plan.

    Parameters
    ----------
    problem
        The day; orders without outside options, vehicles without limit.
    total_s
        Processor seconds for all coalitions together, divided evenly.
    processes
        Where to search.
    """
    owners = problem.owners
    masks = range(1, 2 ** len(owners))
    parts = [tuple(masks[first::PARTS]) for first in range(PARTS)]
    works = [Work(problem, owners, part, total_s / len(masks)) for part in parts if part]
    cost, failed = [0] * 2 ** len(owners), 0
    for work, answer in zip(works, processes.run(searched, works), strict=True):
        if answer is None:
            raise RuntimeError("a process of the naive way was lost")
        failed += answer.failed
        for mask, minor in zip(work.masks, answer.cost_minor, strict=True):
            cost[mask] = minor
    return Game(owners, cost), failed


def searched(work: Work) -> Found:
    """What one process does: search for each coalition of its work."""
    count_processor_time()
    costs, failed = [], 0
    for mask in work.masks:
        group = frozenset(owner for bit, owner in enumerate(work.owners) if mask >> bit & 1)
        part = work.problem.restricted_to(group)
        cost_milli = _cost_milli(part, peer_pyvrp.solve(part, seconds=work.seconds, seed=1))
        if cost_milli is None:
            failed += 1
            cost_milli = _cost_milli(part, [(0, (2 * k + 1,)) for k in range(len(part.orders))])
        if cost_milli is None:
            raise RuntimeError("not even a vehicle for each order is a plan")
        costs.append(whole_minor(cost_milli))
    return Found(tuple(costs), failed)


def _cost_milli(problem: Problem, routes: Sequence[peer_pyvrp.RouteKey]) -> int | None:
    """What a plan costs by our own prices, None where it is none or leaves an order out."""
    if not routes:
        return None
    try:
        plan = assemble(Compiled(problem), routes)
    except ValueError:
        return None
    return None if plan.mandatory_unplanned or check(problem, plan) else plan.cost_milli
