"""Use cases of roads: how profiles travel, and whether vehicles get to a point."""

import asyncio
from uuid import UUID

from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import NotFound
from cluster.places import roads_queries as queries
from cluster.places.roads_engine import TravelEngine
from cluster.places.roads_models import (
    Access,
    Checked,
    Mode,
    Owned,
    PointE6,
    PutTravelProfile,
    SetTravelProfile,
    Snapped,
    TravelProfile,
    access_of,
)

STORED_AT_ONCE = 1_000


async def put_profile(db: Connection, scope: Scope, body: PutTravelProfile) -> TravelProfile:
    """Says how vehicles of a profile use the roads; legs of the former way are computed anew when they are needed."""
    await queries.upsert_profile(db, scope, body)
    return next(entry for entry in await queries.profiles(db, scope) if entry.profile == body.profile)


async def list_profiles(db: Connection, scope: Scope) -> list[TravelProfile]:
    """The profiles set by the coordinator, and those known by their name: one for each mode."""
    found = {mode.value: _by_name(mode) for mode in Mode}
    found |= {entry.profile: entry for entry in await queries.profiles(db, scope)}
    return [found[name] for name in sorted(found)]


def _by_name(mode: Mode) -> TravelProfile:
    measures = dict.fromkeys(name for name in SetTravelProfile.__struct_fields__ if name != "mode")
    return TravelProfile(profile=mode.value, mode=mode, set_at=None, **measures)


async def ways(db: Connection, scope: Scope, profiles: set[str]) -> dict[str, SetTravelProfile]:
    """How these profiles use the roads; those missing from the answer have no mode, so no road engine knows them."""
    return {entry.profile: entry.way for entry in await list_profiles(db, scope) if entry.profile in profiles}


async def check_points(
    database: Database, scope: Scope, engine: TravelEngine, profile: str, way: SetTravelProfile, owned: list[Owned]
) -> dict[Owned, Snapped]:
    """
    Where points meet the road network, asked for once a network and owner; no transaction is open meanwhile.

    Raises
    ------
    RoadsAway
        When the engine does not answer.
    """
    network = network_of(engine, way)
    async with database.unit(scope) as db:
        found = await queries.snapped(db, scope, profile, network, owned)
    unknown = sorted({entry.point for entry in owned if entry not in found})
    if unknown:
        by_point = {entry.point: entry for entry in await asyncio.to_thread(engine.snap, way, unknown)}
        found |= {entry: by_point[entry.point] for entry in owned if entry not in found}
    return found


async def store_checked(
    database: Database,
    scope: Scope,
    network: str,
    profile: str,
    found: dict[Owned, Snapped],
    reached: set[PointE6] | None,
) -> None:
    """Stores what a network says of points; ``reached`` are those connected with a hub, None without hubs."""
    checked = [
        (
            owned.member_id,
            Checked(profile=profile, snapped=snapped, hubs_reached=None if reached is None else owned.point in reached),
        )
        for owned, snapped in found.items()
    ]
    for first in range(0, len(checked), STORED_AT_ONCE):
        async with database.unit(scope) as db:
            await queries.upsert_checked(db, scope, network, checked[first : first + STORED_AT_ONCE])


def network_of(engine: TravelEngine, way: SetTravelProfile) -> str:
    """What a computed leg depends on: the road data, and how it is used."""
    return f"{engine.network}/{way.mode}-{way.digest}"


async def access(db: Connection, scope: Scope, points: list[PointE6]) -> dict[PointE6, Access]:
    """
    Whether vehicles get to these points, for each of them.

    A member learns what was checked for itself and what is shared; the neutral side everything. Nothing is asked of a
    road engine here: what was not checked yet says so.
    """
    known = await queries.access(db, scope, points) if points else {}
    return {point: access_of(known.get(point, [])) for point in points}


async def site_access(db: Connection, scope: Scope, site_id: UUID) -> Access:
    """
    Whether vehicles get to a site.

    Raises
    ------
    NotFound
        When the caller has no such site.
    """
    point = await queries.site_point(db, scope, site_id)
    if point is None:
        raise NotFound("sit")
    return (await access(db, scope, [point]))[point]


async def site_points(db: Connection, scope: Scope) -> list[tuple[Owned, bool]]:
    """All sites' points with their owners, and whether it is a hub."""
    return await queries.site_points(db, scope)
