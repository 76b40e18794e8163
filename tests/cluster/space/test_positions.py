"""Positions are worked out from stays: always enough, never two on one, and nothing that has begun moves."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.space.positions import Held, positions

START = date(2030, 1, 1)
UNITS = 7
STAYS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 8), st.integers(1, UNITS)), max_size=25)


def fitting(drawn: list[tuple[int, int, int]]) -> list[Held]:
    """Those that there is room for, one after the other."""
    used = [0] * 40
    found = []
    for number, (first, days, units) in enumerate(drawn):
        if all(used[day] + units <= UNITS for day in range(first, first + days)):
            for day in range(first, first + days):
                used[day] += units
            first_on = START + timedelta(days=first)
            found.append(Held(first_on, UUID(int=number), first_on + timedelta(days=days - 1), units))
    return found


@given(STAYS)
def test_every_stay_has_as_many_positions_as_it_booked_and_shares_none_on_any_day(
    drawn: list[tuple[int, int, int]],
) -> None:
    stays = fitting(drawn)
    found = positions(stays, UNITS)
    for day in (START + timedelta(days=number) for number in range(30)):
        there = [stay for stay in stays if stay.first_on <= day <= stay.last_on]
        taken = [at for stay in there for low, high in found[stay.booking_id] for at in range(low, high + 1)]
        assert len(taken) == len(set(taken)) == sum(stay.units for stay in there)
        assert all(1 <= at <= UNITS for at in taken)


@given(STAYS, st.integers(0, 20))
def test_what_is_booked_later_moves_nothing_that_has_begun(drawn: list[tuple[int, int, int]], today: int) -> None:
    stays = fitting(drawn)
    now = START + timedelta(days=today)
    begun = [stay for stay in stays if stay.first_on <= now]
    before, after = positions(begun, UNITS), positions(stays, UNITS)
    assert all(after[stay.booking_id] == before[stay.booking_id] for stay in begun)


def test_more_than_there_is_has_no_positions() -> None:
    two = [Held(START, UUID(int=number), START, 4) for number in range(2)]
    with pytest.raises(ValueError, match="more is taken"):
        positions(two, UNITS)
