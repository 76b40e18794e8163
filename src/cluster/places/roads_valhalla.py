"""Valhalla: as a library on tiles built by ``cluster roads build``, or over HTTP."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import httpx

from cluster.places.polylines import decoded, drawn
from cluster.places.roads_engine import CUTOFF_M, Refused, RoadsAway, Table, agreed, straight_m, whole
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile, Snapped
from cluster.places.roads_process import MISSING, InChild, config_of, refusal

LIBRARY_BLOCK = 250
HTTP_BLOCK = 50
"""A server takes 2,500 pairs unless its limits were raised."""
SNAP_BLOCK = 500
HTTP_SNAP_BLOCK = 20
"""A server takes as few as 20 locations of a truck."""
LIBRARY_CHAIN = 100
HTTP_CHAIN = 20
"""A server takes 20 locations of a car or a truck in one way."""
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
        The decoded answer to ``sources_to_targets``, ``locate``, ``route`` or ``status``.

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

    def __init__(
        self, transport: Transport, *, name: str, network: str, block: int, snap_block: int, chain: int
    ) -> None:
        self._transport = transport
        self.name, self.network, self.block, self.chain = name, network, block, chain
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

    def lines(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[str]:
        """See ``TravelEngine``."""
        body = _asked(way) | {"locations": _locations(points), "directions_type": "none"}
        answer = self._transport.ask("route", body)
        try:
            found = [drawn(decoded(leg["shape"], 6)) for leg in answer["trip"]["legs"]]
        except (KeyError, TypeError, ValueError) as error:
            raise RoadsAway(f"Valhalla's answer is no way: {error!r}") from error
        if len(found) != len(points) - 1:
            raise RoadsAway("Valhalla's way has another number of legs than asked for")
        return found

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


class OverHttp:
    """Valhalla's own server."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url, self._client = url.rstrip("/"), client

    def ask(self, action: str, body: dict[str, Any]) -> Any:
        """See ``Transport``."""
        try:
            answer = self._client.post(f"{self._url}/{action}", json=body)
            found = answer.json()
        except (httpx.HTTPError, RuntimeError, ValueError) as error:
            raise RoadsAway(f"Valhalla does not answer: {type(error).__name__}: {error}") from error
        if answer.is_success:
            return found
        code, text = (found.get("error_code", 0), found.get("error", "")) if isinstance(found, dict) else (0, "")
        raise refusal(code, text or f"HTTP {answer.status_code}")

    def close(self) -> None:
        """The connections belong to whoever gave them."""


def as_library(tiles: Path, network: str) -> Valhalla:
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
    return Valhalla(
        InChild(config),
        name="valhalla",
        network=network,
        block=LIBRARY_BLOCK,
        snap_block=SNAP_BLOCK,
        chain=LIBRARY_CHAIN,
    )


def over_http(url: str, client: httpx.Client) -> Valhalla:
    """
    The engine at an address; its network is named by when its tiles were last built.

    Raises
    ------
    RoadsAway
        When it does not answer.
    """
    transport = OverHttp(url, client)
    try:
        status = transport.ask("status", {})
        network = f"valhalla-{int(status['tileset_last_modified'])}"
    except (Refused, KeyError, TypeError, ValueError) as error:
        raise RoadsAway(f"Valhalla does not say which tiles it has: {error!r}") from error
    return Valhalla(
        transport,
        name="valhalla",
        network=network,
        block=HTTP_BLOCK,
        snap_block=HTTP_SNAP_BLOCK,
        chain=HTTP_CHAIN,
    )
