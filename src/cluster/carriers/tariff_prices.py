"""What a route costs by a tariff, line by line: pure, in minor units, each line rounded half up."""

from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct
from shapely import Point

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, Latitude, Longitude
from cluster.carriers.tariff_models import Per, PostalCode, SettleTariff, TariffVersion, TariffZone, fuel_permille

METRES_A_KM = 1000
SECONDS_AN_HOUR = 3600
PERMILLE = 1000
E6 = 1_000_000


class LineKind(StrEnum):
    """What a line of a price is for."""

    FIXED = "fixed"
    TRIPS = "trips"
    DISTANCE = "distance"
    FUEL = "fuel"
    TIME = "time"
    STOPS = "stops"
    ROUNDING = "rounding"
    OTHERWISE = "otherwise"
    ZONE = "zone"
    WEIGHT = "weight"
    MINIMUM = "minimum"


class PriceLine(Struct, frozen=True, kw_only=True):
    """
    One line: ``quantity`` of ``unit`` at ``rate_minor`` (fuel: thousandths of the kilometres' price).

    ``searched``: plans are searched with it; the others are added when the route is billed. ``zone`` is a zone's code.
    """

    kind: LineKind
    searched: bool
    quantity: int
    unit: str
    rate_minor: int
    amount_minor: int
    zone: str | None = None


