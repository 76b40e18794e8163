"""The checker's rules for what a route may carry: skills, hubs and reloads of its trips, groups apart, loads."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from solver.check_facts import Reading, Trip, side_of, work_of
from solver.plan import Action, Violation
from solver.problem import VehicleType


def shape(reading: Reading) -> Iterator[Violation]:
    """At least one stop, something to do at each, at the right place, and one stop for all that is done there."""
    route, before = reading.route, None
    if not route.stops:
        yield Violation(code="route_empty", where=reading.where, detail="no stops")
    for number, stop in enumerate(route.stops):
        at = reading.at(number)
        if not stop.visits and not stop.reload:
            yield Violation(code="stop_empty", where=at, detail="nothing is done here")
        if stop.visits and stop.reload:
            yield Violation(code="reload_with_visits", where=at, detail="a reload is a stop of its own")
        if before is not None and before.place == stop.place and not (before.reload or stop.reload):
            yield Violation(code="stop_divided", where=at, detail=f"the vehicle is at {stop.place!r} already")
        for visit in stop.visits:
            asked = side_of(reading.facts.orders[visit.order], visit.action)
            if asked is not None and asked.place != stop.place:
                detail = f"{visit.action} of {visit.order!r} is at {asked.place!r}, not {stop.place!r}"
                yield Violation(code="place_wrong", where=at, detail=detail)
        before = stop


def precedence(reading: Reading) -> Iterator[Violation]:
    """No delivery before its pickup."""
    picked: set[str] = set()
    for name, action in work_of(reading.route):
        if action is Action.PICKUP:
            picked.add(name)
        elif reading.facts.orders[name].pickup is not None and name not in picked:
            detail = f"{name!r} is delivered before it is picked up"
            yield Violation(code="order_reversed", where=reading.where, detail=detail)


def compatibility(reading: Reading) -> Iterator[Violation]:
    """Skills, and orders that must not share a vehicle."""
    apart = {frozenset(pair) for pair in reading.facts.problem.apart}
    orders = [reading.facts.orders[name] for name in sorted({name for name, _ in work_of(reading.route)})]
    for order in orders:
        lacking = set(order.skills) - set(reading.vehicle.skills)
        if lacking:
            detail = f"{order.id!r} requires {sorted(lacking)}"
            yield Violation(code="skill_missing", where=reading.where, detail=detail)
    for first, second in combinations(orders, 2) if apart else ():
        if any(frozenset((one, other)) in apart for one in first.groups for other in second.groups):
            detail = f"{first.id!r} and {second.id!r} must not share a vehicle"
            yield Violation(code="apart_broken", where=reading.where, detail=detail)


def reloads(reading: Reading) -> Iterator[Violation]:
    """Where, and how often."""
    vehicle, number = reading.vehicle, 0
    for index, stop in enumerate(reading.route.stops):
        number += stop.reload
        if stop.reload and stop.place not in vehicle.reloads:
            detail = f"{vehicle.id!r} does not reload at {stop.place!r}"
            yield Violation(code="reload_wrong", where=reading.at(index), detail=detail)
    if vehicle.reloads_max is not None and number > vehicle.reloads_max:
        detail = f"{number} reloads, at most {vehicle.reloads_max} are allowed"
        yield Violation(code="reloads_exceeded", where=reading.where, detail=detail)


def hubs(reading: Reading) -> Iterator[Violation]:
    """Goods of a delivery lie where its trip begins, those of a collection go where its trip ends."""
    for trip in reading.trips():
        for visit in trip.visits:
            order = reading.facts.orders[visit.order]
            if order.pickup is not None and order.delivery is not None:
                continue
            side = trip.begin if order.pickup is None else trip.end
            if side is None:
                detail = f"{order.id!r} is collected, but the end is open"
                yield Violation(code="hub_wrong", where=reading.where, detail=detail)
            elif order.hub is not None and order.hub != side:
                detail = f"{order.id!r} belongs to {order.hub!r}, not {side!r}"
                yield Violation(code="hub_wrong", where=reading.where, detail=detail)


def loads(reading: Reading) -> Iterator[Violation]:
    """What is on board at each begin of a trip and after every visit, against capacity and against what is stated."""
    load: Counter[str] = Counter()
    trips = reading.trips()
    load.update(_on_board(reading, trips[0], Action.DELIVERY))
    yield from _over(reading.vehicle, load, reading.where)
    yield from _stated(reading.route.load_start, load, reading.where)
    for number, stop in enumerate(reading.route.stops):
        if stop.reload:
            load.subtract(_on_board(reading, trips.pop(0), Action.PICKUP))
            load.update(_on_board(reading, trips[0], Action.DELIVERY))
            yield from _over(reading.vehicle, load, reading.at(number))
        for visit in stop.visits:
            sign = 1 if visit.action is Action.PICKUP else -1
            for dimension, amount in reading.facts.orders[visit.order].load.items():
                load[dimension] += sign * amount
            yield from _over(reading.vehicle, load, reading.at(number))
        yield from _stated(stop.load_after, load, reading.at(number))


def _on_board(reading: Reading, trip: Trip, only: Action) -> Counter[str]:
    """What orders with this action alone put on board when the trip begins (delivery) or leave there (pickup)."""
    load: Counter[str] = Counter()
    for visit in trip.visits:
        order = reading.facts.orders[visit.order]
        if visit.action is only and (order.pickup is None or order.delivery is None):
            load.update(order.load)
    return load


def _over(vehicle: VehicleType, load: Counter[str], where: str) -> Iterator[Violation]:
    for dimension, limit in vehicle.capacity.items():
        if load[dimension] > limit:
            detail = f"{dimension} {load[dimension]} on board, capacity {limit}"
            yield Violation(code="capacity_exceeded", where=where, detail=detail)


def _stated(stated: dict[str, int], load: Counter[str], where: str) -> Iterator[Violation]:
    for dimension in sorted({*stated, *load}):
        if stated.get(dimension, 0) != load[dimension]:
            detail = f"{dimension} stated as {stated.get(dimension, 0)}, is {load[dimension]}"
            yield Violation(code="load_wrong", where=where, detail=detail)
