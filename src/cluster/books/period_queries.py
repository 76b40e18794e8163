"""SQL of periods, and of what is issued when one is closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.books.models import OpenPeriod, StatementDocument


async def last_end(db: Connection, scope: Scope) -> date | None:
    """The last day of the latest period."""
    found: date | None = await db.fetchval(
        "SELECT max(ends_on) FROM settlement_periods WHERE cluster_id = $1", scope.cluster
    )
    return found


async def cluster(db: Connection, scope: Scope) -> asyncpg.Record:
    """The cluster's name, country, currency and today."""
    found: asyncpg.Record = await db.fetchrow(
        """
        SELECT name, country_code, currency, (now() AT TIME ZONE time_zone)::date AS today
          FROM clusters WHERE cluster_id = $1
        """,
        scope.cluster,
    )
    return found


async def open_period(
    db: Connection, scope: Scope, period_id: UUID, body: OpenPeriod, after_on: date | None, currency: str
) -> None:
    """A period."""
    await db.execute(
        """
        INSERT INTO settlement_periods (cluster_id, period_id, starts_on, ends_on, after_on, currency, taxed,
                                        dispute_days, through_cluster, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'open')
        """,
        scope.cluster,
        period_id,
        body.starts_on,
        body.ends_on,
        after_on,
        currency,
        body.taxed,
        body.dispute_days,
        body.through_cluster,
    )


