"""Orders of a WooCommerce shop: in by polling and by webhooks, once, and status back."""

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.channels.jobs import ring
from cluster.channels.models import Completion, Stage, Tidings
from cluster.channels.shop_calls import ShopCalls
from cluster.channels.woocommerce import WooCommerce
from cluster.webhooks.jobs import relay
from tests.cluster.api import World
from tests.cluster.channels.conftest import Look
from tests.cluster.channels.connecting import POINT, mended, orders, reported, shipments, woo_channel
from tests.cluster.channels.shops import WOO_KEY, WOO_SECRET, Reply, WooShop
from tests.cluster.planning.test_plan import planned, working

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


async def test_webhook_and_poll_tell_of_one_order_once(world: World, woo: WooShop, look: Look) -> None:
    woo.sell(70)
    channel = await woo_channel(world.an, woo)
    await look()  # sets up the webhooks
    assert {hook["topic"] for hook in woo.hooks} >= {"order.created", "order.updated", "order.deleted"}
    woo.sell(71)
    body, headers = woo.hook(71, "order.created")
    for _ in range(3):
        answer = await world.client.post(woo.inlet, content=body, headers=headers)
        assert (answer.status_code, answer.json()) == (200, {"taken": True})
    await look()
    await world.an.made(f"/v1/channels/{channel}/sync", None)
    await look()
    found = await orders(world.an, channel)
    assert {name: entry["via"] for name, entry in found.items()} == {"70": "poll", "71": "webhook"}
    for entry in found.values():
        await mended(world.an, channel, entry["id"], **POINT)
    await look()
    assert sorted(entry["client_ref"] for entry in await shipments(world.an)) == ["MUGS/70", "MUGS/71"]


async def test_who_has_not_the_shops_secret_is_not_believed(world: World, woo: WooShop, look: Look) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    body, headers = woo.hook(71)
    forged = body.replace(b"240000", b"100000")
    assert (await world.client.post(woo.inlet, content=forged, headers=headers)).status_code == 401
    assert (await world.client.post(woo.inlet, content=body)).status_code == 401
    assert (await world.client.post(woo.inlet, content=b"webhook_id=12")).status_code == 200  # the greeting
    other = woo.inlet.replace(channel, "chn_" + channel[-1] * 26 if channel[-1] in "01234567" else "chn_" + "0" * 26)
    unknown = await world.client.post(other, content=body, headers=headers)
    wrong = await world.client.post(woo.inlet[:-1] + "~", content=body, headers=headers)
    assert (unknown.status_code, wrong.status_code) == (404, 404)
    assert unknown.json()["detail"] == wrong.json()["detail"]
    assert (await world.client.post(woo.inlet, content=b"x" * 1_000_001, headers=headers)).status_code == 413
    assert (await orders(world.an, channel))["71"]["state"] == "faulty"


async def test_a_change_edits_the_booking_and_a_cancellation_cancels_it(world: World, woo: WooShop, look: Look) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    found = (await orders(world.an, channel))["71"]
    await mended(world.an, channel, found["id"], **POINT)
    await look()
    woo.change(71, line_items=[{"name": "Mug", "sku": "MUG", "quantity": 20}], customer_note="Third floor")
    await told_by_hook(world, woo, 71, look)
    [shipment] = await shipments(world.an)
    assert shipment["weight_g"] >= 8_000  # twenty mugs of 400 g
    assert shipment["delivery"]["instructions"] == "Third floor"
    inside = (await world.an.get(f"/v1/shipments/{shipment['id']}/contents")).json()["contents"]
    assert sum(entry["quantity"] for entry in inside) == 20
    woo.change(71, status="cancelled")
    await told_by_hook(world, woo, 71, look)
    assert [entry["status"] for entry in await shipments(world.an)] == ["cancelled"]
    assert (await orders(world.an, channel))["71"]["state"] == "cancelled"


async def told_by_hook(world: World, woo: WooShop, number: int, look: Look) -> None:
    """The shop's webhook of an order arrives and is worked upon."""
    body, headers = woo.hook(number)
    assert (await world.client.post(woo.inlet, content=body, headers=headers)).status_code == 200
    await look()


