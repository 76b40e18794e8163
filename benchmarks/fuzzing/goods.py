"""Good requests about shipments, windows, files of bookings, products and shops."""

import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.fuzzing.firms import far_day
from benchmarks.fuzzing.world import Good, Json, World, unique
from benchmarks.wire import shipment

BOX = {f"inner_{edge}_mm": 300 for edge in ("length", "width", "height")}
CUP = {"name": "Cup", "weight_g": 100, "length_mm": 90, "width_mm": 90, "height_mm": 90}
ZONES = [{"code": "all", "breaks": [{"base_minor": 50_000}]}]
HEADER = "Order,Recipient,Recipient address,Delivery lat,Delivery lon,Delivery from,Delivery until,"
HEADER += "Weight (kg),Length (cm),Width (cm),Height (cm),Qty"
MAPPING = {
    "columns": [
        {"field": "delivery_address_line1", "column_no": 3},
        {"field": "weight", "column_no": 8, "unit": "kg"},
        *({"field": edge, "column_no": 9 + n, "unit": "cm"} for n, edge in enumerate(("length", "width", "height"))),
    ]
}
SHOP = {
    "kind": "woocommerce",
    "base_url": "https://shop.example.com",
    "settings": {},
    "credentials": {"key": "ck_0123456789abcdef", "secret": "cs_0123456789abcdef"},
}

GATE = {
    "kind": "ghn",
    "credentials": {"key": "01234567-89ab-cdef-0123-456789abcdef"},
    "settings": {"sender_phone": "028 3822 0000", "shop_id": 885, "from_district_id": 1442, "from_ward_code": "20308"},
}


def booking(world: World, **changes: Any) -> Json:
    """A delivery into the window that is open."""
    return shipment(world.things["day"], world.things["win"][0], str(uuid.uuid4())) | changes


def booked(world: World, **changes: Any) -> Json:
    """A fresh shipment of the firm, as a path names it."""
    return {"shipment_id": world.admin.post("/v1/shipments", booking(world, **changes))["id"]}


def file_of_bookings() -> bytes:
    """One line in a table."""
    return f"{HEADER}\n{unique()},Shop,12 River Street,10.81,106.65,08:00,17:00,12.5,60,40,40,1\n".encode()


def checked(world: World) -> Json:
    """A file that a worker has looked at and nobody has booked; there are a few, each for one try."""
    return {"import_id": world.things["imp"].pop()}


def window(world: World) -> Json:
    """A fresh window."""
    return {"pool_window_id": world.coordinator.post("/v1/pool-windows", opening())["id"]}


def opening() -> Json:
    """A window of a far day."""
    day = far_day()
    return {"service_date": day, "cut_off_at": f"{day}T00:00:00Z"}


def past_window(world: World) -> Json:
    """A window that is over."""
    past = {"service_date": "2020-01-02", "opens_at": "2019-12-30T00:00:00Z", "cut_off_at": "2020-01-01T00:00:00Z"}
    return {"pool_window_id": world.coordinator.post("/v1/pool-windows", past | {"label": unique()})["id"]}


def product(world: World) -> Json:
    """A fresh product."""
    return dict(world.admin.post("/v1/products", CUP | {"sku": unique()}))


def carton(world: World) -> Json:
    """A fresh carton."""
    return {"carton_id": world.admin.post("/v1/cartons", BOX | {"code": unique()})["id"]}


def items(world: World) -> list[Json]:
    """Two pieces of a fresh product."""
    return [{"sku": product(world)["sku"], "quantity": 2}]


def of_items(world: World) -> Json:
    """A booking by what is in it."""
    body = {name: value for name, value in booking(world, draft=True).items() if name != "handling_units"}
    return {"shipment": body, "items": items(world)}


def shop(world: World) -> Json:
    """A fresh shop."""
    return {"channel_id": world.admin.post("/v1/channels", SHOP | {"code": unique()})["id"]}


def gate(world: World) -> Json:
    """A fresh gateway."""
    return {"gateway_id": world.admin.post("/v1/gateways", GATE | {"code": unique()})["id"]}


def gate_order(world: World) -> Json:
    """An order that no worker has seen yet."""
    path = f"/v1/gateways/{gate(world)['gateway_id']}/orders"
    return {"gateway_order_id": world.admin.post(path, booked(world, pooling="alone"))["id"]}


def drop(world: World) -> Json:
    """A gateway of files."""
    carrier = world.coordinator.post("/v1/carriers", {"code": unique(), "name": "C", "country_code": "VN"})
    body = {"code": unique(), "kind": "folder", "carrier_id": carrier["id"]}
    return {"gateway_id": world.coordinator.post("/v1/gateways", body)["id"]}


