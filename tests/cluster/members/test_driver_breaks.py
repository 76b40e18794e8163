"""Laws on drivers' breaks: whatever a route does within the windows that follow from a shift, it keeps the law."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.members.driver_breaks import BEGINS_WITHIN_S, LAWS, BreakRule, DriverBreak, DriverBreaks, Law, lawful

HOUR = 3_600
LAW = st.sampled_from(LAWS)


def hours(*of_seconds: int) -> list[float]:
    """Seconds as hours."""
    return [each / HOUR for each in of_seconds]


def test_a_german_shift_of_ten_hours_has_two_breaks_of_45_minutes() -> None:
    """From 06:00 to 16:00: the first by 10:30. Taken at 09:30 it is over at 10:15, so the second is due by 14:45."""
    first, second = lawful(BreakRule.EU_561, 6 * HOUR, 16 * HOUR)
    assert hours(*first) == [9.5, 10.5, 0.75]
    assert hours(*second) == [13.75, 14.75, 0.75]


def test_a_vietnamese_shift_of_eight_hours_has_one_break() -> None:
    """From 08:00 to 16:00: by 12:00. Over at 11:15 at the earliest, 15:15 is still within the shift."""
    found = list(lawful(BreakRule.VN_36_2024, 8 * HOUR, 16 * HOUR))
    assert [hours(*entry) for entry in found] == [[11, 12, 0.25], [14.25, 15.25, 0.25]]
    assert len(list(lawful(BreakRule.VN_36_2024, 8 * HOUR, 15 * HOUR))) == 1


@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.rule)
def test_a_shift_no_longer_than_may_be_driven_has_none(law: Law) -> None:
    assert list(lawful(law.rule, 0, law.driving_max_s)) == []
    assert len(list(lawful(law.rule, 0, law.driving_max_s + 1))) == 1


@pytest.mark.parametrize("rule", [BreakRule.NONE, BreakRule.OWN])
def test_what_is_no_law_asks_for_nothing(rule: BreakRule) -> None:
    assert list(lawful(rule, 0, 24 * HOUR)) == []


@given(LAW, st.integers(0, 12 * HOUR), st.integers(1, 24 * HOUR), st.data())
def test_nobody_drives_longer_without_a_break_than_the_law_allows(
    law: Law, open_s: int, long_s: int, data: st.DataObject
) -> None:
    """A route starts and ends anywhere in the shift; it rests at any moment of each window that closes on its way."""
    close_s = open_s + long_s
    windows = list(lawful(law.rule, open_s, close_s))
    start_s = data.draw(st.integers(open_s, close_s - 1))
    end_s = data.draw(st.integers(start_s, close_s))
    rests = [
        (begin_s := data.draw(st.integers(max(start_s, opens_s), closes_s)), begin_s + duration_s)
        for opens_s, closes_s, duration_s in windows
        if start_s <= closes_s < end_s
    ]
    driven = [start_s, *(moment for rest in rests for moment in rest), max(end_s, rests[-1][1] if rests else end_s)]
    assert all(
        ends_s - begins_s <= law.driving_max_s for begins_s, ends_s in zip(driven[::2], driven[1::2], strict=True)
    )


@given(LAW, st.integers(0, 12 * HOUR), st.integers(1, 24 * HOUR))
def test_windows_of_a_law_are_apart_and_leave_each_break_its_time(law: Law, open_s: int, long_s: int) -> None:
    windows = list(lawful(law.rule, open_s, open_s + long_s))
    assert all(closes_s - opens_s == BEGINS_WITHIN_S for opens_s, closes_s, _ in windows)
    assert all(one[1] < other[0] and one[1] + one[2] <= other[1] for one, other in pairwise(windows))


def of(*breaks: tuple[str, str, int]) -> list[tuple[str, str]]:
    """Place and code of what is wrong with one's own breaks."""
    named = [DriverBreak(opens_at=opens, closes_at=closes, duration_s=lasts) for opens, closes, lasts in breaks]
    return [(fault.pointer, fault.code) for fault in DriverBreaks(rule=BreakRule.OWN, breaks=named).faults()]


def test_breaks_of_ones_own_stand_in_order_and_apart() -> None:
    assert of(("10:00", "10:30", 900), ("12:00", "13:00", 1_800)) == []
    assert of() == [("/breaks", "missing")]
    assert of(("10:30", "10:00", 900)) == [("/breaks/0/closes_at", "window_reversed")]
    assert of(("12:00", "13:00", 1_800), ("10:00", "10:30", 900)) == [("/breaks/1", "breaks_overlap")]
    assert of(("10:00", "10:30", 900), ("10:30", "11:00", 900)) == [("/breaks/1", "breaks_overlap")]
    # Begun at 10:00, the first is over at 12:00; the second would have to begin by 11:59.
    assert of(("10:00", "10:30", 7_200), ("11:00", "11:59", 900)) == [("/breaks/1", "breaks_overlap")]


def test_a_law_brings_its_own_breaks() -> None:
    entry = DriverBreak(opens_at="10:00", closes_at="10:30", duration_s=900)
    [fault] = DriverBreaks(rule=BreakRule.EU_561, breaks=[entry]).faults()
    assert (fault.pointer, fault.code) == ("/breaks", "not_of_rule")


def test_every_law_says_where_it_stands_and_since_when_it_holds() -> None:
    assert [law.rule for law in LAWS] == [rule for rule in BreakRule if rule not in {BreakRule.NONE, BreakRule.OWN}]
    for law in LAWS:
        assert law.source
        assert law.in_force_from < law.checked_on
        assert law.countries == sorted(law.countries)
        assert law.break_s <= BEGINS_WITHIN_S
