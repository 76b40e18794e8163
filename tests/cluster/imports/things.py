"""Something of everything that a member imports: what the tests of isolation look at."""

from typing import Any

from tests.cluster.api import Caller, World
from tests.cluster.imports.files import csv_file, line, rested, sent

KINDS = ("import", "import_to_map", "import_to_book", "import_to_discard", "import_mapped")


async def uploaded(member: Caller, name: str) -> dict[str, str]:
    """Files that wait for a worker, one line in each."""
    rows = {kind: line(f"{name.upper()}-{kind}", _1=f"{name}'s customer") for kind in KINDS}
    return {kind: await sent(member, csv_file([row]), f"filename={name}.csv") for kind, row in rows.items()}


async def checked(world: World, member: Caller, name: str, made: dict[str, str]) -> dict[str, str]:
    """The same after a worker had them: one of them mapped anew; products, cartons, items."""
    for import_id in made.values():
        found = await rested(member, import_id)
        assert found["status"] == "checked", found
    mapped = made.pop("import_mapped")
    mapping = (await member.get(f"/v1/imports/{mapped}")).json()["mapping"]
    assert (await member.send("PUT", f"/v1/imports/{mapped}/mapping", mapping)).is_success
    product: dict[str, Any] = {"sku": f"{name}-SKU", "name": f"{name}'s tea", "weight_g": 500, "length_mm": 100}
    product |= {"width_mm": 100, "height_mm": 100}
    carton = {"code": f"{name}-BOX", "inner_length_mm": 200, "inner_width_mm": 200, "inner_height_mm": 200}
    for kind in ("product", "spare_product"):
        made[kind] = (await member.made("/v1/products", product | {"sku": f"{name}-{kind}"}))["id"]
    for kind in ("carton", "spare_carton"):
        made[kind] = (await member.made("/v1/cartons", carton | {"code": f"{name}-{kind}"}))["id"]
    draft = {key: value for key, value in world.delivery(draft=True).items() if key != "handling_units"}
    draft["client_ref"] = f"{name.upper()}-items"
    body = {"shipment": draft, "items": [{"sku": f"{name}-product", "quantity": 2}]}
    made["items_shipment"] = (await member.made("/v1/shipments/from-items", body))["id"]
    return made
