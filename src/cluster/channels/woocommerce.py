"""
WooCommerce: REST API v3 with a consumer key, as developer.woocommerce.com documents it (read in November 2026).

Relied on: ``GET /wp-json/wc/v3/orders`` with ``modified_after``, ``dates_are_gmt``, ``orderby=id``, ``offset`` and
``per_page``; times such as ``date_modified_gmt`` without a zone; ``PUT orders/{id}`` with ``meta_data`` and ``status``;
notes of orders; webhooks with ``X-WC-Webhook-Signature``, the base64 of HMAC-SHA256 over the raw body, and a greeting
without signature when one is set up (``webhook_id=7``). WooCommerce does not always send its webhooks, and stops after
five failures: polling finds what they did not tell.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from cluster.channels.models import (
    Batch,
    ChannelLine,
    ChannelOrder,
    Completion,
    SignatureWrong,
    Stage,
    Tidings,
    Told,
    minor,
)
from cluster.channels.shop_calls import ShopCalls

PER_PAGE = 100
OVERLAP = 5
"""Orders read again on the next page, so that some that leave the list meanwhile push none past us."""
LOOK_BACK = timedelta(minutes=10)
OPEN_STATUSES = "processing,on-hold,pending"
PAID = {"processing", "completed"}
GONE = {"cancelled", "refunded", "trash"}
GREETING = re.compile(rb"webhook_id=[0-9]{1,20}")
TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
META = "_cluster_shipment"
WORDS = {
    Stage.PLANNED: "Delivery is planned ({shipment}).",
    Stage.DISPATCHED: "On its way with {carrier}: {shipment}{url}.",
    Stage.DELIVERED: "Delivered ({shipment}).",
}


class Place(Struct, frozen=True):
    """An address of an order."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    phone: str = ""
    email: str | None = None


class Line(Struct, frozen=True):
    """One article of an order."""

    name: str | None = None
    sku: str | None = None
    quantity: float = 0
    product_id: int = 0
    variation_id: int = 0

    @property
    def known_as(self) -> str:
        """Its SKU, or else the shop's own number of it."""
        return self.sku or f"#{self.variation_id or self.product_id}"


class Meta(Struct, frozen=True):
    """A plugin's note at an order."""

    key: str
    value: Any = None


class Order(Struct, frozen=True):
    """An order, as far as it is read."""

    id: int
    status: str
    currency: str
    date_modified_gmt: str
    total: str = "0"
    number: str | None = None
    date_paid_gmt: str | None = None
    payment_method: str = ""
    customer_note: str = ""
    billing: Place = Place()
    shipping: Place = Place()
    line_items: list[Line] = []
    meta_data: list[Meta] = []


class Deleted(Struct, frozen=True):
    """All that a webhook tells of a deleted order, and all that is read of one that cannot be understood."""

    id: int


class Note(Struct, frozen=True):
    """A note at an order."""

    note: str = ""


class Hook(Struct, frozen=True):
    """A webhook of the shop."""

    id: int
    topic: str
    delivery_url: str
    status: str = "active"


