"""What the platform does later, or time does: done at once for a test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from cluster.base import ids
from cluster.base.db import act_as, system_scope
from tests.cluster.api import World


@asynccontextmanager
async def _as_platform(world: World, url: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction of the platform's own work."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction():
            await act_as(connection, system_scope(cluster_id))
            yield connection
    finally:
        await connection.close()


async def moved(world: World, status: str, *shipments: str) -> None:
    """Moves shipments to a state, as a plan or a carrier would."""
    async with _as_platform(world, world.database.url) as db:
        found = await db.fetch(
            "UPDATE shipments SET status = $2 WHERE shipment_id = ANY($1) RETURNING 1",
            [ids.parse("shp", entry) for entry in shipments],
            status,
        )
    assert len(found) == len(shipments)


async def closed(world: World) -> None:
    """The world's pool window is past its cut-off from now on."""
    async with _as_platform(world, world.database.owner_url) as db:
        await db.execute(
            "UPDATE pool_windows SET opens_at = now() - interval '2 hours', cut_off_at = now() WHERE pool_window_id = $1",
            ids.parse("win", world.window_id),
        )
