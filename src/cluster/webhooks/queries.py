"""SQL of endpoints, and of events as their owners read them."""

from typing import Any
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.webhooks.models import AddWebhook, Endpoint


async def insert(
    db: Connection, scope: Scope, endpoint_id: UUID, body: AddWebhook, public_key: str, sealed: bytes
) -> None:
    """A new endpoint of the caller's."""
    await db.execute(
        """
        INSERT INTO webhook_endpoints
               (cluster_id, endpoint_id, member_id, url, description, event_types, ed25519, public_key, sealed,
                carrier_id, sandbox)
        SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, sandbox FROM clusters WHERE cluster_id = $1
        """,
        scope.cluster,
        endpoint_id,
        scope.member_id,
        body.url,
        body.description,
        body.event_types,
        body.ed25519,
        public_key,
        sealed,
        scope.carrier_id,
    )


async def count(db: Connection, scope: Scope) -> int:
    """How many endpoints the caller has."""
    found: int = await db.fetchval(
        """
        SELECT count(*) FROM webhook_endpoints
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND carrier_id IS NOT DISTINCT FROM $3
        """,
        scope.cluster,
        scope.member_id,
        scope.carrier_id,
    )
    return found


async def endpoints(db: Connection, scope: Scope, after: UUID, limit: int) -> list[Endpoint]:
    """The caller's own endpoints, oldest first."""
    rows = await db.fetch(
        """
        SELECT cluster_id, endpoint_id, member_id, url, description, event_types, ed25519, public_key, sealed,
               CASE WHEN previous_until > now() THEN previous_until END AS previous_until, version, disabled_at,
               disabled_reason, failures, failing_since, paused_until, created_at, updated_at
          FROM webhook_endpoints
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND carrier_id IS NOT DISTINCT FROM $3
           AND endpoint_id > $4
         ORDER BY endpoint_id LIMIT $5
        """,
        scope.cluster,
        scope.member_id,
        scope.carrier_id,
        after,
        limit,
    )
    return [Endpoint(**dict(row)) for row in rows]


async def endpoint(db: Connection, scope: Scope, endpoint_id: UUID) -> Endpoint | None:
    """One of the caller's own endpoints, locked against other changes until the end of the transaction."""
    row = await db.fetchrow(
        """
        SELECT cluster_id, endpoint_id, member_id, url, description, event_types, ed25519, public_key, sealed,
               CASE WHEN previous_until > now() THEN previous_until END AS previous_until, version, disabled_at,
               disabled_reason, failures, failing_since, paused_until, created_at, updated_at
          FROM webhook_endpoints
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND carrier_id IS NOT DISTINCT FROM $3
           AND endpoint_id = $4
           FOR NO KEY UPDATE
        """,
        scope.cluster,
        scope.member_id,
        scope.carrier_id,
        endpoint_id,
    )
    return None if row is None else Endpoint(**dict(row))


async def change(db: Connection, scope: Scope, endpoint: Endpoint, *, disabled: bool | None) -> None:
    """
    Stores what may be changed of an endpoint.

    ``disabled`` is None to leave that as it is; False forgets past failures too, so that sending begins at once.
    """
    await db.execute(
        """
        UPDATE webhook_endpoints
           SET url = $3, description = $4, event_types = $5, ed25519 = $6, version = version + 1, updated_at = now(),
               disabled_at = CASE WHEN $7 THEN coalesce(disabled_at, now()) WHEN $7 = false THEN NULL
                                  ELSE disabled_at END,
               disabled_reason = CASE WHEN $7 THEN coalesce(disabled_reason, 'owner') WHEN $7 = false THEN NULL
                                      ELSE disabled_reason END,
               failures = CASE WHEN $7 = false THEN 0 ELSE failures END,
               failing_since = CASE WHEN $7 = false THEN NULL ELSE failing_since END,
               paused_until = CASE WHEN $7 = false THEN NULL ELSE paused_until END
         WHERE cluster_id = $1 AND endpoint_id = $2
        """,
        scope.cluster,
        endpoint.endpoint_id,
        endpoint.url,
        endpoint.description,
        endpoint.event_types,
        endpoint.ed25519,
        disabled,
    )


