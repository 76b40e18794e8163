"""A small table that came as a file, CSV or a workbook, whole in memory."""

import tempfile
from pathlib import Path
from typing import BinaryIO

from cluster.base.errors import FieldFault, Invalid
from cluster.imports.reading.found import Cell, FileFault, ReadOptions
from cluster.imports.reading.process import read

WORKBOOK = b"PK\x03\x04"


async def table_in(file: BinaryIO, lines_max: int) -> tuple[list[str], list[tuple[int, list[Cell]]]]:
    """
    Header and numbered lines of a file.

    Raises
    ------
    Invalid
        When it cannot be read as a table, or has too many lines.
    """
    file.seek(0)
    content = file.read()
    kind = "xlsx" if content.startswith(WORKBOOK) else "csv"
    header: list[str] = []
    lines: list[tuple[int, list[Cell]]] = []
    with tempfile.TemporaryDirectory(prefix="cluster-table-") as folder:
        path = Path(folder) / f"file.{kind}"
        path.write_bytes(content)
        try:
            async for part in read(path, kind, ReadOptions()):
                header = header if part.head is None else part.head.header
                lines += part.lines
                if len(lines) > lines_max:
                    raise FileFault("too_many_lines", f"more than {lines_max} lines", "leave lines out")
        except FileFault as fault:
            raise Invalid([FieldFault(pointer="/file", code=fault.code, cause=fault.cause, cure=fault.cure)]) from None
    return header, lines
