"""Words of shared warehouse space: what is offered, wanted, booked, waited for and moved."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE, PublicId, Text
from cluster.shipments.goods import TemperatureClass

UNITS_MAX = 100_000
DAYS_MAX = 1_100
"""Three years: an offer's days are counted one by one."""

DayPrice = Annotated[int, Meta(ge=0, le=10**10)]
"""Of one unit for a day, in thousandths of a minor unit."""
StayMoney = Annotated[int, Meta(ge=0, le=10**11)]
"""Of one stay, in minor units."""
Units = Annotated[int, Meta(ge=1, le=UNITS_MAX)]
Days = Annotated[int, Meta(ge=1, le=DAYS_MAX)]
Content = Annotated[str, Meta(min_length=1, max_length=300, pattern=PRINTABLE)]


class SpaceUnit(StrEnum):
    """What space is counted in."""

    PALLET_PLACE = "pallet_place"
    SQUARE_METRE = "square_metre"


class SpaceOfferStatus(StrEnum):
    """A withdrawn offer takes no more bookings; those that it has stay."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"


class SpaceBookingStatus(StrEnum):
    """
    Life of a booking of space.

    ``released``: given back, whole or before it began. ``expired``: it waited until the last day it could have begun.
    """

    WAITING = "waiting"
    BOOKED = "booked"
    RELEASED = "released"
    EXPIRED = "expired"


def _reversed(pointer: str) -> FieldFault:
    cure = "give the same day or a later one"
    return FieldFault(pointer=pointer, code="days_reversed", cause="before the day that it follows", cure=cure)


class OfferSpace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Space to be offered, the same on all days from ``first_on`` to ``last_on``: a member's own, or the cluster's.

    ``day_milli`` is the rent of one unit for a day in thousandths of a minor unit; its owner pays none.
    ``days_min`` and ``days_max`` bound a stay. Whoever gives space back owes the next ``notice_days`` all the same.
    ``row_units``: how many positions stand in a row on the map.
    """

    site_id: PublicId
    zone: Text
    temperature: TemperatureClass = TemperatureClass.AMBIENT
    unit: SpaceUnit = SpaceUnit.PALLET_PLACE
    units: Units
    row_units: Units = 50
    first_on: date
    last_on: date
    day_milli: DayPrice = 0
    days_min: Days = 1
    days_max: Days | None = None
    notice_days: Annotated[int, Meta(ge=0, le=DAYS_MAX)] = 0

    def faults(self) -> Iterator[FieldFault]:
        """Days are in order and not too many."""
        if self.last_on < self.first_on:
            yield _reversed("/last_on")
        elif (self.last_on - self.first_on).days >= DAYS_MAX:
            cure = "offer the rest apart, later"
            yield FieldFault(pointer="/last_on", code="out_of_range", cause=f"more than {DAYS_MAX} days", cure=cure)
        if self.days_max is not None and self.days_max < self.days_min:
            cure = "give days_min or more"
            yield FieldFault(pointer="/days_max", code="out_of_range", cause="less than days_min", cure=cure)


class SpaceOffer(Struct, frozen=True, kw_only=True):
    """
    Space that is offered in the cluster.

    ``joint``: the cluster rents it together. ``mine``: the asker's own. ``owner_id`` is told to the coordinator and to
    its owner.
    """

    id: str
    joint: bool
    mine: bool
    owner_id: str | None
    site_id: str
    site_name: str
    address_line1: str
    country_code: str
    lat: float
    lon: float
    zone: str
    temperature: TemperatureClass
    unit: SpaceUnit
    units: int
    row_units: int
    first_on: date
    last_on: date
    day_milli: int
    days_min: int
    days_max: int | None
    notice_days: int
    status: SpaceOfferStatus
    version: int
    created_at: datetime


class WantSpace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Space that is wanted for ``days`` days running, beginning on ``earliest_on`` or until ``latest_on``.

    No ``temperatures`` or ``site_ids``: any. ``rent_max_minor``: what the whole stay may cost at most; left out,
    whatever it costs.
    """

    unit: SpaceUnit = SpaceUnit.PALLET_PLACE
    units: Units
    earliest_on: date
    latest_on: date | None = None
    days: Days
    temperatures: Annotated[list[TemperatureClass], Meta(max_length=4)] = field(default_factory=list)
    site_ids: Annotated[list[PublicId], Meta(max_length=50)] = field(default_factory=list)
    offer_id: PublicId | None = None
    rent_max_minor: StayMoney | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Days are in order."""
        if self.latest_on is not None and self.latest_on < self.earliest_on:
            yield _reversed("/latest_on")


