"""What can be wrong with vehicle types: numbers out of range, shifts, breaks, reloads, overtime."""

from collections.abc import Iterator

from solver.faults import Fault
from solver.parts import Break, Draft, VehicleType
from solver.validate_values import (
    COST_MAX_MILLI,
    COUNT_MAX,
    QUANTITY_MAX,
    TIME_MAX_S,
    fault,
    is_whole,
    number,
    window_faults,
)

REQUIRED = (
    ("fixed_milli", COST_MAX_MILLI),
    ("km_milli", COST_MAX_MILLI),
    ("hour_milli", COST_MAX_MILLI),
    ("stop_milli", COST_MAX_MILLI),
    ("trip_milli", COST_MAX_MILLI),
    ("overtime_hour_milli", COST_MAX_MILLI),
    ("unused_milli", COST_MAX_MILLI),
    ("use_min", COUNT_MAX),
    ("reload_s", TIME_MAX_S),
)
OPTIONAL = (
    ("count", COUNT_MAX),
    ("duration_max_s", TIME_MAX_S),
    ("distance_max_m", QUANTITY_MAX),
    ("stops_max", COUNT_MAX),
    ("reloads_max", COUNT_MAX),
    ("overtime_after_s", TIME_MAX_S),
)


def fleet_faults(problem: Draft) -> Iterator[Fault]:
    """Faults of all vehicle types; the places and profiles that they name are judged elsewhere."""
    for index, vehicle in enumerate(problem.vehicle_types):
        where = f"vehicle_types[{index}]"
        yield from _numbers(where, vehicle)
        yield from window_faults(f"{where}.shift", vehicle.shift)
        yield from _breaks(where, vehicle.breaks)
        if vehicle.overtime_hour_milli and vehicle.overtime_after_s is None:
            cause = "overtime has a price, but nothing says when it begins"
            cure = "give overtime_after_s, or no overtime_hour_milli"
            yield fault("overtime_without_start", f"{where}.overtime_hour_milli", cause, cure)


def _numbers(where: str, vehicle: VehicleType) -> Iterator[Fault]:
    for dimension, amount in vehicle.capacity.items():
        yield from number(f"{where}.capacity.{dimension}", amount, QUANTITY_MAX)
    for field, most in REQUIRED:
        yield from number(f"{where}.{field}", getattr(vehicle, field), most)
    for field, most in OPTIONAL:
        value = getattr(vehicle, field)
        if value is not None:
            yield from number(f"{where}.{field}", value, most)


def _breaks(where: str, breaks: tuple[Break, ...]) -> Iterator[Fault]:
    """Each break by itself, and that each can follow the one before it."""
    before: Break | None = None
    for index, pause in enumerate(breaks):
        at = f"{where}.breaks[{index}]"
        own = [
            *window_faults(f"{at}.window", pause.window),
            *number(f"{at}.duration_s", pause.duration_s, TIME_MAX_S, 1),
        ]
        yield from own
        if own or not all(is_whole(value) for value in (*_ends(pause), pause.duration_s)):
            before = None
            continue
        if before is not None and pause.window.open_s <= before.window.close_s:
            cause = f"its window opens at {pause.window.open_s} s, that of the break before closes at "
            cause += f"{before.window.close_s} s"
            yield fault("breaks_overlap", at, cause, "give breaks in order, each window after the one before it")
        elif before is not None and pause.window.close_s < before.window.open_s + before.duration_s:
            cause = f"it must begin by {pause.window.close_s} s, when the break before it cannot be over"
            yield fault("breaks_overlap", at, cause, "give a later window, or a shorter break before it")
        before = pause


def _ends(pause: Break) -> tuple[int, int]:
    return pause.window.open_s, pause.window.close_s