async def periods(
    db: Connection, scope: Scope, after: UUID, limit: int, period_id: UUID | None = None
) -> list[asyncpg.Record]:
    """Periods."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT period_id, starts_on, ends_on, currency, taxed, dispute_days, through_cluster, status, closed_at,
               netting, chain, version, proposed_no,
               coalesce(proposed_key_id, proposed_user_id) AS proposed_by
          FROM settlement_periods
         WHERE cluster_id = $1 AND period_id > $2 AND ($4::uuid IS NULL OR period_id = $4)
         ORDER BY period_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        period_id,
    )
    return found


async def open_before(db: Connection, scope: Scope, starts_on: date) -> bool:
    """Whether an earlier period is not closed."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM settlement_periods
                        WHERE cluster_id = $1 AND ends_on < $2 AND status <> 'closed')
        """,
        scope.cluster,
        starts_on,
    )
    return found


async def propose(db: Connection, scope: Scope, period_id: UUID) -> None:
    """Notes that the caller proposes the books as they are for a period; its row must be held."""
    await db.execute(
        """
        UPDATE settlement_periods
           SET status = 'proposed', proposed_key_id = $3, proposed_user_id = $4,
               proposed_no = (SELECT coalesce(max(entry_no), 0) FROM ledger_entries WHERE cluster_id = $1)
         WHERE cluster_id = $1 AND period_id = $2
        """,
        scope.cluster,
        period_id,
        scope.key_id,
        scope.user_id,
    )


async def same_hands(db: Connection, scope: Scope, proposed_by: UUID) -> bool:
    """Whether one person may stand behind both who proposed and the caller: a key stands for all who have held it."""
    found: bool = await db.fetchval(
        """
        WITH holder AS (
            SELECT actor_id, actor_id AS held_by FROM unnest(ARRAY[$2::uuid, $3::uuid]) AS actor (actor_id)
            UNION ALL
            SELECT key_id, unnest(held_by) FROM api_keys WHERE cluster_id = $1 AND key_id IN ($2, $3))
        SELECT EXISTS (SELECT FROM holder AS caller JOIN holder AS other USING (held_by)
                        WHERE caller.actor_id = $2 AND other.actor_id = $3)
        """,
        scope.cluster,
        scope.actor_id,
        proposed_by,
    )
    return found


async def changed_since(db: Connection, scope: Scope, ends_on: date, entry_no: int) -> bool:
    """Whether anything was booked up to a day behind an entry."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM ledger_entries WHERE cluster_id = $1 AND entry_no > $3 AND booked_on <= $2)
        """,
        scope.cluster,
        ends_on,
        entry_no,
    )
    return found


async def close(db: Connection, scope: Scope, period_id: UUID, netting: str) -> None:
    """Closes a period; its statements are issued, the books are held."""
    await db.execute(
        """
        UPDATE settlement_periods
           SET status = 'closed', closed_key_id = $3, closed_user_id = $4, closed_at = now(), netting = $5,
               chain = (SELECT chain FROM ledger_entries WHERE cluster_id = $1 ORDER BY entry_no DESC LIMIT 1)
         WHERE cluster_id = $1 AND period_id = $2
        """,
        scope.cluster,
        period_id,
        scope.key_id,
        scope.user_id,
        netting,
    )


async def openings(db: Connection, scope: Scope, currency: str, starts_on: date) -> list[asyncpg.Record]:
    """Every member with an account, and what stood on it before a day."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT book.member_id, members.name, coalesce(sum(line.amount_minor), 0)::bigint AS opening_minor
          FROM ledger_accounts AS book JOIN members USING (cluster_id, member_id)
          LEFT JOIN ledger_lines AS line
            ON line.cluster_id = $1 AND line.account_id = book.account_id AND line.booked_on < $3
         WHERE book.cluster_id = $1 AND book.currency = $2
         GROUP BY book.member_id, members.name ORDER BY members.name, book.member_id
        """,
        scope.cluster,
        currency,
        starts_on,
    )
    return found


async def lines(db: Connection, scope: Scope, currency: str, starts_on: date, ends_on: date) -> list[asyncpg.Record]:
    """Members' lines of a period."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT member_id, booked_on, occurred_on, kind, reason, source_kind, source_id, amount_minor, memo
          FROM ledger_lines
         WHERE cluster_id = $1 AND member_id IS NOT NULL AND currency = $2 AND booked_on BETWEEN $3 AND $4
         ORDER BY member_id, booked_on, line_id
        """,
        scope.cluster,
        currency,
        starts_on,
        ends_on,
    )
    return found


async def plans(db: Connection, scope: Scope, starts_on: date, ends_on: date) -> list[asyncpg.Record]:
    """Members' parts of published plans of a period's service days."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT shares.member_id, shares.plan_id, published_no, day.service_date, known.planned AS shipments,
               shares.stand_alone_minor, shares.share_minor, shares.saving_minor, rule_applied, known.emissions_g
          FROM plans JOIN pool_windows AS day USING (cluster_id, pool_window_id) JOIN shares USING (cluster_id, plan_id)
          LEFT JOIN member_figures AS known
            ON known.cluster_id = $1 AND known.plan_id = shares.plan_id AND known.member_id = shares.member_id
         WHERE plans.cluster_id = $1 AND plans.status = 'published' AND day.service_date BETWEEN $2 AND $3
         ORDER BY shares.member_id, day.service_date, shares.plan_id
        """,
        scope.cluster,
        starts_on,
        ends_on,
    )
    return found


async def balances(db: Connection, scope: Scope, currency: str, ends_on: date) -> list[asyncpg.Record]:
    """What members and carriers owe by a day, as it is to be settled."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT book.holder, book.holder_id, sum(line.amount_minor)::bigint AS balance_minor
          FROM ledger_accounts AS book JOIN ledger_lines AS line USING (cluster_id, account_id)
         WHERE book.cluster_id = $1 AND book.currency = $2 AND line.booked_on <= $3
           AND book.holder IN ('member', 'carrier')
         GROUP BY book.holder, book.holder_id
        """,
        scope.cluster,
        currency,
        ends_on,
    )
    return found


async def unpaid(db: Connection, scope: Scope, currency: str) -> list[asyncpg.Record]:
    """Payments of earlier periods that were not made yet: they are not asked for twice."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT from_member, from_carrier, to_member, to_carrier, amount_minor FROM settlement_payments
         WHERE cluster_id = $1 AND currency = $2 AND paid_on IS NULL
        """,
        scope.cluster,
        currency,
    )
    return found


async def issue(
    db: Connection,
    scope: Scope,
    period_id: UUID,
    told: Sequence[tuple[UUID, UUID, StatementDocument, bytes]],
    days: int,
) -> None:
    """Statements, each with its identifier, document and digest."""
    await db.executemany(
        """
        INSERT INTO statements (cluster_id, statement_id, period_id, member_id, opening_minor, turnover_minor,
                                closing_minor, document, digest, disputable_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(days => $10))
        """,
        [
            (
                scope.cluster,
                statement_id,
                period_id,
                member_id,
                document.opening_minor,
                document.closing_minor - document.opening_minor,
                document.closing_minor,
                document,
                digest,
                days,
            )
            for statement_id, member_id, document, digest in told
        ],
    )


async def ask_payments(db: Connection, scope: Scope, rows: Sequence[tuple[Any, ...]]) -> None:
    """Payments of a period, in the order of the columns."""
    await db.executemany(
        """
        INSERT INTO settlement_payments (cluster_id, payment_id, period_id, payment_no, from_member, from_carrier,
                                         to_member, to_carrier, currency, amount_minor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """,
        [(scope.cluster, *row) for row in rows],
    )
