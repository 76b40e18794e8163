"""SQL of what is to be posted: published plans and their tours, accepted freight, cash on delivery."""

from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope

DAYS_BACK = 400
"""Service days that are looked at."""


async def clusters(db: Connection) -> list[UUID]:
    """Every cluster that has pool windows."""
    # any-cluster: the worker posts for all clusters
    rows = await db.fetch("SELECT DISTINCT cluster_id FROM pool_windows")
    return [row["cluster_id"] for row in rows]


async def windows_due(db: Connection, scope: Scope, limit: int) -> list[asyncpg.Record]:
    """Pool windows with a published plan that has changed, or of which more has happened, since they were posted."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT * FROM (
            SELECT day.pool_window_id, plans.plan_id, service_date, coalesce(run.origin, 'solve') AS origin,
                   mark.plan_id AS posted_plan_id, coalesce(mark.mark_no, 0) AS mark_no, mark.seen AS seen_before,
                   its.running, its.tours, its.unbilled,
                   concat_ws(' ', plans.plan_id, its.running, its.tours, its.costs, its.outcomes,
                             (SELECT count(*) FROM shipment_cancellations AS gone
                               WHERE gone.cluster_id = $1 AND gone.pool_window_id = day.pool_window_id)) AS seen
              FROM plans JOIN pool_windows AS day USING (cluster_id, pool_window_id)
              LEFT JOIN plan_runs AS run USING (cluster_id, plan_id)
              LEFT JOIN posting_marks AS mark
                ON mark.cluster_id = $1 AND mark.pool_window_id = day.pool_window_id
              JOIN LATERAL (
                   SELECT count(*) AS tours,
                          count(*) FILTER (WHERE status NOT IN ('completed', 'cancelled')) AS running,
                          count(*) FILTER (WHERE status = 'completed' AND carrier_id IS NOT NULL AND paid.costs = 0)
                              AS unbilled,
                          coalesce(sum(paid.costs), 0) AS costs, coalesce(sum(visited.outcomes), 0) AS outcomes
                     FROM tours
                     JOIN LATERAL (SELECT count(*) AS costs FROM freight_costs AS cost
                                    WHERE cost.cluster_id = $1 AND cost.tour_id = tours.tour_id) AS paid ON true
                     JOIN LATERAL (SELECT count(*) AS outcomes FROM tour_visits AS visit
                                    WHERE visit.cluster_id = $1 AND visit.tour_id = tours.tour_id
                                      AND visit.outcome IS NOT NULL) AS visited ON true
                    WHERE tours.cluster_id = $1 AND tours.pool_window_id = day.pool_window_id) AS its ON true
             WHERE plans.cluster_id = $1 AND plans.status = 'published'
               AND day.service_date > current_date - $3::integer
               AND EXISTS (SELECT FROM shares WHERE shares.cluster_id = $1 AND shares.plan_id = plans.plan_id)
        ) AS found
         WHERE seen IS DISTINCT FROM seen_before ORDER BY service_date, pool_window_id LIMIT $2
        """,
        scope.cluster,
        limit,
        DAYS_BACK,
    )
    return found


async def mark(db: Connection, scope: Scope, pool_window_id: UUID, plan_id: UUID, seen: str, *, settled: bool) -> None:
    """Notes that a window is in the books as it is."""
    await db.execute(
        """
        INSERT INTO posting_marks (cluster_id, pool_window_id, mark_no, plan_id, seen, settled)
        VALUES ($1, $2, 1, $3, $4, $5)
        ON CONFLICT (cluster_id, pool_window_id) DO UPDATE
           SET mark_no = posting_marks.mark_no + 1, plan_id = $3, seen = $4, settled = $5, marked_at = now()
         WHERE posting_marks.cluster_id = $1
        """,
        scope.cluster,
        pool_window_id,
        plan_id,
        seen,
        settled,
    )


