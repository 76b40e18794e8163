"""Fixtures of the journeys."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.members.service import issue_operator_key
from tests.databases import Database
from tests.journeys.live import Platform, platform


@pytest.fixture
def live(database: Database, tmp_path: Path) -> Iterator[Platform]:
    """Server and worker in processes of their own."""
    with platform(database, tmp_path) as running:
        yield running


@pytest.fixture
def operator_key(database: Database) -> str:
    """A key that can found clusters."""

    async def issue() -> str:
        async with Pool.open(database.url, 1) as pool, pool.unit(system_scope()) as db:
            return await issue_operator_key(db)

    return asyncio.run(issue())
