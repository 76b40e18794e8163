"""SQL of deliveries: made by the relay, claimed and recorded by workers, read and sent again by their owners."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.base.outbox import Event
from cluster.webhooks.models import Dispatch, Result
from cluster.webhooks.policy import GONE, Policy

FAILING_DAYS = 5
KEPT_DAYS = 30
FORGOTTEN_AT_ONCE = 20_000


async def owners(db: Connection, clusters: Sequence[UUID]) -> list[tuple[UUID, UUID | None, UUID | None]]:
    """Clusters with members and carriers (None of both: the coordinator) that have an endpoint not disabled."""
    # any-cluster: the relay serves all clusters
    rows = await db.fetch(
        """
        SELECT DISTINCT cluster_id, member_id, carrier_id FROM webhook_endpoints
         WHERE cluster_id = ANY($1) AND disabled_at IS NULL ORDER BY cluster_id, member_id, carrier_id
        """,
        list(clusters),
    )
    return [(row["cluster_id"], row["member_id"], row["carrier_id"]) for row in rows]


async def deliver_to(db: Connection, scope: Scope, events: Sequence[Event]) -> int:
    """
    Puts events in line at all endpoints of one owner that want them; how many deliveries were made.

    ``scope`` is the owner's, so that row-level security judges each event as if its owner had asked for it.
    """
    made = await db.execute(
        """
        INSERT INTO webhook_deliveries (cluster_id, endpoint_id, event_id, member_id, carrier_id, resource_id, seq,
                                        event_type)
        SELECT endpoint.cluster_id, endpoint.endpoint_id, event.event_id, endpoint.member_id, endpoint.carrier_id,
               event.resource_id, event.seq, event.topic
          FROM webhook_endpoints AS endpoint
          JOIN outbox AS event
            ON event.cluster_id = endpoint.cluster_id
               AND hears(endpoint.member_id, endpoint.carrier_id, event.member_id, event.carrier_id, event.audience)
          JOIN unnest($4::uuid[], $5::bigint[]) AS given (resource_id, seq)
            ON given.resource_id = event.resource_id AND given.seq = event.seq
         WHERE endpoint.cluster_id = $1 AND event.cluster_id = $1 AND endpoint.member_id IS NOT DISTINCT FROM $2
           AND endpoint.carrier_id IS NOT DISTINCT FROM $3 AND endpoint.disabled_at IS NULL
           AND EXISTS (SELECT FROM unnest(endpoint.event_types) AS wanted
                        WHERE wanted IN ('*', event.topic)
                           OR (right(wanted, 2) = '.*' AND starts_with(event.topic, left(wanted, -1))))
        ON CONFLICT DO NOTHING
        """,
        scope.cluster,
        scope.member_id,
        scope.carrier_id,
        [event.resource_id for event in events],
        [event.seq for event in events],
    )
    return int(made.rpartition(" ")[2])


async def claim(db: Connection, policy: Policy, limit: int) -> list[Dispatch]:
    """Takes due deliveries for sending: the first of each line alone, and endpoints share the room evenly."""
    # any-cluster: workers send for all clusters
    rows = await db.fetch(
        """
        WITH ready AS (
            SELECT cluster_id, endpoint_id, CASE WHEN failures >= $3 OR slow THEN 1 ELSE $4 END AS most
              FROM webhook_endpoints AS endpoint
             WHERE disabled_at IS NULL AND (paused_until IS NULL OR paused_until <= now())
               AND EXISTS (SELECT FROM webhook_deliveries AS due
                            WHERE due.cluster_id = endpoint.cluster_id AND due.endpoint_id = endpoint.endpoint_id
                              AND due.state = 'waiting' AND due.due_at <= now())
               FOR NO KEY UPDATE SKIP LOCKED
        ), roomy AS (
            SELECT cluster_id, endpoint_id, most - (SELECT count(*) FROM webhook_deliveries AS busy
                            WHERE busy.cluster_id = ready.cluster_id AND busy.endpoint_id = ready.endpoint_id
                              AND busy.sending_until > now()) AS room
              FROM ready
        ), heads AS (
            SELECT roomy.cluster_id, roomy.endpoint_id, head.event_id
              FROM roomy CROSS JOIN LATERAL (
                   SELECT event_id FROM webhook_deliveries AS next
                    WHERE next.cluster_id = roomy.cluster_id AND next.endpoint_id = roomy.endpoint_id
                      AND next.state = 'waiting' AND next.due_at <= now()
                      AND NOT EXISTS (SELECT FROM webhook_deliveries AS earlier
                                       WHERE earlier.cluster_id = next.cluster_id
                                         AND earlier.endpoint_id = next.endpoint_id
                                         AND earlier.resource_id = next.resource_id
                                         AND earlier.state = 'waiting' AND earlier.seq < next.seq)
                    ORDER BY next.due_at LIMIT greatest(roomy.room, 0) FOR UPDATE SKIP LOCKED) AS head
        ), picked AS (
            SELECT cluster_id, endpoint_id, event_id FROM heads
             ORDER BY row_number() OVER (PARTITION BY cluster_id, endpoint_id), random() LIMIT $1
        )
        UPDATE webhook_deliveries AS taken
           SET fence = fence + 1, sending_until = now() + make_interval(secs => $2),
               due_at = now() + make_interval(secs => $2)
          FROM picked JOIN webhook_endpoints AS endpoint USING (cluster_id, endpoint_id)
          JOIN outbox AS event USING (cluster_id, event_id)
         WHERE taken.cluster_id = picked.cluster_id AND taken.endpoint_id = picked.endpoint_id
           AND taken.event_id = picked.event_id
           AND (hears(endpoint.member_id, endpoint.carrier_id, event.member_id, event.carrier_id, event.audience)
                OR (event.audience = 'nobody' AND event.resource_id = endpoint.endpoint_id))
        RETURNING taken.cluster_id, taken.endpoint_id, taken.event_id, taken.fence, taken.tries, taken.event_type,
                  taken.resource_id, taken.seq, taken.carrier_id, endpoint.url, endpoint.ed25519, endpoint.sealed,
                  CASE WHEN endpoint.previous_until > now() THEN endpoint.previous_sealed END AS previous_sealed,
                  endpoint.sandbox, event.member_id, event.payload, event.created_at
        """,
        *(limit, policy.lease_s, policy.pause_after, policy.per_endpoint),
    )
    return [Dispatch(**dict(row)) for row in rows]


async def record(db: Connection, results: Sequence[Result]) -> None:
    """
    Notes what came of deliveries that are still this worker's; of others nothing.

    What is behind a failed one in its line becomes due with it, so that it is not looked at in vain.
    """
    # any-cluster: workers send for all clusters
    await db.execute(
        """
        WITH noted AS (
            UPDATE webhook_deliveries AS tried
               SET state = CASE WHEN error_of IS NULL THEN 'delivered' WHEN retry_s IS NULL THEN 'failed'
                                ELSE 'waiting' END,
                   due_at = now() + make_interval(secs => coalesce(retry_s, 0)), sending_until = NULL,
                   tries = tries + 1, tried_at = now(), response_status = status_of, error = error_of,
                   duration_ms = duration_of
              FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::double precision[], $6::integer[],
                          $7::text[], $8::integer[])
                   AS result (cluster_of, endpoint_of, event_of, fence_of, retry_s, status_of, error_of, duration_of)
             WHERE cluster_id = cluster_of AND endpoint_id = endpoint_of AND event_id = event_of
               AND fence = fence_of AND state = 'waiting' AND sending_until IS NOT NULL
            RETURNING tried.cluster_id, tried.endpoint_id, tried.resource_id, tried.seq, tried.due_at, tried.state
        )
        UPDATE webhook_deliveries AS behind SET due_at = noted.due_at
          FROM noted
         WHERE noted.state = 'waiting' AND behind.cluster_id = noted.cluster_id
           AND behind.endpoint_id = noted.endpoint_id AND behind.resource_id = noted.resource_id
           AND behind.seq > noted.seq AND behind.state = 'waiting' AND behind.sending_until IS NULL
           AND behind.due_at < noted.due_at
        """,
        [result.dispatch.cluster_id for result in results],
        [result.dispatch.endpoint_id for result in results],
        [result.dispatch.event_id for result in results],
        [result.dispatch.fence for result in results],
        [result.retry_s for result in results],
        [result.outcome.status for result in results],
        [result.outcome.error for result in results],
        [result.outcome.duration_ms for result in results],
    )


async def note_health(db: Connection, policy: Policy, results: Sequence[Result]) -> None:
    """Counts failures in a row, pauses endpoints that go on failing, and disables those that are gone."""
    # any-cluster: workers send for all clusters
    await db.execute(
        """
        WITH seen AS (
            SELECT cluster_of, endpoint_of, bool_or(delivered) AS any_delivered,
                   count(*) FILTER (WHERE NOT delivered) AS bad, bool_or(gone) AS gone, bool_or(slow_now) AS slow_now
              FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::boolean[], $5::boolean[])
                   AS result (cluster_of, endpoint_of, delivered, gone, slow_now)
             GROUP BY cluster_of, endpoint_of
        ), changed AS (
            SELECT cluster_id, endpoint_id, any_delivered, gone, slow_now,
                   CASE WHEN any_delivered THEN 0 ELSE failures + bad END AS failures_now
              FROM webhook_endpoints JOIN seen ON cluster_id = cluster_of AND endpoint_id = endpoint_of
             WHERE bad > 0 OR failures > 0 OR gone OR slow <> slow_now
             ORDER BY cluster_id, endpoint_id FOR NO KEY UPDATE OF webhook_endpoints
        )
        UPDATE webhook_endpoints AS endpoint
           SET failures = failures_now, slow = slow_now,
               failing_since = CASE WHEN any_delivered THEN NULL ELSE coalesce(failing_since, now()) END,
               paused_until = CASE WHEN failures_now >= $6
                                   THEN now() + make_interval(
                                                secs => least($8, $7 * 2.0 ^ least(failures_now - $6, 30))) END,
               disabled_at = CASE WHEN disabled_at IS NOT NULL THEN disabled_at
                                  WHEN gone OR (NOT any_delivered AND failing_since < now() - make_interval(days => $9))
                                  THEN now() END,
               disabled_reason = CASE WHEN disabled_at IS NOT NULL THEN disabled_reason WHEN gone THEN 'gone'
                                      WHEN NOT any_delivered AND failing_since < now() - make_interval(days => $9)
                                      THEN 'failing' END
          FROM changed
         WHERE endpoint.cluster_id = changed.cluster_id AND endpoint.endpoint_id = changed.endpoint_id
        """,
        [result.dispatch.cluster_id for result in results],
        [result.dispatch.endpoint_id for result in results],
        [result.outcome.delivered for result in results],
        [result.outcome.status == GONE for result in results],
        [result.outcome.duration_ms > policy.slow_s * 1000 for result in results],
        policy.pause_after,
        policy.pause_s,
        policy.pause_max_s,
        FAILING_DAYS,
    )


async def release(db: Connection, dispatches: Sequence[Dispatch]) -> None:
    """Gives back what was claimed and not sent to its end, for another worker to take at once."""
    # any-cluster: workers send for all clusters
    await db.execute(
        """
        UPDATE webhook_deliveries SET sending_until = NULL, due_at = now()
          FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
               AS held (cluster_of, endpoint_of, event_of, fence_of)
         WHERE cluster_id = cluster_of AND endpoint_id = endpoint_of AND event_id = event_of AND fence = fence_of
           AND state = 'waiting'
        """,
        [dispatch.cluster_id for dispatch in dispatches],
        [dispatch.endpoint_id for dispatch in dispatches],
        [dispatch.event_id for dispatch in dispatches],
        [dispatch.fence for dispatch in dispatches],
    )


async def deliveries(
    db: Connection, scope: Scope, endpoint_id: UUID, after: UUID, limit: int, status: str | None
) -> list[dict[str, Any]]:
    """Deliveries of an endpoint, oldest event first."""
    rows = await db.fetch(
        """
        SELECT event_id, event_type, state AS status, tries, response_status, error, duration_ms, tried_at,
               CASE WHEN state = 'waiting' THEN due_at END AS next_try_at, created_at
          FROM webhook_deliveries
         WHERE cluster_id = $1 AND endpoint_id = $2 AND event_id > $3 AND ($5::text IS NULL OR state = $5)
         ORDER BY event_id LIMIT $4
        """,
        scope.cluster,
        endpoint_id,
        after,
        limit,
        status,
    )
    return [dict(row) for row in rows]


async def deliver_one(db: Connection, scope: Scope, endpoint_id: UUID, event_id: UUID, types: list[str]) -> bool:
    """Puts one event in line at one endpoint, whatever types it wants; False when the caller has no such event."""
    done = await db.fetchval(
        """
        INSERT INTO webhook_deliveries (cluster_id, endpoint_id, event_id, member_id, carrier_id, resource_id, seq,
                                        event_type)
        SELECT cluster_id, $3, event_id, $2, $6, resource_id, seq, topic FROM outbox
         WHERE cluster_id = $1 AND event_id = $4 AND topic = ANY($5)
           AND (hears($2, $6, member_id, carrier_id, audience) OR (audience = 'nobody' AND resource_id = $3))
        ON CONFLICT (cluster_id, endpoint_id, event_id) DO UPDATE
           SET state = 'waiting', tries = 0, due_at = now(), sending_until = NULL, fence = webhook_deliveries.fence + 1
        RETURNING true
        """,
        scope.cluster,
        scope.member_id,
        endpoint_id,
        event_id,
        types,
        scope.carrier_id,
    )
    return bool(done)


async def replay(
    db: Connection,
    scope: Scope,
    endpoint_id: UUID,
    since: datetime,
    until: datetime | None,
    *,
    types: list[str],
    limit: int,
    failed_only: bool,
) -> int:
    """
    Puts events of a time in line again at an endpoint that wants their types, also those that it never got.

    Returns
    -------
    int
        How many, at most ``limit``, the oldest first.
    """
    done = await db.execute(
        """
        INSERT INTO webhook_deliveries (cluster_id, endpoint_id, event_id, member_id, carrier_id, resource_id, seq,
                                        event_type)
        SELECT event.cluster_id, endpoint.endpoint_id, event.event_id, endpoint.member_id, endpoint.carrier_id,
               event.resource_id, event.seq, event.topic
          FROM outbox AS event JOIN webhook_endpoints AS endpoint USING (cluster_id)
         WHERE event.cluster_id = $1 AND endpoint.endpoint_id = $3 AND event.audience <> 'nobody'
           AND event.topic = ANY($8) AND event.position IS NOT NULL AND event.created_at >= $4
           AND ($5::timestamptz IS NULL OR event.created_at < $5)
           AND hears($2, $9, event.member_id, event.carrier_id, event.audience)
           AND EXISTS (SELECT FROM unnest(endpoint.event_types) AS wanted
                        WHERE wanted IN ('*', event.topic)
                           OR (right(wanted, 2) = '.*' AND starts_with(event.topic, left(wanted, -1))))
           AND (NOT $7 OR EXISTS (SELECT FROM webhook_deliveries AS tried
                                   WHERE tried.cluster_id = event.cluster_id
                                     AND tried.endpoint_id = endpoint.endpoint_id
                                     AND tried.event_id = event.event_id AND tried.state = 'failed'))
         ORDER BY event.position LIMIT $6
        ON CONFLICT (cluster_id, endpoint_id, event_id) DO UPDATE
           SET state = 'waiting', tries = 0, due_at = now(), sending_until = NULL, fence = webhook_deliveries.fence + 1
        """,
        scope.cluster,
        scope.member_id,
        endpoint_id,
        since,
        until,
        limit,
        failed_only,
        types,
        scope.carrier_id,
    )
    return int(done.rpartition(" ")[2])


async def forget_old(db: Connection) -> int:
    """Drops deliveries older than ``KEPT_DAYS`` days, whatever became of them; returns how many."""
    # any-cluster: housekeeping of the whole platform
    done = await db.execute(
        """
        DELETE FROM webhook_deliveries WHERE (cluster_id, endpoint_id, event_id) IN (
               SELECT cluster_id, endpoint_id, event_id FROM webhook_deliveries
                WHERE created_at < now() - make_interval(days => $1) LIMIT $2)
        """,
        KEPT_DAYS,
        FORGOTTEN_AT_ONCE,
    )
    return int(done.rpartition(" ")[2])
