"""Words of recurring pool windows: schedules, calendars, and what becomes of late orders."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from cronsim import CronSim, CronSimError
from holidays import list_supported_countries
from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Code, Text, Weekday

Instant = Annotated[datetime, Meta(tz=True)]
HolidayCalendar = Annotated[str, Meta(pattern=r"^([A-Z]{2}(-[A-Z0-9]{1,3})?)?$")]
"""ISO 3166-1 alpha-2, with an ISO 3166-2 subdivision where holidays differ, such as ``DE-BY``; empty for none."""
DAY_S = 86_400
EVERY_WEEKDAY = (1, 2, 3, 4, 5, 6, 7)


class LatePolicy(StrEnum):
    """
    What becomes of an order after the cut-off.

    It is refused; or it goes into the next window that takes bookings; or it is accepted, and marked late, until a
    second moment.
    """

    REFUSE = "refuse"
    NEXT_WINDOW = "next_window"
    ACCEPT = "accept"


class OnHoliday(StrEnum):
    """What becomes of a window whose service day is a holiday: there is none, it serves the next day, or it serves."""

    SKIP = "skip"
    NEXT_DAY = "next_day"
    SERVE = "serve"


class AddSchedule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Recurring pool windows.

    ``cut_off_cron`` names the cut-offs in the cluster's zone: minute, hour, day of month, month, day of week, such as
    ``0 16 * * 1-5``. A window serves the day that is ``offset_days`` service days after its cut-off; service
    days are the ``service_weekdays`` (1 is Monday) that no calendar closes. ``holidays`` left out is the calendar of
    the cluster's country. It opens ``opens_days_before`` days before its cut-off at ``opens_clock``. ``late_s`` is how
    long after the cut-off late orders are accepted, with that policy alone.
    """

    label: Code
    cut_off_cron: Annotated[str, Meta(min_length=9, max_length=100, pattern=r"^[0-9*,/A-Za-z#\- ]+$")]
    offset_days: Annotated[int, Meta(ge=0, le=30)] = 1
    service_weekdays: Annotated[list[Weekday], Meta(min_length=1, max_length=7)] = field(
        default_factory=lambda: list(EVERY_WEEKDAY)
    )
    holidays: HolidayCalendar | None = None
    on_holiday: OnHoliday = OnHoliday.SKIP
    opens_days_before: Annotated[int, Meta(ge=0, le=60)] = 7
    opens_clock: ClockTime = "00:00"
    late_policy: LatePolicy = LatePolicy.REFUSE
    late_s: Annotated[int, Meta(ge=0, le=2 * DAY_S)] = 0
    horizon_days: Annotated[int, Meta(ge=1, le=90)] = 14
    valid_from: date | None = None
    valid_until: date | None = None
    active: bool = True

    def faults(self) -> Iterator[FieldFault]:
        """The cron expression means something, calendars exist, and what belongs together goes together."""
        yield from _cron_faults(self.cut_off_cron)
        yield from _calendar_faults(self.holidays)
        if (self.late_policy is LatePolicy.ACCEPT) != (self.late_s > 0):
            cause = f"{self.late_s} with the policy {self.late_policy}"
            cure = "more than 0 with accept, 0 or left out otherwise"
            yield FieldFault(pointer="/late_s", code="policy_and_seconds", cause=cause, cure=cure)
        if len(set(self.service_weekdays)) != len(self.service_weekdays):
            cause, cure = "a weekday twice", "name each once"
            yield FieldFault(pointer="/service_weekdays", code="twice", cause=cause, cure=cure)
        if self.valid_from is not None and self.valid_until is not None and self.valid_from > self.valid_until:
            cure = "let valid_until be valid_from or later"
            yield FieldFault(pointer="/valid_until", code="window_reversed", cause="ends before it begins", cure=cure)


def _cron_faults(text: str) -> Iterator[FieldFault]:
    cure = "minute, hour, day of month, month, day of week, such as 0 16 * * 1-5"
    if len(text.split()) != 5:
        yield FieldFault(pointer="/cut_off_cron", code="bad_cron", cause=f"{len(text.split())} fields", cure=cure)
        return
    try:
        CronSim(text, datetime(2026, 1, 1))  # noqa: DTZ001 - only the expression is looked at
    except CronSimError as error:
        yield FieldFault(pointer="/cut_off_cron", code="bad_cron", cause=str(error), cure=cure)


def _calendar_faults(calendar: str | None) -> Iterator[FieldFault]:
    if not calendar:
        return
    country, _, subdivision = calendar.partition("-")
    known = list_supported_countries(include_aliases=False)
    if country not in known:
        cure = "an ISO 3166-1 code whose holidays are known, or an empty text for no holidays"
        yield FieldFault(pointer="/holidays", code="unknown_calendar", cause=f"{country} is not known", cure=cure)
    elif subdivision and subdivision not in known[country]:
        cure = f"one of {', '.join(known[country])}" if known[country] else f"{country} alone"
        yield FieldFault(pointer="/holidays", code="unknown_calendar", cause=f"{calendar} is not known", cure=cure)


