"""SQL of checking the books."""

from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.ledger.models import BookFault


async def clusters(db: Connection) -> list[UUID]:
    """Every cluster that has books."""
    # any-cluster: the platform checks all books
    rows = await db.fetch(
        """
        WITH RECURSIVE found AS (
            (SELECT cluster_id FROM ledger_entries ORDER BY cluster_id LIMIT 1)
            UNION ALL
            SELECT (SELECT cluster_id FROM ledger_entries AS entry WHERE entry.cluster_id > found.cluster_id
                     ORDER BY cluster_id LIMIT 1) FROM found WHERE found.cluster_id IS NOT NULL)
        SELECT cluster_id FROM found WHERE cluster_id IS NOT NULL
        """
    )
    return [row["cluster_id"] for row in rows]


async def entries(db: Connection, scope: Scope, after_no: int, limit: int) -> list[asyncpg.Record]:
    """Entries behind a number, each with its lines as one array."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT entry_no, entry_id, kind, source_kind, source_id, part, reverses_id, occurred_on, booked_on, currency,
               memo, lines, digest, before, chain, its.line_nos, its.accounts, its.amounts, its.reasons, its.abouts,
               its.said
          FROM ledger_entries AS entry
          LEFT JOIN LATERAL (
               SELECT array_agg(line_no ORDER BY line_no) AS line_nos,
                      array_agg(account_id ORDER BY line_no) AS accounts,
                      array_agg(amount_minor ORDER BY line_no) AS amounts,
                      array_agg(reason ORDER BY line_no) AS reasons, array_agg(about_id ORDER BY line_no) AS abouts,
                      bool_and(line.currency = entry.currency AND line.kind = entry.kind
                               AND line.source_id = entry.source_id AND line.booked_on = entry.booked_on) AS said
                 FROM ledger_lines AS line
                WHERE line.cluster_id = $1 AND line.entry_id = entry.entry_id) AS its ON true
         WHERE entry.cluster_id = $1 AND entry_no > $2 ORDER BY entry_no LIMIT $3
        """,
        scope.cluster,
        after_no,
        limit,
    )
    return found


async def totals(db: Connection, scope: Scope) -> list[asyncpg.Record]:
    """What all lines sum to by currency, where that is not zero, lines of no entry, statements that differ."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT 'not_zero' AS code, currency || ': ' || sum(amount_minor) AS detail FROM ledger_lines
         WHERE cluster_id = $1 GROUP BY currency HAVING sum(amount_minor) <> 0
        UNION ALL
        SELECT 'line_of_no_entry', count(*) || ' lines' FROM ledger_lines AS line
         WHERE line.cluster_id = $1 AND NOT EXISTS (SELECT FROM ledger_entries AS entry
                                                     WHERE entry.cluster_id = $1 AND entry.entry_id = line.entry_id)
        HAVING count(*) > 0
        UNION ALL
        SELECT 'statement_differs', period.ends_on || ' of ' || told.member_id
          FROM statements AS told JOIN settlement_periods AS period USING (cluster_id, period_id)
         WHERE told.cluster_id = $1
           AND told.closing_minor <> (SELECT coalesce(sum(line.amount_minor), 0) FROM ledger_lines AS line
                                       WHERE line.cluster_id = $1 AND line.member_id = told.member_id
                                         AND line.currency = period.currency AND line.booked_on <= period.ends_on)
        """,
        scope.cluster,
    )
    return found


async def last(db: Connection, scope: Scope) -> asyncpg.Record | None:
    """The last check that was kept."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT check_no, from_no, to_no, chain, faults, checked_at, now() - checked_at > interval '1 day' AS old,
               (SELECT coalesce(max(entry_no), 0) FROM ledger_entries WHERE cluster_id = $1) AS head_no
          FROM ledger_checks WHERE cluster_id = $1 ORDER BY check_no DESC LIMIT 1
        """,
        scope.cluster,
    )
    return found


async def head_no(db: Connection, scope: Scope) -> int:
    """The number of the last entry."""
    found: int = await db.fetchval(
        "SELECT coalesce(max(entry_no), 0) FROM ledger_entries WHERE cluster_id = $1", scope.cluster
    )
    return found


async def keep(db: Connection, scope: Scope, from_no: int, to_no: int, chain: bytes, faults: list[BookFault]) -> None:
    """Notes what a check found."""
    await db.execute(
        """
        INSERT INTO ledger_checks (cluster_id, check_no, from_no, to_no, chain, faults)
        SELECT $1, 1 + coalesce(max(check_no), 0), $2, $3, $4, $5 FROM ledger_checks WHERE cluster_id = $1
        """,
        scope.cluster,
        from_no,
        to_no,
        chain,
        faults,
    )
