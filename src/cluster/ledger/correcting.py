"""Corrections by hand: new entries that somebody gives a reason for; nothing posted is edited."""

from uuid import UUID

from cluster.base import audit, ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Invalid, NotFound
from cluster.ledger import queries
from cluster.ledger.models import PREFIX_OF, Account, Holder, LedgerEntry, NewEntry, NewLine, PostCorrection, Purpose
from cluster.ledger.service import entry_of, post


async def correct(db: Connection, scope: Scope, body: PostCorrection) -> LedgerEntry:
    """
    Posts a correction by hand, such as a credit note to a member.

    Raises
    ------
    Invalid
        With all that is wrong with its lines.
    """
    currency = body.currency or await queries.currency(db, scope)
    faults, lines = [], []
    for index, line in enumerate(body.lines):
        account, found = await _holder(
            db, scope, f"/lines/{index}", line.holder, line.holder_id, line.purpose, currency
        )
        faults += found
        if line.amount_minor == 0:
            faults.append(_fault("amount_zero", f"/lines/{index}/amount_minor", "nothing is corrected", "leave it out"))
        if account is not None:
            lines.append(NewLine(account, line.amount_minor, "correction"))
    total = sum(line.amount_minor for line in body.lines)
    if total:
        faults.append(_fault("not_balanced", "/lines", f"the lines sum to {total}", "let them sum to 0"))
    corrects = None
    if body.corrects_id is not None:
        corrects = await _corrected(db, scope, body.corrects_id)
        if corrects is None:
            faults.append(_fault("no_such_entry", "/corrects_id", "there is no such entry", "name one that is posted"))
    if faults:
        raise Invalid(faults)
    made = NewEntry(
        kind="correction",
        source_kind="clu" if corrects is None else "len",
        source_id=scope.cluster if corrects is None else corrects,
        part=str(ids.new()),
        occurred_on=await queries.today(db, scope),
        currency=currency,
        lines=tuple(lines),
        memo=body.reason,
    )
    [entry_id] = await post(db, scope, [made])
    await audit.record(db, scope, "ledger_entry.posted", "len", entry_id, {"lines": len(lines)})
    return await entry_of(db, scope, entry_id)


async def _corrected(db: Connection, scope: Scope, named: str) -> UUID | None:
    entry_id = _parsed("len", named)
    there = entry_id is not None and await queries.entry(db, scope, entry_id) is not None
    return entry_id if there else None


def _parsed(prefix: str, named: str | None) -> UUID | None:
    """The identifier, or None where it is none of that kind."""
    try:
        return ids.parse(prefix, named or "")
    except NotFound:
        return None


async def _holder(
    db: Connection, scope: Scope, where: str, holder: Holder, named: str | None, purpose: Purpose, currency: str
) -> tuple[Account | None, list[FieldFault]]:
    """The account that a line names, or what is wrong with the name."""
    if (holder is Holder.CLUSTER) == (purpose is Purpose.CURRENT):
        cause = f"a {holder} has no account for {purpose}"
        return None, [_fault("purpose_wrong", f"{where}/purpose", cause, "`current`, or another one for the cluster")]
    if holder is Holder.CLUSTER and named is not None:
        cause = "the cluster's own account names nobody"
        return None, [_fault("holder_unexpected", f"{where}/holder_id", cause, "leave it out")]
    if holder is Holder.CLUSTER:
        return Account(holder, None, currency, purpose), []
    holder_id = _parsed(PREFIX_OF[holder], named)
    if holder_id is not None and await queries.holder_exists(db, scope, holder, holder_id):
        return Account(holder, holder_id, currency), []
    cause, cure = f"there is no such {holder}", "name one of this cluster"
    return None, [_fault("no_such_holder", f"{where}/holder_id", cause, cure)]


def _fault(code: str, pointer: str, cause: str, cure: str) -> FieldFault:
    return FieldFault(pointer=pointer, code=code, cause=cause, cure=cure)
