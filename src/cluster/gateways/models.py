"""
Words of gateways, and what an adapter to a carrier's own system must be able to do.

An adapter knows one system; what it is given and what it hands over knows none. It keeps nothing: references, numbers
and credentials are rows, sealed where they are secret, and are given to it.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE, Code, MinorUnits, PublicId, Text
from cluster.shipments.parties import Phone

GATEWAYS_MAX = 20
Url = Annotated[str, Meta(min_length=8, max_length=2000)]
Secret = Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^[\x20-\x7e]*$")]
PemKey = Annotated[str, Meta(max_length=10_000, pattern=r"^-----BEGIN [A-Z ]*PRIVATE KEY-----[\x0a\x0d\x20-\x7e]*$")]
Word = Annotated[str, Meta(min_length=1, max_length=100, pattern=PRINTABLE)]


class GatewayKind(StrEnum):
    """
    Systems that orders go to.

    A Karrio server, Lalamove's API v3, Giao Hang Nhanh's public API; files on an SFTP server or in a folder of this
    one.
    """

    KARRIO = "karrio"
    LALAMOVE = "lalamove"
    GHN = "ghn"
    SFTP = "sftp"
    FOLDER = "folder"


OF_FILES = (GatewayKind.SFTP, GatewayKind.FOLDER)
"""Tours, offers and events of one carrier go as files; the others take orders of shipments."""


class LalamoveMarket(StrEnum):
    """Countries that Lalamove serves."""

    BR = "BR"
    HK = "HK"
    ID = "ID"
    MY = "MY"
    MX = "MX"
    PH = "PH"
    SG = "SG"
    TW = "TW"
    TH = "TH"
    VN = "VN"


class GatewaySettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How a gateway is used.

    ``sender_name`` and ``sender_phone``: whom the carrier asks for where goods leave from the hub, or their end names
    nobody. ``service`` is taken where an order names none. Lalamove: ``market`` and ``language`` (such as ``vi_VN``).
    GHN: ``shop_id``, and its own codes of where goods leave from. SFTP: ``host_key``, the server's public key as in
    ``known_hosts`` (``ssh-ed25519 AAAA...``), and ``path`` below which the folders ``out``, ``in`` and ``done`` are.
    """

    sender_name: Text | None = None
    sender_phone: Phone | None = None
    service: Word | None = None
    market: LalamoveMarket | None = None
    language: Annotated[str, Meta(pattern="^[a-z]{2}_[A-Z]{2}$")] | None = None
    shop_id: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    from_district_id: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    from_ward_code: Code | None = None
    host_key: Annotated[str, Meta(max_length=5000, pattern=r"^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*$")] | None = None
    path: Annotated[str, Meta(max_length=500, pattern=r"^[A-Za-z0-9._/-]*$")] | None = None


