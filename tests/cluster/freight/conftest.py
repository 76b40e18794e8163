"""Fixtures of freight audit: one tour is driven, every test has a copy of it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cluster.base.embedded import Servers
from tests.cluster.api import Caller, World, api, riverside
from tests.cluster.dispatch.conftest import copied_day, day, day_database, original_day  # noqa: F401  (a tour on the road)
from tests.cluster.freight.billed import Billed, driven
from tests.databases import Database, fresh_database


@pytest.fixture(scope="session")
def billed_database(servers: Servers) -> Iterator[Database]:
    """Where the tour is driven, once; nobody is connected to it afterwards."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="session")
async def original_billed(billed_database: Database) -> Billed:
    """Swift has driven one tour with two deliveries, and may bill it."""
    async with riverside(billed_database) as world:
        return await driven(world)


@pytest.fixture
def copied_billed(servers: Servers, original_billed: Billed) -> Iterator[Database]:
    """A copy of its database."""
    with fresh_database(servers, original_billed.world.database.name) as found:
        yield found


@pytest.fixture
async def billed(original_billed: Billed, copied_billed: Database) -> AsyncIterator[Billed]:
    """A copy of that day, which a test may change."""
    async with api(copied_billed) as client:
        world, found = World(), Billed()
        vars(world).update(vars(original_billed.world) | {"client": client, "database": copied_billed})
        for name in ("operator", "coordinator", "an", "binh"):
            setattr(world, name, Caller(client, getattr(original_billed.world, name).key))
        vars(found).update(vars(original_billed) | {"world": world})
        for name in ("swift", "slow"):
            setattr(found, name, Caller(client, getattr(original_billed, name).key))
        yield found
