"""What the compiled search works on: the question's arrays, and who stands where with what is free around it."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.space.jit import jit
from solver.space.model import Floats, Ints, Model

NONE = -1


class Question(NamedTuple):
    """
    Arrays of a ``Model``, and what guides the search.

    ``gain`` holds a mandatory booking's extra. ``priced``: sums of shadow prices from day 0 on, shape
    ``(offers, dimensions, days + 1)``. ``rank``: what a booking gains for each milli of priced space, at best.
    """

    need: Ints
    days: Ints
    first: Ints
    ways: Ints
    gain: Ints
    priced: Floats
    rank: Floats


class State(NamedTuple):
    """
    An allocation that is being changed.

    ``way`` and ``start`` of each booking (``NONE``: rejected). Those in an offer are a linked list from ``head`` over
    ``after`` and ``before``; the rejected ones are ``loose[: rejected[0]]``, each at ``place``. ``free`` as in
    ``Model``. ``random`` is the generator's state, ``total`` the sum of gains.
    """

    free: Ints
    way: Ints
    start: Ints
    head: Ints
    after: Ints
    before: Ints
    loose: Ints
    place: Ints
    rejected: Ints
    total: Ints
    random: NDArray[np.uint64]


def empty_state(model: Model, seed: int) -> State:
    """Nobody accepted but fixed stays; bookings without any way are not among the rejected that are tried again."""
    bookings = len(model.days)
    able = np.flatnonzero(np.diff(model.first) > 0)
    loose = np.full(bookings, NONE, dtype=np.int64)
    place = np.full(bookings, NONE, dtype=np.int64)
    loose[: len(able)] = able
    place[able] = np.arange(len(able))
    none = np.full(bookings, NONE, dtype=np.int64)
    return State(
        free=model.free.copy(),
        way=none.copy(),
        start=none.copy(),
        head=np.full(len(model.free), NONE, dtype=np.int64),
        after=none.copy(),
        before=none.copy(),
        loose=loose,
        place=place,
        rejected=np.array([len(able)], dtype=np.int64),
        total=np.zeros(1, dtype=np.int64),
        random=np.array([2 * seed + 0x9E3779B97F4A7C15], dtype=np.uint64),
    )


@jit
def uniform(random: NDArray[np.uint64]) -> float:
    """A number in [0, 1): xorshift64* (Vigna 2016)."""
    bits = random[0]
    bits ^= bits >> np.uint64(12)
    bits ^= bits << np.uint64(25)
    bits ^= bits >> np.uint64(27)
    random[0] = bits
    return float((bits * np.uint64(0x2545F4914F6CDD1D)) >> np.uint64(11)) / 9007199254740992.0


@jit
def put(question: Question, state: State, booking: int, way: int, start: int) -> None:
    """Accept a booking."""
    offer = question.ways[way, 0]
    for row in range(question.need.shape[1]):
        need = question.need[booking, row]
        if need:
            for day in range(start, start + question.days[booking]):
                state.free[offer, row, day] -= need
    state.way[booking], state.start[booking] = way, start
    state.total[0] += question.gain[way]
    follower = state.head[offer]
    state.after[booking], state.before[booking] = follower, NONE
    if follower != NONE:
        state.before[follower] = booking
    state.head[offer] = booking
    last = state.rejected[0] - 1
    moved, gap = state.loose[last], state.place[booking]
    state.loose[gap], state.place[moved] = moved, gap
    state.place[booking] = NONE
    state.rejected[0] = last


@jit
def take(question: Question, state: State, booking: int) -> None:
    """Reject a booking that is accepted."""
    way, start = state.way[booking], state.start[booking]
    offer = question.ways[way, 0]
    for row in range(question.need.shape[1]):
        need = question.need[booking, row]
        if need:
            for day in range(start, start + question.days[booking]):
                state.free[offer, row, day] += need
    state.way[booking] = NONE
    state.total[0] -= question.gain[way]
    follower, leader = state.after[booking], state.before[booking]
    if follower != NONE:
        state.before[follower] = leader
    if leader != NONE:
        state.after[leader] = follower
    else:
        state.head[offer] = follower
    gap = state.rejected[0]
    state.loose[gap], state.place[booking] = booking, gap
    state.rejected[0] = gap + 1


@jit
def next_start(question: Question, free: Ints, booking: int, offer: int, start: int) -> int:
    """``start`` if the booking has room from then on; else the first day after the last one that is too full."""
    for day in range(start + question.days[booking] - 1, start - 1, -1):
        for row in range(question.need.shape[1]):
            if free[offer, row, day] < question.need[booking, row]:
                return day + 1
    return start


@jit
def price_of(question: Question, booking: int, offer: int, start: int) -> float:
    """What a stay's space costs at the shadow prices."""
    total = 0.0
    end = start + question.days[booking]
    for row in range(question.need.shape[1]):
        need = question.need[booking, row]
        if need:
            total += need * (question.priced[offer, row, end] - question.priced[offer, row, start])
    return total


@jit
def best_stay(question: Question, free: Ints, booking: int, only: int, since: int, until: int) -> tuple[int, int]:
    """
    The way and start, among those with room, that gain most after paying for the space; ``NONE`` where none is.

    With ``only`` an offer (``NONE``: any), only stays in it that meet the days from ``since`` to before ``until``.
    """
    best, chosen, when = -np.inf, NONE, 0
    for way in range(question.first[booking], question.first[booking + 1]):
        offer, start, high = question.ways[way]
        if only != NONE:
            if offer != only:
                continue
            start, high = max(start, since - question.days[booking] + 1), min(high, until - 1)
        while start <= high:
            possible = next_start(question, free, booking, offer, start)
            if possible > start:
                start = possible
                continue
            worth = question.gain[way] - price_of(question, booking, offer, start)
            if worth > best:
                best, chosen, when = worth, way, start
            start += 1
    return chosen, when
