"""
Words of sales channels, and what a connector to one must be able to do.

A connector knows one kind of shop; what it hands over knows none. Orders arrive twice over: by webhooks, quickly,
and by polling, completely. Both end in the same row, keyed by channel and the shop's own number, so that an order
arrives once however often it is told.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import IntEnum, StrEnum
from typing import Annotated, Protocol

from msgspec import UNSET, Meta, Struct, UnsetType, field

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, Grams, Latitude, Longitude, Millimetres, PublicId, Text
from cluster.base.money import EXPONENTS
from cluster.places.address import PostalCode, Subdivision
from cluster.shipments.models import HandlingUnit, Service, ServiceLevel, ShipmentStatus
from cluster.shipments.parties import Phone

CHANNELS_MAX = 20
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
Secret = Annotated[str, Meta(min_length=8, max_length=500, pattern=r"^[\x21-\x7e]*$")]


class ChannelKind(StrEnum):
    """Shops that orders come from."""

    WOOCOMMERCE = "woocommerce"
    SHOPIFY = "shopify"


class Completion(StrEnum):
    """When an order is marked as completed in a WooCommerce shop."""

    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    NEVER = "never"


class DefaultItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Weight and size of one piece of whatever is not among the member's products."""

    weight_g: Grams
    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres


class ChannelSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What becomes of a channel's orders.

    ``draft``: they wait as drafts until somebody books them. ``paid_only``: only orders that are paid, or are paid in
    cash at the door. ``default_item`` stands in for products that are not on the list; without it such orders have a
    fault. ``tell``: the shop is told when an order is planned, dispatched and delivered; ``carrier_name`` and
    ``tracking_url`` (with ``{shipment}`` in it) are what its customers read.
    """

    draft: bool = True
    service: Service = Service.DELIVERY
    service_level: ServiceLevel = ServiceLevel.STANDARD
    hub_site_id: PublicId | None = None
    pickup_site_id: PublicId | None = None
    paid_only: bool = True
    default_item: DefaultItem | None = None
    tell: bool = True
    complete_when: Completion = Completion.DELIVERED
    carrier_name: Text = "Shared delivery"
    tracking_url: Annotated[str, Meta(max_length=500, pattern=r"^https://[\x21-\x7e]*$")] | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A shop's orders are delivered from the hub, or moved from a site."""
        if self.service is Service.COLLECTION:
            cure = "delivery (from the hub) or transport (from a site of yours)"
            cause = "a shop's orders go to its customers"
            yield FieldFault(pointer="/service", code="not_for_service", cause=cause, cure=cure)
        if self.service is Service.TRANSPORT and self.pickup_site_id is None:
            cause, cure = "a transport begins at a site", "name the site that goods leave from"
            yield FieldFault(pointer="/pickup_site_id", code="missing", cause=cause, cure=cure)


