"""What is posted stays, sums to zero, and is there once."""

import asyncio
from dataclasses import dataclass

import asyncpg
import msgspec
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.ledger.models import NewLine, Purpose, of_cluster, of_member
from cluster.ledger.service import Contradiction, Unbalanced, post, reversal
from tests.cluster.api import World
from tests.cluster.ledger.books import DAY, balances, cluster_of, owner, shared, unit

pytestmark = pytest.mark.anyio


async def test_members_owe_what_they_share_and_the_cluster_holds_the_other_side(world: World) -> None:
    async with unit(world) as (db, scope):
        [entry_id] = await post(db, scope, [shared(world, "monday", 300, 700)])
    assert await balances(world) == {"An": 300, "Binh": 700, "freight": -1000}
    entry = (await world.coordinator.get(f"/v1/ledger/entries/{ids.show('len', entry_id)}")).json()
    assert (entry["number"], entry["kind"], entry["currency"]) == (1, "estimate", "VND")
    assert sum(line["amount_minor"] for line in entry["lines"]) == 0


async def test_the_same_source_again_posts_nothing(world: World) -> None:
    async with unit(world) as (db, scope):
        first = await post(db, scope, [shared(world, "monday", 300, 700)])
        again = await post(db, scope, [shared(world, "monday", 300, 700), shared(world, "tuesday", 1, 2)])
    assert (len(first), len(again)) == (1, 1)
    assert await balances(world) == {"An": 301, "Binh": 702, "freight": -1003}


async def test_the_same_source_with_other_amounts_is_a_contradiction(world: World) -> None:
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, "monday", 300, 700)])
        with pytest.raises(Contradiction):
            await post(db, scope, [shared(world, "monday", 301, 699)])


async def test_an_entry_that_does_not_sum_to_zero_or_mixes_currencies_is_not_posted(world: World) -> None:
    an = ids.parse("mem", world.an_id)
    lopsided = (NewLine(of_member(an, "VND"), 5), NewLine(of_cluster(Purpose.FREIGHT, "VND"), -4))
    mixed = (NewLine(of_member(an, "VND"), 5), NewLine(of_cluster(Purpose.FREIGHT, "EUR"), -5))
    async with unit(world) as (db, scope):
        for lines in (lopsided, mixed):
            with pytest.raises(Unbalanced):
                await post(db, scope, [shared(world, "monday", 0, 0, lines=lines)])
    assert await balances(world) == {}


async def test_two_posters_of_one_source_post_it_once_and_numbers_have_no_gaps(world: World) -> None:
    scope = system_scope(await cluster_of(world))
    async with Pool.open(world.database.url, 4) as pool:

        async def work(turn: int) -> int:
            async with pool.unit(scope) as db:
                return len(await post(db, scope, [shared(world, str(turn // 2), 1, 2)]))

        posted = await asyncio.gather(*(work(turn) for turn in range(12)))
        assert sum(posted) == 6
        async with pool.unit(scope) as db:
            numbers = await db.fetch("SELECT entry_no FROM ledger_entries ORDER BY entry_no")
    assert [row["entry_no"] for row in numbers] == [1, 2, 3, 4, 5, 6]


async def test_a_reversal_takes_an_entry_back_once(world: World) -> None:
    async with unit(world) as (db, scope):
        [entry_id] = await post(db, scope, [shared(world, "monday", 300, 700)])
        back = await reversal(db, scope, entry_id, DAY)
        assert len(await post(db, scope, [back])) == 1
        assert await post(db, scope, [back]) == []
    assert await balances(world) == {"An": 0, "Binh": 0, "freight": 0}


@dataclass(frozen=True)
class Attempt:
    """A statement that somebody with the application's rights, or the owner's, might try, and what refuses it."""

    sql: str
    refused_by: str


LINE = """
INSERT INTO ledger_lines (cluster_id, entry_id, line_no, line_id, account_id, currency, amount_minor, kind, source_kind,
                          source_id, occurred_on, booked_on, of_lines, member_id, holder_id)
SELECT cluster_id, entry_id, {no}, gen_random_uuid(), account_id, {currency}, {amount}, kind, source_kind, source_id,
       occurred_on, booked_on, of_lines, {whose}, {whose} FROM ledger_lines WHERE line_no = 1
"""
ENTRY = """
INSERT INTO ledger_entries (cluster_id, entry_id, entry_no, kind, source_kind, source_id, occurred_on, booked_on,
                            currency, lines, digest, before, prior_no, chain)
SELECT cluster_id, gen_random_uuid(), {no}, kind, source_kind, source_id, occurred_on, booked_on, currency, lines,
       digest, {before}, {no} - 1, sha256({before} || digest || int8send({no}) || int4send(booked_on - DATE '2000-01-01'))
  FROM ledger_entries
"""
ATTEMPTS = {
    "an amount is changed": Attempt("UPDATE ledger_lines SET amount_minor = 1", "ledger_written_once"),
    "an entry is moved": Attempt("UPDATE ledger_entries SET booked_on = booked_on + 1", "ledger_written_once"),
    "an account is handed on": Attempt("UPDATE ledger_accounts SET purpose = 'cash'", "ledger_written_once"),
    "a line is taken out": Attempt("DELETE FROM ledger_lines", "ledger_written_once"),
    "everything is emptied": Attempt("TRUNCATE ledger_entries CASCADE", "ledger_written_once"),
    "a line is added": Attempt(
        LINE.format(whose="member_id", no=4, currency="currency", amount=5), "ledger_lines_check"
    ),
    "a line is there twice": Attempt(
        LINE.format(whose="member_id", no=1, currency="currency", amount=5), "ledger_lines_pkey"
    ),
    "an entry stands twice at a number": Attempt(ENTRY.format(no=1, before="before"), "ledger_entries_c"),
    "a number is left out": Attempt(ENTRY.format(no=3, before="chain"), "ledger_entries_cluster_id_prior_no"),
    "an entry follows another one than the last": Attempt(
        ENTRY.format(no=2, before="before"), "ledger_entries_cluster_id_prior_no"
    ),
    "an entry has no lines": Attempt(
        ENTRY.format(no=2, before="chain") + "; SET CONSTRAINTS ALL IMMEDIATE",
        "ledger_entries_cluster_id_entry_id_lines",
    ),
}


@pytest.mark.parametrize("what", ATTEMPTS)
async def test_the_database_itself_refuses_that(world: World, what: str) -> None:
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, "monday", 300, 700)])
    async with owner(world) as connection:
        for table in ("ledger_accounts", "ledger_entries", "ledger_lines"):
            await connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refused:
            await connection.execute(ATTEMPTS[what].sql)
    assert str(refused.value.constraint_name).startswith(ATTEMPTS[what].refused_by)


async def test_lines_that_do_not_sum_to_zero_are_refused_by_the_database_alone(world: World) -> None:
    """The program's own check is gone around: header and lines are written by hand."""
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, "monday", 300, 700)])
    async with owner(world) as connection:
        for table in ("ledger_accounts", "ledger_entries", "ledger_lines"):
            await connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        await connection.execute(ENTRY.format(no=2, before="chain"))
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await connection.execute(
                """
                INSERT INTO ledger_lines (cluster_id, entry_id, line_no, line_id, account_id, currency, amount_minor,
                                          kind, source_kind, source_id, occurred_on, booked_on, of_lines,
                                          member_id, holder_id)
                SELECT old.cluster_id, fresh.entry_id, line_no, gen_random_uuid(), account_id, old.currency,
                       amount_minor + (line_no = 1)::int, old.kind, old.source_kind, old.source_id, old.occurred_on,
                       old.booked_on, of_lines, old.member_id, old.holder_id
                  FROM ledger_lines AS old JOIN ledger_entries AS fresh ON fresh.entry_no = 2
                """
            )
    assert refused.value.constraint_name == "ledger_lines_balance"


