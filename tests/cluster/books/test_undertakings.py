"""A cost is carried together once everybody concerned has agreed."""

import asyncio
from typing import Any

import pytest

from tests.cluster.api import World
from tests.cluster.ledger.books import balances

pytestmark = pytest.mark.anyio
FORKLIFT = {"title": "A forklift for the hub", "amount_minor": 1_000, "occurred_on": "2026-10-01"}


async def proposed(world: World, **changes: Any) -> str:
    """A forklift, carried by An and Binh."""
    parts = [{"member_id": world.an_id}, {"member_id": world.binh_id}]
    made = await world.coordinator.made("/v1/undertakings", FORKLIFT | {"rule": "equal", "parts": parts} | changes)
    return str(made["id"])


async def test_once_everybody_has_agreed_it_is_posted(world: World) -> None:
    named = await proposed(world)
    path = f"/v1/undertakings/{named}/answer"
    assert (await world.an.made(path, {"agree": True}))["status"] == "proposed"
    assert await balances(world) == {}
    assert (await world.binh.made(path, {"agree": True}))["status"] == "posted"
    assert await balances(world) == {"An": 500, "Binh": 500, "undertakings": -1_000}
    late = await world.an.post(path, {"agree": False})
    assert late.json()["code"] == "undertaking_over"


async def test_a_key_parts_it_to_the_last_unit_and_whoever_paid_is_owed_it(world: World) -> None:
    """1,000 by 1 and 2: 333 and 667; An paid, and is owed 1,000 - 333."""
    parts = [{"member_id": world.an_id, "key_parts": 1}, {"member_id": world.binh_id, "key_parts": 2}]
    named = await proposed(world, rule="by_key", parts=parts, paid_by_member_id=world.an_id)
    for caller in (world.an, world.binh):
        await caller.made(f"/v1/undertakings/{named}/answer", {"agree": True})
    assert await balances(world) == {"An": -667, "Binh": 667}


async def test_one_that_refuses_ends_it(world: World) -> None:
    named = await proposed(world)
    path = f"/v1/undertakings/{named}/answer"
    refused = await world.an.made(path, {"agree": False, "note": "We have no pallets"})
    assert (refused["status"], refused["parts"][0]["note"]) == ("refused", "We have no pallets")
    assert (await world.binh.post(path, {"agree": True})).json()["code"] == "undertaking_over"
    assert await balances(world) == {}


async def test_a_member_sees_its_own_part_and_answers_once(world: World) -> None:
    named = await proposed(world)
    third, caller = await world.admit("cuc")
    seen = (await world.an.get(f"/v1/undertakings/{named}")).json()
    assert [part["member_id"] for part in seen["parts"]] == [world.an_id]
    assert third not in {part["member_id"] for part in seen["parts"]}
    assert (await caller.get(f"/v1/undertakings/{named}")).status_code == 404
    path = f"/v1/undertakings/{named}/answer"
    await world.an.made(path, {"agree": True})
    assert (await world.an.post(path, {"agree": True})).json()["code"] == "answered"


async def test_the_last_two_answer_at_once_and_it_is_posted_once(world: World) -> None:
    named = await proposed(world)
    path = f"/v1/undertakings/{named}/answer"
    answers = await asyncio.gather(*(caller.post(path, {"agree": True}) for caller in (world.an, world.binh)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert await balances(world) == {"An": 500, "Binh": 500, "undertakings": -1_000}


async def test_a_proposal_is_taken_back(world: World) -> None:
    named = await proposed(world)
    gone = await world.coordinator.made(f"/v1/undertakings/{named}/withdraw", None)
    assert gone["status"] == "withdrawn"
    assert (await world.an.post(f"/v1/undertakings/{named}/answer", {"agree": True})).status_code == 409


async def test_all_that_is_wrong_with_a_proposal_is_told_at_once(world: World) -> None:
    parts = [{"member_id": world.an_id, "key_parts": 1}, {"member_id": world.an_id}, {"member_id": "mem_" + "0" * 26}]
    body = FORKLIFT | {
        "rule": "by_share",
        "parts": parts,
        "paid_by_member_id": "mem_" + "0" * 26,
        "carrier_id": "car_0",
    }
    refused = await world.coordinator.post("/v1/undertakings", body)
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        ("/parts/0/key_parts", "key_unfit"),
        ("/parts/1/member_id", "twice"),
        ("/parts/2/member_id", "no_such_member"),
        ("/since", "days_missing"),
        ("/carrier_id", "name_one"),
        ("/paid_by_member_id", "no_such_member"),
        ("/carrier_id", "no_such_carrier"),
    ]
    nobody = FORKLIFT | {"rule": "by_share", "since": "2020-01-01", "until": "2020-01-02"}
    nobody |= {"parts": [{"member_id": world.an_id}, {"member_id": world.binh_id}]}
    refused = await world.coordinator.post("/v1/undertakings", nobody)
    assert [fault["code"] for fault in refused.json()["errors"]] == ["key_empty"]
