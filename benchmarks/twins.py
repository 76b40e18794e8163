"""
Twins: the same booking sent by many at once with one idempotency key.

``python -m benchmarks.twins [--keys 50] [--twins 1000] [--connections 1000] [--json]``

For every key all twins set out together, on as many connections as there are; the rest follows on those that come free.
Targets: one shipment, one event and one stored answer a key, every answer that is a 201 the same bytes, one of them not
a repetition, no 5xx. A twin told to ask again (409 ``idempotency_retry``, 503 with ``Retry-After``) does so. 503
is an honest answer to somebody who waits too long for a connection of the pool, and is counted by itself.
"""

import argparse
import asyncio
import json
import time
import uuid
from collections import Counter
from typing import Any

import asyncpg

from benchmarks.platform import Measured, running
from benchmarks.wire import Wire, shipment

TRIES_MAX = 50
EFFECTS = """
    SELECT (SELECT count(*) FROM shipments WHERE client_ref = $1) AS shipments,
           (SELECT count(*) FROM shipment_stops JOIN shipments USING (cluster_id, shipment_id)
             WHERE client_ref = $1) AS stops,
           (SELECT count(*) FROM handling_units JOIN shipments USING (cluster_id, shipment_id)
             WHERE client_ref = $1) AS units,
           (SELECT count(*) FROM outbox JOIN shipments ON shipment_id = resource_id WHERE client_ref = $1) AS events,
           (SELECT count(*) FROM idempotency WHERE idem_key = $2 AND body IS NOT NULL) AS answers
"""
ONCE = {"shipments": 1, "stops": 1, "units": 2, "events": 1, "answers": 1}


class Seen:
    """What all twins of all keys were told."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.first: Counter[str] = Counter()
        self.bodies: dict[str, set[bytes]] = {}

    def take(self, key: str, status: int, head: bytes, body: bytes) -> bool:
        """Whether that was the answer, rather than a request to ask again."""
        self.statuses[status] += 1
        if status == 201:
            self.bodies.setdefault(key, set()).add(body)
            self.first[key] += b"idempotent-replayed: false" in head.lower()
        return status not in (409, 503)


async def together(measured: Measured, wires: list[Wire], twins: int, seen: Seen) -> tuple[str, str]:
    """All twins of one key; returns the reference booked and the key."""
    ref, key = str(uuid.uuid4()), str(uuid.uuid4())
    body = json.dumps(shipment(measured.day, measured.window_id, ref)).encode()
    free: asyncio.Queue[Wire] = asyncio.Queue()
    for wire in wires:
        free.put_nowait(wire)

    async def one() -> None:
        wire = await free.get()
        for _ in range(TRIES_MAX):
            answer = await wire.send("POST", measured.member_key, "/v1/shipments", body, once=key)
            if seen.take(key, *answer):
                break
            await asyncio.sleep(0.05)
        free.put_nowait(wire)

    await asyncio.gather(*(one() for _ in range(twins)))
    return ref, key


async def measure(measured: Measured, keys: int, twins: int, connections: int) -> dict[str, Any]:
    """All keys, one after the other, and what the database then holds."""
    seen, wrong = Seen(), 0
    wires = [await Wire(measured.port).connect() for _ in range(min(connections, twins))]
    began = time.perf_counter()
    sent = [await together(measured, wires, twins, seen) for _ in range(keys)]
    took = time.perf_counter() - began
    for wire in wires:
        wire.close()
    db = await asyncpg.connect(measured.admin_url)
    for ref, key in sent:
        row = await db.fetchrow(EFFECTS, ref, key)
        wrong += row is None or dict(row) != ONCE
    await db.close()
    return {
        "keys": keys,
        "twins": twins,
        "seconds": round(took, 1),
        "statuses": {str(status): count for status, count in sorted(seen.statuses.items())},
        "keys_without_exactly_one_effect": wrong,
        "keys_with_differing_answers": sum(len(seen.bodies.get(key, ())) != 1 for _, key in sent),
        "keys_without_exactly_one_first": sum(seen.first[key] != 1 for _, key in sent),
        "unexpected_5xx": sum(count for status, count in seen.statuses.items() if status >= 500 and status != 503),
        "busy_503": seen.statuses[503],
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--keys", type=int, default=50)
    parser.add_argument("--twins", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with running() as measured:
        found = asyncio.run(measure(measured, options.keys, options.twins, options.connections))
    if options.json:
        print(json.dumps({"summary": found}))
        return
    print(
        f"{found['twins']} twins of each of {found['keys']} keys in {found['seconds']} s; answers: {found['statuses']}"
    )
    print(
        f"keys without exactly one effect: {found['keys_without_exactly_one_effect']}, with differing answers: "
        f"{found['keys_with_differing_answers']}, without exactly one first answer: "
        f"{found['keys_without_exactly_one_first']} (targets 0); 5xx but 503: {found['unexpected_5xx']}, 503: "
        f"{found['busy_503']} (targets 0)"
    )


if __name__ == "__main__":
    main()
