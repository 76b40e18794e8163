"""All SQL of the platform: where it stands, that the database accepts it, that it names the cluster, who writes what."""

import ast
import re
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest

from tests.databases import Database
from tests.house.tree import ROOT, python_files, shown, syntax

pytestmark = pytest.mark.anyio

PLATFORM = ROOT / "src" / "cluster"
BASE = ("jobs", "outbox", "idempotency", "auth", "db", "audit")
"""Modules of ``base`` that hold SQL of the application."""
ELSEWHERE = {
    "src/cluster/app.py": "asks whether the database answers",
    "src/cluster/base/acting.py": "is the driver's own BEGIN, with who asks: identifiers and roles, checked by letter",
    "src/cluster/base/doctor.py": "asks the catalogue, before there need be any table",
    "src/cluster/base/migrate.py": "is the owner's, not the application's",
    "src/cluster/base/embedded/postgres.py": "is the superuser's, when a server is made",
}
CALLS = {"fetch", "fetchrow", "fetchval", "execute", "executemany", "cursor", "prepare"}
ANY_CLUSTER = re.compile(r"#\s*any-cluster: \w+")
OWN_CLUSTER = re.compile(r"\bcluster_id = \$\d|INSERT INTO \w+(?:\s+AS\s+\w+)?\s*\([^)]*\bcluster_id\b")
TOUCHES_A_TABLE = re.compile(r"\b(FROM|INTO|UPDATE|JOIN)\b", re.IGNORECASE)
WRITES = re.compile(
    r"\b(?:INSERT\s+INTO|UPDATE(?=\s+\w+(?:\s+AS\s+\w+)?\s+SET\b)|DELETE\s+FROM)\s+(\w+)", re.IGNORECASE
)


class Statement(NamedTuple):
    """A piece of SQL in the code; ``sql`` is None where it is not a plain string."""

    path: Path
    line: int
    sql: str | None
    any_cluster: bool

    @property
    def place(self) -> str:
        return f"{shown(self.path)}:{self.line}"

    @property
    def folder(self) -> str:
        return self.path.relative_to(PLATFORM).parts[0]


def statements_of(path: Path) -> list[Statement]:
    lines = path.read_text("utf-8").splitlines()
    found = []
    for node in ast.walk(syntax(path)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CALLS
            and node.args
        ):
            sql = node.args[0]
            text = sql.value if isinstance(sql, ast.Constant) and isinstance(sql.value, str) else None
            above = lines[node.lineno - 2] if node.lineno > 1 else ""
            found.append(Statement(path, node.lineno, text, bool(ANY_CLUSTER.search(above))))
    return found


def holds_sql(path: Path) -> bool:
    return path.name.endswith("queries.py") or (path.parent == PLATFORM / "base" and path.stem in BASE)


FILES = [path for path in python_files("src") if holds_sql(path)]
STATEMENTS = [statement for path in FILES for statement in statements_of(path)]


async def test_the_search_finds_the_statements_of_every_capability() -> None:
    folders = {statement.folder for statement in STATEMENTS}
    assert folders >= {"base", "members", "places", "carriers", "shipments", "planning", "settlement", "insights"}
    assert len(STATEMENTS) > 50


async def test_sql_stands_only_where_it_is_looked_for() -> None:
    others = [path for path in python_files("src") if not holds_sql(path) and shown(path) not in ELSEWHERE]
    assert [statement.place for path in others for statement in statements_of(path)] == []


async def test_sql_is_never_put_together_from_pieces() -> None:
    """A plain string with $1, $2: no f-string, no format, no variable."""
    assert [statement.place for statement in STATEMENTS if statement.sql is None] == []


async def test_every_statement_names_its_cluster_or_says_why_not() -> None:
    """``cluster_id = $1``, or above the call ``# any-cluster: why``; not both."""
    wrong = [
        statement.place
        for statement in STATEMENTS
        if TOUCHES_A_TABLE.search(statement.sql or "")
        and bool(OWN_CLUSTER.search(statement.sql or "")) == statement.any_cluster
    ]
    assert wrong == []


async def test_offences_in_a_file_would_be_noticed(tmp_path: Path) -> None:
    file = tmp_path / "queries.py"
    file.write_text(
        "async def f(db, table):\n"
        "    await db.fetch(f'SELECT 1 FROM {table}')\n"
        "    await db.fetch('SELECT name FROM members')\n"
        "    # any-cluster: the example serves all\n"
        "    await db.fetch('SELECT name FROM members')\n"
    )
    pieces, forgetful, honest = statements_of(file)
    assert pieces.sql is None
    assert not OWN_CLUSTER.search(forgetful.sql or "")
    assert not forgetful.any_cluster
    assert honest.any_cluster


async def test_the_database_accepts_every_statement_and_lets_the_application_run_it(module_database: Database) -> None:
    connection = await asyncpg.connect(module_database.url)
    refused = []
    try:
        for statement in STATEMENTS:
            try:
                await connection.prepare(statement.sql or "")
                await connection.execute(f"EXPLAIN (GENERIC_PLAN) {statement.sql}")
            except asyncpg.PostgresError as error:
                refused.append(f"{statement.place}: {error}")
    finally:
        await connection.close()
    assert refused == []


async def test_a_wrong_column_and_a_missing_right_would_be_refused(module_database: Database) -> None:
    connection = await asyncpg.connect(module_database.url)
    try:
        with pytest.raises(asyncpg.UndefinedColumnError):
            await connection.prepare("SELECT shipment_number FROM shipments WHERE cluster_id = $1")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("EXPLAIN (GENERIC_PLAN) DELETE FROM shares WHERE cluster_id = $1")
    finally:
        await connection.close()


def writers() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for statement in STATEMENTS:
        for table in WRITES.findall(statement.sql or ""):
            found[table].add(statement.folder)
    return found


async def test_each_table_is_written_by_one_folder_alone() -> None:
    shared = {table: folders for table, folders in writers().items() if len(folders) > 1}
    assert shared == {}


async def test_base_writes_its_own_tables_and_insights_nothing_but_figures() -> None:
    by_folder = defaultdict(set)
    for table, folders in writers().items():
        for folder in folders:
            by_folder[folder].add(table)
    assert by_folder["base"] == {"jobs", "idempotency", "outbox", "audit_log", "audit_seals"}
    assert by_folder["insights"] == {"day_figures", "member_figures", "month_totals"}


async def test_every_table_has_a_writer(module_database: Database) -> None:
    connection = await asyncpg.connect(module_database.owner_url)
    try:
        rows = await connection.fetch(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    finally:
        await connection.close()
    assert {row["relname"] for row in rows} - {"schema_migrations"} == set(writers())
