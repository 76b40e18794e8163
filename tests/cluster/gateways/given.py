"""Gateways of rivals and of the cluster, each with something exchanged: what the tests of isolation look at."""

import hashlib
from typing import Any

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.gateways import file_queries
from tests.cluster.api import Caller, World
from tests.cluster.gateways.connecting import KINDS


async def gateways_given(world: World, alone: dict[str, str], carrier_id: str) -> dict[str, str]:
    """An's and Binh's gateways with an order each, and the cluster's with a file; identifiers but for An's."""
    await gateway_of(world.an, "An", alone["An"])
    made = await gateway_of(world.binh, "Binh", alone["Binh"])
    free = world.delivery(client_ref="BINH-free", pooling="alone")
    made["free_shipment"] = (await world.binh.made("/v1/shipments", free))["id"]
    body = {"code": "drop", "kind": "folder", "carrier_id": carrier_id}
    made["drop"] = (await world.coordinator.made("/v1/gateways", body))["id"]
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        gateway_id, digest = ids.parse("gtw", made["drop"]), hashlib.sha256(b"a file").digest()
        await file_queries.keep(db, system_scope(cluster_id), gateway_id, "out", "tour_1.csv", digest, 1, 0)
    return made


async def gateway_of(member: Caller, name: str, shipment_id: str) -> dict[str, str]:
    """A member's two gateways, and an order at the first that nobody has placed yet."""
    made = {}
    for number, kind in enumerate(("gateway", "spare_gateway")):
        body: dict[str, Any] = KINDS["ghn"] | {"code": f"{name}-GHN-{number}", "kind": "ghn"}
        body["settings"] = body["settings"] | {"sender_name": f"{name}'s warehouse"}
        made[kind] = (await member.made("/v1/gateways", body))["id"]
    order = await member.made(f"/v1/gateways/{made['gateway']}/orders", {"shipment_id": shipment_id})
    return made | {"gateway_order": order["id"]}
