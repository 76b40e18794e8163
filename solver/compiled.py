"""
A problem in the form that searches read: everything by index, windows met, matrices per vehicle type.

A *visit* is the integer ``2 * order + action`` with action 0 for pickup and 1 for delivery; a one-sided order has only
one of its two visits. A route in the search is a vehicle type's index and a tuple of visits.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from solver.plan import Action
from solver.problem import Order, Problem, Visit, Window
from solver.travel import matrices

PICKUP, DELIVERY = 0, 1
ACTIONS = (Action.PICKUP, Action.DELIVERY)
ANY_TIME = (Window(0, 2**53),)


def order_of(visit: int) -> int:
    """Index of the order that a visit belongs to."""
    return visit >> 1


def action_of(visit: int) -> int:
    """``PICKUP`` or ``DELIVERY``."""
    return visit & 1


class Compiled:
    """
    Indexed view of a problem.

    Attributes
    ----------
    distance_m, duration_s
        One int64 array of shape (places, places) a vehicle type, -1 where unreachable.
    distance_rows, duration_rows
        The same as nested lists: indexing them one by one is several times faster than indexing arrays.
    place_of, windows_of, service_of
        By visit: index of the place; windows in which service may begin (those of visit and place met, sorted, apart);
        seconds of service. ``place_of`` is -1 for a visit that its order does not have.
    loads
        By order: load vector along ``dimensions``.
    capacities
        By vehicle type: capacity vector along ``dimensions``; a dimension not limited holds ``2**53``.
    owner_of, owners
        By order: index into ``owners`` (sorted).
    compatible
        Bool array, shape (vehicle types, orders): skills and hub allow it.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.place_index = {place.id: index for index, place in enumerate(problem.places)}
        self.order_index = {order.id: index for index, order in enumerate(problem.orders)}
        self.type_index = {vehicle.id: index for index, vehicle in enumerate(problem.vehicle_types)}
        self._compile_travel()
        self._compile_visits()
        self._compile_loads()
        self.owners = problem.owners
        owner_index = {owner: index for index, owner in enumerate(self.owners)}
        self.owner_of = [owner_index[order.owner] for order in problem.orders]
        self.compatible = np.array(
            [[self._allows(type_, order) for order in problem.orders] for type_ in range(len(problem.vehicle_types))],
            dtype=bool,
        ).reshape(len(problem.vehicle_types), len(problem.orders))

    def _compile_travel(self) -> None:
        by_profile = {profile.id: matrices(profile, self.problem.places) for profile in self.problem.profiles}
        rows = {key: (pair[0].tolist(), pair[1].tolist()) for key, pair in by_profile.items()}
        types = self.problem.vehicle_types
        self.distance_m: list[NDArray[np.int64]] = [by_profile[vehicle.profile][0] for vehicle in types]
        self.duration_s: list[NDArray[np.int64]] = [by_profile[vehicle.profile][1] for vehicle in types]
        self.distance_rows: list[list[list[int]]] = [rows[vehicle.profile][0] for vehicle in types]
        self.duration_rows: list[list[list[int]]] = [rows[vehicle.profile][1] for vehicle in types]
        self.start_of = [self.place_index[vehicle.start] for vehicle in types]
        self.end_of = [None if vehicle.end is None else self.place_index[vehicle.end] for vehicle in types]

    def _compile_visits(self) -> None:
        self.place_of: list[int] = []
        self.windows_of: list[tuple[Window, ...]] = []
        self.service_of: list[int] = []
        for order in self.problem.orders:
            for visit in (order.pickup, order.delivery):
                self.place_of.append(-1 if visit is None else self.place_index[visit.place])
                self.windows_of.append(() if visit is None else self._windows(visit))
                self.service_of.append(0 if visit is None else visit.service_s)

    def _windows(self, visit: Visit) -> tuple[Window, ...]:
        place = self.problem.places[self.place_index[visit.place]]
        return met(place.windows or ANY_TIME, visit.windows or ANY_TIME)

    def _compile_loads(self) -> None:
        names = {name for order in self.problem.orders for name in order.load}
        self.dimensions: tuple[str, ...] = tuple(sorted(names))
        self.loads = [tuple(order.load.get(name, 0) for name in self.dimensions) for order in self.problem.orders]
        self.capacities = [
            tuple(vehicle.capacity.get(name, 2**53) for name in self.dimensions)
            for vehicle in self.problem.vehicle_types
        ]

    def _allows(self, type_: int, order: Order) -> bool:
        vehicle = self.problem.vehicle_types[type_]
        if not set(order.skills) <= set(vehicle.skills):
            return False
        if order.pickup is not None and order.delivery is not None:
            return True
        if order.pickup is not None:
            return vehicle.end is not None and order.hub in (None, vehicle.end)
        return order.hub in (None, vehicle.start)

    def visits_of(self, order: int) -> tuple[int, ...]:
        """The visits that an order has, pickup first."""
        return tuple(visit for visit in (2 * order, 2 * order + 1) if self.place_of[visit] >= 0)

    def orders_of(self, visits: Iterable[int]) -> frozenset[int]:
        """The orders that a sequence of visits serves."""
        return frozenset(visit >> 1 for visit in visits)


def met(first: tuple[Window, ...], second: tuple[Window, ...]) -> tuple[Window, ...]:
    """Intersection of two sets of windows, sorted and apart; empty where they never meet."""
    cuts = [
        Window(max(a.open_s, b.open_s), min(a.close_s, b.close_s))
        for a in first
        for b in second
        if max(a.open_s, b.open_s) <= min(a.close_s, b.close_s)
    ]
    joined: list[Window] = []
    for cut in sorted(cuts, key=lambda window: (window.open_s, window.close_s)):
        if joined and cut.open_s <= joined[-1].close_s + 1:
            joined[-1] = Window(joined[-1].open_s, max(joined[-1].close_s, cut.close_s))
        else:
            joined.append(cut)
    return tuple(joined)
