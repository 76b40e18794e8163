"""A plan's question and answer, as a helper process is asked about them."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.desk.why_models import Stored
from cluster.planning import service as planning
from cluster.planning import views
from cluster.planning.models import Plan, PlanResult, Route

Ask = Callable[..., Awaitable[Any]]
"""Asks a helper process: a function of this folder's doors to the solver, and its arguments."""


class Subject(Struct, frozen=True, kw_only=True):
    """
    What is explained: its figures, question and answer, and routes.

    ``reasons`` are those of shipments that no route carries, as far as one was found. Of a ``draft`` nothing is proven:
    its bound is 0.
    """

    plan_id: UUID
    currency: str
    cost_minor: int
    bound_minor: int
    distance_m: int
    duration_s: int
    stored: Stored
    routes: list[Route]
    reasons: dict[str, str]
    draft: bool = False


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


async def subject(db: Connection, scope: Scope, plan_id: UUID) -> Subject:
    """
    A plan that has an answer, to be explained.

    Raises
    ------
    NotFound
        When there is no such plan.
    Unanswered
        When it has no answer.
    """
    result, stored = await answered(db, scope, plan_id)
    return Subject(
        plan_id=plan_id,
        currency=result.currency,
        cost_minor=result.cost_minor,
        bound_minor=result.bound_minor,
        distance_m=result.distance_m,
        duration_s=result.duration_s,
        stored=stored,
        routes=(await views.routes(db, scope, plan_id)).routes,
        reasons=await reasons_of(db, scope, plan_id),
    )


async def reasons_of(db: Connection, scope: Scope, plan_id: UUID) -> dict[str, str]:
    """Why shipments of a plan are unplanned."""
    rest = (await views.unplanned(db, scope, plan_id)).unplanned
    return {entry.shipment_id: entry.reason for entry in rest}
