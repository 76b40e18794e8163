"""Use cases of suspension and leaving; archives and erasures are asked for here and made in the background."""

from uuid import UUID

from cluster.base import audit, ids, jobs, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.members import leaving_queries, service
from cluster.members.leaving_models import (
    Archive,
    ArchiveStatus,
    EraseData,
    Erasure,
    ErasureSubject,
    LeaveCluster,
    Standing,
    SuspendMember,
)
from cluster.members.models import MemberStatus
from cluster.members.platform import platform
from cluster.webhooks import service as webhooks

ARCHIVE_JOB = "archive_member"
ERASURE_JOB = "erase_persons"
FIRST = UUID(int=0)


async def _stands(db: Connection, scope: Scope, member_id: UUID) -> Standing:
    member = await service.member(db, scope, member_id)
    return Standing(member=member, holdings=await leaving_queries.holdings(db, scope, member_id))


async def suspend(db: Connection, scope: Scope, member_id: UUID, body: SuspendMember) -> Standing:
    """
    Suspends an active member: it reads and exports, and books nothing.

    Raises
    ------
    Conflict
        ``member_not_active`` when it is suspended already, leaving, or gone.
    """
    await service.member(db, scope, member_id)
    moved = await leaving_queries.move(
        db,
        scope,
        member_id,
        [MemberStatus.ACTIVE],
        MemberStatus.SUSPENDED,
        reason=body.reason,
        pooled_shipments=body.pooled_shipments,
    )
    if not moved:
        raise Conflict("member_not_active", "Only an active member can be suspended.")
    facts = {"reason": body.reason, "pooled_shipments": body.pooled_shipments}
    await audit.record(db, scope, "member.suspended", "mem", member_id, facts)
    await outbox.emit(db, scope, member_id, "member.suspended", facts, member_id=member_id)
    return await _stands(db, scope, member_id)


async def reinstate(db: Connection, scope: Scope, member_id: UUID) -> Standing:
    """
    Lets a suspended member book again, or one that is leaving stay.

    Raises
    ------
    Conflict
        ``member_not_suspended`` when it is neither.
    """
    await service.member(db, scope, member_id)
    before = [MemberStatus.SUSPENDED, MemberStatus.LEAVING]
    if not await leaving_queries.move(db, scope, member_id, before, MemberStatus.ACTIVE):
        raise Conflict("member_not_suspended", "Only a suspended member, or one that is leaving, can be reinstated.")
    await audit.record(db, scope, "member.reinstated", "mem", member_id)
    await outbox.emit(db, scope, member_id, "member.reinstated", {}, member_id=member_id)
    return await _stands(db, scope, member_id)


async def leave(db: Connection, scope: Scope, member_id: UUID, body: LeaveCluster) -> Standing:
    """
    A member gives notice, or the coordinator to it; what is still open is named in the answer.

    Raises
    ------
    Invalid
        For a day that is past.
    Conflict
        ``member_left`` when it is leaving or gone.
    """
    await service.member(db, scope, member_id)
    if body.effective_on < await leaving_queries.today(db, scope):
        cure = "today or later, in the cluster's zone"
        raise Invalid([FieldFault(pointer="/effective_on", code="in_the_past", cause="is past", cure=cure)])
    before = [MemberStatus.ACTIVE, MemberStatus.SUSPENDED]
    async with platform(db, scope) as acting:
        moved = await leaving_queries.move(
            db, acting, member_id, before, MemberStatus.LEAVING, leaving_on=body.effective_on
        )
    if not moved:
        raise Conflict("member_left", "This member is leaving already, or has left.")
    facts = {"effective_on": body.effective_on}
    await audit.record(db, scope, "member.leaving", "mem", member_id, facts)
    await outbox.emit(db, scope, member_id, "member.leaving", facts, member_id=member_id)
    return await _stands(db, scope, member_id)


async def complete(db: Connection, scope: Scope, member_id: UUID) -> Standing:
    """
    A member that gave notice has left: it reads and exports until its keys expire, and does nothing else.

    Raises
    ------
    Conflict
        ``member_not_leaving`` without notice, or before its day; ``shipments_open`` while shipments are under way.
    """
    found = await _stands(db, scope, member_id)
    due = found.member.leaving_on is not None and found.member.leaving_on <= await leaving_queries.today(db, scope)
    if found.member.status is not MemberStatus.LEAVING or not due:
        raise Conflict("member_not_leaving", "This member has not given notice, or its day has not come.")
    if found.holdings.shipments_pooled or found.holdings.shipments_planned:
        raise Conflict("shipments_open", "Shipments of this member wait for a plan or are under way.")
    day = found.member.leaving_on
    moved = await leaving_queries.move(db, scope, member_id, [MemberStatus.LEAVING], MemberStatus.LEFT, leaving_on=day)
    if moved:
        await webhooks.stop_for(db, scope, member_id)
        await audit.record(db, scope, "member.left", "mem", member_id)
        await outbox.emit(db, scope, member_id, "member.left", {}, member_id=member_id)
    return await _stands(db, scope, member_id)


