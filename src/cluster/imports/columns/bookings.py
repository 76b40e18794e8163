"""From lines to bookings: the lines of one reference are one shipment, each line one handling unit of it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from cluster.base.errors import ClusterError, FieldFault, Invalid
from cluster.base.validation import explain, judge
from cluster.imports.columns.fields import FIELDS, Field
from cluster.imports.columns.lines import LineFault, Read, Value
from cluster.shipments.models import BookShipment

ENDS = ("delivery", "pickup")
SHIPMENT = {entry.name: entry for entry in FIELDS["shipments"]}
BY_PATH = {entry.path: entry for entry in SHIPMENT.values() if entry.path}


class Surroundings(Struct, frozen=True, kw_only=True):
    """
    What lines refer to.

    Attributes
    ----------
    zone
        The cluster's.
    sites
        Identifiers by code: the member's own and the shared ones.
    windows
        Service days of pool windows by their identifier, and ``days`` the other way round.
    next_day
        Of the window that takes a booking without a day.
    reference
        What stands before the line's number where a file has no references of its own.
    products
        Known stock-keeping units.
    """

    zone: ZoneInfo
    sites: Mapping[str, str]
    windows: Mapping[str, date]
    days: Mapping[date, str]
    next_day: date | None
    reference: str
    products: Mapping[str, Mapping[str, Any]] = {}


class Booking(NamedTuple):
    """A booking as JSON, or why there is none; ``line_no`` is its first line."""

    line_no: int
    client_ref: str
    entry: bytes | None
    faults: list[LineFault]


class Group(NamedTuple):
    """Lines of one shipment while their booking is made."""

    lines: Sequence[Read]
    titles: Mapping[str, str]
    faults: list[LineFault]

    def fault(self, line_no: int, field: str | None, code: str, cause: str, cure: str) -> None:
        """Adds one; ``field`` is shown by the title of its column."""
        column = None if field is None else self.titles.get(field)
        self.faults.append(LineFault(line_no=line_no, column=column, code=code, cause=cause, cure=cure))


def reference(line: Read, around: Surroundings) -> str:
    """What tells a line's shipment from others: its reference, or file and line."""
    return str(line.values.get("client_ref") or f"{around.reference}-{line.line_no}")


def booking(lines: Sequence[Read], titles: Mapping[str, str], around: Surroundings) -> Booking:
    """
    The booking of lines that have one reference.

    ``titles`` tells the file's name of each field's column.
    """
    group = Group(lines, titles, [fault for line in lines for fault in line.faults])
    first = lines[0].line_no
    shared = _shared(group)
    ref = reference(lines[0], around)
    body: dict[str, Any] = {"client_ref": ref}
    for name, value in shared.items():
        entry = SHIPMENT[name]
        if entry.path and not entry.name.endswith(("window_start", "window_end")):
            _put(body, entry.path, value)
    _places(group, shared, body, around)
    _times(group, shared, body, around)
    body.setdefault("service", _service(body))
    body["handling_units"] = [_unit(group, line, around) for line in lines]
    raw = msgspec.json.encode(body)
    told = {(fault.line_no, fault.column) for fault in group.faults}
    # A cell that could not be understood is left out of the body, and what is missing there needs no word more.
    found = [_located(fault, group) for fault in _wrong(raw)]
    group.faults.extend(fault for fault in found if (fault.line_no, fault.column) not in told)
    return Booking(first, ref, None if group.faults else raw, group.faults)


def _shared(group: Group) -> dict[str, Value]:
    """What the lines say of the whole shipment: once, or everywhere the same."""
    found: dict[str, Value] = {}
    said_in: dict[str, int] = {}
    for line in group.lines:
        for name, value in line.values.items():
            if SHIPMENT[name].is_of_unit:
                continue
            if found.setdefault(name, value) != value:
                cause = f"says something else than line {said_in[name]} of the same shipment"
                cure = "let all lines of a shipment say the same, or give it another reference"
                group.fault(line.line_no, name, "lines_differ", cause, cure)
            said_in.setdefault(name, line.line_no)
    return found


def _put(body: dict[str, Any], path: Sequence[str], value: object) -> None:
    for step in path[:-1]:
        body = body.setdefault(step, {})
    body[path[-1]] = value


