"""SQL of tours: made of routes, changed, looked up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.dispatch.models import Agreed, Tour, TourStatus
from cluster.dispatch.reasons import Reason


class Fresh(Struct, frozen=True, kw_only=True):
    """A route about to become a tour, or to take the place of what a tour was."""

    tour_id: UUID
    route_no: int
    code: str
    vehicle: str
    driver_name: str | None
    stops_before: int = 0
    """What is added to the route's numbers of stops, so that stops where something was reported keep theirs."""


async def routes(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Routes of a plan with the name of their vehicles."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT route_no, vehicle_type_id, vehicle_no, kind.name AS vehicle_name
          FROM plan_routes JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
         WHERE cluster_id = $1 AND plan_id = $2 ORDER BY route_no
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def live_of_window(db: Connection, scope: Scope, pool_window_id: UUID) -> list[asyncpg.Record]:
    """Tours of a window that are not over, held until the transaction ends."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, plan_id, vehicle_type_id, vehicle_no, vehicle, driver_name, status, exception FROM tours
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status IN ('planned', 'dispatched', 'under_way')
         ORDER BY tour_id FOR UPDATE
        """,
        scope.cluster,
        pool_window_id,
    )
    return found


async def insert(db: Connection, scope: Scope, plan_id: UUID, pool_window_id: UUID, new: Fresh) -> None:
    """A tour of a route, without its stops; it is driven by whose vehicle it is."""
    await db.execute(
        """
        INSERT INTO tours (cluster_id, tour_id, plan_id, route_no, pool_window_id, vehicle_type_id, vehicle_no, code,
                           vehicle, driver_name, status, starts_at, ends_at, distance_m, carrier_id)
        SELECT $1, $3, plan_id, route_no, $5, vehicle_type_id, vehicle_no, $6, $7, $8, 'planned', starts_at, ends_at,
               distance_m, kind.carrier_id
          FROM plan_routes JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
         WHERE cluster_id = $1 AND plan_id = $2 AND route_no = $4
        """,
        scope.cluster,
        plan_id,
        new.tour_id,
        new.route_no,
        pool_window_id,
        new.code,
        new.vehicle,
        new.driver_name,
    )


async def amend(db: Connection, scope: Scope, plan_id: UUID, new: Fresh) -> None:
    """A tour follows another plan from now on; a carrier that has it keeps it."""
    await db.execute(
        """
        UPDATE tours SET plan_id = $2, route_no = $4, vehicle = $5, driver_name = $6, ends_at = route.ends_at,
               starts_at = CASE WHEN tours.status = 'under_way' THEN least(tours.starts_at, route.ends_at)
                                ELSE route.starts_at END,
               distance_m = route.distance_m, carrier_id = coalesce(tours.carrier_id, kind.carrier_id)
          FROM plan_routes AS route JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
         WHERE tours.cluster_id = $1 AND tours.tour_id = $3
           AND route.cluster_id = $1 AND route.plan_id = $2 AND route.route_no = $4
        """,
        scope.cluster,
        plan_id,
        new.tour_id,
        new.route_no,
        new.vehicle,
        new.driver_name,
    )


async def drop_open_visits(db: Connection, scope: Scope, tour_ids: list[UUID], in_plan: UUID | None = None) -> None:
    """What was not done yet on these tours is no longer theirs; with ``in_plan`` only what that plan serves."""
    await db.execute(
        """
        UPDATE tour_visits SET outcome = 'moved', outcome_at = now()
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND outcome IS NULL
           AND ($3::uuid IS NULL OR shipment_id IN (SELECT shipment_id FROM plan_visits
                                                     WHERE cluster_id = $1 AND plan_id = $3))
        """,
        scope.cluster,
        tour_ids,
        in_plan,
    )


