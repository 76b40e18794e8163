"""What every kind of reader may do with a table: looked at before and after a policy is changed."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any, NamedTuple

import asyncpg

from cluster.base import ids
from cluster.base.db import Role, Scope, act_as, system_scope
from tests.cluster.neighbours import Neighbours

COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
POLICIES = """
SELECT tablename AS table, policyname AS name, cmd AS command, permissive = 'PERMISSIVE' AS permissive,
       qual IS NOT NULL AS reads, with_check IS NOT NULL AS checks
  FROM pg_policies WHERE schemaname = 'public' ORDER BY tablename, policyname
"""
SAMPLE = """
SELECT body FROM (SELECT to_jsonb(entry)::text AS body, row_number() OVER part AS number, count(*) OVER whole AS of
                    FROM "{}" AS entry
                  WINDOW whole AS (PARTITION BY to_jsonb(entry) ->> 'cluster_id', to_jsonb(entry) ->> '{}',
                                                to_jsonb(entry) ->> 'carrier_id'),
                         part AS (whole ORDER BY entry::text)) AS found
 WHERE number <= 2 OR number > of - 2
"""
WRITABLE = """
SELECT attname FROM pg_attribute
 WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
   AND has_column_privilege('cluster_app', attrelid, attnum, 'UPDATE')
 ORDER BY attname IN ('version', 'updated_at') DESC, attnum
"""


class Policy(NamedTuple):
    """A policy as the catalogue has it."""

    table: str
    name: str
    command: str
    permissive: bool
    reads: bool
    checks: bool

    @property
    def commands(self) -> Sequence[str]:
        """What it speaks about."""
        return COMMANDS if self.command == "ALL" else (self.command,)

    @property
    def dropped(self) -> str:
        """The statement that takes it away."""
        return f'DROP POLICY "{self.name}" ON "{self.table}"'

    @property
    def opened(self) -> str:
        """The statement after which it holds nobody back."""
        using = "USING (true)" if self.command != "INSERT" else ""
        check = "WITH CHECK (true)" if self.command not in {"SELECT", "DELETE"} else ""
        return f'ALTER POLICY "{self.name}" ON "{self.table}" {using} {check}'


async def readers(owner: asyncpg.Connection, neighbours: Neighbours) -> dict[str, Scope]:
    """Everybody whom policies tell apart: roles, members, clusters, one person and one key."""
    cluster_id = ids.parse("clu", (await neighbours.world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    elsewhere_id = ids.parse("clu", neighbours.elsewhere_id)
    an, binh = ids.parse("mem", neighbours.world.an_id), ids.parse("mem", neighbours.world.binh_id)
    user = await owner.fetchval("SELECT user_id FROM users WHERE member_id = $1 AND role = 'member_user'", an)
    key = await owner.fetchval("SELECT key_id FROM idempotency WHERE cluster_id = $1 LIMIT 1", cluster_id)
    member = {"cluster_id": cluster_id, "member_id": an}
    host = ids.parse("mem", neighbours.things["host_member"])
    swift = ids.parse("car", neighbours.things["carrier"])
    return {
        "an": Scope(role=Role.MEMBER_ADMIN, **member),
        "an_user": Scope(role=Role.MEMBER_USER, **member),
        "an_person": Scope(role=Role.MEMBER_USER, user_id=user, **member),
        "an_key": Scope(role=Role.MEMBER_USER, key_id=key, **member),
        "binh": Scope(role=Role.MEMBER_ADMIN, cluster_id=cluster_id, member_id=binh),
        "host": Scope(role=Role.MEMBER_USER, cluster_id=cluster_id, member_id=host),
        "coordinator": Scope(role=Role.COORDINATOR, cluster_id=cluster_id),
        "stranger": Scope(role=Role.COORDINATOR, cluster_id=elsewhere_id),
        "system": system_scope(),
        "platform": system_scope(cluster_id),
        "platform_elsewhere": system_scope(elsewhere_id),
        "authenticator": Scope(role=Role.AUTHENTICATOR),
        "warehouse": Scope(role=Role.WAREHOUSE_OPERATOR, cluster_id=cluster_id),
        "carrier": Scope(role=Role.CARRIER_KEY, cluster_id=cluster_id, carrier_id=swift),
        "nobody": Scope(role=Role.CARRIER_KEY),
    }


async def sample(owner: asyncpg.Connection, table: str) -> list[str]:
    """Rows of a table, some of each cluster, member and carrier, as JSON; for somebody whom no policy holds back."""
    column = "actor_member" if table == "audit_log" else "member_id"
    return [row["body"] for row in await owner.fetch(SAMPLE.format(table, column))]


async def fingerprint(
    db: asyncpg.Connection, scopes: dict[str, Scope], table: str, command: str, rows: list[str]
) -> AsyncIterator[tuple[str, Any]]:
    """What each reader meets with that command; nothing where the application has no right to it at all."""
    columns = [row["attname"] for row in await db.fetch(WRITABLE, table)] if command == "UPDATE" else []
    if command == "UPDATE":
        allowed = bool(columns)
    else:
        allowed = await db.fetchval("SELECT has_table_privilege('cluster_app', $1, $2)", table, command)
    if not allowed:
        return
    await db.execute("SET LOCAL ROLE cluster_app")
    for name, scope in scopes.items():
        await act_as(db, scope)
        if command == "SELECT":
            yield name, await db.fetchval(f'SELECT count(*) FROM "{table}"')
        elif command == "INSERT":
            yield name, [await outcome(db, inserting(table), row) for row in rows]
        elif command == "DELETE":
            yield name, [await outcome(db, f'DELETE FROM "{table}"')]
        else:
            blind = f'UPDATE "{table}" SET "{columns[0]}" = NULL'
            seeing = f'UPDATE "{table}" SET "{columns[0]}" = "{columns[0]}"'
            yield name, [await outcome(db, blind), await outcome(db, seeing), *await moved(db, table, columns, rows)]
    await db.execute("RESET ROLE")


async def moved(db: asyncpg.Connection, table: str, columns: list[str], rows: list[str]) -> list[str]:
    """Rows given to other owners, where the application may write that column at all."""
    found = []
    for column in ("member_id", "cluster_id"):
        if column in columns:
            owners = sorted({value for row in rows if (value := json.loads(row)[column])})
            found += [await outcome(db, f'UPDATE "{table}" SET "{column}" = $1::text::uuid', value) for value in owners]
    return found


def inserting(table: str) -> str:
    """Writes a row that is there already: past policies, its key is taken."""
    return f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_record(NULL::"{table}", $1::text::jsonb)'


async def outcome(db: asyncpg.Connection, sql: str, *values: str) -> str:
    """What becomes of a statement, which is taken back: how many rows, held back by a policy, or past it to a constraint."""
    inner = db.transaction()
    await inner.start()
    try:
        return await db.execute(sql, *values)
    except asyncpg.PostgresError as error:
        return "held back" if "row-level security" in str(error) else type(error).__name__
    finally:
        await inner.rollback()
