"""A real little server on this machine that answers as it is told and keeps what it was asked."""

import json
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple

CUT = "cut"
"""An answer that is none: the connection ends."""


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """One answer; a body that is no bytes is sent as JSON."""

    status: int
    body: Any = b""
    headers: Mapping[str, str] = MappingProxyType({})


class Scripted:
    """Answers in the order given, the last again and again."""

    url: str

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answers: list[Answer | str] = [Answer(204)]

    def then(self, *answers: Answer | str) -> None:
        """What to answer from now on."""
        self.answers = list(answers)

    def next(self, asked: Asked) -> Answer | str:
        """Keeps a request and says the answer."""
        self.asked.append(asked)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def problem(status: int, code: str, **more: Any) -> dict[str, Any]:
    """Problem details as the platform writes them."""
    return {"type": "x", "title": "t", "status": status, "code": code, "detail": "d", "request_id": "req_1"} | more


@contextmanager
def scripted() -> Iterator[Scripted]:
    """The server while the block runs."""
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            answer = script.next(Asked(self.command, self.path, headers, body))
            if isinstance(answer, str):
                # No lingering: the other side sees a reset instead of an orderly end.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return
            sent = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {"Content-Length": str(len(sent)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815  (names of the library)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    script.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
