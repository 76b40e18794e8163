"""
From planned to delivered: who bears what came otherwise than the confirmed split said.

Confirmed shares are never changed. What differs becomes entries posted beside them, charges and credits, each with
its reason and the line of the bill that it comes from.
"""

from collections.abc import Sequence

from solver.faults import ProblemError
from solver.sharing.apportion import apportioned
from solver.sharing.delivered import (
    CANCELLED,
    Account,
    BillLine,
    Cause,
    CausedBy,
    Confirmed,
    Entry,
    EntryReason,
    Payable,
    TrueUp,
    bill_faults,
    confirmed_faults,
    part_faults,
    part_of,
)

CREDITS = (EntryReason.CANCELLED, EntryReason.NOT_CARRIED)
SPREAD = (EntryReason.COMMON, EntryReason.PLANNED_DIFFERS)


def true_up(confirmed: Sequence[Confirmed], bill: Sequence[BillLine]) -> TrueUp:
    """
    Settle a bill against confirmed shares.

    - What a member caused goes to it, up or down. After a no-show it keeps its full share whatever the carrier remits.
    - Cancelled in time: it pays nothing for that part. Cancelled late: it is credited what was avoided, at most that
      part of its share, so that it pays the shortfall and at most its share.
    - What the carrier caused, the carrier bears; what it remits for goods not carried goes to their member first, at
      most that part of its share.
    - Everything else is common: by share (less what was credited above), net over all lines, and cut where a member
      would pay more than its statement says. What is cut goes to the cluster's own account.

    Parameters
    ----------
    confirmed
        One a member.
    bill
        The lines; those ``as_planned`` together are what the confirmed shares stand for.

    Returns
    -------
    TrueUp
        Entries in the order of the bill, then of members; the same input gives the same entries.

    Raises
    ------
    ProblemError
        With all that is wrong with the input.
    """
    faults = [*confirmed_faults(confirmed), *bill_faults(confirmed, bill)]
    if not faults:
        faults = list(part_faults(confirmed, bill))
    if faults:
        raise ProblemError(faults)
    books = _Books(confirmed)
    for line in bill:
        books.post(line)
    planned_minor = sum(line.amount_minor for line in bill if line.cause is Cause.AS_PLANNED)
    books.common.insert(0, (EntryReason.PLANNED_DIFFERS, "", planned_minor - sum(c.share_minor for c in confirmed)))
    books.spread()
    return TrueUp(
        entries=tuple(books.entries),
        payables=tuple(books.payable(entry) for entry in books.confirmed),
        bill_minor=sum(line.amount_minor for line in bill),
        carrier_minor=books.total(Account.CARRIER),
        cluster_minor=books.total(Account.CLUSTER),
    )


class _Books:
    """Entries as they come about, and what is left to be spread."""

    def __init__(self, confirmed: Sequence[Confirmed]) -> None:
        self.confirmed = sorted(confirmed, key=lambda entry: entry.member)
        self._share_minor = {entry.member: entry.share_minor for entry in confirmed}
        self.entries: list[Entry] = []
        self.common: list[tuple[EntryReason, str, int]] = []

    def post(self, line: BillLine) -> None:
        """A line to who bears it; what nobody bears is kept for ``spread``."""
        amount_minor = line.amount_minor
        if line.cause is Cause.AS_PLANNED:
            return
        if line.member is not None and (line.cause in CANCELLED or line.caused_by is CausedBy.CARRIER):
            amount_minor += self._credited(line, line.member)
        elif line.member is not None and line.caused_by is CausedBy.MEMBER:
            keeps = line.cause is Cause.NO_SHOW and amount_minor < 0
            amount_minor -= 0 if keeps else self._enter(Account.MEMBER, line.member, EntryReason.CAUSED, line)
        if line.caused_by is CausedBy.CARRIER and amount_minor > 0:
            amount_minor -= self._enter(Account.CARRIER, line.carrier, EntryReason.CLAIM, line)
        self.common.append((EntryReason.COMMON, line.id, amount_minor))

    def _credited(self, line: BillLine, member: str) -> int:
        """Credits a member for what was cancelled or not carried; returns how much."""
        part_minor = part_of(line, self._share_minor[member])
        in_time = line.cause is Cause.CANCELLED_IN_TIME
        credit_minor = part_minor if in_time else min(max(-line.amount_minor, 0), part_minor)
        reason = EntryReason.CANCELLED if line.cause in CANCELLED else EntryReason.NOT_CARRIED
        self._add(Account.MEMBER, member, reason, line.id, -credit_minor)
        return credit_minor

    def _enter(self, account: Account, holder: str, reason: EntryReason, line: BillLine) -> int:
        """A whole line to one account; returns its amount."""
        self._add(account, holder, reason, line.id, line.amount_minor)
        return line.amount_minor

    def _add(self, account: Account, holder: str, reason: EntryReason, line: str, amount_minor: int) -> None:
        if amount_minor:
            entry = Entry(account=account, holder=holder, reason=reason, line=line, amount_minor=amount_minor)
            self.entries.append(entry)

    def spread(self) -> None:
        """What is common, line by line by what is left of the shares, and then the cap."""
        members = [entry.member for entry in self.confirmed]
        weights = [entry.share_minor + self._sum(entry.member, CREDITS) for entry in self.confirmed]
        for reason, line, amount_minor in self.common:
            if not any(weights):
                self._add(Account.CLUSTER, "", reason, line, amount_minor)
                continue
            for member, part_minor in zip(members, apportioned(members, weights, amount_minor), strict=True):
                self._add(Account.MEMBER, member, reason, line, part_minor)
        for entry in self.confirmed:
            most_minor = entry.share_minor if entry.at_most_minor is None else entry.at_most_minor
            above_minor = self._sum(entry.member, SPREAD) - (most_minor - entry.share_minor)
            if above_minor > 0:
                self._add(Account.MEMBER, entry.member, EntryReason.ABOVE_CONFIRMED, "", -above_minor)
                self._add(Account.CLUSTER, "", EntryReason.ABOVE_CONFIRMED, "", above_minor)

    def payable(self, confirmed: Confirmed) -> Payable:
        """A member's sums."""
        credited_minor = self._sum(confirmed.member, CREDITS)
        caused_minor = self._sum(confirmed.member, (EntryReason.CAUSED,))
        common_minor = self._sum(confirmed.member, (*SPREAD, EntryReason.ABOVE_CONFIRMED))
        return Payable(
            member=confirmed.member,
            share_minor=confirmed.share_minor,
            credited_minor=credited_minor,
            caused_minor=caused_minor,
            common_minor=common_minor,
            payable_minor=confirmed.share_minor + credited_minor + caused_minor + common_minor,
        )

    def total(self, account: Account) -> int:
        """Everything entered on accounts of one kind."""
        return sum(entry.amount_minor for entry in self.entries if entry.account is account)

    def _sum(self, member: str, reasons: Sequence[EntryReason]) -> int:
        return sum(
            entry.amount_minor
            for entry in self.entries
            if entry.account is Account.MEMBER and entry.holder == member and entry.reason in reasons
        )
