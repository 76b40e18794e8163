"""SQL of channels: shops, and when a worker looks at one."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.channels.models import AddChannel, ChannelKind, ChannelSettings

COUNT_LIMIT_LOCK = 0x5409
LEASE_S = 120


class Shop(Struct, frozen=True, kw_only=True):
    """A channel as it is stored."""

    cluster_id: UUID
    channel_id: UUID
    member_id: UUID
    code: str
    kind: ChannelKind
    base_url: str
    sealed: bytes
    token_digest: bytes
    settings: ChannelSettings
    version: int
    active: bool
    cursor: str | None
    poll_is_due: bool
    polled_at: datetime | None
    hooked_at: datetime | None
    paused_until: datetime | None
    fence: int
    failures: int
    error: str | None
    created_at: datetime
    updated_at: datetime

    def __repr__(self) -> str:
        return f"Shop({self.channel_id})"


def _shop(row: asyncpg.Record) -> Shop:
    fields = dict(row)
    fields["kind"] = ChannelKind(fields["kind"])
    fields["settings"] = msgspec.convert(fields["settings"], ChannelSettings)
    return Shop(**fields)


async def count(db: Connection, scope: Scope) -> int:
    """How many channels the calling member has, counted by one transaction after the other."""
    await db.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", COUNT_LIMIT_LOCK, str(scope.member_id))
    found = await db.fetchval(
        "SELECT count(*) FROM channels WHERE cluster_id = $1 AND member_id = $2", scope.cluster, scope.member_id
    )
    return int(found)


async def insert(
    db: Connection, scope: Scope, channel_id: UUID, body: AddChannel, sealed: bytes, token_digest: bytes
) -> bool:
    """Adds a channel; False when the member has one with this code."""
    done = await db.fetchval(
        """
        INSERT INTO channels (cluster_id, channel_id, member_id, code, kind, base_url, sealed, token_digest, settings)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (cluster_id, member_id, code) DO NOTHING RETURNING true
        """,
        scope.cluster,
        channel_id,
        scope.member_id,
        body.code,
        body.kind,
        body.base_url,
        sealed,
        token_digest,
        msgspec.to_builtins(body.settings),
    )
    return bool(done)


async def shops(db: Connection, scope: Scope, after: UUID, limit: int, only: UUID | None = None) -> list[Shop]:
    """Channels of the calling member, one or all."""
    rows = await db.fetch(
        """
        SELECT cluster_id, channel_id, member_id, code, kind, base_url, sealed, token_digest, settings, version, active,
               cursor, poll_at <= now() AS poll_is_due, polled_at, hooked_at, paused_until, fence, failures, error,
               created_at, updated_at
          FROM channels
         WHERE cluster_id = $1 AND member_id = $2 AND channel_id > $3 AND ($5::uuid IS NULL OR channel_id = $5)
         ORDER BY channel_id LIMIT $4
        """,
        scope.cluster,
        scope.member_id,
        after,
        limit,
        only,
    )
    return [_shop(row) for row in rows]


async def change(db: Connection, scope: Scope, shop: Shop) -> bool:
    """Stores a changed channel if it is still of the version that was changed; a worker looks at it anew."""
    done = await db.fetchval(
        """
        UPDATE channels SET base_url = $4, sealed = $5, token_digest = $6, settings = $7, active = $8,
                            cursor = $9, hooked_at = $10, version = version + 1, failures = 0, error = NULL,
                            paused_until = NULL, due_at = now(), poll_at = now(), updated_at = now()
         WHERE cluster_id = $1 AND channel_id = $2 AND version = $3 RETURNING true
        """,
        scope.cluster,
        shop.channel_id,
        shop.version,
        shop.base_url,
        shop.sealed,
        shop.token_digest,
        msgspec.to_builtins(shop.settings),
        shop.active,
        shop.cursor,
        shop.hooked_at,
    )
    return bool(done)


async def delete(db: Connection, scope: Scope, channel_id: UUID) -> bool:
    """Takes a channel away with its orders; what was booked stays."""
    done = await db.fetchval(
        "DELETE FROM channels WHERE cluster_id = $1 AND member_id = $2 AND channel_id = $3 RETURNING true",
        scope.cluster,
        scope.member_id,
        channel_id,
    )
    return bool(done)


async def look_soon(db: Connection, scope: Scope, channel_id: UUID, *, poll: bool) -> None:
    """Has a worker look at a channel at once, at the shop's orders too if asked."""
    await db.execute(
        """
        UPDATE channels SET due_at = now(), poll_at = CASE WHEN $3 THEN now() ELSE poll_at END
         WHERE cluster_id = $1 AND channel_id = $2
        """,
        scope.cluster,
        channel_id,
        poll,
    )


async def knocked_at(db: Connection, channel_id: UUID) -> Shop | None:
    """The channel that somebody outside names."""
    # any-cluster: a shop that knocks knows its channel alone
    row = await db.fetchrow(
        """
        SELECT cluster_id, channel_id, member_id, code, kind, base_url, sealed, token_digest, settings, version, active,
               cursor, poll_at <= now() AS poll_is_due, polled_at, hooked_at, paused_until, fence, failures, error,
               created_at, updated_at
          FROM channels WHERE channel_id = $1
        """,
        channel_id,
    )
    return None if row is None else _shop(row)


