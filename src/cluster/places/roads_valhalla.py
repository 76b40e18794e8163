"""Valhalla: in this process on tiles built by ``cluster roads build``, or over HTTP."""

import json
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import httpx

from cluster.places.roads_engine import CUTOFF_M, Refused, RoadsAway, Table, agreed, straight_m, whole
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile, Snapped

IN_PROCESS_BLOCK = 250
HTTP_BLOCK = 50
"""A server takes 2,500 pairs unless its limits were raised."""
SNAP_BLOCK = 500
HTTP_SNAP_BLOCK = 20
"""A server takes as few as 20 locations of a truck."""
TIMEOUT_S = 120.0
CACHE_BYTES = 256 * 1024 * 1024
NOT_TOGETHER = frozenset({150, 154, 170, 171, 442})
"""Too many locations, too far apart, in unconnected regions, no road near, no path: Valhalla's codes for faults that
may lie in some of the points alone."""

TRUCK = {"weight": 7.5, "height": 3.5, "width": 2.5, "length": 8.5, "axle_load": 5.5, "top_speed": 90}
MOTORBIKE = {"top_speed": 60, "use_highways": 0}
"""As a motorcycle that keeps off motorways; Valhalla's scooters are kept from so many roads that places are cut off."""
VAN = {"height": 2.6, "width": 2.1, "top_speed": 110}


def costing(way: SetTravelProfile) -> tuple[str, dict[str, float]]:
    """Valhalla's name of a way of travelling, and its options."""
    given = {
        "weight": _scaled(way.gross_weight_g, 1e6),
        "axle_load": _scaled(way.axle_load_g, 1e6),
        "height": _scaled(way.height_mm, 1e3),
        "width": _scaled(way.width_mm, 1e3),
        "length": _scaled(way.length_mm, 1e3),
        "top_speed": way.speed_max_kmh,
    }
    options = {name: value for name, value in given.items() if value is not None}
    if way.mode is Mode.TRUCK:
        return "truck", TRUCK | options
    if way.mode is Mode.VAN:
        return "auto", VAN | options
    if way.mode is Mode.MOTORBIKE:
        return "motorcycle", MOTORBIKE | options
    return "bicycle", {"cycling_speed": options.get("top_speed", 16)}


def _scaled(value: int | None, unit: float) -> float | None:
    return None if value is None else value / unit


class Transport(Protocol):
    """Carries one request to Valhalla, and its answer back."""

    def ask(self, action: str, body: dict[str, Any]) -> Any:
        """
        The decoded answer to ``sources_to_targets``, ``locate`` or ``status``.

        Raises
        ------
        Refused
            For what may lie in some of the points alone.
        RoadsAway
            For everything else.
        """
        ...

    def close(self) -> None:
        """Lets go of what it holds."""
        ...


