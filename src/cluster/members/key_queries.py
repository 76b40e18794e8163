"""SQL of keys."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Role, Scope
from cluster.base.keys import NewKey
from cluster.members.models import Key


async def insert_key(
    db: Connection,
    scope: Scope,
    key_id: UUID,
    key: NewKey,
    name: str,
    role: Role,
    member_id: UUID | None,
    days: int,
    scopes: list[str] | None,
    carrier_id: UUID | None,
) -> datetime:
    """A new key of the cluster; returns when it expires."""
    expires_at: datetime = await db.fetchval(
        """
        INSERT INTO api_keys (cluster_id, key_id, prefix, hash, role, member_id, name, expires_at, scopes, held_by,
                              carrier_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(days => $8), $9,
                array_remove($10::uuid || coalesce(
                    (SELECT held_by FROM api_keys WHERE cluster_id = $1 AND key_id = $10), '{}'), NULL), $11)
        RETURNING expires_at
        """,
        scope.cluster,
        key_id,
        key.prefix,
        key.digest,
        role,
        member_id,
        name,
        days,
        scopes,
        scope.user_id or scope.key_id,
        carrier_id,
    )
    return expires_at


async def is_sandbox(db: Connection, scope: Scope) -> bool:
    """Whether the cluster is one in which things are only rehearsed."""
    return bool(await db.fetchval("SELECT sandbox FROM clusters WHERE cluster_id = $1", scope.cluster))


async def insert_operator_key(db: Connection, key_id: UUID, key: NewKey, days: int) -> None:
    """A new key of whoever runs the platform."""
    # any-cluster: operators belong to none
    await db.execute(
        """
        INSERT INTO operator_keys (key_id, prefix, hash, expires_at)
        VALUES ($1, $2, $3, now() + make_interval(days => $4))
        """,
        key_id,
        key.prefix,
        key.digest,
        days,
    )


async def keys(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Key]:
    """Keys that the caller may manage, oldest first."""
    rows = await db.fetch(
        """
        SELECT key_id, name, prefix, role, member_id, carrier_id, created_at, expires_at, revoked_at, last_used_at,
               scopes
          FROM api_keys
         WHERE cluster_id = $1 AND key_id > $2 AND ($3::uuid IS NULL OR member_id = $3)
         ORDER BY key_id LIMIT $4
        """,
        scope.cluster,
        after,
        scope.member_id,
        limit,
    )
    return [_key(row) for row in rows]


def _key(row: Mapping[str, Any]) -> Key:
    fields = dict(row)
    member_id, carrier_id = fields.pop("member_id"), fields.pop("carrier_id")
    return Key(
        id=ids.show("key", fields.pop("key_id")),
        member_id=None if member_id is None else ids.show("mem", member_id),
        carrier_id=None if carrier_id is None else ids.show("car", carrier_id),
        role=Role(fields.pop("role")),
        **fields,
    )


async def key_ids_of_member(db: Connection, scope: Scope, member_id: UUID) -> list[UUID]:
    """Every key that a firm has had."""
    rows = await db.fetch(
        "SELECT key_id FROM api_keys WHERE cluster_id = $1 AND member_id = $2 ORDER BY key_id", scope.cluster, member_id
    )
    return [row["key_id"] for row in rows]


async def rotate_key(db: Connection, scope: Scope, key_id: UUID, key: NewKey, overlap_s: int) -> Key | None:
    """
    A live key under a new secret, the old one good for a while; None when the caller has no such key.

    The caller, who learns the secret, has held the key from now on.
    """
    row = await db.fetchrow(
        """
        UPDATE api_keys
           SET prior_prefix = prefix, prior_hash = hash, prior_until = now() + make_interval(secs => $6),
               prefix = $4, hash = $5,
               held_by = array(SELECT unnest(held_by) UNION SELECT $7::uuid
                               UNION SELECT unnest(giver.held_by) FROM api_keys AS giver
                                      WHERE giver.cluster_id = $1 AND giver.key_id = $7)
         WHERE cluster_id = $1 AND key_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
           AND revoked_at IS NULL AND expires_at > now()
        RETURNING key_id, name, prefix, role, member_id, carrier_id, created_at, expires_at, revoked_at, last_used_at,
                  scopes
        """,
        scope.cluster,
        key_id,
        scope.member_id,
        key.prefix,
        key.digest,
        overlap_s,
        scope.user_id or scope.key_id,
    )
    return None if row is None else _key(row)


async def revoke_key(db: Connection, scope: Scope, key_id: UUID) -> bool:
    """Ends a key's life; False when the caller has no such key."""
    done = await db.fetchval(
        """
        UPDATE api_keys SET revoked_at = coalesce(revoked_at, now())
         WHERE cluster_id = $1 AND key_id = $2 AND ($3::uuid IS NULL OR member_id = $3) RETURNING true
        """,
        scope.cluster,
        key_id,
        scope.member_id,
    )
    return bool(done)


async def note_uses(db: Connection, key_ids: list[UUID], times: list[datetime]) -> None:
    """When keys were last used."""
    # any-cluster: the platform notes it for all keys at once
    await db.execute(
        """
        UPDATE api_keys AS k SET last_used_at = greatest(k.last_used_at, used.at)
          FROM unnest($1::uuid[], $2::timestamptz[]) AS used (key_id, at) WHERE k.key_id = used.key_id
        """,
        key_ids,
        times,
    )
