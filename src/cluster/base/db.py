"""
The database: one pool, and the one way to a connection that may read or write.

A unit of work is one transaction in which PostgreSQL knows who asks: row-level security reads the settings made here,
and forgets them with the transaction.
"""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from typing import Protocol, TypeAlias
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base.acting import ActingConnection
from cluster.base.errors import Busy

Connection: TypeAlias = asyncpg.pool.PoolConnectionProxy

ACQUIRE_TIMEOUT_S = 5.0
UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
"""What a database that starts, restarts or is full answers to a new connection, or to the first word on an old one."""
SERVER_SETTINGS = {
    "application_name": "cluster",
    "statement_timeout": "15s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "20s",
    "timezone": "UTC",
}


class Role(StrEnum):
    """On whose behalf something happens; row-level security knows the same words."""

    MEMBER_USER = "member_user"
    MEMBER_ADMIN = "member_admin"
    COORDINATOR = "coordinator"
    WAREHOUSE_OPERATOR = "warehouse_operator"
    CARRIER_KEY = "carrier_key"
    SYSTEM = "system"
    OPERATOR = "operator"
    AUTHENTICATOR = "authenticator"


class Note(Protocol):
    """What a transaction writes down about whoever opened it."""

    async def write(self, db: Connection, scope: "Scope") -> None:
        """Writes it, in that transaction."""
        ...


class Scope(Struct, frozen=True, kw_only=True):
    """
    Who asks, and so what may be seen.

    ``member_id`` is set for the roles of a member alone, ``carrier_id`` for those of a carrier. ``key_id`` names the
    API key, ``user_id`` the person signed in; the platform's own work has neither. ``scopes`` says what a key is
    limited to, None where the role alone decides. ``note`` writes down that somebody looks, where that is to be known.
    """

    role: Role
    cluster_id: UUID | None = None
    member_id: UUID | None = None
    carrier_id: UUID | None = None
    key_id: UUID | None = None
    user_id: UUID | None = None
    scopes: frozenset[str] | None = None
    note: "Note | None" = None

    @property
    def cluster(self) -> UUID:
        """The cluster, where there must be one."""
        if self.cluster_id is None:
            raise LookupError("this scope belongs to no cluster")
        return self.cluster_id

    @property
    def actor_id(self) -> UUID | None:
        """The key or the person that asks."""
        return self.key_id or self.user_id

    @property
    def neutral(self) -> bool:
        """Whether it sees all members' rows."""
        return self.role in (Role.COORDINATOR, Role.SYSTEM)


def system_scope(cluster_id: UUID | None = None) -> Scope:
    """The platform's own work, in one cluster or (claiming jobs, housekeeping) in none."""
    return Scope(role=Role.SYSTEM, cluster_id=cluster_id)


class Database:
    """The connection pool; open it with ``async with Database.open(url)``."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    @classmethod
    @asynccontextmanager
    async def open(cls, url: str, size_max: int = 10) -> AsyncIterator["Database"]:
        """A pool that closes with the block."""
        pool = await asyncpg.create_pool(
            url,
            min_size=1,
            max_size=size_max,
            server_settings=SERVER_SETTINGS,
            command_timeout=30,
            init=_prepare,
            reset=_leave,
            connection_class=ActingConnection,
        )
        try:
            yield cls(pool)
        finally:
            await pool.close()

    @asynccontextmanager
    async def unit(self, scope: Scope) -> AsyncIterator[Connection]:
        """
        One transaction for one request or job, committed when the block ends well.

        Raises
        ------
        Busy
            When no connection comes free in time, or the database cannot be reached or goes away. If that happens while
            it commits, nobody knows whether it did: ask again with the same idempotency key.
        """
        lost = False

        def look() -> None:
            nonlocal lost
            try:
                lost = connection.is_closed()
            except asyncpg.InterfaceError:  # a connection that broke has left the pool by itself
                lost = True

        try:
            async with AsyncExitStack() as leaving:
                try:
                    connection = await self._pool.acquire(timeout=ACQUIRE_TIMEOUT_S)
                    leaving.push_async_callback(self._pool.release, connection)
                    leaving.callback(look)
                    connection.begin_as(_who(scope))
                    await leaving.enter_async_context(connection.transaction())
                except TimeoutError:
                    raise Busy("All database connections are in use.") from None
                except UNREACHABLE as error:
                    raise Busy("The database cannot be reached.") from error
                if scope.note is not None:
                    await scope.note.write(connection, scope)
                yield connection
        except UNREACHABLE as error:
            if not lost:
                raise
            raise Busy("The database went away.") from error


async def act_as(db: Connection, scope: Scope) -> None:
    """Tells PostgreSQL who asks, for the rest of this transaction."""
    await db.execute(
        """
        SELECT set_config('app.cluster', $1, true), set_config('app.member', $2, true),
               set_config('app.role', $3, true), set_config('app.key', $4, true),
               set_config('app.user', $5, true), set_config('app.carrier', $6, true)
        """,
        *_who(scope),
    )


async def only_read(db: Connection) -> None:
    """Nothing can be written in the rest of this transaction."""
    await db.execute("SELECT set_config('transaction_read_only', 'on', true)")


async def plan_anew(db: Connection) -> None:
    """
    Each statement of the rest of this transaction is planned for the rows that are there now.

    For work that fills tables: a plan that was kept from when they were empty goes through all rows for each given one.
    """
    # any-cluster: how, not what
    await db.execute("SELECT set_config('plan_cache_mode', 'force_custom_plan', true)")


@asynccontextmanager
async def hashed(db: Connection) -> AsyncIterator[None]:
    """
    Statements of the block join by hash, never row by row.

    For many rows given against a table that was filled a moment ago: until it is analysed, PostgreSQL takes it for
    empty, and would go through the given rows once for each of its rows.
    """
    # any-cluster: how, not what
    await db.execute("SELECT set_config('enable_nestloop', 'off', true)")
    yield
    await db.execute("SELECT set_config('enable_nestloop', 'on', true)")


def _who(scope: Scope) -> tuple[str, ...]:
    """What PostgreSQL is told, in the order of ``acting.WHO``."""
    return (
        _text(scope.cluster_id),
        _text(scope.member_id),
        _database_role(scope.role),
        _text(scope.actor_id),
        _text(scope.user_id),
        _text(scope.carrier_id),
    )


def _text(value: UUID | None) -> str:
    return "" if value is None else str(value)


def _database_role(role: Role) -> str:
    """An operator founds clusters as the system does, and has no other power."""
    return Role.SYSTEM if role is Role.OPERATOR else role


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb", encoder=_encode_json, decoder=msgspec.json.decode, schema="pg_catalog", format="text"
    )


async def _leave(_: asyncpg.Connection) -> None:
    """
    Nothing to clear: who asks, locks and settings go with the transaction, which asyncpg ends by itself.

    The usual reset would be one more exchange with PostgreSQL for every request.
    """


def _encode_json(value: object) -> str:
    return msgspec.json.encode(value).decode()
