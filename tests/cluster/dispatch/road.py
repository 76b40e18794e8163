"""A day of Riverside that is on the road: what tests of tours start from."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import httpx

from tests.cluster.api import World
from tests.cluster.planning.test_plan import planned, working


class Day:
    """An and Binh each have a delivery on one tour of one van; An's is 2 km from the hub, Binh's 4 km."""

    world: World
    plan_id: str
    an_shipment: str
    binh_shipment: str
    tour: Any
    token: str

    async def send(self, *events: Any, **body: Any) -> Any:
        """The driver's phone reports."""
        answer = await self.world.client.post(f"/v1/driver/{self.token}/events", json={"events": list(events)} | body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def results(self, *events: Any, **body: Any) -> list[str]:
        """What became of each event."""
        return [entry["result"] for entry in (await self.send(*events, **body))["events"]]

    async def look(self) -> Any:
        """The tour as the coordinator sees it."""
        return (await self.world.coordinator.get(f"/v1/tours/{self.tour['id']}")).json()

    async def phone(self) -> Any:
        """The tour as the driver sees it."""
        return (await self.world.client.get(f"/v1/driver/{self.token}/tour")).json()

    async def status(self, shipment_id: str) -> str:
        """Where a shipment stands."""
        found: str = (await self.world.coordinator.get(f"/v1/shipments/{shipment_id}")).json()["status"]
        return found

    async def prove(self, raw: bytes, media_type: str = "image/png", **query: str) -> httpx.Response:
        """The driver's phone hands a proof in."""
        asked = {"event_key": str(uuid.uuid4()), "shipment_id": self.an_shipment, "action": "delivery"}
        asked |= {"kind": "photo", "taken_at": "2026-11-22T03:00:00Z"} | query
        return await self.world.client.post(
            f"/v1/driver/{self.token}/proofs", params=asked, content=raw, headers={"Content-Type": media_type}
        )


def happened(kind: str, minutes_ago: int = 0, **fields: Any) -> dict[str, Any]:
    """An event of a tour, by a clock that is right."""
    at = datetime.now().astimezone() - timedelta(minutes=minutes_ago)
    return {"event_key": str(uuid.uuid4()), "kind": kind, "at": at.isoformat()} | fields


def visit(kind: str, shipment_id: str, minutes_ago: int = 0, action: str = "delivery", **fields: Any) -> dict[str, Any]:
    """An event of a visit."""
    return happened(kind, minutes_ago, shipment_id=shipment_id, action=action) | fields


async def booked(world: World) -> tuple[str, str]:
    """The two deliveries."""
    near = world.delivery(client_ref="AN-1")
    near["delivery"] |= {"contact_name": "Chi Lan", "phone": "+84 90 123 4567"}
    far = world.delivery(client_ref="BINH-1")
    far["delivery"] |= {"name": "Market", "address_line1": "9 Lake Street", "lat": 10.82, "lon": 106.66}
    an = await world.an.made("/v1/shipments", near)
    binh = await world.binh.made("/v1/shipments", far)
    return an["id"], binh["id"]


async def on_the_road(world: World, *, release: bool = True) -> Day:
    """The day planned, published and dispatched, with a link for the driver."""
    day = Day()
    day.world = world
    day.an_shipment, day.binh_shipment = await booked(world)
    async with working(world):
        day.plan_id = (await planned(world, "published"))["id"]
    body = {"crews": [{"route_no": 1, "driver_name": "Minh", "vehicle": "51D-123.45"}], "release": release}
    answer = await world.coordinator.post(f"/v1/plans/{day.plan_id}/dispatch", body)
    assert answer.status_code == 200, answer.text
    [day.tour] = answer.json()["tours"]
    link = await world.coordinator.made(f"/v1/tours/{day.tour['id']}/driver-link", {})
    day.token = link["token"]
    return day
