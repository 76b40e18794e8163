"""Valhalla as a library in a child process: how it is set up, asked, and started again."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from cluster.places.roads_engine import Refused, RoadsAway

DEATHS_MAX = 20
"""Of the child, one after the other without an answer in between: halving a table twice or thrice."""
KEPT_ENVIRONMENT = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "TMPDIR",
    "VIRTUAL_ENV",
    "PYTHONPATH",
    "SYSTEMROOT",
)
CACHE_BYTES = 256 * 1024 * 1024
NOT_TOGETHER = frozenset({150, 154, 170, 171, 442})
"""Too many locations, too far apart, in unconnected regions, no road near, no path: Valhalla's codes for faults that
may lie in some of the points alone."""


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


class InChild:
    """
    Valhalla as a library, in a child process that is started when it is needed, and again when it died.

    What killed it may lie in some of the points alone, so that is a refusal; the child that dies again and again is
    away.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._child: subprocess.Popen[str] | None = None
        self._deaths = 0
        self._closed = False

    def ask(self, action: str, body: dict[str, Any]) -> Any:
        """See ``Transport``."""
        with self._lock:
            child = self._child or self._start()
            said = self._said(child, {"action": action, "body": body})
            if said is None:
                self._end()
                self._deaths += 1
                if self._closed or self._deaths > DEATHS_MAX:
                    raise RoadsAway(
                        "Valhalla was ended" if self._closed else "Valhalla died too often on what it was asked"
                    )
                raise Refused("Valhalla died on this question")
        if "answer" in said:
            self._deaths = 0
            return said["answer"]
        raise refusal(said["code"], said["error"])

    def _start(self) -> "subprocess.Popen[str]":
        if self._closed:
            raise RoadsAway("Valhalla was ended")
        self._folder = tempfile.TemporaryDirectory(prefix="roads-")
        path = Path(self._folder.name) / "valhalla.json"
        path.write_text(json.dumps(self._config), "utf-8")
        command = [sys.executable, "-m", "cluster.places.roads_child", str(path)]
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        pipe = subprocess.PIPE
        child = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, encoding="utf-8", env=kept)
        self._child = child
        if self._said(child, None) is None:
            self._end()
            raise RoadsAway("Valhalla does not start on its tiles: build them again with `cluster roads build`")
        return child

    def _said(self, child: "subprocess.Popen[str]", question: dict[str, Any] | None) -> dict[str, Any] | None:
        """What the child answers; None when it is dead."""
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            if question is not None:
                child.stdin.write(json.dumps(question) + "\n")
                child.stdin.flush()
            found: dict[str, Any] = json.loads(child.stdout.readline())
        except (OSError, ValueError):
            return None
        return found

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()
        if self._folder is not None:
            self._folder.cleanup()

    def close(self) -> None:
        """Ends the child for good; whoever waits for its answer hears that it is away."""
        self._closed = True
        if (child := self._child) is not None:
            child.kill()
        with self._lock:
            self._end()


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
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    return config
