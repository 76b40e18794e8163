"""
When drivers rest: what laws ask for, what a cluster settles, and the windows of a day that follow from it.

The planner places breaks within windows, wherever the vehicle then is. A law counts hours at the wheel instead. Windows
that close early enough keep it whatever is driven: from the beginning of the shift to the first break, and between two
of them, no more time passes in all than may be driven. So a plan is lawful by construction, and rests sometimes sooner
than it must.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, CountryCode

BREAKS_MAX = 6
BEGINS_WITHIN_S = 3600
"""How long the window of a lawful break is open: no service that takes less can keep a driver from it."""


class BreakRule(StrEnum):
    """Whose rule breaks follow: none, windows of one's own, or a law."""

    NONE = "none"
    OWN = "own"
    EU_561 = "eu_561"
    VN_36_2024 = "vn_36_2024"
    CN_405_2004 = "cn_405_2004"


class DriverBreak(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A break that begins between two times of day; only who is still on the way at the second has it."""

    opens_at: ClockTime
    closes_at: ClockTime
    duration_s: Annotated[int, Meta(ge=60, le=14_400)]


class DriverBreaks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The breaks of drivers: those of a law, windows of one's own (``breaks``, with ``rule`` ``own``), or none.

    What a law asks for begins at most as long after the beginning of the shift, or the break before it, as may be
    driven without one.
    """

    rule: BreakRule
    breaks: Annotated[list[DriverBreak], Meta(max_length=BREAKS_MAX)] = field(default_factory=list)

    def faults(self) -> Iterator[FieldFault]:
        """One's own breaks are told, in order and apart; a law tells its own."""
        if self.rule is BreakRule.OWN and not self.breaks:
            cure = "name at least one, or another rule"
            yield FieldFault(pointer="/breaks", code="missing", cause="breaks of one's own, and none", cure=cure)
        if self.rule is not BreakRule.OWN and self.breaks:
            cure = "leave them out, or let the rule be own"
            yield FieldFault(pointer="/breaks", code="not_of_rule", cause=f"{self.rule} has its own", cure=cure)
        before: DriverBreak | None = None
        for index, entry in enumerate(self.breaks):
            if entry.opens_at > entry.closes_at:
                cure = "let closes_at be as late as opens_at at least"
                at, cause = f"/breaks/{index}/closes_at", "closes before it opens"
                yield FieldFault(pointer=at, code="window_reversed", cause=cause, cure=cure)
            elif before is not None and not _follows(before, entry):
                cure = "name them in order, each to begin when the one before it can be over"
                cause = f"it begins by {entry.closes_at}, the one before it from {before.opens_at} to "
                cause += f"{before.closes_at} for {before.duration_s} s"
                yield FieldFault(pointer=f"/breaks/{index}", code="breaks_overlap", cause=cause, cure=cure)
            before = entry


def _follows(before: DriverBreak, after: DriverBreak) -> bool:
    """Whether the windows of two breaks are apart, and the second can be taken after the first."""
    over_s = _seconds(before.opens_at) + before.duration_s
    return after.opens_at > before.closes_at and _seconds(after.closes_at) >= over_s


def _seconds(clock: str) -> int:
    return int(clock[:2]) * 3600 + int(clock[3:]) * 60


class Law(Struct, frozen=True, kw_only=True):
    """
    What a law asks of drivers of goods vehicles: after at most ``driving_max_s`` at the wheel a break of ``break_s``.

    ``note`` says what else it asks for that plans do not see to. ``checked_on`` is when it was last looked up.
    """

    rule: BreakRule
    countries: list[CountryCode]
    driving_max_s: int
    break_s: int
    in_force_from: date
    source: str
    note: str
    checked_on: date


class Laws(Struct, frozen=True, kw_only=True):
    """All laws that breaks can follow."""

    data: list[Law]


EEA = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split()  # noqa: SIM905
)
CHECKED_ON = date(2026, 11, 23)

LAWS = (
    Law(
        rule=BreakRule.EU_561,
        countries=EEA,
        driving_max_s=16_200,
        break_s=2_700,
        in_force_from=date(2007, 4, 11),
        source="Regulation (EC) No 561/2006, article 7",
        note="Goods vehicles above 3.5 t with their trailer; since 1 July 2026 above 2.5 t across borders. At most 9 h "
        "at the wheel a day (twice a week 10 h), and the breaks of the law of working time: not seen to.",
        checked_on=CHECKED_ON,
    ),
    Law(
        rule=BreakRule.VN_36_2024,
        countries=["VN"],
        driving_max_s=14_400,
        break_s=900,
        in_force_from=date(2025, 1, 1),
        source="Law 36/2024/QH15 on road traffic order and safety, article 64",
        note="The law names no length: the traffic police says that after some 15 minutes a driver may go on. At most "
        "10 h at the wheel a day and 48 h a week: not seen to.",
        checked_on=CHECKED_ON,
    ),
    Law(
        rule=BreakRule.CN_405_2004,
        countries=["CN"],
        driving_max_s=14_400,
        break_s=1_200,
        in_force_from=date(2004, 5, 1),
        source="State Council Decree 405 (2004, amended 2017), article 62, item 7",
        note="Rules of the trade on hours a day: not seen to.",
        checked_on=CHECKED_ON,
    ),
)
_LAW_OF = {law.rule: law for law in LAWS}


def lawful(rule: BreakRule, open_s: int, close_s: int) -> Iterator[tuple[int, int, int]]:
    """
    Windows of the breaks that a law asks for in a shift: when each opens and closes, and how long it lasts.

    Each closes as long after the earliest end of the break before it (or the beginning of the shift) as may be driven.
    Who leaves after a window has closed has no break there, and needs none: the next closes no later after that than
    may be driven, as no law's break is longer than a window.
    """
    law = _LAW_OF.get(rule)
    if law is None:
        return
    rested_s = open_s
    while rested_s + law.driving_max_s < close_s:
        closes_s = rested_s + law.driving_max_s
        opens_s = closes_s - BEGINS_WITHIN_S
        yield opens_s, closes_s, law.break_s
        rested_s = opens_s + law.break_s
