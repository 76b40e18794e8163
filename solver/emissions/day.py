"""A plan beside its problem, by name: what the account of emissions looks up, and what must be there for it."""

from collections.abc import Iterator
from functools import cached_property
from math import asin, ceil, cos, radians, sin, sqrt

from solver.emissions.words import DistanceType, Method
from solver.faults import Fault, ProblemError
from solver.matrix import UNREACHABLE, Ints
from solver.plan import Plan, Route
from solver.problem import Order, Place, Problem, VehicleType
from solver.travel import EARTH_RADIUS_M, matrices

Lane = tuple[str, str]
"""Places where an order's goods are loaded and unloaded; the second is empty where an open route never unloads them."""


class Day:
    """
    A plan that speaks of its problem's places, orders and vehicle types, and serves no order twice.

    Raises
    ------
    ProblemError
        ``vehicle_type_unknown``, ``place_unknown``, ``order_unknown``, ``order_repeated``, ``visit_not_asked``,
        ``route_empty``. Whether the plan keeps the problem's other rules is for ``solver.check``.
    """

    def __init__(self, problem: Problem, plan: Plan, method: Method) -> None:
        self.problem, self.plan, self.method = problem, plan, method
        self.orders = {order.id: order for order in problem.orders}
        self.types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
        self.rows = {place.id: row for row, place in enumerate(problem.places)}
        self._profiles = {profile.id: profile for profile in problem.profiles}
        self._metres: dict[str, Ints] = {}
        faults = list(self._names()) or list(self._visits())
        if faults:
            raise ProblemError(faults)
        self.lanes = [lanes(route, self.types[route.vehicle_type], self.orders) for route in plan.routes]

    def _names(self) -> Iterator[Fault]:
        """Names that the problem does not hold."""
        cure = "give the problem that the plan was made for"
        for number, route in enumerate(self.plan.routes):
            where = f"routes[{number}]"
            if route.vehicle_type not in self.types:
                cause = f"there is no vehicle type {route.vehicle_type!r}"
                yield Fault(code="vehicle_type_unknown", where=f"{where}.vehicle_type", cause=cause, cure=cure)
            for index, stop in enumerate(route.stops):
                at = f"{where}.stops[{index}]"
                if stop.place not in self.rows:
                    cause = f"there is no place {stop.place!r}"
                    yield Fault(code="place_unknown", where=f"{at}.place", cause=cause, cure=cure)
                for visit in stop.visits:
                    if visit.order not in self.orders:
                        cause = f"there is no order {visit.order!r}"
                        yield Fault(code="order_unknown", where=f"{at}.visits", cause=cause, cure=cure)

    def _visits(self) -> Iterator[Fault]:
        """Routes without any order; orders served twice, or otherwise than they ask."""
        served: set[tuple[str, str]] = set()
        home: dict[str, int] = {}
        for number, route in enumerate(self.plan.routes):
            where = f"routes[{number}]"
            visits = [visit for stop in route.stops for visit in stop.visits]
            if not visits:
                cause = "it serves no order, so nobody bears its emissions"
                yield Fault(code="route_empty", where=where, cause=cause, cure="leave it out")
            for visit in visits:
                asked = getattr(self.orders[visit.order], visit.action)
                if asked is None:
                    cause = f"{visit.order!r} asks for no {visit.action}"
                    yield Fault(code="visit_not_asked", where=where, cause=cause, cure="the visits that it asks for")
                if (visit.order, visit.action) in served or home.setdefault(visit.order, number) != number:
                    cause = f"{visit.order!r} is served before"
                    yield Fault(code="order_repeated", where=where, cause=cause, cure="serve it once")
                served.add((visit.order, visit.action))

    @cached_property
    def served(self) -> list[Order]:
        """Orders on a route, in the problem's order."""
        on_board = {name for lane in self.lanes for name in lane}
        return [order for order in self.problem.orders if order.id in on_board]

    def derived(self, vehicle: VehicleType) -> bool:
        """Whether distances of a vehicle's profile are straight lines times circuity."""
        profile = self._profiles[vehicle.profile]
        return profile.distance_m is None or profile.duration_s is None

    def driven_m(self, vehicle: VehicleType, here: str, there: str) -> int:
        """Metres that a vehicle drives from place to place; ``UNREACHABLE`` where there is no way."""
        if here == there:
            return 0
        if vehicle.profile not in self._metres:
            self._metres[vehicle.profile] = matrices(self._profiles[vehicle.profile], self.problem.places)[0]
        return int(self._metres[vehicle.profile][self.rows[here], self.rows[there]])

    def direct_m(self, vehicle: VehicleType, lane: Lane) -> int:
        """Metres of a transport activity, by the method's type of distance; ``UNREACHABLE`` where there are none."""
        if not lane[1]:
            return UNREACHABLE
        if self.method.distance is DistanceType.SHORTEST_FEASIBLE:
            return self.driven_m(vehicle, *lane)
        here, there = (self.problem.places[self.rows[name]] for name in lane)
        return great_circle_m(here, there)


def lanes(route: Route, vehicle: VehicleType, orders: dict[str, Order]) -> dict[str, Lane]:
    """
    Where the goods of each order on a route are loaded and unloaded.

    Deliveries are loaded where their trip begins, collections unloaded where it ends: at the vehicle's start, a reload,
    or the vehicle's end. Transports go from A to B.
    """
    found: dict[str, Lane] = {}
    collected: dict[str, str] = {}
    begin = vehicle.start
    for stop in route.stops:
        if stop.reload:
            found.update({name: (place, stop.place) for name, place in collected.items()})
            collected, begin = {}, stop.place
        for visit in stop.visits:
            order = orders[visit.order]
            if order.pickup is not None and order.delivery is not None:
                found[order.id] = (order.pickup.place, order.delivery.place)
            elif order.delivery is not None:
                found[order.id] = (begin, stop.place)
            else:
                collected[order.id] = stop.place
    found.update({name: (place, vehicle.end or "") for name, place in collected.items()})
    return found


def great_circle_m(here: Place, there: Place) -> int:
    """
    Great-circle distance in metres, rounded up; ``UNREACHABLE`` where a place has no coordinates.

    Haversine formula on a sphere of the Earth's mean radius, with latitudes and longitudes of WGS 84: at most about
    0.5 % off the geodesic of the ellipsoid.
    """
    if here.id == there.id:
        return 0
    if here.lat is None or here.lon is None or there.lat is None or there.lon is None:
        return UNREACHABLE
    lat, lat_2 = radians(here.lat), radians(there.lat)
    across = sin((radians(here.lon) - radians(there.lon)) / 2) ** 2
    chord = sin((lat - lat_2) / 2) ** 2 + cos(lat) * cos(lat_2) * across
    return ceil(2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord))))
