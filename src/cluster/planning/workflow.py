"""Use cases of the planning workflow: stop a search, approve a plan, discard it, read what happened."""

from uuid import UUID

from cluster.base import audit
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.base.pages import Page, page
from cluster.planning import queries, service, workflow_queries
from cluster.planning.models import Plan, PlanStatus
from cluster.planning.workflow_models import ApprovePlan, LogAction, LogEntry
from cluster.shipments import pools

DISCARDABLE = [PlanStatus.DRAFT, PlanStatus.SOLVED]


async def stop(db: Connection, scope: Scope, plan_id: UUID) -> Plan:
    """
    Ends a plan's search as soon as it has a plan, and keeps the best so far. Asked twice it is the same.

    Raises
    ------
    Conflict
        ``plan_over``: there is no search to end.
    """
    found = await service.plan(db, scope, plan_id)
    if found.status not in (PlanStatus.QUEUED, PlanStatus.SOLVING):
        raise Conflict("plan_over", f"This plan is {found.status}: only a search that runs can be stopped.")
    if not await queries.request_stop(db, scope, plan_id):
        return found
    await workflow_queries.note(db, scope, plan_id, LogAction.STOPPED)
    return found


async def approve(db: Connection, scope: Scope, plan_id: UUID, body: ApprovePlan) -> Plan:
    """
    Notes that the caller agrees to a solved plan; saying so again changes nothing.

    Raises
    ------
    Conflict
        ``plan_not_solved``: there is nothing to agree to; ``own_plan``: the caller asked for the plan or edited it,
        as itself or with any key that it has held.
    """
    found = await service.plan(db, scope, plan_id)
    if found.status not in (PlanStatus.SOLVED, PlanStatus.SUPERSEDED):
        raise Conflict("plan_not_solved", f"This plan is {found.status}: only one that is solved can be approved.")
    if await workflow_queries.made_by_holder(db, scope, plan_id):
        raise Conflict("own_plan", "You made this plan: somebody else must approve it.")
    if await workflow_queries.approve(db, scope, plan_id, body.note):
        await workflow_queries.note(db, scope, plan_id, LogAction.APPROVED, {"note": body.note} if body.note else {})
        await audit.record(db, scope, "plan.approved", "plan", plan_id)
    return await service.plan(db, scope, plan_id)


async def discard(db: Connection, scope: Scope, plan_id: UUID) -> Plan:
    """
    Throws a draft or a candidate away; it stays in the history. Discarding it again changes nothing.

    Raises
    ------
    Conflict
        ``not_discardable``: it applies or applied, is being made, or came to nothing.
    """
    if not await queries.move(db, scope, plan_id, PlanStatus.DISCARDED, DISCARDABLE):
        found = await service.plan(db, scope, plan_id)
        if found.status is not PlanStatus.DISCARDED:
            raise Conflict("not_discardable", f"This plan is {found.status}: only drafts and candidates are discarded.")
        return found
    await workflow_queries.note(db, scope, plan_id, LogAction.DISCARDED)
    return await service.plan(db, scope, plan_id)


async def history(db: Connection, scope: Scope, pool_window_id: UUID, after: UUID, limit: int) -> Page[LogEntry]:
    """What happened to the plans of a window, oldest first."""
    await pools.window(db, scope, pool_window_id)
    return page(await workflow_queries.log(db, scope, pool_window_id, after, limit + 1), limit)
