"""Use cases of imports: take a file in, say what its columns mean, book it or let it go, look at it."""

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO
from uuid import UUID

from msgspec import structs

from cluster.base import audit, ids, jobs, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.imports import mapping, queries
from cluster.imports.models import (
    OVER,
    Book,
    Import,
    ImportKind,
    ImportLine,
    ImportStatus,
    LineState,
    Mapping,
)
from cluster.imports.reading import encodings
from cluster.members import service as members
from cluster.members.platform import platform

IMPORT_JOB = "import"
PIECE_BYTES = 1 << 20
WORKBOOK = b"PK\x03\x04"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


async def upload(
    db: Connection,
    scope: Scope,
    *,
    kind: ImportKind,
    filename: str,
    file: BinaryIO,
    size_bytes: int,
    digest: bytes,
    options: dict[str, Any],
) -> Import:
    """
    Takes a file in; a worker reads and checks it.

    Raises
    ------
    Invalid
        When it is empty, or of a format that is not read.
    Forbidden or Conflict
        When the member may not book now.
    """
    await members.must_be_active(db, scope)
    file.seek(0)
    form = _format(file.read(len(WORKBOOK)), options)
    file.seek(0)
    import_id = ids.new()
    await queries.insert(
        db,
        scope,
        import_id,
        kind=kind,
        filename=filename,
        form=form,
        size_bytes=size_bytes,
        digest=digest,
        options=options,
    )
    for number, content in enumerate(_pieces(file), start=1):
        await queries.add_piece(db, scope, import_id, number, content)
    await _ask_for_work(db, scope, import_id)
    return await get(db, scope, import_id)


def _format(begins: bytes, options: dict[str, Any]) -> str:
    faults = []
    if not begins:
        faults.append(
            _wrong("", "the file is empty", "send the file as the body, or as the part `file`", code="file_empty")
        )
    if begins.startswith(OLD_WORKBOOK):
        faults.append(_wrong("", "a workbook of the old format", "save it as .xlsx or as CSV", code="format_unknown"))
    encoding = options.get("encoding")
    if encoding is not None and encoding.lower() not in encodings.KNOWN:
        cure = f"choose one of {', '.join(encodings.KNOWN)}, or leave it out"
        faults.append(_wrong("#query/encoding", "no encoding that is read", cure, code="invalid_parameter"))
    if faults:
        raise Invalid(faults)
    return "xlsx" if begins.startswith(WORKBOOK) else "csv"


def _wrong(pointer: str, cause: str, cure: str, *, code: str) -> FieldFault:
    return FieldFault(pointer=pointer, code=code, cause=cause, cure=cure)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while content := file.read(PIECE_BYTES):
        yield content


async def _ask_for_work(db: Connection, scope: Scope, import_id: UUID) -> None:
    """A job that moves the import on; one that is there already will see what is new."""
    async with platform(db, scope) as acting:
        await jobs.add(db, acting, kind=IMPORT_JOB, dedupe_key=f"import:{ids.new()}", subject_id=import_id)


async def get(db: Connection, scope: Scope, import_id: UUID) -> Import:
    """One import of the calling member."""
    found = await queries.imports(db, scope, UUID(int=0), 1, import_id)
    if not found:
        raise NotFound("imp")
    return found[0]


async def list_imports(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Import]:
    """Imports of the calling member."""
    return page(await queries.imports(db, scope, after, limit + 1, None), limit)


async def lines(
    db: Connection, scope: Scope, import_id: UUID, after: int, limit: int, state: LineState | None
) -> Page[ImportLine]:
    """Lines of an import with what is wrong in them."""
    await get(db, scope, import_id)
    return page(await queries.lines(db, scope, import_id, after, limit + 1, state), limit)


