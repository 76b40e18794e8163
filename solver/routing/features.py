"""What a problem asks of an engine, named, so that engines can say what they cannot model."""

from enum import StrEnum

from solver.compiled import ANY_TIME, met
from solver.problem import Order, Problem, Visit, Window

RouteKey = tuple[int, tuple[int, ...]]
"""A route in the search: vehicle type index, and visits in order of service."""


class Feature(StrEnum):
    """One thing that a problem may need."""

    DELIVERIES = "deliveries"
    COLLECTIONS = "collections"
    TRANSPORTS = "transports"
    WINDOWS = "windows"
    SEVERAL_WINDOWS = "several windows on a visit"
    SEVERAL_WINDOWS_TRANSPORT = "several windows on a transport's visit"
    OPTIONAL = "optional orders"
    SKILLS = "skills"
    HUBS = "orders bound to a hub"
    MIXED_FLEET = "several vehicle types"
    LIMITED_FLEET = "limited number of vehicles"
    SEVERAL_DEPOTS = "several starts or ends"
    OPEN_END = "open end"
    DURATION_LIMIT = "limited duration of a route"
    DISTANCE_LIMIT = "limited distance of a route"
    DISTANCE_LIMIT_STOPS = "limited distance together with a price a stop"
    RELOADS = "reloads"
    RELEASES = "goods released later than the day begins"
    BREAKS = "breaks"
    APART = "groups that must be apart"
    STOPS_LIMIT = "limited number of stops"
    OVERTIME = "overtime"
    TRIP_PRICE = "a price a trip"
    LOCKS = "visits locked to a vehicle"
    CHANGES = "a price of changing what was published"
    BALANCE = "a price of the longest route"
    MINIMUM_USE = "guaranteed minimum use of vehicles"
    HOLDS = "units that must stand in the vehicles' holds"


def features(problem: Problem) -> frozenset[Feature]:
    """
    What a problem needs.

    Windows are counted as met between visit and place, and only those that some vehicle's shift reaches.
    """
    singled_out = bool(problem.locks or (problem.published and problem.change_milli))
    named = {
        Feature.OPTIONAL: any(order.outside_milli is not None for order in problem.orders),
        Feature.SKILLS: any(order.skills for order in problem.orders),
        Feature.HUBS: any(order.hub is not None for order in problem.orders),
        Feature.MIXED_FLEET: len(problem.vehicle_types) > 1 or singled_out,
        Feature.LIMITED_FLEET: any(vehicle.count is not None for vehicle in problem.vehicle_types) or singled_out,
        Feature.SEVERAL_DEPOTS: len({(vehicle.start, vehicle.end) for vehicle in problem.vehicle_types}) > 1,
        Feature.OPEN_END: any(vehicle.end is None for vehicle in problem.vehicle_types),
        Feature.DURATION_LIMIT: any(vehicle.duration_max_s is not None for vehicle in problem.vehicle_types),
        Feature.DISTANCE_LIMIT: any(vehicle.distance_max_m is not None for vehicle in problem.vehicle_types),
        Feature.DISTANCE_LIMIT_STOPS: any(
            vehicle.distance_max_m is not None and vehicle.stop_milli for vehicle in problem.vehicle_types
        ),
    }
    return (
        frozenset(feature for feature, needed in named.items() if needed) | _of_orders(problem) | _of_the_day(problem)
    )


def _of_the_day(problem: Problem) -> frozenset[Feature]:
    """Trips, breaks, what is settled, and what binds or prices routes together."""
    vehicles = problem.vehicle_types
    named = {
        Feature.RELOADS: any(vehicle.reloads and vehicle.reloads_max != 0 for vehicle in vehicles),
        Feature.RELEASES: any(order.release_s for order in problem.orders),
        Feature.BREAKS: any(vehicle.breaks for vehicle in vehicles),
        Feature.APART: bool(problem.apart) and any(order.groups for order in problem.orders),
        Feature.STOPS_LIMIT: any(vehicle.stops_max is not None for vehicle in vehicles),
        Feature.OVERTIME: any(v.overtime_after_s is not None and v.overtime_hour_milli for v in vehicles),
        Feature.TRIP_PRICE: any(vehicle.trip_milli for vehicle in vehicles),
        Feature.LOCKS: any(lock.visits or lock.start_s is not None for lock in problem.locks),
        Feature.CHANGES: bool(problem.published) and problem.change_milli > 0,
        Feature.BALANCE: problem.longest_hour_milli > 0,
        Feature.HOLDS: any(v.hold is not None for v in vehicles) and any(order.units for order in problem.orders),
        Feature.MINIMUM_USE: any(vehicle.use_min and vehicle.unused_milli for vehicle in vehicles),
    }
    return frozenset(feature for feature, needed in named.items() if needed)


def _of_orders(problem: Problem) -> frozenset[Feature]:
    """Kinds of orders and of their windows."""
    needed: set[Feature] = set()
    places = {place.id: place.windows for place in problem.places}
    shift = _all_shifts(problem)
    for order in problem.orders:
        kind = _kind(order)
        needed.add(kind)
        for visit in (order.pickup, order.delivery):
            number = 0 if visit is None else _windows(visit, places[visit.place], shift)
            if number:
                needed.add(Feature.WINDOWS)
            if number > 1:
                needed.add(Feature.SEVERAL_WINDOWS)
                if kind is Feature.TRANSPORTS:
                    needed.add(Feature.SEVERAL_WINDOWS_TRANSPORT)
    return frozenset(needed)


def _kind(order: Order) -> Feature:
    if order.pickup is not None and order.delivery is not None:
        return Feature.TRANSPORTS
    return Feature.DELIVERIES if order.pickup is None else Feature.COLLECTIONS


def _all_shifts(problem: Problem) -> Window:
    """From the earliest leaving to the latest return of any vehicle; no vehicles: nothing."""
    shifts = [vehicle.shift for vehicle in problem.vehicle_types] or [Window(0, 0)]
    return Window(min(shift.open_s for shift in shifts), max(shift.close_s for shift in shifts))


def _windows(visit: Visit, of_place: tuple[Window, ...], shift: Window) -> int:
    """How many windows bind a visit: 0 where any time will do."""
    if not visit.windows and not of_place:
        return 0
    return max(1, len(met(met(of_place or ANY_TIME, visit.windows or ANY_TIME), (shift,))))
