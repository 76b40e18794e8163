"""Shipments that the pool does not move, given to carriers' own systems: prices, orders, labels, states."""

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cluster.api import World
from tests.cluster.gateways.conftest import Look
from tests.cluster.gateways.connecting import (
    IN_GHN,
    KINDS,
    alone,
    connected,
    order_of,
    ordered,
    status_of,
    time_passes,
)
from tests.cluster.gateways.systems import PDF, GhnServer, KarrioServer, LalamoveServer

pytestmark = pytest.mark.anyio


async def test_a_karrio_server_is_asked_for_rates_and_the_lowest_comes_first(
    world: World, karrio: KarrioServer
) -> None:
    gateway, shipment = await connected(world.an, "karrio", karrio), await alone(world)
    found = await world.an.made(f"/v1/gateways/{gateway}/rates", {"shipment_id": shipment})
    assert [(rate["service"], rate["connection"], rate["price_minor"]) for rate in found["rates"]] == [
        ("parcel", "vnpost_1", 45_500),
        ("parcel", "other_2", 52_000),
        ("express", "vnpost_1", 61_000),
    ]
    assert found["messages"] == ["third: closed"]
    asked = karrio.posted("/v1/proxy/rates")[0]
    assert asked["shipper"] | {"person_name": "An Mugs", "phone_number": "028 3822 0000"} == asked["shipper"]
    parcel = {"weight": 12.0, "length": 60.0, "width": 40.0, "height": 40.0, "dimension_unit": "CM"}
    assert asked["parcels"][0] | parcel == asked["parcels"][0]


async def test_an_order_is_bought_once_labelled_and_followed_to_the_door(
    world: World, karrio: KarrioServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "karrio", karrio), await alone(world)
    made = await ordered(world.an, gateway, shipment, service="parcel")
    assert made["state"] == "placing"
    await look()
    order = await order_of(world.an, made["id"])
    assert (order["state"], order["price_minor"], order["tracking_number"]) == ("placed", 45_500, "VN000000001")
    assert karrio.orders[order["external_id"]]["reference"] == made["id"]
    label = (await world.an.get(f"/v1/gateway-orders/{made['id']}/label")).json()
    assert (label["form"], base64.b64decode(label["content"])) == ("pdf", PDF)

    told = [("picked_up", "2026-11-20T08:10:00Z"), ("out_for_delivery", "2026-11-20T09:00:00Z")]
    told += [("delivered", "2026-11-20T09:40:00Z")]
    tracker = karrio.trackers["VN000000001"]
    for status, at in told:
        tracker["events"].append({"status": status, "timestamp": at, "description": "", "code": status})
        tracker["status"] = status
        await time_passes(world)
        await look()
        assert await status_of(world.an, shipment) == status
    order = await order_of(world.an, made["id"])
    assert (order["state"], order["foreign_code"]) == ("done", "delivered")
    events = (await world.an.get(f"/v1/shipments/{shipment}/events")).json()["data"]
    assert [event["at"] for event in events if event["code"] == "gateway"] == [at for _, at in told]


async def test_what_is_dearer_than_it_may_be_is_refused_before_anything_is_bought(
    world: World, karrio: KarrioServer, lalamove: LalamoveServer, ghn: GhnServer, look: Look
) -> None:
    for kind, system, most in (("karrio", karrio, 45_499), ("lalamove", lalamove, 47_999), ("ghn", ghn, 20_499)):
        gateway, shipment = await connected(world.an, kind, system), await alone(world)
        order = await ordered(world.an, gateway, shipment, price_max_minor=most, options=IN_GHN)
        await look()
        found = await order_of(world.an, order["id"])
        assert (found["state"], found["error"]) == ("refused", "too_dear"), found
        assert not [entry for entry in system.orders.values() if entry["status"] != "draft"]
        # The shipment is free again, for a dearer order.
        await ordered(world.an, gateway, shipment, price_max_minor=most + 1, options=IN_GHN)
        await look()
        assert len([entry for entry in system.orders.values() if entry["status"] != "draft"]) == 1


