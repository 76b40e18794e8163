"""Events on their way: to whom they belong, in order, again and again, and never lost when something dies."""

import asyncio
from collections import defaultdict
from typing import Any

import asyncpg
import msgspec
import pytest
from standardwebhooks import Webhook

from cluster.base import ids, outbox
from cluster.base.db import Database as Pool
from cluster.base.db import Scope, system_scope
from cluster.base.secrets import Vault
from cluster.webhooks import deliveries as use_cases
from cluster.webhooks.models import Outcome, Result
from cluster.webhooks.policy import Policy
from tests.cluster.api import World
from tests.cluster.side_by_side import SECRET_KEY
from tests.cluster.webhooks.receiver import Got, Receiver, receiving
from tests.cluster.webhooks.working import (
    QUICK,
    book,
    deliveries,
    endpoint,
    relay_all,
    sending,
    settled,
)

pytestmark = pytest.mark.anyio


async def cluster_scope(world: World) -> Scope:
    """The platform's own work in Riverside."""
    return system_scope(ids.parse("clu", (await world.an.get("/v1/me")).json()["cluster"]["id"]))


async def happen(world: World, pool: Pool, resources: int, each: int) -> None:
    """Events of An's: some resources, each with as many events one after the other."""
    scope, an = await cluster_scope(world), ids.parse("mem", world.an_id)
    things = [ids.new() for _ in range(resources)]
    for _ in range(each):
        async with pool.unit(scope) as db:
            for thing in things:
                await outbox.emit(db, scope, thing, "shipment.booked", {}, member_id=an)


def inversions(got: list[Got], taken: set[int]) -> int:
    """How many events of a resource were taken after a later one of the same had been."""
    last: dict[str, int] = defaultdict(int)
    found = 0
    for index, entry in enumerate(got):
        if index in taken:
            data = entry.event["data"]
            found += data["seq"] < last[data["id"]]
            last[data["id"]] = max(last[data["id"]], data["seq"])
    return found


async def test_an_event_arrives_as_the_specification_has_it(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.an, receiver.url)
    async with sending(world.database):
        [shipment] = await book(world, world.an)
        [got] = await receiver.until(1)
        [entry] = await settled(world.an, made["id"], 1)
    body = Webhook(made["secret"]).verify(got.body, got.headers)
    assert body.keys() == {"type", "timestamp", "data"}
    assert body["type"] == "shipment.booked"
    assert (
        body["data"]
        | {
            "object": "shipment",
            "id": shipment,
            "seq": 1,
            "link": f"/v1/shipments/{shipment}",
            "member_id": world.an_id,
        }
        == body["data"]
    )
    assert got.headers["content-type"] == "application/json"
    assert got.headers["webhook-id"].startswith("evt_")
    assert len(got.body) < 20_000
    assert entry | {"id": got.headers["webhook-id"], "status": "delivered", "tries": 1, "response_status": 204} == entry


async def test_each_member_hears_of_its_own_and_the_coordinator_of_all(world: World, receiver: Receiver) -> None:
    async with receiving() as binhs, receiving() as coordinators:
        for caller, url in (
            (world.an, receiver.url),
            (world.binh, binhs.url),
            (world.coordinator, coordinators.url),
        ):
            await endpoint(caller, url)
        async with sending(world.database):
            ans = await book(world, world.an, 3)
            theirs = await book(world, world.binh, 2)
            await coordinators.until(5)
            await receiver.until(3)
            await binhs.until(2)
            await asyncio.sleep(0.2)
        assert {got.event["data"]["id"] for got in receiver.got} == set(ans)
        assert {got.event["data"]["id"] for got in binhs.got} == set(theirs)
        assert {got.event["data"]["id"] for got in coordinators.got} == {*ans, *theirs}


async def test_only_wanted_types_are_sent(world: World, receiver: Receiver) -> None:
    async with receiving() as all_of_it:
        await endpoint(world.an, receiver.url, event_types=["shipment.cancelled"])
        await endpoint(world.an, all_of_it.url, event_types=["plan.published", "shipment.*"])
        async with sending(world.database):
            [shipment] = await book(world, world.an)
            await world.an.made(f"/v1/shipments/{shipment}/cancel", {})
            assert [got.event["type"] for got in await all_of_it.until(2)] == ["shipment.booked", "shipment.cancelled"]
            assert [got.event["type"] for got in await receiver.until(1)] == ["shipment.cancelled"]
        assert len(receiver.got) == 1


