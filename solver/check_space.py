"""
The checker's rules for shared space: a second, plain writing of the definitions in ``solver.spaces``.

Whole numbers throughout; no code is shared with what allocates.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from solver.plan import Violation
from solver.spaces import Allocation, Booking, Offer, SpaceProblem, Stay

Use = Mapping[tuple[str, str, int], int]
"""Units in use, by offer, dimension and day."""


def check_space(problem: SpaceProblem, allocation: Allocation) -> list[Violation]:
    """
    Everything wrong with an allocation; empty when it is true to the problem and its bound is proven by its prices.

    Codes are listed in docs/faults.md. What is said of alternatives and reasons is checked too, as far as it can be
    derived from who stands where.
    """
    found = [*_complete(problem, allocation)]
    if found:
        return found
    offers = {offer.id: offer for offer in problem.offers}
    bookings = {booking.id: booking for booking in problem.bookings}
    fixed = {stay.booking: stay for stay in problem.fixed}
    for stay in allocation.stays:
        if stay.booking not in fixed:
            found += _stay(bookings[stay.booking], offers[stay.offer], stay)
    found += _kept(problem, allocation)
    found += _open(offers, bookings, allocation)
    used = _use(bookings, allocation.stays)
    found += _capacity(offers, used)
    found += _occupied(problem, allocation, used)
    found += _alternatives(offers, bookings, allocation, used)
    found += _money(problem, allocation)
    return [*found, *_bound(problem, allocation)]


def _complete(problem: SpaceProblem, allocation: Allocation) -> Iterator[Violation]:
    """Each booking has one stay or is rejected, and only names that there are."""
    asked = [booking.id for booking in problem.bookings]
    given = Counter([stay.booking for stay in allocation.stays] + [entry.booking for entry in allocation.rejected])
    offers = {offer.id for offer in problem.offers}
    for name in asked:
        if not given[name]:
            yield Violation(code="booking_missing", where=name, detail="it has neither a stay nor a rejection")
    for name, times in given.items():
        if name not in set(asked):
            yield Violation(code="booking_unknown", where=name, detail="there is no such booking")
        if times > 1:
            yield Violation(code="booking_repeated", where=name, detail=f"it is answered {times} times")
    named = [stay.offer for stay in allocation.stays] + [entry.offer for entry in allocation.prices]
    named += [other.offer for entry in allocation.rejected for other in entry.nearest]
    named += [entry.offer for entry in allocation.occupied]
    for name in sorted(set(named) - offers):
        yield Violation(code="offer_unknown", where=name, detail="there is no such offer")


def _stay(booking: Booking, offer: Offer, stay: Stay) -> Iterator[Violation]:
    """What a booking asks of the place and the days where it stands."""
    if booking.sites and offer.site not in booking.sites:
        detail = f"it stands at {offer.site!r}, which it does not accept"
        yield Violation(code="site_wrong", where=booking.id, detail=detail)
    if booking.temperatures and offer.temperature not in booking.temperatures:
        detail = f"it stands in {offer.temperature!r}, which it does not accept"
        yield Violation(code="temperature_wrong", where=booking.id, detail=detail)
    latest = booking.earliest_day if booking.latest_day is None else booking.latest_day
    if not booking.earliest_day <= stay.first_day <= latest:
        detail = f"it begins on day {stay.first_day}, not on {booking.earliest_day} to {latest}"
        yield Violation(code="slack_exceeded", where=booking.id, detail=detail)
    if booking.days < offer.days_min or (offer.days_max is not None and booking.days > offer.days_max):
        detail = f"{booking.days} days are not what {offer.id!r} takes"
        yield Violation(code="stay_length_wrong", where=booking.id, detail=detail)


def _kept(problem: SpaceProblem, allocation: Allocation) -> Iterator[Violation]:
    stays = {stay.booking: stay for stay in allocation.stays}
    for stay in problem.fixed:
        if stays.get(stay.booking) != stay:
            detail = f"its stay in {stay.offer!r} from day {stay.first_day} is fixed"
            yield Violation(code="fixed_moved", where=stay.booking, detail=detail)


def _open(offers: Mapping[str, Offer], bookings: Mapping[str, Booking], allocation: Allocation) -> Iterator[Violation]:
    for stay in allocation.stays:
        offer, last = offers[stay.offer], stay.first_day + bookings[stay.booking].days - 1
        if stay.first_day < offer.first_day or last > offer.last_day:
            detail = f"days {stay.first_day} to {last} are not all days of {offer.id!r}"
            yield Violation(code="offer_closed", where=stay.booking, detail=detail)


def _use(bookings: Mapping[str, Booking], stays: tuple[Stay, ...]) -> Counter[tuple[str, str, int]]:
    used: Counter[tuple[str, str, int]] = Counter()
    for stay in stays:
        booking = bookings[stay.booking]
        for name, need in booking.need.items():
            for day in range(stay.first_day, stay.first_day + booking.days):
                used[stay.offer, name, day] += need
    return used


def _capacity(offers: Mapping[str, Offer], used: Use) -> Iterator[Violation]:
    for (offer, name, day), units in sorted(used.items()):
        capacity = offers[offer].capacity.get(name, 0)
        if units > capacity:
            detail = f"{units} of {capacity} {name} are in use on day {day}"
            yield Violation(code="space_exceeded", where=offer, detail=detail)


def _occupied(problem: SpaceProblem, allocation: Allocation, used: Use) -> Iterator[Violation]:
    """Occupancy is told of every dimension of every offer, and as it is."""
    told = Counter(
        {
            (entry.offer, entry.dimension, day): units
            for entry in allocation.occupied
            for day, units in enumerate(entry.units)
        }
    )
    for key in sorted(used.keys() | told.keys()):
        if told[key] != used[key]:
            detail = f"{told[key]} {key[1]} are said to be in use on day {key[2]}, {used[key]} are"
            yield Violation(code="occupancy_wrong", where=key[0], detail=detail)
    rows = sorted((offer.id, name) for offer in problem.offers for name in offer.capacity)
    for title, entries in (("occupied", allocation.occupied), ("prices", allocation.prices)):
        if sorted((entry.offer, entry.dimension) for entry in entries) != rows:
            detail = "there is not one row for each dimension of each offer"
            yield Violation(code="rows_wrong", where=title, detail=detail)


def _alternatives(
    offers: Mapping[str, Offer], bookings: Mapping[str, Booking], allocation: Allocation, used: Use
) -> Iterator[Violation]:
    """What is proposed is free."""
    for entry in allocation.rejected:
        for other in entry.nearest:
            offer, days = offers[other.offer], range(other.first_day, other.first_day + other.days)
            inside = days.start >= offer.first_day and days.stop <= offer.last_day + 1
            room = all(
                used.get((offer.id, name, day), 0) + need <= offer.capacity.get(name, 0)
                for name, need in other.need.items()
                for day in days
            )
            rent = 0 if offer.owner == bookings[entry.booking].owner else _rent(offer, other.need, other.days)
            if not (inside and room and rent == other.rent_milli):
                detail = (
                    f"{other.change.value}: {offer.id!r} from day {other.first_day} is not free, or not at that rent"
                )
                yield Violation(code="alternative_wrong", where=entry.booking, detail=detail)


def _rent(offer: Offer, need: Mapping[str, int], days: int) -> int:
    return days * sum(units * offer.day_milli.get(name, 0) for name, units in need.items())


def _rent_of(booking: Booking, offer: Offer) -> int:
    return 0 if booking.owner == offer.owner else _rent(offer, booking.need, booking.days)


def _part(booking: Booking, offers: Mapping[str, Offer], stay: Stay | None, told: Stay | None) -> int:
    """What a booking adds to the worth, where it stands or rejected."""
    part = -booking.move_milli if told is not None and told != stay else 0
    if stay is None:
        return part - booking.outside_milli
    return part + booking.value_milli - _rent_of(booking, offers[stay.offer])


def _money(problem: SpaceProblem, allocation: Allocation) -> Iterator[Violation]:
    stays = {stay.booking: stay for stay in allocation.stays}
    told = {stay.booking: stay for stay in problem.published}
    offers = {offer.id: offer for offer in problem.offers}
    worth = weighted = rent = 0
    for booking in problem.bookings:
        stay = stays.get(booking.id)
        part = _part(booking, offers, stay, told.get(booking.id))
        worth += part
        weighted += part * problem.priority_factor**booking.priority
        rent += 0 if stay is None else _rent_of(booking, offers[stay.offer])
    figures = (("worth", allocation.worth_milli, worth), ("weighted", allocation.weighted_milli, weighted))
    for name, said, right in (*figures, ("rent", allocation.rent_milli, rent)):
        if said != right:
            detail = f"{name}_milli is said to be {said}, it is {right}"
            yield Violation(code="worth_wrong", where=f"{name}_milli", detail=detail)
    if allocation.currency != problem.currency:
        detail = f"it is in {allocation.currency}, the problem in {problem.currency}"
        yield Violation(code="currency_wrong", where="currency", detail=detail)


def _bound(problem: SpaceProblem, allocation: Allocation) -> Iterator[Violation]:
    """The bound is above the worth, and proven by prices of which none is negative."""
    prices = {(entry.offer, entry.dimension): entry.milli for entry in allocation.prices}
    for (offer, name), milli in sorted(prices.items()):
        if min(milli, default=0) < 0:
            yield Violation(code="price_negative", where=offer, detail=f"{name} has a price below 0")
    if allocation.bound_milli < allocation.weighted_milli:
        detail = f"{allocation.bound_milli} is below {allocation.weighted_milli}, which was reached"
        yield Violation(code="bound_crossed", where="bound_milli", detail=detail)
    proven = _proven(problem, allocation, prices)
    if proven > allocation.bound_milli:
        detail = f"prices prove {proven}, not {allocation.bound_milli}"
        yield Violation(code="bound_unproven", where="bound_milli", detail=detail)


def _proven(problem: SpaceProblem, allocation: Allocation, prices: Mapping[tuple[str, str], tuple[int, ...]]) -> int:
    """
    The bound that prices prove, by weak duality.

    Fixed stays count as they are. Everything that they leave is sold at its price, and every other booking is as well
    off as it can be when it pays these: rejected, or in any stay that it accepts. Where no mandatory booking that could
    stand somewhere is rejected, mandatory bookings are not rejected here either.
    """
    offers = {offer.id: offer for offer in problem.offers}
    fixed = {stay.booking: stay for stay in problem.fixed}
    told = {stay.booking: stay for stay in problem.published}
    total = _sold(problem, prices)
    sums = {key: _sums(row) for key, row in prices.items()}
    rejected = {entry.booking for entry in allocation.rejected}
    chances = [
        (booking, [*_chances(problem, offers, booking, told.get(booking.id), sums)])
        for booking in problem.bookings
        if booking.id not in fixed
    ]
    all_in = not any(booking.mandatory and open_ and booking.id in rejected for booking, open_ in chances)
    for booking, open_ in chances:
        weight = problem.priority_factor**booking.priority
        outside = weight * _part(booking, offers, None, told.get(booking.id))
        held = booking.mandatory and all_in and open_
        total += max(open_) if held else max([outside, *open_])
    for booking in problem.bookings:
        if booking.id in fixed:
            part = _part(booking, offers, fixed[booking.id], told.get(booking.id))
            total += problem.priority_factor**booking.priority * part
    return total


def _sold(problem: SpaceProblem, prices: Mapping[tuple[str, str], tuple[int, ...]]) -> int:
    """All space that fixed stays leave, at its price."""
    taken = _use({booking.id: booking for booking in problem.bookings}, problem.fixed)
    total = 0
    for offer in problem.offers:
        for name, units in offer.capacity.items():
            row = prices.get((offer.id, name), ())
            for day in range(offer.first_day, min(offer.last_day + 1, len(row))):
                total += max(row[day], 0) * (units - taken[offer.id, name, day])
    return total


def _chances(
    problem: SpaceProblem,
    offers: Mapping[str, Offer],
    booking: Booking,
    told: Stay | None,
    sums: Mapping[tuple[str, str], list[int]],
) -> Iterator[int]:
    """What a booking adds, weighted, less the price of its space, for every stay that it accepts."""
    for offer in problem.offers:
        if any(need > offer.capacity.get(name, 0) for name, need in booking.need.items()):
            continue
        latest = booking.earliest_day if booking.latest_day is None else booking.latest_day
        first, last = max(booking.earliest_day, offer.first_day), min(latest, offer.last_day + 1 - booking.days)
        for day in range(first, last + 1):
            stay = Stay(booking=booking.id, offer=offer.id, first_day=day)
            if any(True for _ in _stay(booking, offer, stay)):
                break
            paid = sum(
                need * (_up_to(sums, offer.id, name, day + booking.days) - _up_to(sums, offer.id, name, day))
                for name, need in booking.need.items()
            )
            weight = problem.priority_factor**booking.priority
            yield weight * _part(booking, offers, stay, told) - paid


def _sums(prices: tuple[int, ...]) -> list[int]:
    """Sums of prices from day 0 to before each day."""
    sums = [0]
    for price in prices:
        sums.append(sums[-1] + max(price, 0))
    return sums


def _up_to(sums: Mapping[tuple[str, str], list[int]], offer: str, name: str, day: int) -> int:
    row = sums.get((offer, name), [0])
    return row[min(day, len(row) - 1)]
