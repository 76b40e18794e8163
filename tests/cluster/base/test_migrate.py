"""Migrations: once, whole, in order, never edited, whoever else runs them at the same moment."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from cluster.base import migrate as migrations
from cluster.base.embedded import Servers
from cluster.base.migrate import MigrationError, migrate, pending
from tests.databases import Database, drop_database, execute, named

pytestmark = pytest.mark.anyio


@pytest.fixture
def empty_url(servers: Servers) -> Iterator[str]:
    assert servers.owner_url
    execute(servers.owner_url, "CREATE DATABASE empty")
    yield named(servers.owner_url, "empty")
    drop_database(servers, "empty")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "0001_one.sql").write_text("CREATE TABLE one (id int); INSERT INTO one VALUES (1);")
    (tmp_path / "0002_two.sql").write_text("CREATE TABLE two (id int);\nINSERT INTO two SELECT id FROM one;")
    (tmp_path / "schema.sql").write_text("not a migration")
    return tmp_path


async def fetch(url: str, query: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_files_are_applied_in_order_and_only_once(empty_url: str, files: Path) -> None:
    assert await pending(empty_url, files) == ["0001_one.sql", "0002_two.sql"]
    assert await migrate(empty_url, files) == ["0001_one.sql", "0002_two.sql"]
    assert await migrate(empty_url, files) == []
    assert await pending(empty_url, files) == []
    assert await fetch(empty_url, "SELECT count(*) FROM two") == 1


async def test_a_new_file_is_applied_on_top_of_the_old(empty_url: str, files: Path) -> None:
    await migrate(empty_url, files)
    (files / "0003_three.sql").write_text("CREATE TABLE three (id int)")
    assert await migrate(empty_url, files) == ["0003_three.sql"]


async def test_runners_at_the_same_moment_apply_each_file_once_between_them(empty_url: str, files: Path) -> None:
    (files / "0003_slow.sql").write_text("SELECT pg_sleep(0.2); CREATE TABLE three (id int)")
    answers = await asyncio.gather(*(migrate(empty_url, files) for _ in range(4)))
    assert sorted(name for names in answers for name in names) == ["0001_one.sql", "0002_two.sql", "0003_slow.sql"]
    assert await fetch(empty_url, "SELECT count(*) FROM one") == 1


async def test_an_edited_file_is_refused_by_name_and_nothing_else_runs(empty_url: str, files: Path) -> None:
    await migrate(empty_url, files)
    (files / "0001_one.sql").write_text("CREATE TABLE one (id bigint)")
    (files / "0003_three.sql").write_text("CREATE TABLE three (id int)")
    with pytest.raises(MigrationError, match="edited after they were applied") as refused:
        await migrate(empty_url, files)
    assert refused.value.names == ["0001_one.sql"]
    assert await fetch(empty_url, "SELECT to_regclass('three')") is None


async def test_a_renamed_file_counts_as_edited(empty_url: str, files: Path) -> None:
    await migrate(empty_url, files)
    (files / "0002_two.sql").rename(files / "0002_deux.sql")
    with pytest.raises(MigrationError) as refused:
        await migrate(empty_url, files)
    assert refused.value.names == ["0002_two.sql"]


@pytest.mark.parametrize("left", [["0001_one.sql"], []])
async def test_missing_applied_files_are_refused_by_name(empty_url: str, files: Path, left: list[str]) -> None:
    await migrate(empty_url, files)
    gone = sorted({"0001_one.sql", "0002_two.sql"} - set(left))
    for name in gone:
        (files / name).unlink()
    with pytest.raises(MigrationError, match="missing") as refused:
        await migrate(empty_url, files)
    assert refused.value.names == gone


async def test_line_ends_of_another_system_are_no_edit(empty_url: str, files: Path) -> None:
    await migrate(empty_url, files)
    two = files / "0002_two.sql"
    two.write_bytes(two.read_bytes().replace(b"\n", b"\r\n"))
    assert await migrate(empty_url, files) == []


async def test_a_failing_file_leaves_nothing_and_names_its_line(empty_url: str, files: Path) -> None:
    (files / "0003_bad.sql").write_text("CREATE TABLE three (id int);\nSELECT nothing FROM nowhere;")
    with pytest.raises(MigrationError, match=r'line 2: relation "nowhere" does not exist') as failed:
        await migrate(empty_url, files)
    assert failed.value.names == ["0003_bad.sql"]
    assert await fetch(empty_url, "SELECT to_regclass('three')") is None
    assert await pending(empty_url, files) == ["0003_bad.sql"]


async def test_a_file_that_waits_for_a_lock_gives_up(
    empty_url: str, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT_S", "0.1")
    await migrate(empty_url, files)
    (files / "0003_three.sql").write_text("ALTER TABLE one ADD COLUMN more int")
    holder = await asyncpg.connect(empty_url)
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute("SELECT * FROM one")
    with pytest.raises(MigrationError, match="quieter moment"):
        await migrate(empty_url, files)
    await transaction.rollback()
    await holder.close()
    assert await migrate(empty_url, files) == ["0003_three.sql"]


@pytest.mark.parametrize(
    ("name", "script", "cause"),
    [
        ("0004_gap.sql", "", "0003 is missing"),
        ("0002_again.sql", "", "same number"),
        ("03_short.sql", "", "not named like"),
        ("0003_own.sql", "SELECT 1;\nCOMMIT;", "begins or ends a transaction"),
    ],
)
def test_a_folder_that_is_out_of_order_is_refused(files: Path, name: str, script: str, cause: str) -> None:
    (files / name).write_text(script)
    with pytest.raises(MigrationError, match=cause) as refused:
        migrations.read(files)
    assert name in refused.value.names


async def test_the_application_may_read_how_far_the_schema_is_but_not_change_it(database: Database) -> None:
    assert await pending(database.url) == []
    connection = await asyncpg.connect(database.url)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM schema_migrations")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("CREATE TABLE mine (id int)")
    finally:
        await connection.close()


def test_the_dump_tells_two_schemas_apart_and_is_the_same_each_time(empty_url: str, files: Path) -> None:
    asyncio.run(migrate(empty_url, files))
    before = migrations.dump_schema(empty_url)
    assert before == migrations.dump_schema(empty_url)
    assert "CREATE TABLE public.one" in before
    assert "schema_migrations" not in before
    assert not any(line.startswith(("--", "\\", "SET ")) for line in before.splitlines())
    execute(empty_url, "ALTER TABLE one ADD COLUMN more int")
    assert migrations.dump_schema(empty_url) != before


def test_schema_sql_is_what_the_migrations_make(database: Database) -> None:
    written = migrations.folder() / "schema.sql"
    assert written.is_file(), "run `make schema`"
    made = migrations.dump_schema(database.owner_url)
    assert written.read_text("utf-8") == made, "the migrations changed: run `make schema` and look at the difference"
