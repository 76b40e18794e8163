"""Words of shipments and pool windows."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import (
    Code,
    Grams,
    Latitude,
    Longitude,
    Millimetres,
    MinorUnits,
    PublicId,
    Reference,
    ServiceSeconds,
    Text,
)

MM3_A_CM3 = 1000
BULK_MAX = 1000
UNITS_MAX = 10_000
Instant = Annotated[datetime, Meta(tz=True)]


class Service(StrEnum):
    """What is asked for: from the hub to a consignee, from a place to the hub, or from A to B."""

    DELIVERY = "delivery"
    COLLECTION = "collection"
    TRANSPORT = "transport"


class ShipmentStatus(StrEnum):
    """Where a shipment stands; more states come with dispatch."""

    BOOKED = "booked"
    POOLED = "pooled"
    PLANNED = "planned"
    CANCELLED = "cancelled"


class UnitKind(StrEnum):
    """What goods are packed in."""

    BOX = "box"
    PALLET = "pallet"
    RACK = "rack"
    TUBE = "tube"
    BAG = "bag"


class Rotations(StrEnum):
    """In which ways a unit may stand: this side up, turned about the vertical as one likes; or on any of its sides."""

    UPRIGHT = "upright"
    ANY_WAY = "any_way"


class OnTop(StrEnum):
    """What may stand directly on a unit: anything, only units that are fragile themselves, or nothing at all."""

    ANYTHING = "anything"
    FRAGILE = "fragile"
    NOTHING = "nothing"


class OpenPoolWindow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pool window to be opened for one service day; bookings are taken from ``opens_at`` until ``cut_off_at``."""

    service_date: date
    cut_off_at: Instant
    opens_at: Instant | None = None

    def faults(self) -> Iterator[FieldFault]:
        """The cut-off comes after the opening, and years are of this century."""
        if self.opens_at is not None and self.opens_at >= self.cut_off_at:
            cure = "let cut_off_at be later than opens_at"
            yield FieldFault(pointer="/cut_off_at", code="window_reversed", cause="cut-off before opening", cure=cure)
        for name, year in (("service_date", self.service_date.year), ("cut_off_at", self.cut_off_at.year)):
            if not 2000 <= year <= 2100:
                cure = "a year from 2000 to 2100"
                yield FieldFault(pointer=f"/{name}", code="out_of_range", cause=f"in the year {year}", cure=cure)


class PoolWindow(Struct, frozen=True, kw_only=True):
    """What is planned together; ``accepts_bookings`` says whether it is between opening and cut-off now."""

    id: str
    service_date: date
    opens_at: datetime
    cut_off_at: datetime
    accepts_bookings: bool
    version: int
    created_at: datetime