class ExampleStop(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the route of an example stops; a zone finds it by any of these."""

    postal_code: PostalCode | None = None
    ward_code: Code | None = None
    province_code: Code | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A point has two coordinates."""
        if (self.lat is None) != (self.lon is None):
            cure = "give both lat and lon, or neither"
            yield FieldFault(pointer="/lat", code="half_a_point", cause="only one of lat and lon", cure=cure)


class PriceExample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A route to be priced by a tariff that need not be settled: what would it cost?

    ``on`` is the day whose fuel surcharge counts (today when left out), ``stops`` those that the vehicle drives to,
    ``shipments_g`` the weights of what it carries.
    """

    tariff: SettleTariff
    on: date | None = None
    distance_m: Annotated[int, Meta(ge=0, le=10**8)]
    duration_s: Annotated[int, Meta(ge=0, le=10**7)]
    trips: Annotated[int, Meta(ge=1, le=100)] = 1
    stops: Annotated[list[ExampleStop], Meta(max_length=500)] = []
    shipments_g: Annotated[list[Annotated[int, Meta(ge=0, le=10**9)]], Meta(max_length=2000)] = []


class PricedExample(Struct, frozen=True, kw_only=True):
    """What it would cost, line by line; ``searched_minor`` of it is what plans are searched with."""

    on: date
    currency: str
    lines: list[PriceLine]
    searched_minor: int
    billed_minor: int


class StopFacts(Struct, frozen=True, kw_only=True):
    """Where a vehicle stops."""

    lat: float | None = None
    lon: float | None = None
    postal_code: str | None = None
    ward_code: str | None = None
    province_code: str | None = None


class RouteFacts(Struct, frozen=True, kw_only=True):
    """What of a route its price depends on; ``stops_paid`` are arrivals at another place than the one before."""

    distance_m: int
    duration_s: int
    stops_paid: int
    stops: list[StopFacts]
    shipments_g: list[int]
    trips: int = 1


def arrivals(begin: StopFacts, stops: Sequence[StopFacts]) -> int:
    """Stops at another point than the one before: the first may be where the vehicle stands already."""
    points = [(round((stop.lat or 0.0) * E6), round((stop.lon or 0.0) * E6)) for stop in (begin, *stops)]
    return sum(there != here for here, there in pairwise(points))


def example(on: date, asked: PriceExample) -> list[PriceLine]:
    """The lines of an invented route's price, by a tariff that need not be settled."""
    stops = [
        StopFacts(
            lat=stop.lat,
            lon=stop.lon,
            postal_code=stop.postal_code,
            ward_code=stop.ward_code,
            province_code=stop.province_code,
        )
        for stop in asked.stops
    ]
    facts = RouteFacts(
        distance_m=asked.distance_m,
        duration_s=asked.duration_s,
        stops_paid=len(stops),
        stops=stops,
        shipments_g=list(asked.shipments_g),
        trips=asked.trips,
    )
    return price(asked.tariff, on, facts, None)


def price(tariff: SettleTariff | TariffVersion, on: date, route: RouteFacts, cost_minor: int | None) -> list[PriceLine]:
    """
    The lines of one route's price.

    Parameters
    ----------
    cost_minor
        What the plan counts for the route; None where there is no plan. Where the lines that plans are searched with
        come to something else, a line says by how much: ``rounding``, or ``otherwise`` when the tariff or the route was
        priced otherwise.
    """
    lines = list(_searched(tariff, on, route))
    rest = 0 if cost_minor is None else cost_minor - sum(line.amount_minor for line in lines)
    if rest:
        kind = LineKind.ROUNDING if abs(rest) <= len(lines) else LineKind.OTHERWISE
        lines.append(_line(kind, 1, "", rest, rest))
    lines += _supplements(tariff, route)
    short = tariff.minimum_minor - sum(line.amount_minor for line in lines)
    if tariff.minimum_minor and short > 0:
        lines.append(_line(LineKind.MINIMUM, 1, "route", tariff.minimum_minor, short, searched=False))
    return lines


def _searched(tariff: SettleTariff | TariffVersion, on: date, route: RouteFacts) -> Iterator[PriceLine]:
    rates, permille = tariff.tariff, fuel_permille(tariff.fuel, on)
    by_km = route.distance_m * rates.km_minor
    by_hour = route.duration_s * rates.hour_minor
    if rates.fixed_minor:
        yield _line(LineKind.FIXED, 1, "vehicle", rates.fixed_minor, rates.fixed_minor)
    if tariff.trip_minor:
        yield _line(LineKind.TRIPS, route.trips, "trip", tariff.trip_minor, route.trips * tariff.trip_minor)
    if rates.km_minor:
        yield _line(LineKind.DISTANCE, route.distance_m, "m", rates.km_minor, _rounded(by_km, METRES_A_KM))
    if permille and rates.km_minor:
        amount = _rounded(by_km * permille, METRES_A_KM * PERMILLE)
        yield _line(LineKind.FUEL, route.distance_m, "m", permille, amount)
    if rates.hour_minor:
        yield _line(LineKind.TIME, route.duration_s, "s", rates.hour_minor, _rounded(by_hour, SECONDS_AN_HOUR))
    if rates.stop_minor:
        amount = route.stops_paid * rates.stop_minor
        yield _line(LineKind.STOPS, route.stops_paid, "stop", rates.stop_minor, amount)


def _supplements(tariff: SettleTariff | TariffVersion, route: RouteFacts) -> Iterator[PriceLine]:
    found = [zone_of(tariff.zones, stop) for stop in route.stops]
    for zone in tariff.zones:
        count = sum(entry is zone for entry in found)
        times = min(count, 1) if zone.per is Per.ROUTE else count
        if times and zone.supplement_minor:
            amount = times * zone.supplement_minor
            yield _line(LineKind.ZONE, times, zone.per, zone.supplement_minor, amount, searched=False, zone=zone.code)
    below = 0
    for entry in tariff.weight_breaks:
        most = entry.weight_max_g
        times = sum(below < weight and (most is None or weight <= most) for weight in route.shipments_g)
        if times and entry.supplement_minor:
            amount = times * entry.supplement_minor
            yield _line(LineKind.WEIGHT, times, "shipment", entry.supplement_minor, amount, searched=False)
        below = most or below


def zone_of(zones: Sequence[TariffZone], stop: StopFacts) -> TariffZone | None:
    """The first zone that a stop is in; on the edge of an area is in it."""
    return next((zone for zone in zones if _is_in(zone, stop)), None)


def _is_in(zone: TariffZone, stop: StopFacts) -> bool:
    code = (stop.postal_code or "").replace(" ", "").upper()
    if code and any(code.startswith(entry.replace(" ", "").upper()) for entry in zone.postal_codes):
        return True
    if stop.ward_code in zone.ward_codes or stop.province_code in zone.province_codes:
        return True
    if not zone.area or stop.lat is None or stop.lon is None:
        return False
    return bool(zone.polygon().covers(Point(stop.lon, stop.lat)))


def _line(
    kind: LineKind,
    quantity: int,
    unit: str,
    rate_minor: int,
    amount_minor: int,
    *,
    searched: bool = True,
    zone: str | None = None,
) -> PriceLine:
    return PriceLine(
        kind=kind,
        searched=searched,
        quantity=quantity,
        unit=unit,
        rate_minor=rate_minor,
        amount_minor=amount_minor,
        zone=zone,
    )


def _rounded(amount: int, divisor: int) -> int:
    return (amount + divisor // 2) // divisor
