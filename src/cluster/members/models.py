"""Words of clusters, members and keys."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct

from cluster.base.db import Role
from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, PublicId, Text
from cluster.base.money import EXPONENTS


class SharingRule(StrEnum):
    """How a plan's cost is split; ``weighted_shapley`` and ``owen`` take terms beside the day (``RuleTerms``)."""

    NUCLEOLUS = "nucleolus"
    PER_CAPITA_NUCLEOLUS = "per_capita_nucleolus"
    PROPORTIONAL_NUCLEOLUS = "proportional_nucleolus"
    EQUAL_PROFIT = "equal_profit"
    SHAPLEY = "shapley"
    WEIGHTED_SHAPLEY = "weighted_shapley"
    OWEN = "owen"
    TAU = "tau"
    ACAM = "acam"
    PROPORTIONAL = "proportional"
    WEIGHT = "weight"
    VOLUME = "volume"
    TONNE_KM = "tonne_km"
    PALLET_KM = "pallet_km"
    ORDERS = "orders"


class MemberWeight(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For how many parts a member counts under ``weighted_shapley``; more gets a larger part of what groups save."""

    member_id: PublicId
    parts: Annotated[int, Meta(ge=1, le=1_000_000)]


class RuleTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What a rule needs beside the day.

    ``weights`` are for ``weighted_shapley``: who is not named counts for 1; with none, everybody counts for what its
    shipments would cost alone. ``unions`` are for ``owen``: members that have joined beforehand and share as one; who
    is in none is one by itself. Members without shipments on a day take no part in it.
    """

    weights: Annotated[list[MemberWeight], Meta(max_length=200)] = []
    unions: Annotated[list[Annotated[list[PublicId], Meta(min_length=2, max_length=200)]], Meta(max_length=100)] = []

    def faults(self) -> Iterator[FieldFault]:
        """Each member is named once."""
        seen: set[str] = set()
        for index, entry in enumerate(self.weights):
            if entry.member_id in seen:
                place = f"/weights/{index}/member_id"
                yield FieldFault(pointer=place, code="twice", cause="a member twice", cure="name each once")
            seen.add(entry.member_id)
        joined: set[str] = set()
        for index, union in enumerate(self.unions):
            for number, member in enumerate(union):
                if member in joined:
                    place = f"/unions/{index}/{number}"
                    yield FieldFault(pointer=place, code="twice", cause="a member twice", cure="one union a member")
                joined.add(member)

    def faults_with(self, rule: SharingRule) -> Iterator[FieldFault]:
        """Terms go with the rule that reads them."""
        for name, given, reader in (
            ("weights", self.weights, SharingRule.WEIGHTED_SHAPLEY),
            ("unions", self.unions, SharingRule.OWEN),
        ):
            if given and rule is not reader:
                cause, cure = f"{rule.value} has no {name}", f"leave them out, or take {reader.value}"
                yield FieldFault(pointer=f"/{name}", code="not_of_rule", cause=cause, cure=cure)

    def named(self) -> Iterator[tuple[str, str]]:
        """Every member that is named, with where."""
        for index, entry in enumerate(self.weights):
            yield f"/weights/{index}/member_id", entry.member_id
        for index, union in enumerate(self.unions):
            for number, member in enumerate(union):
                yield f"/unions/{index}/{number}", member

    def seen_by(self, member_id: str) -> "RuleTerms":
        """What a member is told: its own weight, and nobody else's business."""
        return RuleTerms(weights=[entry for entry in self.weights if entry.member_id == member_id])


class SizeStandard(StrEnum):
    """Whose definition of small and medium firms a cluster goes by."""

    EU_2003_361 = "eu_2003_361"
    VN_80_2021 = "vn_80_2021"
    CN_2011 = "cn_2011"


class SizeClass(StrEnum):
    """How large a firm is under a standard."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SMALL_AND_MEDIUM = [SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM]


class FoundCluster(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cluster to be founded."""

    name: Text
    country_code: CountryCode
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")]
    time_zone: Text
    sharing_rule: SharingRule = SharingRule.NUCLEOLUS
    privacy_min_members: Annotated[int, Meta(ge=2, le=50)] = 3
    """Figures of several members are told only where at least this many stand behind them."""
    size_standard: SizeStandard = SizeStandard.EU_2003_361
    sandbox: bool = False
    """For rehearsals: all its keys begin with ``clk_test_``, and it never becomes a real one."""

    def faults(self) -> Iterator[FieldFault]:
        """Currency and time zone must exist."""
        if self.currency not in EXPONENTS:
            cure = f"one of {', '.join(EXPONENTS)}"
            yield FieldFault(pointer="/currency", code="unknown_currency", cause=f"{self.currency} unknown", cure=cure)
        try:
            ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            cure = "an IANA time zone such as Asia/Ho_Chi_Minh"
            yield FieldFault(pointer="/time_zone", code="unknown_time_zone", cause="no such time zone", cure=cure)


class Cluster(Struct, frozen=True, kw_only=True):
    """A cluster: firms that plan together under a neutral coordinator."""

    id: str
    name: str
    country_code: str
    currency: str
    time_zone: str
    sharing_rule: SharingRule
    privacy_min_members: int
    size_standard: SizeStandard
    applications_open: bool
    agreement_required: bool
    admit_countries: list[str]
    admit_size_classes: list[SizeClass]
    evidence_required: bool
    four_eyes: bool
    version: int
    created_at: datetime
    updated_at: datetime
    sandbox: bool = False
    """Whether things are only rehearsed in it."""


class MemberStatus(StrEnum):
    """Where a member stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEAVING = "leaving"
    LEFT = "left"


class TaxIdCheck(StrEnum):
    """What can be said of a tax number by looking at it."""

    VALID = "valid"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    UNKNOWN_FORMAT = "unknown_format"
    NO_PUBLIC_CHECK = "no_public_check"


class AdmitMember(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A member to be admitted."""

    code: Code
    name: Text


class Member(Struct, frozen=True, kw_only=True):
    """A firm in a cluster."""

    id: str
    code: str
    name: str
    status: MemberStatus
    status_since: datetime
    status_reason: str | None
    leaving_on: date | None
    legal_form: str | None
    country_code: str | None
    tax_id: str | None
    tax_id_check: TaxIdCheck | None
    gln: str | None
    lei: str | None
    size_class: SizeClass | None
    size_valid_until: date | None
    version: int
    created_at: datetime


class Standing(Struct, frozen=True, kw_only=True):
    """Whether a member may book: by its status, and by the agreement that its cluster demands."""

    status: MemberStatus
    active: bool
    agreed: bool


class KeyRole(StrEnum):
    """Roles that a key of a cluster may have."""

    MEMBER_USER = "member_user"
    MEMBER_ADMIN = "member_admin"
    COORDINATOR = "coordinator"


class IssueKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to be issued; ``member_id`` for the roles of a member, and only for them."""

    name: Text
    role: KeyRole
    member_id: PublicId | None = None
    days: Annotated[int, Meta(ge=1, le=366)] = 90
    scopes: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(min_length=1, max_length=40)] | None = None
    """What it is limited to, such as ``shipments:write``; the whole role when left out."""

    def faults(self) -> Iterator[FieldFault]:
        """A member's key names its member; a coordinator's has none."""
        if (self.role is KeyRole.COORDINATOR) == (self.member_id is not None):
            cure = "leave it out for a coordinator, give it for a member"
            yield FieldFault(pointer="/member_id", code="role_and_member", cause="does not go with the role", cure=cure)


class Key(Struct, frozen=True, kw_only=True):
    """An API key without its secret."""

    id: str
    name: str
    prefix: str
    role: Role
    member_id: str | None
    carrier_id: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None
    """To the minute."""
    scopes: list[str] | None


class RotateKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the old secret still opens, s, at most a week."""

    overlap_s: Annotated[int, Meta(ge=0, le=604_800)] = 0


class IssuedKey(Struct, frozen=True, kw_only=True):
    """A fresh key with its secret, shown this once."""

    id: str
    api_key: str
    role: Role
    member_id: str | None
    expires_at: datetime
    carrier_id: str | None = None


class FoundedCluster(Struct, frozen=True, kw_only=True):
    """A founded cluster and its first coordinator's key."""

    id: str
    cluster: Cluster
    coordinator_key: IssuedKey


class Me(Struct, frozen=True, kw_only=True):
    """Who the caller is."""

    role: Role
    cluster: Cluster | None
    member: Member | None
