"""Use cases of splitting what jointly rented space costs: worked out in a helper, checked, stored, told."""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids, outbox
from cluster.base.audit import record
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.helper import Helper
from cluster.base.pages import Page, page
from cluster.space import queries, split_queries
from cluster.space.accounts import accounts_of
from cluster.space.certificates import WrongCertificate, violations
from cluster.space.offers import offer_row
from cluster.space.split_models import SpaceCertificate, SpaceSplit, SpaceSplitStatus, SplitSpace
from cluster.space.split_queries import Owed
from cluster.space.splitting import MEMBERS_MAX, NothingReserved, Terms, split

FIRST = UUID(int=0)


async def make(database: Database, scope: Scope, helper: Helper, body: SplitSpace) -> SpaceSplit:
    """
    Splits what a period of jointly rented space cost, and tells its members.

    Raises
    ------
    NotFound
        When there is no such offer, or it has no lease.
    Conflict
        ``space_period_open`` while the period is not over, ``space_split_exists`` where some of it has been split,
        ``space_not_reserved`` where nobody reserved anything, ``space_members_too_many``.
    Invalid
        When no cost is given for what is not whole months.
    """
    offer_id = ids.parse("spo", body.offer_id)
    async with database.unit(scope) as db:
        terms = await _terms(db, scope, offer_id, body)
        await _must_be_unsplit(db, scope, offer_id, body)
        offer = await offer_row(db, scope, offer_id)
        stays = await split_queries.stays(db, scope, offer_id, body.first_on, body.last_on)
        counts = await split_queries.counts(db, scope, offer_id, body.first_on, body.last_on)
        committed = await split_queries.commitments(db, scope, offer_id)
    accounts, counted = accounts_of(body.first_on, body.last_on, offer, stays, counts, committed)
    if len(accounts) > MEMBERS_MAX:
        raise Conflict("space_members_too_many", f"{len(accounts)} members had space there; at most {MEMBERS_MAX}.")
    terms = msgspec.structs.replace(terms, counted=counted)
    try:
        found = await helper.ask(split, terms, accounts)
    except NothingReserved:
        raise Conflict("space_not_reserved", "Nobody reserved space in this period.") from None
    wrong = violations(found)
    if wrong:
        raise WrongCertificate("; ".join(wrong))
    split_id = ids.new()
    async with database.unit(scope) as db:
        await split_queries.hold_lease(db, scope, offer_id)
        await _must_be_unsplit(db, scope, offer_id, body)
        await split_queries.insert(db, scope, split_id, found)
        await _tell(db, scope, split_id, found, "space_split.made")
        await record(db, scope, "space.split", "sps", split_id, {"cost_minor": found.cost_minor})
        return await one(db, scope, split_id)


async def _terms(db: Connection, scope: Scope, offer_id: UUID, body: SplitSpace) -> Terms:
    """What the period cost."""
    lease = await split_queries.lease(db, scope, offer_id)
    if lease is None:
        raise NotFound("spo")
    today = await queries.today(db, scope)
    if body.last_on >= today:
        raise Conflict("space_period_open", f"This period is not over before {body.last_on + timedelta(days=1)}.")
    months = whole_months(body.first_on, body.last_on)
    costs = []
    for name, monthly in (("rent_minor", lease["rent_month_minor"]), ("running_minor", lease["running_month_minor"])):
        given = getattr(body, name)
        if given is None and months is None:
            cause = "not whole calendar months"
            cure = "say what these days cost, or split whole months"
            raise Invalid([FieldFault(pointer=f"/{name}", code="cost_missing", cause=cause, cure=cure)])
        costs.append(monthly * (months or 0) if given is None else given)
    return Terms(
        offer_id=body.offer_id,
        first_on=body.first_on,
        last_on=body.last_on,
        rule=body.rule,
        rent_minor=costs[0],
        running_minor=costs[1],
        overflow_milli=lease["overflow_milli"],
        relet_milli=lease["relet_milli"],
        counted=[],
    )


