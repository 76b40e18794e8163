"""Words of what jointly rented space costs, and who pays what of it."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import MinorUnits, PublicId
from cluster.space.models import UNITS_MAX, DayPrice

PERIOD_DAYS_MAX = 366
AnyUnits = Annotated[int, Meta(ge=0, le=UNITS_MAX)]


class SpaceRule(StrEnum):
    """How the rent of reserved places is split: the rules that want nothing but what each group would have to rent."""

    NUCLEOLUS = "nucleolus"
    PER_CAPITA_NUCLEOLUS = "per_capita_nucleolus"
    PROPORTIONAL_NUCLEOLUS = "proportional_nucleolus"
    EQUAL_PROFIT = "equal_profit"
    SHAPLEY = "shapley"
    ACAM = "acam"
    PROPORTIONAL = "proportional"


class SpaceUnitsOf(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a member."""

    member_id: PublicId
    units: AnyUnits


def _twice(entries: list[SpaceUnitsOf], name: str) -> Iterator[FieldFault]:
    seen: set[str] = set()
    for at, entry in enumerate(entries):
        if entry.member_id in seen:
            pointer = f"/{name}/{at}/member_id"
            yield FieldFault(pointer=pointer, code="twice", cause="named before", cure="name each member once")
        seen.add(entry.member_id)


class SettleLease(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What jointly rented space costs a month, and who pays for how much of it whether it books or not.

    ``overflow_milli`` is the price of a unit for a day beyond what was reserved, ``relet_milli`` that of a unit that
    another member gave back; thousandths of a minor unit. Who is not named is committed to nothing.
    """

    rent_month_minor: MinorUnits
    running_month_minor: MinorUnits = 0
    overflow_milli: DayPrice = 0
    relet_milli: DayPrice = 0
    commitments: Annotated[list[SpaceUnitsOf], Meta(max_length=500)] = field(default_factory=list)

    def faults(self) -> Iterator[FieldFault]:
        """Each member once."""
        yield from _twice(self.commitments, "commitments")


class SpaceLease(Struct, frozen=True, kw_only=True):
    """
    What jointly rented space costs. To a member: what it is committed to alone, the rest is null.
    """

    offer_id: str
    rent_month_minor: int | None
    running_month_minor: int | None
    overflow_milli: int | None
    relet_milli: int | None
    commitments: list[SpaceUnitsOf]


class CountSpace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What stood in a space on a day, by member; who is not named had nothing there. Counted again, the last count holds.
    """

    day: date
    counts: Annotated[list[SpaceUnitsOf], Meta(max_length=500)]

    def faults(self) -> Iterator[FieldFault]:
        """Each member once."""
        yield from _twice(self.counts, "counts")


class SpaceCounted(Struct, frozen=True, kw_only=True):
    """A day that was counted."""

    offer_id: str
    day: date
    units: int


class SplitSpace(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A period of jointly rented space whose cost is to be split.

    ``rent_minor`` and ``running_minor`` may be left out of whole calendar months: then they are the lease's.
    """

    offer_id: PublicId
    first_on: date
    last_on: date
    rule: SpaceRule = SpaceRule.NUCLEOLUS
    rent_minor: MinorUnits | None = None
    running_minor: MinorUnits | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Days are in order and not too many."""
        if not 0 <= (self.last_on - self.first_on).days < PERIOD_DAYS_MAX:
            cause, cure = "not after first_on, or more than a year", f"split 1 to {PERIOD_DAYS_MAX} days at once"
            yield FieldFault(pointer="/last_on", code="days_reversed", cause=cause, cure=cure)


class SpaceSplitStatus(StrEnum):
    """A withdrawn split owes nobody anything."""

    FINAL = "final"
    WITHDRAWN = "withdrawn"


class SpaceShare(Struct, frozen=True, kw_only=True):
    """
    One member's part of a period, and where it comes from; ``share_minor`` is the sum of five parts.

    ``reserved_minor`` for reserved places, by the rule; ``running_minor`` by what stood there, unit by day;
    ``overflow_minor`` and ``relet_minor`` for what stood there beyond its reservation; ``credit_minor`` (0 or less) for
    places that it gave back and that others then used. ``alone_minor`` is what its reservation would cost alone at the
    same rent a place: ``peak_units`` on ``peak_on``. All together need most on ``joint_peak_on``, of which it has
    ``at_joint_peak``. ``used_days``, ``over_days`` and ``released_days`` are units times days.
    """

    member_id: str
    reserved_minor: int
    running_minor: int
    overflow_minor: int
    relet_minor: int
    credit_minor: int
    share_minor: int
    alone_minor: int
    peak_units: int
    peak_on: date
    joint_peak_on: date
    at_joint_peak: int
    used_days: int
    over_days: int
    released_days: int


class SpaceSplit(Struct, frozen=True, kw_only=True):
    """
    Who pays what for a period of jointly rented space: all shares for the coordinator, its own alone for a member.

    The rest is for the coordinator. ``place_minor``: rent of one of the ``rented_units`` places that are needed where
    all together need most. No group would pay less for its reservations alone by more than ``gain_max_minor`` (0 or
    less: nobody gains by leaving), that of ``gain_members``.
    """

    id: str
    offer_id: str
    first_on: date
    last_on: date
    status: SpaceSplitStatus
    rule: SpaceRule
    shares: list[SpaceShare]
    cost_minor: int | None
    rent_minor: int | None
    running_minor: int | None
    rented_units: int | None
    place_minor: int | None
    gain_max_minor: int | None
    gain_members: list[str] | None
    created_at: datetime | None


class SpaceAccount(Struct, frozen=True, kw_only=True):
    """A member's units day by day: reserved, given back of that, and used."""

    member_id: str
    reserved: list[int]
    released: list[int]
    used: list[int]


class SpaceCertificate(Struct, frozen=True, kw_only=True):
    """
    All that a split follows from, for anybody to work out again.

    A group's reservations alone cost ``place_minor`` times its fullest day; ``gain_max_minor`` is the most that any
    group's ``reserved_minor`` exceed that by. ``counted`` are days with a count; on others what was booked was used.
    """

    offer_id: str
    first_on: date
    last_on: date
    rule: SpaceRule
    rent_minor: int
    running_minor: int
    overflow_milli: int
    relet_milli: int
    accounts: list[SpaceAccount]
    counted: list[date]
    rented_units: int
    place_minor: int
    cost_minor: int
    shares: list[SpaceShare]
    gain_max_minor: int
    gain_members: list[str]
