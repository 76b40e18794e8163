"""SQL of the ledger."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.ledger.models import Account, Holder

LEDGER_LOCK = 7


async def hold(db: Connection, scope: Scope) -> None:
    """Nobody else posts to this cluster's books, or closes them, until the transaction ends."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", str(scope.cluster), LEDGER_LOCK)


async def stand(
    db: Connection, scope: Scope, entry_ids: Collection[UUID], account_ids: Collection[UUID]
) -> asyncpg.Record:
    """
    Where the books stand: the last entry's number and chain, the first day that is in no closed period, digests of
    those entries that are posted already, and which of the accounts are open.
    """
    found: asyncpg.Record = await db.fetchrow(
        """
        SELECT (SELECT coalesce(max(ends_on) + 1, DATE '2000-01-01') FROM settlement_periods
                 WHERE cluster_id = $1 AND status = 'closed') AS open_from,
               last.entry_no, last.chain, known.entry_ids, known.digests,
               ARRAY(SELECT account_id FROM ledger_accounts WHERE cluster_id = $1 AND account_id = ANY($3)) AS accounts
          FROM (SELECT array_agg(entry_id) AS entry_ids, array_agg(digest) AS digests FROM ledger_entries
                 WHERE cluster_id = $1 AND entry_id = ANY($2)) AS known
          LEFT JOIN (SELECT entry_no, chain FROM ledger_entries
                      WHERE cluster_id = $1 ORDER BY entry_no DESC LIMIT 1) AS last ON true
        """,
        scope.cluster,
        list(entry_ids),
        list(account_ids),
    )
    return found


async def open_accounts(db: Connection, scope: Scope, accounts: Collection[Account]) -> None:
    """Opens those of the accounts that are not there."""

    def holders(holder: Holder) -> list[UUID | None]:
        return [entry.holder_id if entry.holder is holder else None for entry in accounts]

    await db.execute(
        """
        INSERT INTO ledger_accounts (cluster_id, account_id, holder, purpose, currency, member_id, carrier_id, site_id,
                                     holder_id)
        SELECT $1, fresh.*, coalesce(member_id, carrier_id, site_id, $1)
          FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::uuid[], $8::uuid[])
               AS fresh (account_id, holder, purpose, currency, member_id, carrier_id, site_id)
        ON CONFLICT DO NOTHING
        """,
        scope.cluster,
        [entry.id_in(scope.cluster) for entry in accounts],
        [entry.holder for entry in accounts],
        [entry.purpose for entry in accounts],
        [entry.currency for entry in accounts],
        holders(Holder.MEMBER),
        holders(Holder.CARRIER),
        holders(Holder.SITE),
    )


async def insert(
    db: Connection, scope: Scope, entries: Sequence[tuple[Any, ...]], lines: Sequence[tuple[Any, ...]]
) -> None:
    """Entries and all of their lines; each in the order of the columns below."""
    heads, rows = (
        [list(column) for column in zip(*entries, strict=True)],
        [list(column) for column in zip(*lines, strict=True)],
    )
    await db.execute(
        """
        WITH heads AS (
            INSERT INTO ledger_entries (cluster_id, entry_id, entry_no, kind, source_kind, source_id, part, reverses_id,
                                        occurred_on, booked_on, currency, lines, memo, digest, before, chain, key_id,
                                        user_id, prior_no)
            SELECT $1, fresh.*, $17, $18, nullif(fresh.entry_no - 1, 0)
              FROM unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::uuid[],
                          $9::date[], $10::date[], $11::text[], $12::integer[], $13::text[], $14::bytea[], $15::bytea[],
                          $16::bytea[]) AS fresh (entry_id, entry_no))
        INSERT INTO ledger_lines (cluster_id, entry_id, line_no, line_id, account_id, currency, amount_minor, kind,
                                  reason, source_kind, source_id, about_id, occurred_on, booked_on, memo, of_lines,
                                  member_id, carrier_id, site_id, holder_id)
        SELECT $1, fresh.*, book.member_id, book.carrier_id, book.site_id, book.holder_id
          FROM unnest($19::uuid[], $20::integer[], $21::uuid[], $22::uuid[], $23::text[], $24::bigint[], $25::text[],
                      $26::text[], $27::text[], $28::uuid[], $29::uuid[], $30::date[], $31::date[], $32::text[],
                      $33::integer[]) AS fresh (entry_id, line_no, line_id, account_id)
          JOIN ledger_accounts AS book ON book.cluster_id = $1 AND book.account_id = fresh.account_id
        """,
        scope.cluster,
        *heads,
        scope.key_id,
        scope.user_id,
        *rows,
    )