async def test_what_is_the_platforms_own_is_sent_to_nobody(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.coordinator, receiver.url)
    await world.coordinator.made(f"/v1/pool-windows/{world.window_id}/plans", {"seconds": 1})
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
    types = {entry["event_type"] for entry in await deliveries(world.coordinator, made["id"])}
    assert "job.queued" not in types


async def test_what_is_for_everybody_goes_to_everybody(world: World, receiver: Receiver) -> None:
    scope, window = await cluster_scope(world), ids.new()
    async with receiving() as binhs:
        await endpoint(world.an, receiver.url)
        await endpoint(world.binh, binhs.url)
        async with sending(world.database) as pool:
            async with pool.unit(scope) as db:
                everybody = outbox.Audience.EVERYBODY
                await outbox.emit(db, scope, window, "pool_window.opened", {"note": "x"}, audience=everybody)
            for one in (receiver, binhs):
                [got] = await one.until(1)
                assert got.event["data"] == {
                    "object": "pool_window",
                    "id": ids.show("win", window),
                    "seq": 1,
                    "link": f"/v1/pool-windows/{ids.show('win', window)}",
                    "note": "x",
                }


async def test_what_failed_comes_again_with_the_same_id_and_body_and_a_fresh_time(
    world: World, receiver: Receiver
) -> None:
    made = await endpoint(world.an, receiver.url)
    receiver.answer = lambda _: 204 if len(receiver.got) > 2 else 503
    slow = msgspec.structs.replace(QUICK, retry_s=(0.6, 0.6), jitter=0)
    async with sending(world.database, slow):
        await book(world, world.an)
        got = await receiver.until(3)
        [entry] = await settled(world.an, made["id"], 1)
    assert len({one.headers["webhook-id"] for one in got}) == len({one.body for one in got}) == 1
    times = [int(one.headers["webhook-timestamp"]) for one in got]
    assert times == sorted(times)
    assert times[0] < times[2]
    for one in got:
        Webhook(made["secret"]).verify(one.body, one.headers)
    assert (entry["status"], entry["tries"], entry["response_status"]) == ("delivered", 3, 204)


