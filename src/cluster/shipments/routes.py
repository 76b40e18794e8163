"""HTTP of shipments and pool windows."""

from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, NOTED, For
from cluster.base.db import Role
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.shipments import pools, service
from cluster.shipments.models import (
    BookedShipments,
    BookShipment,
    BookShipments,
    OpenPoolWindow,
    PoolWindow,
    Shipment,
    ShipmentStatus,
)

BULK_BODY_MAX = 8 * 1024 * 1024
WindowFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this pool window.")]
StatusFilter = Annotated[ShipmentStatus | None, QueryParameter(description="Only those in this state.")]


class ShipmentsController(Controller):
    """Book, look up, cancel."""

    path = "/v1"
    tags = ("Shipments",)

    @post("/pool-windows", guards=[For(Role.COORDINATOR)], operation_id="open_pool_window")
    async def open_pool_window(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[OpenPoolWindow]
    ) -> Response[PoolWindow]:
        """Open a pool window for a service day."""
        location = "/v1/pool-windows/{id}"
        return await created(
            request, database, idempotency_key, lambda db: pools.open_window(db, request.auth, data), location
        )

    @get("/pool-windows", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_pool_windows", opt={NOTED: False})
    async def list_pool_windows(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[PoolWindow]:
        """Pool windows of the cluster."""
        async with database.unit(request.auth) as db:
            return await pools.list_windows(db, request.auth, after("win", cursor), limit)

    @get(
        "/pool-windows/{pool_window_id:str}",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="get_pool_window",
        opt={NOTED: False},
    )
    async def get_pool_window(self, request: ApiRequest, database: Db, pool_window_id: FromPath[str]) -> PoolWindow:
        """One pool window."""
        async with database.unit(request.auth) as db:
            return await pools.window(db, request.auth, ids.parse("win", pool_window_id))

    @post("/shipments", guards=[For(*MEMBERS)], operation_id="book_shipment")
    async def book_shipment(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[BookShipment]
    ) -> Response[Shipment]:
        """Book a shipment into a pool window."""
        location = "/v1/shipments/{id}"
        return await created(
            request, database, idempotency_key, lambda db: service.book(db, request.auth, data), location
        )

    @post(
        "/shipments/bulk",
        guards=[For(*MEMBERS)],
        operation_id="book_shipments",
        request_max_body_size=BULK_BODY_MAX,
    )
    async def book_shipments(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[BookShipments]
    ) -> Response[BookedShipments]:
        """Book up to 1,000 shipments: all, or none with every fault told."""
        return await created(request, database, idempotency_key, lambda db: service.book_many(db, request.auth, data))

    @get("/shipments", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_shipments")
    async def list_shipments(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        pool_window_id: WindowFilter = None,
        status: StatusFilter = None,
    ) -> Page[Shipment]:
        """Your shipments; all members' for the coordinator."""
        window = None if pool_window_id is None else ids.parse("win", pool_window_id)
        async with database.unit(request.auth) as db:
            return await service.list_shipments(db, request.auth, after("shp", cursor), limit, window, status)

    @get("/shipments/{shipment_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_shipment")
    async def get_shipment(self, request: ApiRequest, database: Db, shipment_id: FromPath[str]) -> Shipment:
        """One shipment."""
        async with database.unit(request.auth) as db:
            return await service.shipment(db, request.auth, ids.parse("shp", shipment_id))

    @post(
        "/shipments/{shipment_id:str}/cancel", guards=[For(*MEMBERS)], operation_id="cancel_shipment", status_code=200
    )
    async def cancel_shipment(self, request: ApiRequest, database: Db, shipment_id: FromPath[str]) -> Shipment:
        """Cancel a shipment before the cut-off. Cancelling twice is the same as once."""
        async with database.unit(request.auth) as db:
            return await service.cancel(db, request.auth, ids.parse("shp", shipment_id))
