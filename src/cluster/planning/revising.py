"""Revising a plan: a draft of it with the day as it is now."""

import asyncio
from uuid import UUID

from msgspec import Struct, structs

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import Busy, Conflict
from cluster.planning import publishing, queries, service, workflow_queries
from cluster.planning.gathering import gather
from cluster.planning.models import ANSWERED, Origin, Plan
from cluster.planning.scenario_models import Scenario
from cluster.planning.translate import Day, Unsolvable, packed, problem_of
from cluster.planning.workflow_models import LogAction
from cluster.shipments import pools


class Prepared(Struct, frozen=True, kw_only=True):
    """A plan to be revised, and its question asked anew."""

    base: Plan
    day_version: int
    problem: bytes
    problem_sha256: bytes


async def readied(database: Database, scope: Scope, plan_id: UUID) -> Prepared:
    """
    Reads a plan's day as it is now and makes the question of it, with no transaction open meanwhile.

    Raises
    ------
    Conflict
        ``plan_not_solved``: the plan has no answer to start from; ``plan_dispatched``: vehicles are on their way, and
        the day as booked says nothing of what they have done; ``unsolvable``: the day can no longer be asked.
    """
    async with database.unit(scope) as db:
        base = await service.plan(db, scope, plan_id)
        if base.status not in ANSWERED:
            raise Conflict("plan_not_solved", f"This plan is {base.status}: only one with an answer can be revised.")
        window = ids.parse("win", base.pool_window_id)
        followed = await workflow_queries.published(db, scope, window)
        if base.origin is Origin.REPLAN or (followed and await publishing.is_dispatched(db, scope, followed)):
            detail = "Vehicles are on their way by the published plan; replan from what has happened."
            raise Conflict("plan_dispatched", detail)
        day = await gather(db, scope, window, scenario=base.scenario or Scenario())
    try:
        problem, digest = await asyncio.to_thread(_asked, day)
    except Unsolvable as error:
        raise Conflict("unsolvable", str(error)) from error
    return Prepared(base=base, day_version=day.pool.day_version, problem=problem, problem_sha256=digest)


def _asked(day: Day) -> tuple[bytes, bytes]:
    return packed(problem_of(day))


async def revise(db: Connection, scope: Scope, ready: Prepared) -> Plan:
    """
    The draft: its question is the day of now, its base plan the one that it revises (``solver.living.carry_over``).

    Raises
    ------
    Busy
        When the day has changed again since it was read.
    """
    base = ready.base
    window = ids.parse("win", base.pool_window_id)
    if await pools.hold(db, scope, window) != ready.day_version:
        raise Busy("Shipments of this day are being changed at this moment.")
    plan_id = ids.parse("plan", base.id)
    await queries.keep_problem(db, scope, ready.problem_sha256, ready.problem)
    run = structs.replace(
        await queries.run_like(db, scope, plan_id),
        origin=Origin.REVISE,
        base_plan_id=plan_id,
        day_version=ready.day_version,
        problem_sha256=ready.problem_sha256,
    )
    return await service.new_plan(db, scope, window, run, job=None, action=LogAction.REVISED)
