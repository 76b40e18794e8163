"""Tariffs from a day on: what plans are searched with, what the bill adds, and each route's price line by line."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.carriers import service
from cluster.carriers.models import Tariff
from cluster.carriers.tariff_models import Corner, FuelStep, Per, ShipmentBreak, TariffVersion, TariffZone
from cluster.carriers.tariff_prices import RouteFacts, StopFacts, price
from tests.cluster.api import ZONE, World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
DAY = date(2027, 3, 1)


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside with its van."""
    async with riverside(database) as found:
        yield found


def in_days(days: int) -> str:
    """A day ahead in the cluster."""
    return (datetime.now(ZONE).date() + timedelta(days=days)).isoformat()


async def van_id(world: World) -> str:
    """Riverside's van."""
    found: str = (await world.coordinator.get("/v1/vehicle-types")).json()["data"][0]["id"]
    return found


async def settle(world: World, *, etag: str = "*", **body: Any) -> httpx.Response:
    """A new version of the van's tariff."""
    body = {"tariff": {"fixed_minor": 400_000, "km_minor": 8_000}} | body
    path = f"/v1/vehicle-types/{await van_id(world)}/tariffs"
    return await world.coordinator.send("PUT", path, body, If_Match=etag)


async def faults(world: World, **body: Any) -> list[tuple[str, str]]:
    """Place and code of everything wrong with a tariff."""
    answer = await settle(world, **body)
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_type_begins_with_the_tariff_it_was_added_with(world: World) -> None:
    found = (await world.coordinator.get(f"/v1/vehicle-types/{await van_id(world)}/tariffs")).json()
    [first] = found["data"]
    assert (found["latest_version"], first["version"], first["in_force"]) == (0, 0, True)
    assert first["tariff"] == {"fixed_minor": 300_000, "km_minor": 9_000, "hour_minor": 60_000, "stop_minor": 0}


