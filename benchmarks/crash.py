"""
Web, worker and database killed at random moments under load, and what is left judged.

``python -m benchmarks.crash [--kills 60] [--seed N] [--bookers 6] [--keep FOLDER] [--json]``

Members book, edit and import files, a coordinator plans; meanwhile SIGKILL strikes the server, the worker with its
solver, the postmaster, or a single backend of PostgreSQL, at a moment drawn between 0 and 2 s after work was seen to go
on again. PostgreSQL is durable (fsync on). What clients were promised is synced to a journal outside of the database
before they go on; a client without an answer repeats its request with the same idempotency key. At the end, when
nothing is under way, ``invariants.sql`` is asked for what is lost, doubled or half-written, and the audit log's chain
is computed again. Target: nothing broken, no 5xx but 503. Exit status 1 otherwise.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.crash_load import Journal, Load
from benchmarks.crash_victims import KINDS, Victims
from benchmarks.platform import NO_LIMIT, ZONE, Known, free_port, small_cluster, wait
from cluster.base import ids
from cluster.base.embedded import Servers, servers
from cluster.base.migrate import migrate_now
from cluster.base.settings import Settings
from cluster.demo.client import Client

INVARIANTS = Path(__file__).with_name("invariants.sql")
STALLED_S = 90.0
QUIET_S = 180.0
PREFIX = {"booked": "shp", "edited": "shp", "import": "imp"}


def planned_window(measured: Known) -> tuple[str, str]:
    """Another window, of the day after, with a hub and vans: small enough to be planned every few seconds."""
    coordinator = Client(f"http://127.0.0.1:{measured.port}", measured.coordinator_key)
    hub = {"code": "HUB", "name": "Hub", "kind": "hub", "address_line1": "1 Hub Road", "country_code": "VN"}
    hub_id = coordinator.post("/v1/sites", hub | {"lat": 10.80, "lon": 106.64})["id"]
    van = {
        "code": "van",
        "name": "Van",
        "capacity": {"weight_g": 1_000_000, "volume_cm3": 6_000_000, "pallet_places": 2},
        "tariff": {"fixed_minor": 300_000, "km_minor": 9_000, "hour_minor": 60_000},
        "start_site_id": hub_id,
        "end_site_id": hub_id,
    }
    coordinator.post("/v1/vehicle-types", van)
    day = date.fromisoformat(measured.day) + timedelta(days=1)
    cut_off = datetime(day.year, day.month, day.day, 4, tzinfo=ZONE).isoformat()
    window = coordinator.post("/v1/pool-windows", {"service_date": day.isoformat(), "cut_off_at": cut_off})
    return window["id"], day.isoformat()


async def campaign(victims: Victims, load: Load, kills: int, draw: random.Random, bookers: int) -> None:
    """Load all the while, and the kills one after the other; everything at rest in the end."""
    tending = asyncio.create_task(victims.tend())
    working = asyncio.create_task(load.run(bookers))
    began, promises = time.perf_counter(), load.journal.entries
    for number in range(1, kills + 1):
        before, since = len(promises), time.perf_counter()
        while len(promises) < before + 3:
            if tending.done():
                await tending
            if time.perf_counter() - since > STALLED_S:
                raise TimeoutError(f"nothing went on for {STALLED_S:.0f} s before kill {number}")
            await asyncio.sleep(0.05)
        await asyncio.sleep(draw.uniform(0, 2))
        kind = draw.choice(KINDS)
        await victims.kill(kind, draw)
        at = time.perf_counter() - began
        print(f"{number:3}/{kills} {at:6.1f} s  {kind:<10}  {len(promises)} promises", file=sys.stderr, flush=True)
    await asyncio.sleep(2)
    load.over.set()
    await asyncio.wait_for(working, QUIET_S)
    print("clients have their answers", file=sys.stderr, flush=True)
    await quiet(victims)
    print("all is quiet", file=sys.stderr, flush=True)
    tending.cancel()


async def quiet(victims: Victims) -> None:
    """Until no job waits and no event is undelivered, or ``QUIET_S`` seconds are over."""
    until = time.perf_counter() + QUIET_S
    db = await victims.connect_again()
    while time.perf_counter() < until:
        left = await db.fetchval(
            "SELECT (SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')) "
            "     + (SELECT count(*) FROM outbox WHERE dispatched_at IS NULL)"
        )
        if not left:
            break
        await asyncio.sleep(0.5)
    await db.close()


async def judge(victims: Victims, journal: Journal) -> dict[str, int]:
    """How often each rule is broken."""
    db = await victims.connect_again()
    await db.execute(
        "CREATE TEMP TABLE acked (kind text, shipment_id uuid, client_ref text, idem_key text, number integer)"
    )
    rows = [
        (
            entry["kind"],
            ids.parse(PREFIX[entry["kind"]], entry["id"]),
            *map(entry.get, ("client_ref", "idem_key", "number")),
        )
        for entry in journal.entries
    ]
    await db.copy_records_to_table("acked", records=rows)
    await db.execute("ANALYZE")
    found = await db.fetch(INVARIANTS.read_text("utf-8"), timeout=600)
    await db.close()
    return {row["rule"]: row["broken"] for row in found}


def audit_verifies(folder: Path, environment: dict[str, str]) -> bool:
    """Whether the chain holds, with the seals that the worker kept in a file where there are any."""
    kept = folder / "audit-seals.jsonl"
    more = ["--seals", str(kept)] if kept.exists() else []
    command = [sys.executable, "-m", "cluster.cli", "check-audit", *more]
    return subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0


def measure(folder: Path, found: Servers, options: argparse.Namespace) -> dict[str, Any]:
    """The whole campaign on one data folder."""
    port = free_port()
    migrate_now(found.owner_url or "")
    environment = os.environ | NO_LIMIT | {
        "DATABASE_URL": found.database_url,
        "REDIS_URL": found.redis_url,
        "CLUSTER_DATA_DIR": str(folder),
        "CLUSTER_PORT": str(port),
        "CLUSTER_LOG_LEVEL": "warning",
    }  # fmt: skip
    victims, journal = Victims(folder, found, environment), Journal(folder / "journal.jsonl")
    try:
        victims.start("web")
        victims.start("worker")
        wait(port)
        measured = small_cluster(port, found.database_url)
        window, later = planned_window(measured)
        draw = random.Random(options.seed)
        began = time.perf_counter()

        async def all_of_it() -> dict[str, int]:
            load = Load(measured, window, later, journal, options.seed)
            await campaign(victims, load, options.kills, draw, options.bookers)
            return await judge(victims, journal)

        broken = asyncio.run(all_of_it())
        seconds = time.perf_counter() - began
        broken["audit log whose chain does not hold"] = int(not audit_verifies(folder, environment))
    finally:
        victims.end()
    kinds = [entry["kind"] for entry in journal.entries]
    return {
        "seed": options.seed,
        "seconds": round(seconds),
        "killed": dict(victims.killed),
        "ended_by_themselves": dict(victims.ended_by_themselves),
        "promises": {kind: kinds.count(kind) for kind in PREFIX},
        "answers": dict(journal.statuses),
        "server_errors": sum(
            n for status, n in journal.statuses.items() if status.isdigit() and 503 != int(status) >= 500
        ),
        "rules": len(broken),
        "broken": {rule: times for rule, times in broken.items() if times},
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--bookers", type=int, default=6)
    parser.add_argument("--keep", type=Path, help="an empty folder for journal, logs and database, kept afterwards")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    print(f"seed {options.seed}", file=sys.stderr)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="cluster-bench-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)
    try:
        with servers(Settings(data_dir=folder)) as found:
            figures = measure(folder, found, options)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)
    if options.json:
        print(json.dumps({"summary": figures}))
    else:
        for name, value in figures.items():
            print(f"{name.replace('_', ' ')}: {value}")
    sys.exit(1 if figures["broken"] or figures["server_errors"] else 0)


if __name__ == "__main__":
    main()
