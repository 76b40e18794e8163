"""SQL of shops' orders."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault
from cluster.channels.models import ChannelOrder, ChannelOrderState, Via

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
"""When an order was told of which only the number is known."""


class Kept(Struct, frozen=True, kw_only=True):
    """An order as it is stored."""

    order_id: UUID
    channel_id: UUID
    external_id: str
    number: str
    state: ChannelOrderState
    via: Via
    told_at: datetime
    digest: bytes | None
    content: ChannelOrder | None
    pending: bool
    mend: dict[str, Any]
    faults: list[FieldFault]
    shipment_id: UUID | None
    booked_digest: bytes | None
    told_stage: int
    tell_error: str | None
    created_at: datetime
    updated_at: datetime


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of an order; ``retry_s`` is when to try again by itself."""

    state: ChannelOrderState
    faults: Sequence[FieldFault] = ()
    shipment_id: UUID | None = None
    booked_digest: bytes | None = None
    retry_s: int | None = None


class ToTell(Struct, frozen=True, kw_only=True):
    """An order whose shipment is further than its shop knows."""

    order_id: UUID
    external_id: str
    shipment_id: UUID
    status: str
    told_stage: int
    tell_failures: int


def _kept(row: asyncpg.Record) -> Kept:
    fields = dict(row)
    fields["state"] = ChannelOrderState(fields["state"])
    fields["via"] = Via(fields["via"])
    fields["mend"] = fields["mend"] or {}
    fields["faults"] = msgspec.convert(fields["faults"], list[FieldFault])
    if fields["content"] is not None:
        fields["content"] = msgspec.convert(fields["content"], ChannelOrder)
    return Kept(**fields)


async def put(
    db: Connection, scope: Scope, channel_id: UUID, told: Sequence[tuple[ChannelOrder, bytes]], via: Via, *, asked: bool
) -> None:
    """
    Stores what a shop says of orders, each with the digest of it: inserted, or newer than what is there, or ignored.

    Two tellings of one moment that differ are settled by asking the shop; ``asked`` says that this is its answer.
    """
    columns = (
        [ids.new() for _ in told],
        [order.external_id for order, _ in told],
        [order.number[:100] or order.external_id for order, _ in told],
        [order.version for order, _ in told],
        [digest for _, digest in told],
        [msgspec.json.encode(order).decode() for order, _ in told],
    )
    await db.execute(
        """
        INSERT INTO channel_orders AS held
               (cluster_id, member_id, channel_id, via, order_id, external_id, number, told_at, digest, content,
                pending)
        SELECT $1, $2, $3, $4, order_id, external_id, number, told_at, digest, content::jsonb, true
          FROM unnest($5::uuid[], $6::text[], $7::text[], $8::timestamptz[], $9::bytea[], $10::text[])
                 AS new (order_id, external_id, number, told_at, digest, content)
         ORDER BY external_id
        ON CONFLICT (cluster_id, channel_id, external_id) DO UPDATE
           SET number = excluded.number, told_at = excluded.told_at, digest = excluded.digest,
               content = excluded.content, updated_at = now(),
               to_fetch = held.to_fetch AND NOT $11,
               pending = held.pending OR held.digest IS DISTINCT FROM excluded.digest
         WHERE held.state <> 'erased'
           AND (excluded.told_at > held.told_at OR ($11 AND excluded.told_at = held.told_at))
        """,
        scope.cluster,
        scope.member_id,
        channel_id,
        via,
        *columns,
        asked,
    )
    if not asked:
        await db.execute(
            """
            UPDATE channel_orders AS held SET to_fetch = true
              FROM unnest($3::text[], $4::timestamptz[], $5::bytea[]) AS new (external_id, told_at, digest)
             WHERE held.cluster_id = $1 AND held.channel_id = $2 AND held.external_id = new.external_id
               AND held.told_at = new.told_at AND held.digest <> new.digest
            """,
            scope.cluster,
            channel_id,
            columns[1],
            columns[3],
            columns[4],
        )


