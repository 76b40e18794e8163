"""
Bookings and reads over HTTP, with a full table behind it.

``python -m benchmarks.api [--shipments 1000000] [--seconds 10] [--rate 150] [--connections 32] [--web-processes 1]``

Bookings: how many a second, and how long each takes at a steady rate. Reads: pages of 50 by window, by state, and on
from a place in the list, of five members and the coordinator; and single shipments. The client is asyncio on raw
sockets, so that it costs little beside the server it shares the machine with. The steady load is open: requests start
on time whether or not earlier ones are answered, and delay counts from the planned start (no coordinated omission).
Beside each rate stands its share of what plain inserts and selects of the same rows come to in the same run. The limit
of requests of one key is set high. Targets: 300 bookings a second, 99th percentile below 100 ms at 150 a second, 1,500
pages a second.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

from benchmarks import plain
from benchmarks.filling import Filled, fill
from benchmarks.platform import Measured, running
from benchmarks.wire import Answer, Wire, shipment

PAGE = 50
STATES = ("pooled", "planned", "delivered", "cancelled", "returned", "delivery_failed")
Ask = Callable[[Wire], Awaitable[Answer]]


def booking(measured: Measured) -> Ask:
    """Books one shipment; anything but 201 ends the measurement."""

    async def ask(wire: Wire) -> Answer:
        body = json.dumps(shipment(measured.day, measured.window_id)).encode()
        return _good(await wire.send("POST", measured.member_key, "/v1/shipments", body), 201)

    return ask


def reading(paths: list[tuple[str, str]], draw: random.Random) -> Ask:
    """Reads one of the paths with its key."""

    async def ask(wire: Wire) -> Answer:
        return _good(await wire.get(*draw.choice(paths)), 200)

    return ask


def _good(answer: Answer, status: int) -> Answer:
    if answer.status != status:
        raise AssertionError(answer.body.decode())
    return answer


async def as_fast_as_it_goes(measured: Measured, ask: Ask, connections: int, seconds: float) -> float:
    """Answers a second with every connection always busy."""
    wires = [await Wire(measured.port).connect() for _ in range(connections)]
    until = time.perf_counter() + seconds
    counts = [0] * connections

    async def busy(index: int) -> None:
        while time.perf_counter() < until:
            await ask(wires[index])
            counts[index] += 1

    began = time.perf_counter()
    await asyncio.gather(*(busy(index) for index in range(connections)))
    took = time.perf_counter() - began
    for wire in wires:
        wire.close()
    return sum(counts) / took


async def at_a_steady_rate(measured: Measured, ask: Ask, rate: int, seconds: float) -> list[float]:
    """Delay of each answer in milliseconds, sorted, counted from when it was due."""
    free: asyncio.Queue[Wire] = asyncio.Queue()
    for _ in range(64):
        free.put_nowait(await Wire(measured.port).connect())
    delays: list[float] = []

    async def one(due: float) -> None:
        wire = await free.get()
        await ask(wire)
        delays.append((time.perf_counter() - due) * 1000)
        free.put_nowait(wire)

    began = time.perf_counter()
    tasks = []
    for number in range(int(rate * seconds)):
        due = began + number / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        tasks.append(asyncio.create_task(one(due)))
    await asyncio.gather(*tasks)
    while not free.empty():
        free.get_nowait().close()
    return sorted(delays)


async def ways_to_ask(measured: Measured, filled: Filled) -> dict[str, list[tuple[str, str]]]:
    """Paths with their keys, by what they measure; cursors and identifiers are taken from the lists themselves."""
    wire = await Wire(measured.port).connect()
    coordinator = measured.coordinator_key
    keys = [*filled.keys, coordinator]
    by_window = [
        (key, f"/v1/shipments?limit={PAGE}&pool_window_id={window}") for key in keys for window in filled.windows[:20]
    ]
    by_state = [(key, f"/v1/shipments?limit={PAGE}&status={state}") for key in filled.keys for state in STATES]
    onward, single = [], []
    for key in keys:
        cursor = ""
        for _ in range(10):
            page = (await wire.get(key, f"/v1/shipments?limit=500{cursor}")).json()
            if not page["has_more"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
            onward.append((key, f"/v1/shipments?limit={PAGE}{cursor}"))
            single += [(key, f"/v1/shipments/{entry['id']}") for entry in page["data"][::10]]
    wire.close()
    rare = [
        (coordinator, f"/v1/shipments?limit={PAGE}&status={state}") for state in ("lost", "delivery_failed", "planned")
    ]
    words = [(key, f"/v1/shipments?limit={PAGE}&q=shop+{number}") for key in keys for number in (17, 4711, 8999)]
    newest = [(key, f"/v1/shipments?limit={PAGE}&pool_window_id={filled.windows[0]}") for key in filled.keys]
    return {"window": by_window, "state": by_state, "cursor": onward, "pages": by_window + by_state + onward,
            "same_pages": newest, "single": single, "coordinator_rare_state": rare, "words": words}  # fmt: skip


async def measure(measured: Measured, options: argparse.Namespace) -> dict[str, Any]:
    """Everything, one after the other."""
    filled = await asyncio.to_thread(fill, measured, options.shipments)
    seconds, connections, draw = options.seconds, options.connections, random.Random(options.seed)
    book = booking(measured)
    await as_fast_as_it_goes(measured, book, 8, min(2.0, seconds))  # warm up: connections, plans of statements, code
    found: dict[str, Any] = {"shipments": options.shipments, "filled_s": round(filled.seconds)}
    found["bookings_per_s"] = round(await as_fast_as_it_goes(measured, book, connections, seconds))
    found["plain_bookings_per_s"] = round(await plain.bookings_per_s(measured, 10, seconds / 2))
    found["share_of_plain_bookings"] = round(found["bookings_per_s"] / found["plain_bookings_per_s"], 2)
    delays = await at_a_steady_rate(measured, book, options.rate, seconds)
    found |= {
        "rate_per_s": options.rate,
        "p50_ms": round(delays[len(delays) // 2], 1),
        "p99_ms": round(delays[int(len(delays) * 0.99)], 1),
        "max_ms": round(delays[-1], 1),
    }
    for name, paths in (await ways_to_ask(measured, filled)).items():
        part = seconds if name in ("pages", "same_pages", "single") else seconds / 2
        rate = await as_fast_as_it_goes(measured, reading(paths, draw), connections, part)
        found[f"read_{name}_per_s"] = round(rate, 1)
    found["plain_pages_per_s"] = round(await plain.pages_per_s(measured, 10, seconds / 2))
    found["share_of_plain_pages"] = round(found["read_pages_per_s"] / found["plain_pages_per_s"], 2)
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=int, default=150)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--web-processes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with running(web_processes=options.web_processes) as measured:
        found = asyncio.run(measure(measured, options))
    if options.json:
        print(json.dumps({"summary": found}))
        return
    print(f"{found['shipments']} shipments in the table (filled in {found['filled_s']} s)")
    print(
        f"as fast as it goes ({options.connections} connections): {found['bookings_per_s']} bookings/s (target 300), "
        f"{found['share_of_plain_bookings']} of {found['plain_bookings_per_s']} plain inserts/s"
    )
    print(
        f"steady {options.rate}/s: median {found['p50_ms']} ms, 99th percentile {found['p99_ms']} ms (target 100), "
        f"worst {found['max_ms']} ms"
    )
    print(
        f"pages of {PAGE}: {found['read_pages_per_s']}/s (target 1500), {found['share_of_plain_pages']} of "
        f"{found['plain_pages_per_s']} plain selects/s"
    )
    for name in ("window", "state", "cursor", "same_pages", "coordinator_rare_state", "words", "single"):
        print(f"  {name.replace('_', ' ')}: {found[f'read_{name}_per_s']}/s")


if __name__ == "__main__":
    main()
