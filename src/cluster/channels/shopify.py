"""
Shopify: the GraphQL Admin API of version 2026-10, as shopify.dev documents it (read in November 2026).

Relied on: an access token for client id and secret (client credentials grant, 24 hours), or one that an app of the old
kind was given; ``orders`` sorted by ``UPDATED_AT`` and filtered by ``updated_at``; ``fulfillmentCreate`` for the open
fulfillment orders of an order, ``fulfillmentEventCreate`` for a delivery; ``THROTTLED`` with the state of the bucket in
``extensions.cost``, beside 429; webhooks with ``X-Shopify-Hmac-Sha256``, the base64 of HMAC-SHA256 over the raw body
with the client secret, here with three fields of the order alone (``includeFields``): the order itself is asked for.
"""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from cluster.channels import shopify_words as words
from cluster.channels.models import Batch, ChannelOrder, ShopAway, SignatureWrong, Stage, Tidings, Told
from cluster.channels.shop_calls import PATIENCE_S, TRIES, ShopCalls

VERSION = "2026-10"
LOOK_BACK = timedelta(minutes=5)
TOPICS = ("ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_CANCELLED", "ORDERS_DELETE")
FIELDS = ["id", "admin_graphql_api_id", "updated_at"]
PREFIX = "gid://shopify/Order/"


class Named(Struct, frozen=True):
    """All that is read of a webhook."""

    id: int


class Token(Struct, frozen=True):
    """What client id and secret are exchanged for."""

    access_token: str


class Trouble(Struct, frozen=True):
    """An error of GraphQL."""

    message: str = ""
    extensions: dict[str, Any] = {}


class Reply(Struct, frozen=True):
    """An answer of GraphQL."""

    data: dict[str, Any] | None = None
    errors: list[Trouble] | str = []
    extensions: dict[str, Any] = {}


