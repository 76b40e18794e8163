"""Words of vehicle types."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Code, MinorUnits, PublicId, Text


class Capacity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one vehicle carries at most."""

    weight_g: Annotated[int, Meta(gt=0, le=10**11)]
    volume_cm3: Annotated[int, Meta(gt=0, le=10**11)]
    pallet_places: Annotated[int, Meta(ge=0, le=200)] = 0


class Tariff(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What one vehicle costs, in minor units of the cluster's currency.

    ``fixed_minor`` for its use on a day, ``km_minor`` a kilometre, ``hour_minor`` an hour from leaving to being back
    (waiting included), ``stop_minor`` each stop.
    """

    fixed_minor: MinorUnits = 0
    km_minor: MinorUnits = 0
    hour_minor: MinorUnits = 0
    stop_minor: MinorUnits = 0


class AddVehicleType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Vehicles that are all alike, to be added.

    ``vehicles`` None is unlimited hire at the tariff; ``end_site_id`` None is an open end. Where no road times are
    known, travel is the straight line times ``circuity_percent`` / 100 at ``speed_kmh``.
    """

    code: Code
    name: Text
    capacity: Capacity
    tariff: Tariff
    start_site_id: PublicId
    end_site_id: PublicId | None = None
    profile: Code = "van"
    speed_kmh: Annotated[int, Meta(ge=1, le=200)] = 25
    circuity_percent: Annotated[int, Meta(ge=100, le=1000)] = 135
    vehicles: Annotated[int, Meta(ge=0, le=10_000)] | None = None
    shift_start: ClockTime = "06:00"
    shift_end: ClockTime = "20:00"
    duration_max_s: Annotated[int, Meta(gt=0, le=86_400)] | None = None
    distance_max_m: Annotated[int, Meta(gt=0, le=10_000_000)] | None = None
    skills: Annotated[list[Code], Meta(max_length=20)] = []

    def faults(self) -> Iterator[FieldFault]:
        """A shift ends after it starts."""
        if self.shift_start >= self.shift_end:
            cure = "let shift_end be later than shift_start"
            yield FieldFault(pointer="/shift_end", code="window_reversed", cause="ends before it starts", cure=cure)


class VehicleType(Struct, frozen=True, kw_only=True):
    """Vehicles that are all alike, with their tariff."""

    id: str
    code: str
    name: str
    capacity: Capacity
    tariff: Tariff
    start_site_id: str
    end_site_id: str | None
    profile: str
    speed_kmh: int
    circuity_percent: int
    vehicles: int | None
    shift_start: str
    shift_end: str
    duration_max_s: int | None
    distance_max_m: int | None
    skills: list[str]
    created_at: datetime