async def ask_archive(db: Connection, scope: Scope, member_id: UUID) -> Archive:
    """
    Asks for all own data in one file.

    Raises
    ------
    Conflict
        ``archive_in_progress`` while one is being made.
    """
    await service.member(db, scope, member_id)
    archive_id = ids.new()
    async with platform(db, scope) as acting:
        await leaving_queries.insert_archive(db, acting, archive_id, member_id)
        try:
            await jobs.add(db, acting, kind=ARCHIVE_JOB, dedupe_key=f"archive:{member_id}", subject_id=archive_id)
        except jobs.AlreadyQueued:
            raise Conflict("archive_in_progress", "An archive is being made; wait for it.") from None
    await audit.record(db, scope, "archive.requested", "arc", archive_id)
    return await archive(db, scope, member_id, archive_id)


async def archive(db: Connection, scope: Scope, member_id: UUID, archive_id: UUID) -> Archive:
    """One archive of a member."""
    found = await leaving_queries.archives(db, scope, member_id, FIRST, 1, archive_id)
    if not found:
        raise NotFound("arc")
    return found[0]


async def list_archives(db: Connection, scope: Scope, member_id: UUID, after: UUID, limit: int) -> Page[Archive]:
    """A member's archives, oldest first."""
    await service.member(db, scope, member_id)
    return page(await leaving_queries.archives(db, scope, member_id, after, limit + 1), limit)


async def open_archive(db: Connection, scope: Scope, member_id: UUID, archive_id: UUID) -> Archive:
    """
    An archive that can be fetched.

    Raises
    ------
    Conflict
        ``archive_not_ready`` while it is made, and after its time.
    """
    found = await archive(db, scope, member_id, archive_id)
    if found.status is not ArchiveStatus.READY:
        raise Conflict("archive_not_ready", f"This archive is {found.status.value}.")
    await audit.record(db, scope, "archive.downloaded", "arc", archive_id)
    return found


async def archive_chunk(db: Connection, scope: Scope, archive_id: UUID, chunk_no: int) -> bytes | None:
    """A piece of an archive; None behind the last."""
    return await leaving_queries.chunk(db, scope, archive_id, chunk_no)


async def ask_erasure(db: Connection, scope: Scope, member_id: UUID, body: EraseData) -> Erasure:
    """
    Asks for persons' data to be erased.

    Raises
    ------
    Conflict
        ``member_not_left`` when all persons of a firm are to be erased that is still there.
    NotFound
        When the firm has no such contact.
    """
    member = await service.member(db, scope, member_id)
    if body.subject is ErasureSubject.ALL_PERSONS and member.status is not MemberStatus.LEFT:
        raise Conflict("member_not_left", "All persons of a firm are erased once it has left.")
    if body.subject is ErasureSubject.CONTACT and body.subject_id is not None:
        contact_id = ids.parse("ctc", body.subject_id)
        if not await leaving_queries.contact_exists(db, scope, member_id, contact_id):
            raise NotFound("ctc")
    erasure_id = ids.new()
    async with platform(db, scope) as acting:
        await leaving_queries.insert_erasure(db, acting, erasure_id, member_id, body)
        await jobs.add(db, acting, kind=ERASURE_JOB, dedupe_key=f"erasure:{erasure_id}", subject_id=erasure_id)
    await audit.record(db, scope, "erasure.requested", "ers", erasure_id, {"subject": body.subject})
    return await erasure(db, scope, member_id, erasure_id)


async def erasure(db: Connection, scope: Scope, member_id: UUID, erasure_id: UUID) -> Erasure:
    """One erasure of a member."""
    found = await leaving_queries.erasures(db, scope, member_id, FIRST, 1, erasure_id)
    if not found:
        raise NotFound("ers")
    return found[0]


async def list_erasures(db: Connection, scope: Scope, member_id: UUID, after: UUID, limit: int) -> Page[Erasure]:
    """A member's erasures, oldest first."""
    await service.member(db, scope, member_id)
    return page(await leaving_queries.erasures(db, scope, member_id, after, limit + 1), limit)
