"""A problem by name, and a plan's route as the checker reads it: steps, trips, what has happened."""

from collections.abc import Iterator
from math import asin, ceil, cos, radians, sin, sqrt
from typing import NamedTuple

from solver.plan import Action, PlannedVisit, Route
from solver.problem import Lock, Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

EARTH_RADIUS_M = 6_371_009
ULPS = 1e-12
"""Relative room for the last bits of sine and arcsine, which differ between mathematical libraries."""

Interval = tuple[int, int]
"""Least and greatest value that the definitions allow; the two differ only in derived legs at a rounding edge."""


class Facts:
    """A problem by name."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.orders = {order.id: order for order in problem.orders}
        self.places = {place.id: place for place in problem.places}
        self.types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
        self.locks = {(lock.vehicle_type, lock.vehicle): lock for lock in problem.locks}
        self.published = {entry.order: (entry.vehicle_type, entry.vehicle) for entry in problem.published}
        self._profiles = {profile.id: profile for profile in problem.profiles}
        self._rows = {place.id: row for row, place in enumerate(problem.places)}

    def leg(self, vehicle: VehicleType, here: str, there: str) -> tuple[Interval, Interval] | None:
        """Metres and seconds from one place to another; None where there is no way."""
        if here == there:
            return (0, 0), (0, 0)
        profile = self._profiles[vehicle.profile]
        if profile.distance_m is None or profile.duration_s is None:
            return _great_circle(profile, self.places[here], self.places[there])
        row, column = self._rows[here], self._rows[there]
        metres, seconds = int(profile.distance_m.values[row, column]), int(profile.duration_s.values[row, column])
        return None if metres < 0 or seconds < 0 else ((metres, metres), (seconds, seconds))

    def lock(self, route: Route) -> Lock | None:
        """What is settled about a route's vehicle."""
        return self.locks.get((route.vehicle_type, route.vehicle))


def _great_circle(profile: TravelProfile, here: Place, there: Place) -> tuple[Interval, Interval]:
    """Haversine metres times circuity, and that at constant speed, both rounded up."""
    lat, lon = radians(here.lat or 0.0), radians(here.lon or 0.0)
    lat_2, lon_2 = radians(there.lat or 0.0), radians(there.lon or 0.0)
    chord = sin((lat - lat_2) / 2) ** 2 + cos(lat) * cos(lat_2) * sin((lon - lon_2) / 2) ** 2
    road = [
        2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, chord * edge))) * profile.circuity_percent / 100 * edge
        for edge in (1 - ULPS, 1 + ULPS)
    ]
    hours = [metres * 3.6 / profile.speed_kmh for metres in road]
    return (ceil(road[0]), ceil(road[1])), (ceil(hours[0]), ceil(hours[1]))


class Step(NamedTuple):
    """One service of a route: a visit, or a reload (``visit`` None), at stop number ``stop``."""

    stop: int
    visit: PlannedVisit | None


class Reading:
    """
    A route and what the checker needs to know to judge it.

    Attributes
    ----------
    steps
        Services in order; the first ``happened`` of them have happened, says the lock.
    happened_stops
        How many stops begin with a service that has happened.
    left_s
        When the vehicle left its start, where that is settled.
    past_s
        When the last service that has happened was done; -1 where none has.
    """

    def __init__(self, facts: Facts, route: Route, where: str) -> None:
        self.facts, self.route, self.where = facts, route, where
        self.vehicle = facts.types[route.vehicle_type]
        self.lock = facts.lock(route)
        self.steps = list(_steps(route))
        locked = () if self.lock is None else self.lock.visits
        past = [visit.end_s for visit in locked if visit.start_s is not None and visit.end_s is not None]
        self.happened = min(len(past), len(self.steps))
        self.past_s = past[self.happened - 1] if self.happened else -1
        self.happened_stops = 1 + self.steps[self.happened - 1].stop if self.happened else 0
        self.left_s = None if self.lock is None else self.lock.start_s

    def at(self, stop: int) -> str:
        """Where a stop stands in the plan."""
        return f"{self.where}.stops[{stop}]"

    def trips(self) -> list["Trip"]:
        """The route cut at its reloads."""
        trips = [Trip(self.vehicle.start, self.vehicle.end, self.route.start_s, -1, [])]
        for number, stop in enumerate(self.route.stops):
            if stop.reload:
                begin_s = stop.departure_s - self.service_of_reload(number)
                trips[-1] = trips[-1]._replace(end=stop.place)
                trips.append(Trip(stop.place, self.vehicle.end, begin_s, number, []))
            trips[-1].visits.extend(stop.visits)
        return trips

    def service_of_reload(self, number: int) -> int:
        """Seconds that a reload takes: as stated where it has happened."""
        for position, step in enumerate(self.steps[: self.happened]):
            locked = None if self.lock is None else self.lock.visits[position]
            if step.stop == number and locked is not None and locked.start_s is not None and locked.end_s is not None:
                return locked.end_s - locked.start_s
        return self.vehicle.reload_s


class Trip(NamedTuple):
    """What lies between two loadings: begin and end place, when it begins, the reload stop that begins it or -1."""

    begin: str
    end: str | None
    begin_s: int
    stop: int
    visits: list[PlannedVisit]


def _steps(route: Route) -> Iterator[Step]:
    for number, stop in enumerate(route.stops):
        if stop.reload:
            yield Step(number, None)
        for visit in stop.visits:
            yield Step(number, visit)


def side_of(order: Order, action: Action) -> Visit | None:
    """What an order asks for under an action."""
    return order.pickup if action is Action.PICKUP else order.delivery


def work_of(route: Route) -> list[tuple[str, Action]]:
    """Orders and actions of a route, in sequence."""
    return [(visit.order, visit.action) for stop in route.stops for visit in stop.visits]


def within(time_s: int, windows: tuple[Window, ...]) -> bool:
    """Whether a time lies in one of the windows; without windows any does."""
    return not windows or any(window.open_s <= time_s <= window.close_s for window in windows)


def half_up(amount: int, divisor: int) -> int:
    """``amount / divisor`` to the nearest whole number, halves up."""
    whole, rest = divmod(amount, divisor)
    return whole + (2 * rest >= divisor)
