"""SQL of suspension, leaving, archives and erasure."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.members.leaving_models import Archive, EraseData, Erasure, Holdings, Kept
from cluster.members.models import MemberStatus

Row = dict[str, Any]


async def move(
    db: Connection,
    scope: Scope,
    member_id: UUID,
    before: list[MemberStatus],
    to: MemberStatus,
    *,
    reason: str | None = None,
    pooled_shipments: str = "keep",
    leaving_on: date | None = None,
) -> bool:
    """Changes where a member stands; False when it stands in none of ``before``."""
    done = await db.fetchval(
        """
        UPDATE members SET status = $4, status_since = now(), status_reason = $5, pooled_shipments = $6,
                           leaving_on = $7, version = version + 1
         WHERE cluster_id = $1 AND member_id = $2 AND status = ANY($3) RETURNING true
        """,
        scope.cluster,
        member_id,
        before,
        to,
        reason,
        pooled_shipments,
        leaving_on,
    )
    return bool(done)


async def holdings(db: Connection, scope: Scope, member_id: UUID) -> Holdings:
    """What of a member is still open."""
    row = await db.fetchrow(
        """
        SELECT count(*) FILTER (WHERE held.status IN ('booked', 'pooled')) AS shipments_pooled,
               count(*) FILTER (WHERE held.status IN ('tendered', 'dispatched', 'picked_up', 'at_hub', 'in_transit',
                                      'at_customs', 'out_for_delivery', 'ready_for_pickup', 'on_hold',
                                      'return_to_sender')
                                   OR (held.status = 'planned' AND day.service_date >= current_date))
                   AS shipments_planned,
               (SELECT count(*) FROM shares AS paid JOIN plans USING (cluster_id, plan_id)
                 WHERE paid.cluster_id = $1 AND paid.member_id = $2 AND plans.status = 'published') AS plans_unsettled
          FROM shipments AS held LEFT JOIN pool_windows AS day USING (cluster_id, pool_window_id)
         WHERE held.cluster_id = $1 AND held.member_id = $2
        """,
        scope.cluster,
        member_id,
    )
    return msgspec.convert(dict(row), Holdings)


async def today(db: Connection, scope: Scope) -> date:
    """The date in the cluster's zone."""
    found: date = await db.fetchval(
        "SELECT (now() AT TIME ZONE time_zone)::date FROM clusters WHERE cluster_id = $1", scope.cluster
    )
    return found


async def insert_archive(db: Connection, scope: Scope, archive_id: UUID, member_id: UUID) -> None:
    """An archive to be made."""
    await db.execute(
        "INSERT INTO archives (cluster_id, archive_id, member_id) VALUES ($1, $2, $3)",
        scope.cluster,
        archive_id,
        member_id,
    )


async def archives(
    db: Connection, scope: Scope, member_id: UUID | None, after: UUID, limit: int, only: UUID | None = None
) -> list[Archive]:
    """A member's archives, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT archive_id, member_id, status, created_at, ready_at, expires_at, bytes, sha256, rows_held FROM archives
         WHERE cluster_id = $1 AND ($2::uuid IS NULL OR member_id = $2) AND archive_id > $3
           AND ($5::uuid IS NULL OR archive_id = $5)
         ORDER BY archive_id LIMIT $4
        """,
        scope.cluster,
        member_id,
        after,
        limit,
        only,
    )
    return [_shown(row, "archive_id", "arc", Archive) for row in rows]


async def rows_of(db: Connection, scope: Scope, member_id: UUID, table: str, at_once: int) -> AsyncIterator[list[Row]]:
    """All rows of a table that are a member's and that the caller may see, some at a time."""
    behind: Row | None = None
    while True:
        # any-cluster: the function names the cluster and the member, and row-level security decides besides
        found = await db.fetch(
            "SELECT entry FROM app_rows_of($1::text::regclass, $2, $3, $4, $5) AS entry",
            table,
            scope.cluster,
            member_id,
            behind,
            at_once,
        )
        if not found:
            return
        yield [row["entry"] for row in found]
        behind = found[-1]["entry"]


async def insert_chunk(
    db: Connection, scope: Scope, archive_id: UUID, chunk_no: int, member_id: UUID, body: bytes
) -> None:
    """A piece of an archive."""
    await db.execute(
        "INSERT INTO archive_chunks (cluster_id, archive_id, chunk_no, member_id, body) VALUES ($1, $2, $3, $4, $5)",
        scope.cluster,
        archive_id,
        chunk_no,
        member_id,
        body,
    )


async def chunk(db: Connection, scope: Scope, archive_id: UUID, chunk_no: int) -> bytes | None:
    """A piece of an archive; None behind the last."""
    found: bytes | None = await db.fetchval(
        """
        SELECT body FROM archive_chunks
         WHERE cluster_id = $1 AND archive_id = $2 AND chunk_no = $3 AND ($4::uuid IS NULL OR member_id = $4)
        """,
        scope.cluster,
        archive_id,
        chunk_no,
        scope.member_id,
    )
    return found


