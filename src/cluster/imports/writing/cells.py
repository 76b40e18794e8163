"""
Cells that a spreadsheet takes for what they are.

Text that begins as a formula would be run by whoever opens the file ("CSV injection", OWASP); it gets an apostrophe in
front. So do text that begins with an apostrophe and text with blanks at its ends, so that reading (``columns.values``)
gives back exactly what was written.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from cluster.imports.columns.values import MARKER, is_marked
from cluster.imports.reading.found import Cell

BOM = "\ufeff"
CELL_MAX = 32_767


def safe(cell: Cell | None) -> Cell:
    """A cell as it is written; nothing as empty text."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        kept = cell.replace("\x00", "\ufffd")[:CELL_MAX]
        return MARKER + kept if is_marked(kept) else kept
    return cell


def csv_text(rows: Iterable[Sequence[Cell | None]], *, first: bool) -> str:
    """Lines of a CSV file; the first part begins with a byte order mark, by which spreadsheets know UTF-8."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_plain(safe(cell)) for cell in row] for row in rows)
    return (BOM if first else "") + out.getvalue()


def _plain(cell: Cell) -> str | int:
    """Decimals in full, without exponents."""
    return format(Decimal(repr(cell)), "f") if isinstance(cell, float) else cell


class Workbook:
    """A workbook written row by row to a file; close it to have it whole."""

    def __init__(self, path: Path, sheet: str, header: Sequence[str]) -> None:
        as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self._book = xlsxwriter.Workbook(str(path), {"constant_memory": True} | as_text)
        self._sheet = self._book.add_worksheet(sheet)
        self._bold = self._book.add_format({"bold": True})
        self._row = 0
        self._sheet.freeze_panes(1, 0)
        self.add([header], bold=True)

    def add(self, rows: Iterable[Sequence[Cell | None]], *, bold: bool = False) -> None:
        """Rows below those that are there."""
        for row in rows:
            for column, cell in enumerate(row):
                kept = safe(cell)
                if isinstance(kept, str):
                    if kept:
                        self._sheet.write_string(self._row, column, kept, self._bold if bold else None)
                else:
                    self._sheet.write_number(self._row, column, kept)
            self._row += 1

    def close(self) -> None:
        """Writes what is left."""
        self._book.close()
