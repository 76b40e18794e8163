"""A platform to measure: embedded servers on a throw-away folder, one server process, and a small cluster."""

import asyncio
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import httpx

from cluster.base.db import Database, system_scope
from cluster.base.embedded import servers
from cluster.base.migrate import migrate_now
from cluster.base.settings import Settings
from cluster.demo.client import Client
from cluster.members.service import issue_operator_key

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NO_LIMIT = {"CLUSTER_RATE_PER_S": "100000", "CLUSTER_RATE_BURST": "100000"}
"""One key asks here for as much as a whole cluster; the limiter still counts every request."""


class Known(NamedTuple):
    """Where a cluster answers, as whom to ask, and into which window to book."""

    port: int
    coordinator_key: str
    member_key: str
    window_id: str
    day: str


class Measured(NamedTuple):
    """Where it answers, as whom to book, into which window, the processes to look at, and the ways around them."""

    port: int
    member_key: str
    window_id: str
    day: str
    server: subprocess.Popen[bytes]
    worker: subprocess.Popen[bytes] | None
    coordinator_key: str
    database_url: str
    admin_url: str


@contextmanager
def running(*, worker: bool = False, web_processes: int = 1) -> Iterator[Measured]:
    """Durable PostgreSQL (fsync on), a server, and a worker if asked for; all gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-bench-"))
    folder.chmod(0o711)
    port = free_port()
    try:
        with servers(Settings(data_dir=folder)) as found:
            migrate_now(found.owner_url or "")
            environment = os.environ | {
                "DATABASE_URL": found.database_url,
                "REDIS_URL": found.redis_url,
                "CLUSTER_DATA_DIR": str(folder),
                "CLUSTER_PORT": str(port),
                "CLUSTER_LOG_LEVEL": "warning",
                "CLUSTER_WEB_PROCESSES": str(web_processes),
                **NO_LIMIT,
            }
            started = [start("serve", environment)] + ([start("worker", environment)] if worker else [])
            try:
                wait(port)
                known = small_cluster(port, found.database_url)
                yield Measured(
                    port,
                    known.member_key,
                    known.window_id,
                    known.day,
                    started[0],
                    started[1] if worker else None,
                    known.coordinator_key,
                    found.database_url,
                    found.admin_url or "",
                )
            finally:
                for process in started:
                    process.terminate()
                for process in started:
                    process.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """A port that nobody listens on, below those that the kernel gives to clients."""
    # From anywhere on: two platforms that start at once must not both take the first.
    first = random.randrange(22000, 32000)
    return next(p for p in range(first, 32768) if socket.socket().connect_ex(("127.0.0.1", p)) != 0)


def start(command: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """One of the platform's programs."""
    return subprocess.Popen([sys.executable, "-m", "cluster.cli", command], env=environment, stdout=subprocess.DEVNULL)


def wait(port: int) -> None:
    """Until the server answers."""
    for _ in range(300):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/ready", trust_env=False, timeout=2).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError("the server did not start")


def small_cluster(port: int, database_url: str) -> Known:
    """Founds a cluster with one member and a pool window for tomorrow."""
    url = f"http://127.0.0.1:{port}"

    async def issue() -> str:
        async with Database.open(database_url, 1) as database, database.unit(system_scope()) as db:
            return await issue_operator_key(db)

    founded = Client(url, asyncio.run(issue())).post(
        "/v1/clusters",
        {"name": "Bench", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"},
    )
    coordinator = Client(url, founded["coordinator_key"]["api_key"])
    member = coordinator.post("/v1/members", {"code": "m", "name": "Member"})
    key = coordinator.post("/v1/keys", {"name": "bench", "role": "member_user", "member_id": member["id"]})
    day = (datetime.now(ZONE) + timedelta(days=1)).date()
    cut_off = datetime(day.year, day.month, day.day, 4, tzinfo=ZONE).isoformat()
    window = coordinator.post("/v1/pool-windows", {"service_date": day.isoformat(), "cut_off_at": cut_off})
    return Known(port, founded["coordinator_key"]["api_key"], key["api_key"], window["id"], day.isoformat())
