"""Use cases of plans: ask for one, follow it, abort it. What a worker does with it stands in ``solving``."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from msgspec import structs

from cluster.base import ids, jobs
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.carriers import service as carriers
from cluster.members import service as members
from cluster.members import settings
from cluster.members.models import RuleTerms
from cluster.planning import queries, workflow_queries
from cluster.planning.models import ANSWERED, OVER, Plan, PlanStatus, StartPlan
from cluster.planning.queries import NewRun
from cluster.planning.scenario_models import Scenario
from cluster.planning.workflow_models import LogAction
from cluster.shipments import pools

PLAN_JOB = "plan_pool_window"
EVERYBODY = 100_000
"""More members than a cluster has."""


async def start(db: Connection, scope: Scope, pool_window_id: UUID, body: StartPlan) -> Plan:
    """
    Asks for a plan of a pool window; a worker makes it.

    Raises
    ------
    Conflict
        While another plan of the window is being made.
    Invalid
        When it names vehicle types or members that the cluster does not have, or terms that its rule does not take.
    """
    day = (await pools.window(db, scope, pool_window_id)).service_date
    planned, shared = await settings.planning(db, scope, day), await settings.sharing(db, scope, day)
    faults = await _strangers(db, scope, day, body.scenario)
    if body.terms is not None:
        faults += await settings.stranger_faults(db, scope, body.terms, "/terms")
        misplaced = body.terms.faults_with(body.rule or shared.rule)
        faults += [structs.replace(fault, pointer=f"/terms{fault.pointer}") for fault in misplaced]
    if faults:
        raise Invalid(faults)
    base_plan_id = None if body.base_plan_id is None else await _base(db, scope, pool_window_id, body.base_plan_id)
    asked = body.scenario
    scenario = structs.replace(
        asked,
        co2_minor_per_kg=planned.co2_minor_per_kg if asked.co2_minor_per_kg is None else asked.co2_minor_per_kg,
        buffer_s=planned.buffer_s if asked.buffer_s is None else asked.buffer_s,
    )
    usual_change = planned.change_minor or None if base_plan_id is not None else None
    rule = body.rule or shared.rule
    settled = shared.terms if rule is shared.rule else RuleTerms()
    run = NewRun(
        seconds=planned.seconds if body.seconds is None else body.seconds,
        seed=planned.seed if body.seed is None else body.seed,
        rule=rule,
        terms=settled if body.terms is None else body.terms,
        players_max=body.players_max or shared.players_max,
        label=body.label,
        base_plan_id=base_plan_id,
        scenario=scenario,
        change_minor=usual_change if body.change_minor is None else body.change_minor,
        publish_when_solved=planned.publish_at_once if body.publish is None else body.publish,
    )
    return await new_plan(db, scope, pool_window_id, run)


async def _strangers(db: Connection, scope: Scope, on: date, scenario: Scenario) -> list[FieldFault]:
    """What a scenario names and the cluster has not, a fault for each."""
    faults: list[FieldFault] = []
    if scenario.vehicle_limits:
        known = {entry.id for entry in await carriers.every(db, scope, on)}
        faults += [
            FieldFault(
                pointer=f"/scenario/vehicle_limits/{index}/vehicle_type_id",
                code="no_such_vehicle_type",
                cause="the cluster has no such vehicle type",
                cure="see GET /v1/vehicle-types",
            )
            for index, entry in enumerate(scenario.vehicle_limits)
            if entry.vehicle_type_id not in known
        ]
    if scenario.leave_out_member_ids:
        there = {entry.id for entry in (await members.list_members(db, scope, UUID(int=0), EVERYBODY)).data}
        faults += [
            FieldFault(
                pointer=f"/scenario/leave_out_member_ids/{index}",
                code="no_such_member",
                cause="the cluster has no such member",
                cure="see GET /v1/members",
            )
            for index, entry in enumerate(scenario.leave_out_member_ids)
            if entry not in there
        ]
    return faults


async def new_plan(
    db: Connection,
    scope: Scope,
    pool_window_id: UUID,
    run: NewRun,
    *,
    job: str | None = PLAN_JOB,
    action: LogAction = LogAction.STARTED,
) -> Plan:
    """
    A plan of a window: queued for a worker that does jobs of kind ``job``, or a draft where that is None.

    Raises
    ------
    Conflict
        ``plan_in_progress`` while another plan of the window is being made.
    """
    plan_id = ids.new()
    await pools.hold(db, scope, pool_window_id)
    if job is not None:
        try:
            await jobs.add(db, scope, kind=job, dedupe_key=f"plan:{pool_window_id}", subject_id=plan_id)
        except jobs.AlreadyQueued:
            raise Conflict("plan_in_progress", "A plan of this pool window is being made; wait or abort it.") from None
    status = PlanStatus.DRAFT if job is None else PlanStatus.QUEUED
    await queries.insert(db, scope, plan_id, pool_window_id, status)
    await queries.insert_run(db, scope, plan_id, run)
    facts = {} if run.base_plan_id is None else {"base_plan_id": ids.show("plan", run.base_plan_id)}
    await workflow_queries.note(db, scope, plan_id, action, facts)
    return await plan(db, scope, plan_id)


async def run_like(db: Connection, scope: Scope, plan_id: UUID) -> NewRun:
    """How a plan was asked for: its rule, players, scenario and day, for one that is made of it."""
    return await queries.run_like(db, scope, plan_id)


async def hand_over(db: Connection, scope: Scope, plan_id: UUID, *, job: str, action: LogAction) -> Plan:
    """
    A draft goes to a worker that does jobs of kind ``job``.

    Raises
    ------
    Conflict
        ``plan_in_progress`` while it is being made already; ``plan_not_draft``.
    """
    draft = await plan(db, scope, plan_id)
    window = ids.parse("win", draft.pool_window_id)
    await pools.hold(db, scope, window)
    try:
        await jobs.add(db, scope, kind=job, dedupe_key=f"plan:{plan_id}", subject_id=plan_id)
    except jobs.AlreadyQueued:
        raise Conflict("plan_in_progress", "This plan is being made already; wait or abort it.") from None
    if not await queries.move(db, scope, plan_id, PlanStatus.QUEUED, [PlanStatus.DRAFT]):
        raise Conflict("plan_not_draft", f"This plan is {draft.status} already.")
    await note(db, scope, plan_id, action)
    return await plan(db, scope, plan_id)


async def note(
    db: Connection, scope: Scope, plan_id: UUID, action: LogAction, facts: Mapping[str, object] | None = None
) -> None:
    """Adds to the log of the plan's window."""
    await workflow_queries.note(db, scope, plan_id, action, facts)


