"""The application for requests that are to run side by side.

Litestar's test client runs one request at a time, whatever is gathered; here all run on the test's own event loop.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from litestar import Litestar
from litestar.datastructures import State

from cluster.app import build
from cluster.base.settings import Settings
from tests.databases import Database

SECRET_KEY = "a secret of the tests that is long enough"
"""What seals and signs in all tests, in web and worker alike."""

_idle: list[tuple[Settings, Litestar]] = []


@asynccontextmanager
async def side_by_side(database: Database, **settings: Any) -> AsyncIterator[Any]:
    """A client of the application on this database; good for ``Caller``."""
    given = {"secret_key": SECRET_KEY} | settings
    with _application(Settings(data_dir=Path("/nonexistent"), database_url=database.url, **given)) as app:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with app.lifespan(), httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            yield client


@contextmanager
def _application(settings: Settings) -> Iterator[Litestar]:
    """
    One that nobody uses now, where there is one of these settings for another database, with an empty state.

    Putting the routes of all operations together takes a second; all that an application remembers is in its state.
    """
    kind = msgspec.structs.replace(settings, database_url="any")
    found = next((entry for entry in _idle if entry[0] == kind), None)
    if found is None:
        found = (kind, build(settings))
    else:
        _idle.remove(found)
    app = found[1]
    app.state = State({"settings": settings})
    try:
        yield app
    finally:
        app.state = State()
        _idle.append(found)
