"""HTTP of tariffs as files."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated, Any

from litestar import Controller, get, put
from litestar.params import FromPath, QueryParameter
from litestar.response import Response, Stream
from msgspec import structs

from cluster.base import ids
from cluster.base.auth import NOTED, For
from cluster.base.db import Role
from cluster.base.errors import NotFound
from cluster.base.etags import IfMatch, etag, with_etag
from cluster.base.http import ApiRequest, Db
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.carriers import tariffs
from cluster.carriers.tariff_models import VehicleTariffs
from cluster.imports.receiving import UploadOperation, received
from cluster.imports.tables import table_in
from cluster.imports.tariff_files import HEADER, rows_of, tariff_of
from cluster.imports.writing.streams import CSV, XLSX, Format, file_of, file_schema

FILE_MAX_BYTES = 4 * 1024 * 1024
LINES_MAX = 1000
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
            header, lines = await table_in(upload.file, LINES_MAX)
        body = tariff_of(header, lines)
        settled = structs.replace(body, effective_from=effective_from, note=note)
        async with database.unit(request.auth) as db:
            found = await tariffs.settle(db, request.auth, ids.parse("vht", vehicle_type_id), if_match, settled)
        return with_etag(found, found.latest_version)


async def _parts(rows: list[list[Any]]) -> AsyncIterator[list[list[Any]]]:
    yield rows