async def test_lalamove_gets_two_stops_and_telephones_as_it_wants_them(
    world: World, lalamove: LalamoveServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "lalamove", lalamove), await alone(world)
    rates = await world.an.made(f"/v1/gateways/{gateway}/rates", {"shipment_id": shipment})
    assert [rate["price_minor"] for rate in rates["rates"]] == [48_000]
    order = await ordered(world.an, gateway, shipment)
    await look()
    asked = lalamove.posted("/v3/orders")[0]["data"]
    assert asked["sender"] | {"name": "An Mugs", "phone": "+842838220000"} == asked["sender"]
    assert (
        asked["recipients"][0] | {"name": "Lan", "phone": "+84901234567", "remarks": "Ring twice"}
        == (asked["recipients"][0])
    )
    placed = await order_of(world.an, order["id"])
    assert (placed["state"], placed["price_minor"]) == ("placed", 48_000)
    lalamove.orders[placed["external_id"]]["status"] = "PICKED_UP"
    await time_passes(world)
    await look()
    assert await status_of(world.an, shipment) == "picked_up"


async def test_a_webhook_is_a_hint_and_the_order_is_asked_for(
    world: World, lalamove: LalamoveServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "lalamove", lalamove), await alone(world)
    order = await ordered(world.an, gateway, shipment)
    await look()
    number = (await order_of(world.an, order["id"]))["external_id"]
    inlet = urlsplit((await world.an.get(f"/v1/gateways/{gateway}")).json()["hook_url"]).path
    # Whatever it says, it is not believed: the order is on its way, not delivered.
    hook = {"eventType": "ORDER_STATUS_CHANGED", "data": {"order": {"orderId": number, "status": "COMPLETED"}}}
    lalamove.orders[number]["status"] = "PICKED_UP"
    assert (await world.client.post(inlet, json=hook)).status_code == 200
    await look()
    assert await status_of(world.an, shipment) == "picked_up"
    # An empty greeting is taken, another token is not.
    assert (await world.client.post(inlet)).status_code == 200
    assert (await world.client.post(inlet + "x", json=hook)).status_code == 404


async def test_ghn_gets_its_own_codes_the_cash_to_collect_and_what_the_consignee_may_do(
    world: World, ghn: GhnServer, look: Look
) -> None:
    gateway = await connected(world.an, "ghn", ghn)
    shipment = await alone(world, cod_minor=240_000, declared_minor=300_000, inspection="look")
    order = await ordered(world.an, gateway, shipment, options=IN_GHN)
    await look()
    placed = await order_of(world.an, order["id"])
    assert (placed["state"], placed["price_minor"], placed["external_id"]) == ("placed", 20_500, "GTEST1")
    asked = ghn.orders["GTEST1"]["asked"]
    wanted = {
        "cod_amount": 240_000,
        "insurance_value": 300_000,
        "required_note": "CHOXEMHANGKHONGTHU",
        "weight": 12_000,
    }
    wanted |= {"length": 60, "width": 40, "height": 40, "client_order_code": order["id"]} | IN_GHN
    assert asked | wanted == asked
    label = (await world.an.get(f"/v1/gateway-orders/{order['id']}/label")).json()
    assert label["form"] == "link"
    assert label["url"].startswith(f"{ghn.url}/a5/public-api/printA5?token=")
    ghn.move("GTEST1", "picked", "2026-11-20T08:10:00Z")
    ghn.move("GTEST1", "storing", "2026-11-20T08:40:00Z")
    await time_passes(world)
    await look()
    assert await status_of(world.an, shipment) == "at_hub"
    ghn.move("GTEST1", "waiting_to_return", "2026-11-20T10:00:00Z")
    ghn.move("GTEST1", "returned", "2026-11-21T10:00:00Z")
    await time_passes(world)
    await look()
    assert await status_of(world.an, shipment) == "returned"


async def test_what_a_system_would_only_say_in_its_own_words_is_said_in_ours(
    world: World, ghn: GhnServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "ghn", ghn), await alone(world)
    answer = await world.an.post(f"/v1/gateways/{gateway}/rates", {"shipment_id": shipment})
    assert answer.status_code == 200
    assert all("to_district_id and to_ward_code" in message for message in answer.json()["messages"])
    order = await ordered(world.an, gateway, shipment, options={"to_district_id": 1, "to_ward_code": "0"})
    await look()
    found = await order_of(world.an, order["id"])
    assert (found["state"], found["error"], found["detail"]) == (
        "refused",
        "system_refused",
        "Mã phường/xã không hợp lệ",
    )