async def take_over_stops(db: Connection, scope: Scope, plan_id: UUID, new: Fresh) -> None:
    """The stops and visits of a plan's route become the tour's, but for those it has made, and what was cancelled."""
    await db.execute(
        """
        INSERT INTO tour_stops (cluster_id, tour_id, stop_no, arrives_at, departs_at)
        SELECT $1, $3, $5 + stop_no, min(arrives_at), max(ends_at)
          FROM plan_visits AS planned
         WHERE cluster_id = $1 AND plan_id = $2 AND route_no = $4
           AND NOT EXISTS (SELECT FROM tour_visits AS made
                            WHERE made.cluster_id = $1 AND made.tour_id = $3 AND made.shipment_id = planned.shipment_id
                              AND made.action = planned.action AND made.outcome IN ('done', 'partly', 'failed'))
         GROUP BY stop_no
        ON CONFLICT (cluster_id, tour_id, stop_no) DO UPDATE
           SET arrives_at = excluded.arrives_at, departs_at = excluded.departs_at
        """,
        scope.cluster,
        plan_id,
        new.tour_id,
        new.route_no,
        new.stops_before,
    )
    await db.execute(
        """
        INSERT INTO tour_visits (cluster_id, tour_id, stop_no, visit_no, shipment_id, action, begins_at, ends_at)
        SELECT $1, $3, $5 + stop_no, visit_no, shipment_id, action, begins_at, ends_at
          FROM plan_visits AS planned JOIN shipments USING (cluster_id, shipment_id)
         WHERE cluster_id = $1 AND plan_id = $2 AND route_no = $4 AND status <> 'cancelled'
           AND NOT EXISTS (SELECT FROM tour_visits AS made
                            WHERE made.cluster_id = $1 AND made.tour_id = $3 AND made.shipment_id = planned.shipment_id
                              AND made.action = planned.action AND made.outcome IN ('done', 'partly', 'failed'))
        ON CONFLICT (cluster_id, tour_id, shipment_id, action) DO UPDATE
           SET stop_no = excluded.stop_no, visit_no = excluded.visit_no, begins_at = excluded.begins_at,
               ends_at = excluded.ends_at,
               outcome = CASE WHEN tour_visits.outcome = 'moved' THEN NULL ELSE tour_visits.outcome END,
               outcome_at = CASE WHEN tour_visits.outcome = 'moved' THEN NULL ELSE tour_visits.outcome_at END
        """,
        scope.cluster,
        plan_id,
        new.tour_id,
        new.route_no,
        new.stops_before,
    )


async def release(db: Connection, scope: Scope, tour_ids: list[UUID]) -> list[UUID]:
    """Gives planned tours to their drivers; returns those that were planned."""
    rows = await db.fetch(
        """
        UPDATE tours SET status = 'dispatched'
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND status = 'planned' RETURNING tour_id
        """,
        scope.cluster,
        tour_ids,
    )
    return [row["tour_id"] for row in rows]


async def give_to_carrier(db: Connection, scope: Scope, tour_id: UUID, agreed: Agreed) -> None:
    """Whose tour it is from now on."""
    await db.execute(
        """
        UPDATE tours SET carrier_id = $3, agreed_minor = $4, tender_offer_id = $5
         WHERE cluster_id = $1 AND tour_id = $2
        """,
        scope.cluster,
        tour_id,
        agreed.carrier_id,
        agreed.agreed_minor,
        agreed.tender_offer_id,
    )


async def open_shipments(db: Connection, scope: Scope, tour_ids: list[UUID]) -> list[UUID]:
    """Shipments with a visit on these tours that nobody has reported on."""
    rows = await db.fetch(
        """
        SELECT DISTINCT shipment_id FROM tour_visits
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND outcome IS NULL ORDER BY shipment_id
        """,
        scope.cluster,
        tour_ids,
    )
    return [row["shipment_id"] for row in rows]


