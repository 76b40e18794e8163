"""A sandbox: carriers rehearse with keys that say so, hear that it is a rehearsal, and touch nothing real."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from standardwebhooks import Webhook

from cluster.base.db import Database as Pool
from cluster.base.db import act_as, system_scope
from tests.cluster.api import Caller, World, riverside
from tests.cluster.webhooks.receiver import receiving
from tests.cluster.webhooks.working import endpoint, relay_all, sending
from tests.databases import Database

pytestmark = pytest.mark.anyio
FOUNDED = {"name": "Rehearsal", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"}


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside, allowed to send to this machine."""
    async with riverside(database, webhooks_allow_private=True) as found:
        yield found


async def founded(world: World, **more: Any) -> Any:
    """Another cluster."""
    return await world.operator.made("/v1/clusters", FOUNDED | more)


async def carrier_of(coordinator: Caller, world: World) -> tuple[str, str, str]:
    """A carrier with a key: its identifier, the key's, and what opens."""
    firm = {"code": "swift", "name": "Swift", "country_code": "VN", "firm_ref": "8930000000019"}
    carrier = (await coordinator.made("/v1/carriers", firm))["id"]
    key = await coordinator.made(f"/v1/carriers/{carrier}/keys", {"name": "desk"})
    return carrier, key["id"], key["api_key"]


async def test_every_key_of_a_sandbox_says_so_and_none_of_another_cluster(world: World) -> None:
    made = await founded(world, sandbox=True)
    coordinator = Caller(world.client, made["coordinator_key"]["api_key"])
    assert (await coordinator.get("/v1/me")).json()["cluster"]["sandbox"] is True
    _, key_id, text = await carrier_of(coordinator, world)
    rotated = await coordinator.made(f"/v1/keys/{key_id}/rotate", {"overlap_s": 600})
    for shown in (coordinator.key, text, rotated["api_key"]):
        assert shown.startswith("clk_test_")
        assert (await Caller(world.client, shown).get("/v1/event-types")).status_code == 200
    assert (await world.coordinator.get("/v1/me")).json()["cluster"]["sandbox"] is False
    _, _, real = await carrier_of(world.coordinator, world)
    for shown in (world.coordinator.key, world.an.key, real):
        assert "_test_" not in shown


async def test_the_same_firms_two_keys_know_nothing_of_each_others_clusters(world: World) -> None:
    made = await founded(world, sandbox=True)
    rehearsing = Caller(world.client, made["coordinator_key"]["api_key"])
    test_id, _, test_key = await carrier_of(rehearsing, world)
    real_id, _, real_key = await carrier_of(world.coordinator, world)
    seen = {key: (await Caller(world.client, key).get("/v1/carrier/me")).json() for key in (test_key, real_key)}
    assert (seen[test_key]["id"], seen[real_key]["id"]) == (test_id, real_id)
    assert seen[test_key]["firm_ref"] == seen[real_key]["firm_ref"]
    assert (await rehearsing.get(f"/v1/carriers/{real_id}")).status_code == 404
    assert (await world.coordinator.get(f"/v1/carriers/{test_id}")).status_code == 404


async def test_what_is_sent_and_fetched_in_a_sandbox_says_that_it_is_a_rehearsal(world: World) -> None:
    made = await founded(world, sandbox=True)
    rehearsing = Caller(world.client, made["coordinator_key"]["api_key"])
    async with receiving() as tried, receiving() as real:
        hook = await endpoint(rehearsing, tried.url)
        await endpoint(world.coordinator, real.url)
        async with sending(world.database):
            for caller in (rehearsing, world.coordinator):
                [own] = (await caller.get("/v1/webhooks")).json()["data"]
                await caller.made(f"/v1/webhooks/{own['id']}/ping", None)
            [got], [in_earnest] = await tried.until(1), await real.until(1)
        Webhook(hook["secret"]).verify(got.body, got.headers)
        assert got.event["test"] is True
        assert "test" not in in_earnest.event


async def test_events_that_are_fetched_say_it_too(world: World) -> None:
    made = await founded(world, sandbox=True)
    rehearsing = Caller(world.client, made["coordinator_key"]["api_key"])
    text = {"url": "https://example.com/a", "text_sha256": "0" * 64, "effective_from": "2026-01-01T00:00:00Z"}
    for caller in (rehearsing, world.coordinator):
        await caller.made("/v1/agreements", text)
    async with Pool.open(world.database.url, 2) as pool:
        await relay_all(pool)
    assert {entry["test"] for entry in (await rehearsing.get("/v1/events")).json()["data"]} == {True}
    assert not any("test" in entry for entry in (await world.coordinator.get("/v1/events")).json()["data"])


async def test_no_role_can_make_a_sandbox_real_or_the_other_way_round(world: World) -> None:
    assert (await world.coordinator.send("PATCH", "/v1/cluster", {"sandbox": True})).status_code == 422
    application = await asyncpg.connect(world.database.url)
    try:
        async with application.transaction():
            await act_as(application, system_scope())  # type: ignore[arg-type]
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await application.execute("UPDATE clusters SET sandbox = true")
    finally:
        await application.close()
