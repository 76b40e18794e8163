"""The nearest yes: what would be accepted if a member gave up one thing."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import msgspec
import numpy as np

from solver.space.model import Ints, accepts, rent_milli, starts
from solver.spaces import Alternative, Booking, Change, Offer, SpaceProblem

SITE_AWAY, TEMPERATURE_AWAY, PERCENT_A_STEP = 5.0, 10.0, 5.0
"""How far a change is, in days of delay: another site, another class, so many per cent of need or duration a day."""


class Found(NamedTuple):
    """An alternative and how far it is."""

    distance: float
    rent_milli: int
    first_day: int
    alternative: Alternative


def room_ahead(span: Ints, needs: Ints) -> Ints:
    """
    For how many days running there is room from each day on.

    Parameters
    ----------
    span
        Free space, shape ``(dimensions, days)``.
    needs
        Shape ``(dimensions,)``.
    """
    days = span.shape[1]
    at = np.arange(days)
    full = np.where((span >= needs[:, np.newaxis]).all(axis=0), days, at)
    runs: Ints = np.minimum.accumulate(full[::-1])[::-1] - at
    return runs


def nearest(problem: SpaceProblem, booking: Booking, dimensions: Sequence[str], free: Ints) -> tuple[Alternative, ...]:
    """
    Alternatives that are free, at most one of each kind of change, the nearest first; none where nothing helps.

    A smaller need or a shorter stay is taken to be worth so much less in proportion. Nothing is proposed whose rent is
    more than that, unless the booking is mandatory.
    """
    if not all(name in dimensions for name, need in booking.need.items() if need):
        return ()
    look = _Look(problem, booking, dimensions, free)
    kinds = (look.dates(), look.elsewhere(), look.smaller(), look.shorter(), look.other_class())
    best = [min(found, key=_near) for found in map(list, kinds) if found]
    return tuple(found.alternative for found in sorted(best, key=_near))


def _near(found: Found) -> tuple[float, int, int]:
    return found[:3]


class _Look:
    """One booking's search for alternatives."""

    def __init__(self, problem: SpaceProblem, booking: Booking, dimensions: Sequence[str], free: Ints) -> None:
        self._problem, self._booking, self._dimensions, self._free = problem, booking, dimensions, free
        self._accepted = [(at, offer) for at, offer in enumerate(problem.offers) if accepts(booking, offer)]
        self._need = {name: need for name, need in booking.need.items() if need}
        self._payable = booking.value_milli + booking.outside_milli

    def dates(self) -> Iterator[Found]:
        """The same elsewhere in time: beginnings outside the slack, the nearest to it."""
        booking = self._booking
        for at, offer in self._accepted:
            anytime = msgspec.structs.replace(booking, earliest_day=offer.first_day, latest_day=offer.last_day)
            possible = self._starts(at, offer, anytime)
            if len(possible):
                late = np.where(possible < booking.earliest_day, possible - booking.earliest_day, 0)
                late = np.where(possible > booking.last_start, possible - booking.last_start, late)
                best = int(np.argmin(np.abs(late)))
                if late[best]:
                    delay = int(late[best])
                    yield from self._found(Change.DATES, abs(delay), delay, offer, int(possible[best]), booking)

    def elsewhere(self) -> Iterator[Found]:
        """The same at a site that was not accepted."""
        anywhere = msgspec.structs.replace(self._booking, sites=())
        yield from self._relaxed(Change.SITE, SITE_AWAY, anywhere)

    def other_class(self) -> Iterator[Found]:
        """The same in a temperature class that was not accepted."""
        any_class = msgspec.structs.replace(self._booking, temperatures=())
        yield from self._relaxed(Change.TEMPERATURE, TEMPERATURE_AWAY, any_class)

    def smaller(self) -> Iterator[Found]:
        """Less of everything: the largest whole per cent of the need for which there is room."""
        for at, offer in self._accepted:
            low, high = 0, 100
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if len(self._starts(at, offer, self._scaled(middle))) else (low, middle)
            part = self._evened(self._scaled(low))
            if low and any(part.need.values()) and part.need != self._booking.need:
                start = int(self._starts(at, offer, part)[0])
                lost = max(-(-100 * (need - part.need[name]) // need) for name, need in self._need.items())
                yield from self._found(Change.NEED, lost / PERCENT_A_STEP, lost, offer, start, part)

    def shorter(self) -> Iterator[Found]:
        """Fewer days: the longest stay for which there is room, from a beginning within the slack."""
        booking = self._booking
        for at, offer in self._accepted:
            low, high = max(booking.earliest_day, offer.first_day), min(booking.last_start, offer.last_day)
            if low <= high:
                runs = room_ahead(self._free[at], self._needs(booking))[low : high + 1]
                best = int(np.argmax(runs))
                days = min(int(runs[best]), booking.days if offer.days_max is None else offer.days_max)
                if max(offer.days_min, 1) <= days < booking.days:
                    part = msgspec.structs.replace(booking, days=days)
                    away = 100 * (booking.days - days) / booking.days / PERCENT_A_STEP
                    yield from self._found(Change.DAYS, away, booking.days - days, offer, low + best, part)

    def _relaxed(self, change: Change, distance: float, booking: Booking) -> Iterator[Found]:
        for at, offer in enumerate(self._problem.offers):
            if accepts(booking, offer) and not accepts(self._booking, offer):
                possible = self._starts(at, offer, booking)
                if len(possible):
                    yield from self._found(change, distance, 0, offer, int(possible[0]), booking)

    def _starts(self, at: int, offer: Offer, booking: Booking) -> Ints:
        """Beginnings for which there is room, ascending."""
        low, high = starts(booking, offer)
        if low > high:
            return np.empty(0, dtype=np.int64)
        runs = room_ahead(self._free[at, :, low : high + booking.days], self._needs(booking))
        return np.flatnonzero(runs[: high - low + 1] >= booking.days) + low

    def _found(
        self, change: Change, distance: float, by: int, offer: Offer, start: int, booking: Booking
    ) -> Iterator[Found]:
        rent = rent_milli(offer, booking)
        parts = sum(booking.need.values()) * booking.days
        whole = max(sum(self._booking.need.values()) * self._booking.days, 1)
        if rent * whole <= self._payable * parts or booking.mandatory:
            alternative = Alternative(
                change=change,
                by=by,
                offer=offer.id,
                first_day=start,
                days=booking.days,
                need=booking.need,
                rent_milli=rent,
            )
            yield Found(distance, rent, start, alternative)

    def _scaled(self, percent: int) -> Booking:
        need = {name: amount * percent // 100 for name, amount in self._booking.need.items()}
        return msgspec.structs.replace(self._booking, need=need)

    def _evened(self, part: Booking) -> Booking:
        """Every dimension cut to the part that is left of the one that whole units cut most."""
        left = min(Fraction(part.need[name], need) for name, need in self._need.items())
        need = {name: int(amount * left) for name, amount in self._booking.need.items()}
        return msgspec.structs.replace(part, need=need)

    def _needs(self, booking: Booking) -> Ints:
        return np.array([booking.need.get(name, 0) for name in self._dimensions], dtype=np.int64)
