"""
What must happen after a commit: written in the transaction, dispatched afterwards, numbered within its resource.

The relay is one at a time over all workers. So it can give events a position in the order in which they became visible:
whoever reads on from a position misses nothing, which identifiers and times of events do not give.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope

RELAY_LOCK = 0x0B0E
KEPT_DAYS = 30
FORGOTTEN_AT_ONCE = 20_000


class Audience(StrEnum):
    """Who may hear of an event."""

    OWNER = "owner"
    """The member whose resource it is, and the coordinator."""
    EVERYBODY = "everybody"
    """All members of the cluster; only the neutral side says such things."""
    NOBODY = "nobody"
    """Nobody outside of the platform."""
    CARRIER = "carrier"
    """One carrier, and not even the coordinator, who hears of the same in its own words."""


class Event(Struct, frozen=True, kw_only=True):
    """One waiting outbox row."""

    cluster_id: UUID
    resource_id: UUID
    seq: int
    event_id: UUID
    topic: str
    payload: dict[str, object]
    member_id: UUID | None
    carrier_id: UUID | None
    audience: Audience
    created_at: datetime


class NewEvent(Struct, frozen=True, kw_only=True):
    """An event to be added with others; the fields of ``emit``."""

    resource_id: UUID
    payload: Mapping[str, object]
    member_id: UUID | None = None
    carrier_id: UUID | None = None


def part_of(resource_id: UUID, owner_id: UUID) -> UUID:
    """
    A member's or a carrier's own part of a shared resource, such as a plan or a tour, as a resource of its own.

    Numbers without gaps within the shared one would tell each how many others have a part in it, or what else happens.
    The payload then says in ``id`` what the event is about.
    """
    return uuid5(resource_id, owner_id.hex)


async def emit(
    db: Connection,
    scope: Scope,
    resource_id: UUID,
    topic: str,
    payload: Mapping[str, object],
    member_id: UUID | None = None,
    audience: Audience = Audience.OWNER,
    *,
    carrier_id: UUID | None = None,
    fresh: bool = False,
) -> UUID:
    """
    Adds an event of one resource; ``member_id`` is whose resource it is, None for the cluster's own.

    Returns the event's identifier.

    The advisory lock makes the numbers gap-free: two transactions about one resource number their events one after the
    other, and the lock goes with the transaction. All events of a resource have the same ``member_id``.

    Parameters
    ----------
    topic
        One of those in ``cluster.webhooks.catalogue``, or it goes to nobody.
    payload
        What the owner is told beside the identifier and a link; builtin data, at most some kilobytes.
    carrier_id
        Told to this carrier alone, of a resource that is its own or its ``part_of`` one.
    fresh
        Whether this transaction made the resource: nobody else knows it yet, so there is nobody to lock out.
    """
    event_id = ids.new()
    if carrier_id is not None and audience is not Audience.NOBODY:
        audience = Audience.CARRIER
    if not fresh:
        await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", str(resource_id))
    await db.execute(
        """
        INSERT INTO outbox (cluster_id, resource_id, seq, event_id, topic, payload, member_id, audience, carrier_id)
        SELECT $1, $2, coalesce(max(seq), 0) + 1, $3, $4, $5, $6, $7, $8
          FROM outbox WHERE cluster_id = $1 AND resource_id = $2
        """,
        scope.cluster,
        resource_id,
        event_id,
        topic,
        dict(payload),
        member_id,
        audience,
        carrier_id,
    )
    return event_id


async def emit_many(db: Connection, scope: Scope, topic: str, events: Sequence[NewEvent]) -> None:
    """
    Adds events of one topic about different resources in one statement.

    The caller must have inserted or changed each resource's row in this transaction: its row lock takes the place of
    ``emit``'s advisory lock, of which PostgreSQL holds only a few thousand at once.
    """
    await db.execute(
        """
        INSERT INTO outbox (cluster_id, resource_id, seq, event_id, topic, payload, member_id)
        SELECT $1, fresh.resource_id,
               1 + coalesce((SELECT max(seq) FROM outbox AS before
                              WHERE before.cluster_id = $1 AND before.resource_id = fresh.resource_id), 0),
               fresh.event_id, $2, fresh.payload::jsonb, fresh.member_id
          FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::uuid[])
                 AS fresh (resource_id, event_id, payload, member_id)
        """,
        scope.cluster,
        topic,
        [event.resource_id for event in events],
        [ids.new() for _ in events],
        [msgspec.json.encode(event.payload).decode() for event in events],
        [event.member_id for event in events],
    )


async def emit_each(db: Connection, scope: Scope, told: Sequence[tuple[str, NewEvent]]) -> None:
    """
    Adds events of any topics in one statement, each resource's in the order in which they are given.

    The caller must hold each resource's row, as for ``emit_many``.
    """
    if not told:
        return
    await db.execute(
        """
        INSERT INTO outbox (cluster_id, resource_id, seq, event_id, topic, payload, member_id, carrier_id, audience)
        SELECT $1, fresh.resource_id,
               row_number() OVER (PARTITION BY fresh.resource_id ORDER BY fresh.number)
               + coalesce((SELECT max(seq) FROM outbox AS before
                            WHERE before.cluster_id = $1 AND before.resource_id = fresh.resource_id), 0),
               fresh.event_id, fresh.topic, fresh.payload::jsonb, fresh.member_id, fresh.carrier_id,
               CASE WHEN fresh.carrier_id IS NULL THEN 'owner' ELSE 'carrier' END
          FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::uuid[]) WITH ORDINALITY
                 AS fresh (resource_id, event_id, topic, payload, member_id, carrier_id, number)
        """,
        scope.cluster,
        [event.resource_id for _, event in told],
        [ids.new() for _ in told],
        [topic for topic, _ in told],
        [msgspec.json.encode(event.payload).decode() for _, event in told],
        [event.member_id for _, event in told],
        [event.carrier_id for _, event in told],
    )


async def claim(db: Connection, limit: int = 500) -> list[Event]:
    """
    Waiting events, oldest first, each resource's in order; empty while another relay is at work.

    Give every one of them to ``mark_dispatched`` in the same transaction, or none. A resource's events are all taken as
    soon as one of them is, so there may be a few more than ``limit``.
    """
    # A statement of its own: what the relay before marked must be seen by the one after.
    if not await db.fetchval("SELECT pg_try_advisory_xact_lock($1)", RELAY_LOCK):
        return []
    # any-cluster: the relay serves all clusters
    rows = await db.fetch(
        """
        SELECT cluster_id, resource_id, seq, event_id, topic, payload, member_id, carrier_id, audience, created_at
          FROM outbox JOIN (SELECT cluster_id, resource_id, min(created_at) AS since
                              FROM (SELECT cluster_id, resource_id, created_at FROM outbox
                                     WHERE dispatched_at IS NULL ORDER BY created_at LIMIT $1) AS oldest
                             GROUP BY cluster_id, resource_id) AS due USING (cluster_id, resource_id)
         WHERE dispatched_at IS NULL
         ORDER BY since, cluster_id, resource_id, seq
        """,
        limit,
    )
    return [Event(**dict(row)) for row in rows]


async def mark_dispatched(db: Connection, events: Sequence[Event]) -> None:
    """Notes that events went out, in this order."""
    # any-cluster: numbers that stay inside
    rows = await db.fetch("SELECT nextval('outbox_positions') AS position FROM generate_series(1, $1)", len(events))
    # any-cluster: the relay serves all clusters
    await db.execute(
        """
        UPDATE outbox SET dispatched_at = now(), position = sent.position
          FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[])
               AS sent (cluster_id, resource_id, seq, position)
         WHERE outbox.cluster_id = sent.cluster_id AND outbox.resource_id = sent.resource_id AND outbox.seq = sent.seq
        """,
        [event.cluster_id for event in events],
        [event.resource_id for event in events],
        [event.seq for event in events],
        sorted(row["position"] for row in rows),
    )


async def forget_old(db: Connection) -> int:
    """Drops events older than ``KEPT_DAYS`` days but each resource's latest, which the next one is numbered after."""
    # any-cluster: housekeeping of the whole platform
    done = await db.execute(
        """
        DELETE FROM outbox WHERE (cluster_id, resource_id, seq) IN (
               SELECT cluster_id, resource_id, seq FROM outbox AS old
                WHERE dispatched_at < now() - make_interval(days => $1)
                  AND (audience = 'nobody'
                       OR EXISTS (SELECT FROM outbox AS later WHERE later.cluster_id = old.cluster_id
                                     AND later.resource_id = old.resource_id AND later.seq > old.seq))
                LIMIT $2)
        """,
        KEPT_DAYS,
        FORGOTTEN_AT_ONCE,
    )
    return int(done.rpartition(" ")[2])
