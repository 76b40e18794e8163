"""The application for requests that are to run side by side.

Litestar's test client runs one request at a time, whatever is gathered; here all run on the test's own event loop.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from cluster.app import build
from cluster.base.settings import Settings
from tests.databases import Database

SECRET_KEY = "a secret of the tests that is long enough"
"""What seals and signs in all tests, in web and worker alike."""


@asynccontextmanager
async def side_by_side(database: Database, **settings: Any) -> AsyncIterator[Any]:
    """A client of the application on this database; good for ``Caller``."""
    given = {"secret_key": SECRET_KEY} | settings
    app = build(Settings(data_dir=Path("/nonexistent"), database_url=database.url, **given))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client
