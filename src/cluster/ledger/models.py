"""Words of the ledger: accounts, entries, lines, and what a check of the books finds."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid5

from msgspec import Meta, Struct

from cluster.base.fields import PRINTABLE, PublicId, Text

AMOUNT_MAX_MINOR = 10**15
LINES_MAX = 2000
"""Lines of one entry."""
Amount = Annotated[int, Meta(ge=-AMOUNT_MAX_MINOR, le=AMOUNT_MAX_MINOR)]
Memo = Annotated[str, Meta(max_length=1000, pattern=PRINTABLE)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", examples=["VND"])]


class Holder(StrEnum):
    """Whose account it is."""

    MEMBER = "member"
    CARRIER = "carrier"
    SITE = "site"
    CLUSTER = "cluster"


class Purpose(StrEnum):
    """
    What an account is for. Members, carriers and sites have one, ``current``; the others are the cluster's own.

    ``freight``: transport that was shared out and is not billed yet, 0 once a plan is settled. ``space``: the same of
    warehouse space. ``undertakings``: the same of joint costs. ``reserve``: what nobody else bears. ``cash``: cash on
    delivery that the cluster's own vehicles collected. ``tax``: what is owed to the tax office. ``payments``: what
    was paid from and to outside. ``adjustments``: the other side of corrections.
    """

    CURRENT = "current"
    FREIGHT = "freight"
    SPACE = "space"
    UNDERTAKINGS = "undertakings"
    RESERVE = "reserve"
    CASH = "cash"
    TAX = "tax"
    PAYMENTS = "payments"
    ADJUSTMENTS = "adjustments"


PREFIX_OF = {Holder.MEMBER: "mem", Holder.CARRIER: "car", Holder.SITE: "sit", Holder.CLUSTER: "clu"}


class Account(Struct, frozen=True):
    """An account by what it is: whose, for what, in which currency. ``holder_id`` is None for the cluster's own."""

    holder: Holder
    holder_id: UUID | None
    currency: str
    purpose: Purpose = Purpose.CURRENT

    def id_in(self, cluster_id: UUID) -> UUID:
        """Its identifier, the same whoever opens it first."""
        return uuid5(cluster_id, f"account {self.holder} {self.holder_id or ''} {self.purpose} {self.currency}")


def of_member(member_id: UUID, currency: str) -> Account:
    """A member's account."""
    return Account(Holder.MEMBER, member_id, currency)


def of_carrier(carrier_id: UUID, currency: str) -> Account:
    """A carrier's account."""
    return Account(Holder.CARRIER, carrier_id, currency)


def of_site(site_id: UUID, currency: str) -> Account:
    """A site's account."""
    return Account(Holder.SITE, site_id, currency)


def of_cluster(purpose: Purpose, currency: str) -> Account:
    """One of the cluster's own accounts."""
    return Account(Holder.CLUSTER, None, currency, purpose)


class NewLine(Struct, frozen=True):
    """
    A line about to be posted.

    ``amount_minor`` is positive where the account's holder owes it, negative where it is owed to the holder.
    ``reason`` is a code that its holder reads; ``about_id`` a shipment, tour or the like that it is about.
    """

    account: Account
    amount_minor: int
    reason: str = ""
    about_id: UUID | None = None


class NewEntry(Struct, frozen=True, kw_only=True):
    """
    An entry about to be posted; lines of amount 0 are left out, and one without lines is not posted.

    ``kind``, source and ``part`` are what the entry is known by: the same again is the same entry, and posts nothing.
    """

    kind: str
    source_kind: str
    source_id: UUID
    part: str = ""
    occurred_on: date
    currency: str
    lines: tuple[NewLine, ...]
    memo: str = ""
    reverses_id: UUID | None = None

    def id_in(self, cluster_id: UUID) -> UUID:
        """Its identifier, made of what it was posted from."""
        return uuid5(cluster_id, f"entry {self.kind} {self.source_kind} {self.source_id} {self.part}")


class LedgerAccount(Struct, frozen=True, kw_only=True):
    """
    An account and what stands on it by now.

    A positive balance is owed by its holder, a negative one is owed to it.
    """

    id: str
    holder: Holder
    holder_id: str | None
    holder_name: str
    purpose: Purpose
    currency: Currency
    balance_minor: int
    lines: int


class LedgerLine(Struct, frozen=True, kw_only=True):
    """
    One line of an account as its holder reads it.

    ``source`` is what it was posted from, such as a plan or an invoice. ``occurred_on`` is when it happened,
    ``booked_on`` the day it counts for: later where a period was closed before it was known.
    """

    id: str
    account_id: str
    amount_minor: int
    currency: Currency
    kind: str
    reason: str
    source: str
    occurred_on: date
    booked_on: date
    memo: str


class EntryLine(Struct, frozen=True, kw_only=True):
    """One line of an entry, with whose account it is on."""

    id: str
    account_id: str
    holder: Holder
    holder_id: str | None
    purpose: Purpose
    amount_minor: int
    reason: str


class LedgerEntry(Struct, frozen=True, kw_only=True):
    """An entry with all its lines, which sum to zero; ``number`` has no gaps, ``chain`` seals it and all before it."""

    id: str
    number: int
    kind: str
    source: str
    reverses_id: str | None
    occurred_on: date
    booked_on: date
    currency: Currency
    memo: str
    chain: str
    created_at: datetime
    lines: list[EntryLine]


class CorrectionLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one holder owes more (positive) or less (negative); ``holder_id`` is left out for the cluster's own."""

    holder: Holder
    holder_id: PublicId | None = None
    purpose: Purpose = Purpose.CURRENT
    amount_minor: Amount


class PostCorrection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A correction by hand, such as a credit note to a member: lines that sum to zero, and the reason.

    Nothing posted is edited; ``corrects_id`` names the entry that this is about, where it is about one.
    """

    lines: Annotated[list[CorrectionLine], Meta(min_length=2, max_length=LINES_MAX)]
    reason: Text
    corrects_id: PublicId | None = None
    currency: Currency | None = None


class BookFault(Struct, frozen=True, kw_only=True):
    """One thing wrong with the books: a code, the number of the entry (0 for the books as a whole), and the finding."""

    code: str
    entry_no: int
    detail: str


class BookCheck(Struct, frozen=True, kw_only=True):
    """
    What reading the books again found.

    It went up to number ``to_number``, sealed by ``chain``; ``unread`` were posted since. ``faults`` is empty while
    the books are whole.
    """

    checked_at: datetime | None
    to_number: int
    chain: str
    unread: int
    faults: list[BookFault]
