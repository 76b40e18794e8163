"""SQL of statements, payments and disputes, once a period is closed."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.books.models import DisputeStatus, OpenDispute


async def statements(
    db: Connection, scope: Scope, after: UUID, limit: int, period_id: UUID | None, statement_id: UUID | None
) -> list[asyncpg.Record]:
    """Statements that the caller may see, with their documents where one is asked for."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT statement_id, period_id, member_id, opening_minor, turnover_minor, closing_minor, issued_at,
               disputable_until, digest, document ->> 'member_name' AS member_name,
               (document ->> 'starts_on')::date AS starts_on, (document ->> 'ends_on')::date AS ends_on,
               document ->> 'currency' AS currency,
               CASE WHEN $6::uuid IS NOT NULL THEN document END AS document,
               EXISTS (SELECT FROM statement_disputes AS against
                        WHERE against.cluster_id = $1 AND against.statement_id = statements.statement_id
                          AND against.status = 'open') AS disputed
          FROM statements
         WHERE cluster_id = $1 AND statement_id > $2 AND ($4::uuid IS NULL OR member_id = $4)
           AND ($5::uuid IS NULL OR period_id = $5) AND ($6::uuid IS NULL OR statement_id = $6)
         ORDER BY statement_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        scope.member_id,
        period_id,
        statement_id,
    )
    return found


async def payments(
    db: Connection, scope: Scope, after: UUID, limit: int, period_id: UUID | None, payment_id: UUID | None
) -> list[asyncpg.Record]:
    """Payments that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT payment_id, period_id, from_member, from_carrier, to_member, to_carrier, currency, amount_minor, paid_on,
               version
          FROM settlement_payments
         WHERE cluster_id = $1 AND payment_id > $2 AND ($4::uuid IS NULL OR period_id = $4)
           AND ($5::uuid IS NULL OR payment_id = $5)
         ORDER BY payment_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        period_id,
        payment_id,
    )
    return found


async def names(db: Connection, scope: Scope, named: Sequence[UUID]) -> dict[UUID, str]:
    """Names of members and carriers, for whoever pays them or is paid by them."""
    rows = await db.fetch(
        """
        SELECT member_id AS holder_id, name FROM members WHERE cluster_id = $1 AND member_id = ANY($2)
        UNION ALL
        SELECT carrier_id, name FROM carriers WHERE cluster_id = $1 AND carrier_id = ANY($2)
        """,
        scope.cluster,
        list(named),
    )
    return {row["holder_id"]: row["name"] for row in rows}


async def pay(db: Connection, scope: Scope, payment_id: UUID, paid_on: date) -> bool:
    """Notes that a payment was made; False where that is known."""
    done = await db.fetchval(
        """
        UPDATE settlement_payments SET paid_on = $3, version = version + 1
         WHERE cluster_id = $1 AND payment_id = $2 AND paid_on IS NULL RETURNING true
        """,
        scope.cluster,
        payment_id,
        paid_on,
    )
    return bool(done)


async def dispute(
    db: Connection, scope: Scope, dispute_id: UUID, statement_id: UUID, member_id: UUID, body: OpenDispute
) -> None:
    """A dispute about a statement."""
    await db.execute(
        """
        INSERT INTO statement_disputes (cluster_id, dispute_id, statement_id, member_id, reason, amount_minor, status)
        VALUES ($1, $2, $3, $4, $5, $6, 'open')
        """,
        scope.cluster,
        dispute_id,
        statement_id,
        member_id,
        body.reason,
        body.amount_minor,
    )


async def may_dispute(db: Connection, scope: Scope, statement_id: UUID) -> bool:
    """Whether the time to object is not over."""
    found: bool = await db.fetchval(
        "SELECT now() < disputable_until FROM statements WHERE cluster_id = $1 AND statement_id = $2",
        scope.cluster,
        statement_id,
    )
    return found


async def disputes(
    db: Connection, scope: Scope, after: UUID, limit: int, dispute_id: UUID | None = None
) -> list[asyncpg.Record]:
    """Disputes that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT dispute_id, statement_id, member_id, reason, amount_minor, status, answer, entry_id, version, created_at,
               decided_at
          FROM statement_disputes
         WHERE cluster_id = $1 AND dispute_id > $2 AND ($4::uuid IS NULL OR dispute_id = $4)
         ORDER BY dispute_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        dispute_id,
    )
    return found


async def decide(
    db: Connection, scope: Scope, dispute_id: UUID, status: DisputeStatus, answer: str, entry_id: UUID | None
) -> bool:
    """Ends a dispute; False where it is over already."""
    done = await db.fetchval(
        """
        UPDATE statement_disputes
           SET status = $3, answer = $4, entry_id = $5, decided_at = now(), version = version + 1
         WHERE cluster_id = $1 AND dispute_id = $2 AND status = 'open' RETURNING true
        """,
        scope.cluster,
        dispute_id,
        status,
        answer,
        entry_id,
    )
    return bool(done)
