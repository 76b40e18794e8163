"""SQL of bookings of space."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.goods import TemperatureClass
from cluster.space.finding import Place, Wanted
from cluster.space.models import BookSpace, SpaceBooking, SpaceBookingStatus, SpaceUnit
from cluster.space.positions import Held


class BookingsWanted(Struct, frozen=True, kw_only=True):
    """Which bookings are asked for; what is None does not matter."""

    booking_id: UUID | None = None
    offer_id: UUID | None = None
    status: SpaceBookingStatus | None = None


async def insert(
    db: Connection, scope: Scope, booking_id: UUID, wanted: Wanted, body: BookSpace, place: Place | None
) -> None:
    """A new booking; without a place it waits."""
    await db.execute(
        """
        INSERT INTO space_bookings (cluster_id, booking_id, member_id, status, unit, units, temperatures, site_ids,
                                    wanted_offer, earliest_on, latest_on, days, rent_max_minor, move_minor, content,
                                    offer_id, first_on, last_on, owed_on, rent_minor, booked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $18, $19,
                CASE WHEN $16::uuid IS NOT NULL THEN now() END)
        """,
        scope.cluster,
        booking_id,
        wanted.member_id,
        SpaceBookingStatus.WAITING if place is None else SpaceBookingStatus.BOOKED,
        wanted.unit,
        wanted.units,
        list(wanted.temperatures),
        list(wanted.site_ids),
        wanted.offer_id,
        wanted.earliest_on,
        wanted.latest_on,
        wanted.days,
        wanted.rent_max_minor,
        body.move_minor,
        body.content,
        None if place is None else place.offer_id,
        None if place is None else place.first_on,
        None if place is None else place.last_on,
        None if place is None else place.rent_minor,
    )


async def put_in_place(db: Connection, scope: Scope, booking_id: UUID, place: Place) -> None:
    """A booking gets its place, or another one."""
    await db.execute(
        """
        UPDATE space_bookings SET status = 'booked', offer_id = $3, first_on = $4, last_on = $5, owed_on = $5,
               rent_minor = $6, booked_at = coalesce(booked_at, now()), version = version + 1
         WHERE cluster_id = $1 AND booking_id = $2
        """,
        scope.cluster,
        booking_id,
        place.offer_id,
        place.first_on,
        place.last_on,
        place.rent_minor,
    )


async def set_end(
    db: Connection, scope: Scope, booking_id: UUID, status: SpaceBookingStatus, last_on: date, owed_on: date, rent: int
) -> None:
    """A booking ends on another day."""
    await db.execute(
        """
        UPDATE space_bookings SET status = $3, last_on = $4, owed_on = $5, rent_minor = $6, version = version + 1
         WHERE cluster_id = $1 AND booking_id = $2
        """,
        scope.cluster,
        booking_id,
        status,
        last_on,
        owed_on,
        rent,
    )


async def stop_waiting(db: Connection, scope: Scope, booking_ids: Sequence[UUID], status: SpaceBookingStatus) -> None:
    """Bookings that wait do so no longer."""
    await db.execute(
        """
        UPDATE space_bookings SET status = $3, version = version + 1
         WHERE cluster_id = $1 AND booking_id = ANY($2) AND status = 'waiting'
        """,
        scope.cluster,
        list(booking_ids),
        status,
    )


async def hold(db: Connection, scope: Scope, booking_id: UUID) -> None:
    """Nobody else changes a booking until the transaction ends."""
    await db.execute(
        "SELECT FROM space_bookings WHERE cluster_id = $1 AND booking_id = $2 FOR UPDATE", scope.cluster, booking_id
    )


async def bookings(db: Connection, scope: Scope, after: UUID, limit: int, wanted: BookingsWanted) -> list[SpaceBooking]:
    """A member's own bookings, or everybody's for the neutral side; oldest first."""
    rows = await db.fetch(
        """
        SELECT booking_id, member_id, status, unit, units, temperatures, site_ids, earliest_on, latest_on, days,
               rent_max_minor, move_minor, content, offer_id, first_on, last_on, owed_on, rent_minor, version,
               created_at, booked_at
          FROM space_bookings
         WHERE cluster_id = $1 AND booking_id > $2 AND ($4::uuid IS NULL OR member_id = $4)
           AND ($5::uuid IS NULL OR booking_id = $5) AND ($6::uuid IS NULL OR offer_id = $6)
           AND ($7::text IS NULL OR status = $7)
         ORDER BY booking_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        scope.member_id,
        wanted.booking_id,
        wanted.offer_id,
        wanted.status,
    )
    return [_booking(row) for row in rows]


def _booking(row: asyncpg.Record) -> SpaceBooking:
    fields = dict(row)
    offer_id = fields.pop("offer_id")
    return SpaceBooking(
        id=ids.show("spb", fields.pop("booking_id")),
        member_id=ids.show("mem", fields.pop("member_id")),
        status=SpaceBookingStatus(fields.pop("status")),
        unit=SpaceUnit(fields.pop("unit")),
        temperatures=[TemperatureClass(each) for each in fields.pop("temperatures")],
        site_ids=[ids.show("sit", each) for each in fields.pop("site_ids")],
        offer_id=None if offer_id is None else ids.show("spo", offer_id),
        **fields,
    )


async def waiting(db: Connection, scope: Scope, limit: int) -> list[tuple[UUID, Wanted]]:
    """Who waits, in the order in which they came."""
    rows = await db.fetch(
        """
        SELECT booking_id, member_id, unit, units, temperatures, site_ids, wanted_offer AS offer_id, earliest_on,
               latest_on, days, rent_max_minor
          FROM space_bookings
         WHERE cluster_id = $1 AND status = 'waiting'
         ORDER BY booking_id LIMIT $2 FOR UPDATE
        """,
        scope.cluster,
        limit,
    )
    return [(row["booking_id"], wanted_of(row)) for row in rows]


def wanted_of(row: asyncpg.Record) -> Wanted:
    """What a booking looks for, of a row with those columns and its identifier."""
    fields = {name: value for name, value in row.items() if name in Wanted.__struct_fields__}
    return Wanted(**fields | {"unit": SpaceUnit(fields["unit"])})


async def stays(db: Connection, scope: Scope, offer_id: UUID, until: date) -> list[asyncpg.Record]:
    """Every stay in an offer that begins on or before that day."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT booking_id, member_id, member.name AS member_name, content, units, first_on, last_on
          FROM space_bookings AS booking JOIN members AS member USING (cluster_id, member_id)
         WHERE cluster_id = $1 AND offer_id = $2 AND last_on >= first_on AND first_on <= $3
         ORDER BY first_on, booking_id
        """,
        scope.cluster,
        offer_id,
        until,
    )
    return found


def held(row: asyncpg.Record) -> Held:
    """A stay as positions are worked out from it."""
    return Held(row["first_on"], row["booking_id"], row["last_on"], row["units"])
