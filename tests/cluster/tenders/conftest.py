"""Fixtures of tenders: one day with a planned tour is made, every test has a copy of it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cluster.base.embedded import Servers
from tests.cluster.api import api, riverside
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
        yield original_market.on(copied_market, client)
