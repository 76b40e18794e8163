"""Files made to hurt: workbooks that unpack, refer or reach where none should."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from cluster.imports.reading.found import FileFault, ReadOptions
from cluster.imports.reading.process import read
from cluster.imports.receiving import name_of

pytestmark = pytest.mark.anyio
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">'
    '<!ENTITY file SYSTEM "file:///etc/passwd">]>'
)


def workbook(change: tuple[str, str], part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook of two columns, one part of which was changed by hand."""
    out, made = io.BytesIO(), io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["sku", "name"])
    sheet.write_row(1, 0, ["A-1", "Tea"])
    book.close()
    with zipfile.ZipFile(out) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.infolist():
            text = before.read(entry).decode()
            if entry.filename == part:
                assert change[0] in text
                text = text.replace(*change)
            after.writestr(entry.filename, text)
    return made.getvalue()


async def cells(tmp_path: Path, content: bytes) -> str:
    """All that is read of a file, or the code of its fault."""
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    try:
        return str([part.lines async for part in read(path, "xlsx", ReadOptions())])
    except FileFault as fault:
        return fault.code


@pytest.mark.parametrize("name", ["&file;", "&c;"])
async def test_an_entity_is_never_followed(tmp_path: Path, name: str) -> None:
    text = workbook(("<t>Tea</t>", f"<t>{name}</t>"), "xl/sharedStrings.xml")
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(text)) as before, zipfile.ZipFile(found, "w") as after:
        for entry in before.infolist():
            raw = before.read(entry)
            if entry.filename == "xl/sharedStrings.xml":
                raw = raw.replace(b"?>", b"?>" + ENTITIES.encode(), 1)
            after.writestr(entry.filename, raw)
    said = await cells(tmp_path, found.getvalue())
    assert "root:" not in said
    assert "aaaaaaaaaaaaaaaaaaaa" not in said


async def test_a_cell_in_the_last_corner_in_other_quotes_ends_the_reader_alone(tmp_path: Path) -> None:
    said = await cells(tmp_path, workbook(('r="B2"', "r='XFD1048576'")))
    assert said in {"not_readable", "too_many_columns", "too_many_lines", "file_too_large", "not_a_workbook"}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/cron.d/x", "x"),
        ("a\x00\r\nSet-Cookie: b.csv", "aSet-Cookie: b.csv"),
        ("..", ".."),
        ("\u202egnp.csv", "gnp.csv"),
    ],
)
def test_a_files_name_names_no_folder_and_breaks_no_line(given: str, shown: str) -> None:
    assert name_of(given, "upload") == shown
