"""
Real little shops on this machine that speak as WooCommerce and Shopify document their APIs; the samples are our own.

Each keeps its orders in memory, checks who asks, answers in pages, and notes what it was told.
"""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

BEGIN = datetime(2026, 11, 20, 8, 0, 0, tzinfo=UTC)
WOO_KEY, WOO_SECRET = "ck_0123456789abcdef", "cs_0123456789abcdef"
CLIENT_ID, CLIENT_SECRET, TOKEN = "client-of-the-tests", "shpss_0123456789abcdef", "shpat_0123456789abcdef"


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


class Reply(NamedTuple):
    """One answer."""

    status: int
    content: Any
    headers: dict[str, str] = {}  # noqa: RUF012  (never changed)


class Shop:
    """What both kinds have: a server, a clock that each change moves on by a second, and trouble on request."""

    port: int

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.trouble: list[Reply] = []
        """Answered first, one for each request."""
        self._now = BEGIN

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def tick(self) -> datetime:
        """The time of the next change."""
        self._now += timedelta(seconds=1)
        return self._now

    def answer(self, asked: Asked) -> Reply:
        """What this kind of shop answers."""
        raise NotImplementedError

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request."""
        try:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            method, target, _ = first.split()
            parts = urlsplit(target)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            asked = Asked(method, parts.path, query, headers, body)
            self.asked.append(asked)
            reply = self.trouble.pop(0) if self.trouble else self.answer(asked)
            raw = reply.content if isinstance(reply.content, bytes) else json.dumps(reply.content).encode()
            extra = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
            head = f"HTTP/1.1 {reply.status} X\r\nContent-Length: {len(raw)}\r\n{extra}Connection: close\r\n\r\n"
            writer.write(head.encode() + raw)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


class WooShop(Shop):
    """A WooCommerce shop."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, list[dict[str, Any]]] = {}
        self.hooks: list[dict[str, Any]] = []

    def sell(self, number: int, /, **changes: Any) -> dict[str, Any]:
        """An order: two mugs to a street near the hub, paid."""
        person = {
            "first_name": "Lan",
            "last_name": "Pham",
            "company": "",
            "address_1": f"{number} Le Loi",
            "address_2": "",
        }
        person |= {"city": "Thu Duc", "state": "", "postcode": "700000", "country": "VN", "phone": "0901 234 567"}
        order = {
            "id": number,
            "number": str(number),
            "status": "processing",
            "currency": "VND",
            "date_paid_gmt": "2026-11-20T07:59:00",
            "total": "240000",
            "payment_method": "card",
            "payment_method_title": "Visa ending in 4242",
            "transaction_id": "txn_secret_4242",
            "customer_note": "Ring twice",
            "billing": person | {"email": "lan@example.com"},
            "shipping": person,
            "line_items": [{"id": 1, "name": "Mug", "sku": "MUG", "quantity": 2, "product_id": 7, "variation_id": 0}],
            "meta_data": [],
        }
        self.orders[number] = order | changes
        self.change(number)
        return self.orders[number]

    def change(self, number: int, /, **changes: Any) -> dict[str, Any]:
        """A change of an order, with the time of it."""
        self.orders[number] |= changes | {"date_modified_gmt": self.tick().strftime("%Y-%m-%dT%H:%M:%S")}
        return self.orders[number]

    def hook(self, number: int, topic: str = "order.updated") -> tuple[bytes, dict[str, str]]:
        """The webhook of an order as it is now: body and headers."""
        return self.signed(json.dumps(self.orders[number]).encode(), topic)

    def signed(self, body: bytes, topic: str = "order.updated") -> tuple[bytes, dict[str, str]]:
        """A body with the headers that WooCommerce sends."""
        secret = self.hooks[0]["secret"].encode()
        digest = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest()).decode()
        return body, {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": digest, "X-WC-Webhook-Delivery-ID": "1"}

    @property
    def inlet(self) -> str:
        """Where webhooks go, as a path."""
        return urlsplit(self.hooks[0]["delivery_url"]).path

    def answer(self, asked: Asked) -> Reply:
        """REST API v3."""
        pair = base64.b64encode(f"{WOO_KEY}:{WOO_SECRET}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {pair}":
            return Reply(401, {"code": "woocommerce_rest_cannot_view"})
        path = asked.path.removeprefix("/wp-json/wc/v3/").split("/")
        body = json.loads(asked.body) if asked.body else {}
        if path[0] == "webhooks":
            return self._hooks(asked.method, body)
        if path == ["orders"]:
            return self._list(asked.query)
        number = int(path[1])
        if number not in self.orders:
            return Reply(404, {"code": "woocommerce_rest_shop_order_invalid_id"})
        if path[2:] == ["notes"]:
            notes = self.notes.setdefault(number, [])
            if asked.method == "POST":
                notes.append(body)
            return Reply(201 if asked.method == "POST" else 200, body if asked.method == "POST" else notes)
        if asked.method == "PUT":
            self.change(number, **body)
        return Reply(200, self.orders[number])

    def _hooks(self, method: str, body: dict[str, Any]) -> Reply:
        if method == "POST":
            self.hooks.append(body | {"id": len(self.hooks) + 1})
            return Reply(201, self.hooks[-1])
        return Reply(
            200, [{name: hook[name] for name in ("id", "topic", "delivery_url", "status")} for hook in self.hooks]
        )

    def _list(self, query: dict[str, str]) -> Reply:
        found = [self.orders[number] for number in sorted(self.orders)]
        if "status" in query:
            found = [order for order in found if order["status"] in query["status"].split(",")]
        if "modified_after" in query:
            assert query["dates_are_gmt"] == "true"
            found = [order for order in found if order["date_modified_gmt"] > query["modified_after"]]
        offset = int(query.get("offset", 0))
        return Reply(200, found[offset : offset + int(query["per_page"])])


class ShopifyShop(Shop):
    """A Shopify shop."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: dict[int, dict[str, Any]] = {}
        self.fulfillments: dict[int, list[dict[str, Any]]] = {}
        self.tags: list[tuple[str, list[str]]] = []
        self.hooks: list[dict[str, Any]] = []

    def sell(self, number: int, /, **changes: Any) -> dict[str, Any]:
        """An order: two mugs to a street near the hub, paid."""
        to = {"name": "Lan Pham", "company": None, "address1": f"{number} Le Loi", "address2": None, "city": "Thu Duc"}
        to |= {"provinceCode": "VN-SG", "province": "Ho Chi Minh", "zip": "700000", "countryCodeV2": "VN"}
        to |= {"phone": "+84 901 234 567", "latitude": 10.81, "longitude": 106.65}
        line = {"sku": "MUG", "name": "Mug", "currentQuantity": 2, "requiresShipping": True}
        self.orders[number] = {
            "id": f"gid://shopify/Order/{number}",
            "name": f"#{number}",
            "cancelledAt": None,
            "note": None,
            "email": "lan@example.com",
            "phone": None,
            "displayFinancialStatus": "PAID",
            "displayFulfillmentStatus": "UNFULFILLED",
            "paymentGatewayNames": ["shopify_payments"],
            "totalOutstandingSet": {"shopMoney": {"amount": "0.0", "currencyCode": "VND"}},
            "shippingAddress": to,
            "lineItems": {"nodes": [line], "pageInfo": {"hasNextPage": False, "endCursor": None}},
        } | changes
        self.change(number)
        return self.orders[number]

    def change(self, number: int, /, **changes: Any) -> dict[str, Any]:
        """A change of an order, with the time of it."""
        self.orders[number] |= changes | {"updatedAt": self.tick().strftime("%Y-%m-%dT%H:%M:%SZ")}
        return self.orders[number]

    def hook(self, number: int, topic: str = "orders/updated") -> tuple[bytes, dict[str, str]]:
        """The webhook of an order with the fields that were asked for: body and headers."""
        body = json.dumps({"id": number, "admin_graphql_api_id": f"gid://shopify/Order/{number}"}).encode()
        digest = base64.b64encode(hmac.new(CLIENT_SECRET.encode(), body, hashlib.sha256).digest()).decode()
        return body, {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": digest, "X-Shopify-Webhook-Id": "b54557e4"}

    @property
    def inlet(self) -> str:
        """Where webhooks go, as a path."""
        return urlsplit(self.hooks[0]["uri"]).path

    def answer(self, asked: Asked) -> Reply:
        """The token, and GraphQL by the name of the operation."""
        if asked.path == "/admin/oauth/access_token":
            form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
            right = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
            if form != right:
                return Reply(400, {"error": "invalid_request"})
            return Reply(200, {"access_token": TOKEN, "scope": "read_orders", "expires_in": 86399})
        if asked.headers.get("x-shopify-access-token") != TOKEN:
            return Reply(401, {"errors": "[API] Invalid API key or access token"})
        assert asked.path == "/admin/api/2026-10/graphql.json"
        question = json.loads(asked.body)
        name = question["query"].split("query " if "query " in question["query"] else "mutation ")[1].split()[0]
        return Reply(200, {"data": getattr(self, "_" + name.partition("(")[0].lower())(question["variables"])})

    def _greeting(self, _: dict[str, Any]) -> Any:
        return {"orders": {"nodes": []}}

    def _orders(self, given: dict[str, Any]) -> Any:
        found = sorted(self.orders.values(), key=lambda order: str(order["updatedAt"]))
        if "updated_at" in given["query"]:
            since = given["query"].split("'")[1]
            found = [order for order in found if order["updatedAt"] >= since]
        else:
            found = [order for order in found if order["displayFulfillmentStatus"] == "UNFULFILLED"]
        begin = int(given["after"] or 0)
        info = {"hasNextPage": begin + 10 < len(found), "endCursor": str(begin + 10)}
        return {"orders": {"nodes": found[begin : begin + 10], "pageInfo": info}}

    def _order(self, given: dict[str, Any]) -> Any:
        return {"order": self.orders.get(int(given["id"].rpartition("/")[2]))}

    def _fulfillments(self, given: dict[str, Any]) -> Any:
        number = int(given["id"].rpartition("/")[2])
        done = self.fulfillments.get(number, [])
        works = [{"id": f"gid://shopify/FulfillmentOrder/{number}", "status": "CLOSED" if done else "OPEN"}]
        return {"order": {"fulfillmentOrders": {"nodes": works}, "fulfillments": done}}

    def _fulfil(self, given: dict[str, Any]) -> Any:
        wanted = given["fulfillment"]
        number = int(wanted["lineItemsByFulfillmentOrder"][0]["fulfillmentOrderId"].rpartition("/")[2])
        made = {"id": f"gid://shopify/Fulfillment/{number}", "trackingInfo": [wanted["trackingInfo"]]}
        self.fulfillments.setdefault(number, []).append(made | {"events": {"nodes": []}})
        self.change(number, displayFulfillmentStatus="FULFILLED")
        return {"fulfillmentCreate": {"fulfillment": made, "userErrors": []}}

    def _event(self, given: dict[str, Any]) -> Any:
        number = int(given["event"]["fulfillmentId"].rpartition("/")[2])
        self.fulfillments[number][0]["events"]["nodes"].append({"status": given["event"]["status"]})
        return {"fulfillmentEventCreate": {"fulfillmentEvent": {"id": "x"}, "userErrors": []}}

    def _tag(self, given: dict[str, Any]) -> Any:
        self.tags.append((given["id"], given["tags"]))
        return {"tagsAdd": {"node": {"id": given["id"]}, "userErrors": []}}

    def _hooks(self, _: dict[str, Any]) -> Any:
        return {
            "webhookSubscriptions": {"nodes": [{"topic": hook["topic"], "uri": hook["uri"]} for hook in self.hooks]}
        }

    def _hook(self, given: dict[str, Any]) -> Any:
        self.hooks.append(given["hook"] | {"topic": given["topic"]})
        return {"webhookSubscriptionCreate": {"webhookSubscription": {"id": "x"}, "userErrors": []}}


@asynccontextmanager
async def open_for_business(shop: Shop) -> AsyncIterator[None]:
    """Answers while the block runs."""
    server = await asyncio.start_server(shop.serve, "127.0.0.1", 0)
    shop.port = server.sockets[0].getsockname()[1]
    try:
        yield
    finally:
        server.close()
