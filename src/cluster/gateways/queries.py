"""SQL of gateways, and when a worker looks at the files of one."""

from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.gateways.models import AddGateway, GatewayKind, GatewaySettings

COUNT_LIMIT_LOCK = 0x540A
LEASE_S = 300


class Held(Struct, frozen=True, kw_only=True):
    """A gateway as it is stored."""

    cluster_id: UUID
    gateway_id: UUID
    member_id: UUID | None
    carrier_id: UUID | None
    code: str
    kind: GatewayKind
    base_url: str | None
    sealed: bytes | None
    token_digest: bytes
    settings: GatewaySettings
    version: int
    active: bool
    fence: int
    looked_at: datetime | None
    failures: int
    error: str | None
    created_at: datetime
    updated_at: datetime

    def __repr__(self) -> str:
        return f"Held({self.gateway_id})"


def _held(row: asyncpg.Record) -> Held:
    fields = dict(row)
    fields["kind"] = GatewayKind(fields["kind"])
    fields["settings"] = msgspec.convert(fields["settings"], GatewaySettings)
    return Held(**fields)


async def count(db: Connection, scope: Scope) -> int:
    """How many gateways the caller has, counted by one transaction after the other."""
    owner = f"gateways:{scope.member_id or scope.cluster}"
    await db.execute("SELECT pg_advisory_xact_lock($1, hashtext($2))", COUNT_LIMIT_LOCK, owner)
    found = await db.fetchval(
        """
        SELECT count(*) FROM gateways
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND removed_at IS NULL
        """,
        scope.cluster,
        scope.member_id,
    )
    return int(found)


async def insert(
    db: Connection,
    scope: Scope,
    gateway_id: UUID,
    carrier_id: UUID | None,
    body: AddGateway,
    sealed: bytes,
    token_digest: bytes,
) -> bool:
    """Adds a gateway; False when the caller has one with this code."""
    done = await db.fetchval(
        """
        INSERT INTO gateways (cluster_id, gateway_id, member_id, carrier_id, code, kind, base_url, sealed, token_digest,
                              settings)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (cluster_id, member_id, code) WHERE removed_at IS NULL DO NOTHING RETURNING true
        """,
        scope.cluster,
        gateway_id,
        scope.member_id,
        carrier_id,
        body.code,
        body.kind,
        body.base_url,
        sealed,
        token_digest,
        msgspec.to_builtins(body.settings),
    )
    return bool(done)


async def gateways(db: Connection, scope: Scope, after: UUID, limit: int, only: UUID | None = None) -> list[Held]:
    """The caller's gateways, one or all; the platform's own work sees every one of the cluster."""
    rows = await db.fetch(
        """
        SELECT cluster_id, gateway_id, member_id, carrier_id, code, kind, base_url, sealed, token_digest, settings,
               version, active, fence, looked_at, failures, error, created_at, updated_at
          FROM gateways
         WHERE cluster_id = $1 AND removed_at IS NULL AND gateway_id > $2 AND ($4::uuid IS NULL OR gateway_id = $4)
           AND ($6 OR member_id IS NOT DISTINCT FROM $5)
         ORDER BY gateway_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        only,
        scope.member_id,
        scope.actor_id is None and scope.neutral,
    )
    return [_held(row) for row in rows]


async def change(db: Connection, scope: Scope, held: Held) -> bool:
    """Stores a changed gateway if it is still of the version that was changed; its files are looked at anew."""
    done = await db.fetchval(
        """
        UPDATE gateways SET sealed = $4, token_digest = $5, settings = $6, active = $7, version = version + 1,
                            failures = 0, error = NULL, due_at = now(), updated_at = now()
         WHERE cluster_id = $1 AND gateway_id = $2 AND version = $3 AND removed_at IS NULL RETURNING true
        """,
        scope.cluster,
        held.gateway_id,
        held.version,
        held.sealed,
        held.token_digest,
        msgspec.to_builtins(held.settings),
        held.active,
    )
    return bool(done)


async def remove(db: Connection, scope: Scope, gateway_id: UUID) -> bool:
    """Takes a gateway away with its credentials; the list of its orders stays."""
    done = await db.fetchval(
        """
        UPDATE gateways SET removed_at = now(), sealed = NULL, active = false, version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND gateway_id = $2 AND member_id IS NOT DISTINCT FROM $3 AND removed_at IS NULL
        RETURNING true
        """,
        scope.cluster,
        gateway_id,
        scope.member_id,
    )
    return bool(done)


async def knocked_at(db: Connection, gateway_id: UUID) -> Held | None:
    """The gateway that somebody outside names."""
    # any-cluster: a system that knocks knows its gateway alone
    row = await db.fetchrow(
        """
        SELECT cluster_id, gateway_id, member_id, carrier_id, code, kind, base_url, sealed, token_digest, settings,
               version, active, fence, looked_at, failures, error, created_at, updated_at
          FROM gateways WHERE gateway_id = $1 AND removed_at IS NULL
        """,
        gateway_id,
    )
    return None if row is None else _held(row)


async def claim(db: Connection, every_s: int) -> Held | None:
    """A gateway of files that is due, for one worker; the next look is ``every_s`` seconds later."""
    # any-cluster: workers serve all clusters
    row = await db.fetchrow(
        """
        UPDATE gateways
           SET working_until = now() + make_interval(secs => $2), fence = fence + 1,
               due_at = now() + make_interval(secs => $1)
         WHERE (cluster_id, gateway_id) = (
               SELECT cluster_id, gateway_id FROM gateways
                WHERE active AND carrier_id IS NOT NULL AND removed_at IS NULL AND due_at <= now()
                  AND (working_until IS NULL OR working_until < now())
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING cluster_id, gateway_id, member_id, carrier_id, code, kind, base_url, sealed, token_digest, settings,
                  version, active, fence, looked_at, failures, error, created_at, updated_at
        """,
        every_s,
        LEASE_S,
    )
    return None if row is None else _held(row)


async def release(db: Connection, scope: Scope, held: Held, error: str | None, pause_s: float) -> None:
    """Gives a gateway of files back: after a look that went well (no ``error``), or failed."""
    await db.execute(
        """
        UPDATE gateways SET working_until = NULL, looked_at = now(), error = $4,
                            failures = CASE WHEN $4::text IS NULL THEN 0 ELSE failures + 1 END,
                            due_at = CASE WHEN $4::text IS NULL THEN due_at
                                          ELSE now() + make_interval(secs => $5) END
         WHERE cluster_id = $1 AND gateway_id = $2 AND fence = $3
        """,
        scope.cluster,
        held.gateway_id,
        held.fence,
        error,
        pause_s,
    )


async def ring(db: Connection, scope: Scope) -> None:
    """Has workers look at the files of the cluster's gateways: a tour or an offer changed."""
    await db.execute(
        "UPDATE gateways SET due_at = now() WHERE cluster_id = $1 AND carrier_id IS NOT NULL AND active",
        scope.cluster,
    )


async def forget_member(db: Connection, scope: Scope, member_id: UUID) -> int:
    """Takes away the credentials of a member's gateways; returns of how many."""
    done = await db.execute(
        """
        UPDATE gateways SET removed_at = now(), sealed = NULL, active = false, settings = '{}', version = version + 1
         WHERE cluster_id = $1 AND member_id = $2 AND removed_at IS NULL
        """,
        scope.cluster,
        member_id,
    )
    return int(done.rpartition(" ")[2])
