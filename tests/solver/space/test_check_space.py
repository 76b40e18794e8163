"""The checker of shared space: valid allocations pass, every kind of mutation is caught."""

from collections.abc import Callable
from random import Random

import pytest
from msgspec.structs import replace

from solver.check_space import check_space
from solver.space.allocate import allocate
from solver.spaces import Allocation, Booking, Offer, SpaceProblem, Stay


def world(seed: int, bookings: int = 30) -> SpaceProblem:
    """Four offers of two sites and two classes, more asked for than there is, two fixed stays, some published."""
    random = Random(seed)
    offers = tuple(
        Offer(
            id=f"{site} {kind}",
            site=site,
            owner=f"member {at}",
            temperature=kind,
            capacity={"pallet_places": 12, "floor_dm2": 1500},
            first_day=at % 3,
            last_day=24 + at,
            day_milli={"pallet_places": 400 + 50 * at},
            days_max=9,
        )
        for at, (site, kind) in enumerate((site, kind) for site in ("north", "south") for kind in ("dry", "cold"))
    )
    made = []
    for number in range(bookings):
        early = random.randrange(2, 16)
        made.append(
            Booking(
                id=f"b{number}",
                owner=f"member {number % 6}",
                need={"pallet_places": random.randint(1, 7), "floor_dm2": random.randint(0, 900)},
                temperatures=random.choice([(), ("dry",), ("cold",), ("dry", "cold")]),
                sites=random.choice([(), ("north",), ("south",)]),
                earliest_day=early,
                latest_day=early + random.randint(0, 5),
                days=random.randint(1, 8),
                value_milli=random.randint(2_000, 90_000),
                outside_milli=random.choice([0, 15_000]),
                mandatory=number % 11 == 0,
                priority=int(number % 3 == 1),
                move_milli=3_000,
            )
        )
    fixed = tuple(
        Stay(booking=f"b{at}", offer=f"{site} cold", first_day=5) for at, site in ((1, "north"), (2, "south"))
    )
    published = tuple(Stay(booking=f"b{at}", offer="north dry", first_day=made[at].earliest_day) for at in range(3, 12))
    return SpaceProblem(offers=offers, bookings=tuple(made), fixed=fixed, published=published, priority_factor=3)


PROBLEM = world(5)
ALLOCATION = allocate(PROBLEM, seconds=None, work=500)
FREE = [stay for stay in ALLOCATION.stays if stay.booking not in {stay.booking for stay in PROBLEM.fixed}]
BOOKINGS = {booking.id: booking for booking in PROBLEM.bookings}
OFFERS = {offer.id: offer for offer in PROBLEM.offers}

Mutation = Callable[[Allocation], Allocation]


def moved(allocation: Allocation, stay: Stay, **changes: object) -> Allocation:
    other = replace(stay, **changes)
    return replace(allocation, stays=tuple(other if entry == stay else entry for entry in allocation.stays))


def to_wrong_site(allocation: Allocation) -> Allocation:
    stay = next(stay for stay in FREE if BOOKINGS[stay.booking].sites)
    here = OFFERS[stay.offer]
    other = next(offer for offer in PROBLEM.offers if offer.site != here.site and offer.temperature == here.temperature)
    return moved(allocation, stay, offer=other.id)


def to_wrong_class(allocation: Allocation) -> Allocation:
    stay = next(stay for stay in FREE if len(BOOKINGS[stay.booking].temperatures) == 1)
    here = OFFERS[stay.offer]
    other = next(offer for offer in PROBLEM.offers if offer.site == here.site and offer.temperature != here.temperature)
    return moved(allocation, stay, offer=other.id)


def too_early(allocation: Allocation) -> Allocation:
    stay = next(stay for stay in FREE if BOOKINGS[stay.booking].earliest_day > 3)
    return moved(allocation, stay, first_day=BOOKINGS[stay.booking].earliest_day - 1)


def too_late(allocation: Allocation) -> Allocation:
    return moved(allocation, FREE[0], first_day=BOOKINGS[FREE[0].booking].last_start + 1)


def beyond_the_offer(allocation: Allocation) -> Allocation:
    stay = next(stay for stay in FREE if BOOKINGS[stay.booking].days > 1)
    return moved(allocation, stay, first_day=OFFERS[stay.offer].last_day)


def before_the_offer(allocation: Allocation) -> Allocation:
    return moved(allocation, FREE[0], first_day=-1)


def fixed_shifted(allocation: Allocation) -> Allocation:
    return moved(allocation, PROBLEM.fixed[0], first_day=PROBLEM.fixed[0].first_day + 1)


def accepted_above_capacity(allocation: Allocation) -> Allocation:
    rejected = next(entry for entry in allocation.rejected if entry.reason == "space_taken")
    booking = BOOKINGS[rejected.booking]
    offer = next(
        offer
        for offer in PROBLEM.offers
        if (not booking.sites or offer.site in booking.sites)
        and (not booking.temperatures or offer.temperature in booking.temperatures)
        and booking.earliest_day >= offer.first_day
    )
    stay = Stay(booking=booking.id, offer=offer.id, first_day=booking.earliest_day)
    left = tuple(entry for entry in allocation.rejected if entry != rejected)
    return replace(allocation, stays=(*allocation.stays, stay), rejected=left)


def dropped(allocation: Allocation) -> Allocation:
    return replace(allocation, stays=allocation.stays[:-1])


