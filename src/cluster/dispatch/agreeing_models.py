"""What is known of a tour that a carrier was awarded, when a plan would change it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Awarded(Struct, frozen=True, kw_only=True):
    """A tour that is not over, which a carrier was awarded and which follows another plan than the one in question."""

    tour_id: UUID
    code: str
    carrier_id: UUID
    plan_id: UUID
    route_no: int
    vehicle: tuple[UUID, int]
    status: str
    exception: str | None
    starts_at: datetime
    ends_at: datetime
    distance_m: int
    agreed_minor: int


class Route(Struct, frozen=True, kw_only=True):
    """A route of the plan in question."""

    route_no: int
    starts_at: datetime
    ends_at: datetime
    distance_m: int


class Ahead(Struct, frozen=True, kw_only=True):
    """A visit that is still to be made."""

    stop_no: int
    shipment_id: UUID
    action: str
    arrives_at: datetime
    departs_at: datetime


class Moved(Struct, frozen=True, kw_only=True):
    """An amendment that was just made or has just moved."""

    amendment_id: UUID
    tour_id: UUID
    carrier_id: UUID
    status: str


class NewAmendment(Struct, frozen=True, kw_only=True):
    """A question about to be put to a carrier: its tour as it is and as it would be, as JSON, and at what prices."""

    amendment_id: UUID
    tour_id: UUID
    carrier_id: UUID
    before: bytes
    after: bytes
    price_before_minor: int
    price_after_minor: int