async def test_an_older_telling_that_comes_late_changes_nothing(world: World, woo: WooShop, look: Look) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    late = woo.hook(71)
    woo.change(71, status="cancelled")
    await told_by_hook(world, woo, 71, look)
    assert (await world.client.post(woo.inlet, content=late[0], headers=late[1])).status_code == 200
    await look()
    assert (await orders(world.an, channel))["71"]["state"] == "cancelled"


async def test_a_change_after_the_cut_off_is_noted_and_nothing_is_changed(
    world: World, woo: WooShop, look: Look
) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    await mended(world.an, channel, (await orders(world.an, channel))["71"]["id"], **POINT)
    await look()
    closed = await world.coordinator.post(f"/v1/pool-windows/{world.window_id}/close", {})
    assert closed.is_success, closed.text
    woo.change(71, customer_note="Leave it with the neighbour")
    await told_by_hook(world, woo, 71, look)
    found = (await orders(world.an, channel))["71"]
    assert (found["state"], [fault["code"] for fault in found["faults"]]) == ("exception", ["cut_off_passed"])
    [shipment] = await shipments(world.an)
    assert shipment["delivery"]["instructions"] == "Ring twice"


async def test_unpaid_orders_wait_and_cash_on_delivery_does_not(world: World, woo: WooShop, look: Look) -> None:
    woo.sell(71, status="on-hold", date_paid_gmt=None)
    woo.sell(72, date_paid_gmt=None, payment_method="cod")
    channel = await woo_channel(world.an, woo)
    await look()
    found = await orders(world.an, channel)
    assert found["71"]["state"] == "unpaid"
    await mended(world.an, channel, found["72"]["id"], **POINT)
    await look()
    [shipment] = await shipments(world.an)
    assert shipment["cod_minor"] == 240_000
    woo.change(71, status="processing")
    await told_by_hook(world, woo, 71, look)
    assert (await orders(world.an, channel))["71"]["state"] == "faulty"  # payable now; its place is unknown


async def test_an_unknown_article_is_told_or_takes_the_default(world: World, woo: WooShop, look: Look) -> None:
    woo.sell(71, line_items=[{"name": "Cup", "sku": "CUP", "quantity": 3}])
    channel = await woo_channel(world.an, woo)
    await look()
    found = (await orders(world.an, channel))["71"]
    assert {(fault["pointer"], fault["code"]) for fault in found["faults"]} == {
        ("/lat", "place_unknown"),
        ("/lines/0/sku", "product_unknown"),
    }
    item = {"weight_g": 1_000, "length_mm": 100, "width_mm": 100, "height_mm": 100}
    settings = {"settings": {"default_item": item, "draft": True}}
    assert (await world.an.send("PATCH", f"/v1/channels/{channel}", settings)).is_success
    await mended(world.an, channel, found["id"], **POINT)
    await look()
    [shipment] = await shipments(world.an)
    assert (shipment["status"], shipment["weight_g"] >= 3_000) == ("draft", True)


async def test_nothing_that_is_kept_tells_of_payment_or_opens_the_shop(
    world: World, woo: WooShop, look: Look, pool: Pool
) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo)
    await look()
    await orders(world.an, channel)
    shown = (await world.an.get(f"/v1/channels/{channel}")).text
    owner = await asyncpg.connect(world.database.owner_url)
    try:
        await owner.execute("SELECT set_config('app.role', 'system', false)")
        cluster = ids.parse("clu", (await world.an.get("/v1/me")).json()["cluster"]["id"])
        await owner.execute("SELECT set_config('app.cluster', $1, false)", str(cluster))
        rows = await owner.fetch(
            "SELECT channels::text, channel_orders::text AS o FROM channels JOIN channel_orders "
            "USING (cluster_id, channel_id)"
        )
    finally:
        await owner.close()
    text = shown + "".join(row["channels"] + row["o"] for row in rows)
    assert "Le Loi" in text  # or else the search would find nothing whatever was kept
    # Four digits alone stand in some moment or identifier sooner or later.
    for secret in (WOO_SECRET, WOO_KEY, "ending in", "secret_4242", woo.hooks[0]["secret"]):
        assert secret not in text
        assert secret.encode().hex() not in text


