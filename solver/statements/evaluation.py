"""
One day in two versions, priced from the same routes.

Two short searches for two versions of a day differ by luck as much as by what was changed. So every route that any
search finds is offered to both versions, and each is partitioned afresh: only what the change itself makes possible, or
needless, tells them apart.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from solver.compiled import Compiled
from solver.partition import Partition, Partitioner
from solver.pool import Pool, PoolRoute
from solver.routing.alone import Alone
from solver.routing.engine import choose
from solver.routing.features import RouteKey
from solver.routing.recipe import STEPS
from solver.sharing.coalitions import NODES

ITERATIONS = 50
"""Of each search on a day of up to ``ORDERS_MANY`` orders; fewer on larger ones, so that all take about as long."""
ORDERS_MANY = 150
PRICED_MAX = 4_000
"""Routes of the pool that a change touches, and that are priced again; further ones are passed over."""


class Version(NamedTuple):
    """A day as it is or might be, and the orders to serve; order indices are the same in both versions."""

    compiled: Compiled
    orders: frozenset[int]


class Compared(NamedTuple):
    """The best plan found for each version, from the same routes."""

    before: Partition
    after: Partition


def compare(
    before: Version, after: Version, start: Sequence[RouteKey], known: Iterable[PoolRoute] = (), *, seed: int
) -> Compared:
    """
    Price two versions of a day.

    Parameters
    ----------
    before, after
        The versions; both know the same vehicle types and places.
    start
        Routes to begin with, feasible in ``before``.
    known
        Routes of a pool of ``before.compiled``.
    seed
        The same seed gives the same prices.
    """
    found = list(start)
    for version in (before, after, before):
        found += _search(version, _latest(version, found), seed)
    untouched, touched = _touched(before, after, known)
    return Compared(*(_best(version, [*found, *touched], untouched) for version in (before, after)))


def _latest(version: Version, found: Sequence[RouteKey]) -> list[RouteKey]:
    """Of the routes found so far the newest that go together in this version; the search fills the gaps."""
    kept: list[RouteKey] = []
    served: set[int] = set()
    used = [0] * len(version.compiled.vehicle_types)
    pool = Pool(version.compiled)
    for type_, visits in reversed(found):
        route = pool.add(type_, _within(version, visits))
        count = version.compiled.vehicle_types[type_].count
        if route is not None and not served & route.orders and (count is None or used[type_] < count):
            kept.append((type_, route.visits))
            served |= route.orders
            used[type_] += 1
    return kept


def _within(version: Version, visits: Sequence[int]) -> tuple[int, ...]:
    return tuple(visit for visit in visits if visit < 0 or visit >> 1 in version.orders)


def _search(version: Version, start: Sequence[RouteKey], seed: int) -> list[RouteKey]:
    compiled, alone = version.compiled, Alone.of(version.compiled)
    engine = choose(compiled.problem)[0]
    startable = all(order in alone.servable for _, visits in start for order in compiled.orders_of(visits))
    iterations = ITERATIONS * ORDERS_MANY // max(ORDERS_MANY, len(version.orders))
    return engine.search(
        compiled,
        orders=version.orders & alone.servable,
        start=start if startable else (),
        seed=seed,
        seconds=None,
        iterations=max(iterations, 1) * STEPS.get(engine.name, 1),
        found=lambda type_, visits: None,
        improved=lambda routes: None,
        stop=lambda: False,
    )


def _touched(before: Version, after: Version, known: Iterable[PoolRoute]) -> tuple[list[PoolRoute], list[RouteKey]]:
    """The pool's routes that the change leaves as they are, and the others as keys."""
    if before.compiled is after.compiled:
        changed = before.orders ^ after.orders
    else:
        pairs = enumerate(zip(before.compiled.windows_of, after.compiled.windows_of, strict=True))
        changed = frozenset(visit >> 1 for visit, (one, other) in pairs if one != other)
    both = before.orders | after.orders
    inside = [route for route in known if route.orders and route.orders <= both]
    untouched = [route for route in inside if not route.orders & changed]
    touched = [(route.type_, route.visits) for route in inside if route.orders & changed]
    return untouched, touched[:PRICED_MAX]


def _best(version: Version, keys: Iterable[RouteKey], untouched: Iterable[PoolRoute]) -> Partition:
    pool = Pool(version.compiled)
    pool.add_all((type_, _within(version, visits)) for type_, visits in keys)
    return Partitioner(version.compiled, [*pool, *untouched]).best(version.orders, nodes=NODES)
