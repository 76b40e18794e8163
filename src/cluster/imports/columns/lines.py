"""Lines of cells as values of fields, with what is wrong in each cell."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from cluster.imports.columns import values
from cluster.imports.columns.fields import FIELDS, Field, Says
from cluster.imports.columns.headers import Source, plain
from cluster.imports.columns.values import Marks, Unreadable
from cluster.imports.reading.found import Cell

Value = str | int | float | bool | date | datetime | list[str]
Skips = tuple[tuple[int, re.Pattern[str], bool], ...]
YES = {"yes", "y", "true", "1", "x", "co", "ja", "j", "是", "有"}
NO = {"no", "n", "false", "0", "khong", "nein", "否", "无"}


class LineFault(Struct, frozen=True, kw_only=True):
    """
    One thing wrong with a line of a file.

    ``column`` is the title as it stands in the file, None where the whole line is meant.
    """

    line_no: int
    column: str | None
    code: str
    cause: str
    cure: str


class Column(NamedTuple):
    """One field of a plan: where its cell stands (from 0), or what stands in every line."""

    field: Field
    place: int | None
    constant: str | None
    title: str
    joined: tuple[int, ...]
    parse: Callable[[Cell], Value]


class Plan(NamedTuple):
    """
    How the lines of one file are read.

    ``skips`` are places (from 0) with patterns: lines are left out whose cell there matches (True) or does not (False).
    """

    kind: str
    columns: tuple[Column, ...]
    skips: Skips = ()


class Read(NamedTuple):
    """A line as values by name of field."""

    line_no: int
    values: dict[str, Value]
    faults: list[LineFault]


def plan_of(kind: str, sources: Sequence[Source], header: Sequence[str], marks: Marks, decimals: int) -> Plan:
    """
    How to read lines.

    Parameters
    ----------
    sources
        Of fields of this kind and columns of this header.
    decimals
        Of the cluster's currency.
    """
    fields = {entry.name: entry for entry in FIELDS[kind]}
    columns = []
    for source in sources:
        entry = fields[source.field]
        index = None if source.column_no is None else source.column_no - 1
        title = entry.titles[0] if index is None else header[index]
        joined = tuple(number - 1 for number in source.joined)
        columns.append(Column(entry, index, source.value, title, joined, _parser(entry, source.unit, marks, decimals)))
    return Plan(kind, tuple(columns))


def read_line(plan: Plan, line_no: int, cells: Sequence[Cell]) -> Read:
    """One line; an empty cell says nothing, one that cannot be understood is a fault."""
    found: dict[str, Value] = {}
    faults: list[LineFault] = []
    for column in plan.columns:
        cell: Cell | None = column.constant
        if column.place is not None:
            cell = cells[column.place] if column.place < len(cells) else ""
            if column.joined:
                cell = _joined(cells, (column.place, *column.joined))
        if cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        try:
            found[column.field.name] = column.parse(cell)
        except Unreadable as wrong:
            code, cause, cure = wrong.code, wrong.cause, wrong.cure
            faults.append(LineFault(line_no=line_no, column=column.title, code=code, cause=cause, cure=cure))
    return Read(line_no, found, faults)


def is_skipped(plan: Plan, cells: Sequence[Cell]) -> bool:
    """Whether a line is none of those that the file is about."""
    for place, pattern, where in plan.skips:
        cell = values.text(cells[place]) if place < len(cells) else ""
        if (pattern.fullmatch(cell) is not None) is where:
            return True
    return False


def _joined(cells: Sequence[Cell], places: Sequence[int]) -> str:
    """What several cells say, each thing once."""
    parts = [values.text(cells[place]) for place in places if place < len(cells)]
    return ", ".join(dict.fromkeys(part for part in parts if part))


def samples(sources: Sequence[Source], kind: str, says: set[Says], lines: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Text in columns of some kind: what marks and orders are found out from."""
    wanted = {entry.name for entry in FIELDS[kind] if entry.says in says}
    indexes = [source.column_no - 1 for source in sources if source.field in wanted and source.column_no is not None]
    for cells in lines:
        for index in indexes:
            if index < len(cells) and isinstance(cell := cells[index], str) and cell.strip():
                yield cell


def _parser(field: Field, unit: str | None, marks: Marks, decimals: int) -> Callable[[Cell], Value]:
    if field.says is Says.CHOICE:
        words = {plain(word): value for value, words in field.words.items() for word in (value, *words)}
        return lambda cell: _choice(cell, words, list(field.words))
    if (factors := _FACTORS.get(field.says)) is not None:
        return lambda cell: values.amount(cell, marks, factors, unit)
    parsers: dict[Says, Callable[[Cell], Value]] = {
        Says.TEXT: values.text,
        Says.WHOLE: lambda cell: values.whole(cell, marks),
        Says.DEGREES: values.degrees,
        Says.MONEY: lambda cell: values.minor(cell, marks, decimals),
        Says.DAY: lambda cell: values.day(cell, marks),
        Says.MOMENT: lambda cell: values.moment(cell, marks),
        Says.FLAG: _flag,
        Says.LIST: lambda cell: [part for each in re.split("[,;]", values.text(cell)) if (part := each.strip())],
    }
    return parsers[field.says]


_FACTORS: Mapping[Says, Mapping[str, Decimal]] = {
    Says.WEIGHT: values.GRAMS,
    Says.LENGTH: values.MILLIMETRES,
    Says.DURATION: values.SECONDS,
}


def _choice(cell: Cell, words: Mapping[str, str], known: list[str]) -> str:
    found = words.get(plain(values.text(cell)))
    if found is None:
        cause = f"{values.short(cell)} is not known here"
        raise Unreadable("not_a_choice", cause, f"write one of {', '.join(known)}")
    return found


def _flag(cell: Cell) -> bool:
    word = plain(values.text(cell))
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable("not_a_choice", f"{values.short(cell)} is neither yes nor no", "write yes or no")
