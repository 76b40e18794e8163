"""
The ways to add an order to a route: every position that its lock leaves open, and a reload more where the type has one.

Nothing is judged here but what is plain from the sequence; ``solver.schedule.timetable`` says which ways are feasible.
"""

from collections.abc import Iterator, Sequence

from solver.compiled import DELIVERY, Compiled
from solver.cost import METRES_A_KM, SECONDS_AN_HOUR, rounded, stops
from solver.schedule import legs, service_s


def ways(compiled: Compiled, type_: int, visits: Sequence[int], order: int) -> Iterator[tuple[int, ...]]:
    """
    Sequences with an order added to a route whose other visits keep their order.

    A one-sided order is also offered with one more reload right before or right after it; nothing stands before the
    end of a prefix, nor after that of a closed one.
    """
    visits = tuple(visits)
    first, last = len(compiled.prefix[type_]), len(visits)
    if compiled.closed[type_]:
        return
    new = compiled.visits_of(order)
    if len(new) == 2:
        for i in range(first, last + 1):
            for j in range(i, last + 1):
                yield (*visits[:i], new[0], *visits[i:j], new[1], *visits[j:])
        return
    for k in range(first, last + 1):
        yield (*visits[:k], new[0], *visits[k:])
    most = compiled.vehicle_types[type_].reloads_max
    if most is not None and sum(visit < 0 for visit in visits) >= most:
        return
    for place in compiled.reloads_of[type_]:
        for k in range(first, last + 1):
            loads = new[0] & 1 == DELIVERY
            yield (*visits[:k], *((~place, new[0]) if loads else (new[0], ~place)), *visits[k:])
            if k < last and not loads:
                yield (*visits[:k], ~place, new[0], *visits[k:])
            if k > first and loads:
                yield (*visits[:k], new[0], ~place, *visits[k:])


def least_milli(compiled: Compiled, type_: int, visits: Sequence[int]) -> int:
    """
    A lower bound on the price of a route: everything but waiting, breaks and the overtime that they make.

    2**60 where some leg has no way.
    """
    vehicle = compiled.vehicle_types[type_]
    legs_m, legs_s = legs(compiled, type_, visits)
    happened, left_s = compiled.happened[type_], compiled.left_s[type_]
    past = len(happened)
    if min(legs_m[past:]) < 0 or min(legs_s[past:]) < 0:
        return 2**60
    busy_s = sum(legs_s[past:]) + sum(service_s(compiled, type_, visits, k) for k in range(past, len(visits)))
    if happened and left_s is not None:
        busy_s += happened[-1][1] - left_s
    metres = sum(max(0, metres) for metres in legs_m)
    over_s = 0 if vehicle.overtime_after_s is None else max(0, busy_s - vehicle.overtime_after_s)
    change_milli = 0
    if compiled.problem.change_milli:
        change_milli = sum(int(compiled.change_milli[type_, order]) for order in compiled.orders_of(visits))
    return (
        vehicle.fixed_milli
        + rounded(metres * vehicle.km_milli, METRES_A_KM)
        + rounded(busy_s * vehicle.hour_milli, SECONDS_AN_HOUR)
        + stops(compiled, type_, visits) * vehicle.stop_milli
        + (1 + sum(visit < 0 for visit in visits)) * vehicle.trip_milli
        + rounded(over_s * vehicle.overtime_hour_milli, SECONDS_AN_HOUR)
        + change_milli
    )
