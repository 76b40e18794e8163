"""
What members may be told of a whole month: rules without SQL, on top of those for statements (``solver.statements``).

Everything here makes a figure that joins several members' safe to tell once; that it is told once, rounded, and of
whole calendar months alone, keeps it safe from being asked for again with other limits.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from msgspec import Struct

from solver.shares import Share
from solver.statements import guards

LAG_DAYS = 7
"""How long after its end a month is told."""


class MemberMonth(Struct, frozen=True, kw_only=True):
    """One member's sums of a month, or of a day."""

    member_id: UUID
    shipments: int
    alone_minor: int
    share_minor: int
    saving_minor: int


class MonthTotals(Struct, frozen=True, kw_only=True):
    """A month of the whole cluster as counted, before anything is rounded."""

    shipments: int
    distance_m: int
    saving_minor: int
    emissions_g: int | None


def told_before(today: date) -> date:
    """Months that ended on or before this day may be told: their end is ``LAG_DAYS`` ago."""
    return today - timedelta(days=LAG_DAYS)


def may_be_told(months: Sequence[MemberMonth], before: Sequence[MemberMonth], member_id: UUID, others_min: int) -> bool:
    """
    Whether a member may see the month of all.

    Parameters
    ----------
    before
        The same of the month before; empty where there was none.
    others_min
        What the cluster wants; never fewer than the rule for statements wants.
    """
    if not _enough(months, member_id, others_min):
        return False
    # Where one firm came or went, the difference of two months would be about it.
    changed = _took_part(months, member_id) ^ _took_part(before, member_id)
    return not before or not changed or len(changed) >= guards.OTHERS_MIN


def rounded(totals: MonthTotals) -> Mapping[str, int | None]:
    """A month's totals with their first digits alone."""
    return {
        "shipments": guards.coarse(totals.shipments),
        "distance_m": guards.coarse(totals.distance_m),
        "saving_minor": guards.coarse(totals.saving_minor),
        "emissions_g": None if totals.emissions_g is None else guards.coarse(totals.emissions_g),
    }


def own_emissions_g(
    day: Sequence[MemberMonth], emissions_g: int | None, member_id: UUID, others_min: int
) -> int | None:
    """
    What a member is told of its part of a day's emissions; None where that would be about somebody else.

    A part depends on how far the vehicles went and on what else they carried. It is told as totals are: where enough
    others took part and none of them dominates, and with its first digits alone. Members ask for single days and
    subtract periods at will, so it is rounded by day and added up afterwards.
    """
    if emissions_g is None or not _enough(day, member_id, others_min):
        return None
    return guards.coarse(emissions_g)


def _enough(entries: Sequence[MemberMonth], member_id: UUID, others_min: int) -> bool:
    shares = [_share(entry) for entry in entries]
    others = guards.others_of(shares, str(member_id))
    if len(others) < others_min or not guards.enough(shares, str(member_id)):
        return False
    alone = sum(share.stand_alone_minor for share in others)
    return max(share.stand_alone_minor for share in others) * 100 <= alone * guards.DOMINANT_PERCENT


def _took_part(months: Sequence[MemberMonth], member_id: UUID) -> set[UUID]:
    return {entry.member_id for entry in months if entry.alone_minor > 0 and entry.member_id != member_id}


def _share(entry: MemberMonth) -> Share:
    return Share(
        owner=str(entry.member_id),
        stand_alone_minor=entry.alone_minor,
        share_minor=entry.share_minor,
        saving_minor=entry.saving_minor,
        incremental_minor=0,
        low_minor=entry.share_minor,
        high_minor=entry.share_minor,
    )
