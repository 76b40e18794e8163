"""Background jobs of leaving: thin, and safe to be killed at any moment."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from cluster.base import jobs
from cluster.base.db import Database, system_scope
from cluster.base.jobs import Job, LeaseLost
from cluster.members import archive, erasure
from cluster.members.erasure import Eraser

log = logging.getLogger("cluster.members")

HEARTBEAT_S = 4.0
RETRY_DELAY_S = 10


async def archive_member(database: Database, job: Job) -> None:
    """Makes an archive of a member's data."""
    await _run(database, job, lambda: archive.build(database, job), archive.fail)


async def erase_persons(database: Database, job: Job, erasers: Sequence[Eraser]) -> None:
    """Erases persons' data wherever it is held."""
    await _run(database, job, lambda: erasure.erase(database, job, erasers), erasure.fail)


async def _run(
    database: Database,
    job: Job,
    work: Callable[[], Awaitable[None]],
    give_up: Callable[[Database, Job], Awaitable[None]],
) -> None:
    """Every way out leaves the job in a state that says what happened; a killed worker leaves a lease that runs out."""
    try:
        if job.worn_out:
            await give_up(database, job)
            return
        async with _lease(database, job):
            await work()
    except LeaseLost:
        log.info("job %s is no longer ours", job.job_id)
    except asyncio.CancelledError:
        await asyncio.shield(_put_back(database, job, 0, "the worker was stopped"))
        raise
    except Exception as error:
        log.exception("job %s failed (attempt %d)", job.job_id, job.attempts)
        await _put_back(database, job, RETRY_DELAY_S * job.attempts, type(error).__name__)
        raise


@asynccontextmanager
async def _lease(database: Database, job: Job) -> AsyncIterator[None]:
    """Keeps the lease while the block works; what it writes is on condition of the fence in any case."""

    async def beat() -> None:
        with contextlib.suppress(LeaseLost):
            while True:
                await asyncio.sleep(HEARTBEAT_S)
                async with database.unit(system_scope(job.cluster_id)) as db:
                    await jobs.renew(db, job)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating


async def _put_back(database: Database, job: Job, delay_s: int, why: str) -> None:
    async with database.unit(system_scope(job.cluster_id)) as db:
        await jobs.give_back(db, job, delay_s, why)
