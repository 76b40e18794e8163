"""The bound from shadow prices, and what follows from prices for members."""

from itertools import pairwise

import numpy as np
import pytest

from solver.shares import Rule
from solver.sharing.space_bill import SpaceTariff, SpaceUse, space_bill
from solver.space.allocate import allocate
from solver.space.bound import Duals
from solver.space.charges import charges_milli, reserved_places
from solver.space.model import model_of
from solver.space.occupancy import Occupancy
from solver.space.warm import warm
from solver.spaces import SpaceProblem
from tests.solver.space.small_worlds import PLACES, goods, room

BOOKINGS = tuple(
    goods(f"b{at}", 1 + at % 3, at % 7, 1 + at % 4, 100 * (1 + at % 5) + at, latest_day=at % 7 + at % 3)
    for at in range(60)
)
PROBLEM = SpaceProblem(offers=(room(places=5, last_day=12), room("shed", last_day=12)), bookings=BOOKINGS)


def test_more_rounds_never_raise_the_bound() -> None:
    duals = Duals(model_of(PROBLEM), all_mandatory=False)
    bounds = []
    for _ in range(6):
        duals.improve(5_000.0, 50)
        bounds.append(duals.whole()[1])
    assert all(after <= before for before, after in pairwise(bounds))
    assert bounds[-1] < bounds[0]


def test_any_prices_prove_a_bound() -> None:
    # Prices of nothing prove the sum of all that can be gained.
    model = model_of(PROBLEM)
    duals = Duals(model, all_mandatory=False)
    assert duals.whole()[1] == sum(booking.value_milli for booking in BOOKINGS)
    duals.prices[:] = 10.0**40
    prices, bound = duals.whole()
    assert not prices.any()
    assert bound == sum(booking.value_milli for booking in BOOKINGS)


def test_charges_are_the_use_of_every_booking_at_the_prices() -> None:
    allocation = allocate(PROBLEM, seconds=None, work=300)
    charged = charges_milli(PROBLEM, allocation)
    assert charged.keys() == {stay.booking for stay in allocation.stays}
    used = {(row.offer, row.dimension): np.array(row.units) for row in allocation.occupied}
    sold = sum(int((used[row.offer, row.dimension] * np.array(row.milli)).sum()) for row in allocation.prices)
    assert sum(charged.values()) == sold > 0


def test_reservations_are_in_the_words_of_the_bill() -> None:
    # Ana holds 2 places on days 0 and 1, binh 1 on days 1 and 2: the joint peak is 3 on day 1.
    bookings = (goods("a", 2, 0, 2), goods("b", 1, 1, 2, owner="binh"))
    problem = SpaceProblem(offers=(room(last_day=2),), bookings=bookings)
    rows = reserved_places(problem, allocate(problem, seconds=None, work=0), PLACES)
    assert rows == {"ana": (2, 2, 0), "binh": (0, 1, 1)}
    uses = [SpaceUse(member=owner, reserved_places=row, used_places=row) for owner, row in rows.items()]
    bill = space_bill(uses, SpaceTariff(peak_minor=100), Rule.SHAPLEY)
    assert bill.rented_places == 3
    assert sum(share.share_minor for share in bill.shares) == 300


def test_a_thousand_answers_leave_the_occupancy_as_it_was() -> None:
    occupancy = Occupancy(PROBLEM)
    before = occupancy.free.copy()
    for booking in BOOKINGS:
        occupancy.answer(booking)
    assert (occupancy.free == before).all()


def test_warming_up_leaves_nothing_behind() -> None:
    assert warm() is None


@pytest.mark.parametrize("bookings", [0, 1])
def test_worlds_without_competition_are_proven_best_at_once(bookings: int) -> None:
    problem = SpaceProblem(offers=(room(),), bookings=tuple(goods(f"b{at}", 1, 0, 1) for at in range(bookings)))
    allocation = allocate(problem, seconds=None, work=10**9)
    assert allocation.bound_milli == allocation.weighted_milli == 1000 * bookings
