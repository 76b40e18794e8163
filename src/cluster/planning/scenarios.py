"""
The door to the solver for scenarios: the question that is searched, where it differs from the one that is answered.

Fewer vehicles, a price of CO2, time to spare in windows and a price of changes steer the search; the plan is priced,
checked and split by the question as it is. Shipments that a scenario leaves out are in neither.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from cluster.planning import figures
from cluster.planning.models import Rejected
from cluster.planning.translate import Day, Plan, Problem
from solver.faults import ProblemError
from solver.living import published_of
from solver.plan import MILLI
from solver.problem import Order, VehicleType, Visit, Window


def searched_of(day: Day, problem: Problem, base: Plan | None = None, change_minor: int = 0) -> Problem | None:
    """The question to search instead; None where it is the same."""
    scenario = day.scenario
    limits = {entry.vehicle_type_id: entry.vehicles_max for entry in scenario.vehicle_limits}
    changes: dict[str, object] = {}
    if limits or scenario.co2_minor_per_kg:
        changes["vehicle_types"] = tuple(_vehicle(day, entry, limits) for entry in problem.vehicle_types)
    if scenario.buffer_s:
        changes["orders"] = tuple(_spaced(entry, scenario.buffer_s) for entry in problem.orders)
    if base is not None and change_minor:
        known = {order.id for order in problem.orders}
        counts = {entry.id: entry.count for entry in problem.vehicle_types}
        served = [entry for entry in published_of(base) if entry.order in known]
        changes["published"] = tuple(
            entry
            for entry in served
            if entry.vehicle_type in counts
            and entry.vehicle <= limits.get(entry.vehicle_type, _most(counts[entry.vehicle_type], entry.vehicle))
        )
        changes["change_milli"] = change_minor * MILLI
    try:
        return problem.replace(**changes) if changes else None
    except ProblemError as error:
        raise Rejected("; ".join(fault.cause for fault in error.faults[:3])) from error


def _most(count: int | None, otherwise: int) -> int:
    return otherwise if count is None else count


def _vehicle(day: Day, vehicle: VehicleType, limits: Mapping[str, int]) -> VehicleType:
    """Fewer of them, and each kilometre dearer by what it emits: grams times price a kilogram is milli a kilometre."""
    most = limits.get(vehicle.id)
    count = vehicle.count if most is None else min(most, most if vehicle.count is None else vehicle.count)
    emitted_milli = figures.grams_per_km(day, vehicle) * (day.scenario.co2_minor_per_kg or 0)
    return replace(vehicle, count=count, km_milli=vehicle.km_milli + emitted_milli)


def _spaced(order: Order, buffer_s: int) -> Order:
    return replace(order, pickup=_inside(order.pickup, buffer_s), delivery=_inside(order.delivery, buffer_s))


def _inside(visit: Visit | None, buffer_s: int) -> Visit | None:
    """A visit whose windows are shorter at both ends, those with room for that."""
    if visit is None:
        return None
    return replace(visit, windows=tuple(_shorter(window, buffer_s) for window in visit.windows))


def _shorter(window: Window, buffer_s: int) -> Window:
    if window.close_s - window.open_s < 2 * buffer_s:
        return window
    return Window(window.open_s + buffer_s, window.close_s - buffer_s)
