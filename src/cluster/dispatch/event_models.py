"""Words of what happens on the road: events, proofs, and what a consignee sees."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import VISIBLE, Latitude, Longitude, PublicId
from cluster.dispatch.models import TourStatus
from cluster.dispatch.reasons import Reason
from cluster.shipments.models import ShipmentStatus
from cluster.shipments.parties import Instant, Note

EVENTS_MAX = 500
PROOF_MAX_BYTES = 2_000_000
PROOFS_MAX = 20
"""Proofs of one visit."""


class EventKind(StrEnum):
    """
    What happened.

    Of the tour: ``started``, ``completed``, ``exception`` (held up; ``resolved`` ends it), ``position``. Of a stop:
    ``arrived``, ``left``. Of a visit: ``loaded`` (taken on board at the start of the tour), ``done``, ``partly``,
    ``failed``.
    """

    STARTED = "started"
    COMPLETED = "completed"
    EXCEPTION = "exception"
    RESOLVED = "resolved"
    POSITION = "position"
    ARRIVED = "arrived"
    LEFT = "left"
    LOADED = "loaded"
    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"


OF_STOPS = frozenset({EventKind.ARRIVED, EventKind.LEFT})
OF_VISITS = frozenset({EventKind.LOADED, EventKind.DONE, EventKind.PARTLY, EventKind.FAILED})
WITH_REASON = frozenset({EventKind.EXCEPTION, EventKind.PARTLY, EventKind.FAILED})


class Action(StrEnum):
    """Which end of a shipment a visit is for."""

    PICKUP = "pickup"
    DELIVERY = "delivery"


class EventSource(StrEnum):
    """Who reported it."""

    DRIVER = "driver"
    COORDINATOR = "coordinator"
    PLATFORM = "platform"
    CARRIER = "carrier"


class EventResult(StrEnum):
    """
    What became of a reported event.

    ``applied``: it counts. ``late``: kept, but the goods are further along already. ``duplicate``: an event with this
    ``event_key`` was taken before. ``refused``: it does not fit the tour and is not kept; ``code`` says why.
    """

    APPLIED = "applied"
    LATE = "late"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


EventKey = Annotated[str, Meta(min_length=1, max_length=64, pattern=VISIBLE)]


def moment_faults(pointer: str, at: datetime) -> Iterator[FieldFault]:
    """A moment is one of this century: others cannot be reckoned with."""
    if not 2000 <= at.year <= 2100:
        cure = "a year from 2000 to 2100"
        yield FieldFault(pointer=pointer, code="out_of_range", cause=f"in the year {at.year}", cure=cure)


class ReportEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Something that happened.

    ``event_key`` is the reporter's own, unique in its tour (such as a UUID): the same again changes nothing. ``at`` is
    the reporter's clock. Events of a stop name ``stop_no``, events of a visit ``shipment_id`` and ``action``; what
    fails, is done in part, or holds the tour up has a ``reason``. ``units_done`` says how many units were handed over
    where not all were.
    """

    event_key: EventKey
    kind: EventKind
    at: Instant
    stop_no: Annotated[int, Meta(ge=1, le=100_000)] | None = None
    shipment_id: PublicId | None = None
    action: Action | None = None
    reason: Reason | None = None
    units_done: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    note: Note | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    accuracy_m: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None

    def faults(self) -> Iterator[FieldFault]:
        """What an event of its kind must name; the moment is one of this century."""
        yield from moment_faults("/at", self.at)
        for name in self._needed():
            if getattr(self, name) is None:
                cause, cure = f"an event of kind {self.kind} names one", "add it"
                yield FieldFault(pointer=f"/{name}", code="missing", cause=cause, cure=cure)
        if (self.lat is None) != (self.lon is None):
            cure = "give both lat and lon, or neither"
            yield FieldFault(pointer="/lat", code="half_a_point", cause="only one of lat and lon", cure=cure)

    def _needed(self) -> Iterator[str]:
        if self.kind in OF_STOPS:
            yield "stop_no"
        if self.kind in OF_VISITS:
            yield from ("shipment_id", "action")
        if self.kind in WITH_REASON:
            yield "reason"
        if self.kind is EventKind.POSITION:
            yield "lat"


