"""
Events of carriers over HTTP: in bulk, and one at a time.

``python -m benchmarks.carrier_events [--carriers 20] [--tours 500] [--events 20000] [--seconds 10] [--rate 300]``

The whole day of the product's figures is ``--carriers 200 --tours 5000 --events 200000``. Tours with their stops,
visits and dispatched shipments are put there by SQL; carriers and their keys come from the API. Every vehicle leaves,
reaches its stops, delivers (one in twenty fails first, for a reason), leaves them, says where it is, and comes back.
Half of the carriers send what their vehicles did in the order of time, a thousand events at once, one in fifty of them
twice; the other half send each event by itself, as fast as it goes and at a steady rate (open: delay counts from when
an event was due). The server is real and durable; the limit of requests of one key is set high. Targets: 1,000 events
a second in bulk, 300 a second one at a time with a 99th percentile below 100 ms. Beside the rates stands what an event
costs the processors (server and PostgreSQL), which other work on the machine changes little.
"""

import argparse
import asyncio
import json
import os
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from benchmarks.api import Ask, as_fast_as_it_goes, at_a_steady_rate
from benchmarks.platform import Measured, running
from benchmarks.wire import Answer, Wire
from cluster.base import ids
from cluster.demo.client import Client

AT_ONCE = 1000
PUT_OFF = 503
SAID_OF_TOURS = 4
"""That it left, came back, and twice where it was."""
SAID_OF_STOPS = 3
SHIPMENT = (
    *("cluster_id", "shipment_id", "member_id", "pool_window_id", "client_ref", "service", "service_level", "status"),
    *("pooling", "weight_g", "volume_cm3", "pallet_places", "outside_minor", "option_basis", "search_text"),
    *("created_at", "updated_at", "status_at", "event_no", "version"),
)
TOUR = (
    *("cluster_id", "tour_id", "plan_id", "route_no", "pool_window_id", "vehicle_type_id", "vehicle_no", "code"),
    *("vehicle", "status", "starts_at", "ends_at", "distance_m", "carrier_id"),
)
STOP = ("cluster_id", "tour_id", "stop_no", "arrives_at", "departs_at")
VISIT = ("cluster_id", "tour_id", "stop_no", "visit_no", "shipment_id", "action", "begins_at", "ends_at")
Event = dict[str, Any]


class Driven(NamedTuple):
    """A tour of a carrier, and what its vehicle does, in the order of time."""

    tour_id: str
    events: list[Event]


class Carrier(NamedTuple):
    """Who sends, and what its vehicles do."""

    key: str
    tours: list[Driven]


