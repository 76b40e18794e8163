"""HTTP of gateways, of orders at carriers' systems, and the door at which those knock."""

from typing import Annotated

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, NO_SECURITY, OPEN_DOOR, For
from cluster.base.db import Role
from cluster.base.errors import Malformed
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.gateways import ordering, service
from cluster.gateways.exchange import Exchange
from cluster.gateways.models import (
    AddGateway,
    AskRates,
    ChangeGateway,
    Gateway,
    GatewayFile,
    GatewayLabel,
    GatewayOrder,
    GatewayRates,
    GatewayTested,
    HintTaken,
    OrderState,
    PlaceOrder,
    SettleOrder,
)
from cluster.gateways.queries import Held
from cluster.gateways.service import Desk

HOOK_MAX_BYTES = 1_000_000
ADMINS = (Role.MEMBER_ADMIN, Role.COORDINATOR)
InState = Annotated[OrderState | None, QueryParameter(name="state", description="Only orders in this state.")]
OfGateway = Annotated[str | None, QueryParameter(max_length=40, description="Only orders of this gateway.")]
OfShipment = Annotated[str | None, QueryParameter(max_length=40, description="Only orders of this shipment.")]


def desk_of(request: ApiRequest) -> Desk:
    """What use cases of gateways are done with."""
    state = request.app.state
    return Desk(
        vault=state.vault,
        calls=state.shop_calls,
        public_url=state.settings.public_url,
        folder=state.settings.data_dir / "gateways",
    )


class GatewaysController(Controller):
    """Carriers' own systems that are connected."""

    path = "/v1/gateways"
    tags = ("Gateways",)

    @post("/", guards=[For(*ADMINS)], operation_id="add_gateway")
    async def add_gateway(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddGateway]
    ) -> Response[Gateway]:
        """Connect a carrier's system. Its credentials are kept encrypted, and no operation shows them again."""
        return await created(
            request,
            database,
            idempotency_key,
            lambda db: service.add(db, request.auth, desk_of(request), data),
            "/v1/gateways/{id}",
        )

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_gateways")
    async def list_gateways(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Gateway]:
        """My gateways; the cluster's, for the coordinator."""
        async with database.unit(request.auth) as db:
            return await service.list_gateways(db, request.auth, desk_of(request), after("gtw", cursor), limit)

    @get("/{gateway_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_gateway")
    async def get_gateway(self, request: ApiRequest, database: Db, gateway_id: FromPath[str]) -> Response[Gateway]:
        """One gateway."""
        async with database.unit(request.auth) as db:
            found = await service.gateway(db, request.auth, desk_of(request), ids.parse("gtw", gateway_id))
        return with_etag(found, found.version)

    @patch("/{gateway_id:str}", guards=[For(*ADMINS)], operation_id="change_gateway")
    async def change_gateway(
        self,
        request: ApiRequest,
        database: Db,
        gateway_id: FromPath[str],
        data: JSONBody[ChangeGateway],
        if_match: IfMatch = None,
    ) -> Response[Gateway]:
        """Change a gateway's credentials or settings, or switch it off."""
        async with database.unit(request.auth) as db:
            gateway = ids.parse("gtw", gateway_id)
            changed = await service.change(db, request.auth, desk_of(request), gateway, data, if_match)
        return with_etag(changed, changed.version)

    @delete("/{gateway_id:str}", guards=[For(*ADMINS)], operation_id="remove_gateway")
    async def remove_gateway(self, request: ApiRequest, database: Db, gateway_id: FromPath[str]) -> None:
        """Disconnect a carrier's system: its credentials go, the list of its orders stays."""
        async with database.unit(request.auth) as db:
            await service.remove(db, request.auth, ids.parse("gtw", gateway_id))

    @post("/{gateway_id:str}/test", guards=[For(*ADMINS)], operation_id="test_gateway", status_code=200)
    async def test_gateway(self, request: ApiRequest, database: Db, gateway_id: FromPath[str]) -> GatewayTested:
        """Ask the carrier's system whether it lets the platform in."""
        desk = desk_of(request)

        async def look(held: Held) -> None:
            await Exchange(database, desk, held).look()

        return await service.test(database, request.auth, desk, ids.parse("gtw", gateway_id), look)

    @get("/{gateway_id:str}/files", guards=[For(Role.COORDINATOR)], operation_id="list_gateway_files")
    async def list_gateway_files(
        self,
        request: ApiRequest,
        database: Db,
        gateway_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
    ) -> Page[GatewayFile]:
        """Files that went to a carrier and came from it, oldest first, and how many of their lines were refused."""
        async with database.unit(request.auth) as db:
            gateway = ids.parse("gtw", gateway_id)
            return await service.list_files(db, request.auth, gateway, after("gfl", cursor), limit)

    @post("/{gateway_id:str}/rates", guards=[For(*ANY_IN_CLUSTER)], operation_id="ask_gateway_rates", status_code=200)
    async def ask_gateway_rates(
        self, request: ApiRequest, database: Db, gateway_id: FromPath[str], data: JSONBody[AskRates]
    ) -> GatewayRates:
        """What the carrier would take for a shipment, the lowest price first."""
        gateway = ids.parse("gtw", gateway_id)
        return await ordering.rates(database, request.auth, desk_of(request), gateway, data)

    @post("/{gateway_id:str}/orders", guards=[For(*ANY_IN_CLUSTER)], operation_id="place_gateway_order")
    async def place_gateway_order(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        gateway_id: FromPath[str],
        data: JSONBody[PlaceOrder],
    ) -> Response[GatewayOrder]:
        """Give a shipment that the pool does not move to the carrier. A worker places the order, once."""
        gateway = ids.parse("gtw", gateway_id)
        answer = await created(
            request,
            database,
            idempotency_key,
            lambda db: ordering.place(db, request.auth, desk_of(request), gateway, data),
            "/v1/gateway-orders/{id}",
        )
        await request.app.state.nudge()
        return answer


