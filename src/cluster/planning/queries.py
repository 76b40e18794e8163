"""SQL of plans: asking for them, following them, looking them up."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct, field, structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.models import RuleTerms
from cluster.planning.models import Approval, Origin, Plan, PlanResult, PlanStatus, ProgressPoint
from cluster.planning.scenario_models import Scenario

PROGRESS_POINTS_MAX = 600


class NewRun(Struct, frozen=True, kw_only=True):
    """What is asked of a plan, about to be stored; ``task`` is what its kind of job needs beside."""

    seconds: int
    seed: int
    rule: str
    players_max: int = 8
    label: str = ""
    origin: Origin = Origin.SOLVE
    base_plan_id: UUID | None = None
    scenario: Scenario = field(default_factory=Scenario)
    change_minor: int | None = None
    publish_when_solved: bool = False
    day_version: int | None = None
    problem_sha256: bytes | None = None
    task: dict[str, Any] | None = None
    terms: RuleTerms = field(default_factory=RuleTerms)


async def insert(
    db: Connection, scope: Scope, plan_id: UUID, pool_window_id: UUID, status: PlanStatus = PlanStatus.QUEUED
) -> None:
    """A new plan of a window."""
    await db.execute(
        "INSERT INTO plans (cluster_id, plan_id, pool_window_id, status) VALUES ($1, $2, $3, $4)",
        scope.cluster,
        plan_id,
        pool_window_id,
        status,
    )


async def insert_run(db: Connection, scope: Scope, plan_id: UUID, new: NewRun) -> None:
    """How the plan was asked for, by whom, and its number among the window's plans; whoever calls holds the window."""
    await db.execute(
        """
        INSERT INTO plan_runs (cluster_id, plan_id, seconds, seed, rule, players_max, label, origin, base_plan_id,
                               scenario, change_minor, publish_when_solved, day_version, problem_sha256, task,
                               terms, asked_key_id, asked_user_id, version)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
               1 + coalesce(max(before.version), 0)
          FROM plans JOIN plans AS others USING (cluster_id, pool_window_id)
          LEFT JOIN plan_runs AS before ON before.cluster_id = $1 AND before.plan_id = others.plan_id
         WHERE plans.cluster_id = $1 AND plans.plan_id = $2
        """,
        scope.cluster,
        plan_id,
        *structs.astuple(new),
        scope.key_id,
        scope.user_id,
    )


