"""
VROOM alone through ``pyvroom``, exploration level 5, modelled by hand.

It knows no longest shift wherever it fits in the day: such vehicles get windows of that length, spread over the day. It
charges neither waiting nor service, and cannot weigh an outside option: it serves what it can.
"""

from datetime import timedelta
from typing import Any

import numpy as np
import vroom

from benchmarks.routing.fleet import offered, tables
from benchmarks.routing.peer_pyvrp import scale
from solver.problem import Problem, VehicleType, Visit, Window

RouteKey = tuple[int, tuple[int, ...]]
EXPLORATION = 5
UINT32_MAX = 2**32 - 1


def solve(problem: Problem, *, seconds: float | None, cores: int, exploration: int = EXPLORATION) -> list[RouteKey]:
    """Ends by itself, or about when the seconds are over."""
    travel = tables(problem)
    factor = scale(problem, travel)
    row = {place.id: index for index, place in enumerate(problem.places)}
    dimensions = sorted({name for vehicle in problem.vehicle_types for name in vehicle.capacity})
    question = vroom.Input()
    for type_, vehicle in enumerate(problem.vehicle_types):
        metres, durations = travel.distance_m[type_], travel.duration_s[type_]
        milli = metres * (vehicle.km_milli / 1_000) + durations * (vehicle.hour_milli / 3_600)
        no_way = metres < 0
        question.set_durations_matrix(str(type_), np.where(no_way, UINT32_MAX // 1_000, durations))
        question.set_costs_matrix(str(type_), np.where(no_way, UINT32_MAX // 10, np.rint(milli * factor)))
    vehicles = _vehicles(problem, offered(problem, travel), row, dimensions, factor)
    question.add_vehicle([vehicle for vehicle, _ in vehicles])
    for index, order in enumerate(problem.orders):
        amount = [order.load.get(name, 0) for name in dimensions]
        if order.pickup is not None and order.delivery is not None:
            first, second = _times(order.pickup), _times(order.delivery)
            question.add_shipment(
                vroom.ShipmentStep(2 * index, row[order.pickup.place], **first),
                vroom.ShipmentStep(2 * index + 1, row[order.delivery.place], **second),
                amount=vroom.Amount(amount),
            )
        elif order.delivery is not None:
            place = row[order.delivery.place]
            question.add_job(vroom.Job(2 * index + 1, place, delivery=vroom.Amount(amount), **_times(order.delivery)))
    limit = None if seconds is None else timedelta(seconds=seconds)
    return _routes(question.solve(exploration, cores, limit), [type_ for _, type_ in vehicles])


def _times(visit: Visit) -> dict[str, object]:
    windows = [vroom.TimeWindow(window.open_s, window.close_s) for window in visit.windows]
    return {"default_service": visit.service_s, "time_windows": windows}


def _vehicles(
    problem: Problem, counts: list[int], row: dict[str, int], dimensions: list[str], factor: float
) -> list[tuple[vroom.Vehicle, int]]:
    """Every vehicle by itself, with its type."""
    built: list[tuple[vroom.Vehicle, int]] = []
    for type_, vehicle in enumerate(problem.vehicle_types):
        for number in range(counts[type_]):
            window = shift(vehicle, number, counts[type_])
            entry = vroom.Vehicle(
                len(built),
                start=row[vehicle.start],
                end=row[vehicle.end or vehicle.start],
                profile=str(type_),
                capacity=[vehicle.capacity.get(name, 2**31) for name in dimensions],
                time_window=vroom.TimeWindow(window.open_s, window.close_s),
                costs=vroom.VehicleCosts(fixed=round(vehicle.fixed_milli * factor)),
            )
            built.append((entry, type_))
    return built


def shift(vehicle: VehicleType, number: int, count: int) -> Window:
    """When a vehicle may work: where its duration is limited, so long and spread over the day."""
    whole = vehicle.shift
    length_s = whole.close_s - whole.open_s
    if vehicle.duration_max_s is None or vehicle.duration_max_s >= length_s:
        return whole
    open_s = whole.open_s + (length_s - vehicle.duration_max_s) * number // max(1, count - 1)
    return Window(open_s, open_s + vehicle.duration_max_s)


def _routes(solution: Any, type_of: list[int]) -> list[RouteKey]:
    frame = solution.routes
    found: dict[int, list[int]] = {}
    for vehicle, kind, visit in zip(frame["vehicle_id"], frame["type"], frame["id"], strict=True):
        if kind in ("job", "pickup", "delivery"):
            found.setdefault(int(vehicle), []).append(int(visit))
    return [(type_of[vehicle], tuple(visits)) for vehicle, visits in found.items()]
