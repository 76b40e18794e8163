"""A constraint program for CP-SAT, written straight into its message: several times faster than with its classes."""

from collections.abc import Iterable, Sequence
from typing import Any

from ortools.sat.python import cp_model_helper

Term = tuple[int, int]
"""Coefficient and variable."""
FAR = (1 << 63) - 1
"""No limit above; none below is ``-1 - FAR``."""


class Program:
    """
    Variables, linear constraints and clauses.

    A variable is its index; the opposite of a boolean variable ``b`` is ``-1 - b``. ``when`` lists literals: the
    constraint is asked for where all of them hold.
    """

    def __init__(self) -> None:
        self._model = cp_model_helper.CpModelProto()
        self._variables = self._model.variables
        self._constraints = self._model.constraints
        self.count = 0

    def variable(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``; one that can be nothing makes the program infeasible."""
        domain = self._variables.add().domain
        if low > high:
            domain.extend((0, 0))
            self.clause(())
        else:
            domain.extend((low, high))
        self.count += 1
        return self.count - 1

    def boolean(self) -> int:
        """True or false."""
        self._variables.add().domain.extend((0, 1))
        self.count += 1
        return self.count - 1

    def linear(self, terms: Iterable[Term], low: int = -1 - FAR, high: int = FAR, when: Sequence[int] = ()) -> None:
        """The sum of terms lies from ``low`` to ``high``."""
        constraint = self._constraints.add()
        if when:
            constraint.enforcement_literal.extend(when)
        coefficients, variables = zip(*terms, strict=True)
        linear = constraint.linear
        linear.vars.extend(variables)
        linear.coeffs.extend(coefficients)
        linear.domain.extend((low, high))

    def clause(self, literals: Sequence[int]) -> None:
        """At least one of them holds."""
        constraint = self._constraints.add()
        constraint.bool_or.literals.extend(literals)

    def exactly_one(self, literals: Sequence[int]) -> None:
        """One of them holds, no other."""
        self._constraints.add().exactly_one.literals.extend(literals)

    def product(self, low: int, high: int, factors: Sequence[int]) -> int:
        """A new variable that is the product of others."""
        target = self.variable(low, high)
        product = self._constraints.add().int_prod
        _expression(product.target, target)
        for factor in factors:
            _expression(product.exprs.add(), factor)
        return target

    def stretch(self, start: int, size: int, when: Sequence[int] = ()) -> int:
        """An interval from ``start``, ``size`` long, for ``busy``."""
        index = len(self._constraints)
        constraint = self._constraints.add()
        if when:
            constraint.enforcement_literal.extend(when)
        interval = constraint.interval
        _expression(interval.start, start)
        _expression(interval.end, start)
        interval.end.offset = size
        interval.size.offset = size
        return index

    def busy(self, stretches: Sequence[int], demands: Sequence[int], capacity: int) -> None:
        """Wherever stretches overlap, their demands are at most ``capacity`` together."""
        cumulative = self._constraints.add().cumulative
        cumulative.capacity.offset = capacity
        cumulative.intervals.extend(stretches)
        for demand in demands:
            cumulative.demands.add().offset = demand

    def solve(self, conflicts: int, seed: int) -> list[int] | bool:
        """
        Values of all variables, False when there are none (proof), True when neither was found: the work ran out, or
        the numbers are too large for CP-SAT (their sum is 2**63 or more).

        One thread and a limit on conflicts: the same answer on any machine.
        """
        solver: Any = cp_model_helper.SolveWrapper()
        parameters = cp_model_helper.SatParameters()
        parameters.num_workers = 1
        parameters.random_seed = seed
        parameters.max_number_of_conflicts = conflicts
        parameters.cp_model_presolve = False
        parameters.linearization_level = 0
        parameters.use_sat_inprocessing = False
        solver.set_parameters(parameters)
        response = solver.solve(self._model)
        if response.status in {cp_model_helper.FEASIBLE, cp_model_helper.OPTIMAL}:
            return list(response.solution)
        return bool(response.status != cp_model_helper.INFEASIBLE)


def _expression(target: cp_model_helper.LinearExpressionProto, variable: int) -> None:
    target.vars.extend((variable,))
    target.coeffs.extend((1,))
