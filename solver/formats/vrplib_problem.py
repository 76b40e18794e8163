"""A problem as a VRPLIB file with explicit weights; what VRPLIB cannot pose is said, never left out."""

from collections.abc import Iterable, Iterator

import numpy as np

from solver.compiled import ANY_TIME, Compiled, met
from solver.faults import Fault, ProblemError
from solver.formats.text import NUMBER_MAX
from solver.parts import Order, VehicleType, Window
from solver.plan import MILLI
from solver.problem import Problem
from solver.travel import matrices


def write_vrplib(problem: Problem, name: str = "problem") -> bytes:
    """
    A VRPLIB file of a problem, in the dialect that ``read_vrplib`` reads; costs in minor units, times in seconds.

    Nodes are the depots, then one for each order; node numbers in solution files follow that order.

    Raises
    ------
    ProblemError
        With everything that VRPLIB cannot pose.
    """
    faults = [
        Fault(code="vrplib_unsupported", where=where, cause=f"VRPLIB has no {cause}", cure="leave it out for VRPLIB")
        for where, cause in _beyond(problem)
    ]
    if faults:
        raise ProblemError(faults)
    lines = [*_head(problem, name), *_weights(problem), *_nodes(problem), *_vehicles(problem), *_depot_lines(problem)]
    return "\n".join([*lines, "EOF", ""]).encode()


def _depots(problem: Problem) -> list[str]:
    """Places where vehicles start, in the order of the vehicle types."""
    return list(dict.fromkeys(vehicle.start for vehicle in problem.vehicle_types))


def _beyond(problem: Problem) -> Iterator[tuple[str, str]]:
    """Features of a problem that VRPLIB does not have."""
    for field, used, cause in (
        ("apart", problem.apart, "orders that must not share a vehicle"),
        ("locks", problem.locks, "locked routes"),
        ("change_milli", problem.published and problem.change_milli, "price of changes"),
        ("longest_hour_milli", problem.longest_hour_milli, "price of the longest route"),
        ("profiles", len({vehicle.profile for vehicle in problem.vehicle_types}) > 1, "second travel profile"),
        ("orders", not problem.orders, "problem without customers"),
    ):
        if used:
            yield field, cause
    if not problem.orders:
        return
    shifts: dict[str, Window] = {}
    for number, vehicle in enumerate(problem.vehicle_types):
        yield from _beyond_vehicle(vehicle, f"vehicle_types[{number}]", set(_depots(problem)))
        if shifts.setdefault(vehicle.start, vehicle.shift) != vehicle.shift:
            yield f"vehicle_types[{number}].shift", "second shift at a depot"
    for number, order in enumerate(problem.orders):
        yield from _beyond_order(problem, order, f"orders[{number}]")
    distance_m, duration_s = _tables(problem)
    if (distance_m < 0).any():
        yield "profiles", "pair without a way"
    elif _timed(problem) and not np.array_equal(distance_m, duration_s):
        yield "profiles", "travel time that differs from the distance"


def _beyond_vehicle(vehicle: VehicleType, where: str, depots: set[str]) -> Iterator[tuple[str, str]]:
    given: dict[str, tuple[object, str]] = {
        "end": (vehicle.end != vehicle.start, "end that is not the start"),
        "hour_milli": (vehicle.hour_milli, "price of time"),
        "stop_milli": (vehicle.stop_milli, "price of a stop"),
        "trip_milli": (vehicle.trip_milli, "price of a trip"),
        "reload_s": (vehicle.reloads and vehicle.reload_s, "time of a reload"),
        "reloads": (set(vehicle.reloads) - depots, "reload where no vehicle starts"),
        "stops_max": (vehicle.stops_max is not None, "limit of stops"),
        "overtime_hour_milli": (vehicle.overtime_after_s is not None and vehicle.overtime_hour_milli, "overtime"),
        "breaks": (vehicle.breaks, "breaks"),
        "unused_milli": (vehicle.use_min and vehicle.unused_milli, "guaranteed minimum"),
    }
    for field, (used, cause) in given.items():
        if used:
            yield f"{where}.{field}", cause


def _beyond_order(problem: Problem, order: Order, where: str) -> Iterator[tuple[str, str]]:
    if order.pickup is not None or order.delivery is None:
        yield f"{where}.pickup", "collections or transports"
    elif len(_windows(problem, order)) != 1:
        yield f"{where}.delivery.windows", "way to say that there are several windows, or none"
    if order.outside_milli is not None and (order.outside_milli == 0 or order.outside_milli % MILLI):
        yield f"{where}.outside_milli", "prize that is 0, or no whole number of minor units"


def _windows(problem: Problem, order: Order) -> tuple[Window, ...]:
    """Windows of an order's delivery and its place met."""
    assert order.delivery is not None
    place = next(place for place in problem.places if place.id == order.delivery.place)
    return met(place.windows or ANY_TIME, order.delivery.windows or ANY_TIME)


def _timed(problem: Problem) -> bool:
    """Whether time plays a part at all."""
    return (
        any(order.delivery is not None and order.delivery.service_s for order in problem.orders)
        or any(order.release_s for order in problem.orders)
        or any(order.delivery is not None and _windows(problem, order) != ANY_TIME for order in problem.orders)
        or any(vehicle.duration_max_s is not None for vehicle in problem.vehicle_types)
    )


