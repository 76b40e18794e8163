"""What a driver's phone needs of its tour."""

from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.dispatch import link_queries, links, queries, tours
from cluster.dispatch.event_models import PROOF_MAX_BYTES
from cluster.dispatch.links import Opened
from cluster.dispatch.models import (
    LIVE,
    Base,
    DriverStop,
    DriverTour,
    DriverUnit,
    DriverVisit,
    Outcome,
    ReasonChoice,
    Tour,
)
from cluster.dispatch.reasons import Reason, fits
from cluster.members import service as members
from cluster.planning.models import RouteBreak

CHOICES = [
    ReasonChoice(
        code=reason,
        pickup=fits(reason, "pickup"),
        delivery=fits(reason, "delivery"),
        partly=fits(reason, "delivery", partly=True),
        on_tour=fits(reason, None),
    )
    for reason in Reason
    if reason is not Reason.TOUR_CANCELLED
]


async def tour_of(db: Connection, opened: Opened) -> DriverTour:
    """The tour that a link opens."""
    scope, tour_id = opened.scope, opened.thing_id
    found = await tours.tour(db, scope, tour_id)
    cluster = await members.cluster_of(db, scope)
    way = await way_of(db, scope, found)
    await links.note_use(db, opened, link_queries.LinkKind.DRIVER)
    return DriverTour(
        code=found.code,
        status=found.status,
        version=found.version,
        vehicle=found.vehicle,
        driver_name=found.driver_name,
        cluster_name=cluster.name,
        currency=cluster.currency,
        country_code=cluster.country_code,
        time_zone=cluster.time_zone,
        service_date=found.service_date,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        started_at=found.started_at,
        completed_at=found.completed_at,
        distance_m=found.distance_m,
        start=way.start,
        end=way.end,
        stops=way.stops,
        breaks=way.breaks,
        reasons=CHOICES,
        proof_max_bytes=PROOF_MAX_BYTES,
        expires_at=opened.expires_at,
    )


class Way(Struct, frozen=True, kw_only=True):
    """Where a tour goes: its ends, what to do at each stop, and when to rest."""

    start: Base
    end: Base | None
    stops: list[DriverStop]
    breaks: list[RouteBreak]


async def way_of(db: Connection, scope: Scope, found: Tour) -> Way:
    """Where a tour goes, as whoever drives it is to know; once it is over, without whom to ask for."""
    tour_id = ids.parse("tor", found.id)
    rows = await queries.stops(db, scope, tour_id)
    units: dict[UUID, list[DriverUnit]] = {}
    for row in await queries.units(db, scope, tour_id):
        units.setdefault(row["shipment_id"], []).append(_unit(row))
    ends = await queries.bases(db, scope, tour_id)
    expected = tours.expected_at(found, rows)
    return Way(
        start=_base(ends, "start"),
        end=None if ends["end_name"] is None else _base(ends, "end"),
        stops=[
            _stop(number, list(group), units, expected, over=found.status not in LIVE)
            for number, group in groupby(rows, key=lambda row: row["stop_no"])
        ],
        breaks=tours.breaks_of(ends),
    )


def _base(ends: Any, which: str) -> Base:
    return Base(
        name=ends[f"{which}_name"],
        address_line1=ends[f"{which}_line"],
        lat=ends[f"{which}_lat"],
        lon=ends[f"{which}_lon"],
    )


def _unit(row: Any) -> DriverUnit:
    return DriverUnit(
        kind=row["kind"],
        units=row["units"],
        weight_g=row["weight_g"],
        length_mm=row["length_mm"],
        width_mm=row["width_mm"],
        height_mm=row["height_mm"],
        on_top=row["on_top"],
        un_number=row["un_number"],
        hazard_class=row["hazard_class"],
    )


def _stop(
    number: int, rows: list[Any], units: dict[UUID, list[DriverUnit]], expected: dict[int, datetime], *, over: bool
) -> DriverStop:
    first = rows[0]
    return DriverStop(
        stop_no=number,
        name=first["name"],
        address_line1=first["address_line1"],
        address_line2=first["address_line2"],
        locality=first["locality"],
        postal_code=first["postal_code"],
        country_code=first["country_code"],
        lat=first["lat"],
        lon=first["lon"],
        arrives_at=first["arrives_at"],
        departs_at=first["departs_at"],
        arrived_at=first["arrived_at"],
        left_at=first["left_at"],
        eta_at=_to_the_minute(expected.get(number)),
        visits=[_visit(row, units.get(row["shipment_id"], []), over=over) for row in rows],
    )


def _to_the_minute(instant: datetime | None) -> datetime | None:
    """So that what has not changed reads the same a few seconds later, and a phone need not fetch it again."""
    return None if instant is None else instant.replace(second=0, microsecond=0)


def _visit(row: Any, units: list[DriverUnit], *, over: bool) -> DriverVisit:
    """A visit; once the tour is over, whom to ask for is no longer the driver's business."""
    return DriverVisit(
        shipment_id=ids.show("shp", row["shipment_id"]),
        reference=row["client_ref"],
        action=row["action"],
        window_start=row["window_start"],
        window_end=row["window_end"],
        instructions=row["instructions"],
        contact_name=None if over else row["contact_name"],
        phone=None if over else row["phone"],
        weight_g=row["weight_g"],
        units=units,
        cod_minor=row["cod_minor"] if row["action"] == "delivery" else None,
        inspection=row["inspection"] if row["action"] == "delivery" else None,
        temperature_class=row["temperature_class"],
        outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
        outcome_at=row["outcome_at"],
        reason=None if row["reason"] is None else Reason(row["reason"]),
        proofs=row["proofs"],
    )
