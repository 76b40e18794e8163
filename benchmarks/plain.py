"""
The same rows without the platform: what PostgreSQL and its driver do of the work, whatever the machine.

A booking is one transaction of single inserts as the application's role, with the same row-level security, triggers
and durability; a page is the three selects of its rows. Figures of the platform are told as shares of these.
"""

import asyncio
import hashlib
import time
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.platform import Measured
from cluster.base import ids
from cluster.base.db import Database, Role, Scope

BODY = b"{}" * 500


async def bookings_per_s(measured: Measured, connections: int, seconds: float) -> float:
    """Bookings a second as plain inserts on as many connections as the platform's pool has, or fewer."""
    async with Database.open(measured.database_url, connections) as database:
        scope, pool_window = await _member(measured)

        async def one() -> None:
            async with database.unit(scope) as db:
                await _book(db, scope, pool_window)

        return await _rate(one, connections, seconds)


async def pages_per_s(measured: Measured, connections: int, seconds: float, size: int = 50) -> float:
    """Pages a second: rows of ``size`` shipments, of their stops, and of their units, not looked at."""
    async with Database.open(measured.database_url, connections) as database:
        scope, pool_window = await _member(measured)

        async def one() -> None:
            async with database.unit(scope) as db:
                await _page(db, scope, pool_window, size)

        return await _rate(one, connections, seconds)


async def _rate(one: Any, connections: int, seconds: float) -> float:
    counts = [0] * connections
    until = time.perf_counter() + seconds

    async def busy(index: int) -> None:
        while time.perf_counter() < until:
            await one()
            counts[index] += 1

    began = time.perf_counter()
    await asyncio.gather(*(busy(index) for index in range(connections)))
    return sum(counts) / (time.perf_counter() - began)


async def _member(measured: Measured) -> tuple[Scope, UUID]:
    """The booking member, and the window it books into."""
    db = await asyncpg.connect(measured.admin_url)
    window = ids.parse("win", measured.window_id)
    row = await db.fetchrow(
        "SELECT cluster_id, member_id FROM pool_windows JOIN members USING (cluster_id) "
        "WHERE pool_window_id = $1 AND code = 'm'",
        window,
    )
    await db.close()
    assert row is not None
    scope = Scope(
        role=Role.MEMBER_USER,
        cluster_id=row["cluster_id"],
        member_id=UUID(bytes=row["member_id"].bytes),
        key_id=ids.new(),
    )
    return scope, window


async def _book(db: Any, scope: Scope, window: UUID) -> None:
    shipment, ref, member, cluster = ids.new(), str(ids.new()), scope.member_id, scope.cluster_id
    await db.execute(
        "INSERT INTO idempotency (cluster_id, key_id, idem_key, operation, fingerprint, status, body) "
        "VALUES ($1, $2, $3, 'POST /v1/shipments', $4, 201, $5)",
        cluster, scope.key_id, ref, hashlib.sha256(ref.encode()).digest(), BODY,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO shipments (cluster_id, member_id, shipment_id, pool_window_id, status, client_ref, service, "
        "pooling, weight_g, volume_cm3, pallet_places, search_text) "
        "VALUES ($1, $2, $3, $4, 'pooled', $5, 'delivery', 'pool', 27000, 198000, 0, $5)",
        cluster, member, shipment, window, ref,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO shipment_stops (cluster_id, member_id, shipment_id, action, name, address_line1, lat, lon, "
        "window_start, window_end, service_s) VALUES ($1, $2, $3, 'delivery', 'Corner shop', '12 River Street', 10.81, "
        "106.65, now(), now() + interval '4 hours', 300)",
        cluster, member, shipment,
    )  # fmt: skip
    await db.executemany(
        "INSERT INTO handling_units (cluster_id, member_id, shipment_id, line_no, kind, units, weight_g, length_mm, "
        "width_mm, height_mm) VALUES ($1, $2, $3, $4, 'box', 2, 12000, 600, 400, 400)",
        [(cluster, member, shipment, line) for line in (1, 2)],
    )
    await db.execute(
        "INSERT INTO outbox (cluster_id, resource_id, seq, event_id, topic, member_id) "
        "VALUES ($1, $2, 1, $3, 'shipment.booked', $4)",
        cluster, shipment, ids.new(), member,
    )  # fmt: skip


async def _page(db: Any, scope: Scope, window: UUID, size: int) -> None:
    rows = await db.fetch(
        "SELECT * FROM shipments WHERE cluster_id = $1 AND pool_window_id = $2 ORDER BY shipment_id LIMIT $3",
        scope.cluster_id, window, size,
    )  # fmt: skip
    wanted = [row["shipment_id"] for row in rows]
    await db.fetch(
        "SELECT * FROM shipment_stops LEFT JOIN shipment_contacts USING (cluster_id, shipment_id, action) "
        "WHERE cluster_id = $1 AND shipment_id = ANY($2)",
        scope.cluster_id, wanted,
    )  # fmt: skip
    await db.fetch(
        "SELECT * FROM handling_units WHERE cluster_id = $1 AND shipment_id = ANY($2) ORDER BY shipment_id, line_no",
        scope.cluster_id, wanted,
    )  # fmt: skip
