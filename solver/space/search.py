"""
Ruin and recreate on an allocation, guided by shadow prices, under simulated annealing.

A step takes some stays out that are near one another in place and time, and puts rejected bookings back into the space
that came free, in a varied order, each where its space is cheapest at the shadow prices (G. Schrimpf et al., Record
breaking optimization results using the ruin and recreate principle, Journal of Computational Physics 159, 2000).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.space.jit import jit
from solver.space.model import Floats, Ints
from solver.space.state import NONE, Question, State, best_stay, next_start, price_of, put, take, uniform

REMOVED_MAX = 40
"""At most so many stays are taken out in one step."""
EXTRA = 16
"""Fewer than so many stays are taken out beyond those that stand in the way."""
MOVED = 0.1
"""How often a step begins with any booking, accepted ones too, not with a rejected one."""
SKIPPED = 0.02
"""How often a booking is passed over when it could be put back, so that others get a chance."""


class Scratch(NamedTuple):
    """
    Room for one step: what was taken out (booking, way, start), what was put in, and candidates with their keys.

    ``window``: the offer where stays were taken out, and the days from and to before which. ``moved`` marks what was
    taken out. ``able``: bookings that have a way.
    """

    out: Ints
    added: Ints
    candidates: Ints
    keys: Floats
    window: Ints
    moved: NDArray[np.bool_]
    able: Ints


def scratch(first: Ints) -> Scratch:
    """Room for the steps of a search; ``first`` as in ``Model``."""
    bookings = len(first) - 1
    return Scratch(
        out=np.zeros((REMOVED_MAX, 3), dtype=np.int64),
        added=np.zeros(bookings + REMOVED_MAX, dtype=np.int64),
        candidates=np.zeros(bookings, dtype=np.int64),
        keys=np.zeros(bookings),
        window=np.zeros(3, dtype=np.int64),
        moved=np.zeros(bookings, dtype=np.bool_),
        able=np.flatnonzero(np.diff(first) > 0),
    )


@jit
def fill(question: Question, state: State, order: Ints) -> None:
    """Accept bookings in an order, each in its best stay, as long as there is room."""
    for booking in order:
        if state.place[booking] != NONE:
            way, start = best_stay(question, state.free, booking, NONE, 0, 0)
            if way != NONE:
                put(question, state, booking, way, start)


@jit
def steps(
    question: Question,
    state: State,
    room: Scratch,
    best: tuple[Ints, Ints, Ints],
    warmth: float,
    rounds: int,
) -> None:
    """
    Steps of the search at one temperature, milli.

    ``best`` holds ways, starts and total of the best allocation so far, and is updated.
    """
    for _ in range(rounds):
        before = state.total[0]
        removed = _ruin(question, state, room)
        added = _recreate(question, state, room, removed)
        change = float(state.total[0] - before)
        if change < 0 and change <= warmth * np.log(uniform(state.random) + 1e-300):
            _undo(question, state, room, removed, added)
        elif state.total[0] > best[2][0]:
            best[0][:] = state.way
            best[1][:] = state.start
            best[2][0] = state.total[0]


@jit
def _ruin(question: Question, state: State, room: Scratch) -> int:
    """Take stays out around one that a booking would like; how many. A rejected booking mostly, others to move them."""
    removed, rejected = 0, state.rejected[0]
    if rejected == 0 or uniform(state.random) < MOVED:
        booking = room.able[int(uniform(state.random) * len(room.able))]
    else:
        booking = state.loose[int(uniform(state.random) * rejected)]
    if state.way[booking] != NONE:
        room.out[0] = booking, state.way[booking], state.start[booking]
        take(question, state, booking)
        removed = 1
    first, end = question.first[booking], question.first[booking + 1]
    way = first + int(uniform(state.random) * (end - first))
    offer, low, high = question.ways[way]
    start = low + int(uniform(state.random) * (high - low + 1))
    room.window[0], room.window[1], room.window[2] = offer, start, start + question.days[booking]
    removed = _make_room(question, state, room, booking, removed)
    room.added[0] = NONE
    if next_start(question, state.free, booking, offer, start) == start:
        put(question, state, booking, way, start)
        room.added[0] = booking
    return removed


@jit
def _make_room(question: Question, state: State, room: Scratch, booking: int, removed: int) -> int:
    """Take out those who stand in a booking's way until there is room for it, and a few more at times; how many."""
    offer, start, end = room.window
    count = 0
    other = state.head[offer]
    while other != NONE:
        since = state.start[other]
        if since < end and since + question.days[other] > start:
            room.candidates[count] = other
            room.keys[count] = question.rank[other] * (0.3 + uniform(state.random))
            count += 1
        other = state.after[other]
    order = np.argsort(room.keys[:count])
    extra = int(uniform(state.random) ** 2 * EXTRA)
    for at in order:
        if removed == REMOVED_MAX:
            break
        other = room.candidates[at]
        since, until = state.start[other], state.start[other] + question.days[other]
        if not _full(question, state.free, booking, offer, max(since, start), min(until, end)):
            if extra == 0:
                continue
            extra -= 1
        room.out[removed] = other, state.way[other], since
        room.window[1], room.window[2] = min(room.window[1], since), max(room.window[2], until)
        take(question, state, other)
        removed += 1
    return removed


