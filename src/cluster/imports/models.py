"""Words of imports: files on their way from upload to bookings."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE

FILE_MAX_BYTES = 64 * 1024 * 1024
FAULTS_KEPT = 20
"""Of one line; it is mended in fewer rounds than it has more."""
ColumnNo = Annotated[int, Meta(ge=1, le=200)]
CellText = Annotated[str, Meta(min_length=1, max_length=200, pattern=PRINTABLE)]
UnitWord = Annotated[str, Meta(max_length=20, pattern=PRINTABLE)]


class ImportKind(StrEnum):
    """What the lines of a file are."""

    SHIPMENTS = "shipments"
    PRODUCTS = "products"
    CARTONS = "cartons"


class ImportStatus(StrEnum):
    """Where a file stands."""

    UPLOADED = "uploaded"
    READ = "read"
    MAPPING_NEEDED = "mapping_needed"
    CHECKED = "checked"
    BOOKING = "booking"
    BOOKED = "booked"
    PARTLY_BOOKED = "partly_booked"
    FAILED = "failed"
    DISCARDED = "discarded"


OVER = (ImportStatus.BOOKED, ImportStatus.PARTLY_BOOKED, ImportStatus.FAILED, ImportStatus.DISCARDED)
WORKING = (ImportStatus.UPLOADED, ImportStatus.READ, ImportStatus.BOOKING)


class Book(StrEnum):
    """What is booked: all lines or none, or those that are good."""

    ALL_OR_NOTHING = "all_or_nothing"
    GOOD_LINES = "good_lines"


class LineState(StrEnum):
    """Where a line stands; ``skipped`` is none of those that the file is about."""

    READ = "read"
    SKIPPED = "skipped"
    GOOD = "good"
    FAULTY = "faulty"
    BOOKED = "booked"


class DecimalMark(StrEnum):
    """What divides decimals."""

    POINT = "."
    COMMA = ","


class DayOrder(StrEnum):
    """What stands first in a day such as 3/4/2027."""

    DMY = "dmy"
    MDY = "mdy"


class ColumnSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where a field comes from: a column of the file, numbered from 1, or one ``value`` for all lines.

    ``unit`` is that of the numbers in a column that does not say it, such as ``kg`` or ``cm``. What stands in
    ``joined`` columns is added after commas.
    """

    field: Annotated[str, Meta(min_length=1, max_length=64, pattern="^[a-z0-9_]+$")]
    column_no: ColumnNo | None = None
    value: CellText | None = None
    unit: UnitWord | None = None
    joined: Annotated[list[ColumnNo], Meta(max_length=20)] = []

    def faults(self) -> Iterator[FieldFault]:
        """One of both."""
        if (self.column_no is None) == (self.value is None):
            cure = "give column_no or value"
            yield FieldFault(pointer="/column_no", code="one_of_both", cause="a column or a value", cure=cure)


class Mapping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How the columns of a file are to be understood.

    What is left out of ``decimal_mark`` and ``day_order`` is found out from the file. With ``remember`` the same header
    is understood alike the next time.
    """

    columns: Annotated[list[ColumnSource], Meta(max_length=200)]
    decimal_mark: DecimalMark | None = None
    day_order: DayOrder | None = None
    remember: bool = True

    def faults(self) -> Iterator[FieldFault]:
        """Each field once."""
        seen: set[str] = set()
        for index, source in enumerate(self.columns):
            if source.field in seen:
                cure = "leave one of them out"
                pointer = f"/columns/{index}/field"
                yield FieldFault(pointer=pointer, code="field_twice", cause="named before", cure=cure)
            seen.add(source.field)


class Commit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Book what has been checked."""

    book: Book = Book.ALL_OR_NOTHING


class Reading(Struct, frozen=True, kw_only=True):
    """
    What was found out about a file.

    Attributes
    ----------
    encoding, delimiter
        Of a text file; ``sheet`` of a workbook.
    header_line
        Where the names of the columns stand.
    marketplace
        Whose order file it is, if it is one.
    unknown, repeated
        Columns that mean nothing here, or what another one means already; by number.
    needed
        What a mapping must say: ``missing`` fields, and fields ``without_unit``.
    """

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: list[str] = []
    header_line: int = 0
    marketplace: str | None = None
    remembered: bool = False
    unknown: list[int] = []
    repeated: list[int] = []
    missing: list[str] = []
    without_unit: list[str] = []


class Counts(Struct, frozen=True, kw_only=True):
    """Lines by state; ``shipments`` are the bookings that good and booked lines make."""

    lines: int = 0
    skipped: int = 0
    good: int = 0
    faulty: int = 0
    booked: int = 0
    shipments: int = 0


class Import(Struct, frozen=True, kw_only=True):
    """A file on its way; ``checked_to`` and ``booked_to`` say how far work has come, as numbers of lines."""

    id: str
    kind: ImportKind
    status: ImportStatus
    filename: str
    format: str
    size_bytes: int
    sha256: str
    reading: Reading | None
    mapping: Mapping | None
    book: Book | None
    counts: Counts
    checked_to: int
    booked_to: int
    error_code: str | None
    error_detail: str | None
    created_at: datetime
    updated_at: datetime


class Fault(Struct, frozen=True, kw_only=True):
    """One thing wrong with a line: the title of its column, None for the whole line."""

    column: str | None
    code: str
    cause: str
    cure: str


class ImportLine(Struct, frozen=True, kw_only=True):
    """A line with what is wrong in it; ``id`` is its number as a spreadsheet counts."""

    id: str
    state: LineState
    cells: list[str | int | float]
    faults: list[Fault]
    shipment_id: str | None
