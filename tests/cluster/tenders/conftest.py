"""Fixtures of tenders: one day with a planned tour is made, every test has a copy of it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cluster.base.embedded import Servers
from tests.cluster.api import Caller, World, api, riverside
from tests.cluster.tenders.market import Market, opened
from tests.databases import Database, fresh_database


@pytest.fixture(scope="session")
def market_database(servers: Servers) -> Iterator[Database]:
    """Where the day is made, once; nobody is connected to it afterwards."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="session")
async def original_market(market_database: Database) -> Market:
    """A planned tour, and three carriers that may drive it."""
    async with riverside(market_database) as world:
        return await opened(world)


@pytest.fixture
def copied_market(servers: Servers, original_market: Market) -> Iterator[Database]:
    """A copy of its database."""
    with fresh_database(servers, original_market.world.database.name) as found:
        yield found


@pytest.fixture
async def market(original_market: Market, copied_market: Database) -> AsyncIterator[Market]:
    """A copy of that day, which a test may change."""
    async with api(copied_market) as client:
        world, found = World(), Market()
        vars(world).update(vars(original_market.world) | {"client": client, "database": copied_market})
        for name in ("operator", "coordinator", "an", "binh"):
            setattr(world, name, Caller(client, getattr(original_market.world, name).key))
        vars(found).update(vars(original_market) | {"world": world})
        found.carriers = {name: Caller(client, key.key) for name, key in original_market.carriers.items()}
        yield found
