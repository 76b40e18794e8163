"""Who may start and stop the servers of a data folder, agreed between processes through file locks.

The kernel drops a file lock with the process that held it, however it ended; so a process killed outright never blocks
the next start, and the last user of the servers always knows that it is the last.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def one_at_a_time(path: Path) -> Iterator[None]:
    """Hold the exclusive lock of a file, waiting for whoever holds it now."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class InUse:
    """The mark of one process that uses the servers; many may hold it at once."""

    def __init__(self, path: Path) -> None:
        self._handle: int | None = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def release(self) -> bool:
        """Give the mark back and return whether nobody else holds one.

        Call it inside ``one_at_a_time``: the answer stays true only as long as nobody can start.
        """
        if self._handle is None:
            return False
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._handle)
            self._handle = None
