"""Why a booking is not accepted: the first thing, from the most fundamental on, that no offer gets past."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from solver.space.model import Ints, accepts, holds, rent_milli, starts
from solver.spaces import Booking, Offer, Refusal, SpaceProblem


class Hurdle(NamedTuple):
    """A reason, which offers get past it, and what to say where none does."""

    reason: Refusal
    passes: Callable[[Booking, Offer], bool]
    detail: Callable[[Booking], str]
    cure: str


HURDLES = (
    Hurdle(
        Refusal.DIMENSION_MISSING,
        lambda booking, offer: all(name in offer.capacity for name, need in booking.need.items() if need),
        lambda booking: f"no offer has space in {_names(booking.need)}",
        "book in a dimension that is offered",
    ),
    Hurdle(
        Refusal.SITE_WITHOUT_OFFER,
        lambda booking, offer: not booking.sites or offer.site in booking.sites,
        lambda booking: f"nothing is offered at {_names(booking.sites)}",
        "accept other sites",
    ),
    Hurdle(
        Refusal.TEMPERATURE_WITHOUT_OFFER,
        accepts,
        lambda booking: f"nothing {_names(booking.temperatures)} is offered there",
        "accept other temperature classes or sites",
    ),
    Hurdle(
        Refusal.NEED_TOO_LARGE,
        holds,
        lambda booking: f"no such offer holds {_amounts(booking)}, not even empty",
        "divide the booking",
    ),
    Hurdle(
        Refusal.STAY_LENGTH,
        lambda booking, offer: (
            offer.days_min <= booking.days and (offer.days_max is None or booking.days <= offer.days_max)
        ),
        lambda booking: f"{booking.days} days are too short or too long a stay for such offers",
        "book as many days as the offers ask for",
    ),
    Hurdle(
        Refusal.DATES_WITHOUT_OFFER,
        lambda booking, offer: starts(booking, offer)[0] <= starts(booking, offer)[1],
        lambda booking: f"no such offer is open for {booking.days} days from {_beginning(booking)}",
        "accept other dates or fewer days",
    ),
    Hurdle(
        Refusal.RENT_TOO_HIGH,
        lambda booking, offer: (
            booking.mandatory or rent_milli(offer, booking) <= booking.value_milli + booking.outside_milli
        ),
        lambda _: "everywhere the rent is more than value and outside option together",
        "keep the outside option, or accept cheaper offers",
    ),
)


def refusal(problem: SpaceProblem, booking: Booking, dimensions: Sequence[str], free: Ints) -> tuple[Refusal, str, str]:
    """Reason, detail and cure, given the space that is free: shape ``(offers, dimensions, days)``."""
    left = list(enumerate(problem.offers))
    for hurdle in HURDLES:
        left = [(at, offer) for at, offer in left if hurdle.passes(booking, offer)]
        if not left:
            return hurdle.reason, hurdle.detail(booking), hurdle.cure
    short = min(_shortest(booking, dimensions, free[at], *starts(booking, offer)) for at, offer in left)
    detail = f"from {_beginning(booking)} the space is taken"
    if short.part > 0:
        detail += f": at best {short.units} of {booking.need[short.name]} {short.name} lacking on day {short.day}"
    return Refusal.SPACE_TAKEN, detail, "accept other dates, a smaller need or more sites"


class Short(NamedTuple):
    """What part of the need is lacking on the worst day, which day that is, and in which dimension how many units."""

    part: float
    day: int
    name: str
    units: int


def _shortest(booking: Booking, dimensions: Sequence[str], free: Ints, low: int, high: int) -> Short:
    """What is lacking on the worst day, with the beginning where that is least."""
    rows = [(row, name) for row, name in enumerate(dimensions) if booking.need.get(name)]
    needs = np.array([[booking.need[name]] for _, name in rows], dtype=np.int64)
    lacking = np.maximum(needs - free[[row for row, _ in rows]], 0)
    worst = (lacking / needs).max(axis=0)
    windows = np.lib.stride_tricks.sliding_window_view(worst[low : high + booking.days], booking.days).max(axis=1)
    start = low + int(np.argmin(windows))
    day = start + int(np.argmax(worst[start : start + booking.days]))
    row = int(np.argmax(lacking[:, day] / needs[:, 0]))
    return Short(float(worst[day]), day, rows[row][1], int(lacking[row, day]))


def _beginning(booking: Booking) -> str:
    if booking.last_start == booking.earliest_day:
        return f"day {booking.earliest_day}"
    return f"days {booking.earliest_day} to {booking.last_start}"


def _names(names: object) -> str:
    return " or ".join(repr(name) for name in sorted(map(str, names if isinstance(names, tuple | dict) else ())))


def _amounts(booking: Booking) -> str:
    return ", ".join(f"{need} {name}" for name, need in sorted(booking.need.items()) if need)
