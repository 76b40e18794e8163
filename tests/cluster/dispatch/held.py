"""Something of every kind that tours know, for the tests of isolation; nothing of it is given to a driver yet."""

import hashlib
from datetime import UTC, datetime

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.dispatch import event_queries, taking_queries
from cluster.dispatch.event_models import Action, EventKind, EventSource, ProofKind
from cluster.dispatch.event_queries import NewEvent, NewProof
from tests.cluster.api import World

SIGNATURE = b"M10 20L30 40"


async def toured(world: World, things: dict[str, str], shipments: dict[str, str]) -> dict[str, str]:
    """Tours of the plan with links, proofs, events and labels; ``shipments`` are a planned one of each member, by id."""
    answer = await world.coordinator.post(f"/v1/plans/{things['plan']}/dispatch", {"release": False})
    assert answer.status_code == 200, answer.text
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    found: dict[str, str] = {}
    for caller, prefix in ((world.coordinator, "8934567"), (world.an, "4012345"), (world.binh, "4054321")):
        assert (await caller.send("PUT", "/v1/sscc-prefix", {"prefix": prefix})).is_success
    for tour in answer.json()["tours"]:
        link = await world.coordinator.made(f"/v1/tours/{tour['id']}/driver-link", {})
        whole = (await world.coordinator.get(f"/v1/tours/{tour['id']}")).json()
        for visit in (visit for stop in whole["stops"] for visit in stop["visits"]):
            member_id, shipment_id = visit["member_id"], visit["shipment_id"]
            if shipments.get(member_id) != shipment_id:
                continue
            caller = world.binh if member_id == world.binh_id else world.an
            assert (await caller.post(f"/v1/shipments/{shipment_id}/labels?format=zpl", None)).is_success
            tracking = await caller.made(f"/v1/shipments/{shipment_id}/tracking-link", {})
            proof_id = await signed(world, cluster_id, tour["id"], member_id, shipment_id)
            await told(world, cluster_id, tour["id"], member_id, shipment_id)
            if member_id == world.binh_id:
                found = {"tour": tour["id"], "driver_link": link["id"], "tracking_link": tracking["id"]}
                found |= {"proof": proof_id, "toured_shipment": shipment_id}
    return found


async def signed(world: World, cluster_id: ids.UUID, tour_id: str, member_id: str, shipment_id: str) -> str:
    """A signature for a visit, as if the tour had left; its identifier."""
    proof = NewProof(
        proof_id=ids.new(),
        member_id=ids.parse("mem", member_id),
        shipment_id=ids.parse("shp", shipment_id),
        event_key=f"proof-{member_id}",
        action=Action.DELIVERY,
        kind=ProofKind.SIGNATURE,
        media_type="image/svg+xml",
        size_bytes=len(SIGNATURE),
        sha256=hashlib.sha256(SIGNATURE).hexdigest(),
        signer_name="Somebody",
        taken_at=datetime.now(UTC),
    )
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        await event_queries.insert_proof(db, system_scope(cluster_id), ids.parse("tor", tour_id), proof, SIGNATURE)
    return ids.show("pod", proof.proof_id)


async def told(world: World, cluster_id: ids.UUID, tour_id: str, member_id: str, shipment_id: str) -> None:
    """An event of a visit, as if the tour had left."""
    now = datetime.now(UTC)
    event = NewEvent(
        event_id=ids.new(),
        member_id=ids.parse("mem", member_id),
        shipment_id=ids.parse("shp", shipment_id),
        event_key=f"event-{member_id}",
        kind=EventKind.LOADED,
        source=EventSource.DRIVER,
        stop_no=None,
        action=Action.DELIVERY,
        reason=None,
        units_done=None,
        note=None,
        at=now,
        told_at=now,
        applied=True,
        lat=None,
        lon=None,
        accuracy_m=None,
    )
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        await taking_queries.store(
            db, system_scope(cluster_id), taking_queries.Following(events=[(ids.parse("tor", tour_id), event)])
        )
