"""HTTP of channels, and the door that shops knock at."""

from typing import Annotated

from litestar import Controller, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import MEMBERS, NO_SECURITY, OPEN_DOOR, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db, IdempotencyKey, created
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.channels import service
from cluster.channels.models import (
    AddChannel,
    ChangeChannel,
    Channel,
    ChannelOrderState,
    ChannelTested,
    HookTaken,
    MendOrder,
    ShopOrder,
    SyncAsked,
)
from cluster.channels.service import Desk

HOOK_MAX_BYTES = 1_000_000
State = Annotated[ChannelOrderState | None, QueryParameter(name="state", description="Only orders in this state.")]


class ChannelsController(Controller):
    """Shops that orders come from."""

    path = "/v1/channels"
    tags = ("Channels",)

    @post("/", guards=[For(Role.MEMBER_ADMIN)], operation_id="add_channel")
    async def add_channel(
        self, request: ApiRequest, database: Db, idempotency_key: IdempotencyKey, data: JSONBody[AddChannel]
    ) -> Response[Channel]:
        """Connect a shop. Its credentials are kept encrypted, and no operation shows them again."""
        answer = await created(
            request,
            database,
            idempotency_key,
            lambda db: service.add(db, request.auth, _desk(request), data),
            "/v1/channels/{id}",
        )
        await request.app.state.nudge()
        return answer

    @get("/", guards=[For(*MEMBERS)], operation_id="list_channels")
    async def list_channels(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Channel]:
        """My shops."""
        async with database.unit(request.auth) as db:
            return await service.list_channels(db, request.auth, _desk(request), after("chn", cursor), limit)

    @get("/{channel_id:str}", guards=[For(*MEMBERS)], operation_id="get_channel")
    async def get_channel(self, request: ApiRequest, database: Db, channel_id: FromPath[str]) -> Response[Channel]:
        """One shop, and how the last look at it went."""
        async with database.unit(request.auth) as db:
            found = await service.channel(db, request.auth, _desk(request), ids.parse("chn", channel_id))
        return with_etag(found, found.version)

    @patch("/{channel_id:str}", guards=[For(Role.MEMBER_ADMIN)], operation_id="change_channel")
    async def change_channel(
        self,
        request: ApiRequest,
        database: Db,
        channel_id: FromPath[str],
        data: JSONBody[ChangeChannel],
        if_match: IfMatch = None,
    ) -> Response[Channel]:
        """Change a shop's address, credentials or settings, or switch it off; another address needs credentials."""
        async with database.unit(request.auth) as db:
            channel = ids.parse("chn", channel_id)
            changed = await service.change(db, request.auth, _desk(request), channel, data, if_match)
        await request.app.state.nudge()
        return with_etag(changed, changed.version)

    @delete("/{channel_id:str}", guards=[For(Role.MEMBER_ADMIN)], operation_id="delete_channel")
    async def delete_channel(self, request: ApiRequest, database: Db, channel_id: FromPath[str]) -> None:
        """Disconnect a shop: its credentials and the list of its orders go, what was booked stays."""
        async with database.unit(request.auth) as db:
            await service.delete(db, request.auth, ids.parse("chn", channel_id))

    @post("/{channel_id:str}/test", guards=[For(Role.MEMBER_ADMIN)], operation_id="test_channel", status_code=200)
    async def test_channel(self, request: ApiRequest, database: Db, channel_id: FromPath[str]) -> ChannelTested:
        """Ask the shop whether it lets the platform in."""
        return await service.test(database, request.auth, _desk(request), ids.parse("chn", channel_id))

    @post("/{channel_id:str}/sync", guards=[For(*MEMBERS)], operation_id="sync_channel", status_code=202)
    async def sync_channel(self, request: ApiRequest, database: Db, channel_id: FromPath[str]) -> SyncAsked:
        """Look at the shop's orders now, instead of within five minutes."""
        async with database.unit(request.auth) as db:
            asked = await service.sync(db, request.auth, ids.parse("chn", channel_id))
        await request.app.state.nudge()
        return asked

    @get("/{channel_id:str}/orders", guards=[For(*MEMBERS)], operation_id="list_channel_orders")
    async def list_channel_orders(
        self,
        request: ApiRequest,
        database: Db,
        channel_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        order_state: State = None,
    ) -> Page[ShopOrder]:
        """What came from a shop, what became of it, and why some of it could not be booked."""
        async with database.unit(request.auth) as db:
            channel = ids.parse("chn", channel_id)
            return await service.list_orders(db, request.auth, channel, after("cho", cursor), limit, order_state)

    @post(
        "/{channel_id:str}/orders/{order_id:str}/retry",
        guards=[For(*MEMBERS)],
        operation_id="retry_channel_order",
        status_code=202,
    )
    async def retry_channel_order(
        self,
        request: ApiRequest,
        database: Db,
        channel_id: FromPath[str],
        order_id: FromPath[str],
        data: JSONBody[MendOrder],
    ) -> ShopOrder:
        """Try an order again, with something put in place of what the shop says if you give it."""
        async with database.unit(request.auth) as db:
            channel, order = ids.parse("chn", channel_id), ids.parse("cho", order_id)
            found = await service.retry(db, request.auth, channel, order, data)
        await request.app.state.nudge()
        return found


class ChannelHooksController(Controller):
    """Where shops send their webhooks."""

    path = service.HOOK_PATH
    tags = ("Channels",)
    opt = {OPEN_DOOR: True}  # noqa: RUF012  (the framework's own kind of attribute)
    security = NO_SECURITY

    @post(
        "/{channel_id:str}/{token:str}",
        operation_id="knock_at_channel",
        status_code=200,
        request_max_body_size=HOOK_MAX_BYTES,
    )
    async def knock_at_channel(
        self, request: ApiRequest, database: Db, channel_id: FromPath[str], token: FromPath[str]
    ) -> HookTaken:
        """For shops alone: a webhook with the shop's signature. What it tells is stored, the work is done later."""
        channel = ids.parse("chn", channel_id)
        await request.app.state.limiter.take(f"hook:{channel}")
        headers = {name.lower(): value for name, value in request.headers.items()}
        await service.knock(database, _desk(request), channel, token, headers, await request.body())
        await request.app.state.nudge()
        return HookTaken(taken=True)


def _desk(request: ApiRequest) -> Desk:
    state = request.app.state
    return Desk(vault=state.vault, calls=state.shop_calls, public_url=state.settings.public_url)
