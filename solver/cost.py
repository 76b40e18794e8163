"""What routes cost: the one place that derives costs, in thousandths of a minor unit."""

from collections import Counter
from collections.abc import Iterable, Sequence

from solver.compiled import Compiled
from solver.plan import RouteCost
from solver.schedule import Timetable

METRES_A_KM = 1_000
SECONDS_AN_HOUR = 3_600


def route_cost(compiled: Compiled, type_: int, visits: Sequence[int], times: Timetable) -> RouteCost:
    """
    Price of one route by its vehicle type's tariff.

    Kilometres, hours and overtime are rounded half up to the thousandth of a minor unit, once a route and component.
    """
    vehicle = compiled.vehicle_types[type_]
    trip_milli = change_milli = overtime_milli = 0
    if vehicle.trip_milli:
        trip_milli = vehicle.trip_milli * (1 + sum(visit < 0 for visit in visits))
    if compiled.problem.change_milli:
        row = compiled.change_milli[type_]
        change_milli = sum(int(row[order]) for order in compiled.orders_of(visits))
    if vehicle.overtime_after_s is not None:
        over_s = max(0, times.duration_s - vehicle.overtime_after_s)
        overtime_milli = rounded(over_s * vehicle.overtime_hour_milli, SECONDS_AN_HOUR)
    return RouteCost(
        fixed_milli=vehicle.fixed_milli,
        distance_milli=rounded(times.distance_m * vehicle.km_milli, METRES_A_KM),
        time_milli=rounded(times.duration_s * vehicle.hour_milli, SECONDS_AN_HOUR),
        stop_milli=stops(compiled, type_, visits) * vehicle.stop_milli,
        trip_milli=trip_milli,
        overtime_milli=overtime_milli,
        change_milli=change_milli,
    )


def plan_terms_milli(compiled: Compiled, routes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """
    What a plan costs beside its routes and the orders left out.

    Parameters
    ----------
    compiled
        The problem.
    routes
        Vehicle type index and duration in seconds of each route.

    Returns
    -------
    longest_milli, unused_milli
        Price of the hours of the longest route, rounded half up; price of the vehicles by which each of the problem's
        types (singled-out vehicles are of it) falls short of its guaranteed minimum.
    """
    used: Counter[str] = Counter()
    longest_s = 0
    for type_, duration_s in routes:
        used[compiled.identity[type_][0]] += 1
        longest_s = max(longest_s, duration_s)
    longest_milli = rounded(longest_s * compiled.problem.longest_hour_milli, SECONDS_AN_HOUR)
    unused_milli = sum(
        max(0, vehicle.use_min - used[vehicle.id]) * vehicle.unused_milli for vehicle in compiled.problem.vehicle_types
    )
    return longest_milli, unused_milli


def stops(compiled: Compiled, type_: int, visits: Sequence[int]) -> int:
    """How often the vehicle arrives at a place other than the one it was at, to reload too; its end not counted."""
    here = compiled.start_of[type_]
    count = 0
    for visit in visits:
        there = compiled.place_of[visit] if visit >= 0 else ~visit
        count += there != here
        here = there
    return count


def rounded(amount: int, divisor: int) -> int:
    """``amount / divisor`` rounded half up; ``amount`` not negative."""
    return (amount + divisor // 2) // divisor
