"""SQL of leases, commitments, counts and splits of jointly rented space."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.space.split_models import (
    SettleLease,
    SpaceCertificate,
    SpaceRule,
    SpaceShare,
    SpaceSplitStatus,
)

SHARE_COLUMNS = tuple(name for name in SpaceShare.__struct_fields__ if name != "member_id")


class Owed(Struct, frozen=True, kw_only=True):
    """What a booking or a share of a split makes somebody owe; ``to_member_id`` None: the cluster."""

    source: str
    source_id: UUID
    member_id: UUID
    to_member_id: UUID | None
    amount_minor: int


async def settle_lease(db: Connection, scope: Scope, offer_id: UUID, body: SettleLease) -> None:
    """What an offer costs, and who is committed to how much of it."""
    await db.execute(
        """
        INSERT INTO space_leases (cluster_id, offer_id, rent_month_minor, running_month_minor, overflow_milli,
                                  relet_milli)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (cluster_id, offer_id) DO UPDATE
           SET rent_month_minor = excluded.rent_month_minor, running_month_minor = excluded.running_month_minor,
               overflow_milli = excluded.overflow_milli, relet_milli = excluded.relet_milli
        """,
        scope.cluster,
        offer_id,
        body.rent_month_minor,
        body.running_month_minor,
        body.overflow_milli,
        body.relet_milli,
    )
    await db.execute(
        "UPDATE space_commitments SET units = 0 WHERE cluster_id = $1 AND offer_id = $2", scope.cluster, offer_id
    )
    await db.execute(
        """
        INSERT INTO space_commitments (cluster_id, offer_id, member_id, units)
        SELECT $1, $2, entry.member_id, entry.units FROM unnest($3::uuid[], $4::integer[]) AS entry (member_id, units)
        ON CONFLICT (cluster_id, offer_id, member_id) DO UPDATE SET units = excluded.units
        """,
        scope.cluster,
        offer_id,
        [ids.parse("mem", entry.member_id) for entry in body.commitments],
        [entry.units for entry in body.commitments],
    )


async def lease(db: Connection, scope: Scope, offer_id: UUID) -> asyncpg.Record | None:
    """What an offer costs, for the neutral side."""
    found: asyncpg.Record | None = await db.fetchrow(
        """
        SELECT rent_month_minor, running_month_minor, overflow_milli, relet_milli FROM space_leases
         WHERE cluster_id = $1 AND offer_id = $2
        """,
        scope.cluster,
        offer_id,
    )
    return found


async def commitments(db: Connection, scope: Scope, offer_id: UUID) -> dict[UUID, int]:
    """Who is committed to how much: a member sees its own."""
    rows = await db.fetch(
        """
        SELECT member_id, units FROM space_commitments
         WHERE cluster_id = $1 AND offer_id = $2 AND units > 0 AND ($3::uuid IS NULL OR member_id = $3)
         ORDER BY member_id
        """,
        scope.cluster,
        offer_id,
        scope.member_id,
    )
    return {row["member_id"]: row["units"] for row in rows}


async def count(db: Connection, scope: Scope, offer_id: UUID, day: date, units: Mapping[UUID, int]) -> None:
    """What stood in an offer on a day, in place of an earlier count."""
    await db.execute(
        "UPDATE space_counts SET units = 0 WHERE cluster_id = $1 AND offer_id = $2 AND day = $3",
        scope.cluster,
        offer_id,
        day,
    )
    await db.execute(
        """
        INSERT INTO space_counts (cluster_id, offer_id, day, member_id, units)
        SELECT $1, $2, $3, entry.member_id, entry.units
          FROM unnest($4::uuid[], $5::integer[]) AS entry (member_id, units)
        ON CONFLICT (cluster_id, offer_id, day, member_id) DO UPDATE SET units = excluded.units
        """,
        scope.cluster,
        offer_id,
        day,
        list(units),
        list(units.values()),
    )


async def counts(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date) -> list[asyncpg.Record]:
    """Every count of those days."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT day, member_id, units FROM space_counts
         WHERE cluster_id = $1 AND offer_id = $2 AND day BETWEEN $3 AND $4
        """,
        scope.cluster,
        offer_id,
        first_on,
        last_on,
    )
    return found


async def stays(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date) -> list[asyncpg.Record]:
    """Bookings that hold or owe space on those days."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT member_id, units, first_on, last_on, owed_on FROM space_bookings
         WHERE cluster_id = $1 AND offer_id = $2 AND first_on <= $4 AND owed_on >= $3
         ORDER BY booking_id
        """,
        scope.cluster,
        offer_id,
        first_on,
        last_on,
    )
    return found


async def hold_lease(db: Connection, scope: Scope, offer_id: UUID) -> None:
    """Periods of an offer are split one after the other."""
    await db.execute(
        "SELECT FROM space_leases WHERE cluster_id = $1 AND offer_id = $2 FOR UPDATE", scope.cluster, offer_id
    )


async def overlapping(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date) -> bool:
    """Whether a day of that period has been split already."""
    found: bool = await db.fetchval(
        """
        SELECT EXISTS (SELECT FROM space_splits WHERE cluster_id = $1 AND offer_id = $2 AND status = 'final'
                          AND first_on <= $4 AND last_on >= $3)
        """,
        scope.cluster,
        offer_id,
        first_on,
        last_on,
    )
    return found


async def insert(db: Connection, scope: Scope, split_id: UUID, found: SpaceCertificate) -> None:
    """A split with its shares."""
    offer_id = ids.parse("spo", found.offer_id)
    await db.execute(
        """
        INSERT INTO space_splits (cluster_id, split_id, offer_id, first_on, last_on, cost_minor, content)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        scope.cluster,
        split_id,
        offer_id,
        found.first_on,
        found.last_on,
        found.cost_minor,
        msgspec.to_builtins(found),
    )
    await db.execute(
        """
        INSERT INTO space_shares (cluster_id, split_id, member_id, offer_id, first_on, last_on, rule, reserved_minor,
                                  running_minor, overflow_minor, relet_minor, credit_minor, share_minor, alone_minor,
                                  peak_units, peak_on, joint_peak_on, at_joint_peak, used_days, over_days,
                                  released_days)
        SELECT $1, $2, entry.member_id, $3, $4, $5, $6, entry.reserved_minor, entry.running_minor,
               entry.overflow_minor, entry.relet_minor, entry.credit_minor, entry.share_minor, entry.alone_minor,
               entry.peak_units, entry.peak_on, entry.joint_peak_on, entry.at_joint_peak, entry.used_days,
               entry.over_days, entry.released_days
          FROM jsonb_to_recordset($7)
               AS entry (member_id uuid, reserved_minor bigint, running_minor bigint, overflow_minor bigint,
                         relet_minor bigint, credit_minor bigint, share_minor bigint, alone_minor bigint,
                         peak_units integer, peak_on date, joint_peak_on date, at_joint_peak integer,
                         used_days bigint, over_days bigint, released_days bigint)
        """,
        scope.cluster,
        split_id,
        offer_id,
        found.first_on,
        found.last_on,
        found.rule,
        [msgspec.to_builtins(share) | {"member_id": str(ids.parse("mem", share.member_id))} for share in found.shares],
    )