async def _base(db: Connection, scope: Scope, pool_window_id: UUID, named: str) -> UUID:
    """The plan to start from: one of the same window that has an answer."""
    plan_id = ids.parse("plan", named)
    base = await plan(db, scope, plan_id)
    if base.status not in ANSWERED or base.pool_window_id != ids.show("win", pool_window_id):
        raise Conflict("plan_not_solved", "What a plan starts from must be a solved plan of the same pool window.")
    return plan_id


async def plan(db: Connection, scope: Scope, plan_id: UUID) -> Plan:
    """One plan that the caller may see."""
    found = await queries.plans(db, scope, UUID(int=0), 1, None, plan_id)
    if not found:
        raise NotFound("plan")
    return found[0]


async def question(db: Connection, scope: Scope, plan_id: UUID) -> tuple[bytes, bytes] | None:
    """A plan's question: its digest, and itself as stored (``translate.unpacked``); None where none was kept."""
    return await queries.question(db, scope, plan_id)


async def answer(db: Connection, scope: Scope, plan_id: UUID) -> bytes | None:
    """The solver's answer for a plan, as JSON; None where it has none."""
    return await queries.answer(db, scope, plan_id)


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
    if found.status in OVER or found.status is PlanStatus.DRAFT:
        raise Conflict("plan_over", f"This plan is {found.status} already.")
    if await jobs.cancel_waiting(db, scope, plan_id):
        await queries.move(db, scope, plan_id, PlanStatus.ABORTED, [PlanStatus.QUEUED, PlanStatus.SOLVING])
        await workflow_queries.note(db, scope, plan_id, LogAction.ABORTED)
    else:
        await queries.request_abort(db, scope, plan_id)
    return await plan(db, scope, plan_id)