async def carriers_told(db: Connection, scope: Scope, tour_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """By tour, the carrier that drives it and can see it."""
    rows = await db.fetch(
        """
        SELECT tour_id, carrier_id FROM tours
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND carrier_id IS NOT NULL AND status <> 'planned'
        """,
        scope.cluster,
        list(tour_ids),
    )
    return {row["tour_id"]: row["carrier_id"] for row in rows}


async def edit(db: Connection, scope: Scope, tour_id: UUID, vehicle: str, driver_name: str | None) -> None:
    """Who drives, and in what."""
    await db.execute(
        "UPDATE tours SET vehicle = $3, driver_name = $4 WHERE cluster_id = $1 AND tour_id = $2",
        scope.cluster,
        tour_id,
        vehicle,
        driver_name,
    )


async def cancel(db: Connection, scope: Scope, tour_ids: list[UUID], reason: str) -> list[UUID]:
    """Calls tours off that have not left; returns those it did."""
    rows = await db.fetch(
        """
        UPDATE tours SET status = 'cancelled', cancel_reason = $3
         WHERE cluster_id = $1 AND tour_id = ANY($2) AND status IN ('planned', 'dispatched') RETURNING tour_id
        """,
        scope.cluster,
        tour_ids,
        reason,
    )
    return [row["tour_id"] for row in rows]


class Wanted(Struct, frozen=True, kw_only=True):
    """Which tours are asked for; what is None does not matter."""

    pool_window_id: UUID | None = None
    plan_id: UUID | None = None
    status: TourStatus | None = None
    tour_ids: list[UUID] | None = None
    carrier_id: UUID | None = None


async def tours(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> list[Tour]:
    """Tours with how far they are, oldest first."""
    return [_tour(row) for row in await tour_rows(db, scope, after, limit, wanted)]


async def tour_rows(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> list[asyncpg.Record]:
    """Tours with how far they are and when they changed last, oldest first."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tour_id, plan_id, pool_window_id, service_date, route_no, code, status, tours.version, vehicle_type_id,
               carrier_id, vehicle, driver_name, starts_at, ends_at, started_at, completed_at, distance_m, exception,
               lat, lon, seen_at, tours.created_at, changed_at, held.*, late.delay_s
          FROM tours JOIN pool_windows USING (cluster_id, pool_window_id)
          CROSS JOIN LATERAL (
               SELECT count(DISTINCT stop_no) AS stops, count(*) AS visits,
                      count(*) FILTER (WHERE outcome IN ('done', 'partly')) AS visits_done,
                      count(*) FILTER (WHERE outcome = 'failed') AS visits_failed
                 FROM tour_visits AS visit
                WHERE visit.cluster_id = tours.cluster_id AND visit.tour_id = tours.tour_id
                  AND visit.outcome IS DISTINCT FROM 'moved') AS held
          LEFT JOIN LATERAL (
               SELECT extract(epoch FROM coalesce(left_at - departs_at, arrived_at - arrives_at))::integer AS delay_s
                 FROM tour_stops AS stop
                WHERE stop.cluster_id = tours.cluster_id AND stop.tour_id = tours.tour_id AND arrived_at IS NOT NULL
                ORDER BY stop_no DESC LIMIT 1) AS late ON true
         WHERE tours.cluster_id = $1 AND tour_id > $2 AND ($3::uuid IS NULL OR pool_window_id = $3)
           AND ($4::uuid IS NULL OR plan_id = $4) AND ($5::text IS NULL OR status = $5)
           AND ($6::uuid[] IS NULL OR tour_id = ANY($6)) AND ($7::uuid IS NULL OR carrier_id = $7)
         ORDER BY tour_id LIMIT $8
        """,
        scope.cluster,
        after,
        wanted.pool_window_id,
        wanted.plan_id,
        wanted.status,
        wanted.tour_ids,
        wanted.carrier_id,
        limit,
    )
    return found


def _tour(row: asyncpg.Record) -> Tour:
    fields = dict(row)
    fields.pop("changed_at")
    fields["carrier_id"] = None if row["carrier_id"] is None else ids.show("car", row["carrier_id"])
    for name, prefix in (("plan_id", "plan"), ("pool_window_id", "win"), ("vehicle_type_id", "vht")):
        fields[name] = ids.show(prefix, fields[name])
    fields["id"] = ids.show("tor", fields.pop("tour_id"))
    fields["carrier_id"] = None if row["carrier_id"] is None else ids.show("car", row["carrier_id"])
    fields["status"] = TourStatus(fields["status"])
    fields["exception"] = None if fields["exception"] is None else Reason(fields["exception"])
    return Tour(**fields)


async def stops(db: Connection, scope: Scope, tour_id: UUID) -> list[asyncpg.Record]:
    """Visits of a tour in driving order, with their stop, place, shipment, and whom to ask for."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT stop_no, stop.arrives_at, stop.departs_at, stop.arrived_at, stop.left_at,
               visit_no, visit.shipment_id, visit.action, visit.begins_at, visit.ends_at, visit.outcome,
               visit.outcome_at, visit.reason,
               shipment.client_ref, shipment.member_id, shipment.status, shipment.service, shipment.weight_g,
               shipment.cod_minor, shipment.inspection, shipment.temperature_class,
               place.name, place.address_line1, place.address_line2, place.locality, place.postal_code,
               place.country_code, place.lat, place.lon, place.window_start, place.window_end, place.instructions,
               contact_name, phone,
               (SELECT count(*) FROM proofs AS proof
                 WHERE proof.cluster_id = visit.cluster_id AND proof.shipment_id = visit.shipment_id
                   AND proof.tour_id = visit.tour_id AND proof.action = visit.action) AS proofs
          FROM tour_visits AS visit
          JOIN tour_stops AS stop USING (cluster_id, tour_id, stop_no)
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
          JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
          LEFT JOIN shipment_contacts USING (cluster_id, shipment_id, action)
         WHERE visit.cluster_id = $1 AND visit.tour_id = $2 AND visit.outcome IS DISTINCT FROM 'moved'
         ORDER BY stop_no, visit_no, visit.shipment_id
        """,
        scope.cluster,
        tour_id,
    )
    return found


async def units(db: Connection, scope: Scope, tour_id: UUID) -> list[asyncpg.Record]:
    """Handling units of the shipments on a tour."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT shipment_id, line_no, kind, units, weight_g, length_mm, width_mm, height_mm, on_top, un_number,
               hazard_class, sscc
          FROM handling_units
         WHERE cluster_id = $1 AND shipment_id IN (SELECT shipment_id FROM tour_visits
                                                    WHERE cluster_id = $1 AND tour_id = $2)
         ORDER BY shipment_id, line_no
        """,
        scope.cluster,
        tour_id,
    )
    return found


