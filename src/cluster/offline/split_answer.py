"""From a problem and a plan to everything that ``cluster split`` says: the split, its certificate, both re-checked."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple

from msgspec import Struct

from cluster.offline.answer import require_key
from solver.check import check
from solver.check_split import check_certificate
from solver.compiled import Compiled
from solver.faults import Fault, ProblemError
from solver.plan import Budget, Plan, Violation
from solver.pool import Pool
from solver.problem import Problem
from solver.processes import Processes
from solver.shares import Certificate, Rule, Split, SplitProgress
from solver.solve import solve
from solver.split import EFFORTS, Terms, split_cost

PLAN_ITERATIONS = {"preview": 5, "usual": 20, "long": 100}
"""By effort: rounds of the search for a plan, for each order, where none is given."""


class Asked(NamedTuple):
    """
    How to split.

    ``players_max`` None leaves the number of players to the effort (a key of ``solver.split.EFFORTS``).
    """

    rule: Rule
    terms: Terms
    effort: str
    players_max: int | None
    seed: int
    cores: int


class SplitAnswer(Struct, frozen=True, kw_only=True):
    """
    A split with its checks.

    ``plan`` is the one that is split: the one given, or a better one that came out of the work (``improved``).
    ``violations`` are those of the plan and of the certificate by code that shares nothing with what made them.
    """

    plan: Plan
    split: Split
    improved: bool
    violations: tuple[Violation, ...]
    seconds: float


def split_answer(
    problem: Problem, plan: Plan | None, asked: Asked, progress: Callable[[SplitProgress], None] | None = None
) -> SplitAnswer:
    """
    Split the cost of a checked plan, or of one that is searched for first.

    What comes out depends on ``asked`` alone, but for the number of cores. Raises ProblemError where the rule cannot be
    applied: its key is missing, its terms name nobody.
    """
    began = time.monotonic()
    pool = Pool(Compiled(problem))
    require_key(pool.compiled, asked.rule)
    _require_known(problem, asked.terms)
    given = plan or _planned(problem, pool, asked)
    with ExitStack() as leaving:
        processes = None
        if asked.cores > 1:
            processes = Processes(asked.cores)
            leaving.callback(processes.close)
        split = split_cost(
            problem,
            given,
            pool,
            asked.rule,
            seed=asked.seed,
            players_max=asked.players_max,
            progress=progress,
            executor=None if processes is None else processes.executor,
            effort=EFFORTS[asked.effort],
            terms=asked.terms,
        )
    split_plan = split.plan or given
    violations = (*check(problem, split_plan), *check_certificate(split.certificate))
    return SplitAnswer(
        plan=split_plan,
        split=split,
        improved=split.plan is not None,
        violations=violations,
        seconds=time.monotonic() - began,
    )


def _require_known(problem: Problem, terms: Terms) -> None:
    """Terms of a file are of members with orders; ProblemError names all others: a name may be mistyped."""
    named = {
        "$.weights": set(terms.weights or ()),
        "$.unions": {owner for union in terms.unions for owner in union},
    }
    cure = "name owners of orders: " + ", ".join(problem.owners)
    faults = [
        Fault(code="player_unknown", where=where, cause=f"no orders of {name!r}", cure=cure)
        for where, names in named.items()
        for name in sorted(names - set(problem.owners))
    ]
    if faults:
        raise ProblemError(faults)


def _planned(problem: Problem, pool: Pool, asked: Asked) -> Plan:
    """A plan of one's own, limited in rounds so that it is the same every time."""
    iterations = max(PLAN_ITERATIONS[asked.effort] * len(problem.orders), 1)
    budget = Budget(seconds=None, iterations=iterations, cores=asked.cores, bound=False)
    return solve(problem, budget, seed=asked.seed, pool=pool).plan


def as_document(answer: SplitAnswer, *, certificate: bool) -> dict[str, Any]:
    """The answer as ``--json`` prints it; money in whole minor units."""
    split = answer.split
    document: dict[str, Any] = {
        "rule": split.rule,
        "rule_applied": split.rule_applied,
        "repaired": split.repaired,
        "currency": split.currency,
        "cost_minor": split.cost_minor,
        "players": split.certificate.players,
        "unions": split.unions,
        "shares": split.shares,
        "verdict": split.certificate.verdict,
        "individually_rational": split.individually_rational,
        "excess_max_minor": split.excess_max_minor,
        "gain_max_minor": split.certificate.gain_max.gain_minor,
        "coalitions": split.coalitions,
        "coalitions_proven": split.coalitions_proven,
        "coalition_costs": coalition_costs(split.certificate),
        "pool_digest": split.pool_digest,
        "plan_improved": answer.improved,
        "mandatory_unplanned": answer.plan.mandatory_unplanned,
        "violations": answer.violations,
        "seconds": round(answer.seconds, 3),
    }
    return document | ({"certificate": split.certificate} if certificate else {})


def coalition_costs(certificate: Certificate) -> list[dict[str, Any]]:
    """Every coalition but nobody by its players, with what its plan costs at least and at most; by mask."""
    players = certificate.players
    tables = zip(certificate.lower_minor, certificate.upper_minor, strict=True)
    return [
        {
            "players": [player for bit, player in enumerate(players) if mask >> bit & 1],
            "lower_minor": lower,
            "upper_minor": upper,
        }
        for mask, (lower, upper) in enumerate(tables)
        if mask
    ]
