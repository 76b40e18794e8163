"""Words of changes to a shipment: edits, reports from the road, cancellations, and the rules for them."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, Latitude, Longitude, MinorUnits, PublicId, Reference, Text
from cluster.base.fields import ServiceSeconds as Seconds
from cluster.shipments.goods import HandlingUnit, TemperatureClass
from cluster.shipments.models import (
    METADATA_MAX,
    Incoterm,
    Inspection,
    MetadataKey,
    MetadataValue,
    Pooling,
    Service,
    ServiceLevel,
)
from cluster.shipments.outside_models import CarrierQuote
from cluster.shipments.parties import WINDOWS_MAX, Email, Instant, Note, Phone, PostalCode, TimeWindow
from cluster.shipments.states import REPORTABLE, ShipmentStatus


class EditParty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes at one end; null takes a field out."""

    site_id: PublicId | UnsetType | None = UNSET
    address_id: PublicId | UnsetType | None = UNSET
    name: Text | UnsetType | None = UNSET
    address_line1: Text | UnsetType | None = UNSET
    address_line2: Text | UnsetType | None = UNSET
    locality: Text | UnsetType | None = UNSET
    province_code: Code | UnsetType | None = UNSET
    ward_code: Code | UnsetType | None = UNSET
    postal_code: PostalCode | UnsetType | None = UNSET
    country_code: CountryCode | UnsetType | None = UNSET
    lat: Latitude | UnsetType | None = UNSET
    lon: Longitude | UnsetType | None = UNSET
    window_start: Instant | UnsetType | None = UNSET
    window_end: Instant | UnsetType | None = UNSET
    windows: Annotated[list[TimeWindow], Meta(max_length=WINDOWS_MAX)] | UnsetType | None = UNSET
    service_s: Seconds | UnsetType | None = UNSET
    instructions: Note | UnsetType | None = UNSET
    contact_name: Text | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET


class EditShipment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What changes of a shipment, as a JSON merge patch (RFC 7396): null takes a field out, a list is replaced as a whole.

    The shipment that results is judged like a booking.
    """

    client_ref: Reference | UnsetType = UNSET
    service: Service | UnsetType = UNSET
    pickup: EditParty | UnsetType | None = UNSET
    delivery: EditParty | UnsetType | None = UNSET
    handling_units: Annotated[list[HandlingUnit], Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    pool_window_id: PublicId | UnsetType | None = UNSET
    hub_site_id: PublicId | UnsetType | None = UNSET
    service_level: ServiceLevel | UnsetType | None = UNSET
    pooling: Pooling | UnsetType | None = UNSET
    outside_minor: MinorUnits | UnsetType | None = UNSET
    outside_tariff: Code | UnsetType | None = UNSET
    outside_quote: CarrierQuote | UnsetType | None = UNSET
    skills: Annotated[list[Code], Meta(max_length=20)] | UnsetType | None = UNSET
    temperature_class: TemperatureClass | UnsetType | None = UNSET
    food: bool | UnsetType | None = UNSET
    declared_minor: MinorUnits | UnsetType | None = UNSET
    cod_minor: Annotated[int, Meta(ge=1, le=10**13)] | UnsetType | None = UNSET
    inspection: Inspection | UnsetType | None = UNSET
    incoterm: Incoterm | UnsetType | None = UNSET
    po_numbers: Annotated[list[Reference], Meta(max_length=20)] | UnsetType | None = UNSET
    metadata: Annotated[dict[MetadataKey, MetadataValue | None], Meta(max_length=METADATA_MAX)] | UnsetType | None = (
        UNSET
    )


class BookDraft(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A draft to be booked; ``pool_window_id`` left out is its own, or else the earliest that takes bookings."""

    pool_window_id: PublicId | None = None


class CausedBy(StrEnum):
    """On whose side the reason for a cancellation lies."""

    MEMBER = "member"
    CONSIGNEE = "consignee"
    CARRIER = "carrier"
    COORDINATOR = "coordinator"


class CancelShipment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a shipment is cancelled; ``caused_by`` left out is whoever cancels."""

    reason: Note | None = None
    caused_by: CausedBy | None = None


class ReportStatus(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What happened to a shipment on its way.

    ``at`` left out is now. What comes late is kept in the timeline and does not take the shipment back; a
    ``correction`` (coordinator) does, and says why.
    """

    status: ShipmentStatus
    at: Instant | None = None
    code: Code | None = None
    reason: Note | None = None
    correction: bool = False

    def faults(self) -> Iterator[FieldFault]:
        """Only what happens on the way is reported; a correction says why."""
        if self.status not in REPORTABLE:
            cause, cure = f"{self.status} is not reported", f"one of {', '.join(sorted(REPORTABLE))}"
            yield FieldFault(pointer="/status", code="not_reportable", cause=cause, cure=cure)
        if self.correction and self.reason is None:
            cure = "say why in reason"
            yield FieldFault(pointer="/reason", code="missing", cause="a correction has none", cure=cure)
        if self.at is not None and not 2000 <= self.at.year <= 2100:
            cause, cure = f"in the year {self.at.year}", "a year from 2000 to 2100"
            yield FieldFault(pointer="/at", code="out_of_range", cause=cause, cure=cure)


class ShipmentEvent(Struct, frozen=True, kw_only=True):
    """
    One entry of a shipment's timeline.

    ``at`` is when it happened, ``recorded_at`` when the platform heard of it. Not ``applied``: it came late or twice,
    and the state stayed. ``actor`` is the role of who recorded it.
    """

    id: str
    at: datetime
    recorded_at: datetime
    status: ShipmentStatus
    applied: bool
    code: str | None
    reason: str | None
    actor: str


class Cancellation(Struct, frozen=True, kw_only=True):
    """That a shipment was cancelled, at which stage, and who caused it."""

    shipment_id: str
    member_id: str
    pool_window_id: str | None
    at: datetime
    stage: ShipmentStatus
    after_cut_off: bool
    caused_by: CausedBy
    reason: str | None


class MovedOn(Struct, frozen=True, kw_only=True):
    """Shipments that wait in a later window now."""

    shipments: list[str]


class BookingDefaults(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a member's bookings say where they say nothing: its wish about the pool, its own tariff by code."""

    pooling: Pooling | None = None
    outside_tariff: Code | None = None


class BookingRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a cluster allows: whether members cancel after the cut-off, until dispatch."""

    late_cancellation: bool = False


Patch = dict[str, object]


def merged(base: Patch, patch: Patch) -> Patch:
    """A JSON merge patch applied (RFC 7396, section 2)."""
    found = dict(base)
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        elif isinstance(value, dict):
            before = found.get(name)
            found[name] = merged(before if isinstance(before, dict) else {}, value)
        else:
            found[name] = value
    return found


def patch_of(edit: EditShipment) -> Patch:
    """An edit as the merge patch it was, instants in UTC."""
    patch: Patch = msgspec.to_builtins(edit)
    return patch
