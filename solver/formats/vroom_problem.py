"""A problem as VROOM JSON, where VROOM can pose it; what it cannot is said, never left out."""

from collections.abc import Iterator
from math import gcd
from typing import Any

import msgspec
import numpy as np

from solver.compiled import ANY_TIME, met
from solver.faults import Fault
from solver.formats.text import Faults
from solver.parts import Order, VehicleType, Visit, Window
from solver.plan import MILLI
from solver.problem import Problem
from solver.travel import matrices

ENDS = "ends somewhere"
"""Skill of vehicles with an end: VROOM also collects with those that have none."""


def write_vroom_problem(problem: Problem) -> bytes:
    """
    VROOM's JSON of a problem; costs are whole minor units where all prices are, else thousandths of them.

    Jobs, shipments and vehicles are numbered from 1 in the problem's order, with its ids as descriptions. VROOM takes a
    break on every route, the solver only on routes that are under way when its window closes.

    Raises
    ------
    ProblemError
        With everything that VROOM cannot pose.
    """
    faults = Faults()
    faults.found += [_fault(where, cause) for where, cause in _beyond(problem)]
    faults.stop_if_any()
    writer = _Writer(problem, faults)
    document = {
        "vehicles": writer.vehicles(),
        "jobs": [writer.job(number, order) for number, order in enumerate(problem.orders) if not _transport(order)],
        "shipments": [
            writer.shipment(number, order) for number, order in enumerate(problem.orders) if _transport(order)
        ],
        "matrices": writer.tables(),
    }
    faults.stop_if_any()
    return msgspec.json.encode(document) + b"\n"


def _fault(where: str, cause: str) -> Fault:
    return Fault(code="vroom_unsupported", where=where, cause=f"VROOM has no {cause}", cure="leave it out for VROOM")


def _beyond(problem: Problem) -> Iterator[tuple[str, str]]:
    """Features of a problem that VROOM does not have."""
    if problem.apart:
        yield "apart", "orders that must not share a vehicle"
    if problem.locks:
        yield "locks", "locked routes"
    if problem.published and problem.change_milli:
        yield "change_milli", "price of changes"
    if problem.longest_hour_milli:
        yield "longest_hour_milli", "price of the longest route"
    for number, vehicle in enumerate(problem.vehicle_types):
        yield from _beyond_vehicle(vehicle, f"vehicle_types[{number}]", problem)
    for number, order in enumerate(problem.orders):
        if order.outside_milli is not None:
            yield f"orders[{number}].outside_milli", "price of leaving an order out"
        if order.release_s and order.pickup is None:
            yield f"orders[{number}].release_s", "release of goods at the vehicle's start"


def _beyond_vehicle(vehicle: VehicleType, where: str, problem: Problem) -> Iterator[tuple[str, str]]:
    given: dict[str, tuple[object, str]] = {
        "hour_milli": (vehicle.hour_milli, "price of time with waiting in it"),
        "stop_milli": (vehicle.stop_milli, "price of a stop"),
        "trip_milli": (vehicle.trip_milli, "price of a trip"),
        "reloads": (vehicle.reloads, "trips"),
        "duration_max_s": (vehicle.duration_max_s is not None, "limit of a route's whole time"),
        "overtime_hour_milli": (vehicle.overtime_after_s is not None and vehicle.overtime_hour_milli, "overtime"),
        "unused_milli": (vehicle.use_min and vehicle.unused_milli, "guaranteed minimum"),
    }
    for field, (used, cause) in given.items():
        if used:
            yield f"{where}.{field}", cause
    places = [side.place for order in problem.orders for side in (order.pickup, order.delivery) if side is not None]
    if vehicle.stops_max is not None and (len(set(places)) < len(places) or vehicle.start in places):
        yield f"{where}.stops_max", "limit of stops; its max_tasks counts each task at a place"


def _transport(order: Order) -> bool:
    return order.pickup is not None and order.delivery is not None


