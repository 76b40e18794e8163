"""
The routing library of OR-Tools alone: parallel cheapest insertion, then guided local search, modelled by hand.

Deliveries from depots or transports, one window a visit, prizes by disjunctions; reloads are not modelled.
"""

from random import Random
from time import process_time
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.routing.clock import is_processor_time
from benchmarks.routing.fleet import Ints, offered, tables
from benchmarks.routing.peer_pyvrp import scale
from solver.problem import Order, Problem, Visit

RouteKey = tuple[int, tuple[int, ...]]
STARVED_MOST = 20
"""Where seconds are the processor's, wall time is limited to so many times as much."""
FINER = 10
"""Prices are this much finer than PyVRP's: its integers are not pressed by penalties."""


class Model:
    """A problem as a routing model, and the way back."""

    def __init__(self, problem: Problem, seed: int) -> None:
        if any(vehicle.reloads for vehicle in problem.vehicle_types):
            raise ValueError("reloads are not modelled here")
        self.problem = problem
        self.travel = tables(problem)
        plain = not any(vehicle.fixed_milli or vehicle.hour_milli for vehicle in problem.vehicle_types)
        self.factor = scale(problem, self.travel) * (1 if plain else FINER)
        self._row = {place.id: row for row, place in enumerate(problem.places)}
        self.visits = [2 * k + side for k, order in enumerate(problem.orders) for side in (0, 1) if _side(order, side)]
        # The library has no seed: the order of the nodes, which its searches follow, is drawn instead.
        Random(seed).shuffle(self.visits)
        counts = offered(problem, self.travel)
        self.vehicles = [type_ for type_, count in enumerate(counts) for _ in range(count)]
        asked = [_side(problem.orders[visit >> 1], visit & 1) for visit in self.visits]
        self.asked = [visit for visit in asked if visit is not None]
        kinds = problem.vehicle_types
        self.places = np.array(
            [self._row[visit.place] for visit in self.asked]
            + [self._row[kind.start] for kind in kinds]
            + [self._row[kind.end or kind.start] for kind in kinds]
        )
        starts = [len(self.visits) + type_ for type_ in self.vehicles]
        ends = [start + len(kinds) for start in starts]
        cp: Any = pywrapcp
        self.manager = cp.RoutingIndexManager(len(self.places), len(self.vehicles), starts, ends)
        self.routing = cp.RoutingModel(self.manager)
        self.node = {visit: self.manager.NodeToIndex(node) for node, visit in enumerate(self.visits)}
        self._add_costs()
        self._add_times()
        self._add_loads()
        self._add_orders()

    def _by_type(self, table: list[Ints]) -> list[int]:
        """Evaluators of each vehicle; types with the same table share one."""
        known: dict[bytes, int] = {}
        of_type = []
        for values in table:
            whole = values.astype(np.int64)
            key = whole.tobytes()
            if key not in known:
                known[key] = self.routing.RegisterTransitMatrix(whole.tolist())
            of_type.append(known[key])
        return [of_type[type_] for type_ in self.vehicles]

    def _between(self, values: Ints) -> Ints:
        return values[np.ix_(self.places, self.places)]

    def _add_costs(self) -> None:
        prices = []
        for type_, kind in enumerate(self.problem.vehicle_types):
            metres = self._between(self.travel.distance_m[type_])
            milli = np.maximum(metres, 0) * (kind.km_milli / 1_000)
            prices.append(np.rint(milli * self.factor))
        for number, evaluator in enumerate(self._by_type(prices)):
            kind = self.problem.vehicle_types[self.vehicles[number]]
            self.routing.SetArcCostEvaluatorOfVehicle(evaluator, number)
            self.routing.SetFixedCostOfVehicle(round(kind.fixed_milli * self.factor), number)

    def _add_times(self) -> None:
        kinds = self.problem.vehicle_types
        horizon_s = max(kind.shift.close_s for kind in kinds)
        service_s = np.array([visit.service_s for visit in self.asked] + [0] * (2 * len(kinds)))
        seconds = []
        for type_ in range(len(kinds)):
            travel_s = self._between(self.travel.duration_s[type_])
            seconds.append(np.where(travel_s < 0, horizon_s + 1, travel_s + service_s[:, None]))
        self.routing.AddDimensionWithVehicleTransits(self._by_type(seconds), horizon_s, horizon_s, False, "time")
        times = self.routing.GetDimensionOrDie("time")
        for visit, asked in zip(self.visits, self.asked, strict=True):
            for window in asked.windows:
                times.CumulVar(self.node[visit]).SetRange(window.open_s, min(window.close_s, horizon_s))
        for number, type_ in enumerate(self.vehicles):
            kind = kinds[type_]
            for index in (self.routing.Start(number), self.routing.End(number)):
                times.CumulVar(index).SetRange(kind.shift.open_s, kind.shift.close_s)
                self.routing.AddVariableMinimizedByFinalizer(times.CumulVar(index))
            if kind.hour_milli:
                price = round(kind.hour_milli / 3_600 * self.factor)
                times.SetSpanCostCoefficientForVehicle(price, number)
            if kind.duration_max_s is not None:
                times.SetSpanUpperBoundForVehicle(kind.duration_max_s, number)

    def _add_loads(self) -> None:
        """On board: what has been picked up, or what has been delivered so far of what was loaded at the depot."""
        kinds = self.problem.vehicle_types
        for name in sorted({name for kind in kinds for name in kind.capacity}):
            changes = [self._change(visit, name) for visit in self.visits] + [0] * (2 * len(kinds))
            unary = self.routing.RegisterUnaryTransitVector(changes)
            limits = [kinds[type_].capacity.get(name, 2**40) for type_ in self.vehicles]
            self.routing.AddDimensionWithVehicleCapacity(unary, 0, limits, True, name)

    def _change(self, visit: int, name: str) -> int:
        order = self.problem.orders[visit >> 1]
        gives = order.pickup is not None and visit & 1 == 1
        return -order.load.get(name, 0) if gives else order.load.get(name, 0)

    def _add_orders(self) -> None:
        times = self.routing.GetDimensionOrDie("time")
        solver = self.routing.solver()
        for k, order in enumerate(self.problem.orders):
            nodes = [self.node[2 * k + side] for side in (0, 1) if _side(order, side)]
            if order.outside_milli is not None:
                for position, index in enumerate(nodes):
                    self.routing.AddDisjunction([index], 0 if position else round(order.outside_milli * self.factor))
            if len(nodes) == 2:
                first, second = nodes
                self.routing.AddPickupAndDelivery(first, second)
                solver.Add(self.routing.VehicleVar(first) == self.routing.VehicleVar(second))
                solver.Add(times.CumulVar(first) <= times.CumulVar(second))

    def search(self, parameters: Any, seconds: float | None = None) -> list[RouteKey]:
        """The best solution as vehicle types and visits; none at all where nothing was found."""
        if seconds is not None and is_processor_time():
            until = process_time() + seconds
            self.routing.AddSearchMonitor(self.routing.solver().CustomLimit(lambda: process_time() > until))
            parameters.time_limit.FromMilliseconds(round(seconds * 1_000 * STARVED_MOST))
            self.routing.CloseModelWithParameters(parameters)
        found = self.routing.SolveWithParameters(parameters)
        routes: list[RouteKey] = []
        if found is None:
            return routes
        visit_at = {index: visit for visit, index in self.node.items()}
        for number, type_ in enumerate(self.vehicles):
            index = found.Value(self.routing.NextVar(self.routing.Start(number)))
            visits = []
            while not self.routing.IsEnd(index):
                visits.append(visit_at[index])
                index = found.Value(self.routing.NextVar(index))
            if visits:
                routes.append((type_, tuple(visits)))
        return routes


def _side(order: Order, side: int) -> Visit | None:
    return order.delivery if side else order.pickup


def parameters(seconds: float | None) -> Any:
    """Guided local search for so many seconds, or with None greedy descent to the first local optimum."""
    cp: Any = pywrapcp
    chosen = cp.DefaultRoutingSearchParameters()
    chosen.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    heuristics = routing_enums_pb2.LocalSearchMetaheuristic
    chosen.local_search_metaheuristic = heuristics.GREEDY_DESCENT if seconds is None else heuristics.GUIDED_LOCAL_SEARCH
    if seconds is not None:
        chosen.time_limit.FromMilliseconds(round(seconds * 1_000))
    return chosen


def solve(problem: Problem, *, seconds: float | None, seed: int) -> list[RouteKey]:
    """Search for so long."""
    return Model(problem, seed).search(parameters(seconds), seconds)
