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
    if short[0] > 0:
        detail += (
            f": at best {short[0]} of {_amounts(booking)} {'is' if short[0] == 1 else 'are'} lacking on day {short[1]}"
        )
    return Refusal.SPACE_TAKEN, detail, "accept other dates, a smaller need or more sites"


def _shortest(booking: Booking, dimensions: Sequence[str], free: Ints, low: int, high: int) -> tuple[int, int]:
    """How many units are lacking on the worst day, with the beginning where that is least; and that day."""
    needs = np.array([booking.need.get(name, 0) for name in dimensions], dtype=np.int64)
    lacking = (needs[:, np.newaxis] - free).max(axis=0, where=(needs > 0)[:, np.newaxis], initial=0)
    best = (int(np.max(lacking[low : low + booking.days])), low)
    for start in range(low + 1, high + 1):
        worst = int(np.max(lacking[start : start + booking.days]))
        if worst < best[0]:
            best = worst, start
    return best[0], best[1] + int(np.argmax(lacking[best[1] : best[1] + booking.days]))


def _beginning(booking: Booking) -> str:
    if booking.last_start == booking.earliest_day:
        return f"day {booking.earliest_day}"
    return f"days {booking.earliest_day} to {booking.last_start}"


def _names(names: object) -> str:
    return " or ".join(repr(name) for name in sorted(map(str, names if isinstance(names, tuple | dict) else ())))


def _amounts(booking: Booking) -> str:
    return ", ".join(f"{need} {name}" for name, need in sorted(booking.need.items()) if need)