class GatewayCredentials(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What opens the system: ``key`` (Karrio, Lalamove, GHN's token; the user of an SFTP server) and ``secret``.

    An SFTP server is opened by ``private_key`` (PEM or OpenSSH) or by ``secret``, the password.
    """

    key: Secret | None = None
    secret: Secret | None = None
    private_key: PemKey | None = None

    def __repr__(self) -> str:
        return "GatewayCredentials(***)"


NEEDED: dict[GatewayKind, tuple[str, ...]] = {
    GatewayKind.KARRIO: ("base_url", "credentials/key", "settings/sender_phone"),
    GatewayKind.LALAMOVE: (
        *("credentials/key", "credentials/secret"),
        *("settings/market", "settings/language", "settings/sender_phone"),
    ),
    GatewayKind.GHN: (
        *("credentials/key", "settings/shop_id", "settings/sender_phone"),
        *("settings/from_district_id", "settings/from_ward_code"),
    ),
    GatewayKind.SFTP: ("base_url", "carrier_id", "credentials/key", "settings/host_key"),
    GatewayKind.FOLDER: ("carrier_id",),
}
"""What a gateway of a kind cannot do without."""


class AddGateway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A carrier's system to be connected; a member's own, or the cluster's where the coordinator adds it.

    ``base_url`` of Karrio is your server; of Lalamove and GHN it may be left out, or be their sandbox; of SFTP it is
    ``sftp://host`` or ``sftp://host:port``. ``carrier_id``: whose tours go out as files.
    """

    code: Code
    kind: GatewayKind
    base_url: Url | None = None
    carrier_id: PublicId | None = None
    credentials: GatewayCredentials = field(default_factory=GatewayCredentials)
    settings: GatewaySettings = field(default_factory=GatewaySettings)

    def faults(self) -> Iterator[FieldFault]:
        """Each kind needs its own."""
        yield from faults_of(self.kind, self)


def faults_of(kind: GatewayKind, given: "AddGateway") -> Iterator[FieldFault]:
    """What a gateway lacks, or has that is for another kind."""
    for name in NEEDED[kind]:
        head, _, tail = name.partition("/")
        held = getattr(given, head)
        if (getattr(held, tail) if tail else held) is None:
            yield FieldFault(pointer=f"/{name}", code="missing", cause=f"a gateway of {kind} needs it", cure="add it")
    if kind not in OF_FILES and given.carrier_id is not None:
        cause, cure = "orders of shipments are of no carrier of the cluster's", "leave it out"
        yield FieldFault(pointer="/carrier_id", code="not_for_kind", cause=cause, cure=cure)
    if kind is GatewayKind.FOLDER and given.base_url is not None:
        cause, cure = "the folder is one below the platform's own", "leave it out"
        yield FieldFault(pointer="/base_url", code="not_for_kind", cause=cause, cure=cure)
    opened = given.credentials
    if kind is GatewayKind.SFTP and opened.secret is None and opened.private_key is None:
        cause, cure = "neither a private key nor a password", "give one of them"
        yield FieldFault(pointer="/credentials/private_key", code="missing", cause=cause, cure=cure)


class ChangeGateway(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What changes; ``settings`` and ``credentials`` as a whole. The address stays: add another gateway instead."""

    credentials: GatewayCredentials | UnsetType = UNSET
    settings: GatewaySettings | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class Gateway(Struct, frozen=True, kw_only=True):
    """
    A connected system of a carrier.

    ``hook_url`` is where it may send its webhooks, if the platform has a public address: they are only hints, what they
    say is asked for. ``looked_at``, ``failures`` and ``error`` are of the last look at its files.
    """

    id: str
    code: str
    kind: GatewayKind
    base_url: str | None
    member_id: str | None
    carrier_id: str | None
    settings: GatewaySettings
    active: bool
    hook_url: str | None
    looked_at: datetime | None
    failures: int
    error: str | None
    created_at: datetime
    updated_at: datetime
    version: int


class GatewayTested(Struct, frozen=True, kw_only=True):
    """Whether the system lets us in: ``error`` says why not."""

    ok: bool
    error: str | None = None
    detail: str | None = None


class OrderOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What a system wants to know beyond the shipment.

    GHN knows places by codes of its own: ``to_district_id`` and ``to_ward_code``. ``connection`` is one of a Karrio
    server's, by its name there, where several offer the service. ``note`` is for the driver.
    """

    to_district_id: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    to_ward_code: Code | None = None
    connection: Word | None = None
    note: Annotated[str, Meta(max_length=200, pattern=PRINTABLE)] | None = None


class AskRates(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For which shipment prices are asked; ``service`` left out means all, or the gateway's own."""

    shipment_id: PublicId
    service: Word | None = None
    options: OrderOptions = field(default_factory=OrderOptions)


class GatewayRate(Struct, frozen=True, kw_only=True):
    """A price for a service; ``carrier`` and ``connection`` where the system stands before several carriers."""

    service: str
    carrier: str | None
    connection: str | None
    price_minor: int
    currency: str
    transit_days: int | None


class GatewayRates(Struct, frozen=True, kw_only=True):
    """Prices, the lowest first; ``messages`` is what the system said beside them."""

    rates: list[GatewayRate]
    messages: list[str]


class PlaceOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A shipment to be given to the carrier, at most at ``price_max_minor``.

    ``service`` is one of those that its prices name; left out, the gateway's own.
    """

    shipment_id: PublicId
    service: Word | None = None
    price_max_minor: MinorUnits | None = None
    options: OrderOptions = field(default_factory=OrderOptions)


class OrderState(StrEnum):
    """
    Where an order stands.

    ``placing``: a worker asks the carrier's system. ``unclear``: its answer was lost, and the system cannot be asked
    whether it has the order: somebody looks there and says so. ``refused``: it does not exist there. ``done``: nothing
    more is to be heard of it.
    """

    PLACING = "placing"
    PLACED = "placed"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"
    DONE = "done"


class GatewayOrder(Struct, frozen=True, kw_only=True):
    """
    An order at a carrier's system; its ``id`` is the reference that it has there.

    ``foreign_code`` is the last word of the system, in its own codes; ``error`` why it does not go on, ``detail`` in
    the system's words.
    """

    id: str
    gateway_id: str
    shipment_id: str
    state: OrderState
    service: str | None
    external_id: str | None
    tracking_number: str | None
    tracking_url: str | None
    price_minor: int | None
    currency: str | None
    foreign_code: str | None
    foreign_at: datetime | None
    error: str | None
    detail: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class SettleOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody found at the carrier's: the number of the order there, or null: it has none."""

    external_id: Word | None


class LabelForm(StrEnum):
    """How a label comes."""

    PDF = "pdf"
    ZPL = "zpl"
    LINK = "link"


class GatewayLabel(Struct, frozen=True, kw_only=True):
    """The carrier's own label: ``content`` in base64, or a ``url`` to be opened in a browser soon."""

    form: LabelForm
    content: str | None = None
    url: str | None = None


class GatewayFile(Struct, frozen=True, kw_only=True):
    """A file that was exchanged, how many lines it had, and how many of them were refused."""

    id: str
    direction: str
    name: str
    lines: int
    refused: int
    created_at: datetime


class HintTaken(Struct, frozen=True, kw_only=True):
    """A webhook was heard."""

    taken: bool
