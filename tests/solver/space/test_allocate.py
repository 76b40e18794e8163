"""Allocations of shared space against worlds worked out by hand, and against trying everything."""

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from solver.check_space import check_space
from solver.faults import ProblemError
from solver.space.allocate import allocate, reallocate
from solver.spaces import Allocation, SpaceProblem, Stay
from tests.solver.space.small_worlds import PLACES, best, goods, problems, room


def solved(problem: SpaceProblem, work: int = 300, seed: int = 0) -> Allocation:
    allocation = allocate(problem, seconds=None, work=work, seed=seed)
    assert check_space(problem, allocation) == []
    return allocation


def where(allocation: Allocation) -> dict[str, tuple[str, int]]:
    return {stay.booking: (stay.offer, stay.first_day) for stay in allocation.stays}


@given(problem=problems())
@settings(max_examples=150, deadline=None)
def test_small_worlds_are_allocated_as_well_as_by_trying_everything(problem: SpaceProblem) -> None:
    allocation = solved(problem)
    names = {entry.booking for entry in allocation.rejected}
    left = sum(booking.mandatory for booking in problem.bookings if booking.id in names)
    assert (left, allocation.weighted_milli) == best(problem)
    assert allocation.bound_milli >= allocation.weighted_milli


def test_the_dearer_of_two_bookings_gets_the_space() -> None:
    # Three places, two bookings of two places on the same days: one stays out.
    problem = SpaceProblem(offers=(room(),), bookings=(goods("small", 2, 0, 3, 500), goods("large", 2, 1, 3, 700)))
    allocation = solved(problem)
    assert where(allocation) == {"large": ("hall", 1)}
    assert allocation.worth_milli == 700


def test_slack_is_used_so_that_both_fit() -> None:
    # The second may begin on day 3, when the first is gone.
    second = goods("second", 2, 1, 3, latest_day=3)
    problem = SpaceProblem(offers=(room(),), bookings=(goods("first", 2, 0, 3), second))
    assert where(solved(problem)) == {"first": ("hall", 0), "second": ("hall", 3)}


def test_rent_is_paid_by_everybody_but_the_owner() -> None:
    # Two places for three days at 10 each: 60 for binh, nothing for ana, whose hall it is.
    hall = room(places=4, owner="ana", day_milli={PLACES: 10})
    problem = SpaceProblem(offers=(hall,), bookings=(goods("own", 2, 0, 3), goods("guest", 2, 0, 3, owner="binh")))
    allocation = solved(problem)
    assert (allocation.rent_milli, allocation.worth_milli) == (60, 1940)


def test_the_cheaper_offer_is_taken_where_both_have_room() -> None:
    # 2 places x 3 days: 60 in the hall, 54 in the shed.
    offers = (room(day_milli={PLACES: 10}), room("shed", day_milli={PLACES: 9}))
    allocation = solved(SpaceProblem(offers=offers, bookings=(goods("only", 2, 0, 3),)))
    assert where(allocation) == {"only": ("shed", 0)}
    assert allocation.gap_percent == 0


def test_a_booking_whose_rent_is_more_than_its_worth_is_left_to_its_outside_option() -> None:
    # Rent 60; worth 20 and an outside option of 30 together are less.
    offers = (room(day_milli={PLACES: 10}),)
    problem = SpaceProblem(offers=offers, bookings=(goods("poor", 2, 0, 3, 20, outside_milli=30),))
    allocation = solved(problem)
    assert [entry.reason for entry in allocation.rejected] == ["rent_too_high"]
    assert allocation.worth_milli == -30


def test_a_mandatory_booking_comes_before_any_worth() -> None:
    problem = SpaceProblem(
        offers=(room(),), bookings=(goods("rich", 2, 0, 3, 10**9), goods("must", 2, 0, 3, 0, mandatory=True))
    )
    assert where(solved(problem)) == {"must": ("hall", 0)}


def test_a_higher_class_counts_the_factor_more() -> None:
    # 150 of class 1 count 1,500, more than 1,000 of class 0; with factor 1 they count 150.
    bookings = (goods("late", 2, 0, 3, 1000), goods("first class", 2, 0, 3, 150, priority=1))
    problem = SpaceProblem(offers=(room(),), bookings=bookings)
    assert where(solved(problem)) == {"first class": ("hall", 0)}
    assert where(solved(replace(problem, priority_factor=1))) == {"late": ("hall", 0)}


