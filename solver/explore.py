"""
Good routes for every coalition: a short search of its own for each, started from what a larger one does.

From the plan for everybody downwards: a coalition starts from the cheapest plan of a coalition with one player more,
that player's stops dropped, and improves it. What is found joins the pool, so that each helps all others.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from itertools import groupby, islice
from typing import NamedTuple

from solver.compiled import Compiled
from solver.pool import Pool, PoolRoute
from solver.routing.alone import Alone
from solver.routing.construct import construct
from solver.routing.engine import Engine, choose
from solver.routing.recipe import STEPS
from solver.sharing.coalitions import Routes, masks_by_size, orders_of, price
from solver.sharing.held import DayRef, held

ITERATIONS_TOTAL = 7_500
"""Spread over all coalitions; each gets between the bounds below."""
ITERATIONS_MIN, ITERATIONS_MAX = 15, 400
PLAYERS_MANY, ITERATIONS_FEW = 12, 5
"""With more players than that each gets so few."""
LARGER = 2
"""So many of the larger coalitions' plans, the cheapest, are tried as a start."""
CHUNKS, CHUNK_MAX = 4, 100
"""Parts at least that one size of coalition is cut into for an executor, and searches of a part at most."""

Key = tuple[int, tuple[int, ...]]


class Search(NamedTuple):
    """One coalition's search: what to serve, where to start, how long."""

    orders: frozenset[int]
    start: tuple[Key, ...]
    seed: int
    iterations: int


