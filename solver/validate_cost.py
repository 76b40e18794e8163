"""No plan may cost more than a 64-bit integer holds, whatever the search tries."""

from collections.abc import Iterator

import numpy as np

from solver.faults import Fault
from solver.parts import Draft, TravelProfile, VehicleType
from solver.validate_values import INT64_MAX, fault

METRES_A_DEGREE = 111_200
CURE = "give costs in a coarser unit"


def overflow_faults(problem: Draft) -> Iterator[Fault]:
    """
    Faults of prices that are right by themselves and too large together.

    Products are bounded before they are divided (metres times price a kilometre), for that is how they are computed.
    """
    routes = len(problem.orders)
    outside = sum(order.outside_milli or 0 for order in problem.orders)
    if outside > INT64_MAX:
        yield fault("cost_overflow", "orders", "all outside options together pass 64 bits", CURE)
    shared = routes * problem.change_milli if problem.published else 0
    if shared > INT64_MAX:
        yield fault("cost_overflow", "change_milli", "all changes together pass 64 bits", CURE)
    unused = sum(vehicle.use_min * vehicle.unused_milli for vehicle in problem.vehicle_types)
    if unused > INT64_MAX:
        yield fault("cost_overflow", "vehicle_types", "all vehicles not used together pass 64 bits", CURE)
    common = outside + shared + unused + _longest_s(problem) * problem.longest_hour_milli
    longest = {profile.id: _longest_m(problem, profile) for profile in problem.profiles}
    for index, vehicle in enumerate(problem.vehicle_types):
        if common + _worst_milli(vehicle, routes, longest[vehicle.profile]) > INT64_MAX:
            cause = "the dearest conceivable plan with it passes 64 bits"
            yield fault("cost_overflow", f"vehicle_types[{index}]", cause, CURE)


def _worst_milli(vehicle: VehicleType, routes: int, longest_m: int) -> int:
    """More than any plan with vehicles of one type alone: a route an order, a reload a visit."""
    reloads = 2 * routes if vehicle.reloads else 0
    legs = 3 * routes + reloads
    hour_milli = vehicle.hour_milli + vehicle.overtime_hour_milli
    return (
        legs * (longest_m * vehicle.km_milli + vehicle.stop_milli)
        + routes * (vehicle.shift.close_s * hour_milli + vehicle.fixed_milli)
        + (routes + reloads) * vehicle.trip_milli
    )


def _longest_s(problem: Draft) -> int:
    """No route lasts longer."""
    return max((vehicle.shift.close_s for vehicle in problem.vehicle_types), default=0)


def _longest_m(problem: Draft, profile: TravelProfile) -> int:
    """No leg of a profile is longer; without a matrix from the rectangle of degrees that holds all places."""
    if profile.distance_m is not None:
        return max(0, int(np.max(profile.distance_m.values)))
    lat = [place.lat for place in problem.places if place.lat is not None]
    lon = [place.lon for place in problem.places if place.lon is not None]
    degrees = max(lat) - min(lat) + max(lon) - min(lon)
    return int(degrees * METRES_A_DEGREE * profile.circuity_percent / 100) + 1
