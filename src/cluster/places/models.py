"""Words of places."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from msgspec import UNSET, Meta, Struct, UnsetType, field
from stdnum import ean

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Code, CountryCode, Latitude, Longitude, PublicId, Text
from cluster.places.address import Address, PostalCode, Precision, Subdivision, point_faults
from cluster.places.opening import OpeningHours, default_hours_faults, holiday_faults

POINTS_MAX = 2000
UNREACHABLE = -1
DOCKS_MAX = 50

Gln = Annotated[str, Meta(pattern=r"^[0-9]{13}$")]
"""GS1 global location number, the last digit a check digit."""
UnLocode = Annotated[str, Meta(pattern=r"^[A-Z]{2}[A-Z2-9]{3}$")]
"""Code of a place of trade and transport, without the space, such as ``VNSGN``."""
Zone = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+$")]


class SiteKind(StrEnum):
    """What a site is for."""

    HUB = "hub"
    WAREHOUSE = "warehouse"
    WORKSHOP = "workshop"
    SHOP = "shop"
    PICKUP_POINT = "pickup_point"


class Levelling(StrEnum):
    """How a dock and a vehicle's floor meet."""

    NONE = "none"
    LEVELLER = "leveller"
    SCISSOR_LIFT = "scissor_lift"


class Dock(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Doors of one kind, and the largest vehicle that may stand there; limits left out do not bind."""

    name: Text
    count: Annotated[int, Meta(ge=1, le=1000)] = 1
    levelling: Levelling = Levelling.NONE
    vehicle_length_max_mm: Annotated[int, Meta(gt=0, le=30_000)] | None = None
    vehicle_height_max_mm: Annotated[int, Meta(gt=0, le=30_000)] | None = None
    vehicle_weight_max_g: Annotated[int, Meta(gt=0, le=100_000_000)] | None = None


Docks = Annotated[list[Dock], Meta(max_length=DOCKS_MAX)]


class AddSite(Address, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A site to be added.

    The coordinator adds shared sites (no member) or a member's; a member adds its own, ``member_id`` left out. Without
    ``lat`` and ``lon`` the address is looked up, and ``location_precision`` of the answer says how well it was found.
    ``opens_at`` and ``closes_at`` hold for every day that ``hours`` says nothing about, in the time zone of the site,
    which is the cluster's if left out.
    """

    code: Code
    name: Text
    kind: SiteKind
    lat: Latitude | None = None
    lon: Longitude | None = None
    member_id: PublicId | None = None
    opens_at: ClockTime | None = None
    closes_at: ClockTime | None = None
    hours: OpeningHours | None = None
    docks: Docks = field(default_factory=list)
    gln: Gln | None = None
    un_locode: UnLocode | None = None
    time_zone: Zone | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Pairs are whole, codes exist, check digits are right."""
        yield from super().faults()
        yield from point_faults(self.lat, self.lon)
        yield from default_hours_faults(self.opens_at, self.closes_at)
        yield from holiday_faults(self.country_code, self.hours)
        if self.gln is not None and not ean.is_valid(self.gln):
            cause = f"the check digit of {self.gln} is wrong"
            cure = "compare it with the number that GS1 has given"
            yield FieldFault(pointer="/gln", code="check_digit_wrong", cause=cause, cure=cure)
        if self.time_zone is not None and self.time_zone not in available_timezones():
            cure = "give a name of the IANA database, such as Asia/Ho_Chi_Minh"
            cause = f"no zone {self.time_zone}"
            yield FieldFault(pointer="/time_zone", code="unknown_time_zone", cause=cause, cure=cure)


class EditSite(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Changes of a site: fields left out stay, ``null`` empties.

    A changed address without ``lat`` and ``lon`` is looked up again. An inactive site takes no new bookings.
    """

    code: Code | UnsetType = UNSET
    name: Text | UnsetType = UNSET
    address_line1: Text | UnsetType = UNSET
    country_code: CountryCode | UnsetType = UNSET
    address_line2: Text | UnsetType | None = UNSET
    locality: Text | UnsetType | None = UNSET
    postal_code: PostalCode | UnsetType | None = UNSET
    subdivision: Subdivision | UnsetType | None = UNSET
    province_code: Code | UnsetType | None = UNSET
    ward_code: Code | UnsetType | None = UNSET
    lat: Latitude | UnsetType = UNSET
    lon: Longitude | UnsetType = UNSET
    opens_at: ClockTime | UnsetType | None = UNSET
    closes_at: ClockTime | UnsetType | None = UNSET
    hours: OpeningHours | UnsetType | None = UNSET
    docks: Docks | UnsetType = UNSET
    gln: Gln | UnsetType | None = UNSET
    un_locode: UnLocode | UnsetType | None = UNSET
    time_zone: Zone | UnsetType | None = UNSET
    active: bool | UnsetType = UNSET


class Site(Address, frozen=True, kw_only=True):
    """A place that a cluster or a member works from; ``time_zone`` is the cluster's where it is null."""

    id: str
    member_id: str | None
    code: str
    name: str
    kind: SiteKind
    lat: float
    lon: float
    location_precision: Precision
    opens_at: str | None
    closes_at: str | None
    hours: OpeningHours | None
    docks: list[Dock]
    gln: str | None
    un_locode: str | None
    time_zone: str | None
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime


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
    country_code: str
    hours: OpeningHours | None = None
    time_zone: str | None = None
    active: bool = True
