"""HTTP of vehicle types."""

from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import NOTED, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.carriers import service
from cluster.carriers.models import AddVehicleType, SetDriverBreaks, VehicleType


class CarriersController(Controller):
    """Vehicle types and their tariffs: the coordinator's."""

    path = "/v1"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @post("/vehicle-types", operation_id="add_vehicle_type")
    async def add_vehicle_type(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddVehicleType]
    ) -> Response[VehicleType]:
        """Add a vehicle type with its tariff."""
        return await created(
            request, database, idempotency_key, lambda db: service.add_vehicle_type(db, request.auth, data)
        )

    @get("/vehicle-types", operation_id="list_vehicle_types", opt={NOTED: False})
    async def list_vehicle_types(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[VehicleType]:
        """Vehicle types of the cluster."""
        async with database.unit(request.auth) as db:
            return await service.list_vehicle_types(db, request.auth, after("vht", cursor), limit)

    @put("/vehicle-types/{vehicle_type_id:str}/driver-breaks", operation_id="set_driver_breaks")
    async def set_driver_breaks(
        self, request: ApiRequest, database: Db, vehicle_type_id: FromPath[str], data: JSONBody[SetDriverBreaks]
    ) -> VehicleType:
        """Say when the drivers of a type's vehicles rest, in plans from now on; null for what the cluster settled."""
        async with database.unit(request.auth) as db:
            return await service.set_driver_breaks(db, request.auth, ids.parse("vht", vehicle_type_id), data)
