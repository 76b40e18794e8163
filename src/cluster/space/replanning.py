"""
The door to the space core for many bookings: who would move so that those who wait find room, and at what price.

Stays that have begun, that were cut short or extended, or that were booked in one offer by name are left where they
are. Whoever has a place keeps one: no rent of those who wait outweighs that. The answer is checked by code that it
shares nothing with before it counts.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from cluster.space.finding import Place, Wanted, Zone
from solver.check_space import check_space
from solver.faults import ProblemError
from solver.plan import MILLI, minor
from solver.space.allocate import allocate
from solver.space.warm import warm
from solver.spaces import Allocation, Booking, Offer, SpaceProblem, Stay


class Standing(Struct, frozen=True, kw_only=True):
    """A booking that has a place; ``move_minor`` None: a move costs its rent."""

    booking_id: UUID
    wanted: Wanted
    offer_id: UUID
    first_on: date
    last_on: date
    rent_minor: int
    move_minor: int | None
    version: int

    @property
    def price_minor(self) -> int:
        """What moving it costs."""
        return self.rent_minor if self.move_minor is None else self.move_minor


class Proposal(Struct, frozen=True, kw_only=True):
    """Places by booking: of those that move, and of those that waited; and what it comes to."""

    moved: dict[UUID, Place]
    taken_in: dict[UUID, Place]
    left: list[UUID]
    worth_minor: int
    bound_minor: int


class Unanswerable(Exception):
    """A question that the core does not take; the text says why."""


class WrongAllocation(Exception):
    """An allocation that the checker refuses: a bug of the search."""


def proposal(
    zones: Sequence[Zone],
    standing: Sequence[Standing],
    waiting: Sequence[tuple[UUID, Wanted]],
    today: date,
    seconds: float,
) -> Proposal:
    """
    What is worth most, moves paid for.

    Parameters
    ----------
    zones
        Offers; what is taken of them is what ``standing`` says.
    waiting
        Each is worth what it would pay at most; where it named nothing, twice the dearest rent that is asked of it.

    Raises
    ------
    Unanswerable
        When the sums of money pass what the core reckons with.
    WrongAllocation
        When the checker refuses the answer.
    """
    warm()  # compiling, the first time, must not take the seconds of the search
    problem = _Question(zones, standing, waiting, today).problem()
    try:
        found = allocate(problem, seconds=seconds, start=problem.published)
    except ProblemError as error:
        raise Unanswerable(str(error)) from error
    violations = check_space(problem, found)
    if violations:
        raise WrongAllocation("; ".join(f"{each.code} {each.where}" for each in violations[:5]))
    return _proposal(problem, found, standing, waiting, today)


class _Question:
    def __init__(
        self,
        zones: Sequence[Zone],
        standing: Sequence[Standing],
        waiting: Sequence[tuple[UUID, Wanted]],
        today: date,
    ) -> None:
        self._zones, self._standing, self._waiting, self._today = zones, standing, waiting, today

    def problem(self) -> SpaceProblem:
        """Offers are sites of their own, so that a booking can name the ones that it accepts."""
        stays = [self._stay(each) for each in self._standing]
        fixed = [self._is_fixed(each) for each in self._standing]
        return SpaceProblem(
            offers=tuple(map(self._offer, self._zones)),
            bookings=(
                *map(self._booking_of, self._standing, fixed),
                *(self._waiter(booking_id, wanted) for booking_id, wanted in self._waiting),
            ),
            published=tuple(stay for stay, still in zip(stays, fixed, strict=True) if not still),
            fixed=tuple(stay for stay, still in zip(stays, fixed, strict=True) if still),
        )

    def _day(self, day: date) -> int:
        return (day - self._today).days

    def _is_fixed(self, each: Standing) -> bool:
        whole = (each.last_on - each.first_on).days + 1 == each.wanted.days
        return each.first_on <= self._today or not whole or each.wanted.offer_id is not None

    def _stay(self, each: Standing) -> Stay:
        first = max(self._day(each.first_on), 0)
        return Stay(booking=each.booking_id.hex, offer=each.offer_id.hex, first_day=first)

    def _offer(self, zone: Zone) -> Offer:
        return Offer(
            id=zone.offer_id.hex,
            site=zone.offer_id.hex,
            owner="" if zone.owner_id is None else zone.owner_id.hex,
            temperature=zone.temperature,
            capacity={zone.unit.value: zone.units},
            first_day=max(self._day(zone.first_on), 0),
            last_day=self._day(zone.last_on),
            day_milli={zone.unit.value: zone.day_milli},
            days_min=zone.days_min,
            days_max=zone.days_max,
        )

    def _accepted(self, wanted: Wanted) -> tuple[str, ...]:
        """Offers at accepted sites; one that is not there where nothing is."""
        if wanted.offer_id is not None:
            return (wanted.offer_id.hex,)
        if not wanted.site_ids:
            return ()
        found = tuple(zone.offer_id.hex for zone in self._zones if zone.site_id in wanted.site_ids)
        return found or ("nowhere",)

    def _booking_of(self, each: Standing, fixed: bool) -> Booking:
        first = max(self._day(each.first_on), 0)
        wanted = each.wanted
        return Booking(
            id=each.booking_id.hex,
            owner=_owner(wanted),
            need={wanted.unit.value: wanted.units},
            temperatures=tuple(wanted.temperatures),
            sites=self._accepted(wanted),
            earliest_day=first if fixed else min(max(self._day(wanted.earliest_on), 1), first),
            latest_day=first if fixed else max(self._day(wanted.latest_on), first),
            days=self._day(each.last_on) - first + 1,
            mandatory=True,
            move_milli=each.price_minor * MILLI,
        )

    def _waiter(self, booking_id: UUID, wanted: Wanted) -> Booking:
        earliest = max(self._day(wanted.earliest_on), 0)
        return Booking(
            id=booking_id.hex,
            owner=_owner(wanted),
            need={wanted.unit.value: wanted.units},
            temperatures=tuple(wanted.temperatures),
            sites=self._accepted(wanted),
            earliest_day=earliest,
            latest_day=max(self._day(wanted.latest_on), earliest),
            days=wanted.days,
            value_milli=self._worth_milli(wanted),
        )

    def _worth_milli(self, wanted: Wanted) -> int:
        if wanted.rent_max_minor is not None:
            return wanted.rent_max_minor * MILLI
        dearest = max((zone.day_milli for zone in self._zones), default=0)
        return wanted.units * wanted.days * max(2 * dearest, MILLI)


def _owner(wanted: Wanted) -> str:
    return "nobody" if wanted.member_id is None else wanted.member_id.hex


def _proposal(
    problem: SpaceProblem,
    found: Allocation,
    standing: Sequence[Standing],
    waiting: Sequence[tuple[UUID, Wanted]],
    today: date,
) -> Proposal:
    before = {stay.booking: stay for stay in (*problem.published, *problem.fixed)}
    offers = {offer.id: offer for offer in problem.offers}
    bookings = {booking.id: booking for booking in problem.bookings}
    moved: dict[UUID, Place] = {}
    taken_in: dict[UUID, Place] = {}
    for stay in found.stays:
        if before.get(stay.booking) != stay:
            booking, offer = bookings[stay.booking], offers[stay.offer]
            unit, units = next(iter(booking.need.items()))
            first_on = today + timedelta(days=stay.first_day)
            rent = 0 if offer.owner == booking.owner else booking.days * units * offer.day_milli.get(unit, 0)
            place = Place(
                offer_id=UUID(hex=stay.offer),
                first_on=first_on,
                last_on=first_on + timedelta(days=booking.days - 1),
                rent_minor=minor(rent),
            )
            (moved if stay.booking in before else taken_in)[UUID(hex=stay.booking)] = place
    return Proposal(
        moved=moved,
        taken_in=taken_in,
        left=[booking_id for booking_id, _ in waiting if booking_id not in taken_in],
        worth_minor=minor(found.worth_milli),
        bound_minor=minor(found.bound_milli),
    )
