"""Use case of freight audit that takes in: a carrier's invoice or credit note, whole or not at all."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base import ids, outbox
from cluster.base.audit import record
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.carriers import firms
from cluster.freight import fact_queries, facts, queries, service, settling
from cluster.freight.models import (
    OPEN,
    SIGNED,
    UNITS,
    CarrierInvoice,
    ChargeKind,
    HistoryKind,
    InvoiceKind,
    InvoiceStatus,
    SendInvoice,
    WholeInvoice,
)
from cluster.freight.queries import NIL, Happened, Wanted
from cluster.members.platform import platform


class Known(Struct, frozen=True, kw_only=True):
    """What an invoice is held against: the cluster's currency, the tours it may name, the invoice that it corrects."""

    currency: str
    tours: frozenset[str]
    corrected: CarrierInvoice | None
    left: Mapping[tuple[str, ChargeKind], int]
    """What the corrected invoice bills of which kind for which tour, less earlier credit notes."""


class Taken(Struct, frozen=True, kw_only=True):
    """An invoice taken in, now or before."""

    invoice: WholeInvoice
    replayed: bool


async def receive(db: Connection, scope: Scope, carrier_id: UUID, body: SendInvoice) -> Taken:
    """
    Takes a carrier's invoice in and audits it; a credit note takes effect at once.

    A carrier names tours of its own; the coordinator, who types what came on paper, any of the cluster's.

    Raises
    ------
    NotFound
        When there is no such carrier.
    Conflict
        ``invoice_number_taken``, or for a credit note to an invoice that was sent back.
    Invalid
        With every fault of the invoice.
    """
    await firms.carrier(db, scope, carrier_id)
    digest = hashlib.sha256(msgspec.json.encode(body)).digest()
    async with platform(db, scope) as acting:
        await queries.hold_carrier(db, acting, carrier_id)
        before = await queries.numbered(db, acting, carrier_id, body.number)
        known = None if before else await _known(db, acting, scope, carrier_id, body)
    if before is not None:
        if before["digest"] != digest:
            raise Conflict("invoice_number_taken", "There is another invoice with this number; give each its own.")
        return Taken(invoice=await service.whole(db, scope, before["invoice_id"]), replayed=True)
    assert known is not None
    if faults := list(_faults(body, known)):
        raise Invalid(faults)
    if known.corrected is not None and known.corrected.status not in (*OPEN, InvoiceStatus.ACCEPTED):
        raise Conflict("invoice_decided", f"The invoice that this corrects is {known.corrected.status}.")
    invoice_id = ids.new()
    await queries.insert(db, scope, invoice_id, carrier_id, body, digest)
    async with platform(db, scope) as acting:
        await _follow(db, acting, scope, invoice_id, known.corrected)
    await record(db, scope, "carrier_invoice.received", "civ", invoice_id, {"carrier": ids.show("car", carrier_id)})
    return Taken(invoice=await service.whole(db, scope, invoice_id), replayed=False)


async def _known(db: Connection, acting: Scope, by: Scope, carrier_id: UUID, body: SendInvoice) -> Known:
    named = {_read("tor", line.tour_id) for line in body.lines}
    owners = await facts.owners(db, acting, [tour for tour in named if tour is not None])
    tours = [tour for tour, owner in owners.items() if by.carrier_id is None or owner == carrier_id]
    corrected: CarrierInvoice | None = None
    left: dict[tuple[str, ChargeKind], int] = {}
    corrects = _read("civ", body.corrects_id)
    if corrects is not None:
        await queries.hold(db, acting, corrects)
        found = await queries.invoices(db, acting, NIL, 1, Wanted(invoice_id=corrects, carrier_id=carrier_id))
        if found and found[0].kind is InvoiceKind.INVOICE:
            corrected = found[0]
            left = await _left(db, acting, corrects)
            tours += [ids.parse("tor", tour) for tour, _ in left]  # one that is another's by now, too
    return Known(
        currency=await fact_queries.currency(db, acting),
        tours=frozenset(ids.show("tor", tour) for tour in tours),
        corrected=corrected,
        left=left,
    )


async def _left(db: Connection, scope: Scope, invoice_id: UUID) -> dict[tuple[str, ChargeKind], int]:
    found: dict[tuple[str, ChargeKind], int] = defaultdict(int)
    for line in await queries.lines(db, scope, invoice_id):
        found[line.tour_id, line.kind] += line.amount_minor
    for line in await queries.credited(db, scope, invoice_id):
        found[line.tour_id, line.kind] -= line.amount_minor
    return found


