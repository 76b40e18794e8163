"""A period that is settled: what tests of statements start from."""

from datetime import date
from typing import Any
from uuid import uuid4, uuid5

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.ledger.models import NewEntry, NewLine, Purpose, of_carrier, of_cluster
from cluster.ledger.service import post
from tests.cluster.api import Caller, World
from tests.cluster.ledger.books import NOWHERE, shared, unit
from tests.cluster.people.browser import colleague

STARTS, ENDS = date(2025, 11, 1), date(2025, 11, 30)
NOVEMBER = {"starts_on": "2025-11-01", "ends_on": "2025-11-30", "through_cluster": False}
"""Netted among members: each test says so where it is not."""


async def posted(world: World, name: str, an: int, binh: int, day: date = date(2025, 11, 20)) -> None:
    """A cost that An and Binh share."""
    async with unit(world) as (db, scope):
        await post(db, scope, [shared(world, name, an, binh, occurred_on=day)])


async def owed(db: Connection, scope: Scope, carrier_id: str, amount: int, day: date = date(2025, 11, 20)) -> None:
    """A carrier is owed something for freight."""
    carrier = of_carrier(ids.parse("car", carrier_id), "VND")
    entry = NewEntry(
        kind="freight",
        source_kind="civ",
        source_id=uuid5(NOWHERE, carrier_id),
        occurred_on=day,
        currency="VND",
        lines=(NewLine(carrier, -amount, "accepted"), NewLine(of_cluster(Purpose.FREIGHT, "VND"), amount, "accepted")),
    )
    await post(db, scope, [entry])


async def other(world: World) -> Caller:
    """Somebody else at the coordinator's desk."""
    return await colleague(world, f"{uuid4().hex}@desk.example")


async def opened(world: World, **changes: Any) -> str:
    """November, to be settled."""
    return str((await world.coordinator.made("/v1/settlement-periods", NOVEMBER | changes))["id"])


async def closed(world: World, **changes: Any) -> str:
    """November, proposed by the coordinator and closed by another."""
    period_id = await opened(world, **changes)
    await settled(world, period_id)
    return period_id


async def settled(world: World, period_id: str) -> None:
    """Proposed by the coordinator and closed by another."""
    await world.coordinator.made(f"/v1/settlement-periods/{period_id}/propose", None)
    await (await other(world)).made(f"/v1/settlement-periods/{period_id}/close", None)
