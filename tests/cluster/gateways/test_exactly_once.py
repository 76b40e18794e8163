"""Whatever gets lost and whoever dies: a shipment is ordered once."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.gateways import order_queries
from tests.cluster.api import World
from tests.cluster.channels.shops import Reply
from tests.cluster.gateways.conftest import Look
from tests.cluster.gateways.connecting import IN_GHN, alone, connected, order_of, ordered, time_passes
from tests.cluster.gateways.systems import GhnServer, KarrioServer, LalamoveServer, System

pytestmark = pytest.mark.anyio


def bought(system: System) -> list[Any]:
    """Orders that cost something."""
    return [order for order in system.orders.values() if order["status"] != "draft"]


async def test_an_order_whose_answer_was_lost_is_found_by_its_reference(
    world: World, karrio: KarrioServer, ghn: GhnServer, look: Look
) -> None:
    for kind, system in (("karrio", karrio), ("ghn", ghn)):
        gateway, shipment = await connected(world.an, kind, system), await alone(world)
        system.lost = 1
        order = await ordered(world.an, gateway, shipment, options=IN_GHN)
        await look()
        waiting = await order_of(world.an, order["id"])
        assert (waiting["state"], waiting["error"]) == ("placing", "system_failed")
        await time_passes(world)
        await look()
        found = await order_of(world.an, order["id"])
        assert (found["state"], found["error"]) == ("placed", None)
        assert [found["external_id"]] == [entry.get("id") or entry["order_code"] for entry in bought(system)]


async def test_a_worker_that_dies_after_asking_leaves_an_order_that_the_next_finds(
    world: World, ghn: GhnServer, look: Look, pool: Pool
) -> None:
    """It wrote down that it asks, and was gone before it wrote down the answer; or before it asked."""
    gateway = await connected(world.an, "ghn", ghn)
    for asked in (True, False):
        order = await ordered(world.an, gateway, await alone(world), options=IN_GHN)
        async with pool.unit(system_scope()) as db:
            kept = await order_queries.claim(db)
        assert kept is not None
        async with pool.unit(system_scope(kept.cluster_id)) as db:
            assert await order_queries.about_to_ask(db, system_scope(kept.cluster_id), kept)
        if asked:
            body = {"client_order_code": order["id"], "service_type_id": 2, "weight": 12_000, "to_ward_code": "21211"}
            ghn._create(body)
        await look()
        assert (await order_of(world.an, order["id"]))["state"] == "placing"  # the dead one's lease runs
        await time_passes(world)
        await look()
        assert (await order_of(world.an, order["id"]))["state"] == "placed"
        assert len([entry for entry in ghn.orders.values() if entry["client_order_code"] == order["id"]]) == 1


async def test_what_cannot_be_asked_for_is_unclear_until_a_webhook_names_it(
    world: World, lalamove: LalamoveServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "lalamove", lalamove), await alone(world)
    lalamove.lost = 1
    order = await ordered(world.an, gateway, shipment)
    await look()
    await time_passes(world)
    await look()
    found = await order_of(world.an, order["id"])
    assert (found["state"], found["error"]) == ("unclear", "answer_lost")
    # Nobody places it again, and nobody gives the shipment to somebody else meanwhile.
    answer = await world.an.post(f"/v1/gateways/{gateway}/orders", {"shipment_id": shipment})
    assert answer.json()["code"] == "shipment_given_away"
    [number] = lalamove.orders
    stranger = {"orderId": "1", "quotationId": "1", "status": "ON_GOING", "metadata": {"reference": "another's"}}
    lalamove.orders["1"] = stranger
    inlet = urlsplit((await world.an.get(f"/v1/gateways/{gateway}")).json()["hook_url"]).path
    for told in ("1", number):
        hook = {"eventType": "ORDER_CREATED", "data": {"order": {"orderId": told}}}
        assert (await world.client.post(inlet, json=hook)).status_code == 200
    await look()
    found = await order_of(world.an, order["id"])
    assert (found["state"], found["external_id"]) == ("placed", number)
    assert len(lalamove.posted("/v3/orders")) == 1


@pytest.mark.parametrize("there", [True, False])
async def test_somebody_who_looked_there_settles_what_is_unclear(
    world: World, lalamove: LalamoveServer, look: Look, there: bool
) -> None:
    gateway, shipment = await connected(world.an, "lalamove", lalamove), await alone(world)
    lalamove.lost = 1
    order = await ordered(world.an, gateway, shipment)
    await look()
    await time_passes(world)
    await look()
    [number] = lalamove.orders
    path = f"/v1/gateway-orders/{order['id']}/settle"
    settled = await world.an.post(path, {"external_id": number if there else None})
    assert settled.json()["state"] == ("placed" if there else "refused")
    await look()
    found = await order_of(world.an, order["id"])
    assert (found["state"], found["foreign_code"]) == (("placed", "ASSIGNING_DRIVER") if there else ("refused", None))
    assert (await world.an.post(path, {"external_id": None})).json()["code"] == "order_not_unclear"


async def test_a_question_that_failed_before_the_order_leaves_nothing_unclear(
    world: World, lalamove: LalamoveServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "lalamove", lalamove), await alone(world)
    lalamove.trouble = [Reply(502, b"")]  # the price was asked for, and no order was placed
    order = await ordered(world.an, gateway, shipment)
    await look()
    assert lalamove.orders == {}
    await time_passes(world)
    await look()
    assert (await order_of(world.an, order["id"]))["state"] == "placed"


async def test_a_carrier_that_keeps_us_out_is_tried_for_a_while_and_then_given_up(
    world: World, ghn: GhnServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "ghn", ghn), await alone(world)
    order = await ordered(world.an, gateway, shipment, options=IN_GHN)
    ghn.trouble = [Reply(429, {}) for _ in range(8)]
    for _ in range(8):
        await time_passes(world)
        await look()
    found = await order_of(world.an, order["id"])
    assert (found["state"], found["error"]) == ("refused", "rate_limited")
    assert ghn.orders == {}


async def test_an_order_that_was_not_asked_for_yet_is_cancelled_without_asking(
    world: World, ghn: GhnServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "ghn", ghn), await alone(world)
    order = await ordered(world.an, gateway, shipment, options=IN_GHN)
    for _ in range(2):
        assert (await world.an.post(f"/v1/gateway-orders/{order['id']}/cancel", None)).json()["state"] == "cancelled"
    await look()
    assert ghn.asked == []
