"""SQL of plans: asking for them, following them, looking them up."""

from typing import Any
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.planning.models import Plan, PlanResult, PlanStatus, ProgressPoint

PROGRESS_POINTS_MAX = 600


async def insert(db: Connection, scope: Scope, plan_id: UUID, pool_window_id: UUID) -> None:
    """A new plan of a window, with the next version number."""
    await db.execute(
        """
        INSERT INTO plans (cluster_id, plan_id, pool_window_id, version, status)
        SELECT $1, $2, $3, coalesce(max(version), 0) + 1, 'queued'
          FROM plans WHERE cluster_id = $1 AND pool_window_id = $3
        """,
        scope.cluster,
        plan_id,
        pool_window_id,
    )


async def insert_run(
    db: Connection, scope: Scope, plan_id: UUID, seconds: int, seed: int, rule: str, players_max: int
) -> None:
    """How the plan was asked for."""
    await db.execute(
        """
        INSERT INTO plan_runs (cluster_id, plan_id, seconds, seed, rule, players_max) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        scope.cluster,
        plan_id,
        seconds,
        seed,
        rule,
        players_max,
    )


async def plans(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None, plan_id: UUID | None = None
) -> list[Plan]:
    """
    Plans that the caller may see, oldest first; of one window, or the one asked for.

    What the caller may not see of a plan (its run, its result) is missing from the join, by row-level security.
    """
    rows = await db.fetch(
        """
        SELECT plan_id, pool_window_id, version, status, plans.created_at, started_at, finished_at,
               run.seconds AS run_seconds, seed, rule, progress, error_code, error_detail,
               currency, cost_minor, bound_minor, gap, distance_m, duration_s, route_count, planned_count,
               result.seconds AS result_seconds,
               (SELECT count(*) FROM plan_unplanned AS rest
                 WHERE rest.cluster_id = plans.cluster_id AND rest.plan_id = plans.plan_id) AS unplanned_count
          FROM plans
          LEFT JOIN plan_runs AS run USING (cluster_id, plan_id)
          LEFT JOIN plan_results AS result USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND plan_id > $2 AND ($3::uuid IS NULL OR pool_window_id = $3)
           AND ($4::uuid IS NULL OR plan_id = $4)
         ORDER BY plan_id LIMIT $5
        """,
        scope.cluster,
        after,
        pool_window_id,
        plan_id,
        limit,
    )
    return [_plan(row) for row in rows]


def _plan(row: asyncpg.Record) -> Plan:
    return Plan(
        id=ids.show("plan", row["plan_id"]),
        pool_window_id=ids.show("win", row["pool_window_id"]),
        version=row["version"],
        status=PlanStatus(row["status"]),
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        seconds=row["run_seconds"],
        seed=row["seed"],
        rule=row["rule"],
        result=_result(row),
        progress=[ProgressPoint(**point) for point in row["progress"] or []],
        error_code=row["error_code"],
        error_detail=row["error_detail"],
    )


def _result(row: asyncpg.Record) -> PlanResult | None:
    if row["cost_minor"] is None:
        return None
    return PlanResult(
        currency=row["currency"],
        cost_minor=row["cost_minor"],
        bound_minor=row["bound_minor"],
        gap=row["gap"],
        distance_m=row["distance_m"],
        duration_s=row["duration_s"],
        routes=row["route_count"],
        planned=row["planned_count"],
        unplanned=row["unplanned_count"],
        seconds=row["result_seconds"],
    )


async def move(db: Connection, scope: Scope, plan_id: UUID, status: PlanStatus, only_from: list[PlanStatus]) -> bool:
    """Moves a plan that stands in one of ``only_from``; the database notes when it began and ended."""
    done = await db.fetchval(
        """
        UPDATE plans SET status = $3,
               started_at = CASE WHEN $3 = 'solving' THEN now() ELSE started_at END,
               finished_at = CASE WHEN $3 IN ('solved', 'failed', 'aborted') THEN now() ELSE finished_at END
         WHERE cluster_id = $1 AND plan_id = $2 AND status = ANY($4) RETURNING true
        """,
        scope.cluster,
        plan_id,
        status,
        only_from,
    )
    return bool(done)


async def supersede(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """The window's current plan, if any, gives way; its assignments end."""
    await db.execute(
        """
        WITH former AS (
            UPDATE plans SET status = 'superseded'
             WHERE cluster_id = $1 AND pool_window_id = $2 AND status = 'solved' RETURNING plan_id)
        UPDATE assignments SET active = false
         WHERE cluster_id = $1 AND active AND plan_id IN (SELECT plan_id FROM former)
        """,
        scope.cluster,
        pool_window_id,
    )


async def reset_run(db: Connection, scope: Scope, plan_id: UUID) -> None:
    """A solve begins (again): no progress, no error."""
    await db.execute(
        """
        UPDATE plan_runs SET progress = '[]', error_code = NULL, error_detail = NULL
         WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )


async def players_max(db: Connection, scope: Scope, plan_id: UUID) -> int:
    """How many players the plan's cost game may have."""
    found: int = await db.fetchval(
        "SELECT players_max FROM plan_runs WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )
    return found


async def add_progress(db: Connection, scope: Scope, plan_id: UUID, points: list[dict[str, Any]]) -> bool:
    """Appends to a run's progress, and tells whether somebody asked to abort it."""
    aborted = await db.fetchval(
        """
        UPDATE plan_runs SET progress = CASE WHEN jsonb_array_length(progress) < $4 THEN progress || $3::jsonb
                                             ELSE progress END
         WHERE cluster_id = $1 AND plan_id = $2 RETURNING abort_requested
        """,
        scope.cluster,
        plan_id,
        points,
        PROGRESS_POINTS_MAX,
    )
    return bool(aborted)


async def request_abort(db: Connection, scope: Scope, plan_id: UUID) -> None:
    """Asks the worker to abort at its next heartbeat."""
    await db.execute(
        "UPDATE plan_runs SET abort_requested = true WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )


async def note_error(db: Connection, scope: Scope, plan_id: UUID, code: str, detail: str) -> None:
    """Why a run failed."""
    await db.execute(
        "UPDATE plan_runs SET error_code = $3, error_detail = $4 WHERE cluster_id = $1 AND plan_id = $2",
        scope.cluster,
        plan_id,
        code,
        detail,
    )
