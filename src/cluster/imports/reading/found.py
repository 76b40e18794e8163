"""Words of reading: what a file is read with, and what is wrong with one that cannot be read."""

from msgspec import Struct

LINES_MAX = 100_000
COLUMNS_MAX = 200
CELL_MAX = 32_767
"""As many characters as a spreadsheet takes in a cell."""
LINE_MAX = 1_000_000
HEADER_WITHIN = 20
"""Lines at the beginning among which the header is looked for."""

Cell = str | int | float


class FileFault(Exception):
    """
    A file that cannot be read as a table.

    Parameters
    ----------
    code
        Stable word for what is wrong.
    cause, cure
        In words; the cause names the line where there is one.
    """

    def __init__(self, code: str, cause: str, cure: str) -> None:
        super().__init__(f"{cause}; {cure}")
        self.code = code
        self.cause = cause
        self.cure = cure


class ReadOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How to read a file; None: find out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


class Head(Struct, frozen=True, kw_only=True):
    """What was found out, and the header with the number of its line."""

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    header: list[str]
    header_line: int


def check_cells(cells: list[Cell], line_no: int) -> None:
    """
    Refuses a line that no table of goods has.

    Raises
    ------
    FileFault
        When it has too many columns, or a cell or the whole is too long.
    """
    if len(cells) > COLUMNS_MAX:
        raise FileFault(
            "too_many_columns",
            f"line {line_no} has {len(cells)} columns, at most {COLUMNS_MAX} are read",
            "check the delimiter, or leave columns out",
        )
    lengths = [len(cell) for cell in cells if isinstance(cell, str)]
    if any(length > CELL_MAX for length in lengths) or sum(lengths) > LINE_MAX:
        raise FileFault(
            "cell_too_long",
            f"line {line_no} has a cell of more than {CELL_MAX} characters",
            "look for a quote that is not closed above it, or shorten the cell",
        )


def is_header(cells: list[Cell]) -> bool:
    """Whether a line may be the header: text in two cells at least, or in its only one."""
    words = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
    return len(words) >= 2 or (len(words) == 1 and len(cells) == 1)


def too_many_lines() -> FileFault:
    """For more lines than are taken at once."""
    return FileFault("too_many_lines", f"more than {LINES_MAX} lines", "divide the file")


def no_header() -> FileFault:
    """For a file in which no names of columns are found."""
    return FileFault("no_header", "no line with the names of the columns", "let the first line name the columns")
