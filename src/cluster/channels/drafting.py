"""
From a shop's order to a booking: its address is found, its articles are packed, and all faults are told at once.

Waits for the network and for the search: no transaction is open meanwhile.
"""

import hashlib
import re
from typing import Any

import msgspec
from msgspec import Struct, structs

from cluster.base.db import Database, Scope
from cluster.base.errors import ClusterError, FieldFault, Invalid
from cluster.base.validation import explain
from cluster.channels.models import ChannelOrder, ChannelSettings, DefaultItem
from cluster.imports import entries, products
from cluster.imports.product_models import ITEMS_MAX, QUANTITY_MAX, Cartonise, Cartonised, Item, PackedUnit
from cluster.places import locating
from cluster.places.address import Address, Located, OldAddress
from cluster.places.geocoding import Geocoder
from cluster.places.subdivisions import is_subdivision
from cluster.shipments.goods import HandlingUnit
from cluster.shipments.models import BookShipment, Service

TEXT_MAX = 200
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")
PHONE = re.compile(r"\+?[0-9(][0-9 ()./-]{2,30}")
POSTCODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]{0,10}[A-Za-z0-9]")
EMAIL = re.compile(r"[^@\s]{1,120}@[^@\s]{1,120}")
MENDED_PLACE = {
    *("address_line1", "address_line2", "locality", "subdivision", "province_code", "ward_code", "postal_code"),
    "country_code",
}


class Drafted(Struct, frozen=True, kw_only=True):
    """
    A booking without its reference; ``packed`` says what is in its units, None where the member named the units.

    ``digest`` is that of all that the shop decides: with the same one there is nothing to change.
    """

    body: BookShipment
    packed: Cartonised | None
    digest: bytes


async def draft(
    database: Database,
    scope: Scope,
    geocoder: Geocoder,
    order: ChannelOrder,
    mend: dict[str, Any],
    settings: ChannelSettings,
    currency: str,
) -> Drafted:
    """
    The booking that an order amounts to.

    Raises
    ------
    Invalid
        With all that is wrong with it; pointers are those of what mends it.
    """
    faults = [] if order.cash_on_delivery_minor is None else list(_currency_faults(order, currency))
    address, point = _address(order, mend, faults)
    place: Located | None = None
    if address is not None:
        located = await locating.locate(database, scope, geocoder, address, point)
        if isinstance(located, list):
            faults += located
        else:
            place = located
    name = mend.get("name") or text(order.name)
    if name is None:
        faults.append(_missing("/name", "the order names nobody"))
    packed = await _packed(database, scope, order, mend, settings, faults)
    if faults or address is None or place is None or packed is None:
        raise Invalid(faults)
    party = _party(order, mend, address, place) | {"name": name}
    return _drafted(order, settings, party, packed, mended="handling_units" in mend)


def text(value: str | None, length_max: int = TEXT_MAX) -> str | None:
    """What a shop says, on one line and not too long; None where it says nothing."""
    return " ".join(UNPRINTABLE.sub(" ", value or "").split())[:length_max].strip() or None


def _currency_faults(order: ChannelOrder, currency: str) -> list[FieldFault]:
    if order.currency == currency:
        return []
    cause = f"cash on delivery in {order.currency}, where the cluster counts in {currency}"
    cure = "book it yourself, without cash on delivery or with another amount"
    return [FieldFault(pointer="/currency", code="currency_differs", cause=cause, cure=cure)]


def _missing(pointer: str, cause: str) -> FieldFault:
    cure = "correct the order at the shop, or give it when you retry"
    return FieldFault(pointer=pointer, code="missing", cause=cause, cure=cure)


def _address(
    order: ChannelOrder, mend: dict[str, Any], faults: list[FieldFault]
) -> tuple[Address | None, tuple[float, float] | None]:
    """The address with what mends it, and its point where somebody says one."""
    country = str(mend.get("country_code") or order.country_code).upper()
    part = text(order.subdivision) or ""
    named = part.upper() if re.fullmatch(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}", part) else f"{country}-{part.upper()}"
    postcode = text(order.postal_code) or ""
    given: dict[str, Any] = {
        "address_line1": text(order.address_line1),
        "address_line2": text(order.address_line2),
        "locality": text(order.city),
        "postal_code": postcode if POSTCODE.fullmatch(postcode) else None,
        "subdivision": named if is_subdivision(country, named) else None,
        "legacy": _old_names(order, part) if country == "VN" else None,
        "country_code": country,
    }
    given |= {name: value for name, value in mend.items() if name in MENDED_PLACE}
    given = {name: value for name, value in given.items() if value is not None}
    if "address_line1" not in given:
        faults.append(_missing("/address_line1", "the order has no address"))
    if not re.fullmatch("[A-Z]{2}", country):
        faults.append(_missing("/country_code", "the order names no country"))
    if faults and any(fault.pointer in {"/address_line1", "/country_code"} for fault in faults):
        return None, None
    try:
        address = msgspec.convert(msgspec.to_builtins(given), Address)
    except msgspec.ValidationError:
        refused = explain(msgspec.json.encode(given), Address)
        faults.extend(refused.errors)
        return None, None
    faults += address.faults()
    if "lat" in mend and "lon" in mend:
        return address, (mend["lat"], mend["lon"])
    moved = bool(MENDED_PLACE & mend.keys())
    told = order.lat is not None and order.lon is not None and -90 <= order.lat <= 90 and -180 <= order.lon <= 180
    return address, (order.lat or 0.0, order.lon or 0.0) if told and not moved else None