async def announce(db: Connection, scope: Scope, channel_id: UUID, external_ids: Sequence[str], via: Via) -> None:
    """Notes that the shop must be asked about orders."""
    await db.execute(
        """
        INSERT INTO channel_orders AS held
               (cluster_id, member_id, channel_id, via, told_at, order_id, external_id, number, to_fetch)
        SELECT $1, $2, $3, $4, $5, order_id, external_id, external_id, true
          FROM unnest($6::uuid[], $7::text[]) AS new (order_id, external_id) ORDER BY external_id
        ON CONFLICT (cluster_id, channel_id, external_id) DO UPDATE SET to_fetch = true WHERE held.state <> 'erased'
        """,
        scope.cluster,
        scope.member_id,
        channel_id,
        via,
        LONG_AGO,
        [ids.new() for _ in external_ids],
        list(external_ids),
    )


async def to_fetch(db: Connection, scope: Scope, channel_id: UUID, after: UUID, limit: int) -> list[tuple[UUID, str]]:
    """Orders that the shop must be asked about."""
    rows = await db.fetch(
        """
        SELECT order_id, external_id FROM channel_orders
         WHERE cluster_id = $1 AND channel_id = $2 AND to_fetch AND order_id > $3 ORDER BY order_id LIMIT $4
        """,
        scope.cluster,
        channel_id,
        after,
        limit,
    )
    return [(row["order_id"], row["external_id"]) for row in rows]


async def stop_fetching(db: Connection, scope: Scope, order_id: UUID) -> None:
    """The shop was asked, and what it said is stored."""
    await db.execute(
        "UPDATE channel_orders SET to_fetch = false WHERE cluster_id = $1 AND order_id = $2", scope.cluster, order_id
    )


async def gone(db: Connection, scope: Scope, order_id: UUID) -> None:
    """The shop has an order no longer: what is known of it is that it is cancelled."""
    await db.execute(
        """
        UPDATE channel_orders
           SET to_fetch = false, digest = NULL, updated_at = now(),
               pending = content IS NOT NULL, content = content || '{"cancelled": true}',
               state = CASE WHEN content IS NULL THEN 'cancelled' ELSE state END
         WHERE cluster_id = $1 AND order_id = $2
        """,
        scope.cluster,
        order_id,
    )


async def waiting(db: Connection, scope: Scope, channel_id: UUID, after: UUID, limit: int) -> list[UUID]:
    """Orders that something was told of, or that are to be tried again."""
    rows = await db.fetch(
        """
        SELECT order_id FROM channel_orders
         WHERE cluster_id = $1 AND channel_id = $2 AND order_id > $3 AND content IS NOT NULL
           AND (pending OR retry_at <= now()) ORDER BY order_id LIMIT $4
        """,
        scope.cluster,
        channel_id,
        after,
        limit,
    )
    return [row["order_id"] for row in rows]


async def orders(
    db: Connection, scope: Scope, channel_id: UUID, after: UUID, limit: int, *, only: UUID | None = None,
    state: ChannelOrderState | None = None,
) -> list[Kept]:  # fmt: skip
    """Orders of a channel of the calling member, in the order in which they came."""
    rows = await db.fetch(
        """
        SELECT order_id, channel_id, external_id, number, state, via, told_at, digest, content, pending, mend, faults,
               shipment_id, booked_digest, told_stage, tell_error, created_at, updated_at
          FROM channel_orders
         WHERE cluster_id = $1 AND channel_id = $2 AND order_id > $3 AND ($5::uuid IS NULL OR order_id = $5)
           AND ($6::text IS NULL OR state = $6)
         ORDER BY order_id LIMIT $4
        """,
        scope.cluster,
        channel_id,
        after,
        limit,
        only,
        state,
    )
    return [_kept(row) for row in rows]


async def locked(db: Connection, scope: Scope, order_id: UUID) -> Kept | None:
    """One order, held until the transaction ends: whoever acts upon it does so alone."""
    row = await db.fetchrow(
        """
        SELECT order_id, channel_id, external_id, number, state, via, told_at, digest, content, pending, mend, faults,
               shipment_id, booked_digest, told_stage, tell_error, created_at, updated_at
          FROM channel_orders WHERE cluster_id = $1 AND order_id = $2 FOR UPDATE
        """,
        scope.cluster,
        order_id,
    )
    return None if row is None else _kept(row)