async def withdraw(db: Connection, scope: Scope, split_id: UUID) -> None:
    """A split owes nobody anything any more."""
    await db.execute(
        "UPDATE space_splits SET status = 'withdrawn' WHERE cluster_id = $1 AND split_id = $2", scope.cluster, split_id
    )
    await db.execute(
        "UPDATE space_shares SET status = 'withdrawn' WHERE cluster_id = $1 AND split_id = $2", scope.cluster, split_id
    )


async def splits(db: Connection, scope: Scope, after: UUID, limit: int, split_id: UUID | None) -> list[asyncpg.Record]:
    """Splits with all that they follow from, oldest first; for the neutral side."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT split_id, status, content, created_at FROM space_splits
         WHERE cluster_id = $1 AND split_id > $2 AND ($4::uuid IS NULL OR split_id = $4)
         ORDER BY split_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        split_id,
    )
    return found


async def own_shares(
    db: Connection, scope: Scope, after: UUID, limit: int, split_id: UUID | None
) -> list[asyncpg.Record]:
    """A member's shares, oldest split first."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT split_id, member_id, offer_id, first_on, last_on, status, rule, reserved_minor, running_minor,
               overflow_minor, relet_minor, credit_minor, share_minor, alone_minor, peak_units, peak_on, joint_peak_on,
               at_joint_peak, used_days, over_days, released_days
          FROM space_shares
         WHERE cluster_id = $1 AND split_id > $2 AND member_id = $5 AND ($4::uuid IS NULL OR split_id = $4)
         ORDER BY split_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        split_id,
        scope.member_id,
    )
    return found


def share_of(row: Mapping[str, Any]) -> SpaceShare:
    """A share, of a row with its columns."""
    return SpaceShare(member_id=ids.show("mem", row["member_id"]), **{name: row[name] for name in SHARE_COLUMNS})


def rule_of(row: Mapping[str, Any]) -> tuple[SpaceRule, SpaceSplitStatus]:
    """By which rule a share was made, and whether it holds."""
    return SpaceRule(row["rule"]), SpaceSplitStatus(row["status"])


async def owed(db: Connection, scope: Scope, first_on: date, last_on: date) -> list[Owed]:
    """
    What members owe for space of a period: shares of splits that end in it, to the cluster; and rent of stays in other
    members' space, to these.

    A stay's rent is owed by the day, each day's what it raises the rounded rent by: periods one after the other add up
    to the rent of the stay.
    """
    rows = await db.fetch(
        """
        SELECT 'split' AS source, split_id AS source_id, member_id, NULL::uuid AS to_member_id, share_minor AS amount
          FROM space_shares
         WHERE cluster_id = $1 AND status = 'final' AND last_on BETWEEN $2 AND $3
         UNION ALL
        SELECT 'booking', booking_id, member_id, owner_id, amount
          FROM (SELECT booking.booking_id, booking.member_id, offer.owner_id,
                       (booking.units * offer.day_milli * (least(owed_on, $3) - booking.first_on + 1) + 500) / 1000
                       - (booking.units * offer.day_milli
                          * greatest(least(owed_on, $2 - 1) - booking.first_on + 1, 0) + 500) / 1000 AS amount
                  FROM space_bookings AS booking JOIN space_offers AS offer
                    ON offer.cluster_id = booking.cluster_id AND offer.offer_id = booking.offer_id
                 WHERE booking.cluster_id = $1 AND offer.owner_id IS NOT NULL AND offer.owner_id <> booking.member_id
                   AND booking.first_on <= $3 AND owed_on >= $2 AND owed_on >= booking.first_on) AS rents
         ORDER BY source, source_id, member_id
        """,
        scope.cluster,
        first_on,
        last_on,
    )
    return [
        Owed(
            source=row["source"],
            source_id=row["source_id"],
            member_id=row["member_id"],
            to_member_id=row["to_member_id"],
            amount_minor=row["amount"],
        )
        for row in rows
    ]
