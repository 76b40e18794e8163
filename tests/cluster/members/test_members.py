"""Clusters, members and keys: who may do what, and what never lies about in the database."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from cluster.base import auth, ids, keys
from cluster.base.auth import KeyRing
from cluster.base.db import Database as Pool
from cluster.base.db import Role
from cluster.base.errors import Unauthenticated
from tests.cluster.api import Caller, World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; what they change, they make themselves."""
    async with riverside(module_database) as found:
        yield found


@pytest.fixture
async def pool(world: World) -> AsyncIterator[Pool]:
    """The connection pool."""
    async with Pool.open(world.database.url, 2) as found:
        yield found


async def issued(world: World, role: str = "member_user", by: Caller | None = None, **changes: Any) -> Any:
    """A fresh key."""
    body = {"name": "test", "role": role} | ({} if role == "coordinator" else {"member_id": world.an_id}) | changes
    return await (by or world.coordinator).made("/v1/keys", body)


async def age(world: World, key_id: str, change: str) -> None:
    """Time passes for one key."""
    owner = await asyncpg.connect(world.database.owner_url)
    await owner.execute(
        "SELECT set_config('app.role', 'coordinator', false), set_config('app.cluster', $1, false)",
        str(ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])),
    )
    done = await owner.execute(f"UPDATE api_keys SET {change} WHERE key_id = $1", ids.parse("key", key_id))
    assert done == "UPDATE 1"
    await owner.close()


@pytest.mark.parametrize("role", ["member_user", "member_admin", "coordinator"])
async def test_a_key_opens_what_it_was_issued_for(world: World, role: str) -> None:
    key = await issued(world, role)
    me = (await Caller(world.client, key["api_key"]).get("/v1/me")).json()
    assert (me["role"], me["cluster"]["name"]) == (role, "Riverside")
    assert (me["member"] or {}).get("id") == (None if role == "coordinator" else world.an_id)


async def test_a_live_key_opens_and_every_other_text_is_refused_alike(world: World, pool: Pool) -> None:
    text = (await issued(world))["api_key"]
    assert (await KeyRing(pool).scope_of(text)).role is Role.MEMBER_USER
    stranger = keys.make().text
    same_prefix = f"clk_{keys.prefix_of(text)}_{'x' * 32}"
    same_prefix += f"_{keys._check(same_prefix)}"
    answers = set()
    for wrong in (stranger, same_prefix, text[:-1] + ("0" if text[-1] != "0" else "1"), text + "0", "", "x"):
        with pytest.raises(Unauthenticated) as refusal:
            await KeyRing(pool).scope_of(wrong)
        answers.add(refusal.value.detail)
    assert len(answers) == 1


async def test_a_typing_error_is_refused_without_asking_the_database() -> None:
    text = keys.make().text
    with pytest.raises(Unauthenticated):
        await KeyRing(None).scope_of(text.replace("_", "-", 1))  # type: ignore[arg-type]


@pytest.mark.parametrize("change", ["expires_at = now() - interval '1 second'", "revoked_at = now()"])
async def test_a_key_past_its_time_or_revoked_opens_nothing(world: World, pool: Pool, change: str) -> None:
    key = await issued(world)
    assert await KeyRing(pool).scope_of(key["api_key"])
    await age(world, key["id"], change)
    with pytest.raises(Unauthenticated):
        await KeyRing(pool).scope_of(key["api_key"])


async def test_a_revoked_key_is_refused_once_the_memory_of_it_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cluster.base.auth.CACHE_S", 0.0)
    key = await issued(world, by=world.an)
    user = Caller(world.client, key["api_key"])
    assert (await user.get("/v1/me")).status_code == 200
    for _ in range(2):  # revoking twice is as good as once
        assert (await world.an.send("DELETE", f"/v1/keys/{key['id']}")).status_code == 204
    refused = await user.get("/v1/me")
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    shown = {entry["id"]: entry for entry in (await world.an.get("/v1/keys?limit=500")).json()["data"]}
    assert shown[key["id"]]["revoked_at"]


@pytest.mark.parametrize(("remembered_s", "opens"), [(600.0, True), (0.0, False)])
async def test_a_revoked_key_opens_for_as_long_as_it_is_remembered(
    world: World, pool: Pool, monkeypatch: pytest.MonkeyPatch, remembered_s: float, opens: bool
) -> None:
    monkeypatch.setattr("cluster.base.auth.CACHE_S", remembered_s)
    key = await issued(world)
    ring = KeyRing(pool)
    await ring.scope_of(key["api_key"])
    await age(world, key["id"], "revoked_at = now()")
    if opens:
        assert (await ring.scope_of(key["api_key"])).role is Role.MEMBER_USER
    else:
        with pytest.raises(Unauthenticated):
            await ring.scope_of(key["api_key"])


def test_the_memory_of_a_key_is_short() -> None:
    assert auth.CACHE_S <= 5


