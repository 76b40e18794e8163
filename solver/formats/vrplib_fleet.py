"""The vehicles of a VRPLIB file: alike by specifications, or each with a line of its own."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from solver.formats.instance import Vehicle
from solver.formats.text import Faults, Line, bounded, by_number, number_of, quoted, table
from solver.formats.vrplib_sections import LIST_SECTIONS, VEHICLE_SECTIONS, Skeleton

VEHICLES_MAX = 100_000
SCALARS = (
    "CAPACITY", "VEHICLES_FIXED_COST", "VEHICLES_UNIT_DISTANCE_COST", "VEHICLES_MAX_DURATION", "VEHICLES_MAX_DISTANCE",
    "VEHICLES_MAX_RELOADS",
)  # fmt: skip


def value_of(skeleton: Skeleton, key: str, faults: Faults, *, whole: bool = False) -> float | None:
    """A specification's number, not negative; None where it is not given or wrong."""
    if key not in skeleton.specifications:
        return None
    number, text = skeleton.specifications[key]
    value = number_of(text)
    if value is None or value < 0 or (whole and value != int(value)):
        kind = "whole number" if whole else "number"
        faults.add("number_malformed", f"line {number}", f"{key} {quoted(text)} is no {kind} from 0", f"give a {kind}")
        return None
    return value


def section_or_value(
    skeleton: Skeleton, key: str, nodes: dict[str, NDArray[np.float64]], size: int, faults: Faults
) -> NDArray[np.float64] | None:
    """Numbers by node, from a section or one specification for all; None where neither is given."""
    value = value_of(skeleton, key, faults)
    if key in skeleton.sections:
        if key in skeleton.specifications:
            _say_twice(skeleton, key, faults)
        return nodes[key][:, 0].copy() if key in nodes else None
    return None if value is None else np.full(size, value)


def _say_twice(skeleton: Skeleton, key: str, faults: Faults) -> None:
    cause = f"{key} is given for all at line {skeleton.specifications[key][0]}, and one by one here"
    faults.add("given_twice", f"line {skeleton.begins[key]}", cause, "give one of the two")


def fleet_of(
    skeleton: Skeleton, depots: tuple[int, ...], size: int, width: int, faults: Faults
) -> tuple[tuple[Vehicle, ...], bool, int | None]:
    """The vehicles, whether they are alike, and then their number (None: any number)."""
    count = value_of(skeleton, "VEHICLES", faults, whole=True)
    if count is not None and count > VEHICLES_MAX:
        at = f"line {skeleton.specifications['VEHICLES'][0]}"
        faults.add("instance_too_large", at, f"{int(count):,} vehicles", f"give at most {VEHICLES_MAX:,}")
        return (Vehicle(),), True, None
    common = {key: value_of(skeleton, key, faults) for key in SCALARS}
    common["DISTANCE"] = value_of(skeleton, "DISTANCE", faults)
    each = [key for key in (*VEHICLE_SECTIONS, *sorted(LIST_SECTIONS)) if key in skeleton.sections]
    for key in each:
        if key in skeleton.specifications:
            _say_twice(skeleton, key, faults)
    if count is None and each:
        cause = f"{each[0]}_SECTION has a line a vehicle, and their number is not given"
        faults.add("specification_missing", "VEHICLES", cause, "give VEHICLES : m")
        return (Vehicle(),), True, None
    if not each:
        whole = None if count is None else int(count)
        return (_vehicle(common, {}, {}, 0, depots, width, faults),), True, whole
    return _fleet(skeleton, common, each, int(count or 0), depots, size, width, faults), False, None


def _fleet(
    skeleton: Skeleton,
    common: dict[str, float | None],
    each: Sequence[str],
    count: int,
    depots: tuple[int, ...],
    size: int,
    width: int,
    faults: Faults,
) -> tuple[Vehicle, ...]:
    """Vehicles with lines of their own."""
    rows: dict[str, NDArray[np.float64]] = {}
    lists: dict[str, list[tuple[int, ...]]] = {}
    before = len(faults.found)
    for key in each:
        if key in LIST_SECTIONS:
            lists[key] = _lists(skeleton.sections[key], count, size, f"{key}_SECTION", faults)
        else:
            found = _rows(skeleton, key, count, faults)
            if found is not None:
                rows[key] = found
    _check_depots(rows, lists, depots, faults)
    if len(faults.found) > before or not count:
        return (Vehicle(),)
    return tuple(_vehicle(common, rows, lists, number, depots, width, faults) for number in range(count))


