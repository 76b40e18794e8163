"""From a problem to everything that ``cluster plan`` says: the plan, its proof, its independent check, its split."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from msgspec import Struct

from cluster.offline.splitting import Climber, Done, Task, split_whole
from solver.check import check
from solver.compiled import Compiled
from solver.measures import key_of_owners
from solver.plan import MILLI, Budget, Plan, Progress, Result, Violation, minor
from solver.pool import Pool
from solver.problem import Problem
from solver.shares import Rule, Split
from solver.solve import solve

SPLIT_S, SPLIT_PART = 2.0, 0.5
"""With seconds given, the search takes them all, and the split half as many again, or these few if that is more."""


class Answer(Struct, frozen=True, kw_only=True):
    """
    What is known about one day.

    ``plan`` is the search's, or a better one that came out of the split. ``result.bound_milli`` holds for both.
    ``split`` is None where there is nobody to share, or where the time was too short for any split.
    """

    plan: Plan
    result: Result
    split: Split | None
    violations: tuple[Violation, ...]
    seconds: float

    @property
    def gap(self) -> float:
        """The part of the cost that no better plan could save more than."""
        cost = self.plan.cost_milli
        return max(0.0, (cost - self.result.bound_milli) / cost) if cost else 0.0


def answered(
    problem: Problem, budget: Budget, seed: int, rule: Rule, progress: Callable[[Progress], None] | None = None
) -> Answer:
    """
    Plan, check and split one day.

    With ``budget.seconds`` the whole takes half as long again, or 2 s more; without, the answer depends on the seed
    alone. Raises ProblemError, before anything is searched, where the rule's key is missing.
    """
    begun = time.monotonic()
    pool = Pool(Compiled(problem))
    require_key(pool.compiled, rule)
    with ExitStack() as leaving:
        timed = budget.seconds is not None and bool(problem.orders)
        climber = leaving.enter_context(Climber()) if timed else None
        result = solve(problem, budget, seed=seed, pool=pool, progress=progress)
        if progress is not None:
            progress(_splitting(result, time.monotonic() - begun))
        task = Task(problem=problem, plan=result.plan, pool=pool, rule=rule, seed=seed)
        done: Done | None = None
        if climber is not None and budget.seconds is not None:
            patience = max(SPLIT_S, SPLIT_PART * budget.seconds)
            done = climber.best(task, time.monotonic() + patience)
        elif problem.orders:
            done = split_whole(task)
    plan = result.plan if done is None else done.plan
    return Answer(
        plan=plan,
        result=result,
        split=None if done is None else done.split,
        violations=tuple(check(problem, plan)),
        seconds=time.monotonic() - begun,
    )


def require_key(compiled: Compiled, rule: Rule) -> None:
    """ProblemError where a rule splits by a measure that no order has."""
    key_of_owners(compiled, rule, ())


def _splitting(result: Result, seconds: float) -> Progress:
    """What to tell whoever watches while the cost is split."""
    return Progress(
        phase="split",
        seconds=seconds,
        cost_milli=result.plan.cost_milli,
        bound_milli=result.bound_milli,
        routes=len(result.plan.routes),
        unplanned=len(result.plan.unplanned),
    )


def as_document(answer: Answer) -> dict[str, Any]:
    """The answer as ``--json`` prints it; costs in minor units, rounded once each, the bound rounded down."""
    document: dict[str, Any] = {
        "cost_minor": minor(answer.plan.cost_milli),
        "currency": answer.plan.currency,
        "routes": len(answer.plan.routes),
        "unplanned": len(answer.plan.unplanned),
        "mandatory_unplanned": answer.plan.mandatory_unplanned,
        "bound_minor": answer.result.bound_milli // MILLI,
        "gap": round(answer.gap, 6),
        "seconds": round(answer.seconds, 3),
        "seed": answer.result.seed,
        "violations": answer.violations,
        "left_behind": answer.plan.unplanned,
        "trace": answer.result.trace,
        "shares": [],
    }
    if answer.split is not None:
        document |= {
            "shares": [_share(share) for share in answer.split.shares],
            "rule": answer.split.rule,
            "rule_applied": answer.split.rule_applied,
            "verdict": answer.split.certificate.verdict,
            "in_core": answer.split.in_core,
            "individually_rational": answer.split.individually_rational,
            "excess_max_minor": answer.split.excess_max_minor,
            "unions": answer.split.unions,
            "coalitions": answer.split.coalitions,
            "coalitions_proven": answer.split.coalitions_proven,
            "pool_digest": answer.split.pool_digest,
        }
    return document


def _share(share: Any) -> dict[str, Any]:
    amounts = ("stand_alone", "share", "saving", "incremental", "low", "high")
    fields = ("owner", *(f"{amount}_minor" for amount in amounts))
    return {field: getattr(share, field) for field in fields}
