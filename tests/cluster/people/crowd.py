"""People of Binh, An and the coordinator, with all that they sign in with: for the tests of isolation."""

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.people import session_queries
from tests.cluster.api import World
from tests.cluster.people.browser import Browser, invited, joined, with_passkey


async def crowd(world: World) -> dict[str, str]:
    """Identifiers of Binh's person, one to be erased, and an invitation; An has the like."""
    things = {}
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    for caller, member_id, name in ((world.binh, world.binh_id, "Binh"), (world.an, world.an_id, "An")):
        things = {}
        for kind in ("user", "spare_user"):
            browser = await joined(world, f"{kind}@{name}.example", "member_user", member_id, by=caller)
            things[kind] = (await browser.get("/v1/session")).json()["user"]["id"]
            await with_passkey(browser)
            await browser.with_app()
            await browser.post("/v1/session/recovery-codes")
        things["user_invitation"] = (await invited(caller, f"waits@{name}.example", "member_user", member_id))["id"]
        async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
            scope = system_scope(cluster_id)
            await session_queries.link_identity(db, scope, ids.parse("usr", things["user"]), "https://id", name)
        if name == "Binh":
            binhs = things
    await Browser(world.client).post("/v1/session", {"email": "nobody@binh.example", "password": "x"})
    await Browser(world.client).post("/v1/session/passkey-options")
    rules = {"coordinators_need_factor": True}
    assert (await world.coordinator.send("PUT", "/v1/sign-in-rules", rules)).is_success
    return binhs
