"""HTTP of carriers' invoices as files."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Response, Stream

from cluster.base import ids
from cluster.base.auth import NOTED, For
from cluster.base.db import Role
from cluster.base.fields import VISIBLE
from cluster.base.http import ApiRequest, Db
from cluster.base.reference.document import OTHER_MEDIA_TYPES
from cluster.freight import file_intake
from cluster.freight.intake import Taken
from cluster.freight.invoice_files import EXAMPLES, HEADER, table_of
from cluster.freight.models import LINES_MAX, WholeInvoice
from cluster.imports.reading.found import Cell
from cluster.imports.receiving import UploadOperation, received
from cluster.imports.tables import table_in
from cluster.imports.writing.streams import CSV, XLSX, Format, file_of, file_schema

FILE_MAX_BYTES = 4 * 1024 * 1024
Number = Annotated[
    str, QueryParameter(min_length=1, max_length=100, pattern=VISIBLE, description="The invoice's own number.")
]
IssuedOn = Annotated[date, QueryParameter(description="Of which day the invoice is.")]
Total = Annotated[
    int | None,
    QueryParameter(ge=0, le=10**13, description="What the invoice comes to; that of the lines when left out."),
]


def _taken(found: Taken) -> Response[WholeInvoice]:
    headers = {"Idempotent-Replayed": "true" if found.replayed else "false"}
    return Response(found.invoice, headers=headers)


async def _examples() -> AsyncIterator[list[list[Cell | None]]]:
    yield EXAMPLES


class InvoiceFilesController(Controller):
    """Invoices that carriers sent as a file: the coordinator enters them."""

    path = "/v1"
    tags = ("Carriers",)
    guards = (For(Role.COORDINATOR),)

    @post(
        "/carriers/{carrier_id:str}/invoices/file",
        operation_id="enter_carrier_invoice_file",
        request_max_body_size=FILE_MAX_BYTES,
        operation_class=UploadOperation,
    )
    async def enter_carrier_invoice_file(
        self,
        request: ApiRequest,
        database: Db,
        carrier_id: FromPath[str],
        number: Number,
        issued_on: IssuedOn,
        total_minor: Total = None,
    ) -> Response[WholeInvoice]:
        """Enter an invoice from a file with its lines. All faults are told, by line; nothing is stored with any."""
        carrier = ids.parse("car", carrier_id)
        async with received(request) as upload:
            header, lines = await table_in(upload.file, LINES_MAX)
        table = table_of(header, lines)
        async with database.unit(request.auth) as db:
            found = await file_intake.receive(
                db, request.auth, carrier, table, number=number, issued_on=issued_on, total_minor=total_minor
            )
        return _taken(found)

    @get(
        "/carrier-invoice-template",
        operation_id="get_carrier_invoice_template",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV,), NOTED: False},
        responses=file_schema("The template."),
    )
    async def get_carrier_invoice_template(self, file_format: Format = "csv") -> Stream:
        """A file with the columns of an invoice's lines, and examples to be replaced."""
        return file_of(_examples(), HEADER, "invoice-lines", file_format)


class CarrierInvoiceFilesController(Controller):
    """A carrier's own invoices as files."""

    path = "/v1/carrier/invoices"
    tags = ("Carrier API",)
    guards = (For(Role.CARRIER_KEY),)

    @post(
        "/file", operation_id="send_invoice_file", request_max_body_size=FILE_MAX_BYTES, operation_class=UploadOperation
    )
    async def send_invoice_file(
        self,
        request: ApiRequest,
        database: Db,
        number: Number,
        issued_on: IssuedOn,
        total_minor: Total = None,
    ) -> Response[WholeInvoice]:
        """Send an invoice as a file with its lines. All faults are told, by line; nothing is stored with any."""
        if request.auth.carrier_id is None:
            raise LookupError("this key is of no carrier")
        async with received(request) as upload:
            header, lines = await table_in(upload.file, LINES_MAX)
        table = table_of(header, lines)
        async with database.unit(request.auth) as db:
            found = await file_intake.receive(
                db,
                request.auth,
                request.auth.carrier_id,
                table,
                number=number,
                issued_on=issued_on,
                total_minor=total_minor,
            )
        return _taken(found)

    @get(
        "/template",
        operation_id="get_own_invoice_template",
        media_type=XLSX,
        opt={OTHER_MEDIA_TYPES: (CSV,)},
        responses=file_schema("The template."),
    )
    async def get_own_invoice_template(self, file_format: Format = "csv") -> Stream:
        """A file with the columns of an invoice's lines, and examples to be replaced."""
        return file_of(_examples(), HEADER, "invoice-lines", file_format)
