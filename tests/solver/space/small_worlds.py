"""Small worlds of shared space, and their best allocation by trying everything."""

from itertools import product

from hypothesis import strategies as st

from solver.spaces import Booking, Offer, SpaceProblem, Stay

PLACES = "pallet_places"


def room(id_: str = "hall", places: int = 3, last_day: int = 5, **more: object) -> Offer:
    """An offer of pallet places at the hub."""
    return Offer(**{"id": id_, "site": "hub", "capacity": {PLACES: places}, "last_day": last_day, **more})


def goods(id_: str, places: int, day: int, days: int, value: int = 1000, **more: object) -> Booking:
    """A booking of pallet places by ana."""
    fields = {"id": id_, "owner": "ana", "need": {PLACES: places}, "earliest_day": day, "days": days}
    return Booking(**{**fields, "value_milli": value, **more})


def options(problem: SpaceProblem, booking: Booking) -> list[Stay | None]:
    """Every stay that a booking accepts, and rejection."""
    fixed = [stay for stay in problem.fixed if stay.booking == booking.id]
    if fixed:
        return [fixed[0]]
    found: list[Stay | None] = [None]
    for offer in problem.offers:
        site = not booking.sites or offer.site in booking.sites
        kind = not booking.temperatures or offer.temperature in booking.temperatures
        length = offer.days_min <= booking.days <= (offer.days_max or booking.days)
        if site and kind and length:
            found += [
                Stay(booking=booking.id, offer=offer.id, first_day=day)
                for day in range(booking.earliest_day, booking.last_start + 1)
                if offer.first_day <= day and day + booking.days - 1 <= offer.last_day
            ]
    return found


def best(problem: SpaceProblem) -> tuple[int, int]:
    """Mandatory bookings that have to be rejected, and the most weighted worth beside them; by trying everything."""
    answers = [
        (-left, worth)
        for stays in product(*(options(problem, booking) for booking in problem.bookings))
        if fits(problem, stays)
        for left, worth in [judged(problem, stays)]
    ]
    left, worth = max(answers)
    return -left, worth


def fits(problem: SpaceProblem, stays: tuple[Stay | None, ...]) -> bool:
    """Whether stays are within capacity."""
    for offer in problem.offers:
        for day in range(offer.first_day, offer.last_day + 1):
            for name in {name for booking in problem.bookings for name in booking.need}:
                used = sum(
                    booking.need.get(name, 0)
                    for booking, stay in zip(problem.bookings, stays, strict=True)
                    if stay is not None
                    and stay.offer == offer.id
                    and stay.first_day <= day < stay.first_day + booking.days
                )
                if used > offer.capacity.get(name, 0):
                    return False
    return True


def judged(problem: SpaceProblem, stays: tuple[Stay | None, ...]) -> tuple[int, int]:
    """Mandatory bookings rejected, and weighted worth."""
    offers = {offer.id: offer for offer in problem.offers}
    told = {stay.booking: stay for stay in problem.published}
    left = worth = 0
    for booking, stay in zip(problem.bookings, stays, strict=True):
        left += booking.mandatory and stay is None
        part = -booking.move_milli if told.get(booking.id) not in (None, stay) else 0
        if stay is None:
            part -= booking.outside_milli
        else:
            offer = offers[stay.offer]
            units = sum(need * offer.day_milli.get(name, 0) for name, need in booking.need.items())
            part += booking.value_milli - (0 if offer.owner == booking.owner else units * booking.days)
        worth += part * problem.priority_factor**booking.priority
    return left, worth


@st.composite
def problems(draw: st.DrawFn) -> SpaceProblem:
    """Two offers and up to five bookings, every feature now and then."""
    offers = tuple(
        Offer(
            id=name,
            site=name,
            owner=draw(st.sampled_from(["", "ana", "binh"])),
            temperature=draw(st.sampled_from(["dry", "cold"])),
            capacity={PLACES: draw(st.integers(1, 4)), **draw(st.sampled_from([{}, {"floor_dm2": 5}]))},
            first_day=draw(st.integers(0, 2)),
            last_day=draw(st.integers(3, 6)),
            day_milli={PLACES: draw(st.integers(0, 30))},
            days_min=draw(st.integers(1, 2)),
            days_max=draw(st.sampled_from([None, 2, 3])),
        )
        for name in ("east", "west")
    )
    bookings = tuple(
        Booking(
            id=f"b{number}",
            owner=draw(st.sampled_from(["ana", "binh"])),
            need={PLACES: draw(st.integers(1, 3)), **draw(st.sampled_from([{}, {"floor_dm2": 3}]))},
            temperatures=draw(st.sampled_from([(), ("dry",), ("cold",)])),
            sites=draw(st.sampled_from([(), ("east",), ("west", "east")])),
            earliest_day=(early := draw(st.integers(0, 4))),
            latest_day=early + draw(st.integers(0, 2)),
            days=draw(st.integers(1, 3)),
            value_milli=draw(st.integers(0, 300)),
            outside_milli=draw(st.sampled_from([0, 100])),
            mandatory=draw(st.integers(0, 3)) == 0,
            priority=draw(st.integers(0, 1)),
            move_milli=draw(st.sampled_from([0, 50])),
        )
        for number in range(draw(st.integers(0, 5)))
    )
    published = tuple(
        Stay(booking=booking.id, offer=draw(st.sampled_from(["east", "west"])), first_day=booking.earliest_day)
        for booking in bookings
        if draw(st.booleans())
    )
    return SpaceProblem(offers=offers, bookings=bookings, published=published, priority_factor=draw(st.integers(1, 3)))
