"""
A problem in the terms of OR-Tools' routing library: one trip a vehicle, exactly.

Nodes are visits, and one start and one end for each vehicle type. Loads need two dimensions a quantity where deliveries
and collections share a vehicle: the goods still to be delivered, which are none at the end, and all that is on board,
which at the start equals the former.
"""

from collections.abc import Sequence
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.constraint_solver import pywrapcp

from solver.compiled import PICKUP, Compiled, Table
from solver.cost import METRES_A_KM, SECONDS_AN_HOUR
from solver.problem import VehicleType
from solver.routing.alone import Alone
from solver.routing.features import RouteKey
from solver.routing.fleet import offered

TYPICAL = 10**7
"""What the median order's single trip costs in the model."""
NOWHERE = -1

Ints = NDArray[np.int64]


class OrToolsModel:
    """
    Routing model and the way back.

    Parameters
    ----------
    compiled, orders, start, alone
        As for ``PyvrpModel``.
    seed
        OR-Tools has no seed: the order of the nodes, which its searches follow, is drawn instead.
    """

    def __init__(
        self, compiled: Compiled, orders: frozenset[int], start: Sequence[RouteKey], alone: Alone, seed: int
    ) -> None:
        self.compiled = compiled
        self.orders = sorted(orders)
        self.factor = alone.factor(orders, TYPICAL)
        self.prohibitive = 50 * self._scaled(alone.dearest_milli(orders)) + 1
        self.visits = [visit for order in self.orders for visit in compiled.visits_of(order)]
        Random(seed).shuffle(self.visits)  # noqa: S311  # a search, not a secret
        offers = offered(compiled, orders, start)
        self.types = [type_ for type_, number in enumerate(offers) if number]
        self.vehicles = [type_ for type_ in self.types for _ in range(offers[type_])]
        self._node = {visit: node for node, visit in enumerate(self.visits)}
        self._add_nodes()
        self.horizon = max(self._type(type_).shift.close_s for type_ in self.types)
        self._add_costs()
        self._add_times()
        self._add_distances()
        self._add_stops()
        self._add_loads()
        self._add_orders()

    def _scaled(self, milli: float) -> int:
        return round(milli * self.factor)

    def _type(self, type_: int) -> VehicleType:
        return self.compiled.vehicle_types[type_]

    def _add_nodes(self) -> None:
        """Visits first, then a start for each type in use, then an end."""
        width, kinds = len(self.visits), len(self.types)
        ends = [self.compiled.end_of[type_] for type_ in self.types]
        self._places: Ints = np.array(
            [self.compiled.place_of[visit] for visit in self.visits]
            + [self.compiled.start_of[type_] for type_ in self.types]
            + [NOWHERE if end is None else end for end in ends],
            dtype=np.int64,
        )
        self._is_end = np.arange(len(self._places)) >= width + kinds
        position = {type_: k for k, type_ in enumerate(self.types)}
        starts = [width + position[type_] for type_ in self.vehicles]
        finishes = [width + kinds + position[type_] for type_ in self.vehicles]
        cp: Any = pywrapcp  # its stubs are untyped in part
        self._manager = cp.RoutingIndexManager(len(self._places), len(self.vehicles), starts, finishes)
        self.routing = cp.RoutingModel(self._manager)
        self._index = {visit: self._manager.NodeToIndex(node) for visit, node in self._node.items()}
        self._visit_at = {index: visit for visit, index in self._index.items()}

    def _between(self, table: Table) -> Ints:
        """A table of places as one of nodes: 0 within a place and to an open end, -1 where there is no way."""
        spread: Ints = table[np.ix_(self._places, self._places)].astype(np.int64)
        spread[self._places[:, None] == self._places[None, :]] = 0
        spread[:, self._places == NOWHERE] = 0
        return spread

    def _matrix(self, values: Ints) -> int:
        """Evaluator of a table of nodes, entries not negative."""
        index: int = self.routing.RegisterTransitMatrix(np.maximum(values, 0).tolist())
        return index

    def _by_vehicle(self, evaluators: dict[int, int]) -> list[int]:
        return [evaluators[type_] for type_ in self.vehicles]

    def _add_costs(self) -> None:
        evaluators = {}
        for type_ in self.types:
            vehicle = self._type(type_)
            metres = self._between(self.compiled.distance_m[type_])
            stops = (self._places[:, None] != self._places[None, :]) & ~self._is_end[None, :]
            milli = metres * (vehicle.km_milli / METRES_A_KM) + stops * vehicle.stop_milli
            evaluators[type_] = self._matrix(np.rint(milli * self.factor).astype(np.int64))
        for number, type_ in enumerate(self.vehicles):
            self.routing.SetArcCostEvaluatorOfVehicle(evaluators[type_], number)
            vehicle = self._type(type_)
            self.routing.SetFixedCostOfVehicle(self._scaled(vehicle.fixed_milli + vehicle.trip_milli), number)

    def _add_times(self) -> None:
        """A dimension whose values are begins of service; a way that does not exist takes longer than the horizon."""
        services: Ints = np.zeros(len(self._places), dtype=np.int64)
        services[: len(self.visits)] = [self.compiled.service_of[visit] for visit in self.visits]
        evaluators = {}
        for type_ in self.types:
            seconds = self._between(self.compiled.duration_s[type_])
            evaluators[type_] = self._matrix(np.where(seconds < 0, self.horizon + 1, seconds + services[:, None]))
        self.routing.AddDimensionWithVehicleTransits(
            self._by_vehicle(evaluators), self.horizon, self.horizon, False, "time"
        )
        times = self.routing.GetDimensionOrDie("time")
        for visit, index in self._index.items():
            self._set_windows(times.CumulVar(index), visit)
        for number, type_ in enumerate(self.vehicles):
            vehicle = self._type(type_)
            for index in (self.routing.Start(number), self.routing.End(number)):
                times.CumulVar(index).SetRange(vehicle.shift.open_s, vehicle.shift.close_s)
                self.routing.AddVariableMinimizedByFinalizer(times.CumulVar(index))
            times.SetSpanCostCoefficientForVehicle(self._scaled(vehicle.hour_milli / SECONDS_AN_HOUR), number)
            if vehicle.duration_max_s is not None:
                times.SetSpanUpperBoundForVehicle(vehicle.duration_max_s, number)
            overtime = self._scaled(vehicle.overtime_hour_milli / SECONDS_AN_HOUR)
            if vehicle.overtime_after_s is not None and overtime:
                cp: Any = pywrapcp
                times.SetSoftSpanUpperBoundForVehicle(cp.BoundCost(vehicle.overtime_after_s, overtime), number)

    def _set_windows(self, begin: Any, visit: int) -> None:
        windows = self.compiled.windows_of[visit]
        begin.SetRange(min(windows[0].open_s, self.horizon), min(windows[-1].close_s, self.horizon))
        for before, after in pairwise(windows):
            begin.RemoveInterval(before.close_s + 1, after.open_s - 1)

    def _add_stops(self) -> None:
        """Arrivals to serve somebody, where their number is limited."""
        if all(self._type(type_).stops_max is None for type_ in self.types):
            return
        arrives = (self._places[:, None] != self._places[None, :]) & ~self._is_end[None, :]
        most = [self._type(type_).stops_max for type_ in self.vehicles]
        limits = [len(self.visits) if limit is None else limit for limit in most]
        self.routing.AddDimensionWithVehicleCapacity(self._matrix(arrives.astype(np.int64)), 0, limits, True, "stops")

    def _add_distances(self) -> None:
        limits = {type_: self._type(type_).distance_max_m for type_ in self.types}
        largest = max((limit for limit in limits.values() if limit is not None), default=None)
        if largest is None:
            return
        free = self._matrix(np.zeros((len(self._places), len(self._places)), dtype=np.int64))
        evaluators = {
            type_: free if limit is None else self._matrix(self._between(self.compiled.distance_m[type_]))
            for type_, limit in limits.items()
        }
        self.routing.AddDimensionWithVehicleTransits(self._by_vehicle(evaluators), 0, largest, True, "distance")
        distances = self.routing.GetDimensionOrDie("distance")
        for number, type_ in enumerate(self.vehicles):
            limit = limits[type_]
            if limit is not None:
                distances.CumulVar(self.routing.End(number)).SetMax(limit)

    def _add_loads(self) -> None:
        one_sided = [visit for visit in self.visits if self.compiled.place_of[visit ^ 1] < 0]
        collects = any(visit & 1 == PICKUP for visit in one_sided)
        delivers = any(visit & 1 != PICKUP for visit in one_sided)
        for d in range(len(self.compiled.dimensions)):
            total = sum(self.compiled.loads[order][d] for order in self.orders)
            if not total:
                continue
            capacities = [min(self.compiled.capacities[type_][d], total) for type_ in self.vehicles]
            signed = [self._signed(visit, d) for visit in self.visits]
            load = self._dimension(f"load{d}", signed, capacities, from_zero=not delivers)
            if delivers and not collects:
                self._empty_at_end(load)
            elif delivers:
                owed = [
                    self._signed(v, d) * (v & 1 != PICKUP and self.compiled.place_of[v ^ 1] < 0) for v in self.visits
                ]
                left = self._dimension(f"owed{d}", owed, capacities, from_zero=False)
                self._empty_at_end(left)
                for number in range(len(self.vehicles)):
                    start = self.routing.Start(number)
                    self.routing.solver().Add(load.CumulVar(start) == left.CumulVar(start))

    def _signed(self, visit: int, d: int) -> int:
        goods = self.compiled.loads[visit >> 1][d]
        return goods if visit & 1 == PICKUP else -goods

    def _dimension(self, name: str, changes: list[int], capacities: list[int], *, from_zero: bool) -> Any:
        """A quantity on board; its value at a node is what was on board on reaching it."""
        unary = self.routing.RegisterUnaryTransitVector(changes + [0] * (len(self._places) - len(changes)))
        self.routing.AddDimensionWithVehicleCapacity(unary, 0, capacities, from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def _empty_at_end(self, dimension: Any) -> None:
        for number in range(len(self.vehicles)):
            dimension.CumulVar(self.routing.End(number)).SetMax(0)

    def _add_orders(self) -> None:
        """Who may serve an order, what it costs to leave it out, and that a transport stays on one vehicle."""
        times = self.routing.GetDimensionOrDie("time")
        for order in self.orders:
            outside = self.compiled.outside_milli[order]
            penalty = self.prohibitive if outside is None else min(self._scaled(outside), self.prohibitive)
            indices = [self._index[visit] for visit in self.compiled.visits_of(order)]
            allowed = [n for n, type_ in enumerate(self.vehicles) if self.compiled.compatible[type_, order]]
            for k, index in enumerate(indices):
                self.routing.AddDisjunction([index], 0 if k else penalty)
                self.routing.VehicleVar(index).SetValues([-1, *allowed])
            if len(indices) == 2:
                pickup, delivery = indices
                self.routing.AddPickupAndDelivery(pickup, delivery)
                solver = self.routing.solver()
                solver.Add(self.routing.VehicleVar(pickup) == self.routing.VehicleVar(delivery))
                solver.Add(times.CumulVar(pickup) <= times.CumulVar(delivery))

    def sequences(self, routes: Sequence[RouteKey]) -> list[list[int]]:
        """Our routes as a list of variable indices for each vehicle."""
        idle = {type_: [n for n, t in enumerate(self.vehicles) if t == type_] for type_ in self.types}
        lists: list[list[int]] = [[] for _ in self.vehicles]
        for type_, visits in routes:
            if idle.get(type_) and all(visit in self._index for visit in visits):
                lists[idle[type_].pop(0)] = [self._index[visit] for visit in visits]
        return lists

    def current(self) -> list[RouteKey]:
        """The routes that the solver's variables hold inside an at-solution callback."""
        return self._read(lambda index: self.routing.NextVar(index).Value())

    def routes(self, assignment: Any) -> list[RouteKey]:
        """The routes of a solution."""
        return self._read(lambda index: assignment.Value(self.routing.NextVar(index)))

    def _read(self, following: Any) -> list[RouteKey]:
        routes = []
        for number, type_ in enumerate(self.vehicles):
            index = following(self.routing.Start(number))
            visits = []
            while not self.routing.IsEnd(index):
                visits.append(self._visit_at[index])
                index = following(index)
            if visits:
                routes.append((type_, tuple(visits)))
        return routes