async def archive_ready(
    db: Connection, scope: Scope, archive_id: UUID, size: int, sha256: str, held: dict[str, int], days: int
) -> None:
    """An archive can be fetched."""
    await db.execute(
        """
        UPDATE archives SET status = 'ready', ready_at = now(), expires_at = now() + make_interval(days => $6),
                            bytes = $3, sha256 = $4, rows_held = $5
         WHERE cluster_id = $1 AND archive_id = $2
        """,
        scope.cluster,
        archive_id,
        size,
        sha256,
        held,
        days,
    )


async def archive_failed(db: Connection, scope: Scope, archive_id: UUID) -> None:
    """An archive could not be made."""
    await db.execute(
        "UPDATE archives SET status = 'failed' WHERE cluster_id = $1 AND archive_id = $2", scope.cluster, archive_id
    )


async def expire_archives(db: Connection) -> int:
    """Drops the contents of archives that are past their time; returns how many archives."""
    # any-cluster: housekeeping of the whole platform
    await db.execute(
        """
        DELETE FROM archive_chunks AS piece USING archives AS whole
         WHERE whole.cluster_id = piece.cluster_id AND whole.archive_id = piece.archive_id
           AND whole.status = 'ready' AND whole.expires_at < now()
        """
    )
    # any-cluster: housekeeping of the whole platform
    done = await db.execute("UPDATE archives SET status = 'expired' WHERE status = 'ready' AND expires_at < now()")
    return int(done.rpartition(" ")[2])


async def insert_erasure(db: Connection, scope: Scope, erasure_id: UUID, member_id: UUID, body: EraseData) -> None:
    """An erasure to be done."""
    prefix = "ctc" if body.subject == "contact" else "usr"
    await db.execute(
        """
        INSERT INTO erasures (cluster_id, erasure_id, member_id, subject, subject_id, older_than_days)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        scope.cluster,
        erasure_id,
        member_id,
        body.subject,
        None if body.subject_id is None else ids.parse(prefix, body.subject_id),
        body.older_than_days,
    )


async def erasures(
    db: Connection, scope: Scope, member_id: UUID, after: UUID, limit: int, only: UUID | None = None
) -> list[Erasure]:
    """A member's erasures, oldest first; or the one with identifier ``only``."""
    rows = await db.fetch(
        """
        SELECT erasure_id, member_id, subject, older_than_days, status, created_at, finished_at, erased, kept
          FROM erasures
         WHERE cluster_id = $1 AND member_id = $2 AND erasure_id > $3 AND ($5::uuid IS NULL OR erasure_id = $5)
         ORDER BY erasure_id LIMIT $4
        """,
        scope.cluster,
        member_id,
        after,
        limit,
        only,
    )
    return [_shown(row, "erasure_id", "ers", Erasure) for row in rows]


async def erasure_order(db: Connection, scope: Scope, erasure_id: UUID) -> Row | None:
    """What an erasure is to erase: member, subject, its identifier, and the last days that are old enough."""
    row = await db.fetchrow(
        """
        SELECT erasure.member_id, erasure.subject, erasure.subject_id,
               CASE WHEN subject = 'all_persons' THEN 'infinity'::date
                    ELSE (now() AT TIME ZONE owner.time_zone)::date - older_than_days END AS until,
               CASE WHEN subject = 'all_persons' THEN 'infinity'::date
                    ELSE (now() AT TIME ZONE 'UTC')::date - older_than_days END AS written_until
          FROM erasures AS erasure JOIN clusters AS owner USING (cluster_id)
         WHERE erasure.cluster_id = $1 AND erasure.erasure_id = $2
        """,
        scope.cluster,
        erasure_id,
    )
    return None if row is None else dict(row)


async def finish_erasure(
    db: Connection, scope: Scope, erasure_id: UUID, status: str, erased: dict[str, int], kept: list[Kept]
) -> None:
    """What was erased and what is kept."""
    await db.execute(
        """
        UPDATE erasures SET status = $3, erased = $4, kept = $5, finished_at = now()
         WHERE cluster_id = $1 AND erasure_id = $2
        """,
        scope.cluster,
        erasure_id,
        status,
        erased,
        kept,
    )


async def delete_contacts(db: Connection, scope: Scope, member_id: UUID, contact_id: UUID | None) -> int:
    """Takes one person of a member out, or all; returns how many."""
    done = await db.execute(
        """
        DELETE FROM contacts WHERE cluster_id = $1 AND member_id = $2 AND ($3::uuid IS NULL OR contact_id = $3)
        """,
        scope.cluster,
        member_id,
        contact_id,
    )
    return int(done.rpartition(" ")[2])


async def contact_exists(db: Connection, scope: Scope, member_id: UUID, contact_id: UUID) -> bool:
    """Whether a member has this contact."""
    found = await db.fetchval(
        "SELECT EXISTS (SELECT FROM contacts WHERE cluster_id = $1 AND member_id = $2 AND contact_id = $3)",
        scope.cluster,
        member_id,
        contact_id,
    )
    return bool(found)


def _shown(row: asyncpg.Record, own: str, prefix: str, kind: type[Any]) -> Any:
    fields = dict(row)
    shown = {"id": ids.show(prefix, fields.pop(own)), "member_id": ids.show("mem", fields.pop("member_id"))}
    return msgspec.convert(shown | fields, kind)
