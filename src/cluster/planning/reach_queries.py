"""SQL of what roads are needed for: the stops of pool windows that are still to be planned."""

from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.places.roads_models import Owned, PointE6


async def upcoming(db: Connection, scope: Scope) -> list[UUID]:
    """Pool windows that may still be planned: those that close later than a day ago, the next first."""
    rows = await db.fetch(
        """
        SELECT pool_window_id FROM pool_windows
         WHERE cluster_id = $1 AND cut_off_at > now() - interval '1 day' ORDER BY cut_off_at
        """,
        scope.cluster,
    )
    return [row["pool_window_id"] for row in rows]


async def stop_points(db: Connection, scope: Scope, pool_window_id: UUID) -> list[Owned]:
    """Where a window's live shipments are picked up and delivered."""
    rows = await db.fetch(
        """
        SELECT DISTINCT stop.member_id, round(lat * 1000000)::int AS lat_e6, round(lon * 1000000)::int AS lon_e6
          FROM shipments JOIN shipment_stops AS stop USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status <> 'cancelled'
         ORDER BY lat_e6, lon_e6, member_id
        """,
        scope.cluster,
        pool_window_id,
    )
    return [Owned((row["lat_e6"], row["lon_e6"]), row["member_id"]) for row in rows]


async def stops(db: Connection, scope: Scope, pool_window_id: UUID) -> list[tuple[UUID, UUID, str, PointE6]]:
    """Shipment, member, action and point of each stop of a window's live shipments, in the order of booking."""
    rows = await db.fetch(
        """
        SELECT shipment_id, stop.member_id, action,
               round(lat * 1000000)::int AS lat_e6, round(lon * 1000000)::int AS lon_e6
          FROM shipments JOIN shipment_stops AS stop USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status <> 'cancelled'
         ORDER BY shipment_id, action
        """,
        scope.cluster,
        pool_window_id,
    )
    return [(row["shipment_id"], row["member_id"], row["action"], (row["lat_e6"], row["lon_e6"])) for row in rows]
