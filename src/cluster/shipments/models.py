"""Words of shipments and pool windows."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE, Code, MinorUnits, PublicId, Reference
from cluster.shipments.dangerous_goods import FOOD, at_odds, kind
from cluster.shipments.goods import HandlingUnit, OnTop, Rotations, TemperatureClass, Totals, UnitKind, totals
from cluster.shipments.outside_models import CarrierQuote, OutsideBasis
from cluster.shipments.parties import Party, ShipmentStop, TimeWindow
from cluster.shipments.states import ShipmentStatus
from cluster.shipments.window_models import OpenPoolWindow, Pool, PoolWindow

__all__ = [
    "HandlingUnit",
    "OnTop",
    "OpenPoolWindow",
    "Party",
    "Pool",
    "PoolWindow",
    "Rotations",
    "ShipmentStatus",
    "ShipmentStop",
    "TemperatureClass",
    "TimeWindow",
    "Totals",
    "UnitKind",
    "totals",
]

BULK_MAX = 1000
METADATA_MAX = 50
MetadataKey = Annotated[str, Meta(min_length=1, max_length=40, pattern=PRINTABLE)]
MetadataValue = Annotated[str, Meta(max_length=500, pattern=PRINTABLE)]
Metadata = Annotated[dict[MetadataKey, MetadataValue], Meta(max_length=METADATA_MAX)]
"""A client's own notes, given back as they are."""


class Service(StrEnum):
    """What is asked for: from the hub to a consignee, from a place to the hub, or from A to B."""

    DELIVERY = "delivery"
    COLLECTION = "collection"
    TRANSPORT = "transport"


class ServiceLevel(StrEnum):
    """
    How urgent a shipment is.

    Express is carried by the plan even where its outside option would be cheaper. What the plan leaves out of economy
    may wait for a later pool window.
    """

    STANDARD = "standard"
    EXPRESS = "express"
    ECONOMY = "economy"


class Pooling(StrEnum):
    """
    Whether a shipment is planned together with others'.

    ``pool``: the plan must carry it. ``either``: the plan carries it, or leaves it to its outside option where that is
    cheaper for all. ``alone``: it stays out of plan and split, and its member moves it.
    """

    POOL = "pool"
    ALONE = "alone"
    EITHER = "either"


class Inspection(StrEnum):
    """What a consignee may do before it pays or signs: nothing, look inside, try on."""

    NO_LOOK = "no_look"
    LOOK = "look"
    TRY_ON = "try_on"


class Incoterm(StrEnum):
    """Incoterms 2020 of the International Chamber of Commerce."""

    EXW = "EXW"
    FCA = "FCA"
    CPT = "CPT"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CIF = "CIF"


