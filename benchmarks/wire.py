"""A client that costs little beside the server it shares the machine with: HTTP/1.1 on raw sockets, one at a time."""

import asyncio
import json
import uuid
from typing import Any, NamedTuple


class Answer(NamedTuple):
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def json(self) -> Any:
        """The body, decoded."""
        return json.loads(self.body)


class Wire:
    """One connection, for one request after the other."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def connect(self) -> "Wire":
        """Opens it."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 20)
        return self

    def close(self) -> None:
        """Closes it."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def get(self, key: str, path: str) -> Answer:
        """Asks for something."""
        return await self._ask(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\n\r\n".encode()
        )

    async def send(
        self,
        method: str,
        key: str,
        path: str,
        body: bytes,
        *,
        once: str | None = None,
        kind: str = "application/json",
        more: str = "",
    ) -> Answer:
        """Sends something; ``once`` is the idempotency key, one of its own if left out."""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nAuthorization: Bearer {key}\r\n"
            f"Idempotency-Key: {once or uuid.uuid4()}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        )
        return await self._ask(head.encode() + body)

    async def _ask(self, request: bytes) -> Answer:
        if self._reader is None or self._writer is None:
            await self.connect()
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length) if length else b""
        return Answer(int(head[9:12]), head, body)


def shipment(day: str, window_id: str, ref: str | None = None) -> dict[str, object]:
    """A delivery of two lines of goods, as a small firm books it."""
    return {
        "client_ref": ref or str(uuid.uuid4()),
        "service": "delivery",
        "pool_window_id": window_id,
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
