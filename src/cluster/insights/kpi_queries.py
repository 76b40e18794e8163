"""SQL of figures over time: adding up a published plan once, and reading what was added up."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope


async def unmeasured(db: Connection, scope: Scope, limit: int) -> list[UUID]:
    """Published plans that were not added up yet, or of which more has happened since; the latest first."""
    rows = await db.fetch(
        """
        SELECT plan_id FROM plans JOIN plan_results USING (cluster_id, plan_id)
          LEFT JOIN day_figures AS known USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND plans.status = 'published'
           AND (known.plan_id IS NULL
                OR EXISTS (SELECT FROM tours JOIN tracking_events AS heard USING (cluster_id, tour_id)
                            WHERE tours.cluster_id = $1 AND tours.plan_id = plans.plan_id
                              AND heard.received_at > known.measured_at))
         ORDER BY plan_id DESC LIMIT $2
        """,
        scope.cluster,
        limit,
    )
    return [row["plan_id"] for row in rows]


async def by_member(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """
    What a plan comes to for each member in it; on time is what begins in a window, as reported where it was.
    """
    found: list[asyncpg.Record] = await db.fetch(
        """
        WITH judged AS (
            SELECT visit.member_id, real.outcome IS NOT NULL AS happened,
                   CASE WHEN real.outcome IS NULL THEN held.planned
                        ELSE real.outcome <> 'failed' AND held.happened END AS on_time
              FROM plan_visits AS visit
              JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
              LEFT JOIN LATERAL (
                   SELECT outcome, outcome_at, coalesce(arrived_at, outcome_at) AS arrived_at
                     FROM tour_visits AS done
                     JOIN tours USING (cluster_id, tour_id)
                     JOIN tour_stops USING (cluster_id, tour_id, stop_no)
                    WHERE done.cluster_id = $1 AND done.shipment_id = visit.shipment_id
                      AND done.action = visit.action AND tours.plan_id = $2
                      AND done.outcome IN ('done', 'partly', 'failed')
                    LIMIT 1) AS real ON true
              CROSS JOIN LATERAL (
                   SELECT bool_or(visit.begins_at BETWEEN since AND until) AS planned,
                          bool_or(real.arrived_at <= until AND real.outcome_at >= since) AS happened
                     FROM (SELECT window_start AS since, window_end AS until WHERE place.windows IS NULL
                            UNION ALL
                           SELECT (entry ->> 'start')::timestamptz, (entry ->> 'end')::timestamptz
                             FROM jsonb_array_elements(place.windows) AS entry) AS asked) AS held
             WHERE visit.cluster_id = $1 AND visit.plan_id = $2 AND place.window_start IS NOT NULL),
        carried AS (
            SELECT member_id, count(*) AS planned, sum(weight_g) AS weight_g, sum(volume_cm3) AS volume_cm3
              FROM shipments WHERE cluster_id = $1 AND shipment_id IN (
                   SELECT shipment_id FROM plan_visits WHERE cluster_id = $1 AND plan_id = $2)
             GROUP BY member_id),
        punctual AS (
            SELECT member_id, count(*) AS visits, count(*) FILTER (WHERE on_time) AS on_time,
                   count(*) FILTER (WHERE happened) AS happened FROM judged GROUP BY 1),
        waiting AS (
            SELECT member_id, count(*) AS unplanned
              FROM plan_unplanned WHERE cluster_id = $1 AND plan_id = $2 GROUP BY 1),
        paid AS (SELECT * FROM shares WHERE cluster_id = $1 AND plan_id = $2)
        SELECT member_id, coalesce(planned, 0) AS planned, coalesce(unplanned, 0) AS unplanned,
               coalesce(weight_g, 0)::bigint AS weight_g, coalesce(volume_cm3, 0)::bigint AS volume_cm3,
               coalesce(visits, 0) AS visits, coalesce(on_time, 0) AS on_time, coalesce(happened, 0) AS happened,
               stand_alone_minor, share_minor, saving_minor
          FROM carried FULL JOIN waiting USING (member_id) FULL JOIN punctual USING (member_id)
          FULL JOIN paid USING (member_id) ORDER BY member_id
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def of_plan(db: Connection, scope: Scope, plan_id: UUID) -> asyncpg.Record | None:
    """What a plan comes to as a whole, and the room that its vehicles offer over their way."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT pool_window_id, service_date, currency, cost_minor, distance_m, duration_s, route_count AS routes,
               fill_weight, fill_volume, emissions_g, emissions_by_member, room.weight_gm, room.volume_cm3m
          FROM plans
          JOIN plan_results USING (cluster_id, plan_id)
          JOIN pool_windows USING (cluster_id, pool_window_id)
          CROSS JOIN LATERAL (
               SELECT coalesce(sum(route.distance_m::numeric * kind.weight_g), 0) AS weight_gm,
                      coalesce(sum(route.distance_m::numeric * kind.volume_cm3), 0) AS volume_cm3m
                 FROM plan_routes AS route JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
                WHERE route.cluster_id = $1 AND route.plan_id = $2) AS room
         WHERE plans.cluster_id = $1 AND plan_id = $2 AND plans.status = 'published'
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def put_day(db: Connection, scope: Scope, plan_id: UUID, day: dict[str, Any]) -> None:
    """A plan's figures, new or anew."""
    await db.execute(
        """
        INSERT INTO day_figures (cluster_id, plan_id, pool_window_id, service_date, currency, cost_minor, distance_m,
                                 duration_s, routes, planned, unplanned, weight_g, volume_cm3, weight_gm,
                                 weight_room_gm, volume_cm3m, volume_room_cm3m, visits, on_time, happened, emissions_g,
                                 stand_alone_minor, saving_minor)
        SELECT $1, $2, new.pool_window_id, new.service_date, new.currency, new.cost_minor, new.distance_m,
               new.duration_s, new.routes, new.planned, new.unplanned, new.weight_g, new.volume_cm3, new.weight_gm,
               new.weight_room_gm, new.volume_cm3m, new.volume_room_cm3m, new.visits, new.on_time, new.happened,
               new.emissions_g, new.stand_alone_minor, new.saving_minor
          FROM jsonb_populate_record(NULL::day_figures, $3::jsonb) AS new
        ON CONFLICT (cluster_id, plan_id) DO UPDATE
           SET visits = excluded.visits, on_time = excluded.on_time, happened = excluded.happened, measured_at = now()
        """,
        scope.cluster,
        plan_id,
        day,
    )