class BookShipment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A shipment to be booked.

    A ``draft`` is checked like any other, waits outside the pool, and is booked later. ``pool_window_id`` left out
    means the earliest window that takes bookings. ``hub_site_id`` names the hub of a delivery or collection where the
    cluster has several. What moving it outside the pool would cost: an amount (``outside_minor``), a tariff of yours by
    code (``outside_tariff``) or a carrier's offer (``outside_quote``); if all are left out, your default tariff or
    nothing. ``pooling`` left out is your default, or else ``either`` with an outside option and ``pool`` without one.
    ``temperature_class`` and dangerous goods ask for vehicles with that skill. ``cod_minor`` is what the driver
    collects from the consignee.
    """

    client_ref: Reference
    service: Service
    draft: bool = False
    pickup: Party | None = None
    delivery: Party | None = None
    handling_units: Annotated[list[HandlingUnit], Meta(min_length=1, max_length=200)]
    pool_window_id: PublicId | None = None
    hub_site_id: PublicId | None = None
    service_level: ServiceLevel = ServiceLevel.STANDARD
    pooling: Pooling | None = None
    outside_minor: MinorUnits | None = None
    outside_tariff: Code | None = None
    outside_quote: CarrierQuote | None = None
    skills: Annotated[list[Code], Meta(max_length=20)] = []
    temperature_class: TemperatureClass = TemperatureClass.AMBIENT
    food: bool = False
    declared_minor: MinorUnits | None = None
    cod_minor: Annotated[int, Meta(ge=1, le=10**13)] | None = None
    inspection: Inspection | None = None
    incoterm: Incoterm | None = None
    po_numbers: Annotated[list[Reference], Meta(max_length=20)] = []
    metadata: Metadata = {}

    def faults(self) -> Iterator[FieldFault]:
        """Each service has its own ends; goods may share a vehicle; there is one outside option at most."""
        yield from self._end_faults()
        given = [name for name in OUTSIDE if getattr(self, name) is not None]
        if len(given) > 1:
            cause, cure = f"{' and '.join(given)} given", "give one of them"
            yield FieldFault(pointer=f"/{given[1]}", code="two_outside_options", cause=cause, cure=cure)
        if self.cod_minor is not None and self.service is Service.COLLECTION:
            cause, cure = "a collection ends at the hub, where nobody pays", "leave it out"
            yield FieldFault(pointer="/cod_minor", code="not_for_service", cause=cause, cure=cure)
        odd = at_odds(self.hazards())
        if odd is not None:
            cause = f"{odd[0]} and {odd[1]} never share a vehicle"
            cure = "book them as two shipments"
            yield FieldFault(pointer="/handling_units", code="goods_at_odds", cause=cause, cure=cure)

    def _end_faults(self) -> Iterator[FieldFault]:
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

    def hazards(self) -> set[str]:
        """Kinds of goods that decide whom the shipment travels with."""
        return hazards(self.handling_units, self.food)


OUTSIDE = ("outside_minor", "outside_tariff", "outside_quote")


def hazards(units: list[HandlingUnit], food: bool) -> set[str]:
    """Kinds of goods that decide whom a shipment travels with (``dangerous_goods.kind``)."""
    found = {kind(unit.dangerous_goods) for unit in units if unit.dangerous_goods is not None}
    return (found | {FOOD} if food else found) - {None}  # type: ignore[return-value]


class BookShipments(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many shipments at once: all are booked, or none and every fault is told."""

    shipments: Annotated[list[BookShipment], Meta(min_length=1, max_length=BULK_MAX)]


class Shipment(Struct, frozen=True, kw_only=True):
    """
    A booked shipment with its totals.

    ``version`` goes up with every change and is its ETag; ``status_at`` is since when it stands in its state.
    """

    id: str
    member_id: str
    pool_window_id: str | None
    client_ref: str
    service: Service
    service_level: ServiceLevel = ServiceLevel.STANDARD
    status: ShipmentStatus
    status_at: datetime | None = None
    status_code: str | None = None
    status_reason: str | None = None
    pooling: Pooling = Pooling.EITHER
    pickup: ShipmentStop | None
    delivery: ShipmentStop | None
    hub_site_id: str | None
    weight_g: int
    volume_cm3: int
    pallet_places: int
    outside_minor: int | None
    outside_basis: OutsideBasis | None = None
    skills: list[str]
    temperature_class: TemperatureClass = TemperatureClass.AMBIENT
    food: bool = False
    declared_minor: int | None = None
    cod_minor: int | None = None
    inspection: Inspection | None = None
    incoterm: Incoterm | None = None
    po_numbers: list[str] = []
    metadata: dict[str, str] = {}
    handling_units: list[HandlingUnit]
    version: int = 1
    created_at: datetime
    updated_at: datetime

    @property
    def optional(self) -> bool:
        """Whether a plan may leave it to its outside option."""
        chosen = self.pooling is Pooling.EITHER and self.service_level is not ServiceLevel.EXPRESS
        return chosen and self.outside_minor is not None


class BookedShipments(Struct, frozen=True, kw_only=True):
    """What a bulk booking made, in the order of the request."""

    id: str
    shipments: list[str]
