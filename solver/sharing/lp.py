"""Small linear programs with OR-Tools' GLOP, behind a plain function."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp

Floats = NDArray[np.float64]

ATTEMPTS = ("", "use_dual_simplex: true use_preprocessing: false", "use_preprocessing: false use_scaling: false")
"""GLOP now and then ends ABNORMAL with an objective of 0: the next settings are then tried on a fresh model."""

ITERATIONS_MAX = 10_000
"""GLOP now and then goes round in circles for ever, on ten variables: then too the next settings are tried."""


class LpError(RuntimeError):
    """A linear program that should have an optimum was not solved."""


class LpSolution(NamedTuple):
    """Values, shape ``(variables,)``, and duals, shape ``(rows,)``, not negative for ``>=`` rows of a minimisation."""

    values: Floats
    duals: Floats


def minimise(
    objective: Sequence[float],
    lower: Sequence[float],
    rows: Sequence[tuple[Sequence[float], float, bool]],
) -> LpSolution:
    """
    Minimise a linear objective.

    Parameters
    ----------
    objective
        Coefficient of each variable.
    lower
        Lower bound of each variable, ``-inf`` allowed; there are no upper bounds.
    rows
        ``(coefficients, right, exact)``: the product is at least ``right``, or equal to it where ``exact``.

    Raises
    ------
    LpError
        When no optimum is found.
    """
    for parameters in ATTEMPTS:
        solver, variables, constraints = _model(objective, lower, rows)
        solver.SetSolverSpecificParametersAsString(f"{parameters} max_number_of_iterations: {ITERATIONS_MAX}")
        if solver.Solve() == pywraplp.Solver.OPTIMAL:
            values = np.array([variable.solution_value() for variable in variables])
            return LpSolution(values, np.array([row.dual_value() for row in constraints]))
    raise LpError(f"no optimum found for {len(objective)} variables and {len(rows)} rows")


def _model(
    objective: Sequence[float], lower: Sequence[float], rows: Sequence[tuple[Sequence[float], float, bool]]
) -> tuple[Any, list[Any], list[Any]]:
    solver: Any = pywraplp.Solver.CreateSolver("GLOP")
    infinity = solver.infinity()
    variables = [solver.NumVar(-infinity if low == -np.inf else low, infinity, "") for low in lower]
    target = solver.Objective()
    target.SetMinimization()
    for variable, coefficient in zip(variables, objective, strict=True):
        target.SetCoefficient(variable, coefficient)
    constraints = []
    for coefficients, right, exact in rows:
        constraint = solver.Constraint(right, right if exact else infinity)
        for variable, coefficient in zip(variables, coefficients, strict=True):
            if coefficient:
                constraint.SetCoefficient(variable, coefficient)
        constraints.append(constraint)
    return solver, variables, constraints