async def put_members(db: Connection, scope: Scope, plan_id: UUID, members: list[dict[str, Any]]) -> None:
    """Each member's part of a plan, new or anew."""
    await db.execute(
        """
        INSERT INTO member_figures (cluster_id, plan_id, member_id, service_date, currency, planned, unplanned,
                                    weight_g, volume_cm3, visits, on_time, happened, stand_alone_minor, share_minor,
                                    saving_minor, emissions_g)
        SELECT $1, $2, new.member_id, new.service_date, new.currency, new.planned, new.unplanned, new.weight_g,
               new.volume_cm3, new.visits, new.on_time, new.happened, new.stand_alone_minor, new.share_minor,
               new.saving_minor, new.emissions_g
          FROM jsonb_populate_recordset(NULL::member_figures, $3::jsonb) AS new
        ON CONFLICT (cluster_id, plan_id, member_id) DO UPDATE
           SET visits = excluded.visits, on_time = excluded.on_time, happened = excluded.happened
        """,
        scope.cluster,
        plan_id,
        members,
    )


async def frame(db: Connection, scope: Scope) -> asyncpg.Record:
    """The cluster's currency, zone and day; the last service day that was added up for the caller's eyes."""
    found: asyncpg.Record = await db.fetchrow(
        """
        SELECT currency, time_zone, (now() AT TIME ZONE time_zone)::date AS today,
               CASE WHEN $2::uuid IS NULL
                    THEN (SELECT max(service_date) FROM day_figures WHERE cluster_id = $1)
                    ELSE (SELECT max(service_date) FROM member_figures WHERE cluster_id = $1 AND member_id = $2)
               END AS latest
          FROM clusters WHERE cluster_id = $1
        """,
        scope.cluster,
        scope.member_id,
    )
    return found


async def figures(db: Connection, scope: Scope, start: date, end: date, by: str) -> list[asyncpg.Record]:
    """Sums of published plans by period, and last (period null) over all; nothing for a member."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT date_trunc($4, service_date)::date AS period, count(*) AS days, sum(planned) AS planned,
               sum(unplanned) AS unplanned, sum(cost_minor)::bigint AS cost_minor,
               sum(distance_m)::bigint AS distance_m, sum(duration_s)::bigint AS duration_s, sum(routes) AS vehicles,
               sum(weight_g)::bigint AS weight_g, sum(volume_cm3)::bigint AS volume_cm3,
               (sum(weight_gm) / nullif(sum(weight_room_gm) FILTER (WHERE weight_gm IS NOT NULL), 0))::float8
                   AS fill_weight,
               (sum(volume_cm3m) / nullif(sum(volume_room_cm3m) FILTER (WHERE volume_cm3m IS NOT NULL), 0))::float8
                   AS fill_volume,
               sum(visits) AS visits, sum(on_time) AS on_time, sum(happened) AS happened,
               count(stand_alone_minor) AS shared_days, sum(stand_alone_minor)::bigint AS stand_alone_minor,
               sum(saving_minor)::bigint AS saving_minor, count(emissions_g) AS emissions_days,
               sum(emissions_g)::bigint AS emissions_g
          FROM day_figures JOIN plans USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND service_date BETWEEN $2 AND $3 AND plans.status = 'published'
         GROUP BY GROUPING SETS ((date_trunc($4, service_date)), ()) ORDER BY period NULLS LAST
        """,
        scope.cluster,
        start,
        end,
        by,
    )
    return found


