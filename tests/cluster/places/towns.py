"""Road engines for tests: a town of straight streets, in process and as an OSRM server; Valhalla's own server."""

import json
import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from cluster.places.polylines import drawn
from cluster.places.roads_engine import Refused, RoadsAway, Table
from cluster.places.roads_models import PointE6, SetTravelProfile, Snapped

ISLAND_LAT = 20_000_000
"""North of 20 degrees there are streets, but no bridge to them."""
SEA_LON = 120_000_000
"""East of 120 degrees there is no road at all."""


def grid_m(start: PointE6, end: PointE6) -> int:
    """Metres along streets that run north and east: a tenth of a metre for each millionth of a degree."""
    return (abs(start[0] - end[0]) + abs(start[1] - end[1])) // 10


def connected(start: PointE6, end: PointE6) -> bool:
    """Whether streets lead from one point to the other."""
    return (start[0] > ISLAND_LAT) == (end[0] > ISLAND_LAT) and max(start[1], end[1]) < SEA_LON


def streets(start: PointE6, end: PointE6) -> list[PointE6]:
    """North or south first, then east or west."""
    return [start, (end[0], start[1]), end]


class Town:
    """The town as an engine; it remembers how many legs it was asked for, and how large the largest block was."""

    name = "osrm"

    def __init__(self, network: str = "town-1", block: int = 4) -> None:
        self.network, self.block, self.chain = network, block, block
        self.asked, self.largest, self.snapped = 0, 0, 0
        self.away_after: int | None = None

    def lines(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[str]:
        """Along the streets."""
        del way
        if self.away_after is not None and self.asked >= self.away_after:
            raise RoadsAway("the town sleeps")
        self.asked += len(points) - 1
        self.largest = max(self.largest, len(points))
        if not all(connected(start, end) for start, end in pairwise(points)):
            raise Refused("no way")
        return [drawn(streets(start, end)) for start, end in pairwise(points)]

    def table(self, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
        """Ten metres a second."""
        del way
        if self.away_after is not None and self.asked >= self.away_after:
            raise RoadsAway("the town sleeps")
        self.asked += len(sources) * len(targets)
        self.largest = max(self.largest, len(sources), len(targets))
        metres = np.array([[grid_m(a, b) if connected(a, b) else -1 for b in targets] for a in sources], dtype=np.int64)
        return Table(metres, np.where(metres < 0, -1, metres // 10))

    def snap(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[Snapped]:
        """Streets are everywhere on land; a point whose last digits are 900 is 900 m from its road."""
        del way
        self.snapped += len(points)
        return [
            Snapped(point=point)
            if point[1] >= SEA_LON
            else Snapped(point=point, road=point, distance_m=900 if point[0] % 1000 == 900 else 3)
            for point in points
        ]

    def close(self) -> None:
        """Nothing."""


class Fussy(Town):
    """A town that refuses a table with any point off the network, as servers do."""

    def table(self, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
        """See ``Town``."""
        if any(point[1] >= SEA_LON for point in (*sources, *targets)):
            self.asked += 1
            raise Refused("no road near")
        return super().table(way, sources, targets)


def osrm_answer(path: str, points_max: int = 100) -> tuple[int, dict[str, Any]]:
    """What ``osrm-routed`` answers in the town, in the form of its documentation (HTTP API v1)."""
    service, where, query = re.fullmatch(r"/(\w+)/v1/\w+/([^?]*)\??(.*)", path).groups()  # type: ignore[union-attr]
    points = [tuple(round(float(part) * 1e6) for part in reversed(pair.split(","))) for pair in where.split(";")]
    asked = dict(part.split("=") for part in query.replace("%3B", ";").replace("%2C", ",").split("&") if part)
    if len(points) > points_max:
        return 400, {"code": "TooBig", "message": "Too many table coordinates"}
    if service == "nearest":
        (point,) = points
        if point[1] >= SEA_LON:
            return 400, {"code": "NoSegment", "message": "Could not find a matching segments for coordinate"}
        at = [point[1] / 1e6, point[0] / 1e6]
        waypoint = {"nodes": [2264199819, 0], "hint": "KSoKAA", "distance": 0, "name": "Street", "location": at}
        return 200, {"code": "Ok", "data_version": "2026-11-20", "waypoints": [waypoint]}
    if service == "route":
        return osrm_way(points, asked)
    rows, columns = ([points[int(i)] for i in asked[name].split(";")] for name in ("sources", "destinations"))
    metres = [[float(grid_m(a, b)) if connected(a, b) else None for b in columns] for a in rows]
    seconds = [[None if value is None else value / 10 for value in row] for row in metres]
    return 200, {"code": "Ok", "distances": metres, "durations": seconds, "sources": [], "destinations": []}


def osrm_way(points: list[PointE6], asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """One way through all points: a leg for each, its steps one street after the other, the last where it arrives."""
    if not all(connected(start, end) for start, end in pairwise(points)):
        return 400, {"code": "NoRoute", "message": "Impossible route between points"}
    assert (asked["geometries"], asked["steps"]) == ("polyline6", "true")
    legs = []
    for start, end in pairwise(points):
        _, corner, _ = streets(start, end)
        steps = [(start, corner), (corner, end), (end, end)]
        legs.append({"steps": [{"geometry": polyline6(step), "mode": "driving"} for step in steps], "summary": ""})
    return 200, {"code": "Ok", "routes": [{"legs": legs, "weight_name": "routability"}], "waypoints": []}


def polyline6(points: Sequence[PointE6]) -> str:
    """As Valhalla and OSRM write lines; by the text of Google's description, number by number."""
    text, before = "", (0, 0)
    for point in points:
        for now, last in zip(point, before, strict=True):
            value = (now - last) * 2 if now >= last else -(now - last) * 2 - 1
            chunks = [value >> shift & 31 for shift in range(0, max(value.bit_length(), 1), 5)]
            text += "".join(chr(63 + chunk + 32) for chunk in chunks[:-1]) + chr(63 + chunks[-1])
        before = point
    return text


@contextmanager
def osrm_server(points_max: int = 100) -> Iterator[tuple[str, list[str]]]:
    """The town as an OSRM server: its address, and the paths it was asked for."""
    paths: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            status, answer = osrm_answer(self.path, points_max)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=UTF-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", paths
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def valhalla_server(tiles: Path, folder: Path) -> Iterator[str]:
    """Valhalla's own server, of the wheel, with its own limits: its address."""
    valhalla = pytest.importorskip("valhalla")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = valhalla.get_config(tile_extract="", tile_dir=str(tiles), verbose=False)
    for name in ("tile_extract", "traffic_extract", "admin", "landmarks", "timezone"):
        config["mjolnir"].pop(name, None)
    config["httpd"]["service"] |= {
        "listen": f"tcp://127.0.0.1:{port}",
        "loopback": f"ipc://{folder}/loopback",
        "interrupt": f"ipc://{folder}/interrupt",
    }
    for name in ("loki", "thor", "odin"):
        config[name]["service"]["proxy"] = f"ipc://{folder}/{name}"
    (folder / "valhalla.json").write_text(json.dumps(config))
    program = Path(valhalla.__file__).parent / "bin" / "valhalla_service"
    with subprocess.Popen(
        [program, folder / "valhalla.json", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    ) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/status")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()  # asked to end, it waits half a minute for its connections


def _wait(url: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(url).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise AssertionError("Valhalla's server never answered")
