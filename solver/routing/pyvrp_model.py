"""
A problem in PyVRP's terms: same objective, same constraints, indices both ways.

All that a vehicle type pays for driving (kilometres and stops) is folded into the edges of its own profile, so that the
cost that PyVRP minimises is ours times ``factor``. Clients that some types may not serve have a location of their own,
which those types reach only at a prohibitive price. An open end is a depot at no distance from anywhere. A visit with
several windows is a group of clients of which at most one is visited.

Two things are narrowed, so that every route of the model is one of ours but not the other way round: a transport's
visit keeps to one of its windows (the one it has in the start, or alone), and types with a limited distance, whose
edges must hold metres, count no price a stop while searching.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    ClientGroup,
    Depot,
    Location,
    ProblemData,
    Route,
    Shipment,
    Solution,
    VehicleType,
)

from solver.compiled import DELIVERY, PICKUP, Compiled, Table, met
from solver.cost import METRES_A_KM, SECONDS_AN_HOUR
from solver.problem import VehicleType as Tariff
from solver.problem import Window
from solver.routing.alone import Alone
from solver.routing.features import RouteKey
from solver.routing.fleet import offered, simple_way
from solver.schedule import Blocked, timetable

TYPICAL = 10**8
"""What the median order's single trip costs in the model: fine enough to round whole units without harm."""
FORBIDDEN = 2**42
"""Price of an edge that a type may not use; below PyVRP's own limit of 2**44, above any saving in the model."""
PRIZE_MAX = 2**40
NOWHERE = -1

Ints = NDArray[np.int64]


