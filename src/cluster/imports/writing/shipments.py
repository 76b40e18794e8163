"""Shipments as lines that can be imported again: one a kind of handling unit, what is of the whole in each."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import structs

from cluster.base.money import EXPONENTS
from cluster.imports.columns.fields import FIELDS, Field, Says
from cluster.imports.reading.found import Cell
from cluster.shipments.goods import HandlingUnit
from cluster.shipments.models import Shipment

HEAD = ("id", "status")
"""Columns that reading leaves alone."""
LEFT_OUT = {"service_date", "sku", "outside_tariff"}
EXPORTED: tuple[Field, ...] = tuple(entry for entry in FIELDS["shipments"] if entry.name not in LEFT_OUT)


def header() -> list[str]:
    """Names of the columns."""
    return [*HEAD, *(entry.column for entry in EXPORTED)]


def rows(shipment: Shipment, sites: Mapping[str, str], currency: str) -> list[list[Cell]]:
    """
    The lines of one shipment.

    Parameters
    ----------
    sites
        Codes by identifier: what stands at a site is told by its code alone.
    """
    body = structs.asdict(shipment)
    for end in ("pickup", "delivery"):
        body[end] = None if body[end] is None else _end(structs.asdict(body[end]), sites)
    body["hub_site_code"] = sites.get(shipment.hub_site_id or "", "")
    return [
        [shipment.id, shipment.status.value, *(_cell(entry, body, unit, currency) for entry in EXPORTED)]
        for unit in shipment.handling_units
    ]


def _end(stop: dict[str, Any], sites: Mapping[str, str]) -> dict[str, Any]:
    site = sites.get(stop["site_id"] or "")
    if site is None:
        return stop
    place = ("name", "address_line1", "address_line2", "locality", "province_code", "ward_code", "postal_code",
             "country_code", "lat", "lon")  # fmt: skip
    return {name: value for name, value in stop.items() if name not in place} | {"site_code": site}


def _cell(entry: Field, body: Mapping[str, Any], unit: HandlingUnit, currency: str) -> Cell:
    if entry.name.endswith("_site_code"):
        end = body.get(entry.name.removesuffix("_site_code")) or {}
        value = body["hub_site_code"] if entry.name == "hub_site_code" else end.get("site_code")
    elif entry.is_of_unit:
        value = _at(structs.asdict(unit), entry.path[1:])
    else:
        value = _at(body, entry.path)
    return _shown(entry, value, currency)


def _at(body: Any, path: Sequence[str]) -> Any:
    for step in path:
        body = body.get(step) if isinstance(body, Mapping) else getattr(body, step, None)
    return body


def _shown(entry: Field, value: Any, currency: str) -> Cell:
    if value is None or value is False or value == []:
        return ""
    if entry.says is Says.MONEY:
        return _decimal(value, EXPONENTS[currency])
    if entry.says is Says.LIST:
        return ", ".join(value)
    if entry.says is Says.FLAG:
        return "yes"
    if entry.says is Says.MOMENT:
        return str(value.isoformat())
    return value if isinstance(value, int | float) else str(value)


def _decimal(minor: int, decimals: int) -> Cell:
    """An amount of money; exact, as amounts have at most 15 digits."""
    return minor if decimals == 0 else minor / 10**decimals
