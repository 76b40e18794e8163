"""How many vehicles to offer an engine: idle ones slow it down, too few tie its hands."""

from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.problem import Problem, Visit
from solver.travel import matrices

SPARE_PART, SPARE = 0.15, 3
FEW = 30
"""Up to so many orders counting tours would take longer than solving: one vehicle an order."""
HORIZON_S = 10**9
Ints = NDArray[np.int64]


class Tables(NamedTuple):
    """Metres and seconds by vehicle type, -1 where there is no way."""

    distance_m: list[Ints]
    duration_s: list[Ints]


def tables(problem: Problem) -> Tables:
    """Matrices of each vehicle type's profile."""
    by_profile = {}
    for profile in problem.profiles:
        distance_m, duration_s = matrices(profile, problem.places)
        by_profile[profile.id] = distance_m.astype(np.int64), duration_s.astype(np.int64)
    pairs = [by_profile[vehicle.profile] for vehicle in problem.vehicle_types]
    return Tables([pair[0] for pair in pairs], [pair[1] for pair in pairs])


def offered(problem: Problem, travel: Tables) -> list[int]:
    """
    Vehicles of each type for an engine that wants a number.

    As many as nearest-neighbour tours of that type alone would take, and some to spare, but no more than there are.
    """
    counts = []
    for type_, vehicle in enumerate(problem.vehicle_types):
        if len(problem.orders) <= FEW:
            wanted = len(problem.orders)
        else:
            wanted = ceil(nearest_tours(problem, type_, travel.duration_s[type_]) * (1 + SPARE_PART)) + SPARE
        counts.append(wanted if vehicle.count is None else min(vehicle.count, wanted))
    return counts


class _Stops(NamedTuple):
    """One side of all orders: places, first and last begin of service, seconds of service."""

    place: Ints
    open_s: Ints
    close_s: Ints
    service_s: Ints


def _stops(problem: Problem, visits: list[Visit]) -> _Stops:
    row = {place.id: index for index, place in enumerate(problem.places)}
    return _Stops(
        np.array([row[visit.place] for visit in visits]),
        np.array([visit.windows[0].open_s if visit.windows else 0 for visit in visits]),
        np.array([visit.windows[-1].close_s if visit.windows else HORIZON_S for visit in visits]),
        np.array([visit.service_s for visit in visits]),
    )


def nearest_tours(problem: Problem, type_: int, duration_s: Ints) -> int:
    """Tours when each goes on to what can be begun first; transports are delivered right after their pickup."""
    vehicle = problem.vehicle_types[type_]
    row = {place.id: index for index, place in enumerate(problem.places)}
    start, end = row[vehicle.start], row[vehicle.end or vehicle.start]
    firsts = [visit for order in problem.orders if (visit := order.pickup or order.delivery)]
    lasts = [visit for order in problem.orders if (visit := order.delivery or order.pickup)]
    first, last = _stops(problem, firsts), _stops(problem, lasts)
    pairs = np.array([order.pickup is not None and order.delivery is not None for order in problem.orders])
    names = list(vehicle.capacity)
    loads = np.array([[order.load.get(name, 0) for name in names] for order in problem.orders])
    limits = np.array([vehicle.capacity[name] for name in names])
    left = np.ones(len(pairs), dtype=bool)
    tours = 0
    longest_s = vehicle.duration_max_s or HORIZON_S
    while left.any():
        here, time_s, done, tour_end_s = start, vehicle.shift.open_s, 0, vehicle.shift.close_s
        room = limits.copy()
        while True:
            begin = np.maximum(time_s + duration_s[here, first.place], first.open_s)
            ready = begin + first.service_s
            begin_2 = np.where(pairs, np.maximum(ready + duration_s[first.place, last.place], last.open_s), begin)
            ready = np.where(pairs, begin_2 + last.service_s, ready)
            fits = left & (begin <= first.close_s) & (begin_2 <= last.close_s) & (loads <= room).all(axis=1)
            fits &= ready + duration_s[last.place, end] <= tour_end_s
            if not fits.any():
                break
            pick = int(np.argmin(np.where(fits, ready, HORIZON_S * 2)))
            if not done:
                leave_s = begin[pick] - duration_s[here, first.place[pick]]
                tour_end_s = min(tour_end_s, int(leave_s) + longest_s)
            left[pick], here, time_s, done = False, int(last.place[pick]), int(ready[pick]), done + 1
            room = room - np.where(pairs[pick], 0, loads[pick])
        if not done:
            break
        tours += 1
    return tours