async def test_the_shop_is_told_once_how_far_an_order_is(world: World, woo: WooShop, look: Look, pool: Pool) -> None:
    woo.sell(71)
    channel = await woo_channel(world.an, woo, service="delivery", tracking_url="https://track.example/{shipment}")
    await look()
    await mended(world.an, channel, (await orders(world.an, channel))["71"]["id"], **POINT)
    await look()
    [shipment] = await shipments(world.an)
    async with working(world):
        await planned(world)
    for status in ("dispatched", "picked_up", "out_for_delivery", "delivered"):
        await reported(world, shipment["id"], status)
        for _ in range(2):
            await ring(pool, (await relay(pool)).heard)
            await look()
    notes = [(note["customer_note"], note["note"]) for note in woo.notes[71]]
    track = f"https://track.example/{shipment['id']}"
    assert notes[-2:] == [
        (True, f"On its way with Shared delivery: {shipment['id']} {track}."),
        (True, f"Delivered ({shipment['id']})."),
    ]
    assert len(notes) == len(set(notes)) <= 3
    assert woo.orders[71]["status"] == "completed"
    found = (await orders(world.an, channel))["71"]
    assert (found["state"], found["told"]) == ("booked", "delivered")
    assert len(await shipments(world.an)) == 1


async def test_a_shop_that_was_told_but_not_noted_is_not_told_again(
    world: World, woo: WooShop, look: Look, pool: Pool
) -> None:
    """As if the worker had died between the shop's answer and its own note of it."""
    woo.sell(71)
    calls = ShopCalls(allow_private=True)
    shop = WooCommerce(calls, woo.url, WOO_KEY, WOO_SECRET, "secret")
    tidings = Tidings(
        stage=Stage.DELIVERED,
        told_stage=Stage.NOTHING,
        shipment="shp_1",
        carrier_name="Shared",
        tracking_url=None,
        complete_when=Completion.DELIVERED,
    )
    async with calls:
        await shop.tell("71", tidings)
        await shop.tell("71", tidings)
    assert len(woo.notes[71]) == 1
    assert sum(asked.method == "PUT" for asked in woo.asked) == 1


async def test_many_orders_are_read_over_pages_and_a_shop_that_fails_is_asked_again(
    world: World, woo: WooShop, look: Look
) -> None:
    for number in range(1, 231):
        woo.sell(number)
    woo.trouble = [Reply(429, {}, {"Retry-After": "0.05"}), Reply(503, {}, {"Retry-After": "0.05"})]
    channel = await woo_channel(world.an, woo)
    await look()
    assert set(await orders(world.an, channel)) == {str(number) for number in range(1, 231)}
    woo.trouble = [Reply(200, b"<html>Briefly unavailable for scheduled maintenance</html>")]
    await world.an.made(f"/v1/channels/{channel}/sync", None)
    await look()
    shown = (await world.an.get(f"/v1/channels/{channel}")).json()
    assert (shown["error"], shown["failures"]) == ("not_readable", 1)
    assert shown["paused_until"] is not None


async def test_another_address_needs_the_credentials_again(world: World, woo: WooShop) -> None:
    channel = await woo_channel(world.an, woo)
    moved = await world.an.send("PATCH", f"/v1/channels/{channel}", {"base_url": "http://127.0.0.1:1"})
    assert (moved.status_code, moved.json()["errors"][0]["code"]) == (422, "credentials_missing")
    tested = await world.an.made(f"/v1/channels/{channel}/test", None)
    assert tested == {"ok": True, "error": None, "detail": None}
    wrong = {"credentials": {"key": "ck_wrongwrong", "secret": "cs_wrongwrong"}}
    assert (await world.an.send("PATCH", f"/v1/channels/{channel}", wrong)).is_success
    tested = await world.an.made(f"/v1/channels/{channel}/test", None)
    assert (tested["ok"], tested["error"]) == (False, "credentials_refused")
