"""SQL of offers of space and how they are taken, day by day."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.space.finding import Zone
from cluster.space.models import OfferSpace, SpaceUnit

TURN = 3
"""Tells the advisory locks of space from others that are named by a cluster."""


class OffersWanted(Struct, frozen=True, kw_only=True):
    """Which offers are asked for; what is None does not matter."""

    offer_id: UUID | None = None
    site_id: UUID | None = None
    temperature: str | None = None
    unit: SpaceUnit | None = None


async def today(db: Connection, scope: Scope) -> date:
    """What day it is where the cluster is."""
    found: date = await db.fetchval(
        "SELECT (now() AT TIME ZONE time_zone)::date FROM clusters WHERE cluster_id = $1", scope.cluster
    )
    return found


async def take_turn(db: Connection, scope: Scope) -> None:
    """
    Whoever touches bookings in several offers goes one after the other in a cluster, until the transaction ends.

    Taken before any row is locked: whoever books holds the days of one offer alone and waits for nothing else then.
    """
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))", str(scope.cluster), TURN)


async def insert_offer(
    db: Connection, scope: Scope, offer_id: UUID, owner_id: UUID | None, site_id: UUID, body: OfferSpace
) -> None:
    """A new offer with its days, nothing taken."""
    await db.execute(
        """
        INSERT INTO space_offers (cluster_id, offer_id, owner_id, site_id, zone, temperature, unit, units, row_units,
                                  first_on, last_on, day_milli, days_min, days_max, notice_days)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
        """,
        scope.cluster,
        offer_id,
        owner_id,
        site_id,
        body.zone,
        body.temperature,
        body.unit,
        body.units,
        body.row_units,
        body.first_on,
        body.last_on,
        body.day_milli,
        body.days_min,
        body.days_max,
        body.notice_days,
    )
    await db.execute(
        """
        INSERT INTO space_days (cluster_id, offer_id, day, units)
        SELECT $1, $2, day::date, $3 FROM generate_series($4::date, $5::date, interval '1 day') AS day
        """,
        scope.cluster,
        offer_id,
        body.units,
        body.first_on,
        body.last_on,
    )


async def withdraw_offer(db: Connection, scope: Scope, offer_id: UUID) -> None:
    """An offer takes no more bookings."""
    await db.execute(
        """
        UPDATE space_offers SET status = 'withdrawn', version = version + 1
         WHERE cluster_id = $1 AND offer_id = $2 AND status = 'open'
        """,
        scope.cluster,
        offer_id,
    )


async def offers(db: Connection, scope: Scope, after: UUID, limit: int, wanted: OffersWanted) -> list[asyncpg.Record]:
    """Offers that the caller may see, oldest first."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT offer_id, owner_id, site_id, zone, temperature, unit, units, row_units, first_on, last_on, day_milli,
               days_min, days_max, notice_days, status, version, created_at
          FROM space_offers
         WHERE cluster_id = $1 AND offer_id > $2 AND ($4::uuid IS NULL OR offer_id = $4)
           AND ($5::uuid IS NULL OR site_id = $5) AND ($6::text IS NULL OR temperature = $6)
           AND ($7::text IS NULL OR unit = $7)
         ORDER BY offer_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        wanted.offer_id,
        wanted.site_id,
        wanted.temperature,
        wanted.unit,
    )
    return found


async def offered_sites(db: Connection, scope: Scope, site_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the given sites at which space is or was offered."""
    rows = await db.fetch(
        "SELECT DISTINCT site_id FROM space_offers WHERE cluster_id = $1 AND site_id = ANY($2)",
        scope.cluster,
        list(site_ids),
    )
    return {row["site_id"] for row in rows}


async def zones(db: Connection, scope: Scope, unit: SpaceUnit, since: date) -> list[Zone]:
    """Open offers counted in that unit, with what is taken of them on each day from then on."""
    rows = await db.fetch(
        """
        SELECT offer.offer_id, owner_id, site_id, temperature, offer.units, first_on, last_on, day_milli, days_min,
               days_max, min(days.day) AS since, array_agg(days.used ORDER BY days.day) AS taken
          FROM space_offers AS offer JOIN space_days AS days USING (cluster_id, offer_id)
         WHERE cluster_id = $1 AND unit = $2 AND status = 'open' AND days.day >= $3
         GROUP BY cluster_id, offer.offer_id
         ORDER BY offer.offer_id
        """,
        scope.cluster,
        unit,
        since,
    )
    return [Zone(unit=unit, **dict(row)) for row in rows]


async def used(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date) -> list[int]:
    """How much is taken on each of those days that the offer has."""
    rows = await db.fetch(
        """
        SELECT used FROM space_days WHERE cluster_id = $1 AND offer_id = $2 AND day BETWEEN $3 AND $4 ORDER BY day
        """,
        scope.cluster,
        offer_id,
        first_on,
        last_on,
    )
    return [row["used"] for row in rows]


async def room(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date) -> Sequence[int]:
    """How much is free on each of those days, which nobody else changes until the transaction ends."""
    rows = await db.fetch(
        """
        SELECT units - used AS free FROM space_days
         WHERE cluster_id = $1 AND offer_id = $2 AND day BETWEEN $3 AND $4 ORDER BY day FOR UPDATE
        """,
        scope.cluster,
        offer_id,
        first_on,
        last_on,
    )
    return [row["free"] for row in rows]


async def take(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date, units: int) -> None:
    """Takes so much on those days; below zero gives it back. More than there is does not pass the table's check."""
    await db.execute(
        """
        UPDATE space_days SET used = used + $5
         WHERE cluster_id = $1 AND offer_id = $2 AND day BETWEEN $3 AND $4
        """,
        scope.cluster,
        offer_id,
        first_on,
        last_on,
        units,
    )


async def miscounted(db: Connection, scope: Scope) -> list[dict[str, Any]]:
    """Days whose count is not what bookings say; none, or something is broken."""
    rows = await db.fetch(
        """
        SELECT days.offer_id, days.day, days.used, coalesce(sum(booking.units), 0)::bigint AS booked
          FROM space_days AS days LEFT JOIN space_bookings AS booking
            ON booking.cluster_id = days.cluster_id AND booking.offer_id = days.offer_id
           AND days.day BETWEEN booking.first_on AND booking.last_on
         WHERE days.cluster_id = $1
         GROUP BY days.offer_id, days.day, days.used
        HAVING days.used <> coalesce(sum(booking.units), 0)
        """,
        scope.cluster,
    )
    return [dict(row) for row in rows]
