"""Books in the world of the tests of isolation: An, Binh, Swift and Slow each have lines of their own."""

from typing import Any

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.ledger.checking import tend
from tests.cluster.api import Caller, World

RESERVE = {"holder": "cluster", "purpose": "reserve"}


def correction(holder: dict[str, Any], amount_minor: int) -> dict[str, Any]:
    """A correction between somebody and the cluster's reserve."""
    lines = [holder | {"amount_minor": amount_minor}, RESERVE | {"amount_minor": -amount_minor}]
    return {"lines": lines, "reason": "A credit"}


async def booked(world: World, things: dict[str, str], stranger: Caller) -> dict[str, str]:
    """A credit to each of the four, and books in the other cluster; the books are read once."""
    slow = (await world.slow.get("/v1/carrier/me")).json()["id"]
    holders = [("member", world.an_id), ("member", world.binh_id), ("carrier", things["carrier"]), ("carrier", slow)]
    entries = []
    for kind, holder_id in holders:
        body = correction({"holder": kind, "holder_id": holder_id}, -123_461)
        entries.append((await world.coordinator.made("/v1/ledger/corrections", body))["id"])
    far = await stranger.made("/v1/members", {"code": "ledger", "name": "Ledger"})
    elsewhere = await stranger.made(
        "/v1/ledger/corrections", correction({"holder": "member", "holder_id": far["id"]}, -1)
    )
    async with Pool.open(world.database.url, 1) as pool:
        await tend(pool)
    [ans] = (await world.an.get("/v1/ledger/accounts")).json()["data"]
    [binhs] = (await world.binh.get("/v1/ledger/accounts")).json()["data"]
    assert ids.parse("lac", ans["id"]) != ids.parse("lac", binhs["id"])
    return {
        "ledger_entry": entries[1],
        "entry_elsewhere": elsewhere["id"],
        "ledger_account": binhs["id"],
        "ans_account": ans["id"],
    }
