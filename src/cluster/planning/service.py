"""Use cases of plans: ask for one, follow it, abort it. What a worker does with it stands in ``solving``."""

from uuid import UUID

from cluster.base import ids, jobs
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.members import service as members
from cluster.planning import queries
from cluster.planning.models import OVER, Plan, PlanStatus, StartPlan
from cluster.shipments import pools

PLAN_JOB = "plan_pool_window"


async def start(db: Connection, scope: Scope, pool_window_id: UUID, body: StartPlan) -> Plan:
    """
    Asks for a plan of a pool window; a worker makes it.

    Raises
    ------
    Conflict
        While another plan of the window is being made.
    """
    await pools.window(db, scope, pool_window_id)
    rule = body.rule or (await members.cluster_of(db, scope)).sharing_rule
    plan_id = ids.new()
    try:
        await jobs.add(db, scope, kind=PLAN_JOB, dedupe_key=f"plan:{pool_window_id}", subject_id=plan_id)
    except jobs.AlreadyQueued:
        raise Conflict("plan_in_progress", "A plan of this pool window is being made; wait or abort it.") from None
    await queries.insert(db, scope, plan_id, pool_window_id)
    await queries.insert_run(db, scope, plan_id, body.seconds, body.seed, rule, body.players_max)
    return await plan(db, scope, plan_id)


async def plan(db: Connection, scope: Scope, plan_id: UUID) -> Plan:
    """One plan that the caller may see."""
    found = await queries.plans(db, scope, UUID(int=0), 1, None, plan_id)
    if not found:
        raise NotFound("plan")
    return found[0]


async def list_plans(db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None) -> Page[Plan]:
    """Plans that the caller may see."""
    return page(await queries.plans(db, scope, after, limit + 1, pool_window_id), limit)


async def abort(db: Connection, scope: Scope, plan_id: UUID) -> Plan:
    """
    Aborts a plan that is waiting (at once) or being solved (at the worker's next heartbeat).

    Raises
    ------
    Conflict
        When it is over already, unless it was aborted.
    """
    found = await plan(db, scope, plan_id)
    if found.status is PlanStatus.ABORTED:
        return found
    if found.status in OVER:
        raise Conflict("plan_over", f"This plan is {found.status} already.")
    if await jobs.cancel_waiting(db, scope, plan_id):
        await queries.move(db, scope, plan_id, PlanStatus.ABORTED, [PlanStatus.QUEUED, PlanStatus.SOLVING])
    else:
        await queries.request_abort(db, scope, plan_id)
    return await plan(db, scope, plan_id)
