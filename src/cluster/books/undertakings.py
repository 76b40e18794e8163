"""Joint undertakings: proposed by the coordinator, agreed to by each that is to pay, and then posted."""

from collections.abc import Iterator, Mapping
from uuid import UUID

import asyncpg

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.books import undertaking_queries as queries
from cluster.books.delivered import apportioned
from cluster.books.undertaking_models import (
    Answer,
    AnswerUndertaking,
    ProposeUndertaking,
    Undertaking,
    UndertakingPart,
    UndertakingRule,
    UndertakingStatus,
)
from cluster.ledger import service as ledger
from cluster.ledger.models import NewEntry, NewLine, Purpose, of_carrier, of_cluster, of_member
from cluster.members.platform import platform

NIL = UUID(int=0)


async def propose(db: Connection, scope: Scope, body: ProposeUndertaking) -> Undertaking:
    """
    Proposes a joint cost to the members that are to carry it.

    Raises
    ------
    Invalid
        With all that is wrong with it.
    """
    named = {part.member_id: _parsed("mem", part.member_id) for part in body.parts}
    there = await queries.members(db, scope, [member for member in named.values() if member is not None])
    keys = {member: weight for member, weight in (await _keys(db, scope, body, named)).items() if member in there}
    faults = list(_faults(body, named, there))
    paid_by, carrier = _parsed("mem", body.paid_by_member_id), _parsed("car", body.carrier_id)
    if body.paid_by_member_id and (paid_by is None or not await queries.members(db, scope, [paid_by])):
        faults.append(_fault("no_such_member", "/paid_by_member_id", "there is no such member", "name one of yours"))
    if body.carrier_id and (carrier is None or not await queries.carrier_exists(db, scope, carrier)):
        faults.append(_fault("no_such_carrier", "/carrier_id", "there is no such carrier", "name one of yours"))
    if not faults and not any(keys.values()):
        faults.append(_fault("key_empty", "/parts", "nobody's part is above zero", "give somebody a part"))
    if faults:
        raise Invalid(faults)
    members = sorted(keys)
    shares = apportioned([str(member) for member in members], [keys[member] for member in members], body.amount_minor)
    undertaking_id, currency = ids.new(), await ledger.currency(db, scope)
    parts = [(member, keys[member], share) for member, share in zip(members, shares, strict=True)]
    await queries.insert(db, scope, undertaking_id, body, currency, (paid_by, carrier), parts)
    await audit.record(db, scope, "undertaking.proposed", "udt", undertaking_id, {"members": len(members)})
    await _tell(db, scope, undertaking_id, "undertaking.proposed", {})
    return await undertaking(db, scope, undertaking_id)


def _parsed(prefix: str, named: str | None) -> UUID | None:
    try:
        return ids.parse(prefix, named or "")
    except NotFound:
        return None


def _fault(code: str, pointer: str, cause: str, cure: str) -> FieldFault:
    return FieldFault(pointer=pointer, code=code, cause=cause, cure=cure)


async def _keys(
    db: Connection, scope: Scope, body: ProposeUndertaking, named: Mapping[str, UUID | None]
) -> dict[UUID, int]:
    """What each member's part is in proportion to."""
    members = [(named[part.member_id], part.key_parts) for part in body.parts]
    if body.rule is UndertakingRule.BY_KEY:
        return {member: weight or 0 for member, weight in members if member is not None}
    if body.rule is UndertakingRule.EQUAL or body.since is None or body.until is None:
        return {member: 1 for member, _ in members if member is not None}
    shares = await queries.shares_in(db, scope, body.since, body.until)
    return {member: max(0, shares.get(member, 0)) for member, _ in members if member is not None}


def _faults(body: ProposeUndertaking, named: Mapping[str, UUID | None], there: set[UUID]) -> Iterator[FieldFault]:
    seen = set()
    for index, part in enumerate(body.parts):
        where = f"/parts/{index}"
        if named[part.member_id] not in there:
            yield _fault("no_such_member", f"{where}/member_id", "there is no such member", "name one of yours")
        if part.member_id in seen:
            yield _fault("twice", f"{where}/member_id", "named twice", "name each member once")
        seen.add(part.member_id)
        if (body.rule is UndertakingRule.BY_KEY) != (part.key_parts is not None):
            cause, cure = f"the rule is {body.rule}", "a key for each part with `by_key`, none otherwise"
            yield _fault("key_unfit", f"{where}/key_parts", cause, cure)
    if body.rule is UndertakingRule.BY_SHARE and (body.since is None or body.until is None):
        yield _fault("days_missing", "/since", "the rule looks at days", "tell since and until")
    if body.since is not None and body.until is not None and body.until < body.since:
        yield _fault("window_reversed", "/until", "it is before since", "a later day")
    if body.paid_by_member_id is not None and body.carrier_id is not None:
        yield _fault("name_one", "/carrier_id", "it is owed to a member and to a carrier", "name one of them")


async def list_undertakings(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Undertaking]:
    """Undertakings that the caller may see."""
    rows = await queries.undertakings(db, scope, after, limit + 1)
    return page(await _shown(db, scope, rows), limit)


async def undertaking(db: Connection, scope: Scope, undertaking_id: UUID) -> Undertaking:
    """
    One undertaking.

    Raises
    ------
    NotFound
        When the caller can see none with this identifier.
    """
    rows = await queries.undertakings(db, scope, NIL, 1, undertaking_id)
    if not rows:
        raise NotFound("udt")
    [found] = await _shown(db, scope, rows)
    return found


