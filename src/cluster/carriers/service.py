"""Use cases of vehicle types."""

from datetime import date
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.base.pages import Page, page
from cluster.carriers import queries
from cluster.carriers.models import AddVehicleType, VehicleType
from cluster.places import service as places

EVERY = 10_000


async def add_vehicle_type(db: Connection, scope: Scope, body: AddVehicleType) -> VehicleType:
    """
    Adds a vehicle type.

    Raises
    ------
    NotFound
        When a site does not exist.
    Conflict
        When the code is taken.
    """
    start = ids.parse("sit", body.start_site_id)
    end = None if body.end_site_id is None else ids.parse("sit", body.end_site_id)
    for site_id in {start, end} - {None}:
        await places.site(db, scope, site_id)  # type: ignore[arg-type]
    vehicle_type_id = ids.new()
    if not await queries.insert_vehicle_type(db, scope, vehicle_type_id, start, end, body):
        raise Conflict("vehicle_type_code_taken", f"There is a vehicle type with code {body.code} already.")
    shown = ids.show("vht", vehicle_type_id)
    return next(entry for entry in await every(db, scope) if entry.id == shown)


async def list_vehicle_types(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[VehicleType]:
    """Vehicle types of the cluster."""
    return page(await queries.vehicle_types(db, scope, after, limit + 1), limit)


async def every(db: Connection, scope: Scope, on: date | None = None) -> list[VehicleType]:
    """All vehicle types of the cluster, oldest first, with the tariff of a service day: what planning may use."""
    return await queries.vehicle_types(db, scope, UUID(int=0), EVERY, on)
