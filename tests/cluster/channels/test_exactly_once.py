"""Whoever tells of an order, in whatever order and however often, and whoever dies in between: one booking."""

import asyncio
import json
import random
from typing import Any

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.channels import intake, queries, settling
from cluster.channels.jobs import ShopKeeper
from cluster.channels.models import Via
from cluster.channels.woocommerce import told_in
from tests.cluster.api import World
from tests.cluster.channels.conftest import Look
from tests.cluster.channels.connecting import orders, shipments, shopify_channel, woo_channel
from tests.cluster.channels.shops import ShopifyShop, WooShop

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("seed", range(2))
async def test_any_interleaving_of_tellings_ends_in_one_booking_of_the_last(
    world: World, shopify: ShopifyShop, keeper: ShopKeeper, look: Look, pool: Pool, seed: int
) -> None:
    """Webhooks that are doubled, late or lost, polls and workers side by side; two of three orders end cancelled."""
    chance = random.Random(seed)
    channel = await shopify_channel(world.an, shopify)
    await look()
    numbers = (1, 2, 3)

    async def customer(number: int) -> None:
        shopify.sell(number)
        await knocking(number)
        for version in range(3):
            await asyncio.sleep(chance.random() / 50)
            shopify.change(number, note=f"version {version}")
            await knocking(number)
        if number > 1:
            shopify.change(number, cancelledAt="2026-11-20T09:00:00Z")
            await knocking(number)

    async def knocking(number: int) -> None:
        body, headers = shopify.hook(number)
        for _ in range(chance.choice((0, 1, 2))):
            assert (await world.client.post(shopify.inlet, content=body, headers=headers)).status_code == 200

    async def worker() -> None:
        for _ in range(6):
            await asyncio.sleep(chance.random() / 50)
            await world.an.made(f"/v1/channels/{channel}/sync", None)
            await keeper.step()

    await asyncio.gather(*map(customer, numbers), worker(), worker())
    await world.an.made(f"/v1/channels/{channel}/sync", None)
    await look()
    booked = {entry["po_numbers"][0]: entry for entry in await shipments(world.an)}
    assert len(booked) == len(await shipments(world.an)) <= 3
    assert booked["#1"]["delivery"]["instructions"] == "version 2"
    assert {entry["status"] for name, entry in booked.items() if name != "#1"} <= {"cancelled"}
    states = {name: entry["state"] for name, entry in (await orders(world.an, channel)).items()}
    assert states["1"] == "booked"
    assert {state for name, state in states.items() if name != "1"} <= {"cancelled"}


async def test_orders_settled_by_many_at_once_are_booked_once(
    world: World, shopify: ShopifyShop, keeper: ShopKeeper, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five workers that all believe the channel to be theirs."""
    channel = await shopify_channel(world.an, shopify)
    around: list[Any] = []
    settle = settling.settle

    async def five_times(what: settling.Around, order_id: Any) -> None:
        around.append(what)
        await asyncio.gather(*(settle(what, order_id) for _ in range(5)))

    monkeypatch.setattr("cluster.channels.turns.settle", five_times)
    for number in range(1, 5):
        shopify.sell(number)
    await look()
    assert len(around) == 4
    assert {entry["state"] for entry in (await orders(world.an, channel)).values()} == {"booked"}
    assert len(await shipments(world.an)) == 4


async def test_a_crash_between_booking_and_noting_it_doubles_nothing(
    world: World, shopify: ShopifyShop, look: Look, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = await shopify_channel(world.an, shopify)
    shopify.sell(1)

    class Died(Exception):
        pass

    async def die(*_: Any) -> None:
        raise Died

    with monkeypatch.context() as patched:
        patched.setattr("cluster.channels.settling.queries.settle", die)
        await look()
    assert await shipments(world.an) == []
    assert (await orders(world.an, channel))["1"]["state"] == "received"
    shown = (await world.an.get(f"/v1/channels/{channel}")).json()
    assert shown["error"] == "internal_error"
    assert (await world.an.send("PATCH", f"/v1/channels/{channel}", {"active": True})).is_success  # ends the pause
    await look()
    assert len(await shipments(world.an)) == 1


async def test_two_tellings_of_one_second_that_differ_are_settled_by_asking(
    world: World, woo: WooShop, look: Look, pool: Pool
) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    async with pool.unit(system_scope()) as db:
        shop = await queries.knocked_at(db, ids.parse("chn", channel))
    assert shop is not None
    same_second = json.dumps(woo.orders[71] | {"status": "cancelled"}).encode()
    async with pool.unit(intake.scope_of(shop)) as db:
        await intake.take(db, shop, told_in(same_second), Via.WEBHOOK)
    asked = len(woo.asked)
    await world.an.made(f"/v1/channels/{channel}/sync", None)
    await look()
    assert any(entry.path.endswith("/orders/71") for entry in woo.asked[asked:])
    assert (await orders(world.an, channel))["71"]["state"] == "faulty"  # as the shop has it: not cancelled


NO_ORDERS = (
    b"",
    b"{}",
    b"[]",
    b'{"id": "x"}',
    b'{"id": 1e400}',
    b'{"id": 71, "status": null}',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"id": 99999999999999999999999999}',
)


async def test_a_signed_body_that_is_no_order_is_taken_and_harms_nothing(
    world: World, woo: WooShop, look: Look
) -> None:
    channel = await woo_channel(world.an, woo)
    await look()
    for raw in NO_ORDERS:
        body, headers = woo.signed(raw)
        assert (await world.client.post(woo.inlet, content=body, headers=headers)).status_code == 200, raw[:30]
    woo.sell(72, customer_note="\x00nul", number="7\x002")
    body, headers = woo.hook(72)
    assert (await world.client.post(woo.inlet, content=body, headers=headers)).status_code == 200
    await look()
    found = await orders(world.an, channel)
    assert set(found) <= {"71", "72", "99999999999999999999999999"}
    assert found["72"]["number"] == "72"
