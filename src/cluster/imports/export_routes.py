"""HTTP of shipments as files."""

from typing import Annotated

from litestar import Controller, get
from litestar.params import QueryParameter
from litestar.response import Stream

from cluster.base import ids
from cluster.base.auth import MEMBERS, For
from cluster.base.http import ApiRequest, Db
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.imports import export
from cluster.imports.writing.shipments import header
from cluster.imports.writing.streams import CSV, XLSX, Format, file_of, file_schema
from cluster.shipments.models import ShipmentStatus

WindowFilter = Annotated[str | None, QueryParameter(max_length=40, description="Only those of this pool window.")]
StatusFilter = Annotated[ShipmentStatus | None, QueryParameter(name="status", description="Only those in this state.")]


class ExportController(Controller):
    """Shipments as files."""

    path = "/v1/shipments/export"
    tags = ("Imports",)

    @get(
        "/",
        guards=[For(*MEMBERS)],
        operation_id="export_shipments",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV,)},
        responses=file_schema("The shipments."),
    )
    async def export_shipments(
        self,
        request: ApiRequest,
        database: Db,
        file_format: Format = "csv",
        pool_window_id: WindowFilter = None,
        in_status: StatusFilter = None,
    ) -> Stream:
        """Your shipments as a file that can be imported again: a line for each kind of handling unit."""
        window = None if pool_window_id is None else ids.parse("win", pool_window_id)
        rows = export.lines(database, request.auth, window, in_status)
        return file_of(rows, header(), "shipments", file_format)