def whole_months(first_on: date, last_on: date) -> int | None:
    """How many calendar months a period is; None where it is not whole ones."""
    if first_on.day != 1 or last_on.day != monthrange(last_on.year, last_on.month)[1]:
        return None
    return (last_on.year - first_on.year) * 12 + last_on.month - first_on.month + 1


async def _must_be_unsplit(db: Connection, scope: Scope, offer_id: UUID, body: SplitSpace) -> None:
    if await split_queries.overlapping(db, scope, offer_id, body.first_on, body.last_on):
        raise Conflict("space_split_exists", "Some of these days have been split; withdraw that split first.")


async def _tell(db: Connection, scope: Scope, split_id: UUID, found: SpaceCertificate, topic: str) -> None:
    for share in found.shares:
        member_id = ids.parse("mem", share.member_id)
        payload = {"id": ids.show("sps", split_id), "share_minor": share.share_minor}
        await outbox.emit(db, scope, outbox.part_of(split_id, member_id), topic, payload, member_id)


async def withdraw(db: Connection, scope: Scope, split_id: UUID) -> SpaceSplit:
    """Takes a split back, so that the period can be split anew; twice is the same as once."""
    before = await one(db, scope, split_id)
    if before.status is SpaceSplitStatus.FINAL:
        await split_queries.hold_lease(db, scope, ids.parse("spo", before.offer_id))
        await split_queries.withdraw(db, scope, split_id)
        await _tell(db, scope, split_id, await certificate(db, scope, split_id), "space_split.withdrawn")
        await record(db, scope, "space.split_withdrawn", "sps", split_id)
    return await one(db, scope, split_id)


async def one(db: Connection, scope: Scope, split_id: UUID) -> SpaceSplit:
    """One split that the caller may see."""
    found = await _found(db, scope, FIRST, 1, split_id)
    if not found:
        raise NotFound("sps")
    return found[0]


async def list_splits(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[SpaceSplit]:
    """Splits, oldest first: with all shares for the coordinator, a member's own alone."""
    return page(await _found(db, scope, after, limit + 1, None), limit)


async def certificate(db: Connection, scope: Scope, split_id: UUID) -> SpaceCertificate:
    """All that a split follows from, for the coordinator."""
    rows = await split_queries.splits(db, scope, FIRST, 1, split_id)
    if not rows:
        raise NotFound("sps")
    return msgspec.convert(rows[0]["content"], SpaceCertificate)


async def owed(db: Connection, scope: Scope, first_on: date, last_on: date) -> list[Owed]:
    """What each member owes for a period's space, and to whom: for the ledger to post. Periods add up."""
    return await split_queries.owed(db, scope, first_on, last_on)


async def _found(db: Connection, scope: Scope, after: UUID, limit: int, only: UUID | None) -> list[SpaceSplit]:
    if scope.neutral:
        return [_whole(row) for row in await split_queries.splits(db, scope, after, limit, only)]
    return [_own(row) for row in await split_queries.own_shares(db, scope, after, limit, only)]


def _whole(row: asyncpg.Record) -> SpaceSplit:
    found = msgspec.convert(row["content"], SpaceCertificate)
    same = ("offer_id", "first_on", "last_on", "rule", "shares", "cost_minor", "rent_minor", "running_minor")
    more = ("rented_units", "place_minor", "gain_max_minor", "gain_members")
    fields = {name: getattr(found, name) for name in (*same, *more)}
    return SpaceSplit(
        id=ids.show("sps", row["split_id"]),
        status=SpaceSplitStatus(row["status"]),
        created_at=row["created_at"],
        **fields,
    )


def _own(row: Mapping[str, Any]) -> SpaceSplit:
    rule, status = split_queries.rule_of(row)
    hidden: Iterable[str] = ("cost_minor", "rent_minor", "running_minor", "rented_units", "place_minor")
    return SpaceSplit(
        id=ids.show("sps", row["split_id"]),
        offer_id=ids.show("spo", row["offer_id"]),
        first_on=row["first_on"],
        last_on=row["last_on"],
        status=status,
        rule=rule,
        shares=[split_queries.share_of(row)],
        gain_max_minor=None,
        gain_members=None,
        created_at=None,
        **dict.fromkeys(hidden),
    )
