"""SQL of what a plan holds: results, routes, visits, what is unplanned."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct, structs

from cluster.base.db import Connection, Scope


class NewResult(Struct, frozen=True, kw_only=True):
    """A result about to be stored."""

    currency: str
    cost_minor: int
    bound_minor: int
    gap: float
    distance_m: int
    duration_s: int
    route_count: int
    planned_count: int
    seconds: float
    trace: list[Any]
    answer: bytes
    emissions_g: int | None
    emissions_by_member: dict[str, int] | None
    fill_weight: float | None
    fill_volume: float | None
    services_windowed: int | None
    services_early: int | None
    slack_median_s: int | None


class NewRoute(Struct, frozen=True, kw_only=True):
    """A route about to be stored; loads are the largest on the way."""

    route_no: int
    vehicle_type_id: UUID
    vehicle_no: int
    starts_at: datetime
    ends_at: datetime
    distance_m: int
    cost_minor: int
    weight_g: int
    volume_cm3: int
    pallet_places: int
    placements: list[Any]
    breaks: list[Any]


class NewVisit(Struct, frozen=True, kw_only=True):
    """A visit about to be stored."""

    route_no: int
    stop_no: int
    visit_no: int
    shipment_id: UUID
    member_id: UUID
    action: str
    arrives_at: datetime
    begins_at: datetime
    ends_at: datetime


class NewUnplanned(Struct, frozen=True, kw_only=True):
    """An unplanned shipment about to be stored."""

    shipment_id: UUID
    member_id: UUID
    reason: str
    detail: str
    cure: str
    outside_minor: int | None


async def insert_result(db: Connection, scope: Scope, plan_id: UUID, new: NewResult) -> None:
    """What the plan comes to."""
    await db.execute(
        """
        INSERT INTO plan_results (cluster_id, plan_id, currency, cost_minor, bound_minor, gap, distance_m, duration_s,
                                  route_count, planned_count, seconds, trace, answer, emissions_g,
                                  emissions_by_member, fill_weight, fill_volume, services_windowed, services_early,
                                  slack_median_s)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        """,
        scope.cluster,
        plan_id,
        *structs.astuple(new),
    )


async def insert_routes(db: Connection, scope: Scope, plan_id: UUID, new: list[NewRoute]) -> None:
    """The plan's routes."""
    await db.executemany(
        """
        INSERT INTO plan_routes (cluster_id, plan_id, route_no, vehicle_type_id, vehicle_no, starts_at, ends_at,
                                 distance_m, cost_minor, weight_g, volume_cm3, pallet_places, placements, breaks)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        [(scope.cluster, plan_id, *structs.astuple(entry)) for entry in new],
    )


async def insert_visits(db: Connection, scope: Scope, plan_id: UUID, new: list[NewVisit]) -> None:
    """The plan's visits."""
    await db.executemany(
        """
        INSERT INTO plan_visits (cluster_id, plan_id, route_no, stop_no, visit_no, shipment_id, member_id, action,
                                 arrives_at, begins_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        [(scope.cluster, plan_id, *structs.astuple(entry)) for entry in new],
    )


async def insert_unplanned(db: Connection, scope: Scope, plan_id: UUID, new: list[NewUnplanned]) -> None:
    """What the plan leaves out."""
    await db.executemany(
        """
        INSERT INTO plan_unplanned (cluster_id, plan_id, shipment_id, member_id, reason, detail, cure, outside_minor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        [(scope.cluster, plan_id, *structs.astuple(entry)) for entry in new],
    )


async def routes(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Routes with their vehicle's name, capacity and ends; none for a member."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT route_no, vehicle_type_id, kind.name AS vehicle_name, vehicle_no, starts_at, ends_at, distance_m,
               cost_minor, route.weight_g, kind.weight_g AS weight_capacity_g,
               route.volume_cm3, kind.volume_cm3 AS volume_capacity_cm3, kind.hold, placements, breaks,
               departure.lat AS start_lat, departure.lon AS start_lon, arrival.lat AS end_lat, arrival.lon AS end_lon
          FROM plan_routes AS route
          JOIN vehicle_types AS kind USING (cluster_id, vehicle_type_id)
          JOIN sites AS departure ON departure.cluster_id = route.cluster_id AND departure.site_id = kind.start_site_id
          LEFT JOIN sites AS arrival ON arrival.cluster_id = route.cluster_id AND arrival.site_id = kind.end_site_id
         WHERE route.cluster_id = $1 AND route.plan_id = $2 ORDER BY route_no
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def visits(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Visits that the caller may see, in driving order, with their shipment's reference and place."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT route_no, stop_no, visit_no, visit.shipment_id, shipment.client_ref, visit.member_id, visit.action,
               arrives_at, begins_at, ends_at, place.name, place.address_line1, place.lat, place.lon
          FROM plan_visits AS visit
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
          JOIN shipment_stops AS place USING (cluster_id, shipment_id, action)
         WHERE visit.cluster_id = $1 AND visit.plan_id = $2 AND ($3::uuid IS NULL OR visit.member_id = $3)
         ORDER BY route_no, stop_no, visit_no
        """,
        scope.cluster,
        plan_id,
        scope.member_id,
    )
    return found


async def unplanned(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Unplanned shipments that the caller may see, with one of their places to show on a map."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT DISTINCT ON (rest.shipment_id)
               rest.shipment_id, shipment.client_ref, rest.member_id, reason, detail, cure, rest.outside_minor,
               place.name, place.lat, place.lon
          FROM plan_unplanned AS rest
          JOIN shipments AS shipment USING (cluster_id, shipment_id)
          JOIN shipment_stops AS place USING (cluster_id, shipment_id)
         WHERE rest.cluster_id = $1 AND rest.plan_id = $2 AND ($3::uuid IS NULL OR rest.member_id = $3)
         ORDER BY rest.shipment_id, place.action
        """,
        scope.cluster,
        plan_id,
        scope.member_id,
    )
    return found
