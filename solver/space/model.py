"""A space problem as arrays: who may stand where from when, and what that gains over being rejected."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.spaces import Booking, Offer, SpaceProblem, Stay

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Model:
    """
    Arrays of a problem; bookings and offers by index, dimensions and days too.

    Attributes
    ----------
    dimensions
        Names, sorted.
    free
        Units that fixed stays leave, shape ``(offers, dimensions, days)``; 0 where an offer is not open.
    need, days, mandatory
        Of bookings: shape ``(bookings, dimensions)``, ``(bookings,)``, ``(bookings,)``.
    first
        Ways of booking ``b`` are ``first[b]`` to ``first[b + 1]``, those of a fixed booking none. Shape
        ``(bookings + 1,)``.
    ways
        Shape ``(ways, 3)``: offer, earliest and latest beginning.
    gain
        By way, weighted milli: what it gains over being rejected.
    """

    problem: SpaceProblem
    dimensions: tuple[str, ...]
    free: Ints
    need: Ints
    days: Ints
    mandatory: NDArray[np.bool_]
    first: Ints
    ways: Ints
    gain: Ints

    @property
    def horizon(self) -> int:
        """Days that anything can happen on."""
        return int(self.free.shape[2])


def weight_of(problem: SpaceProblem, booking: Booking) -> int:
    """How often a booking's part of the worth counts."""
    return int(problem.priority_factor**booking.priority)


def rent_milli(offer: Offer, booking: Booking) -> int:
    """What the space for a booking costs; nothing for an offer's owner."""
    if offer.owner == booking.owner:
        return 0
    return booking.days * sum(need * offer.day_milli.get(name, 0) for name, need in booking.need.items())


def model_of(problem: SpaceProblem) -> Model:
    """Arrays of a problem without faults."""
    dimensions = tuple(sorted({name for offer in problem.offers for name in offer.capacity}))
    horizon = max((offer.last_day + 1 for offer in problem.offers), default=0)
    needs = [_needs(booking, dimensions) for booking in problem.bookings]
    need = np.array(needs, dtype=np.int64).reshape(len(needs), len(dimensions))
    free = _capacity(problem, dimensions, horizon)
    _take_fixed(problem, need, free)
    rows, gains, first = _ways(problem, dimensions)
    return Model(
        problem=problem,
        dimensions=dimensions,
        free=free,
        need=need,
        days=np.array([booking.days for booking in problem.bookings], dtype=np.int64),
        mandatory=np.array([booking.mandatory for booking in problem.bookings], dtype=np.bool_),
        first=np.array(first, dtype=np.int64),
        ways=np.array(rows, dtype=np.int64).reshape(len(rows), 3),
        gain=np.array(gains, dtype=np.int64),
    )


def _needs(booking: Booking, dimensions: tuple[str, ...]) -> list[int]:
    return [booking.need.get(name, 0) for name in dimensions]


def _capacity(problem: SpaceProblem, dimensions: tuple[str, ...], horizon: int) -> Ints:
    free = np.zeros((len(problem.offers), len(dimensions), horizon), dtype=np.int64)
    for at, offer in enumerate(problem.offers):
        for row, name in enumerate(dimensions):
            free[at, row, offer.first_day : offer.last_day + 1] = offer.capacity.get(name, 0)
    return free


def _take_fixed(problem: SpaceProblem, need: Ints, free: Ints) -> None:
    offers = {offer.id: at for at, offer in enumerate(problem.offers)}
    bookings = {booking.id: at for at, booking in enumerate(problem.bookings)}
    for stay in problem.fixed:
        at = bookings[stay.booking]
        last = stay.first_day + problem.bookings[at].days
        free[offers[stay.offer], :, stay.first_day : last] -= need[at][:, np.newaxis]


Row = tuple[int, int, int]


def _ways(problem: SpaceProblem, dimensions: tuple[str, ...]) -> tuple[list[Row], list[int], list[int]]:
    """Rows and gains of all bookings' ways, and where each booking's begin."""
    fixed = {stay.booking for stay in problem.fixed}
    published = {stay.booking: stay for stay in problem.published}
    accepted: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    rows: list[Row] = []
    gains: list[int] = []
    first = [0]
    known = frozenset(dimensions)
    for booking in problem.bookings:
        key = booking.sites, booking.temperatures
        if key not in accepted:
            accepted[key] = [at for at, offer in enumerate(problem.offers) if accepts(booking, offer)]
        if booking.id not in fixed and all(name in known for name, need in booking.need.items() if need):
            for at in accepted[key]:
                _add_ways(problem, booking, at, published.get(booking.id), rows, gains)
        first.append(len(rows))
    return rows, gains, first


def accepts(booking: Booking, offer: Offer) -> bool:
    """Whether an offer is at a site and of a temperature class that the booking accepts."""
    site = not booking.sites or offer.site in booking.sites
    return site and (not booking.temperatures or offer.temperature in booking.temperatures)


def holds(booking: Booking, offer: Offer) -> bool:
    """Whether an offer, empty, has room for a booking."""
    return all(need <= offer.capacity.get(name, 0) for name, need in booking.need.items())


def starts(booking: Booking, offer: Offer) -> tuple[int, int]:
    """First and last day on which a booking can begin in an offer; the last is before the first where it cannot."""
    if booking.days < offer.days_min or (offer.days_max is not None and booking.days > offer.days_max):
        return 0, -1
    return max(booking.earliest_day, offer.first_day), min(booking.last_start, offer.last_day + 1 - booking.days)


def _add_ways(
    problem: SpaceProblem, booking: Booking, at: int, published: Stay | None, rows: list[Row], gains: list[int]
) -> None:
    """The ways of a booking in one offer: all beginnings at one gain, and the published one at more."""
    offer = problem.offers[at]
    low, high = starts(booking, offer)
    if low > high or not holds(booking, offer):
        return
    weight = weight_of(problem, booking)
    gain = weight * (booking.value_milli + booking.outside_milli - rent_milli(offer, booking))
    here = published is not None and published.offer == offer.id and low <= published.first_day <= high
    kept = gain + weight * booking.move_milli
    if published is not None and here and booking.move_milli and (kept > 0 or booking.mandatory):
        rows.append((at, published.first_day, published.first_day))
        gains.append(kept)
    if gain > 0 or booking.mandatory:
        rows.append((at, low, high))
        gains.append(gain)
