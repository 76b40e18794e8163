"""Words of freight audit: carriers' invoices, what an audit finds in them, what is decided about them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.fields import PRINTABLE, MinorUnits, PublicId, Reference, Text

Note = Annotated[str, Meta(max_length=1000, pattern=PRINTABLE)]
Amount = Annotated[int, Meta(ge=-(10**13), le=10**13)]
Quantity = Annotated[int, Meta(ge=0, le=10**10)]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$")]
LINES_MAX = 5000


class InvoiceKind(StrEnum):
    """A credit note takes off what an invoice billed too much."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceStatus(StrEnum):
    """
    Life of a carrier's invoice.

    ``matched``: an audit found nothing beyond the tolerance. ``credited``: credit notes took all of it off.
    """

    RECEIVED = "received"
    MATCHED = "matched"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CREDITED = "credited"


OPEN = (InvoiceStatus.RECEIVED, InvoiceStatus.MATCHED, InvoiceStatus.DISPUTED)
"""Nothing is decided yet."""


class ChargeKind(StrEnum):
    """What a line of an invoice is for: the lines of a tariff, and what comes on the road."""

    FIXED = "fixed"
    TRIPS = "trips"
    DISTANCE = "distance"
    FUEL = "fuel"
    TIME = "time"
    STOPS = "stops"
    ZONE = "zone"
    WEIGHT = "weight"
    MINIMUM = "minimum"
    WAITING = "waiting"
    TOLL = "toll"
    ROUNDING = "rounding"
    OTHER = "other"


UNITS: dict[ChargeKind, tuple[str, ...]] = {
    ChargeKind.FIXED: ("vehicle",),
    ChargeKind.TRIPS: ("trip",),
    ChargeKind.DISTANCE: ("m",),
    ChargeKind.FUEL: ("m",),
    ChargeKind.TIME: ("s",),
    ChargeKind.STOPS: ("stop",),
    ChargeKind.ZONE: ("stop", "route"),
    ChargeKind.WEIGHT: ("shipment",),
    ChargeKind.MINIMUM: ("route",),
    ChargeKind.WAITING: ("s",),
}
"""In what quantities of a kind are counted, the usual first; any unit where a kind has none."""
SIGNED = (ChargeKind.ROUNDING, ChargeKind.OTHER)
"""Kinds whose amounts may be below zero."""


class FindingCode(StrEnum):
    """What an audit says of a line, and why an invoice is disputed."""

    AS_AGREED = "as_agreed"
    WITHIN_TOLERANCE = "within_tolerance"
    RATE_DIFFERS = "rate_differs"
    QUANTITY_DIFFERS = "quantity_differs"
    AMOUNT_DIFFERS = "amount_differs"
    NOT_IN_TARIFF = "not_in_tariff"
    MINIMUM_MISSED = "minimum_missed"
    MINIMUM_NOT_DUE = "minimum_not_due"
    TOUR_NOT_DRIVEN = "tour_not_driven"
    TOUR_OF_ANOTHER = "tour_of_another"
    BILLED_TWICE = "billed_twice"
    AGREED_PRICE_DIFFERS = "agreed_price_differs"
    MISSING_LINE = "missing_line"


class HistoryKind(StrEnum):
    """What became of an invoice."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DISPUTED = "disputed"
    INSISTED = "insisted"
    REJECTED = "rejected"
    CREDITED = "credited"


class InvoiceSide(StrEnum):
    """Who did something about an invoice."""

    CARRIER = "carrier"
    COORDINATOR = "coordinator"
    PLATFORM = "platform"


class InvoiceLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A line of an invoice: what is billed for a tour.

    ``quantity`` is in metres, seconds, stops and so on as the kind has it, ``rate_minor`` for a kilometre, an hour, a
    stop (fuel: thousandths of the kilometres' price), as in the tariff. Leave both out for a lump sum. On a credit note
    ``amount_minor`` is what is taken off.
    """

    tour_id: PublicId
    kind: ChargeKind
    amount_minor: Amount
    quantity: Quantity | None = None
    unit: Annotated[str, Meta(max_length=20, pattern=PRINTABLE)] | None = None
    rate_minor: MinorUnits | None = None
    text: Text | None = None


class SendInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An invoice of a carrier, in the cluster's currency; where ``corrects_id`` names an invoice, a credit note to it.

    The total is the sum of the lines. The same number with the same content is the same invoice.
    """

    number: Reference
    issued_on: date
    currency: Currency
    total_minor: MinorUnits
    lines: Annotated[list[InvoiceLine], Meta(min_length=1, max_length=LINES_MAX)]
    corrects_id: PublicId | None = None


class ReceivedLine(Struct, frozen=True, kw_only=True):
    """A line as it was received."""

    line_no: int
    tour_id: str
    kind: ChargeKind
    quantity: int | None
    unit: str
    rate_minor: int | None
    amount_minor: int
    text: str | None


class TourAmount(Struct, frozen=True, kw_only=True):
    """What is accepted, or proposed, for a tour."""

    tour_id: str
    accepted_minor: int


class Cause(Struct, frozen=True, kw_only=True):
    """Which part of a difference comes from what."""

    code: FindingCode
    amount_minor: int


class AuditFinding(Struct, frozen=True, kw_only=True):
    """
    One kind of charge of a tour as planned, as driven and as invoiced; ``kind`` null is a price agreed for all of it.

    ``difference_minor`` is what is invoiced above what is expected, below zero what is invoiced short of it; ``causes``
    add up to it. ``planned_minor`` and ``planned_quantity`` are by the tour as planned; what is expected is by the tour
    as driven.
    """

    tour_id: str
    kind: ChargeKind | None
    code: FindingCode
    causes: list[Cause]
    unit: str
    planned_quantity: int | None
    driven_quantity: int | None
    invoiced_quantity: int | None
    tariff_rate_minor: int | None
    invoiced_rate_minor: int | None
    planned_minor: int
    expected_minor: int
    invoiced_minor: int
    difference_minor: int


class Audit(Struct, frozen=True, kw_only=True):
    """What an audit found. ``matched``: nothing beyond the tolerance, neither in a line nor in the whole."""

    audit_no: int
    tolerance_permille: int
    tolerance_minor: int
    invoiced_minor: int
    expected_minor: int
    difference_minor: int
    matched: bool
    findings: list[AuditFinding]
    created_at: datetime


class HistoryEntry(Struct, frozen=True, kw_only=True):
    """
    What somebody did about an invoice. ``key_id`` and ``user_id`` are told to the coordinator alone.

    ``tours`` is what was accepted, or what a dispute would accept; ``findings`` what it does not agree with.
    """

    entry_no: int
    kind: HistoryKind
    party: InvoiceSide
    key_id: str | None
    user_id: str | None
    reasons: list[FindingCode]
    note: str
    amount_minor: int | None
    tours: list[TourAmount]
    findings: list[AuditFinding]
    at: datetime


class CarrierInvoice(Struct, frozen=True, kw_only=True):
    """
    An invoice or a credit note of a carrier.

    ``credited_minor`` is what credit notes have taken off. To its carrier a ``matched`` invoice is ``received``.
    """

    id: str
    carrier_id: str
    kind: InvoiceKind
    number: str
    issued_on: date
    currency: str
    total_minor: int
    credited_minor: int
    corrects_id: str | None
    status: InvoiceStatus
    accepted_minor: int | None
    version: int
    created_at: datetime


class WholeInvoice(Struct, frozen=True, kw_only=True):
    """An invoice with its lines and history, and for the coordinator what the last audit found."""

    id: str
    version: int
    invoice: CarrierInvoice
    lines: list[ReceivedLine]
    history: list[HistoryEntry]
    audit: Audit | None


class AskAudit(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An audit with a tolerance of its own; what is left out is the cluster's."""

    tolerance_permille: Annotated[int, Meta(ge=0, le=1000)] | None = None
    tolerance_minor: MinorUnits | None = None


class TourCorrection(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is accepted of what an invoice bills for a tour."""

    tour_id: PublicId
    accepted_minor: MinorUnits


class AcceptInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Accepts an invoice: whole, or less for the tours named in ``corrections``."""

    corrections: Annotated[list[TourCorrection], Meta(max_length=LINES_MAX)] = []
    note: Note = ""


class DisputeInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Disputes an invoice. What would be accepted is said by tour; for tours left out it is what the last audit expects.
    """

    reasons: Annotated[list[FindingCode], Meta(min_length=1, max_length=20)]
    note: Note
    corrections: Annotated[list[TourCorrection], Meta(max_length=LINES_MAX)] = []


class DisputeAnswer(StrEnum):
    """What a carrier says to a dispute."""

    ACCEPT = "accept"
    INSIST = "insist"


class AnswerDispute(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Accepts what the dispute proposes, or insists on the bill and says why. A credit note answers too."""

    answer: DisputeAnswer
    note: Note = ""


class RejectInvoice(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sends an invoice back: nothing of it is accepted."""

    note: Note
    reasons: Annotated[list[FindingCode], Meta(max_length=20)] = []


class TourFreight(Struct, frozen=True, kw_only=True):
    """
    What a tour was planned to cost, and what its carrier is paid.

    ``accepted_minor`` is null until an invoice for it is accepted; ``open_minor`` is billed and undecided.
    """

    tour_id: str
    code: str
    route_no: int
    carrier_id: str | None
    planned_minor: int
    accepted_minor: int | None
    variance_minor: int | None
    open_minor: int


class PlanFreight(Struct, frozen=True, kw_only=True):
    """
    What a plan's tours were planned to cost and what was accepted of their carriers' invoices.

    ``variance_minor`` is of the tours that something was accepted for; ``settled`` says whether that is all of them.
    """

    plan_id: str
    currency: str
    planned_minor: int
    accepted_minor: int
    variance_minor: int
    open_minor: int
    settled: bool
    tours: list[TourFreight]
