"""Use cases of offers of space: offered, withdrawn, looked at, and the calendar of one."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.audit import record
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Forbidden, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.members import service as members
from cluster.members.platform import platform
from cluster.places import service as places
from cluster.places.models import SiteRef
from cluster.shipments.goods import TemperatureClass
from cluster.space import booking_queries, queries
from cluster.space.models import (
    OfferSpace,
    SpaceCalendar,
    SpaceOffer,
    SpaceOfferStatus,
    SpaceStay,
    SpaceUnit,
)
from cluster.space.positions import Range, positions
from cluster.space.queries import OffersWanted
from cluster.space.waiting import promote

FIRST = UUID(int=0)
CALENDAR_DAYS_MAX = 366
AHEAD_DAYS_MAX = 3_600
"""The space core looks ten years ahead."""


async def offer_space(db: Connection, scope: Scope, body: OfferSpace) -> SpaceOffer:
    """
    Offers space: a member's own at a site of its own, or the cluster's by the coordinator.

    Those who wait are asked first.

    Raises
    ------
    NotFound
        When there is no such site.
    Invalid
        For days that are over, or too far ahead.
    Forbidden
        When a member offers space at a shared site.
    Conflict
        When the member may not offer anything now.
    """
    await members.must_be_active(db, scope)
    await queries.take_turn(db, scope)
    site = await places.site(db, scope, ids.parse("sit", body.site_id))
    if scope.member_id is not None and site.member_id is None:
        raise Forbidden("Space at shared sites is offered by the coordinator.")
    today = await queries.today(db, scope)
    if not 0 <= (body.last_on - today).days <= AHEAD_DAYS_MAX:
        cure = f"give a day from {today} on, within {AHEAD_DAYS_MAX} days"
        fault = FieldFault(pointer="/last_on", code="out_of_range", cause=f"is {body.last_on}", cure=cure)
        raise Invalid([fault])
    offer_id = ids.new()
    async with platform(db, scope) as acting:
        site_id = ids.parse("sit", body.site_id)
        await queries.insert_offer(db, acting, offer_id, scope.member_id, site_id, body)
        await promote(db, acting)
    await record(db, scope, "space.offered", "spo", offer_id, {"units": body.units, "unit": body.unit})
    return await offer(db, scope, offer_id)


async def withdraw(db: Connection, scope: Scope, offer_id: UUID) -> SpaceOffer:
    """Takes an offer off the market; twice is the same as once. Bookings that it has stay."""
    await owned(db, scope, offer_id)
    async with platform(db, scope) as acting:
        await queries.withdraw_offer(db, acting, offer_id)
    await record(db, scope, "space.withdrawn", "spo", offer_id)
    return await offer(db, scope, offer_id)


async def owned(db: Connection, scope: Scope, offer_id: UUID) -> asyncpg.Record:
    """
    An offer that the caller may change.

    Raises
    ------
    NotFound
        When there is none.
    Forbidden
        When it is somebody else's.
    """
    row = await offer_row(db, scope, offer_id)
    if not scope.neutral and row["owner_id"] != scope.member_id:
        raise Forbidden("Only whose space it is, or the coordinator, may do that.")
    return row


async def offer_row(db: Connection, scope: Scope, offer_id: UUID) -> asyncpg.Record:
    """An offer as stored."""
    found = await queries.offers(db, scope, FIRST, 1, OffersWanted(offer_id=offer_id))
    if not found:
        raise NotFound("spo")
    return found[0]


async def offer(db: Connection, scope: Scope, offer_id: UUID) -> SpaceOffer:
    """One offer."""
    found = await _shown(db, scope, [await offer_row(db, scope, offer_id)])
    return found[0]


async def list_offers(db: Connection, scope: Scope, after: UUID, limit: int, wanted: OffersWanted) -> Page[SpaceOffer]:
    """Offers of the cluster, oldest first."""
    return page(await _shown(db, scope, await queries.offers(db, scope, after, limit + 1, wanted)), limit)


async def _shown(db: Connection, scope: Scope, rows: Sequence[asyncpg.Record]) -> list[SpaceOffer]:
    """Offers with their sites, which whoever offers shows to all members."""
    async with platform(db, scope) as acting:
        sites = await places.site_refs(db, acting, list({row["site_id"] for row in rows}))
    return [_offer(scope, row, sites[row["site_id"]]) for row in rows]


def _offer(scope: Scope, row: asyncpg.Record, site: SiteRef) -> SpaceOffer:
    fields = dict(row)
    owner_id = fields.pop("owner_id")
    mine = owner_id is not None and owner_id == scope.member_id
    return SpaceOffer(
        id=ids.show("spo", fields.pop("offer_id")),
        joint=owner_id is None,
        mine=mine,
        owner_id=ids.show("mem", owner_id) if owner_id is not None and (mine or scope.neutral) else None,
        site_id=ids.show("sit", fields.pop("site_id")),
        site_name=site.name,
        address_line1=site.address_line1,
        country_code=site.country_code,
        lat=site.lat,
        lon=site.lon,
        temperature=TemperatureClass(fields.pop("temperature")),
        unit=SpaceUnit(fields.pop("unit")),
        status=SpaceOfferStatus(fields.pop("status")),
        **fields,
    )


async def calendar(db: Connection, scope: Scope, offer_id: UUID, first_on: date, last_on: date) -> SpaceCalendar:
    """
    How an offer is taken on those of the given days that it has, with the stays that the caller may see.

    Raises
    ------
    Invalid
        When the days are the wrong way round, or too many.
    """
    if not 0 <= (last_on - first_on).days < CALENDAR_DAYS_MAX:
        cure = f"ask for 1 to {CALENDAR_DAYS_MAX} days"
        cause = f"{first_on} to {last_on}"
        raise Invalid([FieldFault(pointer="#query/last_on", code="days_reversed", cause=cause, cure=cure)])
    row = await offer_row(db, scope, offer_id)
    first_on, last_on = max(first_on, row["first_on"]), min(last_on, row["last_on"])
    async with platform(db, scope) as acting:
        taken = await queries.used(db, acting, offer_id, first_on, last_on)
        rows = await booking_queries.stays(db, acting, offer_id, last_on)
    where: dict[UUID, list[Range]] = {}
    if row["unit"] == SpaceUnit.PALLET_PLACE:
        where = positions(map(booking_queries.held, rows), row["units"])
    whole = scope.neutral or row["owner_id"] == scope.member_id
    seen = [each for each in rows if each["last_on"] >= first_on and (whole or each["member_id"] == scope.member_id)]
    return SpaceCalendar(
        offer_id=ids.show("spo", offer_id),
        first_on=first_on,
        last_on=max(last_on, first_on - timedelta(days=1)),
        units=row["units"],
        row_units=row["row_units"],
        free=[row["units"] - used for used in taken],
        stays=[_stay(scope, each, where.get(each["booking_id"], []), whole) for each in seen],
    )


def _stay(scope: Scope, row: asyncpg.Record, where: list[Range], whole: bool) -> SpaceStay:
    mine = row["member_id"] == scope.member_id
    told = whole or mine
    return SpaceStay(
        booking_id=ids.show("spb", row["booking_id"]),
        mine=mine,
        member_id=ids.show("mem", row["member_id"]) if told else None,
        member_name=row["member_name"] if told else None,
        content=row["content"] if told else None,
        units=row["units"],
        first_on=row["first_on"],
        last_on=row["last_on"],
        positions=where,
    )
