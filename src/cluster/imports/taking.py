"""From the uploaded file to a table of lines."""

import tempfile
from pathlib import Path
from uuid import UUID

import msgspec

from cluster.base.db import Database, Scope, act_as, system_scope
from cluster.base.jobs import Job
from cluster.imports import mapping, queries
from cluster.imports.models import ImportStatus
from cluster.imports.reading.child import Part
from cluster.imports.reading.found import FileFault, Head, ReadOptions
from cluster.imports.reading.process import read
from cluster.imports.work import Task, chunk


async def take(database: Database, job: Job, task: Task) -> None:
    """
    Stores the lines of a file, finds out what its columns mean, and lets the file go.

    Done again after a crash it reads the file again, and stores those lines that are not there yet.

    Raises
    ------
    FileFault
        When the file cannot be read as a table.
    """
    with tempfile.TemporaryDirectory(prefix="cluster-import-") as folder:
        path = Path(folder) / f"file.{task.form}"
        await _fetch(database, task.scope, task.import_id, path)
        head, lines = await _store(database, job, task, path)
    async with chunk(database, job, task.scope) as db:
        found, guess = await mapping.understand(db, task, head)
        digest = mapping.digest_of(head)
        await queries.set_read(db, task.scope, task.import_id, found, digest, lines)
        status = ImportStatus.MAPPING_NEEDED if mapping.is_needed(found) else ImportStatus.READ
        await queries.set_mapping(db, task.scope, task.import_id, found, guess, status)
        await act_as(db, system_scope(job.cluster_id))
        await queries.drop_pieces(db, system_scope(job.cluster_id), task.import_id)


async def _fetch(database: Database, scope: Scope, import_id: UUID, path: Path) -> None:
    """The file, piece by piece, each in a transaction of its own."""
    number = 1
    with path.open("wb") as file:
        while True:
            async with database.unit(scope) as db:
                content = await queries.piece(db, scope, import_id, number)
            if content is None:
                return
            file.write(content)
            number += 1


async def _store(database: Database, job: Job, task: Task, path: Path) -> tuple[Head, int]:
    """All lines into the table; the header, and how many there are."""
    head, lines = None, 0
    async for part in read(path, task.form, msgspec.convert(task.options, ReadOptions)):
        head = part.head or head
        if part.lines:
            lines += len(part.lines)
            await _store_part(database, job, task, part)
    if head is None:
        raise FileFault("no_header", "no line with the names of the columns", "let the first line name the columns")
    if not lines:
        raise FileFault("no_lines", "nothing below the header", "add the lines")
    return head, lines


async def _store_part(database: Database, job: Job, task: Task, part: Part) -> None:
    rows = [(line_no, msgspec.json.encode(cells).decode()) for line_no, cells in part.lines]
    assert task.scope.member_id is not None
    async with chunk(database, job, task.scope) as db:
        await queries.add_lines(db, task.scope, task.import_id, task.scope.member_id, rows)
