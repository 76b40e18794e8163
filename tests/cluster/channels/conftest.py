"""Fixtures of channels: Riverside with shops on this machine, and somebody who looks at them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from cluster.base.db import Database as Pool
from cluster.base.secrets import Vault
from cluster.base.settings import Settings
from cluster.channels.jobs import ShopKeeper
from cluster.channels.shop_calls import ShopCalls
from cluster.places.geocoding import Geocoder
from tests.cluster.api import World, riverside
from tests.cluster.channels.shops import ShopifyShop, WooShop, open_for_business
from tests.cluster.side_by_side import SECRET_KEY
from tests.databases import Database

PUBLIC_URL = "https://logistics.example"
Look = Callable[[], Awaitable[None]]


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside, allowed to ask shops on this machine; mugs are among An's products."""
    async with riverside(database, webhooks_allow_private=True, public_url=PUBLIC_URL) as found:
        mug = {"sku": "MUG", "name": "Mug", "weight_g": 400, "length_mm": 120, "width_mm": 90, "height_mm": 100}
        await found.an.made("/v1/products", mug)
        yield found


@pytest.fixture
async def pool(database: Database) -> AsyncIterator[Pool]:
    """Connections of a worker."""
    async with Pool.open(database.url, 6) as found:
        yield found


@pytest.fixture
async def keeper(pool: Pool) -> AsyncIterator[ShopKeeper]:
    """A worker that looks at shops when it is told to."""
    async with ShopCalls(allow_private=True, timeout_s=2) as calls:
        yield ShopKeeper(pool, lambda: Vault((SECRET_KEY,)), calls, Geocoder(Settings(data_dir=Path("/x"))), PUBLIC_URL)


@pytest.fixture
async def look(keeper: ShopKeeper) -> Look:
    """Looks at all shops that are due."""

    async def look_all() -> None:
        while await keeper.step():
            pass

    return look_all


@pytest.fixture
async def woo() -> AsyncIterator[WooShop]:
    """A WooCommerce shop."""
    shop = WooShop()
    async with open_for_business(shop):
        yield shop


@pytest.fixture
async def shopify() -> AsyncIterator[ShopifyShop]:
    """A Shopify shop."""
    shop = ShopifyShop()
    async with open_for_business(shop):
        yield shop
