"""SQL of pool windows."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.models import Standing
from cluster.shipments.changes import BookingDefaults
from cluster.shipments.models import Pooling
from cluster.shipments.window_models import ChangePoolWindow, LatePolicy, OpenPoolWindow, Pool, PoolWindow

STANDING = Standing.__struct_fields__
POOL = Pool.__struct_fields__


class Ground(Struct, frozen=True, kw_only=True):
    """What bookings stand on: whether their member may book, what it says where it says nothing, and their windows."""

    standing: Standing | None
    defaults: BookingDefaults
    pools: list[Pool]


async def insert(db: Connection, scope: Scope, pool_window_id: UUID, body: OpenPoolWindow) -> None:
    """A new pool window."""
    await db.execute(
        """
        INSERT INTO pool_windows (cluster_id, pool_window_id, service_date, opens_at, cut_off_at, label, late_policy,
                                  late_until_at, by_hand)
        VALUES ($1, $2, $3, coalesce($4, now()), $5, $6, $7, $8, true)
        """,
        scope.cluster,
        pool_window_id,
        body.service_date,
        body.opens_at,
        body.cut_off_at,
        body.label or "",
        body.late_policy,
        body.late_until_at,
    )


async def windows(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None
) -> list[PoolWindow]:
    """Pool windows of the cluster, oldest first; or the one asked for."""
    rows = await db.fetch(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, version, created_at, label, schedule_id, late_policy,
               late_until_at, now() >= opens_at AND now() < coalesce(late_until_at, cut_off_at) AS accepts_bookings
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
        schedule_id = fields.pop("schedule_id")
        version = fields.pop("version")
        found.append(
            PoolWindow(
                id=ids.show("win", fields.pop("pool_window_id")),
                schedule_id=None if schedule_id is None else ids.show("sch", schedule_id),
                late_policy=LatePolicy(fields.pop("late_policy")),
                version=version if scope.neutral else None,
                **fields,
            )
        )
    return found


async def pools(db: Connection, scope: Scope, pool_window_ids: list[UUID]) -> list[Pool]:
    """Windows by identifier, with the ends of the service day in the cluster's zone."""
    rows = await db.fetch(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, pool_windows.version, now() AS now, label,
               schedule_id, late_policy, late_until_at, day_version,
               service_date::timestamp AT TIME ZONE time_zone AS day_start,
               (service_date + 1)::timestamp AT TIME ZONE time_zone AS day_end
          FROM pool_windows JOIN clusters USING (cluster_id)
         WHERE cluster_id = $1 AND pool_window_id = ANY($2)
        """,
        scope.cluster,
        pool_window_ids,
    )
    return [_pool(row) for row in rows]


async def ground(db: Connection, scope: Scope, pool_window_ids: list[UUID]) -> Ground:
    """What the calling member's bookings stand on, in one exchange; each booking asks for it."""
    rows = await db.fetch(
        """
        SELECT pool_windows.pool_window_id, service_date, opens_at, cut_off_at, pool_windows.version, now() AS now,
               label, schedule_id, late_policy, late_until_at, day_version,
               service_date::timestamp AT TIME ZONE time_zone AS day_start,
               (service_date + 1)::timestamp AT TIME ZONE time_zone AS day_end,
               standing.status, standing.active, standing.agreed, said.pooling, said.outside_tariff
          FROM members JOIN clusters ON clusters.cluster_id = members.cluster_id
         CROSS JOIN LATERAL member_standing(members.cluster_id, members.member_id) AS standing
          LEFT JOIN booking_defaults AS said
            ON said.cluster_id = members.cluster_id AND said.member_id = members.member_id
          LEFT JOIN pool_windows
            ON pool_windows.cluster_id = members.cluster_id AND pool_windows.pool_window_id = ANY($3)
         WHERE members.cluster_id = $1 AND members.member_id = $2
        """,
        scope.cluster,
        scope.member_id,
        pool_window_ids,
    )
    if not rows:
        return Ground(standing=None, defaults=BookingDefaults(), pools=[])
    first = dict(rows[0])
    pooling = first["pooling"]
    return Ground(
        standing=msgspec.convert({name: first[name] for name in STANDING}, Standing),
        defaults=BookingDefaults(
            pooling=None if pooling is None else Pooling(pooling), outside_tariff=first["outside_tariff"]
        ),
        pools=[_pool({name: row[name] for name in POOL}) for row in rows if row["pool_window_id"] is not None],
    )


def _pool(row: asyncpg.Record | dict[str, Any]) -> Pool:
    fields = dict(row)
    return Pool(late_policy=LatePolicy(fields.pop("late_policy")), **fields)


async def next_pool(db: Connection, scope: Scope, after: Pool | None = None) -> Pool | None:
    """
    The window with the earliest service day that is before its cut-off now; the earliest cut-off first on one day.

    With ``after``, one that serves a later day, or the same with a later cut-off; of the same schedule if there is one.
    """
    row = await db.fetchrow(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, pool_windows.version, now() AS now, label,
               schedule_id, late_policy, late_until_at, day_version,
               service_date::timestamp AT TIME ZONE time_zone AS day_start,
               (service_date + 1)::timestamp AT TIME ZONE time_zone AS day_end
          FROM pool_windows JOIN clusters USING (cluster_id)
         WHERE cluster_id = $1 AND now() >= opens_at AND now() < cut_off_at
           AND ($2::date IS NULL OR (service_date, cut_off_at) > ($2, $3::timestamptz))
         ORDER BY (schedule_id IS NOT DISTINCT FROM $4) DESC, service_date, cut_off_at LIMIT 1
        """,
        scope.cluster,
        None if after is None else after.service_date,
        None if after is None else after.cut_off_at,
        None if after is None else after.schedule_id,
    )
    return None if row is None else _pool(row)


async def bump(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """The next version of the window, and of its day: shipments of it change."""
    await db.execute(
        """
        UPDATE pool_windows SET version = version + 1, day_version = day_version + 1
         WHERE cluster_id = $1 AND pool_window_id = $2
        """,
        scope.cluster,
        pool_window_id,
    )


async def step(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """The next version of the window; its day stays."""
    await db.execute(
        "UPDATE pool_windows SET version = version + 1 WHERE cluster_id = $1 AND pool_window_id = $2",
        scope.cluster,
        pool_window_id,
    )


async def hold(db: Connection, scope: Scope, pool_window_id: UUID) -> int | None:
    """Locks the window until the transaction ends; the version of its day, None where there is no such window."""
    found: int | None = await db.fetchval(
        "SELECT day_version FROM pool_windows WHERE cluster_id = $1 AND pool_window_id = $2 FOR UPDATE",
        scope.cluster,
        pool_window_id,
    )
    return found


async def change(db: Connection, scope: Scope, pool_window_id: UUID, body: ChangePoolWindow) -> None:
    """A window's moments, changed by hand; what is None stays. Its version moves: it is what an editor saw."""
    await db.execute(
        """
        UPDATE pool_windows
           SET opens_at = coalesce($3, opens_at), cut_off_at = coalesce($4, cut_off_at),
               late_policy = coalesce($5, late_policy),
               late_until_at = CASE WHEN coalesce($5, late_policy) = 'accept' THEN coalesce($6, late_until_at) END,
               told = CASE WHEN now() < coalesce($4, cut_off_at) THEN least(told, 1) ELSE told END,
               by_hand = true, version = version + 1
         WHERE cluster_id = $1 AND pool_window_id = $2
        """,
        scope.cluster,
        pool_window_id,
        body.opens_at,
        body.cut_off_at,
        body.late_policy,
        body.late_until_at,
    )
