"""HGS-CVRP alone (Vidal 2022) through ``hygese``: one depot, one kind of vehicle, capacity only."""

from pathlib import Path

import hygese
import numpy as np

from benchmarks.routing.fleet import tables
from solver.formats.vrplib import vrplib_instance
from solver.problem import Problem

RouteKey = tuple[int, tuple[int, ...]]
FOR_EVER = 2**30


def solve(problem: Problem, path: Path, *, seconds: float, seed: int) -> list[RouteKey]:
    """Hybrid genetic search for so many seconds; the coordinates of the file steer its SWAP* neighbourhood."""
    points = vrplib_instance(path.read_bytes()).coords
    if points is None:
        raise ValueError("HGS-CVRP wants coordinates")
    (name, capacity), *_ = problem.vehicle_types[0].capacity.items()
    data = {
        "x_coordinates": points[:, 0],
        "y_coordinates": points[:, 1],
        "distance_matrix": tables(problem).distance_m[0].astype(float),
        "demands": np.array([0] + [order.load.get(name, 0) for order in problem.orders]),
        "vehicle_capacity": capacity,
        "depot": 0,
    }
    parameters = hygese.AlgorithmParameters(timeLimit=seconds, seed=seed, nbIter=FOR_EVER)
    found = hygese.Solver(parameters=parameters, verbose=False).solve_cvrp(data)
    return [(0, tuple(2 * (customer - 1) + 1 for customer in route)) for route in found.routes if route]
