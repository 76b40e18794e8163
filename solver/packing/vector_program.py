"""The linear and the integer program of fillings of bins, for OR-Tools' GLOP and SCIP."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from ortools.linear_solver import pywraplp

from solver.packing.vector_kernel import Floats, Ints

SCIP = "\n".join(
    (
        "limits/nodes = 300",
        "propagating/probing/maxprerounds = 0",
        "branching/relpscost/initcand = 8",
        *(f"heuristics/{name}/freq = -1" for name in ("rins", "feaspump", "alns", "crossover")),
    )
)
"""A limit in nodes, not seconds, so that the same question gets the same answer; few heuristics."""
LACKING = 1e3
"""So many times the dearest bin is the price of an item that is in none, so that there always is a solution."""


class Filling(NamedTuple):
    """Items by class in a bin of some type."""

    type_: int
    items: tuple[int, ...]


class Relaxed(NamedTuple):
    """
    A solution of the linear program.

    Attributes
    ----------
    values
        Of each filling.
    prices
        Of one more item of each class.
    of_types
        Of one more bin of each type: zero or negative.
    """

    values: Floats
    prices: Floats
    of_types: Floats


class Program:
    """The linear program, which is kept while fillings are added."""

    def __init__(self, fillings: Sequence[Filling], demand: Ints, counts: Ints, costs: Ints) -> None:
        self.solver: Any = pywraplp.Solver.CreateSolver("GLOP")
        self.costs = costs
        self.rows = [self.solver.Constraint(float(count), self.solver.infinity()) for count in demand]
        self.limits = [self.solver.Constraint(-self.solver.infinity(), float(count)) for count in counts]
        self.variables: list[Any] = []
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        for row in self.rows:
            lacking = self.solver.NumVar(0.0, self.solver.infinity(), "")
            row.SetCoefficient(lacking, 1.0)
            self.objective.SetCoefficient(lacking, LACKING * float(np.max(costs) + 1))
        self.add(fillings)

    def add(self, fillings: Sequence[Filling]) -> None:
        """Columns for more fillings."""
        for entry in fillings:
            variable = self.solver.NumVar(0.0, self.solver.infinity(), "")
            self.objective.SetCoefficient(variable, float(self.costs[entry.type_]))
            self.limits[entry.type_].SetCoefficient(variable, 1.0)
            for row, items in zip(self.rows, entry.items, strict=True):
                if items:
                    row.SetCoefficient(variable, float(items))
            self.variables.append(variable)

    def solve(self) -> Relaxed:
        """Solve it with the fillings there are."""
        self.solver.Solve()
        return Relaxed(
            np.array([variable.solution_value() for variable in self.variables]),
            np.array([row.dual_value() for row in self.rows]),
            np.array([limit.dual_value() for limit in self.limits]),
        )


def chosen(
    fillings: Sequence[Filling], demand: Ints, counts: Ints, costs: Ints, between: tuple[int, int]
) -> list[Filling] | None:
    """
    The best packing by SCIP, limited in nodes.

    ``between``: it costs at least the first, for which the search ends, and less than the second. None where none is
    found.
    """
    solver: Any = pywraplp.Solver.CreateSolver("SCIP")
    solver.SetSolverSpecificParametersAsString(SCIP)
    spent = solver.Constraint(float(between[0]), float(between[1] - 1))
    rows = [solver.Constraint(float(count), solver.infinity()) for count in demand]
    limits = [solver.Constraint(-solver.infinity(), float(count)) for count in counts]
    objective = solver.Objective()
    objective.SetMinimization()
    taken = []
    for entry in fillings:
        variable = solver.IntVar(0.0, float(min(demand.sum(), counts[entry.type_])), "")
        objective.SetCoefficient(variable, float(costs[entry.type_]))
        spent.SetCoefficient(variable, float(costs[entry.type_]))
        limits[entry.type_].SetCoefficient(variable, 1.0)
        for row, items in zip(rows, entry.items, strict=True):
            if items:
                row.SetCoefficient(variable, float(items))
        taken.append(variable)
    if solver.Solve() not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
        return None
    return [
        entry for entry, variable in zip(fillings, taken, strict=True) for _ in range(round(variable.solution_value()))
    ]
