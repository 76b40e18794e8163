"""A tour is put out to tender: who is asked, what they are shown, at what price."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.carriers import firms
from cluster.dispatch.models import TourStatus
from cluster.insights import prices
from cluster.tenders import offer_queries
from cluster.tenders.models import AwardRule, TenderContent, TenderMode, TenderStop, TenderTour
from cluster.tenders.queries import NewTender

DIGITS = 3
"""Of coordinates that are shown before anybody takes the tour: some 100 m."""


async def tour_to_tender(db: Connection, scope: Scope, tour_id: UUID) -> asyncpg.Record:
    """
    The tour, if it can be tendered.

    Raises
    ------
    NotFound
        When there is none.
    Conflict
        ``tour_given`` when somebody drives it already, ``tour_over`` when it was called off.
    """
    tour = await offer_queries.tour(db, scope, tour_id)
    if tour is None:
        raise NotFound("tor")
    if tour["status"] == TourStatus.CANCELLED:
        raise Conflict("tour_over", "This tour was called off.")
    if tour["status"] != TourStatus.PLANNED:
        detail = "Somebody drives this tour already. Dispatch a plan with `release: false` to tender its tours first."
        raise Conflict("tour_given", detail)
    return tour


async def content_of(db: Connection, scope: Scope, tour: asyncpg.Record) -> TenderContent:
    """What every carrier is shown."""
    rows = await offer_queries.stops(db, scope, tour["tour_id"])
    goods = await offer_queries.load(db, scope, tour["tour_id"])
    return TenderContent(
        service_date=tour["service_date"],
        time_zone=tour["time_zone"],
        currency=tour["currency"],
        vehicle=tour["vehicle"],
        starts_at=tour["starts_at"],
        ends_at=tour["ends_at"],
        distance_m=tour["distance_m"],
        start_name=tour["start_name"],
        start_lat=tour["start_lat"],
        start_lon=tour["start_lon"],
        weight_g=goods["weight_g"],
        shipments=goods["shipments"],
        stops=[stop_shown(row) for row in rows],
    )


def stop_shown(row: Any) -> TenderStop:
    """A stop as carriers see it beforehand; ``row`` has its fields, with the exact point."""
    return TenderStop(
        stop_no=row["stop_no"],
        locality=row["locality"],
        postal_code=row["postal_code"],
        country_code=row["country_code"],
        lat=round(row["lat"], DIGITS),
        lon=round(row["lon"], DIGITS),
        arrives_at=row["arrives_at"],
        departs_at=row["departs_at"],
        window_start=row["window_start"],
        window_end=row["window_end"],
        pickups=row["pickups"],
        deliveries=row["deliveries"],
        units=row["units"],
        weight_g=row["weight_g"],
        un_numbers=row["un_numbers"],
        temperature_classes=row["temperature_classes"],
    )


async def carriers_of(
    db: Connection, scope: Scope, tour: asyncpg.Record, content: TenderContent, body: TenderTour
) -> list[UUID]:
    """
    Who is asked, in this order.

    Raises
    ------
    Invalid
        For each carrier that is none of the cluster's, or may not drive that day, or nobody at all.
    """
    dangerous = any(stop.un_numbers for stop in content.stops)
    named = [_carrier(text) for text in body.carriers]
    if body.mode is TenderMode.DIRECT and not named:
        named = [tour["owner_id"]] if tour["owner_id"] is not None else []
    if named or body.mode is not TenderMode.BROADCAST:
        only = [entry for entry in named if entry is not None]
        rests = await firms.fitness(db, scope, tour["service_date"], dangerous=dangerous, only=only)
        return _judged(named, rests)
    rests = await firms.fitness(db, scope, tour["service_date"], dangerous=dangerous)
    return _some([carrier_id for carrier_id, why in rests.items() if why is None])


def _carrier(text: str) -> UUID | None:
    try:
        return ids.parse("car", text)
    except NotFound:
        return None


def _judged(named: Sequence[UUID | None], rests: dict[UUID, str | None]) -> list[UUID]:
    faults = []
    for index, carrier_id in enumerate(named):
        pointer = f"/carriers/{index}"
        if carrier_id is None or carrier_id not in rests:
            fault = FieldFault(
                pointer=pointer, code="unknown_carrier", cause="no such carrier", cure="see /v1/carriers"
            )
            faults.append(fault)
        elif (why := rests[carrier_id]) is not None:
            cause, cure = f"may not drive this tour that day: {why}", "name another, or see to its papers and calendar"
            faults.append(FieldFault(pointer=pointer, code="carrier_rests", cause=cause, cure=cure))
    if faults:
        raise Invalid(faults)
    return _some(entry for entry in named if entry is not None)


def _some(carriers: Iterable[UUID]) -> list[UUID]:
    found = list(carriers)
    if not found:
        cause, cure = "there is nobody to ask", "name carriers, or say whose the vehicles are"
        raise Invalid([FieldFault(pointer="/carriers", code="missing", cause=cause, cure=cure)])
    return found


async def new_tender(
    db: Connection, scope: Scope, tour: asyncpg.Record, content: TenderContent, body: TenderTour
) -> NewTender:
    """
    The tender, at the price of the tariff where none is named.

    Raises
    ------
    Invalid
        When a ceiling is below that price.
    """
    price_minor = body.price_minor
    if price_minor is None:
        found = await prices.prices(db, scope, tour["plan_id"])
        price_minor = next(route.billed_minor for route in found.routes if route.route_no == tour["route_no"])
    if body.ceiling_minor is not None and body.ceiling_minor < price_minor:
        cause, cure = f"below the tariff's price, {price_minor}", "raise it, or name a lower price_minor"
        raise Invalid([FieldFault(pointer="/ceiling_minor", code="out_of_range", cause=cause, cure=cure)])
    return NewTender(
        tender_id=ids.new(),
        tour_id=tour["tour_id"],
        tour_version=tour["version"],
        mode=body.mode,
        award_rule=body.award if body.mode is TenderMode.BROADCAST else AwardRule.CHOICE,
        price_minor=price_minor,
        ceiling_minor=body.ceiling_minor,
        respond_s=body.respond_s,
        dispatches=body.dispatches,
        note=body.note,
        content=content,
    )
