"""SQL of tours that carriers were awarded, held against a plan that they would follow, and of what is agreed on."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.dispatch.agreeing_models import Ahead, Awarded, Moved, NewAmendment, Route


async def awarded(db: Connection, scope: Scope, pool_window_id: UUID, plan_id: UUID) -> list[Awarded]:
    """Tours of a window that carriers were awarded, are not over, and do not follow this plan."""
    rows = await db.fetch(
        """
        SELECT tour_id, code, carrier_id, plan_id, route_no, vehicle_type_id, vehicle_no, status, exception, starts_at,
               ends_at, distance_m, coalesce(agreed_minor, 0) AS agreed_minor
          FROM tours
         WHERE cluster_id = $1 AND pool_window_id = $2 AND plan_id <> $3 AND carrier_id IS NOT NULL
           AND tender_offer_id IS NOT NULL AND status IN ('planned', 'dispatched', 'under_way')
         ORDER BY tour_id
        """,
        scope.cluster,
        pool_window_id,
        plan_id,
    )
    found = []
    for row in rows:
        fields = dict(row)
        fields["vehicle"] = (fields.pop("vehicle_type_id"), fields.pop("vehicle_no"))
        found.append(Awarded(**fields))
    return found


async def routes(db: Connection, scope: Scope, plan_id: UUID) -> dict[tuple[UUID, int], Route]:
    """Routes of a plan by vehicle."""
    rows = await db.fetch(
        """
        SELECT vehicle_type_id, vehicle_no, route_no, starts_at, ends_at, distance_m FROM plan_routes
         WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    found = {}
    for row in rows:
        fields = dict(row)
        vehicle = (fields.pop("vehicle_type_id"), fields.pop("vehicle_no"))
        found[vehicle] = Route(**fields)
    return found


async def ahead_of_tours(db: Connection, scope: Scope, tour_ids: Sequence[UUID]) -> dict[UUID, list[Ahead]]:
    """By tour, visits that nobody has reported on, in driving order; without what its member has cancelled."""
    rows = await db.fetch(
        """
        SELECT tour_id, stop_no, shipment_id, action, arrives_at, departs_at
          FROM tour_visits JOIN tour_stops USING (cluster_id, tour_id, stop_no)
          JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND outcome IS NULL AND status <> 'cancelled'
         ORDER BY tour_id, stop_no, visit_no, shipment_id, action
        """,
        scope.cluster,
        list(tour_ids),
    )
    return _by_tour(rows)


async def ahead_of_routes(
    db: Connection, scope: Scope, plan_id: UUID, tours: Sequence[tuple[UUID, int]]
) -> dict[UUID, list[Ahead]]:
    """By tour, visits of the plan's route that it would follow and has not made yet, in driving order."""
    rows = await db.fetch(
        """
        SELECT of.tour_id, stop_no, shipment_id, action, min(arrives_at) OVER stop AS arrives_at,
               max(ends_at) OVER stop AS departs_at
          FROM unnest($3::uuid[], $4::integer[]) AS of (tour_id, route_no)
          JOIN plan_visits AS planned USING (route_no) JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND plan_id = $2 AND status <> 'cancelled'
           AND NOT EXISTS (SELECT FROM tour_visits AS made
                            WHERE made.cluster_id = $1 AND made.tour_id = of.tour_id AND made.action = planned.action
                              AND made.shipment_id = planned.shipment_id
                              AND made.outcome IN ('done', 'partly', 'failed'))
        WINDOW stop AS (PARTITION BY of.tour_id, stop_no)
         ORDER BY of.tour_id, stop_no, visit_no, shipment_id, action
        """,
        scope.cluster,
        plan_id,
        [tour_id for tour_id, _ in tours],
        [route_no for _, route_no in tours],
    )
    return _by_tour(rows)


def _by_tour(rows: list[asyncpg.Record]) -> dict[UUID, list[Ahead]]:
    found: dict[UUID, list[Ahead]] = {}
    for row in rows:
        fields = dict(row)
        visits = found.setdefault(fields.pop("tour_id"), [])
        visits.append(Ahead(**fields))
    return found


async def agreed(db: Connection, scope: Scope, plan_id: UUID) -> set[UUID]:
    """Tours whose carrier accepted that they follow this plan, or was told to; held until the transaction ends."""
    rows = await db.fetch(
        """
        SELECT tour_id, status FROM amendments
         WHERE cluster_id = $1 AND plan_id = $2 AND status IN ('open', 'accepted', 'imposed')
         ORDER BY amendment_id FOR UPDATE
        """,
        scope.cluster,
        plan_id,
    )
    return {row["tour_id"] for row in rows if row["status"] != "open"}


