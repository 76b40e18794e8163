"""Every answer, whoever gave it, written out as a plan of ours, re-checked, and priced by one code."""

from typing import NamedTuple

from benchmarks.routing.cases import Case
from benchmarks.routing.ways import Answer
from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.plan import Plan


class Verdict(NamedTuple):
    """
    What an answer is worth.

    ``cost_milli`` is None, and ``reason`` says why, where the plan fails the check or leaves out what must be served.
    """

    cost_milli: int | None
    vehicles: int
    unplanned: int
    reason: str = ""


def judge(case: Case, answer: Answer) -> Verdict:
    """Check and price an answer."""
    plan = answer.plan
    if plan is None:
        if not answer.routes:
            return Verdict(None, 0, len(case.problem.orders), "found nothing")
        try:
            plan = assemble(Compiled(case.problem), answer.routes)
        except ValueError as error:
            return Verdict(None, len(answer.routes), 0, f"infeasible: {str(error)[-160:]}")
    return verdict_on(case, plan)


def verdict_on(case: Case, plan: Plan) -> Verdict:
    """The same for a plan."""
    facts = len(plan.routes), len(plan.unplanned)
    violations = check(case.problem, plan)
    if violations:
        first = violations[0]
        return Verdict(None, *facts, f"{len(violations)} violations, first {first.where}: {first.code}")
    if plan.mandatory_unplanned:
        return Verdict(None, *facts, f"{plan.mandatory_unplanned} orders left out")
    return Verdict(plan.cost_milli, *facts)


def gap_percent(objective: float, best: float) -> float:
    """How far an objective is above the best known, in per cent of it."""
    return 100 * (objective - best) / best
