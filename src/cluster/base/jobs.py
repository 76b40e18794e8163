"""
Background jobs: a table is the truth, leases tell who is at work, fences keep the slow from overwriting the quick.

A job whose worker died is taken again when its lease ends. Effects are written in the transaction that finishes the
job, on condition that the fence is still the worker's: at most one worker's effect ever counts.
"""

from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope

LEASE_S = 15
CLAIMS_MAX = 30
"""How often a job is taken at most, whatever became of those who took it: it may be what kills them."""
JOB_QUEUED = "job.queued"


class Job(Struct, frozen=True, kw_only=True):
    """
    A claimed job; ``fence`` proves the claim and counts claims.

    ``attempts`` is the number of this attempt: one more than failed before. A worker that died or was stopped under it
    is no failure of the job's.
    """

    cluster_id: UUID
    job_id: UUID
    kind: str
    subject_id: UUID
    attempts: int
    attempts_max: int
    fence: int

    @property
    def worn_out(self) -> bool:
        """Whether it is to be given up before another try: failed too often, or under too many workers' ends."""
        return self.attempts > self.attempts_max or self.fence > CLAIMS_MAX


class AlreadyQueued(Exception):
    """A job with this dedupe key waits or runs already."""


class LeaseLost(Exception):
    """The job was given to somebody else, cancelled or finished: stop and write nothing."""


async def add(db: Connection, scope: Scope, *, kind: str, dedupe_key: str, subject_id: UUID) -> UUID:
    """
    Puts a job on the table; the wake-up leaves after the commit.

    Raises
    ------
    AlreadyQueued
        When one with the same key is waiting or running.
    """
    job_id = ids.new()
    try:
        async with db.transaction():
            await db.execute(
                "INSERT INTO jobs (cluster_id, job_id, kind, dedupe_key, subject_id) VALUES ($1, $2, $3, $4, $5)",
                scope.cluster,
                job_id,
                kind,
                dedupe_key,
                subject_id,
            )
    except asyncpg.UniqueViolationError:
        raise AlreadyQueued from None
    nobody = outbox.Audience.NOBODY
    await outbox.emit(db, scope, job_id, JOB_QUEUED, {"job_id": str(job_id)}, audience=nobody)
    return job_id


async def claim(db: Connection) -> Job | None:
    """The next due job, or one whose worker is gone; None when there is nothing to do."""
    # any-cluster: workers serve all clusters
    row = await db.fetchrow(
        """
        UPDATE jobs SET state = 'running', fence = fence + 1, lease_until = now() + make_interval(secs => $1)
         WHERE (cluster_id, job_id) = (
               SELECT cluster_id, job_id FROM jobs
                WHERE (state = 'queued' AND run_at <= now()) OR (state = 'running' AND lease_until < now())
                ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING cluster_id, job_id, kind, subject_id, attempts + 1 AS attempts, attempts_max, fence
        """,
        LEASE_S,
    )
    return None if row is None else Job(**dict(row))


async def renew(db: Connection, job: Job) -> None:
    """
    Heartbeat: keeps the lease.

    Raises
    ------
    LeaseLost
        When the job is no longer this worker's.
    """
    kept = await db.fetchval(
        """
        UPDATE jobs SET lease_until = now() + make_interval(secs => $4)
         WHERE cluster_id = $1 AND job_id = $2 AND fence = $3 AND state = 'running' RETURNING true
        """,
        job.cluster_id,
        job.job_id,
        job.fence,
        LEASE_S,
    )
    if not kept:
        raise LeaseLost


async def finish(db: Connection, job: Job, state: str, error: str | None = None) -> None:
    """
    Ends a job in the transaction that holds its effect.

    Raises
    ------
    LeaseLost
        When the job is no longer this worker's: the transaction must be rolled back.
    """
    kept = await db.fetchval(
        """
        UPDATE jobs SET state = $4, error = $5, lease_until = NULL, finished_at = now()
         WHERE cluster_id = $1 AND job_id = $2 AND fence = $3 AND state = 'running' RETURNING true
        """,
        job.cluster_id,
        job.job_id,
        job.fence,
        state,
        error,
    )
    if not kept:
        raise LeaseLost


async def give_back(db: Connection, job: Job, delay_s: int, error: str | None = None) -> None:
    """
    Puts a claimed job back to be taken again; no effect if it is no longer ours.

    Parameters
    ----------
    delay_s
        After how many seconds. A job that is to wait has failed, which counts; one that may go on at once was only
        interrupted.
    """
    await db.execute(
        """
        UPDATE jobs SET state = 'queued', lease_until = NULL, error = $5, run_at = now() + make_interval(secs => $4),
                        attempts = attempts + ($4 > 0)::int
         WHERE cluster_id = $1 AND job_id = $2 AND fence = $3 AND state = 'running'
        """,
        job.cluster_id,
        job.job_id,
        job.fence,
        delay_s,
        error,
    )


async def cancel_waiting(db: Connection, scope: Scope, subject_id: UUID) -> bool:
    """Cancels the job about a subject while no worker has it; False when there is none to cancel."""
    done = await db.fetchval(
        """
        UPDATE jobs SET state = 'cancelled', finished_at = now()
         WHERE cluster_id = $1 AND subject_id = $2 AND state = 'queued' RETURNING true
        """,
        scope.cluster,
        subject_id,
    )
    return bool(done)
