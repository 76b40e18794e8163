"""Riverside for all attacks of a file; who attacks and who is attacked is made by the tests."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster.api import World, riverside
from tests.cluster.dispatch.conftest import copied_day, day, day_database, original_day
from tests.databases import Database

__all__ = ["copied_day", "day", "day_database", "original_day", "world"]


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside."""
    async with riverside(module_database) as found:
        yield found
