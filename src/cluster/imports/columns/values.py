"""
What a cell says: numbers with either decimal mark, weights and lengths with their unit, days and times.

Nothing is guessed in silence. Which mark divides decimals, and whether a day comes before its month, is found out from
the whole column (``decimal_mark``, ``day_order``); a cell that could still be read in two ways is a fault.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from msgspec import Struct

from cluster.imports.reading.found import Cell

GRAMS = {"mg": Decimal("0.001"), "g": Decimal(1), "kg": Decimal(1000), "t": Decimal(1_000_000),
         "lb": Decimal("453.59237"), "oz": Decimal("28.349523125")}  # fmt: skip
MILLIMETRES = {"mm": Decimal(1), "cm": Decimal(10), "dm": Decimal(100), "m": Decimal(1000), "in": Decimal("25.4"),
               "ft": Decimal("304.8")}  # fmt: skip
SECONDS = {"s": Decimal(1), "min": Decimal(60), "h": Decimal(3600)}
"""The pound and the inch are exact by the international agreement of 1959."""
UNIT_WORDS = {
    "gram": "g", "grams": "g", "gramm": "g", "gr": "g", "克": "g", "kgs": "kg", "kilogram": "kg", "kilogramm": "kg",
    "公斤": "kg", "千克": "kg", "kilo": "kg", "tonne": "t", "吨": "t", "lbs": "lb", "pounds": "lb", "毫米": "mm",
    "厘米": "cm", "公分": "cm", "米": "m", "inch": "in", "inches": "in", "zoll": "in", "sec": "s", "seconds": "s",
    "sekunden": "s", "giay": "s", "giây": "s", "秒": "s", "minutes": "min", "minuten": "min", "phut": "min",
    "phút": "min", "分钟": "min", "分": "min", "hours": "h", "stunden": "h", "gio": "h", "giờ": "h", "小时": "h",
}  # fmt: skip
DIGITS_MAX = 30
MARKER = "'"
"""Before text that a spreadsheet would take for a formula; see ``writing.cells``."""
FORMULA_BEGINS = "=+-@\t\r\n＝＋－＠"
SERIAL_FIRST, SERIAL_LAST = 20_000, 80_000
"""Numbers of days since 1899-12-30 that are taken for a day: 1954 to 2119."""
YEAR_FIRST, YEAR_LAST = 2000, 2100
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*")
_WHOLE = re.compile(r"[0-9]{1,18}")
_WITH_POINT = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,9}")
_UNIT = re.compile(r"(.*?[0-9])\s*([^\W\d_]+)\.?", re.DOTALL)
_ISO_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_DAY = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_CLOCK = re.compile(
    r"([0-9]{1,2})[:hH.]([0-9]{2})(?::[0-9]{2}(?:\.[0-9]+)?)?\s*([aApP])?\.?[mM]?\.?|([0-9]{1,2})\s*[hH]"
)
_BLANKS = dict.fromkeys(map(ord, "\u00a0\u202f\u2009 '’"), None)


class Unreadable(Exception):
    """A cell that does not say what its column should; ``code``, ``cause`` and ``cure`` as of any fault."""

    def __init__(self, code: str, cause: str, cure: str) -> None:
        super().__init__(cause)
        self.code = code
        self.cause = cause
        self.cure = cure


class Marks(Struct, frozen=True, kw_only=True):
    """
    How a file writes numbers and days.

    ``decimal`` is ``.`` or ``,`` or None where the file does not show; ``days`` is ``dmy``, ``mdy`` or ``ymd``.
    """

    decimal: str | None = None
    days: str = "dmy"


def text(cell: Cell) -> str:
    """A cell as text, without blanks around it; text that was marked when it was written as it was before."""
    if not isinstance(cell, str):
        return str(cell)
    if cell.startswith(MARKER) and is_marked(cell[1:]):
        return cell[1:]
    return cell.strip()


def is_marked(rest: str) -> bool:
    """Whether text is marked when it is written: it begins as a formula or a mark does, or has blanks at its ends."""
    return rest.startswith((*FORMULA_BEGINS, MARKER)) or rest != rest.strip()


def decimal_mark(samples: Iterable[str]) -> str | None:
    """The mark that divides decimals in these cells, None when none of them shows; the first that shows decides."""
    for sample in samples:
        plain = unicodedata.normalize("NFKC", sample).translate(_BLANKS)
        marks = [sign for sign in plain if sign in ".,"]
        if not marks or not _NUMBER.match(plain):
            continue
        last = marks[-1]
        digits = re.match("[0-9]*", plain[plain.rindex(last) + 1 :])
        if len(set(marks)) == 2:
            return last
        if len(marks) > 1:
            return "," if last == "." else "."
        whole = plain[: plain.rindex(last)].lstrip("+-")
        if digits is not None and (len(digits.group()) != 3 or len(whole) > 3 or whole == "0"):
            return last
    return None


def day_order(samples: Iterable[str], usual: str) -> str:
    """Whether days or months come first in these cells; as is ``usual`` in the country where they do not show."""
    for sample in samples:
        found = _DAY.match(sample.strip())
        if found and int(found[1]) > 12:
            return "dmy"
        if found and int(found[2]) > 12:
            return "mdy"
    return usual


def number(cell: Cell, marks: Marks) -> Decimal:
    """
    A number.

    Raises
    ------
    Unreadable
        When it is none, or could be read in two ways.
    """
    if not isinstance(cell, str):
        return Decimal(str(cell))
    if _WHOLE.fullmatch(cell) or (marks.decimal == "." and _WITH_POINT.fullmatch(cell)):
        return Decimal(cell)
    plain = unicodedata.normalize("NFKC", text(cell)).translate(_BLANKS).replace("−", "-")
    if not _NUMBER.fullmatch(plain) or sum(sign.isdigit() for sign in plain) > DIGITS_MAX:
        raise Unreadable("not_a_number", f"{short(cell)} is not a number", "write digits alone, such as 1250 or 12.5")
    decimal = marks.decimal or _own_mark(plain, cell)
    grouping = "," if decimal == "." else "."
    whole, _, rest = plain.partition(decimal)
    groups = whole.lstrip("+-").split(grouping)
    is_grouped = len(groups) == 1 or (0 < len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:]))
    if not is_grouped or grouping in rest or decimal in rest:
        raise Unreadable(
            "not_a_number",
            f"{short(cell)} is not a number with {decimal!r} before decimals",
            "check the number, or choose the other decimal mark",
        )
    return Decimal(whole.replace(grouping, "") + (f".{rest}" if rest else ""))


def degrees(cell: Cell) -> float:
    """Degrees: whatever mark there is divides decimals, as there are no thousands of them."""
    mark = degree_mark([cell]) if isinstance(cell, str) else None
    return float(number(cell, Marks(decimal=mark or ".")))


def degree_mark(samples: Iterable[str]) -> str | None:
    """The mark in the first of these cells that has one."""
    return next((sign for sample in samples for sign in sample if sign in ".,"), None)


def _own_mark(plain: str, cell: str) -> str:
    marks = [sign for sign in plain if sign in ".,"]
    found = decimal_mark([plain])
    if found is None and marks:
        raise Unreadable(
            "number_ambiguous",
            f"{short(cell)} may be thousands or decimals, and nothing in the file says which",
            "choose the decimal mark",
        )
    return found or "."


def amount(cell: Cell, marks: Marks, factors: Mapping[str, Decimal], unit: str | None) -> int:
    """
    A quantity in its smallest unit (the factor 1), rounded to whole ones; a cell's own unit goes before the column's.

    Raises
    ------
    Unreadable
        When it is no number, or no unit is known for it.
    """
    if isinstance(cell, str) and (found := _UNIT.fullmatch(text(cell))):
        cell = found[1]
        unit = unit_of(found[2]) or found[2]
    factor = factors.get(unit or "")
    if factor is None:
        known = ", ".join(factors)
        raise Unreadable("unit_unknown", f"no unit, or not one of {known}", f"choose one of {known} for the column")
    return int((number(cell, marks) * factor).quantize(Decimal(1), ROUND_HALF_UP))


def unit_of(word: str) -> str | None:
    """The unit that a word means, None when it means none."""
    low = word.casefold().strip(" .")
    known = {*GRAMS, *MILLIMETRES, *SECONDS}
    return low if low in known else UNIT_WORDS.get(low)


def whole(cell: Cell, marks: Marks) -> int:
    """A whole number."""
    found = number(cell, marks)
    if found != found.to_integral_value():
        raise Unreadable("not_whole", f"{short(cell)} is not a whole number", "write a whole number")
    return int(found)


def minor(cell: Cell, marks: Marks, decimals: int) -> int:
    """An amount of money in minor units of a currency with so many decimals."""
    found = number(cell, marks).scaleb(decimals)
    if found != found.to_integral_value():
        raise Unreadable("not_whole", f"{short(cell)} has more than {decimals} decimals", "round it to the currency")
    return int(found)


def day(cell: Cell, marks: Marks) -> date:
    """A day: ISO, day and month as the file has them, or a spreadsheet's serial number."""
    if not isinstance(cell, str):
        if SERIAL_FIRST <= cell <= SERIAL_LAST:
            return date(1899, 12, 30) + timedelta(days=int(cell))
        raise _no_day(cell)
    said = text(cell)
    if found := _ISO_DAY.fullmatch(said):
        parts = (found[1], found[2], found[3])
    elif found := _DAY.fullmatch(said):
        first, second = (found[2], found[1]) if marks.days != "mdy" else (found[1], found[2])
        parts = (found[3], first, second)
    else:
        raise _no_day(cell)
    try:
        found_day = date(*map(int, parts))
    except ValueError:
        raise _no_day(cell) from None
    if not YEAR_FIRST <= found_day.year <= YEAR_LAST:
        raise _no_day(cell)
    return found_day


