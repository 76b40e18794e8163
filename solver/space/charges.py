"""What members may be charged for shared space, and their reservations as the bill wants them."""

from solver.spaces import Allocation, SpaceProblem


def charges_milli(problem: SpaceProblem, allocation: Allocation) -> dict[str, int]:
    """
    By accepted booking, what its space is worth to others: its use at the shadow prices, on top of the rent.

    At these prices a booking that nothing prevents from choosing would rather have no other stay, up to the gap between
    worth and bound. What comes in this way is for the members to share, ``solver.sharing`` says how.
    """
    prices = {(entry.offer, entry.dimension): entry.milli for entry in allocation.prices}
    bookings = {booking.id: booking for booking in problem.bookings}
    charges = {}
    for stay in allocation.stays:
        booking = bookings[stay.booking]
        days = slice(stay.first_day, stay.first_day + booking.days)
        uses = (need * sum(prices[stay.offer, name][days]) for name, need in booking.need.items() if need)
        charges[booking.id] = sum(uses)
    return charges


def reserved_places(problem: SpaceProblem, allocation: Allocation, dimension: str) -> dict[str, tuple[int, ...]]:
    """
    By owner, units of a dimension that its accepted bookings hold on each day from day 0 on.

    In the form of ``reserved_places`` of ``solver.sharing.space_bill.SpaceUse``; owners of bookings without any have
    rows of 0. One bill is for space that is interchangeable: allocations of one temperature class and site.
    """
    horizon = max((offer.last_day + 1 for offer in problem.offers), default=0)
    bookings = {booking.id: booking for booking in problem.bookings}
    rows = {booking.owner: [0] * horizon for booking in problem.bookings}
    for stay in allocation.stays:
        booking = bookings[stay.booking]
        for day in range(stay.first_day, stay.first_day + booking.days):
            rows[booking.owner][day] += booking.need.get(dimension, 0)
    return {owner: tuple(row) for owner, row in sorted(rows.items())}
