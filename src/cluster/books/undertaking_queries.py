"""SQL of joint undertakings."""

from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.books.undertaking_models import Answer, ProposeUndertaking, UndertakingStatus


async def members(db: Connection, scope: Scope, named: Collection[UUID]) -> set[UUID]:
    """Which of these the cluster has."""
    rows = await db.fetch(
        "SELECT member_id FROM members WHERE cluster_id = $1 AND member_id = ANY($2)", scope.cluster, list(named)
    )
    return {row["member_id"] for row in rows}


async def carrier_exists(db: Connection, scope: Scope, carrier_id: UUID) -> bool:
    """Whether the cluster has that carrier."""
    found: bool = await db.fetchval(
        "SELECT EXISTS (SELECT FROM carriers WHERE cluster_id = $1 AND carrier_id = $2)", scope.cluster, carrier_id
    )
    return found


async def shares_in(db: Connection, scope: Scope, since: date, until: date) -> dict[UUID, int]:
    """What members' shares of published plans come to in service days."""
    rows = await db.fetch(
        """
        SELECT shares.member_id, sum(share_minor)::bigint AS share_minor
          FROM plans JOIN pool_windows AS day USING (cluster_id, pool_window_id) JOIN shares USING (cluster_id, plan_id)
         WHERE plans.cluster_id = $1 AND plans.status = 'published' AND day.service_date BETWEEN $2 AND $3
         GROUP BY shares.member_id
        """,
        scope.cluster,
        since,
        until,
    )
    return {row["member_id"]: row["share_minor"] for row in rows}


async def insert(
    db: Connection,
    scope: Scope,
    undertaking_id: UUID,
    body: ProposeUndertaking,
    currency: str,
    owed_to: tuple[UUID | None, UUID | None],
    parts: Sequence[tuple[UUID, int, int]],
) -> None:
    """An undertaking, with the key and the share of each member."""
    await db.execute(
        """
        INSERT INTO undertakings (cluster_id, undertaking_id, title, note, rule, amount_minor, currency, occurred_on,
                                  paid_by, carrier_id, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'proposed')
        """,
        scope.cluster,
        undertaking_id,
        body.title,
        body.note,
        body.rule,
        body.amount_minor,
        currency,
        body.occurred_on,
        *owed_to,
    )
    await db.executemany(
        """
        INSERT INTO undertaking_parts (cluster_id, undertaking_id, member_id, key_parts, share_minor)
        VALUES ($1, $2, $3, $4, $5)
        """,
        [(scope.cluster, undertaking_id, *part) for part in parts],
    )


async def undertakings(
    db: Connection, scope: Scope, after: UUID, limit: int, undertaking_id: UUID | None = None
) -> list[asyncpg.Record]:
    """Undertakings that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT undertaking_id, title, note, rule, amount_minor, currency, occurred_on, paid_by, carrier_id, status,
               version, created_at
          FROM undertakings
         WHERE cluster_id = $1 AND undertaking_id > $2 AND ($4::uuid IS NULL OR undertaking_id = $4)
         ORDER BY undertaking_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        undertaking_id,
    )
    return found


async def parts(db: Connection, scope: Scope, undertaking_ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """Parts that the caller may see, by name."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT undertaking_id, member_id, members.name, key_parts, share_minor, answer, note, answered_at
          FROM undertaking_parts JOIN members USING (cluster_id, member_id)
         WHERE cluster_id = $1 AND undertaking_id = ANY($2) ORDER BY members.name, member_id
        """,
        scope.cluster,
        list(undertaking_ids),
    )
    return found


async def hold(db: Connection, scope: Scope, undertaking_id: UUID) -> None:
    """Nobody else answers or withdraws it until the transaction ends; for the neutral side."""
    await db.execute(
        "SELECT FROM undertakings WHERE cluster_id = $1 AND undertaking_id = $2 FOR UPDATE",
        scope.cluster,
        undertaking_id,
    )


async def answer(db: Connection, scope: Scope, undertaking_id: UUID, said: Answer, note: str) -> bool:
    """A member's answer; False where it has answered."""
    done = await db.fetchval(
        """
        UPDATE undertaking_parts SET answer = $4, note = $5, answered_at = now()
         WHERE cluster_id = $1 AND undertaking_id = $2 AND member_id = $3 AND answer = 'open' RETURNING true
        """,
        scope.cluster,
        undertaking_id,
        scope.member_id,
        said,
        note,
    )
    return bool(done)


async def move(db: Connection, scope: Scope, undertaking_id: UUID, status: UndertakingStatus) -> None:
    """Moves an undertaking that is held."""
    await db.execute(
        """
        UPDATE undertakings SET status = $3, version = version + 1 WHERE cluster_id = $1 AND undertaking_id = $2
        """,
        scope.cluster,
        undertaking_id,
        status,
    )