async def filled(measured: Measured, options: argparse.Namespace) -> list[Carrier]:
    """Carriers with keys, and their tours on the road."""
    coordinator = Client(f"http://127.0.0.1:{measured.port}", measured.coordinator_key)
    found, whose = [], []
    for number in range(options.carriers):
        body = {"code": f"c{number}", "name": f"Carrier {number}", "country_code": "VN"}
        carrier = coordinator.post("/v1/carriers", body)["id"]
        key = coordinator.post(f"/v1/carriers/{carrier}/keys", {"name": "bench"})["api_key"]
        whose.append(ids.parse("car", carrier))
        found.append(Carrier(key, []))
    stops = max(1, (options.events // options.tours - SAID_OF_TOURS) // SAID_OF_STOPS)
    draw = random.Random(options.seed)
    db = await asyncpg.connect(measured.admin_url, server_settings={"session_replication_role": "replica"})
    try:
        window = ids.parse("win", measured.window_id)
        cluster = await db.fetchval("SELECT cluster_id FROM pool_windows WHERE pool_window_id = $1", window)
        member = await db.fetchval("SELECT member_id FROM members WHERE cluster_id = $1", cluster)
        rows: dict[str, list[tuple[Any, ...]]] = {"shipments": [], "tours": [], "tour_stops": [], "tour_visits": []}
        plan, kind = ids.new(), ids.new()
        for number in range(options.tours):
            mine = number % options.carriers
            world = (cluster, member, window, plan, kind, whose[mine])
            found[mine].tours.append(_one(rows, world, number + 1, stops, draw))
        for (table, entries), columns in zip(rows.items(), (SHIPMENT, TOUR, STOP, VISIT), strict=True):
            await db.copy_records_to_table(table, records=entries, columns=columns, timeout=600)
        await db.execute("VACUUM ANALYZE", timeout=600)
        await db.execute("CHECKPOINT", timeout=600)
    finally:
        await db.close()
    return found


def _one(
    rows: dict[str, list[tuple[Any, ...]]], world: tuple[UUID, ...], number: int, stops: int, draw: random.Random
) -> Driven:
    """One tour with a delivery at each stop; adds its rows, and says what its vehicle does."""
    cluster, member, window, plan, kind, carrier = world
    tour, began = ids.new(), datetime.now(UTC) - timedelta(hours=9, seconds=draw.randrange(1800))
    over = began + timedelta(hours=9)
    rows["tours"].append((cluster, tour, plan, number, window, kind, number, f"T-{number}", f"Van {number}",
                          "dispatched", began, over, 40_000, carrier))  # fmt: skip
    told: list[tuple[float, Event]] = [(0.0, {"kind": "started"})]
    for stop in range(1, stops + 1):
        shipment, at, ref = ids.new(), began + timedelta(hours=8 * stop / stops), f"T-{number}-{stop}"
        rows["shipments"].append((cluster, shipment, member, window, ref, "delivery", "standard", "dispatched",
                                  "either", 12_000, 90_000, 0, 60_000, '{"kind": "given"}', ref.lower(), began, began,
                                  began, 4, 4))  # fmt: skip
        rows["tour_stops"].append((cluster, tour, stop, at, at + timedelta(minutes=5)))
        rows["tour_visits"].append((cluster, tour, stop, 1, shipment, "delivery", at, at + timedelta(minutes=5)))
        shown = {"shipment_id": ids.show("shp", shipment), "action": "delivery"}
        hour = 8 * stop / stops
        told.append((hour, {"kind": "arrived", "stop_no": stop}))
        if draw.random() < 0.05:
            told.append((hour + 0.02, {"kind": "failed", "reason": "consignee_absent"} | shown))
        else:
            told.append((hour + 0.02, {"kind": "done"} | shown))
        told.append((hour + 0.05, {"kind": "left", "stop_no": stop}))
    for part in (0.3, 0.7):
        told.append((8 * part, {"kind": "position", "lat": 10.8 + draw.random() / 10, "lon": 106.6}))
    told.append((8.5, {"kind": "completed"}))
    told.sort(key=lambda entry: entry[0])
    events = [
        {"event_key": f"{number}-{place}", "at": (began + timedelta(hours=hour)).isoformat()} | event
        for place, (hour, event) in enumerate(told)
    ]
    return Driven(ids.show("tor", tour), events)


class Work(NamedTuple):
    """Seconds of processors that have been used: by the server, and by PostgreSQL's processes for it."""

    server_s: float
    postgresql_s: float

    def since(self, before: "Work", events: int) -> dict[str, float]:
        """Milliseconds an event."""
        return {
            "server_ms": round((self.server_s - before.server_s) / events * 1000, 2),
            "postgresql_ms": round((self.postgresql_s - before.postgresql_s) / events * 1000, 2),
        }


async def worked(measured: Measured) -> Work:
    """What has been used so far."""
    db = await asyncpg.connect(measured.admin_url)
    try:
        rows = await db.fetch("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
    finally:
        await db.close()
    return Work(_used_s(_with_children(measured.server.pid)), _used_s({row["pid"] for row in rows}))


def _with_children(pid: int) -> set[int]:
    children = {int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()}
    return {pid}.union(*(_with_children(child) for child in children))


def _used_s(pids: set[int]) -> float:
    ticks = 0
    for pid in pids:
        stat = Path(f"/proc/{pid}/stat")
        if stat.exists():
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def messages(carriers: list[Carrier], draw: random.Random) -> list[tuple[str, bytes, int]]:
    """What carriers send in bulk: key, body, and how many events; one event in fifty is sent once more."""
    found = []
    for carrier in carriers:
        whole = [event | {"tour_id": tour.tour_id} for tour in carrier.tours for event in tour.events]
        whole += draw.sample(whole, len(whole) // 50)
        whole.sort(key=lambda event: str(event["at"]))
        for first in range(0, len(whole), AT_ONCE):
            part = whole[first : first + AT_ONCE]
            found.append((carrier.key, json.dumps({"events": part}).encode(), len(part)))
    draw.shuffle(found)
    return found


async def in_bulk(measured: Measured, carriers: list[Carrier], options: argparse.Namespace) -> dict[str, Any]:
    """Events a second in messages of a thousand, and what became of them."""
    waiting = messages(carriers, random.Random(options.seed))
    sent, results, delays = 0, Counter[str](), []

    async def busy() -> None:
        nonlocal sent
        wire = await Wire(measured.port).connect()
        while waiting:
            key, body, count = waiting.pop()
            began = time.perf_counter()
            while (answer := await wire.send("POST", key, "/v1/carrier/events", body)).status == PUT_OFF:
                results["put off"] += 1  # its tours are being told of in another message; sent again, it counts once
                await asyncio.sleep(1)
            _good(answer)
            delays.append(time.perf_counter() - began)
            results.update(event["result"] for event in answer.json()["events"])
            sent += count
        wire.close()

    began, before = time.perf_counter(), await worked(measured)
    await asyncio.gather(*(busy() for _ in range(options.bulk_connections)))
    took = time.perf_counter() - began
    return {
        "bulk_work": (await worked(measured)).since(before, sent),
        "bulk_events": sent,
        "bulk_events_per_s": round(sent / took),
        "bulk_message_s": round(max(delays), 2),
        "bulk_results": dict(results),
    }


def singly(carriers: list[Carrier], counts: Counter[int]) -> Ask:
    """Sends the next event of all that are left, in the order of time; counts answers by their status."""
    whole = [
        (event, tour.tour_id, carrier.key) for carrier in carriers for tour in carrier.tours for event in tour.events
    ]
    left = iter(sorted(whole, key=lambda entry: str(entry[0]["at"])))

    async def ask(wire: Wire) -> Answer:
        event, tour_id, key = next(left)
        body = json.dumps({"events": [event]}).encode()
        answer = await wire.send("POST", key, f"/v1/carrier/tours/{tour_id}/events", body)
        counts[answer.status] += 1
        if answer.status != 503 and _good(answer).json()["events"][0]["result"] not in ("applied", "late"):
            raise AssertionError(answer.body.decode())
        return answer

    return ask


def _good(answer: Answer) -> Answer:
    if answer.status != 200:
        raise AssertionError(answer.body.decode())
    return answer


async def measure(measured: Measured, options: argparse.Namespace) -> dict[str, Any]:
    """Everything, one after the other."""
    began = time.perf_counter()
    carriers = await filled(measured, options)
    found: dict[str, Any] = {"carriers": options.carriers, "tours": options.tours, "seed": options.seed}
    found["filled_s"] = round(time.perf_counter() - began)
    half = (options.carriers + 1) // 2
    found |= await in_bulk(measured, carriers[:half], options)
    counts = Counter[int]()
    ask, before = singly(carriers[half:], counts), await worked(measured)
    found["singles_per_s"] = round(await as_fast_as_it_goes(measured, ask, options.connections, options.seconds / 2))
    delays = await at_a_steady_rate(measured, ask, options.rate, options.seconds)
    return found | {
        "singles": counts.total(),
        "singles_put_off": counts[503],
        "single_work": (await worked(measured)).since(before, counts.total()),
        "rate_per_s": options.rate,
        "p50_ms": round(delays[len(delays) // 2], 1),
        "p99_ms": round(delays[int(len(delays) * 0.99)], 1),
        "max_ms": round(delays[-1], 1),
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--carriers", type=int, default=20)
    parser.add_argument("--tours", type=int, default=500)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--bulk-connections", type=int, default=4)
    parser.add_argument("--web-processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with running(web_processes=options.web_processes) as measured:
        found = asyncio.run(measure(measured, options))
    if options.json:
        print(json.dumps({"summary": found}))
        return
    print(f"{found['tours']} tours of {found['carriers']} carriers (filled in {found['filled_s']} s)")
    print(
        f"in bulk ({options.bulk_connections} connections, {AT_ONCE} at once): {found['bulk_events_per_s']} events/s "
        f"(target 1000), slowest message {found['bulk_message_s']} s; {found['bulk_results']}"
    )
    print(f"  of processors an event: {found['bulk_work']}")
    print(f"one at a time, as fast as it goes ({options.connections} connections): {found['singles_per_s']} events/s")
    print(
        f"one at a time, steady {found['rate_per_s']}/s: median {found['p50_ms']} ms, 99th percentile "
        f"{found['p99_ms']} ms (target 100), worst {found['max_ms']} ms; {found['singles_put_off']} of "
        f"{found['singles']} put off"
    )
    print(f"  of processors an event: {found['single_work']}")


if __name__ == "__main__":
    main()