def test_two_dimensions_are_full_each_by_itself() -> None:
    # Places are enough for both, floor is not: 60 + 50 of 100.
    hall = room(capacity={PLACES: 9, "floor_dm2": 100})
    bookings = (
        goods("wide", 1, 0, 3, need={PLACES: 1, "floor_dm2": 60}),
        goods("broad", 1, 0, 3, 900, need={PLACES: 1, "floor_dm2": 50}),
    )
    allocation = solved(SpaceProblem(offers=(hall,), bookings=bookings))
    assert where(allocation) == {"wide": ("hall", 0)}
    assert "10 of 50 floor_dm2" in allocation.rejected[0].detail or "lacking" in allocation.rejected[0].detail


def test_a_fixed_stay_is_kept_outside_its_slack_too() -> None:
    problem = SpaceProblem(
        offers=(room(),),
        bookings=(goods("stands", 2, 1, 3, 1), goods("other", 2, 1, 3)),
        fixed=(Stay(booking="stands", offer="hall", first_day=0),),
    )
    assert where(solved(problem)) == {"stands": ("hall", 0)}


def moving(move_milli: int) -> SpaceProblem:
    """Ana's stay was published on day 0; binh's goods of 400 fit only if she begins on day 3."""
    ana = goods("ana's", 2, 0, 3, latest_day=3, move_milli=move_milli)
    return SpaceProblem(offers=(room(),), bookings=(ana, goods("binh's", 2, 0, 3, 400)))


@pytest.mark.parametrize(("move_milli", "worth"), [(399, 1001), (401, 1000)])
def test_a_published_stay_moves_only_for_more_than_moving_costs(move_milli: int, worth: int) -> None:
    before = solved(replace(moving(move_milli), bookings=moving(move_milli).bookings[:1]))
    assert where(before) == {"ana's": ("hall", 0)}
    problem = moving(move_milli)
    after = reallocate(problem, before, seconds=None, work=300)
    assert after.worth_milli == worth
    assert len(after.stays) == (2 if move_milli < 400 else 1)
    assert check_space(replace(problem, published=before.stays), after) == []


def test_the_shadow_price_is_what_another_place_would_be_worth() -> None:
    # Two days, one place; bookings of one place for one day worth 700, 500 and 300 on day 0: with one place more the
    # second would come in. Any price from 500 to 700 proves the bound, below that it would be above 700 + nothing.
    bookings = tuple(goods(str(value), 1, 0, 1, value) for value in (700, 500, 300))
    allocation = solved(SpaceProblem(offers=(room(places=1, last_day=1),), bookings=bookings))
    (row,) = allocation.prices
    assert 490 <= row.milli[0] <= 710
    assert row.milli[1] == 0
    assert 700 <= allocation.bound_milli <= 710


def test_the_same_seed_and_work_give_the_same_allocation() -> None:
    bookings = tuple(goods(f"b{at}", 1 + at % 3, at % 4, 1 + at % 3, 100 + 37 * at % 91) for at in range(40))
    problem = SpaceProblem(offers=(room(), room("shed")), bookings=bookings)
    assert allocate(problem, seconds=None, work=400, seed=3) == allocate(problem, seconds=None, work=400, seed=3)


def test_a_start_is_never_made_worse() -> None:
    bookings = tuple(goods(f"b{at}", 1 + at % 3, at % 4, 1 + at % 3, 100 + 37 * at % 91) for at in range(40))
    problem = SpaceProblem(offers=(room(), room("shed")), bookings=bookings)
    good = solved(problem, 3000)
    again = allocate(problem, seconds=None, work=0, start=good.stays)
    assert again.worth_milli >= good.worth_milli


def test_time_alone_is_a_budget_too() -> None:
    problem = SpaceProblem(offers=(room(),), bookings=(goods("a", 2, 0, 3), goods("b", 2, 1, 3)))
    assert check_space(problem, allocate(problem, seconds=0.05)) == []


@pytest.mark.parametrize("budget", [{"seconds": None}, {"seconds": -1.0}, {"seconds": None, "work": -1}])
def test_a_budget_without_sense_is_refused(budget: dict[str, float | None]) -> None:
    with pytest.raises(ValueError, match="seconds or work"):
        allocate(SpaceProblem(offers=(), bookings=()), **budget)


def test_nothing_at_all_is_an_allocation() -> None:
    allocation = solved(SpaceProblem(offers=(), bookings=()))
    assert (allocation.stays, allocation.rejected, allocation.worth_milli) == ((), (), 0)
    (entry,) = solved(SpaceProblem(offers=(), bookings=(goods("a", 1, 0, 1),))).rejected
    assert entry.reason == "dimension_missing"


def test_a_problem_with_faults_is_not_allocated() -> None:
    with pytest.raises(ProblemError):
        allocate(SpaceProblem(offers=(room(last_day=-1),), bookings=()))
