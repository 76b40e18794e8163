"""A real little endpoint on this machine: keeps what it is sent, and answers as it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple


class Got(NamedTuple):
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Receiver:
    """``answer`` says the status for each request, or ``"reset"``, ``"hang"``; it may be changed at any time."""

    port: int

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.connections = 0
        self.answer: Callable[[Got], int | str] = lambda _: 204
        self._news = asyncio.Event()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def until(self, count: int, timeout_s: float = 15) -> list[Got]:
        """The first requests, once there are so many."""
        async with asyncio.timeout(timeout_s):
            while len(self.got) < count:
                self._news.clear()
                await self._news.wait()
        return self.got[:count]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode().split("\r\n")
                headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                got = Got(first.split()[1], headers, body)
                self.got.append(got)
                self._news.set()
                answer = self.answer(got)
                if answer == "hang":
                    await asyncio.sleep(60)
                if isinstance(answer, str):
                    return
                extra = "Location: http://127.0.0.1:1/elsewhere\r\n" if 300 <= answer < 400 else ""
                writer.write(f"HTTP/1.1 {answer} X\r\n{extra}Content-Length: 8\r\n\r\nfor-you-".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def receiving(host: str = "127.0.0.1") -> AsyncIterator[Receiver]:
    """An endpoint while the block runs."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, host, 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
