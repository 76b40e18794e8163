"""
Workbooks: looked over as archives first, then read by calamine.

A workbook is a zip of XML. What it claims to hold is checked before anything is unpacked, and how far its sheets reach
before they are laid out in memory: one cell in the last corner would make a table of 17 billion cells.
"""

import math
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineWorkbook

from cluster.imports.reading.found import (
    COLUMNS_MAX,
    HEADER_WITHIN,
    LINES_MAX,
    Cell,
    FileFault,
    Head,
    ReadOptions,
    check_cells,
    is_header,
    no_header,
    too_many_lines,
)

UNPACKED_MAX_BYTES = 500 * 1024 * 1024
RATIO_MAX = 200
RATIO_FROM_BYTES = 10 * 1024 * 1024
ENTRIES_MAX = 2000
PIECE_BYTES = 1 << 20
OVERLAP_BYTES = 64
EMPTY_LINES_MAX = 1000
_REFERENCE = re.compile(rb'\br="([A-Za-z]{1,4})([0-9]{1,9})"')
_WHOLE_MAX = 10**15
"""Whole numbers above it are not exact in a cell."""


def lines(path: Path, options: ReadOptions) -> Iterator[Head | tuple[int, list[Cell]]]:
    """
    First the head, then number and cells of each line below the header that is not empty.

    Numbers come as numbers, days and times as ISO text.

    Raises
    ------
    FileFault
        When the file is no workbook, claims to be enormous, or has no header.
    """
    look_over(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        names = book.sheet_names
        if options.sheet is not None and options.sheet not in names:
            raise FileFault("sheet_unknown", f"there is no sheet {options.sheet!r}", f"choose one of {names[:20]}")
        name = options.sheet or next(iter(names), None)
        if name is None:
            raise no_header()
        sheet = book.get_sheet_by_name(name)
        start = sheet.start
        rows = sheet.iter_rows()
    except FileFault:
        raise
    except Exception as error:
        raise FileFault("not_a_workbook", "the file is damaged or no workbook", "save it again as .xlsx") from error
    yield from _read(rows, name, 0 if start is None else start[0])


def look_over(path: Path) -> None:
    """Refuses archives that are not what they should be, see above."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _check_sizes(entries, path.stat().st_size)
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    _check_reach(archive, entry)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zipfile.LargeZipFile, OSError) as error:
        raise FileFault("not_a_workbook", "damaged, encrypted or no workbook", "save it as .xlsx") from error


def _check_sizes(entries: list[zipfile.ZipInfo], packed: int) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    is_bomb = unpacked > RATIO_FROM_BYTES and unpacked > RATIO_MAX * packed
    if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_MAX_BYTES or is_bomb:
        raise FileFault(
            "workbook_too_large",
            f"{len(entries)} parts of {unpacked} bytes unpacked, {packed} packed",
            "save the lines alone in a new workbook, or as CSV",
        )


def _check_reach(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """The farthest cell that a sheet names; and no more bytes than were declared."""
    read, rest = 0, b""
    with archive.open(entry) as file:
        while piece := file.read(PIECE_BYTES):
            read += len(piece)
            if read > entry.file_size:
                raise FileFault("workbook_too_large", "larger than it says", "save the lines in a new workbook")
            for letters, digits in _REFERENCE.findall(rest + piece):
                if _column(letters) > COLUMNS_MAX:
                    raise FileFault(
                        "too_many_columns",
                        f"a cell in column {letters.decode()}, at most {COLUMNS_MAX} columns are read",
                        "delete what stands to the right of the table",
                    )
                if int(digits) > LINES_MAX + EMPTY_LINES_MAX:
                    raise too_many_lines()
            rest = piece[-OVERLAP_BYTES:]


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _read(rows: Iterator[list[object]], sheet: str, offset: int) -> Iterator[Head | tuple[int, list[Cell]]]:
    head, count = None, 0
    for line_no, row in enumerate(rows, start=offset + 1):
        cells = [_cell(value) for value in row]
        if not any(cell != "" for cell in cells):
            continue
        check_cells(cells, line_no)
        if head is None:
            if is_header(cells):
                names = [str(cell) for cell in cells]
                head = Head(format="xlsx", sheet=sheet, header=names, header_line=line_no)
                yield head
            elif line_no > offset + HEADER_WITHIN:
                break
            continue
        count += 1
        if count > LINES_MAX:
            raise too_many_lines()
        yield line_no, cells
    if head is None:
        raise no_header()


def _cell(value: object) -> Cell:  # noqa: PLR0911  (one for each kind of cell)
    """Numbers as they are, whole ones as such; days and times as ISO text; all else as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return str(value)
        return int(value) if value.is_integer() and abs(value) < _WHOLE_MAX else value
    if isinstance(value, int):
        return value if abs(value) < _WHOLE_MAX else str(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return _clock(value)
    return "" if value is None else str(value)


def _clock(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
