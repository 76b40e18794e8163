"""SQL of what a cluster has settled from a day on."""

from datetime import date
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.members.settings_models import Section


async def today(db: Connection, scope: Scope) -> date:
    """The day that it is in the cluster."""
    found: date = await db.fetchval(
        "SELECT (now() AT TIME ZONE time_zone)::date FROM clusters WHERE cluster_id = $1", scope.cluster
    )
    return found


async def versions(
    db: Connection, scope: Scope, section: Section | None, before: int | None, limit: int
) -> list[asyncpg.Record]:
    """Versions of a section, or of all, that the caller may see: the newest first, below version ``before``."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT section, version, setting_id, effective_from, body, note, key_id, user_id, created_at
          FROM cluster_settings
         WHERE cluster_id = $1 AND ($2::text IS NULL OR section = $2) AND ($3::integer IS NULL OR version < $3)
         ORDER BY section, version DESC LIMIT $4
        """,
        scope.cluster,
        section,
        before,
        limit,
    )
    return found


async def effective(db: Connection, scope: Scope, section: Section, on: date) -> asyncpg.Record | None:
    """The version of a section that applies on a day; None before the first."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT section, version, setting_id, effective_from, body, note, key_id, user_id, created_at
          FROM cluster_settings
         WHERE cluster_id = $1 AND section = $2 AND effective_from <= $3
         ORDER BY effective_from DESC, version DESC LIMIT 1
        """,
        scope.cluster,
        section,
        on,
    )
    return found


async def insert(
    db: Connection,
    scope: Scope,
    setting_id: UUID,
    section: Section,
    version: int,
    effective_from: date,
    body: dict[str, object],
    note: str,
) -> bool:
    """A new version; False when somebody else just took its number."""
    done = await db.fetchval(
        """
        INSERT INTO cluster_settings (cluster_id, setting_id, section, version, effective_from, body, note, key_id,
                                      user_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (cluster_id, section, version) DO NOTHING RETURNING true
        """,
        scope.cluster,
        setting_id,
        section,
        version,
        effective_from,
        body,
        note,
        scope.key_id,
        scope.user_id,
    )
    return bool(done)


async def founding_rule(db: Connection, scope: Scope) -> str:
    """The rule that a cluster shares by where it has settled nothing from a day on."""
    found: str = await db.fetchval("SELECT sharing_rule FROM clusters WHERE cluster_id = $1", scope.cluster)
    return found


async def member_ids(db: Connection, scope: Scope) -> list[UUID]:
    """All members of the cluster."""
    rows = await db.fetch("SELECT member_id FROM members WHERE cluster_id = $1", scope.cluster)
    return [row["member_id"] for row in rows]
