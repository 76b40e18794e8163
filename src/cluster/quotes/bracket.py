"""
From figures to a bracket of prices: pure, and coarse on purpose.

Rivals could ask for prices at many places and read from them where others deliver. So a pool's figure is taken at the
middle of a cell of about a kilometre, becomes a share of the cost alone in steps of a tenth, is moved by up to half a
step by a sum that only the platform can compute, and is told as a bracket two steps wide.
"""

import math
from collections.abc import Sequence

from cluster.quotes.models import Basis, Bracket

CELL_E6 = 10_000
"""Width of a cell in millionths of a degree: 1.1 km from south to north."""
STEP = 0.1
LEAST = 0.3
"""No pool is told to save more than this leaves, or its emptiness and fullness could be read."""
FIGURES = 2
"""Significant digits of what is told."""


def cell(lat: float, lon: float) -> tuple[float, float]:
    """The middle of the cell that a point lies in."""
    return tuple((math.floor(value * 1e6 / CELL_E6) + 0.5) * CELL_E6 / 1e6 for value in (lat, lon))  # type: ignore[return-value]


def stepped(part: float, nudge: float) -> float:
    """
    A share of the cost alone as it may be told: within its limits, moved by ``nudge`` steps, rounded to a step.

    Parameters
    ----------
    part
        Of the cost alone; 1 where the pool saves nothing.
    nudge
        From -0.5 to 0.5.
    """
    held = min(max(part, LEAST), 1.0)
    return min(max(round(held / STEP + nudge) * STEP, LEAST), 1.0)


def rounded(amount: float) -> int:
    """An amount with two significant digits."""
    whole = round(amount)
    if whole < 10**FIGURES:
        return max(whole, 0)
    unit: int = 10 ** (len(str(whole)) - FIGURES)
    return round(whole / unit) * unit


def bracket(
    alone_minor: int | None, pool_part: float | None, history: Sequence[float], outside_minor: int | None
) -> Bracket:
    """
    The bracket of a price.

    Parameters
    ----------
    alone_minor
        What the shipment adds to its member's own day; None where no vehicle can carry it.
    pool_part
        What the pool makes of that, as ``stepped`` tells it; None where the pool may not speak.
    history
        What the member paid of its stand-alone costs on past days, from 0 to 1 each.
    outside_minor
        The outside option, if there is one: nobody needs to pay more.

    Returns
    -------
    Bracket
        Without ends where there is no cost alone, or nothing to go by.
    """
    if alone_minor is None:
        return Bracket(low_minor=None, high_minor=None, basis=())
    ends: list[tuple[float, float]] = []
    basis = [Basis.ALONE]
    if pool_part is not None:
        ends.append((max(pool_part - STEP, 0.0), min(pool_part + STEP, 1.0)))
        basis.append(Basis.POOL)
    if history:
        ends.append(_middle_half(history))
        basis.append(Basis.HISTORY)
    if not ends:
        return Bracket(low_minor=None, high_minor=None, basis=tuple(basis))
    low = rounded(alone_minor * sum(end[0] for end in ends) / len(ends))
    high = rounded(alone_minor * sum(end[1] for end in ends) / len(ends))
    if outside_minor is not None and outside_minor < high:
        high = outside_minor
        basis.append(Basis.OUTSIDE)
    return Bracket(low_minor=min(low, high), high_minor=high, basis=tuple(basis))


def _middle_half(parts: Sequence[float]) -> tuple[float, float]:
    """Where the middle half of past days lies; the whole range of fewer than four."""
    ordered = sorted(min(max(part, 0.0), 1.0) for part in parts)
    if len(ordered) < 4:
        return ordered[0], ordered[-1]
    cut = len(ordered) // 4
    return ordered[cut], ordered[-1 - cut]