async def test_an_order_is_cancelled_while_the_carrier_allows_it(world: World, ghn: GhnServer, look: Look) -> None:
    gateway = await connected(world.an, "ghn", ghn)
    early, late = await alone(world), await alone(world)
    orders = [await ordered(world.an, gateway, shipment, options=IN_GHN) for shipment in (early, late)]
    await look()
    numbers = [(await order_of(world.an, order["id"]))["external_id"] for order in orders]
    ghn.move(numbers[1], "picked", "2026-11-20T08:10:00Z")
    for order in orders:
        asked = await world.an.post(f"/v1/gateway-orders/{order['id']}/cancel", None)
        assert (asked.status_code, asked.json()["state"]) == (202, "cancelling")
    await look()
    first, second = [await order_of(world.an, order["id"]) for order in orders]
    assert first["state"] == "cancelled"
    assert (second["state"], second["error"], second["detail"]) == ("placed", "cancel_refused", "Không thể hủy")


async def test_only_what_its_member_moves_itself_is_given_away_and_once(
    world: World, ghn: GhnServer, karrio: KarrioServer
) -> None:
    gateway, other = await connected(world.an, "ghn", ghn), await connected(world.an, "karrio", karrio)
    pooled = (await world.an.made("/v1/shipments", world.delivery()))["id"]
    answer = await world.an.post(f"/v1/gateways/{gateway}/orders", {"shipment_id": pooled})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_outside_the_pool")
    shipment = await alone(world)
    await ordered(world.an, gateway, shipment, options=IN_GHN)
    answer = await world.an.post(f"/v1/gateways/{other}/orders", {"shipment_id": shipment})
    assert (answer.status_code, answer.json()["code"]) == (409, "shipment_given_away")


async def test_gateways_and_orders_of_a_member_are_nobody_elses_business(world: World, ghn: GhnServer) -> None:
    gateway, shipment = await connected(world.an, "ghn", ghn), await alone(world)
    order = await ordered(world.an, gateway, shipment, options=IN_GHN)
    for stranger in (world.binh, world.coordinator):
        assert (await stranger.get(f"/v1/gateways/{gateway}")).status_code == 404
        assert (await stranger.get(f"/v1/gateway-orders/{order['id']}")).status_code == 404
        assert (await stranger.get("/v1/gateways")).json()["data"] == []
        assert (await stranger.get("/v1/gateway-orders")).json()["data"] == []
    # Nor does a member give away what is another's.
    answer = await world.binh.post(f"/v1/gateways/{gateway}/orders", {"shipment_id": shipment})
    assert answer.status_code == 404


async def test_every_fault_of_a_gateway_is_told_at_once(world: World) -> None:
    answer = await world.an.post(
        "/v1/gateways", {"code": "x", "kind": "ghn", "carrier_id": "car_01m3w8c5v2e0gq9r6t1x4zkb7n"}
    )
    assert answer.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/credentials/key", "missing"),
        ("/settings/shop_id", "missing"),
        ("/settings/sender_phone", "missing"),
        ("/settings/from_district_id", "missing"),
        ("/settings/from_ward_code", "missing"),
        ("/carrier_id", "not_for_kind"),
    }


async def test_credentials_are_shown_by_no_operation_and_leave_with_the_gateway(
    world: World, karrio: KarrioServer, look: Look
) -> None:
    gateway, shipment = await connected(world.an, "karrio", karrio), await alone(world)
    shown = await world.an.get(f"/v1/gateways/{gateway}")
    assert "key_of_the_tests" not in shown.text
    assert (await world.an.made(f"/v1/gateways/{gateway}/test", None)) == {"ok": True, "error": None, "detail": None}
    order = await ordered(world.an, gateway, shipment)
    answer = await world.an.send("DELETE", f"/v1/gateways/{gateway}")
    assert (answer.status_code, answer.json()["code"]) == (409, "gateway_in_use")
    await world.an.post(f"/v1/gateway-orders/{order['id']}/cancel", None)
    assert (await world.an.send("DELETE", f"/v1/gateways/{gateway}")).status_code == 204
    assert (await order_of(world.an, order["id"]))["state"] == "cancelled"
    assert karrio.orders == {}


async def test_a_key_that_is_refused_says_so(world: World, karrio: KarrioServer) -> None:
    body: dict[str, Any] = KINDS["karrio"] | {"credentials": {"key": "another"}}
    made = await world.an.made("/v1/gateways", body | {"code": "k", "kind": "karrio", "base_url": karrio.url})
    tested = await world.an.made(f"/v1/gateways/{made['id']}/test", None)
    assert (tested["ok"], tested["error"]) == (False, "credentials_refused")