class Credentials(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What opens the shop: consumer key and secret (WooCommerce), client id and secret (Shopify).

    ``access_token`` is for Shopify apps of the old kind that were given one; then ``secret`` is their API secret key.
    """

    key: Secret
    secret: Secret
    access_token: Secret | None = None

    def __repr__(self) -> str:
        return "Credentials(***)"


class AddChannel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A shop to be connected; ``code`` begins the references of its bookings.

    ``base_url`` is the shop's address: ``https://shop.example.com``, ``https://name.myshopify.com``.
    """

    code: Code
    kind: ChannelKind
    base_url: Url
    credentials: Credentials
    settings: ChannelSettings = field(default_factory=ChannelSettings)


class ChangeChannel(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes; ``settings`` are replaced as a whole, and another ``base_url`` needs ``credentials`` again."""

    base_url: Url | UnsetType = UNSET
    credentials: Credentials | UnsetType = UNSET
    settings: ChannelSettings | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class Channel(Struct, frozen=True, kw_only=True):
    """
    A connected shop.

    ``hook_url`` is where the shop sends its webhooks, if the platform has a public address. ``error`` says why the
    last look at the shop failed, ``failures`` how many in a row.
    """

    id: str
    code: str
    kind: ChannelKind
    base_url: str
    settings: ChannelSettings
    active: bool
    hook_url: str | None
    hooked_at: datetime | None
    polled_at: datetime | None
    paused_until: datetime | None
    failures: int
    error: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class ChannelTested(Struct, frozen=True, kw_only=True):
    """Whether the shop lets us in: ``error`` says why not."""

    ok: bool
    error: str | None = None
    detail: str | None = None


class SyncAsked(Struct, frozen=True, kw_only=True):
    """A look at the shop is under way."""

    id: str


class HookTaken(Struct, frozen=True, kw_only=True):
    """A shop's webhook is stored."""

    taken: bool


class ChannelOrderState(StrEnum):
    """
    What became of a shop's order.

    ``faulty``: it could not be booked; ``exception``: it is booked, and changed at the shop when it was too late.
    """

    RECEIVED = "received"
    UNPAID = "unpaid"
    BOOKED = "booked"
    CANCELLED = "cancelled"
    SKIPPED = "skipped"
    FAULTY = "faulty"
    EXCEPTION = "exception"
    ERASED = "erased"


class Via(StrEnum):
    """How an order came in first."""

    WEBHOOK = "webhook"
    POLL = "poll"


class MendOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What is put in place of what the shop says, for this order and its later changes.

    Fields left out stay as they were mended before. ``handling_units`` stand for the order's articles.
    """

    name: Text | UnsetType = UNSET
    address_line1: Text | UnsetType = UNSET
    address_line2: Text | UnsetType = UNSET
    locality: Text | UnsetType = UNSET
    subdivision: Subdivision | UnsetType = UNSET
    province_code: Code | UnsetType = UNSET
    ward_code: Code | UnsetType = UNSET
    postal_code: PostalCode | UnsetType = UNSET
    country_code: CountryCode | UnsetType = UNSET
    lat: Latitude | UnsetType = UNSET
    lon: Longitude | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    handling_units: Annotated[list[HandlingUnit], Meta(min_length=1, max_length=200)] | UnsetType = UNSET

    def faults(self) -> Iterator[FieldFault]:
        """Coordinates come in pairs."""
        if (self.lat is UNSET) != (self.lon is UNSET):
            cure = "give both lat and lon, or neither"
            yield FieldFault(pointer="/lat", code="half_a_point", cause="only one coordinate", cure=cure)


class ShopOrder(Struct, frozen=True, kw_only=True):
    """
    A shop's order, and what became of it.

    ``told`` is what the shop has been told of the shipment, ``tell_error`` why telling it failed.
    """

    id: str
    external_id: str
    number: str
    state: ChannelOrderState
    via: Via
    shipment_id: str | None
    faults: list[FieldFault]
    told: str | None
    tell_error: str | None
    told_at: datetime
    created_at: datetime
    updated_at: datetime


def minor(amount: str, currency: str) -> int:
    """
    A decimal amount in minor units of its currency, two digits where the currency is unknown.

    Raises
    ------
    ValueError
        When it is no number.
    """
    try:
        value = Decimal(amount)
        return int((value * 10 ** EXPONENTS.get(currency, 2)).to_integral_value()) if abs(value) < 10**12 else 0
    except (InvalidOperation, OverflowError):
        raise ValueError("no amount") from None


class ChannelLine(Struct, frozen=True, kw_only=True):
    """One article of an order."""

    sku: str
    name: str
    quantity: int


class ChannelOrder(Struct, frozen=True, kw_only=True):
    """
    An order as a shop tells it, without anything that a booking does not need.

    ``external_id`` is the shop's own, unique within the channel; ``version`` grows with each change there (the shop's
    time of change), so that an older telling never overwrites a newer one. ``done``: the shop holds it for sent.
    Texts are as the shop has them, of any length and form.
    """

    external_id: str
    number: str
    version: datetime
    paid: bool
    cancelled: bool
    done: bool
    name: str
    phone: str | None
    email: str | None
    address_line1: str
    address_line2: str | None
    city: str | None
    subdivision: str | None
    postal_code: str | None
    country_code: str
    lat: float | None
    lon: float | None
    note: str | None
    currency: str
    cash_on_delivery_minor: int | None
    lines: list[ChannelLine]


class Told(Struct, frozen=True, kw_only=True):
    """What a shop says of one order: all of it, or (None) only that there is something new."""

    external_id: str
    order: ChannelOrder | None


class Batch(Struct, frozen=True, kw_only=True):
    """Some orders of a poll; ``cursor`` is where the next poll goes on once these are stored, None: as before."""

    told: list[Told]
    cursor: str | None


class Stage(IntEnum):
    """How far a shipment is, as a shop's customer sees it."""

    NOTHING = 0
    PLANNED = 1
    DISPATCHED = 2
    DELIVERED = 3


_S = ShipmentStatus
STAGES = {
    Stage.PLANNED: [_S.PLANNED, _S.TENDERED],
    Stage.DISPATCHED: [
        *(_S.DISPATCHED, _S.PICKED_UP, _S.AT_HUB, _S.IN_TRANSIT, _S.AT_CUSTOMS, _S.OUT_FOR_DELIVERY),
        *(_S.READY_FOR_PICKUP, _S.PARTIALLY_DELIVERED, _S.DELIVERY_FAILED, _S.ON_HOLD),
    ],
    Stage.DELIVERED: [_S.DELIVERED],
}
"""States of shipments that a shop is told of."""


class Tidings(Struct, frozen=True, kw_only=True):
    """What a shop is told of an order: where its shipment is, under which name, and what to show customers."""

    stage: Stage
    told_stage: Stage
    shipment: str
    carrier_name: str
    tracking_url: str | None
    complete_when: Completion


class SignatureWrong(Exception):
    """A webhook that the shop did not send; nothing in it is believed."""


class ShopAway(Exception):
    """
    The shop does not answer, or not as it should; later it may.

    Parameters
    ----------
    code
        A word that is kept and shown.
    retry_after_s
        How long the shop asks us to wait.
    """

    def __init__(self, code: str, detail: str = "", retry_after_s: float | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s


class Connector(Protocol):
    """
    One connected shop.

    Everything that waits for the network happens outside of transactions; all of it may raise ``ShopAway``. A connector
    keeps nothing: cursors and credentials are rows, sealed where they are secret, and are given to it when it is made.
    """

    def verify(self, headers: Mapping[str, str], body: bytes) -> list[Told]:
        """
        What a webhook tells, once its signature over the raw bytes is found right; nothing for a mere greeting.

        Raises
        ------
        SignatureWrong
            When it is not.
        """
        ...

    def orders_since(self, cursor: str | None) -> AsyncIterator[Batch]:
        """Orders changed since a cursor (None: those open now)."""
        ...

    async def order(self, external_id: str) -> ChannelOrder | None:
        """One order as it is now; None when the shop has none."""
        ...

    async def tell(self, external_id: str, tidings: Tidings) -> None:
        """Tells the shop how far an order is; done twice it is done once."""
        ...

    async def greet(self) -> None:
        """Finds out whether the shop lets us read orders."""
        ...

    async def set_up_hooks(self, url: str) -> None:
        """Has the shop send its webhooks to ``url``; done twice it is done once."""
        ...
