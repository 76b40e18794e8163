"""Fixtures of tours: one day on the road is made, every test has a copy of it."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cluster.base.embedded import Servers
from tests.cluster.api import Caller, World, api, riverside
from tests.cluster.dispatch.road import Day, on_the_road
from tests.databases import Database, fresh_database


@pytest.fixture(scope="session")
def day_database(servers: Servers) -> Iterator[Database]:
    """Where the day is made, once; nobody is connected to it afterwards."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="session")
async def original_day(day_database: Database) -> Day:
    """Two deliveries on one dispatched tour."""
    async with riverside(day_database) as world:
        return await on_the_road(world)


@pytest.fixture
def copied_day(servers: Servers, original_day: Day) -> Iterator[Database]:
    """A copy of its database."""
    with fresh_database(servers, original_day.world.database.name) as found:
        yield found


@pytest.fixture
async def day(original_day: Day, copied_day: Database) -> AsyncIterator[Day]:
    """A copy of that day, which a test may change."""
    async with api(copied_day) as client:
        world, found = World(), Day()
        vars(world).update(vars(original_day.world) | {"client": client, "database": copied_day})
        for name in ("operator", "coordinator", "an", "binh"):
            setattr(world, name, Caller(client, getattr(original_day.world, name).key))
        vars(found).update(vars(original_day) | {"world": world})
        yield found
