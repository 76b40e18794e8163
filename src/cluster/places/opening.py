"""
When a place is open: several intervals a day, by weekday, with exceptions.

The hours of a day are those of its exception, else none on a public holiday where the place says so, else those of
its weekday, else the default (``opens_at`` to ``closes_at``), else the whole day. Times are of the place's own zone.
"""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Protocol

import holidays
from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Text

MIDNIGHT = "24:00"
INTERVALS_MAX = 6
EXCEPTIONS_MAX = 400
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
EndTime = Annotated[str, Meta(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
"""Time of day at which something ends, ``24:00`` for the end of the day."""


class Interval(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open from one time of day until another."""

    opens_at: ClockTime
    closes_at: EndTime

    def faults(self) -> Iterator[FieldFault]:
        """The end comes after the beginning; what runs over midnight is two intervals."""
        if self.opens_at >= self.closes_at:
            cure = "let closes_at be later than opens_at; over midnight, give an interval on each day"
            yield FieldFault(pointer="/closes_at", code="window_reversed", cause="closes before it opens", cure=cure)


Intervals = Annotated[list[Interval], Meta(max_length=INTERVALS_MAX)]
WHOLE_DAY = Interval(opens_at="00:00", closes_at=MIDNIGHT)


class Week(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Hours of each weekday: an empty list is closed all day, a day left out has the default hours."""

    monday: Intervals | None = None
    tuesday: Intervals | None = None
    wednesday: Intervals | None = None
    thursday: Intervals | None = None
    friday: Intervals | None = None
    saturday: Intervals | None = None
    sunday: Intervals | None = None

    def of(self, day: date) -> list[Interval] | None:
        """The hours of a day's weekday, None where it has the default."""
        hours: list[Interval] | None = getattr(self, WEEKDAYS[day.weekday()])
        return hours

    def faults(self) -> Iterator[FieldFault]:
        """No two intervals of a day touch each other's time."""
        for name in WEEKDAYS:
            yield from _overlaps(getattr(self, name) or [], f"/{name}")


class OtherHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours of one day that differ from its weekday's; an empty list is closed all day."""

    on: date
    intervals: Intervals
    note: Text | None = None

    def faults(self) -> Iterator[FieldFault]:
        """No two intervals touch each other's time, and years are of this century."""
        yield from _overlaps(self.intervals, "/intervals")
        if not 2000 <= self.on.year <= 2100:
            cause = f"in the year {self.on.year}"
            yield FieldFault(pointer="/on", code="out_of_range", cause=cause, cure="a year from 2000 to 2100")


class OpeningHours(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours that are not the same every day; ``closed_on_public_holidays`` goes by the place's country."""

    week: Week = Week()
    exceptions: Annotated[list[OtherHours], Meta(max_length=EXCEPTIONS_MAX)] = []
    closed_on_public_holidays: bool = False

    def faults(self) -> Iterator[FieldFault]:
        """A day has one exception."""
        seen: set[date] = set()
        for index, entry in enumerate(self.exceptions):
            if entry.on in seen:
                pointer = f"/exceptions/{index}/on"
                cure = "put all intervals of a day into one exception"
                yield FieldFault(pointer=pointer, code="day_twice", cause="a day given twice", cure=cure)
            seen.add(entry.on)


class Open(Protocol):
    """Whatever has opening hours."""

    @property
    def country_code(self) -> str: ...  # noqa: D102
    @property
    def opens_at(self) -> str | None: ...  # noqa: D102
    @property
    def closes_at(self) -> str | None: ...  # noqa: D102
    @property
    def hours(self) -> OpeningHours | None: ...  # noqa: D102


def opening(place: Open, day: date) -> tuple[Interval, ...]:
    """
    When a place is open on a day, earliest first; empty when it is closed.

    Times are clock times of the place's zone, which may be one that changes its clocks on that day.
    """
    if place.hours is not None:
        for entry in place.hours.exceptions:
            if entry.on == day:
                return _sorted(entry.intervals)
        if place.hours.closed_on_public_holidays and day in public_holidays(place.country_code, day.year):
            return ()
        weekday = place.hours.week.of(day)
        if weekday is not None:
            return _sorted(weekday)
    if place.opens_at is None or place.closes_at is None:
        return (WHOLE_DAY,)
    return (Interval(opens_at=place.opens_at, closes_at=place.closes_at),)


@lru_cache(maxsize=256)
def public_holidays(country_code: str, year: int) -> frozenset[date]:
    """A country's public holidays in a year; none where the calendar does not know the country."""
    try:
        return frozenset(holidays.country_holidays(country_code, years=year))
    except NotImplementedError:
        return frozenset()


def knows_holidays(country_code: str) -> bool:
    """Whether the calendar has a country's public holidays."""
    return country_code in holidays.list_supported_countries()


def default_hours_faults(opens_at: str | None, closes_at: str | None) -> Iterator[FieldFault]:
    """Default hours come in pairs, the earlier first."""
    if (opens_at is None) != (closes_at is None):
        cure = "give both opens_at and closes_at, or neither"
        yield FieldFault(pointer="/opens_at", code="half_a_window", cause="only one end given", cure=cure)
    elif opens_at is not None and closes_at is not None and opens_at >= closes_at:
        cure = "let closes_at be later than opens_at"
        yield FieldFault(pointer="/closes_at", code="window_reversed", cause="closes before it opens", cure=cure)


def holiday_faults(country_code: str, hours: OpeningHours | None) -> Iterator[FieldFault]:
    """Being closed on holidays that nobody here knows."""
    if hours is not None and hours.closed_on_public_holidays and not knows_holidays(country_code):
        cause = f"no calendar of public holidays in {country_code}"
        pointer = "/hours/closed_on_public_holidays"
        yield FieldFault(pointer=pointer, code="holidays_unknown", cause=cause, cure="list exceptions")


def _sorted(intervals: list[Interval]) -> tuple[Interval, ...]:
    return tuple(sorted(intervals, key=lambda interval: interval.opens_at))


def _overlaps(intervals: list[Interval], pointer: str) -> Iterator[FieldFault]:
    in_order = _sorted(intervals)
    for before, after in pairwise(in_order):
        if after.opens_at < before.closes_at:
            cause = f"{after.opens_at} is before {before.closes_at}"
            cure = "let each interval begin when the one before it has ended"
            yield FieldFault(pointer=pointer, code="intervals_overlap", cause=cause, cure=cure)
