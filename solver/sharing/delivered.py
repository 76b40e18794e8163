"""What a bill says of what was delivered: confirmed shares, lines, entries that they lead to, and what can be wrong."""

from collections.abc import Iterator, Sequence
from enum import StrEnum

from msgspec import Struct

from solver.faults import Fault
from solver.validate_values import COST_MAX_MILLI, fault, identifier, is_whole, number


class Cause(StrEnum):
    """Why a line stands on the bill."""

    AS_PLANNED = "as_planned"
    CANCELLED_IN_TIME = "cancelled_in_time"
    CANCELLED_LATE = "cancelled_late"
    NO_SHOW = "no_show"
    FAILED_DELIVERY = "failed_delivery"
    REFUSED = "refused"
    EXTRA_STOP = "extra_stop"
    WAITING = "waiting"
    WRONG_WEIGHT = "wrong_weight"
    TRAFFIC = "traffic"
    TOLL = "toll"
    FUEL = "fuel"
    OTHER = "other"


class CausedBy(StrEnum):
    """Who a line is due to; ``nobody``: common to all."""

    MEMBER = "member"
    CARRIER = "carrier"
    NOBODY = "nobody"


CANCELLED = (Cause.CANCELLED_IN_TIME, Cause.CANCELLED_LATE)
"""Causes that end what a member pays for a shipment."""
BY_MEMBERS = (*CANCELLED, Cause.NO_SHOW)
COMMON = (Cause.AS_PLANNED, Cause.TRAFFIC, Cause.TOLL, Cause.FUEL)


class Confirmed(Struct, frozen=True, kw_only=True):
    """
    What a member was told before the vehicles left.

    ``share_minor`` is its share; ``at_most_minor`` what its statement says that it pays at most as long as it causes
    nothing, the share itself where it says nothing.
    """

    member: str
    share_minor: int
    at_most_minor: int | None = None


class BillLine(Struct, frozen=True, kw_only=True):
    """
    One line of what was billed for a plan.

    Attributes
    ----------
    id
        Distinct within a bill.
    carrier
        Who billed it.
    amount_minor
        What it adds to the bill; negative: what the carrier does not bill although it was planned.
    cause, caused_by
        Why, and due to whom.
    member
        Whose shipment it is about; needed where a member caused it.
    part_minor
        How much of the member's share stood for what was cancelled or not carried; None: all of it.
    """

    id: str
    carrier: str
    amount_minor: int
    cause: Cause
    caused_by: CausedBy = CausedBy.NOBODY
    member: str | None = None
    part_minor: int | None = None


class Account(StrEnum):
    """Whose account an entry goes to; ``cluster`` is the cluster's own, which bears what nobody else does."""

    MEMBER = "member"
    CARRIER = "carrier"
    CLUSTER = "cluster"


class EntryReason(StrEnum):
    """
    Why an entry is posted.

    ``caused``: due to that member. ``cancelled``: it no longer pays for what it cancelled. ``not_carried``: the carrier
    did not carry its goods. ``claim``: the carrier caused it and bears it. ``planned_differs``: what was billed as
    planned is not what was confirmed. ``common``: due to nobody, by share. ``above_confirmed``: what a member is
    spared, and the cluster bears, because nobody pays more than its statement says.
    """

    CAUSED = "caused"
    CANCELLED = "cancelled"
    NOT_CARRIED = "not_carried"
    CLAIM = "claim"
    PLANNED_DIFFERS = "planned_differs"
    COMMON = "common"
    ABOVE_CONFIRMED = "above_confirmed"


class Entry(Struct, frozen=True, kw_only=True):
    """
    One posting; charges are positive, credits negative, none is 0.

    ``holder`` is the member or the carrier, "" for the cluster; ``line`` the bill line that it comes from, "" where it
    comes from all of them.
    """

    account: Account
    holder: str
    reason: EntryReason
    line: str
    amount_minor: int


class Payable(Struct, frozen=True, kw_only=True):
    """
    What a member pays in the end: ``payable_minor`` is the sum of the other four.

    ``credited_minor`` (0 or less) is for what it cancelled or what was not carried, ``caused_minor`` what it caused,
    ``common_minor`` its part of what nobody caused, after the cap.
    """

    member: str
    share_minor: int
    credited_minor: int
    caused_minor: int
    common_minor: int
    payable_minor: int


