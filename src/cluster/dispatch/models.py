"""Words of tours: what a route becomes once somebody is to drive it."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from cluster.base.errors import FieldFault
from cluster.base.fields import Latitude, Longitude, Text
from cluster.dispatch.reasons import Reason
from cluster.planning.models import Label, RouteBreak
from cluster.shipments.models import ShipmentStatus
from cluster.shipments.parties import Instant


class TourStatus(StrEnum):
    """Life of a tour: made, given to its driver, left its start, over; or called off before it left."""

    PLANNED = "planned"
    DISPATCHED = "dispatched"
    UNDER_WAY = "under_way"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


LIVE = (TourStatus.PLANNED, TourStatus.DISPATCHED, TourStatus.UNDER_WAY)


class Outcome(StrEnum):
    """What became of a visit; ``moved``: a later plan gave it to another tour."""

    DONE = "done"
    PARTLY = "partly"
    FAILED = "failed"
    MOVED = "moved"


class Agreed(Struct, frozen=True, kw_only=True):
    """Which carrier drives a tour, what it is paid for it, and by which offer."""

    carrier_id: UUID
    agreed_minor: int
    tender_offer_id: UUID


class RouteCrew(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who drives a route, and in what: ``vehicle`` is a number plate or a name that the driver knows."""

    route_no: Annotated[int, Meta(ge=1, le=100_000)]
    driver_name: Text | None = None
    vehicle: Text | None = None


class DispatchPlan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Makes tours of a published plan's routes.

    ``crews`` name drivers and vehicles where they are known; the plan's own label of the vehicle stands where they are
    not. With ``release`` false the tours stay ``planned``, for papers to be printed first, and shipments stay as they
    are.
    """

    crews: Annotated[list[RouteCrew], Meta(max_length=2000)] = []
    release: bool = True

    def faults(self) -> Iterator[FieldFault]:
        """A route has one crew."""
        seen = set()
        for index, crew in enumerate(self.crews):
            if crew.route_no in seen:
                cure = "name each route once"
                yield FieldFault(pointer=f"/crews/{index}/route_no", code="twice", cause="named twice", cure=cure)
            seen.add(crew.route_no)


class Replan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A plan of the day from where it stands: a search of ``seconds`` around what has happened by ``now`` (the server's
    clock, if left out). It pays ``change_minor`` in the search, never in its cost, for each shipment that changes its
    vehicle.
    """

    seconds: Annotated[int, Meta(ge=1, le=3600)] = 20
    change_minor: Annotated[int, Meta(ge=0, le=10**12)] = 0
    now: Instant | None = None
    label: Label = ""


