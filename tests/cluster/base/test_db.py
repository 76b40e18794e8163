"""A unit of work: PostgreSQL knows who asks for one transaction, and forgets it."""

import asyncio
from uuid import UUID

import asyncpg
import pytest

from cluster.base import ids
from cluster.base.acting import ActingConnection
from cluster.base.db import Connection, Role, Scope, act_as, system_scope
from cluster.base.db import Database as Pool
from cluster.base.errors import Busy
from tests.databases import Database

pytestmark = pytest.mark.anyio
AN = Scope(role=Role.MEMBER_ADMIN, cluster_id=ids.new(), member_id=ids.new(), key_id=ids.new())
NAMES = ("app.cluster", "app.member", "app.role", "app.key")


async def settings(db: Connection | asyncpg.Connection) -> tuple[str | None, ...]:
    """Who asks, as PostgreSQL sees it."""
    return tuple([await db.fetchval("SELECT nullif(current_setting($1, true), '')", name) for name in NAMES])


async def found(db: Connection, cluster_id: UUID) -> None:
    """Something written."""
    await db.execute(
        "INSERT INTO clusters (cluster_id, name, country_code, currency, time_zone) "
        "VALUES ($1, 'x', 'VN', 'VND', 'UTC')",
        cluster_id,
    )


async def test_within_a_unit_the_database_knows_who_asks(database: Database) -> None:
    async with Pool.open(database.url, 1) as pool, pool.unit(AN) as db:
        assert await settings(db) == (str(AN.cluster_id), str(AN.member_id), "member_admin", str(AN.key_id))


async def test_the_next_unit_on_the_same_connection_knows_nothing_of_the_last(database: Database) -> None:
    async with Pool.open(database.url, 1) as pool:
        async with pool.unit(AN) as db:
            first = await db.fetchval("SELECT pg_backend_pid()")
        async with pool.unit(Scope(role=Role.AUTHENTICATOR)) as db:
            assert await db.fetchval("SELECT pg_backend_pid()") == first
            assert await settings(db) == (None, None, "authenticator", None)


@pytest.mark.parametrize("fails", [False, True])
async def test_after_the_transaction_the_connection_speaks_for_nobody(database: Database, fails: bool) -> None:
    lent = asyncpg.create_pool(database.url, min_size=1, max_size=1, connection_class=ActingConnection)
    async with lent:
        pool = Pool(lent)
        try:
            async with pool.unit(AN):
                if fails:
                    raise LookupError
        except LookupError:
            assert fails
        async with lent.acquire() as bare:
            assert await settings(bare) == (None, None, None, None)
            assert await bare.fetchval("SELECT app_cluster() IS NULL AND app_member() IS NULL AND app_role() IS NULL")
            assert not await bare.fetchval("SELECT app_neutral()")


async def test_what_was_to_open_a_transaction_that_never_began_opens_none_of_another(database: Database) -> None:
    async with Pool.open(database.url, 1) as pool:
        with pytest.raises(ValueError, match="not an identifier"):
            async with pool.unit(Scope(role="x'; SELECT '", cluster_id=ids.new())):  # type: ignore[arg-type]
                pass
        async with pool.unit(Scope(role=Role.AUTHENTICATOR)) as db:
            assert await settings(db) == (None, None, "authenticator", None)


async def test_savepoints_within_keep_who_asks(database: Database) -> None:
    async with Pool.open(database.url, 1) as pool, pool.unit(AN) as db:
        before = await settings(db)
        async with db.transaction():
            assert await settings(db) == before
        assert await settings(db) == before
        assert None not in before


async def test_who_asks_is_forgotten_with_the_transaction_not_with_the_connection(database: Database) -> None:
    """The pool clears what a connection was told as well; this must hold without it."""
    connection = await asyncpg.connect(database.url)
    async with connection.transaction():
        await act_as(connection, AN)
        assert None not in await settings(connection)
    assert await settings(connection) == (None, None, None, None)
    await connection.close()


async def test_an_error_takes_back_everything(database: Database) -> None:
    scope = system_scope(ids.new())

    async def fails(pool: Pool) -> None:
        async with pool.unit(scope) as db:
            await found(db, scope.cluster)
            assert await db.fetchval("SELECT count(*) FROM clusters") == 1
            raise LookupError

    async with Pool.open(database.url, 1) as pool:
        with pytest.raises(LookupError):
            await fails(pool)
        async with pool.unit(scope) as db:
            assert await db.fetchval("SELECT count(*) FROM clusters") == 0


async def test_a_cancelled_unit_takes_back_everything_and_gives_its_connection_back(database: Database) -> None:
    scope = system_scope(ids.new())

    async def sleeps(pool: Pool) -> None:
        async with pool.unit(scope) as db:
            await found(db, scope.cluster)
            await asyncio.sleep(60)

    async with Pool.open(database.url, 1) as pool:
        task = asyncio.create_task(sleeps(pool))
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        async with pool.unit(scope) as db:
            assert await db.fetchval("SELECT count(*) FROM clusters") == 0


async def test_when_no_connection_comes_free_one_is_told_to_try_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cluster.base.db.ACQUIRE_TIMEOUT_S", 0.05)

    async def ask(pool: Pool) -> int:
        async with pool.unit(AN) as db:
            answer: int = await db.fetchval("SELECT 1")
        return answer

    async with Pool.open(database.url, 1) as pool:
        async with pool.unit(AN):
            with pytest.raises(Busy) as refusal:
                await ask(pool)
            assert refusal.value.status == 503
        assert await ask(pool) == 1


async def test_a_statement_that_never_ends_is_ended(database: Database) -> None:
    async with Pool.open(database.url, 1) as pool, pool.unit(AN) as db:
        assert await db.fetchval("SHOW statement_timeout") == "15s"
        assert await db.fetchval("SHOW idle_in_transaction_session_timeout") == "20s"
        await db.execute("SET LOCAL statement_timeout = '50ms'")
        with pytest.raises(asyncpg.QueryCanceledError):
            await db.execute("SELECT pg_sleep(30)")


async def test_an_operator_is_the_system_without_a_cluster(database: Database) -> None:
    async with Pool.open(database.url, 1) as pool, pool.unit(Scope(role=Role.OPERATOR)) as db:
        assert await settings(db) == (None, None, "system", None)


def test_a_scope_without_a_cluster_says_so() -> None:
    with pytest.raises(LookupError):
        _ = system_scope().cluster


@pytest.mark.parametrize("role", Role)
def test_only_coordinator_and_system_are_neutral(role: Role) -> None:
    assert Scope(role=role).neutral == (role in {Role.COORDINATOR, Role.SYSTEM})
