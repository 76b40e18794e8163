"""The day of tenders a step further: Swift has the tour, a late order comes, and the day is planned again."""

from typing import Any

import asyncpg
import httpx

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import act_as, system_scope
from cluster.tenders import amending
from tests.cluster.api import Caller
from tests.cluster.planning.test_plan import over, working
from tests.cluster.tenders.market import Market


class Amended:
    """
    Swift drives An's and Binh's deliveries at the tariff's price. A third, An's, stands behind them.

    ``replan`` is solved and not published: the same tour with three stops.
    """

    market: Market
    replan: Any
    late: str

    @property
    def swift(self) -> Caller:
        """The tour's carrier."""
        return self.market.carriers["swift"]

    async def ask(self, **terms: Any) -> Any:
        """The one amendment that the replan needs, asked for."""
        asked = await self.market.world.coordinator.made(f"/v1/plans/{self.replan['id']}/amendments", terms)
        return asked["data"][-1]

    async def impose(self, reason: str) -> Any:
        """The one amendment, without an answer."""
        path = f"/v1/plans/{self.replan['id']}/amendments/impose"
        return (await self.market.world.coordinator.made(path, {"reason": reason}))["data"][-1]

    async def say(self, amendment: Any, what: str, **body: Any) -> httpx.Response:
        """Swift answers."""
        return await self.swift.post(f"/v1/carrier/amendments/{amendment['id']}/{what}", body)

    async def publish(self) -> httpx.Response:
        """The answer to publishing the replan."""
        return await self.market.world.coordinator.post(f"/v1/plans/{self.replan['id']}/publish", None)

    async def look(self, amendment: Any) -> Any:
        """The amendment as it stands."""
        return (await self.market.world.coordinator.get(f"/v1/amendments/{amendment['id']}")).json()

    async def stops(self) -> int:
        """How many stops the carrier's tour has."""
        return len((await self.swift.get(f"/v1/carrier/tours/{self.market.tour['id']}")).json()["stops"])

    async def agreed_minor(self) -> int:
        """What the tour costs."""
        async with Pool.open(self.market.world.database.url, 1) as pool, pool.unit(await self._scope(pool)) as db:
            tour_id = ids.parse("tor", self.market.tour["id"])
            found: int = await db.fetchval("SELECT agreed_minor FROM tours WHERE tour_id = $1", tour_id)
            return found

    async def _scope(self, pool: Pool) -> Any:
        async with pool.unit(system_scope()) as db:
            return system_scope(await db.fetchval("SELECT cluster_id FROM tenders LIMIT 1"))

    async def time_passes(self) -> None:
        """Every deadline has passed, and a worker looks."""
        await self.deadlines_pass()
        async with Pool.open(self.market.world.database.url, 2) as pool:
            await amending.tend(pool)

    async def deadlines_pass(self) -> None:
        """Every deadline has passed, and no worker has looked yet."""
        owner = await asyncpg.connect(self.market.world.database.owner_url)
        try:
            async with owner.transaction():
                await act_as(owner, system_scope())  # type: ignore[arg-type]
                cluster_id = await owner.fetchval("SELECT cluster_id FROM tenders LIMIT 1")
                await act_as(owner, system_scope(cluster_id))  # type: ignore[arg-type]
                await owner.execute("UPDATE amendments SET deadline_at = now() - interval '1 second'")
        finally:
            await owner.close()


async def changed(market: Market) -> Amended:
    """The day up to its replan."""
    found = Amended()
    found.market, world = market, market.world
    await market.tender("direct", "swift")
    assert await market.says("swift", "accept") == "awarded"
    booking = world.delivery(client_ref="AN-LATE")
    booking["delivery"] |= {"name": "Late shop", "lat": 10.83, "lon": 106.67}
    async with working(world):
        found.late = (await world.an.made("/v1/shipments", booking))["id"]
        asked = await world.coordinator.post(f"/v1/plans/{market.plan_id}/replan", {"seconds": 1})
        assert asked.status_code == 202, asked.text
        found.replan = await over(world, asked.json()["id"], "solved")
    return found
