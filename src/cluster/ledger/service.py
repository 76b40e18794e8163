"""Use cases of the ledger: posting and reading. Other folders post through ``post``."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.base.pages import Page, page
from cluster.ledger import digests, queries
from cluster.ledger.models import (
    LINES_MAX,
    PREFIX_OF,
    Account,
    EntryLine,
    Holder,
    LedgerAccount,
    LedgerEntry,
    LedgerLine,
    NewEntry,
    NewLine,
    Purpose,
)


class Unbalanced(ValueError):
    """Lines that do not sum to zero, are in another currency, or are too many: nothing may be posted."""


class Contradiction(Exception):
    """What was posted from a source before says something else: corrections are entries of their own."""


async def post(db: Connection, scope: Scope, entries: Sequence[NewEntry]) -> list[UUID]:
    """
    Posts entries in the caller's transaction, in their order; for the neutral side.

    The same source again is the same entry and posts nothing. Entries of days in closed periods are booked on the first
    day after them. Holds the cluster's books until the transaction ends: post late in it.

    Parameters
    ----------
    entries
        Lines of amount 0 are left out, and an entry without lines is.

    Returns
    -------
    list of UUID
        Those that were not there before.

    Raises
    ------
    Unbalanced
        When lines of an entry do not sum to zero, have another currency, or are more than ``LINES_MAX``.
    Contradiction
        When an entry was posted before and said something else.
    """
    wanted = [(entry, _lines(entry)) for entry in entries]
    wanted = [(entry, lines) for entry, lines in wanted if lines]
    if not wanted:
        return []
    await queries.hold(db, scope)
    accounts = {line.account.id_in(scope.cluster): line.account for _, lines in wanted for line in lines}
    stand = await queries.stand(db, scope, [entry.id_in(scope.cluster) for entry, _ in wanted], list(accounts))
    known = dict(zip(stand["entry_ids"] or (), stand["digests"] or (), strict=True))
    fresh = []
    for entry, lines in wanted:
        entry_id, digest = entry.id_in(scope.cluster), _digest(scope.cluster, entry, lines)
        if entry_id not in known:
            known[entry_id] = digest
            fresh.append((entry_id, digest, entry, lines))
        elif known[entry_id] != digest:
            raise Contradiction(f"{entry.kind} of {entry.source_kind} {entry.source_id} was posted with other content")
    if fresh:
        missing = [accounts[account_id] for account_id in accounts.keys() - set(stand["accounts"])]
        if missing:
            await queries.open_accounts(db, scope, missing)
        await _write(db, scope, stand, fresh)
    return [entry_id for entry_id, *_ in fresh]


def _lines(entry: NewEntry) -> tuple[NewLine, ...]:
    lines = tuple(line for line in entry.lines if line.amount_minor)
    if sum(line.amount_minor for line in lines) != 0:
        raise Unbalanced(f"lines of {entry.kind} of {entry.source_id} do not sum to zero")
    if any(line.account.currency != entry.currency for line in lines):
        raise Unbalanced(f"lines of {entry.kind} of {entry.source_id} are in several currencies")
    if len(lines) > LINES_MAX:
        raise Unbalanced(f"{len(lines)} lines: post parts of it")
    return lines


def _digest(cluster_id: UUID, entry: NewEntry, lines: Sequence[NewLine]) -> bytes:
    head = (entry.kind, entry.source_kind, entry.source_id, entry.part, entry.reverses_id)
    told = [(line.account.id_in(cluster_id), line.amount_minor, line.reason, line.about_id) for line in lines]
    return digests.content((*head, entry.occurred_on, entry.currency, entry.memo), told)


async def _write(
    db: Connection,
    scope: Scope,
    stand: asyncpg.Record,
    fresh: Sequence[tuple[UUID, bytes, NewEntry, Sequence[NewLine]]],
) -> None:
    entry_no, before, open_from = stand["entry_no"] or 0, stand["chain"] or digests.FIRST, stand["open_from"]
    heads, rows = [], []
    for entry_id, digest, entry, lines in fresh:
        entry_no += 1
        booked_on = max(entry.occurred_on, open_from)
        chain = digests.link(before, digest, entry_no, booked_on)
        source = (entry.source_kind, entry.source_id)
        days = (entry.occurred_on, booked_on)
        head = (entry_id, entry_no, entry.kind, *source, entry.part, entry.reverses_id, *days, entry.currency)
        heads.append((*head, len(lines), entry.memo, digest, before, chain))
        for line_no, line in enumerate(lines, start=1):
            on = (entry_id, line_no, ids.new(), line.account.id_in(scope.cluster), entry.currency, line.amount_minor)
            rows.append((*on, entry.kind, line.reason, *source, line.about_id, *days, entry.memo, len(lines)))
        before = chain
    await queries.insert(db, scope, heads, rows)


async def reversal(db: Connection, scope: Scope, entry_id: UUID, occurred_on: date, memo: str = "") -> NewEntry:
    """
    The entry that takes another back, to be posted; an entry is taken back once.

    Raises
    ------
    NotFound
        When there is no such entry.
    """
    head = await queries.entry(db, scope, entry_id)
    if head is None:
        raise NotFound("len")
    lines = [
        NewLine(_account(row), -row["amount_minor"], row["reason"], row["about_id"])
        for row in await queries.entry_lines(db, scope, entry_id)
    ]
    return NewEntry(
        kind="reversal",
        source_kind=head["source_kind"],
        source_id=head["source_id"],
        part=str(entry_id),
        occurred_on=occurred_on,
        currency=head["currency"],
        lines=tuple(lines),
        memo=memo,
        reverses_id=entry_id,
    )


def _account(row: asyncpg.Record) -> Account:
    return Account(Holder(row["holder"]), row["holder_id"], row["currency"], Purpose(row["purpose"]))


async def hold(db: Connection, scope: Scope) -> None:
    """Nobody else posts to the cluster's books until the transaction ends: what is read now holds."""
    await queries.hold(db, scope)


