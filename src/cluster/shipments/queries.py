"""SQL of shipments."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.models import (
    BookShipment,
    HandlingUnit,
    Service,
    Shipment,
    ShipmentStatus,
    ShipmentStop,
    Totals,
)


class NewStop(Struct, frozen=True, kw_only=True):
    """A pickup or delivery about to be stored."""

    action: str
    site_id: UUID | None
    name: str
    address_line1: str
    lat: float
    lon: float
    window_start: datetime | None
    window_end: datetime | None
    service_s: int


class NewShipment(Struct, frozen=True, kw_only=True):
    """A shipment about to be stored."""

    shipment_id: UUID
    pool_window_id: UUID
    hub_site_id: UUID | None
    body: BookShipment
    totals: Totals
    stops: list[NewStop]


async def insert(db: Connection, scope: Scope, new: Sequence[NewShipment]) -> None:
    """Stores shipments of the calling member with their stops and handling units, in one statement."""
    await db.execute(
        """
        WITH shipment AS (
            INSERT INTO shipments (cluster_id, member_id, status, shipment_id, pool_window_id, client_ref, service,
                                   hub_site_id, weight_g, volume_cm3, pallet_places, outside_minor, skills)
            SELECT $1, $2, 'pooled', new.id, new.pool, new.ref, new.service, new.hub, new.weight, new.volume,
                   new.pallets, new.outside, coalesce(string_to_array(nullif(new.skills, ''), ','), '{}')
              FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::bigint[], $9::bigint[],
                          $10::int[], $11::bigint[], $12::text[])
                   AS new (id, pool, ref, service, hub, weight, volume, pallets, outside, skills)
        ), stop AS (
            INSERT INTO shipment_stops (cluster_id, member_id, shipment_id, action, site_id, name, address_line1, lat,
                                        lon, window_start, window_end, service_s)
            SELECT $1, $2, new.*
              FROM unnest($13::uuid[], $14::text[], $15::uuid[], $16::text[], $17::text[], $18::float8[], $19::float8[],
                          $20::timestamptz[], $21::timestamptz[], $22::int[]) AS new
        )
        INSERT INTO handling_units (cluster_id, member_id, shipment_id, line_no, kind, units, weight_g, length_mm,
                                    width_mm, height_mm, sscc, rotations, on_top, bearing_max_g)
        SELECT $1, $2, new.*
          FROM unnest($23::uuid[], $24::int[], $25::text[], $26::int[], $27::bigint[], $28::int[], $29::int[],
                      $30::int[], $31::text[], $32::text[], $33::text[], $34::bigint[]) AS new
        """,
        scope.cluster,
        scope.member_id,
        *_columns(_fields(entry) for entry in new),
        *_columns((entry.shipment_id, *structs.astuple(stop)) for entry in new for stop in entry.stops),
        *_columns(
            (entry.shipment_id, line, *structs.astuple(unit))
            for entry in new
            for line, unit in enumerate(entry.body.handling_units, start=1)
        ),
    )


def _fields(new: NewShipment) -> tuple[Any, ...]:
    """A shipment's own columns, in the order of the statement."""
    return (
        new.shipment_id,
        new.pool_window_id,
        new.body.client_ref,
        new.body.service,
        new.hub_site_id,
        new.totals.weight_g,
        new.totals.volume_cm3,
        new.totals.pallet_places,
        new.body.outside_minor,
        ",".join(new.body.skills),
    )


def _columns(rows: Any) -> list[list[Any]]:
    """Rows as one list a column, which ``unnest`` takes; there is at least one row."""
    return [list(column) for column in zip(*rows, strict=True)]


async def taken_refs(db: Connection, scope: Scope, refs: list[str]) -> set[str]:
    """Those of the given references that the calling member has used."""
    rows = await db.fetch(
        "SELECT client_ref FROM shipments WHERE cluster_id = $1 AND member_id = $2 AND client_ref = ANY($3)",
        scope.cluster,
        scope.member_id,
        refs,
    )
    return {row["client_ref"] for row in rows}


