"""Fixtures for all tests. Nothing is started for a test that does not ask for it; those of the solver never do."""

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from cluster.base.embedded import Servers
from tests.databases import Database, fresh_database, make_template, throw_away_servers

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")
"""A slow machine is no fault of what is tested."""


def pytest_collection_finish() -> None:
    """What was imported stays: no collection of garbage has to look through it for the rest of the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run asynchronous tests on asyncio, the one the platform uses."""
    return "asyncio"


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and Valkey of this test run, not durable, gone afterwards."""
    with throw_away_servers() as found:
        make_template(found)
        yield found


@pytest.fixture
def database(servers: Servers) -> Iterator[Database]:
    """A migrated, empty database for one test: ``url`` (application role), ``owner_url``, ``redis_url``."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="module")
def module_database(servers: Servers) -> Iterator[Database]:
    """A migrated database shared by the tests of one file."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture
def owner_url(database: Database) -> str:
    """Address of the role that owns the tables of ``database``."""
    return database.owner_url