class EditTour(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another driver or vehicle; null takes the name away. What is left out stays."""

    driver_name: Text | UnsetType | None = UNSET
    vehicle: Text | UnsetType = UNSET


class CancelTour(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls a tour off that has not left."""

    reason: Text


class TourVisit(Struct, frozen=True, kw_only=True):
    """
    One shipment's business at a stop of a tour.

    ``outcome`` is null until somebody reports it. ``status`` is the shipment's.
    """

    shipment_id: str
    client_ref: str
    member_id: str
    action: str
    status: ShipmentStatus
    begins_at: datetime
    ends_at: datetime
    outcome: Outcome | None
    outcome_at: datetime | None
    reason: Reason | None
    proofs: int


class TourStop(Struct, frozen=True, kw_only=True):
    """
    A stop of a tour as planned, as reported, and as expected from what is known by now.

    ``eta_at`` is when the vehicle is expected there; null once it has arrived, or the tour is over.
    """

    stop_no: int
    name: str
    address_line1: str
    lat: float
    lon: float
    arrives_at: datetime
    departs_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    eta_at: datetime | None
    visits: list[TourVisit]


class Tour(Struct, frozen=True, kw_only=True):
    """A route that is to be driven, is driven, or was; ``carrier_id`` is null where the cluster drives it itself."""

    id: str
    plan_id: str
    pool_window_id: str
    service_date: date
    route_no: int
    code: str
    status: TourStatus
    version: int
    vehicle_type_id: str
    carrier_id: str | None
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
    created_at: datetime


class WholeTour(Struct, frozen=True, kw_only=True):
    """A tour with its stops, and when its driver rests by the plan that it follows now."""

    id: str
    version: int
    tour: Tour
    stops: list[TourStop]
    breaks: list[RouteBreak]


class DispatchedPlan(Struct, frozen=True, kw_only=True):
    """The tours of a plan, in the order of its routes."""

    plan_id: str
    tours: list[Tour]


class NewLink(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A link to be made: it opens until ``hours`` from now."""

    hours: Annotated[int, Meta(ge=1, le=24 * 60)] = 72


class IssuedLink(Struct, frozen=True, kw_only=True):
    """
    A link as it is shown once: ``token`` opens ``path`` on the dashboard, and the API below it.

    Whoever holds the token needs no account. It is kept nowhere; a lost one is replaced by another. ``qr_data_uri`` is
    the whole address as a QR code (SVG).
    """

    id: str
    token: str
    path: str
    qr_data_uri: str
    expires_at: datetime


class Link(Struct, frozen=True, kw_only=True):
    """A link without its token."""

    id: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


class Links(Struct, frozen=True, kw_only=True):
    """All links of a tour or a shipment, the newest last."""

    data: list[Link]


class DriverUnit(Struct, frozen=True, kw_only=True):
    """Like units to be loaded or unloaded; a UN number where they are dangerous goods."""

    kind: str
    units: int
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    on_top: str
    un_number: str | None
    hazard_class: str | None


class DriverVisit(Struct, frozen=True, kw_only=True):
    """
    What to do for one shipment at a stop.

    ``cod_minor`` is to be collected from the consignee, in the cluster's currency. ``inspection`` says what the
    consignee may do before it pays.
    """

    shipment_id: str
    reference: str
    action: str
    window_start: datetime | None
    window_end: datetime | None
    instructions: str | None
    contact_name: str | None
    phone: str | None
    weight_g: int
    units: list[DriverUnit]
    cod_minor: int | None
    inspection: str | None
    temperature_class: str
    outcome: Outcome | None
    outcome_at: datetime | None
    reason: Reason | None
    proofs: int


class DriverStop(Struct, frozen=True, kw_only=True):
    """Where to go next, and what to do there."""

    stop_no: int
    name: str
    address_line1: str
    address_line2: str | None
    locality: str | None
    postal_code: str | None
    country_code: str | None
    lat: float
    lon: float
    arrives_at: datetime
    departs_at: datetime
    arrived_at: datetime | None
    left_at: datetime | None
    eta_at: datetime | None
    visits: list[DriverVisit]


class Base(Struct, frozen=True, kw_only=True):
    """Where a tour starts or ends."""

    name: str
    address_line1: str
    lat: Latitude
    lon: Longitude


class ReasonChoice(Struct, frozen=True, kw_only=True):
    """A reason that a driver may give, and for what."""

    code: Reason
    pickup: bool
    delivery: bool
    partly: bool
    on_tour: bool


class DriverTour(Struct, frozen=True, kw_only=True):
    """
    All that a driver needs for its tour, to be kept on the phone: no prices of members, no other tour.

    ``reasons`` are those to choose from where something fails.
    """

    code: str
    status: TourStatus
    version: int
    vehicle: str
    driver_name: str | None
    cluster_name: str
    currency: str
    country_code: str
    time_zone: str
    service_date: date
    starts_at: datetime
    ends_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    distance_m: int
    start: Base
    end: Base | None
    stops: list[DriverStop]
    breaks: list[RouteBreak]
    reasons: list[ReasonChoice]
    proof_max_bytes: int
    expires_at: datetime
