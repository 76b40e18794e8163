"""Small questions closed by CP-SAT: which item in which of the bins that a better packing could use."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from solver.packing.vector_bounds import Row
from solver.packing.vector_kernel import Bools, Ints

PLACES_MAX = 5_000
"""Items times bins of the model; beyond it is not tried."""


class Closed(NamedTuple):
    """Places and bins' types of a better packing, or None; and what every packing costs at least."""

    packed: tuple[Ints, Ints] | None
    bound: int


def closed(
    sizes: Ints,
    capacities: Ints,
    costs: Ints,
    counts: Ints,
    colours: Ints,
    apart: Bools,
    rows: Sequence[Row],
    between: tuple[int, int],
    work: float,
    seed: int,
) -> Closed | None:
    """
    Look for the best packing that costs at least the first of ``between`` and less than the second.

    Parameters
    ----------
    rows
        Known of every packing.
    work
        Deterministic seconds of CP-SAT.

    Returns
    -------
    Closed or None
        None where the model would be too large.
    """
    bound, known = between
    bins = [
        type_
        for type_, cost in enumerate(costs.tolist())
        for _ in range(min(int(counts[type_]), (known - 1) // cost if cost else len(sizes), len(sizes)))
    ]
    if len(bins) * len(sizes) > PLACES_MAX:
        return None
    model, inside, used = _model(sizes, capacities, bins, rows)
    _keep_apart(model, inside, colours, apart)
    spent = sum(int(costs[type_]) * bin_ for type_, bin_ in zip(bins, used, strict=True))
    model.add(spent >= bound)
    model.add(spent < known)
    model.minimize(spent)
    solver: Any = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work
    status = solver.solve(model)
    if status == cp_model.INFEASIBLE:
        return Closed(None, known)
    bound = max(bound, int(np.ceil(solver.best_objective_bound - 1e-6)))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Closed(None, bound)
    places = [next(bin_ for bin_, var in enumerate(row) if var is not None and solver.value(var)) for row in inside]
    return Closed((np.array(places, dtype=np.int64), np.array(bins, dtype=np.int64)), bound)


def _model(
    sizes: Ints, capacities: Ints, bins: Sequence[int], rows: Sequence[Row]
) -> tuple[Any, list[list[Any]], list[Any]]:
    """Items in bins of given types; alike bins are used in their order."""
    model: Any = cp_model.CpModel()
    used = [model.new_bool_var("") for _ in bins]
    inside: list[list[Any]] = [
        [model.new_bool_var("") if (size <= capacities[type_]).all() else None for type_ in bins] for size in sizes
    ]
    for row in inside:
        model.add_exactly_one(var for var in row if var is not None)
    for number, type_ in enumerate(bins):
        within = [(size, row[number]) for size, row in zip(sizes, inside, strict=True) if row[number] is not None]
        for dim in range(sizes.shape[1]):
            load: Any = sum(int(size[dim]) * variable for size, variable in within)
            model.add(load <= int(capacities[type_, dim]) * used[number])
        for _, variable in within:
            model.add_implication(variable, used[number])
        if number and bins[number - 1] == type_:
            model.add_implication(used[number], used[number - 1])
    for known in rows:
        model.add(sum(known.holds[type_] * bin_ for type_, bin_ in zip(bins, used, strict=True)) >= known.need)
    return model, inside, used


def _keep_apart(model: Any, inside: Sequence[Sequence[Any]], colours: Ints, apart: Bools) -> None:
    for one in range(len(inside) if len(apart) else 0):
        for other in range(one):
            if apart[colours[one], colours[other]]:
                for first, second in zip(inside[one], inside[other], strict=True):
                    if first is not None and second is not None:
                        model.add_at_most_one(first, second)
