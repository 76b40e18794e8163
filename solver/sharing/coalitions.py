"""
What each coalition would pay alone: set partitioning over one frozen pool of routes.

Coalitions are masks as in ``solver.sharing.game``. All use the same vehicles at the same tariffs with unlimited hire,
so that standing alone is defined for everyone.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from itertools import groupby
from typing import NamedTuple

from solver.compiled import Compiled
from solver.partition import Partition, Partitioner
from solver.plan import MILLI
from solver.pool import Pool, PoolRoute
from solver.problem import Problem

NODES = 50
"""Search tree of one integer program; with ties in plenty the last ones are not worth their time."""
BATCH = 6
"""Coalitions priced by one task: many enough to share their work's start, few enough to keep all cores busy."""

Routes = tuple[PoolRoute, ...]


def masks_by_size(players: int) -> list[int]:
    """All coalitions but nobody, small before large, then ascending."""
    return sorted(range(1, 2**players), key=lambda mask: (mask.bit_count(), mask))


def orders_of(groups: Sequence[frozenset[int]], mask: int) -> frozenset[int]:
    """The orders of a coalition's players."""
    return frozenset().union(*(group for player, group in enumerate(groups) if mask >> player & 1))


class Batch(NamedTuple):
    """Coalitions of one size to be priced together: by mask, orders and routes to start from."""

    routes: tuple[PoolRoute, ...]
    wanted: tuple[tuple[frozenset[int], Routes], ...]


def coalition_costs(
    pool: Pool,
    groups: Sequence[frozenset[int]],
    known: Mapping[int, Routes],
    step: Callable[[int], None] = lambda done: None,
    *,
    executor: Executor | None = None,
) -> list[Partition]:
    """
    The best plan from the pool for every coalition, by mask; entry 0 is nobody's.

    A coalition never costs more than two that it is made of, as their plans together are one for it.

    Parameters
    ----------
    pool
        The frozen pool; holds every route of ``known``.
    groups
        Each player's orders, apart from one another.
    known
        By mask, routes that a coalition is known to get by with; it pays no more.
    step
        Called with how many are done, after each batch; what it raises ends the work.
    executor
        Prices batches elsewhere; batches are the same with and without, and so are the answers.
    """
    routes = tuple(pool)
    partitions = [Partition((), frozenset(), 0, 0, True)] * 2 ** len(groups)
    done = 0
    for _, level in groupby(masks_by_size(len(groups)), key=int.bit_count):
        masks = list(level)
        wanted = [(orders_of(groups, mask), _start(pool.compiled, partitions, known, groups, mask)) for mask in masks]
        batches = [Batch(routes, tuple(wanted[at : at + BATCH])) for at in range(0, len(wanted), BATCH)]
        for partition, mask in zip(_priced(pool.compiled, batches, executor, step, done), masks, strict=True):
            partitions[mask] = partition
        done += len(masks)
    return partitions


def _start(
    compiled: Compiled,
    partitions: Sequence[Partition],
    known: Mapping[int, Routes],
    groups: Sequence[frozenset[int]],
    mask: int,
) -> Routes:
    """The best that is known for a coalition before it is priced."""
    starts = [known[mask]] if mask in known else []
    starts += [_parted(partitions, mask)] if mask.bit_count() > 1 else []
    orders = orders_of(groups, mask)
    return min(starts, key=lambda routes: price(compiled, routes, orders), default=())


def _priced(
    compiled: Compiled, batches: Sequence[Batch], executor: Executor | None, step: Callable[[int], None], before: int
) -> Iterator[Partition]:
    """Partitions of all batches, in order."""
    done = before
    if executor is None:
        answers: Iterable[list[Partition]] = (price_batch(compiled, batch) for batch in batches)
    else:
        futures = [executor.submit(price_batch_of, compiled.problem, batch) for batch in batches]
        answers = (future.result() for future in futures)
    for answer in answers:
        yield from answer
        done += len(answer)
        step(done)


def price_batch_of(problem: Problem, batch: Batch) -> list[Partition]:
    """What another process runs."""
    return price_batch(Compiled(problem), batch)


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


def _parted(partitions: Sequence[Partition], mask: int) -> Routes:
    """The cheapest pair of coalitions that make up this one, plans joined."""
    lowest = mask & -mask
    part = (mask - 1) & mask
    best, least = 0, None
    while part:
        if part & lowest:
            cost = partitions[part].cost_milli + partitions[mask ^ part].cost_milli
            if least is None or cost < least:
                best, least = part, cost
        part = (part - 1) & mask
    return partitions[best].routes + partitions[mask ^ best].routes


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
