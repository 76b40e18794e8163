"""The road engine that the operator chose, opened once and again when its network was replaced."""

import threading
from pathlib import Path

import httpx

from cluster.base.settings import Settings
from cluster.places import roads_network, roads_straight, roads_valhalla
from cluster.places.roads_engine import RoadsAway, TravelEngine
from cluster.places.roads_network import RoadsError
from cluster.places.roads_osrm import Osrm
from cluster.places.roads_straight import Calibration

TIMEOUT_S = 120.0


class Roads:
    """
    What this process knows of roads.

    Its methods block: call them from a thread. ``none`` as ``kind`` leaves the calibration, if there is one.
    """

    def __init__(self, kind: str, url: str | None, folder: Path, *, seconds_max: int = 300) -> None:
        self.kind, self.seconds_max = kind, seconds_max
        self._url, self._folder = url, folder
        self._engine: TravelEngine | None = None
        self._former: TravelEngine | None = None
        self._client: httpx.Client | None = None
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> "Roads":
        """As the settings say."""
        return cls(
            settings.roads_engine, settings.roads_url, settings.roads_folder, seconds_max=settings.roads_seconds_max
        )

    def engine(self) -> TravelEngine | None:
        """
        The engine on its newest network; None when none was chosen.

        Raises
        ------
        RoadsAway
            When it does not answer, or no network was built.
        """
        if self.kind == "none":
            return None
        with self._lock:
            return self._local() if self.kind == "valhalla" else self._remote()

    def _local(self) -> TravelEngine:
        """The tiles' engine; that of the network before stays open for whoever is still at work with it."""
        try:
            network = roads_network.current(self._folder)
        except RoadsError as error:
            raise RoadsAway(str(error)) from error
        if network is None:
            raise RoadsAway(f"no road network in {self._folder}: build one with `cluster roads build`")
        if self._engine is not None and self._engine.network == network.name:
            return self._engine
        if self._former is not None:
            self._former.close()
        tiles = roads_network.tiles_of(self._folder, network)
        self._former, self._engine = self._engine, roads_valhalla.as_library(tiles, network.name)
        return self._engine

    def _remote(self) -> TravelEngine:
        """The server's engine, which says anew which network it has; all share the connections."""
        if self._url is None:
            raise RoadsAway("CLUSTER_ROADS_URL is not set")
        if self._client is None:
            self._client = httpx.Client(timeout=TIMEOUT_S)
        if self.kind == "osrm_http":
            return Osrm(self._url, self._client).identify()
        return roads_valhalla.over_http(self._url, self._client)

    def close(self) -> None:
        """Lets go of the engine; whoever waits for it hears that it is away."""
        for engine in (self._engine, self._former):
            if engine is not None:
                engine.close()
        if self._client is not None:
            self._client.close()

    def calibration(self) -> Calibration | None:
        """What was measured of the area's roads; None where nothing was."""
        return roads_straight.load(self._folder)
