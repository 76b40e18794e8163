"""Use cases of vehicle types."""

from datetime import date
from uuid import UUID

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.carriers import firm_queries, queries
from cluster.carriers.models import AddVehicleType, SetDriverBreaks, VehicleType
from cluster.places import service as places

EVERY = 10_000
NIL = UUID(int=0)


async def add_vehicle_type(db: Connection, scope: Scope, body: AddVehicleType) -> VehicleType:
    """
    Adds a vehicle type.

    Raises
    ------
    NotFound
        When a site or the carrier does not exist.
    Conflict
        When the code is taken.
    """
    start = ids.parse("sit", body.start_site_id)
    end = None if body.end_site_id is None else ids.parse("sit", body.end_site_id)
    carrier_id = None if body.carrier_id is None else ids.parse("car", body.carrier_id)
    if carrier_id is not None and not await firm_queries.carriers(db, scope, NIL, 1, carrier_id):
        raise NotFound("car")
    for site_id in {start, end} - {None}:
        await places.site(db, scope, site_id)  # type: ignore[arg-type]
    vehicle_type_id = ids.new()
    if not await queries.insert_vehicle_type(db, scope, vehicle_type_id, start, end, carrier_id, body):
        raise Conflict("vehicle_type_code_taken", f"There is a vehicle type with code {body.code} already.")
    return await vehicle_type(db, scope, vehicle_type_id)


async def vehicle_type(db: Connection, scope: Scope, vehicle_type_id: UUID) -> VehicleType:
    """
    One vehicle type.

    Raises
    ------
    NotFound
        When there is none.
    """
    found = await queries.vehicle_types(db, scope, NIL, 1, only=vehicle_type_id)
    if not found:
        raise NotFound("vht")
    return found[0]


async def set_driver_breaks(db: Connection, scope: Scope, vehicle_type_id: UUID, body: SetDriverBreaks) -> VehicleType:
    """
    Says when the drivers of a type's vehicles rest, for plans made from now on.

    Raises
    ------
    NotFound
        When there is no such vehicle type.
    """
    if not await queries.set_driver_breaks(db, scope, vehicle_type_id, body.driver_breaks):
        raise NotFound("vht")
    rule = None if body.driver_breaks is None else body.driver_breaks.rule
    await record(db, scope, "vehicle_type.breaks_set", "vht", vehicle_type_id, {"rule": rule})
    return await vehicle_type(db, scope, vehicle_type_id)


async def list_vehicle_types(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[VehicleType]:
    """Vehicle types of the cluster."""
    return page(await queries.vehicle_types(db, scope, after, limit + 1), limit)


async def every(db: Connection, scope: Scope, on: date | None = None) -> list[VehicleType]:
    """All vehicle types of the cluster, oldest first, with the tariff of a service day: what planning may use."""
    return await queries.vehicle_types(db, scope, NIL, EVERY, on)
