"""Row-level security alone, with queries that forget every condition: what the application cannot get wrong."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.db import Role, Scope, act_as, system_scope
from tests.cluster.neighbours import Neighbours

pytestmark = pytest.mark.anyio
OWNED = (
    *("members", "api_keys", "sites", "snapped_points", "shipments", "shipment_stops", "handling_units"),
    *("shipment_contacts", "shipment_events", "shipment_cancellations"),
    *("plan_visits", "plan_unplanned", "shares", "outbox"),
    *("member_figures", "month_totals"),
    *("tracking_events", "proofs", "proof_contents", "tracking_links", "sscc_prefixes", "sscc_units"),
    *("ledger_accounts", "ledger_lines", "statements", "statement_disputes", "undertaking_parts"),
    *("users", "user_invitations"),
    *("webhook_endpoints", "webhook_deliveries"),
    *("space_bookings", "space_commitments", "space_counts", "space_shares"),
    *("contacts", "agreement_acceptances", "size_evidence", "consents", "archives", "archive_chunks", "erasures"),
)
"""Tables whose rows belong to members."""
NEUTRAL = (
    *("travel_profiles", "travel_lines"),
    *("jobs", "travel_legs", "vehicle_types", "plan_runs", "plan_results", "plan_routes", "assignments", "splits"),
    *("plan_problems", "plan_approvals", "plan_log", "plan_drafts", "plan_edits"),
    *("audit_log", "audit_seals"),
    *("tariff_versions", "day_figures"),
    "sign_in_rules",
    *("application_codes", "invitations", "applications"),
    *("tours", "tour_stops", "tour_visits", "driver_links"),
    *("carriers", "carrier_papers", "tenders", "tender_offers", "amendments"),
    *("carrier_invoices", "carrier_invoice_lines", "carrier_invoice_audits", "carrier_invoice_events"),
    *("freight_costs", "gateway_files"),
    "freight_costs",
    *("ledger_entries", "ledger_checks", "posting_marks", "settlement_periods"),
    *("space_replans", "space_leases", "space_splits"),
)
"""Tables for the neutral side alone."""
SHARED = (
    *("clusters", "cluster_changes", "agreements", "pool_windows", "plans", "booking_rules"),
    *("window_schedules", "closed_days", "cluster_settings"),
    *("space_offers", "space_days"),
)
"""Tables that all members of a cluster may read, plans only while they apply."""
CONFIDENTIAL = (
    *("addresses", "geocodes", "outside_tariffs", "booking_defaults", "quotes"),
    *("imports", "import_pieces", "import_lines", "import_mappings", "products", "cartons", "unit_contents"),
    *("channels", "channel_orders", "gateways", "gateway_orders"),
)
"""Rows that their member alone may see: not even the coordinator."""
REFERENCE = ("admin_units", "un_locodes", "postcodes", "reference_imports")
"""Facts that are the same for everybody, of no cluster."""
OF_PERSONS = (
    *("user_passwords", "user_totp", "user_passkeys", "recovery_codes", "user_identities", "sessions"),
    *("sign_in_steps", "sign_in_attempts"),
)
"""What people sign in with, for the platform and for nobody."""
MANAGED = ("api_keys", "users", "user_invitations")
"""Rows of members that their admins alone may see."""
PRIVATE = ("idempotency", "operator_keys", "geocoder_turns")
"""Rows for the one key they are about, and for nobody."""
BETWEEN = ("settlement_payments", "undertakings")
"""Rows of whoever pays and whoever is paid, and of all that carry a cost together."""
EVERY = (*OWNED, *BETWEEN, *NEUTRAL, *SHARED, *PRIVATE, *CONFIDENTIAL, *REFERENCE, *OF_PERSONS)
NO_INSERT_BY_MEMBERS = (
    "users",
    "members",
    "snapped_points",
    "plan_visits",
    "plan_unplanned",
    "shares",
    *("member_figures", "month_totals"),
    *("ledger_accounts", "ledger_lines", "statements", "undertaking_parts"),
    *("tracking_events", "proofs", "proof_contents"),
    *("space_bookings", "space_commitments", "space_counts", "space_shares"),
    "archives",
    "archive_chunks",
    "erasures",
)


@pytest.fixture(scope="module")
async def scopes(neighbours: Neighbours) -> dict[str, Scope]:
    """Who may ask, by name."""
    world = neighbours.world
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    elsewhere_id = ids.parse("clu", neighbours.elsewhere_id)
    an, binh = ids.parse("mem", world.an_id), ids.parse("mem", world.binh_id)
    admin = Role.MEMBER_ADMIN
    return {
        "an": Scope(role=admin, cluster_id=cluster_id, member_id=an, key_id=ids.new()),
        "an_user": Scope(role=Role.MEMBER_USER, cluster_id=cluster_id, member_id=an, key_id=ids.new()),
        "binh": Scope(role=admin, cluster_id=cluster_id, member_id=binh, key_id=ids.new()),
        "an_elsewhere": Scope(role=admin, cluster_id=elsewhere_id, member_id=an, key_id=ids.new()),
        "coordinator": Scope(role=Role.COORDINATOR, cluster_id=cluster_id, key_id=ids.new()),
        "stranger": Scope(role=Role.COORDINATOR, cluster_id=elsewhere_id, key_id=ids.new()),
        "system": system_scope(),
        "platform": system_scope(cluster_id),
        "authenticator": Scope(role=Role.AUTHENTICATOR),
        "nobody": Scope(role=Role.CARRIER_KEY),
    }


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection."""
    connection = await asyncpg.connect(url)
    try:
        yield connection
    finally:
        await connection.close()


