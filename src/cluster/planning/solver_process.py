"""A solve in a child process: it can be ended at any moment, and never outlives this one."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

LINE_BYTES_MAX = 256 * 1024 * 1024
STDERR_KEPT_BYTES = 4000
KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")
SCHEDULER = "CLUSTER_SCHEDULER"
"""Says to the child which Dask scheduler's workers to use."""


class SolverFailed(Exception):
    """The child ended without an answer; the text holds the end of what it wrote to standard error."""


class SolverProcess:
    """A running child; iterate over its messages."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._stopped = False
        self._stderr = asyncio.create_task(self._collect_stderr())
        self._reaped = asyncio.create_task(self._reap())

    async def messages(self) -> AsyncIterator[dict[str, msgspec.Raw]]:
        """
        What the child says, line by line, until it ends.

        Raises
        ------
        SolverFailed
            When it ends with anything but success.
        """
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            yield msgspec.json.decode(line, type=dict[str, msgspec.Raw])
        code = await self._reaped
        if code != 0:
            raise SolverFailed(f"The solver ended with status {code}: {(await self._stderr)[-500:]}")

    async def stop(self) -> None:
        """Asks the child to end its search and keep the best plan; once is enough, and after its end too late."""
        if self._stopped:
            return
        self._stopped = True
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended by itself
            self._process.stdin.write(b"stop\n")
            await self._process.stdin.drain()

    async def _collect_stderr(self) -> str:
        assert self._process.stderr is not None
        kept = b""
        while chunk := await self._process.stderr.read(4096):
            kept = (kept + chunk)[-STDERR_KEPT_BYTES:]
        return kept.decode(errors="replace").strip()

    def memory_mb(self) -> int:
        """Memory of the child and its helpers, MB, what they share counted once; 0 where the system has no /proc."""
        memory = [_memory_mb(pid) for pid in _group(self._process.pid)]
        return sum(own for own, _ in memory) + max((shared for _, shared in memory), default=0)

    async def _reap(self) -> int:
        """Waits for the child, then ends whatever it left behind: a helper would hold its output open for ever."""
        code = await self._process.wait()
        self._kill_group()
        return code

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):  # nobody is left
            os.killpg(self._process.pid, signal.SIGKILL)

    async def end(self) -> None:
        """Ends the child and everything it started, at once."""
        self._kill_group()
        await self._reaped
        await self._stderr


def _group(leader: int) -> list[int]:
    """Processes of the child's group."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):  # it may be gone by now
            if os.getpgid(int(entry.name)) == leader:
                found.append(int(entry.name))
    return found


def _memory_mb(pid: int) -> tuple[int, int]:
    """Resident memory of one process: its own, and what others may have mapped too."""
    with suppress(OSError, ValueError, IndexError):
        pages = [int(field) for field in Path(f"/proc/{pid}/statm").read_text().split()]
        resident, shared = (count * os.sysconf("SC_PAGE_SIZE") // 2**20 for count in pages[1:3])
        return resident - shared, shared
    return 0, 0


@asynccontextmanager
async def solver_process(request: bytes) -> AsyncIterator[SolverProcess]:
    """
    A child at work on a request, ended with the block.

    It gets no credentials: its environment holds only what a program needs to start.
    """
    environment = {name: os.environ[name] for name in (*KEPT_ENVIRONMENT, SCHEDULER) if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "solver.child",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment | {"PYTHONUNBUFFERED": "1"},
        start_new_session=True,
        limit=LINE_BYTES_MAX,
    )
    child = SolverProcess(process)
    try:
        assert process.stdin is not None
        process.stdin.write(request)
        await process.stdin.drain()
        yield child
    finally:
        await child.end()
