"""Everything that can be wrong with a space problem, found at once; codes in docs/faults.md."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from solver.faults import Fault
from solver.spaces import SPACE_VERSION, Booking, Offer, SpaceProblem, Stay
from solver.validate_values import COST_MAX_MILLI, QUANTITY_MAX, fault, identifier, is_whole, number

DAYS_MAX = 3_660
"""Ten years."""
PRIORITY_MAX = 9
FACTOR_MAX = 1_000
WORTH_MAX_MILLI = 2**60
"""Sums of weighted worth beyond this could pass 64 bits on the way."""


def space_faults(problem: SpaceProblem) -> list[Fault]:
    """
    All faults of a space problem; empty when it can be solved.

    Whether a booking can be accepted at all is not asked here: that is answered by the reason of its rejection.
    """
    faults = [*_head(problem), *_ids(problem)]
    for at, offer in enumerate(problem.offers):
        faults += _offer(f"offers[{at}]", offer)
    for at, booking in enumerate(problem.bookings):
        faults += _booking(f"bookings[{at}]", booking)
    faults += _stays("published", problem.published, problem)
    faults += _stays("fixed", problem.fixed, problem)
    # Sums over numbers that are wrong by themselves would only repeat what is said already.
    return faults or [*_fixed(problem), *_overflow(problem)]


def _head(problem: SpaceProblem) -> Iterator[Fault]:
    if re.fullmatch("[A-Z]{3}", problem.currency) is None:
        cure = "give an ISO 4217 code such as 'VND'"
        yield fault("currency_malformed", "currency", f"{problem.currency!r} is not three capital letters", cure)
    if problem.version != SPACE_VERSION:
        cause = f"version {problem.version!r} is not known"
        yield fault("version_unknown", "version", cause, f"give version {SPACE_VERSION}")
    yield from number("priority_factor", problem.priority_factor, FACTOR_MAX, 1)


def _ids(problem: SpaceProblem) -> Iterator[Fault]:
    lists: tuple[tuple[str, Sequence[Offer | Booking]], ...] = (
        ("offers", problem.offers),
        ("bookings", problem.bookings),
    )
    for name, entries in lists:
        first: dict[str, int] = {}
        for at, entry in enumerate(entries):
            yield from identifier(f"{name}[{at}].id", entry.id)
            if first.setdefault(entry.id, at) != at:
                cause = f"{entry.id!r} is the id of {name}[{first[entry.id]}] too"
                yield fault("id_duplicate", f"{name}[{at}].id", cause, "give every entry of the list an id of its own")


def _offer(where: str, offer: Offer) -> Iterator[Fault]:
    yield from identifier(f"{where}.site", offer.site)
    yield from identifier(f"{where}.temperature", offer.temperature)
    yield from _amounts(f"{where}.capacity", offer.capacity, QUANTITY_MAX)
    yield from _amounts(f"{where}.day_milli", offer.day_milli, COST_MAX_MILLI)
    for name in sorted(offer.day_milli.keys() - offer.capacity.keys()):
        cause = f"{name!r} has a rent and no capacity"
        yield fault("dimension_unknown", f"{where}.day_milli.{name}", cause, "name a dimension of capacity")
    yield from _order(where, ("first_day", offer.first_day), ("last_day", offer.last_day), DAYS_MAX)
    if offer.days_max is None:
        yield from number(f"{where}.days_min", offer.days_min, DAYS_MAX, 1)
    else:
        yield from _order(where, ("days_min", offer.days_min), ("days_max", offer.days_max), DAYS_MAX, 1)


def _booking(where: str, booking: Booking) -> Iterator[Fault]:
    yield from identifier(f"{where}.owner", booking.owner)
    yield from _amounts(f"{where}.need", booking.need, QUANTITY_MAX)
    if not any(booking.need.values()):
        yield fault("need_missing", f"{where}.need", "it needs no space at all", "give 1 or more in some dimension")
    for name, entries in (("temperatures", booking.temperatures), ("sites", booking.sites)):
        for at, entry in enumerate(entries):
            yield from identifier(f"{where}.{name}[{at}]", entry)
    if booking.latest_day is None:
        yield from number(f"{where}.earliest_day", booking.earliest_day, DAYS_MAX)
    else:
        yield from _order(where, ("earliest_day", booking.earliest_day), ("latest_day", booking.latest_day), DAYS_MAX)
    yield from number(f"{where}.days", booking.days, DAYS_MAX, 1)
    yield from number(f"{where}.priority", booking.priority, PRIORITY_MAX)
    for name in ("value_milli", "outside_milli", "move_milli"):
        yield from number(f"{where}.{name}", getattr(booking, name), COST_MAX_MILLI)


def _amounts(where: str, amounts: Mapping[str, int], most: int) -> Iterator[Fault]:
    for name, amount in amounts.items():
        yield from identifier(where, name)
        yield from number(f"{where}.{name}", amount, most)


def _order(where: str, low: tuple[str, int], high: tuple[str, int], most: int, least: int = 0) -> Iterator[Fault]:
    """Faults of two numbers of which the second is not below the first."""
    own = [*number(f"{where}.{low[0]}", low[1], most, least), *number(f"{where}.{high[0]}", high[1], most, least)]
    yield from own
    if is_whole(low[1]) and is_whole(high[1]) and high[1] < low[1]:
        cause = f"{high[0]} is {high[1]}, before {low[0]}, which is {low[1]}"
        yield fault("days_reversed", f"{where}.{high[0]}", cause, f"give {low[0]} or later")


def _stays(name: str, stays: Sequence[Stay], problem: SpaceProblem) -> Iterator[Fault]:
    """Stays name bookings and offers that there are, each booking once, on days that there are."""
    bookings = {booking.id for booking in problem.bookings}
    offers = {offer.id for offer in problem.offers}
    times = Counter(stay.booking for stay in stays)
    for at, stay in enumerate(stays):
        where = f"{name}[{at}]"
        if stay.booking not in bookings:
            cause = f"there is no booking {stay.booking!r}"
            yield fault("booking_unknown", f"{where}.booking", cause, "name one of bookings, or leave it out")
        if stay.offer not in offers:
            cause = f"there is no offer {stay.offer!r}"
            yield fault("offer_unknown", f"{where}.offer", cause, "name one of offers, or leave it out")
        if times[stay.booking] > 1:
            cause = f"{stay.booking!r} has {times[stay.booking]} stays"
            yield fault("stay_duplicate", where, cause, "give one stay a booking")
        yield from number(f"{where}.first_day", stay.first_day, DAYS_MAX)


def _fixed(problem: SpaceProblem) -> Iterator[Fault]:
    """Fixed stays lie on days of their offers, and have room there together."""
    offers = {offer.id: offer for offer in problem.offers}
    bookings = {booking.id: booking for booking in problem.bookings}
    used: Counter[tuple[str, str, int]] = Counter()
    cure = "give the offer more capacity or other days, or leave the stay out of fixed"
    for at, stay in enumerate(problem.fixed):
        booking, offer = bookings[stay.booking], offers[stay.offer]
        last = stay.first_day + booking.days - 1
        if stay.first_day < offer.first_day or last > offer.last_day:
            cause = f"days {stay.first_day} to {last} are not all days of {offer.id!r}"
            yield fault("fixed_impossible", f"fixed[{at}]", cause, cure)
            continue
        for name, need in booking.need.items():
            for day in range(stay.first_day, last + 1):
                used[offer.id, name, day] += need
            worst = max(used[offer.id, name, day] for day in range(stay.first_day, last + 1))
            if worst > offer.capacity.get(name, 0):
                cause = f"with those before it {worst} of {offer.capacity.get(name, 0)} {name} are taken"
                yield fault("fixed_impossible", f"fixed[{at}]", cause, cure)


def _overflow(problem: SpaceProblem) -> Iterator[Fault]:
    """No sum that is needed passes 64 bits, whoever is accepted where."""
    dearest: Counter[str] = Counter()
    for offer in problem.offers:
        for name, price in offer.day_milli.items():
            dearest[name] = max(dearest[name], price)
    total, mandatory = 0, 1
    for booking in problem.bookings:
        rent = booking.days * sum(need * dearest[name] for name, need in booking.need.items())
        part = booking.value_milli + booking.outside_milli + booking.move_milli + rent
        total += problem.priority_factor**booking.priority * part
        mandatory += booking.mandatory
    if total * mandatory > WORTH_MAX_MILLI:
        cause = "the worth of all bookings, counted by priority, passes 2**60"
        yield fault("cost_overflow", "bookings", cause, "prices in a coarser unit, or a smaller priority_factor")
