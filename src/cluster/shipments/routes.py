"""HTTP of shipments and pool windows."""

from datetime import datetime
from typing import Annotated, Any

from litestar import Controller, MediaType, get, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, NOTED, For
from cluster.base.db import Role
from cluster.base.errors import FieldFault, Invalid
from cluster.base.etags import etag
from cluster.base.fields import PRINTABLE
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.shipments import pools, service
from cluster.shipments.models import (
    BookedShipments,
    BookShipment,
    BookShipments,
    OpenPoolWindow,
    Pooling,
    PoolWindow,
    Shipment,
    ShipmentStatus,
)
from cluster.shipments.read_queries import Filters

BULK_BODY_MAX = 8 * 1024 * 1024
WindowFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this pool window.")]
StatusFilter = Annotated[
    list[ShipmentStatus] | None,
    QueryParameter(
        max_items=len(ShipmentStatus), description="Only those in one of these states: repeat the parameter."
    ),
]
PoolingFilter = Annotated[Pooling | None, QueryParameter(description="Only those pooled so.")]
ReferenceFilter = Annotated[
    str | None, QueryParameter(min_length=1, max_length=100, pattern=PRINTABLE, description="Only this reference.")
]
CreatedFrom = Annotated[
    datetime | None, QueryParameter(name="created_at[gte]", description="Only those booked then or later.")
]
CreatedBefore = Annotated[
    datetime | None, QueryParameter(name="created_at[lt]", description="Only those booked before.")
]
WordsFilter = Annotated[
    str | None,
    QueryParameter(
        min_length=2,
        max_length=100,
        pattern=PRINTABLE,
        description="Only those with this text in a reference, a purchase order number or the name at an end.",
    ),
]


class ShipmentsController(Controller):
    """Book and look up."""

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
        pooling: PoolingFilter = None,
        client_ref: ReferenceFilter = None,
        created_from: CreatedFrom = None,
        created_before: CreatedBefore = None,
        q: WordsFilter = None,
    ) -> Response[Page[Shipment]]:
        """Your shipments; all members' for the coordinator."""
        wanted = Filters(
            pool_window_id=None if pool_window_id is None else ids.parse("win", pool_window_id),
            statuses=status,
            pooling=pooling,
            client_ref=client_ref,
            created_from=_zoned(created_from, "created_at[gte]"),
            created_before=_zoned(created_before, "created_at[lt]"),
            words=q,
        )
        async with database.unit(request.auth) as db:
            start, kept = after("shp", cursor), request.app.state.encoded_shipments
            body = await service.encoded_page(db, request.auth, start, limit, wanted, kept)
        return _json(body)

    @get("/shipments/{shipment_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_shipment")
    async def get_shipment(self, request: ApiRequest, database: Db, shipment_id: FromPath[str]) -> Response[Shipment]:
        """One shipment. The ETag is its version, for an edit to say what it edits."""
        async with database.unit(request.auth) as db:
            wanted, kept = ids.parse("shp", shipment_id), request.app.state.encoded_shipments
            body, version = await service.encoded_shipment(db, request.auth, wanted, kept)
        return _json(body, {"ETag": etag(version)})


def _json(body: bytes, headers: dict[str, str] | None = None) -> Response[Any]:
    return Response(body, media_type=MediaType.JSON, headers=headers)


def _zoned(instant: datetime | None, name: str) -> datetime | None:
    """An instant that says its zone; one that does not could be any of several."""
    if instant is not None and instant.tzinfo is None:
        cure = "add Z, or an offset such as +07:00 (as %2B07:00)"
        fault = FieldFault(pointer=f"#query/{name}", code="invalid_parameter", cause="without an offset", cure=cure)
        raise Invalid([fault])
    return instant
