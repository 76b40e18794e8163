"""What Shopify is asked, and what it answers, as far as it is read."""

from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from cluster.channels.models import ChannelLine, ChannelOrder, ShopAway, Told, minor

T = TypeVar("T")
OPEN = "status:open AND fulfillment_status:unshipped"
ORDER_FIELDS = """
fragment OrderFields on Order {
  id name updatedAt cancelledAt note email phone displayFinancialStatus displayFulfillmentStatus paymentGatewayNames
  totalOutstandingSet { shopMoney { amount currencyCode } }
  shippingAddress {
    name company address1 address2 city provinceCode province zip countryCodeV2 phone latitude longitude
  }
}
"""
ORDERS = (
    ORDER_FIELDS
    + """
query Orders($query: String!, $after: String) {
  orders(first: 10, after: $after, query: $query, sortKey: UPDATED_AT) {
    pageInfo { hasNextPage endCursor }
    nodes {
      ...OrderFields
      lineItems(first: 40) { pageInfo { hasNextPage endCursor } nodes { sku name currentQuantity requiresShipping } }
    }
  }
}
"""
)
ORDER = (
    ORDER_FIELDS
    + """
query Order($id: ID!) {
  order(id: $id) {
    ...OrderFields
    lineItems(first: 250) { pageInfo { hasNextPage endCursor } nodes { sku name currentQuantity requiresShipping } }
  }
}
"""
)
GREETING = "query Greeting { orders(first: 1) { nodes { id } } }"
FULFILLMENTS = """
query Fulfillments($id: ID!) {
  order(id: $id) {
    fulfillmentOrders(first: 20) { nodes { id status } }
    fulfillments(first: 20) { id trackingInfo(first: 5) { number } events(first: 20) { nodes { status } } }
  }
}
"""
FULFIL = """
mutation Fulfil($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } }
}
"""
EVENT = """
mutation Event($event: FulfillmentEventInput!) {
  fulfillmentEventCreate(fulfillmentEvent: $event) { fulfillmentEvent { id } userErrors { field message } }
}
"""
TAG = """
mutation Tag($id: ID!, $tags: [String!]!) {
  tagsAdd(id: $id, tags: $tags) { node { id } userErrors { field message } }
}
"""
HOOKS = "query Hooks { webhookSubscriptions(first: 100) { nodes { topic uri } } }"
HOOK = """
mutation Hook($topic: WebhookSubscriptionTopic!, $hook: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $hook) {
    webhookSubscription { id } userErrors { field message }
  }
}
"""


class PageInfo(Struct, frozen=True, rename="camel"):
    """Whether there is more."""

    has_next_page: bool = False
    end_cursor: str | None = None


class Amount(Struct, frozen=True, rename="camel"):
    """Decimal digits and a currency."""

    amount: str
    currency_code: str


class AmountSet(Struct, frozen=True, rename="camel"):
    """An amount in the shop's own currency."""

    shop_money: Amount


class Place(Struct, frozen=True, rename="camel"):
    """A shipping address."""

    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province_code: str | None = None
    province: str | None = None
    zip: str | None = None
    country_code_v2: str | None = None
    phone: str | None = None
    latitude: float | None = None
    longitude: float | None = None


class Line(Struct, frozen=True, rename="camel"):
    """One article; what was taken out of the order counts no longer."""

    sku: str | None = None
    name: str = ""
    current_quantity: int = 0
    requires_shipping: bool = True


class Lines(Struct, frozen=True, rename="camel"):
    """Articles of an order."""

    nodes: list[Line]
    page_info: PageInfo = PageInfo()


class Order(Struct, frozen=True, rename="camel"):
    """An order."""

    id: str
    name: str
    updated_at: datetime
    display_fulfillment_status: str
    total_outstanding_set: AmountSet
    line_items: Lines
    display_financial_status: str | None = None
    cancelled_at: datetime | None = None
    note: str | None = None
    email: str | None = None
    phone: str | None = None
    payment_gateway_names: list[str] = []
    shipping_address: Place | None = None


