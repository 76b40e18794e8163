"""SQL of comparisons between plans."""

from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def services(db: Connection, scope: Scope, plan_ids: list[UUID]) -> list[asyncpg.Record]:
    """Every service of these plans, with its vehicle; by plan, route and place in it."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT visit.plan_id, visit.shipment_id, visit.member_id, shipment.client_ref, visit.action, visit.begins_at,
               visit.route_no, route.vehicle_type_id
          FROM plan_visits AS visit
          JOIN plan_routes AS route USING (cluster_id, plan_id, route_no)
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
         WHERE visit.cluster_id = $1 AND visit.plan_id = ANY($2)
         ORDER BY visit.plan_id, visit.route_no, visit.stop_no, visit.visit_no
        """,
        scope.cluster,
        plan_ids,
    )
    return found