class PyvrpModel:
    """
    Data for PyVRP and the way back.

    Parameters
    ----------
    compiled
        The problem.
    orders
        What is to be planned, each servable alone.
    start
        Feasible routes to begin with.
    alone
        Prices of single orders: the scale of the model.

    Attributes
    ----------
    data
        What PyVRP solves.
    """

    def __init__(self, compiled: Compiled, orders: frozenset[int], start: Sequence[RouteKey], alone: Alone) -> None:
        self.compiled = compiled
        self.orders = sorted(orders)
        self.factor = alone.factor(orders, TYPICAL)
        self.prize = min(PRIZE_MAX, self._scaled(20 * alone.dearest_milli(orders)))
        served = {visit >> 1 for _, visits in start for visit in visits}
        self.all_required = all(order in served or self._outside(order) is not None for order in self.orders)
        offers = offered(compiled, orders, start)
        self.types = [type_ for type_, number in enumerate(offers) if number > 0]
        shifts = [compiled.vehicle_types[type_].shift for type_ in self.types]
        self.reach = Window(min(shift.open_s for shift in shifts), max(shift.close_s for shift in shifts))
        self._add_locations()
        self._begin_s = _begins(compiled, alone, self.orders, start)
        self._add_orders()
        self.data = ProblemData(
            [Location(0, 0) for _ in self._places],
            self._clients,
            self._depots,
            [self._vehicle_type(profile, type_, offers[type_]) for profile, type_ in enumerate(self.types)],
            [self._distances(type_) for type_ in self.types],
            [self._durations(type_) for type_ in self.types],
            self._groups,
            self._shipments,
        )

    def _scaled(self, milli: float) -> int:
        return round(milli * self.factor)

    def _outside(self, order: int) -> int | None:
        return self.compiled.outside_milli[order]

    def _add_locations(self) -> None:
        """Locations: each type's start and end, then places by the set of types that may go there."""
        compiled = self.compiled
        ends = [compiled.end_of[type_] for type_ in self.types]
        keys: list[tuple[str, int, tuple[bool, ...]]] = [
            ("start", compiled.start_of[type_], ()) for type_ in self.types
        ]
        keys += [("end", NOWHERE if end is None else end, ()) for end in ends]
        allowed = {order: tuple(map(bool, compiled.compatible[self.types, order])) for order in self.orders}
        keys += [
            ("visit", compiled.place_of[visit], allowed[order])
            for order in self.orders
            for visit in compiled.visits_of(order)
        ]
        self._location = {key: index for index, key in enumerate(dict.fromkeys(keys))}
        self._allowed = allowed
        self._places: Ints = np.array([place for _, place, _ in self._location], dtype=np.int64)
        self._is_end = np.array([kind == "end" for kind, _, _ in self._location])
        depots = [index for (kind, _, _), index in self._location.items() if kind != "visit"]
        self._depots = [Depot(index) for index in depots]
        self._depot_of = {index: depot for depot, index in enumerate(depots)}

    def _location_of(self, visit: int) -> int:
        return self._location["visit", self.compiled.place_of[visit], self._allowed[visit >> 1]]

    def _add_orders(self) -> None:
        self._clients: list[Client] = []
        self._groups: list[ClientGroup] = []
        self._shipments: list[Shipment] = []
        self.visit_of_client: list[int] = []
        self.order_of_shipment: list[int] = []
        self._client_of: dict[int, list[tuple[Window, int]]] = {}
        for order in self.orders:
            visits = self.compiled.visits_of(order)
            if len(visits) == 2:
                self._add_shipment(order)
            else:
                self._add_clients(visits[0])
        self._shipment_of = {order: index for index, order in enumerate(self.order_of_shipment)}

    def windows(self, visit: int) -> tuple[Window, ...]:
        """Windows of a visit within the shifts."""
        return met(self.compiled.windows_of[visit], (self.reach,))

    def _stake(self, order: int) -> tuple[int, bool]:
        """Prize, and whether it must be served: a mandatory order only once a fleet is known to do it."""
        outside = self._outside(order)
        if outside is not None:
            return min(PRIZE_MAX, self._scaled(outside)), False
        return (0, True) if self.all_required else (self.prize, False)

    def _add_clients(self, visit: int) -> None:
        """One client for each window."""
        prize, required = self._stake(visit >> 1)
        amount = list(self.compiled.loads[visit >> 1])
        windows = self.windows(visit)
        group = len(self._groups) if len(windows) > 1 else None
        first = len(self._clients)
        for window in windows:
            self._client_of.setdefault(visit, []).append((window, len(self._clients)))
            self._clients.append(
                Client(
                    self._location_of(visit),
                    delivery=amount if visit & 1 == DELIVERY else [0] * len(amount),
                    pickup=amount if visit & 1 == PICKUP else [0] * len(amount),
                    service_duration=self.compiled.service_of[visit],
                    tw_early=window.open_s,
                    tw_late=window.close_s,
                    release_time=self.compiled.release_s[visit >> 1] if visit & 1 == DELIVERY else 0,
                    prize=prize,
                    required=required and group is None,
                    group=group,
                )
            )
            self.visit_of_client.append(visit)
        if group is not None:
            self._groups.append(ClientGroup(list(range(first, len(self._clients))), required=required))

    def _add_shipment(self, order: int) -> None:
        prize, required = self._stake(order)
        pickup, delivery = self.compiled.visits_of(order)
        pickup_window, delivery_window = self._window(pickup), self._window(delivery)
        self._shipments.append(
            Shipment(
                self._location_of(pickup),
                self._location_of(delivery),
                pickup_tw_early=pickup_window.open_s,
                pickup_tw_late=pickup_window.close_s,
                pickup_service_duration=self.compiled.service_of[pickup],
                delivery_tw_early=delivery_window.open_s,
                delivery_tw_late=delivery_window.close_s,
                delivery_service_duration=self.compiled.service_of[delivery],
                amount=list(self.compiled.loads[order]),
                prize=prize,
                required=required,
            )
        )
        self.order_of_shipment.append(order)

    def _window(self, visit: int) -> Window:
        """The window that a transport's visit keeps to."""
        begin = self._begin_s[visit]
        return next(w for w in self.windows(visit) if w.open_s <= begin <= w.close_s)

    def _vehicle_type(self, profile: int, type_: int, number: int) -> VehicleType:
        vehicle = self.compiled.vehicle_types[type_]
        end = self.compiled.end_of[type_]
        total = [
            sum(self.compiled.loads[order][d] for order in self.orders) for d in range(len(self.compiled.dimensions))
        ]
        limits = self._duration_limits(vehicle)
        if vehicle.distance_max_m is not None:
            limits["max_distance"] = vehicle.distance_max_m
        return VehicleType(
            num_available=number,
            capacity=[min(limit, total[d]) for d, limit in enumerate(self.compiled.capacities[type_])],
            start_depot=self._depot_of[self._location["start", self.compiled.start_of[type_], ()]],
            end_depot=self._depot_of[self._location["end", NOWHERE if end is None else end, ()]],
            fixed_cost=self._scaled(vehicle.fixed_milli + vehicle.trip_milli),
            tw_early=vehicle.shift.open_s,
            tw_late=vehicle.shift.close_s,
            unit_distance_cost=self._metre_price(type_) or 1,
            unit_duration_cost=self._scaled(vehicle.hour_milli / SECONDS_AN_HOUR),
            profile=profile,
            **limits,
        )

    def _duration_limits(self, vehicle: Tariff) -> dict[str, int]:
        """The limit of duration, and overtime up to it."""
        most, after = vehicle.duration_max_s, vehicle.overtime_after_s
        if after is None or (most is not None and most <= after):
            return {} if most is None else {"shift_duration": most}
        return {
            "shift_duration": after,
            "max_overtime": (vehicle.shift.close_s if most is None else most) - after,
            "unit_overtime_cost": self._scaled(vehicle.overtime_hour_milli / SECONDS_AN_HOUR),
        }

    def _metre_price(self, type_: int) -> int:
        """Price of a metre where edges must hold metres, because their sum is limited; 0 where edges hold prices."""
        vehicle = self.compiled.vehicle_types[type_]
        return 0 if vehicle.distance_max_m is None else max(1, self._scaled(vehicle.km_milli / METRES_A_KM))

    def _between(self, table: Table) -> Ints:
        """A table of places as one of locations: 0 within a place and to an open end, -1 where there is no way."""
        spread: Ints = table[np.ix_(self._places, self._places)].astype(np.int64)
        spread[self._places[:, None] == self._places[None, :]] = 0
        spread[:, self._places == NOWHERE] = 0
        spread[self._places == NOWHERE, :] = 0
        return spread

    def _distances(self, type_: int) -> Ints:
        vehicle = self.compiled.vehicle_types[type_]
        metres = self._between(self.compiled.distance_m[type_])
        if self._metre_price(type_):
            prices, forbidden = metres.copy(), FORBIDDEN // self._metre_price(type_)
        else:
            stops = (self._places[:, None] != self._places[None, :]) & ~self._is_end[None, :]
            milli = metres * (vehicle.km_milli / METRES_A_KM) + stops * vehicle.stop_milli
            prices, forbidden = np.rint(milli * self.factor).astype(np.int64), FORBIDDEN
        position = self.types.index(type_)
        closed = np.array([kind == "visit" and not allowed[position] for kind, _, allowed in self._location])
        prices[(metres < 0) | closed[None, :]] = forbidden
        np.fill_diagonal(prices, 0)
        return prices

    def _durations(self, type_: int) -> Ints:
        return np.maximum(self._between(self.compiled.duration_s[type_]), 0)

    def solution(self, routes: Iterable[RouteKey]) -> Solution:
        """Our routes in PyVRP's terms; those that use a vehicle not offered are left out."""
        built = [
            Route(self.data, self._activities(type_, visits), self.types.index(type_))
            for type_, visits in routes
            if type_ in self.types and all(visit >> 1 in self._allowed for visit in visits)
        ]
        return Solution(self.data, built)

    def _activities(self, type_: int, visits: Sequence[int]) -> list[Activity]:
        times = timetable(self.compiled, type_, visits)
        activities = []
        for k, visit in enumerate(visits):
            if visit >> 1 in self._shipment_of:
                kind = ActivityType.DELIVERY if visit & 1 == DELIVERY else ActivityType.PICKUP
                activities.append(Activity(kind, self._shipment_of[visit >> 1]))
                continue
            begin = 0 if isinstance(times, Blocked) else times.begin_s[k]
            fitting = (client for window, client in self._client_of[visit] if begin <= window.close_s)
            activities.append(Activity(ActivityType.CLIENT, next(fitting, self._client_of[visit][-1][1])))
        return activities

    def key(self, route: Route) -> RouteKey:
        """A route of PyVRP's in our terms."""
        visits = []
        for activity in route:
            if activity.is_client():
                visits.append(self.visit_of_client[activity.idx])
            elif activity.is_shipment():
                visits.append(
                    2 * self.order_of_shipment[activity.idx] + (DELIVERY if activity.is_delivery() else PICKUP)
                )
        return self.types[route.vehicle_type()], tuple(visits)


def _begins(compiled: Compiled, alone: Alone, orders: Sequence[int], start: Sequence[RouteKey]) -> dict[int, int]:
    """When each visit's service begins: in the start, or else alone on the cheapest vehicle."""
    by_itself = [simple_way(compiled, alone, order) for order in orders]
    begins: dict[int, int] = {}
    for type_, visits in [*(way for way in by_itself if way is not None), *start]:
        times = timetable(compiled, type_, visits)
        if not isinstance(times, Blocked):
            begins.update(zip(visits, times.begin_s, strict=True))
    return begins