def _tables(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Metres and seconds between nodes; staying costs nothing."""
    profile = next(entry for entry in problem.profiles if entry.id == problem.vehicle_types[0].profile)
    index = {place.id: row for row, place in enumerate(problem.places)}
    stops = [order.delivery.place for order in problem.orders if order.delivery is not None]
    rows = np.array([index[place] for place in [*_depots(problem), *stops]], dtype=np.int64)
    same = rows[:, None] == rows[None, :]
    distance_m, duration_s = (
        np.where(same, 0, table[np.ix_(rows, rows)]) for table in matrices(profile, problem.places)
    )
    return distance_m, duration_s


def _head(problem: Problem, name: str) -> list[str]:
    return [
        f"NAME : {' '.join(name.split()) or 'problem'}",
        f"TYPE : {'MTVRPTWR' if any(vehicle.reloads for vehicle in problem.vehicle_types) else 'MDVRPTW'}",
        f"DIMENSION : {len(_depots(problem)) + len(problem.orders)}",
        f"VEHICLES : {sum(_counts(problem))}",
        "EDGE_WEIGHT_TYPE : EXPLICIT",
        "EDGE_WEIGHT_FORMAT : FULL_MATRIX",
    ]


def _counts(problem: Problem) -> list[int]:
    """Vehicles of each type; of unlimited ones as many as there are orders."""
    return [len(problem.orders) if v.count is None else v.count for v in problem.vehicle_types]


def _weights(problem: Problem) -> list[str]:
    distance_m, _ = _tables(problem)
    return ["EDGE_WEIGHT_SECTION", *(" ".join(map(str, row)) for row in distance_m.tolist())]


def _nodes(problem: Problem) -> list[str]:
    """What is asked at each node: nothing at depots but their shift."""
    shift = {vehicle.start: vehicle.shift for vehicle in problem.vehicle_types}
    depots = _depots(problem)
    dimensions = _dimensions(problem)
    zeros = " ".join("0" for _ in dimensions)
    demands = [zeros] * len(depots)
    demands += [" ".join(str(order.load.get(name, 0)) for name in dimensions) for order in problem.orders]
    windows = [*(shift[depot] for depot in depots), *(_windows(problem, order)[0] for order in problem.orders)]
    lines = _section("DEMAND", demands)
    if _timed(problem):
        closes = [min(window.close_s, NUMBER_MAX) for window in windows]
        services = [order.delivery.service_s for order in problem.orders if order.delivery is not None]
        lines += _section("SERVICE_TIME", [*[0] * len(depots), *services])
        lines += _section("TIME_WINDOW", [f"{w.open_s} {close}" for w, close in zip(windows, closes, strict=True)])
    if any(order.release_s for order in problem.orders):
        lines += _section("RELEASE_TIME", [*[0] * len(depots), *(order.release_s for order in problem.orders)])
    if any(order.outside_milli is not None for order in problem.orders):
        prizes = [(order.outside_milli or 0) // MILLI for order in problem.orders]
        lines += _section("PRIZE", [*[0] * len(depots), *prizes])
    return lines


def _section(name: str, values: Iterable[object]) -> list[str]:
    """A section with numbered lines."""
    return [f"{name}_SECTION", *(f"{number} {value}".rstrip() for number, value in enumerate(values, start=1))]


def _dimensions(problem: Problem) -> list[str]:
    """Names of the dimensions of load; one at least."""
    return sorted({name for order in problem.orders for name in order.load}) or ["load"]


def _vehicles(problem: Problem) -> list[str]:
    """Sections with a line a vehicle; limits that a type does not have are as large as numbers may be."""
    compiled, depots = Compiled(problem), _depots(problem)
    types = list(enumerate(problem.vehicle_types))
    columns: dict[str, list[object]] = {
        "CAPACITY": [_capacity(problem, vehicle) for _, vehicle in types],
        "VEHICLES_FIXED_COST": [f"{vehicle.fixed_milli / MILLI:.3f}" for _, vehicle in types],
        "VEHICLES_UNIT_DISTANCE_COST": [f"{vehicle.km_milli / MILLI**2:.6f}" for _, vehicle in types],
        "VEHICLES_DEPOT": [depots.index(vehicle.start) + 1 for _, vehicle in types],
    }
    for name, limits in (
        ("VEHICLES_MAX_DURATION", [vehicle.duration_max_s for _, vehicle in types]),
        ("VEHICLES_MAX_DISTANCE", [vehicle.distance_max_m for _, vehicle in types]),
        ("VEHICLES_MAX_RELOADS", [vehicle.reloads_max for _, vehicle in types]),
    ):
        if any(limit is not None for limit in limits):
            columns[name] = [NUMBER_MAX if limit is None else limit for limit in limits]
    if any(vehicle.reloads for _, vehicle in types):
        reloads = [[depots.index(place) + 1 for place in vehicle.reloads] for _, vehicle in types]
        columns["VEHICLES_RELOAD_DEPOT"] = [" ".join(map(str, nodes)) for nodes in reloads]
    if not compiled.compatible.all():
        first = len(depots) + 1
        allowed = [np.flatnonzero(compiled.compatible[type_]) + first for type_, _ in types]
        columns["VEHICLES_ALLOWED_CLIENTS"] = [" ".join(map(str, nodes.tolist())) for nodes in allowed]
    counts = _counts(problem)
    return [
        line
        for name, values in columns.items()
        for line in _section(name, (value for value, count in zip(values, counts, strict=True) for _ in range(count)))
    ]


def _capacity(problem: Problem, vehicle: VehicleType) -> str:
    return " ".join(str(min(vehicle.capacity.get(name, NUMBER_MAX), NUMBER_MAX)) for name in _dimensions(problem))


def _depot_lines(problem: Problem) -> list[str]:
    return ["DEPOT_SECTION", *(str(number) for number, _ in enumerate(_depots(problem), start=1)), "-1"]
