"""Transport activity: what each shipment of a plan weighs (or measures), times how far it really has to go."""

from collections.abc import Iterator
from typing import NamedTuple

from solver.emissions.day import Day
from solver.emissions.words import VOLUME, WEIGHT, Assumed, Assumption, DistanceType
from solver.faults import Fault
from solver.matrix import UNREACHABLE

ACTIVITY_MAX = 2**63 - 1
"""Largest activity of a plan, so that JSON carries it."""


class Quantity(NamedTuple):
    """The dimension of loads that activities are counted in, and what is wrong or assumed about it."""

    dimension: str
    assumptions: tuple[Assumption, ...]
    faults: tuple[Fault, ...]


def quantity_of(day: Day) -> Quantity:
    """
    One dimension for the whole plan, as ISO 14083 asks: the method's; else weight, or volume where weights are missing.

    An order that does not name a dimension in its load has not said how much of it there is; one that names it with 0
    has nothing of it. Fault ``load_missing``.
    """
    wanted = day.method.quantity
    choice = (wanted,) if wanted is not None else (WEIGHT, VOLUME)
    for dimension in choice:
        if all(dimension in order.load for order in day.served):
            return Quantity(dimension, tuple(_volume(day, dimension)), ())
    return Quantity(choice[0], (), tuple(_missing(day, choice)))


def _volume(day: Day, dimension: str) -> Iterator[Assumption]:
    without = [order.id for order in day.served if WEIGHT not in order.load]
    if day.method.quantity is None and dimension == VOLUME:
        detail = f"{len(without)} order(s), such as {without[0]!r}, have no weight: all are counted by volume"
        yield Assumption(what=Assumed.VOLUME, where="orders", detail=detail)


def _missing(day: Day, choice: tuple[str, ...]) -> Iterator[Fault]:
    """Every order on a route that names none of the dimensions, or not the first while others have no second."""
    served = {order.id for order in day.served}
    for index, order in enumerate(day.problem.orders):
        lacking = [dimension for dimension in choice if dimension not in order.load]
        if order.id in served and lacking:
            cause = f"{order.id!r} says nothing of {' nor '.join(lacking)}"
            cure = (
                f"give {choice[0]}" if len(choice) == 1 else f"every order's {choice[0]}, or every order's {choice[1]}"
            )
            yield Fault(code="load_missing", where=f"orders[{index}].load", cause=cause, cure=cure)


class Carried(NamedTuple):
    """One order on a route: how much of it, and how far directly."""

    order: str
    quantity: int
    direct_m: int

    @property
    def activity(self) -> int:
        """Quantity times metres."""
        return self.quantity * self.direct_m


def carried(day: Day, number: int, dimension: str) -> list[Carried]:
    """The orders of a route, sorted by id."""
    vehicle = day.types[day.plan.routes[number].vehicle_type]
    lanes = day.lanes[number]
    return [
        Carried(name, day.orders[name].load.get(dimension, 0), day.direct_m(vehicle, lanes[name]))
        for name in sorted(lanes)
    ]


def carried_faults(day: Day, routes: list[list[Carried]]) -> Iterator[Fault]:
    """Orders whose direct distance is not known; a whole activity beyond what JSON carries."""
    numbers = {order.id: index for index, order in enumerate(day.problem.orders)}
    for number, route in enumerate(routes):
        for entry in route:
            if entry.direct_m == UNREACHABLE:
                begin, end = day.lanes[number][entry.order]
                yield _no_distance(day, f"orders[{numbers[entry.order]}]", begin, end)
    if sum(entry.activity for route in routes for entry in route if entry.direct_m != UNREACHABLE) > ACTIVITY_MAX:
        cause = f"a transport activity above {ACTIVITY_MAX}"
        yield Fault(code="number_too_large", where="orders", cause=cause, cure="quantities in a coarser unit")


def _no_distance(day: Day, where: str, begin: str, end: str) -> Fault:
    if not end:
        cause, cure = "it is collected by a route with an open end", "give the vehicle type an end"
    elif day.method.distance is DistanceType.GREAT_CIRCLE:
        cause, cure = (
            f"{begin!r} or {end!r} has no coordinates",
            "give lat and lon, or use the shortest feasible distance",
        )
        return Fault(code="coordinate_missing", where=where, cause=cause, cure=cure)
    else:
        cause, cure = f"no distance from {begin!r} to {end!r}", "give it, or use the great-circle distance"
    return Fault(code="distance_missing", where=where, cause=cause, cure=cure)


def derived_distances(day: Day) -> Iterator[Assumption]:
    """Said once for each profile whose feasible distances are straight lines made longer."""
    if day.method.distance is DistanceType.SHORTEST_FEASIBLE:
        used = {day.types[route.vehicle_type].profile: day.types[route.vehicle_type] for route in day.plan.routes}
        for profile, vehicle in sorted(used.items()):
            if day.derived(vehicle):
                detail = f"profile {profile!r} has no road distances: straight lines times its circuity stand for them"
                yield Assumption(what=Assumed.DERIVED, where=f"profiles.{profile}", detail=detail)
