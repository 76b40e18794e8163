"""Runs the API and the worker as children of one process: for ``cluster demo`` and ``cluster dev``."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import msgspec

from cluster.base.embedded import Servers
from cluster.base.embedded.ports import next_free
from cluster.base.settings import Settings
from cluster.base.tether import GRACE_S, command

_TICK_S = 0.1
_GRACE_S = GRACE_S + 1.0
_STEADY_S = 5.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

Echo = Callable[[str], None]


class Child(NamedTuple):
    """A program to keep running."""

    name: str
    arguments: list[str]


class Supervisor:
    """Keeps programs running until told to end.

    A program that dies after five seconds or more is started again; one that dies sooner would only die again, so
    the supervisor gives up, or, when it watches files, waits for the next change.

    Parameters
    ----------
    children : list of Child
        What to run.
    environment : dict of str to str
        Their whole environment.
    echo : callable
        Takes lines for people.
    watch : list of Path
        Folders whose changes restart all children; empty watches nothing (else needs the ``watchfiles`` package).
    """

    def __init__(
        self, children: list[Child], environment: dict[str, str], echo: Echo, watch: list[Path] | None = None
    ) -> None:
        self._children = children
        self._environment = environment
        self._echo = echo
        self._watch = watch or []
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._born: dict[str, float] = {}
        self._asked = 0

    def run(self, *, ready: Callable[[], bool] = lambda: True, on_ready: Callable[[], None] = lambda: None) -> int:
        """Run until a signal or a hopeless child; all children are gone on return.

        Parameters
        ----------
        ready, on_ready : callable
            As soon as ``ready()`` is true, ``on_ready()`` is called, once.

        Returns
        -------
        int
            0 after SIGINT, SIGTERM or SIGHUP; else the exit code of the child that could not be kept running.
        """
        announced = False
        with self._signals():
            try:
                self._start_all()
                for changed in self._ticks():
                    if self._asked:
                        return 0
                    if changed:
                        self._echo("files changed, starting again")
                        self._stop_all()
                        self._start_all()
                    code = self._tend()
                    if code is not None:
                        return code
                    if not announced and ready():
                        announced = True
                        on_ready()
            finally:
                self._stop_all()
        return 0

    def _start_all(self) -> None:
        for child in self._children:
            self._start(child)

    def _start(self, child: Child) -> None:
        # A session of its own: Ctrl-C comes to us alone, and what the child starts can be ended with it.
        self._running[child.name] = subprocess.Popen(
            command(child.arguments), env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        self._born[child.name] = time.monotonic()

    def _tend(self) -> int | None:
        for child in self._children:
            process = self._running.get(child.name)
            if process is None or process.poll() is None:
                continue
            del self._running[child.name]
            steady = time.monotonic() - self._born[child.name] >= _STEADY_S
            what = f"{child.name} ended with code {process.returncode}"
            if steady:
                self._echo(f"{what}, starting it again")
                self._start(child)
            elif self._watch:
                self._echo(f"{what}, waiting for a change")
            else:
                self._echo(f"{what} right after its start, giving up")
                return process.returncode or 1
        return None

    def _stop_all(self) -> None:
        for process in self._running.values():
            process.terminate()  # the tether passes it on
        deadline = time.monotonic() + _GRACE_S
        for process in self._running.values():
            while process.poll() is None and time.monotonic() < deadline and self._asked < 2:
                time.sleep(0.02)
            _kill_group(process)  # whoever is left of it
            process.wait()
        self._running.clear()

    def _ticks(self) -> Iterator[bool]:
        """Yield every tenth of a second, true when files changed."""
        if not self._watch:
            while True:
                time.sleep(_TICK_S)
                yield False
        from watchfiles import watch  # a development dependency

        tick_ms = int(_TICK_S * 1000)
        yield False
        for changes in watch(
            *self._watch, debounce=400, step=50, rust_timeout=tick_ms, yield_on_timeout=True, raise_interrupt=False
        ):
            yield bool(changes)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self._ask) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self._asked += 1  # the second time, patience ends


def run_platform(
    settings: Settings,
    found: Servers,
    echo: Echo,
    *,
    reload: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> int:
    """Run ``cluster serve`` and ``cluster worker`` on servers in use, and return the exit code.

    If the port is taken, the next free one below 32768 serves, and ``echo`` says so. The children get the application
    role alone, never the owner's address.

    Parameters
    ----------
    settings : Settings
        Host, port and limits.
    found : Servers
        From ``embedded.servers``.
    echo : callable
        Takes lines for people.
    reload : bool
        Start again when a Python or SQL file of the package changes.
    on_ready : callable, optional
        Takes the address as soon as the API answers; told to ``echo`` if left out.
    """
    port = next_free(settings.host, settings.port)
    if port != settings.port:
        echo(f"port {settings.port} is taken, serving on {port}")
    given = msgspec.structs.replace(
        settings, port=port, database_url=found.database_url, database_owner_url=None, redis_url=found.redis_url
    )
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"} | given.to_env()
    program = [sys.executable, "-m", "cluster.cli"]
    children = [Child("api", [*program, "serve"]), Child("worker", [*program, "worker"])]
    home = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)  # noqa: S104 - compared, not bound
    shown = f"[{home}]" if ":" in home else home

    def _tell(url: str) -> None:
        echo(f"open {url}")

    return Supervisor(children, environment, echo, _sources() if reload else None).run(
        ready=lambda: _accepts(home, port), on_ready=lambda: (on_ready or _tell)(f"http://{shown}:{port}")
    )


def _sources() -> list[Path]:
    solver = find_spec("solver")  # looked up, not imported: the platform's base knows no solver
    folders = solver.submodule_search_locations if solver else None
    return [Path(__file__).resolve().parents[1], *(Path(folder) for folder in folders or ())]


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _kill_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says the latter of a group of the dead
        os.killpg(process.pid, signal.SIGKILL)
