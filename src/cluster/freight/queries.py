"""SQL of carriers' invoices: received, looked up, moved on, with their lines, audits and history."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.freight.auditing import Audited, Tolerance
from cluster.freight.models import (
    UNITS,
    Audit,
    AuditFinding,
    CarrierInvoice,
    ChargeKind,
    FindingCode,
    HistoryEntry,
    HistoryKind,
    InvoiceKind,
    InvoiceSide,
    InvoiceStatus,
    ReceivedLine,
    SendInvoice,
    TourAmount,
)

NIL = UUID(int=0)


class Wanted(Struct, frozen=True, kw_only=True):
    """Which invoices are asked for; what is None does not matter."""

    carrier_id: UUID | None = None
    status: InvoiceStatus | None = None
    tour_id: UUID | None = None
    invoice_id: UUID | None = None


class Happened(Struct, frozen=True, kw_only=True):
    """Something that became of an invoice."""

    kind: HistoryKind
    party: InvoiceSide
    reasons: Sequence[FindingCode] = ()
    note: str = ""
    amount_minor: int | None = None
    tours: Mapping[UUID, int] = {}
    findings: Sequence[AuditFinding] = ()


async def hold_carrier(db: Connection, scope: Scope, carrier_id: UUID) -> None:
    """Takes the invoices of a carrier one after the other: an audit knows all that were received before."""
    await db.execute(
        "SELECT FROM carriers WHERE cluster_id = $1 AND carrier_id = $2 FOR NO KEY UPDATE", scope.cluster, carrier_id
    )


async def hold(db: Connection, scope: Scope, invoice_id: UUID) -> None:
    """Nobody else decides about an invoice until the transaction ends."""
    await db.execute(
        "SELECT FROM carrier_invoices WHERE cluster_id = $1 AND invoice_id = $2 FOR UPDATE", scope.cluster, invoice_id
    )


async def numbered(db: Connection, scope: Scope, carrier_id: UUID, number: str) -> asyncpg.Record | None:
    """A carrier's invoice with this number: its identifier and digest."""
    found: asyncpg.Record | None = await db.fetchrow(
        "SELECT invoice_id, digest FROM carrier_invoices WHERE cluster_id = $1 AND carrier_id = $2 AND number = $3",
        scope.cluster,
        carrier_id,
        number,
    )
    return found


async def insert(
    db: Connection, scope: Scope, invoice_id: UUID, carrier_id: UUID, body: SendInvoice, digest: bytes
) -> None:
    """A new invoice with its lines."""
    corrects = None if body.corrects_id is None else ids.parse("civ", body.corrects_id)
    await db.execute(
        """
        INSERT INTO carrier_invoices (cluster_id, invoice_id, carrier_id, kind, corrects_id, number, issued_on,
                                      currency, total_minor, digest, status)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'received')
        """,
        scope.cluster,
        invoice_id,
        carrier_id,
        InvoiceKind.INVOICE if corrects is None else InvoiceKind.CREDIT_NOTE,
        corrects,
        body.number,
        body.issued_on,
        body.currency,
        body.total_minor,
        digest,
    )
    lines = body.lines
    await db.execute(
        """
        INSERT INTO carrier_invoice_lines (cluster_id, invoice_id, line_no, carrier_id, tour_id, kind, quantity, unit,
                                           rate_minor, amount_minor, text)
        SELECT $1, $2, line.no, $3, line.tour_id, line.kind, line.quantity, line.unit, line.rate, line.amount, line.text
          FROM unnest($4::uuid[], $5::text[], $6::bigint[], $7::text[], $8::bigint[], $9::bigint[], $10::text[])
               WITH ORDINALITY AS line (tour_id, kind, quantity, unit, rate, amount, text, no)
        """,
        scope.cluster,
        invoice_id,
        carrier_id,
        [ids.parse("tor", line.tour_id) for line in lines],
        [line.kind for line in lines],
        [line.quantity for line in lines],
        [line.unit if line.unit is not None else UNITS.get(line.kind, ("",))[0] for line in lines],
        [line.rate_minor for line in lines],
        [line.amount_minor for line in lines],
        [line.text for line in lines],
    )


