"""A compiled problem as the plain search needs it: arrays by order and by vehicle type."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.compiled import Compiled

Int64 = NDArray[np.int64]
OPEN_END = -1


class Question(NamedTuple):
    """
    One-sided orders with one window each, and the vehicle types.

    Attributes
    ----------
    distance_m, duration_s
        A pair of matrices by vehicle type, shape (places, places), -1 where there is no way; shared where equal.
    place, service_s, window_s, load, outside_milli
        By order: place, seconds, ``(n, 2)``, ``(n, dimensions)``, price of leaving it out (-1 mandatory).
    start, end
        By type: places; ``OPEN_END`` for an open end.
    capacity, vehicles, shift_s, longest_s
        By type: ``(types, dimensions)``, vehicles, ``(types, 2)``, seconds.
    fixed_milli, km_milli, hour_milli, stop_milli
        By type.
    allowed, extra_milli
        ``(types, n)``: whether a type may serve an order, and what that costs on top; ``extra_milli`` None for nothing.
    """

    distance_m: Sequence[Int64]
    duration_s: Sequence[Int64]
    place: Int64
    service_s: Int64
    window_s: Int64
    load: Int64
    outside_milli: Int64
    start: Int64
    end: Int64
    capacity: Int64
    vehicles: Int64
    shift_s: Int64
    longest_s: Int64
    fixed_milli: Int64
    km_milli: Int64
    hour_milli: Int64
    stop_milli: Int64
    allowed: NDArray[np.bool_]
    extra_milli: Int64 | None


def question_of(compiled: Compiled, orders: Sequence[int]) -> Question:
    """The question of planning some orders of a problem that ``PlainEngine.supports``."""
    visits = [2 * order if compiled.place_of[2 * order] >= 0 else 2 * order + 1 for order in orders]
    types = compiled.vehicle_types
    reach = min(v.shift.open_s for v in types), max(v.shift.close_s for v in types)
    windows = [
        [w for w in compiled.windows_of[visit] if w.close_s >= reach[0] and w.open_s <= reach[1]] for visit in visits
    ]
    outside = [compiled.outside_milli[order] for order in orders]
    bound = [
        bool(compiled.prefix[k]) or compiled.closed[k] or compiled.left_s[k] is not None for k in range(len(types))
    ]
    dimensions = len(compiled.dimensions)
    prices = np.array(
        [(v.fixed_milli + v.trip_milli, v.km_milli, v.hour_milli, v.stop_milli) for v in types], dtype=np.int64
    ).reshape(len(types), 4)
    change = compiled.change_milli[:, list(orders)]
    return Question(
        distance_m=compiled.distance_m,
        duration_s=compiled.duration_s,
        place=_array([compiled.place_of[visit] for visit in visits]),
        service_s=_array([compiled.service_of[visit] for visit in visits]),
        window_s=_array([(w[0].open_s, w[-1].close_s) if w else (1, 0) for w in windows]).reshape(-1, 2),
        load=_array([compiled.loads[order] for order in orders]).reshape(len(orders), dimensions),
        outside_milli=_array([-1 if price is None else price for price in outside]),
        start=_array(compiled.start_of),
        end=_array([OPEN_END if end is None else end for end in compiled.end_of]),
        capacity=_array(compiled.capacities).reshape(len(types), dimensions),
        vehicles=_array(
            [0 if no else len(orders) if v.count is None else v.count for v, no in zip(types, bound, strict=True)]
        ),
        shift_s=_array([(v.shift.open_s, v.shift.close_s) for v in types]).reshape(-1, 2),
        longest_s=_array([2**53 if v.duration_max_s is None else v.duration_max_s for v in types]),
        fixed_milli=prices[:, 0],
        km_milli=prices[:, 1],
        hour_milli=prices[:, 2],
        stop_milli=prices[:, 3],
        allowed=compiled.compatible[:, list(orders)],
        extra_milli=change if change.any() else None,
    )


def _array(values: Sequence[object]) -> Int64:
    return np.array(values, dtype=np.int64)
