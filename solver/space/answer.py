"""An allocation in the words of the question: stays, rejections with reasons, worth, prices and occupancy."""

from collections.abc import Iterator, Mapping

from solver.space.model import Ints, Model, rent_milli, weight_of
from solver.space.occupancy import Occupancy
from solver.space.state import NONE
from solver.spaces import Allocation, Booking, DayPrices, Occupied, Offer, Rejected, SpaceProblem, Stay

NEAREST_MAX = 2_000
"""So many rejected bookings are told what would be nearest to a yes; the rest can be asked one by one."""


def allocation_of(model: Model, ways: Ints, starts: Ints, prices: Ints, bound: int) -> Allocation:
    """
    The allocation that ways and starts say.

    Parameters
    ----------
    ways, starts
        By booking; ``NONE`` where it is rejected or fixed.
    prices
        Whole milli, shape as ``model.free``.
    bound
        Proven of the sum of gains over being rejected, weighted milli.
    """
    problem = model.problem
    stays = tuple(_stays(model, ways, starts))
    placed = {stay.booking: stay for stay in stays}
    occupancy = Occupancy(problem, stays, prices)
    worth, weighted, rent = _totals(problem, placed)
    return Allocation(
        currency=problem.currency,
        stays=stays,
        rejected=tuple(_rejected(problem, placed, occupancy)),
        worth_milli=worth,
        weighted_milli=weighted,
        rent_milli=rent,
        bound_milli=bound + _floor(problem),
        prices=tuple(
            DayPrices(offer=offer.id, dimension=name, milli=tuple(prices[at, row].tolist()))
            for at, offer, row, name in _rows(model)
        ),
        occupied=tuple(
            Occupied(offer=offer.id, dimension=name, units=tuple(occupancy.used(at, row).tolist()))
            for at, offer, row, name in _rows(model)
        ),
    )


def _rows(model: Model) -> Iterator[tuple[int, Offer, int, str]]:
    for at, offer in enumerate(model.problem.offers):
        for row, name in enumerate(model.dimensions):
            if name in offer.capacity:
                yield at, offer, row, name


def _stays(model: Model, ways: Ints, starts: Ints) -> Iterator[Stay]:
    fixed = {stay.booking: stay for stay in model.problem.fixed}
    for at, booking in enumerate(model.problem.bookings):
        if booking.id in fixed:
            yield fixed[booking.id]
        elif ways[at] != NONE:
            offer = model.problem.offers[int(model.ways[ways[at], 0])]
            yield Stay(booking=booking.id, offer=offer.id, first_day=int(starts[at]))


def _rejected(problem: SpaceProblem, placed: Mapping[str, Stay], occupancy: Occupancy) -> Iterator[Rejected]:
    rejected = [booking for booking in problem.bookings if booking.id not in placed]
    for number, booking in enumerate(rejected):
        yield occupancy.rejected(booking, nearest=number < NEAREST_MAX)


def part_milli(booking: Booking, offer: Offer | None, *, moved: bool) -> int:
    """A booking's part of the worth: in an offer, or rejected (None); ``moved``: it departs from what was published."""
    departure = booking.move_milli if moved else 0
    if offer is None:
        return -booking.outside_milli - departure
    return booking.value_milli - rent_milli(offer, booking) - departure


def _totals(problem: SpaceProblem, placed: Mapping[str, Stay]) -> tuple[int, int, int]:
    """Worth, weighted worth, rent."""
    offers = {offer.id: offer for offer in problem.offers}
    published = {stay.booking: stay for stay in problem.published}
    worth = weighted = rent = 0
    for booking in problem.bookings:
        stay, told = placed.get(booking.id), published.get(booking.id)
        offer = None if stay is None else offers[stay.offer]
        part = part_milli(booking, offer, moved=told is not None and stay != told)
        worth += part
        weighted += weight_of(problem, booking) * part
        rent += 0 if offer is None else rent_milli(offer, booking)
    return worth, weighted, rent


def _floor(problem: SpaceProblem) -> int:
    """What is weighed when nothing but fixed stays is accepted: gains count from there."""
    return _totals(problem, {stay.booking: stay for stay in problem.fixed})[1]
