"""
Lalamove: API v3, after public descriptions and client programs of it (November 2026); no real account was asked.

Relied on: ``Authorization: hmac KEY:TIMESTAMP:SIGNATURE``, the signature being the hex of HMAC-SHA256 over
``TIMESTAMP\\r\\nMETHOD\\r\\nPATH\\r\\n\\r\\nBODY``, with ``Market`` and ``Request-ID``; ``POST /v3/quotations`` with a
price that holds for five minutes and a ``stopId`` for each stop; ``POST /v3/orders`` with ``metadata`` that comes back;
``GET`` and ``DELETE /v3/orders/{id}``; errors as ``{"errors": [{"id", "message"}]}``. There is no idempotency key and
no search by our reference: an order whose answer is lost is unclear, until a webhook names an order that has our
reference in its metadata or somebody looks at the partner portal.
"""

import hashlib
import hmac
import time
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct

from cluster.channels.shop_calls import ShopCalls
from cluster.gateways.adapting import CannotTell, Consignment, End, Heard, Placed, Tracked, nothing_done
from cluster.gateways.calls import Spoken, amount_minor, ask, refused
from cluster.gateways.models import GatewayLabel, GatewayRate, GatewayRates, GatewaySettings

PRODUCTION = "https://rest.lalamove.com"
OVER = {"COMPLETED", "CANCELED", "REJECTED", "EXPIRED"}
NOT_DRIVEN = OVER - {"COMPLETED"}
CALLING_CODES = {
    "BR": "55", "HK": "852", "ID": "62", "MY": "60", "MX": "52", "PH": "63", "SG": "65", "TW": "886", "TH": "66",
    "VN": "84",
}  # fmt: skip


class Price(Struct, frozen=True):
    """What it costs."""

    total: str
    currency: str


class Stop(Struct, frozen=True, rename="camel"):
    """A stop as it was understood."""

    stop_id: str = ""


class Quotation(Struct, frozen=True, rename="camel"):
    """A price that may be taken."""

    quotation_id: str
    price_breakdown: Price
    stops: list[Stop]
    service_type: str = ""


class Order(Struct, frozen=True, rename="camel"):
    """Of an order what is to be known."""

    order_id: str
    status: str
    price_breakdown: Price | None = None
    share_link: str | None = None
    metadata: dict[str, Any] | None = None
    updated_at: datetime | None = None


class Quoted(Struct, frozen=True):
    """Answer of ``/v3/quotations``."""

    data: Quotation


class Ordered(Struct, frozen=True):
    """Answer of ``/v3/orders``."""

    data: Order


