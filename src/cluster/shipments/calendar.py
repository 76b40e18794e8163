"""
Which windows a schedule makes: pure functions of schedule, zone and calendar.

Clock times are the cluster's own. A cut-off at a time that daylight saving skips comes when the clock has moved on;
one that happens twice comes once, the first time (the behaviour of Debian's cron, which ``cronsim`` follows). A day
begins and ends by the clock too, so that the day of a change has 23 or 25 hours.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import holidays
from cronsim import CronSim

from cluster.shipments.window_models import Occurrence, OnHoliday, Schedule

SEARCH_DAYS = 60
"""How far a service day may be from its cut-off before it is given up."""


class Calendar:
    """Days on which a cluster serves: weekdays, public holidays, and its own exceptions, which go before both."""

    def __init__(self, weekdays: list[int], code: str, own: Mapping[date, tuple[str, bool]]) -> None:
        self._weekdays = frozenset(weekdays)
        country, _, subdivision = code.partition("-")
        self._holidays = holidays.country_holidays(country, subdiv=subdivision or None) if country else {}
        self._own = own

    def serves_on(self, day: date) -> bool:
        """Whether the weekday is one of service."""
        return day.isoweekday() in self._weekdays

    def holiday(self, day: date) -> str | None:
        """The name of what closes a day; None when nothing does."""
        if day in self._own:
            name, closed = self._own[day]
            return name if closed else None
        return self._holidays.get(day)

    def open(self, day: date) -> bool:
        """Whether goods move on a day."""
        return self.serves_on(day) and self.holiday(day) is None


def occurrences(
    schedule: Schedule, zone: ZoneInfo, calendar: Calendar, start: datetime, until: date
) -> Iterator[Occurrence]:
    """
    Windows with a cut-off after ``start`` and up to the end of the day ``until``, in order of their cut-offs.

    What a holiday moved or took away is among them, with the reason.
    """
    for cut_off in CronSim(schedule.cut_off_cron, start.astimezone(zone)):
        day = cut_off.date()
        if day > until or (schedule.valid_until is not None and day > schedule.valid_until):
            return
        if schedule.valid_from is None or day >= schedule.valid_from:
            yield _occurrence(schedule, zone, calendar, cut_off)


def _occurrence(schedule: Schedule, zone: ZoneInfo, calendar: Calendar, cut_off: datetime) -> Occurrence:
    service_date, why = service_day(schedule, calendar, cut_off.date())
    hour, minute = (int(part) for part in schedule.opens_clock.split(":"))
    opening_day = cut_off.date() - timedelta(days=schedule.opens_days_before)
    opens_at = datetime.combine(opening_day, time(hour, minute), zone)
    late = timedelta(seconds=schedule.late_s)
    return Occurrence(
        cut_off_at=cut_off,
        opens_at=min(opens_at, cut_off - timedelta(minutes=1)),
        # Durations are of the clock on the wall, not of the calendar: adding to an aware datetime ignores a change.
        late_until_at=datetime.fromtimestamp(cut_off.timestamp() + late.total_seconds(), zone) if late else None,
        service_date=service_date,
        why=why,
    )


def service_day(schedule: Schedule, calendar: Calendar, cut_off_day: date) -> tuple[date | None, str | None]:
    """
    The day that a cut-off's window serves, and what moved it; (None, reason) where there is no window.

    With an offset of 0 the day of the cut-off itself, else the n-th service weekday after it; a holiday among those in
    between counts, so that the rhythm stays, and the one that is hit is dealt with as the schedule says.
    """
    day, left = cut_off_day, schedule.offset_days
    while left:
        day += timedelta(days=1)
        if calendar.serves_on(day):
            left -= 1
    if not calendar.serves_on(day):
        return None, f"{day} is no day of service"
    name = calendar.holiday(day)
    if name is None or schedule.on_holiday is OnHoliday.SERVE:
        return day, None
    if schedule.on_holiday is OnHoliday.SKIP:
        return None, f"{day} is closed: {name}"
    for later in range(1, SEARCH_DAYS):
        if calendar.open(day + timedelta(days=later)):
            return day + timedelta(days=later), f"{day} is closed: {name}"
    return None, f"{day} is closed: {name}, and so are the {SEARCH_DAYS} days after it"