async def plans(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None, plan_id: UUID | None = None
) -> list[Plan]:
    """
    Plans that the caller may see, oldest first; of one window, or the one asked for. A member sees what is published.

    What the caller may not see of a plan (its run, its result) is missing from the join, by row-level security.
    """
    rows = await db.fetch(
        """
        SELECT plan_id, pool_window_id, CASE WHEN $6 THEN run.version ELSE published_no END AS version, status,
               plans.created_at, started_at, finished_at, published_at,
               run.seconds AS run_seconds, seed, rule, terms, progress, error_code, error_detail, run.label, origin,
               base_plan_id, scenario, change_minor, publish_when_solved,
               run.day_version IS NOT NULL AND run.day_version <> day.day_version AS day_changed,
               CASE WHEN $6 AND status IN ('solved', 'published') THEN
                   (SELECT count(*) FROM shipments AS held
                     WHERE held.cluster_id = plans.cluster_id AND held.pool_window_id = plans.pool_window_id
                       AND held.status = 'pooled' AND held.pooling <> 'alone'
                       AND NOT EXISTS (SELECT FROM plan_visits AS visit
                                        WHERE visit.cluster_id = plans.cluster_id AND visit.plan_id = plans.plan_id
                                          AND visit.shipment_id = held.shipment_id)
                       AND NOT EXISTS (SELECT FROM plan_unplanned AS rest
                                        WHERE rest.cluster_id = plans.cluster_id AND rest.plan_id = plans.plan_id
                                          AND rest.shipment_id = held.shipment_id))
               END AS late_shipments,
               result.currency, cost_minor, bound_minor, gap, distance_m, duration_s, route_count, planned_count,
               result.seconds AS result_seconds, emissions_g, fill_weight, fill_volume, services_windowed,
               services_early, slack_median_s,
               (SELECT count(*) FROM plan_unplanned AS rest
                 WHERE rest.cluster_id = plans.cluster_id AND rest.plan_id = plans.plan_id) AS unplanned_count,
               (SELECT jsonb_agg(jsonb_build_object('key_id', agreed.key_id, 'user_id', agreed.user_id,
                                                    'at', agreed.at, 'note', agreed.note) ORDER BY agreed.approval_id)
                  FROM plan_approvals AS agreed
                 WHERE agreed.cluster_id = plans.cluster_id AND agreed.plan_id = plans.plan_id) AS approvals,
               clusters.four_eyes
          FROM plans
          JOIN clusters USING (cluster_id)
          JOIN pool_windows AS day USING (cluster_id, pool_window_id)
          LEFT JOIN plan_runs AS run USING (cluster_id, plan_id)
          LEFT JOIN plan_results AS result USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND plan_id > $2 AND ($3::uuid IS NULL OR pool_window_id = $3)
           AND ($4::uuid IS NULL OR plan_id = $4) AND ($6 OR status = 'published')
         ORDER BY plan_id LIMIT $5
        """,
        scope.cluster,
        after,
        pool_window_id,
        plan_id,
        limit,
        scope.neutral,
    )
    return [_plan(row, scope.neutral) for row in rows]


def _plan(row: asyncpg.Record, neutral: bool) -> Plan:
    approvals = [_approval(entry) for entry in row["approvals"] or []]
    return Plan(
        id=ids.show("plan", row["plan_id"]),
        pool_window_id=ids.show("win", row["pool_window_id"]),
        version=row["version"],
        status=PlanStatus(row["status"]),
        created_at=row["created_at"] if neutral else row["published_at"],
        started_at=row["started_at"] if neutral else None,
        finished_at=row["finished_at"] if neutral else None,
        published_at=row["published_at"],
        seconds=row["run_seconds"],
        seed=row["seed"],
        rule=row["rule"],
        terms=None if row["terms"] is None else msgspec.convert(row["terms"], RuleTerms),
        result=_result(row),
        progress=[ProgressPoint(**point) for point in row["progress"] or []],
        error_code=row["error_code"],
        error_detail=row["error_detail"],
        label=row["label"],
        origin=None if row["origin"] is None else Origin(row["origin"]),
        base_plan_id=None if row["base_plan_id"] is None else ids.show("plan", row["base_plan_id"]),
        scenario=None if row["scenario"] is None else msgspec.convert(row["scenario"], Scenario),
        change_minor=row["change_minor"],
        publish=row["publish_when_solved"],
        approvals=approvals,
        approval_required=row["four_eyes"] and not approvals if neutral else None,
        day_changed=row["day_changed"] if neutral else None,
        late_shipments=row["late_shipments"],
    )


def _approval(entry: dict[str, Any]) -> Approval:
    by = ("key", entry["key_id"]) if entry["key_id"] is not None else ("usr", entry["user_id"])
    return Approval(by=ids.show(by[0], UUID(by[1])), at=datetime.fromisoformat(entry["at"]), note=entry["note"])


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
        emissions_g=row["emissions_g"],
        fill_weight=row["fill_weight"],
        fill_volume=row["fill_volume"],
        services_windowed=row["services_windowed"],
        services_early=row["services_early"],
        slack_median_s=row["slack_median_s"],
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


