"""
Giao Hang Nhanh: public API v2, after public descriptions and client programs of it (November 2026); no account asked.

Relied on: headers ``Token`` and ``ShopId``; ``/shiip/public-api/v2/shipping-order/fee``, ``create``, ``detail`` and
``detail-by-client-code`` with ``client_order_code``, by which an order is found again; ``switch-status/cancel``;
``a5/gen-token`` for a label that is opened in a browser within half an hour. Weights are grams, lengths centimetres,
amounts dong; GHN knows districts and wards by codes of its own, which an order names. Answers are ``{"code", "message",
"data"}``.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import msgspec
from msgspec import Struct, field

from cluster.channels.shop_calls import ShopCalls
from cluster.gateways.adapting import Consignment, GatewayRefused, Heard, Placed, Tracked, nothing_done
from cluster.gateways.calls import Spoken, ask, converted, refused
from cluster.gateways.models import GatewayLabel, GatewayRate, GatewayRates, GatewaySettings, LabelForm
from cluster.shipments.models import Inspection

PRODUCTION = "https://online-gateway.ghn.vn"
TRACKING = "https://donhang.ghn.vn/?order_code="
CURRENCY = "VND"
LIGHT, HEAVY = "2", "5"
SERVICES = (LIGHT, HEAVY)
"""``service_type_id``: parcels, and goods of 20 kg and more."""
HEAVY_FROM_G = 20_000
OVER = {"delivered", "returned", "cancel", "lost", "damage"}
LOOKS = {Inspection.NO_LOOK: "KHONGCHOXEMHANG", Inspection.LOOK: "CHOXEMHANGKHONGTHU", Inspection.TRY_ON: "CHOTHUHANG"}
UNKNOWN = ("not found", "không tồn tại", "no documents", "không tìm thấy")
"""How GHN says that it has no such order; it does so with the same status as for any other fault."""


class Logged(Struct, frozen=True):
    """One state that an order was in."""

    status: str
    updated_date: str | None = None


class Detail(Struct, frozen=True):
    """Of an order what is to be known."""

    order_code: str
    status: str = ""
    client_order_code: str | None = None
    updated_date: str | None = None
    log: list[Logged] | None = None


class Fee(Struct, frozen=True):
    """What it costs."""

    total: int


class Created(Struct, frozen=True):
    """An order that was made."""

    order_code: str
    total_fee: int | None = None


class Printable(Struct, frozen=True):
    """What opens a label."""

    token: str


class Shop(Struct, frozen=True):
    """A shop of the token."""

    number: int = field(name="_id")


class Shops(Struct, frozen=True):
    """Shops of the token."""

    shops: list[Shop] | None = None


class Cancelled(Struct, frozen=True):
    """What became of a cancellation."""

    result: bool = True
    message: str = ""


class Ghn:
    """Adapter to GHN."""

    def __init__(self, calls: ShopCalls, base_url: str | None, token: str, settings: GatewaySettings) -> None:
        self._calls = calls
        self._base = (base_url or PRODUCTION).rstrip("/")
        self._headers = {"token": token, "shopid": str(settings.shop_id)}
        self._settings = settings

    async def greet(self) -> None:
        """Asks which shops the token is for; ours must be among them."""
        found = converted(await self._ask("/v2/shop/all", {"offset": 0, "limit": 200}), Shops)
        if not any(shop.number == self._settings.shop_id for shop in found.shops or []):
            raise refused("no_such_shop", "the token is not for this shop")

    async def rates(self, what: Consignment) -> GatewayRates:
        """What one service costs, or both."""
        found, messages = [], []
        for service in (what.service,) if what.service else SERVICES:
            try:
                fee = await self._fee_of(what, service)
            except GatewayRefused as no:
                messages.append(f"{service}: {no.detail}")
                continue
            rate = GatewayRate(
                service=service,
                carrier="ghn",
                connection=None,
                price_minor=fee,
                currency=CURRENCY,
                transit_days=None,
            )
            found.append(rate)
        return GatewayRates(rates=sorted(found, key=lambda rate: rate.price_minor), messages=messages)

    async def place(self, what: Consignment) -> Placed:
        """An order under our reference, if it is not too dear."""
        service = what.service or (HEAVY if _weight_g(what) >= HEAVY_FROM_G else LIGHT)
        if what.price_max_minor is not None:
            with nothing_done():
                fee = await self._fee_of(what, service)
            if fee > what.price_max_minor:
                raise refused("too_dear", f"it costs {fee} {CURRENCY}")
        made = converted(await self._ask("/v2/shipping-order/create", self._order(what, service)), Created)
        code = made.order_code
        return Placed(
            external_id=code,
            tracking_number=code,
            tracking_url=TRACKING + code,
            price_minor=made.total_fee,
            currency=CURRENCY,
        )

    async def find(self, reference: str) -> Placed | None:
        """The order with our reference."""
        try:
            data = await self._ask("/v2/shipping-order/detail-by-client-code", {"client_order_code": reference})
        except GatewayRefused as no:
            if any(word in no.detail.lower() for word in UNKNOWN):
                return None
            raise
        found = _detail(data)
        return None if found is None or found.client_order_code != reference else _placed(found)

    async def cancel(self, external_id: str) -> None:
        """Cancels, which GHN allows until it has the goods."""
        found = _detail(await self._ask("/v2/shipping-order/detail", {"order_code": external_id}))
        if found is not None and found.status == "cancel":
            return
        data = await self._ask("/v2/switch-status/cancel", {"order_codes": [external_id]})
        for entry in converted(data, list[Cancelled]):
            if not entry.result:
                raise refused("system_refused", entry.message)

    async def label(self, external_id: str, label_ref: str | None) -> GatewayLabel:
        """A link to GHN's own page with the label."""
        found = converted(await self._ask("/v2/a5/gen-token", {"order_codes": [external_id]}), Printable)
        return GatewayLabel(form=LabelForm.LINK, url=f"{self._base}/a5/public-api/printA5?token={quote(found.token)}")

    async def track(self, external_id: str, tracking_number: str | None) -> Tracked:
        """The order with its log."""
        found = _detail(await self._ask("/v2/shipping-order/detail", {"order_code": external_id}))
        if found is None:
            raise refused("not_there", "GHN has no such order")
        events = [Heard(code=entry.status, reason=None, at=_at(entry.updated_date)) for entry in found.log or []]
        events.sort(key=lambda event: event.at or datetime.min.replace(tzinfo=UTC))
        if found.status and (not events or events[-1].code != found.status):
            events.append(Heard(code=found.status, reason=None, at=_at(found.updated_date)))
        return Tracked(
            reference=found.client_order_code,
            placed=_placed(found),
            events=events,
            over=found.status in OVER,
            cancelled=found.status == "cancel",
        )

    def hinted(self, body: Mapping[str, object]) -> str | None:
        """``{"OrderCode", "Status", ...}``; GHN signs nothing."""
        told = body.get("OrderCode")
        return told if isinstance(told, str) else None

    async def _fee_of(self, what: Consignment, service: str) -> int:
        found: Fee = converted(await self._ask("/v2/shipping-order/fee", self._fee(what, service)), Fee)
        return found.total

    def _fee(self, what: Consignment, service: str) -> dict[str, Any]:
        self._judge(what, service)
        places = {
            "from_district_id": self._settings.from_district_id,
            "from_ward_code": self._settings.from_ward_code,
            "to_district_id": what.options.to_district_id,
            "to_ward_code": what.options.to_ward_code,
        }
        worth = {"insurance_value": what.declared_minor or 0, "cod_value": what.cod_minor or 0}
        return {"service_type_id": int(service), **places, **_load(what), **worth, "items": _items(what)}

    def _order(self, what: Consignment, service: str) -> dict[str, Any]:
        self._judge(what, service)
        start, end = what.pickup, what.delivery
        places = {
            "from_name": start.contact,
            "from_phone": start.phone or self._settings.sender_phone,
            "from_address": _street(start.address_line1, start.locality),
            "from_district_id": self._settings.from_district_id,
            "from_ward_code": self._settings.from_ward_code,
            "to_name": end.contact,
            "to_phone": end.phone,
            "to_address": _street(end.address_line1, end.locality),
            "to_district_id": what.options.to_district_id,
            "to_ward_code": what.options.to_ward_code,
        }
        return {
            "client_order_code": what.reference,
            "payment_type_id": 1,
            "required_note": LOOKS[what.inspection or Inspection.NO_LOOK],
            "note": what.options.note or end.instructions or "",
            "service_type_id": int(service),
            "cod_amount": what.cod_minor or 0,
            "insurance_value": what.declared_minor or 0,
            "content": what.reference,
            "items": _items(what),
            **places,
            **_load(what),
        }

    def _judge(self, what: Consignment, service: str) -> None:
        """Says what GHN would only say in its own words."""
        if service not in SERVICES:
            raise refused("no_such_service", f"GHN has the services {' and '.join(SERVICES)}")
        if what.currency != CURRENCY:
            raise refused("currency_not_possible", "GHN's amounts are dong")
        if what.options.to_district_id is None or what.options.to_ward_code is None:
            raise refused("place_codes_missing", "give GHN's own to_district_id and to_ward_code in options")
        if not what.delivery.phone:
            raise refused("phone_missing", "GHN asks for the consignee's phone number")

    async def _ask(self, path: str, body: Mapping[str, Any]) -> Any:
        url = f"{self._base}/shiip/public-api{path}"
        answer = await ask(self._calls, "POST", url, self._headers, body=msgspec.json.encode(body))
        if answer.status >= 400:
            raise refused("system_refused", _why(answer))
        return answer.read(dict[str, Any]).get("data")


