"""SQL of settlement."""

from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.settlement.models import NewSplit


async def insert(db: Connection, scope: Scope, plan_id: UUID, new: NewSplit) -> None:
    """A plan's split and shares."""
    await db.execute(
        """
        INSERT INTO splits (cluster_id, plan_id, rule, rule_applied, currency, cost_minor, verdict, gain_max_minor,
                            excess_max_minor, in_core, individually_rational, coalitions, coalitions_proven,
                            pool_digest, unions, certificate, seconds)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """,
        scope.cluster,
        plan_id,
        new.rule,
        new.rule_applied,
        new.currency,
        new.cost_minor,
        new.verdict,
        new.gain_max_minor,
        new.excess_max_minor,
        new.in_core,
        new.individually_rational,
        new.coalitions,
        new.coalitions_proven,
        new.pool_digest,
        new.unions,
        new.certificate,
        new.seconds,
    )
    await db.executemany(
        """
        INSERT INTO shares (cluster_id, plan_id, member_id, rule, rule_applied, currency, stand_alone_minor,
                            share_minor, saving_minor, incremental_minor, low_minor, high_minor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        [
            (
                scope.cluster,
                plan_id,
                ids.parse("mem", share.member),
                new.rule,
                new.rule_applied,
                new.currency,
                share.stand_alone_minor,
                share.share_minor,
                share.saving_minor,
                share.incremental_minor,
                share.low_minor,
                share.high_minor,
            )
            for share in new.shares
        ],
    )


async def shares(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Shares of a plan that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT member_id, members.name AS member_name, rule, rule_applied, currency, stand_alone_minor, share_minor,
               saving_minor, incremental_minor, low_minor, high_minor
          FROM shares JOIN members USING (cluster_id, member_id)
         WHERE cluster_id = $1 AND plan_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
         ORDER BY members.name, member_id
        """,
        scope.cluster,
        plan_id,
        scope.member_id,
    )
    return found


async def shares_of(db: Connection, scope: Scope, plan_ids: list[UUID]) -> list[asyncpg.Record]:
    """Shares in several plans, by member and plan."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT member_id, members.name AS member_name, plan_id, share_minor, stand_alone_minor, saving_minor
          FROM shares JOIN members USING (cluster_id, member_id)
         WHERE cluster_id = $1 AND plan_id = ANY($2) ORDER BY members.name, member_id
        """,
        scope.cluster,
        plan_ids,
    )
    return found


async def split(db: Connection, scope: Scope, plan_id: UUID) -> asyncpg.Record | None:
    """What is proven about a plan's split; nothing for a member."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT rule, rule_applied, currency, cost_minor, verdict, gain_max_minor, excess_max_minor, in_core,
               individually_rational, coalitions, coalitions_proven, pool_digest, unions, seconds,
               certificate -> 'gain_max' -> 'players' AS gain_players,
               certificate -> 'excess_max' -> 'players' AS excess_players
          FROM splits WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    return found


async def certificate(db: Connection, scope: Scope, plan_id: UUID) -> object | None:
    """The whole certificate of a plan's split, as JSON reads; nothing for a member, nor where none was made."""
    found: object | None = await db.fetchval(
        "SELECT certificate FROM splits WHERE cluster_id = $1 AND plan_id = $2", scope.cluster, plan_id
    )
    return found
