"""Booking what was found good: chunk by chunk, or all of it in one transaction."""

from uuid import UUID

import msgspec

from cluster.base import outbox
from cluster.base.db import Connection, Database, act_as, system_scope
from cluster.base.jobs import Job, finish
from cluster.imports import entries, queries
from cluster.imports.entries import Refused
from cluster.imports.models import Book, Fault, ImportStatus
from cluster.imports.work import CHUNK_LINES, Task, chunk


class Refusal(Exception):
    """Something of a file that is to be booked as a whole cannot be: nothing was."""

    def __init__(self, refused: list[Refused]) -> None:
        super().__init__(f"{len(refused)} of its shipments cannot be booked any more")
        self.refused = refused


async def book(database: Database, job: Job, task: Task) -> None:
    """
    Books the entries of a checked file, each once: the lines' new state is part of the transaction that books them.

    Raises
    ------
    Refusal
        When all or nothing was asked for, and something cannot be.
    """
    if task.book == Book.ALL_OR_NOTHING:
        await _book_whole(database, job, task)
        return
    done = task.booked_to
    while True:
        async with chunk(database, job, task.scope) as db:
            done, is_over = await _book_chunk(db, task, done)
            if is_over:
                await conclude(db, task)
                return
            await queries.set_booked_to(db, task.scope, task.import_id, done)


async def _book_whole(database: Database, job: Job, task: Task) -> None:
    done, is_over = 0, False
    async with database.unit(task.scope) as db:
        while not is_over:
            done, is_over = await _book_chunk(db, task, done)
        await conclude(db, task)
        await _still_ours(db, job, task)


async def _still_ours(db: Connection, job: Job, task: Task) -> None:
    """Ends the job in the one transaction of all bookings; LeaseLost takes them all back."""
    await act_as(db, system_scope(job.cluster_id))
    await finish(db, job, "done")
    await act_as(db, task.scope)


async def _book_chunk(db: Connection, task: Task, after: int) -> tuple[int, bool]:
    """The next entries: the first line of the last of them, and whether there are no more."""
    found = await queries.entries(db, task.scope, task.import_id, after, CHUNK_LINES)
    if not found:
        return after, True
    done = await entries.do(db, task.scope, task.kind, found)
    if done.refused and task.book == Book.ALL_OR_NOTHING:
        raise Refusal(done.refused)
    if done.booked:
        await queries.set_booked(db, task.scope, task.import_id, done.booked)
    await note(db, task, done.refused)
    return found[-1][0], False


async def note(db: Connection, task: Task, refused: list[Refused]) -> None:
    """What could not be booked after all, at the first line of each."""
    for entry in refused:
        faults = [Fault(column=None, code=fault.code, cause=fault.cause, cure=fault.cure) for fault in entry.faults]
        await queries.refuse(db, task.scope, task.import_id, entry.line_no, msgspec.json.encode(faults).decode())


async def conclude(db: Connection, task: Task) -> None:
    """The state that booking ends in, told to whoever listens."""
    found = (await queries.imports(db, task.scope, UUID(int=0), 1, task.import_id))[0]
    status = ImportStatus.BOOKED if not found.counts.faulty else ImportStatus.PARTLY_BOOKED
    await queries.set_status(db, task.scope, task.import_id, status)
    detail = {"booked": found.counts.booked, "faulty": found.counts.faulty}
    await outbox.emit(db, task.scope, task.import_id, f"import.{status}", detail, member_id=task.scope.member_id)
