"""
One effect for one key: a repeated request gets the first one's answer, byte for byte.

The row is inserted before anything else in the same transaction; a concurrent twin waits on it and then reads the
answer. A request that fails leaves nothing. The same key with another body is refused.
"""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid

HEADER = "Idempotency-Key"
KEY_LENGTH_MAX = 255
KEPT_DAYS = 30


class Answer(Struct, frozen=True):
    """What goes back: status, JSON body, and whether it was given before."""

    status: int
    body: bytes
    replayed: bool


async def once(
    db: Connection,
    scope: Scope,
    *,
    key: str | None,
    operation: str,
    request: bytes,
    do: Callable[[], Awaitable[object]],
    status: int = 201,
) -> Answer:
    """
    Runs ``do`` unless this key has run before.

    Parameters
    ----------
    key
        The client's ``Idempotency-Key``.
    operation
        Which operation is meant; a key cannot be used for two.
    request
        Raw body; its digest tells a repetition from a mistake.
    do
        Makes the effect in the same transaction and returns what is answered with ``status``.

    Raises
    ------
    Invalid
        Without a key, with one too long, or (422) with another body or operation than before.
    Conflict
        When the twin's transaction was rolled back while this one waited: ask again.
    """
    if not key or len(key) > KEY_LENGTH_MAX or not key.isprintable():
        raise Invalid([_fault("idempotency_key_missing", "missing, empty, too long or not printable")])
    fingerprint = hashlib.sha256(operation.encode() + b"\0" + request).digest()
    inserted = await db.fetchval(
        """
        INSERT INTO idempotency (cluster_id, key_id, idem_key, operation, fingerprint)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true
        """,
        scope.cluster,
        scope.actor_id,
        key,
        operation,
        fingerprint,
    )
    if not inserted:
        return await _replay(db, scope, key, fingerprint)
    body = msgspec.json.encode(await do())
    await db.execute(
        "UPDATE idempotency SET status = $5, body = $4 WHERE cluster_id = $1 AND key_id = $2 AND idem_key = $3",
        scope.cluster,
        scope.actor_id,
        key,
        body,
        status,
    )
    return Answer(status, body, replayed=False)


async def _replay(db: Connection, scope: Scope, key: str, fingerprint: bytes) -> Answer:
    row = await db.fetchrow(
        "SELECT fingerprint, status, body FROM idempotency WHERE cluster_id = $1 AND key_id = $2 AND idem_key = $3",
        scope.cluster,
        scope.actor_id,
        key,
    )
    if row is None or row["body"] is None:
        raise Conflict("idempotency_retry", "The first request with this key did not finish; send it again.")
    if row["fingerprint"] != fingerprint:
        raise Invalid([_fault("idempotency_key_reused", "used before for another request")])
    return Answer(row["status"], row["body"], replayed=True)


def _fault(code: str, cause: str) -> FieldFault:
    return FieldFault(
        pointer=f"#header/{HEADER}",
        code=code,
        cause=f"{HEADER}: {cause}",
        cure="send a fresh unique key, such as a UUID",
    )


async def forget_of(db: Connection, scope: Scope, actors: Sequence[UUID], until: date | None = None) -> int:
    """
    Drops the answers that some keys and persons got, for whoever erases what stands in them; returns how many.

    Parameters
    ----------
    until
        Only those given up to this day (UTC); None for all.
    """
    done = await db.execute(
        """
        DELETE FROM idempotency
         WHERE cluster_id = $1 AND key_id = ANY($2) AND ($3::date IS NULL OR created_at::date <= $3)
        """,
        scope.cluster,
        actors,
        until,
    )
    return int(done.rpartition(" ")[2])


async def forget_old(db: Connection) -> int:
    """Drops answers older than ``KEPT_DAYS`` days; returns how many."""
    # any-cluster: housekeeping of the whole platform
    done = await db.execute("DELETE FROM idempotency WHERE created_at < now() - make_interval(days => $1)", KEPT_DAYS)
    return int(done.rpartition(" ")[2])
