"""What happened stands in the books, once, and the account for freight is empty when a plan is settled."""

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.books.posting import tend
from tests.cluster.freight.billed import Billed
from tests.cluster.ledger.books import balances, cluster_of

pytestmark = pytest.mark.anyio


async def post(billed: Billed) -> int:
    """The worker posts until nothing is left; how much there was."""
    done = 0
    async with Pool.open(billed.world.database.url, 1) as pool:
        while now := await tend(pool):
            done += now
    return done


async def shares(billed: Billed) -> dict[str, int]:
    """What An and Binh were told that they pay."""
    found = (await billed.world.coordinator.get(f"/v1/plans/{billed.plan_id}/shares")).json()["shares"]
    return {entry["member_name"]: int(entry["share"]["amount"]) for entry in found}


async def test_a_published_plan_is_what_its_members_owe(billed: Billed) -> None:
    told = await shares(billed)
    assert await post(billed) == 1
    assert await balances(billed.world) == {**told, "freight": -sum(told.values())}
    assert await post(billed) == 0


async def test_an_accepted_invoice_as_planned_settles_the_plan(billed: Billed) -> None:
    told = await shares(billed)
    lines = [billed.line("fixed", billed.planned_minor)]
    await billed.decide(await billed.send(lines), "accept", {})
    await post(billed)
    found = await balances(billed.world)
    assert found == {**told, "Swift": -billed.planned_minor, "freight": 0}


async def test_what_comes_on_top_is_not_the_members(billed: Billed) -> None:
    """35,000 for a bridge that the plan did not know."""
    told = await shares(billed)
    lines = [billed.line("fixed", billed.planned_minor), billed.line("toll", 35_000)]
    await billed.decide(await billed.send(lines), "accept", {})
    await post(billed)
    found = await balances(billed.world)
    assert found == {**told, "Swift": -billed.planned_minor - 35_000, "reserve": 35_000, "freight": 0}


async def test_what_is_saved_is_the_members_and_a_credit_note_is_new_entries(billed: Billed) -> None:
    """10,000 less than planned, and later 1,000 less again; every step leaves freight at zero."""
    told = await shares(billed)
    billed_for = [billed.line("fixed", billed.planned_minor - 10_000)]
    invoice = await billed.send(billed_for)
    await billed.decide(invoice, "accept", {})
    await post(billed)
    first = await balances(billed.world)
    assert first["An"] + first["Binh"] == sum(told.values()) - 10_000
    assert first["An"] <= told["An"]
    assert first["Binh"] <= told["Binh"]
    assert first["freight"] == 0
    credit = billed.invoice([billed.line("fixed", 1_000)], "S-1-C", corrects_id=invoice)
    await billed.swift.made("/v1/carrier/invoices", credit)
    await post(billed)
    second = await balances(billed.world)
    assert second["An"] + second["Binh"] == sum(told.values()) - 11_000
    assert (second["Swift"], second["freight"]) == (-(billed.planned_minor - 11_000), 0)
    lines = (await billed.swift.get("/v1/carrier/ledger/lines")).json()["data"]
    assert [(line["amount_minor"], line["reason"]) for line in lines] == [
        (-(billed.planned_minor - 10_000), "accepted"),
        (1_000, "credited"),
    ]


async def test_nothing_is_trued_up_while_a_tour_is_not_billed(billed: Billed) -> None:
    await billed.send()
    await post(billed)
    assert set(await balances(billed.world)) == {"An", "Binh", "freight"}


async def test_two_workers_post_once(billed: Billed) -> None:
    import asyncio

    await billed.decide(await billed.send([billed.line("fixed", billed.planned_minor)]), "accept", {})
    async with Pool.open(billed.world.database.url, 6) as pool:
        await asyncio.gather(*(tend(pool) for _ in range(6)))
        scope = system_scope(await cluster_of(billed.world))
        async with pool.unit(scope) as db:
            kinds = await db.fetch("SELECT kind FROM ledger_entries ORDER BY entry_no")
    assert sorted(row["kind"] for row in kinds) == ["estimate", "freight"]


async def test_cash_on_delivery_is_owed_by_the_carrier_to_the_member(billed: Billed) -> None:
    await post(billed)
    before = await balances(billed.world)
    an_id = ids.parse("mem", billed.world.an_id)
    scope = system_scope(await cluster_of(billed.world))
    async with Pool.open(billed.world.database.url, 1) as pool:
        async with pool.unit(scope) as db:
            await db.execute("UPDATE shipments SET cod_minor = 90000 WHERE member_id = $1", an_id)
        assert await tend(pool) == 1
        assert await tend(pool) == 0
        after = await balances(billed.world)
        assert (after["An"], after["Swift"]) == (before["An"] - 90_000, 90_000)
        async with pool.unit(scope) as db:
            await db.execute("UPDATE tour_visits SET outcome = 'failed', reason = 'not_paid'")
        await tend(pool)
    assert (await balances(billed.world))["Swift"] == 0
