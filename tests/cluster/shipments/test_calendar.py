"""Which windows a schedule makes: clocks that change, holidays, and a rhythm that stays."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.shipments.calendar import Calendar, occurrences
from cluster.shipments.schedules import joined
from cluster.shipments.window_models import AddSchedule, LatePolicy, Occurrence, OnHoliday, Schedule

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")


def schedule(**changes: Any) -> Schedule:
    """Every working day at 16:00 for the next working day, opened a week before; no holidays."""
    fields: dict[str, Any] = {
        "cut_off_cron": "0 16 * * 1-5",
        "offset_days": 1,
        "service_weekdays": [1, 2, 3, 4, 5],
        "holidays": "",
        "on_holiday": OnHoliday.SKIP,
        "opens_days_before": 7,
        "opens_clock": "00:00",
        "late_policy": LatePolicy.REFUSE,
        "late_s": 0,
        "horizon_days": 14,
        "valid_from": None,
        "valid_until": None,
        "active": True,
    }
    created = datetime(2026, 1, 1, tzinfo=UTC)
    return Schedule(id="sch_1", label="daily", version=1, created_at=created, **(fields | changes))


def made(found: Schedule, zone: ZoneInfo, first: date, last: date, own: Any = None) -> list[Occurrence]:
    """What a schedule makes of the cut-offs of these days."""
    start = datetime(first.year, first.month, first.day, tzinfo=zone) - timedelta(seconds=1)
    return list(occurrences(found, zone, Calendar(found.service_weekdays, found.holidays, own or {}), start, last))


def test_fridays_cut_off_serves_monday() -> None:
    # 20 November 2026 is a Friday
    (friday,) = made(schedule(), SAIGON, date(2026, 11, 20), date(2026, 11, 22))
    assert friday.cut_off_at.isoformat() == "2026-11-20T16:00:00+07:00"
    assert friday.opens_at.isoformat() == "2026-11-13T00:00:00+07:00"
    assert friday.service_date == date(2026, 11, 23)


def test_an_offset_of_none_serves_the_day_of_its_cut_off() -> None:
    morning = schedule(cut_off_cron="30 7 * * *", offset_days=0)
    days = [entry.service_date for entry in made(morning, SAIGON, date(2026, 11, 20), date(2026, 11, 23))]
    # Saturday and Sunday are no days of service
    assert days == [date(2026, 11, 20), None, None, date(2026, 11, 23)]


def test_the_cut_off_stays_at_the_same_time_of_day_when_the_clocks_change() -> None:
    # the clocks of Berlin go back on Sunday, 25 October 2026
    friday, monday = made(schedule(), BERLIN, date(2026, 10, 23), date(2026, 10, 26))
    assert friday.cut_off_at.isoformat() == "2026-10-23T16:00:00+02:00"
    assert monday.cut_off_at.isoformat() == "2026-10-26T16:00:00+01:00"
    assert (monday.cut_off_at.timestamp() - friday.cut_off_at.timestamp()) / 3600 == 3 * 24 + 1
    assert monday.opens_at.isoformat() == "2026-10-19T00:00:00+02:00"


def test_a_cut_off_that_the_clocks_skip_comes_at_once_and_one_that_comes_twice_once() -> None:
    night = schedule(cut_off_cron="30 2 * * *", service_weekdays=[1, 2, 3, 4, 5, 6, 7])
    (spring,) = made(night, BERLIN, date(2026, 3, 29), date(2026, 3, 29))
    assert spring.cut_off_at.isoformat() == "2026-03-29T03:00:00+02:00"  # 02:00 to 03:00 does not exist
    (autumn,) = made(night, BERLIN, date(2026, 10, 25), date(2026, 10, 25))
    assert autumn.cut_off_at.isoformat() == "2026-10-25T02:30:00+02:00"


def test_late_orders_are_accepted_for_so_long_by_the_wall_whatever_the_clocks_do() -> None:
    night = schedule(cut_off_cron="30 1 * * *", service_weekdays=[7], late_policy=LatePolicy.ACCEPT, late_s=2 * 3600)
    (sunday,) = made(night, BERLIN, date(2026, 3, 29), date(2026, 3, 29))
    assert sunday.late_until_at is not None
    assert sunday.late_until_at.isoformat() == "2026-03-29T04:30:00+02:00"  # two hours after 01:30, one is skipped


@pytest.mark.parametrize(
    ("on_holiday", "days", "why"),
    [
        # Vietnam's National Day is Wednesday, 2 September 2026, and the day before it is free too
        (OnHoliday.SKIP, [None, None, date(2026, 9, 3)], True),
        (OnHoliday.NEXT_DAY, [date(2026, 9, 3), date(2026, 9, 3), date(2026, 9, 3)], True),
        (OnHoliday.SERVE, [date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3)], False),
    ],
)
def test_a_holiday_takes_a_window_away_moves_it_or_changes_nothing(
    on_holiday: OnHoliday, days: list[date | None], why: bool
) -> None:
    found = made(schedule(holidays="VN", on_holiday=on_holiday), SAIGON, date(2026, 8, 31), date(2026, 9, 2))
    assert [entry.service_date for entry in found] == days
    assert [entry.why is not None for entry in found] == [why, why, False]


def test_windows_that_holidays_bring_to_one_day_become_one_with_the_last_cut_off() -> None:
    # cut-offs of 31 August, 1 and 2 September all serve 3 September
    coming = made(schedule(holidays="VN", on_holiday=OnHoliday.NEXT_DAY), SAIGON, date(2026, 8, 31), date(2026, 9, 2))
    (window,) = joined(coming)
    assert window.service_date == date(2026, 9, 3)
    assert window.cut_off_at.date() == date(2026, 9, 2)
    assert window.opens_at.date() == date(2026, 8, 24)


def test_holidays_are_those_of_the_subdivision() -> None:
    # All Saints' Day, Sunday, 1 November 2026, is a holiday in Bavaria and not in Berlin
    everyday = {"service_weekdays": [1, 2, 3, 4, 5, 6, 7], "cut_off_cron": "0 16 * * *"}
    saturday = date(2026, 10, 31)
    (bavaria,) = made(schedule(holidays="DE-BY", **everyday), BERLIN, saturday, saturday)
    (berlin,) = made(schedule(holidays="DE-BE", **everyday), BERLIN, saturday, saturday)
    assert (bavaria.service_date, berlin.service_date) == (None, date(2026, 11, 1))
    assert "Allerheiligen" in (bavaria.why or "")


def test_the_clusters_own_calendar_goes_before_the_public_one() -> None:
    own = {date(2026, 9, 2): ("We work", False), date(2026, 9, 3): ("Stocktaking", True)}
    found = made(schedule(holidays="VN"), SAIGON, date(2026, 9, 1), date(2026, 9, 2), own)
    assert [entry.service_date for entry in found] == [date(2026, 9, 2), None]
    assert found[1].why == "2026-09-03 is closed: Stocktaking"


def test_a_schedule_begins_and_ends_on_its_days() -> None:
    found = made(
        schedule(valid_from=date(2026, 11, 24), valid_until=date(2026, 11, 25)),
        SAIGON,
        date(2026, 11, 20),
        date(2026, 12, 31),
    )
    assert [entry.cut_off_at.date() for entry in found] == [date(2026, 11, 24), date(2026, 11, 25)]


@pytest.mark.parametrize(
    ("cron", "cause"),
    [
        ("61 16 * * *", "Bad minute"),
        ("0 16 * *", "4 fields"),
        ("0 0 31 2 *", "Bad day-of-month"),
        ("0 16 * * 9", "Bad day-of-week"),
    ],
)
def test_an_expression_that_means_no_time_is_told(cron: str, cause: str) -> None:
    (fault,) = AddSchedule(label="daily", cut_off_cron=cron).faults()
    assert (fault.code, fault.cause) == ("bad_cron", cause)


@pytest.mark.parametrize("code", ["XX", "VN-ZZ", "DE-XX"])
def test_a_calendar_that_nobody_knows_is_told(code: str) -> None:
    (fault,) = AddSchedule(label="daily", cut_off_cron="0 16 * * *", holidays=code).faults()
    assert fault.code == "unknown_calendar"


zones = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "Asia/Ho_Chi_Minh",
            "Europe/Berlin",
            "America/Sao_Paulo",
            "Australia/Lord_Howe",
            "Asia/Kathmandu",
            "Pacific/Apia",
        )
    ]
)


@given(
    zone=zones,
    start=st.dates(date(2020, 1, 1), date(2036, 1, 1)),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    offset=st.integers(0, 5),
    weekdays=st.sets(st.integers(1, 7), min_size=1),
    on_holiday=st.sampled_from(OnHoliday),
    late_s=st.sampled_from([0, 1800, 7200]),
)
def test_windows_open_before_they_close_and_close_before_their_day_is_over(
    zone: ZoneInfo,
    start: date,
    hour: int,
    minute: int,
    offset: int,
    weekdays: set[int],
    on_holiday: OnHoliday,
    late_s: int,
) -> None:
    found = schedule(
        cut_off_cron=f"{minute} {hour} * * *",
        offset_days=offset,
        service_weekdays=sorted(weekdays),
        holidays="DE",
        on_holiday=on_holiday,
        late_policy=LatePolicy.ACCEPT if late_s else LatePolicy.REFUSE,
        late_s=late_s,
    )
    coming = made(found, zone, start, start + timedelta(days=10))
    # one cut-off a day, at that time of the clock unless it does not exist on that day
    assert [entry.cut_off_at.date() for entry in coming] == [start + timedelta(days=days) for days in range(11)]
    for entry in coming:
        assert entry.opens_at < entry.cut_off_at
        assert entry.late_until_at is None or entry.late_until_at.timestamp() == entry.cut_off_at.timestamp() + late_s
        if entry.service_date is not None:
            assert entry.service_date >= entry.cut_off_at.date()
            assert entry.service_date.isoweekday() in weekdays
    days = [entry.service_date for entry in joined(coming)]
    assert len(days) == len(set(days))
    assert [made(found, zone, start, start + timedelta(days=10))] == [coming]
