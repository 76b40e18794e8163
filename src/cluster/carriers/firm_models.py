"""Words of carriers: firms that drive for a cluster, and the papers that let them."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, PublicId, Reference, Text, Weekday
from cluster.members.firm_models import Email, Phone
from cluster.places.address import Subdivision, subdivision_faults

Prefix = Annotated[str, Meta(min_length=1, max_length=10, pattern=r"^[0-9A-Za-z -]+$")]
WEEKDAYS = (1, 2, 3, 4, 5, 6, 7)


class CarrierStatus(StrEnum):
    """A suspended carrier is asked nothing, and its vehicles are in no new plan; what it has taken it still drives."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


class PaperKind(StrEnum):
    """What a paper is. Of the first two, an expired one keeps a carrier's vehicles out of plans."""

    INSURANCE = "insurance"
    TRANSPORT_PERMIT = "transport_permit"
    DANGEROUS_GOODS_PERMIT = "dangerous_goods_permit"
    OTHER = "other"


class ServiceArea(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where a carrier works: a country, or a part of it.

    ``subdivision`` is ISO 3166-2; ``postcode`` is how postcodes there begin.
    """

    country_code: CountryCode
    subdivision: Subdivision | None = None
    postcode: Prefix | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A part lies in its country."""
        yield from subdivision_faults(self.country_code, self.subdivision)


class AddCarrier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carrier to be added.

    ``firm_ref`` is by which it knows itself in several clusters (GLN, SCAC, tax id). ``areas`` empty: everywhere.
    ``weekdays`` on which it drives, 1 for Monday; ``closed_on`` are further days on which it does not.
    """

    code: Code
    name: Text
    country_code: CountryCode
    email: Email | None = None
    phone: Phone | None = None
    firm_ref: Reference | None = None
    areas: Annotated[list[ServiceArea], Meta(max_length=200)] = []
    weekdays: Annotated[list[Weekday], Meta(min_length=1, max_length=7)] = field(default_factory=lambda: list(WEEKDAYS))
    closed_on: Annotated[list[date], Meta(max_length=400)] = []

    def faults(self) -> Iterator[FieldFault]:
        """No day twice."""
        yield from _twice("/weekdays", self.weekdays)
        yield from _twice("/closed_on", self.closed_on)


class ChangeCarrier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to change of a carrier; what is left out, or null, stays as it is."""

    name: Text | None = None
    status: CarrierStatus | None = None
    email: Email | None = None
    phone: Phone | None = None
    firm_ref: Reference | None = None
    areas: Annotated[list[ServiceArea], Meta(max_length=200)] | None = None
    weekdays: Annotated[list[Weekday], Meta(min_length=1, max_length=7)] | None = None
    closed_on: Annotated[list[date], Meta(max_length=400)] | None = None

    def faults(self) -> Iterator[FieldFault]:
        """No day twice."""
        yield from _twice("/weekdays", self.weekdays or [])
        yield from _twice("/closed_on", self.closed_on or [])


def _twice(pointer: str, days: Sequence[object]) -> Iterator[FieldFault]:
    if len(set(days)) < len(days):
        yield FieldFault(pointer=pointer, code="day_twice", cause="a day stands there twice", cure="name each day once")


class Carrier(Struct, frozen=True, kw_only=True):
    """A firm that drives for the cluster. ``missing`` names the kinds of papers that have run out by today."""

    id: str
    code: str
    name: str
    status: CarrierStatus
    country_code: str
    email: str | None
    phone: str | None
    firm_ref: str | None
    areas: list[ServiceArea]
    weekdays: list[int]
    closed_on: list[date]
    version: int
    created_at: datetime
    missing: list[PaperKind]


class AddPaper(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An insurance or permit, valid on both its first and its last day."""

    kind: PaperKind
    number: Reference
    valid_from: date
    valid_until: date
    issuer: Text | None = None

    def faults(self) -> Iterator[FieldFault]:
        """It ends after it begins."""
        if self.valid_until < self.valid_from:
            cure = "let valid_until be no earlier than valid_from"
            yield FieldFault(pointer="/valid_until", code="window_reversed", cause="ends before it begins", cure=cure)


class Paper(Struct, frozen=True, kw_only=True):
    """A carrier's insurance or permit."""

    id: str
    carrier_id: str
    kind: PaperKind
    number: str
    issuer: str | None
    valid_from: date
    valid_until: date
    created_at: datetime
    withdrawn_at: datetime | None
    standing: Literal["ahead", "valid", "expired", "withdrawn"]
    """On today's date in the cluster's zone."""


class NewCarrierKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key for a carrier's program, good for ``days``."""

    name: Text
    days: Annotated[int, Meta(ge=1, le=366)] = 366


class WhoseVehicles(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The carrier that a vehicle type belongs to; null for the cluster's own vehicles."""

    carrier_id: PublicId | None
