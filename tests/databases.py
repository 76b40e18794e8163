"""Throw-away databases for tests."""

import asyncio
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import NamedTuple

import asyncpg

from cluster.base.embedded import Servers, start
from cluster.base.migrate import migrate
from cluster.base.settings import Settings

TEMPLATE = "migrated"
_PREFIX = "cluster-test-"
_numbers = count(1)


class Database(NamedTuple):
    """One migrated, empty database."""

    url: str  # the application role: held back by row-level security
    owner_url: str  # the role that owns the tables
    redis_url: str
    template: str = TEMPLATE
    """The database this one began as a copy of."""

    @property
    def name(self) -> str:
        """What the server calls it."""
        return self.url.partition("?")[0].rpartition("/")[2]


@contextmanager
def throw_away_servers() -> Iterator[Servers]:
    """Start servers on a folder of their own, deleted in the end; clear away those of killed test runs."""
    _sweep()
    root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-", dir="/tmp"))
    root.chmod(0o711)
    servers = start(Settings(data_dir=root), fast=True)
    try:
        yield servers
    finally:
        servers.discard()
        shutil.rmtree(root)


def _sweep() -> None:
    for left in Path("/tmp").glob(f"{_PREFIX}*"):
        pid = left.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(FileNotFoundError):  # another run may be sweeping too
            found = left.lstat()
            if pid.isdigit() and not _lives(int(pid)) and stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
                start(Settings(data_dir=left), fast=True).discard()
                shutil.rmtree(left)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def named(url: str, database: str) -> str:
    """Return the same address with another database."""
    head, _, host = url.partition("?")
    return f"{head.rpartition('/')[0]}/{database}?{host}"


def execute(url: str, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""

    async def run() -> None:
        connection = await asyncpg.connect(url)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


def make_template(servers: Servers) -> None:
    """Create the migrated database the others are copied from."""
    assert servers.owner_url
    execute(servers.owner_url, f"CREATE DATABASE {TEMPLATE}")
    asyncio.run(migrate(named(servers.owner_url, TEMPLATE)))


@contextmanager
def fresh_database(servers: Servers, template: str = TEMPLATE) -> Iterator[Database]:
    """Copy a template to which nobody is connected (30 ms); drop the copy in the end, whoever is still connected."""
    assert servers.owner_url
    name = f"test_{next(_numbers)}"
    execute(servers.owner_url, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    try:
        yield Database(named(servers.database_url, name), named(servers.owner_url, name), servers.redis_url, template)
    finally:
        drop_database(servers, name)


def drop_database(servers: Servers, name: str) -> None:
    """
    Drop a database, whoever is still connected.

    ``WITH (FORCE)`` is refused while autovacuum, a superuser's process, is at work in it; a plain ``DROP`` sends that
    away by itself, so only clients are ended here.
    """
    assert servers.owner_url
    clients = f"datname = '{name}' AND backend_type = 'client backend'"
    execute(
        servers.owner_url,
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {clients}",
        f"DROP DATABASE {name}",
    )
