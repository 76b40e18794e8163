"""Pool windows: their SQL and their use cases. What belongs to which window is decided here and nowhere else."""

from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.pages import Page, page
from cluster.shipments import pool_queries as queries
from cluster.shipments.models import OpenPoolWindow, Pool, PoolWindow


async def open_window(db: Connection, scope: Scope, body: OpenPoolWindow) -> PoolWindow:
    """
    Opens a pool window.

    Raises
    ------
    Conflict
        When the day has one.
    """
    pool_window_id = ids.new()
    try:
        async with db.transaction():
            await queries.insert(db, scope, pool_window_id, body)
    except asyncpg.UniqueViolationError:
        raise Conflict("pool_window_exists", f"There is a pool window for {body.service_date} already.") from None
    except asyncpg.CheckViolationError:
        raise Conflict("cut_off_passed", "The cut-off must be later than now.") from None
    return await window(db, scope, pool_window_id)


async def window(db: Connection, scope: Scope, pool_window_id: UUID) -> PoolWindow:
    """One pool window."""
    found = await queries.windows(db, scope, UUID(int=0), 1, pool_window_id)
    if not found:
        raise NotFound("win")
    return found[0]


async def list_windows(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[PoolWindow]:
    """Pool windows of the cluster, oldest first."""
    return page(await queries.windows(db, scope, after, limit + 1, None), limit)


async def pool(db: Connection, scope: Scope, pool_window_id: UUID) -> Pool:
    """A pool window as planning needs it."""
    found = await queries.pools(db, scope, [pool_window_id])
    if not found:
        raise NotFound("win")
    return found[0]


async def pools_for_booking(db: Connection, scope: Scope, wanted: set[UUID | None]) -> dict[UUID | None, Pool | None]:
    """
    The window behind each wish; a wish of None is for the earliest that takes bookings.

    A value of None says that there is no such window; whether it takes bookings now is for ``refusal`` to say.
    """
    named = [entry for entry in wanted if entry is not None]
    found: dict[UUID | None, Pool | None] = dict.fromkeys(wanted)
    if named:
        found.update({entry.pool_window_id: entry for entry in await queries.pools(db, scope, named)})
    if None in wanted:
        found[None] = await queries.next_pool(db, scope)
    return found


def refusal(pool: Pool) -> Conflict | None:
    """Why a window takes no bookings now; None when it does."""
    if pool.now < pool.opens_at:
        return Conflict(
            "pool_window_not_open", f"Bookings for {pool.service_date} open at {pool.opens_at.isoformat()}."
        )
    if pool.now >= pool.cut_off_at:
        return Conflict("cut_off_passed", f"Bookings for {pool.service_date} closed at {pool.cut_off_at.isoformat()}.")
    return None


async def touch(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """Tells plans under way that what they were made from has changed; also the lock that orders such changes."""
    await queries.bump(db, scope, pool_window_id)


async def advance(db: Connection, scope: Scope, pool_window_id: UUID, version: int) -> bool:
    """Moves the version on if it still is ``version``: what a plan applies on."""
    return await queries.advance(db, scope, pool_window_id, version)