def rejection_dropped(allocation: Allocation) -> Allocation:
    return replace(allocation, rejected=allocation.rejected[1:])


def twice(allocation: Allocation) -> Allocation:
    return replace(allocation, stays=(*allocation.stays, allocation.stays[0]))


def both_accepted_and_rejected(allocation: Allocation) -> Allocation:
    stay = Stay(booking=allocation.rejected[0].booking, offer="north dry", first_day=3)
    return replace(allocation, stays=(*allocation.stays, stay))


def of_a_stranger(allocation: Allocation) -> Allocation:
    return replace(allocation, stays=(*allocation.stays, replace(allocation.stays[0], booking="stranger")))


def in_no_offer(allocation: Allocation) -> Allocation:
    return moved(allocation, FREE[0], offer="attic")


def more_worth(allocation: Allocation) -> Allocation:
    return replace(allocation, worth_milli=allocation.worth_milli + 1)


def more_weighted(allocation: Allocation) -> Allocation:
    return replace(allocation, weighted_milli=allocation.weighted_milli - 1)


def less_rent(allocation: Allocation) -> Allocation:
    return replace(allocation, rent_milli=allocation.rent_milli - 1)


def other_currency(allocation: Allocation) -> Allocation:
    return replace(allocation, currency="EUR")


def bound_below_what_was_reached(allocation: Allocation) -> Allocation:
    return replace(allocation, bound_milli=allocation.weighted_milli - 1)


def bound_below_what_prices_prove(allocation: Allocation) -> Allocation:
    return replace(allocation, bound_milli=allocation.bound_milli - 1)


def price_below_nothing(allocation: Allocation) -> Allocation:
    first = allocation.prices[0]
    return replace(allocation, prices=(replace(first, milli=(-1, *first.milli[1:])), *allocation.prices[1:]))


def prices_of_one_row_lost(allocation: Allocation) -> Allocation:
    return replace(allocation, prices=allocation.prices[1:])


def occupancy_off_by_one(allocation: Allocation) -> Allocation:
    first = allocation.occupied[0]
    return replace(
        allocation, occupied=(replace(first, units=(first.units[0] + 1, *first.units[1:])), *allocation.occupied[1:])
    )


def alternative_of(allocation: Allocation, **changes: object) -> Allocation:
    entry = next(entry for entry in allocation.rejected if entry.nearest)
    other = replace(entry, nearest=(replace(entry.nearest[0], **changes), *entry.nearest[1:]))
    return replace(allocation, rejected=tuple(other if old == entry else old for old in allocation.rejected))


def alternative_that_is_too_large(allocation: Allocation) -> Allocation:
    return alternative_of(allocation, need={"pallet_places": 13})


def alternative_at_another_rent(allocation: Allocation) -> Allocation:
    return alternative_of(allocation, rent_milli=1)


MUTATIONS: dict[str, tuple[Mutation, str]] = {
    "wrong site": (to_wrong_site, "site_wrong"),
    "wrong class": (to_wrong_class, "temperature_wrong"),
    "too early": (too_early, "slack_exceeded"),
    "too late": (too_late, "slack_exceeded"),
    "beyond the offer": (beyond_the_offer, "offer_closed"),
    "before the offer": (before_the_offer, "offer_closed"),
    "fixed shifted": (fixed_shifted, "fixed_moved"),
    "above capacity": (accepted_above_capacity, "space_exceeded"),
    "dropped": (dropped, "booking_missing"),
    "rejection dropped": (rejection_dropped, "booking_missing"),
    "twice": (twice, "booking_repeated"),
    "accepted and rejected": (both_accepted_and_rejected, "booking_repeated"),
    "stranger": (of_a_stranger, "booking_unknown"),
    "no offer": (in_no_offer, "offer_unknown"),
    "worth": (more_worth, "worth_wrong"),
    "weighted": (more_weighted, "worth_wrong"),
    "rent": (less_rent, "worth_wrong"),
    "currency": (other_currency, "currency_wrong"),
    "bound crossed": (bound_below_what_was_reached, "bound_crossed"),
    "bound unproven": (bound_below_what_prices_prove, "bound_unproven"),
    "negative price": (price_below_nothing, "price_negative"),
    "prices lost": (prices_of_one_row_lost, "rows_wrong"),
    "occupancy": (occupancy_off_by_one, "occupancy_wrong"),
    "alternative too large": (alternative_that_is_too_large, "alternative_wrong"),
    "alternative rent": (alternative_at_another_rent, "alternative_wrong"),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_kind_of_mutation_is_caught(name: str) -> None:
    mutate, code = MUTATIONS[name]
    assert code in {violation.code for violation in check_space(PROBLEM, mutate(ALLOCATION))}


def test_a_stay_longer_than_the_offer_takes_is_caught() -> None:
    offers = tuple(replace(offer, days_min=9) for offer in PROBLEM.offers)
    assert "stay_length_wrong" in {
        violation.code for violation in check_space(replace(PROBLEM, offers=offers), ALLOCATION)
    }


@pytest.mark.parametrize("seed", range(40))
def test_there_is_no_false_alarm_on_allocations_of_random_worlds(seed: int) -> None:
    problem = world(seed, 12 + 2 * seed)
    assert check_space(problem, allocate(problem, seconds=None, work=200, seed=seed)) == []