def moment(cell: Cell, marks: Marks) -> str | datetime:
    """
    When something begins or ends: ``HH:MM`` of the service day, or a day with time, with a zone if it says one.
    """
    if not isinstance(cell, str):
        if 0 <= cell < 1:
            minutes = round(cell * 24 * 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        raise _no_time(cell)
    said = text(cell)
    if found := _clock(said):
        return found
    if len(said) > 10:
        with suppress(ValueError):
            found_moment = datetime.fromisoformat(said)
            if YEAR_FIRST <= found_moment.year <= YEAR_LAST:
                return found_moment
    before, _, after = said.replace("T", " ").partition(" ")
    clock = _clock(after.strip())
    if clock is None:
        raise _no_time(cell)
    hour, minute = map(int, clock.split(":"))
    found_day = day(before.rstrip(","), marks)
    return datetime(found_day.year, found_day.month, found_day.day, hour, minute)  # noqa: DTZ001


def _clock(said: str) -> str | None:
    found = _CLOCK.fullmatch(said)
    if found is None:
        return None
    if found[4]:
        hour, minute = int(found[4]), 0
    else:
        hour, minute = int(found[1]), int(found[2])
        half = (found[3] or "").lower()
        if half and not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def _no_day(cell: Cell) -> Unreadable:
    return Unreadable("not_a_day", f"{short(cell)} is not a day", "write it as 2026-11-22")


def _no_time(cell: Cell) -> Unreadable:
    return Unreadable("not_a_time", f"{short(cell)} is not a time", "write 08:30, or 2026-11-22 08:30")


def short(cell: Cell) -> str:
    """A cell as faults show it."""
    shown = repr(cell)
    return shown if len(shown) <= 40 else shown[:37] + "..."
