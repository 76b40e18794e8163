"""Who did or looked at what: written down once, sealed, and any later change found."""

import asyncio
from pathlib import Path

import asyncpg
import pytest

from cluster.base import audit, ids, sealing
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope, act_as, system_scope
from tests.cluster.api import World
from tests.databases import Database

pytestmark = pytest.mark.anyio


async def cluster_scope(world: World) -> Scope:
    """The platform's own scope in the world's cluster."""
    me = (await world.coordinator.get("/v1/me")).json()
    return system_scope(ids.parse("clu", me["cluster"]["id"]))


async def entries(world: World) -> list[str]:
    """Actions that the log tells the coordinator of, oldest first, but for its looking at the log."""
    found = (await world.coordinator.get("/v1/audit-log?limit=500")).json()["data"]
    return [entry["action"] for entry in found if entry["action"] != "list_audit_log.read"]


async def test_a_coordinators_look_at_members_things_is_written_down_and_a_members_is_not(world: World) -> None:
    before = len(await entries(world))
    shipment = (await world.an.made("/v1/shipments", world.delivery()))["id"]
    assert (await world.coordinator.get(f"/v1/shipments/{shipment}")).status_code == 200
    assert (await world.an.get(f"/v1/shipments/{shipment}")).status_code == 200
    assert (await world.coordinator.get("/v1/shipments")).status_code == 200
    assert (await world.coordinator.get("/v1/pool-windows")).status_code == 200  # tells of no member
    reads = [action for action in (await entries(world))[before:] if action.endswith(".read")]
    assert reads == ["get_shipment.read", "list_shipments.read"]
    log = (await world.coordinator.get("/v1/audit-log?limit=500")).json()["data"]
    look = next(entry for entry in log if entry["action"] == "get_shipment.read")
    assert (look["subject_id"], look["role"]) == (shipment, "coordinator")
    assert look["key_id"].startswith("key_")


async def test_looking_for_what_does_not_exist_leaves_no_entry(world: World) -> None:
    before = await entries(world)
    assert (await world.coordinator.get(f"/v1/shipments/{ids.show('shp', ids.new())}")).status_code == 404
    assert await entries(world) == before


async def test_a_firms_admin_sees_what_its_own_people_did_and_a_clerk_nothing(world: World) -> None:
    scope = await cluster_scope(world)
    async with Pool.open(world.database.url, 2) as pool:
        for member in (world.an_id, world.binh_id):
            own = Scope(role=Role.MEMBER_ADMIN, cluster_id=scope.cluster_id, member_id=ids.parse("mem", member))
            async with pool.unit(own) as db:
                await audit.record(db, own, "thing.done", "mem", own.member_id)
    log = (await world.an.get("/v1/audit-log")).json()["data"]
    assert {entry["member_id"] for entry in log} == {world.an_id}
    assert (await world.an.get("/v1/audit-log/verification")).status_code == 403


async def test_the_application_may_not_change_or_delete_an_entry(world: World) -> None:
    scope = await cluster_scope(world)
    await world.coordinator.get("/v1/shipments")
    connection = await asyncpg.connect(world.database.url)
    try:
        for statement in ("UPDATE audit_log SET action = 'a.b'", "DELETE FROM audit_log", "TRUNCATE audit_log"):
            async with connection.transaction():
                await act_as(connection, scope)
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    async with connection.transaction():
                        await connection.execute(statement)
    finally:
        await connection.close()


async def test_an_entry_that_claims_another_role_is_refused(world: World) -> None:
    scope = await cluster_scope(world)
    async with Pool.open(world.database.url, 1) as pool:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            async with pool.unit(scope) as db:
                await db.execute(
                    "INSERT INTO audit_log (cluster_id, entry_id, role, action, subject_kind) "
                    "VALUES ($1, $2, 'coordinator', 'a.b', 'clu')",
                    scope.cluster_id,
                    ids.new(),
                )


@pytest.fixture
async def sealed(world: World, tmp_path: Path) -> tuple[World, Path]:
    """Five reads under two seals, and the file of seals."""
    async with Pool.open(world.database.url, 1) as pool:
        for reads in (3, 2):
            for _ in range(reads):
                await world.coordinator.get("/v1/shipments")
            assert await sealing.seal_all(pool, tmp_path) == 1
    return world, tmp_path / sealing.FILE


async def verdict(database: Database, seals: Path | None) -> audit.Verdict:
    """What the check of the only cluster says."""
    async with Pool.open(database.url, 1) as pool:
        (found,) = (await sealing.check(pool, seals)).values()
    return found


async def test_an_untouched_log_is_whole(sealed: tuple[World, Path]) -> None:
    world, seals = sealed
    found = await verdict(world.database, seals)
    assert (found.fault, found.seals) == (None, 2)
    assert found.entries >= 5
    assert (await world.coordinator.get("/v1/audit-log/verification")).json()["whole"] is True


@pytest.mark.parametrize(
    ("tampering", "fault"),
    [
        ("UPDATE audit_log SET action = 'get_plan.read' WHERE seal_no = 1", "changed"),
        ("UPDATE audit_log SET detail = '{\"a\": 1}' WHERE seal_no = 2", "changed"),
        ("UPDATE audit_log SET at = at + interval '1 microsecond' WHERE seal_no = 2", "changed"),
        (
            "DELETE FROM audit_log WHERE entry_id = (SELECT min(entry_id::text)::uuid FROM audit_log)",
            "were under seal 1",
        ),
        ("DELETE FROM audit_seals WHERE seal_no = 1", "seal 1 is gone"),
        ("UPDATE audit_seals SET entries = entries - 1 WHERE seal_no = 2", "under seal 2"),
        ("DELETE FROM audit_seals WHERE seal_no = 2", "seals 2 to 2 are gone"),
    ],
)
async def test_tampering_with_the_database_is_found(sealed: tuple[World, Path], tampering: str, fault: str) -> None:
    world, seals = sealed
    connection = await asyncpg.connect(world.database.owner_url)
    try:
        await connection.execute("ALTER TABLE audit_log NO FORCE ROW LEVEL SECURITY")
        await connection.execute("ALTER TABLE audit_seals NO FORCE ROW LEVEL SECURITY")
        assert not (await connection.execute(tampering)).endswith(" 0")
    finally:
        await connection.close()
    assert fault in ((await verdict(world.database, seals)).fault or "")


async def test_an_entry_of_a_transaction_still_open_waits_for_the_next_seal(world: World, tmp_path: Path) -> None:
    scope = await cluster_scope(world)
    async with Pool.open(world.database.url, 3) as pool:
        await sealing.seal_all(pool, tmp_path)
        written, finish = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            async with pool.unit(scope) as db:
                await audit.record(db, scope, "slow.done", "clu")
                written.set()
                await finish.wait()

        task = asyncio.create_task(slow())
        await written.wait()
        await world.coordinator.get("/v1/shipments")  # younger than the open one: it waits too
        assert await sealing.seal_all(pool, tmp_path) == 0
        finish.set()
        await task
        assert await sealing.seal_all(pool, tmp_path) == 1
    assert (await verdict(world.database, tmp_path / sealing.FILE)).fault is None


async def test_two_sealers_make_one_chain(world: World, tmp_path: Path) -> None:
    async with Pool.open(world.database.url, 4) as pool:
        for _ in range(6):
            await asyncio.gather(
                world.coordinator.get("/v1/shipments"),
                sealing.seal_all(pool, tmp_path),
                sealing.seal_all(pool, tmp_path),
            )
    assert (await verdict(world.database, tmp_path / sealing.FILE)).fault is None