class Valhalla:
    """The engine, whichever way Valhalla is reached."""

    def __init__(self, transport: Transport, *, name: str, network: str, block: int, snap_block: int) -> None:
        self._transport = transport
        self.name, self.network, self.block = name, network, block
        self._snap_block = snap_block

    def table(self, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
        """See ``TravelEngine``."""
        body = _asked(way) | {"sources": _locations(sources), "targets": _locations(targets)}
        answer = self._transport.ask("sources_to_targets", body | {"verbose": False, "units": "kilometers"})
        try:
            found = answer["sources_to_targets"]
            distance_m, duration_s = whole(found["distances"], 1000.0), whole(found["durations"])
        except (KeyError, TypeError, ValueError) as error:
            raise RoadsAway(f"Valhalla's answer is not a table: {error!r}") from error
        if distance_m.shape != (len(sources), len(targets)) or duration_s.shape != distance_m.shape:
            raise RoadsAway("Valhalla's table is of another size than asked for")
        return agreed(distance_m, duration_s)

    def snap(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[Snapped]:
        """See ``TravelEngine``."""
        found: list[Snapped] = []
        for first in range(0, len(points), self._snap_block):
            part = points[first : first + self._snap_block]
            try:
                answer = self._transport.ask("locate", _asked(way) | {"locations": _locations(part), "verbose": False})
                found += [_snapped(point, entry) for point, entry in zip(part, answer, strict=True)]
            except Refused:
                found += [Snapped(point=point) for point in part] if len(part) == 1 else self._one_by_one(way, part)
            except (KeyError, TypeError, ValueError) as error:
                raise RoadsAway(f"Valhalla's answer is no list of places on roads: {error!r}") from error
        return found

    def _one_by_one(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[Snapped]:
        return [entry for point in points for entry in self.snap(way, [point])]

    def close(self) -> None:
        """See ``TravelEngine``."""
        self._transport.close()


def _asked(way: SetTravelProfile) -> dict[str, Any]:
    name, options = costing(way)
    return {"costing": name, "costing_options": {name: options}}


def _locations(points: Sequence[PointE6]) -> list[dict[str, float]]:
    return [{"lat": lat / 1e6, "lon": lon / 1e6, "search_cutoff": CUTOFF_M} for lat, lon in points]


def _snapped(point: PointE6, entry: Any) -> Snapped:
    """The nearest of the places that Valhalla found on edges and nodes."""
    roads = [(round(e["correlated_lat"] * 1e6), round(e["correlated_lon"] * 1e6)) for e in entry.get("edges") or []]
    roads += [(round(node["lat"] * 1e6), round(node["lon"] * 1e6)) for node in entry.get("nodes") or []]
    if not roads:
        return Snapped(point=point)
    metres = straight_m([point], roads)[0]
    nearest = int(metres.argmin())
    return Snapped(point=point, road=roads[nearest], distance_m=round(float(metres[nearest])))


class InProcess:
    """Valhalla as a library. Its calls free the interpreter; one at a time, because an actor is not for two threads."""

    def __init__(self, config: dict[str, Any]) -> None:
        try:
            import valhalla
        except ImportError as error:
            raise RoadsAway(MISSING) from error
        self._error = valhalla.ValhallaError
        self._actor = valhalla.Actor(config)
        self._lock = threading.Lock()

    def ask(self, action: str, body: dict[str, Any]) -> Any:
        """See ``Transport``."""
        call = self._actor.matrix if action == "sources_to_targets" else self._actor.locate
        try:
            with self._lock:
                return json.loads(call(json.dumps(body)))
        except self._error as error:
            raise refusal(getattr(error, "code", 0), str(error)) from error

    def close(self) -> None:
        """The library frees what it holds with the object."""


MISSING = (
    "the extra `roads` (pyvalhalla) is not installed"
    if sys.version_info >= (3, 12)
    else "road networks in this process need Python 3.12 or newer; ask a Valhalla or OSRM server instead"
)


def refusal(code: int, text: str) -> Refused | RoadsAway:
    """What an error of Valhalla's means: may some of the points be asked about, or none."""
    if code in NOT_TOGETHER:
        return Refused(f"{text} ({code})")
    return RoadsAway(f"Valhalla refuses: {text} ({code})")


class OverHttp:
    """Valhalla's own server."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._client = httpx.Client(timeout=TIMEOUT_S)

    def ask(self, action: str, body: dict[str, Any]) -> Any:
        """See ``Transport``."""
        try:
            answer = self._client.post(f"{self._url}/{action}", json=body)
            found = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise RoadsAway(f"Valhalla does not answer: {type(error).__name__}: {error}") from error
        if answer.is_success:
            return found
        code, text = (found.get("error_code", 0), found.get("error", "")) if isinstance(found, dict) else (0, "")
        raise refusal(code, text or f"HTTP {answer.status_code}")

    def close(self) -> None:
        """Ends the connections."""
        self._client.close()


def config_of(tiles: Path) -> dict[str, Any]:
    """
    Valhalla's configuration for one folder of tiles, its limits raised to what a cluster's day needs.

    Its table algorithm is one search for each row (or column, whichever are fewer): its cost does not grow with the
    other side, and its memory stays small, where the default holds labels for all points at once.
    """
    import valhalla

    config: dict[str, Any] = valhalla.get_config(tile_extract="", tile_dir=str(tiles), verbose=False)
    mjolnir = config["mjolnir"]
    for name in (
        "tile_extract",
        "traffic_extract",
        "admin",
        "landmarks",
        "timezone",
        "transit_dir",
        "transit_feeds_dir",
    ):
        mjolnir.pop(name, None)  # what is named must exist
    mjolnir |= {"tile_dir": str(tiles), "max_cache_size": CACHE_BYTES, "logging": {"type": ""}}
    for entry in config["service_limits"].values():
        if isinstance(entry, dict) and "max_matrix_location_pairs" in entry:
            entry |= {"max_locations": 10_000, "max_matrix_distance": 5e7, "max_matrix_location_pairs": 10**8}
    config["loki"]["use_connectivity"] = False
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    return config


def in_process(tiles: Path, network: str) -> Valhalla:
    """
    The engine on tiles of this machine.

    Raises
    ------
    RoadsAway
        When pyvalhalla is not installed.
    """
    try:
        config = config_of(tiles)
    except ImportError as error:
        raise RoadsAway(MISSING) from error
    return Valhalla(InProcess(config), name="valhalla", network=network, block=IN_PROCESS_BLOCK, snap_block=SNAP_BLOCK)


def over_http(url: str) -> Valhalla:
    """
    The engine at an address; its network is named by when its tiles were last built.

    Raises
    ------
    RoadsAway
        When it does not answer.
    """
    transport = OverHttp(url)
    try:
        status = transport.ask("status", {})
        network = f"valhalla-{int(status['tileset_last_modified'])}"
    except (Refused, KeyError, TypeError, ValueError) as error:
        raise RoadsAway(f"Valhalla does not say which tiles it has: {error!r}") from error
    return Valhalla(transport, name="valhalla", network=network, block=HTTP_BLOCK, snap_block=HTTP_SNAP_BLOCK)
