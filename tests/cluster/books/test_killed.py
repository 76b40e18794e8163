"""Closing is cut off at random moments: the period is proposed with nothing of it done, or closed with all of it."""

import asyncio
import random

import asyncpg
import pytest
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.base.errors import Busy, Conflict
from cluster.books import periods
from cluster.ledger.checking import read_books
from tests.cluster.api import World
from tests.cluster.books.settled import opened, posted
from tests.cluster.ledger.books import cluster_of

pytestmark = pytest.mark.anyio
MOMENTS = 25
KILL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
 WHERE pid <> pg_backend_pid() AND datname = current_database() AND usename = current_user
"""
LEFT = """
SELECT (SELECT status FROM settlement_periods) AS status, (SELECT count(*) FROM statements) AS statements,
       (SELECT count(*) FROM settlement_payments) AS payments,
       (SELECT count(*) FROM ledger_entries WHERE kind = 'tax') AS taxes
"""


async def test_a_period_is_never_closed_in_part(world: World) -> None:
    """Two members: two statements, two payments to the cluster, two entries of tax; or none of them."""
    await posted(world, "one", 30_000, 70_000)
    period_id = ids.parse("per", await opened(world, taxed=True))
    await world.coordinator.made(f"/v1/settlement-periods/{ids.show('per', period_id)}/propose", None)
    scope = structs.replace(system_scope(await cluster_of(world)), key_id=ids.new())
    draw, seen = random.Random(7), set()
    killer = await asyncpg.connect(world.database.url)
    for moment in range(MOMENTS):
        async with Pool.open(world.database.url, 1) as pool:

            async def close(pool: Pool = pool) -> None:
                async with pool.unit(scope) as db:
                    await periods.close(db, scope, period_id)

            closing = asyncio.create_task(close())
            await asyncio.sleep(draw.random() * 0.06 * (moment + 1) / MOMENTS)
            await killer.execute(KILL)
            done = (await asyncio.gather(closing, return_exceptions=True))[0]
            assert done is None or isinstance(done, (Busy, Conflict, asyncpg.PostgresError, OSError))
        async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
            left = tuple(await db.fetchrow(LEFT))
            assert left in {("proposed", 0, 0, 0), ("closed", 2, 2, 2)}
            seen.add(left[0])
            assert (await read_books(db, scope)).faults == []
    await killer.close()
    async with Pool.open(world.database.url, 1) as pool:
        if "closed" not in seen:
            async with pool.unit(scope) as db:
                await periods.close(db, scope, period_id)
        async with pool.unit(scope) as db:
            assert tuple(await db.fetchrow(LEFT)) == ("closed", 2, 2, 2)
