"""
Settling a period: opened, proposed by one, closed by another, never opened again.

Closing is one transaction that holds the books: taxes are posted, statements issued, payments asked for, and the period
is closed, or nothing of it has happened.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid5

import asyncpg
import msgspec

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.outbox import NewEvent
from cluster.base.pages import Page, page
from cluster.books import period_queries as queries
from cluster.books import posting
from cluster.books.models import OpenPeriod, PeriodStatus, SettlementPeriod, StatementDocument
from cluster.books.netting import Transfer, netted, through
from cluster.books.taxes import COUNTRIES
from cluster.books.writing import documents, reason_of, with_tax
from cluster.ledger import service as ledger
from cluster.ledger.models import NewEntry, NewLine, Purpose, of_cluster, of_member

NIL = UUID(int=0)
CLUSTER = "cluster"
"""The cluster itself, as a party of payments."""


async def open_period(db: Connection, scope: Scope, body: OpenPeriod) -> SettlementPeriod:
    """
    Opens a period.

    Raises
    ------
    Invalid
        When it does not follow the period before, ends before it begins, or is to be taxed in a country whose rates
        are not known.
    """
    await ledger.hold(db, scope)
    about, last = await queries.cluster(db, scope), await queries.last_end(db, scope)
    faults = []
    if body.ends_on < body.starts_on:
        faults.append(_fault("window_reversed", "/ends_on", "it ends before it begins", "a later day"))
    if last is not None and body.starts_on != last + timedelta(days=1):
        cause, cure = f"the period before ends on {last}", f"begin on {last + timedelta(days=1)}"
        faults.append(_fault("period_gap", "/starts_on", cause, cure))
    if body.taxed and about["country_code"] not in COUNTRIES:
        cause = f"no rates are known for {about['country_code']}"
        faults.append(_fault("tax_unknown", "/taxed", cause, "settle without tax"))
    if faults:
        raise Invalid(faults)
    period_id = ids.new()
    await queries.open_period(db, scope, period_id, body, last, about["currency"])
    await audit.record(db, scope, "settlement_period.opened", "per", period_id)
    return await period(db, scope, period_id)


def _fault(code: str, pointer: str, cause: str, cure: str) -> FieldFault:
    return FieldFault(pointer=pointer, code=code, cause=cause, cure=cure)


async def list_periods(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[SettlementPeriod]:
    """All periods, oldest first."""
    return page([_shown(row) for row in await queries.periods(db, scope, after, limit + 1)], limit)


async def period(db: Connection, scope: Scope, period_id: UUID) -> SettlementPeriod:
    """
    One period.

    Raises
    ------
    NotFound
        When there is none.
    """
    return _shown(await _row(db, scope, period_id))


async def _row(db: Connection, scope: Scope, period_id: UUID) -> asyncpg.Record:
    found = await queries.periods(db, scope, NIL, 1, period_id)
    if not found:
        raise NotFound("per")
    return found[0]


def _shown(row: asyncpg.Record) -> SettlementPeriod:
    return SettlementPeriod(
        id=ids.show("per", row["period_id"]),
        version=row["version"],
        starts_on=row["starts_on"],
        ends_on=row["ends_on"],
        currency=row["currency"],
        taxed=row["taxed"],
        dispute_days=row["dispute_days"],
        through_cluster=row["through_cluster"],
        status=PeriodStatus(row["status"]),
        closed_at=row["closed_at"],
        fewest_payments=None if row["netting"] is None else row["netting"] == "fewest",
        chain=None if row["chain"] is None else row["chain"].hex(),
    )


async def propose(db: Connection, scope: Scope, period_id: UUID) -> SettlementPeriod:
    """
    Posts what is to be posted and proposes the period as it then is, again if it was proposed before.

    Raises
    ------
    Conflict
        ``period_closed``; ``period_not_over``: its last day is not past; ``period_before_open``: an earlier one is not
        closed.
    """
    await ledger.hold(db, scope)
    row = await _row(db, scope, period_id)
    if row["status"] == PeriodStatus.CLOSED:
        raise Conflict("period_closed", "This period is closed.")
    if row["ends_on"] >= (await queries.cluster(db, scope))["today"]:
        raise Conflict("period_not_over", f"The period goes on until {row['ends_on']}.")
    if await queries.open_before(db, scope, row["starts_on"]):
        raise Conflict("period_before_open", "An earlier period is not closed yet.")
    while await posting.post_due(db, scope):
        pass
    await queries.propose(db, scope, period_id)
    await audit.record(db, scope, "settlement_period.proposed", "per", period_id)
    return await period(db, scope, period_id)


async def close(db: Connection, scope: Scope, period_id: UUID) -> SettlementPeriod:
    """
    Closes a proposed period: taxes are posted, every member gets its statement, and payments are asked for.

    Raises
    ------
    Conflict
        ``period_not_proposed``; ``own_proposal``: the caller proposed it; ``period_changed``: something was booked into
        it since.
    """
    await ledger.hold(db, scope)
    row = await _row(db, scope, period_id)
    if row["status"] != PeriodStatus.PROPOSED:
        raise Conflict("period_not_proposed", f"This period is {row['status']}: somebody must propose it first.")
    if await queries.same_hands(db, scope, row["proposed_by"]):
        raise Conflict("own_proposal", "You proposed this: somebody else must close it.")
    if await queries.changed_since(db, scope, row["ends_on"], row["proposed_no"]):
        raise Conflict(
            "period_changed", "Something was booked into this period since it was proposed: propose it again."
        )
    told = await _documents(db, scope, row)
    await ledger.post(db, scope, [_tax_entry(row, member, document) for member, document in told.items()])
    shown = ids.show("per", period_id)
    told = {member: with_tax(document, row["ends_on"], shown) for member, document in told.items()}
    issued = [(uuid5(period_id, str(member)), member, document, digest(document)) for member, document in told.items()]
    await queries.issue(db, scope, period_id, issued, row["dispute_days"])
    await queries.close(db, scope, period_id, await _ask_payments(db, scope, row))
    await audit.record(db, scope, "settlement_period.closed", "per", period_id, {"statements": len(issued)})
    events = [
        NewEvent(resource_id=statement, member_id=member, payload={"closing_minor": document.closing_minor})
        for statement, member, document, _ in issued
    ]
    await outbox.emit_many(db, scope, "statement.issued", events)
    return await period(db, scope, period_id)


def digest(document: StatementDocument) -> bytes:
    """SHA-256 of a document as JSON with sorted names and no spaces."""
    return hashlib.sha256(msgspec.json.encode(document, order="sorted")).digest()


async def _documents(db: Connection, scope: Scope, row: asyncpg.Record) -> dict[UUID, StatementDocument]:
    about, days = await queries.cluster(db, scope), (row["starts_on"], row["ends_on"])
    openings = await queries.openings(db, scope, row["currency"], row["starts_on"])
    lines = await queries.lines(db, scope, row["currency"], *days)
    plans = await queries.plans(db, scope, *days)
    head = {"cluster_name": about["name"], "starts_on": days[0], "ends_on": days[1], "currency": row["currency"]}
    return await asyncio.to_thread(documents, head, about["country_code"], openings, lines, plans, taxed=row["taxed"])


def _tax_entry(row: asyncpg.Record, member_id: UUID, document: StatementDocument) -> NewEntry:
    currency, lines = row["currency"], []
    for tax in document.taxes:
        lines.append(NewLine(of_member(member_id, currency), tax.tax_minor, reason_of(tax)))
        lines.append(NewLine(of_cluster(Purpose.TAX, currency), -tax.tax_minor, reason_of(tax)))
    return NewEntry(
        kind="tax",
        source_kind="per",
        source_id=row["period_id"],
        part=str(member_id),
        occurred_on=row["ends_on"],
        currency=currency,
        lines=tuple(lines),
    )


async def _ask_payments(db: Connection, scope: Scope, row: asyncpg.Record) -> str:
    """Asks for payments that settle what members and carriers owe, less what is asked for already; says how."""
    period_id, currency = row["period_id"], row["currency"]
    owes: dict[str, int] = {}
    for entry in await queries.balances(db, scope, currency, row["ends_on"]):
        owes[f"{entry['holder']} {entry['holder_id']}"] = entry["balance_minor"]
    for asked in await queries.unpaid(db, scope, currency):
        for side, sign in (("from", -1), ("to", 1)):
            party = _party(asked, side)
            if party != CLUSTER:
                owes[party] = owes.get(party, 0) + sign * asked["amount_minor"]
    if row["through_cluster"]:
        found = through(CLUSTER, owes)
    else:
        found = await asyncio.to_thread(netted, owes | {CLUSTER: -sum(owes.values())})
    rows = [_payment(period_id, number, currency, each) for number, each in enumerate(found.transfers, start=1)]
    await queries.ask_payments(db, scope, rows)
    if row["through_cluster"]:
        return "through_cluster"
    return "fewest" if found.fewest else "greedy"


def _party(row: Mapping[str, UUID | None], side: str) -> str:
    member, carrier = row[f"{side}_member"], row[f"{side}_carrier"]
    return f"member {member}" if member is not None else CLUSTER if carrier is None else f"carrier {carrier}"


def _payment(period_id: UUID, number: int, currency: str, transfer: Transfer) -> tuple[object, ...]:
    def sides(party: str) -> tuple[UUID | None, UUID | None]:
        kind, _, named = party.partition(" ")
        return (UUID(named) if kind == "member" else None), (UUID(named) if kind == "carrier" else None)

    ends = (*sides(transfer.payer), *sides(transfer.payee))
    return (uuid5(period_id, f"payment {number}"), period_id, number, *ends, currency, transfer.amount_minor)
