"""What can be wrong with what is settled already: locks that contradict, a published plan that nobody can have had."""

from collections.abc import Iterator
from itertools import pairwise

from solver.faults import Fault
from solver.parts import Draft, Lock, LockedVisit, Order, VehicleType
from solver.plan import Action
from solver.validate_values import COUNT_MAX, TIME_MAX_S, fault, is_whole, number


class _Names:
    """What locks may name."""

    def __init__(self, problem: Draft) -> None:
        self.places = {place.id for place in problem.places}
        self.orders = {order.id: order for order in problem.orders}
        self.types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
        self.apart = {*problem.apart, *((second, first) for first, second in problem.apart)}


def lock_faults(problem: Draft) -> Iterator[Fault]:
    """Faults of all locks, each by itself and all together."""
    names = _Names(problem)
    vehicles: dict[tuple[str, int], int] = {}
    holder: dict[str, int] = {}
    for index, lock in enumerate(problem.locks):
        where = f"locks[{index}]"
        yield from _vehicle(where, names, lock.vehicle_type, lock.vehicle)
        first = vehicles.setdefault((lock.vehicle_type, lock.vehicle), index)
        if first != index:
            cause = f"locks[{first}] is about vehicle {lock.vehicle} of {lock.vehicle_type!r} too"
            yield fault("lock_duplicate", where, cause, "give one lock a vehicle")
        for place, order in enumerate(lock.orders):
            yield from _order(f"{where}.orders[{place}]", names, order)
        for order in dict.fromkeys((*lock.orders, *(visit.order for visit in lock.visits if visit.order is not None))):
            if holder.setdefault(order, index) != index:
                cause = f"{order!r} is locked by locks[{holder[order]}] too"
                yield fault("lock_conflict", where, cause, "lock every order to one vehicle")
        yield from _visits(where, names, lock)
        yield from _times(where, lock)


def published_faults(problem: Draft) -> Iterator[Fault]:
    """Faults of the published plan."""
    names = _Names(problem)
    first: dict[str, int] = {}
    for index, entry in enumerate(problem.published):
        where = f"published[{index}]"
        yield from _order(f"{where}.order", names, entry.order)
        yield from _vehicle(where, names, entry.vehicle_type, entry.vehicle)
        if first.setdefault(entry.order, index) != index:
            cause = f"published[{first[entry.order]}] says who serves {entry.order!r} already"
            yield fault("published_twice", where, cause, "name every order once")


def _order(where: str, names: _Names, order: str) -> Iterator[Fault]:
    if order not in names.orders:
        yield fault("order_unknown", where, f"there is no order {order!r}", "name one of orders, or add it there")


def _vehicle(where: str, names: _Names, type_: str, vehicle: int) -> Iterator[Fault]:
    own = list(number(f"{where}.vehicle", vehicle, COUNT_MAX, 1))
    yield from own
    if type_ not in names.types:
        cause = f"there is no vehicle type {type_!r}"
        yield fault("vehicle_type_unknown", f"{where}.vehicle_type", cause, "name one of vehicle_types")
    elif not own:
        count = names.types[type_].count
        if is_whole(count) and vehicle > count:
            cause = f"there are {count} vehicles of {type_!r}, no number {vehicle}"
            yield fault("vehicle_unknown", f"{where}.vehicle", cause, "give a number from 1 to the type's count")


def _visits(where: str, names: _Names, lock: Lock) -> Iterator[Fault]:
    """Each locked visit by itself, then their sequence."""
    faults = [
        found
        for index, visit in enumerate(lock.visits)
        for found in _visit(f"{where}.visits[{index}]", names, names.types.get(lock.vehicle_type), visit)
    ]
    yield from faults
    if not faults:
        yield from _sequence(where, names, lock)
        if lock.vehicle_type in names.types:
            yield from _allowed(where, names, names.types[lock.vehicle_type], lock)


def _visit(where: str, names: _Names, vehicle: VehicleType | None, visit: LockedVisit) -> Iterator[Fault]:
    if (visit.order is None) == (visit.place is None) or (visit.order is None) != (visit.action is None):
        cure = "give order and action, or place alone"
        yield fault("locked_visit_unclear", where, "it is neither a visit of an order nor a reload at a place", cure)
    elif visit.place is not None:
        if visit.place not in names.places:
            cause = f"there is no place {visit.place!r}"
            yield fault("place_unknown", f"{where}.place", cause, "name one of places, or add it there")
        elif vehicle is not None and visit.place not in vehicle.reloads:
            cause = f"{vehicle.id!r} does not reload at {visit.place!r}"
            yield fault("reload_unknown", f"{where}.place", cause, "name one of the vehicle type's reloads")
    elif visit.order not in names.orders:
        yield from _order(f"{where}.order", names, str(visit.order))
    elif not _asked(names.orders[visit.order], visit.action):
        cause = f"{visit.order!r} has no {visit.action}"
        yield fault("visit_unknown", f"{where}.action", cause, "name a visit that the order has")


