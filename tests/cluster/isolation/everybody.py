"""One caller of every role, in this cluster and in another, beside the rightful ones."""

import httpx

from cluster.base.db import Role
from tests.cluster.api import Caller
from tests.cluster.neighbours import Neighbours
from tests.cluster.people.browser import joined

RIVALS = ("an", "an_user")
"""Of a member of the same cluster."""
STRANGERS = ("stranger", "elsewhere_admin", "elsewhere_user")
"""Of another cluster."""
OUTSIDE = ("operator", "warehouse", "carrier", "nobody")
"""Of no firm."""
ROLES = {
    "an": Role.MEMBER_ADMIN,
    "an_user": Role.MEMBER_USER,
    "stranger": Role.COORDINATOR,
    "elsewhere_admin": Role.MEMBER_ADMIN,
    "elsewhere_user": Role.MEMBER_USER,
    "operator": Role.OPERATOR,
    "warehouse": Role.WAREHOUSE_OPERATOR,
    "carrier": Role.CARRIER_KEY,
    "nobody": None,
}


class Nobody(Caller):
    """Somebody without any key."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        super().__init__(client, "")

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """The same request, of somebody who does not say who it is."""
        given = {"Idempotency-Key": "nobody", "If-Match": "*"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        if isinstance(body, bytes):
            return await self._client.request(method, path, content=body, headers=given)
        return await self._client.request(method, path, json=body, headers=given)


async def carrier_key(coordinator: Caller) -> str:
    """A key of a carrier that drives for nobody yet."""
    carrier = await coordinator.made("/v1/carriers", {"code": "idle", "name": "Idle Vans", "country_code": "VN"})
    key = await coordinator.made(f"/v1/carriers/{carrier['id']}/keys", {"name": "everybody"})
    return str(key["api_key"])


async def everybody(neighbours: Neighbours) -> dict[str, Caller]:
    """Callers by name; those of ``ROLES`` have no business with what is Binh's."""
    world = neighbours.world

    async def key(by: Caller, role: str, member_id: str) -> Caller:
        made = await by.made("/v1/keys", {"name": "everybody", "role": role, "member_id": member_id})
        return Caller(world.client, made["api_key"])

    elsewhere_id = (await neighbours.stranger.made("/v1/members", {"code": "else", "name": "Else"}))["id"]
    return {
        "an": world.an,
        "an_user": await key(world.an, "member_user", world.an_id),
        "binh": world.binh,
        "swift": world.swift,
        "coordinator": world.coordinator,
        "stranger": neighbours.stranger,
        "elsewhere_admin": await key(neighbours.stranger, "member_admin", elsewhere_id),
        "elsewhere_user": await key(neighbours.stranger, "member_user", elsewhere_id),
        "operator": world.operator,
        "warehouse": await joined(world, "warehouse@example.com", "warehouse_operator"),  # type: ignore[dict-item]
        "carrier": Caller(world.client, await carrier_key(world.coordinator)),
        "nobody": Nobody(world.client),
    }
