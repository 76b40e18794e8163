"""The linear and the integer program of set partitioning, for OR-Tools' GLOP and SCIP."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from ortools.linear_solver import pywraplp

from solver.columns import Columns, Floats

LEAN = (
    "separating/maxroundsroot = 0",
    "separating/maxrounds = 0",
    "propagating/probing/maxprerounds = 0",
    "branching/relpscost/initcand = 8",
    *(f"heuristics/{name}/freq = -1" for name in ("rins", "rens", "alns", "crossover", "feaspump")),
)
"""
SCIP without cuts, probing and large heuristics: after reduced-cost fixing against a good incumbent little is left to
find, and branching proves it 2.4 times as fast (255 coalitions of 15 firms and 160 orders, same answers).
"""


def _model(columns: Columns, taken: Sequence[int], kind: str) -> tuple[Any, list[Any], list[Any]]:
    """The given columns and all rows; binary, or continuous for GLOP, which leaves the longest route's hours out."""
    solver: Any = pywraplp.Solver.CreateSolver(kind)
    rows = [solver.Constraint(1.0, 1.0) for _ in columns.orders]
    of_type, extra = _type_rows(columns, solver)
    objective = solver.Objective()
    objective.SetMinimization()
    longest = solver.NumVar(0.0, solver.infinity(), "") if columns.balanced and kind != "GLOP" else None
    if longest is not None:
        objective.SetCoefficient(longest, 1.0)
    variables = []
    for column in taken:
        variable = solver.NumVar(0.0, solver.infinity(), "") if kind == "GLOP" else solver.BoolVar("")
        objective.SetCoefficient(variable, float(columns.cost[column]))
        variables.append(variable)
        if column >= len(columns.routes):
            rows[column - len(columns.routes)].SetCoefficient(variable, 1.0)
            continue
        for row in columns.rows[column]:
            rows[row].SetCoefficient(variable, 1.0)
        for bound in of_type.get(columns.routes[column].type_, ()):
            bound.SetCoefficient(variable, 1.0)
        if longest is not None:
            above = solver.Constraint(0.0, solver.infinity())
            above.SetCoefficient(longest, 1.0)
            above.SetCoefficient(variable, -columns.longest_milli[column] / columns.unit)
    return solver, variables, [*rows, *extra]


def _type_rows(columns: Columns, solver: Any) -> tuple[dict[int, list[Any]], list[Any]]:
    """Rows of limits, musts and minima, by vehicle type and in this order; minima with a variable for what lacks."""
    of_type: dict[int, list[Any]] = {}
    extra = []
    for type_, count in columns.limits.items():
        extra.append(solver.Constraint(-solver.infinity(), float(count)))
        of_type.setdefault(type_, []).append(extra[-1])
    for type_ in columns.musts:
        extra.append(solver.Constraint(1.0, 1.0))
        of_type.setdefault(type_, []).append(extra[-1])
    for minimum in columns.minima:
        extra.append(solver.Constraint(float(minimum.number), solver.infinity()))
        lacking = solver.NumVar(0.0, float(minimum.number), "")
        solver.Objective().SetCoefficient(lacking, minimum.unused_milli / columns.unit)
        extra[-1].SetCoefficient(lacking, 1.0)
        for type_ in minimum.types:
            of_type.setdefault(type_, []).append(extra[-1])
    return of_type, extra


def relaxation(columns: Columns, taken: Sequence[int]) -> tuple[Floats, Floats] | None:
    """
    Values of the given columns and duals of all rows; None where GLOP finds none.

    GLOP now and then ends ABNORMAL with an objective of 0; a fresh dual simplex without preprocessing then succeeds.
    """
    for parameters in ("", "use_dual_simplex: true use_preprocessing: false"):
        solver, variables, rows = _model(columns, taken, "GLOP")
        solver.SetSolverSpecificParametersAsString(parameters)
        if solver.Solve() == pywraplp.Solver.OPTIMAL:
            values = np.array([variable.solution_value() for variable in variables])
            return values, np.array([row.dual_value() for row in rows])
    return None


def integer(
    columns: Columns, taken: Sequence[int], known: frozenset[int], seconds: float | None, nodes: int | None
) -> tuple[float, list[int]]:
    """A bound over the given columns, and the best choice found; the choice is empty when none was."""
    solver, variables, _ = _model(columns, taken, "SCIP")
    solver.SetHint(variables, [float(column in known) for column in taken])
    if seconds is not None:
        solver.SetTimeLimit(max(1, int(seconds * 1_000)))
    limits = (f"limits/nodes = {nodes}",) if nodes is not None else ()
    if not solver.SetSolverSpecificParametersAsString("\n".join((*LEAN, *limits))):
        raise AssertionError("this OR-Tools knows SCIP's parameters by other names")
    parameters: Any = pywraplp.MPSolverParameters()
    # The default stops at a relative gap of 1e-4 and calls that optimal.
    parameters.SetDoubleParam(pywraplp.MPSolverParameters.RELATIVE_MIP_GAP, 0.0)
    status = solver.Solve(parameters)
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return 0.0, []
    chosen = [column for column, variable in zip(taken, variables, strict=True) if variable.solution_value() > 0.5]
    return solver.Objective().BestBound(), chosen