async def test_each_service_day_has_the_tariff_and_the_fuel_surcharge_of_its_day(world: World) -> None:
    fuel = [{"effective_from": in_days(8), "permille": 50}, {"effective_from": in_days(12), "permille": 75}]
    assert (await settle(world, effective_from=in_days(5), trip_minor=20_000, fuel=fuel)).is_success
    scope = system_scope(ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"]))
    found = []
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        for days in (4, 5, 8, 12):
            [van] = await service.every(db, scope, datetime.now(ZONE).date() + timedelta(days=days))
            found.append((van.rates_version, van.tariff.km_minor, van.fuel_permille, van.trip_minor))
    assert found == [(0, 9_000, 0, 0), (1, 8_000, 0, 20_000), (1, 8_000, 50, 20_000), (1, 8_000, 75, 20_000)]


async def test_what_no_search_can_weigh_is_said(world: World) -> None:
    zone = {"code": "old-town", "name": "Old town", "supplement_minor": 30_000, "postal_codes": ["7000"]}
    answer = await settle(world, zones=[zone], weight_breaks=[{"supplement_minor": 1}], minimum_minor=500_000)
    assert answer.json()["data"][0]["not_searched"] == ["zones", "weight_breaks", "minimum"]
    [van] = (await world.coordinator.get("/v1/vehicle-types")).json()["data"]
    assert van["not_searched"] == ["zones", "weight_breaks", "minimum"]
    assert van["rates_version"] == 1


async def test_two_who_settle_at_once_do_not_overwrite_each_other(world: World) -> None:
    first, second = await settle(world, etag='"0"'), await settle(world, etag='"0"')
    unsaid = await settle(world, etag="none-sent")
    assert (first.status_code, first.headers["ETag"]) == (200, '"1"')
    assert (second.status_code, unsaid.status_code) == (412, 428)


async def test_faults_of_a_tariff_are_told_all_at_once(world: World) -> None:
    square = [{"lat": 0, "lon": 0}, {"lat": 1, "lon": 1}, {"lat": 0, "lon": 1}, {"lat": 1, "lon": 0}]  # sides cross
    zones = [
        {"code": "a", "name": "A", "supplement_minor": 1},
        {"code": "a", "name": "A", "supplement_minor": 1, "area": square},
    ]
    fuel = [{"effective_from": "2027-01-02", "permille": 1}, {"effective_from": "2027-01-01", "permille": 1}]
    breaks = [{"supplement_minor": 1}, {"weight_max_g": 5, "supplement_minor": 1}]
    found = await faults(world, zones=zones, fuel=fuel, weight_breaks=breaks)
    assert sorted(found) == [
        ("/fuel/1/effective_from", "fuel_wrong"),
        ("/weight_breaks/0/weight_max_g", "breaks_wrong"),
        ("/zones/0", "zone_empty"),
        ("/zones/1/area", "area_wrong"),
        ("/zones/1/code", "zone_twice"),
    ]
    assert await faults(world, effective_from=in_days(-1)) == [("/effective_from", "in_the_past")]


async def test_tariffs_are_the_coordinators(world: World) -> None:
    path = f"/v1/vehicle-types/{await van_id(world)}/tariffs"
    assert (await world.an.get(path)).status_code == 403
    assert (await world.an.send("PUT", path, {"tariff": {}})).status_code == 403


def version(**changes: Any) -> TariffVersion:
    """100.00 a vehicle, 0.90 a kilometre, 24.00 an hour, 2.00 a stop."""
    fields: dict[str, Any] = {
        "id": "set_x",
        "version": 1,
        "effective_from": DAY,
        "in_force": True,
        "note": "",
        "key_id": None,
        "user_id": None,
        "created_at": datetime(2027, 1, 1, tzinfo=UTC),
        "tariff": Tariff(fixed_minor=10_000, km_minor=90, hour_minor=2_400, stop_minor=200),
        "carrier_name": None,
        "trip_minor": 0,
        "minimum_minor": 0,
        "fuel": [],
        "zones": [],
        "weight_breaks": [],
        "not_searched": [],
    }
    return TariffVersion(**fields | changes)


def route(**changes: Any) -> RouteFacts:
    """50 km in two and a half hours, three stops, shipments of 5, 20 and 300 kg."""
    stops = [StopFacts(lat=52.5, lon=13.4, postal_code="10115"), StopFacts(lat=52.6, lon=13.4, postal_code="10 999")]
    stops.append(StopFacts(lat=48.1, lon=11.5, ward_code="00123"))
    fields: dict[str, Any] = {"distance_m": 50_000, "duration_s": 9_000, "stops_paid": 3, "stops": stops}
    return RouteFacts(**fields | {"shipments_g": [5_000, 20_000, 300_000]} | changes)


def told(tariff: TariffVersion, cost_minor: int, on: date = DAY) -> list[tuple[str, int, bool]]:
    """Kind, amount and whether it is searched, of each line."""
    return [(line.kind.value, line.amount_minor, line.searched) for line in price(tariff, on, route(), cost_minor)]


async def test_a_plain_route_costs_its_vehicle_kilometres_hours_and_stops() -> None:
    # 100.00; 50 km x 0.90 = 45.00; 2.5 h x 24.00 = 60.00; 3 x 2.00 = 6.00: 211.00
    lines = [("fixed", 10_000, True), ("distance", 4_500, True), ("time", 6_000, True), ("stops", 600, True)]
    assert told(version(), 21_100) == lines


async def test_fuel_comes_on_top_of_kilometres_from_its_day_on() -> None:
    # 3.5 % of 45.00 is 1.575, rounded half up 1.58
    fuelled = version(fuel=[FuelStep(effective_from=DAY, permille=35)])
    assert ("fuel", 158, True) in told(fuelled, 21_258)
    assert "fuel" not in {kind for kind, *_ in told(fuelled, 21_100, DAY - timedelta(days=1))}


async def test_what_the_bill_adds_is_not_searched() -> None:
    zones = [
        TariffZone(code="centre", name="Centre", supplement_minor=500, postal_codes=["101", "109"]),
        TariffZone(code="south", name="South", supplement_minor=900, ward_codes=["00123"], per=Per.ROUTE),
    ]
    breaks = [ShipmentBreak(weight_max_g=20_000, supplement_minor=100), ShipmentBreak(supplement_minor=700)]
    # two stops in the centre: 10.00, one in the south: 9.00; two shipments up to 20 kg: 2.00, one above: 7.00.
    # Together 211.00 + 28.00 = 239.00; at least 250.00: 11.00
    added = told(version(zones=zones, weight_breaks=breaks, minimum_minor=25_000), 21_100)[4:]
    weights = [("weight", 200, False), ("weight", 700, False)]
    assert added == [("zone", 1_000, False), ("zone", 900, False), *weights, ("minimum", 1_100, False)]


async def test_a_stop_on_the_edge_of_an_area_is_in_it_and_in_the_first_zone_alone() -> None:
    corners = [{"lat": 52.5, "lon": 13.0}, {"lat": 52.5, "lon": 14.0}, {"lat": 52.55, "lon": 13.4}]
    area = TariffZone(code="area", name="Area", supplement_minor=1, area=[Corner(**entry) for entry in corners])
    postal = TariffZone(code="postal", name="Postcodes", supplement_minor=1, postal_codes=["10"])
    found = [line for line in price(version(zones=[area, postal]), DAY, route(), 21_100) if line.zone]
    assert [(line.zone, line.quantity) for line in found] == [("area", 1), ("postal", 1)]


async def test_a_route_that_was_priced_otherwise_says_so() -> None:
    assert told(version(), 21_102)[-1] == ("rounding", 2, True)
    assert told(version(), 30_000)[-1] == ("otherwise", 8_900, True)


async def test_an_invented_route_is_priced_by_a_tariff_that_is_not_settled(world: World) -> None:
    tariff = {
        "tariff": {"fixed_minor": 10_000, "km_minor": 90, "hour_minor": 2_400, "stop_minor": 200},
        "fuel": [{"effective_from": "2027-03-01", "permille": 100}],
        "zones": [{"code": "centre", "name": "Centre", "supplement_minor": 500, "postal_codes": ["101"]}],
        "weight_breaks": [{"weight_max_g": 20_000, "supplement_minor": 0}, {"supplement_minor": 400}],
    }
    body = {"tariff": tariff, "on": "2027-03-02", "distance_m": 50_000, "duration_s": 9_000}
    body |= {"stops": [{"postal_code": "10115"}, {}], "shipments_g": [5_000, 30_000]}
    path = f"/v1/vehicle-types/{await van_id(world)}/tariffs/example"
    answer = await world.coordinator.post(path, body)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    # 100.00; 50 km x 0.90 = 45.00, and 10 % of it; 2.5 h x 24.00 = 60.00; 2 x 2.00; one stop in the centre; one heavy
    lines = [("fixed", 10_000), ("distance", 4_500), ("fuel", 450), ("time", 6_000), ("stops", 400)]
    assert [(line["kind"], line["amount_minor"]) for line in found["lines"]] == [*lines, ("zone", 500), ("weight", 400)]
    assert (found["searched_minor"], found["billed_minor"], found["currency"]) == (21_350, 22_250, "VND")
    assert (await world.coordinator.get(path.removesuffix("/example"))).json()["latest_version"] == 0
    wrong = await world.coordinator.post(path, body | {"stops": [{"lat": 1}], "tariff": tariff | {"zones": [{}]}})
    assert wrong.status_code == 422
    wrong = await world.coordinator.post(
        path, body | {"stops": [{"lat": 1}], "tariff": tariff | {"fuel": 2 * tariff["fuel"]}}
    )
    pointers = sorted(fault["pointer"] for fault in wrong.json()["errors"])
    assert pointers == ["/stops/0/lat", "/tariff/fuel/1/effective_from"]
    assert (await world.an.post(path, body)).status_code == 403