class Lalamove:
    """Adapter to Lalamove."""

    def __init__(
        self, calls: ShopCalls, base_url: str | None, key: str, secret: str, settings: GatewaySettings
    ) -> None:
        self._calls = calls
        self._base = (base_url or PRODUCTION).rstrip("/")
        self._key, self._secret = key, secret.encode()
        self._market = str(settings.market)
        self._language = settings.language

    async def greet(self) -> None:
        """Asks which cities and services there are."""
        await self._ask("GET", "/v3/cities")

    async def rates(self, what: Consignment) -> GatewayRates:
        """One price, of the service that is asked for."""
        found = await self._quoted(what)
        price = found.price_breakdown
        rate = GatewayRate(
            service=found.service_type or str(what.service),
            carrier=None,
            connection=None,
            price_minor=amount_minor(price.total, price.currency),
            currency=price.currency,
            transit_days=None,
        )
        return GatewayRates(rates=[rate], messages=[])

    async def place(self, what: Consignment) -> Placed:
        """A price, and the order at it if it is not too dear."""
        with nothing_done():
            quoted = await self._quoted(what)
        price_minor = amount_minor(quoted.price_breakdown.total, quoted.price_breakdown.currency)
        if what.price_max_minor is not None and price_minor > what.price_max_minor:
            raise refused("too_dear", f"it costs {price_minor} {quoted.price_breakdown.currency} in minor units")
        start, end = quoted.stops[0].stop_id, quoted.stops[-1].stop_id
        remarks = what.options.note or what.delivery.instructions
        recipient = {"stopId": end, "name": what.delivery.contact, "phone": self._phone(what.delivery, "delivery")}
        order = {
            "quotationId": quoted.quotation_id,
            "sender": {"stopId": start, "name": what.pickup.contact, "phone": self._phone(what.pickup, "pickup")},
            "recipients": [recipient | ({"remarks": remarks[:1500]} if remarks else {})],
            "isPODEnabled": True,
            "metadata": {"reference": what.reference},
        }
        return _placed((await self._ask("POST", "/v3/orders", {"data": order})).read(Ordered).data)

    async def _quoted(self, what: Consignment) -> Quotation:
        if not what.service:
            raise refused("no_such_service", "Lalamove needs a service, such as MOTORCYCLE or VAN")
        if what.cod_minor is not None:
            raise refused("cod_not_possible", "Lalamove's API collects no cash at the door")
        stops = [
            {
                "coordinates": {"lat": f"{end.lat:.7f}", "lng": f"{end.lon:.7f}"},
                "address": ", ".join(part for part in (end.address_line1, end.address_line2, end.locality) if part),
            }
            for end in (what.pickup, what.delivery)
        ]
        body = {"serviceType": what.service, "language": self._language, "stops": stops}
        found: Quotation = (await self._ask("POST", "/v3/quotations", {"data": body})).read(Quoted).data
        if len(found.stops) < 2:
            raise refused("no_such_service", "the quotation has no two stops")
        return found

    def _phone(self, end: End, which: str) -> str:
        """E.164, as Lalamove wants it."""
        given = end.phone or ""
        digits = "".join(letter for letter in given if letter.isdigit())
        if not digits:
            raise refused("phone_missing", f"Lalamove asks for a phone number at the {which}")
        if given.startswith("+"):
            return f"+{digits}"
        return f"+{CALLING_CODES[self._market]}{digits.removeprefix('0')}"

    async def find(self, reference: str) -> Placed | None:
        """Cannot be asked."""
        raise CannotTell(reference)

    async def cancel(self, external_id: str) -> None:
        """Cancels, which Lalamove allows until shortly after a driver is found."""
        if (await self._order(external_id)).status not in NOT_DRIVEN:
            await self._ask("DELETE", f"/v3/orders/{quote(external_id)}")

    async def label(self, external_id: str, label_ref: str | None) -> GatewayLabel:
        """There are none."""
        raise refused("no_label", "Lalamove has no labels; print the shipment's own")

    async def track(self, external_id: str, tracking_number: str | None) -> Tracked:
        """The order as it is."""
        order = await self._order(external_id)
        reference = (order.metadata or {}).get("reference")
        return Tracked(
            reference=reference if isinstance(reference, str) else None,
            placed=_placed(order),
            events=[Heard(code=order.status, reason=None, at=order.updated_at)],
            over=order.status in OVER,
            cancelled=order.status in NOT_DRIVEN,
        )

    async def _order(self, external_id: str) -> Order:
        found: Order = (await self._ask("GET", f"/v3/orders/{quote(external_id)}")).read(Ordered).data
        return found

    def hinted(self, body: Mapping[str, object]) -> str | None:
        """``{"eventType", "data": {"order": {"orderId"}}}``."""
        data = body.get("data")
        order = data.get("order") if isinstance(data, dict) else None
        told = order.get("orderId") if isinstance(order, dict) else None
        return told if isinstance(told, str) else None

    async def _ask(self, method: str, path: str, body: Any = None) -> Spoken:
        raw = None if body is None else msgspec.json.encode(body)
        at_ms = str(int(time.time() * 1000))
        headers = {
            "authorization": f"hmac {self._key}:{at_ms}:{signature(self._secret, at_ms, method, path, raw or b'')}",
            "market": self._market,
            "request-id": str(uuid.uuid4()),
        }
        answer = await ask(self._calls, method, f"{self._base}{path}", headers, body=raw)
        if answer.status >= 400:
            raise refused("system_refused", _why(answer))
        return answer


def signature(secret: bytes, at_ms: str, method: str, path: str, body: bytes) -> str:
    """What a request is signed with."""
    said = f"{at_ms}\r\n{method}\r\n{path}\r\n\r\n".encode() + body
    return hmac.new(secret, said, hashlib.sha256).hexdigest()


def _placed(order: Order) -> Placed:
    price = order.price_breakdown
    return Placed(
        external_id=order.order_id,
        tracking_number=order.order_id,
        tracking_url=order.share_link or None,
        price_minor=None if price is None else amount_minor(price.total, price.currency),
        currency=None if price is None else price.currency,
    )


def _why(answer: Spoken) -> str:
    try:
        errors = msgspec.json.decode(answer.body)["errors"]
        return "; ".join(f"{error.get('id')}: {error.get('message')}" for error in errors)
    except (msgspec.DecodeError, UnicodeDecodeError, KeyError, TypeError, AttributeError):
        return f"Lalamove answered {answer.status}"
