"""
Lines of a carrier's invoice as a table: one line for each charge of a tour, by the tour's code or identifier.

What is wrong in a table is told at once, each fault with its line.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import msgspec
from msgspec import Struct, structs

from cluster.base.errors import FieldFault, Invalid
from cluster.base.validation import explain, judge
from cluster.freight.models import SendInvoice
from cluster.imports.columns.values import text
from cluster.imports.reading.found import Cell

HEADER = ["tour", "kind", "quantity", "unit", "rate_minor", "amount_minor", "text"]
EXAMPLES: list[list[Cell | None]] = [
    ["261123-1", "fixed", 1, "vehicle", 300_000, 300_000, None],
    ["261123-1", "distance", 6_583, "m", 9_000, 59_247, None],
    ["261123-1", "toll", None, None, None, 35_000, "Cat Lai ferry"],
]
"""What the template shows."""
NUMBERS = {"quantity", "rate_minor", "amount_minor"}
WHOLE = re.compile(r"[+-]?\d{1,18}")
TOUR_ID = re.compile(r"tor_[0-9a-z]{26}")


class Head(Struct, frozen=True, kw_only=True):
    """What an invoice says beside its lines; the total is that of the lines where none is given."""

    number: str
    issued_on: date
    currency: str
    total_minor: int | None


class Table(Struct, frozen=True, kw_only=True):
    """Lines that say something, each with its number in the file."""

    lines: list[tuple[int, dict[str, str]]]

    @property
    def codes(self) -> set[str]:
        """Tours that are named by their code."""
        named = {line.get("tour", "") for _, line in self.lines}
        return {name for name in named if name and not TOUR_ID.fullmatch(name)}


def table_of(header: Sequence[str], lines: Iterable[tuple[int, Sequence[Cell]]]) -> Table:
    """
    The lines of a file.

    Raises
    ------
    Invalid
        When a column is none of ``HEADER``, one that is needed is missing, or nothing is billed.
    """
    names = [str(name).strip().lower() for name in header]
    cure = f"use {', '.join(HEADER)}"
    faults = [
        FieldFault(pointer="/header", code="unknown_column", cause=f"no column is called {name}", cure=cure)
        for name in names
        if name and name not in HEADER
    ]
    faults += [
        FieldFault(pointer="/header", code="missing", cause=f"there is no column {name}", cure="add it")
        for name in ("tour", "kind", "amount_minor")
        if name not in names
    ]
    found = []
    for line_no, cells in lines:
        line = {name: told for name, cell in zip(names, cells, strict=False) if (told := _text(cell))}
        if line:
            found.append((line_no, line))
    if not found:
        faults.append(FieldFault(pointer="/lines", code="missing", cause="no line says anything", cure="add lines"))
    if faults:
        raise Invalid(faults)
    return Table(lines=found)


def invoice_of(table: Table, head: Head, tours: Mapping[str, str]) -> SendInvoice:
    """
    The invoice that a table tells.

    Parameters
    ----------
    tours
        Identifiers of tours by their codes, where a code is of one tour.

    Raises
    ------
    Invalid
        With every fault, at ``/lines/<number of the line>/<column>``.
    """
    bodies = [_body(line, tours) for _, line in table.lines]
    amounts = [body["amount_minor"] for body in bodies if isinstance(body.get("amount_minor"), int)]
    given = head.total_minor is not None
    whole: dict[str, Any] = {
        "number": head.number,
        "issued_on": head.issued_on.isoformat(),
        "currency": head.currency,
        "total_minor": head.total_minor if given else max(sum(amounts), 0),
        "lines": bodies,
    }
    raw = msgspec.json.encode(whole)
    faults = []
    try:
        found = msgspec.json.decode(raw, type=SendInvoice)
        judge(found)
    except msgspec.ValidationError:
        refused = explain(raw, SendInvoice)
        if not isinstance(refused, Invalid):
            raise refused from None
        faults += [placed(fault, table) for fault in refused.errors]
    for line_no, line in table.lines:
        name = line.get("tour", "")
        if name and not TOUR_ID.fullmatch(name) and name not in tours:
            cause, cure = f"no tour, or several, have the code {name}", "name a tour that the carrier drove"
            faults.append(
                FieldFault(pointer=f"/lines/{line_no}/tour", code="no_such_tour", cause=cause, cure=cure),
            )
    if faults:
        raise Invalid(faults)
    return found


def _body(line: Mapping[str, str], tours: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for name, told in line.items():
        if name == "tour":
            # A code that is of no tour stands for one that there is not: it is told beside the other faults.
            body["tour_id"] = told if TOUR_ID.fullmatch(told) else tours.get(told, "tor_unknown")
        elif name in NUMBERS:
            body[name] = int(told) if WHOLE.fullmatch(told) else told
        else:
            body[name] = told.lower() if name == "kind" else told
    return body


def placed(fault: FieldFault, table: Table) -> FieldFault:
    """A fault of the invoice as one of the table."""
    parts = fault.pointer.split("/")
    if len(parts) < 3 or parts[1] != "lines" or not parts[2].isdigit():
        return fault
    line_no, _ = table.lines[int(parts[2])]
    column = parts[3] if len(parts) > 3 else "tour"
    return structs.replace(fault, pointer=f"/lines/{line_no}/{'tour' if column == 'tour_id' else column}")


def _text(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text(cell)
