"""Use cases of travel legs: what is known of roads between points, and what a road engine adds to it."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import numpy as np
from geopy.distance import geodesic
from msgspec import Struct
from numpy.typing import NDArray

from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import FieldFault, Invalid
from cluster.places import roads
from cluster.places import travel_queries as queries
from cluster.places.models import UNREACHABLE, Leg, PutTravelMatrix, TravelMatrixStored, e6
from cluster.places.roads_engine import Block, Table, TravelEngine, blocks, table_of
from cluster.places.roads_models import Owned, PointE6, SetTravelProfile

SHORTER_THAN_STRAIGHT = 0.9
"""A road shorter than nine tenths of the geodesic is a mistake (points snap to roads some metres away)."""
STRAIGHT_MIN_M = 500
LEGS_AT_ONCE = 20_000
"""Legs stored in one transaction: a second or so."""


class Wanted(Struct, frozen=True, kw_only=True):
    """
    What roads are asked for: all legs among ``among``, and those between hubs and everything.

    ``only_checked`` are points that nobody plans with yet, such as the sites that nothing is booked at.
    """

    among: list[Owned]
    hubs: list[Owned]
    only_checked: list[Owned]
    ways: dict[str, SetTravelProfile]


class Completed(Struct, frozen=True, kw_only=True):
    """How many legs were computed, and how many are still missing because the time was over."""

    computed: int
    missing: int


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
    await queries.upsert_given(db, scope, list(by_pair.values()))
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


async def complete(
    database: Database, scope: Scope, engine: TravelEngine, wanted: Wanted, *, seconds: float
) -> Completed:
    """
    Computes the legs that nobody knows, and checks the points that nobody has checked.

    Works in blocks: the engine computes with no transaction open, then the block is stored, so that whatever was
    computed stays if the time is over or the worker dies.

    Raises
    ------
    RoadsAway
        When the engine does not answer; what was stored before stays.
    """
    until = time.monotonic() + seconds
    computed = missing = 0
    for profile, way in sorted(wanted.ways.items()):
        found = await _one_profile(database, scope, engine, profile, way, wanted, until)
        computed, missing = computed + found.computed, missing + found.missing
    return Completed(computed=computed, missing=missing)


async def _one_profile(
    database: Database,
    scope: Scope,
    engine: TravelEngine,
    profile: str,
    way: SetTravelProfile,
    wanted: Wanted,
    until: float,
) -> Completed:
    owned = list(dict.fromkeys([*wanted.hubs, *wanted.among, *wanted.only_checked]))
    snapped = await roads.check_points(database, scope, engine, profile, way, owned)
    network = roads.network_of(engine, way)
    points = list(dict.fromkeys(entry.point for entry in owned))
    async with database.unit(scope) as db:
        lacking = ~await queries.known(db, scope, profile, network, points, points)
    lacking &= _asked_for(points, wanted)
    near = {entry.point for entry, found in snapped.items() if found.road is not None}
    off = np.array([point not in near for point in points], dtype=bool)

    async def store(block: Block, table: Table) -> None:
        await _store(database, scope, profile, (engine.name, network), points, block, table)

    done = await _fill(engine, way, points, lacking, off, store, until)
    hubs = [entry.point for entry in wanted.hubs]
    reached = None
    if hubs:
        async with database.unit(scope) as db:
            reached = await queries.connected(db, scope, profile, points, hubs)
    if done.missing == 0:
        await roads.store_checked(database, scope, network, profile, snapped, reached)
    return done


def _asked_for(points: list[PointE6], wanted: Wanted) -> NDArray[np.bool_]:
    """Which legs anybody needs."""
    hub, among = ({entry.point for entry in part} for part in (wanted.hubs, wanted.among))
    hubs = np.array([point in hub for point in points], dtype=bool)
    planned = np.array([point in among for point in points], dtype=bool) | hubs
    asked: NDArray[np.bool_] = (planned[:, None] & planned[None, :]) | hubs[:, None] | hubs[None, :]
    return asked


async def _fill(
    engine: TravelEngine,
    way: SetTravelProfile,
    points: list[PointE6],
    lacking: NDArray[np.bool_],
    off: NDArray[np.bool_],
    store: Callable[[Block, Table], Awaitable[None]],
    until: float,
) -> Completed:
    """Block after block, for as long as there is time; points off the network have no ways, and are not asked about."""
    size = int(lacking.sum())
    computed = 0
    for block in blocks(lacking, engine.block):
        if time.monotonic() > until:
            break
        near = Block(
            [row for row in block.rows if not off[row]], [column for column in block.columns if not off[column]]
        )
        ends = [points[row] for row in near.rows], [points[column] for column in near.columns]
        known = await asyncio.to_thread(table_of, engine, way, *ends)
        table = Table(*(_spread(part, block, near) for part in known))
        await store(block, table)
        computed += len(block.rows) * len(block.columns)
    return Completed(computed=computed, missing=size - computed)


def _spread(part: NDArray[np.int64], block: Block, near: Block) -> NDArray[np.int64]:
    """A block's table from that of its points near a road; from a point to itself it is no way at all."""
    whole = np.full((len(block.rows), len(block.columns)), UNREACHABLE, dtype=np.int64)
    rows = np.flatnonzero(np.isin(block.rows, near.rows))
    columns = np.flatnonzero(np.isin(block.columns, near.columns))
    whole[np.ix_(rows, columns)] = part
    whole[np.equal.outer(np.array(block.rows), np.array(block.columns))] = 0
    return whole


async def _store(
    database: Database,
    scope: Scope,
    profile: str,
    origin: tuple[str, str],
    points: list[PointE6],
    block: Block,
    table: Table,
) -> None:
    at = np.array(points, dtype=np.int64)
    starts = np.repeat(at[list(block.rows)], len(block.columns), axis=0)
    ends = np.tile(at[list(block.columns)], (len(block.rows), 1))
    values = table.distance_m.ravel(), table.duration_s.ravel()
    for first in range(0, len(starts), LEGS_AT_ONCE):
        part = slice(first, first + LEGS_AT_ONCE)
        async with database.unit(scope) as db:
            await queries.upsert_computed(
                db, scope, profile, origin, (starts[part], ends[part]), (values[0][part], values[1][part])
            )
