"""The migrated database itself: every table protected by row, led by its cluster, and the application held back."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.databases import Database

pytestmark = pytest.mark.anyio

NO_TENANT = {
    "schema_migrations": "how far the schema is; belongs to the database",
    "operator_keys": "keys of whoever runs the platform; belong to no cluster",
    "sign_in_attempts": "counted before anybody knows the cluster, by digests that name nobody",
    "sign_in_steps": "most sign-ins begin before anybody knows the cluster",
    "admin_units": "reference data, the same for everybody",
    "geocoder_turns": "one service for the whole platform",
    "postcodes": "reference data, the same for everybody",
    "reference_imports": "when reference data were imported",
    "un_locodes": "reference data, the same for everybody",
}
INDEX_WITHOUT_CLUSTER = {
    "api_keys_prefix_key": "before a key is recognised nobody knows its cluster; prefixes are random",
    "operator_keys_pkey": "belongs to no cluster",
    "operator_keys_prefix_key": "belongs to no cluster",
    "sign_in_attempts_pkey": "digests that name nobody",
    "sign_in_steps_pkey": "digests of random secrets",
    "admin_units_pkey": "reference data, the same for everybody",
    "geocoder_turns_pkey": "belongs to no cluster",
    "postcodes_pkey": "reference data, the same for everybody",
    "reference_imports_pkey": "belongs to no cluster",
    "un_locodes_pkey": "reference data, the same for everybody",
}
PEOPLE = {
    *("users", "user_totp", "user_passkeys", "recovery_codes", "sessions"),
    *("user_invitations", "sign_in_steps", "sign_in_attempts"),
}
"""Data of persons, which go when they are no longer needed."""
MONEY_WORDS = "cost|price|share|saving|tariff|amount|fixed|excess|bound|stand_alone|incremental|outside"
TABLES = """
SELECT oid, relname AS name, relrowsecurity AS secured, relforcerowsecurity AS forced
  FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migrations'
 ORDER BY relname
"""


@pytest.fixture
async def owner(module_database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the role that owns the tables."""
    connection = await asyncpg.connect(module_database.owner_url)
    yield connection
    await connection.close()