class _Writer:
    """Numbers of places, skills, dimensions and money for one problem."""

    def __init__(self, problem: Problem, faults: Faults) -> None:
        self.problem, self.faults = problem, faults
        self.place_index = {place.id: index for index, place in enumerate(problem.places)}
        names = {name for order in problem.orders for name in order.load}
        self.dimensions = sorted(names | {name for vehicle in problem.vehicle_types for name in vehicle.capacity})
        self.most = {name: sum(order.load.get(name, 0) for order in problem.orders) for name in self.dimensions}
        self.skill_ids: dict[str, int] = {}
        prices = [price for vehicle in problem.vehicle_types for price in (vehicle.fixed_milli, vehicle.km_milli)]
        self.unit = MILLI if gcd(*prices) % MILLI == 0 else 1

    def skills(self, names: set[str]) -> list[int]:
        """Numbers of skills."""
        return sorted(self.skill_ids.setdefault(name, len(self.skill_ids) + 1) for name in sorted(names))

    def required(self, order: Order) -> list[int]:
        """An order's skills; its hub is one too."""
        names = {f"skill {name}" for name in order.skills}
        if order.pickup is None and order.hub is not None:
            names.add(f"starts at {order.hub}")
        if order.delivery is None:
            names.add(ENDS if order.hub is None else f"ends at {order.hub}")
        return self.skills(names)

    def amounts(self, load: dict[str, int]) -> list[int]:
        """A load by dimension."""
        return [load.get(name, 0) for name in self.dimensions]

    def task(self, visit: Visit, number: int, side: str, release_s: int = 0) -> dict[str, Any]:
        """A visit as a task."""
        place = self.problem.places[self.place_index[visit.place]]
        windows = met(met(place.windows or ANY_TIME, visit.windows or ANY_TIME), (Window(release_s, 2**53),))
        if not windows:
            where = f"orders[{number}].{side}.windows"
            self.faults.found.append(_fault(where, "way to say that the windows never meet"))
        found: dict[str, Any] = {
            "id": number + 1,
            "description": self.problem.orders[number].id,
            "location_index": self.place_index[visit.place],
            "service": visit.service_s,
        }
        if place.lat is not None and place.lon is not None:
            found["location"] = [place.lon, place.lat]
        if windows not in (ANY_TIME, (Window(0, 2**53),)):
            found["time_windows"] = [[window.open_s, min(window.close_s, 2**32 - 1)] for window in windows]
        return found

    def job(self, number: int, order: Order) -> dict[str, Any]:
        """A one-sided order."""
        side = "pickup" if order.delivery is None else "delivery"
        visit = order.pickup or order.delivery
        assert visit is not None
        found = self.task(visit, number, side, order.release_s)
        return found | {side: self.amounts(order.load), "skills": self.required(order)}

    def shipment(self, number: int, order: Order) -> dict[str, Any]:
        """A transport."""
        assert order.pickup is not None
        assert order.delivery is not None
        return {
            "pickup": self.task(order.pickup, number, "pickup", order.release_s),
            "delivery": self.task(order.delivery, number, "delivery"),
            "amount": self.amounts(order.load),
            "skills": self.required(order),
        }

    def vehicles(self) -> list[dict[str, Any]]:
        """Every vehicle by itself; of unlimited ones as many as there are orders."""
        found: list[dict[str, Any]] = []
        for vehicle in self.problem.vehicle_types:
            count = len(self.problem.orders) if vehicle.count is None else vehicle.count
            for _ in range(min(count, len(self.problem.orders))):
                found.append(self.vehicle(vehicle, len(found) + 1))
        return found

    def vehicle(self, vehicle: VehicleType, number: int) -> dict[str, Any]:
        """One vehicle."""
        offered = {f"skill {name}" for name in vehicle.skills} | {f"starts at {vehicle.start}"}
        found: dict[str, Any] = {
            "id": number,
            "description": vehicle.id,
            "profile": vehicle.profile,
            "start_index": self.place_index[vehicle.start],
            "capacity": [vehicle.capacity.get(name, self.most[name]) for name in self.dimensions],
            "costs": {
                "fixed": vehicle.fixed_milli // self.unit,
                "per_hour": 0,
                "per_km": vehicle.km_milli // self.unit,
            },
            "time_window": [vehicle.shift.open_s, vehicle.shift.close_s],
            "breaks": [
                {"id": k, "time_windows": [[pause.window.open_s, pause.window.close_s]], "service": pause.duration_s}
                for k, pause in enumerate(vehicle.breaks, start=1)
            ],
        }
        if vehicle.end is not None:
            offered |= {ENDS, f"ends at {vehicle.end}"}
            found["end_index"] = self.place_index[vehicle.end]
        if vehicle.distance_max_m is not None:
            found["max_distance"] = min(vehicle.distance_max_m, 2**32 - 1)
        if vehicle.stops_max is not None:
            found["max_tasks"] = vehicle.stops_max
        return found | {"skills": self.skills(offered)}

    def tables(self) -> dict[str, Any]:
        """Matrices by profile."""
        found = {}
        for number, profile in enumerate(self.problem.profiles):
            distance_m, duration_s = (table.copy() for table in matrices(profile, self.problem.places))
            # Staying costs nothing in the solver, whatever the diagonal says; in VROOM it costs what it says.
            np.fill_diagonal(distance_m, 0)
            np.fill_diagonal(duration_s, 0)
            if (distance_m < 0).any() or (duration_s < 0).any():
                self.faults.found.append(_fault(f"profiles[{number}]", "pairs without a way"))
            found[profile.id] = {"durations": duration_s.tolist(), "distances": distance_m.tolist()}
        return found
