"""Books in the world of the tests of isolation: An, Binh, Swift and Slow each have lines and a settled month."""

from datetime import date
from typing import Any

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.ledger.checking import tend
from cluster.ledger.service import post
from tests.cluster.api import Caller, World
from tests.cluster.books.settled import owed
from tests.cluster.ledger.books import shared, unit
from tests.cluster.people.browser import colleague

RESERVE = {"holder": "cluster", "purpose": "reserve"}


def correction(holder: dict[str, Any], amount_minor: int) -> dict[str, Any]:
    """A correction between somebody and the cluster's reserve."""
    lines = [holder | {"amount_minor": amount_minor}, RESERVE | {"amount_minor": -amount_minor}]
    return {"lines": lines, "reason": "A credit"}


def forklift(*members: str) -> dict[str, Any]:
    """A cost that members are to carry in equal parts."""
    parts = [{"member_id": member} for member in members]
    body = {"title": "A forklift", "amount_minor": 1_000, "rule": "equal", "occurred_on": "2026-10-01"}
    return body | {"parts": parts}


async def month_settled(world: World, stranger: Caller) -> dict[str, str]:
    """January 2026: costs of An and Binh posted, closed by a colleague, disputed by both; the days after are open."""
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, "january", 100_000, 123_463, occurred_on=date(2026, 1, 10))])
        await owed(db, scope, (await world.swift.get("/v1/carrier/me")).json()["id"], 223_463, date(2026, 1, 10))
    january = {"starts_on": "2026-01-01", "ends_on": "2026-01-31", "through_cluster": False}
    period = (await world.coordinator.made("/v1/settlement-periods", january))["id"]
    await world.coordinator.made(f"/v1/settlement-periods/{period}/propose", None)
    second = await colleague(world, "closer@desk.example")
    await second.made(f"/v1/settlement-periods/{period}/close", None)
    made = {"period": period}
    later = {"starts_on": "2026-02-01", "ends_on": "2090-12-31"}
    made["open_period"] = (await world.coordinator.made("/v1/settlement-periods", later))["id"]
    made["period_elsewhere"] = (await stranger.made("/v1/settlement-periods", january))["id"]
    for member, name in ((world.an, "ans_"), (world.binh, "")):
        [own] = (await member.get("/v1/statements")).json()["data"]
        made[f"{name}statement"] = own["id"]
        path = f"/v1/statements/{own['id']}/disputes"
        first = await member.made(path, {"reason": "Too much", "amount_minor": 123_467})
        await member.made(f"/v1/disputes/{first['id']}/withdraw", None)
        made[f"{name}spare_dispute"] = first["id"]
        made[f"{name}dispute"] = (await member.made(path, {"reason": "Still too much"}))["id"]
    [payment] = (await world.binh.get("/v1/settlement-payments")).json()["data"]
    return made | {"payment": payment["id"]}


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
    settled = await month_settled(world, stranger)
    async with Pool.open(world.database.url, 1) as pool:
        await tend(pool)
    [ans] = (await world.an.get("/v1/ledger/accounts")).json()["data"]
    [binhs] = (await world.binh.get("/v1/ledger/accounts")).json()["data"]
    assert ids.parse("lac", ans["id"]) != ids.parse("lac", binhs["id"])
    third = (await world.coordinator.made("/v1/members", {"code": "third", "name": "Third"}))["id"]
    for name, members in (("undertaking", (world.binh_id, third)), ("spare_undertaking", (world.an_id, third))):
        settled[name] = (await world.coordinator.made("/v1/undertakings", forklift(*members)))["id"]
    return settled | {
        "ledger_entry": entries[1],
        "entry_elsewhere": elsewhere["id"],
        "ledger_account": binhs["id"],
        "ans_account": ans["id"],
    }


def of_books(things: dict[str, str], own: dict[str, str], others: dict[str, tuple[str, ...]]) -> None:
    """An's and Riverside's things of the books, and others' of the same kinds."""
    own |= {"ledger_entry": things["ledger_entry"], "ledger_account": things["ans_account"], "period": things["period"]}
    others |= {"ledger_account": (things["ledger_account"],), "ledger_entry": (things["entry_elsewhere"],)}
    others["period"] = (things["period_elsewhere"],)
