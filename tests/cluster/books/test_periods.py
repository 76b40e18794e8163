"""Periods are settled one after the other, by two, once; what comes late goes into the next."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from cluster.base import ids
from cluster.ledger.checking import read_books
from tests.cluster.api import Caller, World
from tests.cluster.books.settled import NOVEMBER, closed, opened, other, owed, posted, settled
from tests.cluster.ledger.books import balances, owner, unit

pytestmark = pytest.mark.anyio


async def test_a_closed_period_gives_each_member_a_statement_that_sums(world: World) -> None:
    await posted(world, "before", 100, 0, date(2025, 10, 30))
    await posted(world, "one", 300, 700)
    await posted(world, "two", -50, 10)
    await posted(world, "after", 5, 5, date(2025, 12, 1))
    period_id = await closed(world)
    found = (await world.coordinator.get(f"/v1/statements?period_id={period_id}")).json()["data"]
    assert {
        entry["member_name"]: (entry["opening_minor"], entry["turnover_minor"], entry["closing_minor"])
        for entry in found
    } == {"An": (100, 250, 350), "Binh": (0, 710, 710)}
    [own] = (await world.an.get("/v1/statements")).json()["data"]
    document = (await world.an.get(f"/v1/statements/{own['id']}")).json()["document"]
    assert [line["amount_minor"] for line in document["lines"]] == [300, -50]
    assert document["opening_minor"] + sum(line["amount_minor"] for line in document["lines"]) == 350
    async with unit(world) as (db, scope):
        assert (await read_books(db, scope)).faults == []


async def test_whoever_proposed_a_period_does_not_close_it(world: World) -> None:
    await posted(world, "one", 300, 700)
    period_id = await opened(world)
    early = await world.coordinator.post(f"/v1/settlement-periods/{period_id}/close", None)
    assert (early.status_code, early.json()["code"]) == (409, "period_not_proposed")
    await world.coordinator.made(f"/v1/settlement-periods/{period_id}/propose", None)
    alone = await world.coordinator.post(f"/v1/settlement-periods/{period_id}/close", None)
    assert (alone.status_code, alone.json()["code"]) == (409, "own_proposal")


async def test_what_was_booked_since_the_proposal_is_proposed_again(world: World) -> None:
    await posted(world, "one", 300, 700)
    period_id = await opened(world)
    await world.coordinator.made(f"/v1/settlement-periods/{period_id}/propose", None)
    await posted(world, "two", 1, 1)
    second = await other(world)
    refused = await second.post(f"/v1/settlement-periods/{period_id}/close", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "period_changed")
    await world.coordinator.made(f"/v1/settlement-periods/{period_id}/propose", None)
    done = await second.made(f"/v1/settlement-periods/{period_id}/close", None)
    assert done["status"] == "closed"


async def test_what_comes_late_is_booked_after_the_closed_period(world: World) -> None:
    await posted(world, "one", 300, 700)
    await closed(world)
    await posted(world, "late", 40, 60)
    late = (await world.an.get("/v1/ledger/lines")).json()["data"][-1]
    assert (late["occurred_on"], late["booked_on"]) == ("2025-11-20", "2025-12-01")
    december = {"starts_on": "2025-12-01", "ends_on": "2025-12-31"}
    made = await world.coordinator.made("/v1/settlement-periods", december)
    await world.coordinator.made(f"/v1/settlement-periods/{made['id']}/propose", None)
    await (await other(world)).made(f"/v1/settlement-periods/{made['id']}/close", None)
    found = (await world.an.get(f"/v1/statements?period_id={made['id']}")).json()["data"]
    assert [(entry["opening_minor"], entry["closing_minor"]) for entry in found] == [(300, 340)]


async def test_the_database_books_nothing_into_a_closed_period_and_does_not_open_it_again(world: World) -> None:
    await posted(world, "one", 300, 700)
    await closed(world)
    async with owner(world) as connection:
        for table in ("ledger_entries", "settlement_periods", "statements"):
            await connection.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        for sql, name in (
            ("UPDATE settlement_periods SET status = 'open'", "settlement_periods_move"),
            ("UPDATE statements SET opening_minor = 0", "ledger_written_once"),
            (
                "INSERT INTO ledger_entries (cluster_id, entry_id, entry_no, kind, source_kind, source_id, occurred_on, "
                "booked_on, currency, lines, digest, before, prior_no, chain) SELECT cluster_id, gen_random_uuid(), 2, "
                "kind, source_kind, source_id, occurred_on, booked_on, currency, lines, digest, chain, 1, "
                "sha256(chain || digest || int8send(2) || int4send(booked_on - DATE '2000-01-01')) FROM ledger_entries",
                "ledger_entries_open",
            ),
        ):
            with pytest.raises(asyncpg.CheckViolationError) as refused:
                async with connection.transaction():
                    await connection.execute(sql)
            assert refused.value.constraint_name == name


async def test_periods_follow_each_other_and_are_over_before_they_are_settled(world: World) -> None:
    await opened(world)
    for body, code in (
        (NOVEMBER, "period_gap"),
        ({"starts_on": "2025-12-02", "ends_on": "2025-12-31"}, "period_gap"),
        ({"starts_on": "2025-12-01", "ends_on": "2025-11-30"}, "window_reversed"),
    ):
        refused = await world.coordinator.post("/v1/settlement-periods", body)
        assert [fault["code"] for fault in refused.json()["errors"]] == [code]
    later = {"starts_on": "2025-12-01", "ends_on": (world.day + timedelta(days=3)).isoformat()}
    made = await world.coordinator.made("/v1/settlement-periods", later)
    refused = await world.coordinator.post(f"/v1/settlement-periods/{made['id']}/propose", None)
    assert refused.json()["code"] == "period_not_over"


async def test_of_two_who_close_at_once_one_does(world: World) -> None:
    await posted(world, "one", 300, 700)
    period_id = await opened(world)
    await world.coordinator.made(f"/v1/settlement-periods/{period_id}/propose", None)
    closers = [await other(world) for _ in range(3)]
    answers = await asyncio.gather(
        *(caller.post(f"/v1/settlement-periods/{period_id}/close", None) for caller in closers)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    async with unit(world) as (db, _):
        assert await db.fetchval("SELECT count(*) FROM statements") == 2


async def test_tax_is_a_line_of_its_own_at_the_rate_of_the_day(world: World) -> None:
    """Vietnam, November 2025: 8 %. 10,006 x 8 % = 800.48, so 800; 20,007 x 8 % = 1,600.56, so 1,601."""
    await posted(world, "one", 10_006, 20_007)
    await closed(world, taxed=True)
    [own] = (await world.binh.get("/v1/statements")).json()["data"]
    document = (await world.binh.get(f"/v1/statements/{own['id']}")).json()["document"]
    [tax] = document["taxes"]
    assert (tax["category"], tax["permille"], tax["net_minor"], tax["tax_minor"]) == ("transport", 80, 20_007, 1_601)
    assert "204/2025/QH15" in tax["source"]
    assert document["closing_minor"] == 21_608
    assert await balances(world) == {"An": 10_806, "Binh": 21_608, "freight": -30_013, "tax": -2_401}
    async with unit(world) as (db, scope):
        assert (await read_books(db, scope)).faults == []


async def test_payments_settle_everybody_and_are_posted_when_they_are_made(world: World) -> None:
    """An owes 300, Binh 700, Swift is owed 700, the cluster 300: two payments, and each has its own pair."""
    body = {"code": "swift", "name": "Swift", "country_code": "VN"}
    carrier = await world.coordinator.made("/v1/carriers", body)
    await posted(world, "one", 300, 700)
    async with unit(world) as (db, scope):
        await owed(db, scope, carrier["id"], 700)
    period_id = await closed(world)
    payments = (await world.coordinator.get("/v1/settlement-payments")).json()["data"]
    assert {(entry["payer_name"], entry["payee_name"], entry["amount_minor"]) for entry in payments} == {
        ("An", "Riverside", 300),
        ("Binh", "Swift", 700),
    }
    assert (await world.coordinator.get(f"/v1/settlement-periods/{period_id}")).json()["fewest_payments"] is True
    key = await world.coordinator.made(f"/v1/carriers/{carrier['id']}/keys", {"name": "desk"})
    [due] = (await Caller(world.client, key["api_key"]).get("/v1/carrier/payments")).json()["data"]
    assert (due["payer_name"], due["amount_minor"], due["paid_on"]) == ("Binh", 700, None)
    [own] = (await world.binh.get("/v1/settlement-payments")).json()["data"]
    assert own["id"] == due["id"]
    paid = await world.coordinator.made(f"/v1/settlement-payments/{own['id']}/pay", {"paid_on": "2025-12-05"})
    assert paid["paid_on"] == "2025-12-05"
    again = await world.coordinator.post(f"/v1/settlement-payments/{own['id']}/pay", {"paid_on": "2025-12-05"})
    assert again.json()["code"] == "payment_made"
    assert await balances(world) == {"An": 300, "Binh": 0, "Swift": 0, "freight": -300}


async def test_through_the_cluster_nobody_learns_with_whom_it_settles(world: World) -> None:
    """An owes 300, Binh is owed 300: each has a payment with the cluster, and none with the other."""
    await posted(world, "one", 300, -300)
    made = await world.coordinator.made(
        "/v1/settlement-periods", {"starts_on": "2025-11-01", "ends_on": "2025-11-30"}
    )  # as it is when nobody says otherwise
    assert made["through_cluster"] is True
    await settled(world, made["id"])
    payments = (await world.coordinator.get("/v1/settlement-payments")).json()["data"]
    assert {(entry["payer_name"], entry["payee_name"], entry["amount_minor"]) for entry in payments} == {
        ("An", "Riverside", 300),
        ("Riverside", "Binh", 300),
    }


async def test_a_member_objects_in_time_and_is_credited_by_a_new_entry(world: World) -> None:
    await posted(world, "one", 300, 700)
    await closed(world)
    [own] = (await world.an.get("/v1/statements")).json()["data"]
    said = {"reason": "One shipment was not ours", "amount_minor": 80}
    opened_ = await world.an.made(f"/v1/statements/{own['id']}/disputes", said)
    twice = await world.an.post(f"/v1/statements/{own['id']}/disputes", said)
    assert twice.json()["code"] == "dispute_open"
    assert (await world.binh.get(f"/v1/disputes/{opened_['id']}")).status_code == 404
    assert (await world.binh.post(f"/v1/statements/{own['id']}/disputes", said)).status_code == 404
    path = f"/v1/disputes/{opened_['id']}/decide"
    wrong = await world.coordinator.post(path, {"accept": False, "answer": "No", "credit_minor": 5})
    assert wrong.json()["code"] == "credit_without_accepting"
    decided = await world.coordinator.made(path, {"accept": True, "answer": "You are right", "credit_minor": 80})
    assert (decided["status"], decided["entry_id"] is None) == ("accepted", False)
    late = await world.an.post(f"/v1/disputes/{opened_['id']}/withdraw", None)
    assert late.json()["code"] == "dispute_over"
    assert await balances(world) == {"An": 220, "Binh": 700, "freight": -1000, "reserve": 80}


async def test_a_member_takes_a_dispute_back_and_objects_no_more_when_its_time_is_over(world: World) -> None:
    await posted(world, "one", 300, 700)
    period_id = await closed(world)
    [own] = (await world.an.get("/v1/statements")).json()["data"]
    made = await world.an.made(f"/v1/statements/{own['id']}/disputes", {"reason": "Too much"})
    back = await world.an.made(f"/v1/disputes/{made['id']}/withdraw", None)
    assert back["status"] == "withdrawn"
    async with owner(world) as connection:
        await connection.execute("ALTER TABLE statements NO FORCE ROW LEVEL SECURITY")
        await connection.execute("ALTER TABLE statements DISABLE TRIGGER statements_once")
        await connection.execute("UPDATE statements SET disputable_until = now()")
        await connection.execute("ALTER TABLE statements FORCE ROW LEVEL SECURITY")
        await connection.execute("COMMIT")
        await connection.execute("BEGIN")
    refused = await world.an.post(f"/v1/statements/{own['id']}/disputes", {"reason": "Too much"})
    assert (refused.json()["code"], ids.parse("per", period_id).version) == ("dispute_late", 7)


@pytest.mark.parametrize("language", ["en", "vi", "de", "zh"])
async def test_a_statement_is_a_table_and_a_paper(world: World, language: str) -> None:
    await posted(world, "one", 300, 700)
    await closed(world, taxed=True)
    [own] = (await world.an.get("/v1/statements")).json()["data"]
    table = await world.an.get(f"/v1/statements/{own['id']}/csv")
    rows = [line.split(",") for line in table.text.splitlines()]
    assert [(row[2], row[5], row[9]) for row in rows[1:]] == [
        ("opening", "0", "0"),
        ("estimate", "300", "300"),
        ("tax", "24", "324"),
    ]
    paper = await world.an.get(f"/v1/statements/{own['id']}/pdf?language={language}")
    assert (paper.headers["content-type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert (await world.binh.get(f"/v1/statements/{own['id']}/csv")).status_code == 404
