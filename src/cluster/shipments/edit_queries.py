"""SQL of changes to shipments: edits, reports from the road, cancellations, and the timeline."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.changes import Cancellation, CausedBy, ShipmentEvent
from cluster.shipments.models import ShipmentStatus
from cluster.shipments.queries import NewShipment, basis_json, columns, contacts, search_text, stop_row, units


class Move(Struct, frozen=True, kw_only=True):
    """A shipment about to change its state, and why."""

    status: ShipmentStatus
    at: datetime | None = None
    code: str | None = None
    reason: str | None = None


async def replace(
    db: Connection, scope: Scope, shipment_id: UUID, version: int, new: NewShipment, code: str | None
) -> bool:
    """Puts what was edited in place of version ``version``; says whether that was still there."""
    body, load = new.body, new.totals
    done = await db.fetchval(
        """
        UPDATE shipments
           SET pool_window_id = $4, status = $5, client_ref = $6, service = $7, service_level = $8,
               temperature_class = $9, food = $10, pooling = $11, hub_site_id = $12, weight_g = $13, volume_cm3 = $14,
               pallet_places = $15, outside_minor = $16, option_basis = $17, declared_minor = $18, cod_minor = $19,
               inspection = $20, incoterm = $21, metadata = $22, search_text = $23, skills = $24, po_numbers = $25,
               status_at = CASE WHEN status = $5 THEN status_at ELSE now() END,
               status_code = CASE WHEN status = $5 THEN status_code ELSE $26 END,
               status_reason = CASE WHEN status = $5 THEN status_reason END
         WHERE cluster_id = $1 AND shipment_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        shipment_id,
        version,
        new.pool_window_id,
        new.status,
        body.client_ref,
        body.service,
        body.service_level,
        body.temperature_class,
        body.food,
        new.pooling,
        new.hub_site_id,
        load.weight_g,
        load.volume_cm3,
        load.pallet_places,
        new.outside_minor,
        basis_json(new.basis),
        body.declared_minor,
        body.cod_minor,
        body.inspection,
        body.incoterm,
        body.metadata,
        search_text(new),
        body.skills,
        body.po_numbers,
        code,
    )
    return bool(done)


async def clear_parts(db: Connection, scope: Scope, shipment_id: UUID) -> None:
    """Takes away a shipment's ends, contacts and units, for what was edited to take their place."""
    await db.execute(
        """
        WITH contact AS (DELETE FROM shipment_contacts WHERE cluster_id = $1 AND shipment_id = $2),
             stop AS (DELETE FROM shipment_stops WHERE cluster_id = $1 AND shipment_id = $2)
        DELETE FROM handling_units WHERE cluster_id = $1 AND shipment_id = $2
        """,
        scope.cluster,
        shipment_id,
    )


async def insert_parts(db: Connection, scope: Scope, shipment_id: UUID, new: NewShipment) -> None:
    """Stores a shipment's ends, contacts and units."""
    await db.execute(
        """
        WITH stop AS (
            INSERT INTO shipment_stops (cluster_id, member_id, shipment_id, action, site_id, address_id, name,
                                        address_line1, address_line2, locality, province_code, ward_code, postal_code,
                                        country_code, lat, lon, window_start, window_end, windows, service_s,
                                        instructions)
            SELECT $1, $2, new.*
              FROM unnest($3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[],
                          $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::float8[], $16::float8[],
                          $17::timestamptz[], $18::timestamptz[], $19::jsonb[], $20::int[], $21::text[]) AS new
        ), contact AS (
            INSERT INTO shipment_contacts (cluster_id, member_id, shipment_id, action, contact_name, phone, email)
            SELECT $1, $2, new.* FROM unnest($22::uuid[], $23::text[], $24::text[], $25::text[], $26::text[]) AS new
        )
        INSERT INTO handling_units (cluster_id, member_id, shipment_id, line_no, kind, units, weight_g, length_mm,
                                    width_mm, height_mm, sscc, rotations, on_top, bearing_max_g, hs_code,
                                    un_number, hazard_class, packing_group, limited_quantity, hazard_labels)
        SELECT $1, $2, new.*
          FROM unnest($27::uuid[], $28::int[], $29::text[], $30::int[], $31::bigint[], $32::int[], $33::int[],
                      $34::int[], $35::text[], $36::text[], $37::text[], $38::bigint[], $39::text[], $40::text[],
                      $41::text[], $42::text[], $43::bool[], $44::text[]) AS new
        """,
        scope.cluster,
        scope.member_id,
        *columns((stop_row(shipment_id, stop) for stop in new.stops), 19),
        *columns(((shipment_id, *row[1:]) for row in contacts(new)), 5),
        *columns(((shipment_id, *row[1:]) for row in units(new)), 18),
    )