def _places(group: Group, shared: Mapping[str, Value], body: dict[str, Any], around: Surroundings) -> None:
    """Codes of sites as identifiers."""
    for name, path in (
        ("delivery_site_code", ("delivery", "site_id")),
        ("pickup_site_code", ("pickup", "site_id")),
        ("hub_site_code", ("hub_site_id",)),
    ):
        if name in shared:
            site = around.sites.get(str(shared[name]))
            if site is None:
                cause = f"there is no site with the code {str(shared[name])[:64]!r}"
                group.fault(group.lines[0].line_no, name, "site_unknown", cause, "add the site, or correct the code")
            else:
                _put(body, path, site)


def _times(group: Group, shared: Mapping[str, Value], body: dict[str, Any], around: Surroundings) -> None:
    """The pool window of a day, and windows of time on it."""
    line_no, day = group.lines[0].line_no, shared.get("service_date")
    window = shared.get("pool_window_id")
    if isinstance(day, date) and window is None:
        window = around.days.get(day)
        if window is None:
            cause = f"there is no pool window for {day}"
            group.fault(line_no, "service_date", "no_pool_window", cause, "choose a day that has one")
        else:
            body["pool_window_id"] = window
    if not isinstance(day, date):
        day = around.next_day if window is None else around.windows.get(str(window))
    for end in ENDS:
        for side in ("window_start", "window_end"):
            value = shared.get(f"{end}_{side}")
            if value is not None:
                _put(body, (end, side), _instant(value, day, around.zone, group, f"{end}_{side}"))


def _instant(value: Value, day: date | None, zone: ZoneInfo, group: Group, name: str) -> str | None:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).isoformat()
    if day is None:
        cause = "a time of day, and no pool window that it could belong to"
        group.fault(group.lines[0].line_no, name, "no_pool_window", cause, "give the day too")
        return None
    hour, minute = map(int, str(value).split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).isoformat()


def _service(body: Mapping[str, Any]) -> str:
    """What a line asks for that does not say: by the ends that it names."""
    if "pickup" in body:
        return "transport" if "delivery" in body else "collection"
    return "delivery"


def _unit(group: Group, line: Read, around: Surroundings) -> dict[str, Any]:
    """The handling unit of a line; what it does not say, its product says."""
    unit: dict[str, Any] = {}
    sku = line.values.get("sku")
    if sku is not None:
        known = around.products.get(str(sku))
        if known is not None:
            unit |= known
        elif not {"weight", "length", "width", "height"} <= line.values.keys():
            cause = f"there is no product {str(sku)[:64]!r}, and the line does not say weight and size itself"
            group.fault(line.line_no, "sku", "product_unknown", cause, "add the product, or weight and size")
    for name, value in line.values.items():
        entry = SHIPMENT[name]
        if entry.is_of_unit and entry.path:
            _put(unit, entry.path[1:], value)
    return unit


def _wrong(raw: bytes) -> Iterator[FieldFault]:
    """Everything that booking itself would refuse without looking anything up."""
    try:
        judge(msgspec.json.decode(raw, type=BookShipment))
    except ClusterError as refused:
        yield from refused.errors
    except msgspec.ValidationError:
        refusal = explain(raw, BookShipment)
        assert isinstance(refusal, Invalid), refusal.detail
        yield from refusal.errors


def located(faults: Sequence[FieldFault], lines: Sequence[Read], titles: Mapping[str, str]) -> list[LineFault]:
    """Faults that booking told, at the lines and columns that they come from."""
    group = Group(lines, titles, [])
    return [_located(fault, group) for fault in faults]


def _located(fault: FieldFault, group: Group) -> LineFault:
    """A fault of the booking as one of the line and column that it comes from."""
    steps = fault.pointer.strip("/").split("/")
    line = group.lines[0]
    if steps[0] == "handling_units" and len(steps) > 1 and steps[1].isdigit():
        line = group.lines[min(int(steps[1]), len(group.lines) - 1)]
        steps = ["{unit}", *steps[2:]]
    entry = _by_path(tuple(steps))
    column = None if entry is None else group.titles.get(entry.name)
    cause = fault.cause if column is not None else f"{'.'.join(steps).replace('{unit}.', '')}: {fault.cause}"
    return LineFault(line_no=line.line_no, column=column, code=fault.code, cause=cause, cure=fault.cure)


def _by_path(path: tuple[str, ...]) -> Field | None:
    if path[-1] == "site_id":
        return SHIPMENT[f"{path[0]}_site_code"]
    return BY_PATH.get(path)


def titles_of(columns: Sequence[Any]) -> dict[str, str]:
    """What the file calls each field."""
    return {column.field.name: column.title for column in columns}
