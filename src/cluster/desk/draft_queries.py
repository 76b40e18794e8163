"""SQL of drafts: where they stand, and what was done to them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base.db import Connection, Scope

EDITS_TOLD_MAX = 100


class Standing(Struct, frozen=True, kw_only=True):
    """A draft: the edit it stands at, the states there and at its beginning, and the day it belongs to."""

    head: int
    parent_no: int | None
    redo_no: int | None
    version: int
    problem_sha256: bytes
    base: bytes
    state: bytes
    day_start: datetime
    service_date: Any
    base_plan_id: UUID | None


async def standing(db: Connection, scope: Scope, plan_id: UUID) -> Standing | None:
    """How a draft stands; None where nobody has opened it."""
    row = await db.fetchrow(
        """
        SELECT draft.head, here.parent_no, draft.version, draft.problem_sha256, origin.state AS base, here.state,
               (pool.service_date::timestamp AT TIME ZONE home.time_zone) AS day_start, pool.service_date,
               run.base_plan_id,
               (SELECT max(next.edit_no) FROM plan_edits AS next
                 WHERE next.cluster_id = $1 AND next.plan_id = $2 AND next.parent_no = draft.head) AS redo_no
          FROM plan_drafts AS draft
          JOIN plan_edits AS origin
            ON origin.cluster_id = draft.cluster_id AND origin.plan_id = draft.plan_id AND origin.edit_no = 0
          JOIN plan_edits AS here
            ON here.cluster_id = draft.cluster_id AND here.plan_id = draft.plan_id AND here.edit_no = draft.head
          JOIN plan_runs AS run ON run.cluster_id = draft.cluster_id AND run.plan_id = draft.plan_id
          JOIN plans AS plan ON plan.cluster_id = draft.cluster_id AND plan.plan_id = draft.plan_id
          JOIN pool_windows AS pool ON pool.cluster_id = plan.cluster_id AND pool.pool_window_id = plan.pool_window_id
          JOIN clusters AS home ON home.cluster_id = plan.cluster_id
         WHERE draft.cluster_id = $1 AND draft.plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    return None if row is None else Standing(**dict(row))


async def hold(db: Connection, scope: Scope, plan_id: UUID) -> int | None:
    """Lets nobody else change a draft until the transaction ends; its version, None where nobody has opened it."""
    found: int | None = await db.fetchval(
        "SELECT version FROM plan_drafts WHERE cluster_id = $1 AND plan_id = $2 FOR UPDATE", scope.cluster, plan_id
    )
    return found


class NewEdit(Struct, frozen=True, kw_only=True):
    """An edit about to be stored."""

    edit_id: UUID
    kind: str
    body: dict[str, Any]
    state: bytes
    cost_minor: int
    violations: int


async def begin(db: Connection, scope: Scope, plan_id: UUID, problem_sha256: bytes, first: NewEdit) -> None:
    """Opens a draft; one that is open already stays as it is."""
    made = await db.fetchval(
        """
        INSERT INTO plan_drafts (cluster_id, plan_id, problem_sha256) VALUES ($1, $2, $3)
        ON CONFLICT (cluster_id, plan_id) DO NOTHING RETURNING true
        """,
        scope.cluster,
        plan_id,
        problem_sha256,
    )
    if made:
        await _insert(db, scope, plan_id, 0, None, first)


async def append(db: Connection, scope: Scope, plan_id: UUID, seen: Standing, new: NewEdit) -> bool:
    """Adds an edit after the head, and stands on it; False where the draft is no longer as it was seen."""
    edit_no = await db.fetchval(
        """
        UPDATE plan_drafts SET edits = edits + 1, head = edits + 1, version = version + 1
         WHERE cluster_id = $1 AND plan_id = $2 AND version = $3
        RETURNING head
        """,
        scope.cluster,
        plan_id,
        seen.version,
    )
    if edit_no is None:
        return False
    await _insert(db, scope, plan_id, edit_no, seen.head, new)
    return True


async def stand_at(db: Connection, scope: Scope, plan_id: UUID, version: int, edit_no: int) -> bool:
    """Undoes or redoes: stands on another edit; False where the draft is no longer at ``version``."""
    done = await db.fetchval(
        """
        UPDATE plan_drafts SET head = $4, version = version + 1
         WHERE cluster_id = $1 AND plan_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        plan_id,
        version,
        edit_no,
    )
    return bool(done)


async def state_at(db: Connection, scope: Scope, plan_id: UUID, edit_no: int) -> bytes:
    """The state after an edit."""
    found: bytes = await db.fetchval(
        "SELECT state FROM plan_edits WHERE cluster_id = $1 AND plan_id = $2 AND edit_no = $3",
        scope.cluster,
        plan_id,
        edit_no,
    )
    return found


async def edits(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """The latest edits, oldest first, with whether the draft stands on them."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        WITH RECURSIVE standing AS (
            SELECT edit_no, parent_no FROM plan_edits JOIN plan_drafts USING (cluster_id, plan_id)
             WHERE cluster_id = $1 AND plan_id = $2 AND edit_no = head
            UNION ALL
            SELECT before.edit_no, before.parent_no
              FROM plan_edits AS before JOIN standing ON before.edit_no = standing.parent_no
             WHERE before.cluster_id = $1 AND before.plan_id = $2
        ), latest AS (
            SELECT edit_id, edit_no, kind, body, figures, key_id, user_id, at FROM plan_edits
             WHERE cluster_id = $1 AND plan_id = $2 AND edit_no > 0 ORDER BY edit_no DESC LIMIT $3
        )
        SELECT latest.*, latest.edit_no NOT IN (SELECT edit_no FROM standing) AS undone FROM latest ORDER BY edit_no
        """,
        scope.cluster,
        plan_id,
        EDITS_TOLD_MAX,
    )
    return found


async def _insert(
    db: Connection, scope: Scope, plan_id: UUID, edit_no: int, parent_no: int | None, new: NewEdit
) -> None:
    await db.execute(
        """
        INSERT INTO plan_edits (cluster_id, plan_id, edit_no, parent_no, edit_id, kind, body, state, figures, key_id,
                                user_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        scope.cluster,
        plan_id,
        edit_no,
        parent_no,
        new.edit_id,
        new.kind,
        new.body,
        new.state,
        {"cost_minor": new.cost_minor, "violations": new.violations},
        scope.key_id,
        scope.user_id,
    )
