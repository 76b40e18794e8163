"""The waiting list: whoever came first is asked first, as soon as there is room."""

from uuid import UUID

from cluster.base import outbox
from cluster.base.db import Connection, Scope
from cluster.space import booking_queries, queries
from cluster.space.finding import Market, Place, Wanted
from cluster.space.models import SpaceBookingStatus, SpaceUnit

AT_ONCE = 500


async def promote(db: Connection, acting: Scope) -> int:
    """
    Gives room to those who wait, as far as there is any; returns how many got it.

    The platform acts, and has the turn of the cluster's space.
    """
    today = await queries.today(db, acting)
    waiting = await booking_queries.waiting(db, acting, AT_ONCE)
    late = [booking_id for booking_id, wanted in waiting if wanted.latest_on < today]
    await booking_queries.stop_waiting(db, acting, late, SpaceBookingStatus.EXPIRED)
    found = 0
    for unit in SpaceUnit:
        those = [(each, wanted) for each, wanted in waiting if wanted.unit is unit and wanted.latest_on >= today]
        if those:
            market = Market(await queries.zones(db, acting, unit, today), today)
            for booking_id, wanted in those:
                found += await _placed(db, acting, market, booking_id, wanted)
    return found


async def _placed(db: Connection, acting: Scope, market: Market, booking_id: UUID, wanted: Wanted) -> bool:
    """Whether there was room."""
    place = market.place(wanted)
    if place is None or not await taken(db, acting, place, wanted.units):
        return False
    market.take(wanted, place)
    await booking_queries.put_in_place(db, acting, booking_id, place)
    await outbox.emit(db, acting, booking_id, "space_booking.booked", told(place), wanted.member_id)
    return True


def told(place: Place) -> dict[str, object]:
    """What a booking's owner is told of its place."""
    return {"first_on": place.first_on.isoformat(), "last_on": place.last_on.isoformat()}


async def taken(db: Connection, acting: Scope, place: Place, units: int) -> bool:
    """
    Takes a place; False when somebody else was faster.

    The days are locked first; if they are too full the locks are given back, so that nobody who looks elsewhere next
    holds two offers at once.
    """
    attempt = db.transaction()
    await attempt.start()
    free = await queries.room(db, acting, place.offer_id, place.first_on, place.last_on)
    if len(free) < (place.last_on - place.first_on).days + 1 or min(free) < units:
        await attempt.rollback()
        return False
    await queries.take(db, acting, place.offer_id, place.first_on, place.last_on, units)
    await attempt.commit()
    return True
