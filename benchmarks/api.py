"""
Bookings over HTTP on one server process: how many a second, and how long each takes at a steady 150 a second.

``python -m benchmarks.api [--seconds 10] [--rate 150] [--connections 32] [--json]``

The client is asyncio on raw sockets, so that it costs little beside the server it shares the machine with. The steady
load is open: requests start on time whether or not earlier ones are answered, and delay counts from the planned start
(no coordinated omission). Targets: 300 bookings a second, 99th percentile below 100 ms at 150 a second.
"""

import argparse
import asyncio
import json
import time
import uuid

from benchmarks.platform import Measured, running


class Booker:
    """One connection that books one shipment after the other."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter

    async def connect(self) -> None:
        """Opens the connection."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._measured.port)

    async def book(self) -> None:
        """Books one shipment and reads the whole answer; anything but 201 ends the measurement."""
        body = json.dumps(self._shipment()).encode()
        self._writer.write(
            (
                "POST /v1/shipments HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {self._measured.member_key}\r\nIdempotency-Key: {uuid.uuid4()}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            ).encode()
            + body
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = await self._reader.readexactly(length)
        if b" 201 " not in head.split(b"\r\n")[0]:
            raise AssertionError(answer.decode())

    def close(self) -> None:
        """Closes the connection."""
        self._writer.close()

    def _shipment(self) -> dict[str, object]:
        day = self._measured.day
        return {
            "client_ref": str(uuid.uuid4()),
            "service": "delivery",
            "pool_window_id": self._measured.window_id,
            "delivery": {
                "name": "Corner shop",
                "address_line1": "12 River Street",
                "lat": 10.81,
                "lon": 106.65,
                "window_start": f"{day}T08:00:00+07:00",
                "window_end": f"{day}T12:00:00+07:00",
            },
            "handling_units": [
                {"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400, "units": 2},
                {"weight_g": 3_000, "length_mm": 300, "width_mm": 200, "height_mm": 100},
            ],
        }


async def as_fast_as_it_goes(measured: Measured, connections: int, seconds: float) -> float:
    """Bookings a second with every connection always busy."""
    bookers = [Booker(measured) for _ in range(connections)]
    for booker in bookers:
        await booker.connect()
    until = time.perf_counter() + seconds
    counts = [0] * connections

    async def busy(index: int) -> None:
        while time.perf_counter() < until:
            await bookers[index].book()
            counts[index] += 1

    began = time.perf_counter()
    await asyncio.gather(*(busy(index) for index in range(connections)))
    took = time.perf_counter() - began
    for booker in bookers:
        booker.close()
    return sum(counts) / took


async def at_a_steady_rate(measured: Measured, rate: int, seconds: float) -> list[float]:
    """Delay of each booking in milliseconds, sorted, counted from when it was due."""
    free: asyncio.Queue[Booker] = asyncio.Queue()
    for _ in range(64):
        booker = Booker(measured)
        await booker.connect()
        free.put_nowait(booker)
    delays: list[float] = []

    async def one(due: float) -> None:
        booker = await free.get()
        await booker.book()
        delays.append((time.perf_counter() - due) * 1000)
        free.put_nowait(booker)

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


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[1] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=int, default=150)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with running() as measured:
        asyncio.run(as_fast_as_it_goes(measured, 8, 2.0))  # warm up: connections, plans of statements, code
        fastest = asyncio.run(as_fast_as_it_goes(measured, options.connections, options.seconds))
        delays = asyncio.run(at_a_steady_rate(measured, options.rate, options.seconds))
    found = {
        "bookings_per_s": round(fastest),
        "rate_per_s": options.rate,
        "p50_ms": round(delays[len(delays) // 2], 1),
        "p99_ms": round(delays[int(len(delays) * 0.99)], 1),
        "max_ms": round(delays[-1], 1),
    }
    if options.json:
        print(json.dumps({"summary": found}))
        return
    print(f"as fast as it goes ({options.connections} connections): {found['bookings_per_s']} bookings/s (target 300)")
    print(
        f"steady {options.rate}/s: median {found['p50_ms']} ms, 99th percentile {found['p99_ms']} ms (target 100), "
        f"worst {found['max_ms']} ms"
    )


if __name__ == "__main__":
    main()
