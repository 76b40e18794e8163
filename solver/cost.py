"""What a route costs: the one place that derives costs, in thousandths of a minor unit."""

from collections.abc import Sequence

from solver.compiled import Compiled
from solver.plan import RouteCost
from solver.schedule import Timetable

METRES_A_KM = 1_000
SECONDS_AN_HOUR = 3_600


def route_cost(compiled: Compiled, type_: int, visits: Sequence[int], times: Timetable) -> RouteCost:
    """
    Price of one route by its vehicle type's tariff.

    Kilometres and hours are rounded half up to the thousandth of a minor unit, once a route and component.
    """
    vehicle = compiled.problem.vehicle_types[type_]
    return RouteCost(
        fixed_milli=vehicle.fixed_milli,
        distance_milli=rounded(times.distance_m * vehicle.km_milli, METRES_A_KM),
        time_milli=rounded(times.duration_s * vehicle.hour_milli, SECONDS_AN_HOUR),
        stop_milli=stops(compiled, type_, visits) * vehicle.stop_milli,
    )


def stops(compiled: Compiled, type_: int, visits: Sequence[int]) -> int:
    """How often the vehicle arrives at a place other than the one it was at, its end not counted."""
    here = compiled.start_of[type_]
    count = 0
    for visit in visits:
        there = compiled.place_of[visit]
        count += there != here
        here = there
    return count


def rounded(amount: int, divisor: int) -> int:
    """``amount / divisor`` rounded half up; ``amount`` not negative."""
    return (amount + divisor // 2) // divisor
