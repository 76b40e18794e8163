"""Whoever changes the books behind PostgreSQL's back is found."""

import pytest
from click.testing import CliRunner

from cluster.base.db import Database as Pool
from cluster.cli import main
from cluster.ledger.checking import tend
from cluster.ledger.service import post
from tests.cluster.api import World
from tests.cluster.ledger.books import owner, shared, unit

pytestmark = pytest.mark.anyio
TAMPERED = {
    "amounts that still sum to zero": (
        "UPDATE ledger_lines SET amount_minor = amount_minor + (line_no = 1)::int - (line_no = 2)::int "
        "WHERE line_no < 3 AND entry_id = (SELECT entry_id FROM ledger_entries WHERE entry_no = 2)",
        {"content_changed"},
    ),
    "one amount": (
        "UPDATE ledger_lines SET amount_minor = 5 WHERE line_no = 1 "
        "AND entry_id = (SELECT entry_id FROM ledger_entries WHERE entry_no = 2)",
        {"content_changed", "not_balanced", "not_zero"},
    ),
    "a day": (
        "UPDATE ledger_lines SET booked_on = booked_on + 1 WHERE line_no = 1",
        {"line_differs"},
    ),
    "a line that is gone": ("DELETE FROM ledger_lines WHERE line_no = 3", {"lines_missing", "not_zero"}),
    "an entry that is gone": ("DELETE FROM ledger_entries WHERE entry_no = 2", {"gap", "line_of_no_entry"}),
    "a reason": ("UPDATE ledger_entries SET memo = 'paid' WHERE entry_no = 2", {"content_changed"}),
    "a digest with it": (
        "UPDATE ledger_entries SET digest = sha256('x') WHERE entry_no = 2",
        {"content_changed", "chain_wrong"},
    ),
}


CONSTRAINTS = """
SELECT conname, conrelid::regclass::text AS of FROM pg_constraint
 WHERE contype IN ('f', 'c') AND conrelid IN ('ledger_entries'::regclass, 'ledger_lines'::regclass)
"""


async def three(world: World) -> None:
    """Three entries."""
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, str(day), 300 + day, 700) for day in range(3)])


async def tampered(world: World, sql: str) -> None:
    """Somebody with all rights turns constraints off and changes something."""
    async with owner(world) as connection:
        for table in ("ledger_entries", "ledger_lines"):
            await connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
            await connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_once")
        for row in await connection.fetch(CONSTRAINTS):
            await connection.execute(f"ALTER TABLE {row['of']} DROP CONSTRAINT {row['conname']}")
        await connection.execute(sql)
        for table in ("ledger_entries", "ledger_lines"):
            await connection.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        await connection.execute("COMMIT")
        await connection.execute("BEGIN")


@pytest.mark.parametrize("what", TAMPERED)
async def test_what_was_changed_is_found(world: World, what: str) -> None:
    await three(world)
    sql, codes = TAMPERED[what]
    await tampered(world, sql)
    async with Pool.open(world.database.url, 1) as pool:
        await tend(pool)
    found = (await world.coordinator.get("/v1/ledger/check")).json()
    assert {fault["code"] for fault in found["faults"]} == codes


async def test_the_worker_reads_what_is_new_and_says_so(world: World) -> None:
    async with Pool.open(world.database.url, 1) as pool:
        assert await tend(pool) == 0
        await three(world)
        before = (await world.coordinator.get("/v1/ledger/check")).json()
        assert (before["checked_at"], before["unread"]) == (None, 3)
        assert await tend(pool) == 3
        assert await tend(pool) == 0
        found = (await world.coordinator.get("/v1/ledger/check")).json()
    assert (found["to_number"], found["unread"], found["faults"]) == (3, 0, [])


async def test_an_alarm_is_raised_once(world: World) -> None:
    await three(world)
    await tampered(world, "UPDATE ledger_entries SET memo = 'paid' WHERE entry_no = 1")
    async with Pool.open(world.database.url, 1) as pool:
        await tend(pool)
        async with unit(world) as (db, scope):
            await post(db, scope, [shared(world, "later", 1, 1)])
        await tend(pool)
    async with unit(world) as (db, _):
        alarms = await db.fetch("SELECT payload FROM outbox WHERE topic = 'ledger.alarm'")
    assert [row["payload"]["faults"][0]["code"] for row in alarms] == ["content_changed"]


async def test_check_books_on_the_command_line(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await three(world)
    monkeypatch.setenv("DATABASE_URL", world.database.url)
    import anyio

    whole = await anyio.to_thread.run_sync(lambda: CliRunner().invoke(main, ["check-books"]))
    assert (whole.exit_code, "3 entries" in whole.output) == (0, True)
    await tampered(world, "UPDATE ledger_entries SET memo = 'paid' WHERE entry_no = 1")
    broken = await anyio.to_thread.run_sync(lambda: CliRunner().invoke(main, ["check-books"]))
    assert (broken.exit_code, "entry 1: content_changed" in broken.output) == (1, True)