async def space_use(db: Connection, scope: Scope, start: date, end: date, by: str) -> dict[date | None, float]:
    """
    Part of the space on offer that was taken, by period, and with None over all; periods without space are left out.

    What was withdrawn is on offer no longer, but for what is still taken of it.
    """
    rows = await db.fetch(
        """
        SELECT date_trunc($4, day)::date AS period,
               (sum(used)::float8 / sum(CASE WHEN status = 'open' THEN space_days.units ELSE used END)) AS part
          FROM space_days JOIN space_offers USING (cluster_id, offer_id)
         WHERE cluster_id = $1 AND day BETWEEN $2 AND $3 AND (status = 'open' OR used > 0)
         GROUP BY GROUPING SETS ((date_trunc($4, day)), ()) HAVING count(*) > 0
        """,
        scope.cluster,
        start,
        end,
        by,
    )
    return {row["period"]: row["part"] for row in rows}


async def own(db: Connection, scope: Scope, member_id: UUID, start: date, end: date, by: str) -> list[asyncpg.Record]:
    """One member's sums by period, and last (period null) over all."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT date_trunc($5, service_date)::date AS period, count(*) AS days, sum(planned) AS planned,
               sum(unplanned) AS unplanned, sum(weight_g)::bigint AS weight_g, sum(volume_cm3)::bigint AS volume_cm3,
               sum(visits) AS visits, sum(on_time) AS on_time, sum(happened) AS happened,
               sum(stand_alone_minor)::bigint AS stand_alone_minor, sum(share_minor)::bigint AS share_minor,
               sum(saving_minor)::bigint AS saving_minor, count(emissions_g) AS emissions_days,
               sum(emissions_g)::bigint AS emissions_g
          FROM member_figures JOIN plans USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND member_id = $2 AND service_date BETWEEN $3 AND $4 AND plans.status = 'published'
         GROUP BY GROUPING SETS ((date_trunc($5, service_date)), ()) ORDER BY period NULLS LAST
        """,
        scope.cluster,
        member_id,
        start,
        end,
        by,
    )
    return found


async def untold_months(db: Connection, scope: Scope, before: date) -> list[date]:
    """Calendar months that ended before a day and of which members were told nothing yet, oldest first."""
    rows = await db.fetch(
        """
        SELECT DISTINCT date_trunc('month', service_date)::date AS month
          FROM day_figures
         WHERE cluster_id = $1 AND date_trunc('month', service_date) + interval '1 month' <= $2::date
           AND NOT EXISTS (SELECT FROM month_totals AS told
                            WHERE told.cluster_id = $1 AND told.month = date_trunc('month', service_date)::date)
         ORDER BY month
        """,
        scope.cluster,
        before,
    )
    return [row["month"] for row in rows]


async def month_of_members(db: Connection, scope: Scope, month: date) -> list[asyncpg.Record]:
    """Each member's sums of a calendar month."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT member_id, sum(planned)::bigint AS shipments,
               coalesce(sum(stand_alone_minor), 0)::bigint AS alone_minor,
               coalesce(sum(share_minor), 0)::bigint AS share_minor,
               coalesce(sum(saving_minor), 0)::bigint AS saving_minor
          FROM member_figures JOIN plans USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND date_trunc('month', service_date) = $2::date AND plans.status = 'published'
         GROUP BY member_id ORDER BY member_id
        """,
        scope.cluster,
        month,
    )
    return found


async def privacy_min(db: Connection, scope: Scope) -> int:
    """How many members the cluster wants behind a figure that joins several."""
    found: int = await db.fetchval("SELECT privacy_min_members FROM clusters WHERE cluster_id = $1", scope.cluster)
    return found


async def tell(db: Connection, scope: Scope, month: date, rows: list[dict[str, Any]]) -> None:
    """What each member is told of a month; what was told before stays."""
    await db.execute(
        """
        INSERT INTO month_totals (cluster_id, month, member_id, shipments, distance_m, saving_minor, emissions_g)
        SELECT $1, $2, new.member_id, new.shipments, new.distance_m, new.saving_minor, new.emissions_g
          FROM jsonb_populate_recordset(NULL::month_totals, $3::jsonb) AS new
        ON CONFLICT (cluster_id, month, member_id) DO NOTHING
        """,
        scope.cluster,
        month,
        rows,
    )


async def told(db: Connection, scope: Scope, member_id: UUID, start: date, end: date) -> list[asyncpg.Record]:
    """What one member was told of calendar months that lie within these days whole."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT month, shipments, distance_m, saving_minor, emissions_g FROM month_totals
         WHERE cluster_id = $1 AND member_id = $2 AND month >= $3
           AND month + interval '1 month' <= $4::date + interval '1 day' AND shipments IS NOT NULL
        """,
        scope.cluster,
        member_id,
        start,
        end,
    )
    return found


async def clusters(db: Connection) -> list[UUID]:
    """Every cluster that has pool windows, as the system sees them."""
    # any-cluster: the worker adds up for all clusters
    rows = await db.fetch("SELECT DISTINCT cluster_id FROM pool_windows")
    return [row["cluster_id"] for row in rows]
