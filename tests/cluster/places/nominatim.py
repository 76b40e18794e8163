"""A real little server that speaks Nominatim's JSON, and remembers what it was asked."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Service:
    """What it answers to which street, how slowly, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.reset()

    def reset(self) -> None:
        """Well again, knowing nothing and not asked anything yet."""
        self.asked: list[dict[str, str]] = []
        self.agents: set[str] = set()
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.delay_s = 0.0
        self.status = 200
        self.raw: bytes | None = None

    def knows(self, words: str, *points: tuple[float, float, int]) -> None:
        """Lets it answer a query that holds these words with points (lat, lon, place rank)."""
        self.answers[words] = [
            {"lat": str(lat), "lon": str(lon), "place_rank": rank, "display_name": f"{words} {index}"}
            for index, (lat, lon, rank) in enumerate(points)
        ]


@contextmanager
def nominatim() -> Iterator[Service]:
    """The service on a free port of this machine, gone with the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            service.asked.append(query)
            service.agents.add(self.headers["User-Agent"])
            time.sleep(service.delay_s)
            found = next((points for words, points in service.answers.items() if words in query.get("q", "")), [])
            body = service.raw if service.raw is not None else json.dumps(found).encode()
            self.send_response(service.status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            with suppress(OSError):  # the asker may have had no patience
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        service = Service(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield service
        server.shutdown()
        thread.join()