class GatewayOrdersController(Controller):
    """Orders at carriers' systems."""

    path = "/v1/gateway-orders"
    tags = ("Gateways",)

    @get("/", guards=[For(*ANY_IN_CLUSTER)], operation_id="list_gateway_orders")
    async def list_gateway_orders(
        self,
        request: ApiRequest,
        database: Db,
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        gateway_id: OfGateway = None,
        shipment_id: OfShipment = None,
        in_state: InState = None,
    ) -> Page[GatewayOrder]:
        """My orders at carriers' systems, oldest first."""
        async with database.unit(request.auth) as db:
            return await ordering.list_orders(
                db,
                request.auth,
                after("gor", cursor),
                limit,
                gateway_id=None if gateway_id is None else ids.parse("gtw", gateway_id),
                shipment_id=None if shipment_id is None else ids.parse("shp", shipment_id),
                state=in_state,
            )

    @get("/{gateway_order_id:str}", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_gateway_order")
    async def get_gateway_order(
        self, request: ApiRequest, database: Db, gateway_order_id: FromPath[str]
    ) -> GatewayOrder:
        """One order, and the last word of the carrier's system."""
        async with database.unit(request.auth) as db:
            return await ordering.order(db, request.auth, ids.parse("gor", gateway_order_id))

    @post(
        "/{gateway_order_id:str}/cancel",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="cancel_gateway_order",
        status_code=202,
    )
    async def cancel_gateway_order(
        self, request: ApiRequest, database: Db, gateway_order_id: FromPath[str]
    ) -> GatewayOrder:
        """Have an order cancelled. If it is too late for the carrier, it stays placed and says so."""
        async with database.unit(request.auth) as db:
            found = await ordering.cancel(db, request.auth, ids.parse("gor", gateway_order_id))
        await request.app.state.nudge()
        return found

    @post(
        "/{gateway_order_id:str}/settle",
        guards=[For(*ANY_IN_CLUSTER)],
        operation_id="settle_gateway_order",
        status_code=200,
    )
    async def settle_gateway_order(
        self, request: ApiRequest, database: Db, gateway_order_id: FromPath[str], data: JSONBody[SettleOrder]
    ) -> GatewayOrder:
        """Say whether the carrier has an order whose answer was lost, and under which number."""
        async with database.unit(request.auth) as db:
            return await ordering.settle(db, request.auth, ids.parse("gor", gateway_order_id), data)

    @get("/{gateway_order_id:str}/label", guards=[For(*ANY_IN_CLUSTER)], operation_id="get_gateway_label")
    async def get_gateway_label(
        self, request: ApiRequest, database: Db, gateway_order_id: FromPath[str]
    ) -> GatewayLabel:
        """The carrier's own label: a PDF or ZPL in base64, or a link to be opened soon."""
        return await ordering.label(database, request.auth, desk_of(request), ids.parse("gor", gateway_order_id))


class GatewayHooksController(Controller):
    """Where carriers' systems send their webhooks."""

    path = service.HOOK_PATH
    tags = ("Gateways",)
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)
    security = NO_SECURITY

    @post(
        "/{gateway_id:str}/{token:str}",
        operation_id="knock_at_gateway",
        status_code=200,
        request_max_body_size=HOOK_MAX_BYTES,
    )
    async def knock_at_gateway(
        self, request: ApiRequest, database: Db, gateway_id: FromPath[str], token: FromPath[str]
    ) -> HintTaken:
        """For carriers' systems alone: a hint that something changed. What it says is not believed but asked after."""
        gateway = ids.parse("gtw", gateway_id)
        await request.app.state.limiter.take(f"hook:{gateway}")
        raw = await request.body()
        try:
            body = msgspec.json.decode(raw, type=dict[str, object]) if raw else {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Malformed("The body is not a JSON object.") from None
        await ordering.knock(database, desk_of(request), gateway, token, body)
        await request.app.state.nudge()
        return HintTaken(taken=True)
