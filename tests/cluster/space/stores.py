"""Something of every kind that shared space knows, for the tests of isolation."""

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.space import replan_queries
from tests.cluster.api import World
from tests.cluster.space.warehouse import Warehouse, on

NOTHING_MOVES = {"unit": "pallet_place", "moves": [], "taken_in": [], "left_waiting": []}
NOTHING_MOVES |= {"moves_minor": 0, "worth_minor": 0, "bound_minor": 0}


async def stored(world: World) -> dict[str, str]:
    """Quay's store in which An and Binh have booked, the cluster's hall, and a re-plan."""
    store = Warehouse(world)
    host_id, _, quays = await store.host(20)
    things = {"host_member": host_id, "quays_offer": quays}
    for name in ("space_offer", "spare_space_offer"):
        things[name] = await store.offers(20, temperature="frozen")
    await store.books(world.an, 2, 5, 5, offer_id=quays, content="An's cups")
    for name in ("space_booking", "spare_space_booking"):
        things[name] = (await store.books(world.binh, 2, 5, 5, offer_id=quays, content="Binh's tiles"))["id"]
    await store.books(world.an, 21, 5, 5, wait=True)
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    replan_id = ids.new()
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        await replan_queries.insert(db, system_scope(cluster_id), replan_id, NOTHING_MOVES)
    things |= await split(store, world)
    return things | {"space_replan": ids.show("spr", replan_id)}


async def split(store: Warehouse, world: World) -> dict[str, str]:
    """A hall that An and Binh have paid for, and what stood there on a day."""
    hall = await store.offers(10, temperature="controlled", first_on=on(-40))
    committed = [{"member_id": member, "units": 4} for member in (world.an_id, world.binh_id)]
    lease = {"rent_month_minor": 8_000, "running_month_minor": 100, "commitments": committed}
    assert (await world.coordinator.send("PUT", f"/v1/space-offers/{hall}/lease", lease)).is_success
    counts = {"day": on(-10), "counts": committed}
    assert (await world.coordinator.send("PUT", f"/v1/space-offers/{hall}/counts", counts)).is_success
    body = {"offer_id": hall, "first_on": on(-12), "last_on": on(-8), "rent_minor": 8_000, "running_minor": 100}
    made = await world.coordinator.made("/v1/space-splits", body)
    return {"leased_offer": hall, "space_split": made["id"]}
