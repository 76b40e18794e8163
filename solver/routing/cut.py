"""A part of a day as a problem of its own: some orders, the vehicles that they may use, and the places they need."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from solver.compiled import Compiled
from solver.matrix import Matrix
from solver.parts import Lock, Published, TravelProfile, VehicleType
from solver.problem import Problem
from solver.routing.features import RouteKey

Fleet = Sequence[int | None]
"""By vehicle type: how many may be used; None for no limit."""


class Cut(NamedTuple):
    """
    A problem cut out of another, and how their indices meet.

    ``orders`` and ``places`` hold the index in the whole of each order and place, in the part's order. ``types`` holds
    the whole's vehicle type for each of the part's ``Compiled.identity``.
    """

    problem: Problem
    orders: tuple[int, ...]
    places: tuple[int, ...]
    types: Mapping[tuple[str, int | None], int]


def cut(compiled: Compiled, orders: Sequence[int], fleet: Fleet, elsewhere: Mapping[str, int]) -> Cut:
    """
    Cut a part out of a problem, at a price that depends on the part alone.

    Routes of the part are routes of the whole, at the same price but for changes of published orders whose vehicle is
    not in the part: those are due whatever the part does.

    Parameters
    ----------
    compiled
        The whole.
    orders
        Indices of the orders, each once.
    fleet
        Vehicles that the part may use, for each of the whole's types.
    elsewhere
        Vehicles that the rest of the plan uses, by id of the problem's type: they count towards a guaranteed minimum.
    """
    problem = compiled.problem
    numbers: dict[tuple[str, int], int] = {}
    types: dict[tuple[str, int | None], int] = {}
    vehicles = [
        vehicle
        for base in range(len(problem.vehicle_types))
        for vehicle in _vehicle(compiled, base, fleet, elsewhere, numbers, types)
    ]
    mine = sorted(orders)
    names = {problem.orders[order].id for order in mine}
    locks = tuple(_lock(lock, numbers, names) for lock in problem.locks if (lock.vehicle_type, lock.vehicle) in numbers)
    places = sorted({compiled.place_index[name] for name in _places(problem, mine, vehicles, locks)})
    groups = {group for order in mine for group in problem.orders[order].groups}
    used = {vehicle.profile for vehicle in vehicles}
    part = Problem(
        currency=problem.currency,
        places=tuple(problem.places[place] for place in places),
        profiles=tuple(_profile(profile, places) for profile in problem.profiles if profile.id in used),
        vehicle_types=tuple(vehicles),
        orders=tuple(problem.orders[order] for order in mine),
        apart=tuple(pair for pair in problem.apart if groups.issuperset(pair)),
        locks=locks,
        published=tuple(_published(problem, numbers, names)),
        change_milli=problem.change_milli,
        longest_hour_milli=problem.longest_hour_milli,
    )
    return Cut(part, tuple(mine), tuple(places), types)


def _vehicle(
    compiled: Compiled,
    base: int,
    fleet: Fleet,
    elsewhere: Mapping[str, int],
    numbers: dict[tuple[str, int], int],
    types: dict[tuple[str, int | None], int],
) -> Iterator[VehicleType]:
    """A type of the problem with the part's vehicles, those singled out renumbered from 1; nothing if it has none."""
    vehicle, plain = compiled.problem.vehicle_types[base], fleet[base]
    single = [
        type_
        for type_ in range(len(compiled.problem.vehicle_types), len(compiled.vehicle_types))
        if compiled.identity[type_][0] == vehicle.id and fleet[type_]
    ]
    if plain == 0 and not single:
        return
    types[vehicle.id, None] = base
    for number, type_ in enumerate(single, start=1):
        numbers[vehicle.id, compiled.identity[type_][1] or 0] = number
        types[vehicle.id, number] = type_
    count = None if plain is None else plain + len(single)
    least = max(0, vehicle.use_min - elsewhere.get(vehicle.id, 0))
    yield msgspec.structs.replace(vehicle, count=count, use_min=least if count is None else min(least, count))


def _lock(lock: Lock, numbers: Mapping[tuple[str, int], int], names: set[str]) -> Lock:
    mine = tuple(order for order in lock.orders if order in names)
    return msgspec.structs.replace(lock, vehicle=numbers[lock.vehicle_type, lock.vehicle], orders=mine)


def _published(problem: Problem, numbers: Mapping[tuple[str, int], int], names: set[str]) -> Iterator[Published]:
    """Entries whose order and vehicle are both in the part."""
    for entry in problem.published:
        number = numbers.get((entry.vehicle_type, entry.vehicle))
        if entry.order in names and number is not None:
            yield msgspec.structs.replace(entry, vehicle=number)


def _places(
    problem: Problem, orders: Sequence[int], vehicles: Sequence[VehicleType], locks: Sequence[Lock]
) -> Iterator[str]:
    """Names of all places that a part speaks of, some more than once."""
    for order in (problem.orders[index] for index in orders):
        named = (visit.place for visit in (order.pickup, order.delivery) if visit is not None)
        yield from named
        if order.hub is not None:
            yield order.hub
    for vehicle in vehicles:
        yield vehicle.start
        yield from vehicle.reloads
        if vehicle.end is not None:
            yield vehicle.end
    for lock in locks:
        yield from (visit.place for visit in lock.visits if visit.place is not None)


def _profile(profile: TravelProfile, places: Sequence[int]) -> TravelProfile:
    """The profile between some places; one derived from coordinates derives the same again."""
    if profile.distance_m is None or profile.duration_s is None:
        return profile
    within = np.ix_(places, places)
    return msgspec.structs.replace(
        profile,
        distance_m=Matrix(profile.distance_m.values[within]),
        duration_s=Matrix(profile.duration_s.values[within]),
    )


class Translation:
    """
    Routes of the whole in the part's indices, and back.

    Parameters
    ----------
    part
        As cut.
    local
        The part's problem, compiled.
    """

    def __init__(self, part: Cut, local: Compiled) -> None:
        self._types = [part.types[identity] for identity in local.identity]
        self._orders, self._places = part.orders, part.places
        self._local_type = {type_: index for index, type_ in enumerate(self._types)}
        self._local_order = {order: index for index, order in enumerate(part.orders)}
        self._local_place = {place: index for index, place in enumerate(part.places)}

    def to_part(self, route: RouteKey) -> RouteKey:
        """A route of the whole whose vehicle and orders are the part's."""
        type_, visits = route
        return self._local_type[type_], tuple(
            2 * self._local_order[visit >> 1] + (visit & 1) if visit >= 0 else ~self._local_place[~visit]
            for visit in visits
        )

    def to_whole(self, route: RouteKey) -> RouteKey:
        """A route of the part."""
        type_, visits = route
        return self._types[type_], tuple(
            2 * self._orders[visit >> 1] + (visit & 1) if visit >= 0 else ~self._places[~visit] for visit in visits
        )


def used_vehicles(compiled: Compiled, routes: Sequence[RouteKey]) -> Counter[str]:
    """How many vehicles some routes use, by id of the problem's type."""
    return Counter(compiled.identity[type_][0] for type_, _ in routes)