class TrueUp(Struct, frozen=True, kw_only=True):
    """
    What is posted beside the confirmed shares.

    ``bill_minor`` is the sum of the bill's lines. It equals payables plus ``carrier_minor`` (what carriers bear) plus
    ``cluster_minor`` (what the cluster's own account bears); the entries sum to the bill less the confirmed shares.
    """

    entries: tuple[Entry, ...]
    payables: tuple[Payable, ...]
    bill_minor: int
    carrier_minor: int
    cluster_minor: int


def part_of(line: BillLine, share_minor: int) -> int:
    """How much of a member's share a line is about."""
    return share_minor if line.part_minor is None else line.part_minor


def confirmed_faults(confirmed: Sequence[Confirmed]) -> Iterator[Fault]:
    """Names twice, amounts out of range, a maximum below the share."""
    seen: set[str] = set()
    for at, entry in enumerate(confirmed):
        where = f"confirmed[{at}]"
        yield from identifier(f"{where}.member", entry.member)
        if entry.member in seen:
            yield fault("id_duplicate", f"{where}.member", f"{entry.member!r} stands twice", "one entry a member")
        seen.add(entry.member)
        yield from number(f"{where}.share_minor", entry.share_minor, COST_MAX_MILLI)
        if entry.at_most_minor is not None:
            least = entry.share_minor if is_whole(entry.share_minor) else 0
            yield from number(f"{where}.at_most_minor", entry.at_most_minor, COST_MAX_MILLI, least)


def bill_faults(confirmed: Sequence[Confirmed], bill: Sequence[BillLine]) -> Iterator[Fault]:
    """What is wrong with single lines."""
    members = {entry.member for entry in confirmed}
    seen: set[str] = set()
    for at, line in enumerate(bill):
        where = f"bill[{at}]"
        yield from identifier(f"{where}.id", line.id)
        yield from identifier(f"{where}.carrier", line.carrier)
        if line.id in seen:
            yield fault("id_duplicate", f"{where}.id", f"{line.id!r} stands twice", "give each line its own")
        seen.add(line.id)
        yield from number(f"{where}.amount_minor", line.amount_minor, COST_MAX_MILLI, -COST_MAX_MILLI)
        if line.part_minor is not None:
            yield from number(f"{where}.part_minor", line.part_minor, COST_MAX_MILLI)
        if line.member is not None and line.member not in members:
            cause = f"{line.member!r} has no confirmed share"
            yield fault("member_unknown", f"{where}.member", cause, "name a member of the split")
        yield from _cause_faults(where, line)


def _cause_faults(where: str, line: BillLine) -> Iterator[Fault]:
    """Whether somebody can have caused a line of that kind, and is named."""
    if line.caused_by is CausedBy.MEMBER and line.member is None:
        yield fault("member_missing", f"{where}.member", "caused by a member that is not named", "name it")
    wanted = None
    if line.cause in BY_MEMBERS:
        wanted = CausedBy.MEMBER
    elif line.cause in COMMON:
        wanted = CausedBy.NOBODY
    if wanted is not None and line.caused_by is not wanted:
        cause = f"{line.cause} is caused by {wanted}, never by {line.caused_by}"
        yield fault("cause_contradiction", f"{where}.caused_by", cause, f"{wanted}, or another cause")


def part_faults(confirmed: Sequence[Confirmed], bill: Sequence[BillLine]) -> Iterator[Fault]:
    """Nothing is credited twice: parts of one member's share are at most its share."""
    left = {entry.member: entry.share_minor for entry in confirmed}
    shares = dict(left)
    for at, line in enumerate(bill):
        credited = line.cause in CANCELLED or (line.caused_by is CausedBy.CARRIER and line.amount_minor < 0)
        if line.member is None or not credited:
            continue
        left[line.member] -= part_of(line, shares[line.member])
        if left[line.member] < 0:
            cause = f"with it more than {line.member!r}'s whole share would be credited"
            yield fault("part_beyond_share", f"bill[{at}].part_minor", cause, "parts that sum to at most the share")
