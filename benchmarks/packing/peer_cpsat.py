"""CP-SAT alone, with the model that one writes first: which item goes into which bin, one worker, no hint."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

Ints = NDArray[np.int64]


class Found(NamedTuple):
    """Cost of the best packing, None for none, and the bound proven."""

    cost: int | None
    bound: int


def pack(sizes: Ints, capacities: Ints, costs: Ints, bins: int, seconds: float) -> Found:
    """
    Items of shape ``(items, dims)`` into at most ``bins`` bins, each of one of several types.

    Parameters
    ----------
    seconds
        Of the solver's deterministic clock would not compare; this is wall time of one worker.
    """
    model = cp_model.CpModel()
    items, dims = sizes.shape
    inside = [[model.new_bool_var("") for _ in range(bins)] for _ in range(items)]
    kind = [[model.new_bool_var("") for _ in range(len(costs))] for _ in range(bins)]
    for row in inside:
        model.add_exactly_one(row)
    for b in range(bins):
        model.add_at_most_one(kind[b])
        for d in range(dims):
            room = sum(int(capacities[t, d]) * kind[b][t] for t in range(len(costs)))
            model.add(sum(int(sizes[i, d]) * inside[i][b] for i in range(items)) <= room)
        if b:
            price = [sum(int(costs[t]) * kind[at][t] for t in range(len(costs))) for at in (b - 1, b)]
            model.add(price[0] >= price[1])
    model.minimize(sum(int(costs[t]) * kind[b][t] for b in range(bins) for t in range(len(costs))))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return Found(round(solver.objective_value) if found else None, round(solver.best_objective_bound))