async def test_order_holds_for_each_resource_however_much_fails(world: World, receiver: Receiver) -> None:
    """6 resources with 8 events each, every third request fails in one of four ways."""
    made = await endpoint(world.an, receiver.url)
    taken: set[int] = set()

    def answer(_: Got) -> int | str:
        number = len(receiver.got) - 1
        if number % 3 == 0 and number < 60:
            return (500, "reset", 429, "hang")[number // 3 % 4]
        taken.add(number)
        return 204

    receiver.answer = answer
    many = msgspec.structs.replace(QUICK, retry_s=(0.02,) * 30, timeout_s=1)
    async with sending(world.database, many) as pool:
        await happen(world, pool, 6, 8)
        await settled(world.an, made["id"], 48)
    assert inversions(receiver.got, taken) == 0
    assert len({receiver.got[index].headers["webhook-id"] for index in taken}) == 48


async def test_one_resource_that_fails_holds_up_no_other(world: World, receiver: Receiver) -> None:
    await endpoint(world.an, receiver.url)
    receiver.answer = lambda got: 500 if got.event["data"]["id"] == bad[0] else 204
    bad: list[str] = []
    async with sending(world.database, msgspec.structs.replace(QUICK, retry_s=(30,))):
        bad += await book(world, world.an)
        await receiver.until(1)
        good = await book(world, world.an, 2)
        got = await receiver.until(3)
    assert {one.event["data"]["id"] for one in got} == {*bad, *good}


async def test_an_event_waits_behind_its_predecessor_until_that_has_failed_for_good(
    world: World, receiver: Receiver
) -> None:
    made = await endpoint(world.an, receiver.url)
    receiver.answer = lambda got: 500 if got.event["type"] == "shipment.booked" else 204
    async with sending(world.database):
        [shipment] = await book(world, world.an)
        await world.an.made(f"/v1/shipments/{shipment}/cancel", {})
        found = await settled(world.an, made["id"], 2)
    # five tries of the first, then the second
    assert [got.event["data"]["seq"] for got in receiver.got] == [1, 1, 1, 1, 1, 2]
    assert [(entry["status"], entry["tries"]) for entry in found] == [("failed", 5), ("delivered", 1)]
    failed = await deliveries(world.an, made["id"], "&status=failed")
    assert [(entry["event_type"], entry["response_status"]) for entry in failed] == [("shipment.booked", 500)]
    assert "for-you-" not in str(failed)  # what the endpoint said in its body


async def test_an_endpoint_that_is_gone_is_disabled_and_comes_back_when_enabled(
    world: World, receiver: Receiver
) -> None:
    made = await endpoint(world.an, receiver.url)
    path = f"/v1/webhooks/{made['id']}"
    receiver.answer = lambda _: 410
    async with sending(world.database):
        await book(world, world.an)
        await receiver.until(1)
        for _ in range(200):
            found = (await world.an.get(path)).json()
            if found["disabled"]:
                break
            await asyncio.sleep(0.02)
        assert (found["disabled"], found["disabled_reason"]) == (True, "gone")
        assert (await world.an.post(f"{path}/ping", None)).json()["code"] == "webhook_disabled"
        await book(world, world.an)
        await asyncio.sleep(0.5)
        assert len(receiver.got) == 1
        receiver.answer = lambda _: 204
        enabled = await world.an.send("PATCH", path, {"disabled": False}, If_Match="*")
        assert enabled.json()["failures"] == 0
        [entry] = await settled(world.an, made["id"], 1)  # what was booked meanwhile is not among them
        assert (entry["status"], entry["tries"]) == ("delivered", 2)


async def test_one_that_never_answers_is_paused_and_holds_up_nobody(world: World, receiver: Receiver) -> None:
    """The hanging endpoint could fill all four places; it gets one try at a time, and pauses between."""
    few = msgspec.structs.replace(QUICK, slots=4, pause_after=3, pause_s=5, pause_max_s=5, retry_s=(0.05,) * 20)
    async with receiving() as hangs:
        hangs.answer = lambda _: "hang"
        made = await endpoint(world.an, hangs.url)
        await endpoint(world.binh, receiver.url)
        async with sending(world.database, few):
            await book(world, world.an, 8)
            await hangs.until(4)
            await book(world, world.binh, 20)
            await receiver.until(20, timeout_s=10)
            await asyncio.sleep(0.6)
            found = (await world.an.get(f"/v1/webhooks/{made['id']}")).json()
        assert found["failures"] >= 3
        assert found["paused_until"] is not None
        assert len(hangs.got) <= 8


async def test_replay_sends_again_what_was_sent_and_what_was_not(world: World, receiver: Receiver) -> None:
    before = await book(world, world.an, 2)
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
    made = await endpoint(world.an, receiver.url, event_types=["shipment.booked"])
    path = f"/v1/webhooks/{made['id']}/replay"
    async with sending(world.database):
        after = await book(world, world.an)
        [first] = await receiver.until(1)
        assert await world.an.made(path, {"since": "2020-01-01T00:00:00Z"}) == {"events": 3, "more": False}
        got = (await receiver.until(4))[1:]
        assert {one.event["data"]["id"] for one in got} == {*before, *after}
        assert first.headers["webhook-id"] in {one.headers["webhook-id"] for one in got}
        await settled(world.an, made["id"], 3)
        again = {"event_id": got[0].headers["webhook-id"]}
        assert await world.an.made(path, again) == {"events": 1, "more": False}
        assert (await receiver.until(5))[4].body == got[0].body
        await settled(world.an, made["id"], 3)
        none = {"since": "2020-01-01T00:00:00Z", "failed_only": True}
        assert (await world.an.made(path, none))["events"] == 0
        assert (await world.an.made(path, {"since": "2020-01-01T00:00:00Z", "until": "2020-01-02T00:00:00Z"}))[
            "events"
        ] == 0


async def test_a_rivals_event_cannot_be_replayed(world: World, receiver: Receiver) -> None:
    mine = await endpoint(world.an, receiver.url)
    await book(world, world.binh)
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
    [theirs] = (await world.binh.get("/v1/events")).json()["data"]
    path = f"/v1/webhooks/{mine['id']}/replay"
    for event_id in (theirs["id"], ids.show("evt", ids.new())):
        refused = await world.an.post(path, {"event_id": event_id})
        assert (refused.status_code, refused.json()["detail"]) == (404, "There is no such event.")
    assert (await world.an.made(path, {"since": "2020-01-01T00:00:00Z"}))["events"] == 0
    assert await deliveries(world.an, mine["id"]) == []
    faulty: list[Any] = [{}, {"event_id": theirs["id"], "since": "2020-01-01T00:00:00Z"}]
    for body in faulty:
        assert (await world.an.post(path, body)).json()["errors"][0]["code"] == "event_or_time"


async def test_a_ping_goes_to_its_endpoint_alone(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.an, receiver.url, event_types=["plan.published"])
    async with receiving() as other:
        await endpoint(world.an, other.url)
        async with sending(world.database):
            pinged = await world.an.made(f"/v1/webhooks/{made['id']}/ping", None)
            [got] = await receiver.until(1)
            await asyncio.sleep(0.2)
        body = Webhook(made["secret"]).verify(got.body, got.headers)
        assert (body["type"], body["data"]["id"]) == ("webhook.ping", made["id"])
        assert got.headers["webhook-id"] == pinged["event_id"]
        assert other.got == []
    assert "webhook.ping" not in (await world.an.get("/v1/events")).text


async def test_what_a_dead_worker_had_claimed_is_sent_by_another(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.an, receiver.url)
    short = msgspec.structs.replace(QUICK, lease_s=0.5)
    await book(world, world.an)
    async with Pool.open(world.database.url, 2) as pool:
        assert await relay_all(pool) == 1
        async with pool.unit(system_scope()) as db:
            [held] = await use_cases.claim(db, short, 10)  # and never heard of again
            assert await use_cases.claim(db, short, 10) == []
        async with sending(world.database, short):
            await receiver.until(1)
            await settled(world.an, made["id"], 1)
        # the dead one comes back with news of its own: its fence is past
        late = Result(dispatch=held, outcome=Outcome(status=500, error="refused", duration_ms=1), retry_s=None)
        async with pool.unit(system_scope()) as db:
            await use_cases.record(db, short, [late])
    [entry] = await deliveries(world.an, made["id"])
    assert (entry["status"], entry["tries"], entry["response_status"]) == ("delivered", 1, 204)


async def test_workers_side_by_side_send_each_event_once_and_in_order(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.an, receiver.url)
    async with sending(world.database) as pool, sending(world.database):
        await happen(world, pool, 10, 5)
        await settled(world.an, made["id"], 50)
    assert inversions(receiver.got, set(range(50))) == 0
    assert len(receiver.got) == len({got.headers["webhook-id"] for got in receiver.got}) == 50


async def test_a_secret_that_no_key_opens_is_a_failure_and_not_the_end(world: World, receiver: Receiver) -> None:
    await endpoint(world.an, receiver.url)
    await book(world, world.an)
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
        async with pool.unit(system_scope()) as db:
            [held] = await use_cases.claim(db, Policy(), 10)
    made = await use_cases.send(None, Vault((SECRET_KEY[::-1],)), held)  # type: ignore[arg-type]  # it does not come to that
    assert made.error == "secret_unreadable"


async def test_old_deliveries_are_forgotten(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.an, receiver.url)
    await book(world, world.an, 2)
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
        async with pool.unit(system_scope()) as db:
            await db.execute(
                "UPDATE webhook_deliveries SET created_at = now() - interval '31 days' WHERE event_id = "
                "(SELECT min(event_id::text)::uuid FROM webhook_deliveries)"
            )
            assert await use_cases.forget_old(db) == 1
    assert len(await deliveries(world.an, made["id"])) == 1


async def test_a_body_that_would_be_too_long_says_where_to_look(world: World, receiver: Receiver) -> None:
    scope, thing = await cluster_scope(world), ids.new()
    await endpoint(world.an, receiver.url)
    async with sending(world.database) as pool:
        async with pool.unit(scope) as db:
            an = ids.parse("mem", world.an_id)
            await outbox.emit(db, scope, thing, "shipment.booked", {"much": "x" * 30_000}, member_id=an)
        [got] = await receiver.until(1)
    assert len(got.body) < 1000
    assert got.event["data"] | {"id": ids.show("shp", thing), "seq": 1, "truncated": True} == got.event["data"]


async def test_the_database_knows_no_state_but_the_three(world: World) -> None:
    await endpoint(world.an, "https://hooks.example.com/")
    await book(world, world.an)
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
        with pytest.raises(asyncpg.CheckViolationError):
            async with pool.unit(system_scope()) as db:
                await db.execute("UPDATE webhook_deliveries SET state = 'lost'")