@pytest.fixture
async def application(module_database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's role."""
    connection = await asyncpg.connect(module_database.url)
    yield connection
    await connection.close()


async def names(connection: asyncpg.Connection, query: str) -> set[str]:
    return {row[0] for row in await connection.fetch(query)}


async def test_the_catalogue_holds_the_tables_of_the_platform(owner: asyncpg.Connection) -> None:
    tables = {row["name"] for row in await owner.fetch(TABLES)}
    assert tables >= {"clusters", "members", "shipments", "plans", "shares", "jobs", "outbox", "idempotency"}


async def test_every_table_has_row_level_security_forced_with_a_policy(owner: asyncpg.Connection) -> None:
    policies = await names(owner, "SELECT tablename FROM pg_policies WHERE schemaname = 'public'")
    open_tables = [
        row["name"]
        for row in await owner.fetch(TABLES)
        if not (row["secured"] and row["forced"] and row["name"] in policies)
    ]
    assert open_tables == []


async def test_no_policy_lets_everybody_in(owner: asyncpg.Connection) -> None:
    rows = await owner.fetch("SELECT tablename, policyname, qual, with_check FROM pg_policies")
    lax = [row["policyname"] for row in rows if "app_" not in f"{row['qual']} {row['with_check']}"]
    assert lax == []


async def test_primary_keys_start_with_the_cluster(owner: asyncpg.Connection) -> None:
    first = {
        row["name"]: row["attname"]
        for row in await owner.fetch(
            """
            SELECT relname AS name, attname
              FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
              JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
             WHERE indisprimary AND relnamespace = 'public'::regnamespace
            """
        )
    }
    tables = {row["name"] for row in await owner.fetch(TABLES)}
    assert {name for name in tables if first.get(name) != "cluster_id"} == set(NO_TENANT) & tables


async def test_unique_indexes_start_with_the_cluster(owner: asyncpg.Connection) -> None:
    """One over all clusters would tell a stranger, by a refusal, what others have."""
    without = await names(
        owner,
        """
        SELECT index.relname
          FROM pg_index JOIN pg_class AS index ON index.oid = indexrelid JOIN pg_class AS held ON held.oid = indrelid
          LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
         WHERE indisunique AND held.relnamespace = 'public'::regnamespace AND held.relname <> 'schema_migrations'
           AND attname IS DISTINCT FROM 'cluster_id'
        """,
    )
    assert without == set(INDEX_WITHOUT_CLUSTER)


async def test_references_between_tables_stay_within_a_cluster(owner: asyncpg.Connection) -> None:
    """Row-level security does not hold for foreign keys: without the cluster in it, one could name a stranger's row."""
    rows = await owner.fetch(
        """
        SELECT conname, (SELECT array_agg(attname) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY(conkey)) AS own,
               (SELECT array_agg(attname) FROM pg_attribute WHERE attrelid = confrelid AND attnum = ANY(confkey)) AS theirs
          FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
        """
    )
    assert len(rows) > 20
    assert [row["conname"] for row in rows if "cluster_id" not in row["own"] or "cluster_id" not in row["theirs"]] == []


async def test_every_tenant_table_hangs_on_its_cluster(owner: asyncpg.Connection) -> None:
    """Directly or through another table; those of ``base`` must not fail when a cluster is taken away first."""
    rows = await owner.fetch(
        """
        SELECT held.relname AS held, other.relname AS other
          FROM pg_constraint JOIN pg_class AS held ON held.oid = conrelid JOIN pg_class AS other ON other.oid = confrelid
         WHERE contype = 'f'
        """
    )
    reached = {"clusters"}
    while more := {row["held"] for row in rows if row["other"] in reached} - reached:
        reached |= more
    tables = {row["name"] for row in await owner.fetch(TABLES)}
    without = set(NO_TENANT) - {"schema_migrations"}
    assert tables - reached == {"jobs", "idempotency", "outbox"} | without


async def test_the_application_role_is_nobody_special_and_owns_nothing(
    application: asyncpg.Connection, owner: asyncpg.Connection
) -> None:
    role = await application.fetchrow(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication, oid "
        "FROM pg_roles WHERE rolname = current_user"
    )
    assert role is not None
    assert dict(role) | {"oid": 0} == {
        "rolname": "cluster_app",
        "rolsuper": False,
        "rolbypassrls": False,
        "rolcreatedb": False,
        "rolcreaterole": False,
        "rolreplication": False,
        "oid": 0,
    }
    assert await owner.fetchval("SELECT count(*) FROM pg_class WHERE relowner = $1", role["oid"]) == 0
    assert await owner.fetchval("SELECT count(*) FROM pg_proc WHERE proowner = $1", role["oid"]) == 0
    assert await owner.fetchval("SELECT count(*) FROM pg_auth_members WHERE member = $1", role["oid"]) == 0


async def test_the_application_role_has_no_right_beyond_rows(owner: asyncpg.Connection) -> None:
    """TRUNCATE, REFERENCES and TRIGGER pass by row-level security."""
    rows = await owner.fetch(TABLES)
    for row in rows:
        for right in ("TRUNCATE", "REFERENCES", "TRIGGER"):
            held = await owner.fetchval("SELECT has_table_privilege('cluster_app', $1::oid, $2)", row["oid"], right)
            assert not held, f"cluster_app may {right} {row['name']}"
    assert not await owner.fetchval("SELECT has_schema_privilege('cluster_app', 'public', 'CREATE')")


async def test_only_past_answers_may_be_deleted(owner: asyncpg.Connection) -> None:
    deletable = await names(
        owner,
        "SELECT table_name FROM information_schema.role_table_grants "
        "WHERE grantee IN ('cluster_app', 'PUBLIC') AND table_schema = 'public' AND privilege_type = 'DELETE'",
    )
    assert deletable - PEOPLE - {"contacts", "archive_chunks"} == {
        "addresses",
        "channel_orders",
        "channels",
        "closed_days",
        "outbox",
        "pool_windows",
        "quotes",
        "webhook_deliveries",
        "webhook_endpoints",
        "geocodes",
        "handling_units",
        "idempotency",
        "import_lines",
        "import_pieces",
        "shipment_contacts",
        "shipment_stops",
        "unit_contents",
    }


async def test_nobody_but_the_application_has_rights(owner: asyncpg.Connection) -> None:
    others = await names(
        owner,
        "SELECT grantee || ' on ' || table_name FROM information_schema.role_table_grants WHERE table_schema = 'public' "
        "AND grantee NOT IN ('cluster_app', current_user)",
    )
    assert others == set()


async def test_no_function_and_no_view_lends_the_owners_rights(owner: asyncpg.Connection) -> None:
    assert (
        await names(
            owner,
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace",
        )
        == set()
    )
    views = await owner.fetch(
        "SELECT relname, reloptions FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace"
    )
    assert [row["relname"] for row in views if "security_invoker=true" not in (row["reloptions"] or [])] == []


async def test_money_is_whole_minor_units_and_says_so(owner: asyncpg.Connection) -> None:
    columns = await owner.fetch(
        "SELECT table_name || '.' || column_name AS name, column_name, data_type FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    )
    kinds = {row["data_type"] for row in columns}
    assert not kinds & {"money", "numeric", "real"}
    minor = {row["name"]: row["data_type"] for row in columns if row["column_name"].endswith("_minor")}
    assert len(minor) >= 12
    assert set(minor.values()) == {"bigint"}
    speaks_of_money = await names(
        owner,
        f"""
        SELECT table_name || '.' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND column_name ~ '(^|_)({MONEY_WORDS})(_|$)' AND column_name !~ '_minor$'
           AND data_type NOT IN ('text', 'boolean')
        """,
    )
    assert speaks_of_money == set()


async def test_instants_know_their_zone(owner: asyncpg.Connection) -> None:
    naive = await names(
        owner,
        "SELECT table_name || '.' || column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'",
    )
    assert naive == set()


async def test_a_role_that_says_nothing_sees_nothing_and_writes_nothing(application: asyncpg.Connection) -> None:
    """Even a query that forgets its cluster, on a connection that forgot to say who asks."""
    rows = await application.fetch(TABLES)
    for row in rows:
        assert await application.fetchval(f'SELECT count(*) FROM "{row["name"]}"') == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await application.execute(
            "INSERT INTO clusters (cluster_id, name, country_code, currency, time_zone) "
            "VALUES (gen_random_uuid(), 'x', 'VN', 'VND', 'UTC')"
        )


async def test_a_member_sees_its_own_rows_alone_whatever_the_query_asks(
    application: asyncpg.Connection,
) -> None:
    """Two clusters with two members each; An of the first asks for everything there is."""
    ids = {name: f"00000000-0000-7000-8000-00000000000{number}" for number, name in enumerate("AB", start=1)}
    members = {
        (cluster, member): f"00000000-0000-7000-9000-0000000000{number}{digit}"
        for number, cluster in enumerate("AB", start=1)
        for digit, member in enumerate(("an", "binh"), start=1)
    }
    transaction = application.transaction()
    await transaction.start()
    for cluster, cluster_id in ids.items():
        await act(application, cluster_id, "", "system")
        await application.execute(
            "INSERT INTO clusters (cluster_id, name, country_code, currency, time_zone) VALUES ($1, $2, 'VN', 'VND', 'UTC')",
            cluster_id,
            cluster,
        )
        for code in ("an", "binh"):
            await application.execute(
                "INSERT INTO members (cluster_id, member_id, code, name) VALUES ($1, $2, $3, $3)",
                cluster_id,
                members[cluster, code],
                code,
            )
    await act(application, ids["A"], members["A", "an"], "member_user")
    assert await names(application, "SELECT name FROM clusters") == {"A"}
    assert [str(row["member_id"]) for row in await application.fetch("SELECT member_id FROM members")] == [
        members["A", "an"]
    ]
    await act(application, ids["A"], "", "coordinator")
    assert await application.fetchval("SELECT count(*) FROM members") == 2
    await transaction.rollback()


async def act(connection: asyncpg.Connection, cluster: str, member: str, role: str) -> None:
    """Says who asks, as the unit of work does."""
    await connection.execute(
        "SELECT set_config('app.cluster', $1, true), set_config('app.member', $2, true), set_config('app.role', $3, true)",
        cluster,
        member,
        role,
    )
