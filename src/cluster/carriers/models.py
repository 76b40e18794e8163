"""Words of vehicle types."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Annotated

from msgspec import Meta, Struct, field

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Code, Millimetres, MinorUnits, PublicId, Text
from cluster.members.driver_breaks import DriverBreaks

AxleGrams = Annotated[int, Meta(ge=0, le=100_000_000)]
Along = Annotated[int, Meta(ge=-30_000, le=30_000)]
"""A place along a hold, in millimetres from its front wall; before it: negative."""


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


class Side(StrEnum):
    """The wall that a door is in; left is the driver's left, looking ahead."""

    REAR = "rear"
    LEFT = "left"
    RIGHT = "right"


class Door(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A door, as high as the hold.

    A side door opens from ``from_mm`` to ``to_mm`` (null: the rear end), measured from the front wall; a rear door is
    as wide as the hold.
    """

    side: Side = Side.REAR
    from_mm: Annotated[int, Meta(ge=0, le=30_000)] = 0
    to_mm: Millimetres | None = None

    def faults(self) -> Iterator[FieldFault]:
        """An opening is on a side, and not reversed."""
        if self.side is Side.REAR and (self.from_mm or self.to_mm is not None):
            cure = "leave out from_mm and to_mm: a rear door is as wide as the hold"
            yield FieldFault(pointer="/side", code="door_wrong", cause="a rear door with an opening", cure=cure)
        elif self.to_mm is not None and self.to_mm <= self.from_mm:
            cause = f"it opens from {self.from_mm} to {self.to_mm} mm"
            yield FieldFault(pointer="/to_mm", code="door_wrong", cause=cause, cure="let to_mm be above from_mm")


class Axle(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    An axle, or axles that act as one: where it is, what rests on it when the hold is empty, and the least and most that
    may rest on it.
    """

    id: Code
    at_mm: Along
    tare_g: AxleGrams = 0
    max_g: AxleGrams
    min_g: AxleGrams = 0

    def faults(self) -> Iterator[FieldFault]:
        """The empty vehicle keeps the limits."""
        if not self.min_g <= self.tare_g <= self.max_g:
            cause = f"{self.tare_g} g when empty, {self.min_g} to {self.max_g} g are allowed"
            cure = "give limits that the empty vehicle keeps"
            yield FieldFault(pointer="/tare_g", code="axle_tare", cause=cause, cure=cure)


class Chassis(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    What carries the hold: two axles; or the tractor's two, the trailer's one and a kingpin. From front to rear,
    measured from the hold's front wall on the coupled vehicle.
    """

    axles: Annotated[list[Axle], Meta(min_length=2, max_length=3)]
    kingpin_mm: Along | None = None

    def faults(self) -> Iterator[FieldFault]:
        """As many axles as there are supports, in order, the kingpin between them."""
        at = [axle.at_mm for axle in self.axles]
        if len(at) != (2 if self.kingpin_mm is None else 3):
            cause = f"{len(at)} axles {'without' if self.kingpin_mm is None else 'with'} a kingpin"
            cure = "give two axles for a rigid vehicle; three and the kingpin for an articulated one"
            yield FieldFault(pointer="/axles", code="axles_wrong", cause=cause, cure=cure)
        elif any(before >= after for before, after in pairwise(at)):
            cure = "list them from front to rear, each behind the one before"
            yield FieldFault(pointer="/axles", code="axles_wrong", cause=f"axles at {at} mm", cure=cure)
        elif self.kingpin_mm is not None and not at[0] <= self.kingpin_mm < at[-1]:
            cure = "give its place between the first and the last axle"
            yield FieldFault(pointer="/kingpin_mm", code="axles_wrong", cause=f"axles at {at} mm", cure=cure)
        if len({axle.id for axle in self.axles}) < len(at):
            cure = "give each axle an id of its own"
            yield FieldFault(pointer="/axles", code="axles_wrong", cause="two axles with one id", cure=cure)


class Hold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    The inside of a vehicle, in which every unit gets its place.

    Units are loaded and unloaded straight through a door, past none that stays on board; ``doors`` empty means that
    each can be reached at any time. Without ``chassis`` axle loads are not asked for. At least ``support_percent`` of a
    unit's base rests on the floor or on other units. What may be on board at most is the vehicle type's ``capacity``.
    """

    length_mm: Millimetres
    width_mm: Millimetres
    height_mm: Millimetres
    doors: Annotated[list[Door], Meta(max_length=6)] = field(default_factory=lambda: [Door()])
    chassis: Chassis | None = None
    support_percent: Annotated[int, Meta(ge=0, le=100)] = 75

    def faults(self) -> Iterator[FieldFault]:
        """Doors are within the hold's length."""
        for index, door in enumerate(self.doors):
            end = door.from_mm + 1 if door.to_mm is None else door.to_mm
            if end > self.length_mm:
                cause = f"it opens beyond {self.length_mm} mm, the rear end"
                cure = "give an opening inside the hold"
                yield FieldFault(pointer=f"/doors/{index}", code="door_wrong", cause=cause, cure=cure)


class AddVehicleType(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Vehicles that are all alike, to be added.

    ``vehicles`` None is unlimited hire at the tariff; ``end_site_id`` None is an open end. Where no road times are
    known, travel is the straight line times ``circuity_percent`` / 100 at ``speed_kmh``. With a ``hold``, routes carry
    only what can stand in it.
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
    hold: Hold | None = None
    carrier_id: PublicId | None = None
    """Whose vehicles they are; the cluster's own where it is left out."""
    driver_breaks: DriverBreaks | None = None
    """When their drivers rest; as the cluster has settled it where it is left out."""

    def faults(self) -> Iterator[FieldFault]:
        """A shift ends after it starts."""
        if self.shift_start >= self.shift_end:
            cure = "let shift_end be later than shift_start"
            yield FieldFault(pointer="/shift_end", code="window_reversed", cause="ends before it starts", cure=cure)


class SetDriverBreaks(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the drivers of a type's vehicles rest; null: as the cluster has settled it."""

    driver_breaks: DriverBreaks | None


class NotSearched(StrEnum):
    """Parts of a tariff that no search can weigh route by route: they are added when routes are billed."""

    ZONES = "zones"
    WEIGHT_BREAKS = "weight_breaks"
    MINIMUM = "minimum"


class Rest(StrEnum):
    """Why vehicles are in no new plan of a day: their carrier is suspended, does not drive, or may not."""

    CARRIER_SUSPENDED = "carrier_suspended"
    CARRIER_CLOSED = "carrier_closed"
    PAPERS_EXPIRED = "papers_expired"


class VehicleType(Struct, frozen=True, kw_only=True):
    """
    Vehicles that are all alike, with their tariff on a day.

    ``rates_version`` 0 is the tariff that the type was added with. ``fuel_permille`` comes on top of the price of
    kilometres; ``trip_minor`` is paid for each trip. ``not_searched`` names what of the tariff no plan is searched with
    and only the bill holds. ``rests`` says why they are in no new plan of that day, null where they may be. Where
    ``driver_breaks`` is null, drivers rest as the cluster has settled it.
    """

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
    hold: Hold | None
    created_at: datetime
    rates_version: int = 0
    carrier_id: str | None = None
    carrier_name: str | None = None
    fuel_permille: int = 0
    trip_minor: int = 0
    not_searched: list[NotSearched] = []
    rests: Rest | None = None
    driver_breaks: DriverBreaks | None = None
