"""
What a worker does with a plan: gather the day, note progress, apply the answer.

No transaction is open while the solver works. The answer applies in one transaction, on condition that the worker still
holds the job and that nothing the plan was made from has changed.
"""

import logging
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from cluster.base import ids, jobs, outbox
from cluster.base.db import Connection, Scope, system_scope
from cluster.base.errors import Conflict
from cluster.base.jobs import Job
from cluster.members.models import RuleTerms
from cluster.places import roads, travel
from cluster.places.roads_straight import Calibration
from cluster.planning import publishing, queries, service, storing, workflow_queries
from cluster.planning.gathering import gather, points
from cluster.planning.models import Origin, PlanStatus
from cluster.planning.queries import Wish
from cluster.planning.scenario_models import Scenario
from cluster.planning.settled import Road
from cluster.planning.storing import OnSolved
from cluster.planning.translate import Answer, Day, Problem
from cluster.planning.workflow_models import LogAction
from cluster.shipments import pools

log = logging.getLogger("cluster.planning")

UNDER_WAY = [PlanStatus.QUEUED, PlanStatus.SOLVING]


class Work(Struct, frozen=True, kw_only=True):
    """A plan to be solved, with everything it depends on."""

    plan_id: UUID
    day: Day
    seconds: int
    seed: int
    rule: str
    players_max: int
    terms: RuleTerms
    publish: bool = False
    base: bytes | None = None
    """The answer of the plan to start from."""
    change_minor: int = 0
    task: dict[str, Any] | None = None
    road: Road | None = None
    """What has really happened by now, where the plan is a replan."""


class Stale(Exception):
    """What the plan was made from has changed meanwhile; it must be made again."""


async def begin(db: Connection, job: Job) -> Work:
    """
    Marks a plan as being solved and gathers its day.

    Raises
    ------
    LeaseLost
        When the plan is over, or the job somebody else's.
    """
    scope = system_scope(job.cluster_id)
    plan_id = job.subject_id
    await jobs.renew(db, job)
    if not await queries.move(db, scope, plan_id, PlanStatus.SOLVING, UNDER_WAY):
        raise jobs.LeaseLost
    await queries.reset_run(db, scope, plan_id)
    plan = await service.plan(db, scope, plan_id)
    scenario = plan.scenario or Scenario()
    base = None if plan.base_plan_id is None else await queries.answer(db, scope, ids.parse("plan", plan.base_plan_id))
    players_max, task = await queries.asked(db, scope, plan_id)
    road = None if plan.origin is not Origin.REPLAN else msgspec.convert(task, Road)
    day = await gather(db, scope, ids.parse("win", plan.pool_window_id), scenario=scenario, road=road)
    return Work(
        plan_id=plan_id,
        day=day,
        seconds=plan.seconds or 1,
        seed=plan.seed or 0,
        rule=plan.rule or "nucleolus",
        players_max=players_max,
        terms=plan.terms or RuleTerms(),
        publish=bool(plan.publish),
        base=base,
        change_minor=plan.change_minor or 0,
        task=task,
        road=road,
    )


async def on_roads(db: Connection, scope: Scope, work: Work, calibration: Calibration | None) -> Work:
    """The same work with the legs that are known by now, and with what was measured for those that are not."""
    day = work.day
    profiles = {entry.profile for entry in day.vehicle_types}
    ways = await roads.ways(db, scope, profiles)
    legs = await travel.legs_among(db, scope, points(day.sites, day.shipments))
    modes = {profile: way.mode for profile, way in ways.items()}
    return structs.replace(work, day=structs.replace(day, legs=legs, calibration=calibration, modes=modes))


async def note_progress(db: Connection, job: Job, points: list[dict[str, object]]) -> Wish:
    """
    Heartbeat with what is new; tells whether the plan is to be aborted, or stopped with what is found.

    Raises
    ------
    LeaseLost
        When the job is somebody else's now.
    """
    await jobs.renew(db, job)
    return await queries.add_progress(db, system_scope(job.cluster_id), job.subject_id, points)


async def apply(
    db: Connection, job: Job, work: Work, problem: Problem, answer: Answer, raw: bytes, on_solved: OnSolved
) -> None:
    """
    Stores a checked answer, and publishes it where that was asked for and nothing stands against it.

    Raises
    ------
    Stale
        When a shipment in it was changed meanwhile.
    LeaseLost
        When the job is somebody else's now.
    """
    scope = system_scope(job.cluster_id)
    await jobs.finish(db, job, "done")
    if await pools.hold(db, scope, work.day.pool.pool_window_id) != work.day.pool.day_version:
        raise Stale
    await storing.store(db, scope, work.plan_id, work.day, problem, answer, raw, on_solved)
    if not await queries.move(db, scope, work.plan_id, PlanStatus.SOLVED, [PlanStatus.SOLVING]):
        raise jobs.LeaseLost
    await workflow_queries.note(db, scope, work.plan_id, LogAction.SOLVED)
    whole = {"id": ids.show("plan", work.plan_id), "pool_window_id": ids.show("win", work.day.pool.pool_window_id)}
    await outbox.emit(db, scope, work.plan_id, "plan.solved", whole)
    if work.publish:
        await _publish(db, scope, work.plan_id)


async def _publish(db: Connection, scope: Scope, plan_id: UUID) -> None:
    """Publishes, or leaves the plan a candidate for the coordinator to look at."""
    try:
        await publishing.publish(db, scope, plan_id)
    except publishing.Moved:
        raise Stale from None
    except Conflict as refused:
        log.info("plan %s is solved and not published: %s", plan_id, refused.code)


async def give_up(db: Connection, job: Job, status: PlanStatus, code: str, detail: str) -> None:
    """Ends a plan without an answer: failed or aborted; the job ends with it."""
    scope = system_scope(job.cluster_id)
    await jobs.finish(db, job, "failed" if status is PlanStatus.FAILED else "cancelled", detail)
    await queries.note_error(db, scope, job.subject_id, code, detail)
    await queries.move(db, scope, job.subject_id, status, UNDER_WAY)
    await workflow_queries.note(db, scope, job.subject_id, LogAction(status.value), {"code": code})
    await outbox.emit(db, scope, job.subject_id, f"plan.{status}", {"plan": ids.show("plan", job.subject_id)})


async def put_back(db: Connection, job: Job, delay_s: int, why: str) -> None:
    """Lets the job be taken again later; the plan waits."""
    await jobs.give_back(db, job, delay_s, why)
    await queries.move(db, system_scope(job.cluster_id), job.subject_id, PlanStatus.QUEUED, UNDER_WAY)