async def settle(db: Connection, scope: Scope, order_id: UUID, outcome: Outcome) -> None:
    """Notes what became of an order."""
    await db.execute(
        """
        UPDATE channel_orders
           SET state = $3, faults = $4, shipment_id = $5, booked_digest = $6, pending = false, updated_at = now(),
               retry_at = now() + make_interval(secs => $7),
               told_stage = CASE WHEN shipment_id IS DISTINCT FROM $5 THEN 0 ELSE told_stage END
         WHERE cluster_id = $1 AND order_id = $2
        """,
        scope.cluster,
        order_id,
        outcome.state,
        msgspec.to_builtins(list(outcome.faults)),
        outcome.shipment_id,
        outcome.booked_digest,
        outcome.retry_s,
    )


async def mend(db: Connection, scope: Scope, order_id: UUID, changes: dict[str, Any]) -> None:
    """Puts something in place of what the shop says, and has the order tried again."""
    await db.execute(
        """
        UPDATE channel_orders
           SET mend = coalesce(mend, '{}') || $3, pending = content IS NOT NULL, to_fetch = to_fetch OR content IS NULL,
               booked_digest = NULL, updated_at = now()
         WHERE cluster_id = $1 AND order_id = $2
        """,
        scope.cluster,
        order_id,
        changes,
    )


async def to_tell(
    db: Connection, scope: Scope, channel_id: UUID, stages: dict[int, list[str]], limit: int
) -> list[ToTell]:
    """Orders whose shipments are further than the shop knows."""
    rows = await db.fetch(
        """
        SELECT o.order_id, o.external_id, o.shipment_id, s.status, o.told_stage, o.tell_failures
          FROM channel_orders AS o JOIN shipments AS s USING (cluster_id, shipment_id)
         WHERE o.cluster_id = $1 AND o.channel_id = $2 AND (o.tell_at IS NULL OR o.tell_at <= now())
           AND o.told_stage < CASE WHEN s.status = ANY($5::text[]) THEN 3 WHEN s.status = ANY($4::text[]) THEN 2
                                   WHEN s.status = ANY($3::text[]) THEN 1 ELSE 0 END
         ORDER BY o.order_id LIMIT $6
        """,
        scope.cluster,
        channel_id,
        stages[1],
        stages[2],
        stages[3],
        limit,
    )
    return [ToTell(**dict(row)) for row in rows]


async def set_told(db: Connection, scope: Scope, order_id: UUID, stage: int, error: str | None) -> None:
    """The shop has been told, or has refused to hear it (why)."""
    await db.execute(
        """
        UPDATE channel_orders SET told_stage = $3, tell_at = NULL, tell_failures = 0, tell_error = $4
         WHERE cluster_id = $1 AND order_id = $2
        """,
        scope.cluster,
        order_id,
        stage,
        error,
    )


async def set_untold(db: Connection, scope: Scope, order_id: UUID, error: str, wait_s: float) -> None:
    """The shop could not be told; another try later."""
    await db.execute(
        """
        UPDATE channel_orders
           SET tell_failures = tell_failures + 1, tell_error = $3, tell_at = now() + make_interval(secs => $4)
         WHERE cluster_id = $1 AND order_id = $2
        """,
        scope.cluster,
        order_id,
        error,
        wait_s,
    )


async def forget_old(db: Connection, days: int, limit: int) -> int:
    """Drops what shops said of orders that nothing has happened to for so long; that they were is kept."""
    # any-cluster: housekeeping of the whole platform
    done = await db.execute(
        """
        UPDATE channel_orders SET content = NULL, mend = NULL, faults = '[]', state = 'erased', to_fetch = false,
                                  pending = false, retry_at = NULL
         WHERE (cluster_id, order_id) IN (
               SELECT cluster_id, order_id FROM channel_orders
                WHERE state <> 'erased' AND updated_at < now() - make_interval(days => $1) LIMIT $2)
        """,
        days,
        limit,
    )
    return int(done.rpartition(" ")[2])


async def forget_persons(db: Connection, scope: Scope, member_id: UUID, until: date) -> int:
    """Drops what shops said of a member's orders that came until a day; returns of how many."""
    done = await db.execute(
        """
        UPDATE channel_orders SET content = NULL, mend = NULL, faults = '[]', state = 'erased', to_fetch = false,
                                  pending = false, retry_at = NULL
         WHERE cluster_id = $1 AND member_id = $2 AND created_at::date <= $3 AND state <> 'erased'
        """,
        scope.cluster,
        member_id,
        until,
    )
    return int(done.rpartition(" ")[2])
