"""Use cases of travel legs: what is known of roads between points."""

from geopy.distance import geodesic

from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Invalid
from cluster.places import travel_queries as queries
from cluster.places.models import Leg, PutTravelMatrix, TravelMatrixStored, e6

SHORTER_THAN_STRAIGHT = 0.9
"""A road shorter than nine tenths of the geodesic is a mistake (points snap to roads some metres away)."""
STRAIGHT_MIN_M = 500


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
