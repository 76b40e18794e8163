"""One member's part of a day: its own orders, the places they need, the cluster's vehicles at its tariffs."""

from collections.abc import Collection, Iterator

import msgspec
import numpy as np

from solver.matrix import Matrix
from solver.parts import Lock, Order, TravelProfile, VehicleType
from solver.plan import Plan
from solver.problem import Problem


def orders_taking_part(problem: Problem, plan: Plan) -> frozenset[str]:
    """Ids of the orders whose cost is split: all but mandatory ones that the plan does not serve."""
    out = {entry.order for entry in plan.unplanned if entry.outside_milli is None}
    return frozenset(order.id for order in problem.orders) - out


def own_orders(problem: Problem, plan: Plan, member: str) -> tuple[Order, ...]:
    """The member's orders that take part, in the problem's order."""
    taking_part = orders_taking_part(problem, plan)
    return tuple(order for order in problem.orders if order.owner == member and order.id in taking_part)


def own_problem(problem: Problem, orders: Collection[Order]) -> Problem:
    """
    The same day for one member alone: hire without limit at the same tariffs.

    Whatever is about others is left out, places and their rows in the matrices too, so that nothing that is computed
    from it can depend on them.

    Parameters
    ----------
    problem
        The day.
    orders
        The member's orders, as they stand in the problem or as they might be.
    """
    mine = {order.id for order in orders}
    groups = {group for order in orders for group in order.groups}
    locks = tuple(lock for lock in (_narrowed(lock, mine) for lock in problem.locks) if lock.visits or lock.orders)
    vehicle_types = tuple(msgspec.structs.replace(vehicle, count=None) for vehicle in problem.vehicle_types)
    needed = set(_places_of(vehicle_types, orders, locks))
    kept = [index for index, place in enumerate(problem.places) if place.id in needed]
    return problem.replace(
        orders=tuple(orders),
        vehicle_types=vehicle_types,
        places=tuple(problem.places[index] for index in kept),
        profiles=tuple(_profile(profile, kept) for profile in problem.profiles),
        apart=tuple(pair for pair in problem.apart if groups.issuperset(pair)),
        locks=locks,
        published=tuple(entry for entry in problem.published if entry.order in mine),
    )


def _narrowed(lock: Lock, mine: set[str]) -> Lock:
    """A lock without what others' orders have to do with it; its reloads stay only beside own visits."""
    own = any(visit.order in mine for visit in lock.visits)
    return msgspec.structs.replace(
        lock,
        visits=tuple(visit for visit in lock.visits if own and (visit.order is None or visit.order in mine)),
        orders=tuple(order for order in lock.orders if order in mine),
    )


def _places_of(
    vehicle_types: Collection[VehicleType], orders: Collection[Order], locks: Collection[Lock]
) -> Iterator[str]:
    for vehicle in vehicle_types:
        yield from (vehicle.start, *((vehicle.end,) if vehicle.end is not None else ()), *vehicle.reloads)
    for order in orders:
        yield from (visit.place for visit in (order.pickup, order.delivery) if visit is not None)
        if order.hub is not None:
            yield order.hub
    for lock in locks:
        yield from (visit.place for visit in lock.visits if visit.place is not None)


def _profile(profile: TravelProfile, kept: list[int]) -> TravelProfile:
    """The rows and columns of some places."""
    if profile.distance_m is None or profile.duration_s is None:
        return profile
    grid = np.ix_(kept, kept)
    return msgspec.structs.replace(
        profile,
        distance_m=Matrix(profile.distance_m.values[grid]),
        duration_s=Matrix(profile.duration_s.values[grid]),
    )