def _old_names(order: ChannelOrder, part: str) -> OldAddress | None:
    """Vietnam's shops write names, of the old tiers as of the new ones: all of them are looked for."""
    city, line = text(order.city), text(order.address_line2)
    if part and not re.fullmatch(r"(VN-)?[A-Z0-9]{1,3}", part):
        return OldAddress(province=part, district=city, ward=line)
    return OldAddress(province=city, ward=line) if city else None


def _party(order: ChannelOrder, mend: dict[str, Any], address: Address, place: Located) -> dict[str, Any]:
    phone = mend.get("phone") or re.sub(r"[^0-9+() ./-]", "", text(order.phone) or "").strip()
    email = text(order.email, 254) or ""
    return {
        "address_line1": address.address_line1,
        "address_line2": address.address_line2,
        "locality": address.locality,
        "postal_code": address.postal_code,
        "country_code": address.country_code,
        "province_code": place.province_code,
        "ward_code": place.ward_code,
        "lat": place.lat,
        "lon": place.lon,
        "contact_name": text(order.name),
        "phone": phone if PHONE.fullmatch(phone) else None,
        "email": email if EMAIL.fullmatch(email) else None,
        "instructions": text(order.note, 1000),
    }


async def _packed(
    database: Database,
    scope: Scope,
    order: ChannelOrder,
    mend: dict[str, Any],
    settings: ChannelSettings,
    faults: list[FieldFault],
) -> Cartonised | None:
    """The order's articles in handling units, or those that the member names instead."""
    if "handling_units" in mend:
        units = msgspec.convert(mend["handling_units"], list[HandlingUnit])
        packed = [PackedUnit(handling_unit=unit, packing=None, contents=[]) for unit in units]
        return Cartonised(units=packed, cost_minor=0, proved=False)
    if len(order.lines) > ITEMS_MAX or any(line.quantity > QUANTITY_MAX for line in order.lines):
        cure = "give handling_units when you retry"
        fault = FieldFault(pointer="/lines", code="too_many_pieces", cause="more than is packed at once", cure=cure)
        faults.append(fault)
        return None
    skus = {sku for line in order.lines if (sku := text(line.sku, 100))}
    async with database.unit(scope) as db:
        known = await entries.product_units(db, scope, skus)
    items = [_item(line.sku, line.name, line.quantity, set(known), settings.default_item) for line in order.lines]
    try:
        return await products.cartonise(database, scope, Cartonise(items=items))
    except Invalid as refused:
        faults.extend(_about_line(fault, order) for fault in refused.errors)
        return None


def _item(sku: str, name: str, quantity: int, known: set[str], default: DefaultItem | None) -> Item:
    shown = text(sku, 100)
    if shown in known or default is None:
        return Item(sku=shown, quantity=quantity)
    return Item(name=text(name), quantity=quantity, **structs.asdict(default))


def _about_line(fault: FieldFault, order: ChannelOrder) -> FieldFault:
    """A fault of packing in the words of the order."""
    _, _, index, *_ = [*fault.pointer.split("/"), "", ""]
    if not index.isdigit():
        return structs.replace(fault, pointer="/lines")
    sku = text(order.lines[int(index)].sku, 100)
    cure = "add the product, give the channel a default_item, or give handling_units when you retry"
    return structs.replace(fault, pointer=f"/lines/{index}/sku", cause=f"no product with SKU {sku}", cure=cure)


def _drafted(
    order: ChannelOrder, settings: ChannelSettings, party: dict[str, Any], packed: Cartonised, *, mended: bool
) -> Drafted:
    shipment: dict[str, Any] = {
        "client_ref": "-",
        "service": settings.service,
        "service_level": settings.service_level,
        "draft": settings.draft,
        "delivery": {name: value for name, value in party.items() if value is not None},
        "hub_site_id": settings.hub_site_id if settings.service is Service.DELIVERY else None,
        "cod_minor": order.cash_on_delivery_minor or None,
        "po_numbers": [text(order.number, 100) or order.external_id],
        "metadata": {"order": order.external_id},
    }
    if settings.service is Service.TRANSPORT:
        shipment["pickup"] = {"site_id": settings.pickup_site_id}
    try:
        body = products.booking_of({name: value for name, value in shipment.items() if value is not None}, packed)
    except ClusterError as refused:
        here = [structs.replace(fault, pointer=fault.pointer.removeprefix("/shipment")) for fault in refused.errors]
        raise Invalid(here) from None
    digest = hashlib.sha256(msgspec.json.encode([body.delivery, body.handling_units, body.cod_minor])).digest()
    return Drafted(body=body, packed=None if mended else packed, digest=digest)
