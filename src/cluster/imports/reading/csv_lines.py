"""Text files: their delimiter, and their lines as cells."""

import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from cluster.imports.reading import encodings
from cluster.imports.reading.found import (
    HEADER_WITHIN,
    LINE_MAX,
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

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 1 << 16
SAMPLE_LINES = 200


def lines(path: Path, options: ReadOptions) -> Iterator[Head | tuple[int, list[Cell]]]:
    """
    First the head, then number and cells of each line below the header that is not empty.

    A line is a row as a spreadsheet counts them: one with line breaks in quotes is one.

    Raises
    ------
    FileFault
        When the file cannot be read as a table.
    """
    name = options.encoding or encodings.detect(path)
    with path.open("r", encoding=encodings.codec(name), newline="") as file:
        try:
            delimiter = options.delimiter or sniff(file.read(SAMPLE_CHARACTERS))
            file.seek(0)
            yield from _read(file, name, delimiter)
        except UnicodeError:
            raise FileFault("encoding_wrong", f"the file is not {name}", "choose its encoding") from None


def sniff(sample: str) -> str:
    """
    The delimiter that divides a text into the most regular table: the share of lines with as many cells as most have,
    times how many that are; a comma where nothing divides.
    """
    head = _without_sep_line(sample)
    found = {delimiter: _regularity(head, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: found[delimiter])
    return best if found[best] > 0 else ","


def _without_sep_line(sample: str) -> str:
    """Without the line ``sep=;`` that some programs write first."""
    first, _, rest = sample.partition("\n")
    return rest if first.strip().lower().startswith("sep=") else sample


def _regularity(sample: str, delimiter: str) -> float:
    widths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
            if row and number < SAMPLE_LINES:
                widths[len(row)] += 1
    except csv.Error:
        pass  # the sample may end within a quote; what came before counts
    if not widths:
        return 0.0
    width, count = max(widths.items(), key=lambda entry: (entry[1] * (entry[0] > 1), entry[0]))
    return 0.0 if width == 1 else count / widths.total() * (1 - 1 / width)


def _read(file: io.TextIOWrapper, name: str, delimiter: str) -> Iterator[Head | tuple[int, list[Cell]]]:
    # Strict: a quote that is not closed swallows all lines after it; better told than guessed.
    rows = csv.reader(_bounded(file), delimiter=delimiter, strict=True)
    head, count, line_no = None, 0, 0
    while True:
        line_no += 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            raise _quoting(line_no, error) from None
        if row is None:
            break
        if not any(cell.strip() for cell in row) or (line_no == 1 and len(row) == 1 and row[0].startswith("sep=")):
            continue
        cells: list[Cell] = list(row)
        check_cells(cells, line_no)
        if head is None:
            if is_header(cells):
                head = Head(format="csv", encoding=name, delimiter=delimiter, header=row, header_line=line_no)
                yield head
            elif line_no > HEADER_WITHIN:
                break
            continue
        count += 1
        if count > LINES_MAX:
            raise too_many_lines()
        yield line_no, cells
    if head is None:
        raise no_header()


def _bounded(file: io.TextIOWrapper) -> Iterator[str]:
    """Lines of text, none of them longer than memory should hold."""
    while text := file.readline(LINE_MAX):
        if len(text) == LINE_MAX and not text.endswith(("\n", "\r")):
            raise FileFault(
                "line_too_long", f"a line of more than {LINE_MAX} characters", "check that this is a table of text"
            )
        yield text


def _quoting(line_no: int, error: csv.Error) -> FileFault:
    if "field larger" in str(error):
        return FileFault(
            "cell_too_long",
            f"line {line_no} has a cell that is far too long",
            "look for a quote that is not closed at its beginning",
        )
    return FileFault(
        "quote_wrong",
        f"line {line_no} has a quote that is not closed, or text right after a closing one",
        'close it, and double quotes within quotes: ""',
    )
