"""The background job that moves an import on: read, check, book; safe to be killed at any moment."""

import asyncio
import logging

from cluster.base import jobs
from cluster.base.db import Database, act_as, system_scope
from cluster.base.jobs import Job, LeaseLost
from cluster.imports import booking, checking, queries, taking
from cluster.imports.booking import Refusal
from cluster.imports.models import ImportStatus
from cluster.imports.reading.found import FileFault
from cluster.imports.work import Task, heartbeat, task

log = logging.getLogger("cluster.imports")

RETRY_DELAY_S = 2
KEPT_DAYS = 30


async def move_on(database: Database, job: Job) -> None:
    """
    Does what an import waits for.

    Every way out leaves import and job in a state that says what happened; a killed worker leaves a lease that runs
    out, and the next one goes on behind the last chunk.
    """
    scope = system_scope(job.cluster_id)
    try:
        async with database.unit(scope) as db:
            found = await task(db, job)
        if found is None:
            raise FileFault("gone", "the import is gone", "upload the file again")
        if job.worn_out:
            raise FileFault("gave_up", "tried too often without coming to an end", "tell the operator, or try again")
        async with heartbeat(database, job):
            await _steps(database, job, found)
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)
    except FileFault as fault:
        await _fail(database, job, fault.code, f"{fault.cause}; {fault.cure}")
    except Refusal as refusal:
        await _take_back(database, job, refusal)
    except asyncio.CancelledError:
        await asyncio.shield(_put_back(database, job))
        raise


async def _steps(database: Database, job: Job, found: Task) -> None:
    """One step after the other until somebody has to say something."""
    scope = system_scope(job.cluster_id)
    current: Task | None = found
    while current is not None:
        if current.status == ImportStatus.UPLOADED:
            await taking.take(database, job, current)
        elif current.status == ImportStatus.READ:
            await checking.check(database, job, current)
        elif current.status == ImportStatus.BOOKING:
            await booking.book(database, job, current)
            if current.book == "all_or_nothing":
                return  # that transaction has finished the job
        else:
            async with database.unit(scope) as db:
                await jobs.finish(db, job, "done")
            return
        async with database.unit(scope) as db:
            current = await task(db, job)


async def _fail(database: Database, job: Job, code: str, detail: str) -> None:
    scope = system_scope(job.cluster_id)
    try:
        async with database.unit(scope) as db:
            await jobs.finish(db, job, "failed", code)
            await queries.set_status(db, scope, job.subject_id, ImportStatus.FAILED, code, detail[:500])
            await queries.drop_pieces(db, scope, job.subject_id)
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)


async def _take_back(database: Database, job: Job, refusal: Refusal) -> None:
    """All or nothing was asked for: back to checked, with what is wrong now."""
    scope = system_scope(job.cluster_id)
    try:
        async with database.unit(scope) as db:
            found = await task(db, job)
            await jobs.finish(db, job, "done")
            if found is not None:
                await act_as(db, found.scope)
                await booking.note(db, found, refusal.refused)
                detail = f"{refusal}; nothing was booked. Mend them, or book the good lines."
                await queries.set_status(
                    db, found.scope, job.subject_id, ImportStatus.CHECKED, "nothing_booked", detail
                )
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)


async def _put_back(database: Database, job: Job) -> None:
    async with database.unit(system_scope(job.cluster_id)) as db:
        await jobs.give_back(db, job, 0, "the worker was stopped")


async def forget_old(database: Database) -> int:
    """Drops the lines of imports that nobody has touched for ``KEPT_DAYS`` days; returns how many."""
    async with database.unit(system_scope()) as db:
        return await queries.forget_old(db, KEPT_DAYS)
