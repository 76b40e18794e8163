"""Along which roads the routes of a plan lead: what is known at once, the rest in the background."""

import hashlib
from itertools import pairwise

import msgspec
from msgspec import Struct

from cluster.base.db import Connection, Scope
from cluster.carriers import service as carriers
from cluster.places import lines, roads
from cluster.places.models import e6
from cluster.places.polylines import PRECISION
from cluster.places.roads_models import Pair
from cluster.planning.line_models import PlanLines, RouteLines
from cluster.planning.models import Route, Routes


class Found(Struct, frozen=True, kw_only=True):
    """Lines, and whether a worker is to be woken for those that lack."""

    lines: PlanLines
    asked: bool


async def of_routes(db: Connection, scope: Scope, routes: Routes, *, engine: bool) -> Found:
    """
    The lines of these routes, for the neutral side.

    Without an ``engine``, nothing is asked for in the background: what is known is told, the rest stays straight. The
    same for vehicles of a travel profile that no road engine knows.
    """
    profiles = {entry.id: entry.profile for entry in await carriers.every(db, scope)}
    legs = {route.route_no: _legs(route, profiles) for route in routes.routes}
    ways = await roads.ways(db, scope, set(profiles.values()))
    pairs = {pair for found in legs.values() for pair in found if pair.start != pair.end and pair.profile in ways}
    known = await lines.known(db, scope, pairs)
    missing = pairs - known.keys() if engine else set()
    asked = engine and await lines.want(db, scope, pairs, missing)
    told = [_told(number, found, known) for number, found in legs.items()]
    answer = PlanLines(
        plan_id=routes.plan_id,
        precision=PRECISION,
        straight=sum(route.straight for route in told),
        missing=sum(pair in missing for found in legs.values() for pair in found),
        routes=told,
    )
    return Found(lines=answer, asked=asked)


def _legs(route: Route, profiles: dict[str, str]) -> list[Pair]:
    """From its start to the first stop, between stops, to its end; a route without stops goes nowhere."""
    if not route.stops or route.vehicle_type_id is None:
        return []
    ends = [(route.start_lat, route.start_lon), *((stop.lat, stop.lon) for stop in route.stops)]
    ends.append((route.end_lat, route.end_lon))
    points = [e6(lat, lon) for lat, lon in ends if lat is not None and lon is not None]
    return [Pair(profiles.get(route.vehicle_type_id, ""), start, end) for start, end in pairwise(points)]


def _told(number: int, legs: list[Pair], known: dict[Pair, str | None]) -> RouteLines:
    found = ["" if pair.start == pair.end else known.get(pair) for pair in legs]
    return RouteLines(route_no=number, lines=found, straight=found.count(None))


def version(answer: PlanLines) -> str:
    """Letters that differ where the answers differ."""
    return hashlib.sha256(msgspec.json.encode(answer)).hexdigest()[:16]