async def bases(db: Connection, scope: Scope, tour_id: UUID) -> Any:
    """Where a tour starts and ends, the name of its vehicles, and when its driver rests by the plan it follows."""
    return await db.fetchrow(
        """
        SELECT departure.name AS start_name, departure.address_line1 AS start_line, departure.lat AS start_lat,
               departure.lon AS start_lon, arrival.name AS end_name, arrival.address_line1 AS end_line,
               arrival.lat AS end_lat, arrival.lon AS end_lon, kind.name AS vehicle_name,
               (SELECT breaks FROM plan_routes AS route WHERE route.cluster_id = $1 AND route.plan_id = tours.plan_id
                   AND route.route_no = tours.route_no) AS breaks
          FROM tours JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
          JOIN sites AS departure ON departure.cluster_id = tours.cluster_id AND departure.site_id = kind.start_site_id
          LEFT JOIN sites AS arrival ON arrival.cluster_id = tours.cluster_id AND arrival.site_id = kind.end_site_id
         WHERE tours.cluster_id = $1 AND tours.tour_id = $2
        """,
        scope.cluster,
        tour_id,
    )


async def expected(db: Connection, scope: Scope, shipment_id: UUID) -> list[asyncpg.Record]:
    """Stops of the live tours that are to pick a shipment up and deliver it, and which of them are for it."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT tours.tour_id, stop.stop_no, stop.arrives_at, stop.departs_at, stop.arrived_at, stop.left_at,
               min(visit.begins_at) AS begins_at, bool_and(visit.outcome IS NOT NULL) AS over,
               max(visit.outcome_at) AS over_at, tours.status, tours.starts_at, tours.started_at,
               bool_or(visit.shipment_id = $2 AND visit.action = 'delivery' AND visit.outcome IS NULL) AS its_delivery,
               bool_or(visit.shipment_id = $2 AND visit.action = 'pickup' AND visit.outcome IS NULL) AS its_pickup
          FROM tours
          JOIN tour_stops AS stop USING (cluster_id, tour_id)
          JOIN tour_visits AS visit USING (cluster_id, tour_id, stop_no)
         WHERE tours.cluster_id = $1 AND tours.status IN ('dispatched', 'under_way')
           AND visit.outcome IS DISTINCT FROM 'moved'
           AND tours.tour_id IN (SELECT mine.tour_id FROM tour_visits AS mine
                                  WHERE mine.cluster_id = $1 AND mine.shipment_id = $2 AND mine.outcome IS NULL)
         GROUP BY tours.tour_id, stop.stop_no, stop.arrives_at, stop.departs_at, stop.arrived_at, stop.left_at,
                  tours.status, tours.starts_at, tours.started_at
         ORDER BY tours.tour_id, stop.stop_no
        """,
        scope.cluster,
        shipment_id,
    )
    return found


async def planned_end(db: Connection, scope: Scope, tour_id: UUID) -> datetime | None:
    """When a tour was to end."""
    found: datetime | None = await db.fetchval(
        "SELECT ends_at FROM tours WHERE cluster_id = $1 AND tour_id = $2", scope.cluster, tour_id
    )
    return found