class WooCommerce:
    """One shop; see ``Connector``."""

    def __init__(self, calls: ShopCalls, base_url: str, key: str, secret: str, hook_secret: str) -> None:
        self._calls = calls
        self._base = base_url.rstrip("/") + "/wp-json/wc/v3"
        pair = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self._headers = {"authorization": f"Basic {pair}"}
        self._hook_secret = hook_secret.encode()

    def verify(self, headers: Mapping[str, str], body: bytes) -> list[Told]:
        """As the protocol has it."""
        given = headers.get("x-wc-webhook-signature")
        if given is None and GREETING.fullmatch(body):
            return []
        right = base64.b64encode(hmac.digest(self._hook_secret, body, hashlib.sha256))
        if not hmac.compare_digest(right, (given or "").encode()):
            raise SignatureWrong
        resource = headers.get("x-wc-webhook-topic", "").partition(".")[0]
        return told_in(body) if resource == "order" else []

    async def orders_since(self, cursor: str | None) -> AsyncIterator[Batch]:
        """As the protocol has it. The cursor moves when all is read: the shop's pages have no order of changes."""
        query = {"orderby": "id", "order": "asc", "per_page": str(PER_PAGE)}
        if cursor is None:
            query["status"] = OPEN_STATUSES
        else:
            query |= {"modified_after": cursor, "dates_are_gmt": "true"}
        offset, latest = 0, None if cursor is None else _gmt(cursor)
        while True:
            raws = await self._get("orders", list[msgspec.Raw], query | {"offset": str(offset)})
            told = [entry for raw in raws for entry in told_in(bytes(raw))]
            times = [entry.order.version for entry in told if entry.order is not None]
            latest = max([*times, *([latest] if latest is not None else [])], default=None)
            last = len(raws) < PER_PAGE
            yield Batch(told=told, cursor=_cursor(latest, cursor) if last else None)
            if last:
                return
            offset += PER_PAGE - OVERLAP

    async def order(self, external_id: str) -> ChannelOrder | None:
        """As the protocol has it."""
        raw = await self._raw_order(external_id)
        return None if raw is None else order_of(raw)

    async def tell(self, external_id: str, tidings: Tidings) -> None:
        """A note for the customer, and what was told as ``meta_data``, by which twice is found out."""
        raw = await self._raw_order(external_id)
        if raw is None:
            return
        before = next((str(entry.value) for entry in raw.meta_data if entry.key == META), "")
        now = f"{tidings.shipment} {tidings.stage.name.lower()}"
        if before == now:
            return
        url = f" {tidings.tracking_url}" if tidings.tracking_url else ""
        words = WORDS[tidings.stage].format(shipment=tidings.shipment, carrier=tidings.carrier_name, url=url)
        notes = await self._get(f"orders/{external_id}/notes", list[Note], {})
        if not any(words in entry.note for entry in notes):
            note = {"note": words, "customer_note": tidings.stage is not Stage.PLANNED}
            await self._send("POST", f"orders/{external_id}/notes", note)
        change: dict[str, Any] = {"meta_data": [{"key": META, "value": now}]}
        if _completes(tidings) and raw.status in {"processing", "on-hold", "pending"}:
            change["status"] = "completed"
        await self._send("PUT", f"orders/{external_id}", change)

    async def greet(self) -> None:
        """As the protocol has it."""
        await self._get("orders", list[msgspec.Raw], {"per_page": "1"})

    async def set_up_hooks(self, url: str) -> None:
        """As the protocol has it; those that the shop has disabled are enabled again."""
        there: dict[str, Hook] = {}
        for page in range(1, 11):
            hooks = await self._get("webhooks", list[Hook], {"per_page": "100", "page": str(page)})
            there |= {hook.topic: hook for hook in hooks if hook.delivery_url == url}
            if len(hooks) < 100:
                break
        for topic in TOPICS:
            hook = there.get(topic)
            body = {"name": "Cluster logistics", "topic": topic, "delivery_url": url, "status": "active"}
            body["secret"] = self._hook_secret.decode()
            if hook is None:
                await self._send("POST", "webhooks", body)
            elif hook.status != "active":
                await self._send("PUT", f"webhooks/{hook.id}", body)

    async def _raw_order(self, external_id: str) -> Order | None:
        url = f"{self._base}/orders/{external_id}"
        answer = await self._calls.ask("GET", url, self._headers, expected=(200, 404))
        # A shop without this API answers 404 too, with another word.
        if answer.status == 404 and "invalid_id" in str(answer.read(dict[str, Any]).get("code")):
            return None
        found: Order = answer.read(Order)
        return found

    async def _get(self, path: str, kind: Any, query: Mapping[str, str]) -> Any:
        return (await self._calls.ask("GET", f"{self._base}/{path}", self._headers, query=query)).read(kind)

    async def _send(self, method: str, path: str, body: object) -> None:
        headers = self._headers | {"content-type": "application/json"}
        await self._calls.ask(method, f"{self._base}/{path}", headers, body=msgspec.json.encode(body))


def told_in(raw: bytes) -> list[Told]:
    """An order as a webhook or a list has it; only its number where it cannot be understood."""
    try:
        order = order_of(msgspec.json.decode(raw, type=Order))
        return [Told(external_id=order.external_id, order=order)]
    except (ValueError, RecursionError):
        pass
    try:
        return [Told(external_id=str(msgspec.json.decode(raw, type=Deleted).id), order=None)]
    except (ValueError, RecursionError):
        return []


def order_of(raw: Order) -> ChannelOrder:
    """
    An order without what a booking does not need.

    Raises
    ------
    ValueError
        When it says something that cannot be, such as a price that is no number.
    """
    to = raw.shipping if raw.shipping.address_1 or raw.shipping.postcode else raw.billing
    person = " ".join(part for part in (to.first_name, to.last_name) if part)
    on_delivery = raw.payment_method == "cod" and raw.status != "completed"
    return ChannelOrder(
        external_id=str(raw.id),
        number=raw.number or str(raw.id),
        version=_gmt(raw.date_modified_gmt),
        paid=raw.status in PAID or raw.date_paid_gmt is not None,
        cancelled=raw.status in GONE,
        done=raw.status == "completed",
        name=", ".join(part for part in (person, to.company) if part),
        phone=to.phone or raw.billing.phone or None,
        email=raw.billing.email or None,
        address_line1=to.address_1,
        address_line2=to.address_2 or None,
        city=to.city or None,
        subdivision=to.state or None,
        postal_code=to.postcode or None,
        country_code=to.country,
        lat=None,
        lon=None,
        note=raw.customer_note or None,
        currency=raw.currency,
        cash_on_delivery_minor=minor(raw.total, raw.currency) if on_delivery and raw.date_paid_gmt is None else None,
        lines=[
            ChannelLine(sku=line.known_as, name=line.name or "", quantity=int(line.quantity))
            for line in raw.line_items
            if line.quantity >= 1
        ],
    )


def _completes(tidings: Tidings) -> bool:
    wanted = {Completion.DISPATCHED: Stage.DISPATCHED, Completion.DELIVERED: Stage.DELIVERED}
    stage = wanted.get(tidings.complete_when)
    return stage is not None and tidings.stage >= stage


def _gmt(text: str) -> datetime:
    """A time that the shop gives without a zone."""
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def _cursor(latest: datetime | None, before: str | None) -> str | None:
    """Where the next poll begins: a little before the latest change, and never earlier than before."""
    if latest is None:
        return before
    text = (latest - LOOK_BACK).strftime("%Y-%m-%dT%H:%M:%S")
    return text if before is None else max(text, before)