@asynccontextmanager
async def undone(connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """A transaction that is rolled back, and with it whoever asked in it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        yield connection
    finally:
        await transaction.rollback()


@pytest.fixture(scope="module")
async def applications_connection(neighbours: Neighbours) -> AsyncIterator[asyncpg.Connection]:
    """Opened once for all tests of this file."""
    async with connected(neighbours.world.database.url) as connection:
        yield connection


@pytest.fixture(scope="module")
async def owners_connection(neighbours: Neighbours) -> AsyncIterator[asyncpg.Connection]:
    """Opened once for all tests of this file."""
    async with connected(neighbours.world.database.owner_url) as connection:
        yield connection


@pytest.fixture
async def application(applications_connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The application's role."""
    async with undone(applications_connection) as connection:
        yield connection


@pytest.fixture
async def owner(owners_connection: asyncpg.Connection) -> AsyncIterator[asyncpg.Connection]:
    """The role that owns the tables."""
    async with undone(owners_connection) as connection:
        yield connection


async def owners(connection: asyncpg.Connection, table: str) -> set[UUID | None]:
    """Whose rows are seen by a query without any condition."""
    return {row["member_id"] for row in await connection.fetch(f'SELECT member_id FROM "{table}"')}


async def count(connection: asyncpg.Connection, table: str) -> int:
    """How many rows are seen by a query without any condition."""
    found: int = await connection.fetchval(f'SELECT count(*) FROM "{table}"')
    return found


async def one_row(connection: asyncpg.Connection, scopes: dict[str, Scope], table: str, whose: UUID | None) -> Any:
    """A row of a table, of one member where rows have a member, as somebody sees it who may."""
    for name in ("coordinator", "system", "platform", "authenticator", "binh", "an"):
        await act_as(connection, scopes[name])
        for row in await connection.fetch(f'SELECT to_jsonb(entry) AS body FROM "{table}" AS entry'):
            body = json.loads(row["body"])
            if whose is None or body["member_id"] == str(whose):
                return body
    raise AssertionError(f"{table} has no such row: the test would show nothing")


async def insert(connection: asyncpg.Connection, table: str, row: Any) -> None:
    """Writes a row as it is, and takes it back."""
    async with connection.transaction():
        await connection.execute(
            f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_record(NULL::"{table}", $1)', json.dumps(row)
        )


async def test_every_table_is_of_one_kind(owner: asyncpg.Connection) -> None:
    """A new table is to be thought about here."""
    with_member = {row[0] for row in await owner.fetch(COLUMNS, "member_id")}
    all_tables = {row[0] for row in await owner.fetch(COLUMNS, "%")} - {"schema_migrations"}
    assert with_member == {*OWNED, *CONFIDENTIAL}
    assert all_tables == set(EVERY)


COLUMNS = "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name LIKE $1"


@pytest.mark.parametrize("table", OWNED)
async def test_a_member_sees_its_own_rows_and_no_rivals(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    an, binh = scopes["an"].member_id, scopes["binh"].member_id
    await act_as(application, scopes["coordinator"])
    assert {an, binh} <= await owners(application, table)
    common = {"sites", "snapped_points", "outbox", "sscc_prefixes"}  # hubs, what is told to all, the cluster's prefix
    shared = {None} if table in common else set()
    for name in ("an", "binh"):
        await act_as(application, scopes[name])
        assert await owners(application, table) == {scopes[name].member_id} | shared
    await act_as(application, scopes["an_user"])
    assert await owners(application, table) == (set() if table in MANAGED else {an} | shared)


@pytest.mark.parametrize("table", CONFIDENTIAL)
async def test_a_members_address_book_is_closed_to_the_coordinator_too(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    for name in ("an", "binh"):
        await act_as(application, scopes[name])
        assert await owners(application, table) == {scopes[name].member_id}
    await act_as(application, scopes["coordinator"])
    assert await owners(application, table) <= {None}


@pytest.mark.parametrize("table", REFERENCE)
async def test_reference_data_are_read_by_everybody_signed_in_and_written_by_the_platform_alone(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    row = await one_row(application, scopes, table, None)
    for name in ("an", "an_user", "coordinator", "stranger"):
        await act_as(application, scopes[name])
        assert await count(application, table) > 0
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await insert(application, table, row)
        assert await application.execute(f'UPDATE "{table}" SET {CHANGED[table]} = {CHANGED[table]}') == "UPDATE 0"


CHANGED = {"admin_units": "name", "un_locodes": "name", "postcodes": "lat", "reference_imports": "source"}


@pytest.mark.parametrize("table", OF_PERSONS)
async def test_what_people_sign_in_with_is_seen_by_no_member_and_no_coordinator(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    await one_row(application, scopes, table, None)
    for name in ("an", "an_user", "binh", "coordinator"):
        await act_as(application, scopes[name])
        assert await count(application, table) == 0


@pytest.mark.parametrize("table", NEUTRAL)
async def test_a_member_sees_nothing_of_what_is_the_coordinators(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    await act_as(application, scopes["coordinator"])
    assert await count(application, table) > 0
    for name in ("an", "an_user"):
        await act_as(application, scopes[name])
        # A firm's admin sees what its own people did.
        own = {scopes["an"].member_id} if (table, name) == ("audit_log", "an") else set()
        assert {
            row["actor_member"] if own else row for row in await application.fetch(f'SELECT * FROM "{table}"')
        } == own


async def test_a_member_sees_plans_that_apply_or_applied_and_no_other(
    application: asyncpg.Connection, scopes: dict[str, Scope]
) -> None:
    await act_as(application, scopes["an"])
    seen = [row["status"] for row in await application.fetch("SELECT status FROM plans ORDER BY plan_id")]
    assert seen == ["superseded", "published"]
    await act_as(application, scopes["coordinator"])
    assert await count(application, "plans") == 6  # a candidate, two drafts of it and one that waits, beside those


async def test_answers_to_repeated_requests_are_for_their_own_key(
    application: asyncpg.Connection, scopes: dict[str, Scope]
) -> None:
    await act_as(application, scopes["system"])
    assert await count(application, "idempotency") > 0
    for name in ("an", "coordinator", "stranger"):
        await act_as(application, scopes[name])
        assert await count(application, "idempotency") == 0


@pytest.mark.parametrize("table", EVERY)
async def test_without_a_word_who_asks_nothing_is_seen_and_nothing_written(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    row = await one_row(application, scopes, table, None)
    for name in ("app.cluster", "app.member", "app.role", "app.key"):
        await application.execute("SELECT set_config($1, '', true)", name)
    assert await count(application, table) == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await insert(application, table, row)


@pytest.mark.parametrize("table", EVERY)
async def test_a_fresh_connection_sees_nothing(neighbours: Neighbours, scopes: dict[str, Scope], table: str) -> None:
    async with connected(neighbours.world.database.url) as fresh, undone(fresh) as connection:
        assert await count(connection, table) == 0
        await act_as(connection, scopes["nobody"])
        assert await count(connection, table) == 0


@pytest.mark.parametrize("name", ["stranger", "an_elsewhere"])
@pytest.mark.parametrize(
    "table",
    [
        table
        for table in EVERY
        if table not in {"operator_keys", "geocoder_turns", "sign_in_steps", "sign_in_attempts", *REFERENCE}
    ],
)
async def test_another_clusters_people_see_no_row_of_this_one(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str, name: str
) -> None:
    row = await one_row(application, scopes, table, None)
    await act_as(application, scopes[name])
    seen = {entry["cluster_id"] for entry in await application.fetch(f'SELECT cluster_id FROM "{table}"')}
    assert seen <= {scopes["stranger"].cluster_id}
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await insert(application, table, row | {"cluster_id": str(scopes["coordinator"].cluster_id)})


@pytest.mark.parametrize("table", [*OWNED, *CONFIDENTIAL])
async def test_a_member_cannot_write_a_row_for_its_rival(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    row = await one_row(application, scopes, table, scopes["binh"].member_id)
    await act_as(application, scopes["an"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await insert(application, table, row)


@pytest.mark.parametrize("table", [*OWNED, *CONFIDENTIAL])
async def test_a_members_own_rows_pass_where_members_may_write(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    """The same row again: past row-level security, its key is taken."""
    row = await one_row(application, scopes, table, scopes["an"].member_id)
    await act_as(application, scopes["an"])
    refusal = asyncpg.InsufficientPrivilegeError if table in NO_INSERT_BY_MEMBERS else asyncpg.UniqueViolationError
    with pytest.raises(refusal):
        await insert(application, table, row)


@pytest.mark.parametrize("table", ["shipments", "api_keys"])
async def test_a_member_cannot_move_a_row_to_its_rival(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str
) -> None:
    await act_as(application, scopes["an"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await application.execute(f'UPDATE "{table}" SET member_id = $1', scopes["binh"].member_id)


@pytest.mark.parametrize(("table", "column"), [("shipments", "status"), ("api_keys", "revoked_at")])
async def test_a_change_without_any_condition_reaches_ones_own_rows_alone(
    application: asyncpg.Connection, scopes: dict[str, Scope], table: str, column: str
) -> None:
    await act_as(application, scopes["coordinator"])
    everybodys = await count(application, table)
    await act_as(application, scopes["an"])
    own = await count(application, table)
    assert 0 < own < everybodys
    assert await application.execute(f'UPDATE "{table}" SET {column} = {column}') == f"UPDATE {own}"


async def test_a_member_cannot_move_its_shipment_to_another_cluster(
    application: asyncpg.Connection, scopes: dict[str, Scope]
) -> None:
    await act_as(application, scopes["an"])
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
        await application.execute("UPDATE shipments SET cluster_id = $1", scopes["stranger"].cluster_id)


@pytest.mark.parametrize("table", EVERY)
async def test_the_tables_owner_is_held_back_too(owner: asyncpg.Connection, table: str) -> None:
    assert await count(owner, table) == 0


@pytest.mark.parametrize("table", [*OWNED, *CONFIDENTIAL])
@pytest.mark.parametrize(
    "sabotage", ['ALTER TABLE "{}" DISABLE ROW LEVEL SECURITY', 'CREATE POLICY lax ON "{}" USING (true)']
)
async def test_without_its_policy_a_table_would_show_a_rivals_rows(
    owner: asyncpg.Connection, scopes: dict[str, Scope], table: str, sabotage: str
) -> None:
    """Or else the tests above would pass whatever the policies said."""
    await owner.execute(sabotage.format(table))
    await owner.execute("SET LOCAL ROLE cluster_app")
    await act_as(owner, scopes["an"])
    assert scopes["binh"].member_id in await owners(owner, table)
