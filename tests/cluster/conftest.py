"""Fixtures of the platform's tests."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster.api import World, riverside
from tests.databases import Database


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Cluster "Riverside" with the rivals An and Binh, behind a real API and database."""
    async with riverside(database) as found:
        yield found
