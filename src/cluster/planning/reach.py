"""Roads for what is to be planned: legs computed ahead, stops that no vehicle gets to told before it is planned."""

import asyncio
import logging
from collections.abc import Iterable
from uuid import UUID

from cluster.base import ids, jobs
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.carriers import service as carriers
from cluster.places import roads, travel
from cluster.places import service as places
from cluster.places.models import e6
from cluster.places.roads_engine import RoadsAway, TravelEngine
from cluster.places.roads_engines import Roads
from cluster.places.roads_models import Owned, Verdict
from cluster.places.travel import Completed, Wanted
from cluster.planning import reach_queries as queries
from cluster.planning.models import UnreachableStop, UnreachableStops
from cluster.shipments import pools

log = logging.getLogger("cluster.roads")

ROADS_JOB = "roads"
MOVED = ("booked", "changed", "edited", "added", "imported", "published")
UNREACHABLE_TOLD_MAX = 500


async def wanted(db: Connection, scope: Scope, pool_window_id: UUID | None) -> Wanted:
    """
    The roads of one pool window: among its stops, the depots of the cluster's vehicles and its hubs; sites are checked.

    Without a window, the roads between depots and hubs alone.
    """
    vehicle_types = await carriers.every(db, scope)
    depots = {entry.start_site_id for entry in vehicle_types}
    depots |= {entry.end_site_id for entry in vehicle_types if entry.end_site_id is not None}
    refs = await places.site_refs(db, scope, sorted(ids.parse("sit", entry) for entry in depots))
    among = [Owned(e6(site.lat, site.lon), site.member_id) for site in refs.values()]
    if pool_window_id is not None:
        among += await queries.stop_points(db, scope, pool_window_id)
    sites = await roads.site_points(db, scope)
    return Wanted(
        among=among,
        hubs=[owned for owned, hub in sites if hub],
        only_checked=[owned for owned, hub in sites if not hub],
        ways=await roads.ways(db, scope, {entry.profile for entry in vehicle_types}),
    )


async def fill(database: Database, scope: Scope, known: Roads, pool_window_id: UUID) -> None:
    """
    Computes the legs that a window's plan lacks, for as long as a plan may wait.

    A road engine that is away keeps no plan from being made: what is missing is estimated.
    """
    try:
        engine = await asyncio.to_thread(known.engine)
        if engine is None:
            return
        found = await _complete(database, scope, engine, pool_window_id, known.seconds_max)
    except RoadsAway as error:
        log.warning("planning without new road legs: %s", error)
        return
    if found.missing:
        log.warning("the time for roads is over: %d legs are estimated", found.missing)


async def _complete(
    database: Database, scope: Scope, engine: TravelEngine, pool_window_id: UUID | None, seconds: float
) -> Completed:
    async with database.unit(scope) as db:
        needed = await wanted(db, scope, pool_window_id)
    return await travel.complete(database, scope, engine, needed, seconds=seconds)


async def fill_all(database: Database, cluster_id: UUID, engine: TravelEngine, seconds: float) -> None:
    """
    Computes the legs and checks the points of every window that may still be planned.

    Raises
    ------
    RoadsAway
        When the engine does not answer.
    """
    scope = system_scope(cluster_id)
    async with database.unit(scope) as db:
        windows: list[UUID | None] = [*await queries.upcoming(db, scope)]
    for window in windows or [None]:
        await _complete(database, scope, engine, window, seconds)


async def ask(database: Database, heard: Iterable[tuple[UUID, str]]) -> None:
    """
    Queues a look at the roads of every cluster in which a place was booked or changed; once, however much was.

    ``heard`` are clusters and topics of events.
    """
    moved = {cluster_id for cluster_id, topic in heard if _moves(topic)}
    for cluster_id in sorted(moved):
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            try:
                await jobs.add(db, scope, kind=ROADS_JOB, dedupe_key=ROADS_JOB, subject_id=cluster_id)
            except jobs.AlreadyQueued:
                log.debug("the roads of cluster %s are looked at already", cluster_id)


def _moves(topic: str) -> bool:
    thing, _, what = topic.partition(".")
    return thing in ("shipment", "shipments", "site") and what in MOVED


async def unreachable(db: Connection, scope: Scope, pool_window_id: UUID) -> UnreachableStops:
    """
    Stops of a window that no vehicle type's profile gets to, as far as they were checked; for the neutral side.

    Raises
    ------
    NotFound
        When there is no such window.
    """
    await pools.pool(db, scope, pool_window_id)
    stops = await queries.stops(db, scope, pool_window_id)
    access = await roads.access(db, scope, sorted({point for *_, point in stops}))
    told = [
        UnreachableStop(
            shipment_id=ids.show("shp", shipment_id),
            member_id=ids.show("mem", member_id),
            action=action,
            lat=point[0] / 1e6,
            lon=point[1] / 1e6,
            access=access[point],
        )
        for shipment_id, member_id, action, point in stops
        if access[point].verdict in (Verdict.NO_WAY, Verdict.FAR_FROM_ROAD)
    ]
    unchecked = sum(access[point].verdict is Verdict.NOT_CHECKED for *_, point in stops)
    return UnreachableStops(data=told[:UNREACHABLE_TOLD_MAX], total=len(told), not_checked=unchecked, stops=len(stops))
