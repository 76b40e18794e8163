"""Gateways connected, shipments given to them, and time that passes."""

from typing import Any

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from tests.cluster.api import Caller, World
from tests.cluster.gateways.systems import (
    GHN_SHOP,
    GHN_TOKEN,
    KARRIO_KEY,
    LALAMOVE_KEY,
    LALAMOVE_SECRET,
    System,
)

SENDER = {"sender_name": "An Mugs", "sender_phone": "028 3822 0000"}
KINDS: dict[str, dict[str, Any]] = {
    "karrio": {"credentials": {"key": KARRIO_KEY}, "settings": SENDER},
    "lalamove": {
        "credentials": {"key": LALAMOVE_KEY, "secret": LALAMOVE_SECRET},
        "settings": SENDER | {"market": "VN", "language": "vi_VN", "service": "MOTORCYCLE"},
    },
    "ghn": {
        "credentials": {"key": GHN_TOKEN},
        "settings": SENDER | {"shop_id": GHN_SHOP, "from_district_id": 1442, "from_ward_code": "20308"},
    },
}
IN_GHN = {"to_district_id": 1454, "to_ward_code": "21211"}


async def connected(caller: Caller, kind: str, system: System) -> str:
    """A gateway to this system; its identifier."""
    made = await caller.made("/v1/gateways", KINDS[kind] | {"code": kind, "kind": kind, "base_url": system.url})
    return str(made["id"])


async def alone(world: World, caller: Caller | None = None, **changes: Any) -> str:
    """A shipment that its member moves itself, from the hub to a shop that has a telephone; its identifier."""
    booking = world.delivery(pooling="alone", **changes)
    booking["delivery"] |= {"contact_name": "Lan", "phone": "0901 234 567", "instructions": "Ring twice"}
    return str((await (caller or world.an).made("/v1/shipments", booking))["id"])


async def ordered(caller: Caller, gateway_id: str, shipment_id: str, **changes: Any) -> dict[str, Any]:
    """An order written down, as it is then."""
    body = {"shipment_id": shipment_id} | changes
    made: dict[str, Any] = await caller.made(f"/v1/gateways/{gateway_id}/orders", body)
    return made


async def order_of(caller: Caller, order_id: str) -> dict[str, Any]:
    """An order as it is now."""
    found: dict[str, Any] = (await caller.get(f"/v1/gateway-orders/{order_id}")).json()
    return found


async def status_of(caller: Caller, shipment_id: str) -> str:
    """Where a shipment stands."""
    return str((await caller.get(f"/v1/shipments/{shipment_id}")).json()["status"])


async def time_passes(world: World) -> None:
    """All that waits for its time is due, and leases of workers that died are over."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        await db.execute("UPDATE gateway_orders SET due_at = now(), working_until = NULL WHERE due_at IS NOT NULL")
        await db.execute("UPDATE gateways SET due_at = now(), working_until = NULL")
