"""Products, cartons, and items that become handling units."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.imports.cartons import Piece, pack
from cluster.imports.columns.things import TYPES
from cluster.imports.product_models import Item, PalletKind
from cluster.imports.products import _product
from tests.cluster.imports.files import Shop, booked, checked, csv_file, faults_of, working

pytestmark = pytest.mark.anyio
TEA: dict[str, Any] = {"sku": "TEA-100", "name": "Tea", "weight_g": 500, "length_mm": 100, "width_mm": 100,
                       "height_mm": 100}  # fmt: skip
HEADER = ["SKU", "Name", "Weight (g)", "Length (cm)", "Width (cm)", "Height (cm)"]


async def test_a_product_is_added_changed_and_taken_off_the_list(shop: Shop) -> None:
    made = await shop.caller.post("/v1/products", TEA)
    assert made.status_code == 201, made.text
    path = f"/v1/products/{made.json()['id']}"
    tag = (await shop.caller.get(path)).headers["ETag"]
    changed = await shop.caller.send("PUT", path, TEA | {"weight_g": 600}, If_Match=tag)
    assert (changed.status_code, changed.json()["weight_g"]) == (200, 600)
    assert (await shop.caller.send("PUT", path, TEA, If_Match=tag)).status_code == 412
    assert (await shop.caller.post("/v1/products", TEA)).json()["code"] == "sku_taken"
    assert (await shop.world.binh.get(path)).status_code == 404
    assert (await shop.caller.send("DELETE", path)).status_code == 204
    assert (await shop.caller.get(path)).status_code == 404


async def test_a_product_file_adds_and_replaces(shop: Shop) -> None:
    async with working(shop.world):
        found = await checked(shop.caller, csv_file([["T-1", "Tea", "500", "10", "10", "10"]], HEADER), "kind=products")
        await booked(shop.caller, found["id"])
        rows = [["T-1", "Green tea", "750", "10", "10", "10"], ["T-2", "Cup", "0", "10", "10", "10"]]
        again = await checked(shop.caller, csv_file(rows, HEADER), "kind=products")
        assert await faults_of(shop.caller, again["id"]) == {3: {"out_of_range"}}
        await booked(shop.caller, again["id"], "good_lines")
    (tea,) = (await shop.caller.get("/v1/products")).json()["data"]
    assert (tea["name"], tea["weight_g"], tea["version"]) == ("Green tea", 750, 2)


async def test_items_become_cartons_with_what_is_in_each(shop: Shop) -> None:
    await shop.caller.made("/v1/products", TEA)
    carton = {"code": "BOX", "inner_length_mm": 200, "inner_width_mm": 200, "inner_height_mm": 200, "wall_mm": 5}
    await shop.caller.made("/v1/cartons", carton | {"tare_g": 300, "cost_minor": 1000})
    answer = await shop.caller.post("/v1/cartonise", {"items": [{"sku": "TEA-100", "quantity": 16}]})
    assert answer.status_code == 200, answer.text
    # 2 x 2 x 2 cubes of 10 cm fill a box of 20 cm: 16 are two boxes of 8 x 500 g + 300 g, 21 cm outside.
    (unit,) = answer.json()["units"]
    assert unit["handling_unit"] | {"kind": "box"} == unit["handling_unit"]
    assert (unit["handling_unit"]["units"], unit["handling_unit"]["weight_g"]) == (2, 4_300)
    assert unit["handling_unit"]["length_mm"] == 210
    assert unit["contents"] == [{"sku": "TEA-100", "name": "Tea", "quantity": 8}]
    assert (answer.json()["cost_minor"], answer.json()["proved"]) == (2000, True)


async def test_a_shipment_is_booked_by_its_items(shop: Shop) -> None:
    await shop.caller.made("/v1/products", TEA)
    booking = {name: value for name, value in shop.world.delivery().items() if name != "handling_units"}
    body = {"shipment": booking, "items": [{"sku": "TEA-100", "quantity": 3}], "pallet": "pallet_eur"}
    made = await shop.caller.post("/v1/shipments/from-items", body)
    assert made.status_code == 201, made.text
    assert [unit["kind"] for unit in made.json()["handling_units"]] == ["pallet"]
    contents = (await shop.caller.get(f"/v1/shipments/{made.json()['id']}/contents")).json()["contents"]
    assert contents == [{"unit_no": 1, "sku": "TEA-100", "name": "Tea", "quantity": 3}]
    wrong = await shop.caller.post("/v1/shipments/from-items", body | {"shipment": booking | {"service": "teleport"}})
    assert [fault["pointer"] for fault in wrong.json()["errors"]] == ["/shipment/service"]
    unknown = await shop.caller.post("/v1/cartonise", {"items": [{"sku": "NO"}, {"weight_g": 5}]})
    assert {fault["code"] for fault in unknown.json()["errors"]} == {"product_unknown", "missing"}


edges = st.integers(20, 700)
items = st.builds(
    Item, quantity=st.integers(1, 6), weight_g=st.integers(1, 40_000), length_mm=edges, width_mm=edges, height_mm=edges
)


@settings(max_examples=25, deadline=None)
@given(st.lists(items, min_size=1, max_size=5), st.sampled_from([None, PalletKind.EUR]))
def test_no_piece_is_lost_or_doubled_and_the_checker_agrees(wanted: list[Item], pallet: PalletKind | None) -> None:
    """``pack`` raises where the checker finds anything wrong."""
    found = pack([Piece(_product(item, None), item.quantity) for item in wanted], [], pallet, 1_800)
    pieces = sum(unit.handling_unit.units * content.quantity for unit in found.units for content in unit.contents)
    assert pieces == sum(item.quantity for item in wanted)
    weight_g = sum(unit.handling_unit.units * unit.handling_unit.weight_g for unit in found.units)
    assert weight_g >= sum(item.quantity * (item.weight_g or 0) for item in wanted)


def test_every_kind_of_thing_has_its_type() -> None:
    assert set(TYPES) == {"products", "cartons"}