async def move_one(
    db: Connection,
    scope: Scope,
    shipment_id: UUID,
    version: int,
    move: Move,
) -> bool:
    """Changes the state of version ``version``; says whether it was there."""
    done = await db.fetchval(
        """
        UPDATE shipments SET status = $4, status_at = coalesce($5, now()), status_code = $6, status_reason = $7
         WHERE cluster_id = $1 AND shipment_id = $2 AND version = $3 AND ($8::uuid IS NULL OR member_id = $8)
        RETURNING true
        """,
        scope.cluster,
        shipment_id,
        version,
        move.status,
        move.at,
        move.code,
        move.reason,
        scope.member_id,
    )
    return bool(done)


async def note_late(db: Connection, scope: Scope, shipment_id: UUID, move: Move) -> None:
    """Keeps a report that does not change the state."""
    await db.execute(
        """
        WITH told AS (
            UPDATE shipments SET event_no = event_no + 1
             WHERE cluster_id = $1 AND shipment_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
            RETURNING shipment_id, member_id, event_no)
        INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, applied, code, reason,
                                     actor_role)
        SELECT $1, shipment_id, event_no, member_id, coalesce($4, now()), $5, false, $6, $7, app_role() FROM told
        """,
        scope.cluster,
        shipment_id,
        scope.member_id,
        move.at,
        move.status,
        move.code,
        move.reason,
    )


async def events(db: Connection, scope: Scope, shipment_id: UUID, after: int, limit: int) -> list[ShipmentEvent]:
    """Entries of a shipment's timeline, in the order in which they were recorded."""
    rows = await db.fetch(
        """
        SELECT event_no, at, recorded_at, status, applied, code, reason, actor_role FROM shipment_events
         WHERE cluster_id = $1 AND shipment_id = $2 AND ($3::uuid IS NULL OR member_id = $3) AND event_no > $4
         ORDER BY event_no LIMIT $5
        """,
        scope.cluster,
        shipment_id,
        scope.member_id,
        after,
        limit,
    )
    return [
        ShipmentEvent(
            id=ids.show("sev", UUID(int=row["event_no"])),
            at=row["at"],
            recorded_at=row["recorded_at"],
            status=ShipmentStatus(row["status"]),
            applied=row["applied"],
            code=row["code"],
            reason=row["reason"],
            actor=row["actor_role"],
        )
        for row in rows
    ]


async def insert_cancellation(
    db: Connection,
    scope: Scope,
    shipment_id: UUID,
    stage: ShipmentStatus,
    after_cut_off: bool,
    caused_by: CausedBy,
    reason: str | None,
) -> None:
    """Notes a cancellation with what a true-up reads."""
    await db.execute(
        """
        INSERT INTO shipment_cancellations (cluster_id, shipment_id, member_id, pool_window_id, stage, after_cut_off,
                                            caused_by, reason, actor_role)
        SELECT $1, shipment_id, member_id, pool_window_id, $3, $4, $5, $6, app_role()
          FROM shipments WHERE cluster_id = $1 AND shipment_id = $2
        """,
        scope.cluster,
        shipment_id,
        stage,
        after_cut_off,
        caused_by,
        reason,
    )


async def cancellations(db: Connection, scope: Scope, pool_window_id: UUID) -> list[Cancellation]:
    """Cancellations of a pool window, in the order in which they happened."""
    rows = await db.fetch(
        """
        SELECT shipment_id, member_id, pool_window_id, at, stage, after_cut_off, caused_by, reason
          FROM shipment_cancellations
         WHERE cluster_id = $1 AND pool_window_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
         ORDER BY at, shipment_id
        """,
        scope.cluster,
        pool_window_id,
        scope.member_id,
    )
    return [
        Cancellation(
            shipment_id=ids.show("shp", row["shipment_id"]),
            member_id=ids.show("mem", row["member_id"]),
            pool_window_id=ids.show("win", row["pool_window_id"]),
            at=row["at"],
            stage=ShipmentStatus(row["stage"]),
            after_cut_off=row["after_cut_off"],
            caused_by=CausedBy(row["caused_by"]),
            reason=row["reason"],
        )
        for row in rows
    ]
