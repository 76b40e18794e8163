"""A small cluster behind a real API and a real database: what most platform tests start from."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.members.service import issue_operator_key
from tests.cluster.side_by_side import side_by_side
from tests.databases import Database

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
HUB = {"lat": 10.80, "lon": 106.64}


class Caller:
    """Whoever holds one API key."""

    def __init__(self, client: httpx.AsyncClient, key: str) -> None:
        self._client = client
        self.key = key

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """One request, with a fresh idempotency key unless one is given; an edit changes whatever is there."""
        given = {"Authorization": f"Bearer {self.key}", "Idempotency-Key": str(uuid.uuid4())}
        given |= {"If-Match": "*"} if method in {"PATCH", "PUT"} else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        given = {name: value for name, value in given.items() if value != "none-sent"}
        if isinstance(body, bytes):
            return await self._client.request(
                method, path, content=body, headers=given | {"Content-Type": "application/json"}
            )
        return await self._client.request(method, path, json=body, headers=given)

    async def get(self, path: str) -> httpx.Response:
        """Looks something up."""
        return await self.send("GET", path)

    async def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Creates something."""
        return await self.send("POST", path, body, **headers)

    async def made(self, path: str, body: Any) -> Any:
        """Creates something that must succeed."""
        answer = await self.post(path, body)
        assert answer.is_success, answer.text
        return answer.json()


class World:
    """
    Cluster "Riverside" with a hub, one van type, and the firms An and Binh, which are rivals.

    The pool window is for tomorrow and takes bookings.
    """

    client: httpx.AsyncClient
    database: Database
    operator: Caller
    coordinator: Caller
    an: Caller
    binh: Caller
    swift: Caller
    """A carrier's program, where the world has one."""
    an_id: str
    binh_id: str
    hub_id: str
    window_id: str
    day: date

    def at(self, clock: str) -> str:
        """A time of the service day, such as ``"09:30"``."""
        hour, minute = clock.split(":")
        return datetime(self.day.year, self.day.month, self.day.day, int(hour), int(minute), tzinfo=ZONE).isoformat()

    def delivery(self, **changes: Any) -> dict[str, Any]:
        """A booking from the hub to a shop some 2 km away, one box of 12 kg."""
        booking = {
            "client_ref": str(uuid.uuid4()),
            "service": "delivery",
            "pool_window_id": self.window_id,
            "delivery": {
                "name": "Corner shop",
                "address_line1": "12 River Street",
                "lat": 10.81,
                "lon": 106.65,
                "window_start": self.at("08:00"),
                "window_end": self.at("17:00"),
                "service_s": 300,
            },
            "handling_units": [{"weight_g": 12_000, "length_mm": 600, "width_mm": 400, "height_mm": 400}],
        }
        return booking | changes

    async def admit(self, code: str) -> tuple[str, Caller]:
        """One more member, with the key of its admin."""
        member = await self.coordinator.made("/v1/members", {"code": code, "name": code.title()})
        issued = await self.coordinator.made(
            "/v1/keys", {"name": "test", "role": "member_admin", "member_id": member["id"]}
        )
        return member["id"], Caller(self.client, issued["api_key"])


@asynccontextmanager
async def api(database: Database, **settings: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The application on this database, in this process; requests gathered run side by side."""
    async with side_by_side(database, redis_url=database.redis_url, **settings) as client:
        yield client


def tomorrow() -> date:
    """The service day of a world that is made now."""
    return (datetime.now(ZONE) + timedelta(days=1)).date()


_originals: dict[str, World] = {}


@asynccontextmanager
async def riverside(database: Database, **settings: Any) -> AsyncIterator[World]:
    """The world above; it is made, unless the database is a copy of one in which it was."""
    original = _originals.get(database.template)
    async with api(database, **settings) as client:
        world = World()
        if original is not None:
            vars(world).update(vars(original) | {"client": client, "database": database})
            for name in ("operator", "coordinator", "an", "binh"):
                setattr(world, name, Caller(client, getattr(original, name).key))
            yield world
            return
        world.client, world.database = client, database
        async with Pool.open(database.url, 1) as pool, pool.unit(system_scope()) as db:
            world.operator = Caller(client, await issue_operator_key(db))
        founded = await world.operator.made(
            "/v1/clusters",
            {"name": "Riverside", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"},
        )
        world.coordinator = Caller(client, founded["coordinator_key"]["api_key"])
        world.an_id, world.an = await world.admit("an")
        world.binh_id, world.binh = await world.admit("binh")
        hub = {"code": "HUB", "name": "Shared hub", "kind": "hub", "address_line1": "1 Hub Road", "country_code": "VN"}
        world.hub_id = (await world.coordinator.made("/v1/sites", hub | HUB))["id"]
        await world.coordinator.made("/v1/vehicle-types", van(world.hub_id))
        world.day = tomorrow()
        window = {"service_date": world.day.isoformat(), "cut_off_at": world.at("04:00")}
        world.window_id = (await world.coordinator.made("/v1/pool-windows", window))["id"]
        yield world


async def original_riverside(database: Database) -> World:
    """The world above, to be copied with its database, to which nobody is connected afterwards."""
    async with riverside(database) as world:
        _originals[database.name] = world
        return world


def van(hub_id: str, **changes: Any) -> dict[str, Any]:
    """A one-tonne van: 300,000 dong a day, 9,000 a kilometre, 60,000 an hour."""
    return {
        "code": "van",
        "name": "Van",
        "capacity": {"weight_g": 1_000_000, "volume_cm3": 6_000_000, "pallet_places": 2},
        "tariff": {"fixed_minor": 300_000, "km_minor": 9_000, "hour_minor": 60_000},
        "start_site_id": hub_id,
        "end_site_id": hub_id,
    } | changes
