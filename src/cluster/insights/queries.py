"""SQL of the dashboard's glances."""

from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def pools(db: Connection, scope: Scope, limit: int) -> list[asyncpg.Record]:
    """Windows by service day, latest first, with totals of the live shipments that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, version, created_at,
               now() >= opens_at AND now() < cut_off_at AS accepts_bookings,
               coalesce(total.shipments, 0) AS shipments, coalesce(total.optional, 0) AS optional_shipments,
               coalesce(total.weight_g, 0)::bigint AS weight_g, coalesce(total.volume_cm3, 0)::bigint AS volume_cm3,
               coalesce(total.members, 0) AS members, plan.latest_id, plan.current_id
          FROM pool_windows
          LEFT JOIN LATERAL (
               SELECT count(*) AS shipments, count(outside_minor) AS optional, sum(weight_g) AS weight_g,
                      sum(volume_cm3) AS volume_cm3, count(DISTINCT member_id) AS members
                 FROM shipments
                WHERE cluster_id = $1 AND shipments.pool_window_id = pool_windows.pool_window_id
                  AND status <> 'cancelled' AND ($2::uuid IS NULL OR member_id = $2)) AS total ON true
          LEFT JOIN LATERAL (
               SELECT (array_agg(plan_id ORDER BY version DESC))[1] AS latest_id,
                      (array_agg(plan_id) FILTER (WHERE status = 'solved'))[1] AS current_id
                 FROM plans
                WHERE cluster_id = $1 AND plans.pool_window_id = pool_windows.pool_window_id) AS plan ON true
         WHERE cluster_id = $1 ORDER BY service_date DESC LIMIT $3
        """,
        scope.cluster,
        scope.member_id,
        limit,
    )
    return found


def latest_ids(rows: list[asyncpg.Record]) -> list[UUID]:
    """The newest plans of those windows."""
    return [row["latest_id"] for row in rows if row["latest_id"] is not None]
