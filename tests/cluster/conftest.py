"""Fixtures of the platform's tests."""

from collections.abc import AsyncIterator, Iterator

import pytest

from cluster.base.embedded import Servers
from tests.cluster.api import World, original_riverside, riverside, tomorrow
from tests.cluster.neighbours import Neighbours, copied, neighbourhood
from tests.databases import TEMPLATE, Database, fresh_database


@pytest.fixture(scope="session")
def riverside_database(servers: Servers) -> Iterator[Database]:
    """Where Riverside is made, once."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="session")
async def original_world(riverside_database: Database) -> World:
    """Riverside, of which tests get copies."""
    return await original_riverside(riverside_database)


@pytest.fixture
def database(servers: Servers, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database for one test: a copy of Riverside's where that is the test's world, else an empty one."""
    template = TEMPLATE
    if "world" in request.fixturenames:
        original: World = request.getfixturevalue("original_world")
        if original.day == tomorrow():  # a run may go on after midnight
            template = original.database.name
    with fresh_database(servers, template) as found:
        yield found


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Cluster "Riverside" with the rivals An and Binh, behind a real API and database."""
    async with riverside(database) as found:
        yield found


@pytest.fixture(scope="session")
def original_database(servers: Servers) -> Iterator[Database]:
    """Where the world of the tests of isolation is made, once; nobody is connected to it afterwards."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="session")
async def original(original_database: Database) -> Neighbours:
    """The world of the tests of isolation, of which they get copies."""
    async with neighbourhood(original_database) as found:
        return found


@pytest.fixture(scope="module")
def copied_database(servers: Servers, original: Neighbours) -> Iterator[Database]:
    """A copy of that world's database for the tests of one file."""
    with fresh_database(servers, original.world.database.name) as found:
        yield found


@pytest.fixture(scope="module")
async def neighbours(original: Neighbours, copied_database: Database) -> AsyncIterator[Neighbours]:
    """A copy of that world for the tests of one file, which may change it."""
    async with copied(original, copied_database) as found:
        yield found
