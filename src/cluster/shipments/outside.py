"""Outside options: a member's own tariffs, and what a booking's option comes to."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg
from geopy.distance import great_circle
from msgspec import Struct

from cluster.base import audit, ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.places.models import SiteRef
from cluster.shipments import outside_queries as queries
from cluster.shipments.changes import BookingDefaults, BookingRules
from cluster.shipments.models import BookShipment, Service, ServiceLevel, TemperatureClass, UnitKind, totals
from cluster.shipments.outside_models import (
    AddOutsideTariff,
    Facts,
    OutsideBasis,
    OutsideKind,
    OutsideTariff,
    When,
    priced,
)
from cluster.shipments.queries import NewStop


class Option(Struct, frozen=True):
    """What an outside option costs, and how that is known; both None without one."""

    minor: int | None = None
    basis: OutsideBasis | None = None


async def add(db: Connection, scope: Scope, body: AddOutsideTariff) -> OutsideTariff:
    """
    Adds a tariff of the calling member, or a version of one.

    Raises
    ------
    Conflict
        When its code has a version from that day on.
    """
    tariff_id = ids.new()
    try:
        async with db.transaction():
            await queries.insert(db, scope, tariff_id, body)
    except asyncpg.UniqueViolationError:
        told = f"There is a version of {body.code} from {body.valid_from} on already."
        raise Conflict("tariff_version_exists", told) from None
    return await tariff(db, scope, tariff_id)


async def tariff(db: Connection, scope: Scope, tariff_id: UUID) -> OutsideTariff:
    """One version of a tariff of the caller's."""
    found = await queries.tariffs(db, scope, UUID(int=0), 1, tariff_id)
    if not found:
        raise NotFound("otf")
    return found[0]


async def list_tariffs(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[OutsideTariff]:
    """Versions of the caller's tariffs."""
    return page(await queries.tariffs(db, scope, after, limit + 1), limit)


async def withdraw(db: Connection, scope: Scope, tariff_id: UUID) -> None:
    """Takes a version out of use; what was priced with it stays. Twice is the same as once."""
    if not await queries.withdraw(db, scope, tariff_id):
        raise NotFound("otf")


async def defaults(db: Connection, scope: Scope) -> BookingDefaults:
    """What the calling member's bookings say where they say nothing."""
    return await queries.defaults(db, scope)


async def set_defaults(db: Connection, scope: Scope, body: BookingDefaults) -> BookingDefaults:
    """
    Sets them.

    Raises
    ------
    Invalid
        When there is no such tariff.
    """
    if body.outside_tariff is not None and not await queries.versions(db, scope, [body.outside_tariff]):
        raise Invalid([_no_tariff("/outside_tariff", body.outside_tariff)])
    await queries.set_defaults(db, scope, body)
    return body


async def rules(db: Connection, scope: Scope) -> BookingRules:
    """What the cluster allows."""
    return await queries.rules(db, scope)


async def set_rules(db: Connection, scope: Scope, body: BookingRules) -> BookingRules:
    """Sets it."""
    await queries.set_rules(db, scope, body)
    await audit.record(
        db, scope, "booking_rules.set", "clu", scope.cluster, {"late_cancellation": body.late_cancellation}
    )
    return body


class Prices:
    """The tariffs that some bookings name, ready to price them."""

    def __init__(self, versions: Sequence[OutsideTariff], default: str | None) -> None:
        self._versions = versions
        self._default = default

    @classmethod
    async def of(cls, db: Connection, scope: Scope, bodies: Sequence[BookShipment], default: str | None) -> "Prices":
        """Looks up what the bodies name; no statement where they name nothing."""
        codes = {body.outside_tariff for body in bodies} | {default}
        named = sorted(code for code in codes if code is not None)
        return cls(await queries.versions(db, scope, named) if named else [], default)

    def option(
        self, body: BookShipment, stops: Sequence[NewStop], hub: SiteRef | None, day: date, pointer: str
    ) -> Option | FieldFault:
        """A booking's outside option; a fault where its tariff has no price for it."""
        if body.outside_minor is not None:
            return Option(body.outside_minor, OutsideBasis(kind=OutsideKind.GIVEN))
        if (quote := body.outside_quote) is not None:
            basis = OutsideBasis(
                kind=OutsideKind.CARRIER_QUOTE,
                carrier_name=quote.carrier_name,
                valid_until=quote.valid_until,
                reference=quote.reference,
            )
            return Option(quote.amount_minor, basis)
        code = body.outside_tariff or self._default
        return Option() if code is None else self._by_tariff(code, body, facts(body, stops, hub), day, pointer)

    def _by_tariff(self, code: str, body: BookShipment, asked: Facts, day: date, pointer: str) -> Option | FieldFault:
        """What a tariff says; the default one may say nothing."""
        found = next((entry for entry in self._versions if entry.code == code and entry.valid_from <= day), None)
        price = None if found is None else priced(found, asked)
        if price is not None:
            return Option(*price)
        if body.outside_tariff is None:
            return Option()
        if found is None:
            return _no_tariff(f"{pointer}/outside_tariff", code)
        cause = "has no zone or weight break for this shipment"
        cure = "add one to the tariff, name hub_site_id if zones go by distance, or give outside_minor"
        return FieldFault(pointer=f"{pointer}/outside_tariff", code="no_price", cause=cause, cure=cure)


def _no_tariff(pointer: str, code: str) -> FieldFault:
    cause, cure = f"no tariff {code} of yours is valid then", "add it, or use another code"
    return FieldFault(pointer=pointer, code="no_tariff", cause=cause, cure=cure)


def facts(body: BookShipment, stops: Sequence[NewStop], hub: SiteRef | None) -> Facts:
    """What a tariff asks about a booking; zones go by the end that is not the hub, a transport's by its delivery."""
    load = totals(body.handling_units)
    last, first = stops[-1], stops[0]
    start = (first.lat, first.lon) if body.service is Service.TRANSPORT else None
    if start is None and hub is not None:
        start = (hub.lat, hub.lon)
    applies = {
        When.ALWAYS: True,
        When.EXPRESS: body.service_level is ServiceLevel.EXPRESS,
        When.COD: body.cod_minor is not None,
        When.TEMPERATURE: body.temperature_class is not TemperatureClass.AMBIENT,
        When.DANGEROUS_GOODS: any(unit.dangerous_goods is not None for unit in body.handling_units),
        When.PALLET: any(unit.kind is UnitKind.PALLET for unit in body.handling_units),
    }
    return Facts(
        weight_g=load.weight_g,
        volume_cm3=load.volume_cm3,
        ward_code=last.ward_code,
        province_code=last.province_code,
        distance_m=None if start is None else round(great_circle(start, (last.lat, last.lon)).meters),
        cod_minor=body.cod_minor or 0,
        applies=frozenset(when for when, holds in applies.items() if holds),
    )
