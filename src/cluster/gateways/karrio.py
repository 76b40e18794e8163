"""
Karrio: the REST API of a Karrio server (2023.9 to 2026.1), as its OpenAPI document describes it (read in November
2026).

Relied on: ``Authorization: Token``; ``POST /v1/proxy/rates``; ``POST /v1/shipments`` makes a draft that costs nothing,
with ``reference`` and ``rates``; ``POST /v1/shipments/{id}/purchase`` buys its label with ``selected_rate_id``, once;
``GET /v1/shipments?reference=`` finds what contains a reference; ``POST /v1/shipments/{id}/cancel``; ``label_url``;
``GET /v1/trackers/{id or tracking number}``. Amounts are decimal numbers, weights kilograms, lengths centimetres.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import msgspec
from msgspec import Struct

from cluster.base.money import EXPONENTS
from cluster.channels.shop_calls import ShopCalls
from cluster.gateways.adapting import Consignment, End, GatewayAway, Heard, Placed, Tracked
from cluster.gateways.calls import Spoken, amount_minor, ask, refused
from cluster.gateways.models import GatewayLabel, GatewayRate, GatewayRates, LabelForm

PARCELS_MAX = 100
OVER = {"delivered", "cancelled", "return_to_sender"}
NOT_BOUGHT = {"draft"}


class Rate(Struct, frozen=True):
    """A price."""

    service: str
    total_charge: float
    currency: str
    id: str = ""
    carrier_name: str | None = None
    carrier_id: str | None = None
    transit_days: int | None = None


class Message(Struct, frozen=True):
    """What a carrier behind the server said."""

    message: Any = None
    carrier_name: str | None = None

    def text(self) -> str:
        """On one line."""
        said = self.message if isinstance(self.message, str) else msgspec.json.encode(self.message).decode()
        return f"{self.carrier_name}: {said}" if self.carrier_name else said


class Rates(Struct, frozen=True):
    """Answer of ``/v1/proxy/rates``."""

    rates: list[Rate] = []
    messages: list[Message] = []


class Shipment(Struct, frozen=True):
    """Of a shipment what an order needs."""

    id: str
    status: str
    reference: str | None = None
    tracking_number: str | None = None
    tracking_url: str | None = None
    label_url: str | None = None
    label_type: str | None = None
    selected_rate: Rate | None = None
    rates: list[Rate] = []
    messages: list[Message] = []


class Shipments(Struct, frozen=True):
    """One page of shipments."""

    results: list[Shipment]


class Event(Struct, frozen=True):
    """What a carrier said of a parcel."""

    date: str | None = None
    time: str | None = None
    timestamp: str | None = None
    status: str | None = None
    reason: str | None = None

    @property
    def at(self) -> datetime | None:
        """When it was, in UTC where no zone is told."""
        text = self.timestamp or (f"{self.date}T{self.time}" if self.date and self.time else self.date)
        try:
            found = None if text is None else datetime.fromisoformat(text)
        except ValueError:
            return None
        return None if found is None else (found.replace(tzinfo=UTC) if found.tzinfo is None else found)


class Tracker(Struct, frozen=True):
    """Where a parcel is."""

    status: str = "unknown"
    events: list[Event] = []


class Karrio:
    """Adapter to a Karrio server."""

    def __init__(self, calls: ShopCalls, base_url: str, key: str) -> None:
        self._calls = calls
        self._base = base_url.rstrip("/")
        self._headers = {"authorization": f"Token {key}"}

    async def greet(self) -> None:
        """Looks at one shipment."""
        await self._ask("GET", "/v1/shipments", query={"limit": "1"})

    async def rates(self, what: Consignment) -> GatewayRates:
        """What the server's carriers would take."""
        found = (await self._ask("POST", "/v1/proxy/rates", self._body(what), good=(200, 201, 207))).read(Rates)
        return GatewayRates(
            rates=sorted((_rate(rate) for rate in found.rates), key=lambda rate: rate.price_minor),
            messages=[message.text()[:500] for message in found.messages],
        )

    async def place(self, what: Consignment) -> Placed:
        """A draft with our reference, or the one that is there, and then its label bought, which happens once."""
        draft = await self._named(what.reference)
        if draft is None or not draft.rates:
            body = self._body(what) | {"label_type": "PDF", "metadata": {"reference": what.reference}}
            draft = (await self._ask("POST", "/v1/shipments", body)).read(Shipment)
        if draft.status not in NOT_BOUGHT:
            return _placed(draft)
        chosen = _chosen(draft, what)
        bought = await self._ask(
            "POST",
            f"/v1/shipments/{quote(draft.id)}/purchase",
            {"selected_rate_id": chosen.id, "label_type": "PDF", "reference": what.reference},
        )
        return _placed(bought.read(Shipment))

    async def find(self, reference: str) -> Placed | None:
        """What was bought under our reference. A draft is nothing yet."""
        found = await self._named(reference)
        return None if found is None or found.status in NOT_BOUGHT else _placed(found)

    async def _named(self, reference: str) -> Shipment | None:
        page = (await self._ask("GET", "/v1/shipments", query={"reference": reference, "limit": "20"})).read(Shipments)
        own = [entry for entry in page.results if entry.reference == reference and entry.status != "cancelled"]
        bought = [entry for entry in own if entry.status not in NOT_BOUGHT]
        return next(iter(bought + own), None)

    async def cancel(self, external_id: str) -> None:
        """Voids the label."""
        path = f"/v1/shipments/{quote(external_id)}"
        if (await self._ask("GET", path)).read(Shipment).status != "cancelled":
            await self._ask("POST", f"{path}/cancel", {})

    async def label(self, external_id: str, label_ref: str | None) -> GatewayLabel:
        """The label, from the server's own address alone."""
        shipment = (await self._ask("GET", f"/v1/shipments/{quote(external_id)}")).read(Shipment)
        url = urljoin(f"{self._base}/", shipment.label_url or label_ref or "")
        if not (shipment.label_url or label_ref) or urlsplit(url).netloc != urlsplit(self._base).netloc:
            raise refused("no_label", "the server has no label of this shipment")
        found = await ask(self._calls, "GET", url, self._headers | {"accept": "application/pdf, text/plain"})
        if found.status != 200:
            raise refused("no_label", f"the server answered {found.status}")
        form = LabelForm.ZPL if (shipment.label_type or "PDF").upper() == "ZPL" else LabelForm.PDF
        if form is LabelForm.PDF and not found.body.startswith(b"%PDF"):
            raise GatewayAway("not_readable", "the label is no PDF")
        return GatewayLabel(form=form, content=base64.b64encode(found.body).decode())

    async def track(self, external_id: str, tracking_number: str | None) -> Tracked:
        """The shipment as the server has it, and what its carrier said."""
        shipment = (await self._ask("GET", f"/v1/shipments/{quote(external_id)}")).read(Shipment)
        number = shipment.tracking_number or tracking_number
        tracker = Tracker()
        if number is not None:
            asked = await self._ask("GET", f"/v1/trackers/{quote(number)}", good=(200, 404))
            tracker = tracker if asked.status == 404 else asked.read(Tracker)
        latest = max((event.at for event in tracker.events if event.at is not None), default=None)
        events = [
            Heard(code=event.status, reason=event.reason, at=event.at)
            for event in sorted(tracker.events, key=lambda event: event.at or datetime.min.replace(tzinfo=UTC))
            if event.status
        ]
        if not events or events[-1].code != tracker.status:
            events.append(Heard(code=tracker.status, reason=None, at=latest))
        cancelled = shipment.status == "cancelled"
        over = cancelled or tracker.status in OVER
        return Tracked(
            reference=shipment.reference, placed=_placed(shipment), events=events, over=over, cancelled=cancelled
        )

    def hinted(self, body: Mapping[str, object]) -> str | None:
        """Karrio's webhooks hold the object that changed: a shipment, or a tracker that names none."""
        data = body.get("data")
        told = data.get("id") if isinstance(data, dict) and data.get("object_type") == "shipment" else None
        return told if isinstance(told, str) else None

    def _body(self, what: Consignment) -> dict[str, Any]:
        parcels = [
            {
                "weight": unit.weight_g / 1000,
                "weight_unit": "KG",
                "length": unit.length_mm / 10,
                "width": unit.width_mm / 10,
                "height": unit.height_mm / 10,
                "dimension_unit": "CM",
                "packaging_type": "pallet" if unit.kind == "pallet" else "your_packaging",
            }
            for unit in what.units
            for _ in range(unit.units)
        ]
        if len(parcels) > PARCELS_MAX:
            raise refused("too_many_units", f"at most {PARCELS_MAX} parcels go to the server at once")
        options: dict[str, Any] = {"currency": what.currency}
        scale = 10 ** EXPONENTS.get(what.currency, 2)
        if what.declared_minor is not None:
            options["declared_value"] = what.declared_minor / scale
        if what.cod_minor is not None:
            options["cash_on_delivery"] = what.cod_minor / scale
        if what.options.note:
            options["shipment_note"] = what.options.note
        return {
            "shipper": _address(what.pickup),
            "recipient": _address(what.delivery),
            "parcels": parcels,
            "services": [what.service] if what.service else [],
            "carrier_ids": [what.options.connection] if what.options.connection else [],
            "options": options,
            "reference": what.reference,
        }

    async def _ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        good: tuple[int, ...] = (200, 201, 202),
    ) -> Spoken:
        raw = None if body is None else msgspec.json.encode(body)
        answer = await ask(self._calls, method, f"{self._base}{path}", self._headers, query=query, body=raw)
        if answer.status not in good:
            raise refused("system_refused", _why(answer))
        return answer


