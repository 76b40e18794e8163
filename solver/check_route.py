"""One route against its problem: the checker's rules for what a vehicle does, when, and what it costs."""

from collections import Counter
from collections.abc import Iterator
from math import asin, ceil, cos, radians, sin, sqrt

from solver.plan import Action, Route, Stop, Violation
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

EARTH_RADIUS_M = 6_371_009
ULPS = 1e-12
"""Relative room for the last bits of sine and arcsine, which differ between mathematical libraries."""

Interval = tuple[int, int]
"""Least and greatest value that the definitions allow; the two differ only in derived legs at a rounding edge."""


def check_route(facts: "Facts", route: Route, where: str) -> list[Violation]:
    """Everything wrong with one route, taken by itself; names that the problem does not hold end the check at once."""
    found = list(_unknown(facts, route, where))
    if not found:
        for rule in (_shape, _precedence, _compatibility, _loads, _services, _journey, _limits, _cost):
            found.extend(rule(facts, route, where))
    return found


class Facts:
    """A problem by name."""

    def __init__(self, problem: Problem) -> None:
        self.orders = {order.id: order for order in problem.orders}
        self.places = {place.id: place for place in problem.places}
        self.types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
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


def side_of(order: Order, action: Action) -> Visit | None:
    """What an order asks for under an action."""
    return order.pickup if action is Action.PICKUP else order.delivery


def work_of(route: Route) -> list[tuple[str, Action]]:
    """Orders and actions of a route, in sequence."""
    return [(visit.order, visit.action) for stop in route.stops for visit in stop.visits]


