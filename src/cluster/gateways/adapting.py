"""What an adapter is given and hands over, and how it fails."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from cluster.gateways.models import GatewayLabel, GatewayRates, OrderOptions
from cluster.shipments.models import HandlingUnit, Inspection


class End(Struct, frozen=True, kw_only=True):
    """Where goods leave from, or go to, and whom to ask for."""

    name: str
    contact: str
    phone: str | None
    email: str | None
    address_line1: str
    address_line2: str | None
    locality: str | None
    province_code: str | None
    postal_code: str | None
    country_code: str
    lat: float
    lon: float
    instructions: str | None


class Consignment(Struct, frozen=True, kw_only=True):
    """A shipment as a carrier's system is told of it."""

    reference: str
    pickup: End
    delivery: End
    units: list[HandlingUnit]
    cod_minor: int | None
    declared_minor: int | None
    inspection: Inspection | None
    currency: str
    service: str | None
    price_max_minor: int | None
    options: OrderOptions


class Placed(Struct, frozen=True, kw_only=True):
    """An order that the system has; ``label_ref`` is by what its label is found."""

    external_id: str
    tracking_number: str | None = None
    tracking_url: str | None = None
    label_ref: str | None = None
    price_minor: int | None = None
    currency: str | None = None


class Heard(Struct, frozen=True, kw_only=True):
    """One thing that the system says happened, in its own codes."""

    code: str
    reason: str | None
    at: datetime | None


class Tracked(Struct, frozen=True, kw_only=True):
    """Where an order stands at the system: what happened, the latest last; ``over``: nothing more will."""

    reference: str | None
    placed: Placed
    events: list[Heard]
    over: bool
    cancelled: bool


class GatewayAway(Exception):
    """
    The system does not answer, or not as it should; later it may.

    Parameters
    ----------
    code
        A word that is kept and shown.
    reached
        Whether what was asked may have been done all the same: the answer is what is missing.
    """

    def __init__(self, code: str, detail: str = "", *, reached: bool = True) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.reached = reached


class GatewayRefused(Exception):
    """The system understood and says no: nothing was done, and the same again will be refused again."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


class CannotTell(Exception):
    """The system has no way of asking it whether it has an order."""


@contextmanager
def nothing_done() -> Iterator[None]:
    """What fails in here was only a question: no order can have come of it."""
    try:
        yield
    except GatewayAway as away:
        raise GatewayAway(away.code, away.detail, reached=False) from None


class Adapter(Protocol):
    """
    One connected system that takes orders of shipments.

    Everything waits for the network and happens outside of transactions; all of it may raise ``GatewayAway`` or
    ``GatewayRefused``.
    """

    async def greet(self) -> None:
        """Finds out whether the system lets us in."""
        ...

    async def rates(self, what: Consignment) -> GatewayRates:
        """What services cost."""
        ...

    async def place(self, what: Consignment) -> Placed:
        """Places an order that the system does not have."""
        ...

    async def find(self, reference: str) -> Placed | None:
        """
        The order with our reference; None when the system surely has none.

        Raises
        ------
        CannotTell
            When it cannot be asked.
        """
        ...

    async def cancel(self, external_id: str) -> None:
        """Cancels an order; done twice it is done once."""
        ...

    async def label(self, external_id: str, label_ref: str | None) -> GatewayLabel:
        """The label of an order."""
        ...

    async def track(self, external_id: str, tracking_number: str | None) -> Tracked:
        """Where an order stands."""
        ...

    def hinted(self, body: Mapping[str, object]) -> str | None:
        """Which order a webhook is about, by the system's own number. What else it says is not believed."""
        ...
