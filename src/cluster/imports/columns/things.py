"""From a line to a product or a carton: one line, one thing."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cluster.base.errors import ClusterError, FieldFault, Invalid
from cluster.base.validation import explain, judge
from cluster.imports.columns.bookings import Booking
from cluster.imports.columns.fields import FIELDS
from cluster.imports.columns.lines import LineFault, Read
from cluster.imports.product_models import AddCarton, AddProduct

TYPES: dict[str, type[AddProduct] | type[AddCarton]] = {"products": AddProduct, "cartons": AddCarton}
NAMED_BY = {"products": "sku", "cartons": "code"}


def thing(kind: str, line: Read, titles: Mapping[str, str]) -> Booking:
    """The product or carton of a line as JSON, or why there is none."""
    paths = {entry.name: entry.path[-1] for entry in FIELDS[kind]}
    body: dict[str, Any] = {paths[name]: value for name, value in line.values.items()}
    raw = msgspec.json.encode(body)
    faults = list(line.faults)
    told = {fault.column for fault in faults}
    names = {path: titles.get(name) for name, path in paths.items()}
    for fault in _wrong(raw, TYPES[kind]):
        field = fault.pointer.strip("/").partition("/")[0]
        column = names.get(field)
        if column is None or column not in told:
            cause = fault.cause if column is not None else f"{field}: {fault.cause}"
            faults.append(LineFault(line_no=line.line_no, column=column, code=fault.code, cause=cause, cure=fault.cure))
    name = str(line.values.get(NAMED_BY[kind], ""))
    return Booking(line.line_no, name, None if faults else raw, faults)


def _wrong(raw: bytes, kind: type[AddProduct] | type[AddCarton]) -> Iterator[FieldFault]:
    try:
        judge(msgspec.json.decode(raw, type=kind))
    except ClusterError as refused:
        yield from refused.errors
    except msgspec.ValidationError:
        refusal = explain(raw, kind)
        assert isinstance(refusal, Invalid), refusal.detail
        yield from refusal.errors
