"""Use cases of bookings of space: looked for, booked or waited for, extended, given back."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Busy, Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.members import service as members
from cluster.members.platform import platform
from cluster.space import booking_queries, queries
from cluster.space.booking_queries import BookingsWanted
from cluster.space.finding import Market, Place, Wanted, rent_minor
from cluster.space.models import (
    BookSpace,
    SpaceAnswer,
    SpaceBooking,
    SpaceBookingStatus,
    SpacePlace,
    WantSpace,
)
from cluster.space.offers import offer_row
from cluster.space.waiting import promote, taken, told

FIRST = UUID(int=0)
TRIES = 50
"""Whoever is refused a place that was free a moment ago looks again: each time somebody else got one."""


async def search(db: Connection, scope: Scope, body: WantSpace) -> SpaceAnswer:
    """Where there is room, or why there is none; nothing is taken."""
    today = await queries.today(db, scope)
    wanted = await _wanted(db, scope, body, today)
    market = Market(await queries.zones(db, scope, body.unit, today), today)
    places = market.places(wanted)
    if places:
        return SpaceAnswer(places=[_place(each) for each in places], reason=None, detail=None, cure=None, nearest=[])
    said = market.refusal(wanted)
    return SpaceAnswer(places=[], reason=said.reason, detail=said.detail, cure=said.cure, nearest=said.nearest)


async def book(db: Connection, scope: Scope, body: BookSpace) -> SpaceBooking:
    """
    Books space where it costs least, as early as possible, or waits for it.

    Raises
    ------
    NotFound
        When it names an offer that there is not.
    Invalid
        For days that are over.
    Conflict
        ``space_not_available`` where there is no room and it does not want to wait.
    """
    await members.must_be_active(db, scope)
    today = await queries.today(db, scope)
    wanted = await _wanted(db, scope, body, today)
    booking_id = ids.new()
    async with platform(db, scope) as acting:
        place = await _find(db, acting, wanted, today, refuse=not body.wait)
        await booking_queries.insert(db, acting, booking_id, wanted, body, place)
        topic = "space_booking.waiting" if place is None else "space_booking.booked"
        payload = {} if place is None else told(place)
        await outbox.emit(db, acting, booking_id, topic, payload, scope.member_id, fresh=True)
    return await booking(db, scope, booking_id)


async def _find(db: Connection, acting: Scope, wanted: Wanted, today: date, *, refuse: bool) -> Place | None:
    """A place, taken; None where there is none and somebody waits for it."""
    for _ in range(TRIES):
        market = Market(await queries.zones(db, acting, wanted.unit, today), today)
        place = market.place(wanted)
        if place is None:
            if refuse:
                said = market.refusal(wanted)
                raise Conflict("space_not_available", f"{said.detail}: {said.cure}.".capitalize())
            return None
        if await taken(db, acting, place, wanted.units):
            return place
    raise Busy("Many book the same space at this moment.")


async def _wanted(db: Connection, scope: Scope, body: WantSpace, today: date) -> Wanted:
    """What is looked for; what it names is there."""
    if body.earliest_on < today:
        cause = f"{body.earliest_on} is over"
        cure = f"give {today} or a later day"
        raise Invalid([FieldFault(pointer="/earliest_on", code="day_over", cause=cause, cure=cure)])
    site_ids = [ids.parse("sit", each) for each in body.site_ids]
    if site_ids and await queries.offered_sites(db, scope, site_ids) != set(site_ids):
        raise NotFound("sit")
    offer_id = None if body.offer_id is None else ids.parse("spo", body.offer_id)
    if offer_id is not None:
        await offer_row(db, scope, offer_id)
    return Wanted(
        member_id=scope.member_id,
        unit=body.unit,
        units=body.units,
        temperatures=list(body.temperatures),
        site_ids=site_ids,
        offer_id=offer_id,
        earliest_on=body.earliest_on,
        latest_on=body.latest_on or body.earliest_on,
        days=body.days,
        rent_max_minor=body.rent_max_minor,
    )


def _place(found: Place) -> SpacePlace:
    return SpacePlace(
        offer_id=ids.show("spo", found.offer_id),
        first_on=found.first_on,
        last_on=found.last_on,
        rent_minor=found.rent_minor,
    )


async def booking(db: Connection, scope: Scope, booking_id: UUID) -> SpaceBooking:
    """One booking that the caller may see."""
    found = await booking_queries.bookings(db, scope, FIRST, 1, BookingsWanted(booking_id=booking_id))
    if not found or (scope.member_id is not None and found[0].member_id != ids.show("mem", scope.member_id)):
        raise NotFound("spb")
    return found[0]


async def list_bookings(
    db: Connection, scope: Scope, after: UUID, limit: int, wanted: BookingsWanted
) -> Page[SpaceBooking]:
    """A member's own bookings, everybody's for the coordinator; oldest first."""
    return page(await booking_queries.bookings(db, scope, after, limit + 1, wanted), limit)


async def extend(db: Connection, scope: Scope, booking_id: UUID, last_on: date) -> SpaceBooking:
    """
    Lets goods stay longer where they are; the same day again changes nothing.

    Raises
    ------
    Conflict
        ``space_not_booked``; ``space_not_available`` where others have booked, the offer ends or wants shorter stays.
    """
    await booking(db, scope, booking_id)
    async with platform(db, scope) as acting:
        await booking_queries.hold(db, acting, booking_id)
        now = await booking(db, acting, booking_id)
        first_on, until, offer_id = _standing(now)
        if last_on > until:
            offer = await offer_row(db, acting, offer_id)
            days = (last_on - first_on).days + 1
            more = Place(offer_id=offer_id, first_on=until + timedelta(days=1), last_on=last_on, rent_minor=0)
            if offer["days_max"] is not None and days > offer["days_max"]:
                raise Conflict("space_not_available", f"This offer takes stays of {offer['days_max']} days at most.")
            if not await taken(db, acting, more, now.units):
                raise Conflict("space_not_available", f"This space is not free until {last_on}.")
            rent = _rent(now, offer, days)
            owed_on = max(last_on, now.owed_on or last_on)
            await booking_queries.set_end(db, acting, booking_id, now.status, last_on, owed_on, rent)
            payload = {"last_on": last_on.isoformat()}
            member_id = ids.parse("mem", now.member_id)
            await outbox.emit(db, acting, booking_id, "space_booking.extended", payload, member_id)
    return await booking(db, scope, booking_id)


def _standing(now: SpaceBooking) -> tuple[date, date, UUID]:
    """First and last day of a booking that holds space, and where."""
    held = now.status is SpaceBookingStatus.BOOKED
    if not held or now.first_on is None or now.last_on is None or now.offer_id is None:
        raise Conflict("space_not_booked", f"This booking is {now.status}.")
    return now.first_on, now.last_on, ids.parse("spo", now.offer_id)


async def release(db: Connection, scope: Scope, booking_id: UUID, from_on: date | None) -> SpaceBooking:
    """
    Gives space back from a day on, or stops waiting; twice is the same as once. Those who wait are asked at once.

    What is given back later than the offer's notice is owed for the days of the notice. Today stays held where goods
    have come.
    """
    await booking(db, scope, booking_id)
    async with platform(db, scope) as acting:
        await queries.take_turn(db, acting)
        await booking_queries.hold(db, acting, booking_id)
        now = await booking(db, acting, booking_id)
        if now.status is SpaceBookingStatus.WAITING:
            await booking_queries.stop_waiting(db, acting, [booking_id], SpaceBookingStatus.RELEASED)
            await _told_released(db, acting, now)
        elif now.status is SpaceBookingStatus.BOOKED:
            await _give_back(db, acting, now, from_on)
            await promote(db, acting)
    return await booking(db, scope, booking_id)


async def _give_back(db: Connection, acting: Scope, now: SpaceBooking, from_on: date | None) -> None:
    first_on, last_on, offer_id = _standing(now)
    today = await queries.today(db, acting)
    begun = first_on <= today
    given = max(from_on or first_on, today + timedelta(days=1) if begun else first_on)
    if given > last_on:
        return
    offer = await offer_row(db, acting, offer_id)
    await queries.take(db, acting, offer_id, given, last_on, -now.units)
    until = given - timedelta(days=1)
    notice_on = today + timedelta(days=offer["notice_days"] - 1)
    owed_on = max(until, min(now.owed_on or last_on, notice_on))
    rent = _rent(now, offer, (owed_on - first_on).days + 1)
    status = SpaceBookingStatus.RELEASED if given == first_on else SpaceBookingStatus.BOOKED
    await booking_queries.set_end(db, acting, ids.parse("spb", now.id), status, until, owed_on, rent)
    await _told_released(db, acting, now)


def _rent(now: SpaceBooking, offer: Mapping[str, Any], days: int) -> int:
    """What so many days cost; nothing in one's own space."""
    own = offer["owner_id"] == ids.parse("mem", now.member_id)
    return 0 if own else rent_minor(now.units, days, offer["day_milli"])


async def _told_released(db: Connection, acting: Scope, now: SpaceBooking) -> None:
    booking_id, member_id = ids.parse("spb", now.id), ids.parse("mem", now.member_id)
    await outbox.emit(db, acting, booking_id, "space_booking.released", {}, member_id)
