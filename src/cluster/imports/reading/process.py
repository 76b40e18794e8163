"""Reading a file in a child process: what hurts it, hurts nobody else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from cluster.imports.reading.child import Part
from cluster.imports.reading.found import FileFault, ReadOptions

LINE_BYTES_MAX = 64 * 1024 * 1024
KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR", "VIRTUAL_ENV", "SYSTEMROOT")


async def read(path: Path, kind: str, options: ReadOptions) -> AsyncIterator[Part]:
    """
    What is in a file, part by part; the child does not read on until a part is taken.

    Raises
    ------
    FileFault
        When the file cannot be read as a table, or reading it ends the child.
    """
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "cluster.imports.reading.child",
        str(path),
        kind,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LINE_BYTES_MAX,
        env=environment,
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(msgspec.json.encode(options))
        process.stdin.close()
        is_over = False
        while line := await process.stdout.readline():
            part = msgspec.json.decode(line, type=Part)
            if part.fault is not None:
                raise FileFault(*part.fault)
            is_over = part.is_end
            yield part
        if not is_over:
            raise FileFault("not_readable", "reading it takes too much memory or time", "save it again, or as CSV")
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
