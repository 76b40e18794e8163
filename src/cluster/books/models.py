"""Words of settling: periods, statements, payments, disputes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.fields import PRINTABLE
from cluster.books.taxes import TaxCategory

Said = Annotated[str, Meta(min_length=1, max_length=1000, pattern=PRINTABLE)]
Note = Annotated[str, Meta(max_length=1000, pattern=PRINTABLE)]
Credit = Annotated[int, Meta(ge=0, le=10**15)]


class PeriodStatus(StrEnum):
    """Life of a settlement period; a closed one is never opened again, corrections go into the next."""

    OPEN = "open"
    PROPOSED = "proposed"
    CLOSED = "closed"


class OpenPeriod(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Days to be settled together; they begin on the day after the period before.

    ``taxed``: statements charge value added tax on what members share, by the rates of the cluster's country.
    ``dispute_days``: how long members may object once it is closed. ``through_cluster``: everybody pays the cluster and
    is paid by it, so that nobody learns with whom it settles; where members agreed to that, few payments go from one to
    the other instead.
    """

    starts_on: date
    ends_on: date
    taxed: bool = False
    through_cluster: bool = True
    dispute_days: Annotated[int, Meta(ge=1, le=90)] = 14


class Payment(Struct, frozen=True, kw_only=True):
    """One payment that settles a period; null for the cluster itself."""

    id: str
    version: int
    period_id: str
    payer_id: str | None
    payer_name: str
    payee_id: str | None
    payee_name: str
    amount_minor: int
    currency: str
    paid_on: date | None


class SettlementPeriod(Struct, frozen=True, kw_only=True):
    """
    A period; ``fewest_payments`` says whether netting found the fewest payments there can be, null until it is closed.

    ``chain`` seals all entries of the books up to its closing.
    """

    id: str
    version: int
    starts_on: date
    ends_on: date
    currency: str
    taxed: bool
    dispute_days: int
    through_cluster: bool
    status: PeriodStatus
    closed_at: datetime | None
    fewest_payments: bool | None
    chain: str | None


class StatementLine(Struct, frozen=True, kw_only=True):
    """One line of a member's account in the period, with the tax rate that it falls under."""

    booked_on: date
    occurred_on: date
    kind: str
    reason: str
    source: str
    amount_minor: int
    tax_category: TaxCategory
    tax_permille: int | None
    memo: str


class StatementPlan(Struct, frozen=True, kw_only=True):
    """A plan that carried the member's shipments: what they would have cost alone, its share, and by which rule."""

    plan_id: str
    number: int
    service_date: date
    shipments: int | None
    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    rule: str
    emissions_g: int | None


class StatementTax(Struct, frozen=True, kw_only=True):
    """Tax on the lines of one category and rate, and where the rate is written."""

    category: TaxCategory
    permille: int
    net_minor: int
    tax_minor: int
    source: str


class StatementDocument(Struct, frozen=True, kw_only=True):
    """
    All that a statement says.

    ``opening_minor`` and the lines sum to ``closing_minor``: what the member owes, negative what it is owed.
    """

    member_id: str
    member_name: str
    cluster_name: str
    starts_on: date
    ends_on: date
    currency: str
    opening_minor: int
    lines: list[StatementLine]
    plans: list[StatementPlan]
    taxes: list[StatementTax]
    stand_alone_minor: int
    share_minor: int
    saving_minor: int
    emissions_g: int | None
    closing_minor: int


class Statement(Struct, frozen=True, kw_only=True):
    """A member's statement of a closed period, in short."""

    id: str
    period_id: str
    member_id: str
    member_name: str
    starts_on: date
    ends_on: date
    currency: str
    opening_minor: int
    turnover_minor: int
    closing_minor: int
    issued_at: datetime
    disputable_until: datetime
    disputed: bool
    digest: str


class WholeStatement(Struct, frozen=True, kw_only=True):
    """A statement with all that it says; ``digest`` is the SHA-256 of the document as JSON with sorted names."""

    statement: Statement
    document: StatementDocument


class DisputeStatus(StrEnum):
    """Life of a dispute."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class OpenDispute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is wrong with a statement, and by how much where that is known."""

    reason: Said
    amount_minor: Credit | None = None


class DecideDispute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the member is right, why, and what it is credited; the credit is a new entry on the reserve."""

    accept: bool
    answer: Said
    credit_minor: Credit = 0


class PayPayment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """That a payment was made, and when."""

    paid_on: date


class Dispute(Struct, frozen=True, kw_only=True):
    """A dispute about a statement; ``entry_id`` is the credit, where there was one."""

    id: str
    version: int
    statement_id: str
    member_id: str
    reason: str
    amount_minor: int | None
    status: DisputeStatus
    answer: str
    entry_id: str | None
    created_at: datetime
    decided_at: datetime | None