class Party(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where goods are picked up or delivered, and when.

    Either a site of yours (``site_id``), or a name, an address and coordinates. The service begins between
    ``window_start`` and ``window_end``, any time of the service day if both are left out.
    """

    site_id: PublicId | None = None
    name: Text | None = None
    address_line1: Text | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    window_start: Instant | None = None
    window_end: Instant | None = None
    service_s: ServiceSeconds = 300

    def faults(self) -> Iterator[FieldFault]:
        """A place is named one way, windows have two ends in order."""
        inline = {"name": self.name, "address_line1": self.address_line1, "lat": self.lat, "lon": self.lon}
        missing = [name for name, value in inline.items() if value is None]
        if self.site_id is not None and len(missing) < len(inline):
            cure = "give site_id alone, or name, address_line1, lat and lon"
            yield FieldFault(pointer="/site_id", code="two_places", cause="a site and an address", cure=cure)
        if self.site_id is None:
            for name in missing:
                cure = "give it, or a site_id"
                yield FieldFault(pointer=f"/{name}", code="missing", cause="missing", cure=cure)
        if (self.window_start is None) != (self.window_end is None):
            cure = "give both window_start and window_end, or neither"
            yield FieldFault(pointer="/window_start", code="half_a_window", cause="only one end given", cure=cure)
        elif self.window_start is not None and self.window_end is not None and self.window_start >= self.window_end:
            cure = "let window_end be later than window_start"
            yield FieldFault(pointer="/window_end", code="window_reversed", cause="closes before it opens", cure=cure)


class HandlingUnit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Like units of a shipment: ``units`` of them, weight and outer dimensions of each.

    What is not ``anything`` in ``on_top`` makes a unit fragile. ``bearing_max_g`` is what each bears, null: any load.
    Pallets stand on the floor of a hold.
    """

    kind: UnitKind = UnitKind.BOX
    units: Annotated[int, Meta(ge=1, le=UNITS_MAX)] = 1
    weight_g: Grams
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    sscc: Annotated[str, Meta(pattern="^[0-9]{18}$")] | None = None
    rotations: Rotations = Rotations.UPRIGHT
    on_top: OnTop = OnTop.ANYTHING
    bearing_max_g: Annotated[int, Meta(ge=0, le=100_000_000)] | None = None


class BookShipment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A shipment to be booked.

    ``outside_minor`` is what moving it outside the pool would cost its member; with it the shipment is optional,
    without it the plan must carry it. ``pool_window_id`` left out means the earliest window that takes bookings.
    ``hub_site_id`` names the hub of a delivery or collection where the cluster has several.
    """

    client_ref: Reference
    service: Service
    pickup: Party | None = None
    delivery: Party | None = None
    handling_units: Annotated[list[HandlingUnit], Meta(min_length=1, max_length=200)]
    pool_window_id: PublicId | None = None
    hub_site_id: PublicId | None = None
    outside_minor: MinorUnits | None = None
    skills: Annotated[list[Code], Meta(max_length=20)] = []

    def faults(self) -> Iterator[FieldFault]:
        """Each service has its own ends."""
        wanted = {
            Service.DELIVERY: (False, True),
            Service.COLLECTION: (True, False),
            Service.TRANSPORT: (True, True),
        }[self.service]
        for name, party, needed in zip(("pickup", "delivery"), (self.pickup, self.delivery), wanted, strict=True):
            if needed and party is None:
                cause = f"a {self.service} needs one"
                yield FieldFault(pointer=f"/{name}", code="missing", cause=cause, cure="add it")
            if not needed and party is not None:
                cause = f"a {self.service} has none: that end is the hub"
                yield FieldFault(pointer=f"/{name}", code="not_for_service", cause=cause, cure="leave it out")
        if self.service is Service.TRANSPORT and self.hub_site_id is not None:
            cure = "leave it out, or book a delivery or a collection"
            cause = "a transport does not pass the hub"
            yield FieldFault(pointer="/hub_site_id", code="not_for_service", cause=cause, cure=cure)


class BookShipments(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many shipments at once: all are booked, or none and every fault is told."""

    shipments: Annotated[list[BookShipment], Meta(min_length=1, max_length=BULK_MAX)]


class ShipmentStop(Struct, frozen=True, kw_only=True):
    """A shipment's pickup or delivery as stored."""

    site_id: str | None
    name: str
    address_line1: str
    lat: float
    lon: float
    window_start: datetime | None
    window_end: datetime | None
    service_s: int


class Shipment(Struct, frozen=True, kw_only=True):
    """A booked shipment with its totals."""

    id: str
    member_id: str
    pool_window_id: str
    client_ref: str
    service: Service
    status: ShipmentStatus
    pickup: ShipmentStop | None
    delivery: ShipmentStop | None
    hub_site_id: str | None
    weight_g: int
    volume_cm3: int
    pallet_places: int
    outside_minor: int | None
    skills: list[str]
    handling_units: list[HandlingUnit]
    created_at: datetime
    updated_at: datetime


class BookedShipments(Struct, frozen=True, kw_only=True):
    """What a bulk booking made, in the order of the request."""

    id: str
    shipments: list[str]


class Pool(Struct, frozen=True, kw_only=True):
    """A pool window as booking and planning need it: the service day runs from ``day_start`` to ``day_end``."""

    pool_window_id: UUID
    service_date: date
    day_start: datetime
    day_end: datetime
    opens_at: datetime
    cut_off_at: datetime
    now: datetime
    version: int


class Totals(Struct, frozen=True, kw_only=True):
    """Load of all handling units of a shipment together."""

    weight_g: int
    volume_cm3: int
    pallet_places: int


def totals(units: list[HandlingUnit]) -> Totals:
    """
    Sums a shipment's handling units; each pallet takes a pallet place.

    The volume is that of all units together, rounded up to whole cubic centimetres.
    """
    volume_mm3 = sum(unit.units * unit.length_mm * unit.width_mm * unit.height_mm for unit in units)
    return Totals(
        weight_g=sum(unit.units * unit.weight_g for unit in units),
        volume_cm3=-(-volume_mm3 // MM3_A_CM3),
        pallet_places=sum(unit.units for unit in units if unit.kind is UnitKind.PALLET),
    )
