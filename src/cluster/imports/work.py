"""What the steps of an import share: the row they work on, the member they work for, the claim on the job."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import jobs
from cluster.base.db import Connection, Database, Role, Scope, act_as, plan_anew, system_scope
from cluster.base.errors import Busy
from cluster.imports import queries
from cluster.imports.models import Mapping, Reading

CHUNK_LINES = 1000
HEARTBEAT_S = 4.0


class Task(Struct, frozen=True, kw_only=True):
    """An import as work on it needs it; ``scope`` is the member's, as whom everything is stored."""

    import_id: UUID
    scope: Scope
    kind: str
    status: str
    form: str
    digest: bytes
    options: dict[str, Any]
    reading: Reading | None
    mapping: Mapping | None
    book: str | None
    lines: int
    checked_to: int
    booked_to: int


async def task(db: Connection, job: jobs.Job) -> Task | None:
    """The import of a job, its row locked; None when it is gone."""
    row = await queries.locked(db, system_scope(job.cluster_id), job.subject_id)
    if row is None:
        return None
    return Task(
        import_id=job.subject_id,
        scope=Scope(
            role=Role.MEMBER_USER,
            cluster_id=job.cluster_id,
            member_id=row["member_id"],
            key_id=row["key_id"],
            user_id=row["user_id"],
        ),
        kind=row["kind"],
        status=row["status"],
        form=row["format"],
        digest=row["digest"],
        options=row["options"],
        reading=None if row["reading"] is None else msgspec.convert(row["reading"], Reading),
        mapping=None if row["mapping"] is None else msgspec.convert(row["mapping"], Mapping),
        book=row["book"],
        lines=row["lines"],
        checked_to=row["checked_to"],
        booked_to=row["booked_to"],
    )


@asynccontextmanager
async def chunk(database: Database, job: jobs.Job, scope: Scope) -> AsyncIterator[Connection]:
    """
    One transaction of work as the member, on condition that the job still is ours.

    Raises
    ------
    LeaseLost
        When it is not: nothing of the chunk is kept.
    """
    async with database.unit(system_scope(job.cluster_id)) as db:
        await jobs.renew(db, job)
        await act_as(db, scope)
        await plan_anew(db)
        yield db


@asynccontextmanager
async def heartbeat(database: Database, job: jobs.Job) -> AsyncIterator[None]:
    """Keeps the lease while the block takes long; a lost one is found out by the next chunk."""
    beating = asyncio.create_task(_beat(database, job))
    try:
        yield
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError, jobs.LeaseLost):
            await beating


async def _beat(database: Database, job: jobs.Job) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_S)
        with suppress(asyncpg.LockNotAvailableError, Busy):  # a chunk holds the row: it has renewed the lease
            async with database.unit(system_scope(job.cluster_id)) as db:
                await jobs.renew(db, job)
