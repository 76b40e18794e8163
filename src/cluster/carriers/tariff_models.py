"""
Words of tariffs: versions from a day on, with what carriers add to kilometres and hours.

A plan is searched with the price of a vehicle, its trips, kilometres (the fuel surcharge of the service day among
them), hours and stops. Zones, weight breaks and the minimum of a route are added when a route is billed.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct
from shapely import Polygon

from cluster.base.errors import FieldFault
from cluster.base.fields import PRINTABLE, Code, Latitude, Longitude, MinorUnits, Text
from cluster.carriers.models import NotSearched, Tariff

Note = Annotated[str, Meta(max_length=200, pattern=PRINTABLE)]
Permille = Annotated[int, Meta(ge=0, le=3000)]
PostalCode = Annotated[str, Meta(min_length=1, max_length=12, pattern=r"^[0-9A-Za-z][0-9A-Za-z -]*$")]


class FuelStep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From a day on, so many thousandths of the price of kilometres on top of it."""

    effective_from: date
    permille: Permille


class Corner(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A corner of an area."""

    lat: Latitude
    lon: Longitude


class Per(StrEnum):
    """How often a zone's supplement is paid: for each stop in it, or once for a route that stops in it."""

    STOP = "stop"
    ROUTE = "route"


class TariffZone(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where stops cost more: postcodes (or how they begin), wards, provinces, or an area on the map.

    A stop is in the first zone, in the order of the tariff, that any of these put it in.
    """

    code: Code
    name: Text
    supplement_minor: MinorUnits
    per: Per = Per.STOP
    postal_codes: Annotated[list[PostalCode], Meta(max_length=5000)] = []
    ward_codes: Annotated[list[Code], Meta(max_length=5000)] = []
    province_codes: Annotated[list[Code], Meta(max_length=500)] = []
    area: Annotated[list[Corner], Meta(max_length=1000)] = []

    def faults(self) -> Iterator[FieldFault]:
        """A zone is somewhere, and its area is one."""
        if not (self.postal_codes or self.ward_codes or self.province_codes or self.area):
            cure = "name postcodes, wards, provinces, or the corners of an area"
            yield FieldFault(pointer="", code="zone_empty", cause="a zone that is nowhere", cure=cure)
        if self.area and (len(self.area) < 3 or not self.polygon().is_valid):
            cure = "at least three corners, in order, without sides that cross"
            yield FieldFault(pointer="/area", code="area_wrong", cause="not an area", cure=cure)

    def polygon(self) -> Polygon:
        """Its area; an empty one where it has none."""
        return Polygon([(corner.lon, corner.lat) for corner in self.area])


class ShipmentBreak(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a shipment adds that weighs up to ``weight_max_g`` (null: any weight) and more than the break before."""

    weight_max_g: Annotated[int, Meta(ge=1, le=10**9)] | None = None
    supplement_minor: MinorUnits


def fuel_permille(steps: Sequence[FuelStep], on: date) -> int:
    """The surcharge of a day: that of the last step which has begun by then."""
    return next((step.permille for step in reversed(steps) if step.effective_from <= on), 0)


class SettleTariff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The next version of a vehicle type's tariff, whole, from a day on (today when left out).

    ``trip_minor`` is paid for each trip of a vehicle, ``minimum_minor`` at least for each route. ``fuel`` says by day
    how much comes on top of ``tariff.km_minor``; before its first day, nothing does.
    """

    effective_from: date | None = None
    note: Note = ""
    tariff: Tariff
    carrier_name: Text | None = None
    trip_minor: MinorUnits = 0
    minimum_minor: MinorUnits = 0
    fuel: Annotated[list[FuelStep], Meta(max_length=500)] = []
    zones: Annotated[list[TariffZone], Meta(max_length=200)] = []
    weight_breaks: Annotated[list[ShipmentBreak], Meta(max_length=100)] = []

    def faults(self) -> Iterator[FieldFault]:
        """Fuel goes by ascending days, zones have names of their own, breaks go up and only the last is open."""
        days = [step.effective_from for step in self.fuel]
        for index, (before, after) in enumerate(pairwise(days), start=1):
            if after <= before:
                cause, cure = f"{after} does not follow {before}", "sort by day, each day once"
                yield FieldFault(pointer=f"/fuel/{index}/effective_from", code="fuel_wrong", cause=cause, cure=cure)
        seen: set[str] = set()
        for index, zone in enumerate(self.zones):
            if zone.code in seen:
                cause, cure = f"another zone is {zone.code} too", "give each zone a code of its own"
                yield FieldFault(pointer=f"/zones/{index}/code", code="zone_twice", cause=cause, cure=cure)
            seen.add(zone.code)
        last = 0
        for index, entry in enumerate(self.weight_breaks):
            most, where = entry.weight_max_g, f"/weight_breaks/{index}/weight_max_g"
            if most is None and index < len(self.weight_breaks) - 1:
                cause, cure = "open, but not the last", "give weight_max_g, or move it to the end"
                yield FieldFault(pointer=where, code="breaks_wrong", cause=cause, cure=cure)
            if most is not None and most <= last:
                cause, cure = "not above the break before", "sort breaks by weight_max_g"
                yield FieldFault(pointer=where, code="breaks_wrong", cause=cause, cure=cure)
            last = most or last


class TariffVersion(Struct, frozen=True, kw_only=True):
    """
    A vehicle type's tariff from ``effective_from`` on. Version 0 is the one it was added with.

    ``not_searched`` names what plans are not searched with: it is added when a route is billed.
    """

    id: str
    version: int
    effective_from: date | None
    in_force: bool
    note: str
    key_id: str | None
    user_id: str | None
    created_at: datetime
    tariff: Tariff
    carrier_name: str | None
    trip_minor: int
    minimum_minor: int
    fuel: list[FuelStep]
    zones: list[TariffZone]
    weight_breaks: list[ShipmentBreak]
    not_searched: list[NotSearched]

    def fuel_permille(self, on: date) -> int:
        """What comes on top of the price of kilometres on a day."""
        return fuel_permille(self.fuel, on)


class VehicleTariffs(Struct, frozen=True, kw_only=True):
    """All versions of a vehicle type's tariff, the newest first; ``latest_version`` is the ETag."""

    vehicle_type_id: str
    latest_version: int
    data: list[TariffVersion]