def _unknown(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """Names that the problem does not hold; no other rule of the route is tried when there are any."""
    if route.vehicle_type not in facts.types:
        yield Violation(code="unknown_vehicle_type", where=where, detail=f"no vehicle type {route.vehicle_type!r}")
    for number, stop in enumerate(route.stops):
        at = f"{where}.stops[{number}]"
        if stop.place not in facts.places:
            yield Violation(code="unknown_place", where=at, detail=f"no place {stop.place!r}")
        for visit in stop.visits:
            order = facts.orders.get(visit.order)
            if order is None:
                yield Violation(code="unknown_order", where=at, detail=f"no order {visit.order!r}")
            elif side_of(order, visit.action) is None:
                yield Violation(code="visit_not_asked", where=at, detail=f"{visit.order!r} has no {visit.action}")


def _shape(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """At least one stop, something to do at each, at the right place, and one stop for all that is done there."""
    if not route.stops:
        yield Violation(code="route_empty", where=where, detail="no stops")
    for number, stop in enumerate(route.stops):
        at = f"{where}.stops[{number}]"
        if not stop.visits:
            yield Violation(code="stop_empty", where=at, detail="nothing is done here")
        if number and stop.place == route.stops[number - 1].place:
            yield Violation(code="stop_divided", where=at, detail=f"the vehicle is at {stop.place!r} already")
        for visit in stop.visits:
            asked = side_of(facts.orders[visit.order], visit.action)
            if asked is not None and asked.place != stop.place:
                detail = f"{visit.action} of {visit.order!r} is at {asked.place!r}, not {stop.place!r}"
                yield Violation(code="place_wrong", where=at, detail=detail)


def _precedence(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    picked: set[str] = set()
    for name, action in work_of(route):
        if action is Action.PICKUP:
            picked.add(name)
        elif facts.orders[name].pickup is not None and name not in picked:
            yield Violation(code="order_reversed", where=where, detail=f"{name!r} is delivered before it is picked up")


def _compatibility(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    vehicle = facts.types[route.vehicle_type]
    for name in sorted({name for name, _ in work_of(route)}):
        order = facts.orders[name]
        lacking = set(order.skills) - set(vehicle.skills)
        if lacking:
            yield Violation(code="skill_missing", where=where, detail=f"{name!r} requires {sorted(lacking)}")
        if order.delivery is None and vehicle.end is None:
            yield Violation(code="hub_wrong", where=where, detail=f"{name!r} is collected, but the end is open")
        elif order.pickup is None or order.delivery is None:
            side = vehicle.start if order.pickup is None else vehicle.end
            if order.hub is not None and order.hub != side:
                yield Violation(
                    code="hub_wrong", where=where, detail=f"{name!r} belongs to {order.hub!r}, not {side!r}"
                )


def _loads(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """What is on board when leaving the start and after every visit, against capacity and against what is stated."""
    vehicle = facts.types[route.vehicle_type]
    load: Counter[str] = Counter()
    for name, _ in work_of(route):
        if facts.orders[name].pickup is None:
            load.update(facts.orders[name].load)
    yield from _over(vehicle, load, where)
    yield from _stated(route.load_start, load, where)
    for number, stop in enumerate(route.stops):
        at = f"{where}.stops[{number}]"
        for visit in stop.visits:
            sign = 1 if visit.action is Action.PICKUP else -1
            for dimension, amount in facts.orders[visit.order].load.items():
                load[dimension] += sign * amount
            yield from _over(vehicle, load, at)
        yield from _stated(stop.load_after, load, at)


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


def _services(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """Services last as long as asked, one after another, and begin within the windows of visit and place."""
    for number, stop in enumerate(route.stops):
        at, free_s = f"{where}.stops[{number}]", stop.arrival_s
        for visit in stop.visits:
            asked = side_of(facts.orders[visit.order], visit.action)
            if asked is None:
                continue
            if visit.start_s < free_s:
                detail = f"{visit.order!r} begins at {visit.start_s}, before {free_s}"
                yield Violation(code="service_early", where=at, detail=detail)
            if visit.end_s - visit.start_s != asked.service_s:
                detail = f"{visit.order!r} lasts {visit.end_s - visit.start_s} s, not {asked.service_s} s"
                yield Violation(code="service_length", where=at, detail=detail)
            for windows, owner in ((asked.windows, visit.order), (facts.places[stop.place].windows, stop.place)):
                if windows and not any(_within(visit.start_s, window) for window in windows):
                    detail = f"begins at {visit.start_s}, in no window of {owner!r}"
                    yield Violation(code="window_missed", where=at, detail=detail)
            free_s = visit.end_s
        yield from _stay(stop, free_s, at)


def _within(time_s: int, window: Window) -> bool:
    return window.open_s <= time_s <= window.close_s


def _stay(stop: Stop, free_s: int, at: str) -> Iterator[Violation]:
    """The vehicle leaves when the last service is done; what is not service is waiting."""
    if stop.departure_s != free_s:
        detail = f"leaves at {stop.departure_s}, its services end at {free_s}"
        yield Violation(code="departure_wrong", where=at, detail=detail)
    waiting_s = stop.departure_s - stop.arrival_s - sum(visit.end_s - visit.start_s for visit in stop.visits)
    if stop.waiting_s != waiting_s:
        yield Violation(code="waiting_wrong", where=at, detail=f"stated as {stop.waiting_s} s, is {waiting_s} s")


def _journey(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """Each arrival is the departure before it plus travel; the distance is the sum of the legs."""
    vehicle = facts.types[route.vehicle_type]
    points = [
        (stop.place, stop.arrival_s, stop.departure_s, f"{where}.stops[{k}]") for k, stop in enumerate(route.stops)
    ]
    last = route.stops[-1].place if route.stops else vehicle.start
    points.append((vehicle.end if vehicle.end is not None else last, route.end_s, route.end_s, f"{where}.end_s"))
    here, left_s = vehicle.start, route.start_s
    least_m = most_m = 0
    for there, arrival_s, departure_s, at in points:
        leg = facts.leg(vehicle, here, there)
        if leg is None:
            yield Violation(code="no_way", where=at, detail=f"no way from {here!r} to {there!r}")
            return
        metres, seconds = leg
        least_m, most_m = least_m + metres[0], most_m + metres[1]
        if not left_s + seconds[0] <= arrival_s <= left_s + seconds[1]:
            detail = f"stated as {arrival_s}, is {left_s} + {seconds[0]} = {left_s + seconds[0]}"
            yield Violation(code="arrival_wrong", where=at, detail=detail)
        here, left_s = there, departure_s
    if not least_m <= route.distance_m <= most_m:
        detail = f"stated as {route.distance_m} m, is {least_m} m"
        yield Violation(code="distance_wrong", where=where, detail=detail)


def _limits(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    vehicle = facts.types[route.vehicle_type]
    duration_s = route.end_s - route.start_s
    if route.start_s < vehicle.shift.open_s or route.end_s > vehicle.shift.close_s:
        detail = (
            f"from {route.start_s} to {route.end_s}, the shift is {vehicle.shift.open_s} to {vehicle.shift.close_s}"
        )
        yield Violation(code="shift_left", where=where, detail=detail)
    if vehicle.duration_max_s is not None and duration_s > vehicle.duration_max_s:
        detail = f"{duration_s} s, at most {vehicle.duration_max_s} s are allowed"
        yield Violation(code="duration_exceeded", where=where, detail=detail)
    if vehicle.distance_max_m is not None and route.distance_m > vehicle.distance_max_m:
        detail = f"{route.distance_m} m, at most {vehicle.distance_max_m} m are allowed"
        yield Violation(code="distance_exceeded", where=where, detail=detail)


def _cost(facts: Facts, route: Route, where: str) -> Iterator[Violation]:
    """The tariff's four components; kilometres and hours rounded half up to the thousandth of a minor unit."""
    vehicle = facts.types[route.vehicle_type]
    places = [vehicle.start, *(stop.place for stop in route.stops)]
    arrivals = sum(places[k] != places[k + 1] for k in range(len(places) - 1))
    right = {
        "fixed_milli": vehicle.fixed_milli,
        "distance_milli": _half_up(route.distance_m * vehicle.km_milli, 1_000),
        "time_milli": _half_up((route.end_s - route.start_s) * vehicle.hour_milli, 3_600),
        "stop_milli": arrivals * vehicle.stop_milli,
    }
    for component, amount in right.items():
        stated = getattr(route.cost, component)
        if stated != amount:
            yield Violation(code="cost_wrong", where=f"{where}.cost.{component}", detail=f"{stated}, is {amount}")


def _half_up(amount: int, divisor: int) -> int:
    """``amount / divisor`` to the nearest whole number, halves up."""
    whole, rest = divmod(amount, divisor)
    return whole + (2 * rest >= divisor)
