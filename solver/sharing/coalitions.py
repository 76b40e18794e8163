"""
What each coalition would pay alone: set partitioning over one frozen pool of routes.

Coalitions are masks as in ``solver.sharing.game``. All use the same vehicles at the same tariffs with unlimited hire,
so that standing alone is defined for everyone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from solver.compiled import Compiled
from solver.partition import Partition, Partitioner
from solver.plan import MILLI
from solver.pool import Pool, PoolRoute
from solver.sharing.held import DayRef, held

NODES = 50
"""Search tree of one integer program; with ties in plenty the last ones are not worth their time."""
BATCH, BATCHES = 6, 16
"""Coalitions priced by one task at least, and tasks at most: each carries the pool and begins with sorting it."""

Routes = tuple[PoolRoute, ...]


def masks_by_size(players: int) -> list[int]:
    """All coalitions but nobody, small before large, then ascending."""
    return sorted(range(1, 2**players), key=lambda mask: (mask.bit_count(), mask))


def orders_of(groups: Sequence[frozenset[int]], mask: int) -> frozenset[int]:
    """The orders of a coalition's players."""
    return frozenset().union(*(group for player, group in enumerate(groups) if mask >> player & 1))


class Batch(NamedTuple):
    """Sets of orders to be priced together, each with routes to start from."""

    routes: tuple[PoolRoute, ...]
    wanted: tuple[tuple[frozenset[int], Routes], ...]


def price_sets(
    pool: Pool,
    wanted: Sequence[tuple[frozenset[int], Routes]],
    step: Callable[[int], None] = lambda done: None,
    *,
    ref: DayRef,
    executor: Executor | None = None,
) -> list[Partition]:
    """
    The best plan from the pool for each set of orders, hired without limit.

    Parameters
    ----------
    pool
        The frozen pool; holds every route to start from.
    wanted
        Orders, and routes that they are known to get by with: they pay no more.
    step
        Called with how many are done, after each batch; what it raises ends the work.
    ref
        The pool's day, for the executor's processes.
    executor
        Prices batches elsewhere; batches are the same with and without, and so are the answers.
    """
    routes = tuple(pool)
    size = max(BATCH, -(-len(wanted) // BATCHES))
    batches = [Batch(routes, tuple(wanted[at : at + size])) for at in range(0, len(wanted), size)]
    if executor is None:
        answers: Iterable[list[Partition]] = (price_batch(pool.compiled, batch) for batch in batches)
    else:
        futures = [executor.submit(price_batch_of, ref, batch) for batch in batches]
        answers = (future.result() for future in futures)
    partitions: list[Partition] = []
    for answer in answers:
        partitions += answer
        step(len(partitions))
    return partitions


def price_batch_of(ref: DayRef, batch: Batch) -> list[Partition]:
    """What another process runs."""
    return price_batch(held(ref).compiled, batch)


def price_batch(compiled: Compiled, batch: Batch) -> list[Partition]:
    """Prices one batch; each starts afresh, so that answers do not depend on what was priced before."""
    partitioner = Partitioner(compiled, batch.routes, limited=False)
    return [partitioner.best(orders, start=start, nodes=NODES) for orders, start in batch.wanted]


def price(compiled: Compiled, routes: Sequence[PoolRoute], orders: frozenset[int]) -> tuple[int, int]:
    """Mandatory orders left out, then cost with outside options: smaller is better."""
    left = orders.difference(*(route.orders for route in routes))
    outside = [compiled.problem.orders[order].outside_milli for order in left]
    cost_milli = sum(route.cost_milli for route in routes) + sum(milli for milli in outside if milli is not None)
    return outside.count(None), cost_milli


def united(owners: Sequence[str], stand_alone_milli: Mapping[str, int], players_max: int) -> list[tuple[str, ...]]:
    """
    Owners as players: the two with the least to pay alone become one until at most ``players_max`` are left.

    The rule looks at nothing but stand-alone costs (a union's is the sum of its owners'), ties by name, so that nobody
    is put into company chosen for it.
    """
    unions: list[tuple[str, ...]] = [(owner,) for owner in sorted(owners)]

    def rank(union: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
        return sum(stand_alone_milli[owner] for owner in union), union

    while len(unions) > max(players_max, 1):
        unions.sort(key=rank)
        unions = [tuple(sorted(unions[0] + unions[1])), *unions[2:]]
    return sorted(unions)


def whole_minor(milli: int) -> int:
    """
    Thousandths rounded up to whole minor units.

    Rounded up, costs that were sub-additive stay so; rounded half up two halves of a unit would vanish from stand-alone
    costs and stay in the bill.
    """
    return -(-milli // MILLI)
