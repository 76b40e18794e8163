"""When a place is open: exceptions before holidays before weekdays before the default."""

from datetime import date

import pytest

from cluster.places.models import SiteKind, SiteRef
from cluster.places.opening import Interval, OpeningHours, OtherHours, Week, opening

MONDAY, TUESDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 24), date(2026, 11, 29)
INDEPENDENCE_DAY = date(2027, 9, 2)  # of Vietnam, a Thursday


def interval(opens_at: str, closes_at: str) -> Interval:
    return Interval(opens_at=opens_at, closes_at=closes_at)


MORNING, AFTERNOON, DAY = interval("07:00", "11:30"), interval("13:00", "17:30"), interval("08:00", "18:00")


def site(hours: OpeningHours | None = None, opens_at: str | None = "08:00", closes_at: str | None = "18:00") -> SiteRef:
    """A shop in Vietnam, by default open from eight to six."""
    return SiteRef(
        site_id=None,  # type: ignore[arg-type]
        member_id=None,
        kind=SiteKind.SHOP,
        name="Shop",
        address_line1="x",
        lat=10.8,
        lon=106.6,
        opens_at=opens_at,
        closes_at=closes_at,
        country_code="VN",
        hours=hours,
    )


def test_without_hours_the_default_holds_every_day() -> None:
    assert opening(site(), MONDAY) == opening(site(), SUNDAY) == (DAY,)


def test_without_any_hours_a_place_is_open_all_day() -> None:
    assert opening(site(opens_at=None, closes_at=None), MONDAY) == (interval("00:00", "24:00"),)


def test_a_weekday_may_have_several_intervals_and_others_keep_the_default() -> None:
    hours = OpeningHours(week=Week(monday=[AFTERNOON, MORNING], sunday=[]))
    assert opening(site(hours), MONDAY) == (MORNING, AFTERNOON)
    assert opening(site(hours), TUESDAY) == (DAY,)
    assert opening(site(hours), SUNDAY) == ()


def test_an_exception_goes_before_its_weekday() -> None:
    week = Week(monday=[MORNING])
    stocktaking = OtherHours(on=MONDAY, intervals=[], note="stocktaking")
    assert opening(site(OpeningHours(week=week, exceptions=[stocktaking])), MONDAY) == ()
    assert opening(site(OpeningHours(week=week, exceptions=[stocktaking])), date(2026, 11, 30)) == (MORNING,)


def test_public_holidays_close_only_where_the_place_says_so_and_an_exception_opens_again() -> None:
    assert opening(site(OpeningHours()), INDEPENDENCE_DAY) == (DAY,)
    closed = OpeningHours(closed_on_public_holidays=True)
    assert opening(site(closed), INDEPENDENCE_DAY) == ()
    assert opening(site(closed), MONDAY) == (DAY,)
    sale = OtherHours(on=INDEPENDENCE_DAY, intervals=[MORNING])
    assert opening(site(OpeningHours(closed_on_public_holidays=True, exceptions=[sale])), INDEPENDENCE_DAY) == (
        MORNING,
    )


@pytest.mark.parametrize(
    ("hours", "pointer", "code"),
    [
        (Week(monday=[MORNING, interval("11:00", "12:00")]), "/monday", "intervals_overlap"),
        (interval("18:00", "08:00"), "/closes_at", "window_reversed"),
        (OtherHours(on=date(1999, 1, 1), intervals=[]), "/on", "out_of_range"),
        (OtherHours(on=MONDAY, intervals=[DAY, MORNING]), "/intervals", "intervals_overlap"),
        (OpeningHours(exceptions=[OtherHours(on=MONDAY, intervals=[])] * 2), "/exceptions/1/on", "day_twice"),
    ],
)
def test_hours_that_cannot_be_are_faults(hours: Week | Interval | OtherHours, pointer: str, code: str) -> None:
    assert [(fault.pointer, fault.code) for fault in hours.faults()] == [(pointer, code)]


def test_intervals_that_meet_do_not_overlap() -> None:
    assert list(Week(monday=[interval("07:00", "12:00"), interval("12:00", "24:00")]).faults()) == []
