"""
PyVRP alone (Wouda, Lan, Kool 2024), modelled by hand from the problem as its users would, with its own default search.

Prices are scaled so that a vehicle or a typical trip costs about a million of PyVRP's units, as its penalties presume.
Where distance alone is paid, a unit of distance costs one.
"""

from statistics import median
from typing import Any

import numpy as np
import pyvrp
from pyvrp import Client, Depot, Location, ProblemData, Shipment, VehicleType
from pyvrp.stop import MaxIterations, MaxRuntime

from benchmarks.routing.fleet import Ints, Tables, offered, tables
from solver.problem import Order, Problem, Visit

RouteKey = tuple[int, tuple[int, ...]]
TYPICAL = 1_000_000
FORBIDDEN = 2**40
MAX_PENALTY = 1e7


class Model:
    """A problem as PyVRP's data, and the way back."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.travel = tables(problem)
        self._row = {place.id: row for row, place in enumerate(problem.places)}
        self.factor = scale(problem, self.travel)
        self.dimensions = sorted({name for vehicle in problem.vehicle_types for name in vehicle.capacity})
        self._clients: list[Client] = []
        self._shipments: list[Shipment] = []
        self.order_of_client: list[int] = []
        self.order_of_shipment: list[int] = []
        for index, order in enumerate(problem.orders):
            self._add(index, order)
        self.depots = sorted({self._row[name] for vehicle in problem.vehicle_types for name in _depots(vehicle)})
        self.data = self._data()

    def _add(self, index: int, order: Order) -> None:
        optional = order.outside_milli is not None
        stake: dict[str, Any] = {
            "required": not optional,
            "prize": round((order.outside_milli or 0) * self.factor),
        }
        amount = [order.load.get(name, 0) for name in self.dimensions]
        if order.pickup is not None and order.delivery is not None:
            sides = {f"pickup_{k}": v for k, v in _times(order.pickup).items()}
            sides |= {f"delivery_{k}": v for k, v in _times(order.delivery).items()}
            places = self._row[order.pickup.place], self._row[order.delivery.place]
            self._shipments.append(Shipment(*places, amount=amount, **sides, **stake))
            self.order_of_shipment.append(index)
            return
        visit = order.delivery or order.pickup
        if visit is None:
            return
        goods = {"delivery" if order.delivery else "pickup": amount}
        times = _times(visit)
        self._clients.append(Client(self._row[visit.place], release_time=order.release_s, **goods, **times, **stake))
        self.order_of_client.append(index)

    def _data(self) -> ProblemData:
        problem = self.problem
        priced = [self._prices(type_) for type_ in range(len(problem.vehicle_types))]
        same = all(np.array_equal(priced[0], table) for table in priced)
        counts = offered(problem, self.travel)
        kinds = []
        for type_, vehicle in enumerate(problem.vehicle_types):
            limits: dict[str, Any] = {}
            if vehicle.duration_max_s is not None:
                limits["shift_duration"] = vehicle.duration_max_s
            if vehicle.reloads:
                limits["reload_depots"] = [self.depots.index(self._row[name]) for name in vehicle.reloads]
            kinds.append(
                VehicleType(
                    # PyVRP tries one empty vehicle a type: what an instance has is no burden, what is unlimited is.
                    num_available=vehicle.count or counts[type_],
                    capacity=[vehicle.capacity.get(name, 2**40) for name in self.dimensions],
                    start_depot=self.depots.index(self._row[vehicle.start]),
                    end_depot=self.depots.index(self._row[vehicle.end or vehicle.start]),
                    fixed_cost=round(vehicle.fixed_milli * self.factor),
                    tw_early=vehicle.shift.open_s,
                    tw_late=vehicle.shift.close_s,
                    unit_distance_cost=1,
                    unit_duration_cost=round(vehicle.hour_milli / 3_600 * self.factor),
                    profile=0 if same else type_,
                    **limits,
                )
            )
        durations = [np.maximum(table, 0) for table in self.travel.duration_s]
        return ProblemData(
            [Location(place.lon or 0.0, place.lat or 0.0) for place in problem.places],
            self._clients,
            [Depot(row) for row in self.depots],
            kinds,
            priced[:1] if same else priced,
            durations[:1] if same else durations,
            [],
            self._shipments,
        )

    def _prices(self, type_: int) -> Ints:
        """What each way costs in PyVRP's units; ways that do not exist are dearer than anything."""
        metres = self.travel.distance_m[type_]
        milli = metres * (self.problem.vehicle_types[type_].km_milli / 1_000)
        prices: Ints = np.where(metres < 0, FORBIDDEN, np.rint(milli * self.factor)).astype(np.int64)
        np.fill_diagonal(prices, 0)
        return prices

    def routes(self, solution: pyvrp.Solution) -> list[RouteKey]:
        """A solution as vehicle types and visits; a depot between two trips is the negative number of its place."""
        return [(route.vehicle_type(), self._visits(route)) for route in solution.routes()]

    def _visits(self, route: pyvrp.Route) -> tuple[int, ...]:
        visits = []
        activities = list(route)
        for position, activity in enumerate(activities):
            if activity.is_client():
                order = self.order_of_client[activity.idx]
                visits.append(2 * order + (self.problem.orders[order].delivery is not None))
            elif activity.is_shipment():
                visits.append(2 * self.order_of_shipment[activity.idx] + activity.is_delivery())
            elif 0 < position < len(activities) - 1:
                visits.append(~self.depots[activity.idx])
        return tuple(visits)


def _depots(vehicle: Any) -> tuple[str, ...]:
    return (vehicle.start, vehicle.end or vehicle.start, *vehicle.reloads)


def _times(visit: Visit) -> dict[str, int]:
    """Window and service; several windows are beyond these sets."""
    if len(visit.windows) > 1:
        raise ValueError("several windows a visit are not modelled here")
    times = {"service_duration": visit.service_s}
    if visit.windows:
        times |= {"tw_early": visit.windows[0].open_s, "tw_late": visit.windows[0].close_s}
    return times


def scale(problem: Problem, travel: Tables) -> float:
    """PyVRP's units for a thousandth of a minor unit."""
    kinds = problem.vehicle_types
    prices = {vehicle.km_milli for vehicle in kinds}
    if len(prices) == 1 and not any(vehicle.fixed_milli or vehicle.hour_milli for vehicle in kinds):
        return 1_000 / prices.pop()
    trip = max(float(median(table[table >= 0])) * 2 * v.km_milli / 1_000 for table, v in zip(travel.distance_m, kinds,
                                                                                          strict=True))  # fmt: skip
    return TYPICAL / max(trip, *(vehicle.fixed_milli for vehicle in kinds), 1.0)


def solve(problem: Problem, *, seconds: float | None, seed: int, iterations: int = 0) -> list[RouteKey]:
    """Search for so long, or with ``seconds`` None for so many iterations."""
    model = Model(problem)
    stop = MaxIterations(iterations) if seconds is None else MaxRuntime(seconds)
    params = pyvrp.SolveParams(penalty=pyvrp.PenaltyParams(max_penalty=MAX_PENALTY))
    result = pyvrp.solve(model.data, stop, seed=seed, collect_stats=False, display=False, params=params)
    return model.routes(result.best)
