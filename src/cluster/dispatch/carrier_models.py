"""Words of a carrier's own tours, and of what it reports of them."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import VISIBLE, Code, Latitude, Longitude, PublicId, Reference
from cluster.dispatch.event_models import Action, EventKey, EventKind, EventResult, ReportEvent, moment_faults
from cluster.dispatch.models import Base, DriverStop, ReasonChoice, TourStatus
from cluster.dispatch.reasons import Reason
from cluster.planning.models import RouteBreak
from cluster.shipments.parties import Instant, Note

BULK_MAX = 1000


class CarrierTour(Struct, frozen=True, kw_only=True):
    """A tour that the carrier drives, with how far it is; nothing of members, plans or prices."""

    id: str
    code: str
    status: TourStatus
    version: int
    service_date: date
    vehicle: str
    driver_name: str | None
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    distance_m: int
    stops: int
    visits: int
    visits_done: int
    visits_failed: int
    exception: Reason | None
    delay_s: int | None
    lat: float | None
    lon: float | None
    seen_at: datetime | None
    changed_at: datetime


class CarrierTours(Struct, frozen=True, kw_only=True):
    """
    One page of a carrier's tours.

    Whoever asks the next time with ``changed_since`` as ``as_of`` of the first page of this time misses no change.
    """

    data: list[CarrierTour]
    next_cursor: str | None
    has_more: bool
    as_of: datetime


class CarrierWholeTour(Struct, frozen=True, kw_only=True):
    """
    All that a carrier and its driver need for a tour.

    Amounts to be collected are in ``currency``. Once the tour is over, nobody is named any more who was to be asked
    for. ``reasons`` are those to choose from where something fails.
    """

    id: str
    version: int
    tour: CarrierTour
    cluster_name: str
    currency: str
    country_code: str
    time_zone: str
    start: Base
    end: Base | None
    stops: list[DriverStop]
    breaks: list[RouteBreak]
    reasons: list[ReasonChoice]
    proof_max_bytes: int


class CarrierEvent(ReportEvent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Something that happened on one of the carrier's tours.

    Either ``tour_id`` or ``tour_code`` says on which. ``event_key`` is unique in its tour.
    """

    tour_id: PublicId | None = None
    tour_code: Code | None = None

    def faults(self) -> Iterator[FieldFault]:
        """What an event of its kind must name, and one name of its tour."""
        yield from super().faults()
        if (self.tour_id is None) == (self.tour_code is None):
            cause = "neither tour_id nor tour_code" if self.tour_id is None else "both tour_id and tour_code"
            yield FieldFault(pointer="/tour_id", code="name_one", cause=cause, cure="name the tour by one of them")


class CarrierEvents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Events of any of the carrier's tours, in any order, some of them perhaps from hours ago.

    ``sent_at`` is the reporter's clock as it sends; where it differs from the platform's, the events' times are put
    right by the difference.
    """

    events: Annotated[list[CarrierEvent], Meta(min_length=1, max_length=BULK_MAX)]
    sent_at: Instant | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A clock that shows a year of this century can be put right."""
        if self.sent_at is not None:
            yield from moment_faults("/sent_at", self.sent_at)


class CarrierTakenEvent(Struct, frozen=True, kw_only=True):
    """What became of one event; ``code`` says why it was refused. ``tour_id`` is null where it is none of yours."""

    event_key: str
    tour_id: str | None
    result: EventResult
    code: str | None = None


class TourStanding(Struct, frozen=True, kw_only=True):
    """Where a tour stands now."""

    id: str
    status: TourStatus
    version: int


class CarrierTakenEvents(Struct, frozen=True, kw_only=True):
    """What became of each event, in the order in which they were sent, and where their tours stand now."""

    events: list[CarrierTakenEvent]
    tours: list[TourStanding]


class ForeignFormat(StrEnum):
    """Whose codes: Karrio, EasyPost, ANSI X12 transaction set 214, Open Trip Model 5, Giao Hang Nhanh, Lalamove."""

    KARRIO = "karrio"
    EASYPOST = "easypost"
    X12_214 = "x12_214"
    OTM = "otm"
    GHN = "ghn"
    LALAMOVE = "lalamove"


ForeignWord = Annotated[str, Meta(min_length=1, max_length=64, pattern=VISIBLE)]


class ForeignEvent(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Something that happened to a shipment, in the words of another system.

    ``reference`` is the shipment's reference, its identifier, or the SSCC of one of its units. ``code`` and ``reason``
    are of the system. Without an ``event_key``, the same code of the same shipment at the same time is the same event.
    """

    reference: Reference
    code: ForeignWord
    at: Instant
    reason: ForeignWord | None = None
    event_key: EventKey | None = None
    units_done: Annotated[int, Meta(ge=0, le=1_000_000)] | None = None
    note: Note | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None

    def faults(self) -> Iterator[FieldFault]:
        """The moment is one of this century, and a point has both its numbers."""
        yield from moment_faults("/at", self.at)
        if (self.lat is None) != (self.lon is None):
            cure = "give both lat and lon, or neither"
            yield FieldFault(pointer="/lat", code="half_a_point", cause="only one of lat and lon", cure=cure)


class ForeignEvents(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events in the codes of one ``format``, in any order."""

    format: ForeignFormat
    events: Annotated[list[ForeignEvent], Meta(min_length=1, max_length=BULK_MAX)]


class ForeignCode(Struct, frozen=True, kw_only=True):
    """
    What a code of another system stands for.

    ``kind`` is null where it says nothing that a tour keeps. ``reason`` holds where the event brings none of its own.
    """

    code: str
    kind: EventKind | None
    action: Action | None
    reason: Reason | None


class ForeignReason(Struct, frozen=True, kw_only=True):
    """What a reason of another system stands for."""

    code: str
    reason: Reason


class ForeignCodes(Struct, frozen=True, kw_only=True):
    """All codes and reasons of a system that are understood."""

    format: ForeignFormat
    codes: list[ForeignCode]
    reasons: list[ForeignReason]
