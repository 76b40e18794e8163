"""
Who may see what: the one place where a figure that concerns others is let through, rounded or withheld.

Others' figures must not be computable from one's own statement. Thresholds follow the practice of publishing averages
only over enough contributors none of whom dominates (the "minimum frequency" and "dominance" rules of statistical
disclosure control: Hundepool et al., *Statistical Disclosure Control*, Wiley 2012, chapter 4).
"""

from collections.abc import Sequence

from solver.plan import Plan
from solver.shares import Share
from solver.statements.figures import Totals

OTHERS_MIN = 3
"""Totals, and figures that join several members' costs, are shown where at least so many others took part."""
DOMINANT_PERCENT = 60
"""Totals are withheld where one other has more than this of all others' stand-alone costs: they would be about it."""
GRAIN_PERCENT = 1
"""Answers to "what if" that depend on others are rounded to this part of the member's stand-alone cost."""
GRAIN_FEW_PERCENT = 5
"""The same where fewer than ``OTHERS_MIN`` others took part."""
DIGITS = 2
"""Digits that are kept of a total."""


def others_of(shares: Sequence[Share], member: str) -> list[Share]:
    """The other members that took part: those with a cost of their own."""
    return [share for share in shares if share.owner != member and share.stand_alone_minor > 0]


def enough(shares: Sequence[Share], member: str) -> bool:
    """Whether enough others took part for figures that join several members' costs."""
    return len(others_of(shares, member)) >= OTHERS_MIN


def totals(shares: Sequence[Share], member: str, plan: Plan, co2_g: int | None) -> Totals | None:
    """Everybody's figures for one member's eyes: rounded, or None where too few others or a dominant one took part."""
    others = others_of(shares, member)
    most, alone = max((share.stand_alone_minor for share in others), default=0), _alone(others)
    if not enough(shares, member) or most * 100 > alone * DOMINANT_PERCENT:
        return None
    return Totals(
        members=len(others) + any(share.owner == member and share.stand_alone_minor > 0 for share in shares),
        saving_minor=coarse(sum(share.saving_minor for share in shares)),
        distance_m=coarse(sum(route.distance_m for route in plan.routes)),
        co2_g=None if co2_g is None else coarse(co2_g),
    )


def _alone(shares: Sequence[Share]) -> int:
    return sum(share.stand_alone_minor for share in shares)


def coarse(value: int) -> int:
    """
    A total with its first two digits alone, rounded half up.

    >>> coarse(123_456), coarse(-1_250), coarse(99)
    (120000, -1300, 99)
    """
    step: int = 10 ** max(0, len(str(abs(value))) - DIGITS)
    sign = -1 if value < 0 else 1
    return sign * ((abs(value) + step // 2) // step) * step


def grain_minor(shares: Sequence[Share], member: str, stand_alone_minor: int) -> int:
    """What answers to this member are rounded to: at least one minor unit."""
    return grain_of(stand_alone_minor, few=not enough(shares, member))


def grain_of(stand_alone_minor: int, *, few: bool) -> int:
    """The same where it is known whether too few others take part."""
    percent = GRAIN_FEW_PERCENT if few else GRAIN_PERCENT
    return max(1, -(-stand_alone_minor * percent // 100))


def towards_zero(value: int, grain: int) -> int:
    """The multiple of ``grain`` next to ``value`` on the side of 0: a smaller difference is none."""
    kept = abs(value) // grain * grain
    return -kept if value < 0 else kept


def down(value: int, grain: int) -> int:
    """The largest multiple of ``grain`` that is not above ``value``."""
    return value // grain * grain


def up(value: int, grain: int) -> int:
    """The smallest multiple of ``grain`` that is not below ``value``."""
    return -(-value // grain) * grain