async def _shown(db: Connection, scope: Scope, rows: list[asyncpg.Record]) -> list[Undertaking]:
    parts: dict[UUID, list[UndertakingPart]] = {row["undertaking_id"]: [] for row in rows}
    for part in await queries.parts(db, scope, list(parts)):
        parts[part["undertaking_id"]].append(
            UndertakingPart(
                member_id=ids.show("mem", part["member_id"]),
                member_name=part["name"],
                key_parts=part["key_parts"],
                share_minor=part["share_minor"],
                answer=Answer(part["answer"]),
                note=part["note"],
                answered_at=part["answered_at"],
            )
        )
    return [
        Undertaking(
            id=ids.show("udt", row["undertaking_id"]),
            version=row["version"],
            title=row["title"],
            note=row["note"],
            rule=UndertakingRule(row["rule"]),
            amount_minor=row["amount_minor"],
            currency=row["currency"],
            occurred_on=row["occurred_on"],
            paid_by_member_id=None if row["paid_by"] is None else ids.show("mem", row["paid_by"]),
            carrier_id=None if row["carrier_id"] is None else ids.show("car", row["carrier_id"]),
            status=UndertakingStatus(row["status"]),
            created_at=row["created_at"],
            parts=parts[row["undertaking_id"]],
        )
        for row in rows
    ]


async def answer(db: Connection, scope: Scope, undertaking_id: UUID, body: AnswerUndertaking) -> Undertaking:
    """
    A member agrees to its part or refuses it. The last to agree has it posted; one that refuses ends it.

    Raises
    ------
    Conflict
        ``undertaking_over``: it is not proposed any more; ``answered``: this member has answered.
    """
    await undertaking(db, scope, undertaking_id)
    async with platform(db, scope) as acting:
        await queries.hold(db, acting, undertaking_id)
        found = await undertaking(db, acting, undertaking_id)
    if found.status is not UndertakingStatus.PROPOSED:
        raise Conflict("undertaking_over", f"This undertaking is {found.status}.")
    said = Answer.AGREED if body.agree else Answer.REFUSED
    if not await queries.answer(db, scope, undertaking_id, said, body.note):
        raise Conflict("answered", "You have answered already.")
    await audit.record(db, scope, "undertaking.answered", "udt", undertaking_id, {"answer": said})
    async with platform(db, scope) as acting:
        now = await undertaking(db, acting, undertaking_id)
        if said is Answer.REFUSED:
            await _end(db, acting, undertaking_id, UndertakingStatus.REFUSED)
        elif all(part.answer is Answer.AGREED for part in now.parts):
            await ledger.post(db, acting, [_entry(now)])
            await _end(db, acting, undertaking_id, UndertakingStatus.POSTED)
    return await undertaking(db, scope, undertaking_id)


def _entry(found: Undertaking) -> NewEntry:
    """Members owe their parts to whom it is owed."""
    owed_to = of_cluster(Purpose.UNDERTAKINGS, found.currency)
    if found.paid_by_member_id is not None:
        owed_to = of_member(ids.parse("mem", found.paid_by_member_id), found.currency)
    elif found.carrier_id is not None:
        owed_to = of_carrier(ids.parse("car", found.carrier_id), found.currency)
    lines = [
        NewLine(of_member(ids.parse("mem", part.member_id), found.currency), part.share_minor, found.rule)
        for part in found.parts
    ]
    return NewEntry(
        kind="undertaking",
        source_kind="udt",
        source_id=ids.parse("udt", found.id),
        occurred_on=found.occurred_on,
        currency=found.currency,
        lines=(*lines, NewLine(owed_to, -found.amount_minor, "paid")),
        memo=found.title,
    )


async def withdraw(db: Connection, scope: Scope, undertaking_id: UUID) -> Undertaking:
    """
    The coordinator takes a proposal back.

    Raises
    ------
    Conflict
        ``undertaking_over``.
    """
    await queries.hold(db, scope, undertaking_id)
    found = await undertaking(db, scope, undertaking_id)
    if found.status is not UndertakingStatus.PROPOSED:
        raise Conflict("undertaking_over", f"This undertaking is {found.status}.")
    await audit.record(db, scope, "undertaking.withdrawn", "udt", undertaking_id)
    await _end(db, scope, undertaking_id, UndertakingStatus.WITHDRAWN)
    return await undertaking(db, scope, undertaking_id)


async def _end(db: Connection, scope: Scope, undertaking_id: UUID, status: UndertakingStatus) -> None:
    await queries.move(db, scope, undertaking_id, status)
    await _tell(db, scope, undertaking_id, "undertaking.decided", {"status": status})


async def _tell(db: Connection, scope: Scope, undertaking_id: UUID, topic: str, payload: Mapping[str, object]) -> None:
    """The coordinator hears of it, and each member that has a part in it."""
    whole = {"id": ids.show("udt", undertaking_id), **payload}
    await outbox.emit(db, scope, undertaking_id, topic, whole)
    for part in (await undertaking(db, scope, undertaking_id)).parts:
        member = ids.parse("mem", part.member_id)
        told = whole | {"share_minor": part.share_minor}
        await outbox.emit(db, scope, outbox.part_of(undertaking_id, member), topic, told, member_id=member)
