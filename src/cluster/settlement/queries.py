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
        INSERT INTO splits (cluster_id, plan_id, rule, currency, cost_minor, excess_max_minor, in_core,
                            individually_rational, pool_digest, unions, seconds)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        scope.cluster,
        plan_id,
        new.rule,
        new.currency,
        new.cost_minor,
        new.excess_max_minor,
        new.in_core,
        new.individually_rational,
        new.pool_digest,
        new.unions,
        new.seconds,
    )
    await db.executemany(
        """
        INSERT INTO shares (cluster_id, plan_id, member_id, rule, currency, stand_alone_minor, share_minor,
                            saving_minor, incremental_minor)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        [
            (
                scope.cluster,
                plan_id,
                ids.parse("mem", share.member),
                new.rule,
                new.currency,
                share.stand_alone_minor,
                share.share_minor,
                share.saving_minor,
                share.incremental_minor,
            )
            for share in new.shares
        ],
    )


async def shares(db: Connection, scope: Scope, plan_id: UUID) -> list[asyncpg.Record]:
    """Shares of a plan that the caller may see."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT member_id, members.name AS member_name, rule, currency, stand_alone_minor, share_minor, saving_minor,
               incremental_minor
          FROM shares JOIN members USING (cluster_id, member_id)
         WHERE cluster_id = $1 AND plan_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
         ORDER BY members.name, member_id
        """,
        scope.cluster,
        plan_id,
        scope.member_id,
    )
    return found


async def split(db: Connection, scope: Scope, plan_id: UUID) -> asyncpg.Record | None:
    """What is proven about a plan's split; nothing for a member."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT rule, currency, cost_minor, excess_max_minor, in_core, individually_rational, pool_digest, unions,
               seconds
          FROM splits WHERE cluster_id = $1 AND plan_id = $2
        """,
        scope.cluster,
        plan_id,
    )
    return found