class BookSpace(WantSpace, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Space to be booked: where it costs least, as early as possible.

    ``wait``: where there is none, wait for it. ``content`` says what comes, for whoever runs the site. ``move_minor``
    is what it costs you if a re-plan puts you elsewhere or on other days; left out, it is the rent.
    """

    wait: bool = False
    content: Content | None = None
    move_minor: StayMoney | None = None


class SpacePlace(Struct, frozen=True, kw_only=True):
    """Where there is room, from when until when, and what it costs."""

    offer_id: str
    first_on: date
    last_on: date
    rent_minor: int


class SpaceAlternative(Struct, frozen=True, kw_only=True):
    """
    What would be possible with one thing changed: ``dates``, ``site``, ``need``, ``days`` or ``temperature``.

    ``by``: days of delay (below zero: earlier), per cent of the need left out, days fewer; 0 otherwise.
    """

    change: str
    by: int
    offer_id: str
    first_on: date
    last_on: date
    units: int
    rent_minor: int


class SpaceAnswer(Struct, frozen=True, kw_only=True):
    """
    Where there is room, the cheapest first; or why there is none, what would help, and what is nearest to a yes.
    """

    places: list[SpacePlace]
    reason: str | None
    detail: str | None
    cure: str | None
    nearest: list[SpaceAlternative]


class SpaceBooking(Struct, frozen=True, kw_only=True):
    """
    A booking of space; ``offer_id`` and what follows are null while it waits.

    ``last_on`` is the last day that is held, ``owed_on`` the last that is owed.
    """

    id: str
    member_id: str
    status: SpaceBookingStatus
    unit: SpaceUnit
    units: int
    temperatures: list[TemperatureClass]
    site_ids: list[str]
    earliest_on: date
    latest_on: date
    days: int
    rent_max_minor: int | None
    move_minor: int | None
    content: str | None
    offer_id: str | None
    first_on: date | None
    last_on: date | None
    owed_on: date | None
    rent_minor: int | None
    version: int
    created_at: datetime
    booked_at: datetime | None


class ExtendSpace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stay where it stands, until ``last_on``."""

    last_on: date


class ReleaseSpace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give space back from a day on; left out, from tomorrow, or whole where it has not begun."""

    from_on: date | None = None


class SpaceStay(Struct, frozen=True, kw_only=True):
    """
    A booking in the calendar: ``positions`` are ranges of position numbers, first and last.

    ``member_id``, ``member_name`` and ``content`` are told to the coordinator and to whose space it is.
    """

    booking_id: str
    mine: bool
    member_id: str | None
    member_name: str | None
    content: str | None
    units: int
    first_on: date
    last_on: date
    positions: list[tuple[int, int]]


class SpaceCalendar(Struct, frozen=True, kw_only=True):
    """
    How an offer is taken, day by day from ``first_on``: ``free`` units, and the stays that the asker may see.

    Whoever books sees its own stays; the coordinator, and whose space it is, see all.
    """

    offer_id: str
    first_on: date
    last_on: date
    units: int
    row_units: int
    free: list[int]
    stays: list[SpaceStay]


class AskReplan(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which space is thought through anew; ``seconds`` of search at most."""

    unit: SpaceUnit = SpaceUnit.PALLET_PLACE
    seconds: Annotated[int, Meta(ge=1, le=20)] = 3


class SpaceMove(Struct, frozen=True, kw_only=True):
    """
    A booking that would stand elsewhere or on other days (``from_offer_id`` null: that waited so far).

    ``price_minor`` is what the move costs its member, by its own word; ``rent_minor`` its rent afterwards.
    """

    booking_id: str
    member_id: str
    units: int
    from_offer_id: str | None
    from_first_on: date | None
    to_offer_id: str
    to_first_on: date
    to_last_on: date
    price_minor: int
    rent_minor: int
    booking_version: int


class SpaceReplanStatus(StrEnum):
    """A proposal, or done."""

    PROPOSED = "proposed"
    APPLIED = "applied"


class SpaceReplan(Struct, frozen=True, kw_only=True):
    """
    What taking in those that wait would move, and at what price.

    ``moves_minor`` is the sum of the prices of moves; ``worth_minor`` what the accepted bookings are worth after rent
    and moves, ``bound_minor`` what no other plan exceeds. ``left_waiting`` still have no place.
    """

    id: str
    status: SpaceReplanStatus
    unit: SpaceUnit
    moves: list[SpaceMove]
    taken_in: list[SpaceMove]
    left_waiting: list[str]
    moves_minor: int
    worth_minor: int
    bound_minor: int
    created_at: datetime
    applied_at: datetime | None