async def currency(db: Connection, scope: Scope) -> str:
    """The cluster's currency."""
    return await queries.currency(db, scope)


async def today(db: Connection, scope: Scope) -> date:
    """Today in the cluster's zone."""
    return await queries.today(db, scope)


async def accounts_of(db: Connection, scope: Scope, posted: Iterable[tuple[UUID, str]]) -> list[Account]:
    """The accounts of lines that were posted, each given as account and reason."""
    return [_account(row) for row in await queries.accounts_named(db, scope, {named for named, _ in posted})]


async def list_accounts(
    db: Connection, scope: Scope, after: UUID, limit: int, holder: Holder | None = None, named: UUID | None = None
) -> Page[LedgerAccount]:
    """Accounts that the caller may see, with their balances."""
    rows = await queries.accounts(db, scope, after, limit + 1, holder, named)
    return page([_shown(row) for row in rows], limit)


def _shown(row: asyncpg.Record) -> LedgerAccount:
    holder = Holder(row["holder"])
    return LedgerAccount(
        id=ids.show("lac", row["account_id"]),
        holder=holder,
        holder_id=None if row["holder_id"] is None else ids.show(PREFIX_OF[holder], row["holder_id"]),
        holder_name=row["holder_name"],
        purpose=Purpose(row["purpose"]),
        currency=row["currency"],
        balance_minor=row["balance_minor"],
        lines=row["lines"],
    )


async def list_lines(
    db: Connection, scope: Scope, after: UUID, limit: int, account_id: UUID | None = None
) -> Page[LedgerLine]:
    """Lines that the caller may see, in the order of posting."""
    holder_id = scope.member_id or scope.carrier_id
    rows = await queries.lines(db, scope, after, limit + 1, account_id, holder_id)
    return page([_line(row) for row in rows], limit)


def _line(row: asyncpg.Record) -> LedgerLine:
    return LedgerLine(
        id=ids.show("lln", row["line_id"]),
        account_id=ids.show("lac", row["account_id"]),
        amount_minor=row["amount_minor"],
        currency=row["currency"],
        kind=row["kind"],
        reason=row["reason"],
        source=ids.show(row["source_kind"], row["source_id"]),
        occurred_on=row["occurred_on"],
        booked_on=row["booked_on"],
        memo=row["memo"],
    )


async def entry_of(db: Connection, scope: Scope, entry_id: UUID) -> LedgerEntry:
    """
    An entry with its lines, for the neutral side.

    Raises
    ------
    NotFound
        When there is no such entry.
    """
    row = await queries.entry(db, scope, entry_id)
    if row is None:
        raise NotFound("len")
    lines = [_entry_line(line) for line in await queries.entry_lines(db, scope, entry_id)]
    return LedgerEntry(
        id=ids.show("len", row["entry_id"]),
        number=row["entry_no"],
        kind=row["kind"],
        source=ids.show(row["source_kind"], row["source_id"]),
        reverses_id=None if row["reverses_id"] is None else ids.show("len", row["reverses_id"]),
        occurred_on=row["occurred_on"],
        booked_on=row["booked_on"],
        currency=row["currency"],
        memo=row["memo"],
        chain=row["chain"].hex(),
        created_at=row["created_at"],
        lines=lines,
    )


def _entry_line(row: asyncpg.Record) -> EntryLine:
    account = _account(row)
    return EntryLine(
        id=ids.show("lln", row["line_id"]),
        account_id=ids.show("lac", row["account_id"]),
        holder=account.holder,
        holder_id=None if account.holder_id is None else ids.show(PREFIX_OF[account.holder], account.holder_id),
        purpose=account.purpose,
        amount_minor=row["amount_minor"],
        reason=row["reason"],
    )
