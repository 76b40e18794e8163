"""
What is free on which day, kept while stays come and go; and one booking's answer from it.

Nothing here is told of whose the space is that is taken: members are rivals.
"""

from collections.abc import Iterable

import numpy as np

from solver.space.model import Ints, accepts, rent_milli, starts
from solver.space.nearest import nearest, room_ahead
from solver.space.reasons import refusal
from solver.spaces import Allocation, Alternative, Booking, Offered, Refused, Rejected, SpaceProblem, Stay


class Occupancy:
    """
    Free space by offer, dimension and day.

    Parameters
    ----------
    stays
        Who stands where; bookings of the problem, within capacity.
    prices
        Shadow prices, shape ``(offers, dimensions, days)``; None: 0.
    """

    def __init__(self, problem: SpaceProblem, stays: Iterable[Stay] = (), prices: Ints | None = None) -> None:
        self.problem = problem
        self.dimensions = tuple(sorted({name for offer in problem.offers for name in offer.capacity}))
        horizon = max((offer.last_day + 1 for offer in problem.offers), default=0)
        self._capacity = np.zeros((len(problem.offers), len(self.dimensions), horizon), dtype=np.int64)
        for at, offer in enumerate(problem.offers):
            for row, name in enumerate(self.dimensions):
                self._capacity[at, row, offer.first_day : offer.last_day + 1] = offer.capacity.get(name, 0)
        self.free: Ints = self._capacity.copy()
        self.prices: Ints = np.zeros_like(self.free) if prices is None else prices
        self._offers = {offer.id: at for at, offer in enumerate(problem.offers)}
        self._bookings = {booking.id: booking for booking in problem.bookings}
        for stay in stays:
            self._change(self._bookings[stay.booking], stay, -1)

    def used(self, offer: int, row: int) -> Ints:
        """Units in use on each day, of one dimension of an offer (both by index)."""
        used: Ints = self._capacity[offer, row] - self.free[offer, row]
        return used

    def accept(self, booking: Booking, stay: Stay) -> None:
        """
        Take space for a booking.

        Raises
        ------
        ValueError
            When there is no room for it; nothing is taken then.
        """
        where = self._where(booking, stay)
        inside = stay.first_day >= 0 and stay.first_day + booking.days <= self.free.shape[2]
        named = all(name in self.dimensions for name, need in booking.need.items() if need)
        if not (inside and named and (self.free[where] >= self.needs(booking)[:, np.newaxis]).all()):
            raise ValueError(f"there is no room for {booking.id!r} in {stay.offer!r} from day {stay.first_day}")
        self._change(booking, stay, -1)

    def release(self, booking: Booking, stay: Stay) -> None:
        """Give the space of a stay back."""
        self._change(booking, stay, 1)

    def needs(self, booking: Booking) -> Ints:
        """What a booking needs, by dimension of the offers."""
        return np.array([booking.need.get(name, 0) for name in self.dimensions], dtype=np.int64)

    def answer(self, booking: Booking) -> Offered | Refused:
        """
        Yes, and where; or no, why, and the nearest yes.

        Of all stays that it accepts and that are free, the one that costs least in rent and shadow prices, then the
        earliest; a booking that is not mandatory is refused where the rent is more than it is worth. What is offered is
        not taken: see ``accept``.
        """
        found = self._cheapest(booking)
        return Refused(rejected=self.rejected(booking)) if found is None else found

    def rejected(self, booking: Booking, *, nearest: bool = True) -> Rejected:
        """Why a booking is not accepted, and with ``nearest`` what would be."""
        reason, detail, cure = refusal(self.problem, booking, self.dimensions, self.free)
        others = self.nearest(booking) if nearest else ()
        return Rejected(booking=booking.id, reason=reason, detail=detail, cure=cure, nearest=others)

    def nearest(self, booking: Booking) -> tuple[Alternative, ...]:
        """Alternatives that are free, at most one of each kind of change, the nearest first."""
        return nearest(self.problem, booking, self.dimensions, self.free)

    def priced_milli(self, booking: Booking, stay: Stay) -> int:
        """What the space of a stay is worth at the shadow prices."""
        where = self._where(booking, stay)
        return int((self.prices[where] * self.needs(booking)[:, np.newaxis]).sum())

    def _cheapest(self, booking: Booking) -> Offered | None:
        if not all(name in self.dimensions for name, need in booking.need.items() if need):
            return None
        needs = self.needs(booking)
        best: tuple[int, int, Offered] | None = None
        for at, offer in enumerate(self.problem.offers):
            low, high = starts(booking, offer)
            rent = rent_milli(offer, booking)
            dear = rent > booking.value_milli + booking.outside_milli and not booking.mandatory
            if low > high or dear or not accepts(booking, offer):
                continue
            span = self.free[at, :, low : high + booking.days]
            possible = np.flatnonzero(room_ahead(span, needs) >= booking.days)
            for start in (possible[possible <= high - low] + low).tolist():
                stay = Stay(booking=booking.id, offer=offer.id, first_day=start)
                priced = self.priced_milli(booking, stay)
                if best is None or (rent + priced, start) < best[:2]:
                    best = rent + priced, start, Offered(stay=stay, rent_milli=rent, priced_milli=priced)
        return None if best is None else best[2]

    def _where(self, booking: Booking, stay: Stay) -> tuple[int, slice, slice]:
        return self._offers[stay.offer], slice(None), slice(stay.first_day, stay.first_day + booking.days)

    def _change(self, booking: Booking, stay: Stay, sign: int) -> None:
        where = self._where(booking, stay)
        self.free[where] += sign * self.needs(booking)[:, np.newaxis]


def answer_one(problem: SpaceProblem, allocation: Allocation, booking: Booking) -> Offered | Refused:
    """
    One more booking, answered at once beside what is allocated (``Occupancy`` keeps what this builds each time).

    ``booking`` need not be one of the problem's.
    """
    return occupancy_of(problem, allocation).answer(booking)


def occupancy_of(problem: SpaceProblem, allocation: Allocation) -> Occupancy:
    """What is free beside an allocation, with its shadow prices; it is taken at its word (see ``check_space``)."""
    occupancy = Occupancy(problem)
    offers = {offer.id: at for at, offer in enumerate(problem.offers)}
    for taken in allocation.occupied:
        occupancy.free[offers[taken.offer], occupancy.dimensions.index(taken.dimension)] -= np.array(taken.units)
    for priced in allocation.prices:
        occupancy.prices[offers[priced.offer], occupancy.dimensions.index(priced.dimension)] = priced.milli
    return occupancy
