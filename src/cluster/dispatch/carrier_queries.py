"""SQL of a carrier's tours: what row-level security lets it see of them, and what a reference of its own names."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.dispatch.models import TourStatus


class Asked(Struct, frozen=True, kw_only=True):
    """Which tours are asked for; what is None does not matter."""

    status: TourStatus | None = None
    service_date_from: date | None = None
    service_date_until: date | None = None
    changed_since: datetime | None = None


async def as_of(db: Connection) -> datetime:
    """
    Before this moment nothing will turn out to have changed that cannot be seen yet.

    Ask before the statement that looks. A change has a time after its transaction began; so none that is still to be
    committed is older than the oldest transaction that runs.
    """
    # any-cluster: how long transactions run, and of no rows
    found: datetime = await db.fetchval(
        """
        SELECT coalesce(min(xact_start), now()) FROM pg_stat_activity
         WHERE datname = current_database() AND usename = current_user AND xact_start IS NOT NULL
        """
    )
    return found


async def prove(db: Connection, scope: Scope, tour_ids: Sequence[UUID], codes: Sequence[str] = ()) -> dict[UUID, str]:
    """
    Tours with these identifiers or codes that the calling carrier may see, with their codes.

    Row-level security has answered for the carrier before the outer row is there, and with it who asks: if something
    was found, the rest of the transaction is the platform's own. What it does with these tours is the same for all of
    them, so its statements are planned once and not for each.
    """
    row = await db.fetchrow(
        """
        SELECT found.tour_ids, found.codes, set_config('app.role', 'system', true),
               set_config('app.carrier', '', true), set_config('app.key', '', true),
               set_config('plan_cache_mode', 'force_generic_plan', true)
          FROM (SELECT array_agg(tour_id) AS tour_ids, array_agg(code) AS codes
                  FROM (SELECT tour_id, code FROM tours
                         WHERE cluster_id = $1 AND carrier_id = $2 AND tour_id = ANY($3)
                        UNION
                        SELECT tour_id, code FROM tours
                         WHERE cluster_id = $1 AND carrier_id = $2 AND code = ANY($4)) AS own) AS found
         WHERE found.tour_ids IS NOT NULL
        """,
        scope.cluster,
        scope.carrier_id,
        tour_ids,
        codes,
    )
    return {} if row is None else dict(zip(row["tour_ids"], row["codes"], strict=True))


async def page_of(db: Connection, scope: Scope, after: UUID, limit: int, asked: Asked) -> list[UUID]:
    """Tours that the calling carrier may see, oldest first."""
    rows = await db.fetch(
        """
        SELECT tour_id FROM tours JOIN pool_windows USING (cluster_id, pool_window_id)
         WHERE tours.cluster_id = $1 AND carrier_id = $2 AND tour_id > $3 AND ($4::text IS NULL OR tours.status = $4)
           AND ($5::date IS NULL OR service_date >= $5) AND ($6::date IS NULL OR service_date <= $6)
           AND ($7::timestamptz IS NULL OR changed_at >= $7)
         ORDER BY tour_id LIMIT $8
        """,
        scope.cluster,
        scope.carrier_id,
        after,
        asked.status,
        asked.service_date_from,
        asked.service_date_until,
        asked.changed_since,
        limit,
    )
    return [row["tour_id"] for row in rows]


async def visits_named(
    db: Connection, scope: Scope, carrier_id: UUID, references: Sequence[str], shipment_ids: Sequence[UUID]
) -> list[asyncpg.Record]:
    """
    Visits on a carrier's tours of shipments with one of these references, identifiers, or SSCCs.

    For the platform, which shows the carrier what is its own and nothing else. The members are gone through because
    references are indexed within each.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        WITH named AS (
            SELECT client_ref AS reference, shipment_id
              FROM members JOIN shipments USING (cluster_id, member_id)
             WHERE cluster_id = $1 AND client_ref = ANY($3)
            UNION
            SELECT sscc, shipment_id FROM sscc_units WHERE cluster_id = $1 AND sscc = ANY($3)
            UNION
            SELECT NULL, shipment_id FROM unnest($4::uuid[]) AS given (shipment_id))
        SELECT named.reference, named.shipment_id, visit.tour_id, visit.action, visit.stop_no, visit.outcome,
               tours.starts_at
          FROM named JOIN tour_visits AS visit ON visit.cluster_id = $1 AND visit.shipment_id = named.shipment_id
          JOIN tours ON tours.cluster_id = $1 AND tours.tour_id = visit.tour_id
         WHERE tours.carrier_id = $2 AND tours.status <> 'planned'
         ORDER BY tours.starts_at, tours.tour_id
        """,
        scope.cluster,
        carrier_id,
        references,
        shipment_ids,
    )
    return found
