"""What is explained: a plan that has an answer, or a draft as it stands."""

from uuid import UUID

from cluster.base.db import Database, Scope
from cluster.desk import asked, drafts
from cluster.desk.asked import Subject
from cluster.desk.bench import Bench
from cluster.planning import service as planning
from cluster.planning.models import PlanStatus


async def subject(database: Database, scope: Scope, bench: Bench, plan_id: UUID) -> Subject:
    """
    A plan or draft, with what is needed to explain it.

    Raises
    ------
    NotFound
        When there is no such plan.
    Conflict
        ``plan_not_solved``: it has no answer.
    """
    async with database.unit(scope) as db:
        plan = await planning.plan(db, scope, plan_id)
        if plan.status is not PlanStatus.DRAFT:
            return await asked.subject(db, scope, plan_id)
    return await drafts.subject(database, scope, bench, plan_id)