class OrderPage(Struct, frozen=True, rename="camel"):
    """Some orders, each as it came."""

    nodes: list[Any]
    page_info: PageInfo


class Tracked(Struct, frozen=True, rename="camel"):
    """A tracking number."""

    number: str | None = None


class Event(Struct, frozen=True, rename="camel"):
    """What happened to a fulfillment."""

    status: str = ""


class Events(Struct, frozen=True, rename="camel"):
    """What happened to a fulfillment so far."""

    nodes: list[Event] = []


class Fulfillment(Struct, frozen=True, rename="camel"):
    """Goods that were sent."""

    id: str
    tracking_info: list[Tracked] = []
    events: Events = Events()

    def is_tracked_as(self, number: str) -> bool:
        """Whether this is its tracking number."""
        return any(info.number == number for info in self.tracking_info)


class Work(Struct, frozen=True, rename="camel"):
    """Goods to be sent from one place."""

    id: str
    status: str = ""


class Works(Struct, frozen=True, rename="camel"):
    """All goods to be sent."""

    nodes: list[Work] = []


class Fulfilled(Struct, frozen=True, rename="camel"):
    """What was and is to be sent of an order."""

    fulfillment_orders: Works = Works()
    fulfillments: list[Fulfillment] = []


class Hook(Struct, frozen=True, rename="camel"):
    """A webhook of the shop."""

    topic: str
    uri: str | None = None


class Hooks(Struct, frozen=True, rename="camel"):
    """Webhooks of the shop."""

    nodes: list[Hook] = []


def read(value: object, kind: type[T]) -> T:
    """
    A part of an answer as ``kind``.

    Raises
    ------
    ShopAway
        When it is none.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError:
        raise ShopAway("not_readable", "the shop's answer is not what its API answers") from None


def told_of(node: Any) -> list[Told]:
    """An order of a list; only its number where it cannot be understood, or has more articles than the list says."""
    number = str(node.get("id", "")).rpartition("/")[2] if isinstance(node, dict) else ""
    try:
        order = msgspec.convert(node, Order)
        if not order.line_items.page_info.has_next_page:
            return [Told(external_id=number, order=order_of(order))]
    except ValueError:
        pass
    return [Told(external_id=number, order=None)] if number else []


def order_of(raw: Order) -> ChannelOrder:
    """
    An order without what a booking does not need.

    Raises
    ------
    ValueError
        When it says something that cannot be.
    """
    to = raw.shipping_address or Place()
    open_minor = minor(raw.total_outstanding_set.shop_money.amount, raw.total_outstanding_set.shop_money.currency_code)
    on_delivery = any("cash on delivery" in name.lower() or name.lower() == "cod" for name in raw.payment_gateway_names)
    names = [part for part in (to.name, to.company) if part]
    return ChannelOrder(
        external_id=raw.id.rpartition("/")[2],
        number=raw.name,
        version=raw.updated_at,
        paid=raw.display_financial_status in {"PAID", "PARTIALLY_REFUNDED"},
        cancelled=raw.cancelled_at is not None or raw.display_financial_status in {"REFUNDED", "VOIDED"},
        done=raw.display_fulfillment_status == "FULFILLED",
        name=", ".join(dict.fromkeys(names)),
        phone=to.phone or raw.phone,
        email=raw.email,
        address_line1=to.address1 or "",
        address_line2=to.address2 or None,
        city=to.city or None,
        subdivision=to.province_code or to.province or None,
        postal_code=to.zip or None,
        country_code=to.country_code_v2 or "",
        lat=to.latitude,
        lon=to.longitude,
        note=raw.note or None,
        currency=raw.total_outstanding_set.shop_money.currency_code,
        cash_on_delivery_minor=open_minor if on_delivery and open_minor > 0 else None,
        lines=[
            ChannelLine(sku=line.sku or f"#{line.name}", name=line.name, quantity=line.current_quantity)
            for line in raw.line_items.nodes
            if line.requires_shipping and line.current_quantity > 0
        ],
    )
