"""A joint warehouse at Riverside's hub, from today on, and whoever books in it."""

from datetime import date, datetime, timedelta
from typing import Any

import httpx

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.space import queries
from tests.cluster.api import ZONE, Caller, World

LONG_DAYS = 60


def today() -> date:
    """What day it is at Riverside."""
    return datetime.now(ZONE).date()


def on(number: int) -> str:
    """The day that many days from today."""
    return (today() + timedelta(days=number)).isoformat()


class Warehouse:
    """The world, and what is done about space in it; days are counted from today."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def offers(self, units: int, by: Caller | None = None, **changes: Any) -> str:
        """Space at the hub for 60 days, 1 dong a pallet place and day; its identifier."""
        body = {"site_id": self.world.hub_id, "zone": "Hall A", "units": units, "first_on": on(0), "day_milli": 1000}
        body |= {"last_on": on(LONG_DAYS - 1)}
        found = await (by or self.world.coordinator).made("/v1/space-offers", body | changes)
        return str(found["id"])

    async def host(self, units: int, **changes: Any) -> tuple[str, Caller, str]:
        """A third firm, Quay, that offers space in its own store: its identifier, its key, the offer."""
        member_id, quay = await self.world.admit("quay")
        site = {"code": "Q", "name": "Quay store", "kind": "warehouse", "address_line1": "1 Quay", "country_code": "VN"}
        site_id = (await quay.made("/v1/sites", site | {"lat": 10.79, "lon": 106.7}))["id"]
        return member_id, quay, await self.offers(units, quay, site_id=site_id, **changes)

    async def asks(self, who: Caller, units: int, first: int, days: int, **more: Any) -> httpx.Response:
        """Somebody books from a day on."""
        body = {"units": units, "earliest_on": on(first), "days": days}
        return await who.post("/v1/space-bookings", body | more)

    async def books(self, who: Caller, units: int, first: int, days: int, **more: Any) -> Any:
        """The same, and it works."""
        answer = await self.asks(who, units, first, days, **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def looks(self, who: Caller, booking: Any) -> Any:
        """A booking as it is now."""
        return (await who.get(f"/v1/space-bookings/{booking['id']}")).json()

    async def calendar(self, who: Caller, offer_id: str, first: int = 0, last: int = 9) -> Any:
        """The calendar of an offer."""
        return (await who.get(f"/v1/space-offers/{offer_id}/calendar?first_on={on(first)}&last_on={on(last)}")).json()

    async def miscounted(self) -> list[Any]:
        """Days whose count is not what bookings say."""
        me = (await self.world.coordinator.get("/v1/me")).json()
        scope = system_scope(ids.parse("clu", me["cluster"]["id"]))
        async with Pool.open(self.world.database.url, 1) as pool, pool.unit(scope) as db:
            return await queries.miscounted(db, scope)
