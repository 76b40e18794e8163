"""What columns mean: remembered, recognised as a marketplace's, or matched by name; and what is still to be said."""

from collections.abc import Sequence

from msgspec import structs

from cluster.base.db import Connection
from cluster.base.errors import FieldFault, Invalid
from cluster.imports import queries
from cluster.imports.columns import headers
from cluster.imports.columns.fields import FIELDS, SMALLEST
from cluster.imports.columns.headers import Source
from cluster.imports.columns.values import GRAMS, MILLIMETRES, SECONDS, unit_of
from cluster.imports.marketplaces import recognise
from cluster.imports.models import ColumnSource, Mapping, Reading
from cluster.imports.reading.found import Head
from cluster.imports.work import Task

UNITS = {"g": GRAMS, "mm": MILLIMETRES, "s": SECONDS}


async def understand(db: Connection, task: Task, head: Head) -> tuple[Reading, Mapping]:
    """What the header says, and the mapping that follows from it."""
    reading = Reading(
        encoding=head.encoding,
        delimiter=head.delimiter,
        sheet=head.sheet,
        header=head.header,
        header_line=head.header_line,
    )
    assert task.scope.member_id is not None
    before = await queries.remembered(db, task.scope, task.scope.member_id, task.kind, digest_of(head))
    if before is not None:
        return judged(task.kind, structs.replace(reading, remembered=True), before), before
    recognised = recognise(head.header) if task.kind == "shipments" else None
    if recognised is not None:
        reading = structs.replace(reading, marketplace=recognised.marketplace.name)
    matched = recognised.matched if recognised else headers.match(task.kind, head.header)
    reading = structs.replace(reading, unknown=matched.unknown, repeated=matched.repeated)
    guess = Mapping(columns=[ColumnSource(**structs.asdict(source)) for source in matched.sources])
    return judged(task.kind, reading, guess), guess


def digest_of(head: Head) -> bytes:
    """What files with the same columns are known by."""
    return headers.digest(head.header)


def sources_of(mapping: Mapping) -> list[Source]:
    """A mapping as the reader of lines takes it, units as it knows them."""
    return [
        Source(
            field=source.field,
            column_no=source.column_no,
            value=source.value,
            unit=None if source.unit is None else unit_of(source.unit) or source.unit,
            joined=source.joined,
        )
        for source in mapping.columns
    ]


def judged(kind: str, reading: Reading, mapping: Mapping) -> Reading:
    """What a mapping leaves open."""
    sources = sources_of(mapping)
    missing = headers.missing(kind, sources)
    return structs.replace(reading, missing=missing, without_unit=headers.without_unit(kind, sources))


def is_needed(reading: Reading) -> bool:
    """Whether somebody must say what columns mean before lines can be checked."""
    return bool(reading.missing or reading.without_unit)


def check(kind: str, reading: Reading, mapping: Mapping) -> None:
    """
    Refuses a mapping that does not fit its file.

    Raises
    ------
    Invalid
        With fields and units that there are not, and columns beyond the last.
    """
    faults = [fault for index, source in enumerate(mapping.columns) for fault in _faults(kind, reading, index, source)]
    if faults:
        raise Invalid(faults)


def _faults(kind: str, reading: Reading, index: int, source: ColumnSource) -> Sequence[FieldFault]:
    known = {entry.name: entry for entry in FIELDS[kind]}
    faults = []
    if source.field not in known:
        cure = f"choose one of {', '.join(known)}"
        pointer = f"/columns/{index}/field"
        faults.append(
            FieldFault(pointer=pointer, code="unknown_column_field", cause="no field of this kind", cure=cure)
        )
    for number in [source.column_no, *source.joined]:
        if number is not None and number > len(reading.header):
            cause, cure = f"the file has {len(reading.header)} columns", "name one of them"
            pointer = f"/columns/{index}/column_no"
            faults.append(FieldFault(pointer=pointer, code="out_of_range", cause=cause, cure=cure))
    if source.unit is not None and source.field in known:
        smallest = SMALLEST.get(known[source.field].says)
        units = UNITS.get(smallest or "", {})
        if (unit_of(source.unit) or source.unit) not in units:
            cure = f"choose one of {', '.join(units)}" if units else "leave it out"
            pointer = f"/columns/{index}/unit"
            faults.append(FieldFault(pointer=pointer, code="unit_unknown", cause="no unit of this field", cure=cure))
    return faults