async def shipments(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None, status: str | None
) -> list[Shipment]:
    """Shipments that the caller may see, oldest first; of one pool window or status if asked."""
    rows = await db.fetch(
        """
        SELECT shipment_id, member_id, pool_window_id, client_ref, service, status, hub_site_id, weight_g, volume_cm3,
               pallet_places, outside_minor, skills, created_at, updated_at
          FROM shipments
         WHERE cluster_id = $1 AND shipment_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
           AND ($4::uuid IS NULL OR pool_window_id = $4) AND ($5::text IS NULL OR status = $5)
         ORDER BY shipment_id LIMIT $6
        """,
        scope.cluster,
        after,
        scope.member_id,
        pool_window_id,
        status,
        limit,
    )
    return await _whole(db, scope, rows)


async def shipment(db: Connection, scope: Scope, shipment_id: UUID) -> Shipment | None:
    """One shipment that the caller may see."""
    rows = await db.fetch(
        """
        SELECT shipment_id, member_id, pool_window_id, client_ref, service, status, hub_site_id, weight_g, volume_cm3,
               pallet_places, outside_minor, skills, created_at, updated_at
          FROM shipments WHERE cluster_id = $1 AND shipment_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        shipment_id,
        scope.member_id,
    )
    found = await _whole(db, scope, rows)
    return found[0] if found else None


async def _whole(db: Connection, scope: Scope, rows: Sequence[Any]) -> list[Shipment]:
    """Shipment rows with their stops and handling units."""
    wanted = [row["shipment_id"] for row in rows]
    stops = await _stops(db, scope, wanted)
    units = await _units(db, scope, wanted)
    return [
        Shipment(
            id=ids.show("shp", row["shipment_id"]),
            member_id=ids.show("mem", row["member_id"]),
            pool_window_id=ids.show("win", row["pool_window_id"]),
            client_ref=row["client_ref"],
            service=Service(row["service"]),
            status=ShipmentStatus(row["status"]),
            pickup=stops.get((row["shipment_id"], "pickup")),
            delivery=stops.get((row["shipment_id"], "delivery")),
            hub_site_id=None if row["hub_site_id"] is None else ids.show("sit", row["hub_site_id"]),
            weight_g=row["weight_g"],
            volume_cm3=row["volume_cm3"],
            pallet_places=row["pallet_places"],
            outside_minor=row["outside_minor"],
            skills=row["skills"],
            handling_units=units[row["shipment_id"]],
            created_at=row["created_at"],
            updated_at=row["updated_at"],
        )
        for row in rows
    ]


async def _stops(db: Connection, scope: Scope, wanted: list[UUID]) -> dict[tuple[UUID, str], ShipmentStop]:
    rows = await db.fetch(
        """
        SELECT shipment_id, action, site_id, name, address_line1, lat, lon, window_start, window_end, service_s
          FROM shipment_stops WHERE cluster_id = $1 AND shipment_id = ANY($2)
        """,
        scope.cluster,
        wanted,
    )
    found = {}
    for row in rows:
        fields = dict(row)
        key = (fields.pop("shipment_id"), fields.pop("action"))
        site_id = fields.pop("site_id")
        found[key] = ShipmentStop(site_id=None if site_id is None else ids.show("sit", site_id), **fields)
    return found


async def _units(db: Connection, scope: Scope, wanted: list[UUID]) -> dict[UUID, list[HandlingUnit]]:
    rows = await db.fetch(
        """
        SELECT shipment_id, kind, units, weight_g, length_mm, width_mm, height_mm, sscc, rotations, on_top,
               bearing_max_g
          FROM handling_units WHERE cluster_id = $1 AND shipment_id = ANY($2) ORDER BY shipment_id, line_no
        """,
        scope.cluster,
        wanted,
    )
    found: dict[UUID, list[HandlingUnit]] = {shipment_id: [] for shipment_id in wanted}
    for row in rows:
        fields = dict(row)
        found[fields.pop("shipment_id")].append(msgspec.convert(fields, HandlingUnit))
    return found


async def set_status(
    db: Connection, scope: Scope, shipment_ids: list[UUID], status: ShipmentStatus, only_from: list[ShipmentStatus]
) -> list[UUID]:
    """Moves shipments that stand in one of ``only_from``; returns those that moved."""
    rows = await db.fetch(
        """
        UPDATE shipments SET status = $3, updated_at = now()
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND status = ANY($4)
           AND ($5::uuid IS NULL OR member_id = $5)
        RETURNING shipment_id
        """,
        scope.cluster,
        shipment_ids,
        status,
        only_from,
        scope.member_id,
    )
    return [row["shipment_id"] for row in rows]
