"""SQL of pool windows."""

from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.models import OpenPoolWindow, Pool, PoolWindow


async def insert(db: Connection, scope: Scope, pool_window_id: UUID, body: OpenPoolWindow) -> None:
    """A new pool window."""
    await db.execute(
        """
        INSERT INTO pool_windows (cluster_id, pool_window_id, service_date, opens_at, cut_off_at)
        VALUES ($1, $2, $3, coalesce($4, now()), $5)
        """,
        scope.cluster,
        pool_window_id,
        body.service_date,
        body.opens_at,
        body.cut_off_at,
    )


async def windows(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None
) -> list[PoolWindow]:
    """Pool windows of the cluster, oldest first; or the one asked for."""
    rows = await db.fetch(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, version, created_at,
               now() >= opens_at AND now() < cut_off_at AS accepts_bookings
          FROM pool_windows
         WHERE cluster_id = $1 AND pool_window_id > $2 AND ($3::uuid IS NULL OR pool_window_id = $3)
         ORDER BY pool_window_id LIMIT $4
        """,
        scope.cluster,
        after,
        pool_window_id,
        limit,
    )
    found = []
    for row in rows:
        fields = dict(row)
        found.append(PoolWindow(id=ids.show("win", fields.pop("pool_window_id")), **fields))
    return found


async def pools(db: Connection, scope: Scope, pool_window_ids: list[UUID]) -> list[Pool]:
    """Windows by identifier, with the ends of the service day in the cluster's zone."""
    rows = await db.fetch(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, pool_windows.version, now() AS now,
               service_date::timestamp AT TIME ZONE time_zone AS day_start,
               (service_date + 1)::timestamp AT TIME ZONE time_zone AS day_end
          FROM pool_windows JOIN clusters USING (cluster_id)
         WHERE cluster_id = $1 AND pool_window_id = ANY($2)
        """,
        scope.cluster,
        pool_window_ids,
    )
    return [Pool(**dict(row)) for row in rows]


async def next_pool(db: Connection, scope: Scope) -> Pool | None:
    """The window with the earliest service day that takes bookings now."""
    row = await db.fetchrow(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, pool_windows.version, now() AS now,
               service_date::timestamp AT TIME ZONE time_zone AS day_start,
               (service_date + 1)::timestamp AT TIME ZONE time_zone AS day_end
          FROM pool_windows JOIN clusters USING (cluster_id)
         WHERE cluster_id = $1 AND now() >= opens_at AND now() < cut_off_at
         ORDER BY service_date LIMIT 1
        """,
        scope.cluster,
    )
    return None if row is None else Pool(**dict(row))


async def bump(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """The next version."""
    await db.execute(
        "UPDATE pool_windows SET version = version + 1 WHERE cluster_id = $1 AND pool_window_id = $2",
        scope.cluster,
        pool_window_id,
    )


async def advance(db: Connection, scope: Scope, pool_window_id: UUID, version: int) -> bool:
    """The next version, on condition of the present one."""
    done = await db.fetchval(
        """
        UPDATE pool_windows SET version = version + 1
         WHERE cluster_id = $1 AND pool_window_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        pool_window_id,
        version,
    )
    return bool(done)
