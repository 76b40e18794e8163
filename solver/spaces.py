"""
Shared warehouse space over time: offers, bookings, an allocation, and one booking's answer.

Days are whole, counted from the plan's start: the solver knows no calendar. A stay that begins on ``first_day`` and
takes ``days`` uses the days ``first_day`` to ``first_day + days - 1``. Space is counted in whole units of any
dimensions (pallet places, square decimetres of floor); money in thousandths of the currency's minor unit.

What an allocation is worth: what accepted bookings are worth, less the rent of the space that they use, less the
outside options of rejected ones, less the price of every departure from what was published. Space that its own owner
uses costs no rent.
"""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from solver.goods import Identifier

SPACE_VERSION = 1


class Offer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Space that somebody offers, from ``first_day`` to ``last_day``, both included.

    Attributes
    ----------
    owner
        Whose it is; empty: nobody's in the cluster.
    zone
        Which part of the site, for people; space that is apart is an offer of its own.
    temperature
        Temperature class, such as ``ambient``, ``chilled``, ``frozen``.
    capacity
        By dimension, whole units, the same on all its days. What it does not name it does not have.
    day_milli
        Rent by dimension, of one unit for a day.
    days_min, days_max
        How long one stay is at least and at most; None: any length.
    """

    id: Identifier
    site: Identifier
    owner: str = ""
    zone: str = ""
    temperature: Identifier = "ambient"
    capacity: dict[str, int]
    first_day: int = 0
    last_day: int
    day_milli: dict[str, int] = {}
    days_min: int = 1
    days_max: int | None = None


class Booking(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Space that somebody wants for ``days`` days running, beginning between ``earliest_day`` and ``latest_day``.

    Attributes
    ----------
    need
        By dimension, on each day of the stay, all in one offer.
    temperatures, sites
        Accepted temperature classes and sites; empty: any.
    latest_day
        None: it begins on ``earliest_day``.
    value_milli
        What accepting it is worth (to its owner, or what it brings in).
    outside_milli
        What space elsewhere costs if it is rejected.
    mandatory
        As few of these as possible are rejected, whatever it costs.
    priority
        Its part of the worth counts ``SpaceProblem.priority_factor`` to this power.
    move_milli
        Price if it stands elsewhere, or on other days, than was published, or is rejected after that.
    """

    id: Identifier
    owner: Identifier
    need: dict[str, int]
    temperatures: tuple[Identifier, ...] = ()
    sites: tuple[Identifier, ...] = ()
    earliest_day: int
    latest_day: int | None = None
    days: int
    value_milli: int = 0
    outside_milli: int = 0
    mandatory: bool = False
    priority: int = 0
    move_milli: int = 0

    @property
    def last_start(self) -> int:
        """The last day on which it may begin."""
        return self.earliest_day if self.latest_day is None else self.latest_day


class Stay(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A booking in an offer, from ``first_day`` on."""

    booking: Identifier
    offer: Identifier
    first_day: int


class SpaceProblem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Who gets which space on which days?

    As few mandatory bookings as possible are rejected; then the worth is as large as possible, each booking's part
    counted ``priority_factor`` to the power of its ``priority``.

    ``published`` is where bookings stand in an allocation that members were told. ``fixed`` stays are kept, whatever
    else they break (goods that stand there already) except the offer's days and capacity.
    """

    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "VND"
    offers: tuple[Offer, ...]
    bookings: tuple[Booking, ...]
    published: tuple[Stay, ...] = ()
    fixed: tuple[Stay, ...] = ()
    priority_factor: int = 10
    version: int = SPACE_VERSION


class Refusal(StrEnum):
    """Why a booking is not accepted, the most fundamental first."""

    DIMENSION_MISSING = "dimension_missing"
    """No offer has space of that kind at all."""
    SITE_WITHOUT_OFFER = "site_without_offer"
    """Nothing is offered at the accepted sites."""
    TEMPERATURE_WITHOUT_OFFER = "temperature_without_offer"
    """Nothing of the accepted temperature classes is offered there."""
    NEED_TOO_LARGE = "need_too_large"
    """More than any such offer holds when it is empty."""
    STAY_LENGTH = "stay_length"
    """Such offers want longer, or shorter, stays."""
    DATES_WITHOUT_OFFER = "dates_without_offer"
    """No such offer is open for the whole stay."""
    RENT_TOO_HIGH = "rent_too_high"
    """Everywhere the rent is more than the booking is worth."""
    SPACE_TAKEN = "space_taken"
    """The space is held by others."""


class Change(StrEnum):
    """What an alternative asks the member to give up, in the order of how little that usually is."""

    DATES = "dates"
    SITE = "site"
    NEED = "need"
    DAYS = "days"
    TEMPERATURE = "temperature"


class Alternative(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What would be accepted at once, with one thing changed.

    ``change`` says which, ``by`` how much: days of delay (negative: earlier), days fewer, per cent of the need that is
    left out (in the dimension that loses most); 0 otherwise. ``need`` and ``days`` are what would then be booked, at
    ``rent_milli``.
    """

    change: Change
    by: int = 0
    offer: str
    first_day: int
    days: int
    need: dict[str, int]
    rent_milli: int


class Rejected(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A booking that is not accepted.

    ``detail`` says why in words, ``cure`` what would help; ``nearest`` are alternatives, at most one of each kind, the
    nearest first. Each is possible by itself beside all that is accepted.
    """

    booking: str
    reason: Refusal
    detail: str
    cure: str
    nearest: tuple[Alternative, ...] = ()


class DayPrices(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Shadow prices of one dimension of an offer: what a unit more would be worth on each day from day 0 on.

    On top of the rent; 0 or more. What members may be charged so that nobody would rather have another's space.
    """

    offer: str
    dimension: str
    milli: tuple[int, ...]


class Occupied(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units of one dimension of an offer that are in use, on each day from day 0 on."""

    offer: str
    dimension: str
    units: tuple[int, ...]


class Allocation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An answer to a ``SpaceProblem``: every booking has a stay or is rejected, in the order of bookings.

    Attributes
    ----------
    worth_milli, weighted_milli
        As defined at the top; the second with each booking's part multiplied for its priority.
    rent_milli
        Rent in all.
    bound_milli
        Nothing that leaves out no more mandatory bookings has a larger ``weighted_milli``. It follows from ``prices``
        alone: all space at these prices, and for each booking the most that it can be worth after paying them.
    prices, occupied
        By offer and dimension, every offer's every dimension.
    """

    currency: str
    stays: tuple[Stay, ...]
    rejected: tuple[Rejected, ...]
    worth_milli: int
    weighted_milli: int
    rent_milli: int
    bound_milli: int
    prices: tuple[DayPrices, ...]
    occupied: tuple[Occupied, ...]

    @property
    def gap_percent(self) -> float:
        """By how much the bound is above, in per cent of the bound; 0 where nothing can be better."""
        away = self.bound_milli - self.weighted_milli
        return 100.0 * away / max(abs(self.bound_milli), 1)


class Offered(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    One booking's answer: yes, there.

    ``priced_milli`` is what the space is worth to others at the shadow prices of the allocation: a booking that is
    worth less than rent and this stands in the way of better ones.
    """

    stay: Stay
    rent_milli: int
    priced_milli: int


class Refused(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One booking's answer: no, why, and the nearest yes."""

    rejected: Rejected