def _address(end: End) -> dict[str, Any]:
    lines = {"address_line1": end.address_line1, "address_line2": end.address_line2}
    place = {"city": end.locality, "state_code": end.province_code, "postal_code": end.postal_code}
    who = {"company_name": end.name, "person_name": end.contact, "phone_number": end.phone, "email": end.email}
    given = {**who, **lines, **place, "country_code": end.country_code}
    return {name: value for name, value in given.items() if value is not None}


def _rate(rate: Rate) -> GatewayRate:
    return GatewayRate(
        service=rate.service,
        carrier=rate.carrier_name,
        connection=rate.carrier_id,
        price_minor=amount_minor(str(rate.total_charge), rate.currency),
        currency=rate.currency,
        transit_days=rate.transit_days,
    )


def _chosen(draft: Shipment, what: Consignment) -> Rate:
    """The lowest rate of the service that is asked for, not above what it may cost."""
    wanted = [
        rate
        for rate in draft.rates
        if what.service in (None, rate.service)
        and what.options.connection in (None, rate.carrier_id)
        and rate.currency == what.currency
    ]
    if not wanted:
        said = "; ".join(message.text() for message in draft.messages)
        raise refused("no_such_service", said or f"no rate in {what.currency} for this service")
    lowest = min(wanted, key=lambda rate: rate.total_charge)
    price_minor = amount_minor(str(lowest.total_charge), lowest.currency)
    if what.price_max_minor is not None and price_minor > what.price_max_minor:
        raise refused("too_dear", f"it costs {price_minor} {lowest.currency} in minor units")
    return lowest


def _placed(shipment: Shipment) -> Placed:
    rate = shipment.selected_rate
    return Placed(
        external_id=shipment.id,
        tracking_number=shipment.tracking_number,
        tracking_url=shipment.tracking_url,
        label_ref=shipment.label_url,
        price_minor=None if rate is None else amount_minor(str(rate.total_charge), rate.currency),
        currency=None if rate is None else rate.currency,
    )


def _why(answer: Spoken) -> str:
    """What the server says to a refusal: ``{"errors": [{"code", "message"}]}``."""
    try:
        said = msgspec.json.decode(answer.body)
        errors = said.get("errors") or said.get("messages") or []
        return "; ".join(str(error.get("message")) for error in errors) or f"the server answered {answer.status}"
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError, TypeError):
        return f"the server answered {answer.status}"
