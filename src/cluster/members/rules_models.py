"""Words of a cluster's rules: what may be changed, what was, and the agreement that its members accept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import CountryCode, PublicId, Text
from cluster.members.models import SharingRule, SizeClass, SizeStandard

Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
"""Digest of a document, in hexadecimal digits of lower case."""
HttpsUrl = Annotated[str, Meta(min_length=10, max_length=500, pattern=r"^https://[!-~]+$")]


class ChangeCluster(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a coordinator may change of its cluster; what is left out, or null, stays as it is."""

    name: Text | None = None
    sharing_rule: SharingRule | None = None
    privacy_min_members: Annotated[int, Meta(ge=2, le=50)] | None = None
    size_standard: SizeStandard | None = None
    applications_open: bool | None = None
    """Whether anybody with the application code may apply; invitations work in any case."""
    agreement_required: bool | None = None
    """Whether booking ends for members that have not accepted the newest agreement when its grace is over."""
    admit_countries: Annotated[list[CountryCode], Meta(max_length=60)] | None = None
    """Where firms may be registered; an empty list means anywhere."""
    admit_size_classes: Annotated[list[SizeClass], Meta(min_length=1, max_length=4)] | None = None
    evidence_required: bool | None = None
    """Whether an applicant must name a document for its size."""
    four_eyes: bool | None = None
    """Whether a plan is published only when somebody else than who made it has approved it."""


class ClusterChange(Struct, frozen=True, kw_only=True):
    """One version of a cluster's rules: since when, what differs from the one before, and all of them."""

    id: str
    version: int
    effective_at: datetime
    changed: dict[str, list[object]]
    """By rule: before and after."""
    settings: dict[str, object]


class ApplicationCode(Struct, frozen=True, kw_only=True):
    """A fresh application code, shown this once."""

    application_code: str
    link: str


class PublishAgreement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of the agreement between the members of a cluster."""

    url: HttpsUrl
    text_sha256: Sha256
    effective_from: datetime
    grace_days: Annotated[int, Meta(ge=0, le=366)] = 30
    """How long after ``effective_from`` members may still book without having accepted it."""

    def faults(self) -> Iterator[FieldFault]:
        """An instant needs its zone."""
        if self.effective_from.tzinfo is None:
            cure = "add the offset, such as Z"
            yield FieldFault(pointer="/effective_from", code="invalid", cause="an instant without offset", cure=cure)


class Agreement(Struct, frozen=True, kw_only=True):
    """A version of the agreement; ``text_sha256`` says which text."""

    id: str
    version: int
    url: str
    text_sha256: str
    effective_from: datetime
    grace_days: int
    created_at: datetime


class AcceptAgreement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The caller's firm accepts a version; the digest proves that it saw that text."""

    agreement_id: PublicId
    text_sha256: Sha256


class Acceptance(Struct, frozen=True, kw_only=True):
    """Which firm accepted which text, when, with which key or user."""

    id: str
    member_id: str
    agreement_id: str
    text_sha256: str
    key_id: str | None
    user_id: str | None
    accepted_at: datetime
