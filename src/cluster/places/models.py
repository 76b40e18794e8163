"""Words of places."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Code, CountryCode, Latitude, Longitude, PublicId, Text

POINTS_MAX = 2000
UNREACHABLE = -1


class SiteKind(StrEnum):
    """What a site is for."""

    HUB = "hub"
    WAREHOUSE = "warehouse"
    WORKSHOP = "workshop"
    SHOP = "shop"
    PICKUP_POINT = "pickup_point"


class AddSite(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A site to be added.

    The coordinator adds shared sites (no member) or a member's; a member adds its own, ``member_id`` left out.
    Opening hours are times of day in the cluster's zone.
    """

    code: Code
    name: Text
    kind: SiteKind
    address_line1: Text
    country_code: CountryCode
    lat: Latitude
    lon: Longitude
    province_code: Code | None = None
    ward_code: Code | None = None
    member_id: PublicId | None = None
    opens_at: ClockTime | None = None
    closes_at: ClockTime | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Opening hours come in pairs, the earlier first."""
        if (self.opens_at is None) != (self.closes_at is None):
            cure = "give both opens_at and closes_at, or neither"
            yield FieldFault(pointer="/opens_at", code="half_a_window", cause="only one end given", cure=cure)
        elif self.opens_at is not None and self.closes_at is not None and self.opens_at >= self.closes_at:
            cure = "let closes_at be later than opens_at"
            yield FieldFault(pointer="/closes_at", code="window_reversed", cause="closes before it opens", cure=cure)


class Site(Struct, frozen=True, kw_only=True):
    """A place that a cluster or a member works from."""

    id: str
    member_id: str | None
    code: str
    name: str
    kind: SiteKind
    address_line1: str
    country_code: str
    province_code: str | None
    ward_code: str | None
    lat: float
    lon: float
    opens_at: str | None
    closes_at: str | None
    created_at: datetime


class Point(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Degrees WGS 84."""

    lat: Latitude
    lon: Longitude


Row = Annotated[list[Annotated[int, Meta(ge=UNREACHABLE, le=10**8)]], Meta(max_length=POINTS_MAX)]


class PutTravelMatrix(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Road distances and times between points, for one travel profile.

    Both tables have a row and a column for each point; -1 where there is no way.
    """

    profile: Code
    points: Annotated[list[Point], Meta(min_length=1, max_length=POINTS_MAX)]
    distance_m: Annotated[list[Row], Meta(max_length=POINTS_MAX)]
    duration_s: Annotated[list[Row], Meta(max_length=POINTS_MAX)]

    def faults(self) -> Iterator[FieldFault]:
        """Both tables must be square and as large as the list of points."""
        size = len(self.points)
        for name, table in (("distance_m", self.distance_m), ("duration_s", self.duration_s)):
            if len(table) != size or any(len(row) != size for row in table):
                cure = f"send {size} rows of {size} numbers"
                yield FieldFault(pointer=f"/{name}", code="wrong_shape", cause="not as large as points", cure=cure)


class TravelMatrixStored(Struct, frozen=True, kw_only=True):
    """How many legs a profile has now."""

    profile: str
    legs: int


class Leg(Struct, frozen=True):
    """Road distance and time from one point to another; coordinates in millionths of a degree."""

    profile: str
    start: tuple[int, int]
    end: tuple[int, int]
    distance_m: int
    duration_s: int


def e6(lat: float, lon: float) -> tuple[int, int]:
    """Millionths of a degree: what points are told apart by (0.1 m)."""
    return round(lat * 1_000_000), round(lon * 1_000_000)


class SiteRef(Struct, frozen=True, kw_only=True):
    """A site as other capabilities need it."""

    site_id: UUID
    member_id: UUID | None
    kind: SiteKind
    name: str
    address_line1: str
    lat: float
    lon: float
    opens_at: str | None
    closes_at: str | None
