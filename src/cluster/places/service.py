"""Use cases of places."""

from uuid import UUID

from geopy.distance import geodesic

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.members import service as members
from cluster.places import queries
from cluster.places.models import AddSite, Leg, PutTravelMatrix, Site, SiteKind, SiteRef, TravelMatrixStored, e6

SHORTER_THAN_STRAIGHT = 0.9
"""A road shorter than nine tenths of the geodesic is a mistake (points snap to roads some metres away)."""
STRAIGHT_MIN_M = 500


async def add_site(db: Connection, scope: Scope, body: AddSite) -> Site:
    """
    Adds a site: shared or a member's by the coordinator, its own by a member.

    Raises
    ------
    Invalid
        When a member adds a hub, or names a member.
    NotFound
        When the coordinator names a member that does not exist.
    Conflict
        When the owner has a site with this code.
    """
    member_id = scope.member_id
    if scope.neutral:
        member_id = None if body.member_id is None else ids.parse("mem", body.member_id)
        if member_id is not None:
            await members.member(db, scope, member_id)
    elif body.member_id is not None or body.kind is SiteKind.HUB:
        pointer = "/kind" if body.member_id is None else "/member_id"
        cure = "leave member_id out and choose another kind than hub"
        raise Invalid([FieldFault(pointer=pointer, code="not_yours", cause="for the coordinator alone", cure=cure)])
    site_id = ids.new()
    if not await queries.insert_site(db, scope, site_id, member_id, body):
        raise Conflict("site_code_taken", f"There is a site with code {body.code} already.")
    return await site(db, scope, site_id)


async def site(db: Connection, scope: Scope, site_id: UUID) -> Site:
    """One site that the caller may see."""
    found = await queries.site(db, scope, site_id)
    if found is None:
        raise NotFound("sit")
    return found


async def list_sites(db: Connection, scope: Scope, after: UUID, limit: int) -> Page[Site]:
    """Sites that the caller may see."""
    return page(await queries.sites(db, scope, after, limit + 1), limit)


async def site_refs(db: Connection, scope: Scope, site_ids: list[UUID]) -> dict[UUID, SiteRef]:
    """Those of the given sites that the caller may see."""
    return await queries.site_refs(db, scope, site_ids) if site_ids else {}


async def put_travel_matrix(db: Connection, scope: Scope, body: PutTravelMatrix) -> TravelMatrixStored:
    """
    Stores road distances and times; planning uses them wherever it knows both ends of a leg.

    Raises
    ------
    Invalid
        For legs shorter than the straight line, at most 20 of them named: the table is in the wrong unit or order.
    """
    faults = _impossible_legs(body)
    if faults:
        raise Invalid(faults)
    points = [e6(point.lat, point.lon) for point in body.points]
    by_pair = {
        (start, end): Leg(body.profile, start, end, body.distance_m[i][j], body.duration_s[i][j])
        for i, start in enumerate(points)
        for j, end in enumerate(points)
    }
    await queries.upsert_legs(db, scope, list(by_pair.values()))
    return TravelMatrixStored(profile=body.profile, legs=await queries.count_legs(db, scope, body.profile))


def _impossible_legs(body: PutTravelMatrix) -> list[FieldFault]:
    """Legs that would be shorter than the geodesic: one row is looked at, which finds a wrong unit or order."""
    faults = []
    first = body.points[0]
    for index, point in enumerate(body.points):
        straight_m = geodesic((first.lat, first.lon), (point.lat, point.lon)).m
        road_m = body.distance_m[0][index]
        if straight_m > STRAIGHT_MIN_M and 0 <= road_m < straight_m * SHORTER_THAN_STRAIGHT:
            cause = f"{road_m} m by road, {straight_m:.0f} m as the crow flies"
            cure = "send metres, in the order of points"
            fault = FieldFault(pointer=f"/distance_m/0/{index}", code="shorter_than_straight", cause=cause, cure=cure)
            faults.append(fault)
    return faults[:20]


async def legs_among(db: Connection, scope: Scope, points: list[tuple[int, int]]) -> list[Leg]:
    """Known road legs between points given in millionths of a degree."""
    return await queries.legs_among(db, scope, points)
