"""SQL of the dashboard's glances."""

from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.insights.models import AuditEntry


async def pools(db: Connection, scope: Scope, limit: int) -> list[asyncpg.Record]:
    """Windows by service day, latest first, with totals of the live shipments that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT pool_window_id, service_date, opens_at, cut_off_at, version, created_at, label, schedule_id, late_policy,
               late_until_at, now() >= opens_at AND now() < coalesce(late_until_at, cut_off_at) AS accepts_bookings,
               coalesce(total.shipments, 0) AS shipments, coalesce(total.optional, 0) AS optional_shipments,
               coalesce(total.weight_g, 0)::bigint AS weight_g, coalesce(total.volume_cm3, 0)::bigint AS volume_cm3,
               coalesce(total.members, 0) AS members, plan.latest_id, plan.current_id
          FROM pool_windows
          LEFT JOIN LATERAL (
               SELECT count(*) AS shipments, count(outside_minor) AS optional, sum(weight_g) AS weight_g,
                      sum(volume_cm3) AS volume_cm3, count(DISTINCT member_id) AS members
                 FROM shipments
                WHERE cluster_id = $1 AND shipments.pool_window_id = pool_windows.pool_window_id
                  AND status NOT IN ('draft', 'quoted', 'cancelled') AND pooling <> 'alone'
                  AND ($2::uuid IS NULL OR member_id = $2)) AS total ON true
          LEFT JOIN LATERAL (
               SELECT (array_agg(plan_id ORDER BY plan_id DESC) FILTER (
                          WHERE status NOT IN ('draft', 'discarded')
                            AND ($2::uuid IS NULL OR status = 'published')))[1] AS latest_id,
                      (array_agg(plan_id) FILTER (WHERE status = 'published'))[1] AS current_id
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


async def audit_entries(
    db: Connection, scope: Scope, after: UUID, limit: int, subject_id: UUID | None
) -> list[AuditEntry]:
    """Entries of the audit log that the caller may see, oldest first; or those about one subject."""
    rows = await db.fetch(
        """
        SELECT entry_id, at, role, key_id, user_id, actor_member, action, subject_kind, subject_id, detail, seal_no
          FROM audit_log
         WHERE cluster_id = $1 AND entry_id > $2 AND ($3::uuid IS NULL OR actor_member = $3)
           AND ($4::uuid IS NULL OR subject_id = $4)
         ORDER BY entry_id LIMIT $5
        """,
        scope.cluster,
        after,
        scope.member_id,
        subject_id,
        limit,
    )
    return [
        AuditEntry(
            id=ids.show("aud", row["entry_id"]),
            at=row["at"],
            role=row["role"],
            key_id=_shown("key", row["key_id"]),
            user_id=_shown("usr", row["user_id"]),
            member_id=_shown("mem", row["actor_member"]),
            action=row["action"],
            subject_id=_shown(row["subject_kind"], row["subject_id"]),
            detail=row["detail"],
            seal_no=row["seal_no"],
        )
        for row in rows
    ]


def _shown(kind: str, value: UUID | None) -> str | None:
    return None if value is None else ids.show(kind, value)
