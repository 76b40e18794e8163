"""One world for the tests of a file, and a firm of its own for each of them."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from tests.cluster.api import World, riverside
from tests.cluster.imports.files import Shop
from tests.databases import Database

_numbers = count(1)


@pytest.fixture(scope="module")
async def town(module_database: Database) -> AsyncIterator[World]:
    """Riverside."""
    async with riverside(module_database) as found:
        yield found


@pytest.fixture
async def shop(town: World) -> Shop:
    """A member that nobody else knows."""
    member_id, caller = await town.admit(f"shop-{next(_numbers)}")
    return Shop(town, caller, member_id)
