"""
Webhooks under fire: many endpoints, a third of their answers errors, resets, redirects or silence, and workers killed.

``python -m benchmarks.webhooks [--endpoints 50] [--events 2000] [--resources 200] [--kills 6] [--json]``

Every event is for every endpoint. Endpoints keep what they took outside of the database and check each signature with
the official library of Standard Webhooks. Retries wait seconds instead of hours. Targets: all delivered, no event of a
resource taken after a later one, at most 1 % taken twice.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from standardwebhooks import Webhook

from cluster.base import ids, outbox
from cluster.base.db import Database, Scope, system_scope
from cluster.base.embedded import servers
from cluster.base.migrate import migrate_now
from cluster.base.secrets import Vault
from cluster.base.settings import Settings
from cluster.members import service as members
from cluster.members.models import FoundCluster
from cluster.webhooks import service
from cluster.webhooks.deliveries import owner_scope
from cluster.webhooks.jobs import Deliverer, relay
from cluster.webhooks.models import AddWebhook
from cluster.webhooks.policy import Policy
from cluster.webhooks.sending import Sender

KEY = "a secret of the measurement, long enough"
QUICK = Policy(
    retry_s=(0.5, *[1.0] * 40),
    pause_after=5,
    pause_s=0.2,
    pause_max_s=1,
    lease_s=4,
    timeout_s=1.0,
    slots=64,
    slow_s=0.5,
)
TROUBLE = 0.3


class Endpoints:
    """All endpoints on one port, told apart by their path; they fail at random, and keep what they took."""

    def __init__(self, seed: int) -> None:
        self.secrets: dict[str, Webhook] = {}
        self.taken: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        self.requests = 0
        self.wrong_signatures = 0
        self.troubles: Counter[str] = Counter()
        self._random = random.Random(seed)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, whatever becomes of it."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                first, *lines = head.split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers["content-length"]))
                if not await self._answer(first.split()[1], headers, body, writer):
                    return
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter) -> bool:
        """Whether the connection goes on; an event is taken only with a good answer."""
        self.requests += 1
        if self._random.random() < TROUBLE:
            trouble = self._random.choice(("500", "429", "302", "reset", "reset", "silence"))
            self.troubles[trouble] += 1
            if trouble == "silence":
                await asyncio.sleep(3)
            if not trouble.isdigit():
                return False
            writer.write(f"HTTP/1.1 {trouble} X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".encode())
            return True
        try:
            event = self.secrets[path].verify(body, headers)
        except Exception:  # noqa: BLE001  (whatever the library finds wrong)
            self.wrong_signatures += 1
            return False
        data = event["data"]
        self.taken[path].append((headers["webhook-id"], data["id"], data["seq"]))
        writer.write(b"HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        return True


async def work(url: str) -> None:
    """One worker process: relay and sender, until it is killed."""
    async with (
        Database.open(url, 4) as database,
        Sender(timeout_s=QUICK.timeout_s, connections=QUICK.slots, allow_private=True) as sender,
    ):
        deliverer = Deliverer(database, lambda: Vault((KEY,)), sender, QUICK)

        async def relays() -> None:
            while True:
                done = await relay(database)
                if done.deliveries:
                    deliverer.ring()
                await asyncio.sleep(0 if done.events else 0.2)

        async with asyncio.TaskGroup() as group:
            group.create_task(relays())
            while True:
                await deliverer.step()


async def found(database: Database) -> Scope:
    """A cluster with nobody in it: the coordinator's endpoints get every event."""
    body = FoundCluster(name="Bench", country_code="VN", currency="VND", time_zone="Asia/Ho_Chi_Minh")
    async with database.unit(system_scope()) as db:
        founded = await members.found(db, body)
    return system_scope(ids.parse("clu", founded.id))


async def add_endpoints(database: Database, scope: Scope, endpoints: Endpoints, port: int, count: int) -> None:
    """Endpoints of the coordinator, more than one may enter over the API."""
    service.ENDPOINTS_MAX = count  # type: ignore[attr-defined]
    owner = owner_scope(scope.cluster, None)
    for number in range(count):
        path = f"/endpoint/{number}"
        async with database.unit(owner) as db:
            body = AddWebhook(url=f"http://127.0.0.1:{port}{path}")
            made = await service.add(db, owner, Vault((KEY,)), body, allow_private=True)
        endpoints.secrets[path] = Webhook(made.secret)