def _asked(order: Order, action: Action | None) -> bool:
    return (order.pickup if action is Action.PICKUP else order.delivery) is not None


def _sequence(where: str, names: _Names, lock: Lock) -> Iterator[Fault]:
    """Each visit once, each delivery after its pickup, and nothing left half done where nothing may follow."""
    done: set[tuple[str, Action | None]] = set()
    for index, visit in enumerate(lock.visits):
        if visit.order is None:
            continue
        at, key = f"{where}.visits[{index}]", (visit.order, visit.action)
        if key in done:
            cause = f"the {visit.action} of {visit.order!r} is named before"
            yield fault("visit_repeated", at, cause, "name every visit once")
        picked = (visit.order, Action.PICKUP) in done
        if visit.action is Action.DELIVERY and names.orders[visit.order].pickup is not None and not picked:
            cause = f"the delivery of {visit.order!r} comes before its pickup"
            yield fault("visit_reversed", at, cause, "name the pickup before it")
        done.add(key)
    for order in dict.fromkeys(name for name, action in done if lock.closed and action is Action.PICKUP):
        if names.orders[order].delivery is not None and (order, Action.DELIVERY) not in done:
            cause = f"it is closed before {order!r} is delivered"
            yield fault("lock_half_done", where, cause, "add the delivery, or leave the lock open")


def _allowed(where: str, names: _Names, vehicle: VehicleType, lock: Lock) -> Iterator[Fault]:
    """What no route of the vehicle can hold, whatever follows: skills, groups apart, reloads, stops of its prefix."""
    orders = [names.orders[name] for name in dict.fromkeys(visit.order for visit in lock.visits if visit.order)]
    reloads = sum(visit.place is not None for visit in lock.visits)
    causes = [
        f"{order.id!r} requires {sorted(set(order.skills) - set(vehicle.skills))}, which {vehicle.id!r} lacks"
        for order in orders
        if set(order.skills) - set(vehicle.skills)
    ]
    causes += [
        f"{first.id!r} and {second.id!r} must not share a vehicle"
        for index, first in enumerate(orders)
        for second in orders[index + 1 :]
        if any((one, other) in names.apart for one in first.groups for other in second.groups)
    ]
    if is_whole(vehicle.reloads_max) and reloads > vehicle.reloads_max:
        causes.append(f"it reloads {reloads} times, at most {vehicle.reloads_max} are allowed")
    for cause in causes:
        yield fault("lock_impossible", where, cause, "lock what the vehicle can do, or change the vehicle type")


def _times(where: str, lock: Lock) -> Iterator[Fault]:
    """What has happened comes first, with the start before it, and in order of time."""
    own: list[Fault] = []
    if lock.start_s is not None:
        own += number(f"{where}.start_s", lock.start_s, TIME_MAX_S)
    times: list[tuple[str, int]] = [] if lock.start_s is None else [(f"{where}.start_s", lock.start_s)]
    open_before = False
    for index, visit in enumerate(lock.visits):
        at = f"{where}.visits[{index}]"
        if (visit.start_s is None) != (visit.end_s is None):
            own.append(fault("times_half", at, "only one of start_s and end_s is given", "give both, or neither"))
        if visit.start_s is None or visit.end_s is None:
            open_before = True
            continue
        own += [*number(f"{at}.start_s", visit.start_s, TIME_MAX_S), *number(f"{at}.end_s", visit.end_s, TIME_MAX_S)]
        times += [(f"{at}.start_s", visit.start_s), (f"{at}.end_s", visit.end_s)]
        if open_before:
            cause = "it has happened, a visit before it has not"
            own.append(fault("happened_late", at, cause, "name what has happened first, with its times"))
        if lock.start_s is None:
            cause = "it has happened, but the vehicle has not left its start"
            own.append(fault("happened_before_start", at, cause, "give the lock's start_s"))
    yield from own
    if not own:
        for (_, before_s), (at, time_s) in pairwise(times):
            if time_s < before_s:
                cause = f"{time_s} s is before {before_s} s"
                yield fault("times_reversed", at, cause, "give times in the order in which they happened")
