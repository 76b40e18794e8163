"""
How the search's tables and state lie in memory.

Everything is a flat array: a field of a record is ``array[(index << shift) + field]``, which compiles to one load.
Nodes are the orders ``0 .. n - 1`` and, for route slot ``r``, its begin ``n + 2 r`` and its end ``n + 2 r + 1``. A
node's *row* is its row in the matrices: an order's own number, or ``n +`` the number of a depot.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

NODE_SHIFT = 3
NEXT, NEXT_ROW, ARC, SLOT, LEAVE, LATE, PREV, PREV_ROW = range(8)
BASE_SHIFT = 3
LEG, OPEN, CLOSE, ROW, SERVE = range(5)
SPAN_SHIFT = 3
HEAD_D, HEAD_E, HEAD_L, TAIL_D, TAIL_E, TAIL_L = range(6)
SLOT_SHIFT = 2
TYPE, SIZE, STAMP, DIRTY = range(4)
TYPE_SHIFT = 3
FIXED, CLASS, START_ROW, END_ROW, SHIFT_OPEN, SHIFT_CLOSE, LONGEST = range(7)
LOG_SHIFT = 4
LOG_NODE, LOG_LEG = 8, 9

N, WIDTH, SLOTS, TYPES, DIMENSIONS, NEAR, LIST, KEYS, MODE, RETYPE, SPANS, REMOVED, EASY = range(13)
"""Positions in ``Tables.size``."""
FREE_OF_TIME, TIMED, GENERAL = range(3)
"""Values of ``size[MODE]``: which insertion test the problem needs."""

COST, BEST, SERVED, LOST, BEST_LOST, USED, ROUND, TOUCHED, LOGGED, BROKEN, WORK, DIRTIES, IMPROVED, ACCEPTED, FOCUS = (
    range(15)
)
"""Positions in ``State.number``."""

NEVER = 1 << 29
"""A second that never comes; also the travel time where there is no way. Twice that fits into 32 bits."""
INFINITE = 1 << 50
"""Dearer than any plan."""

Int32 = NDArray[np.int32]
Int64 = NDArray[np.int64]
UInt32 = NDArray[np.uint32]
as_int: Callable[[Any], int] = np.int64  # type: ignore[assignment]
"""A whole number of 64 bits: Python's ``int`` of an unsigned one would stay unsigned when compiled."""
unsigned: Callable[[Any], Any] = np.uint64
"""An index that is known not to be negative: compiled code then need not ask."""
F = TypeVar("F", bound=Callable[..., Any])


class Tables(NamedTuple):
    """
    What does not change during a search; costs in the search's own unit (see ``prepare``), times in seconds.

    Attributes
    ----------
    size
        Numbers by the positions above.
    cost_out, cost_in, time_out, time_in
        Flat ``(classes, width, width)``; row c of ``_out`` is from c, row c of ``_in`` to c. Equal tables are
        one, which the processor's caches reward.
    before, after
        Flat ``(n, list, 2)``: good predecessors and successors of each order, nearest first, each with the price of
        the arc in the first class.
    listed
        Flat ``(2, n)``: how many entries the lists of an order have.
    near
        Flat ``(n, near)``: orders by nearness, the order itself first.
    window
        Flat ``(n, 2)``: when service may begin.
    load, capacity
        Flat ``(n, dimensions)`` and ``(types, dimensions)``.
    outside
        By order: price of leaving it out; a high penalty for a mandatory one.
    mandatory
        By order: 1 where it must be served.
    keys
        Flat ``(keys, n)``: what removed orders are sorted by.
    types
        Records of vehicle types.
    hour
        By type: price of a second under way, where waiting matters; and from which duration on how much more.
    allowed, extra
        Flat ``(types, n)``: whether the type may serve the order, and what it costs on top.
    alone
        Flat ``(types, n)``: price of the order on a vehicle of its own, ``INFINITE`` where infeasible.
    own
        Flat ``(n, types)``: types by that price.
    """

    size: Int64
    cost_out: Int32
    cost_in: Int32
    time_out: Int32
    time_in: Int32
    before: Int32
    after: Int32
    listed: Int32
    near: UInt32
    window: Int32
    load: Int64
    capacity: Int64
    outside: Int64
    mandatory: NDArray[np.uint8]
    keys: Int32
    types: Int64
    hour: NDArray[np.float64]
    allowed: NDArray[np.uint8]
    extra: Int64
    alone: Int64
    own: Int32


class State(NamedTuple):
    """
    The current solution, the best one, and room to work.

    Attributes
    ----------
    node, base, span
        Records of nodes; ``span`` holds durations from the begin to a node and from it to the end.
    slot, room
        Records of route slots; what still fits, flat ``(slots + 1, dimensions)``. The last one means "not served".
    order, where
        Slots, the used ones first, and the position of each there.
    idle
        By type: vehicles not used.
    best_next, best_type
        The best solution: successor of each node, type of each slot (-1 unused).
    touched, logged, kept
        Slots changed in this round, where the log of each ends, and what they were.
    log
        Records of nodes as they were.
    work, rank
        Orders to insert, and the keys to sort them by.
    dirty
        Slots that differ from the best solution.
    mark
        By order: the last round in which it was listed in ``work``.
    number
        Numbers by the positions above.
    random
        State of the generator.
    """

    node: Int32
    base: Int32
    span: Int32
    slot: Int32
    room: Int64
    order: Int32
    where: Int32
    idle: Int64
    best_next: Int32
    best_type: Int32
    touched: Int32
    logged: Int32
    kept: Int64
    log: Int32
    work: Int32
    rank: Int64
    dirty: Int32
    mark: Int64
    number: Int64
    random: NDArray[np.uint64]


def jit(function: F) -> F:
    """Compile without reference counts (they cost more than the work) and without the interpreter's lock; cached."""
    compiled: F = numba.njit(cache=True, nogil=True, _nrt=False, error_model="numpy")(function)
    return compiled


def inline(function: F) -> F:
    """As ``jit``, always within its caller: passing tables and state costs more than a small function's work."""
    compiled: F = numba.njit(cache=True, nogil=True, _nrt=False, error_model="numpy", forceinline=True)(function)
    return compiled


@inline
def draw(random: NDArray[np.uint64]) -> float:
    """A random number in [0, 1): xorshift64 (Marsaglia 2003)."""
    x = random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    random[0] = x
    return np.float64(x >> np.uint64(11)) * (1.0 / 9007199254740992.0)
