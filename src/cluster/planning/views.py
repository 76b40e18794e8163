"""What a caller sees of a plan's routes: all for the coordinator, its own visits alone for a member."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.carriers.models import Hold
from cluster.planning import result_queries, service
from cluster.planning.models import (
    Placement,
    Route,
    RouteBreak,
    Routes,
    Stop,
    UnplannedShipment,
    UnplannedShipments,
    Visit,
)

ROUNDED_TO_S = 900
"""Members see times to the quarter of an hour: finer ones would tell of stops in between."""


async def routes(db: Connection, scope: Scope, plan_id: UUID) -> Routes:
    """Routes of a plan as the caller may see them."""
    await service.plan(db, scope, plan_id)
    visits = await result_queries.visits(db, scope, plan_id)
    shown = ids.show("plan", plan_id)
    if not scope.neutral:
        return Routes(plan_id=shown, routes=_own_routes(visits))
    by_route = {number: list(rows) for number, rows in groupby(visits, key=lambda row: row["route_no"])}
    found = await result_queries.routes(db, scope, plan_id)
    return Routes(plan_id=shown, routes=[_route(row, by_route.get(row["route_no"], [])) for row in found])


def _route(row: asyncpg.Record, visits: list[asyncpg.Record]) -> Route:
    return Route(
        route_no=row["route_no"],
        vehicle_type_id=ids.show("vht", row["vehicle_type_id"]),
        vehicle=f"{row['vehicle_name']} {row['vehicle_no']}",
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        start_lat=row["start_lat"],
        start_lon=row["start_lon"],
        end_lat=row["end_lat"],
        end_lon=row["end_lon"],
        distance_m=row["distance_m"],
        cost_minor=row["cost_minor"],
        weight_g=row["weight_g"],
        weight_capacity_g=row["weight_capacity_g"],
        volume_cm3=row["volume_cm3"],
        volume_capacity_cm3=row["volume_capacity_cm3"],
        hold=None if row["hold"] is None else msgspec.convert(row["hold"], Hold),
        placements=msgspec.convert(row["placements"], list[Placement]),
        stops=_stops(visits, lambda instant: instant),
        breaks=msgspec.convert(row["breaks"], list[RouteBreak]),
    )


def _own_routes(visits: list[asyncpg.Record]) -> list[Route]:
    """A member's visits, route by route; numbers start at 1, so that they do not tell how many routes there are."""
    by_route = groupby(visits, key=lambda row: row["route_no"])
    return [
        Route(
            route_no=number,
            vehicle_type_id=None,
            vehicle=None,
            starts_at=None,
            ends_at=None,
            start_lat=None,
            start_lon=None,
            end_lat=None,
            end_lon=None,
            distance_m=None,
            cost_minor=None,
            weight_g=None,
            weight_capacity_g=None,
            volume_cm3=None,
            volume_capacity_cm3=None,
            hold=None,
            placements=[],
            stops=_own_stops(list(rows)),
            breaks=[],
        )
        for number, (_, rows) in enumerate(by_route, start=1)
    ]


def _own_stops(rows: list[asyncpg.Record]) -> list[Stop]:
    stops = _stops(rows, _rounded)
    return [
        Stop(
            stop_no=number,
            name=stop.name,
            address_line1=stop.address_line1,
            lat=stop.lat,
            lon=stop.lon,
            arrives_at=stop.arrives_at,
            departs_at=stop.departs_at,
            visits=stop.visits,
        )
        for number, stop in enumerate(stops, start=1)
    ]


def _rounded(instant: datetime) -> datetime:
    seconds = round(instant.timestamp() / ROUNDED_TO_S) * ROUNDED_TO_S
    return datetime.fromtimestamp(seconds, instant.tzinfo)


def _stops(rows: Iterable[asyncpg.Record], shown: Callable[[datetime], datetime]) -> list[Stop]:
    """Visits grouped by stop; times as ``shown`` has them."""
    stops = []
    for number, group in groupby(rows, key=lambda row: row["stop_no"]):
        visits = list(group)
        stops.append(
            Stop(
                stop_no=number,
                name=visits[0]["name"],
                address_line1=visits[0]["address_line1"],
                lat=visits[0]["lat"],
                lon=visits[0]["lon"],
                arrives_at=shown(visits[0]["arrives_at"]),
                departs_at=shown(visits[-1]["ends_at"]),
                visits=[
                    Visit(
                        shipment_id=ids.show("shp", visit["shipment_id"]),
                        client_ref=visit["client_ref"],
                        member_id=ids.show("mem", visit["member_id"]),
                        action=visit["action"],
                        begins_at=shown(visit["begins_at"]),
                        ends_at=shown(visit["ends_at"]),
                    )
                    for visit in visits
                ],
            )
        )
    return stops


async def unplanned(db: Connection, scope: Scope, plan_id: UUID) -> UnplannedShipments:
    """Unplanned shipments as the caller may see them."""
    await service.plan(db, scope, plan_id)
    rows = await result_queries.unplanned(db, scope, plan_id)
    return UnplannedShipments(
        plan_id=ids.show("plan", plan_id),
        unplanned=[
            UnplannedShipment(
                shipment_id=ids.show("shp", row["shipment_id"]),
                client_ref=row["client_ref"],
                member_id=ids.show("mem", row["member_id"]),
                name=row["name"],
                lat=row["lat"],
                lon=row["lon"],
                reason=row["reason"],
                detail=row["detail"] if scope.neutral else None,
                cure=row["cure"] if scope.neutral else None,
                outside_minor=row["outside_minor"],
            )
            for row in rows
        ],
    )
