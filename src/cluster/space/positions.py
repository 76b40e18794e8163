"""
Which positions each stay has: worked out from the stays, not kept.

Stays get the lowest free positions in the order in which they begin. As on no day more is taken than there is, there is
always room (intervals can be coloured with as many colours as overlap at most). A later booking, extension or release
changes nothing for stays that have begun: they come first, and nothing that ends in the past is changed. Goods that
stand somewhere stay there.
"""

import heapq
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

Range = tuple[int, int]


class Held(NamedTuple):
    """A stay: ``units`` positions from the first to the last day."""

    first_on: date
    booking_id: UUID
    last_on: date
    units: int


def positions(stays: Iterable[Held], units: int) -> dict[UUID, list[Range]]:
    """
    Ranges of positions by booking; positions are numbered from 1.

    Parameters
    ----------
    stays
        All that began on or before any day of interest.
    units
        How many positions there are.

    Raises
    ------
    ValueError
        When more is taken than there is.
    """
    free: list[Range] = [(1, units)]
    leaving: list[tuple[date, UUID]] = []
    found: dict[UUID, list[Range]] = {}
    for stay in sorted(stays):
        while leaving and leaving[0][0] < stay.first_on:
            free = _joined(free + found[heapq.heappop(leaving)[1]])
        found[stay.booking_id], free = _taken(free, stay.units)
        heapq.heappush(leaving, (stay.last_on, stay.booking_id))
    return found


def _taken(free: list[Range], units: int) -> tuple[list[Range], list[Range]]:
    """The lowest positions that are free, and what is left."""
    found: list[Range] = []
    for at, (low, high) in enumerate(free):
        last = min(high, low + units - 1)
        found.append((low, last))
        units -= last - low + 1
        if not units:
            rest = [(last + 1, high)] if last < high else []
            return found, rest + free[at + 1 :]
    raise ValueError("more is taken than there is")


def _joined(ranges: list[Range]) -> list[Range]:
    found: list[Range] = []
    for low, high in sorted(ranges):
        if found and found[-1][1] + 1 == low:
            found[-1] = found[-1][0], high
        else:
            found.append((low, high))
    return found
