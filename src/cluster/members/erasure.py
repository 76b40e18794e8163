"""
Erasing persons' data: an order goes to everything that holds some, and what was done is written down.

Business records stay: a shipment keeps its weight, its price and its place within a kilometre, and its consignee
becomes a pseudonym. The salt of pseudonyms is made for one erasure and thrown away, so that nobody finds a name by
trying.
"""

import os
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import TypeAlias
from uuid import UUID

from msgspec import Struct

from cluster.base import audit, jobs, outbox
from cluster.base.db import Database, system_scope
from cluster.base.jobs import Job
from cluster.members import leaving_queries
from cluster.members.leaving_models import KEPT_ALWAYS, ErasureSubject, Kept

SALT_BYTES = 32


class Order(Struct, frozen=True, kw_only=True):
    """
    Whose data is to be erased.

    ``until`` is the last service day whose consignees are erased, ``written_until`` the last day of UTC of
    which answers, files and orders of shops are; ``subject_id`` names a contact or user.
    """

    cluster_id: UUID
    member_id: UUID
    subject: ErasureSubject
    subject_id: UUID | None
    until: date
    written_until: date
    salt: bytes

    @property
    def everybody(self) -> bool:
        """Whether the firm is gone, and all its persons with it."""
        return self.subject is ErasureSubject.ALL_PERSONS

    @property
    def consignees(self) -> bool:
        """Whether consignees are meant."""
        return self.subject in (ErasureSubject.CONSIGNEES, ErasureSubject.ALL_PERSONS)

    def __repr__(self) -> str:
        return f"Order({self.subject.value})"


Eraser: TypeAlias = Callable[[Database, Order], Awaitable[Mapping[str, int]]]
"""
Erases what one part of the platform holds, in as many transactions as it likes; returns counts by kind.

Called again after a crash, it goes on where it stopped. It does nothing about subjects that are not its own.
"""


async def erase(database: Database, job: Job, erasers: Sequence[Eraser]) -> None:
    """
    Does what an erasure asks for, and notes what was erased and what is kept.

    Raises
    ------
    LeaseLost
        When the job is no longer this worker's.
    """
    scope = system_scope(job.cluster_id)
    async with database.unit(scope) as db:
        row = await leaving_queries.erasure_order(db, scope, job.subject_id)
    if row is None:
        async with database.unit(scope) as db:
            await jobs.finish(db, job, "failed", "there is no such erasure")
        return
    order = Order(
        cluster_id=job.cluster_id,
        member_id=row["member_id"],
        subject=ErasureSubject(row["subject"]),
        subject_id=row["subject_id"],
        until=row["until"],
        written_until=row["written_until"],
        salt=os.urandom(SALT_BYTES),
    )
    erased: Counter[str] = Counter()
    for eraser in (erase_contacts, *erasers):
        erased.update(await eraser(database, order))
    kept = list(KEPT_ALWAYS)
    if order.subject is ErasureSubject.CONSIGNEES:
        kept.append(Kept(what="consignees of later shipments", why=f"their service day is after {order.until}"))
    async with database.unit(scope) as db:
        await leaving_queries.finish_erasure(db, scope, job.subject_id, "done", dict(erased), kept)
        await jobs.finish(db, job, "done")
        await audit.record(db, scope, "erasure.done", "ers", job.subject_id, {"erased": dict(erased)})
        await outbox.emit(db, scope, job.subject_id, "erasure.done", dict(erased), member_id=order.member_id)


async def fail(database: Database, job: Job) -> None:
    """Gives an erasure up; it may be asked for again."""
    scope = system_scope(job.cluster_id)
    async with database.unit(scope) as db:
        await leaving_queries.finish_erasure(db, scope, job.subject_id, "failed", {}, list(KEPT_ALWAYS))
        await jobs.finish(db, job, "failed", f"gave up after {job.attempts_max} attempts")


async def erase_contacts(database: Database, order: Order) -> Mapping[str, int]:
    """The firm's own persons to talk to."""
    one = order.subject is ErasureSubject.CONTACT
    if not one and not order.everybody:
        return {}
    scope = system_scope(order.cluster_id)
    async with database.unit(scope) as db:
        count = await leaving_queries.delete_contacts(db, scope, order.member_id, order.subject_id if one else None)
    return {"contacts": count}
