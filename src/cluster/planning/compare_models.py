"""Words of comparisons between plans of one window."""

from datetime import datetime

from msgspec import Struct

from cluster.planning.models import PlanResult, PlanStatus


class CostParts(Struct, frozen=True, kw_only=True):
    """
    What a plan's cost is made of, in minor units; the parts sum to the cost.

    ``outside`` is paid for what goes outside the pool; ``balance`` for the longest route's hours and unused vehicles.
    """

    fixed_minor: int
    distance_minor: int
    time_minor: int
    stop_minor: int
    trip_minor: int
    overtime_minor: int
    outside_minor: int
    balance_minor: int


class VehiclesUsed(Struct, frozen=True, kw_only=True):
    """How many vehicles of a type a plan uses."""

    vehicle_type_id: str
    vehicles: int


class PlanFigures(Struct, frozen=True, kw_only=True):
    """One of the plans compared; ``changed`` counts its shipments that differ from the first plan's."""

    plan_id: str
    version: int
    label: str
    status: PlanStatus
    result: PlanResult
    cost: CostParts
    vehicles: list[VehiclesUsed]
    changed: int


class Served(Struct, frozen=True, kw_only=True):
    """How a plan serves a shipment: on which route with which vehicle, and when each service begins."""

    route_no: int
    vehicle_type_id: str
    pickup_at: datetime | None
    delivery_at: datetime | None


class ChangedShipment(Struct, frozen=True, kw_only=True):
    """
    A shipment that not all plans serve alike: another vehicle, more than 15 minutes earlier or later, or not at all.

    ``served`` has one entry a plan, in their order: null where that plan does not carry it.
    """

    shipment_id: str
    client_ref: str
    member_id: str
    served: list[Served | None]


class PlanComparison(Struct, frozen=True, kw_only=True):
    """Plans side by side, the first the one that others are compared with; at most 2,000 changed shipments are told."""

    plans: list[PlanFigures]
    changed_shipments: list[ChangedShipment]
