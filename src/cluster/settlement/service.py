"""Use cases of settlement."""

from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.base.money import money
from cluster.members.models import SharingRule
from cluster.planning import service as planning
from cluster.settlement import queries
from cluster.settlement.models import RULES_EXPLAINED, Certificate, Share, Shares
from cluster.settlement.split import split_of


async def record(db: Connection, scope: Scope, plan_id: UUID, raw: msgspec.Raw) -> None:
    """Stores a plan's split in the transaction that applies the plan."""
    await queries.insert(db, scope, plan_id, split_of(bytes(raw)))


async def shares(db: Connection, scope: Scope, plan_id: UUID) -> Shares:
    """
    A plan's split as the caller may see it.

    Raises
    ------
    NotFound
        When there is no such plan, or it has no split (yet).
    """
    await planning.plan(db, scope, plan_id)
    rows = await queries.shares(db, scope, plan_id)
    split = await queries.split(db, scope, plan_id)
    if split is None and not rows:
        raise NotFound("plan")
    rule = SharingRule(rows[0]["rule"] if rows else split["rule"])  # type: ignore[index]  # one of both is there
    return Shares(
        plan_id=ids.show("plan", plan_id),
        rule=rule,
        rule_explained=RULES_EXPLAINED[rule],
        shares=[_share(row, scope.neutral) for row in rows],
        certificate=None if split is None else _certificate(split),
    )


def _share(row: asyncpg.Record, neutral: bool) -> Share:
    currency = row["currency"]
    alone = row["stand_alone_minor"]
    return Share(
        member_id=ids.show("mem", row["member_id"]),
        member_name=row["member_name"],
        stand_alone=money(alone, currency),
        share=money(row["share_minor"], currency),
        saving=money(row["saving_minor"], currency),
        saving_percent=round(100 * row["saving_minor"] / alone, 1) if alone else 0.0,
        incremental=money(row["incremental_minor"], currency) if neutral else None,
    )


def _certificate(row: asyncpg.Record) -> Certificate:
    currency = row["currency"]
    return Certificate(
        cost=money(row["cost_minor"], currency),
        excess_max=money(row["excess_max_minor"], currency),
        in_core=row["in_core"],
        individually_rational=row["individually_rational"],
        pool_digest=row["pool_digest"],
        unions=row["unions"],
        seconds=row["seconds"],
    )