async def test_what_is_remembered_of_keys_is_bounded(world: World, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cluster.base.auth.CACHE_SIZE_MAX", 2)
    ring = KeyRing(pool)
    for _ in range(4):
        await ring.scope_of((await issued(world))["api_key"])
    assert len(ring._known) == 2


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic abc", "Bearer " + "x" * 5000, "clk_a_b_c", "Bearer clé"]
)
async def test_a_request_without_a_good_key_is_refused(world: World, header: str) -> None:
    answer = await world.client.get("/v1/me", headers={"Authorization": header.encode("latin-1")})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_members_admin_issues_keys_for_its_own_firm_alone(world: World) -> None:
    for role in ("member_user", "member_admin"):
        assert (await issued(world, role, by=world.an))["member_id"] == world.an_id
    forbidden = await world.an.post("/v1/keys", {"name": "k", "role": "coordinator"})
    assert (forbidden.status_code, forbidden.json()["code"]) == (403, "forbidden")
    rivals = await world.an.post("/v1/keys", {"name": "k", "role": "member_user", "member_id": world.binh_id})
    assert (rivals.status_code, rivals.json()["code"]) == (404, "not_found")
    binhs = (await world.binh.get("/v1/keys?limit=500")).json()["data"]
    assert {key["member_id"] for key in binhs} == {world.binh_id}
    assert len(binhs) == 1


async def test_a_members_user_manages_no_keys_and_admits_nobody(world: World) -> None:
    user = Caller(world.client, (await issued(world))["api_key"])
    assert (
        await user.post("/v1/keys", {"name": "k", "role": "member_user", "member_id": world.an_id})
    ).status_code == 403
    assert (await user.get("/v1/keys")).status_code == 403
    assert (await user.send("DELETE", f"/v1/keys/{ids.show('key', ids.new())}")).status_code == 403
    for member in (user, world.an):
        assert (await member.post("/v1/members", {"code": "x", "name": "X"})).status_code == 403


@pytest.mark.parametrize(
    ("role", "with_member"), [("coordinator", True), ("member_user", False), ("member_admin", False)]
)
async def test_a_role_and_a_member_that_do_not_go_together_are_a_fault(
    world: World, role: str, with_member: bool
) -> None:
    body = {"name": "k", "role": role} | ({"member_id": world.an_id} if with_member else {})
    [fault] = (await world.coordinator.post("/v1/keys", body)).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/member_id", "role_and_member")


@pytest.mark.parametrize("role", ["operator", "system", "authenticator", "warehouse_operator", "carrier_key", "root"])
async def test_no_key_is_issued_for_a_role_beyond_the_cluster(world: World, role: str) -> None:
    answer = await world.coordinator.post("/v1/keys", {"name": "k", "role": role})
    assert answer.status_code == 422


@pytest.mark.parametrize("days", [0, 367, -1])
async def test_a_key_lives_a_day_to_a_year(world: World, days: int) -> None:
    answer = await world.coordinator.post("/v1/keys", {"name": "k", "role": "coordinator", "days": days})
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/days"]


async def test_secrets_are_shown_once_and_lie_nowhere(world: World) -> None:
    made = [await issued(world), await issued(world, "coordinator"), await issued(world, by=world.an)]
    held = [key["api_key"] for key in made] + [world.an.key, world.coordinator.key, world.operator.key]
    everything = await dump(world)
    for text in held:
        prefix, secret = keys.prefix_of(text), text.split("_")[2]
        assert prefix is not None
        assert prefix in everything  # the search would find what is there
        assert secret not in everything
    listed = await world.coordinator.get("/v1/keys?limit=500")
    assert not any(text.split("_")[2] in listed.text for text in held)


async def dump(world: World) -> str:
    """Every row of every table as text, byte columns in hexadecimal and as text."""
    owner = await asyncpg.connect(world.database.owner_url)
    transaction = owner.transaction()
    await transaction.start()
    lines = []
    for row in await owner.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        table = row["tablename"]
        await owner.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
        for entry in await owner.fetch(f'SELECT * FROM "{table}"'):
            for value in entry.values():
                lines.append(value.decode("latin-1") + value.hex() if isinstance(value, bytes) else str(value))
    await transaction.rollback()
    await owner.close()
    assert len(lines) > 100
    return "\n".join(lines)


async def test_an_operator_founds_clusters_and_can_do_nothing_else(world: World) -> None:
    me = (await world.operator.get("/v1/me")).json()
    assert me == {"role": "operator", "cluster": None, "member": None}
    for path in ("members", "keys", "sites", "shipments", "plans", "pool-windows", "vehicle-types", "overview"):
        assert (await world.operator.get(f"/v1/{path}")).status_code == 403
    body = {"name": "X", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"}
    for caller in (world.an, world.coordinator):
        assert (await caller.post("/v1/clusters", body)).status_code == 403


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"currency": "QQQ"}, "/currency"),
        ({"currency": "vnd"}, "/currency"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
        ({"time_zone": "../../etc/passwd"}, "/time_zone"),
        ({"time_zone": "/etc/localtime"}, "/time_zone"),
        ({"country_code": "vn"}, "/country_code"),
        ({"sharing_rule": "dice"}, "/sharing_rule"),
        ({"name": ""}, "/name"),
    ],
)
async def test_a_cluster_with_nonsense_is_not_founded(world: World, change: dict[str, str], pointer: str) -> None:
    body = {"name": "X", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"} | change
    answer = await world.operator.post("/v1/clusters", body)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


async def test_a_members_code_is_its_own(world: World) -> None:
    answer = await world.coordinator.post("/v1/members", {"code": "an", "name": "Another An"})
    assert (answer.status_code, answer.json()["code"]) == (409, "member_code_taken")
    names = [member["name"] for member in (await world.coordinator.get("/v1/members")).json()["data"]]
    assert "Another An" not in names
