"""Published plans written straight into the tables: as many days, members and shipments as a test needs."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import act_as, system_scope
from tests.cluster.api import World


async def cluster_of(world: World) -> UUID:
    """The world's cluster."""
    return ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])


async def connected(world: World) -> asyncpg.Connection:
    """A connection that is the platform itself within the world's cluster, for as long as it is open."""
    connection = await asyncpg.connect(world.database.url)
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
        schema="pg_catalog",
        format="text",
    )
    await connection.execute("SELECT 1")
    return connection


async def publish(
    world: World,
    day: date,
    shipments: dict[str, int],
    *,
    alone_minor: int = 1_000,
    saving_percent: int = 20,
    distance_m: int = 10_000,
    on_time: bool = True,
    **result: Any,
) -> UUID:
    """
    A published plan of a day with one route, by which members (by identifier) have so many shipments of 10 kg and
    1,000 cm3 each delivered; alone each shipment would cost ``alone_minor``. Returns the plan.
    """
    connection = await connected(world)
    try:
        async with connection.transaction():
            cluster = await cluster_of(world)
            await act_as(connection, system_scope(cluster))
            return await _publish(
                connection, cluster, day, shipments, alone_minor, saving_percent, distance_m, on_time, result
            )
    finally:
        await connection.close()


async def _publish(
    db: asyncpg.Connection,
    cluster: UUID,
    day: date,
    shipments: dict[str, int],
    alone_minor: int,
    saving_percent: int,
    distance_m: int,
    on_time: bool,
    result: dict[str, Any],
) -> UUID:
    window, plan = ids.new(), ids.new()
    start = datetime.combine(day, time(2), UTC)
    await db.execute(
        "INSERT INTO pool_windows (cluster_id, pool_window_id, service_date, opens_at, cut_off_at, label) "
        "VALUES ($1, $2, $3, $4, $5, $6)",
        *(cluster, window, day, start - timedelta(days=3), start - timedelta(days=1), str(plan)),
    )
    await db.execute(
        "INSERT INTO plans (cluster_id, plan_id, pool_window_id, status, published_at, published_no) "
        "VALUES ($1, $2, $3, 'published', now(), 1)",
        *(cluster, plan, window),
    )
    kind = await db.fetchval("SELECT vehicle_type_id FROM vehicle_types WHERE cluster_id = $1 LIMIT 1", cluster)
    count = sum(shipments.values())
    cost = count * alone_minor * (100 - saving_percent) // 100
    await db.execute(
        "INSERT INTO plan_results (cluster_id, plan_id, currency, cost_minor, bound_minor, gap, distance_m, "
        "duration_s, route_count, planned_count, seconds, trace, answer, emissions_g, fill_weight, fill_volume, "
        "emissions_by_member) VALUES ($1, $2, 'VND', $3, 0, 0, $4, 3600, 1, $5, 1, '[]', '', $6, $7, $8, $9)",
        *(cluster, plan, cost, distance_m, count),
        *(result.get("emissions_g"), result.get("fill_weight"), result.get("fill_volume")),
        result.get("emissions_by_member"),
    )
    await db.execute(
        "INSERT INTO plan_routes (cluster_id, plan_id, route_no, vehicle_type_id, vehicle_no, starts_at, ends_at, "
        "distance_m, cost_minor, weight_g, volume_cm3, pallet_places, placements) "
        "VALUES ($1, $2, 1, $3, 1, $4, $5, $6, $7, $8, $9, 0, '[]')",
        *(cluster, plan, kind, start, start + timedelta(hours=1), distance_m, cost, count * 10_000, count * 1_000),
    )
    for member, number in shipments.items():
        await _carried(db, cluster, plan, window, ids.parse("mem", member), number, start, on_time=on_time)
        alone, saving = number * alone_minor, number * alone_minor * saving_percent // 100
        await db.execute(
            "INSERT INTO shares (cluster_id, plan_id, member_id, rule, rule_applied, currency, stand_alone_minor, "
            "share_minor, saving_minor, incremental_minor) VALUES ($1, $2, $3, 'weight', 'weight', 'VND', $4, $5, $6, 0)",
            *(cluster, plan, ids.parse("mem", member), alone, alone - saving, saving),
        )
    return plan


async def _carried(
    db: asyncpg.Connection,
    cluster: UUID,
    plan: UUID,
    window: UUID,
    member: UUID,
    number: int,
    start: datetime,
    *,
    on_time: bool,
) -> None:
    """Shipments of one member, each with its stop and its visit."""
    made: Sequence[UUID] = [ids.new() for _ in range(number)]
    await db.execute(
        "INSERT INTO shipments (cluster_id, shipment_id, member_id, pool_window_id, client_ref, service, status, "
        "weight_g, volume_cm3, pallet_places) "
        "SELECT $1, one, $3, $4, one::text, 'delivery', 'pooled', 10000, 1000, 0 FROM unnest($2::uuid[]) AS one",
        *(cluster, made, member, window),
    )
    await db.execute(
        "INSERT INTO shipment_stops (cluster_id, shipment_id, action, member_id, name, address_line1, lat, lon, "
        "window_start, window_end, service_s, postal_code) SELECT $1, one, 'delivery', $3, 'Shop', 'Street', 10.8, "
        "106.6, $4::timestamptz, $5::timestamptz, 60, '70000' FROM unnest($2::uuid[]) AS one",
        *(cluster, made, member, start, start + timedelta(hours=1)),
    )
    begins = start + (timedelta(minutes=30) if on_time else timedelta(hours=2))
    await db.execute(
        "INSERT INTO plan_visits (cluster_id, plan_id, route_no, stop_no, visit_no, shipment_id, member_id, action, "
        "arrives_at, begins_at, ends_at) SELECT $1, $4, 1, 1, number, one, $3, 'delivery', $5::timestamptz, "
        "$5::timestamptz, $5::timestamptz FROM unnest($2::uuid[]) WITH ORDINALITY AS list (one, number)",
        *(cluster, made, member, plan, begins),
    )
