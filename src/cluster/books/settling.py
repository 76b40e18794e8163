"""After a period is closed: statements are read, payments made, and what members object to is decided."""

from datetime import date
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.books import period_queries
from cluster.books import settling_queries as queries
from cluster.books.models import (
    DecideDispute,
    Dispute,
    DisputeStatus,
    OpenDispute,
    Payment,
    Statement,
    StatementDocument,
    WholeStatement,
)
from cluster.ledger import service as ledger
from cluster.ledger.models import Account, NewEntry, NewLine, Purpose, of_carrier, of_cluster, of_member
from cluster.members.platform import platform

NIL = UUID(int=0)


async def list_statements(
    db: Connection, scope: Scope, after: UUID, limit: int, period_id: UUID | None
) -> Page[Statement]:
    """Statements that the caller may see."""
    rows = await queries.statements(db, scope, after, limit + 1, period_id, None)
    return page([_statement(row) for row in rows], limit)


async def statement(db: Connection, scope: Scope, statement_id: UUID) -> WholeStatement:
    """
    One statement with all that it says.

    Raises
    ------
    NotFound
        When the caller can see none with this identifier.
    """
    rows = await queries.statements(db, scope, NIL, 1, None, statement_id)
    if not rows:
        raise NotFound("stm")
    document = msgspec.convert(rows[0]["document"], StatementDocument)
    return WholeStatement(statement=_statement(rows[0]), document=document)


