"""A day of Riverside with one tour to be tendered, and the carriers Swift, Steady and Cheap."""

from typing import Any

import httpx

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.tenders import service
from tests.cluster.api import Caller, World
from tests.cluster.dispatch.road import booked
from tests.cluster.planning.test_plan import planned, working
from tests.databases import Database

NAMES = ("swift", "steady", "cheap")


class Market:
    """The tour's price by its tariff is ``price``; each carrier has a key."""

    world: World
    plan_id: str
    tour: Any
    price: int
    firms: dict[str, str]
    carriers: dict[str, Caller]

    def on(self, database: Database, client: httpx.AsyncClient) -> "Market":
        """The same day in a copy of its database."""
        world, found = World(), Market()
        vars(world).update(vars(self.world) | {"client": client, "database": database})
        for name in ("operator", "coordinator", "an", "binh"):
            setattr(world, name, Caller(client, getattr(self.world, name).key))
        vars(found).update(vars(self) | {"world": world})
        found.carriers = {name: Caller(client, key.key) for name, key in self.carriers.items()}
        return found

    async def tender(self, mode: str, *names: str, **terms: Any) -> Any:
        """The tour is tendered to these carriers."""
        answer = await self.try_tender(mode, *names, **terms)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def try_tender(self, mode: str, *names: str, **terms: Any) -> httpx.Response:
        """The same, whatever comes of it."""
        body = {"mode": mode, "carriers": [self.firms[name] for name in names]} | terms
        return await self.world.coordinator.post(f"/v1/tours/{self.tour['id']}/tenders", body)

    async def asked(self, name: str, **filters: str) -> list[Any]:
        """What a carrier is asked."""
        query = "&".join(f"{key}={value}" for key, value in filters.items())
        found: list[Any] = (await self.carriers[name].get(f"/v1/carrier/offers?{query}")).json()["data"]
        return found

    async def say(self, name: str, what: str, **body: Any) -> httpx.Response:
        """A carrier answers the newest offer that it was asked."""
        offer = (await self.asked(name))[-1]
        return await self.carriers[name].post(f"/v1/carrier/offers/{offer['id']}/{what}", body)

    async def says(self, name: str, what: str, **body: Any) -> str:
        """The same, and where the offer stands then."""
        answer = await self.say(name, what, **body)
        assert answer.status_code == 200, answer.text
        found: str = answer.json()["status"]
        return found

    async def look(self, tender: Any) -> Any:
        """The tender as it stands."""
        return (await self.world.coordinator.get(f"/v1/tenders/{tender['id']}")).json()

    async def stands(self, tender: Any) -> tuple[str, dict[str, str]]:
        """The tender's state, and that of each carrier's offer."""
        found = await self.look(tender)
        by_firm = {firm: name for name, firm in self.firms.items()}
        return found["status"], {by_firm[offer["carrier_id"]]: offer["status"] for offer in found["offers"]}

    async def tour_now(self) -> Any:
        """The tour as it stands."""
        return (await self.world.coordinator.get(f"/v1/tours/{self.tour['id']}")).json()["tour"]

    async def time_passes(self, tender: Any) -> None:
        """The tender's deadline has passed, and a worker looks."""
        tender_id = ids.parse("tnd", tender["id"])
        async with Pool.open(self.world.database.url, 1) as pool:
            async with pool.unit(system_scope()) as db:
                cluster_id = await db.fetchval("SELECT cluster_id FROM tenders WHERE tender_id = $1", tender_id)
            async with pool.unit(system_scope(cluster_id)) as db:
                passed = "UPDATE tenders SET deadline_at = now() - interval '1 second' WHERE tender_id = $1"
                passed += " AND status = 'open'"
                await db.execute(passed, tender_id)
        await self.worker_looks()

    async def worker_looks(self) -> None:
        """What the worker does every two seconds."""
        async with Pool.open(self.world.database.url, 2) as pool:
            await service.tend(pool)


async def opened(world: World) -> Market:
    """The day planned and published, its one tour not given to anybody."""
    market = Market()
    market.world = world
    await booked(world)
    async with working(world):
        market.plan_id = (await planned(world, "published"))["id"]
    answer = await world.coordinator.post(f"/v1/plans/{market.plan_id}/dispatch", {"release": False})
    [market.tour] = answer.json()["tours"]
    prices = (await world.coordinator.get(f"/v1/plans/{market.plan_id}/prices")).json()
    market.price = prices["routes"][0]["billed_minor"]
    market.firms, market.carriers = {}, {}
    for name in NAMES:
        firm = {"code": name, "name": name.title(), "country_code": "VN"}
        market.firms[name] = (await world.coordinator.made("/v1/carriers", firm))["id"]
        key = await world.coordinator.made(f"/v1/carriers/{market.firms[name]}/keys", {"name": "desk"})
        market.carriers[name] = Caller(world.client, key["api_key"])
    return market
