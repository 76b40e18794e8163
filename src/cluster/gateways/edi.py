"""
Tours, offers, answers and events as CSV: the columns, and nothing that is guessed.

What goes out is what the carrier would read through its API, under the same names; what comes in is what it would send
there. UTF-8, a header, comma or semicolon. A line is understood by itself: every fault of every line is told.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from cluster.base.errors import FieldFault, Invalid, Malformed
from cluster.base.fields import PublicId
from cluster.base.validation import explain, judge
from cluster.dispatch.carrier_models import CarrierEvent, CarrierWholeTour, ForeignEvent, ForeignFormat
from cluster.imports.writing.cells import csv_text
from cluster.shipments.parties import Instant, Note
from cluster.tenders.models import DeclineReason, Minor, Offer, TenderStop

LINES_MAX = 5000
TOUR_COLUMNS = (
    *("message_id", "tour_id", "tour_code", "tour_version", "tour_status", "service_date", "vehicle", "starts_at"),
    *("ends_at", "stop_no", "arrives_at", "departs_at", "action", "shipment_id", "reference", "name"),
    *("address_line1", "address_line2", "locality", "postal_code", "country_code", "lat", "lon", "window_start"),
    *("window_end", "instructions", "contact_name", "phone", "units", "weight_g", "temperature_class", "cod_minor"),
    *("currency", "inspection"),
)
OFFER_COLUMNS = (
    *("message_id", "offer_id", "offer_version", "offer_status", "price_minor", "currency", "deadline_at"),
    *("service_date", "vehicle", "starts_at", "ends_at", "distance_m", "start_name", "stop_no", "locality"),
    *("postal_code", "country_code", "lat", "lon", "arrives_at", "departs_at", "window_start", "window_end"),
    *("pickups", "deliveries", "units", "weight_g", "un_numbers", "temperature_classes", "note"),
)
REPORT_COLUMNS = ("line", "key", "result", "code", "pointer", "cause", "cure")
NUMBERS = {"stop_no": int, "units_done": int, "price_minor": int, "accuracy_m": int, "lat": float, "lon": float}


class AnswerWord(StrEnum):
    """What a carrier says to an offer."""

    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"


class AnswerLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of ``answers*.csv``."""

    offer_id: PublicId
    answer: AnswerWord
    price_minor: Minor | None = None
    starts_at: Instant | None = None
    reason: DeclineReason | None = None
    note: Note | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A counter has a price, a decline a reason."""
        for word, name in ((AnswerWord.COUNTER, "price_minor"), (AnswerWord.DECLINE, "reason")):
            if self.answer is word and getattr(self, name) is None:
                cause = f"an answer of {word} needs one"
                yield FieldFault(pointer=f"/{name}", code="missing", cause=cause, cure="add it")


class EventLine(CarrierEvent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of ``events*.csv``; without an ``event_key`` the same line is the same event."""

    event_key: Annotated[str, Meta(min_length=1, max_length=64)]


class Line(Struct, frozen=True):
    """A line as understood: its number in the file, and what it says, or what is wrong with it."""

    number: int
    key: str
    said: Any
    faults: Sequence[FieldFault] = ()


class Result(Struct, frozen=True, kw_only=True):
    """What became of a line."""

    line: int
    key: str
    result: str
    code: str | None = None
    pointer: str | None = None
    cause: str | None = None
    cure: str | None = None


