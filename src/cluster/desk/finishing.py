"""From a draft back to a plan: finished as it is, or searched on around what it locks."""

from uuid import UUID

import msgspec
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import ClusterError, Conflict, FieldFault
from cluster.base.etags import Outdated, must_match
from cluster.desk import draft_queries, hands
from cluster.desk.draft_models import DraftState, Reoptimise
from cluster.planning import publishing
from cluster.planning import service as planning
from cluster.planning.models import Origin, Plan, PlanStatus
from cluster.planning.workflow_models import LogAction

FINISH_JOB = "finish_draft"
REOPTIMISE_JOB = "reoptimise_draft"


class Infeasible(ClusterError):
    """A draft that breaks something is no plan yet; all that it breaks is told."""

    status = 409
    code = "draft_infeasible"
    title = "The draft breaks something"

    def __init__(self, state: DraftState) -> None:
        faults = [
            FieldFault(
                pointer=f"/routes/{entry.route_no}" + ("" if entry.position is None else f"/visits/{entry.position}"),
                code=entry.code,
                cause=entry.detail,
                cure="mend it, take the shipment off the route, or undo the edit",
            )
            for entry in state.violations
        ]
        super().__init__(f"The draft breaks {len(faults)} constraints; mend them first.", faults)


async def finish(database: Database, scope: Scope, state: DraftState, if_match: str | None) -> Plan:
    """
    Has the cost of a draft split as it is; it is solved when that is done.

    Parameters
    ----------
    database, scope
        Of whoever asks.
    state
        The draft as it stands.
    if_match
        Which version the asker saw.

    Raises
    ------
    Infeasible
        When it breaks anything.
    Conflict
        ``plan_in_progress`` while another plan of the window is being made; ``draft_outdated`` when the day has changed
        since the draft was made; ``plan_dispatched`` when the published plan is being driven.
    """
    must_match(if_match, state.version)
    if state.violations:
        raise Infeasible(state)
    plan_id = ids.parse("plan", state.plan_id)
    async with database.unit(scope) as db:
        if await draft_queries.hold(db, scope, plan_id) != state.version:
            raise Outdated
        plan = await planning.plan(db, scope, plan_id)
        if plan.status is not PlanStatus.DRAFT:
            raise Conflict("plan_not_draft", f"This plan is {plan.status} already.")
        if plan.day_changed:
            detail = "Shipments of this day have changed since the draft was made; revise its base plan."
            raise Conflict("draft_outdated", detail)
        await publishing.must_not_be_driven(db, scope, ids.parse("win", plan.pool_window_id))
        return await planning.hand_over(db, scope, plan_id, job=FINISH_JOB, action=LogAction.FINISHED)


async def reoptimise(db: Connection, scope: Scope, plan_id: UUID, body: Reoptimise) -> Plan:
    """
    Asks for a new plan: a search that starts from a draft, keeps what it locks, and mends what it breaks.

    Raises
    ------
    Conflict
        ``plan_in_progress`` while another plan of the window is being made; ``plan_dispatched`` when the published one
        is being driven.
    """
    standing = await draft_queries.standing(db, scope, plan_id)
    plan = await planning.plan(db, scope, plan_id)
    if standing is None or plan.status is not PlanStatus.DRAFT:
        raise Conflict("plan_not_draft", f"This plan is {plan.status}; make a draft of it first.")
    window = ids.parse("win", plan.pool_window_id)
    await publishing.must_not_be_driven(db, scope, window)
    run = structs.replace(
        await planning.run_like(db, scope, plan_id),
        seconds=body.seconds,
        origin=Origin.EDIT,
        base_plan_id=plan_id,
        change_minor=body.change_minor,
        problem_sha256=standing.problem_sha256,
        task={"state": hands.as_task(standing.state), "change_minor": body.change_minor},
    )
    return await planning.new_plan(db, scope, window, run, job=REOPTIMISE_JOB, action=LogAction.REOPTIMISED)


class Fixed(msgspec.Struct, frozen=True, kw_only=True):
    """What a worker needs to finish a draft."""

    packed: bytes
    state: bytes


async def fixed(db: Connection, scope: Scope, plan_id: UUID) -> Fixed:
    """A draft's problem and the state that it stands at."""
    question = await planning.question(db, scope, plan_id)
    standing = await draft_queries.standing(db, scope, plan_id)
    if question is None or standing is None:
        raise LookupError("a draft that is being finished has a problem and a state")
    return Fixed(packed=question[1], state=standing.state)


async def packed_of(db: Connection, scope: Scope, plan_id: UUID) -> bytes:
    """The problem of a plan that is being searched on."""
    question = await planning.question(db, scope, plan_id)
    if question is None:
        raise LookupError("a plan that is made from a draft has its problem")
    return question[1]