def _read(prefix: str, text: str | None) -> UUID | None:
    """What an identifier names; nothing where it cannot be one."""
    try:
        return None if text is None else ids.parse(prefix, text)
    except NotFound:
        return None


def _faults(body: SendInvoice, known: Known) -> Iterator[FieldFault]:
    if body.currency != known.currency:
        cause, cure = f"in {body.currency}", f"bill in {known.currency}, the cluster's currency"
        yield FieldFault(pointer="/currency", code="currency_wrong", cause=cause, cure=cure)
    total = sum(line.amount_minor for line in body.lines)
    if total != body.total_minor:
        cause, cure = f"the lines come to {total}", "let the total be the sum of the lines"
        yield FieldFault(pointer="/total_minor", code="total_wrong", cause=cause, cure=cure)
    if body.corrects_id is not None and known.corrected is None:
        cure = "name an invoice of this carrier, not a credit note"
        yield FieldFault(pointer="/corrects_id", code="no_such_invoice", cause="there is no such invoice", cure=cure)
    for index, line in enumerate(body.lines):
        where, units = f"/lines/{index}", UNITS.get(line.kind)
        if line.tour_id not in known.tours:
            cause, cure = "there is no such tour", "name a tour that the carrier drove"
            yield FieldFault(pointer=f"{where}/tour_id", code="no_such_tour", cause=cause, cure=cure)
        if line.amount_minor < 0 and (line.kind not in SIGNED or body.corrects_id is not None):
            cause, cure = "below zero", "send a credit note, or use the kind 'other' on an invoice"
            yield FieldFault(pointer=f"{where}/amount_minor", code="amount_negative", cause=cause, cure=cure)
        if line.unit is not None and units is not None and line.unit not in units:
            cause, cure = f"{line.kind} is not counted in {line.unit}", f"count in {' or '.join(units)}"
            yield FieldFault(pointer=f"{where}/unit", code="unit_wrong", cause=cause, cure=cure)
    if known.corrected is not None:
        yield from _credit_faults(body, known.left)


def _credit_faults(body: SendInvoice, left: Mapping[tuple[str, ChargeKind], int]) -> Iterator[FieldFault]:
    """A credit note takes off what is billed, kind by kind, and no more."""
    rest = dict(left)
    for index, line in enumerate(body.lines):
        place = (line.tour_id, line.kind)
        rest[place] = rest.get(place, 0) - line.amount_minor
        if line.amount_minor > 0 and rest[place] < 0:
            cause, cure = f"{-rest[place]} more than is billed", "take off at most what the invoice bills"
            yield FieldFault(pointer=f"/lines/{index}/amount_minor", code="credit_too_high", cause=cause, cure=cure)


async def _follow(db: Connection, acting: Scope, by: Scope, invoice_id: UUID, corrected: CarrierInvoice | None) -> None:
    """What an invoice that was just received leads to."""
    found = await service.invoice(db, acting, invoice_id)
    carrier_id = ids.parse("car", found.carrier_id)
    happened = Happened(kind=HistoryKind.RECEIVED, party=settling.party_of(by), amount_minor=found.total_minor)
    await queries.note(db, acting, by, invoice_id, carrier_id, happened)
    payload = {"carrier_id": found.carrier_id, "number": found.number, "total_minor": found.total_minor}
    payload |= {"kind": found.kind.value}
    await outbox.emit(db, acting, invoice_id, "carrier_invoice.received", payload, fresh=True)
    if corrected is None:
        await settling.audited(db, acting, found)
        return
    await queries.move(db, acting, invoice_id, InvoiceStatus.ACCEPTED)
    await _credit(db, acting, by, corrected, found)


async def _credit(db: Connection, acting: Scope, by: Scope, corrected: CarrierInvoice, note: CarrierInvoice) -> None:
    """Takes a credit note off the invoice that it corrects, whose row is held."""
    invoice_id, carrier_id = ids.parse("civ", corrected.id), ids.parse("car", corrected.carrier_id)
    happened = Happened(
        kind=HistoryKind.CREDITED, party=settling.party_of(by), amount_minor=note.total_minor, note=note.number
    )
    await queries.note(db, acting, by, invoice_id, carrier_id, happened)
    if corrected.status is InvoiceStatus.ACCEPTED:
        await settling.cap(db, acting, corrected)
    if not any((await settling.net_of(db, acting, invoice_id)).values()):
        await queries.move(db, acting, invoice_id, InvoiceStatus.CREDITED)
    elif corrected.status in OPEN:
        await settling.audited(db, acting, corrected)
