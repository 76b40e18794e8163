"""SQL of re-plans of space."""

from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from cluster.base.db import Connection, Scope
from cluster.space.booking_queries import wanted_of
from cluster.space.models import SpaceUnit
from cluster.space.replanning import Standing


async def standing(db: Connection, scope: Scope, unit: SpaceUnit, since: date) -> list[Standing]:
    """Bookings that hold space in open offers on that day or later."""
    rows = await db.fetch(
        """
        SELECT booking.booking_id, booking.member_id, booking.unit, booking.units, booking.temperatures,
               booking.site_ids, wanted_offer AS offer_id, earliest_on, latest_on, days, rent_max_minor,
               booking.offer_id AS stands_in, booking.first_on, booking.last_on, rent_minor, move_minor, booking.version
          FROM space_bookings AS booking JOIN space_offers AS offer
            ON offer.cluster_id = booking.cluster_id AND offer.offer_id = booking.offer_id
         WHERE booking.cluster_id = $1 AND booking.unit = $2 AND booking.last_on >= $3
           AND booking.last_on >= booking.first_on AND offer.status = 'open'
         ORDER BY booking.booking_id
        """,
        scope.cluster,
        unit,
        since,
    )
    return [
        Standing(
            booking_id=row["booking_id"],
            wanted=wanted_of(row),
            offer_id=row["stands_in"],
            first_on=row["first_on"],
            last_on=row["last_on"],
            rent_minor=row["rent_minor"],
            move_minor=row["move_minor"],
            version=row["version"],
        )
        for row in rows
    ]


async def versions(db: Connection, scope: Scope, booking_ids: list[UUID]) -> dict[UUID, int]:
    """Versions of those bookings, which nobody else changes until the transaction ends."""
    rows = await db.fetch(
        """
        SELECT booking_id, version FROM space_bookings
         WHERE cluster_id = $1 AND booking_id = ANY($2) ORDER BY booking_id FOR UPDATE
        """,
        scope.cluster,
        booking_ids,
    )
    return {row["booking_id"]: row["version"] for row in rows}


async def insert(db: Connection, scope: Scope, replan_id: UUID, content: Any) -> None:
    """A proposal."""
    await db.execute(
        "INSERT INTO space_replans (cluster_id, replan_id, content) VALUES ($1, $2, $3)",
        scope.cluster,
        replan_id,
        content,
    )


async def replan(db: Connection, scope: Scope, replan_id: UUID) -> asyncpg.Record | None:
    """One re-plan."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT replan_id, status, content, created_at, applied_at FROM space_replans
         WHERE cluster_id = $1 AND replan_id = $2
        """,
        scope.cluster,
        replan_id,
    )
    return found


async def applied(db: Connection, scope: Scope, replan_id: UUID) -> None:
    """It is done."""
    await db.execute(
        """
        UPDATE space_replans SET status = 'applied', applied_at = now()
         WHERE cluster_id = $1 AND replan_id = $2 AND status = 'proposed'
        """,
        scope.cluster,
        replan_id,
    )
