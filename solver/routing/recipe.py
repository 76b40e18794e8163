"""
Which searches a solve runs one after another, and what part of its time each gets.

The parts were found by measurement (docs/benchmarks.md); an engine is used where it models the problem and pays.
"""

from collections.abc import Sequence
from typing import NamedTuple

from solver.routing.engine import PLAIN, RICH, Engine

PARTITION, BOUND, REGIONS = "partition", "bound", "regions"

FINISHED_ORDERS_MAX = 250
"""Up to so many orders several searches from nothing, mixed by a partition, find more than one of the same time."""
PROVEN_ORDERS_MAX, PATIENT_S = 150, 20.0
"""Up to so many orders, and from so many seconds on, a good part of the time is worth a proof."""
BOUNDED_ORDERS_MAX = 400
"""Up to so many the cheap bounds need a second or two."""
TINY_ORDERS_MAX = 30
"""Up to so many the bound is quick, and often proves the plan optimal before the time is used."""
REGIONAL_ORDERS_MIN, SHARED_ORDERS_MIN = 3_000, 800
"""From so many orders on the day is searched by regions; with several cores from the second number on, after a search
of the whole."""

STEPS = {PLAIN.name: 100, RICH.name: 40}
"""Iterations of an engine for one of a budget: those of our kernels are so much smaller than a local search's."""


class Stage(NamedTuple):
    """
    One step of a solve.

    ``what`` is an engine's name, ``PARTITION``, ``BOUND`` or ``REGIONS``; ``part`` its share of the time or iterations,
    against those of the other steps. A ``fresh`` search does not begin from the best plan: a partition mixes what
    differs.
    """

    what: str
    part: float
    fresh: bool = False


def recipe(
    engines: Sequence[Engine], orders: int, seconds: float | None, cores: int = 1, *, holds: bool = False
) -> tuple[Stage, ...]:
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
    cores
        How many searches run side by side; with a budget in iterations 1, so that the plan does not depend on it.
    holds
        Whether goods must stand in holds.
    """
    main, last = engines[0].name, engines[-1].name
    bound = Stage(BOUND, _bound_part(orders, seconds))
    if orders <= (FINISHED_ORDERS_MAX if holds else TINY_ORDERS_MAX):
        return _few(main, bound, holds=holds)
    if orders >= REGIONAL_ORDERS_MIN:
        return (bound, Stage(REGIONS, 0.95))
    if orders >= SHARED_ORDERS_MIN and cores > 1:
        return (Stage(main, 0.55), bound, Stage(REGIONS, 0.4))
    if orders > FINISHED_ORDERS_MAX:
        return (bound, Stage(main, 0.95), Stage(PARTITION, 0.05))
    if main != PLAIN.name:
        # The first begins from a plan where one is given: a day that lives on has its optimum near it.
        other = Stage(main, 0.25, fresh=True)
        first = Stage(main, 0.25)
        return (first, other, other, Stage(PARTITION, 0.05), bound, Stage(main, 0.15), Stage(PARTITION, 0.05))
    return (
        Stage(main, 0.37),
        Stage(main, 0.37, fresh=True),
        Stage(PARTITION, 0.05),
        Stage(last, 0.1),
        bound,
        Stage(main, 0.1),
        Stage(PARTITION, 0.05),
    )


def _few(main: str, bound: Stage, *, holds: bool) -> tuple[Stage, ...]:
    """For few orders; with holds for more: tests of loads take most of the time, and each search asks for much anew."""
    if not holds:
        return (Stage(main, 0.3), bound, Stage(main, 0.3), Stage(PARTITION, 0.1))
    mix = Stage(PARTITION, 0.05)
    return (Stage(main, 0.4), Stage(main, 0.2, fresh=True), mix, bound, Stage(main, 0.25), mix)


def _bound_part(orders: int, seconds: float | None) -> float:
    """Much where column generation is strong and there is time; time that a bound does not use goes to what follows."""
    if orders <= TINY_ORDERS_MAX:
        return 0.3
    if orders <= PROVEN_ORDERS_MAX:
        return 0.3 if seconds is None or seconds >= PATIENT_S else 0.1
    return 0.15 if orders <= BOUNDED_ORDERS_MAX else 0.05