class Unknown(Exception):
    """A file whose name or form says nothing."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code
        self.cause = cause


def of_tour(tour: CarrierWholeTour) -> bytes:
    """A tour, a line for each visit; one without visits has a line all the same."""
    head: dict[str, Any] = {
        "message_id": f"{tour.id}/{tour.version}",
        "tour_id": tour.id,
        "tour_code": tour.tour.code,
        "tour_version": tour.version,
        "tour_status": tour.tour.status,
        "service_date": tour.tour.service_date,
        "vehicle": tour.tour.vehicle,
        "starts_at": tour.tour.starts_at,
        "ends_at": tour.tour.ends_at,
        "currency": tour.currency,
    }
    rows = []
    for stop in tour.stops:
        place = {name: getattr(stop, name) for name in TOUR_COLUMNS if hasattr(stop, name)}
        for visit in stop.visits:
            said = {name: getattr(visit, name) for name in TOUR_COLUMNS if hasattr(visit, name)}
            rows.append(head | place | said | {"units": sum(unit.units for unit in visit.units)})
    return _written(TOUR_COLUMNS, rows or [head])


def of_offer(offer: Offer) -> bytes:
    """An offer, a line for each stop; nobody's name is in it."""
    content = offer.content
    head: dict[str, Any] = {
        "message_id": f"{offer.id}/{offer.version}",
        "offer_id": offer.id,
        "offer_version": offer.version,
        "offer_status": offer.status,
        "price_minor": offer.price_minor,
        "currency": offer.currency,
        "deadline_at": offer.deadline_at,
        "note": offer.note,
    }
    head |= {name: getattr(content, name) for name in OFFER_COLUMNS if hasattr(content, name) and name not in head}
    head.pop("weight_g")
    of_stops = [name for name in OFFER_COLUMNS if name in TenderStop.__struct_fields__]
    rows = [head | {name: getattr(stop, name) for name in of_stops} for stop in content.stops]
    return _written(OFFER_COLUMNS, rows or [head])


def report_of(results: Sequence[Result]) -> bytes:
    """What became of each line of a file."""
    return _written(REPORT_COLUMNS, [msgspec.structs.asdict(result) for result in results])


def _written(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
    lines = [columns, *([_cell(row.get(name)) for name in columns] for row in rows)]
    return csv_text(lines, first=True).encode()


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, list):
        return " ".join(str(entry) for entry in value)
    return value if value is None or isinstance(value, int | float) else str(value)


def kind_of(name: str) -> tuple[type[Struct], ForeignFormat | None]:
    """
    What the lines of a file are, by its name: ``answers*``, ``events*``, ``foreign_<format>*``.

    Raises
    ------
    Unknown
        When its name says nothing.
    """
    if name.startswith("answers"):
        return AnswerLine, None
    if name.startswith("events"):
        return EventLine, None
    for system in ForeignFormat:
        if name.startswith(f"foreign_{system}"):
            return ForeignEvent, system
    known = ", ".join(f"foreign_{system}" for system in ForeignFormat)
    raise Unknown("unknown_file", f"the name begins with none of answers, events, {known}")


def read(name: str, content: bytes, kind: type[Struct]) -> list[Line]:
    """
    The lines of a file.

    Raises
    ------
    Unknown
        When it is no UTF-8, has no header, or too many lines.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unknown("not_utf8", "the file is not UTF-8") from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    lines: list[Line] = []
    try:
        if not reader.fieldnames:
            raise Unknown("empty_file", "the file has no header")
        for row in reader:
            if len(lines) >= LINES_MAX:
                raise Unknown("too_many_lines", f"at most {LINES_MAX} lines go into a file")
            lines.append(_line(name, reader.line_num, row, kind))
    except csv.Error as error:
        raise Unknown("not_csv", f"line {reader.line_num}: {error}") from None
    return lines


def _line(name: str, number: int, row: Mapping[str | None, Any], kind: type[Struct]) -> Line:
    said = {
        column: value.strip() for column, value in row.items() if column and isinstance(value, str) and value.strip()
    }
    if kind is EventLine and "event_key" not in said:
        told = chr(0).join(f"{column}={said[column]}" for column in sorted(said))
        said["event_key"] = f"csv:{hashlib.sha256(told.encode()).hexdigest()[:40]}"
    key = str(said.get("event_key") or said.get("offer_id") or said.get("reference") or "")
    if row.get(None):
        cure = "quote texts that hold the separator"
        fault = FieldFault(pointer="", code="too_many_cells", cause="more cells than the header", cure=cure)
        return Line(number, key, None, [fault])
    raw = msgspec.json.encode({column: _number(column, value) for column, value in said.items()})
    try:
        found = msgspec.json.decode(raw, type=kind)
        judge(found)
    except msgspec.ValidationError:
        refused = explain(raw, kind)
        return Line(number, key, None, refused.errors if isinstance(refused, Invalid | Malformed) else ())
    except Invalid as refused:
        return Line(number, key, None, refused.errors)
    return Line(number, key, found)


def _number(column: str, value: str) -> Any:
    """A number where the column holds one and the text is one; the text otherwise, which is then refused as such."""
    try:
        return NUMBERS[column](value) if column in NUMBERS else value
    except ValueError:
        return value
