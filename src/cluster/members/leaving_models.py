"""Words of suspension, leaving, archives and erasure."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import PublicId
from cluster.members.models import Member


class SuspensionReason(StrEnum):
    """Why a member may not book for now."""

    UNPAID = "unpaid"
    RULES_BROKEN = "rules_broken"
    EVIDENCE_EXPIRED = "evidence_expired"
    AT_ITS_OWN_WISH = "at_its_own_wish"
    UNDER_REVIEW = "under_review"
    OTHER = "other"


class PooledShipments(StrEnum):
    """What becomes of a suspended member's shipments that wait for a plan."""

    KEEP = "keep"
    TAKE_OUT = "take_out"


class SuspendMember(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member that reads and exports, and books nothing, until it is reinstated."""

    reason: SuspensionReason
    pooled_shipments: PooledShipments = PooledShipments.TAKE_OUT


class Holdings(Struct, frozen=True, kw_only=True):
    """What of a member is still open."""

    shipments_pooled: int
    """Wait for a plan."""
    shipments_planned: int
    """Are planned for a day that is not over."""
    plans_unsettled: int
    """Plans of which the member has a share that no statement has settled."""


class Standing(Struct, frozen=True, kw_only=True):
    """Where a member stands after a change, and what of it is still open."""

    member: Member
    holdings: Holdings


class LeaveCluster(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member leaves; it books until ``effective_on`` and not after."""

    effective_on: date


class ArchiveStatus(StrEnum):
    """How far an archive is."""

    QUEUED = "queued"
    READY = "ready"
    FAILED = "failed"
    EXPIRED = "expired"


class Archive(Struct, frozen=True, kw_only=True):
    """All of a member's data in one file, kept for seven days."""

    id: str
    member_id: str
    status: ArchiveStatus
    created_at: datetime
    ready_at: datetime | None
    expires_at: datetime | None
    bytes: int | None
    sha256: str | None
    rows_held: dict[str, int]
    """Rows by table."""


class ErasureSubject(StrEnum):
    """Whose data is erased."""

    CONTACT = "contact"
    USER = "user"
    CONSIGNEES = "consignees"
    ALL_PERSONS = "all_persons"


class EraseData(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Data of persons to be erased."""

    subject: ErasureSubject
    subject_id: PublicId | None = None
    """Of the contact or user."""
    older_than_days: Annotated[int, Meta(ge=1, le=3660)] = 90
    """Consignees of shipments whose service day is at least this long ago; for a firm that left, of all."""

    def faults(self) -> Iterator[FieldFault]:
        """One person has an identifier; all have none."""
        if (self.subject in (ErasureSubject.CONTACT, ErasureSubject.USER)) != (self.subject_id is not None):
            cure = "give it for a contact or user, leave it out otherwise"
            yield FieldFault(
                pointer="/subject_id", code="subject_and_id", cause="does not go with the subject", cure=cure
            )


class ErasureStatus(StrEnum):
    """How far an erasure is."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"


class Kept(Struct, frozen=True, kw_only=True):
    """What an erasure leaves, and why."""

    what: str
    why: str


class Erasure(Struct, frozen=True, kw_only=True):
    """What was erased, as counts by kind, and what is kept."""

    id: str
    member_id: str
    subject: ErasureSubject
    older_than_days: int
    status: ErasureStatus
    created_at: datetime
    finished_at: datetime | None
    erased: dict[str, int]
    kept: list[Kept]


KEPT_ALWAYS = (
    Kept(what="shipments, handling units, plans, shares", why="business records and what others paid by; no persons"),
    Kept(what="shares in settled plans", why="accounts must be kept for the period that commercial law sets"),
    Kept(what="audit log", why="identifiers and facts, no data of persons; it must not change"),
    Kept(what="answers to repeated requests", why="are dropped 30 days after the request"),
    Kept(what="backups", why="are overwritten in their own rhythm; erasures are repeated after a restore"),
)
