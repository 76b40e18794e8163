"""
Tariffs as tables: one line for each price, fuel step, zone and weight break; out, and in again as it was.

What is wrong in a table is told at once, each fault with its line.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec
from msgspec import structs

from cluster.base.errors import FieldFault, Invalid
from cluster.base.validation import explain, judge
from cluster.carriers.tariff_models import SettleTariff, TariffVersion
from cluster.imports.columns.values import Marks, Unreadable, day, text
from cluster.imports.reading.found import Cell

HEADER = [
    *("part", "code", "name", "from", "weight_max_g", "permille", "amount_minor", "per"),
    *("postal_codes", "ward_codes", "province_codes", "area"),
]
RATES = {"fixed": "fixed_minor", "km": "km_minor", "hour": "hour_minor", "stop": "stop_minor"}
"""Parts that a tariff has once, in ``tariff``."""
ONCE = {"trip": "trip_minor", "minimum": "minimum_minor"}
PARTS = (*RATES, *ONCE, "carrier", "fuel", "zone", "weight")
BETWEEN = ";"
"""Stands between postcodes, wards, provinces, and the corners of an area (``lat lon``)."""
WHOLE = re.compile(r"[+-]?\d{1,18}")


def rows_of(version: TariffVersion) -> list[list[Cell | None]]:
    """A tariff as lines below ``HEADER``."""
    found: list[dict[str, Cell | None]] = []
    found += [{"part": part, "amount_minor": getattr(version.tariff, name)} for part, name in RATES.items()]
    found += [{"part": part, "amount_minor": getattr(version, name)} for part, name in ONCE.items()]
    if version.carrier_name is not None:
        found.append({"part": "carrier", "name": version.carrier_name})
    found += [
        {"part": "fuel", "from": step.effective_from.isoformat(), "permille": step.permille} for step in version.fuel
    ]
    for zone in version.zones:
        line: dict[str, Cell | None] = {"part": "zone", "code": zone.code, "name": zone.name, "per": zone.per.value}
        line |= {"amount_minor": zone.supplement_minor, "postal_codes": BETWEEN.join(zone.postal_codes)}
        line |= {"ward_codes": BETWEEN.join(zone.ward_codes), "province_codes": BETWEEN.join(zone.province_codes)}
        found.append(line | {"area": BETWEEN.join(f"{corner.lat} {corner.lon}" for corner in zone.area)})
    found += [
        {"part": "weight", "weight_max_g": entry.weight_max_g, "amount_minor": entry.supplement_minor}
        for entry in version.weight_breaks
    ]
    return [[line.get(name) for name in HEADER] for line in found]


def tariff_of(header: Sequence[str], lines: Iterable[tuple[int, Sequence[Cell]]]) -> SettleTariff:
    """
    The tariff that a table tells; prices that it does not tell are nothing.

    Raises
    ------
    Invalid
        With every fault, at ``/lines/<number of the line>/<column>``.
    """
    names = [str(name).strip().lower() for name in header]
    cure = f"use {', '.join(HEADER)}"
    faults = [
        FieldFault(pointer="/header", code="unknown_column", cause=f"no column is called {name}", cure=cure)
        for name in names
        if name and name not in HEADER
    ]
    table = _Table()
    for line_no, cells in lines:
        line = {name: told for name, cell in zip(names, cells, strict=False) if (told := _text(cell))}
        if line:
            faults += table.add(line_no, line)
    try:
        body = _decoded(table.body)
    except Invalid as error:
        faults += [table.placed(fault) for fault in error.errors]
    if faults:
        raise Invalid(faults)
    return body


def _decoded(body: dict[str, object]) -> SettleTariff:
    raw = msgspec.json.encode(body)
    try:
        found = msgspec.json.decode(raw, type=SettleTariff)
    except msgspec.ValidationError:
        raise explain(raw, SettleTariff) from None
    judge(found)
    return found


class _Table:
    """What lines have told so far, and which line told what."""

    def __init__(self) -> None:
        self.body: dict[str, object] = {"tariff": {}, "fuel": [], "zones": [], "weight_breaks": []}
        self._lines: dict[str, int] = {}
        self._columns: dict[str, str] = {}

    def add(self, line_no: int, line: dict[str, str]) -> Iterator[FieldFault]:
        """Takes a line; what is wrong with its kind at once, what is wrong with its values later."""
        part = line.pop("part", "").lower()
        if part not in PARTS:
            cure = f"use one of {', '.join(PARTS)}"
            yield FieldFault(
                pointer=f"/lines/{line_no}/part", code="unknown_part", cause="not a part of tariffs", cure=cure
            )
        elif part in RATES:
            yield from self._once(line_no, "/tariff/", RATES[part], "amount_minor", line)
        elif part in ONCE:
            yield from self._once(line_no, "/", ONCE[part], "amount_minor", line)
        elif part == "carrier":
            yield from self._once(line_no, "/", "carrier_name", "name", line)
        else:
            self._each(line_no, part, line)

    def _once(self, line_no: int, where: str, name: str, column: str, line: dict[str, str]) -> Iterator[FieldFault]:
        pointer = where + name
        if pointer in self._lines:
            cause, cure = f"line {self._lines[pointer]} says it too", "say it once"
            yield FieldFault(pointer=f"/lines/{line_no}/part", code="twice", cause=cause, cure=cure)
        self._lines[pointer], self._columns[pointer] = line_no, column
        into = self.body["tariff"] if where == "/tariff/" else self.body
        assert isinstance(into, dict)
        into[name] = line.get(column, "") if column == "name" else _number(line.get(column, ""))

    def _each(self, line_no: int, part: str, line: dict[str, str]) -> None:
        if part == "fuel":
            into, renamed = "fuel", {"from": "effective_from", "permille": "permille"}
        elif part == "weight":
            into, renamed = "weight_breaks", {"weight_max_g": "weight_max_g", "amount_minor": "supplement_minor"}
        else:
            into, renamed = "zones", {name: name for name in HEADER[1:] if name not in {"from", "weight_max_g"}}
            renamed |= {"amount_minor": "supplement_minor"}
        entries = self.body[into]
        assert isinstance(entries, list)
        at = f"/{into}/{len(entries)}"
        self._lines[at] = line_no
        entries.append({renamed[name]: _value(name, given) for name, given in line.items() if name in renamed})
        self._columns |= {f"{at}/{field}": column for column, field in renamed.items()}

    def placed(self, fault: FieldFault) -> FieldFault:
        """A fault of the tariff as one of the table."""
        parts = fault.pointer.split("/")
        for length in range(len(parts), 1, -1):
            pointer = "/".join(parts[:length])
            line_no = self._lines.get(pointer) or self._lines.get("/".join(parts[: min(length, 3)]))
            if line_no is not None:
                column = self._columns.get(pointer) or self._columns.get("/".join(parts[:4]), "part")
                return structs.replace(fault, pointer=f"/lines/{line_no}/{column}")
        return fault


def _text(cell: Cell) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else text(cell)


def _number(given: str) -> object:
    """A whole number; what is none stays as it is, and is told as not fitting."""
    return int(given) if WHOLE.fullmatch(given) else given


def _value(name: str, given: str) -> object:
    if name in {"weight_max_g", "permille", "amount_minor"}:
        return _number(given)
    if name in {"postal_codes", "ward_codes", "province_codes"}:
        return [entry.strip() for entry in given.split(BETWEEN) if entry.strip()]
    if name == "area":
        return [_corner(entry) for entry in given.split(BETWEEN) if entry.strip()]
    if name == "from":
        return _day(given)
    return given.lower() if name == "per" else given


def _day(given: str) -> str:
    """A day however a spreadsheet writes it; what is none stays as it is."""
    try:
        return day(int(given) if WHOLE.fullmatch(given) else given, Marks()).isoformat()
    except Unreadable:
        return given


def _corner(given: str) -> object:
    """``lat lon`` in degrees; what is none stays as it is."""
    try:
        lat, lon = (float(part) for part in given.split())
    except ValueError:
        return given
    return {"lat": lat, "lon": lon}
