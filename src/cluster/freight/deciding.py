"""Use cases of freight audit that decide: audited again, accepted, disputed, answered, sent back. Each happens once."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid
from cluster.freight import queries, service, settling
from cluster.freight.auditing import Tolerance
from cluster.freight.models import (
    OPEN,
    AcceptInvoice,
    AnswerDispute,
    AskAudit,
    AuditFinding,
    CarrierInvoice,
    DisputeAnswer,
    DisputeInvoice,
    FindingCode,
    HistoryEntry,
    HistoryKind,
    InvoiceKind,
    InvoiceSide,
    InvoiceStatus,
    RejectInvoice,
    TourCorrection,
    WholeInvoice,
)
from cluster.freight.queries import Happened
from cluster.members.platform import platform

AGREED = (FindingCode.AS_AGREED, FindingCode.WITHIN_TOLERANCE)


async def audit_again(db: Connection, scope: Scope, invoice_id: UUID, body: AskAudit) -> WholeInvoice:
    """
    Audits an invoice as things are by now; with a tolerance of its own, or the cluster's.

    Raises
    ------
    Conflict
        ``invoice_decided``, or for a credit note.
    """
    found = await _held(db, scope, invoice_id)
    usual = await settling.tolerance(db, scope)
    chosen = Tolerance(
        permille=usual.permille if body.tolerance_permille is None else body.tolerance_permille,
        minor=usual.minor if body.tolerance_minor is None else body.tolerance_minor,
    )
    await settling.audited(db, scope, found, chosen)
    facts = {"permille": chosen.permille, "minor": chosen.minor}
    await record(db, scope, "carrier_invoice.audited", "civ", invoice_id, facts)
    return await service.whole(db, scope, invoice_id)


async def accept(db: Connection, scope: Scope, invoice_id: UUID, body: AcceptInvoice) -> WholeInvoice:
    """
    Accepts an invoice: what it bills less its credit notes, or less for the tours that are corrected.

    Raises
    ------
    Conflict
        ``invoice_decided``.
    Invalid
        For corrections of tours that the invoice does not bill, or above what it bills.
    """
    found = await _held(db, scope, invoice_id)
    amounts = await _amounts(db, scope, invoice_id, body.corrections)
    await settling.accept(db, scope, scope, found, amounts, body.note)
    facts = {"accepted_minor": sum(amounts.values())}
    await record(db, scope, "carrier_invoice.accepted", "civ", invoice_id, facts)
    return await service.whole(db, scope, invoice_id)


async def dispute(db: Connection, scope: Scope, invoice_id: UUID, body: DisputeInvoice) -> WholeInvoice:
    """
    Disputes an invoice; the carrier reads what is not agreed, and what would be accepted.

    Raises
    ------
    Conflict
        ``invoice_decided``.
    Invalid
        As for accepting.
    """
    found = await _held(db, scope, invoice_id)
    last = await queries.last_audit(db, scope, invoice_id)
    findings = [] if last is None else last.findings
    net = await _amounts(db, scope, invoice_id, [])
    proposed = _expected(findings, net)
    chosen = await _amounts(db, scope, invoice_id, body.corrections)
    named = {correction.tour_id for correction in body.corrections}
    proposed = {tour: chosen[tour] if ids.show("tor", tour) in named else amount for tour, amount in proposed.items()}
    happened = Happened(
        kind=HistoryKind.DISPUTED,
        party=InvoiceSide.COORDINATOR,
        reasons=body.reasons,
        note=body.note,
        amount_minor=sum(proposed.values()),
        tours=proposed,
        findings=[finding for finding in findings if finding.code not in AGREED],
    )
    await queries.move(db, scope, invoice_id, InvoiceStatus.DISPUTED)
    await queries.note(db, scope, scope, invoice_id, ids.parse("car", found.carrier_id), happened)
    payload = {"carrier_id": found.carrier_id, "reasons": list(body.reasons)}
    await settling.tell(db, scope, found, "carrier_invoice.disputed", payload)
    await record(db, scope, "carrier_invoice.disputed", "civ", invoice_id, {"reasons": list(body.reasons)})
    return await service.whole(db, scope, invoice_id)


def _expected(findings: Sequence[AuditFinding], net: Mapping[UUID, int]) -> dict[UUID, int]:
    """What an audit expects by tour, never more than is billed."""
    owed: dict[UUID, int] = dict.fromkeys(net, 0)
    for finding in findings:
        owed[ids.parse("tor", finding.tour_id)] += finding.expected_minor
    return {tour: max(0, min(amount, net[tour])) for tour, amount in owed.items()}


async def answer(db: Connection, scope: Scope, invoice_id: UUID, body: AnswerDispute) -> WholeInvoice:
    """
    A carrier answers a dispute: accepts what it proposes, or insists.

    Raises
    ------
    NotFound
        When it is not the carrier's own.
    Conflict
        ``invoice_not_disputed``.
    Invalid
        When it insists and does not say why.
    """
    await service.invoice(db, scope, invoice_id)
    if body.answer is DisputeAnswer.INSIST and not body.note:
        cause, cure = "no reason is given", "say why the bill is right"
        raise Invalid([FieldFault(pointer="/note", code="note_missing", cause=cause, cure=cure)])
    async with platform(db, scope) as acting:
        await queries.hold(db, acting, invoice_id)
        found = await service.invoice(db, acting, invoice_id)
        if found.status is not InvoiceStatus.DISPUTED:
            raise Conflict("invoice_not_disputed", "Nobody disputes this invoice.")
        if body.answer is DisputeAnswer.ACCEPT:
            proposed = _proposed(await queries.history(db, acting, invoice_id))
            net = await settling.net_of(db, acting, invoice_id)
            amounts = {tour: min(proposed.get(tour, billed), billed) for tour, billed in net.items()}
            await settling.accept(db, acting, scope, found, amounts, body.note)
        else:
            happened = Happened(kind=HistoryKind.INSISTED, party=InvoiceSide.CARRIER, note=body.note)
            await queries.note(db, acting, scope, invoice_id, ids.parse("car", found.carrier_id), happened)
    await record(db, scope, "carrier_invoice.answered", "civ", invoice_id, {"answer": body.answer})
    return await service.whole(db, scope, invoice_id)


def _proposed(history: Sequence[HistoryEntry]) -> dict[UUID, int]:
    """What the last dispute would accept."""
    last = [entry for entry in history if entry.kind is HistoryKind.DISPUTED][-1]
    return {ids.parse("tor", tour.tour_id): tour.accepted_minor for tour in last.tours}


async def reject(db: Connection, scope: Scope, invoice_id: UUID, body: RejectInvoice) -> WholeInvoice:
    """
    Sends an invoice back. Nothing of it is accepted, and its tours may be billed again.

    Raises
    ------
    Conflict
        ``invoice_decided``.
    """
    found = await _held(db, scope, invoice_id)
    await queries.move(db, scope, invoice_id, InvoiceStatus.REJECTED)
    happened = Happened(kind=HistoryKind.REJECTED, party=InvoiceSide.COORDINATOR, reasons=body.reasons, note=body.note)
    await queries.note(db, scope, scope, invoice_id, ids.parse("car", found.carrier_id), happened)
    payload = {"carrier_id": found.carrier_id, "reasons": list(body.reasons)}
    await settling.tell(db, scope, found, "carrier_invoice.rejected", payload)
    await record(db, scope, "carrier_invoice.rejected", "civ", invoice_id, {"reasons": list(body.reasons)})
    return await service.whole(db, scope, invoice_id)


async def _held(db: Connection, scope: Scope, invoice_id: UUID) -> CarrierInvoice:
    """An invoice that nothing is decided about, and nobody else decides about until the transaction ends."""
    await queries.hold(db, scope, invoice_id)
    found = await service.invoice(db, scope, invoice_id)
    if found.status not in OPEN or found.kind is InvoiceKind.CREDIT_NOTE:
        raise Conflict("invoice_decided", f"This {found.kind.replace('_', ' ')} is {found.status}.")
    return found


async def _amounts(
    db: Connection, scope: Scope, invoice_id: UUID, corrections: Sequence[TourCorrection]
) -> dict[UUID, int]:
    """What is billed by tour, less credit notes, with corrections in its place."""
    net = await settling.net_of(db, scope, invoice_id)
    shown = {ids.show("tor", tour): tour for tour in net}
    if faults := list(_faults(corrections, {name: net[tour] for name, tour in shown.items()})):
        raise Invalid(faults)
    return net | {shown[correction.tour_id]: correction.accepted_minor for correction in corrections}


def _faults(corrections: Sequence[TourCorrection], billed: Mapping[str, int]) -> Iterator[FieldFault]:
    seen = set()
    for index, correction in enumerate(corrections):
        where, tour_id = f"/corrections/{index}", correction.tour_id
        if tour_id not in billed:
            cause, cure = "the invoice bills no such tour", "name tours of its lines"
            yield FieldFault(pointer=f"{where}/tour_id", code="no_such_tour", cause=cause, cure=cure)
        elif correction.accepted_minor > billed[tour_id]:
            cause, cure = f"{billed[tour_id]} is billed", "accept at most what is billed"
            yield FieldFault(pointer=f"{where}/accepted_minor", code="too_much", cause=cause, cure=cure)
        if tour_id in seen:
            yield FieldFault(pointer=f"{where}/tour_id", code="twice", cause="named twice", cure="name each tour once")
        seen.add(tour_id)
