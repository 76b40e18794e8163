"""
Words of sales channels, and what a connector to one must be able to do.

A connector knows one kind of shop; what it hands over knows none. Orders arrive twice over: by webhooks, quickly,
and by polling, completely. Both end in the same row, keyed by channel and the shop's own number, so that an order
arrives once however often it is told.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from msgspec import Struct


class ChannelKind(StrEnum):
    """Shops and marketplaces that orders come from."""

    WOOCOMMERCE = "woocommerce"
    SHOPIFY = "shopify"
    FILES = "files"


class ChannelLine(Struct, frozen=True, kw_only=True):
    """One article of an order; ``weight_g`` is None where the shop does not say it (then the product list does)."""

    sku: str
    name: str
    quantity: int
    weight_g: int | None = None


class ChannelOrder(Struct, frozen=True, kw_only=True):
    """
    An order as a shop tells it.

    ``external_id`` is the shop's own, unique within the channel; ``version`` grows with each change there (the shop's
    time of change), so that an older telling never overwrites a newer one.
    """

    external_id: str
    number: str
    version: datetime
    cancelled: bool
    name: str
    phone: str | None
    email: str | None
    address_line1: str
    address_line2: str | None
    city: str | None
    subdivision: str | None
    postal_code: str | None
    country_code: str
    note: str | None
    currency: str
    total_minor: int
    cash_on_delivery_minor: int
    lines: list[ChannelLine]


class Told(Struct, frozen=True, kw_only=True):
    """What a shop's webhook says: which delivery it is (told twice, it counts once), and the order in it, if any."""

    delivery_id: str
    topic: str
    order: ChannelOrder | None


class Tracking(Struct, frozen=True, kw_only=True):
    """What a shop is told when its order has left."""

    number: str
    url: str | None
    carrier: str
    shipped_at: datetime


class SignatureWrong(Exception):
    """A webhook that the shop did not send; nothing in it is believed."""


class Connector(Protocol):
    """
    One connected shop.

    Everything that waits for the network happens outside of transactions. A connector keeps nothing: cursors and
    credentials are rows, sealed where they are secret, and are given to it when it is made.
    """

    kind: ChannelKind

    def verify_webhook(self, headers: Mapping[str, str], body: bytes) -> Told:
        """
        What a webhook tells, once its signature over the raw bytes is found right.

        Raises
        ------
        SignatureWrong
            When it is not.
        """
        ...

    def orders_since(self, cursor: str | None) -> AsyncIterator[tuple[ChannelOrder, str]]:
        """Orders changed since a cursor (None: all open ones), oldest change first, each with the cursor behind it."""
        ...

    async def acknowledge(self, order: ChannelOrder, shipment_id: UUID) -> None:
        """Notes at the shop that the order is a shipment of ours; done twice it is done once."""
        ...

    async def mark_shipped(self, order: ChannelOrder, tracking: Tracking) -> None:
        """Tells the shop that the order has left; done twice it is done once."""
        ...
