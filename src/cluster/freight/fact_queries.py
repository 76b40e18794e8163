"""SQL of what is known of tours: whose they are, as planned, as driven, and what was billed for them."""

from collections.abc import Collection, Sequence
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope


async def tours(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> list[asyncpg.Record]:
    """
    Tours with what their price depends on, and whose they are.

    Whose a tour is, and what was agreed for it, this statement alone says.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, tours.code, status, vehicle_type_id, tours.carrier_id, agreed_minor,
               service_date, distance_m, extract(epoch FROM ends_at - starts_at)::bigint AS planned_s,
               extract(epoch FROM completed_at - started_at)::bigint AS driven_s, begin.lat, begin.lon
          FROM tours
          JOIN pool_windows USING (cluster_id, pool_window_id)
          JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
          JOIN sites AS begin ON begin.cluster_id = tours.cluster_id AND begin.site_id = kind.start_site_id
         WHERE tours.cluster_id = $1 AND tour_id = ANY($2)
        """,
        scope.cluster,
        list(tour_ids),
    )
    return found


async def stops(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> list[asyncpg.Record]:
    """
    Stops of tours in order, where each is and whether the vehicle was there.

    It was where somebody reported its arrival or what became of a visit; a visit that failed is one.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, stop_no, (array_agg(place.lat ORDER BY visit_no))[1] AS lat,
               (array_agg(place.lon ORDER BY visit_no))[1] AS lon,
               (array_agg(place.postal_code ORDER BY visit_no))[1] AS postal_code,
               (array_agg(place.ward_code ORDER BY visit_no))[1] AS ward_code,
               (array_agg(place.province_code ORDER BY visit_no))[1] AS province_code,
               bool_or(stop.arrived_at IS NOT NULL OR visit.outcome IS NOT NULL) AS driven
          FROM tour_visits AS visit
          JOIN tour_stops AS stop USING (cluster_id, tour_id, stop_no)
          JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
         WHERE visit.cluster_id = $1 AND tour_id = ANY($2) AND visit.outcome IS DISTINCT FROM 'moved'
         GROUP BY tour_id, stop_no ORDER BY tour_id, stop_no
        """,
        scope.cluster,
        list(tour_ids),
    )
    return found


async def weights(db: Connection, scope: Scope, tour_ids: Collection[UUID]) -> list[asyncpg.Record]:
    """Shipments of tours by weight, and whether each was visited."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, weight_g, bool_or(visit.outcome IS NOT NULL) AS driven
          FROM tour_visits AS visit JOIN shipments USING (cluster_id, shipment_id)
         WHERE visit.cluster_id = $1 AND tour_id = ANY($2) AND visit.outcome IS DISTINCT FROM 'moved'
         GROUP BY tour_id, shipment_id, weight_g ORDER BY tour_id, weight_g
        """,
        scope.cluster,
        list(tour_ids),
    )
    return found


async def billed(
    db: Connection, scope: Scope, carrier_id: UUID, invoice_id: UUID, tour_ids: Collection[UUID]
) -> list[asyncpg.Record]:
    """What a carrier's earlier invoices say of tours by kind, less what was credited of them."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT line.tour_id, line.kind,
               sum(CASE WHEN paper.kind = 'invoice' THEN line.amount_minor ELSE -line.amount_minor END)::bigint AS net
          FROM carrier_invoice_lines AS line
          JOIN carrier_invoices AS paper USING (cluster_id, invoice_id)
          JOIN carrier_invoices AS bill
            ON bill.cluster_id = $1 AND bill.invoice_id = coalesce(paper.corrects_id, paper.invoice_id)
         WHERE line.cluster_id = $1 AND line.carrier_id = $2 AND line.tour_id = ANY($4)
           AND bill.invoice_id < $3 AND bill.status NOT IN ('rejected', 'credited')
         GROUP BY line.tour_id, line.kind
        """,
        scope.cluster,
        carrier_id,
        invoice_id,
        list(tour_ids),
    )
    return found


async def currency(db: Connection, scope: Scope) -> str:
    """The cluster's currency."""
    found: str = await db.fetchval("SELECT currency FROM clusters WHERE cluster_id = $1", scope.cluster)
    return found


async def tours_coded(db: Connection, scope: Scope, carrier_id: UUID | None, codes: Sequence[str]) -> dict[str, str]:
    """Tours by their codes, of one carrier or (None) of any; a code that several have is of none of them."""
    rows = await db.fetch(
        """
        SELECT code, min(tour_id::text)::uuid AS tour_id FROM tours
         WHERE cluster_id = $1 AND code = ANY($3) AND ($2::uuid IS NULL OR carrier_id = $2)
         GROUP BY code HAVING count(*) = 1
        """,
        scope.cluster,
        carrier_id,
        codes,
    )
    return {row["code"]: ids.show("tor", row["tour_id"]) for row in rows}
