"""
Pieces of routes as (duration, earliest, latest), concatenated after Vidal, Crainic, Gendreau, Prins 2013.

A piece lasts at least ``duration`` and does so when begun anywhere in [``earliest``, ``latest``]; begun earlier it
waits, begun later it is late. ``latest < earliest`` marks a piece that is impossible.
"""

from solver.routing.rich.layout import NEVER
from solver.routing.rich.memory import State, jit


@jit
def serve(duration: int, earliest: int, latest: int, opens: int, closes: int, service: int) -> tuple[int, int, int]:
    """A piece (its last leg driven) followed by a service that begins in ``[opens, closes]``."""
    wait = opens - duration - latest
    if wait > 0:
        return duration + wait + service, latest, min(closes - duration - wait, latest)
    return duration + service, max(opens - duration, earliest), min(closes - duration, latest)


@jit
def join(duration: int, earliest: int, latest: int, then_d: int, then_e: int, then_l: int) -> tuple[int, int, int]:
    """A piece (its last leg driven) followed by another."""
    wait = then_e - duration - latest
    if wait > 0:
        return duration + wait + then_d, latest, min(then_l - duration - wait, latest)
    return duration + then_d, max(then_e - duration, earliest), min(then_l - duration, latest)


@jit
def drive(
    s: State, first: int, pauses: int, duration: int, earliest: int, latest: int, seconds: int
) -> tuple[int, int, int]:
    """
    A piece followed by a leg with the breaks of a bit set taken on it.

    ``first`` is the row of the vehicle type's first break. The first break stretches the way or is taken on arrival;
    further ones are taken on arrival, one after another.
    """
    if pauses == 0:
        return duration + seconds, earliest, latest
    row, left, way = first, pauses, seconds
    while left:
        if left & 1:
            duration, earliest, latest = serve(duration, earliest, latest, -NEVER, s.pause[row, 1], 0)
            if latest < earliest:
                return duration, earliest, latest
            duration += way
            way = 0
            duration, earliest, latest = serve(duration, earliest, latest, s.pause[row, 0], NEVER, s.pause[row, 2])
        left >>= 1
        row += 1
    return duration, earliest, latest