async def shares(db: Connection, scope: Scope, plan_id: UUID) -> dict[UUID, int]:
    """Members' shares of a plan."""
    rows = await db.fetch(
        "SELECT member_id, share_minor FROM shares WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )
    return {row["member_id"]: row["share_minor"] for row in rows}


async def planned(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Shipments that a plan carries, whose they are, and what they weigh."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT shipment_id, member_id, weight_g FROM assignments JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND plan_id = $2 ORDER BY shipment_id
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def standing(db: Connection, scope: Scope, pool_window_id: UUID) -> dict[UUID, int]:
    """What members' estimates for a window come to by now."""
    rows = await db.fetch(
        """
        SELECT line.member_id, sum(line.amount_minor)::bigint AS amount_minor
          FROM plans JOIN ledger_lines AS line
            ON line.cluster_id = $1 AND line.source_id = plans.plan_id AND line.kind = 'estimate'
         WHERE plans.cluster_id = $1 AND plans.pool_window_id = $2 AND line.member_id IS NOT NULL
         GROUP BY line.member_id
        """,
        scope.cluster,
        pool_window_id,
    )
    return {row["member_id"]: row["amount_minor"] for row in rows}


async def true_ups(db: Connection, scope: Scope, pool_window_id: UUID) -> dict[tuple[UUID, str], int]:
    """What was posted of a window's true-up, by account and reason."""
    rows = await db.fetch(
        """
        SELECT account_id, reason, sum(amount_minor)::bigint AS amount_minor FROM ledger_lines
         WHERE cluster_id = $1 AND source_id = $2 AND kind = 'true_up' GROUP BY account_id, reason
        """,
        scope.cluster,
        pool_window_id,
    )
    return {(row["account_id"], row["reason"]): row["amount_minor"] for row in rows}


async def tours(db: Connection, scope: Scope, pool_window_id: UUID) -> list[asyncpg.Record]:
    """A window's completed tours: who drove them, what their plans count for them, what is accepted."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, tours.carrier_id, cost_minor AS planned_minor,
               (SELECT sum(amount_minor)::bigint FROM freight_costs AS cost
                 WHERE cost.cluster_id = $1 AND cost.tour_id = tours.tour_id) AS accepted_minor
          FROM tours JOIN plan_routes USING (cluster_id, plan_id, route_no)
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status = 'completed' ORDER BY tour_id
        """,
        scope.cluster,
        pool_window_id,
    )
    return found


async def called_off(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Shipments of a plan that were cancelled afterwards, and the tour that they were to go with."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT gone.shipment_id, gone.member_id, after_cut_off, caused_by, tour.tour_id
          FROM assignments JOIN shipment_cancellations AS gone USING (cluster_id, shipment_id)
          LEFT JOIN tours AS tour
            ON tour.cluster_id = $1 AND tour.plan_id = assignments.plan_id AND tour.route_no = assignments.route_no
           AND tour.status = 'completed'
         WHERE assignments.cluster_id = $1 AND assignments.plan_id = $2 ORDER BY gone.shipment_id
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def failed(db: Connection, scope: Scope, pool_window_id: UUID) -> list[asyncpg.Record]:
    """Shipments with a failed visit on a window's completed tours, and why."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT DISTINCT ON (shipment_id) shipment_id, shipments.member_id, tour_id, reason
          FROM tours JOIN tour_visits USING (cluster_id, tour_id) JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND tours.pool_window_id = $2 AND tours.status = 'completed' AND outcome = 'failed'
         ORDER BY shipment_id, tour_id
        """,
        scope.cluster,
        pool_window_id,
    )
    return found


async def freight(db: Connection, scope: Scope, limit: int) -> list[asyncpg.Record]:
    """What is accepted of carriers' invoices and not posted yet."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT invoice_id, cost.tour_id, cost.entry_no, amount_minor, carrier_id, paper.currency, paper.number,
               least(issued_on, (cost.created_at AT TIME ZONE time_zone)::date) AS occurred_on
          FROM freight_costs AS cost
          JOIN carrier_invoices AS paper USING (cluster_id, invoice_id)
          JOIN clusters USING (cluster_id)
         WHERE cluster_id = $1 AND amount_minor <> 0
           AND NOT EXISTS (SELECT FROM ledger_entries AS entry
                            WHERE entry.cluster_id = $1 AND entry.source_id = invoice_id AND entry.kind = 'freight'
                              AND entry.part = cost.tour_id || ' ' || cost.entry_no)
         ORDER BY cost.created_at, invoice_id, cost.tour_id, cost.entry_no LIMIT $2
        """,
        scope.cluster,
        limit,
    )
    return found


async def own_tours(db: Connection, scope: Scope, limit: int) -> list[asyncpg.Record]:
    """Completed tours of vehicles that no carrier bills, which are not posted yet."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, cost_minor, service_date FROM tours
          JOIN plan_routes USING (cluster_id, plan_id, route_no)
          JOIN pool_windows USING (cluster_id, pool_window_id)
         WHERE cluster_id = $1 AND status = 'completed' AND carrier_id IS NULL AND cost_minor <> 0
           AND NOT EXISTS (SELECT FROM ledger_entries AS entry
                            WHERE entry.cluster_id = $1 AND entry.source_id = tour_id AND entry.kind = 'own_tour')
         ORDER BY tour_id LIMIT $2
        """,
        scope.cluster,
        limit,
    )
    return found


async def cash(db: Connection, scope: Scope, limit: int) -> list[asyncpg.Record]:
    """
    Cash on delivery whose books are not as things are: delivered and not posted, or posted and not delivered after all.

    ``posted`` is the last entry about it that still stands, ``turns`` how many there were.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT * FROM (
            SELECT shipment_id, shipments.member_id, cod_minor, real.tour_id, real.carrier_id, real.occurred_on,
                   its.posted, coalesce(its.turns, 0) AS turns
              FROM shipments
              JOIN clusters USING (cluster_id)
              LEFT JOIN LATERAL (
                   SELECT tour_id, carrier_id, (visit.outcome_at AT TIME ZONE time_zone)::date AS occurred_on
                     FROM tour_visits AS visit JOIN tours USING (cluster_id, tour_id)
                    WHERE visit.cluster_id = $1 AND visit.shipment_id = shipments.shipment_id
                      AND visit.action = 'delivery' AND visit.outcome = 'done'
                    ORDER BY visit.outcome_at DESC LIMIT 1) AS real ON true
              LEFT JOIN LATERAL (
                   SELECT count(*) AS turns,
                          (array_agg(entry_id ORDER BY entry_no DESC) FILTER (WHERE NOT EXISTS (
                               SELECT FROM ledger_entries AS back
                                WHERE back.cluster_id = $1 AND back.reverses_id = entry.entry_id)))[1] AS posted
                     FROM ledger_entries AS entry
                    WHERE entry.cluster_id = $1 AND entry.source_id = shipments.shipment_id
                      AND entry.kind = 'cash_on_delivery') AS its ON true
             WHERE shipments.cluster_id = $1 AND cod_minor IS NOT NULL) AS found
         WHERE (tour_id IS NOT NULL) <> (posted IS NOT NULL) ORDER BY shipment_id LIMIT $2
        """,
        scope.cluster,
        limit,
    )
    return found
