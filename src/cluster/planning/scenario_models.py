"""Words of scenarios: questions that differ from the day as it is."""

from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.fields import PublicId
from cluster.shipments.models import ServiceLevel


class VehicleLimit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """At most so many vehicles of a type."""

    vehicle_type_id: PublicId
    vehicles_max: Annotated[int, Meta(ge=0, le=10_000)]


class Scenario(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How a plan's question differs from the day as it is; what is left out changes nothing.

    Shipments of ``leave_out_member_ids``, and those of other ``service_levels`` than these, are not planned and share
    no cost. The search counts each kilogram of CO2 at ``co2_minor_per_kg`` on top of the tariff, and plans services to
    begin ``buffer_s`` after a window opens and before it closes where the window has room for that (null: both as the
    cluster has settled them, 0: none); cost and shares are told by the tariff alone.
    """

    vehicle_limits: Annotated[list[VehicleLimit], Meta(max_length=200)] = []
    leave_out_member_ids: Annotated[list[PublicId], Meta(max_length=200)] = []
    service_levels: Annotated[list[ServiceLevel], Meta(max_length=len(ServiceLevel))] = []
    co2_minor_per_kg: Annotated[int, Meta(ge=0, le=10**9)] | None = None
    buffer_s: Annotated[int, Meta(ge=0, le=4 * 3600)] | None = None