def explore(
    pool: Pool,
    groups: Sequence[frozenset[int]],
    plan: Routes,
    *,
    seed: int,
    ref: DayRef,
    executor: Executor | None = None,
    effort_percent: int = 100,
    step: Callable[[int], None] = lambda done: None,
) -> dict[int, Routes]:
    """
    Fill the pool, and say what each coalition can do.

    Parameters
    ----------
    pool
        Holds the plan's routes; grows.
    groups
        Each player's orders, apart from one another, all of which the plan serves or may leave to outside options.
    plan
        Routes for everybody.
    seed
        Not negative; the same seed finds the same routes, with or without an executor.
    ref
        The pool's day, for the executor's processes.
    executor
        Runs searches elsewhere; None runs them here.
    effort_percent
        Of the usual iterations, 1 to 1000.
    step
        Called with how many coalitions are done; what it raises ends the work.

    Returns
    -------
    dict
        Mask of a coalition to routes for it, feasible and apart from one another.
    """
    everybody = 2 ** len(groups) - 1
    known: dict[int, Routes] = {}
    total = ITERATIONS_TOTAL * effort_percent // 100
    least = max(ITERATIONS_MIN, ITERATIONS_MIN * effort_percent // 100)
    least = least if len(groups) <= PLAYERS_MANY else ITERATIONS_FEW
    iterations = min(max(total // 2 ** len(groups), least), ITERATIONS_MAX)
    costs: dict[int, tuple[int, int]] = {}
    for _, level in groupby(reversed(masks_by_size(len(groups))), key=int.bit_count):
        masks = list(level)
        wanted = (
            (orders_of(groups, mask), plan if mask == everybody else _start(pool, groups, known, costs, mask))
            for mask in masks
        )
        found = search_sets(
            pool, wanted, count=len(masks), seed=seed, iterations=iterations, executor=executor, ref=ref
        )
        for mask, routes in zip(masks, found, strict=True):
            known[mask], costs[mask] = routes, price(pool.compiled, routes, orders_of(groups, mask))
            step(len(known))
    return known


def search_sets(
    pool: Pool,
    wanted: Iterable[tuple[frozenset[int], Routes]],
    *,
    count: int,
    seed: int,
    iterations: int,
    ref: DayRef,
    executor: Executor | None = None,
) -> Iterator[Routes]:
    """
    For each of ``count`` sets of orders, with routes to start from, the best routes found; they join the pool.

    An executor begins with the first while the others' starts are still made ready.

    ``iterations`` are for half of the day's orders; smaller sets get more, as theirs take less time, and a lone
    member's cost is its guarantee.
    """
    half = len(pool.compiled.problem.orders) // 2
    taken: list[tuple[frozenset[int], Routes]] = []

    def searches() -> Iterator[Search]:
        for orders, start in wanted:
            taken.append((orders, start))
            keys = tuple((route.type_, route.visits) for route in start)
            longer = min(iterations * half // max(len(orders), 1), ITERATIONS_MAX)
            yield Search(orders, keys, seed, max(iterations, longer))

    answers = _run(pool.compiled, ref, searches(), count, executor)
    for (orders, start), best in zip(taken, answers, strict=True):
        found = tuple(route for key in best if (route := pool.add(*key)) is not None)
        yield min(start, found, key=lambda routes: price(pool.compiled, routes, orders))


def restricted(pool: Pool, routes: Iterable[PoolRoute], orders: frozenset[int]) -> Routes | None:
    """
    Routes with all but ``orders`` dropped, on the cheapest vehicle type (of its own and those hired without limit).

    They join the pool. None where what is left of one is infeasible.
    """
    unlimited = [type_ for type_, vehicle in enumerate(pool.compiled.vehicle_types) if vehicle.count is None]
    kept = []
    for route in routes:
        visits = tuple(visit for visit in route.visits if visit >> 1 in orders)
        if visits:
            offers = [pool.add(type_, visits) for type_ in {route.type_, *unlimited}]
            cheapest = min((offer for offer in offers if offer is not None), key=_by_price, default=None)
            if cheapest is None:
                return None
            kept.append(cheapest)
    return tuple(kept)


def _by_price(route: PoolRoute) -> tuple[int, int]:
    return route.cost_milli, route.type_


def _start(
    pool: Pool,
    groups: Sequence[frozenset[int]],
    known: dict[int, Routes],
    costs: dict[int, tuple[int, int]],
    mask: int,
) -> Routes:
    """The cheapest plan of a coalition with one player more, without that player; a construction where none is left."""
    orders = orders_of(groups, mask)
    larger = [mask | 1 << player for player in range(len(groups)) if not mask >> player & 1]
    options = [restricted(pool, known[other], orders) for other in sorted(larger, key=lambda o: costs[o])[:LARGER]]
    whole = [option for option in options if option is not None]
    return min(whole, key=lambda routes: price(pool.compiled, routes, orders)) if whole else constructed(pool, orders)


def constructed(pool: Pool, orders: frozenset[int]) -> Routes:
    """Routes by cheapest insertion, added to the pool."""
    built = construct(pool.compiled, Alone.of(pool.compiled), orders=orders)
    return tuple(route for key in built if (route := pool.add(*key)) is not None)


def _run(
    compiled: Compiled, ref: DayRef, searches: Iterator[Search], count: int, executor: Executor | None
) -> Iterable[list[Key]]:
    """Best routes of each search, in order; all searches are known before the first answer is."""
    if executor is None:
        alone, engine = Alone.of(compiled), choose(compiled.problem)[0]
        return (_search(compiled, alone, engine, search) for search in list(searches))
    size = min(max(-(-count // CHUNKS), 1), CHUNK_MAX)
    futures = [executor.submit(search_all, ref, chunk) for chunk in iter(lambda: list(islice(searches, size)), [])]
    return (best for future in futures for best in future.result())


def search_all(ref: DayRef, searches: Sequence[Search]) -> list[list[Key]]:
    """What another process runs: the problem is compiled once for several searches."""
    compiled = held(ref).compiled
    alone, engine = Alone.of(compiled), choose(compiled.problem)[0]
    return [_search(compiled, alone, engine, search) for search in searches]


def _search(compiled: Compiled, alone: Alone, engine: Engine, search: Search) -> list[Key]:
    """
    The best routes found.

    Routes seen on the way stay out of the pool: there would be twice as many, pricing would take twice as long, and
    costs would be less than a hundredth of a per cent lower.
    """
    startable = all(order in alone.servable for _, visits in search.start for order in compiled.orders_of(visits))
    return engine.search(
        compiled,
        orders=search.orders & alone.servable,
        start=search.start if startable else (),
        seed=search.seed,
        seconds=None,
        iterations=search.iterations * STEPS.get(engine.name, 1),
        found=lambda type_, visits: None,
        improved=lambda routes: None,
        stop=lambda: False,
    )
