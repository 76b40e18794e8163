"""SQL of reports: shipments and routes of published plans, as far as the caller may see them."""

from datetime import date
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def shipments(
    db: Connection, scope: Scope, start: date, end: date, after: tuple[date, UUID], limit: int
) -> list[asyncpg.Record]:
    """Shipments of published plans by day, planned or not, behind ``after``."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT service_date, shipment.shipment_id, client_ref, shipment.status, members.code AS member_code, weight_g,
               volume_cm3, place.name, place.address_line1, visit.begins_at, rest.reason
          FROM plans
          JOIN pool_windows USING (cluster_id, pool_window_id)
          JOIN shipments AS shipment USING (cluster_id, pool_window_id)
          JOIN members USING (cluster_id, member_id)
          LEFT JOIN plan_unplanned AS rest
                 ON rest.cluster_id = $1 AND rest.plan_id = plans.plan_id AND rest.shipment_id = shipment.shipment_id
          LEFT JOIN LATERAL (
               SELECT one.begins_at, one.action FROM plan_visits AS one
                WHERE one.cluster_id = $1 AND one.plan_id = plans.plan_id AND one.shipment_id = shipment.shipment_id
                ORDER BY one.begins_at DESC LIMIT 1) AS visit ON true
          LEFT JOIN LATERAL (
               SELECT stop.name, stop.address_line1 FROM shipment_stops AS stop
                WHERE stop.cluster_id = $1 AND stop.shipment_id = shipment.shipment_id
                ORDER BY stop.action = coalesce(visit.action, 'delivery') DESC LIMIT 1) AS place ON true
         WHERE plans.cluster_id = $1 AND plans.status = 'published' AND service_date BETWEEN $2 AND $3
           AND ($4::uuid IS NULL OR shipment.member_id = $4)
           AND (visit.begins_at IS NOT NULL OR rest.reason IS NOT NULL)
           AND (service_date, shipment.shipment_id) > ($5, $6)
         ORDER BY service_date, shipment.shipment_id LIMIT $7
        """,
        scope.cluster,
        start,
        end,
        scope.member_id,
        *after,
        limit,
    )
    return found


async def routes(db: Connection, scope: Scope, start: date, end: date) -> list[asyncpg.Record]:
    """Routes of published plans by day; none for a member."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT service_date, route_no, kind.name AS vehicle_name, vehicle_no, starts_at, ends_at, distance_m,
               cost_minor, route.weight_g, route.volume_cm3, stops.stops
          FROM plans
          JOIN pool_windows USING (cluster_id, pool_window_id)
          JOIN plan_routes AS route USING (cluster_id, plan_id)
          JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
          LEFT JOIN LATERAL (
               SELECT count(DISTINCT stop_no) AS stops FROM plan_visits AS visit
                WHERE visit.cluster_id = $1 AND visit.plan_id = route.plan_id
                  AND visit.route_no = route.route_no) AS stops ON true
         WHERE plans.cluster_id = $1 AND plans.status = 'published' AND service_date BETWEEN $2 AND $3
         ORDER BY service_date, plans.plan_id, route_no
        """,
        scope.cluster,
        start,
        end,
    )
    return found
