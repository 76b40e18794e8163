"""Fixtures of gateways: Riverside with carriers' systems on this machine, and somebody who sees to what is due."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from cluster.base.db import Database as Pool
from cluster.base.secrets import Vault
from cluster.channels.shop_calls import ShopCalls
from cluster.gateways.jobs import GateKeeper
from tests.cluster.api import World, riverside
from tests.cluster.channels.shops import open_for_business
from tests.cluster.gateways.systems import GhnServer, KarrioServer, LalamoveServer
from tests.cluster.side_by_side import SECRET_KEY
from tests.databases import Database

PUBLIC_URL = "https://logistics.example"
Look = Callable[[], Awaitable[None]]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside, allowed to ask systems on this machine."""
    async with riverside(database, webhooks_allow_private=True, public_url=PUBLIC_URL) as found:
        yield found


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """Connections of a worker."""
    async with Pool.open(database.url, 6) as found:
        yield found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Below which gateways of kind ``folder`` have their files."""
    return tmp_path / "gateways"


@pytest.fixture
async def keeper(pool: Pool, folder: Path) -> AsyncIterator[GateKeeper]:
    """A worker that sees to orders and files when it is told to."""
    async with ShopCalls(allow_private=True, timeout_s=2) as calls:
        yield GateKeeper(pool, lambda: Vault((SECRET_KEY,)), calls, PUBLIC_URL, folder)


@pytest.fixture
async def look(keeper: GateKeeper) -> Look:
    """Sees to all that is due."""

    async def look_all() -> None:
        while await keeper.step():
            pass

    return look_all


@pytest.fixture
async def karrio() -> AsyncIterator[KarrioServer]:
    """A Karrio server."""
    system = KarrioServer()
    async with open_for_business(system):
        yield system


@pytest.fixture
async def lalamove() -> AsyncIterator[LalamoveServer]:
    """Lalamove."""
    system = LalamoveServer()
    async with open_for_business(system):
        yield system


@pytest.fixture
async def ghn() -> AsyncIterator[GhnServer]:
    """Giao Hang Nhanh."""
    system = GhnServer()
    async with open_for_business(system):
        yield system
