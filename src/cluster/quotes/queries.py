"""SQL of quotes."""

from uuid import UUID

from cluster.base.db import Connection, Scope
from cluster.quotes.models import Bracket

HISTORY_WEEKS = 8


async def asked_today(db: Connection, scope: Scope) -> int:
    """How many quotes the calling member asked for in the last day."""
    found: int = await db.fetchval(
        """
        SELECT count(*) FROM quotes
         WHERE cluster_id = $1 AND member_id = $2 AND created_at > now() - interval '1 day'
        """,
        scope.cluster,
        scope.member_id,
    )
    return found


async def insert(
    db: Connection,
    scope: Scope,
    quote_id: UUID,
    pool_window_id: UUID,
    alone_minor: int | None,
    bracket: Bracket,
    outside_minor: int | None,
) -> None:
    """Keeps what was told."""
    await db.execute(
        """
        INSERT INTO quotes (cluster_id, quote_id, member_id, pool_window_id, alone_minor, low_minor, high_minor,
                            outside_minor, basis)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        scope.cluster,
        quote_id,
        scope.member_id,
        pool_window_id,
        alone_minor,
        bracket.low_minor,
        bracket.high_minor,
        outside_minor,
        list(bracket.basis),
    )


async def paid_parts(db: Connection, scope: Scope) -> list[float]:
    """What the calling member paid of its stand-alone cost on the days of the last weeks, the newest first."""
    rows = await db.fetch(
        """
        SELECT shares.share_minor::float8 / shares.stand_alone_minor AS part
          FROM shares JOIN plans USING (cluster_id, plan_id)
         WHERE cluster_id = $1 AND member_id = $2 AND plans.status = 'published' AND shares.stand_alone_minor > 0
           AND plans.published_at > now() - make_interval(weeks => $3)
         ORDER BY plans.published_at DESC LIMIT 60
        """,
        scope.cluster,
        scope.member_id,
        HISTORY_WEEKS,
    )
    return [row["part"] for row in rows]


async def forget_old(db: Connection) -> int:
    """Drops quotes older than 90 days; returns how many."""
    # any-cluster: housekeeping of the whole platform
    done = await db.execute("DELETE FROM quotes WHERE created_at < now() - interval '90 days'")
    return int(done.rpartition(" ")[2])
