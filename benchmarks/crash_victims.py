"""The programs that are killed, and started again as whoever runs them would: by their own start command, no more."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from cluster.base.embedded import Servers
from cluster.base.embedded import start as start_servers
from cluster.base.settings import Settings

ENDS_MAX = 20
KINDS = ("web", "worker", "postmaster", "backend")


class Victims:
    """
    Server, worker and database of one data folder; nothing else is ever touched.

    Parameters
    ----------
    found
        The embedded servers, held by this process, so that starting them again stops nothing.
    """

    def __init__(self, folder: Path, found: Servers, environment: dict[str, str]) -> None:
        self._folder = folder
        self._found = found
        self._environment = environment
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._log = (folder / "programs.log").open("ab")
        self.killed: Counter[str] = Counter()
        self.ended_by_themselves: Counter[str] = Counter()

    def start(self, name: str) -> None:
        """Starts the server or the worker, in a session of its own."""
        command = {"web": "serve", "worker": "worker"}[name]
        self._running[name] = subprocess.Popen(
            [sys.executable, "-m", "cluster.cli", command],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )

    async def tend(self) -> None:
        """Starts again whatever ended, until cancelled."""
        while True:
            for name, process in list(self._running.items()):
                if process.poll() is not None:
                    self.ended_by_themselves[name] += 1
                    if self.ended_by_themselves[name] > ENDS_MAX:
                        raise RuntimeError(f"{name} ends by itself again and again: look at {self._log.name}")
                    self.start(name)
            await asyncio.sleep(0.3)

    async def kill(self, kind: str, draw: random.Random) -> None:
        """Ends one as a power cut would (SIGKILL) and starts it again."""
        if kind in self._running:
            self._kill_group(kind)
            self.start(kind)
        else:
            pid = await self._pid_of(kind, draw)
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            if kind == "postmaster":
                await asyncio.to_thread(self._revive)
        self.killed[kind] += 1

    def _kill_group(self, name: str) -> None:
        process = self._running[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # its own session: the program and its children, nobody else
        process.wait()

    async def _pid_of(self, kind: str, draw: random.Random) -> int | None:
        """A backend that serves the platform now, or the postmaster above it; None if none does."""
        try:
            db = await self.connect()
            rows: list[Any] = await db.fetch(
                "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename = 'cluster_app'"
            )
            above = psutil.Process(await db.fetchval("SELECT pg_backend_pid()")).ppid()
            await db.close()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, psutil.NoSuchProcess):
            return None
        if kind == "postmaster":
            return above
        return draw.choice(rows)["pid"] if rows else None

    def _revive(self) -> None:
        start_servers(Settings(data_dir=self._folder)).stop()  # stops nothing: this process still holds them

    async def connect(self) -> asyncpg.Connection:
        """A connection as superuser, past the platform."""
        return await asyncpg.connect(self._found.admin_url, timeout=10)

    async def connect_again(self) -> asyncpg.Connection:
        """The same, after whatever happened last; waits for the database to have recovered."""
        while True:
            try:
                return await self.connect()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.3)

    def end(self) -> None:
        """Ends server and worker."""
        for name in self._running:
            self._kill_group(name)
        self._log.close()