def tariff() -> Json:
    """What a carrier outside asks."""
    return {"code": unique(), "name": "T", "valid_from": "2020-01-01", "zones": ZONES}


def own_tariff(world: World) -> Json:
    """A fresh tariff of that kind."""
    return {"outside_tariff_id": world.admin.post("/v1/outside-tariffs", tariff())["id"]}


GOODS: dict[str, Callable[[World], Good]] = {
    "add_outside_tariff": lambda _: Good(tariff()),
    "get_outside_tariff": lambda w: Good(path=own_tariff(w)),
    "withdraw_outside_tariff": lambda w: Good(path=own_tariff(w)),
    "set_booking_defaults": lambda _: Good({"pooling": "pool"}),
    "set_booking_rules": lambda _: Good({"late_cancellation": False}),
    "book_draft": lambda w: Good({}, booked(w, draft=True)),
    "cancel_shipment": lambda w: Good({}, booked(w)),
    "get_shipment": lambda w: Good(path=booked(w)),
    "edit_shipment": lambda w: Good({"food": True}, booked(w)),
    "report_shipment_event": lambda w: Good({"status": "delivered"}, booked(w, pooling="alone")),
    "move_economy_on": lambda w: Good(path=past_window(w)),
    "book_shipment": lambda w: Good(booking(w)),
    "book_shipments": lambda w: Good({"shipments": [booking(w)]}),
    "quote_shipment": lambda w: Good(booking(w)),
    "change_pool_window": lambda w: Good({"late_policy": "refuse"}, window(w)),
    "close_pool_window": lambda w: Good(path=window(w)),
    "open_pool_window": lambda _: Good(opening()),
    "upload_import": lambda _: Good(file_of_bookings(), media_type="text/csv"),
    "commit_import": lambda w: Good({}, checked(w)),
    "discard_import": lambda w: Good(path=checked(w)),
    "map_import_columns": lambda w: Good(MAPPING, checked(w)),
    "add_carton": lambda _: Good(BOX | {"code": unique()}),
    "put_carton": lambda w: Good(BOX | {"code": unique()}, carton(w)),
    "retire_carton": lambda w: Good(path=carton(w)),
    "add_product": lambda _: Good(CUP | {"sku": unique()}),
    "put_product": lambda w: Good(CUP | {"sku": unique()}, {"product_id": product(w)["id"]}),
    "retire_product": lambda w: Good(path={"product_id": product(w)["id"]}),
    "book_items": lambda w: Good(of_items(w)),
    "cartonise": lambda w: Good({"items": items(w)}),
    "get_shipment_contents": lambda w: Good(
        path={"shipment_id": w.admin.post("/v1/shipments/from-items", of_items(w))["id"]}
    ),
    "add_channel": lambda _: Good(SHOP | {"code": unique()}),
    "get_channel": lambda w: Good(path=shop(w)),
    "list_channel_orders": lambda w: Good(path=shop(w)),
    "change_channel": lambda w: Good({"settings": {"draft": True}}, shop(w)),
    "delete_channel": lambda w: Good(path=shop(w)),
    "sync_channel": lambda w: Good(path=shop(w)),
    "test_channel": lambda w: Good(path=shop(w)),
    "retry_channel_order": lambda w: Good(
        {"lat": 10.812, "lon": 106.65}, {"channel_id": w.things["chn"][0], "order_id": w.things["cho"].pop()}
    ),
    "add_gateway": lambda _: Good(GATE | {"code": unique()}),
    "get_gateway": lambda w: Good(path=gate(w)),
    "change_gateway": lambda w: Good({"active": True}, gate(w)),
    "remove_gateway": lambda w: Good(path=gate(w)),
    "test_gateway": lambda w: Good(path=gate(w)),
    "ask_gateway_rates": lambda w: Good(booked(w, pooling="alone"), gate(w)),
    "place_gateway_order": lambda w: Good(booked(w, pooling="alone"), gate(w)),
    "list_gateway_files": lambda w: Good(path=drop(w)),
    "get_gateway_order": lambda w: Good(path=gate_order(w)),
    "cancel_gateway_order": lambda w: Good(path=gate_order(w)),
    "settle_gateway_order": lambda w: Good({"external_id": None}, gate_order(w)),
    "get_gateway_label": lambda w: Good(path=gate_order(w)),
    "knock_at_gateway": lambda w: Good({"OrderCode": "GTEST1"}, gate(w) | {"token": unique()}),
    "knock_at_channel": lambda w: Good(
        path={"channel_id": w.things["chn"][0], "token": w.things["knock"]["token"]},
        headers=w.things["knock"]["headers"],
    ),
}
"""How each operation is asked well, by its name."""