async def emit(database: Database, scope: Scope, events: int, resources: int) -> None:
    """Events in rounds: each resource's one after the other, those of different resources side by side."""
    things = [ids.new() for _ in range(resources)]
    for begin in range(0, events, resources):
        async with database.unit(scope) as db:
            for thing in things[: events - begin]:
                await outbox.emit(db, scope, thing, "plan.solved", {})


@asynccontextmanager
async def workers(url: str, count: int) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    """Worker processes, started again by ``kill_one``."""
    started = [await _start(url) for _ in range(count)]
    try:
        yield started
    finally:
        for process in started:
            process.kill()
        for process in started:
            await process.wait()


async def _start(url: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.webhooks", "--worker", url)


async def kill_one(url: str, started: list[asyncio.subprocess.Process]) -> None:
    """Ends a worker as a power cut would, and puts another in its place."""
    index = random.randrange(len(started))
    os.kill(started[index].pid, signal.SIGKILL)
    await started[index].wait()
    started[index] = await _start(url)


def judged(endpoints: Endpoints, expected: int) -> dict[str, Any]:
    """Figures of what the endpoints took."""
    inversions, twice, distinct = 0, 0, 0
    for taken in endpoints.taken.values():
        last: dict[str, int] = defaultdict(int)
        seen: set[str] = set()
        for event_id, resource, seq in taken:
            twice += event_id in seen
            inversions += event_id not in seen and seq < last[resource]
            seen.add(event_id)
            last[resource] = max(last[resource], seq)
        distinct += len(seen)
    return {
        "expected": expected,
        "delivered": distinct,
        "delivered_percent": round(100 * distinct / expected, 3),
        "inversions": inversions,
        "twice": twice,
        "twice_percent": round(100 * twice / expected, 3),
        "requests": endpoints.requests,
        "troubles": dict(endpoints.troubles),
        "wrong_signatures": endpoints.wrong_signatures,
    }


async def measure(options: argparse.Namespace, url: str) -> dict[str, Any]:
    """The whole campaign."""
    endpoints = Endpoints(options.seed)
    server = await asyncio.start_server(endpoints.serve, "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    async with Database.open(url, 4) as database:
        scope = await found(database)
        await add_endpoints(database, scope, endpoints, port, options.endpoints)
        await emit(database, scope, options.events, options.resources)
        expected = options.endpoints * options.events
        began = time.perf_counter()
        async with workers(url, 2) as started:
            kills = 0
            while time.perf_counter() - began < options.seconds_max:
                await asyncio.sleep(1)
                done = judged(endpoints, expected)
                if done["delivered"] >= expected:
                    break
                if kills < options.kills and done["delivered"] > (kills + 1) * expected / (options.kills + 1):
                    await kill_one(url, started)
                    kills += 1
            took = time.perf_counter() - began
            await asyncio.sleep(QUICK.lease_s + 2)  # what a killed worker had claimed may come once more
        async with database.unit(system_scope()) as db:
            rows = await db.fetch("SELECT state, count(*) FROM webhook_deliveries GROUP BY state")
    server.close()
    states = {row["state"]: row["count"] for row in rows}
    figures = {"seconds": round(took, 1), "per_s": round(expected / took), "kills": kills, "states": states}
    return judged(endpoints, expected) | figures


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--endpoints", type=int, default=50)
    parser.add_argument("--events", type=int, default=2000)
    parser.add_argument("--resources", type=int, default=200)
    parser.add_argument("--kills", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds-max", type=float, default=1800)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        asyncio.run(work(options.worker))
        return
    with tempfile.TemporaryDirectory(prefix="cluster-bench-") as folder:
        Path(folder).chmod(0o711)
        with servers(Settings(data_dir=Path(folder))) as running:
            migrate_now(running.owner_url or "")
            figures = asyncio.run(measure(options, running.database_url or ""))
    if options.json:
        print(json.dumps({"summary": figures}))
        return
    print(
        f"{figures['delivered']} of {figures['expected']} delivered ({figures['delivered_percent']} %, target 100), "
        f"{figures['inversions']} out of order (target 0), {figures['twice']} twice ({figures['twice_percent']} %, "
        f"target 1 at most), {figures['kills']} workers killed\n"
        f"{figures['requests']} requests in {figures['seconds']} s ({figures['per_s']} events taken a second); answers "
        f"that were none: {figures['troubles']}; signatures refused: {figures['wrong_signatures']}; "
        f"left: {figures['states']}"
    )


if __name__ == "__main__":
    main()