async def map_columns(db: Connection, scope: Scope, import_id: UUID, body: Mapping) -> Import:
    """
    Says what the columns mean; the lines are checked anew.

    Raises
    ------
    Conflict
        While the file is being read, checked or booked, or when it is over.
    Invalid
        When the mapping does not fit the file, or leaves something open.
    """
    row = await _locked(db, scope, import_id)
    if row["status"] not in (ImportStatus.MAPPING_NEEDED, ImportStatus.CHECKED):
        raise Conflict(
            "import_not_ready", f"The import is {row['status']}: columns are mapped before and after checking."
        )
    found = await get(db, scope, import_id)
    assert found.reading is not None
    mapping.check(found.kind, found.reading, body)
    reading = mapping.judged(found.kind, structs.replace(found.reading, remembered=False), body)
    if mapping.is_needed(reading):
        faults = [
            _wrong("/columns", f"nothing gives {name}", "map it", code="field_missing") for name in reading.missing
        ]
        cure = "give its unit, such as kg or cm"
        faults += [_wrong("/columns", f"no unit of {name}", cure, code="unit_missing") for name in reading.without_unit]
        raise Invalid(faults)
    await queries.set_mapping(db, scope, import_id, reading, body, ImportStatus.READ)
    if body.remember and row["header_digest"] is not None and scope.member_id is not None:
        await queries.remember(db, scope, scope.member_id, found.kind, row["header_digest"], body)
    await _ask_for_work(db, scope, import_id)
    return await get(db, scope, import_id)


async def commit(db: Connection, scope: Scope, import_id: UUID, book: Book) -> Import:
    """
    Has a checked file booked. Asked again, it says how far that is.

    Raises
    ------
    Conflict
        When it is not checked yet, or holds faulty lines and all or nothing is asked for.
    """
    await members.must_be_active(db, scope)
    row = await _locked(db, scope, import_id)
    found = await get(db, scope, import_id)
    if row["status"] in (ImportStatus.BOOKING, ImportStatus.BOOKED, ImportStatus.PARTLY_BOOKED):
        return found
    if row["status"] != ImportStatus.CHECKED:
        raise Conflict("import_not_ready", f"The import is {row['status']}; it is booked once it is checked.")
    if book is Book.ALL_OR_NOTHING and found.counts.faulty:
        detail = f"{found.counts.faulty} lines have faults. Mend them and upload them again, or book good_lines."
        raise Conflict("import_has_faults", detail)
    if not found.counts.good:
        raise Conflict("nothing_to_book", "No line is good; mend them and upload them again.")
    await queries.set_book(db, scope, import_id, book)
    noted = {"book": book, "lines": found.counts.good}
    await audit.record(db, scope, "import.committed", "imp", import_id, noted)
    await _ask_for_work(db, scope, import_id)
    return await get(db, scope, import_id)


async def discard(db: Connection, scope: Scope, import_id: UUID) -> Import:
    """
    Lets a file go that is not to be booked. Discarding again changes nothing.

    Raises
    ------
    Conflict
        When it is being booked, or was.
    """
    row = await _locked(db, scope, import_id)
    status = row["status"]
    if status in (ImportStatus.BOOKING, ImportStatus.BOOKED, ImportStatus.PARTLY_BOOKED):
        raise Conflict("import_not_ready", f"The import is {status}; cancel shipments one by one.")
    if status not in OVER:
        await queries.set_status(db, scope, import_id, ImportStatus.DISCARDED)
        await queries.drop_pieces(db, scope, import_id)
        await outbox.emit(db, scope, import_id, "import.discarded", {}, member_id=scope.member_id)
    return await get(db, scope, import_id)


async def _locked(db: Connection, scope: Scope, import_id: UUID) -> Any:
    row = await queries.locked(db, scope, import_id)
    if row is None:
        raise NotFound("imp")
    return row


async def forget(db: Connection, scope: Scope, member_id: UUID, until: date | None = None) -> int:
    """
    For an erasure: drops the files and lines of a member's imports; returns how many lines.

    Parameters
    ----------
    until
        Only of imports that are over, and were so up to this day (UTC); None for all.
    """
    return await queries.forget_member(db, scope, member_id, OVER, until)
