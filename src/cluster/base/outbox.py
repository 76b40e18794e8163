"""What must happen after a commit: written in the transaction, dispatched afterwards, numbered within its resource."""

from collections.abc import Mapping
from uuid import UUID

from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope


class Event(Struct, frozen=True, kw_only=True):
    """One waiting outbox row."""

    cluster_id: UUID
    resource_id: UUID
    seq: int
    event_id: UUID
    topic: str
    payload: dict[str, object]


async def emit(
    db: Connection,
    scope: Scope,
    resource_id: UUID,
    topic: str,
    payload: Mapping[str, object],
    member_id: UUID | None = None,
) -> None:
    """
    Adds an event of one resource; ``member_id`` is whose resource it is, None for the cluster's own.

    The advisory lock makes the numbers gap-free: two transactions about one resource number their events one after the
    other, and the lock goes with the transaction.
    """
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", str(resource_id))
    await db.execute(
        """
        INSERT INTO outbox (cluster_id, resource_id, seq, event_id, topic, payload, member_id)
        SELECT $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6
          FROM outbox WHERE cluster_id = $1 AND resource_id = $2
        """,
        scope.cluster,
        resource_id,
        ids.new(),
        topic,
        dict(payload),
        member_id,
    )


async def claim(db: Connection, limit: int = 100) -> list[Event]:
    """Waiting events, oldest first, locked for this transaction; at most one a resource, so that order holds."""
    # any-cluster: the relay serves all clusters
    rows = await db.fetch(
        """
        SELECT cluster_id, resource_id, seq, event_id, topic, payload FROM outbox AS waiting
         WHERE dispatched_at IS NULL
           AND NOT EXISTS (SELECT FROM outbox AS earlier
                            WHERE earlier.cluster_id = waiting.cluster_id AND earlier.resource_id = waiting.resource_id
                              AND earlier.dispatched_at IS NULL AND earlier.seq < waiting.seq)
         ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
        """,
        limit,
    )
    return [Event(**dict(row)) for row in rows]


async def mark_dispatched(db: Connection, event: Event) -> None:
    """Notes that an event went out."""
    await db.execute(
        "UPDATE outbox SET dispatched_at = now() WHERE cluster_id = $1 AND resource_id = $2 AND seq = $3",
        event.cluster_id,
        event.resource_id,
        event.seq,
    )
