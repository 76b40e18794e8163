"""SQL of what routes cost by their tariffs."""

from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def routes(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Routes of a plan with what their price depends on; none for a member."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT route_no, vehicle_type_id, kind.name AS vehicle_name, vehicle_no, distance_m, cost_minor,
               extract(epoch FROM ends_at - starts_at)::bigint AS duration_s, begin.lat, begin.lon, service_date
          FROM plan_routes AS route
          JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
          JOIN sites AS begin ON begin.cluster_id = route.cluster_id AND begin.site_id = kind.start_site_id
          JOIN plans ON plans.cluster_id = route.cluster_id AND plans.plan_id = route.plan_id
          JOIN pool_windows AS day ON day.cluster_id = route.cluster_id AND day.pool_window_id = plans.pool_window_id
         WHERE route.cluster_id = $1 AND route.plan_id = $2 ORDER BY route_no
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def stops(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Stops of a plan's routes in order: where each is."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT DISTINCT ON (route_no, stop_no) route_no, stop_no, place.lat, place.lon, place.postal_code,
               place.ward_code, place.province_code
          FROM plan_visits AS visit JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
         WHERE visit.cluster_id = $1 AND visit.plan_id = $2 ORDER BY route_no, stop_no, visit_no
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def weights(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Each route's shipments by weight."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT route_no, array_agg(weight_g ORDER BY weight_g) AS weights_g
          FROM (SELECT DISTINCT route_no, shipment_id FROM plan_visits WHERE cluster_id = $1 AND plan_id = $2) AS one
          JOIN shipments USING (shipment_id)
         WHERE cluster_id = $1 GROUP BY route_no
        """,
        scope.cluster,
        plan_id,
    )
    return found
