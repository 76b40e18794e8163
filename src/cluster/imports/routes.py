"""HTTP of imports."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Controller, get, post, put
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import Response, ServerSentEvent, ServerSentEventMessage, Stream

from cluster.base import idempotency, ids
from cluster.base.auth import MEMBERS, For
from cluster.base.db import Database, Scope
from cluster.base.errors import FieldFault, Invalid
from cluster.base.http import ApiRequest, Db, IdempotencyKey
from cluster.base.pages import LIMIT_DEFAULT, Cursor, Limit, Page, after
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.imports import service
from cluster.imports.columns.fields import LANGUAGES
from cluster.imports.models import (
    FILE_MAX_BYTES,
    WORKING,
    Commit,
    Import,
    ImportKind,
    ImportLine,
    LineState,
    Mapping,
)
from cluster.imports.receiving import UploadOperation, name_of, received
from cluster.imports.writing import templates
from cluster.imports.writing.streams import CSV, XLSX, Format, attachment, file_of, file_schema, media_type

FORM_ALLOWANCE_BYTES = 64 * 1024
POLL_S = 0.4
KEEP_ALIVE_POLLS = 25
LINES_A_READ = 500
Kind = Annotated[ImportKind, QueryParameter(description="What the lines are.")]
Filename = Annotated[str | None, QueryParameter(max_length=200, description="What you call the file.")]
Encoding = Annotated[
    str | None, QueryParameter(max_length=20, description="Of a text file; found out where it is left out.")
]
Delimiter = Annotated[
    str | None, QueryParameter(pattern=r"^[,;|\t]$", description="Of a text file; found out where it is left out.")
]
Sheet = Annotated[str | None, QueryParameter(max_length=100, description="Of a workbook; the first if left out.")]
Language = Annotated[
    str, QueryParameter(pattern=f"^({'|'.join(LANGUAGES)})$", description=f"One of {', '.join(LANGUAGES)}.")
]
WithState = Annotated[LineState | None, QueryParameter(name="state", description="Only lines in this state.")]


class ImportsController(Controller):
    """Files of bookings, products and cartons."""

    path = "/v1/imports"
    tags = ("Imports",)

    @post(
        "/",
        guards=[For(*MEMBERS)],
        operation_id="upload_import",
        status_code=202,
        request_max_body_size=FILE_MAX_BYTES + FORM_ALLOWANCE_BYTES,
        operation_class=UploadOperation,
    )
    async def upload_import(
        self,
        request: ApiRequest,
        database: Db,
        idempotency_key: IdempotencyKey,
        kind: Kind = ImportKind.SHIPMENTS,
        filename: Filename = None,
        encoding: Encoding = None,
        delimiter: Delimiter = None,
        sheet: Sheet = None,
    ) -> Response[Import]:
        """
        Upload a CSV or XLSX file of at most 100,000 lines. Nothing is booked before you commit it.

        A worker reads and checks it; follow it at its events, or look it up until its status is `checked`,
        `mapping_needed` or `failed`.
        """
        options = {"encoding": encoding, "delimiter": delimiter, "sheet": sheet}
        async with received(request) as found:
            name = name_of(filename or found.name, "upload")
            fingerprint = msgspec.json.encode([kind, name, options]) + found.digest
            async with database.unit(request.auth) as db:
                answer = await idempotency.once(
                    db,
                    request.auth,
                    key=idempotency_key,
                    operation="POST /v1/imports",
                    request=fingerprint,
                    do=lambda: service.upload(
                        db,
                        request.auth,
                        kind=kind,
                        filename=name,
                        file=found.file,
                        size_bytes=found.size_bytes,
                        digest=found.digest,
                        options=options,
                    ),
                    status=202,
                )
        await request.app.state.nudge()
        location = f"/v1/imports/{msgspec.json.decode(answer.body)['id']}"
        headers = {"Idempotent-Replayed": "true" if answer.replayed else "false", "Location": location}
        return _json(answer.body, answer.status, headers)

    @get("/", guards=[For(*MEMBERS)], operation_id="list_imports")
    async def list_imports(
        self, request: ApiRequest, database: Db, limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
    ) -> Page[Import]:
        """Your imports."""
        async with database.unit(request.auth) as db:
            return await service.list_imports(db, request.auth, after("imp", cursor), limit)

    @get(
        "/template",
        guards=[For(*MEMBERS)],
        operation_id="get_import_template",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV,)},
        responses=file_schema("The template."),
    )
    async def get_import_template(
        self,
        kind: Kind = ImportKind.SHIPMENTS,
        file_format: Format = "xlsx",
        language: Language = "en",
    ) -> Response[bytes]:
        """A template to be filled in, with an example line; as a workbook also with lists and a legend."""
        write = templates.xlsx_template if file_format == "xlsx" else templates.csv_template
        content = await asyncio.to_thread(write, kind, language)
        return Response(
            content, media_type=media_type(file_format), headers=attachment(f"{kind}-{language}", file_format)
        )

    @get("/{import_id:str}", guards=[For(*MEMBERS)], operation_id="get_import")
    async def get_import(self, request: ApiRequest, database: Db, import_id: FromPath[str]) -> Import:
        """One import."""
        async with database.unit(request.auth) as db:
            return await service.get(db, request.auth, ids.parse("imp", import_id))

    @get("/{import_id:str}/lines", guards=[For(*MEMBERS)], operation_id="list_import_lines")
    async def list_import_lines(
        self,
        request: ApiRequest,
        database: Db,
        import_id: FromPath[str],
        limit: Limit = LIMIT_DEFAULT,
        cursor: Cursor = None,
        line_state: WithState = None,
    ) -> Page[ImportLine]:
        """Lines of an import in their order, with what is wrong in each; `state=faulty` for those alone."""
        found = ids.parse("imp", import_id)
        async with database.unit(request.auth) as db:
            return await service.lines(db, request.auth, found, _line_no(cursor), limit, line_state)

    @put("/{import_id:str}/mapping", guards=[For(*MEMBERS)], operation_id="map_import_columns")
    async def map_import_columns(
        self, request: ApiRequest, database: Db, import_id: FromPath[str], data: JSONBody[Mapping]
    ) -> Import:
        """Say what the columns mean; lines are then checked, or checked anew."""
        async with database.unit(request.auth) as db:
            found = await service.map_columns(db, request.auth, ids.parse("imp", import_id), data)
        await request.app.state.nudge()
        return found

    @post("/{import_id:str}/commit", guards=[For(*MEMBERS)], operation_id="commit_import", status_code=202)
    async def commit_import(
        self, request: ApiRequest, database: Db, import_id: FromPath[str], data: JSONBody[Commit]
    ) -> Import:
        """Have a checked file booked: all of it or nothing, or its good lines. Asking twice is the same as once."""
        async with database.unit(request.auth) as db:
            found = await service.commit(db, request.auth, ids.parse("imp", import_id), data.book)
        await request.app.state.nudge()
        return found

    @post("/{import_id:str}/discard", guards=[For(*MEMBERS)], operation_id="discard_import", status_code=200)
    async def discard_import(self, request: ApiRequest, database: Db, import_id: FromPath[str]) -> Import:
        """Let a file go that is not to be booked."""
        async with database.unit(request.auth) as db:
            return await service.discard(db, request.auth, ids.parse("imp", import_id))

    @get(
        "/{import_id:str}/faults",
        guards=[For(*MEMBERS)],
        operation_id="get_import_faults",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV,)},
        responses=file_schema("The faulty lines."),
    )
    async def get_import_faults(
        self,
        request: ApiRequest,
        database: Db,
        import_id: FromPath[str],
        file_format: Format = "xlsx",
    ) -> Stream:
        """The faulty lines as a file with a column that says what is wrong: mend them there and upload it."""
        found = ids.parse("imp", import_id)
        async with database.unit(request.auth) as db:
            header = (await service.get(db, request.auth, found)).reading
        rows = _faulty(database, request.auth, found)
        names = [*(header.header if header else []), "faults"]
        return file_of(rows, names, f"faults-{import_id}", file_format)

    @get("/{import_id:str}/events", guards=[For(*MEMBERS)], operation_id="follow_import")
    async def follow_import(self, request: ApiRequest, database: Db, import_id: FromPath[str]) -> ServerSentEvent:
        """Follow an import live: an `import` event whenever it has come further. Ends when nothing is being done."""
        found = ids.parse("imp", import_id)
        async with database.unit(request.auth) as db:
            await service.get(db, request.auth, found)
        return ServerSentEvent(_events(database, request.auth, found))


def _json(body: bytes, status: int, headers: dict[str, str]) -> Response[Any]:
    return Response(content=body, status_code=status, media_type="application/json", headers=headers)


def _line_no(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 9):
        cure = "use next_cursor of the page before"
        raise Invalid([FieldFault(pointer="#query/cursor", code="invalid_cursor", cause="not a cursor", cure=cure)])
    return int(cursor)


async def _faulty(database: Database, scope: Scope, import_id: UUID) -> AsyncIterator[list[list[Any]]]:
    """Faulty lines with what is wrong behind them, part by part."""
    done = 0
    while True:
        async with database.unit(scope) as db:
            part = await service.lines(db, scope, import_id, done, LINES_A_READ, LineState.FAULTY)
            width = len((await service.get(db, scope, import_id)).reading.header)  # type: ignore[union-attr]
        yield [[*(line.cells + [""] * width)[:width], _told(line)] for line in part.data]
        if not part.has_more:
            return
        done = int(part.data[-1].id)


def _told(line: ImportLine) -> str:
    said = [f"{fault.column or ''}{': ' if fault.column else ''}{fault.cause}; {fault.cure}" for fault in line.faults]
    return f"line {line.id}: " + " | ".join(said)


async def _events(database: Database, scope: Scope, import_id: UUID) -> AsyncIterator[ServerSentEventMessage]:
    """Looks every 0.4 s, as for plans."""
    seen, quiet = None, 0
    while True:
        async with database.unit(scope) as db:
            found = await service.get(db, scope, import_id)
        if found != seen:
            seen, quiet = found, 0
            yield ServerSentEventMessage(event="import", data=msgspec.json.encode(found).decode())
        if found.status not in WORKING:
            return
        quiet += 1
        if quiet % KEEP_ALIVE_POLLS == 0:
            yield ServerSentEventMessage(comment="still here")
        await asyncio.sleep(POLL_S)
