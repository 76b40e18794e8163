"""Events without webhooks: fetched in order from where one stopped, one's own alone."""

from typing import Any

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from tests.cluster.api import Caller, World
from tests.cluster.webhooks.receiver import Receiver
from tests.cluster.webhooks.working import book, endpoint, relay_all, sending

pytestmark = pytest.mark.anyio


async def relayed(world: World) -> None:
    """Everything that has happened becomes visible."""
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)


async def events(caller: Caller, query: str = "") -> list[Any]:
    """One page."""
    answer = await caller.get(f"/v1/events{query}")
    assert answer.is_success, answer.text
    found: list[Any] = answer.json()["data"]
    return found


async def test_a_reader_that_goes_on_from_the_last_misses_and_repeats_nothing(world: World) -> None:
    booked = await book(world, world.an, 5)
    await relayed(world)
    first = (await world.an.get("/v1/events?limit=2")).json()
    assert (first["has_more"], first["next_cursor"]) == (True, first["data"][1]["id"])
    rest = await events(world.an, f"?after={first['next_cursor']}")
    assert [entry["data"]["id"] for entry in (*first["data"], *rest)] == booked
    assert await events(world.an, f"?after={rest[-1]['id']}") == []
    await world.an.made(f"/v1/shipments/{booked[0]}/cancel", {})
    assert await events(world.an, f"?after={rest[-1]['id']}") == []  # not relayed yet
    await relayed(world)
    [last] = await events(world.an, f"?after={rest[-1]['id']}")
    assert (last["type"], last["data"]["id"], last["data"]["seq"]) == ("shipment.cancelled", booked[0], 2)


async def test_what_is_fetched_is_what_is_sent(world: World, receiver: Receiver) -> None:
    await endpoint(world.an, receiver.url)
    async with sending(world.database):
        await book(world, world.an)
        [got] = await receiver.until(1)
    [fetched] = await events(world.an)
    assert fetched == {"id": got.headers["webhook-id"]} | got.event


async def test_a_member_reads_its_own_and_the_coordinator_all(world: World) -> None:
    ans, binhs = await book(world, world.an, 2), await book(world, world.binh, 3)
    await relayed(world)
    assert [entry["data"]["id"] for entry in await events(world.an)] == ans
    assert [entry["data"]["id"] for entry in await events(world.binh)] == binhs
    assert {entry["data"]["id"] for entry in await events(world.coordinator)} >= {*ans, *binhs}


async def test_a_rivals_event_is_no_place_to_go_on_from(world: World) -> None:
    await book(world, world.an)
    await book(world, world.binh)
    await relayed(world)
    [theirs] = await events(world.binh)
    said = []
    for after in (theirs["id"], ids.show("evt", ids.new()), "evt_x", "nonsense"):
        answer = await world.an.get(f"/v1/events?after={after}")
        assert answer.status_code == 422
        said.append(answer.json()["errors"])
    assert said == [said[0]] * 4
    assert said[0][0]["code"] == "invalid_cursor"


async def test_the_types_are_listed_with_examples(world: World) -> None:
    ans = (await world.an.get("/v1/event-types")).json()["data"]
    all_of_them = (await world.coordinator.get("/v1/event-types")).json()["data"]
    coordinators = {entry["name"] for entry in all_of_them} - {entry["name"] for entry in ans}
    tours = {f"tour.{word}" for word in ("dispatched", "started", "changed", "exception", "completed", "cancelled")}
    tenders = {"opened", "answered", "deciding", "awarded", "exhausted", "withdrawn"}
    tours |= {f"tender.{word}" for word in tenders}
    tours |= {f"carrier_invoice.{word}" for word in ("received", "disputed", "rejected", "accepted")}
    changes = {"opened", "accepted", "declined", "expired", "withdrawn", "imposed"}
    tours |= {f"amendment.{word}" for word in changes}
    plans = {"plan.solved", "plan.failed", "plan.aborted"}
    assert coordinators == tours | plans | {"application.received", "application.rejected", "ledger.alarm"}
    for entry in all_of_them:
        assert entry["example"].keys() == {"type", "timestamp", "data"}
        assert entry["example"]["type"] == entry["name"]
        assert entry["example"]["data"]["link"].startswith("/v1/")
