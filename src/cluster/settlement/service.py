"""Use cases of settlement."""

import asyncio
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.base.money import money
from cluster.members.models import SharingRule
from cluster.planning import comparing
from cluster.planning import service as planning
from cluster.settlement import queries
from cluster.settlement.models import (
    RULES_EXPLAINED,
    Certificate,
    CertificateDocument,
    Comparison,
    MemberShares,
    Paid,
    Share,
    ShareInPlan,
    Shares,
    Verdict,
)
from cluster.settlement.split import Unbalanced, split_of


async def record(db: Connection, scope: Scope, plan_id: UUID, raw: msgspec.Raw) -> None:
    """
    Stores a plan's split in the transaction that applies the plan.

    Raises
    ------
    Rejected
        When the split is not that of the plan, does not add up, or its certificate fails its check.
    """
    new = await asyncio.to_thread(split_of, bytes(raw))
    result = (await planning.plan(db, scope, plan_id)).result
    if result is None or result.cost_minor != new.cost_minor:
        raise Unbalanced("the split is not of the plan's cost")
    await queries.insert(db, scope, plan_id, new)


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
    said = rows[0] if rows else split
    applied = SharingRule(said["rule_applied"])  # type: ignore[index]  # one of both is there
    return Shares(
        plan_id=ids.show("plan", plan_id),
        rule=SharingRule(said["rule"]),  # type: ignore[index]
        rule_applied=applied,
        rule_explained=RULES_EXPLAINED[applied],
        shares=[_share(row, scope.neutral) for row in rows],
        certificate=None if split is None else _certificate(split),
    )


async def compare(db: Connection, scope: Scope, named: str) -> Comparison:
    """
    Plans of one window side by side, for the coordinator; ``named`` are their identifiers, separated by commas.

    Raises
    ------
    Invalid, NotFound, Conflict
        As ``planning.comparing`` says.
    """
    found = await comparing.compare(db, scope, named)
    plan_ids = [ids.parse("plan", entry.plan_id) for entry in found.plans]
    by_member: dict[tuple[str, UUID], dict[UUID, ShareInPlan]] = {}
    for row in await queries.shares_of(db, scope, plan_ids):
        by_member.setdefault((row["member_name"], row["member_id"]), {})[row["plan_id"]] = ShareInPlan(
            share_minor=row["share_minor"],
            stand_alone_minor=row["stand_alone_minor"],
            saving_minor=row["saving_minor"],
        )
    members = [
        MemberShares(
            member_id=ids.show("mem", member_id),
            member_name=name,
            in_plans=[shares.get(plan_id) for plan_id in plan_ids],
        )
        for (name, member_id), shares in by_member.items()
    ]
    return Comparison(plans=found.plans, changed_shipments=found.changed_shipments, members=members)


async def certificate(db: Connection, scope: Scope, plan_id: UUID) -> CertificateDocument:
    """
    The whole certificate of a plan's split, for the coordinator.

    Raises
    ------
    NotFound
        When there is no such plan, or it has no certificate (yet).
    """
    await planning.plan(db, scope, plan_id)
    found = await queries.certificate(db, scope, plan_id)
    if found is None:
        raise NotFound("plan")
    return msgspec.convert(found, CertificateDocument)


async def paid(db: Connection, scope: Scope, plan_id: UUID) -> list[Paid]:
    """What each member that the caller may see pays by a plan's split, in minor units; nothing where it has none."""
    rows = await queries.shares(db, scope, plan_id)
    return [
        Paid(
            member_id=ids.show("mem", row["member_id"]),
            stand_alone_minor=row["stand_alone_minor"],
            share_minor=row["share_minor"],
        )
        for row in rows
    ]


def _share(row: asyncpg.Record, neutral: bool) -> Share:
    currency = row["currency"]
    alone = row["stand_alone_minor"]
    return Share(
        member_id=ids.show("mem", row["member_id"]),
        member_name=row["member_name"],
        stand_alone=money(alone, currency),
        share=money(row["share_minor"], currency),
        low=None if row["low_minor"] is None else money(row["low_minor"], currency),
        high=None if row["high_minor"] is None else money(row["high_minor"], currency),
        saving=money(row["saving_minor"], currency),
        saving_percent=round(100 * row["saving_minor"] / alone, 1) if alone else 0.0,
        incremental=money(row["incremental_minor"], currency) if neutral else None,
    )


def _certificate(row: asyncpg.Record) -> Certificate:
    currency = row["currency"]
    return Certificate(
        cost=money(row["cost_minor"], currency),
        verdict=Verdict(row["verdict"]),
        gain_max=None if row["gain_max_minor"] is None else money(row["gain_max_minor"], currency),
        gain_members=_members(row["gain_players"]),
        excess_max=money(row["excess_max_minor"], currency),
        excess_members=_members(row["excess_players"]),
        in_core=row["in_core"],
        individually_rational=row["individually_rational"],
        coalitions=row["coalitions"],
        coalitions_proven=row["coalitions_proven"],
        pool_digest=row["pool_digest"],
        unions=row["unions"],
        seconds=row["seconds"],
    )


def _members(players: list[str] | None) -> list[str]:
    """Members behind players: those that were counted as one stand joined by a comma."""
    return [member for player in players or [] for member in player.split(", ")]