@jit
def _full(question: Question, free: Ints, booking: int, offer: int, since: int, until: int) -> bool:
    """Whether on some day from ``since`` to before ``until`` there is less room than a booking needs."""
    for day in range(since, until):
        for row in range(question.need.shape[1]):
            if free[offer, row, day] < question.need[booking, row]:
                return True
    return False


@jit
def _recreate(question: Question, state: State, room: Scratch, removed: int) -> int:
    """Put rejected bookings into what came free; how many entries of ``added`` are filled."""
    for at in range(removed):
        room.moved[room.out[at, 0]] = True
    added = 1
    for at in np.argsort(room.keys[: _candidates(question, state, room)]):
        booking = room.candidates[at]
        way, start = _stay(question, state, room, booking)
        if way != NONE:
            put(question, state, booking, way, start)
            room.added[added] = booking
            added += 1
    for at in range(removed):
        room.moved[room.out[at, 0]] = False
    return added


@jit
def _candidates(question: Question, state: State, room: Scratch) -> int:
    """Rejected bookings for which there is room now, with keys to sort by; how many."""
    count = 0
    wild = 0.05 + 0.6 * uniform(state.random)
    for at in range(state.rejected[0]):
        booking = state.loose[at]
        if uniform(state.random) >= SKIPPED and _stay(question, state, room, booking)[0] != NONE:
            room.candidates[count] = booking
            room.keys[count] = -question.rank[booking] * (1.0 + wild * (2.0 * uniform(state.random) - 1.0))
            count += 1
    return count


@jit
def _stay(question: Question, state: State, room: Scratch, booking: int) -> tuple[int, int]:
    """Where to put a booking: one that was taken out anywhere, others into what came free alone."""
    only = NONE if room.moved[booking] else room.window[0]
    return best_stay(question, state.free, booking, only, room.window[1], room.window[2])


@jit
def _undo(question: Question, state: State, room: Scratch, removed: int, added: int) -> None:
    """Back to where the step began."""
    for at in range(added):
        booking = room.added[at]
        if booking != NONE:
            take(question, state, booking)
    for at in range(removed):
        booking, way, start = room.out[at]
        put(question, state, booking, way, start)


@jit
def ranks(question: Question, rank: Floats) -> None:
    """For each booking, the most that it gains for each milli of priced space, and a milli for nothing."""
    for booking in range(len(question.days)):
        rank[booking] = 0.0
        for way in range(question.first[booking], question.first[booking + 1]):
            offer, low, high = question.ways[way]
            for start in range(low, high + 1):
                ratio = question.gain[way] / (1.0 + price_of(question, booking, offer, start))
                rank[booking] = max(rank[booking], ratio)
