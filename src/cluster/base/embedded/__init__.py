"""PostgreSQL and Valkey from wheels, so that the platform runs where neither is installed.

``with servers(settings) as s:`` gives addresses. Where the settings name an existing server, that one is used and none
is started. Several processes may use the servers of one data folder; the last to leave stops them. After a process was
killed outright they go on, and the next one finds them again.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

from cluster.base.embedded import paths
from cluster.base.embedded.locks import InUse, one_at_a_time
from cluster.base.embedded.paths import EmbeddedError
from cluster.base.embedded.postgres import APP, OWNER, SUPERUSER, Postgres, address
from cluster.base.embedded.valkey import Valkey
from cluster.base.settings import Settings, hide_password

__all__ = ["EmbeddedError", "Servers", "running_database_url", "servers", "start"]


class Servers:
    """The servers in use.

    Attributes
    ----------
    database_url : str
        The application role: cannot bypass row-level security, owns nothing.
    owner_url : str or None
        The role that owns the schema, for migrations; None for an external database without ``DATABASE_OWNER_URL``.
    admin_url : str or None
        The superuser of the embedded PostgreSQL, for tests and repair; None for an external one.
    redis_url : str
        ``unix://`` for the embedded Valkey, else as set.
    """

    def __init__(
        self, settings: Settings, lock: Path | None, use: InUse | None, postgres: Postgres | None, valkey: Valkey | None
    ) -> None:
        self._lock, self._use, self._postgres, self._valkey = lock, use, postgres, valkey
        self.database_url = settings.database_url or (postgres.url(APP) if postgres else "")
        self.owner_url = postgres.url(OWNER) if postgres else settings.database_owner_url
        self.admin_url = postgres.url(SUPERUSER) if postgres else None
        self.redis_url = settings.redis_url or (valkey.url if valkey else "")
        self.started: list[str] = []

    def stop(self) -> None:
        """Leave the servers; whoever leaves last stops them. A second call does nothing."""
        self._leave(discard=False)

    def discard(self) -> bool:
        """Leave the servers and, as the last, delete all they stored; return whether that happened."""
        return self._leave(discard=True)

    def describe(self) -> list[str]:
        """Return lines for people: what serves, from where, whether it was started or found."""
        lines = []
        for name, part, url in (
            ("PostgreSQL", self._postgres, self.database_url),
            ("Valkey", self._valkey, self.redis_url),
        ):
            if part is None:
                lines.append(f"{name}: yours at {hide_password(url)}")
            else:
                how = "started" if name in self.started else "was running"
                lines.append(f"{name}: embedded, {how}, data in {part.home}")
        return lines

    def _leave(self, *, discard: bool) -> bool:
        if self._lock is None or self._use is None:
            return False
        with one_at_a_time(self._lock):
            if not self._use.release():
                return False
            for part in (self._valkey, self._postgres):
                if part is not None:
                    part.discard() if discard else part.stop()
        return True


def start(settings: Settings, *, fast: bool = False) -> Servers:
    """Start, or find running, whatever the settings do not name; the caller calls ``stop``.

    Parameters
    ----------
    settings : Settings
        Names existing servers, or the data folder of the embedded ones.
    fast : bool
        Trade durability for speed; for throw-away data alone.

    Raises
    ------
    EmbeddedError
        With cause and cure; nothing is left running then that did not run before.
    """
    if settings.database_url and settings.redis_url:
        return Servers(settings, None, None, None, None)
    data_dir = paths.prepare_data_dir(settings.data_dir)
    lock = data_dir / "servers.lock"
    with one_at_a_time(lock), ExitStack() as undo:
        use = InUse(data_dir / "servers.in-use")
        undo.callback(use.release)
        started = []
        postgres = valkey = None
        if not settings.database_url:
            postgres = Postgres(data_dir, fast=fast)
            if postgres.ensure():
                undo.callback(postgres.stop)
                started.append("PostgreSQL")
        if not settings.redis_url:
            valkey = Valkey(data_dir, fast=fast)
            if valkey.ensure():
                started.append("Valkey")
        undo.pop_all()
        found = Servers(settings, lock, use, postgres, valkey)
        found.started = started
        return found


@contextmanager
def servers(settings: Settings, *, fast: bool = False) -> Iterator[Servers]:
    """Use the servers within a block; they are left on any way out, a termination signal included."""
    with _termination_unwinds():
        found = start(settings, fast=fast)
        try:
            yield found
        finally:
            found.stop()


def running_database_url(settings: Settings) -> str | None:
    """Return the application role's address if the embedded PostgreSQL answers now; starts and creates nothing."""
    sockets = paths.socket_path(settings.data_dir, "pg")
    return address(sockets, APP) if (sockets / ".s.PGSQL.5432").exists() else None


@contextmanager
def _termination_unwinds() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into SystemExit where nobody else handles them, so that ``finally`` runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    changed = [number for number in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(number) == signal.SIG_DFL]
    for number in changed:
        signal.signal(number, _leave_on_signal)
    try:
        yield
    finally:
        for number in changed:
            if signal.getsignal(number) is _leave_on_signal:
                signal.signal(number, signal.SIG_DFL)


def _leave_on_signal(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)