async def currency(db: Connection, scope: Scope) -> str:
    """The cluster's currency."""
    found: str = await db.fetchval("SELECT currency FROM clusters WHERE cluster_id = $1", scope.cluster)
    return found


async def today(db: Connection, scope: Scope) -> date:
    """Today in the cluster's zone."""
    found: date = await db.fetchval(
        "SELECT (now() AT TIME ZONE time_zone)::date FROM clusters WHERE cluster_id = $1", scope.cluster
    )
    return found


async def accounts(
    db: Connection, scope: Scope, after: UUID, limit: int, holder: Holder | None, holder_id: UUID | None
) -> list[asyncpg.Record]:
    """Accounts that the caller may see, with what stands on each."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT book.account_id, book.holder, book.purpose, book.currency,
               nullif(book.holder_id, book.cluster_id) AS holder_id,
               coalesce(members.name, carriers.name, sites.name, clusters.name, '') AS holder_name,
               coalesce(stands.balance_minor, 0) AS balance_minor, coalesce(stands.lines, 0) AS lines
          FROM ledger_accounts AS book
          JOIN clusters USING (cluster_id)
          LEFT JOIN members ON members.cluster_id = $1 AND members.member_id = book.member_id
          LEFT JOIN carriers ON carriers.cluster_id = $1 AND carriers.carrier_id = book.carrier_id
          LEFT JOIN sites ON sites.cluster_id = $1 AND sites.site_id = book.site_id
          LEFT JOIN LATERAL (SELECT sum(amount_minor)::bigint AS balance_minor, count(*)::integer AS lines
                               FROM ledger_lines AS line
                              WHERE line.cluster_id = $1 AND line.account_id = book.account_id) AS stands ON true
         WHERE book.cluster_id = $1 AND book.account_id > $2 AND ($4::text IS NULL OR book.holder = $4)
           AND ($5::uuid IS NULL OR book.holder_id = $5)
         ORDER BY book.account_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        holder,
        holder_id,
    )
    return found


async def accounts_named(db: Connection, scope: Scope, account_ids: Collection[UUID]) -> list[asyncpg.Record]:
    """Accounts by their identifiers."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT holder, nullif(holder_id, cluster_id) AS holder_id, currency, purpose FROM ledger_accounts
         WHERE cluster_id = $1 AND account_id = ANY($2)
        """,
        scope.cluster,
        list(account_ids),
    )
    return found


async def lines(
    db: Connection, scope: Scope, after: UUID, limit: int, account_id: UUID | None, holder_id: UUID | None
) -> list[asyncpg.Record]:
    """Lines that the caller may see, in the order of posting; of one account or one holder where that is named."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT line_id, account_id, amount_minor, currency, kind, reason, source_kind, source_id, occurred_on,
               booked_on, memo
          FROM ledger_lines
         WHERE cluster_id = $1 AND line_id > $2 AND ($4::uuid IS NULL OR account_id = $4)
           AND ($5::uuid IS NULL OR member_id = $5 OR carrier_id = $5)
         ORDER BY line_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        account_id,
        holder_id,
    )
    return found


async def entry(db: Connection, scope: Scope, entry_id: UUID) -> asyncpg.Record | None:
    """One entry."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT entry_id, entry_no, kind, source_kind, source_id, reverses_id, occurred_on, booked_on, currency, memo,
               chain, created_at
          FROM ledger_entries WHERE cluster_id = $1 AND entry_id = $2
        """,
        scope.cluster,
        entry_id,
    )
    return found


async def entry_lines(db: Connection, scope: Scope, entry_id: UUID) -> list[asyncpg.Record]:
    """Lines of an entry, with whose accounts they are on."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT line_id, account_id, holder, nullif(line.holder_id, $1) AS holder_id, purpose,
               line.currency, amount_minor, reason, about_id
          FROM ledger_lines AS line JOIN ledger_accounts USING (cluster_id, account_id)
         WHERE cluster_id = $1 AND entry_id = $2 ORDER BY line_no
        """,
        scope.cluster,
        entry_id,
    )
    return found


async def holder_exists(db: Connection, scope: Scope, holder: Holder, holder_id: UUID) -> bool:
    """Whether the cluster has that member, carrier or site."""
    found: bool = await db.fetchval(
        """
        SELECT CASE $2 WHEN 'member' THEN EXISTS (SELECT FROM members WHERE cluster_id = $1 AND member_id = $3)
                       WHEN 'carrier' THEN EXISTS (SELECT FROM carriers WHERE cluster_id = $1 AND carrier_id = $3)
                       ELSE EXISTS (SELECT FROM sites WHERE cluster_id = $1 AND site_id = $3) END
        """,
        scope.cluster,
        holder,
        holder_id,
    )
    return found
