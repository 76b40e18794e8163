"""A constraint program for CP-SAT, written as the text of its message: several times faster than with its classes."""

from collections.abc import Sequence
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
        self._variables: list[str] = []
        self._constraints: list[str] = []

    def variable(self, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``; one that can be nothing makes the program infeasible."""
        if low > high:
            self.clause(())
            high = low
        self._variables.append(f"variables{{domain:{low} domain:{high}}}")
        return len(self._variables) - 1

    def boolean(self) -> int:
        """True or false."""
        self._variables.append("variables{domain:0 domain:1}")
        return len(self._variables) - 1

    def linear(self, terms: Sequence[Term], low: int = -1 - FAR, high: int = FAR, when: Sequence[int] = ()) -> None:
        """The sum of terms lies from ``low`` to ``high``."""
        total = "".join([f"vars:{variable} coeffs:{coefficient} " for coefficient, variable in terms])
        self._constraints.append(f"constraints{{{_where(when)}linear{{{total}domain:{low} domain:{high}}}}}")

    def clause(self, literals: Sequence[int]) -> None:
        """At least one of them holds."""
        listed = " ".join([f"literals:{literal}" for literal in literals])
        self._constraints.append(f"constraints{{bool_or{{{listed}}}}}")

    def exactly_one(self, literals: Sequence[int]) -> None:
        """One of them holds, no other."""
        listed = " ".join([f"literals:{literal}" for literal in literals])
        self._constraints.append(f"constraints{{exactly_one{{{listed}}}}}")

    def product(self, low: int, high: int, factors: Sequence[int]) -> int:
        """A new variable that is the product of others."""
        target = self.variable(low, high)
        listed = "".join([f"exprs{{vars:{factor} coeffs:1}}" for factor in factors])
        self._constraints.append(f"constraints{{int_prod{{target{{vars:{target} coeffs:1}}{listed}}}}}")
        return target

    def stretch(self, start: int, size: int, when: Sequence[int] = ()) -> int:
        """An interval from ``start``, ``size`` long, for ``busy``."""
        at = f"vars:{start} coeffs:1"
        interval = f"interval{{start{{{at}}}end{{{at} offset:{size}}}size{{offset:{size}}}}}"
        self._constraints.append(f"constraints{{{_where(when)}{interval}}}")
        return len(self._constraints) - 1

    def busy(self, stretches: Sequence[int], demands: Sequence[int], capacity: int) -> None:
        """Wherever stretches overlap, their demands are at most ``capacity`` together."""
        listed = "".join([f"intervals:{stretch} " for stretch in stretches])
        listed += "".join([f"demands{{offset:{demand}}}" for demand in demands])
        self._constraints.append(f"constraints{{cumulative{{capacity{{offset:{capacity}}}{listed}}}}}")

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
        message = cp_model_helper.CpModelProto()
        if not message.parse_text_format("".join([*self._variables, *self._constraints])):
            raise AssertionError("a program is always well written")
        response = solver.solve(message)
        if response.status in {cp_model_helper.FEASIBLE, cp_model_helper.OPTIMAL}:
            return list(response.solution)
        return bool(response.status != cp_model_helper.INFEASIBLE)


def _where(when: Sequence[int]) -> str:
    return "".join([f"enforcement_literal:{literal} " for literal in when])
