"""Fixtures of webhooks: a cluster whose endpoints may be on this machine, and workers at work."""

from collections.abc import AsyncIterator

import pytest

from tests.cluster.api import World, riverside
from tests.cluster.webhooks.receiver import Receiver, receiving
from tests.databases import Database


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside, allowed to send to this machine."""
    async with riverside(database, webhooks_allow_private=True) as found:
        yield found


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """An endpoint."""
    async with receiving() as found:
        yield found
