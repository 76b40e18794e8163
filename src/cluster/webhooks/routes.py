"""HTTP of webhooks and events."""

from typing import Annotated

from litestar import Controller, Request, delete, get, patch, post
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response

from cluster.base import ids
from cluster.base.auth import ANY_IN_CLUSTER, NOTED, For
from cluster.base.db import Role
from cluster.base.etags import IfMatch, with_etag
from cluster.base.http import ApiRequest, Db
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.base.secrets import Vault
from cluster.webhooks import service
from cluster.webhooks.models import (
    AddWebhook,
    ChangeWebhook,
    Delivery,
    DeliveryStatus,
    EventBody,
    EventTypes,
    Pinged,
    Replay,
    Replayed,
    RotateSecret,
    Webhook,
    WebhookWithSecret,
)

MANAGERS = (Role.COORDINATOR, Role.MEMBER_ADMIN, Role.CARRIER_KEY)
LISTENERS = (*ANY_IN_CLUSTER, Role.CARRIER_KEY)
OWN = {NOTED: False}
"""A coordinator looks at endpoints of its own alone."""
Status = Annotated[DeliveryStatus | None, QueryParameter(description="Only deliveries with this status.")]
After = Annotated[
    str | None,
    QueryParameter(max_length=64, description="The id of the last event that you have; the oldest kept first."),
]


class WebhooksController(Controller):
    """Events out: sent to endpoints, or fetched."""

    path = "/v1"
    tags = ("Webhooks",)

    @post("/webhooks", guards=[For(*MANAGERS)], operation_id="add_webhook")
    async def add_webhook(
        self, request: ApiRequest, database: Db, data: JSONBody[AddWebhook]
    ) -> Response[WebhookWithSecret]:
        """Add an endpoint. The secret is shown once and not by any other operation; repeated, another one is added."""
        async with database.unit(request.auth) as db:
            made = await service.add(db, request.auth, _vault(request), data, allow_private=_allow_private(request))
        return with_etag(made, made.webhook.version)

    @get("/webhooks", guards=[For(*MANAGERS)], operation_id="list_webhooks", opt=OWN)
    async def list_webhooks(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Webhook]:
        """My endpoints, without their secrets."""
        async with database.unit(request.auth) as db:
            return await service.list_webhooks(db, request.auth, after("whk", cursor), limit)

    @get("/webhooks/{webhook_id:str}", guards=[For(*MANAGERS)], operation_id="get_webhook", opt=OWN)
    async def get_webhook(self, request: ApiRequest, database: Db, webhook_id: FromPath[str]) -> Response[Webhook]:
        """One endpoint, and how it has answered lately."""
        async with database.unit(request.auth) as db:
            found = await service.webhook(db, request.auth, ids.parse("whk", webhook_id))
        return with_etag(found, found.version)

    @patch("/webhooks/{webhook_id:str}", guards=[For(*MANAGERS)], operation_id="change_webhook")
    async def change_webhook(
        self,
        request: ApiRequest,
        database: Db,
        webhook_id: FromPath[str],
        data: JSONBody[ChangeWebhook],
        if_match: IfMatch = None,
    ) -> Response[Webhook]:
        """Change an endpoint; `"disabled": false` enables it again and forgets its failures."""
        async with database.unit(request.auth) as db:
            changed = await service.change(
                db,
                request.auth,
                ids.parse("whk", webhook_id),
                data,
                if_match,
                allow_private=_allow_private(request),
            )
        return with_etag(changed, changed.version)

    @delete("/webhooks/{webhook_id:str}", guards=[For(*MANAGERS)], operation_id="delete_webhook")
    async def delete_webhook(self, request: ApiRequest, database: Db, webhook_id: FromPath[str]) -> None:
        """Delete an endpoint with its deliveries; nothing more is sent."""
        async with database.unit(request.auth) as db:
            await service.delete(db, request.auth, ids.parse("whk", webhook_id))

    @post("/webhooks/{webhook_id:str}/rotate-secret", guards=[For(*MANAGERS)], operation_id="rotate_webhook_secret")
    async def rotate_webhook_secret(
        self, request: ApiRequest, database: Db, webhook_id: FromPath[str], data: JSONBody[RotateSecret]
    ) -> Response[WebhookWithSecret]:
        """Replace an endpoint's secret; for a while messages carry signatures of both."""
        async with database.unit(request.auth) as db:
            made = await service.rotate(db, request.auth, _vault(request), ids.parse("whk", webhook_id), data)
        return with_etag(made, made.webhook.version)

    @post("/webhooks/{webhook_id:str}/ping", guards=[For(*MANAGERS)], operation_id="ping_webhook", status_code=202)
    async def ping_webhook(self, request: ApiRequest, database: Db, webhook_id: FromPath[str]) -> Pinged:
        """Send an event that means nothing, to try an endpoint. Each request sends another."""
        async with database.unit(request.auth) as db:
            pinged = await service.ping(db, request.auth, ids.parse("whk", webhook_id))
        await request.app.state.nudge()
        return pinged

    @post("/webhooks/{webhook_id:str}/replay", guards=[For(*MANAGERS)], operation_id="replay_webhook", status_code=202)
    async def replay_webhook(
        self, request: ApiRequest, database: Db, webhook_id: FromPath[str], data: JSONBody[Replay]
    ) -> Replayed:
        """Send events again, also those from before the endpoint was there; at most 10,000, the oldest first."""
        async with database.unit(request.auth) as db:
            replayed = await service.replay(db, request.auth, ids.parse("whk", webhook_id), data)
        await request.app.state.nudge()
        return replayed

    @get(
        "/webhooks/{webhook_id:str}/deliveries",
        guards=[For(*MANAGERS)],
        operation_id="list_webhook_deliveries",
        opt=OWN,
    )
    async def list_webhook_deliveries(
        self,
        request: ApiRequest,
        database: Db,
        webhook_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        status: Status = None,
    ) -> Page[Delivery]:
        """What was and will be sent to an endpoint in the last 30 days, oldest event first."""
        async with database.unit(request.auth) as db:
            return await service.list_deliveries(
                db, request.auth, ids.parse("whk", webhook_id), after("evt", cursor), limit, status
            )

    @get("/event-types", guards=[For(*LISTENERS)], operation_id="list_event_types", opt=OWN)
    async def list_event_types(self, request: ApiRequest) -> EventTypes:
        """The types of events that I may hear of, each with an example."""
        return service.list_event_types(request.auth)

    @get("/events", guards=[For(*LISTENERS)], operation_id="list_events")
    async def list_events(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, after: After = None
    ) -> Page[EventBody]:
        """My events of the last 30 days in order, without webhooks. `next_cursor` goes into `after`."""
        async with database.unit(request.auth) as db:
            return await service.list_events(db, request.auth, after, limit)


def _vault(request: Request) -> Vault:  # type: ignore[type-arg]
    vault: Vault = request.app.state.vault
    return vault


def _allow_private(request: Request) -> bool:  # type: ignore[type-arg]
    return bool(request.app.state.settings.webhooks_allow_private)
