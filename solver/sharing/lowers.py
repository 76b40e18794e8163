"""
Proven lower bounds of what coalitions pay, by column generation.

Each coalition's proof starts from what its neighbours' found out: what visits are worth, and which routes carry its
linear program. Limits count labels, never seconds, so that the same question always gets the same bounds.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from typing import NamedTuple

from solver.colgen import lower_bound
from solver.sharing.held import DayRef, Held, held

BATCH = 8
"""Coalitions that one task bounds: enough to make its journey worth while, few enough to keep all cores busy."""
COLUMNS_A_VISIT = 3
"""So many of a proof's last routes, by visit, are handed on: the linear program rests on one."""

Key = tuple[int, tuple[int, ...]]


class Known(NamedTuple):
    """What one proof can hand to the next: grains by visit, and routes."""

    duals: Mapping[int, int]
    columns: tuple[Key, ...]

    def within(self, orders: frozenset[int]) -> "Known":
        """The same for some of the orders: the others' visits are dropped from routes."""
        columns: dict[Key, None] = {}
        for type_, visits in self.columns:
            kept = tuple(visit for visit in visits if visit < 0 or visit >> 1 in orders)
            if any(visit >= 0 for visit in kept):
                columns[type_, kept] = None
        return Known({visit: dual for visit, dual in self.duals.items() if visit >> 1 in orders}, tuple(columns))


NOTHING = Known({}, ())
JOINED = 3
"""Routes of so many smaller coalitions start a larger one's proof."""


def joined(parts: Sequence[Known]) -> Known:
    """What smaller coalitions know, for one that holds them all: the mean worth of each visit, routes of a few."""
    duals: dict[int, list[int]] = {}
    for part in parts:
        for visit, dual in part.duals.items():
            duals.setdefault(visit, []).append(dual)
    columns = dict.fromkeys(column for part in parts[:JOINED] for column in part.columns)
    return Known({visit: sum(found) // len(found) for visit, found in sorted(duals.items())}, tuple(columns))


class Ask(NamedTuple):
    """
    A coalition's cost to be bounded.

    ``orders`` are to be served (optional ones may be left), which for ``upper_milli`` the routes do. ``labels`` limits
    the work, ``beyond`` that after the linear program; ``root_only`` asks for its bound alone; ``seconds`` ends it by
    the clock. No plan that serves them has ``fewest`` routes less one.
    """

    orders: frozenset[int]
    upper_milli: int
    routes: tuple[Key, ...]
    known: Known
    labels: int
    root_only: bool
    seconds: float | None = None
    beyond: int | None = None
    fewest: int = 0


class Lower(NamedTuple):
    """
    No plan for the coalition costs less than ``bound_milli``, at most the upper that was given.

    ``routes`` are a plan that costs less than that upper, empty where none was found; ``known`` is for the next, and
    ``beyond_grains`` what every route costs at least beyond its visits' worth by these duals; no route costs less
    than ``least_grains``, where that is not 0.
    """

    bound_milli: int
    routes: tuple[Key, ...]
    known: Known
    labels: int
    rounds: int
    beyond_grains: int = 0
    least_grains: int = 0


def lower_bounds(
    ref: DayRef, here: Held, asks: Sequence[Ask], executor: Executor | None, *, batch: int = BATCH
) -> Iterator[Lower]:
    """
    Bounds in the order of what is asked; the same with an executor and without one.

    Parameters
    ----------
    ref, here
        The day, for other processes and for this one.
    asks
        Coalitions.
    executor
        Bounds batches elsewhere; None bounds them here.
    batch
        How many coalitions make one task.
    """
    batches = [tuple(asks[at : at + batch]) for at in range(0, len(asks), batch)]
    if executor is None:
        for part in batches:
            yield from [_bounded(here, ask) for ask in part]
        return
    futures = [executor.submit(bound_batch, ref, part) for part in batches]
    try:
        for future in futures:
            yield from future.result()
    finally:  # whoever has heard enough wants its workers back
        for future in futures:
            future.cancel()


def bound_batch(ref: DayRef, asks: Sequence[Ask]) -> list[Lower]:
    """What another process runs."""
    here = held(ref)
    return [_bounded(here, ask) for ask in asks]


def _bounded(here: Held, ask: Ask) -> Lower:
    found = lower_bound(
        here.whole,
        frozenset(),
        upper_milli=ask.upper_milli,
        routes=ask.routes,
        seconds=ask.seconds,
        labels=ask.labels,
        stop=lambda: False,
        only=ask.orders,
        duals=ask.known.duals,
        columns=ask.known.columns,
        root_only=ask.root_only,
        beyond=ask.beyond,
        fewest=ask.fewest,
    )
    kept = COLUMNS_A_VISIT * len(found.duals)
    known = Known(found.duals, found.columns[-kept:] if kept else ())
    bound = min(found.bound_milli, ask.upper_milli)
    return Lower(bound, found.routes, known, found.labels, found.rounds, found.beyond_grains, found.least_grains)
