"""A tour that was driven, and what its carrier may bill for it."""

from typing import Any

import httpx

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from tests.cluster.api import Caller, World
from tests.cluster.dispatch.road import happened, on_the_road, visit

TARIFF = {"tariff": {"fixed_minor": 300_000, "km_minor": 9_000, "hour_minor": 60_000, "stop_minor": 5_000}}


class Billed:
    """
    Swift owns the van that drove An's and Binh's deliveries in 55 minutes; Slow drives for Riverside too.

    By tariff Swift is owed 300,000 for the van, 9,000 a kilometre, 55,000 for 55 minutes at 60,000 an hour, and 10,000
    for two stops at 5,000.
    """

    world: World
    swift: Caller
    slow: Caller
    swift_id: str
    slow_id: str
    plan_id: str
    tour_id: str
    vehicle_type_id: str
    distance_m: int
    planned_minor: int

    @property
    def km_minor(self) -> int:
        """The kilometres' price, rounded half up."""
        return (self.distance_m * 9_000 + 500) // 1000

    @property
    def owed_minor(self) -> int:
        """What the tour costs as driven."""
        return 300_000 + self.km_minor + 55_000 + 10_000

    def line(self, kind: str, amount_minor: int, **fields: Any) -> dict[str, Any]:
        """One line for the tour."""
        return {"tour_id": self.tour_id, "kind": kind, "amount_minor": amount_minor} | fields

    def lines(self) -> list[dict[str, Any]]:
        """What is owed, line by line."""
        return [
            self.line("fixed", 300_000, quantity=1, rate_minor=300_000),
            self.line("distance", self.km_minor, quantity=self.distance_m, rate_minor=9_000, unit="m"),
            self.line("time", 55_000, quantity=3300, rate_minor=60_000),
            self.line("stops", 10_000, quantity=2, rate_minor=5_000),
        ]

    def invoice(self, lines: list[dict[str, Any]] | None = None, number: str = "S-1", **fields: Any) -> dict[str, Any]:
        """An invoice whose total is right."""
        billed = self.lines() if lines is None else lines
        total = sum(line["amount_minor"] for line in billed)
        head = {"number": number, "issued_on": "2026-11-30", "currency": "VND", "total_minor": total}
        return head | {"lines": billed} | fields

    async def send(self, lines: list[dict[str, Any]] | None = None, number: str = "S-1", **fields: Any) -> str:
        """Swift sends an invoice; its identifier."""
        made = await self.swift.made("/v1/carrier/invoices", self.invoice(lines, number, **fields))
        return str(made["id"])

    async def look(self, invoice_id: str) -> Any:
        """An invoice as the coordinator sees it."""
        return (await self.world.coordinator.get(f"/v1/carrier-invoices/{invoice_id}")).json()

    async def status(self, invoice_id: str) -> str:
        """Where an invoice stands."""
        return str((await self.look(invoice_id))["invoice"]["status"])

    async def codes(self, invoice_id: str) -> dict[str | None, str]:
        """What the last audit says of each kind of charge."""
        found = (await self.look(invoice_id))["audit"]["findings"]
        return {finding["kind"]: finding["code"] for finding in found}

    async def decide(self, invoice_id: str, what: str, body: Any) -> httpx.Response:
        """The coordinator decides about an invoice."""
        return await self.world.coordinator.post(f"/v1/carrier-invoices/{invoice_id}/{what}", body)

    async def freight(self) -> Any:
        """The plan's freight."""
        return (await self.world.coordinator.get(f"/v1/plans/{self.plan_id}/freight")).json()

    async def events(self, topic: str) -> list[Any]:
        """What is told to whoever listens."""
        async with Pool.open(self.world.database.url, 1) as pool, pool.unit(system_scope()) as db:
            told = "SELECT payload FROM outbox WHERE topic = $1 AND carrier_id IS NULL ORDER BY created_at, seq"
            rows = await db.fetch(told, topic)
        return [row["payload"] for row in rows]


async def carrier(world: World, code: str) -> tuple[str, Caller]:
    """A carrier with a key."""
    made = await world.coordinator.made("/v1/carriers", {"code": code, "name": code.title(), "country_code": "VN"})
    key = await world.coordinator.made(f"/v1/carriers/{made['id']}/keys", {"name": "billing"})
    return made["id"], Caller(world.client, key["api_key"])


async def driven(world: World) -> Billed:
    """The day planned, dispatched and driven: left an hour ago, back five minutes ago, both deliveries done."""
    found = Billed()
    found.world = world
    found.swift_id, found.swift = await carrier(world, "swift")
    found.slow_id, found.slow = await carrier(world, "slow")
    [kind] = (await world.coordinator.get("/v1/vehicle-types")).json()["data"]
    found.vehicle_type_id = kind["id"]
    path = f"/v1/vehicle-types/{kind['id']}"
    assert (await world.coordinator.send("PUT", f"{path}/tariffs", TARIFF)).is_success
    assert (await world.coordinator.send("PUT", f"{path}/carrier", {"carrier_id": found.swift_id})).is_success
    day = await on_the_road(world)
    started = happened("started", 60)
    stops = [visit("done", day.an_shipment, 40), visit("done", day.binh_shipment, 20)]
    assert await day.results(started, *stops, happened("completed", 5)) == ["applied"] * 4
    found.plan_id, found.tour_id = day.plan_id, day.tour["id"]
    found.distance_m = day.tour["distance_m"]
    routes = (await world.coordinator.get(f"/v1/plans/{day.plan_id}/prices")).json()["routes"]
    found.planned_minor = routes[0]["searched_minor"]
    return found
