"""HTTP of changes to shipments, and of their timeline."""

from litestar import Controller, get, patch, post
from litestar.params import FromPath, JSONBody
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, MEMBERS, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.shipments import edits, events
from cluster.shipments.changes import (
    BookDraft,
    CancelShipment,
    EditShipment,
    MovedOn,
    ReportStatus,
    ShipmentEvent,
)
from cluster.shipments.models import Shipment

AS_IT_IS = BookDraft()
NO_REASON = CancelShipment()


class ShipmentChangesController(Controller):
    """Edit, book, cancel, follow."""

    path = "/v1"
    tags = ("Shipments",)

    @patch("/shipments/{shipment_id:str}", guards=[For(*MEMBERS)], operation_id="edit_shipment")
    async def edit_shipment(
        self,
        request: ApiRequest,
        database: Db,
        shipment_id: FromPath[str],
        data: JSONBody[EditShipment],
        if_match: IfMatch = None,
    ) -> Response[Shipment]:
        """Change a shipment until its window closes. What is planned goes back to the pool."""
        async with database.unit(request.auth) as db:
            found = await edits.edit(db, request.auth, ids.parse("shp", shipment_id), data, if_match)
        return with_etag(found, found.version)

    @post("/shipments/{shipment_id:str}/book", guards=[For(*MEMBERS)], operation_id="book_draft", status_code=200)
    async def book_draft(
        self, request: ApiRequest, database: Db, shipment_id: FromPath[str], data: JSONBody[BookDraft] = AS_IT_IS
    ) -> Response[Shipment]:
        """Book a draft into a pool window. Booking twice is the same as once."""
        async with database.unit(request.auth) as db:
            found = await edits.book_draft(db, request.auth, ids.parse("shp", shipment_id), data)
        return with_etag(found, found.version)

    @post(
        "/shipments/{shipment_id:str}/cancel",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="cancel_shipment",
        status_code=200,
    )
    async def cancel_shipment(
        self, request: ApiRequest, database: Db, shipment_id: FromPath[str], data: JSONBody[CancelShipment] = NO_REASON
    ) -> Response[Shipment]:
        """Cancel a shipment: free until its window closes. Cancelling twice is the same as once."""
        async with database.unit(request.auth) as db:
            found = await edits.cancel(db, request.auth, ids.parse("shp", shipment_id), data)
        return with_etag(found, found.version)

    @get("/shipments/{shipment_id:str}/events", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_shipment_events")
    async def list_shipment_events(
        self,
        request: ApiRequest,
        database: Db,
        shipment_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[ShipmentEvent]:
        """The timeline of a shipment, in the order in which it was recorded."""
        async with database.unit(request.auth) as db:
            return await events.timeline(db, request.auth, ids.parse("shp", shipment_id), after("sev", cursor), limit)

    @post("/shipments/{shipment_id:str}/events", guards=[For(*ANY_IN_CLUSTER)], operation_id="report_shipment_event")
    async def report_shipment_event(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        shipment_id: FromPath[str],
        data: JSONBody[ReportStatus],
    ) -> Response[Shipment]:
        """Report what happened to a shipment on its way: the coordinator any, a member those it moves itself."""
        of = ids.parse("shp", shipment_id)
        return await created(request, database, idempotency_key, lambda db: events.report(db, request.auth, of, data))

    @post(
        "/pool-windows/{pool_window_id:str}/move-on",
        guards=[For(Role.COORDINATOR)],
        operation_id="move_economy_on",
        status_code=200,
    )
    async def move_economy_on(self, request: ApiRequest, database: Db, pool_window_id: FromPath[str]) -> MovedOn:
        """Move economy shipments that the plan left out to the next window that takes bookings."""
        async with database.unit(request.auth) as db:
            moved = await edits.move_on(db, request.auth, ids.parse("win", pool_window_id))
        return MovedOn(shipments=[ids.show("shp", shipment_id) for shipment_id in moved])
