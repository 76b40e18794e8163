"""A day on the road that a carrier drives: what tests of its part of the API start from."""

from typing import Any

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from tests.cluster.api import Caller, World
from tests.cluster.dispatch.road import Day


async def carrier_of(world: World, code: str) -> tuple[str, Caller]:
    """A carrier and its program."""
    carrier = await world.coordinator.made("/v1/carriers", {"code": code, "name": code.title(), "country_code": "VN"})
    key = await world.coordinator.made(f"/v1/carriers/{carrier['id']}/keys", {"name": "desk"})
    return carrier["id"], Caller(world.client, key["api_key"])


async def award(world: World, tour_id: str, carrier_id: str | None) -> None:
    """Gives a tour to a carrier, as an award does."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system_scope(cluster_id)) as db:
        await db.execute(
            "UPDATE tours SET carrier_id = $2 WHERE tour_id = $1",
            ids.parse("tor", tour_id),
            None if carrier_id is None else ids.parse("car", carrier_id),
        )


class Carried:
    """The day, with the carrier that drives it and another that does not."""

    day: Day
    carrier_id: str
    swift: Caller
    other: Caller

    @property
    def tour(self) -> str:
        """Its one tour."""
        return str(self.day.tour["id"])

    async def send(self, *events: Any, **body: Any) -> Any:
        """The carrier reports of its one tour."""
        return await self.swift.made(f"/v1/carrier/tours/{self.tour}/events", {"events": list(events)} | body)

    async def bulk(self, *events: Any, **body: Any) -> list[Any]:
        """The carrier reports of many tours; what became of each event."""
        answer = await self.swift.made("/v1/carrier/events", {"events": list(events)} | body)
        return list(answer["events"])

    def of(self, event: dict[str, Any]) -> dict[str, Any]:
        """An event of its one tour, for the bulk."""
        return event | {"tour_id": self.tour}

    async def foreign(self, system: str, *events: Any) -> list[Any]:
        """The carrier reports in another system's codes."""
        answer = await self.swift.made("/v1/carrier/foreign-events", {"format": system, "events": list(events)})
        return list(answer["events"])

    async def whole(self) -> Any:
        """The tour as the carrier sees it."""
        answer = await self.swift.get(f"/v1/carrier/tours/{self.tour}")
        assert answer.status_code == 200, answer.text
        return answer.json()


async def carried(day: Day) -> Carried:
    """That day, driven by a carrier."""
    found = Carried()
    found.day = day
    found.carrier_id, found.swift = await carrier_of(day.world, "swift")
    _, found.other = await carrier_of(day.world, "other")
    await award(day.world, found.tour, found.carrier_id)
    return found
