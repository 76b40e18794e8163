"""Words of what explains a plan."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from cluster.planning.models import Plan, Routes, UnplannedShipments
from cluster.settlement.models import Shares
from cluster.shipments.models import Shipment


class Stored(Struct, frozen=True, kw_only=True):
    """A plan's question and answer as they are stored: what a helper process is given."""

    digest: bytes
    problem: bytes
    answer: bytes


class Said(Struct, frozen=True, kw_only=True):
    """
    One statement: a stable code, what stands in it by name, and the same in English.

    Names end in their unit: ``_minor`` is money in the plan's currency, ``_s`` seconds, ``_m`` metres, ``_g`` grams.
    """

    code: str
    values: dict[str, int | float | str]
    text: str


class WayKind(StrEnum):
    """How a shipment would be served: on a vehicle of the plan, on one more, or by its outside option."""

    ROUTE = "route"
    NEW_VEHICLE = "new_vehicle"
    OUTSIDE = "outside"


class OtherWay(Struct, frozen=True, kw_only=True):
    """
    Another way to serve a shipment, everything else as it is.

    ``more_minor`` is what the plan would then cost more than it does (negative: less); null where that is not known.
    Services would ``begin_at``; no other shipment of the route would be served more than ``delay_s`` later.
    """

    kind: WayKind
    route_no: int | None
    vehicle: str | None
    vehicle_type_id: str | None
    added_minor: int
    more_minor: int | None
    begin_at: list[datetime]
    delay_s: int


class Obstacle(Struct, frozen=True, kw_only=True):
    """
    One constraint that by itself keeps a shipment off a vehicle (``route_no`` null: off one more of the type).

    It is passed by ``amount`` of ``unit`` (0 and empty where there is nothing to count); ``cure`` says what would lift
    it. The plan would then cost ``more_minor`` more than it does, null where that is not known.
    """

    route_no: int | None
    vehicle: str
    vehicle_type_id: str
    reason: str
    amount: int
    unit: str
    added_minor: int
    more_minor: int | None
    cure: Said


class ShutRoute(Struct, frozen=True, kw_only=True):
    """A route that cannot take a shipment, and the constraint that the best attempt fails on."""

    route_no: int
    vehicle: str
    reason: str


class Why(Struct, frozen=True, kw_only=True):
    """
    Why a shipment is where it is in a plan; the coordinator's eyes only.

    Attributes
    ----------
    route_no, vehicle
        Which route serves it; null where none does.
    reason
        Why no route serves it; null where one does.
    now_minor
        What its route would cost less without it, the others keeping their sequence; null where none serves it.
    alone_minor
        What the cheapest vehicle would cost that does nothing else; null where none can serve it.
    outside_minor
        What it costs outside of the pool; null where it must be carried.
    said
        The same in sentences, the most important first.
    ways
        Every other way to serve it, the cheapest first.
    obstacles
        What stands in the way on the nearest of the other vehicles, with what would lift it and its price.
    shut
        Routes that cannot take it.
    """

    plan_id: str
    shipment_id: str
    client_ref: str
    member_id: str
    currency: str
    planned: bool
    route_no: int | None
    vehicle: str | None
    reason: str | None
    now_minor: int | None
    alone_minor: int | None
    outside_minor: int | None
    said: list[Said]
    ways: list[OtherWay]
    obstacles: list[Obstacle]
    shut: list[ShutRoute]


class CostPart(Struct, frozen=True, kw_only=True):
    """
    One component of a plan's cost.

    ``fixed``, ``distance``, ``time``, ``stop``, ``trip``, ``overtime`` as in the tariffs; ``outside``: shipments left
    to their outside option; ``change``, ``longest``, ``unused``: prices of changes, long routes and unused vehicles.
    """

    component: str
    amount_minor: int
    percent: float


class VehicleCost(Struct, frozen=True, kw_only=True):
    """
    What one route costs and does; of ``distance_m``, ``empty_m`` are driven with nothing on board.

    Times sum to the route's duration. ``fill_percent`` is its largest load, by what is limited (``weight_g``,
    ``volume_cm3``, ``pallet_places``).
    """

    route_no: int
    vehicle: str
    vehicle_type_id: str
    cost_minor: int
    shipments: int
    stops: int
    distance_m: int
    empty_m: int
    driving_s: int
    service_s: int
    waiting_s: int
    break_s: int
    fill_percent: dict[str, int]


class DearShipment(Struct, frozen=True, kw_only=True):
    """A shipment and what it adds to the cost: its route without it would cost ``now_minor`` less."""

    shipment_id: str
    client_ref: str
    member_id: str
    route_no: int
    vehicle: str
    now_minor: int
    alone_minor: int | None


class GapKind(StrEnum):
    """What is proven: that no plan is cheaper, that none is cheaper than a bound, or nothing."""

    PROVEN = "proven"
    BOUNDED = "bounded"
    UNKNOWN = "unknown"


class BoundBy(StrEnum):
    """
    Where a bound comes from.

    ``ways``: what every stop costs at least to get to, however routes are cut. ``routes``: what whole routes cost at
    least, priced one against the other (column generation).
    """

    WAYS = "ways"
    ROUTES = "routes"


class Gap(Struct, frozen=True, kw_only=True):
    """
    How much cheaper any plan could be at most: nobody can find one below ``bound_minor`` that serves the same
    mandatory shipments. ``bound_by`` is null where there is no bound, or too many shipments to look it up.
    """

    kind: GapKind
    bound_minor: int
    gap_minor: int
    gap_percent: float
    bound_by: BoundBy | None
    said: Said


class Limit(Struct, frozen=True, kw_only=True):
    """A limit that the plan runs into: ``count`` of ``total`` vehicles are at it (for time windows: services)."""

    reason: str
    unit: str
    count: int
    total: int
    said: Said


class Explanation(Struct, frozen=True, kw_only=True):
    """
    Why a plan costs what it costs; the coordinator's eyes only.

    ``parts`` sum to ``cost_minor``. ``dearest`` are the shipments that add most, at most 20; what all shipments add
    sums to less than the cost, as they share vehicles.
    """

    plan_id: str
    currency: str
    cost_minor: int
    parts: list[CostPart]
    vehicles: list[VehicleCost]
    dearest: list[DearShipment]
    distance_m: int
    empty_m: int
    duration_s: int
    driving_s: int
    waiting_s: int
    break_s: int
    gap: Gap
    limits: list[Limit]
    said: list[Said]


class MemberView(Struct, frozen=True, kw_only=True):
    """
    What one member sees of a plan's day, exactly as the member itself would be answered.

    ``plan``, ``routes``, ``unplanned`` and ``shares`` are null where the member would hear that there is nothing. Of
    its shipments in the pool window, at most 500 are listed.
    """

    member_id: str
    plan: Plan | None
    routes: Routes | None
    unplanned: UnplannedShipments | None
    shares: Shares | None
    shipments: list[Shipment]
    has_more: bool
