"""Shops connected, and what came of their orders."""

from typing import Any

from tests.cluster.api import Caller, World
from tests.cluster.channels.shops import CLIENT_ID, CLIENT_SECRET, WOO_KEY, WOO_SECRET, ShopifyShop, WooShop

POINT = {"lat": 10.812, "lon": 106.65}


async def woo_channel(caller: Caller, shop: WooShop, **settings: Any) -> str:
    """A channel of this shop, whose orders are booked at once; its identifier."""
    body = {"code": "MUGS", "kind": "woocommerce", "base_url": shop.url, "settings": {"draft": False} | settings}
    made = await caller.made("/v1/channels", body | {"credentials": {"key": WOO_KEY, "secret": WOO_SECRET}})
    return str(made["id"])


async def shopify_channel(caller: Caller, shop: ShopifyShop, **settings: Any) -> str:
    """A channel of this shop, whose orders are booked at once; its identifier."""
    body = {"code": "SHOP", "kind": "shopify", "base_url": shop.url, "settings": {"draft": False} | settings}
    made = await caller.made("/v1/channels", body | {"credentials": {"key": CLIENT_ID, "secret": CLIENT_SECRET}})
    return str(made["id"])


async def orders(caller: Caller, channel_id: str) -> dict[str, Any]:
    """What came of a channel's orders, by the shop's own numbers."""
    answer = await caller.get(f"/v1/channels/{channel_id}/orders?limit=500")
    assert answer.is_success, answer.text
    return {entry["external_id"]: entry for entry in answer.json()["data"]}


async def shipments(caller: Caller) -> list[Any]:
    """All shipments of a member."""
    found: list[Any] = (await caller.get("/v1/shipments?limit=500")).json()["data"]
    return found


async def mended(caller: Caller, channel_id: str, order_id: str, **fields: Any) -> None:
    """An order tried again with something put in place."""
    answer = await caller.post(f"/v1/channels/{channel_id}/orders/{order_id}/retry", fields)
    assert answer.status_code == 202, answer.text


async def reported(world: World, shipment_id: str, *statuses: str) -> None:
    """What the coordinator hears from the road."""
    for status in statuses:
        await world.coordinator.made(f"/v1/shipments/{shipment_id}/events", {"status": status})
