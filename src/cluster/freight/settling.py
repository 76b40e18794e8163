"""
What intake and decisions share: an invoice is audited, and what is accepted of it is booked by tour.

All of it is the neutral side's; for a carrier the platform does it in the carrier's transaction.
"""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.freight import cost_queries, facts, queries
from cluster.freight.auditing import Audited, Charge, Tolerance, audit
from cluster.freight.models import CarrierInvoice, HistoryKind, InvoiceSide, InvoiceStatus, ReceivedLine
from cluster.freight.queries import Happened
from cluster.members import settings

TOLD_MAX = 100
"""Tours that one message names at most; the link tells them all."""


def party_of(by: Scope) -> InvoiceSide:
    """As whom somebody does something about an invoice."""
    return InvoiceSide.CARRIER if by.carrier_id is not None else InvoiceSide.COORDINATOR


async def tolerance(db: Connection, scope: Scope) -> Tolerance:
    """How far off an invoice may be in this cluster today."""
    found = await settings.freight(db, scope)
    return Tolerance(permille=found.tolerance_permille, minor=found.tolerance_minor)


async def audited(db: Connection, scope: Scope, found: CarrierInvoice, allowed: Tolerance | None = None) -> Audited:
    """
    Audits an invoice, less its credit notes, keeps what was found, and moves it to ``matched`` where that fits.

    Its row must be held. One that was matched and does not fit any longer is ``received`` again.
    """
    invoice_id, carrier_id = ids.parse("civ", found.id), ids.parse("car", found.carrier_id)
    charges = [_charge(line) for line in await queries.lines(db, scope, invoice_id)]
    charges += [_charge(line, credit=True) for line in await queries.credited(db, scope, invoice_id)]
    tour_ids = {ids.parse("tor", charge.tour_id) for charge in charges}
    grounds = await facts.grounds(db, scope, carrier_id, invoice_id, tour_ids)
    chosen = allowed or await tolerance(db, scope)
    result = audit(charges, grounds, chosen)
    await queries.note_audit(db, scope, invoice_id, result, chosen)
    if result.matched and found.status in (InvoiceStatus.RECEIVED, InvoiceStatus.DISPUTED):
        await queries.move(db, scope, invoice_id, InvoiceStatus.MATCHED)
    elif not result.matched and found.status is InvoiceStatus.MATCHED:
        await queries.move(db, scope, invoice_id, InvoiceStatus.RECEIVED)
    return result


def _charge(line: ReceivedLine, *, credit: bool = False) -> Charge:
    return Charge(
        tour_id=line.tour_id,
        kind=line.kind,
        amount_minor=-line.amount_minor if credit else line.amount_minor,
        quantity=line.quantity,
        rate_minor=line.rate_minor,
        credit=credit,
    )


async def net_of(db: Connection, scope: Scope, invoice_id: UUID) -> dict[UUID, int]:
    """What an invoice bills by tour, less its credit notes."""
    found: dict[UUID, int] = defaultdict(int)
    for line in await queries.lines(db, scope, invoice_id):
        found[ids.parse("tor", line.tour_id)] += line.amount_minor
    for line in await queries.credited(db, scope, invoice_id):
        found[ids.parse("tor", line.tour_id)] -= line.amount_minor
    return dict(found)


async def accept(
    db: Connection, scope: Scope, by: Scope, found: CarrierInvoice, amounts: Mapping[UUID, int], note: str
) -> None:
    """Accepts an invoice with an amount for each of its tours. Its row must be held."""
    invoice_id = ids.parse("civ", found.id)
    total = sum(amounts.values())
    await queries.move(db, scope, invoice_id, InvoiceStatus.ACCEPTED, total)
    await cost_queries.book(db, scope, invoice_id, amounts)
    happened = Happened(
        kind=HistoryKind.ACCEPTED, party=party_of(by), note=note, amount_minor=total, tours=dict(amounts)
    )
    await queries.note(db, scope, by, invoice_id, ids.parse("car", found.carrier_id), happened)
    await tell_accepted(db, scope, found, amounts)


async def cap(db: Connection, scope: Scope, found: CarrierInvoice) -> None:
    """Of an accepted invoice no more stays accepted than is still billed once a credit note has come."""
    invoice_id = ids.parse("civ", found.id)
    before, net = await cost_queries.accepted_of_invoice(db, scope, invoice_id), await net_of(db, scope, invoice_id)
    after = {tour: min(amount, net.get(tour, 0)) for tour, amount in before.items()}
    changed = {tour: amount - before[tour] for tour, amount in after.items() if amount != before[tour]}
    if not changed:
        return
    await cost_queries.book(db, scope, invoice_id, changed)
    await queries.move(db, scope, invoice_id, InvoiceStatus.ACCEPTED, max(0, sum(after.values())))
    await tell_accepted(db, scope, found, after)


async def tell_accepted(db: Connection, scope: Scope, found: CarrierInvoice, amounts: Mapping[UUID, int]) -> None:
    """Tells what is accepted of an invoice, by tour where there are not too many."""
    tours = [{"tour_id": ids.show("tor", tour), "accepted_minor": amount} for tour, amount in amounts.items()]
    payload: dict[str, object] = {"carrier_id": found.carrier_id, "accepted_minor": sum(amounts.values())}
    if len(tours) <= TOLD_MAX:
        payload["tours"] = tours
    await tell(db, scope, found, "carrier_invoice.accepted", payload)


async def tell(db: Connection, scope: Scope, found: CarrierInvoice, topic: str, payload: Mapping[str, object]) -> None:
    """Tells the coordinator, and the carrier in an event of its own, what became of an invoice; its row is held."""
    invoice_id, carrier_id = ids.parse("civ", found.id), ids.parse("car", found.carrier_id)
    own = outbox.NewEvent(
        resource_id=outbox.part_of(invoice_id, carrier_id),
        payload={"id": found.id} | dict(payload),
        carrier_id=carrier_id,
    )
    await outbox.emit_each(db, scope, [(topic, outbox.NewEvent(resource_id=invoice_id, payload=payload)), (topic, own)])
