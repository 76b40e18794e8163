"""SQL of papers: codes on units, and what stands on labels."""

from typing import Any
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def prefixes(db: Connection, scope: Scope) -> dict[UUID | None, str]:
    """Company prefixes that the caller may see, by member; the cluster's under None."""
    rows = await db.fetch(
        """
        SELECT member_id, prefix FROM sscc_prefixes
         WHERE cluster_id = $1 AND ($2::uuid IS NULL OR member_id IS NULL OR member_id = $2)
        """,
        scope.cluster,
        scope.member_id,
    )
    return {row["member_id"]: row["prefix"] for row in rows}


async def set_prefix(db: Connection, scope: Scope, prefix: str) -> None:
    """The calling member's prefix, or the cluster's."""
    await db.execute(
        """
        INSERT INTO sscc_prefixes (cluster_id, owner_id, member_id, prefix)
        VALUES ($1::uuid, coalesce($2::uuid, $1::uuid), $2::uuid, $3)
        ON CONFLICT (cluster_id, owner_id) DO UPDATE SET prefix = excluded.prefix, updated_at = now()
        """,
        scope.cluster,
        scope.member_id,
        prefix,
    )


async def of_tour(db: Connection, scope: Scope, tour_id: UUID) -> dict[UUID, asyncpg.Record]:
    """Shipments of a tour by their last stop on it, the first to be unloaded last."""
    rows = await db.fetch(
        """
        SELECT shipment_id, max(stop_no) AS stop_no, max(code) AS code
          FROM tour_visits JOIN tours USING (cluster_id, tour_id)
         WHERE cluster_id = $1 AND tour_id = $2 AND outcome IS DISTINCT FROM 'moved'
         GROUP BY shipment_id ORDER BY max(stop_no), shipment_id
        """,
        scope.cluster,
        tour_id,
    )
    return {row["shipment_id"]: row for row in rows}


async def lines(db: Connection, scope: Scope, shipment_ids: list[UUID]) -> list[Any]:
    """Lines of handling units with their shipment, its sender, and where the goods go (or come from)."""
    found: list[Any] = await db.fetch(
        """
        SELECT unit.shipment_id, unit.line_no, unit.units, unit.weight_g, unit.sscc, unit.un_number,
               shipment.member_id, shipment.client_ref, member.name AS sender, day.service_date,
               place.name, place.address_line1, place.address_line2, place.locality, place.postal_code,
               place.country_code
          FROM handling_units AS unit
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
          JOIN members AS member ON member.cluster_id = unit.cluster_id AND member.member_id = shipment.member_id
          LEFT JOIN pool_windows AS day ON day.cluster_id = unit.cluster_id
               AND day.pool_window_id = shipment.pool_window_id
          JOIN LATERAL (SELECT * FROM shipment_stops AS stop
                         WHERE stop.cluster_id = unit.cluster_id AND stop.shipment_id = unit.shipment_id
                         ORDER BY stop.action LIMIT 1) AS place ON true
         WHERE unit.cluster_id = $1 AND unit.shipment_id = ANY($2) AND ($3::uuid IS NULL OR shipment.member_id = $3)
         ORDER BY unit.shipment_id, unit.line_no
        """,
        scope.cluster,
        shipment_ids,
        scope.member_id,
    )
    return found


async def codes(db: Connection, scope: Scope, shipment_ids: list[UUID]) -> dict[tuple[UUID, int, int], str]:
    """Codes given to units before, by shipment, line and number within the line."""
    rows = await db.fetch(
        """
        SELECT shipment_id, line_no, unit_no, sscc FROM sscc_units
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        shipment_ids,
        scope.member_id,
    )
    return {(row["shipment_id"], row["line_no"], row["unit_no"]): row["sscc"] for row in rows}


async def give_codes(db: Connection, scope: Scope, units: list[tuple[UUID, int, int, UUID, str]]) -> None:
    """
    Gives units codes, where both the unit and the code are free.

    A code that is taken, by whomever, leaves its unit without one: another is drawn.
    """
    await db.execute(
        """
        INSERT INTO sscc_units (cluster_id, shipment_id, line_no, unit_no, member_id, sscc)
        SELECT $1, told.* FROM unnest($2::uuid[], $3::integer[], $4::integer[], $5::uuid[], $6::text[]) AS told
        ON CONFLICT DO NOTHING
        """,
        scope.cluster,
        *([list(column) for column in zip(*units, strict=True)] or [[], [], [], [], []]),
    )


async def placements(db: Connection, scope: Scope, tour_id: UUID) -> Any:
    """Where units stand in a tour's hold, as its plan has it; None where its vehicle has no hold."""
    return await db.fetchrow(
        """
        SELECT placements, kind.hold, kind.name AS vehicle_name
          FROM tours JOIN plan_routes USING (cluster_id, plan_id, route_no)
          JOIN vehicle_types AS kind ON kind.cluster_id = tours.cluster_id
               AND kind.vehicle_type_id = tours.vehicle_type_id
         WHERE tours.cluster_id = $1 AND tours.tour_id = $2
        """,
        scope.cluster,
        tour_id,
    )
