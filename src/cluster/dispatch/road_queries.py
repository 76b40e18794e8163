"""SQL of days on the road: how far tours of a window have got, what a plan holds, who is left without a tour."""

from typing import Any
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def tours(db: Connection, scope: Scope, pool_window_id: UUID) -> list[asyncpg.Record]:
    """Tours of a window that were not called off, held until the transaction ends."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, vehicle_type_id, vehicle_no, status, started_at, exception FROM tours
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status <> 'cancelled' ORDER BY tour_id FOR UPDATE
        """,
        scope.cluster,
        pool_window_id,
    )
    return found


async def visits(db: Connection, scope: Scope, tour_ids: list[UUID]) -> list[asyncpg.Record]:
    """Visits of tours, but for those that another tour has by now, with their stops and shipments."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT visit.tour_id, visit.shipment_id, visit.action, stop_no, visit.outcome, visit.outcome_at,
               stop.arrived_at, shipment.status,
               extract(epoch FROM visit.ends_at - visit.begins_at)::integer AS service_s
          FROM tour_visits AS visit
          JOIN tour_stops AS stop USING (cluster_id, tour_id, stop_no)
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
         WHERE visit.cluster_id = $1 AND visit.tour_id = ANY($2) AND visit.outcome IS DISTINCT FROM 'moved'
         ORDER BY visit.tour_id, stop_no, visit_no, visit.shipment_id, visit.action DESC
        """,
        scope.cluster,
        tour_ids,
    )
    return found


async def sequences(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Visits of a plan by vehicle, in driving order, with where their shipments stand."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT vehicle_type_id, vehicle_no, shipment_id, action, status
          FROM plan_visits JOIN plan_routes USING (cluster_id, plan_id, route_no)
          JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND plan_id = $2 ORDER BY route_no, stop_no, visit_no
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def unplanned(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Shipments that a plan leaves out, with where they stand."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT shipment_id, status FROM plan_unplanned JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND plan_id = $2 ORDER BY shipment_id
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def finished(db: Connection, scope: Scope, pool_window_id: UUID) -> set[tuple[UUID, int]]:
    """Vehicles of a window, by type and number, whose tours are over."""
    rows = await db.fetch(
        """
        SELECT vehicle_type_id, vehicle_no FROM tours
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status = 'completed'
        """,
        scope.cluster,
        pool_window_id,
    )
    return {(row["vehicle_type_id"], row["vehicle_no"]) for row in rows}


async def stranded(db: Connection, scope: Scope, pool_window_id: UUID) -> list[UUID]:
    """Shipments that were given to a driver of this window and are on no tour any more."""
    rows = await db.fetch(
        """
        SELECT DISTINCT shipment_id FROM tour_visits AS visit
          JOIN tours USING (cluster_id, tour_id) JOIN shipments AS held USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND tours.pool_window_id = $2 AND outcome = 'moved' AND held.status = 'dispatched'
           AND NOT EXISTS (SELECT FROM tour_visits AS again
                            WHERE again.cluster_id = $1 AND again.shipment_id = visit.shipment_id
                              AND again.outcome IS NULL)
         ORDER BY shipment_id
        """,
        scope.cluster,
        pool_window_id,
    )
    return [row["shipment_id"] for row in rows]


async def progress(db: Connection, scope: Scope, plan_id: UUID, tour_id: UUID, route_no: int) -> tuple[int, int]:
    """
    How far a tour has got: its last stop at which anything was reported, and the last stop of a plan's route with a
    visit that it has made. 0 for none.
    """
    row: Any = await db.fetchrow(
        """
        SELECT (SELECT coalesce(max(stop_no), 0) FROM tour_stops
                  LEFT JOIN tour_visits USING (cluster_id, tour_id, stop_no)
                 WHERE cluster_id = $1 AND tour_id = $3
                   AND (arrived_at IS NOT NULL OR left_at IS NOT NULL OR outcome IN ('done', 'partly', 'failed')))
               AS reported,
               (SELECT coalesce(max(planned.stop_no), 0) FROM plan_visits AS planned
                  JOIN tour_visits AS made USING (cluster_id, shipment_id, action)
                 WHERE planned.cluster_id = $1 AND planned.plan_id = $2 AND planned.route_no = $4
                   AND made.tour_id = $3 AND made.outcome IN ('done', 'partly', 'failed')) AS made
        """,
        scope.cluster,
        plan_id,
        tour_id,
        route_no,
    )
    return row["reported"], row["made"]
