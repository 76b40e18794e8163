"""The platform as it runs in production: a server and a worker in processes of their own, spoken to over HTTP."""

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.databases import Database

STARTED_WITHIN_S = 60


class Platform:
    """A running server and worker."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._environment = os.environ | {
            "DATABASE_URL": database.url,
            # a part of Valkey of its own: its worker takes no ring that another test waits for
            "REDIS_URL": f"{database.redis_url}?db=1",
            "CLUSTER_DATA_DIR": str(folder),
            "CLUSTER_PORT": str(self.port),
        }
        self.server = self._start("serve")
        self.worker = self._start("worker")

    def _start(self, command: str) -> subprocess.Popen[bytes]:
        log = (self._folder / f"{command}.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "cluster.cli", command],
                env=self._environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def ready(self) -> None:
        """Waits until the server answers."""
        deadline = time.monotonic() + STARTED_WITHIN_S
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/ready", trust_env=False, timeout=2).is_success:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError((self._folder / "serve.log").read_text())

    def kill_worker(self) -> None:
        """kill -9: no chance to put anything in order."""
        self.worker.kill()
        self.worker.wait()

    def start_worker(self) -> None:
        """Another worker, as a supervisor would start it."""
        self.worker = self._start("worker")

    def stop(self) -> None:
        """Ends both, politely and then not."""
        for process in (self.worker, self.server):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in (self.worker, self.server):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@contextmanager
def platform(database: Database, folder: Path) -> Iterator[Platform]:
    """A platform on this database while the block runs."""
    running = Platform(database, folder)
    try:
        running.ready()
        yield running
    finally:
        running.stop()


def free_port() -> int:
    """
    Any port below 32768, where no outgoing connection takes it; bound once to see that nothing lingers there.

    By chance, because it is taken a while later: two platforms that find the same one would both listen on it.
    """
    for port in random.SystemRandom().sample(range(21000, 32768), 200):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no free port")
