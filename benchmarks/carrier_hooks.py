"""
How long carriers and members wait for webhooks while events of carriers come in.

``python -m benchmarks.carrier_hooks [--carriers 20] [--tours 200] [--events 8000] [--rate 300] [--seconds 10]``

The tours of ``benchmarks.carrier_events``, whose carriers send each event by itself at a steady rate; a server and a
worker as in earnest. Every carrier has an endpoint for its tours, the member one for its shipments, the coordinator one
for tours: all of them one receiver that answers at once. The delay of a message is from when its event was written down
(its ``timestamp``) to when the receiver has it. Afterwards the receiver waits until nothing more comes. Targets: 99 of
100 messages within 2 s, every event once, each thing's in order.
"""

import argparse
import asyncio
import json
import os
import time
from collections import Counter, defaultdict
from contextlib import suppress
from datetime import datetime
from typing import Any

from benchmarks.api import at_a_steady_rate
from benchmarks.carrier_events import Carrier, filled, singly
from benchmarks.platform import Measured, running
from cluster.demo.client import Client

QUIET_S = 3.0
ALLOWED = "CLUSTER_WEBHOOKS_ALLOW_PRIVATE"


class Receiver:
    """Takes everything, and notes by listener how late it came, and what of it came twice or out of order."""

    port: int

    def __init__(self) -> None:
        self.delays_s: dict[str, list[float]] = defaultdict(list)
        self.troubles: Counter[str] = Counter()
        self._news = asyncio.Event()
        self._seen: set[tuple[str, str]] = set()
        self._last: dict[tuple[str, str], int] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One message."""
        try:
            first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers["content-length"]))
            self._take(first.split()[1], headers["webhook-id"], json.loads(body))
            writer.write(b"HTTP/1.1 204 X\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
        finally:
            writer.close()

    def _take(self, path: str, message_id: str, event: Any) -> None:
        self._news.set()
        late_s = time.time() - datetime.fromisoformat(event["timestamp"]).timestamp()
        self.delays_s[path.split("/")[1]].append(late_s)
        place, data = (path, event["data"]["id"]), event["data"]
        self.troubles["twice"] += (path, message_id) in self._seen
        self._seen.add((path, message_id))
        self.troubles["out of order"] += data["seq"] < self._last.get(place, 0)
        self._last[place] = max(data["seq"], self._last.get(place, 0))

    async def until_quiet(self) -> None:
        """Until nothing has come for a while."""
        with suppress(TimeoutError):
            while True:
                self._news.clear()
                await asyncio.wait_for(self._news.wait(), QUIET_S)


def listen(measured: Measured, carriers: list[Carrier], receiver: Receiver) -> None:
    """Everybody's endpoints."""
    url, here = f"http://127.0.0.1:{measured.port}", f"http://127.0.0.1:{receiver.port}"
    coordinator = Client(url, measured.coordinator_key)
    [member] = coordinator.get("/v1/members")["data"]
    admin = {"name": "hooks", "role": "member_admin", "member_id": member["id"]}
    firm = Client(url, coordinator.post("/v1/keys", admin)["api_key"])
    firm.post("/v1/webhooks", {"url": f"{here}/member", "event_types": ["shipment.*", "tracking.event"]})
    coordinator.post("/v1/webhooks", {"url": f"{here}/coordinator", "event_types": ["tour.*"]})
    for number, carrier in enumerate(carriers):
        hook = {"url": f"{here}/carrier/{number}", "event_types": ["tour.*", "offer.*"]}
        Client(url, carrier.key).post("/v1/webhooks", hook)


def summed_up(delays_s: list[float]) -> dict[str, float]:
    """Of one kind of listener: how many messages, and how late, seconds."""
    late = sorted(delays_s)
    return {
        "messages": len(late),
        "p50_s": round(late[len(late) // 2], 2),
        "p99_s": round(late[int(len(late) * 0.99)], 2),
        "max_s": round(late[-1], 2),
    }


async def measure(measured: Measured, options: argparse.Namespace) -> dict[str, Any]:
    """Events at a steady rate, and when everybody heard of them."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    carriers = await filled(measured, options)
    await asyncio.to_thread(listen, measured, carriers, receiver)
    counts = Counter[int]()
    taken = await at_a_steady_rate(measured, singly(carriers, counts), options.rate, options.seconds)
    await receiver.until_quiet()
    server.close()
    return {
        "carriers": options.carriers,
        "tours": options.tours,
        "rate_per_s": options.rate,
        "events": counts.total(),
        "put_off": counts[503],
        "event_p99_ms": round(taken[int(len(taken) * 0.99)], 1),
        "delays": {name: summed_up(found) for name, found in sorted(receiver.delays_s.items())},
        "troubles": {name: count for name, count in receiver.troubles.items() if count},
        "seed": options.seed,
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--carriers", type=int, default=20)
    parser.add_argument("--tours", type=int, default=200)
    parser.add_argument("--events", type=int, default=8_000)
    parser.add_argument("--rate", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    os.environ[ALLOWED] = "1"  # the receiver is on this machine
    with running(worker=True) as measured:
        found = asyncio.run(measure(measured, options))
    if options.json:
        print(json.dumps({"summary": found}))
        return
    print(
        f"{found['events']} events of {found['carriers']} carriers at {found['rate_per_s']}/s, {found['put_off']} put "
        f"off; 99 of 100 taken in within {found['event_p99_ms']} ms"
    )
    for name, late in found["delays"].items():
        print(
            f"  {name}: {late['messages']} messages, median {late['p50_s']} s, 99th percentile {late['p99_s']} s "
            f"(target 2), worst {late['max_s']} s"
        )
    print(f"  troubles: {found['troubles'] or 'none'}")


if __name__ == "__main__":
    main()