def _rows(skeleton: Skeleton, key: str, count: int, faults: Faults) -> NDArray[np.float64] | None:
    lines, where, before = skeleton.sections[key], f"{key}_SECTION", len(faults.found)
    width = VEHICLE_SECTIONS[key]
    rows = table(lines, None if width is None else width + 1, where, faults)
    if len(faults.found) > before:
        return None
    values = by_number(rows, lines, count, 1, where, faults)
    if values is not None:
        bounded(rows[:, 1:], lines, where, faults, whole=key in ("CAPACITY", "VEHICLES_DEPOT", "VEHICLES_MAX_RELOADS"))
    return values


def _lists(lines: list[Line], count: int, size: int, where: str, faults: Faults) -> list[tuple[int, ...]]:
    """Nodes by vehicle, counted from 0."""
    found: dict[int, tuple[int, ...]] = {}
    for number, line in lines:
        values = [number_of(token) for token in line.split()]
        nodes = [int(value) - 1 for value in values[1:] if value is not None and value == int(value)]
        vehicle = values[0]
        wrong = len(nodes) != len(values) - 1 or any(not 0 <= node < size for node in nodes)
        if wrong or vehicle is None or vehicle != int(vehicle) or not 1 <= vehicle <= count or int(vehicle) in found:
            cause = f"{quoted(line)} is not a vehicle (each once) and its nodes"
            faults.add("row_malformed", f"{where}, line {number}", cause, f"give vehicle 1 to {count}, then nodes")
        else:
            found[int(vehicle)] = tuple(nodes)
    if len(found) < count and not faults.found:
        cause = f"it has {len(found)} lines for {count} vehicles"
        faults.add("row_count", where, cause, f"give {count} lines; is the file cut off?")
    return [found.get(vehicle, ()) for vehicle in range(1, count + 1)]


def _check_depots(
    rows: dict[str, NDArray[np.float64]],
    lists: dict[str, list[tuple[int, ...]]],
    depots: tuple[int, ...],
    faults: Faults,
) -> None:
    """Vehicles start and reload at depots."""
    named = {int(value) - 1 for value in rows.get("VEHICLES_DEPOT", np.zeros((0, 1)))[:, 0]}
    reloaded = {node for nodes in lists.get("VEHICLES_RELOAD_DEPOT", []) for node in nodes}
    for where, nodes in (("VEHICLES_DEPOT_SECTION", named), ("VEHICLES_RELOAD_DEPOT_SECTION", reloaded)):
        for node in sorted(nodes - set(depots))[:20]:
            faults.add("node_unknown", where, f"node {node + 1} is no depot", "name nodes of DEPOT_SECTION")


def _vehicle(
    common: dict[str, float | None],
    rows: dict[str, NDArray[np.float64]],
    lists: dict[str, list[tuple[int, ...]]],
    number: int,
    depots: tuple[int, ...],
    width: int,
    faults: Faults,
) -> Vehicle:
    """One vehicle; the time limit of CVRPLIB's DISTANCE counts driving and service, at speed 1."""

    def one(key: str) -> float | None:
        return float(rows[key][number, 0]) if key in rows else common.get(key)

    capacity: tuple[int, ...] = ()
    if "CAPACITY" in rows:
        capacity = tuple(int(amount) for amount in rows["CAPACITY"][number])
    elif common["CAPACITY"] is not None:
        capacity = (int(common["CAPACITY"]),)
    if capacity and len(capacity) != width and not faults.found:
        cause = f"capacities have {len(capacity)} dimensions, demands {width}"
        faults.add("row_length", "CAPACITY", cause, "give as many numbers in both")
    limits = [limit for limit in (one("VEHICLES_MAX_DURATION"), common["DISTANCE"]) if limit is not None]
    reloads_max, fixed, unit_cost = (
        one(key) for key in ("VEHICLES_MAX_RELOADS", "VEHICLES_FIXED_COST", "VEHICLES_UNIT_DISTANCE_COST")
    )
    allowed = lists.get("VEHICLES_ALLOWED_CLIENTS")
    return Vehicle(
        capacity=capacity,
        depot=int(rows["VEHICLES_DEPOT"][number, 0]) - 1 if "VEHICLES_DEPOT" in rows else depots[0],
        reloads=lists["VEHICLES_RELOAD_DEPOT"][number] if "VEHICLES_RELOAD_DEPOT" in lists else (),
        reloads_max=None if reloads_max is None else int(reloads_max),
        fixed=fixed or 0.0,
        unit_cost=1.0 if unit_cost is None else unit_cost,
        duration_max=min(limits, default=None),
        distance_max=one("VEHICLES_MAX_DISTANCE"),
        allowed=None if allowed is None else frozenset(allowed[number]),
    )
