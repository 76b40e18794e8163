"""What routes cost by the tariffs of their service day, line by line."""

from collections import defaultdict
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.carriers import tariffs
from cluster.carriers.tariff_models import TariffVersion
from cluster.carriers.tariff_prices import RouteFacts, StopFacts, arrivals, price
from cluster.insights import price_queries as queries
from cluster.insights.price_models import PlanPrices, RoutePrice
from cluster.planning import service as planning


async def prices(db: Connection, scope: Scope, plan_id: UUID) -> PlanPrices:
    """
    The price of each route of a plan.

    Raises
    ------
    NotFound
        When there is no such plan, or it has no result (yet).
    """
    result = (await planning.plan(db, scope, plan_id)).result
    if result is None:
        raise NotFound("plan")
    rows = await queries.routes(db, scope, plan_id)
    stops, weights = defaultdict(list), {}
    for row in await queries.stops(db, scope, plan_id):
        stops[row["route_no"]].append(_stop(row))
    for row in await queries.weights(db, scope, plan_id):
        weights[row["route_no"]] = row["weights_g"]
    found = []
    if rows:
        by_type = await tariffs.on(db, scope, {row["vehicle_type_id"] for row in rows}, rows[0]["service_date"])
        found = [
            _priced(row, by_type[row["vehicle_type_id"]], stops[row["route_no"]], weights.get(row["route_no"], []))
            for row in rows
        ]
    return PlanPrices(
        plan_id=ids.show("plan", plan_id),
        currency=result.currency,
        routes=found,
        searched_minor=sum(entry.searched_minor for entry in found),
        billed_minor=sum(entry.billed_minor for entry in found),
    )


def _priced(row: asyncpg.Record, tariff: TariffVersion, stops: list[StopFacts], weights: list[int]) -> RoutePrice:
    facts = RouteFacts(
        distance_m=row["distance_m"],
        duration_s=row["duration_s"],
        stops_paid=arrivals(StopFacts(lat=row["lat"], lon=row["lon"]), stops),
        stops=stops,
        shipments_g=weights,
    )
    lines = price(tariff, row["service_date"], facts, row["cost_minor"])
    return RoutePrice(
        route_no=row["route_no"],
        vehicle_type_id=ids.show("vht", row["vehicle_type_id"]),
        vehicle=f"{row['vehicle_name']} {row['vehicle_no']}",
        carrier_name=tariff.carrier_name,
        rates_version=tariff.version,
        lines=lines,
        searched_minor=sum(line.amount_minor for line in lines if line.searched),
        billed_minor=sum(line.amount_minor for line in lines),
        not_searched=tariff.not_searched,
    )


def _stop(row: asyncpg.Record) -> StopFacts:
    return StopFacts(
        lat=row["lat"],
        lon=row["lon"],
        postal_code=row["postal_code"],
        ward_code=row["ward_code"],
        province_code=row["province_code"],
    )