async def invoices(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> list[CarrierInvoice]:
    """Invoices that the caller may see, oldest first."""
    rows = await db.fetch(
        """
        SELECT invoice_id, carrier_id, kind, corrects_id, number, issued_on, currency, total_minor, status,
               accepted_minor, version, created_at,
               (SELECT coalesce(sum(note.total_minor), 0)::bigint FROM carrier_invoices AS note
                 WHERE note.cluster_id = $1 AND note.corrects_id = one.invoice_id) AS credited_minor
          FROM carrier_invoices AS one
         WHERE cluster_id = $1 AND invoice_id > $2 AND ($4::uuid IS NULL OR invoice_id = $4)
           AND ($5::uuid IS NULL OR carrier_id = $5)
           AND ($6::text IS NULL OR status = $6 OR ($8 AND $6 = 'received' AND status = 'matched'))
           AND NOT ($8 AND $6::text IS NOT DISTINCT FROM 'matched')
           AND ($7::uuid IS NULL OR EXISTS (SELECT FROM carrier_invoice_lines AS line
                                             WHERE line.cluster_id = $1 AND line.tour_id = $7
                                               AND line.invoice_id = one.invoice_id))
         ORDER BY invoice_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        wanted.invoice_id,
        wanted.carrier_id,
        wanted.status,
        wanted.tour_id,
        not scope.neutral,
    )
    return [_invoice(row, scope) for row in rows]


def _invoice(row: Mapping[str, Any], scope: Scope) -> CarrierInvoice:
    fields = dict(row)
    corrects, status = fields.pop("corrects_id"), InvoiceStatus(fields.pop("status"))
    if status is InvoiceStatus.MATCHED and not scope.neutral:
        status = InvoiceStatus.RECEIVED  # or a carrier would find out how far off it may be
    return CarrierInvoice(
        id=ids.show("civ", fields.pop("invoice_id")),
        carrier_id=ids.show("car", fields.pop("carrier_id")),
        kind=InvoiceKind(fields.pop("kind")),
        corrects_id=None if corrects is None else ids.show("civ", corrects),
        status=status,
        **fields,
    )


async def lines(db: Connection, scope: Scope, invoice_id: UUID) -> list[ReceivedLine]:
    """Lines of an invoice as they were received."""
    rows = await db.fetch(
        """
        SELECT line_no, tour_id, kind, quantity, unit, rate_minor, amount_minor, text FROM carrier_invoice_lines
         WHERE cluster_id = $1 AND invoice_id = $2 ORDER BY line_no
        """,
        scope.cluster,
        invoice_id,
    )
    return [_line(row) for row in rows]


def _line(row: Mapping[str, Any]) -> ReceivedLine:
    fields = dict(row)
    return ReceivedLine(tour_id=ids.show("tor", fields.pop("tour_id")), kind=ChargeKind(fields.pop("kind")), **fields)


async def credited(db: Connection, scope: Scope, invoice_id: UUID) -> list[ReceivedLine]:
    """Lines of all credit notes to an invoice."""
    rows = await db.fetch(
        """
        SELECT line_no, tour_id, line.kind, quantity, unit, rate_minor, amount_minor, text
          FROM carrier_invoice_lines AS line JOIN carrier_invoices AS note USING (cluster_id, invoice_id)
         WHERE line.cluster_id = $1 AND note.corrects_id = $2 ORDER BY invoice_id, line_no
        """,
        scope.cluster,
        invoice_id,
    )
    return [_line(row) for row in rows]


async def move(
    db: Connection, scope: Scope, invoice_id: UUID, status: InvoiceStatus, accepted_minor: int | None = None
) -> None:
    """Moves an invoice on, and says what is accepted of it where that is known."""
    await db.execute(
        """
        UPDATE carrier_invoices SET status = $3, accepted_minor = coalesce($4, accepted_minor)
         WHERE cluster_id = $1 AND invoice_id = $2
        """,
        scope.cluster,
        invoice_id,
        status,
        accepted_minor,
    )


async def note_audit(db: Connection, scope: Scope, invoice_id: UUID, found: Audited, tolerance: Tolerance) -> None:
    """Keeps what an audit found; the invoice's row must be held."""
    await db.execute(
        """
        INSERT INTO carrier_invoice_audits (cluster_id, invoice_id, audit_no, tolerance_permille, tolerance_minor,
                                            invoiced_minor, expected_minor, matched, findings)
        SELECT $1, $2, 1 + count(*), $3, $4, $5, $6, $7, $8 FROM carrier_invoice_audits
         WHERE cluster_id = $1 AND invoice_id = $2
        """,
        scope.cluster,
        invoice_id,
        tolerance.permille,
        tolerance.minor,
        found.invoiced_minor,
        found.expected_minor,
        found.matched,
        msgspec.to_builtins(found.findings),
    )


async def last_audit(db: Connection, scope: Scope, invoice_id: UUID) -> Audit | None:
    """What the last audit found; nothing for a carrier."""
    row = await db.fetchrow(
        """
        SELECT audit_no, tolerance_permille, tolerance_minor, invoiced_minor, expected_minor, matched, findings,
               created_at
          FROM carrier_invoice_audits WHERE cluster_id = $1 AND invoice_id = $2 ORDER BY audit_no DESC LIMIT 1
        """,
        scope.cluster,
        invoice_id,
    )
    if row is None:
        return None
    fields = dict(row)
    return Audit(
        findings=msgspec.convert(fields.pop("findings"), list[AuditFinding]),
        difference_minor=row["invoiced_minor"] - row["expected_minor"],
        **fields,
    )


async def note(db: Connection, scope: Scope, by: Scope, invoice_id: UUID, carrier_id: UUID, what: Happened) -> None:
    """Adds to an invoice's history what ``by`` did; its row must be held, or new."""
    await db.execute(
        """
        INSERT INTO carrier_invoice_events (cluster_id, invoice_id, entry_no, carrier_id, kind, party, key_id, user_id,
                                            reasons, note, amount_minor, tours, findings)
        SELECT $1, $2, 1 + count(*), $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM carrier_invoice_events
         WHERE cluster_id = $1 AND invoice_id = $2
        """,
        scope.cluster,
        invoice_id,
        carrier_id,
        what.kind,
        what.party,
        by.key_id,
        by.user_id,
        list(what.reasons),
        what.note,
        what.amount_minor,
        [{"tour_id": ids.show("tor", tour), "accepted_minor": amount} for tour, amount in what.tours.items()],
        msgspec.to_builtins(list(what.findings)),
    )


async def history(db: Connection, scope: Scope, invoice_id: UUID) -> list[HistoryEntry]:
    """What became of an invoice, oldest first; who did it is the coordinator's to know."""
    rows = await db.fetch(
        """
        SELECT entry_no, kind, party, key_id, user_id, reasons, note, amount_minor, tours, findings, created_at
          FROM carrier_invoice_events WHERE cluster_id = $1 AND invoice_id = $2 ORDER BY entry_no
        """,
        scope.cluster,
        invoice_id,
    )
    return [
        HistoryEntry(
            entry_no=row["entry_no"],
            kind=HistoryKind(row["kind"]),
            party=InvoiceSide(row["party"]),
            key_id=ids.show("key", row["key_id"]) if scope.neutral and row["key_id"] else None,
            user_id=ids.show("usr", row["user_id"]) if scope.neutral and row["user_id"] else None,
            reasons=[FindingCode(reason) for reason in row["reasons"]],
            note=row["note"],
            amount_minor=row["amount_minor"],
            tours=msgspec.convert(row["tours"], list[TourAmount]),
            findings=msgspec.convert(row["findings"], list[AuditFinding]),
            at=row["created_at"],
        )
        for row in rows
    ]