class ReportEvents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Events in any order, some of them perhaps from hours ago.

    ``sent_at`` is the reporter's clock as it sends; where it differs from the platform's, the events' times are put
    right by the difference.
    """

    events: Annotated[list[ReportEvent], Meta(min_length=1, max_length=EVENTS_MAX)]
    sent_at: Instant | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A clock that shows a year of this century can be put right."""
        if self.sent_at is not None:
            yield from moment_faults("/sent_at", self.sent_at)


class CorrectVisit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What a visit's outcome really was, where it was reported wrongly; with the reason for the record.

    ``failed`` and ``partly`` name the ``reason_code`` for which it failed.
    """

    shipment_id: PublicId
    action: Action
    outcome: EventKind
    note: Note
    reason_code: Reason | None = None
    at: Instant | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Done, done in part, or failed with a reason."""
        if self.outcome not in (EventKind.DONE, EventKind.PARTLY, EventKind.FAILED):
            cause, cure = f"{self.outcome} is no outcome", "done, partly or failed"
            yield FieldFault(pointer="/outcome", code="out_of_range", cause=cause, cure=cure)
        if self.outcome in WITH_REASON and self.reason_code is None:
            yield FieldFault(pointer="/reason_code", code="missing", cause="missing", cure="add it")
        if self.at is not None:
            yield from moment_faults("/at", self.at)


class TakenEvent(Struct, frozen=True, kw_only=True):
    """What became of one event; ``code`` says why it was refused."""

    event_key: str
    result: EventResult
    code: str | None = None


class TakenEvents(Struct, frozen=True, kw_only=True):
    """What became of each event, in the order in which they were sent, and where the tour stands now."""

    status: TourStatus
    version: int
    events: list[TakenEvent]


class TrackingEvent(Struct, frozen=True, kw_only=True):
    """
    Something that happened, as kept.

    ``at`` is the time that counts, ``told_at`` what the reporter's clock said, ``received_at`` when the platform heard
    of it; ``offline`` marks what was heard of more than two minutes later. ``applied`` is false where the goods were
    further along already. A member sees events of its own shipments alone, without ``stop_no``.
    """

    id: str
    tour_id: str
    event_key: str
    kind: EventKind
    source: EventSource
    stop_no: int | None
    shipment_id: str | None
    action: Action | None
    reason: Reason | None
    units_done: int | None
    note: str | None
    at: datetime
    told_at: datetime
    received_at: datetime
    offline: bool
    applied: bool
    lat: float | None
    lon: float | None
    accuracy_m: int | None


class ProofKind(StrEnum):
    """A photo, or a signature: an image, or the path of the pen (SVG path data)."""

    PHOTO = "photo"
    SIGNATURE = "signature"


class Proof(Struct, frozen=True, kw_only=True):
    """
    A proof of pickup or delivery; its content is at ``/v1/proofs/{id}/content``.

    ``erased_at`` is set once the persons in it have been erased: the fact stays, the content is gone.
    """

    id: str
    tour_id: str
    shipment_id: str
    action: Action
    kind: ProofKind
    media_type: str
    size_bytes: int
    sha256: str
    signer_name: str | None
    taken_at: datetime
    received_at: datetime
    erased_at: datetime | None


class Proofs(Struct, frozen=True, kw_only=True):
    """All proofs of a shipment, oldest first."""

    data: list[Proof]


class TrackedEvent(Struct, frozen=True, kw_only=True):
    """A step on the way, for a consignee."""

    status: ShipmentStatus
    at: datetime


class TrackedProof(Struct, frozen=True, kw_only=True):
    """A proof of its delivery, for a consignee; the picture is at ``/v1/track/{token}/proofs/{id}``."""

    id: str
    kind: ProofKind
    signer_name: str | None
    taken_at: datetime


class Tracking(Struct, frozen=True, kw_only=True):
    """
    Where a shipment is, for its consignee: no other stop, no name but its sender's and its own.

    ``eta_from`` and ``eta_to`` are a window to the quarter of an hour; null when nobody knows, or it is over.
    """

    reference: str
    status: ShipmentStatus
    status_at: datetime
    sender: str
    consignee: str
    service_date: date | None
    time_zone: str
    eta_from: datetime | None
    eta_to: datetime | None
    attempts: int
    reason: Reason | None
    proof_signed_by: str | None
    proofs: list[TrackedProof]
    events: list[TrackedEvent]
    expires_at: datetime
