"""One booking's answer: yes and where; no, why, and the nearest yes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.space.allocate import allocate
from solver.space.occupancy import Occupancy, answer_one
from solver.spaces import Booking, Offer, Offered, Refused, SpaceProblem, Stay
from tests.solver.space.small_worlds import PLACES, fits, goods, options, problems, room

HALL = room(places=3, last_day=9)
TAKEN = goods("taken", 2, 2, 4)
PROBLEM = SpaceProblem(offers=(HALL,), bookings=(TAKEN,))


def answered(booking: Booking, *offers: Offer) -> Offered | Refused:
    """Beside a booking of two places on days 2 to 5 of the hall, and any other offers."""
    problem = replace(PROBLEM, offers=(HALL, *offers))
    return answer_one(problem, allocate(PROBLEM, seconds=None, work=0), booking)


def refused(booking: Booking, *offers: Offer) -> Refused:
    answer = answered(booking, *offers)
    assert isinstance(answer, Refused)
    return answer


def test_a_booking_with_room_is_offered_its_cheapest_stay() -> None:
    # One place is left in the hall at no rent; the shed would cost 2 x 5.
    answer = answered(goods("new", 1, 3, 2), room("shed", day_milli={PLACES: 5}))
    assert answer == Offered(stay=Stay(booking="new", offer="hall", first_day=3), rent_milli=0, priced_milli=0)


def test_the_nearest_dates_are_told() -> None:
    # Two places from day 3 for two days; both are free from day 6 (three days later) or from day 0 (three earlier).
    other = refused(goods("new", 2, 3, 2)).rejected.nearest[0]
    assert (other.change, other.by, other.first_day) == ("dates", -3, 0)


def test_the_largest_part_of_the_need_for_which_there_is_room_is_told() -> None:
    # One of two places is free: half.
    kinds = {other.change: other for other in refused(goods("new", 2, 3, 2)).rejected.nearest}
    assert (kinds["need"].by, kinds["need"].need) == (50, {PLACES: 1})


def test_the_longest_stay_for_which_there_is_room_is_told() -> None:
    # Two places from day 0 for four days: free on days 0 and 1 alone.
    kinds = {other.change: other for other in refused(goods("new", 2, 0, 4)).rejected.nearest}
    assert (kinds["days"].by, kinds["days"].days, kinds["days"].first_day) == (2, 2, 0)


def test_another_site_and_another_class_are_told() -> None:
    booking = goods("new", 2, 3, 2, sites=("hub",), temperatures=("ambient",))
    offers = (room("shed", site="port"), room("freezer", temperature="frozen"))
    kinds = {other.change: other.offer for other in refused(booking, *offers).rejected.nearest}
    assert kinds["site"] == "shed"
    assert kinds["temperature"] == "freezer"


def test_what_costs_more_than_the_booking_is_worth_is_no_alternative() -> None:
    # The shed would take it, at 2 places x 2 days x 251 = 1,004 for goods worth 1,000.
    booking = goods("new", 2, 3, 2, sites=("hub",))
    dear = room("shed", site="port", day_milli={PLACES: 251})
    assert "site" not in {other.change for other in refused(booking, dear).rejected.nearest}


REASONS: dict[str, tuple[Booking, str]] = {
    "dimension": (goods("new", 1, 0, 1, need={"shelf_m": 1}), "dimension_missing"),
    "site": (goods("new", 1, 0, 1, sites=("port",)), "site_without_offer"),
    "class": (goods("new", 1, 0, 1, temperatures=("frozen",)), "temperature_without_offer"),
    "need": (goods("new", 4, 0, 1), "need_too_large"),
    "length": (goods("new", 1, 0, 9), "stay_length"),
    "dates": (goods("new", 1, 8, 4), "dates_without_offer"),
    "rent": (goods("new", 1, 0, 1, 4), "rent_too_high"),
    "space": (goods("new", 2, 3, 2, 5_000), "space_taken"),
}


@pytest.mark.parametrize("name", REASONS)
def test_every_reason_is_given_where_it_applies(name: str) -> None:
    booking, reason = REASONS[name]
    hall = replace(HALL, days_max=8, day_milli={PLACES: 5})
    problem = replace(PROBLEM, offers=(hall,))
    answer = answer_one(problem, allocate(problem, seconds=None, work=0), booking)
    assert isinstance(answer, Refused)
    assert answer.rejected.reason == reason
    assert answer.rejected.detail
    assert answer.rejected.cure


def test_space_that_is_given_back_is_offered_again() -> None:
    occupancy = Occupancy(PROBLEM)
    stay = Stay(booking="taken", offer="hall", first_day=2)
    occupancy.accept(TAKEN, stay)
    assert isinstance(occupancy.answer(goods("new", 2, 3, 2)), Refused)
    occupancy.release(TAKEN, stay)
    assert isinstance(occupancy.answer(goods("new", 2, 3, 2)), Offered)


@pytest.mark.parametrize(("places", "day"), [(2, 5), (1, 9), (1, -1)])
def test_space_that_is_not_there_is_not_taken(places: int, day: int) -> None:
    occupancy = Occupancy(PROBLEM, (Stay(booking="taken", offer="hall", first_day=2),))
    before = occupancy.free.copy()
    with pytest.raises(ValueError, match="no room"):
        occupancy.accept(goods("new", places, 0, 2), Stay(booking="new", offer="hall", first_day=day))
    assert (occupancy.free == before).all()


@given(problem=problems(), booking=st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_the_answer_is_yes_exactly_where_some_stay_is_free(problem: SpaceProblem, booking: int) -> None:
    if booking >= len(problem.bookings):
        return
    asked = problem.bookings[booking]
    others = replace(problem, bookings=tuple(other for other in problem.bookings if other is not asked), published=())
    allocation = allocate(others, seconds=None, work=0)
    placed = {stay.booking: stay for stay in allocation.stays}
    whole = replace(others, bookings=(*others.bookings, asked))
    here = tuple(placed.get(other.id) for other in others.bookings)
    possible = [stay for stay in options(whole, asked) if stay is not None and fits(whole, (*here, stay))]
    answer = answer_one(others, allocation, asked)
    if isinstance(answer, Offered):
        assert answer.stay in possible
    else:
        assert not possible or answer.rejected.reason == "rent_too_high" or not asked.mandatory
        for other in answer.rejected.nearest:
            there = Stay(booking=asked.id, offer=other.offer, first_day=other.first_day)
            changed = replace(asked, need=other.need, days=other.days)
            assert fits(replace(others, bookings=(*others.bookings, changed)), (*here, there))
