"""
Routes whose boxes must fit: the 3L-CVRP instances of Gendreau, Iori, Laporte and Martello (2006), all constraints.

The least total distance with as many vehicles as the instance has. ``reference_costs.csv`` holds the least distances
known, of Tamke and others (2025); some are optimal, others the best that was found in an hour on eight threads.
"""

import csv
from math import hypot
from pathlib import Path
from time import process_time
from typing import NamedTuple

from solver.check import check
from solver.formats.loads_3l import Loads3L, read_3l
from solver.matrix import Matrix
from solver.plan import Budget, Result
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit
from solver.solve import solve

METRES = 1_000
"""Metres for one unit of distance of the files: distances are Euclidean and real-valued."""
REFERENCE = "all-constraints"


class Row(NamedTuple):
    """
    One instance.

    ``gap`` is relative to the reference distance; None where customers are left out. ``note`` tells of the load tests.
    """

    name: str
    customers: int
    vehicles: int
    unplanned: int
    distance: float
    reference: float
    gap: float | None
    violations: int
    cpu_s: float
    note: str


def run(data: Path, seconds: float, only: str | None = None) -> list[Row]:
    """
    Solve the instances of a folder.

    Parameters
    ----------
    data
        Folder of the data sets (``packing/loads_3l`` lies in it).
    seconds
        Wall time of each solve, on one core.
    only
        Names that contain this alone.
    """
    folder = data / "packing" / "loads_3l"
    references = _references(folder / "reference_costs.csv")
    names = sorted(path.stem for path in folder.glob("*.json"))
    return [
        _row(read_3l((folder / f"{name}.json").read_bytes()), references[name], seconds)
        for name in names
        if only is None or only in name
    ]


def problem_of(instance: Loads3L) -> Problem:
    """The instance as a question: a kilometre costs one minor unit, nothing else costs anything."""
    nodes = sorted(instance.places)
    spots = [instance.places[node] for node in nodes]
    metres = [[round(METRES * hypot(a[0] - b[0], a[1] - b[1])) for b in spots] for a in spots]
    table = Matrix(metres)
    return Problem(
        places=tuple(Place(id=str(node)) for node in nodes),
        profiles=(TravelProfile(id="default", distance_m=table, duration_s=Matrix([[0] * len(nodes)] * len(nodes))),),
        vehicle_types=(
            VehicleType(
                id="truck",
                start=str(nodes[0]),
                end=str(nodes[0]),
                count=instance.vehicles,
                capacity={"weight_g": instance.hold.weight_max_g or 0},
                km_milli=1_000,
                hold=instance.hold,
            ),
        ),
        orders=tuple(
            Order(
                id=f"C{node}",
                owner="all",
                delivery=Visit(place=str(node)),
                load={"weight_g": instance.demand_g[node]},
                units=instance.units[node],
            )
            for node in nodes[1:]
        ),
    )


def _row(instance: Loads3L, reference: float, seconds: float) -> Row:
    problem = problem_of(instance)
    began = process_time()
    result = solve(problem, Budget(seconds=seconds, cores=1, bound=False))
    distance = sum(route.distance_m for route in result.plan.routes) / METRES
    whole = not result.plan.unplanned
    return Row(
        name=instance.name,
        customers=len(problem.orders),
        vehicles=instance.vehicles,
        unplanned=len(result.plan.unplanned),
        distance=distance,
        reference=reference,
        gap=distance / reference - 1 if whole else None,
        violations=len(check(problem, result.plan)),
        cpu_s=process_time() - began,
        note=_note(result),
    )


def _note(result: Result) -> str:
    return next((leg.note for leg in result.trace if leg.engine == "loads"), "")


def _references(path: Path) -> dict[str, float]:
    with path.open(newline="") as lines:
        return {row["instance"]: float(row[REFERENCE]) for row in csv.DictReader(lines)}