def _weight_g(what: Consignment) -> int:
    return sum(unit.weight_g * unit.units for unit in what.units)


def _load(what: Consignment) -> dict[str, int]:
    """The whole as one parcel: its longest sides, and what is stacked."""
    return {
        "weight": _weight_g(what),
        "length": max(_cm(unit.length_mm) for unit in what.units),
        "width": max(_cm(unit.width_mm) for unit in what.units),
        "height": sum(_cm(unit.height_mm) * unit.units for unit in what.units),
    }


def _items(what: Consignment) -> list[dict[str, Any]]:
    return [
        {
            "name": str(unit.kind),
            "quantity": unit.units,
            "weight": unit.weight_g,
            "length": _cm(unit.length_mm),
            "width": _cm(unit.width_mm),
            "height": _cm(unit.height_mm),
        }
        for unit in what.units
    ]


def _cm(length_mm: int) -> int:
    """Rounded up: what is longer than it says does not fit."""
    return -(-length_mm // 10)


def _street(line: str, locality: str | None) -> str:
    return line if locality is None else f"{line}, {locality}"


def _detail(data: Any) -> Detail | None:
    """An order's detail, which one of the two operations has in a list."""
    one = data[0] if isinstance(data, list) and data else data
    try:
        return msgspec.convert(one, Detail)
    except msgspec.ValidationError:
        return None


def _placed(found: Detail) -> Placed:
    code = found.order_code
    return Placed(external_id=code, tracking_number=code, tracking_url=TRACKING + code, currency=CURRENCY)


def _at(text: str | None) -> datetime | None:
    try:
        found = None if text is None else datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found is None else (found.replace(tzinfo=UTC) if found.tzinfo is None else found)


def _why(answer: Spoken) -> str:
    try:
        said = msgspec.json.decode(answer.body)
        return str(said.get("message") or said.get("code_message") or f"GHN answered {answer.status}")
    except (msgspec.DecodeError, UnicodeDecodeError, AttributeError):
        return f"GHN answered {answer.status}"
