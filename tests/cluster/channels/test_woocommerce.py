"""Orders of a WooCommerce shop: in by polling and by webhooks, once, and status back."""

import pytest

from tests.cluster.api import World
from tests.cluster.channels.conftest import Look
from tests.cluster.channels.connecting import POINT, mended, orders, shipments, woo_channel
from tests.cluster.channels.shops import WooShop

pytestmark = pytest.mark.anyio


async def test_an_order_whose_webhook_never_came_is_found_and_told_what_is_missing(
    world: World, woo: WooShop, look: Look
) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    found = (await orders(world.an, channel))["71"]
    assert (found["state"], found["via"]) == ("faulty", "poll")
    assert [fault["code"] for fault in found["faults"]] == ["place_unknown"]  # no geocoder here
    await mended(world.an, channel, found["id"], **POINT)
    await look()
    [shipment] = await shipments(world.an)
    assert shipment["client_ref"] == "MUGS/71"
    assert shipment["status"] == "pooled"
    assert shipment["weight_g"] >= 800  # two mugs of 400 g, and a carton
    assert (
        shipment["delivery"]
        | {
            "name": "Lan Pham",
            "address_line1": "71 Le Loi",
            "postal_code": "700000",
            "phone": "0901 234 567",
            "instructions": "Ring twice",
            "email": "lan@example.com",
        }
        == shipment["delivery"]
    )
