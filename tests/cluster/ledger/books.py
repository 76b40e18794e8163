"""Books of a small cluster: what tests of the ledger post and look at."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any
from uuid import UUID, uuid5

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope, system_scope
from cluster.base.db import Database as Pool
from cluster.ledger.models import NewEntry, NewLine, Purpose, of_cluster, of_member
from tests.cluster.api import World

DAY = date(2026, 11, 20)
NOWHERE = UUID(int=7)


async def cluster_of(world: World) -> UUID:
    """Riverside's identifier."""
    return ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])


@asynccontextmanager
async def unit(world: World) -> AsyncIterator[tuple[Connection, Scope]]:
    """A transaction of the platform's own in Riverside."""
    scope = system_scope(await cluster_of(world))
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        yield db, scope


@asynccontextmanager
async def owner(world: World) -> AsyncIterator[asyncpg.Connection]:
    """Whoever owns the tables, which policies hold back all the same; undone in the end."""
    connection = await asyncpg.connect(world.database.owner_url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


def shared(world: World, name: str, an: int, binh: int, **changes: Any) -> NewEntry:
    """A cost that An and Binh share, owed to the cluster's account for freight."""
    lines = (
        NewLine(of_member(ids.parse("mem", world.an_id), "VND"), an, "share"),
        NewLine(of_member(ids.parse("mem", world.binh_id), "VND"), binh, "share"),
        NewLine(of_cluster(Purpose.FREIGHT, "VND"), -(an + binh), "shares"),
    )
    fields: dict[str, Any] = {
        "kind": "estimate",
        "source_kind": "plan",
        "source_id": uuid5(NOWHERE, name),
        "occurred_on": DAY,
        "currency": "VND",
        "lines": lines,
    }
    return NewEntry(**(fields | changes))


async def balances(world: World) -> dict[str, int]:
    """What stands on each account, by whose or what it is."""
    found = (await world.coordinator.get("/v1/ledger/accounts?limit=500")).json()["data"]
    return {
        entry["purpose"] if entry["holder"] == "cluster" else entry["holder_name"]: entry["balance_minor"]
        for entry in found
    }
