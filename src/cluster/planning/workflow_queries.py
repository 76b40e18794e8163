"""SQL of the planning workflow: publishing, approvals, the log."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.planning.workflow_models import LogAction, LogEntry


class Carried(Struct, frozen=True, kw_only=True):
    """A shipment that a plan was made for, with where it is today."""

    shipment_id: UUID
    member_id: UUID
    planned: bool
    here: bool
    """Whether it still is to be carried with others in the plan's window."""
    on_road: bool
    """Whether a driver was given it, whatever became of it."""


async def note(
    db: Connection, scope: Scope, plan_id: UUID, action: LogAction, facts: Mapping[str, object] | None = None
) -> None:
    """Adds to the log of the plan's window."""
    await db.execute(
        """
        INSERT INTO plan_log (cluster_id, entry_id, pool_window_id, plan_id, action, role, key_id, user_id, facts)
        SELECT cluster_id, $3, pool_window_id, plan_id, $4, $5, $6, $7, $8
          FROM plans WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
        ids.new(),
        action,
        scope.role,
        scope.key_id,
        scope.user_id,
        dict(facts or {}),
    )


async def log(db: Connection, scope: Scope, pool_window_id: UUID, after: UUID, limit: int) -> list[LogEntry]:
    """The log of a window, oldest first."""
    rows = await db.fetch(
        """
        SELECT entry_id, plan_id, run.version, run.label, action, key_id, user_id, at, facts
          FROM plan_log AS entry
          JOIN plan_runs AS run USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND entry.pool_window_id = $2 AND entry_id > $3
         ORDER BY entry_id LIMIT $4
        """,
        scope.cluster,
        pool_window_id,
        after,
        limit,
    )
    return [
        LogEntry(
            id=ids.show("plg", row["entry_id"]),
            plan_id=ids.show("plan", row["plan_id"]),
            version=row["version"],
            label=row["label"] or "",
            action=LogAction(row["action"]),
            by=_by(row["key_id"], row["user_id"]),
            at=row["at"],
            facts=row["facts"],
        )
        for row in rows
    ]


def _by(key_id: UUID | None, user_id: UUID | None) -> str | None:
    if key_id is not None:
        return ids.show("key", key_id)
    return None if user_id is None else ids.show("usr", user_id)


async def made_by_holder(db: Connection, scope: Scope, plan_id: UUID) -> bool:
    """
    Whether one person may stand behind both the caller and who asked for a plan or put hands on it.

    A key stands for itself and for everybody who has held it.
    """
    found = await db.fetchval(
        """
        WITH maker AS (
            SELECT coalesce(asked_key_id, asked_user_id) AS actor_id FROM plan_runs
             WHERE cluster_id = $1 AND plan_id = $2
            UNION
            SELECT coalesce(key_id, user_id) FROM plan_log
             WHERE cluster_id = $1 AND plan_id = $2
               AND action IN ('started', 'revised', 'drafted', 'edited', 'undone', 'redone', 'finished', 'reoptimised')
        ), holder AS (
            SELECT actor_id, actor_id AS held_by FROM (SELECT actor_id FROM maker UNION SELECT $3::uuid) AS actor
            UNION ALL
            SELECT k.key_id, unnest(k.held_by) FROM api_keys AS k
             WHERE k.cluster_id = $1 AND (k.key_id = $3 OR k.key_id IN (SELECT actor_id FROM maker))
        )
        SELECT EXISTS (SELECT FROM holder AS caller JOIN holder AS other USING (held_by)
                        WHERE caller.actor_id = $3 AND other.actor_id IN (SELECT actor_id FROM maker))
        """,
        scope.cluster,
        plan_id,
        scope.actor_id,
    )
    return bool(found)


async def approve(db: Connection, scope: Scope, plan_id: UUID, said: str) -> bool:
    """Notes the caller's consent; False when it had consented before."""
    done = await db.fetchval(
        """
        INSERT INTO plan_approvals (cluster_id, approval_id, plan_id, key_id, user_id, note)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (cluster_id, plan_id, coalesce(key_id, user_id)) DO NOTHING RETURNING true
        """,
        scope.cluster,
        ids.new(),
        plan_id,
        scope.key_id,
        scope.user_id,
        said,
    )
    return bool(done)


async def standing(db: Connection, scope: Scope, plan_id: UUID) -> tuple[int | None, bool]:
    """The version of the day a plan was made from, and whether the cluster wants four eyes that it has not got."""
    row = await db.fetchrow(
        """
        SELECT run.day_version,
               four_eyes AND NOT EXISTS (SELECT FROM plan_approvals AS agreed
                                          WHERE agreed.cluster_id = $1 AND agreed.plan_id = $2) AS unapproved
          FROM plan_runs AS run JOIN clusters USING (cluster_id)
         WHERE run.cluster_id = $1 AND run.plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    return row["day_version"], row["unapproved"]


async def carried(db: Connection, scope: Scope, plan_id: UUID) -> list[Carried]:
    """Shipments that a plan carries or leaves out, as they stand today."""
    rows = await db.fetch(
        """
        SELECT held.shipment_id, held.member_id, of_plan.planned,
               held.pool_window_id = plans.pool_window_id AND held.status IN ('pooled', 'planned')
                   AND held.pooling <> 'alone' AS here,
               held.pool_window_id = plans.pool_window_id
                   AND held.status NOT IN ('draft', 'quoted', 'booked', 'pooled', 'planned', 'cancelled') AS on_road
          FROM plans
          JOIN (SELECT DISTINCT plan_id, shipment_id, true AS planned FROM plan_visits
                 WHERE cluster_id = $1 AND plan_id = $2
                 UNION ALL
                SELECT plan_id, shipment_id, false FROM plan_unplanned
                 WHERE cluster_id = $1 AND plan_id = $2) AS of_plan USING (plan_id)
          JOIN shipments AS held ON held.cluster_id = $1 AND held.shipment_id = of_plan.shipment_id
         WHERE plans.cluster_id = $1 AND plans.plan_id = $2
         ORDER BY held.shipment_id
        """,
        scope.cluster,
        plan_id,
    )
    return [
        Carried(
            shipment_id=row["shipment_id"],
            member_id=row["member_id"],
            planned=row["planned"],
            here=bool(row["here"]),
            on_road=bool(row["on_road"]),
        )
        for row in rows
    ]


async def published(db: Connection, scope: Scope, pool_window_id: UUID) -> UUID | None:
    """The plan that a window's shipments follow, if any."""
    found: UUID | None = await db.fetchval(
        "SELECT plan_id FROM plans WHERE cluster_id = $1 AND pool_window_id = $2 AND status = 'published'",
        scope.cluster,
        pool_window_id,
    )
    return found


async def dispatched(db: Connection, scope: Scope, plan_id: UUID) -> bool:
    """Whether a shipment that follows this plan has been given to a carrier, or further."""
    found = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM assignments JOIN shipments USING (cluster_id, shipment_id)
                        WHERE cluster_id = $1 AND plan_id = $2 AND active
                          AND status NOT IN ('booked', 'pooled', 'planned', 'cancelled'))
        """,
        scope.cluster,
        plan_id,
    )
    return bool(found)


async def supersede(db: Connection, scope: Scope, plan_id: UUID) -> list[UUID]:
    """A published plan gives way; returns the shipments that followed it."""
    await db.execute(
        "UPDATE plans SET status = 'superseded' WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )
    rows = await db.fetch(
        """
        UPDATE assignments SET active = false
         WHERE cluster_id = $1 AND plan_id = $2 AND active RETURNING shipment_id
        """,
        scope.cluster,
        plan_id,
    )
    return [row["shipment_id"] for row in rows]


async def publish(db: Connection, scope: Scope, plan_id: UUID, only_from: Sequence[str]) -> bool:
    """A plan becomes the published one, numbered above those before it, and its shipments follow it."""
    done = await db.fetchval(
        """
        UPDATE plans SET status = 'published', published_at = now(),
               published_no = 1 + coalesce((SELECT max(before.published_no) FROM plans AS before
                                             WHERE before.cluster_id = plans.cluster_id
                                               AND before.pool_window_id = plans.pool_window_id), 0)
         WHERE cluster_id = $1 AND plan_id = $2 AND status = ANY($3) RETURNING true
        """,
        scope.cluster,
        plan_id,
        list(only_from),
    )
    await db.execute(
        """
        INSERT INTO assignments (cluster_id, plan_id, shipment_id, route_no, active)
        SELECT DISTINCT cluster_id, plan_id, shipment_id, route_no, true
          FROM plan_visits WHERE cluster_id = $1 AND plan_id = $2
        ON CONFLICT (cluster_id, plan_id, shipment_id) DO UPDATE SET active = true
        """,
        scope.cluster,
        plan_id,
    )
    return bool(done)
