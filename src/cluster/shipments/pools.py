"""Pool windows: their SQL and their use cases. What belongs to which window is decided here and nowhere else."""

from datetime import timedelta
from typing import TypeAlias
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.etags import must_match
from cluster.base.pages import Page, page
from cluster.base.validation import judge
from cluster.members import service as members
from cluster.shipments import pool_queries as queries
from cluster.shipments.changes import BookingDefaults
from cluster.shipments.window_models import ChangePoolWindow, LatePolicy, OpenPoolWindow, Pool, PoolWindow

Pools: TypeAlias = dict[UUID | None, Pool | None]


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
        detail = f"There is a pool window for {body.service_date} already; another of that day needs another label."
        raise Conflict("pool_window_exists", detail) from None
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


async def pools_for_booking(db: Connection, scope: Scope, wanted: set[UUID | None]) -> Pools:
    """
    The window behind each wish; a wish of None is for the earliest that takes bookings.

    Where a window has closed and its policy moves late orders on, the next one that takes bookings stands in its place.
    A value of None says that there is no such window; whether it takes bookings now is for ``refusal`` to say.
    """
    named = [entry for entry in wanted if entry is not None]
    return await _chosen(db, scope, wanted, await queries.pools(db, scope, named) if named else [])


async def ground_of(db: Connection, scope: Scope, wanted: set[UUID | None]) -> tuple[Pools, BookingDefaults]:
    """
    The same beside what the calling member's bookings say where they say nothing.

    Raises
    ------
    Conflict
        When the member may not book now.
    """
    found = await queries.ground(db, scope, [entry for entry in wanted if entry is not None])
    members.may_book(found.standing)
    return await _chosen(db, scope, wanted, found.pools), found.defaults


async def _chosen(db: Connection, scope: Scope, wanted: set[UUID | None], named: list[Pool]) -> Pools:
    found: Pools = dict.fromkeys(wanted)
    if named:
        for entry in named:
            moved = entry.late and entry.late_policy is LatePolicy.NEXT_WINDOW
            found[entry.pool_window_id] = (await queries.next_pool(db, scope, entry) if moved else None) or entry
    if None in wanted:
        found[None] = await queries.next_pool(db, scope)
    return found


def refusal(pool: Pool) -> Conflict | None:
    """Why a window takes no bookings now; None when it does."""
    if pool.now < pool.opens_at:
        return Conflict(
            "pool_window_not_open", f"Bookings for {pool.service_date} open at {pool.opens_at.isoformat()}."
        )
    if pool.now >= pool.closes_at:
        return Conflict("cut_off_passed", f"Bookings for {pool.service_date} closed at {pool.closes_at.isoformat()}.")
    return None


async def touch(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """Tells plans under way that what they were made from has changed; also the lock that orders such changes."""
    await queries.bump(db, scope, pool_window_id)


async def hold(db: Connection, scope: Scope, pool_window_id: UUID) -> int:
    """
    Lets nobody else change a window's day until the transaction ends; tells the version of its day.

    Raises
    ------
    NotFound
        When there is no such window.
    """
    found = await queries.hold(db, scope, pool_window_id)
    if found is None:
        raise NotFound("win")
    return found


async def change_window(
    db: Connection, scope: Scope, pool_window_id: UUID, body: ChangePoolWindow, if_match: str | None
) -> PoolWindow:
    """
    Moves a window's opening or cut-off, or what becomes of late orders.

    Raises
    ------
    Invalid
        When the moments would not come one after the other.
    """
    await queries.step(db, scope, pool_window_id)  # orders changes; the version that the asker saw is one less
    found = await window(db, scope, pool_window_id)
    must_match(if_match, (await pool(db, scope, pool_window_id)).version - 1)
    policy = body.late_policy or found.late_policy
    late = (body.late_until_at or found.late_until_at) if policy is LatePolicy.ACCEPT else body.late_until_at
    wish = OpenPoolWindow(
        service_date=found.service_date,
        opens_at=body.opens_at or found.opens_at,
        cut_off_at=body.cut_off_at or found.cut_off_at,
        late_policy=policy,
        late_until_at=late,
    )
    judge(wish)
    await queries.change(db, scope, pool_window_id, body)
    return await window(db, scope, pool_window_id)


async def close_window(db: Connection, scope: Scope, pool_window_id: UUID) -> PoolWindow:
    """Closes a window now, late orders included. Closing what is closed changes nothing."""
    found = await pool(db, scope, pool_window_id)
    if found.now < found.closes_at:
        opens_at = min(found.opens_at, found.now - timedelta(seconds=1))
        closed = ChangePoolWindow(opens_at=opens_at, cut_off_at=found.now, late_policy=LatePolicy.REFUSE)
        await queries.change(db, scope, pool_window_id, closed)
    return await window(db, scope, pool_window_id)
