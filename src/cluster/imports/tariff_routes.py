"""HTTP of tariffs as files."""

import tempfile
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, BinaryIO

from litestar import Controller, get, put
from litestar.params import FromPath, QueryParameter
from litestar.response import Response, Stream
from msgspec import structs

from cluster.base import ids
from cluster.base.auth import NOTED, For
from cluster.base.db import Role
from cluster.base.errors import FieldFault, Invalid, NotFound
from cluster.base.etags import IfMatch, etag, with_etag
from cluster.base.http import ApiRequest, Db
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.carriers import tariffs
from cluster.carriers.tariff_models import SettleTariff, VehicleTariffs
from cluster.imports.reading.found import Cell, FileFault, ReadOptions
from cluster.imports.reading.process import read
from cluster.imports.receiving import UploadOperation, received
from cluster.imports.tariff_files import HEADER, rows_of, tariff_of
from cluster.imports.writing.streams import CSV, XLSX, Format, file_of, file_schema

FILE_MAX_BYTES = 4 * 1024 * 1024
LINES_MAX = 1000
WORKBOOK = b"PK\x03\x04"
From = Annotated[date | None, QueryParameter(description="From which day on; today when left out.")]
Why = Annotated[str, QueryParameter(max_length=200, description="Why it is settled.")]
Version = Annotated[
    int | None, QueryParameter(ge=0, le=2**31 - 1, description="Which version; the one in force when left out.")
]


class TariffFilesController(Controller):
    """Tariffs of vehicle types as tables: the coordinator's."""

    path = "/v1/vehicle-types/{vehicle_type_id:str}/tariffs/file"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @get(
        "/",
        operation_id="get_tariff_file",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV,), NOTED: False},
        responses=file_schema("The tariff."),
    )
    async def get_tariff_file(
        self,
        request: ApiRequest,
        database: Db,
        vehicle_type_id: FromPath[str],
        file_format: Format = "csv",
        version: Version = None,
    ) -> Stream:
        """A tariff as a file that can be settled again: a line for each price, fuel step, zone and weight break."""
        async with database.unit(request.auth) as db:
            found = await tariffs.tariffs(db, request.auth, ids.parse("vht", vehicle_type_id))
        chosen = [one for one in found.data if (one.in_force if version is None else one.version == version)]
        if not chosen:
            raise NotFound("set")
        file = file_of(_parts(rows_of(chosen[0])), HEADER, f"tariff-{chosen[0].version}", file_format)
        file.headers["ETag"] = etag(found.latest_version)
        return file

    @put(
        "/",
        operation_id="settle_tariff_file",
        request_max_body_size=FILE_MAX_BYTES,
        operation_class=UploadOperation,
    )
    async def settle_tariff_file(
        self,
        request: ApiRequest,
        database: Db,
        vehicle_type_id: FromPath[str],
        effective_from: From = None,
        note: Why = "",
        if_match: IfMatch = None,
    ) -> Response[VehicleTariffs]:
        """Settle the next version of a tariff from a file like that of the GET. All faults are told, by line."""
        async with received(request) as upload:
            body = await _told(upload.file)
        settled = structs.replace(body, effective_from=effective_from, note=note)
        async with database.unit(request.auth) as db:
            found = await tariffs.settle(db, request.auth, ids.parse("vht", vehicle_type_id), if_match, settled)
        return with_etag(found, found.latest_version)


async def _parts(rows: list[list[Any]]) -> AsyncIterator[list[list[Any]]]:
    yield rows


async def _told(file: BinaryIO) -> SettleTariff:
    """
    The tariff that a file tells.

    Raises
    ------
    Invalid
        When it cannot be read as a table, or with every fault of the table.
    """
    file.seek(0)
    content = file.read()
    kind = "xlsx" if content.startswith(WORKBOOK) else "csv"
    header: list[str] = []
    lines: list[tuple[int, list[Cell]]] = []
    with tempfile.TemporaryDirectory(prefix="cluster-tariff-") as folder:
        path = Path(folder) / f"file.{kind}"
        path.write_bytes(content)
        try:
            async for part in read(path, kind, ReadOptions()):
                header = header if part.head is None else part.head.header
                lines += part.lines
                if len(lines) > LINES_MAX:
                    raise FileFault("too_many_lines", f"more than {LINES_MAX} lines", "leave lines out")
        except FileFault as fault:
            raise Invalid([FieldFault(pointer="/file", code=fault.code, cause=fault.cause, cure=fault.cure)]) from None
    return tariff_of(header, lines)