def _statement(row: asyncpg.Record) -> Statement:
    return Statement(
        id=ids.show("stm", row["statement_id"]),
        period_id=ids.show("per", row["period_id"]),
        member_id=ids.show("mem", row["member_id"]),
        member_name=row["member_name"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        currency=row["currency"],
        opening_minor=row["opening_minor"],
        turnover_minor=row["turnover_minor"],
        closing_minor=row["closing_minor"],
        issued_at=row["issued_at"],
        disputable_until=row["disputable_until"],
        disputed=row["disputed"],
        digest=row["digest"].hex(),
    )


async def list_payments(db: Connection, scope: Scope, after: UUID, limit: int, period_id: UUID | None) -> Page[Payment]:
    """Payments that the caller may see, with the names of those whom it pays or is paid by."""
    rows = await queries.payments(db, scope, after, limit + 1, period_id, None)
    return page(await _payments(db, scope, rows), limit)


async def _payments(db: Connection, scope: Scope, rows: list[asyncpg.Record]) -> list[Payment]:
    sides = ("from_member", "from_carrier", "to_member", "to_carrier")
    named = {row[side] for row in rows for side in sides} - {None}
    async with platform(db, scope) as acting:
        names = await queries.names(db, acting, sorted(named))
        cluster = (await period_queries.cluster(db, acting))["name"]
    found = []
    for row in rows:
        payer, payee = row["from_member"] or row["from_carrier"], row["to_member"] or row["to_carrier"]
        found.append(
            Payment(
                id=ids.show("pay", row["payment_id"]),
                version=row["version"],
                period_id=ids.show("per", row["period_id"]),
                payer_id=_shown(row["from_member"], row["from_carrier"]),
                payer_name=cluster if payer is None else names[payer],
                payee_id=_shown(row["to_member"], row["to_carrier"]),
                payee_name=cluster if payee is None else names[payee],
                amount_minor=row["amount_minor"],
                currency=row["currency"],
                paid_on=row["paid_on"],
            )
        )
    return found


def _shown(member: UUID | None, carrier: UUID | None) -> str | None:
    if member is not None:
        return ids.show("mem", member)
    return None if carrier is None else ids.show("car", carrier)


async def pay(db: Connection, scope: Scope, payment_id: UUID, paid_on: date) -> Payment:
    """
    Notes that a payment was made, and posts it.

    Raises
    ------
    NotFound
        When there is no such payment.
    Conflict
        ``payment_made``: it was noted before.
    """
    rows = await queries.payments(db, scope, NIL, 1, None, payment_id)
    if not rows:
        raise NotFound("pay")
    if not await queries.pay(db, scope, payment_id, paid_on):
        raise Conflict("payment_made", "This payment was made already.")
    [row] = rows
    payer = _account(row["from_member"], row["from_carrier"], row["currency"])
    payee = _account(row["to_member"], row["to_carrier"], row["currency"])
    lines = (NewLine(payer, -row["amount_minor"], "paid"), NewLine(payee, row["amount_minor"], "received"))
    entry = NewEntry(
        kind="payment",
        source_kind="pay",
        source_id=payment_id,
        occurred_on=paid_on,
        currency=row["currency"],
        lines=lines,
    )
    await ledger.post(db, scope, [entry])
    await audit.record(db, scope, "payment.made", "pay", payment_id)
    [found] = await _payments(db, scope, await queries.payments(db, scope, NIL, 1, None, payment_id))
    return found


def _account(member: UUID | None, carrier: UUID | None, currency: str) -> Account:
    if member is not None:
        return of_member(member, currency)
    return of_cluster(Purpose.PAYMENTS, currency) if carrier is None else of_carrier(carrier, currency)


async def dispute(db: Connection, scope: Scope, statement_id: UUID, body: OpenDispute) -> Dispute:
    """
    A member objects to its statement.

    Raises
    ------
    NotFound
        When it has no such statement.
    Conflict
        ``dispute_late``: the time to object is over; ``dispute_open``: it objects already.
    """
    found = (await statement(db, scope, statement_id)).statement
    if not await queries.may_dispute(db, scope, statement_id):
        raise Conflict("dispute_late", f"Objections were possible until {found.disputable_until:%Y-%m-%d %H:%M} UTC.")
    dispute_id, member_id = ids.new(), ids.parse("mem", found.member_id)
    try:
        async with db.transaction():
            await queries.dispute(db, scope, dispute_id, statement_id, member_id, body)
    except asyncpg.UniqueViolationError:
        raise Conflict("dispute_open", "There is an open dispute about this statement.") from None
    await audit.record(db, scope, "dispute.opened", "dsp", dispute_id)
    await outbox.emit(db, scope, dispute_id, "dispute.opened", {"statement_id": found.id}, member_id=member_id)
    return await one_dispute(db, scope, dispute_id)


async def list_disputes(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Dispute]:
    """Disputes that the caller may see."""
    return page([_dispute(row) for row in await queries.disputes(db, scope, after, limit + 1)], limit)


async def one_dispute(db: Connection, scope: Scope, dispute_id: UUID) -> Dispute:
    """
    One dispute.

    Raises
    ------
    NotFound
        When the caller can see none with this identifier.
    """
    rows = await queries.disputes(db, scope, NIL, 1, dispute_id)
    if not rows:
        raise NotFound("dsp")
    return _dispute(rows[0])


def _dispute(row: asyncpg.Record) -> Dispute:
    return Dispute(
        id=ids.show("dsp", row["dispute_id"]),
        version=row["version"],
        statement_id=ids.show("stm", row["statement_id"]),
        member_id=ids.show("mem", row["member_id"]),
        reason=row["reason"],
        amount_minor=row["amount_minor"],
        status=DisputeStatus(row["status"]),
        answer=row["answer"],
        entry_id=None if row["entry_id"] is None else ids.show("len", row["entry_id"]),
        created_at=row["created_at"],
        decided_at=row["decided_at"],
    )


async def decide(db: Connection, scope: Scope, dispute_id: UUID, body: DecideDispute) -> Dispute:
    """
    Decides a dispute; what the member is credited is a new entry, which the cluster's reserve bears.

    Raises
    ------
    Conflict
        ``dispute_over``: it was decided or withdrawn; ``credit_without_accepting``: it is rejected and credited.
    """
    found = await one_dispute(db, scope, dispute_id)
    if body.credit_minor and not body.accept:
        raise Conflict("credit_without_accepting", "A dispute that is rejected leads to no credit.")
    if found.status is not DisputeStatus.OPEN:
        raise Conflict("dispute_over", f"This dispute is {found.status}.")
    member_id = ids.parse("mem", found.member_id)
    entry_id = await _credit(db, scope, dispute_id, member_id, body) if body.credit_minor else None
    status = DisputeStatus.ACCEPTED if body.accept else DisputeStatus.REJECTED
    return await _end(db, scope, dispute_id, member_id, status, body.answer, entry_id)


async def _credit(db: Connection, scope: Scope, dispute_id: UUID, member_id: UUID, body: DecideDispute) -> UUID:
    currency = await ledger.currency(db, scope)
    credit = NewLine(of_member(member_id, currency), -body.credit_minor, "credit")
    entry = NewEntry(
        kind="dispute",
        source_kind="dsp",
        source_id=dispute_id,
        occurred_on=await ledger.today(db, scope),
        currency=currency,
        lines=(credit, NewLine(of_cluster(Purpose.RESERVE, currency), body.credit_minor, "credit")),
        memo=body.answer,
    )
    await ledger.post(db, scope, [entry])
    return entry.id_in(scope.cluster)


async def withdraw(db: Connection, scope: Scope, dispute_id: UUID) -> Dispute:
    """
    A member takes its dispute back.

    Raises
    ------
    Conflict
        ``dispute_over``.
    """
    found = await one_dispute(db, scope, dispute_id)
    member_id = ids.parse("mem", found.member_id)
    return await _end(db, scope, dispute_id, member_id, DisputeStatus.WITHDRAWN, "", None)


async def _end(
    db: Connection,
    scope: Scope,
    dispute_id: UUID,
    member_id: UUID,
    status: DisputeStatus,
    answer: str,
    entry_id: UUID | None,
) -> Dispute:
    if not await queries.decide(db, scope, dispute_id, status, answer, entry_id):
        raise Conflict("dispute_over", "This dispute was decided or withdrawn.")
    await audit.record(db, scope, "dispute.decided", "dsp", dispute_id, {"status": status})
    await outbox.emit(db, scope, dispute_id, "dispute.decided", {"status": status}, member_id=member_id)
    return await one_dispute(db, scope, dispute_id)