class Schedule(Struct, frozen=True, kw_only=True):
    """Recurring pool windows as kept; ``version`` is its ETag."""

    id: str
    label: str
    cut_off_cron: str
    offset_days: int
    service_weekdays: list[int]
    holidays: str
    on_holiday: OnHoliday
    opens_days_before: int
    opens_clock: str
    late_policy: LatePolicy
    late_s: int
    horizon_days: int
    valid_from: date | None
    valid_until: date | None
    active: bool
    version: int
    created_at: datetime


class Occurrence(Struct, frozen=True, kw_only=True):
    """
    One window that a schedule makes, or would have made.

    ``service_date`` is null where there is none; ``why`` then says so, as it does where a holiday moved it.
    """

    cut_off_at: datetime
    opens_at: datetime
    late_until_at: datetime | None
    service_date: date | None
    why: str | None


class Occurrences(Struct, frozen=True, kw_only=True):
    """What a schedule makes of the coming days."""

    data: list[Occurrence]


class CloseDay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A day on which the cluster does not serve; or, ``closed`` false, serves although it is a holiday."""

    name: Text
    closed: bool = True


class ClosedDay(Struct, frozen=True, kw_only=True):
    """A day that the cluster's own calendar speaks of."""

    day: date
    name: str
    closed: bool


class ClosedDays(Struct, frozen=True, kw_only=True):
    """The cluster's own calendar, the earliest day first."""

    data: list[ClosedDay]


class ChangePoolWindow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to change about a pool window; what is left out stays."""

    opens_at: Instant | None = None
    cut_off_at: Instant | None = None
    late_policy: LatePolicy | None = None
    late_until_at: Instant | None = None


class OpenPoolWindow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A pool window to be opened for one service day; bookings are taken from ``opens_at`` until ``cut_off_at``.

    ``label`` tells several windows of one day apart. What becomes of late orders is ``late_policy``'s; with ``accept``
    they are taken until ``late_until_at``.
    """

    service_date: date
    cut_off_at: Instant
    opens_at: Instant | None = None
    label: Code | None = None
    late_policy: LatePolicy = LatePolicy.REFUSE
    late_until_at: Instant | None = None

    def faults(self) -> Iterator[FieldFault]:
        """The moments come one after the other, and years are of this century."""
        if self.opens_at is not None and self.opens_at >= self.cut_off_at:
            cure = "let cut_off_at be later than opens_at"
            yield FieldFault(pointer="/cut_off_at", code="window_reversed", cause="cut-off before opening", cure=cure)
        for name, year in (("service_date", self.service_date.year), ("cut_off_at", self.cut_off_at.year)):
            if not 2000 <= year <= 2100:
                cure = "a year from 2000 to 2100"
                yield FieldFault(pointer=f"/{name}", code="out_of_range", cause=f"in the year {year}", cure=cure)
        yield from self._late_faults()

    def _late_faults(self) -> Iterator[FieldFault]:
        """A second moment goes with the policy that accepts late orders, and with it alone."""
        if (self.late_policy is LatePolicy.ACCEPT) != (self.late_until_at is not None):
            cure = "give it with accept, leave it out otherwise"
            cause = f"does not go with the policy {self.late_policy}"
            yield FieldFault(pointer="/late_until_at", code="policy_and_moment", cause=cause, cure=cure)
        elif self.late_until_at is not None and self.late_until_at <= self.cut_off_at:
            cure = "let late_until_at be later than cut_off_at"
            cause = "not after the cut-off"
            yield FieldFault(pointer="/late_until_at", code="window_reversed", cause=cause, cure=cure)


class PoolWindow(Struct, frozen=True, kw_only=True):
    """
    What is planned together; ``accepts_bookings`` says whether it takes bookings now, late ones included.

    ``version`` is its ETag for the coordinator. It is null for members: it moves with every change of a booking, and so
    would tell each how often rivals change theirs.
    """

    id: str
    service_date: date
    opens_at: datetime
    cut_off_at: datetime
    accepts_bookings: bool
    version: int | None
    created_at: datetime
    label: str
    schedule_id: str | None
    late_policy: LatePolicy
    late_until_at: datetime | None


class Pool(Struct, frozen=True, kw_only=True):
    """A pool window as booking and planning need it: the service day runs from ``day_start`` to ``day_end``."""

    pool_window_id: UUID
    service_date: date
    day_start: datetime
    day_end: datetime
    opens_at: datetime
    cut_off_at: datetime
    now: datetime
    version: int
    label: str
    schedule_id: UUID | None
    late_policy: LatePolicy
    late_until_at: datetime | None
    day_version: int = 0

    @property
    def late(self) -> bool:
        """Whether an order of now is a late one."""
        return self.now >= self.cut_off_at

    @property
    def closes_at(self) -> datetime:
        """When it takes no order any more, not even a late one."""
        return self.late_until_at or self.cut_off_at


class DueSchedule(Struct, frozen=True, kw_only=True):
    """A schedule with what the worker needs of its cluster."""

    cluster_id: UUID
    schedule_id: UUID
