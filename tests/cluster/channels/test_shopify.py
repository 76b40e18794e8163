"""Orders of a Shopify shop: in by polling and by webhooks, once, and status back."""

import pytest

from cluster.base.db import Database as Pool
from cluster.channels.jobs import ring
from cluster.webhooks.jobs import relay
from tests.cluster.api import World
from tests.cluster.channels.conftest import Look
from tests.cluster.channels.connecting import orders, reported, shipments, shopify_channel
from tests.cluster.channels.shops import Reply, ShopifyShop
from tests.cluster.planning.test_plan import planned, working

pytestmark = pytest.mark.anyio


async def test_an_order_is_booked_where_the_shop_says_it_goes(world: World, shopify: ShopifyShop, look: Look) -> None:
    shopify.sell(1001)
    channel = await shopify_channel(world.an, shopify)
    await look()
    found = (await orders(world.an, channel))["1001"]
    assert (found["state"], found["number"], found["via"]) == ("booked", "#1001", "poll")
    [shipment] = await shipments(world.an)
    assert (shipment["client_ref"], shipment["status"]) == ("SHOP/#1001", "pooled")
    assert (shipment["delivery"]["lat"], shipment["delivery"]["lon"]) == (10.81, 106.65)
    assert {hook["topic"] for hook in shopify.hooks} >= {"ORDERS_CREATE", "ORDERS_UPDATED", "ORDERS_CANCELLED"}
    assert shopify.hooks[0]["includeFields"] == ["id", "admin_graphql_api_id", "updated_at"]


async def test_a_webhook_has_the_shop_asked_for_the_order(world: World, shopify: ShopifyShop, look: Look) -> None:
    channel = await shopify_channel(world.an, shopify)
    await look()
    shopify.sell(1001)
    body, headers = shopify.hook(1001, "orders/create")
    for _ in range(2):
        assert (await world.client.post(shopify.inlet, content=body, headers=headers)).status_code == 200
    assert (await world.client.post(shopify.inlet, content=body + b" ", headers=headers)).status_code == 401
    await look()
    assert (await orders(world.an, channel))["1001"]["via"] == "webhook"
    assert len(await shipments(world.an)) == 1
    shopify.change(1001, cancelledAt="2026-11-20T09:00:00Z")
    body, headers = shopify.hook(1001, "orders/cancelled")
    assert (await world.client.post(shopify.inlet, content=body, headers=headers)).status_code == 200
    await look()
    assert [entry["status"] for entry in await shipments(world.an)] == ["cancelled"]


async def test_pages_are_read_to_their_end_and_an_empty_bucket_is_waited_for(
    world: World, shopify: ShopifyShop, look: Look
) -> None:
    for number in range(1001, 1026):
        shopify.sell(number)
    cost = {"requestedQueryCost": 100, "throttleStatus": {"currentlyAvailable": 90, "restoreRate": 100}}
    throttled = {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {"cost": cost},
    }
    shopify.trouble = [Reply(429, {}, {"Retry-After": "0.05"}), shopify_token(), Reply(200, throttled)]
    channel = await shopify_channel(world.an, shopify, draft=True)
    await look()
    found = await orders(world.an, channel)
    assert len(found) == 25
    assert {entry["state"] for entry in found.values()} == {"booked"}
    assert {entry["status"] for entry in await shipments(world.an)} == {"draft"}


def shopify_token() -> Reply:
    """What client id and secret are exchanged for."""
    return Reply(200, {"access_token": "shpat_0123456789abcdef"})


async def test_the_shop_is_told_once_how_far_an_order_is(
    world: World, shopify: ShopifyShop, look: Look, pool: Pool
) -> None:
    shopify.sell(1001)
    await shopify_channel(world.an, shopify)
    await look()
    [shipment] = await shipments(world.an)
    async with working(world):
        await planned(world)
    for status in ("dispatched", "picked_up", "delivered"):
        await reported(world, shipment["id"], status)
        for _ in range(2):
            await ring(pool, (await relay(pool)).heard)
            await look()
    [made] = shopify.fulfillments[1001]
    assert [info["number"] for info in made["trackingInfo"]] == [shipment["id"]]
    assert [event["status"] for event in made["events"]["nodes"]] == ["DELIVERED"]