async def test_a_correction_is_a_new_entry_with_a_reason(world: World) -> None:
    async with unit(world) as (db, scope):
        [entry_id] = await post(db, scope, [shared(world, "monday", 300, 700)])
    lines = [
        {"holder": "member", "holder_id": world.an_id, "amount_minor": -50},
        {"holder": "cluster", "purpose": "reserve", "amount_minor": 50},
    ]
    named = ids.show("len", entry_id)
    body = {"lines": lines, "reason": "Credit for a late pick-up", "corrects_id": named}
    made = await world.coordinator.made("/v1/ledger/corrections", body)
    assert (made["number"], made["kind"], made["source"], made["memo"]) == (
        2, "correction", named, "Credit for a late pick-up",
    )  # fmt: skip
    assert await balances(world) == {"An": 250, "Binh": 700, "freight": -1000, "reserve": 50}


async def test_all_that_is_wrong_with_a_correction_is_told_at_once(world: World) -> None:
    lines = [
        {"holder": "member", "holder_id": "mem_" + "0" * 26, "amount_minor": 5},
        {"holder": "member", "amount_minor": 5},
        {"holder": "cluster", "amount_minor": 0},
        {"holder": "cluster", "holder_id": world.an_id, "purpose": "reserve", "amount_minor": 1},
    ]
    body = {"lines": lines, "reason": "Wrong", "corrects_id": "len_" + "0" * 26}
    refused = await world.coordinator.post("/v1/ledger/corrections", body)
    assert refused.status_code == 422
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        ("/lines/0/holder_id", "no_such_holder"),
        ("/lines/1/holder_id", "no_such_holder"),
        ("/lines/2/purpose", "purpose_wrong"),
        ("/lines/2/amount_minor", "amount_zero"),
        ("/lines/3/holder_id", "holder_unexpected"),
        ("/lines", "not_balanced"),
        ("/corrects_id", "no_such_entry"),
    ]


async def test_a_member_reads_its_own_lines_alone(world: World) -> None:
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, "monday", 300, 700)])
    [account] = (await world.an.get("/v1/ledger/accounts")).json()["data"]
    assert (account["holder_name"], account["balance_minor"], account["lines"]) == ("An", 300, 1)
    [line] = (await world.an.get("/v1/ledger/lines")).json()["data"]
    assert (line["amount_minor"], line["kind"], line["reason"]) == (300, "estimate", "share")
    [theirs] = (await world.binh.get("/v1/ledger/accounts")).json()["data"]
    assert (await world.an.get(f"/v1/ledger/lines?account_id={theirs['id']}")).json()["data"] == []
    everything = (await world.coordinator.get("/v1/ledger/lines")).json()["data"]
    assert [entry["amount_minor"] for entry in everything] == [300, 700, -1000]
    assert (await world.an.get("/v1/ledger/check")).status_code == 403


async def test_lines_of_zero_are_left_out_and_an_entry_without_lines_is_none(world: World) -> None:
    nothing = shared(world, "monday", 0, 0)
    half = msgspec.structs.replace(shared(world, "tuesday", 9, 0))
    async with unit(world) as (db, scope):
        assert len(await post(db, scope, [nothing, half])) == 1
    assert await balances(world) == {"An": 9, "freight": -9}
