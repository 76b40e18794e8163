"""The checker's rules for what stands in a vehicle's hold: which units are on board from which stop to which."""

from collections.abc import Iterator

from solver.check_facts import Reading, work_of
from solver.check_stow import check_load
from solver.loads import Cargo, Load
from solver.plan import Action, Violation


def hold(reading: Reading) -> Iterator[Violation]:
    """
    Every unit of a route's orders has its place, and all places go together.

    Stop 0 is the start, ``i`` the i-th stop, the last the end of the route. Without placements goes a vehicle without a
    hold, and one with locked visits that carries nothing beyond what its lock names: it was loaded by people.
    """
    placements = reading.route.placements
    if reading.vehicle.hold is None:
        if placements:
            detail = f"vehicle type {reading.vehicle.id!r} has no hold"
            yield Violation(code="placements_without_hold", where=reading.where, detail=detail)
        return
    if placements or not _settled(reading):
        load = Load(hold=reading.vehicle.hold, cargo=tuple(_cargo(reading)))
        yield from check_load(load, placements, reading.where)


def _settled(reading: Reading) -> bool:
    """Whether all orders with units are named by a lock that has visits."""
    lock = reading.lock
    if lock is None or not lock.visits:
        return False
    named = {*lock.orders, *(visit.order for visit in lock.visits)}
    return all(name in named for name, _ in work_of(reading.route) if reading.facts.orders[name].units)


def _cargo(reading: Reading) -> Iterator[Cargo]:
    """Units by the stops between which they are on board; what is unloaded where it was loaded never is."""
    begin, last = 0, len(reading.route.stops) + 1
    ends = [number for number, stop in enumerate(reading.route.stops, start=1) if stop.reload]
    stays: dict[str, tuple[int, int]] = {}
    for number, stop in enumerate(reading.route.stops, start=1):
        if stop.reload:
            begin = number
        for visit in stop.visits:
            order = reading.facts.orders[visit.order]
            if visit.action is Action.PICKUP:
                end = last if order.delivery is not None else next((end for end in ends if end > number), last)
                stays[visit.order] = number, end
            else:
                since = begin if order.pickup is None else stays.get(visit.order, (number, number))[0]
                stays[visit.order] = since, number
    for name, (since, until) in stays.items():
        for unit in reading.facts.orders[name].units if since < until else ():
            yield Cargo(order=name, unit=unit, from_stop=since, to_stop=until)
