"""
A problem in the form that searches read: everything by index, windows met, matrices per vehicle type.

A *visit* is the integer ``2 * order + action`` with action 0 for pickup and 1 for delivery; a one-sided order has only
one of its two visits. A *reload* at the place with index p is the negative number ``~p``. A route in the search is a
vehicle type's index and a tuple of visits and reloads.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from solver.parts import Lock, VehicleType
from solver.plan import Action
from solver.problem import Problem, Visit, Window
from solver.travel import matrices

PICKUP, DELIVERY = 0, 1
ACTIONS = (Action.PICKUP, Action.DELIVERY)
ANY_TIME = (Window(0, 2**53),)
LISTED_PLACES_MAX = 3_000
"""Up to so many places matrices are kept as nested lists too; above, those would take too much memory."""

Rows = Sequence[Sequence[int]]
Table = NDArray[np.signedinteger[Any]]


def order_of(visit: int) -> int:
    """Index of the order that a visit belongs to."""
    return visit >> 1


def is_reload(visit: int) -> bool:
    """Whether an entry of a route is a reload."""
    return visit < 0


def reload_place(visit: int) -> int:
    """Index of the place of a reload."""
    return ~visit


class Compiled:
    """
    Indexed view of a problem.

    Attributes
    ----------
    vehicle_types
        The problem's types in order, their ``count`` less the vehicles singled out; then one type with a count of 1 for
        each vehicle that a lock names, or that ``published`` names where a change costs, by type and number.
    identity
        By vehicle type: id of the problem's type, and the vehicle's number, None where not singled out.
    type_index, type_of
        Index of the problem's type by its id; of a singled-out vehicle by id and number.
    distance_m, duration_s
        One integer array of shape (places, places) a vehicle type, -1 where unreachable.
    start_of, end_of
        By vehicle type: index of the place; an open end is None.
    place_of, windows_of, service_of
        By visit: index of the place; windows in which service may begin (those of visit and place met, a pickup not
        before its release; sorted, apart); seconds of service. ``place_of`` is -1 for a visit that its order has not.
    reloads_of
        By vehicle type: places where it may reload.
    release_s, hub_of, outside_milli
        By order: when the goods are ready; index of its hub, None for any; what it costs to leave it out (published
        orders: with the change), None for a mandatory order.
    loads
        By order: load vector along ``dimensions``.
    capacities
        By vehicle type: capacity vector along ``dimensions``; a dimension not limited holds ``2**53``.
    owner_of, owners
        By order: index into ``owners`` (sorted).
    group_bits, clash_bits
        By order: its groups, and the groups that must be apart from it. Orders a and b, if different, may share a route
        exactly when ``clash_bits[a] & group_bits[b] == 0``.
    prefix, closed, left_s, happened
        By vehicle type: what every route begins with; whether that is all; when the vehicle left, None before; begin
        and end of those first entries of the prefix that have happened.
    aboard
        By vehicle type: orders named by the lock of a vehicle that has left, the only deliveries of its first trip;
        None for a vehicle that has not left.
    named
        By singled-out vehicle with a lock: the orders that the lock names, which no other vehicle may serve.
    change_milli
        int64 array, shape (vehicle types, orders): price of serving a published order with another vehicle.
    compatible
        Bool array, shape (vehicle types, orders): skills, hubs of start, end and reloads, and locks allow it.
    plain
        By vehicle type: whether breaks, reloads, releases, locks, groups, a hold and a limit of stops are all absent.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.place_index = {place.id: index for index, place in enumerate(problem.places)}
        self.order_index = {order.id: index for index, order in enumerate(problem.orders)}
        self.type_index = {vehicle.id: index for index, vehicle in enumerate(problem.vehicle_types)}
        self._single_out()
        self._compile_travel()
        self._compile_visits()
        self._compile_loads()
        self._compile_groups()
        self._compile_locks()
        self._compile_changes()
        self.owners = problem.owners
        owner_index = {owner: index for index, owner in enumerate(self.owners)}
        self.owner_of = [owner_index[order.owner] for order in problem.orders]
        self.compatible = self._compatible()
        shared = any(self.release_s) or any(self.group_bits)
        self.plain = [not shared and self._is_plain(type_) for type_ in range(len(self.vehicle_types))]

    def _single_out(self) -> None:
        problem = self.problem
        known = self.type_index
        named: dict[tuple[int, int], Lock | None] = {}
        if problem.change_milli:
            named = {(known[entry.vehicle_type], entry.vehicle): None for entry in problem.published}
        named.update({(known[lock.vehicle_type], lock.vehicle): lock for lock in problem.locks})
        types = list(problem.vehicle_types)
        self.identity: list[tuple[str, int | None]] = [(vehicle.id, None) for vehicle in types]
        self.type_of: dict[tuple[str, int], int] = {}
        self._locks: dict[int, Lock] = {}
        for base, number in sorted(named):
            vehicle = types[base]
            if vehicle.count is not None:
                types[base] = msgspec.structs.replace(vehicle, count=vehicle.count - 1)
            self.type_of[vehicle.id, number] = len(types)
            lock = named[base, number]
            if lock is not None:
                self._locks[len(types)] = lock
            self.identity.append((vehicle.id, number))
            types.append(msgspec.structs.replace(vehicle, count=1))
        self.vehicle_types: tuple[VehicleType, ...] = tuple(types)

    def _compile_travel(self) -> None:
        by_profile = {profile.id: matrices(profile, self.problem.places) for profile in self.problem.profiles}
        types = self.vehicle_types
        self.distance_m: list[Table] = [by_profile[vehicle.profile][0] for vehicle in types]
        self.duration_s: list[Table] = [by_profile[vehicle.profile][1] for vehicle in types]
        self.start_of = [self.place_index[vehicle.start] for vehicle in types]
        self.end_of = [None if vehicle.end is None else self.place_index[vehicle.end] for vehicle in types]
        self.reloads_of = [
            () if vehicle.reloads_max == 0 else tuple(self.place_index[place] for place in vehicle.reloads)
            for vehicle in types
        ]

    @cached_property
    def distance_rows(self) -> list[Rows]:
        """``distance_m`` as rows of Python integers: indexing them one by one is several times faster than arrays."""
        return _rows(self.distance_m)

    @cached_property
    def duration_rows(self) -> list[Rows]:
        """``duration_s`` in the same form."""
        return _rows(self.duration_s)

    @cached_property
    def dock_windows(self) -> list[tuple[Window, ...]]:
        """By place: its windows, sorted and apart; they bind reloads."""
        return [met(place.windows, ANY_TIME) if place.windows else ANY_TIME for place in self.problem.places]

    def _compile_visits(self) -> None:
        self.place_of: list[int] = []
        self.windows_of: list[tuple[Window, ...]] = []
        self.service_of: list[int] = []
        self.release_s = [order.release_s for order in self.problem.orders]
        self.hub_of = [None if order.hub is None else self.place_index[order.hub] for order in self.problem.orders]
        for order in self.problem.orders:
            for visit in (order.pickup, order.delivery):
                self.place_of.append(-1 if visit is None else self.place_index[visit.place])
                self.windows_of.append(() if visit is None else self._windows(visit))
                self.service_of.append(0 if visit is None else visit.service_s)
            if order.release_s and order.pickup is not None:
                self.windows_of[-2] = met(self.windows_of[-2], (Window(order.release_s, 2**53),))

    def _windows(self, visit: Visit) -> tuple[Window, ...]:
        of_place = self.problem.places[self.place_index[visit.place]].windows
        if not of_place and len(visit.windows) <= 1:
            return visit.windows or ANY_TIME
        return met(of_place or ANY_TIME, visit.windows or ANY_TIME)

    def _compile_loads(self) -> None:
        names = {name for order in self.problem.orders for name in order.load}
        self.dimensions: tuple[str, ...] = tuple(sorted(names))
        self.loads = [tuple(order.load.get(name, 0) for name in self.dimensions) for order in self.problem.orders]
        self.capacities = [
            tuple(vehicle.capacity.get(name, 2**53) for name in self.dimensions) for vehicle in self.vehicle_types
        ]

    def _compile_groups(self) -> None:
        names = dict.fromkeys(name for pair in self.problem.apart for name in pair)
        bit = {name: 1 << index for index, name in enumerate(names)}
        foes = dict.fromkeys(names, 0)
        for one, other in self.problem.apart:
            foes[one] |= bit[other]
            foes[other] |= bit[one]
        self.group_bits = [0] * len(self.problem.orders)
        self.clash_bits = [0] * len(self.problem.orders)
        for index, order in enumerate(self.problem.orders):
            for name in order.groups:
                if name in bit:
                    self.group_bits[index] |= bit[name]
                    self.clash_bits[index] |= foes[name]

    def _compile_locks(self) -> None:
        number = len(self.vehicle_types)
        self.prefix: list[tuple[int, ...]] = [()] * number
        self.closed = [False] * number
        self.left_s: list[int | None] = [None] * number
        self.happened: list[tuple[tuple[int, int], ...]] = [()] * number
        self.aboard: list[frozenset[int] | None] = [None] * number
        self.named: dict[int, frozenset[int]] = {}
        for type_, lock in self._locks.items():
            self.prefix[type_] = tuple(
                ~self.place_index[visit.place or ""]
                if visit.order is None
                else 2 * self.order_index[visit.order] + ACTIONS.index(visit.action or Action.PICKUP)
                for visit in lock.visits
            )
            self.closed[type_], self.left_s[type_] = lock.closed, lock.start_s
            times = [(visit.start_s, visit.end_s) for visit in lock.visits]
            self.happened[type_] = tuple((one, other) for one, other in times if one is not None and other is not None)
            named = self.orders_of(self.prefix[type_]) | {self.order_index[order] for order in lock.orders}
            self.named[type_] = named
            self.aboard[type_] = None if lock.start_s is None else named

    def _compile_changes(self) -> None:
        problem = self.problem
        self.outside_milli = [order.outside_milli for order in problem.orders]
        self.change_milli: NDArray[np.int64] = np.zeros((len(self.vehicle_types), len(problem.orders)), dtype=np.int64)
        for entry in problem.published if problem.change_milli else ():
            order = self.order_index[entry.order]
            self.change_milli[:, order] = problem.change_milli
            self.change_milli[self.type_of[entry.vehicle_type, entry.vehicle], order] = 0
            outside = self.outside_milli[order]
            self.outside_milli[order] = None if outside is None else outside + problem.change_milli

    def _compatible(self) -> NDArray[np.bool_]:
        """One judgement for each type and kind of order, spread over the orders; then what locks forbid."""
        orders, types = self.problem.orders, range(len(self.vehicle_types))
        kinds: dict[tuple[tuple[str, ...], str | None, bool, bool], int] = {}
        kind_of = [
            kinds.setdefault((order.skills, order.hub, order.pickup is None, order.delivery is None), len(kinds))
            for order in orders
        ]
        table = np.array([[self._allows(type_, *kind) for kind in kinds] for type_ in types], dtype=bool)
        compatible: NDArray[np.bool_] = table.reshape(len(types), len(kinds))[:, np.array(kind_of, dtype=np.intp)]
        for type_, lock in self._locks.items():
            for order in self.named[type_]:
                asked = orders[order]
                compatible[:, order] = False
                compatible[type_, order] = self._allows(
                    type_, asked.skills, asked.hub, asked.pickup is None, asked.delivery is None, named=True
                )
            if lock.closed:
                within = np.zeros(len(orders), dtype=bool)
                within[list(self.orders_of(self.prefix[type_]))] = True
                compatible[type_] &= within
        return compatible

    def _allows(
        self,
        type_: int,
        skills: tuple[str, ...],
        hub: str | None,
        delivers_only: bool,
        collects_only: bool,
        *,
        named: bool = False,
    ) -> bool:
        vehicle = self.vehicle_types[type_]
        if not set(skills) <= set(vehicle.skills):
            return False
        hubs = {self.problem.places[place].id for place in self.reloads_of[type_]}
        if delivers_only and (named or self.left_s[type_] is None):
            hubs.add(vehicle.start)
        elif collects_only and vehicle.end is not None:
            hubs.add(vehicle.end)
        elif not delivers_only and not collects_only:
            return True
        return bool(hubs) if hub is None else hub in hubs

    def _is_plain(self, type_: int) -> bool:
        vehicle = self.vehicle_types[type_]
        bound = self.prefix[type_] or self.closed[type_] or self.left_s[type_] is not None
        return not (vehicle.breaks or vehicle.reloads or bound or vehicle.hold) and vehicle.stops_max is None

    def visits_of(self, order: int) -> tuple[int, ...]:
        """The visits that an order has, pickup first."""
        return tuple(visit for visit in (2 * order, 2 * order + 1) if self.place_of[visit] >= 0)

    def open_windows(self, visit: int) -> tuple[Window, ...]:
        """Windows in which the service of a visit could begin if its goods were released at once."""
        order = self.problem.orders[visit >> 1]
        asked = order.delivery if visit & 1 else order.pickup
        return () if asked is None else self._windows(asked)

    def is_locked(self, type_: int, order: int) -> bool:
        """Whether a lock keeps an order from a vehicle type: it is bound to another vehicle, or this one takes none."""
        other = any(type_ != locked and order in named for locked, named in self.named.items())
        return other or self.closed[type_] or self.left_s[type_] is not None

    def orders_of(self, visits: Iterable[int]) -> frozenset[int]:
        """The orders that a sequence of visits serves; reloads serve none."""
        return frozenset(visit >> 1 for visit in visits if visit >= 0)

    def places_of(self, visits: Iterable[int]) -> list[int]:
        """Indices of the places of visits and reloads."""
        return [self.place_of[visit] if visit >= 0 else ~visit for visit in visits]


def _rows(tables: Iterable[Table]) -> list[Rows]:
    """Each distinct table once, as nested lists; a large one as views of its rows, which give Python integers too."""
    made: dict[int, Rows] = {}
    rows: list[Rows] = []
    for table in tables:
        if id(table) not in made:
            listed = len(table) <= LISTED_PLACES_MAX
            made[id(table)] = table.tolist() if listed else [memoryview(row) for row in table]
        rows.append(made[id(table)])
    return rows


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