async def rotate(
    db: Connection, scope: Scope, endpoint_id: UUID, sealed: bytes, public_key: str, overlap_hours: int
) -> None:
    """Puts fresh material in place; the old one signs along for a while."""
    await db.execute(
        """
        UPDATE webhook_endpoints
           SET previous_sealed = CASE WHEN $5::integer > 0 THEN sealed END,
               previous_until = CASE WHEN $5::integer > 0 THEN now() + make_interval(hours => $5) END,
               sealed = $3, public_key = $4, version = version + 1, updated_at = now()
         WHERE cluster_id = $1 AND endpoint_id = $2
        """,
        scope.cluster,
        endpoint_id,
        sealed,
        public_key,
        overlap_hours,
    )


async def delete(db: Connection, scope: Scope, endpoint_id: UUID) -> bool:
    """Takes one of the caller's own endpoints away, its deliveries with it; False when there is none."""
    done = await db.fetchval(
        """
        DELETE FROM webhook_endpoints
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND carrier_id IS NOT DISTINCT FROM $3
           AND endpoint_id = $4 RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        scope.carrier_id,
        endpoint_id,
    )
    return bool(done)


async def disable_all(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Stops all sending to a member that is not active any more."""
    await db.execute(
        """
        UPDATE webhook_endpoints SET disabled_at = now(), disabled_reason = 'left', version = version + 1
         WHERE cluster_id = $1 AND member_id = $2 AND disabled_at IS NULL
        """,
        scope.cluster,
        member_id,
    )


async def delete_all(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Takes away all endpoints of a member, their deliveries with them."""
    await db.execute("DELETE FROM webhook_endpoints WHERE cluster_id = $1 AND member_id = $2", scope.cluster, member_id)


async def is_sandbox(db: Connection, scope: Scope) -> bool:
    """Whether what happens in the caller's cluster is only rehearsed."""
    return bool(await db.fetchval("SELECT sandbox FROM clusters WHERE cluster_id = $1", scope.cluster))


async def position(db: Connection, scope: Scope, event_id: UUID) -> int | None:
    """Where an event of the caller's stands among all; None when there is none such."""
    found: int | None = await db.fetchval(
        """
        SELECT position FROM outbox
         WHERE cluster_id = $1 AND event_id = $2 AND hears($3, $4, member_id, carrier_id, audience)
        """,
        scope.cluster,
        event_id,
        scope.member_id,
        scope.carrier_id,
    )
    return found


async def events_of_cluster(
    db: Connection, scope: Scope, types: list[str], after: int, limit: int
) -> list[dict[str, Any]]:
    """Events of the whole cluster behind a position, in order."""
    rows = await db.fetch(
        """
        SELECT event_id, resource_id, seq, topic, payload, member_id, carrier_id, created_at FROM outbox
         WHERE cluster_id = $1 AND audience <> 'nobody' AND audience <> 'carrier' AND topic = ANY($2)
           AND position > $3
         ORDER BY position LIMIT $4
        """,
        scope.cluster,
        types,
        after,
        limit,
    )
    return [dict(row) for row in rows]


async def events_of_member(
    db: Connection, scope: Scope, types: list[str], after: int, limit: int
) -> list[dict[str, Any]]:
    """A member's events and those for everybody behind a position, in order."""
    rows = await db.fetch(
        """
        SELECT event_id, resource_id, seq, topic, payload, member_id, NULL::uuid AS carrier_id, created_at
          FROM ((SELECT event_id, resource_id, seq, topic, payload, member_id, created_at, position FROM outbox
                  WHERE cluster_id = $1 AND member_id = $5 AND audience <> 'nobody' AND topic = ANY($2)
                    AND position > $3
                  ORDER BY position LIMIT $4)
                UNION ALL
                (SELECT event_id, resource_id, seq, topic, payload, member_id, created_at, position FROM outbox
                  WHERE cluster_id = $1 AND member_id IS NULL AND audience = 'everybody' AND topic = ANY($2)
                    AND position > $3
                  ORDER BY position LIMIT $4)) AS found
         ORDER BY position LIMIT $4
        """,
        scope.cluster,
        types,
        after,
        limit,
        scope.member_id,
    )
    return [dict(row) for row in rows]


async def events_of_carrier(
    db: Connection, scope: Scope, types: list[str], after: int, limit: int
) -> list[dict[str, Any]]:
    """What a carrier was told behind a position, in order."""
    rows = await db.fetch(
        """
        SELECT event_id, resource_id, seq, topic, payload, member_id, carrier_id, created_at FROM outbox
         WHERE cluster_id = $1 AND carrier_id = $5 AND audience = 'carrier' AND topic = ANY($2) AND position > $3
         ORDER BY position LIMIT $4
        """,
        scope.cluster,
        types,
        after,
        limit,
        scope.carrier_id,
    )
    return [dict(row) for row in rows]
