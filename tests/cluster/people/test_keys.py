"""Keys limited to scopes, rotated, and seen when used."""

import re
from typing import Any

import pytest

from cluster.base import auth
from cluster.base.auth import KeyRing
from cluster.base.db import Database as Pool
from cluster.base.errors import Unauthenticated
from cluster.base.scopes import RESOURCES, SCOPES, allows, whole
from cluster.members import keys
from tests.cluster.api import Caller, World
from tests.cluster.people.test_signing_in import audited

pytestmark = pytest.mark.anyio
UNLIMITED = {"Carrier API", "Driver", "Health", "Session"}
"""Tags of operations that no key is limited to: without any, for people alone, by a link, or whole for carriers."""


async def limited(world: World, *scopes: str, by: Caller | None = None) -> Caller:
    """A key of An's with these scopes."""
    body = {"name": "limited", "role": "member_admin", "member_id": world.an_id, "scopes": list(scopes)}
    return Caller(world.client, (await (by or world.an).made("/v1/keys", body))["api_key"])


async def test_a_limited_key_does_what_its_scopes_say_and_nothing_else(world: World) -> None:
    reader = await limited(world, "shipments:read")
    assert (await reader.get("/v1/shipments")).status_code == 200
    for method, path, body in (
        ("POST", "/v1/shipments", world.delivery()),
        ("GET", "/v1/sites", None),
        ("GET", "/v1/keys", None),
        ("GET", "/v1/members", None),
        ("GET", "/v1/users", None),
    ):
        refused = await reader.send(method, path, body)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden"), path
    assert (await reader.get("/v1/me")).status_code == 200
    writer = await limited(world, "shipments:write", "places:*")
    assert (await writer.post("/v1/shipments", world.delivery())).status_code == 201
    assert (await writer.get("/v1/shipments")).status_code == 200
    assert (await writer.get("/v1/sites")).status_code == 200


async def test_a_limited_key_makes_none_that_may_more_and_invites_nobody(world: World) -> None:
    manager = await limited(world, "keys:*", "shipments:read")
    for scopes in (None, ["places:read"], ["shipments:write"]):
        body = {"name": "more", "role": "member_admin", "member_id": world.an_id, "scopes": scopes}
        assert (await manager.post("/v1/keys", body)).status_code == 403
    less = await limited(world, "shipments:read", by=manager)
    assert (await less.get("/v1/shipments")).status_code == 200
    listed = (await world.an.get("/v1/keys?limit=500")).json()["data"]
    [whole_key] = [key for key in listed if key["name"] == "test"]
    assert (await manager.post(f"/v1/keys/{whole_key['id']}/rotate", {})).status_code == 403
    inviting = {"email": "x@an.example", "role": "member_admin", "member_id": world.an_id}
    people = await limited(world, "people:*")
    assert (await people.get("/v1/users")).status_code == 200
    assert (await people.post("/v1/users/invitations", inviting)).status_code == 403


@pytest.mark.parametrize("scopes", [["everything"], ["shipments:delete"], ["people:write"], ["*:*"], [":read"], []])
async def test_a_scope_that_does_not_exist_is_told(world: World, scopes: list[str]) -> None:
    body = {"name": "k", "role": "coordinator", "scopes": scopes}
    answer = await world.coordinator.post("/v1/keys", body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/scopes")


async def test_every_tag_of_the_reference_has_its_scope(world: World) -> None:
    paths = (await world.client.get("/schema/openapi.json")).json()["paths"]
    tags = {tag for entries in paths.values() for operation in entries.values() for tag in operation["tags"]}
    assert tags - UNLIMITED <= set(RESOURCES)
    assert all(re.fullmatch(r"[a-z]+:(read|write)", scope) for scope in SCOPES)


def test_an_operation_of_an_unknown_kind_is_closed_to_limited_keys() -> None:
    held = whole(f"{name}:*" for name in RESOURCES.values())
    assert allows(held, "anything", ["Shipments"], "POST")
    assert not allows(held, "anything", ["Something new"], "GET")
    assert not allows(held, "anything", [], "GET")
    assert allows(None, "anything", [], "GET")


async def rotated(world: World, overlap_s: int) -> tuple[Any, Any]:
    """A key, and the same key under its new secret."""
    body = {"name": "turning", "role": "member_user", "member_id": world.an_id}
    first = await world.an.made("/v1/keys", body)
    answer = await world.an.post(f"/v1/keys/{first['id']}/rotate", {"overlap_s": overlap_s})
    assert answer.status_code == 200, answer.text
    return first, answer.json()


async def test_after_a_rotation_both_secrets_open_until_the_overlap_ends(world: World) -> None:
    async with Pool.open(world.database.url, 2) as pool:
        first, second = await rotated(world, 3600)
        assert first["id"] == second["id"]
        old, new = await KeyRing(pool).scope_of(first["api_key"]), await KeyRing(pool).scope_of(second["api_key"])
        assert old == new
        first, second = await rotated(world, 0)
        with pytest.raises(Unauthenticated):
            await KeyRing(pool).scope_of(first["api_key"])
        assert await KeyRing(pool).scope_of(second["api_key"])
        assert (await world.an.send("DELETE", f"/v1/keys/{second['id']}")).status_code == 204
        with pytest.raises(Unauthenticated):
            await KeyRing(pool).scope_of(second["api_key"])
    assert (await world.an.post(f"/v1/keys/{second['id']}/rotate", {})).status_code == 404
    too_long = await world.an.post(f"/v1/keys/{second['id']}/rotate", {"overlap_s": 7 * 86_400 + 1})
    assert too_long.status_code == 422


async def test_revoking_ends_the_secret_before_a_rotation_too(world: World) -> None:
    first, second = await rotated(world, 3600)
    await world.an.send("DELETE", f"/v1/keys/{second['id']}")
    async with Pool.open(world.database.url, 2) as pool:
        for key in (first, second):
            with pytest.raises(Unauthenticated):
                await KeyRing(pool).scope_of(key["api_key"])


async def test_when_a_key_was_used_is_noted_for_many_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "CACHE_S", 60.0)
    used = await world.an.made("/v1/keys", {"name": "used", "role": "member_user", "member_id": world.an_id})
    await world.an.made("/v1/keys", {"name": "unused", "role": "member_user", "member_id": world.an_id})
    async with Pool.open(world.database.url, 2) as pool:
        ring = KeyRing(pool)
        for _ in range(3):
            await ring.scope_of(used["api_key"])
        assert len(ring.used) == 1
        await keys.note_uses(pool, ring)
        assert ring.used == {}
        await keys.note_uses(pool, ring)
    listed = {key["name"]: key for key in (await world.an.get("/v1/keys?limit=500")).json()["data"]}
    assert listed["used"]["last_used_at"] is not None
    assert listed["unused"]["last_used_at"] is None


async def test_what_happens_to_keys_is_audited(world: World) -> None:
    _, key = await rotated(world, 60)
    await world.an.send("DELETE", f"/v1/keys/{key['id']}")
    actions = [entry["action"] for entry in await audited(world) if entry["action"].startswith("key.")]
    assert actions[-3:] == ["key.issued", "key.rotated", "key.revoked"]
