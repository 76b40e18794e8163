"""
A table as it is after two months: shipments of fifteen members in past pool windows, in the states that they end in.

By SQL, past triggers and keys, in the benchmark's own database. Members differ in size as firms do (the largest has a
fifth); what is older than yesterday is delivered but for one in twelve; three in five say whom to ask for; each has its
timeline and its event, and two in five the answer of their idempotency key.
"""

import asyncio
import time
from typing import NamedTuple

import asyncpg

from benchmarks.platform import Measured
from cluster.base import ids
from cluster.demo.client import Client

MEMBERS = 15
DAYS = 60

WINDOWS = """
    INSERT INTO pool_windows (cluster_id, pool_window_id, service_date, opens_at, cut_off_at)
    SELECT $1, gen_random_uuid(), day::date, day - interval '5 days', day - interval '12 hours'
      FROM generate_series(current_date - $2::int, current_date, interval '1 day') AS day
"""
SHIPMENTS = """
    INSERT INTO shipments (cluster_id, shipment_id, member_id, pool_window_id, client_ref, service, service_level,
                           status, pooling, weight_g, volume_cm3, pallet_places, outside_minor, option_basis,
                           search_text, created_at, updated_at, status_at, event_no, version)
    SELECT $1, made.id, members[1 + floor(array_length(members, 1) * power(made.luck, 1.7))::int], day.pool_window_id,
           made.ref, 'delivery', CASE WHEN made.n % 20 = 0 THEN 'express' ELSE 'standard' END,
           CASE WHEN day.service_date > current_date - 1
                THEN (ARRAY['pooled', 'pooled', 'pooled', 'pooled', 'pooled', 'planned', 'booked', 'cancelled'])
                     [1 + made.n % 8]
                WHEN made.n % 25 = 3 THEN 'cancelled' WHEN made.n % 50 = 7 THEN 'returned'
                WHEN made.n % 50 = 9 THEN 'delivery_failed' WHEN made.n % 2000 = 11 THEN 'lost' ELSE 'delivered' END,
           (ARRAY['either', 'either', 'either', 'either', 'either', 'either', 'either', 'pool', 'pool', 'alone'])
           [1 + made.n % 10],
           1000 + made.n % 40000, 10000 + made.n % 90000, 0, 60000 + made.n % 90000, '{"kind": "given"}',
           lower(made.ref) || chr(10) || 'shop ' || made.n % 9000, made.at, made.at, made.at, 4, 4
      FROM (SELECT n, 'ORD-' || n AS ref, luck, at,
                   (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || left(digest, 3)
                    || '8' || substr(digest, 4, 15))::uuid AS id
              FROM (SELECT n, random() AS luck, md5(n::text) AS digest,
                           now() - interval '1 hour' - $3::int * interval '1 day' * (1 - n::float8 / $4) AS at
                      FROM generate_series($5::int, $6::int) AS n) AS drawn) AS made
      JOIN pool_windows AS day ON day.cluster_id = $1 AND day.service_date = made.at::date
     CROSS JOIN (SELECT $2::uuid[] AS members) AS all_members
"""
STOPS = """
    INSERT INTO shipment_stops (cluster_id, shipment_id, action, member_id, name, address_line1, lat, lon,
                                window_start, window_end, service_s)
    SELECT cluster_id, shipment_id, 'delivery', member_id, 'Shop ' || weight_g, weight_g || ' River Street',
           10.7 + weight_g % 997 / 5000.0, 106.6 + volume_cm3 % 991 / 5000.0, created_at + interval '12 hours',
           created_at + interval '16 hours', 300
      FROM shipments WHERE cluster_id = $1
"""
UNITS = """
    INSERT INTO handling_units (cluster_id, shipment_id, line_no, member_id, kind, units, weight_g, length_mm, width_mm,
                                height_mm)
    SELECT cluster_id, shipment_id, line, member_id, 'box', 1, weight_g, 600, 400, 400
      FROM shipments CROSS JOIN generate_series(1, 2) AS line WHERE cluster_id = $1 AND line <= 1 + weight_g % 2
"""
CONTACTS = """
    INSERT INTO shipment_contacts (cluster_id, shipment_id, action, member_id, contact_name, phone)
    SELECT cluster_id, shipment_id, 'delivery', member_id, 'Ms ' || weight_g, '+84 28 ' || volume_cm3
      FROM shipments WHERE cluster_id = $1 AND weight_g % 5 < 3
"""
EVENTS = """
    INSERT INTO shipment_events (cluster_id, shipment_id, event_no, member_id, at, status, actor_role)
    SELECT cluster_id, shipment_id, number, member_id, created_at,
           CASE WHEN number = 1 THEN 'pooled' WHEN number < 4 THEN 'planned' ELSE status END, 'system'
      FROM shipments CROSS JOIN generate_series(1, 4) AS number WHERE cluster_id = $1
"""
OUTBOX = """
    INSERT INTO outbox (cluster_id, resource_id, seq, event_id, topic, member_id, created_at, dispatched_at,
                        position)
    SELECT cluster_id, shipment_id, 1, gen_random_uuid(), 'shipment.booked', member_id, created_at, created_at,
           nextval('outbox_positions')
      FROM shipments WHERE cluster_id = $1
"""
ANSWERS = """
    INSERT INTO idempotency (cluster_id, key_id, idem_key, operation, fingerprint, status, body, created_at)
    SELECT cluster_id, member_id, gen_random_uuid()::text, 'POST /v1/shipments', sha256(client_ref::bytea), 201,
           decode(repeat(md5(client_ref), 20), 'escape'), created_at
      FROM shipments WHERE cluster_id = $1 AND weight_g % 5 < 2
"""