async def claim(db: Connection, every_s: int) -> Shop | None:
    """A channel that is due, for one worker; the next look is ``every_s`` seconds later, or when somebody asks."""
    # any-cluster: workers serve all clusters
    row = await db.fetchrow(
        """
        UPDATE channels
           SET working_until = now() + make_interval(secs => $2), fence = fence + 1,
               due_at = now() + make_interval(secs => $1)
         WHERE (cluster_id, channel_id) = (
               SELECT cluster_id, channel_id FROM channels
                WHERE active AND due_at <= now() AND (paused_until IS NULL OR paused_until <= now())
                  AND (working_until IS NULL OR working_until < now())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING cluster_id, channel_id, member_id, code, kind, base_url, sealed, token_digest, settings, version,
                  active, cursor, poll_at <= now() AS poll_is_due, polled_at, hooked_at, paused_until, fence, failures,
                  error, created_at, updated_at
        """,
        every_s,
        LEASE_S,
    )
    return None if row is None else _shop(row)


async def renew(db: Connection, scope: Scope, shop: Shop) -> bool:
    """Keeps a claim; False when it is somebody else's by now, or the channel was changed or taken away."""
    kept = await db.fetchval(
        """
        UPDATE channels SET working_until = now() + make_interval(secs => $5)
         WHERE cluster_id = $1 AND channel_id = $2 AND fence = $3 AND version = $4 AND active RETURNING true
        """,
        scope.cluster,
        shop.channel_id,
        shop.fence,
        shop.version,
        LEASE_S,
    )
    return bool(kept)


async def set_cursor(db: Connection, scope: Scope, channel_id: UUID, cursor: str) -> None:
    """How far the shop's orders are read."""
    await db.execute(
        "UPDATE channels SET cursor = $3 WHERE cluster_id = $1 AND channel_id = $2", scope.cluster, channel_id, cursor
    )


async def set_polled(db: Connection, scope: Scope, channel_id: UUID, every_s: int) -> None:
    """The shop's orders are read to their end."""
    await db.execute(
        """
        UPDATE channels SET polled_at = now(), poll_at = now() + make_interval(secs => $3)
         WHERE cluster_id = $1 AND channel_id = $2
        """,
        scope.cluster,
        channel_id,
        every_s,
    )


async def set_hooked(db: Connection, scope: Scope, channel_id: UUID) -> None:
    """The shop's webhooks are set up."""
    await db.execute(
        "UPDATE channels SET hooked_at = now() WHERE cluster_id = $1 AND channel_id = $2", scope.cluster, channel_id
    )


async def release(db: Connection, scope: Scope, shop: Shop, warning: str | None) -> None:
    """A look that went well, but for what it was warned of."""
    await db.execute(
        """
        UPDATE channels SET working_until = NULL, failures = 0, error = $4, paused_until = NULL
         WHERE cluster_id = $1 AND channel_id = $2 AND fence = $3
        """,
        scope.cluster,
        shop.channel_id,
        shop.fence,
        warning,
    )


async def release_failed(db: Connection, scope: Scope, shop: Shop, error: str, pause_s: float) -> None:
    """A look that failed: why, and how long the shop is left alone."""
    await db.execute(
        """
        UPDATE channels SET working_until = NULL, failures = failures + 1, error = $4,
                            paused_until = now() + make_interval(secs => $5), due_at = now()
         WHERE cluster_id = $1 AND channel_id = $2 AND fence = $3
        """,
        scope.cluster,
        shop.channel_id,
        shop.fence,
        error,
        pause_s,
    )


async def ring(db: Connection, scope: Scope, stages: dict[int, list[str]]) -> None:
    """Has workers look at the cluster's channels with orders whose shipments are further than their shops know."""
    await db.execute(
        """
        UPDATE channels SET due_at = now()
         WHERE cluster_id = $1 AND active
           AND EXISTS (SELECT FROM channel_orders AS o JOIN shipments AS s USING (cluster_id, shipment_id)
                        WHERE o.cluster_id = channels.cluster_id AND o.channel_id = channels.channel_id
                          AND o.told_stage < CASE WHEN s.status = ANY($4::text[]) THEN 3
                                                  WHEN s.status = ANY($3::text[]) THEN 2
                                                  WHEN s.status = ANY($2::text[]) THEN 1 ELSE 0 END)
        """,
        scope.cluster,
        stages[1],
        stages[2],
        stages[3],
    )


async def forget_member(db: Connection, scope: Scope, member_id: UUID) -> int:
    """Takes away a member's channels with their credentials and orders; returns how many channels."""
    done = await db.execute("DELETE FROM channels WHERE cluster_id = $1 AND member_id = $2", scope.cluster, member_id)
    return int(done.rpartition(" ")[2])