class Shopify:
    """One shop; see ``Connector``. An access token is asked for once and kept for as long as this lives."""

    def __init__(self, calls: ShopCalls, base_url: str, key: str, secret: str, access_token: str | None) -> None:
        self._calls = calls
        self._base = base_url.rstrip("/")
        self._key, self._secret, self._token = key, secret, access_token

    def verify(self, headers: Mapping[str, str], body: bytes) -> list[Told]:
        """As the protocol has it."""
        right = base64.b64encode(hmac.digest(self._secret.encode(), body, hashlib.sha256))
        if not hmac.compare_digest(right, headers.get("x-shopify-hmac-sha256", "").encode()):
            raise SignatureWrong
        if not headers.get("x-shopify-topic", "").startswith("orders/"):
            return []
        try:
            return [Told(external_id=str(msgspec.json.decode(body, type=Named).id), order=None)]
        except (ValueError, RecursionError):
            return []

    async def orders_since(self, cursor: str | None) -> AsyncIterator[Batch]:
        """As the protocol has it, oldest change first: the cursor moves with each page."""
        after: str | None = None
        wanted = words.OPEN if cursor is None else f"updated_at:>='{cursor}'"
        latest: datetime | None = None
        while True:
            data = await self._ask(words.ORDERS, {"query": wanted, "after": after})
            page = words.read(data.get("orders"), words.OrderPage)
            told = [entry for node in page.nodes for entry in words.told_of(node)]
            times = [entry.order.version for entry in told if entry.order is not None]
            latest = max([*times, *([latest] if latest else [])], default=None)
            last = not page.page_info.has_next_page
            # The list of open orders says nothing of what changes meanwhile: its cursor waits for the end.
            yield Batch(told=told, cursor=_cursor(latest, cursor) if last or cursor is not None else None)
            if last:
                return
            after = page.page_info.end_cursor

    async def order(self, external_id: str) -> ChannelOrder | None:
        """As the protocol has it."""
        data = await self._ask(words.ORDER, {"id": PREFIX + external_id})
        if data.get("order") is None:
            return None
        try:
            return words.order_of(words.read(data["order"], words.Order))
        except ValueError:
            raise ShopAway("not_readable", "an order that is none") from None

    async def tell(self, external_id: str, tidings: Tidings) -> None:
        """
        Planned: a tag. Dispatched: a fulfillment with tracking. Delivered: an event of it.

        A fulfillment that has our number is not made again, nor is an event that is there.
        """
        data = await self._ask(words.FULFILLMENTS, {"id": PREFIX + external_id})
        if data.get("order") is None:
            return
        found = words.read(data["order"], words.Fulfilled)
        if tidings.stage is Stage.PLANNED:
            await self._change(words.TAG, "tagsAdd", {"id": PREFIX + external_id, "tags": ["delivery planned"]})
            return
        ours = [entry for entry in found.fulfillments if entry.is_tracked_as(tidings.shipment)]
        made = ours[0].id if ours else await self._fulfil(found, tidings)
        if tidings.stage is Stage.DELIVERED and made is not None:
            events = ours[0].events.nodes if ours else []
            if not any(event.status == "DELIVERED" for event in events):
                event = {"fulfillmentId": made, "status": "DELIVERED"}
                await self._change(words.EVENT, "fulfillmentEventCreate", {"event": event})

    async def _fulfil(self, found: words.Fulfilled, tidings: Tidings) -> str | None:
        """A fulfillment of all that is open; None where nothing is, because somebody else sent it."""
        open_ones = [entry.id for entry in found.fulfillment_orders.nodes if entry.status in {"OPEN", "IN_PROGRESS"}]
        if not open_ones:
            return None
        tracking = {"number": tidings.shipment, "company": tidings.carrier_name}
        if tidings.tracking_url is not None:
            tracking["url"] = tidings.tracking_url
        wanted = {
            "lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": entry} for entry in open_ones],
            "trackingInfo": tracking,
            "notifyCustomer": True,
        }
        data = await self._change(words.FULFIL, "fulfillmentCreate", {"fulfillment": wanted})
        made = data.get("fulfillment")
        return str(made["id"]) if isinstance(made, dict) and "id" in made else None

    async def greet(self) -> None:
        """As the protocol has it."""
        await self._ask(words.GREETING, {})

    async def set_up_hooks(self, url: str) -> None:
        """As the protocol has it."""
        data = await self._ask(words.HOOKS, {})
        hooks = words.read(data.get("webhookSubscriptions"), words.Hooks).nodes
        there = {hook.topic for hook in hooks if hook.uri == url}
        for topic in TOPICS:
            if topic not in there:
                hook = {"uri": url, "format": "JSON", "includeFields": FIELDS}
                await self._change(words.HOOK, "webhookSubscriptionCreate", {"topic": topic, "hook": hook})

    async def _change(self, text: str, name: str, variables: dict[str, Any]) -> dict[str, Any]:
        """A mutation; what the shop has against it is a refusal."""
        data = (await self._ask(text, variables)).get(name)
        if not isinstance(data, dict) or data.get("userErrors"):
            faults = (data or {}).get("userErrors") or [{}]
            raise ShopAway("refused", str(faults[0].get("message", ""))[:200])
        return data

    async def _ask(self, text: str, variables: dict[str, Any]) -> dict[str, Any]:
        """One question; again after a pause when the bucket is empty."""
        body = msgspec.json.encode({"query": text, "variables": variables})
        for _ in range(TRIES):
            headers = {"content-type": "application/json", "x-shopify-access-token": await self._access()}
            url = f"{self._base}/admin/api/{VERSION}/graphql.json"
            reply: Reply = (await self._calls.ask("POST", url, headers, body=body)).read(Reply)
            pause_s = _pause_s(reply)
            if pause_s is None:
                break
            if pause_s > PATIENCE_S:
                raise ShopAway("rate_limited", "the shop asks for a pause", pause_s)
            await asyncio.sleep(pause_s)
        else:
            raise ShopAway("rate_limited", "the shop asks for a pause", 60)
        if reply.errors or reply.data is None:
            raise _trouble(reply)
        return reply.data

    async def _access(self) -> str:
        if self._token is None:
            form = {"grant_type": "client_credentials", "client_id": self._key, "client_secret": self._secret}
            headers = {"content-type": "application/x-www-form-urlencoded"}
            url = f"{self._base}/admin/oauth/access_token"
            try:
                answer = await self._calls.ask("POST", url, headers, body=urlencode(form).encode())
            except ShopAway as away:
                why = "credentials_refused" if away.code == "shop_failed" else away.code
                raise ShopAway(why, away.detail, away.retry_after_s) from None
            token: Token = answer.read(Token)
            self._token = token.access_token
        return self._token


def _pause_s(reply: Reply) -> float | None:
    """How long until the bucket holds what the question costs; None when it was answered."""
    if not isinstance(reply.errors, list) or not any(
        trouble.extensions.get("code") == "THROTTLED" for trouble in reply.errors
    ):
        return None
    cost = reply.extensions.get("cost") or {}
    state = cost.get("throttleStatus") or {}
    try:
        missing = float(cost["requestedQueryCost"]) - float(state["currentlyAvailable"])
        return max(0.1, missing / float(state["restoreRate"]))
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return 2.0


def _trouble(reply: Reply) -> ShopAway:
    if isinstance(reply.errors, str) or not reply.errors:
        return ShopAway("shop_failed", str(reply.errors)[:200])
    first = reply.errors[0]
    why = "credentials_refused" if first.extensions.get("code") == "ACCESS_DENIED" else "shop_failed"
    return ShopAway(why, first.message[:200])


def _cursor(latest: datetime | None, before: str | None) -> str | None:
    if latest is None:
        return before
    text = (latest.astimezone(UTC) - LOOK_BACK).strftime("%Y-%m-%dT%H:%M:%SZ")
    return text if before is None else max(text, before)