class Filled(NamedTuple):
    """Whom to ask as, what for, and how long filling took."""

    keys: list[str]
    windows: list[str]
    seconds: float


def fill(measured: Measured, count: int) -> Filled:
    """
    Puts ``count`` shipments of fifteen members into the cluster, and has PostgreSQL look at them.

    Returns
    -------
    Filled
        Keys of five members, the past pool windows that hold most, and the seconds.
    """
    coordinator = Client(f"http://127.0.0.1:{measured.port}", measured.coordinator_key)
    members, keys = [], []
    for number in range(MEMBERS):
        member = coordinator.post("/v1/members", {"code": f"f{number}", "name": f"Firm {number}"})
        members.append(ids.parse("mem", member["id"]))
        if number % 3 == 0:
            wish = {"name": "bench", "role": "member_user", "member_id": member["id"]}
            keys.append(coordinator.post("/v1/keys", wish)["api_key"])
    began = time.perf_counter()
    windows = asyncio.run(_fill(measured, members, count))
    return Filled(keys, windows, time.perf_counter() - began)


async def _fill(measured: Measured, members: list[object], count: int) -> list[str]:
    db = await asyncpg.connect(measured.admin_url, server_settings={"session_replication_role": "replica"})
    try:
        window = ids.parse("win", measured.window_id)
        cluster = await db.fetchval("SELECT cluster_id FROM pool_windows WHERE pool_window_id = $1", window)
        await db.execute(WINDOWS, cluster, DAYS + 1)
        for first in range(1, count + 1, 100_000):
            last = min(first + 99_999, count)
            await db.execute(SHIPMENTS, cluster, members, DAYS, count, first, last, timeout=600)
        for statement in (STOPS, UNITS, CONTACTS, EVENTS, OUTBOX, ANSWERS):
            await db.execute(statement, cluster, timeout=1200)
        await db.execute("VACUUM ANALYZE", timeout=600)
        await db.execute("CHECKPOINT", timeout=600)
        rows = await db.fetch(
            "SELECT pool_window_id FROM pool_windows WHERE cluster_id = $1 ORDER BY service_date DESC OFFSET 2", cluster
        )
        return [ids.show("win", row["pool_window_id"]) for row in rows]
    finally:
        await db.close()