async def asked(db: Connection, scope: Scope, plan_id: UUID) -> tuple[int, dict[str, Any] | None]:
    """How many players the plan's cost game may have, and what else its job needs."""
    row = await db.fetchrow(
        "SELECT players_max, task FROM plan_runs WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )
    return row["players_max"], row["task"]


async def note_question(db: Connection, scope: Scope, plan_id: UUID, problem_sha256: bytes, day_version: int) -> None:
    """What was asked in the end: the question and the version of the day."""
    await db.execute(
        "UPDATE plan_runs SET problem_sha256 = $3, day_version = $4 WHERE cluster_id = $1 AND plan_id = $2",
        scope.cluster,
        plan_id,
        problem_sha256,
        day_version,
    )


async def run_like(db: Connection, scope: Scope, plan_id: UUID) -> NewRun:
    """How a plan was asked for, as another may be asked for; it does not publish itself."""
    row = await db.fetchrow(
        """
        SELECT seconds, seed, rule, terms, players_max, label, scenario, day_version, problem_sha256
          FROM plan_runs WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    return msgspec.convert(dict(row), NewRun)


async def keep_problem(db: Connection, scope: Scope, problem_sha256: bytes, problem: bytes) -> None:
    """A question, once for all plans that ask it."""
    await db.execute(
        """
        INSERT INTO plan_problems (cluster_id, problem_sha256, problem) VALUES ($1, $2, $3)
        ON CONFLICT (cluster_id, problem_sha256) DO NOTHING
        """,
        scope.cluster,
        problem_sha256,
        problem,
    )


async def question(db: Connection, scope: Scope, plan_id: UUID) -> tuple[bytes, bytes] | None:
    """A plan's question: its digest, and itself as stored; None where none was kept."""
    row = await db.fetchrow(
        """
        SELECT problem_sha256, problem FROM plan_runs JOIN plan_problems USING (cluster_id, problem_sha256)
         WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    return None if row is None else (row["problem_sha256"], row["problem"])


async def answer(db: Connection, scope: Scope, plan_id: UUID) -> bytes | None:
    """The solver's answer for a plan, as JSON; None where it has none."""
    found: bytes | None = await db.fetchval(
        "SELECT answer FROM plan_results WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )
    return found


class Wish(Struct, frozen=True):
    """What the coordinator has asked of a run meanwhile."""

    abort: bool
    stop: bool


async def add_progress(db: Connection, scope: Scope, plan_id: UUID, points: list[dict[str, Any]]) -> Wish:
    """Appends to a run's progress, and tells what was asked of it meanwhile."""
    row = await db.fetchrow(
        """
        UPDATE plan_runs SET progress = CASE WHEN jsonb_array_length(progress) < $4 THEN progress || $3::jsonb
                                             ELSE progress END
         WHERE cluster_id = $1 AND plan_id = $2 RETURNING abort_requested, stop_requested
        """,
        scope.cluster,
        plan_id,
        points,
        PROGRESS_POINTS_MAX,
    )
    return Wish(False, False) if row is None else Wish(row["abort_requested"], row["stop_requested"])


async def request_abort(db: Connection, scope: Scope, plan_id: UUID) -> None:
    """Asks the worker to abort at its next heartbeat."""
    await db.execute(
        "UPDATE plan_runs SET abort_requested = true WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )


async def request_stop(db: Connection, scope: Scope, plan_id: UUID) -> bool:
    """Asks the worker, at its next heartbeat, to end the search and keep the best plan; False when asked before."""
    done = await db.fetchval(
        """
        UPDATE plan_runs SET stop_requested = true
         WHERE cluster_id = $1 AND plan_id = $2 AND NOT stop_requested RETURNING true
        """,
        scope.cluster,
        plan_id,
    )
    return bool(done)


async def note_error(db: Connection, scope: Scope, plan_id: UUID, code: str, detail: str) -> None:
    """Why a run failed."""
    await db.execute(
        "UPDATE plan_runs SET error_code = $3, error_detail = $4 WHERE cluster_id = $1 AND plan_id = $2",
        scope.cluster,
        plan_id,
        code,
        detail,
    )
