"""A plan's question and answer, as a helper process is asked about them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.desk.why_models import Stored
from cluster.planning import service as planning
from cluster.planning.models import Plan, PlanResult

Ask = Callable[..., Awaitable[Any]]
"""Asks a helper process: a function of this folder's doors to the solver, and its arguments."""


class Unanswered(Conflict):
    """A plan that has no answer (yet) cannot be explained."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            "plan_not_solved", f"This plan is {plan.status}: there is nothing to explain before it is solved."
        )


async def answered(db: Connection, scope: Scope, plan_id: UUID) -> tuple[PlanResult, Stored]:
    """
    What a plan comes to, with its question and answer as stored.

    Raises
    ------
    NotFound
        When there is no such plan.
    Unanswered
        When it has no answer.
    """
    plan = await planning.plan(db, scope, plan_id)
    question = await planning.question(db, scope, plan_id)
    answer = await planning.answer(db, scope, plan_id)
    if plan.result is None or question is None or answer is None:
        raise Unanswered(plan)
    digest, problem = question
    return plan.result, Stored(digest=digest, problem=problem, answer=answer)
