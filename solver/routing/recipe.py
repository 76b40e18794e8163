"""
Which searches a solve runs one after another, and what part of its time each gets.

The parts were found by measurement (docs/benchmarks.md); an engine is used where it models the problem and pays.
"""

from collections.abc import Sequence
from typing import NamedTuple

from solver.routing.engine import Engine

PARTITION, BOUND = "partition", "bound"

FINISHED_ORDERS_MAX = 250
"""Up to so many orders a second engine's view, mixed by a partition, is worth more than further search by the first."""
TINY_ORDERS_MAX = 30
"""Up to so many the bound is quick, and often proves the plan optimal before the time is used."""


STEPS = {"plain": 100, "rich": 100}
"""Iterations of an engine for one of a budget: those of our kernels are so much smaller than a local search's."""


class Stage(NamedTuple):
    """
    One step of a solve.

    ``what`` is an engine's name, ``PARTITION`` or ``BOUND``; ``part`` its share of the time or iterations, against
    those of the other steps.
    """

    what: str
    part: float


def recipe(engines: Sequence[Engine], orders: int, seconds: float | None) -> tuple[Stage, ...]:
    """
    The steps of a solve.

    Parameters
    ----------
    engines
        As chosen for the problem: the first is the main search, the last the finisher where there are several.
    orders
        How many can be served.
    seconds
        The budget, None for one in iterations.
    """
    main, last = engines[0].name, engines[-1].name
    if orders <= TINY_ORDERS_MAX:
        return (Stage(main, 0.3), Stage(BOUND, 0.3), Stage(main, 0.3), Stage(PARTITION, 0.1))
    if orders > FINISHED_ORDERS_MAX or len(engines) == 1:
        return (Stage(main, 0.95), Stage(PARTITION, 0.05), *_bound(orders, seconds))
    return (
        Stage(main, 0.5),
        Stage(last, 0.2),
        Stage(PARTITION, 0.1),
        Stage(main, 0.15),
        Stage(PARTITION, 0.05),
        *_bound(orders, seconds),
    )


def _bound(orders: int, seconds: float | None) -> tuple[Stage, ...]:
    """The bound at the end: a fifth of the time where there is much of it, else what little it takes."""
    return (Stage(BOUND, 0.25 if seconds is None or seconds >= 20 else 0.1),) if orders else ()
