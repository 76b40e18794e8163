"""Words of roads: ways of travelling, points on the network, what an area's roads are like."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, NamedTuple, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, Millimetres
from cluster.places.models import Point

PointE6: TypeAlias = tuple[int, int]
"""Latitude and longitude in millionths of a degree."""

SNAP_MAX_M = 500
"""Farther than this from any road that the mode may use, a point is flagged."""


class Pair(NamedTuple):
    """From where to where, for vehicles of which travel profile."""

    profile: str
    start: PointE6
    end: PointE6


class Mode(StrEnum):
    """What kind of vehicle a road network is asked about."""

    MOTORBIKE = "motorbike"
    VAN = "van"
    TRUCK = "truck"
    BICYCLE = "bicycle"


class SetTravelProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    How vehicles of one travel profile use the roads.

    Measures are the whole vehicle's: they keep it off roads with lower limits. Left out, a truck is of 7.5 t, 3.5 m
    high, 2.5 m wide and 8.5 m long, a van 2.6 m high and 2.1 m wide. ``speed_max_kmh`` is the most that it drives
    where the road allows more.
    """

    mode: Mode
    gross_weight_g: Annotated[int, Meta(ge=50_000, le=100_000_000)] | None = None
    axle_load_g: Annotated[int, Meta(ge=50_000, le=20_000_000)] | None = None
    height_mm: Millimetres | None = None
    width_mm: Millimetres | None = None
    length_mm: Millimetres | None = None
    speed_max_kmh: Annotated[int, Meta(ge=10, le=140)] | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Only what the road network can be asked about."""
        for name in ("gross_weight_g", "axle_load_g", "length_mm"):
            if self.mode is not Mode.TRUCK and getattr(self, name) is not None:
                cure = "leave it out, or choose mode truck"
                yield FieldFault(pointer=f"/{name}", code="not_for_mode", cause=f"not for a {self.mode}", cure=cure)
        for name in ("height_mm", "width_mm"):
            if self.mode in (Mode.MOTORBIKE, Mode.BICYCLE) and getattr(self, name) is not None:
                cure = "leave it out, or choose mode van or truck"
                yield FieldFault(pointer=f"/{name}", code="not_for_mode", cause=f"not for a {self.mode}", cure=cure)

    @property
    def digest(self) -> str:
        """Eight letters that differ where the answers of a road network may differ."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()[:8]


class PutTravelProfile(SetTravelProfile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How vehicles of the travel profile ``profile`` (a vehicle type names it) use the roads."""

    profile: Code


class TravelProfile(Struct, frozen=True, kw_only=True):
    """A travel profile: as the coordinator set it, or (``set_at`` null) as the platform takes it by its name."""

    profile: str
    mode: Mode
    gross_weight_g: int | None
    axle_load_g: int | None
    height_mm: int | None
    width_mm: int | None
    length_mm: int | None
    speed_max_kmh: int | None
    set_at: datetime | None

    @property
    def way(self) -> SetTravelProfile:
        """What a road network is asked about."""
        fields = {name: getattr(self, name) for name in SetTravelProfile.__struct_fields__}
        return SetTravelProfile(**fields)


class TravelProfiles(Struct, frozen=True, kw_only=True):
    """All travel profiles that a road engine can be asked about, by name."""

    data: list[TravelProfile]


class Snapped(Struct, frozen=True, kw_only=True):
    """Where a point meets the road network; ``road`` and ``distance_m`` are None where no road is near."""

    point: PointE6
    road: PointE6 | None = None
    distance_m: int | None = None


class Owned(Struct, frozen=True):
    """A point and whose it is; a shared one has no member."""

    point: PointE6
    member_id: UUID | None


class Verdict(StrEnum):
    """What the road network says of a point."""

    REACHABLE = "reachable"
    FAR_FROM_ROAD = "far_from_road"
    NO_WAY = "no_way"
    NOT_CHECKED = "not_checked"


class Checked(Struct, frozen=True, kw_only=True):
    """A point as checked for one travel profile; ``hubs_reached`` None where the cluster has no hub yet."""

    profile: str
    snapped: Snapped
    hubs_reached: bool | None

    @property
    def verdict(self) -> Verdict:
        """Far from any road counts before being cut off: it is the likelier mistake."""
        return verdict_of(self.snapped.distance_m, self.hubs_reached)


def verdict_of(distance_m: int | None, hubs_reached: bool | None) -> Verdict:
    """The one rule."""
    if distance_m is None or distance_m > SNAP_MAX_M:
        return Verdict.FAR_FROM_ROAD
    return Verdict.NO_WAY if hubs_reached is False else Verdict.REACHABLE


class ProfileAccess(Struct, frozen=True, kw_only=True):
    """What one travel profile's vehicles find at a point; ``road`` is where it meets the road network."""

    profile: Code
    verdict: Verdict
    road: Point | None
    distance_m: int | None


class Access(Struct, frozen=True, kw_only=True):
    """
    Whether vehicles get to a point.

    ``verdict`` is the best of all profiles'; ``not_checked`` where there is no road network, or not yet.
    """

    verdict: Verdict
    profiles: list[ProfileAccess]


RANKS = (Verdict.REACHABLE, Verdict.NO_WAY, Verdict.FAR_FROM_ROAD, Verdict.NOT_CHECKED)


def access_of(profiles: list[ProfileAccess]) -> Access:
    """One answer for a point: a stop that any profile reaches can be planned."""
    best = min((entry.verdict for entry in profiles), key=RANKS.index, default=Verdict.NOT_CHECKED)
    return Access(verdict=best, profiles=profiles)