async def apply(db: Connection, scope: Scope, plan_id: UUID) -> None:
    """Tours follow the plan now, at the prices that were agreed for it."""
    await db.execute(
        """
        WITH due AS (
            UPDATE amendments SET applied_at = clock_timestamp()
             WHERE cluster_id = $1 AND plan_id = $2 AND status IN ('accepted', 'imposed') AND applied_at IS NULL
            RETURNING tour_id, price_after_minor
        )
        UPDATE tours SET agreed_minor = price_after_minor FROM due
         WHERE tours.cluster_id = $1 AND tours.tour_id = due.tour_id AND tours.tender_offer_id IS NOT NULL
        """,
        scope.cluster,
        plan_id,
    )


async def drop(db: Connection, scope: Scope, tour_ids: Sequence[UUID]) -> list[Moved]:
    """What was asked or agreed about these tours and not applied is no longer so; returns what that was."""
    rows = await db.fetch(
        """
        UPDATE amendments SET status = 'withdrawn', decided_at = clock_timestamp()
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND status IN ('open', 'accepted', 'imposed')
           AND applied_at IS NULL
        RETURNING amendment_id, tour_id, carrier_id, status
        """,
        scope.cluster,
        list(tour_ids),
    )
    return [Moved(**dict(row)) for row in rows]


async def insert(
    db: Connection,
    scope: Scope,
    plan_id: UUID,
    new: Sequence[NewAmendment],
    note: str | None,
    respond_s: int,
) -> list[Moved]:
    """Amendments, open for so many seconds; not where something is asked about the same tour and plan already."""
    rows = await db.fetch(
        """
        INSERT INTO amendments (cluster_id, amendment_id, tour_id, carrier_id, plan_id, status, before, after,
                                price_before_minor, price_after_minor, note, deadline_at)
        SELECT $1, amendment_id, tour_id, carrier_id, $2, 'open', before::jsonb, after::jsonb, price_before,
               price_after, $9, clock_timestamp() + make_interval(secs => $10::integer::double precision)
          FROM unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::bigint[], $11::bigint[])
                 AS fresh (amendment_id, tour_id, carrier_id, before, after, price_before, price_after)
        ON CONFLICT (cluster_id, tour_id, plan_id) WHERE status IN ('open', 'accepted', 'imposed') DO NOTHING
        RETURNING amendment_id, tour_id, carrier_id, status
        """,
        scope.cluster,
        plan_id,
        [entry.amendment_id for entry in new],
        [entry.tour_id for entry in new],
        [entry.carrier_id for entry in new],
        [entry.before.decode() for entry in new],
        [entry.after.decode() for entry in new],
        [entry.price_before_minor for entry in new],
        note,
        respond_s,
        [entry.price_after_minor for entry in new],
    )
    return [Moved(**dict(row)) for row in rows]


async def impose(db: Connection, scope: Scope, plan_id: UUID, reason: str) -> list[Moved]:
    """What is asked for a plan holds without an answer."""
    rows = await db.fetch(
        """
        UPDATE amendments SET status = 'imposed', urgent_reason = $3, decided_at = clock_timestamp()
         WHERE cluster_id = $1 AND plan_id = $2 AND status = 'open'
        RETURNING amendment_id, tour_id, carrier_id, status
        """,
        scope.cluster,
        plan_id,
        reason,
    )
    return [Moved(**dict(row)) for row in rows]


async def answer(
    db: Connection, scope: Scope, amendment_id: UUID, status: str, reason: str | None, note: str | None
) -> list[Moved]:
    """What the carrier said."""
    rows = await db.fetch(
        """
        UPDATE amendments SET status = $3, answer_reason = $4, answer_note = $5, answered_at = clock_timestamp(),
               decided_at = clock_timestamp()
         WHERE cluster_id = $1 AND amendment_id = $2
        RETURNING amendment_id, tour_id, carrier_id, status
        """,
        scope.cluster,
        amendment_id,
        status,
        reason,
        note,
    )
    return [Moved(**dict(row)) for row in rows]


async def move(db: Connection, scope: Scope, amendment_id: UUID, status: str) -> list[Moved]:
    """It is taken back, or its time is over."""
    rows = await db.fetch(
        """
        UPDATE amendments SET status = $3, decided_at = clock_timestamp()
         WHERE cluster_id = $1 AND amendment_id = $2
        RETURNING amendment_id, tour_id, carrier_id, status
        """,
        scope.cluster,
        amendment_id,
        status,
    )
    return [Moved(**dict(row)) for row in rows]
