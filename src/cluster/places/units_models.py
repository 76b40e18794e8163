"""Words of administrative units."""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import Latitude, Longitude, Text
from cluster.places.address import Note, point_faults


class Edition(StrEnum):
    """Which list of units: Vietnam's two tiers since July 2025, or the three of before."""

    TWO_TIER = "two_tier"
    THREE_TIER = "three_tier"


class UnitKind(StrEnum):
    """Tier of a unit; districts were abolished in July 2025."""

    PROVINCE = "province"
    DISTRICT = "district"
    WARD = "ward"


class AdminUnit(Struct, frozen=True, kw_only=True):
    """A province, district or ward; the point lies within it, null where its boundary is not known."""

    edition: Edition
    kind: UnitKind
    code: str
    parent_code: str | None
    name: str
    name_en: str
    full_name: str
    full_name_en: str
    lat: float | None = None
    lon: float | None = None


class AdminUnits(Struct, frozen=True, kw_only=True):
    """Units of one tier, by code; at most some 170."""

    data: list[AdminUnit]


class SubdivisionEntry(Struct, frozen=True, kw_only=True):
    """A part of a country by ISO 3166-2."""

    code: str
    name: str


class Subdivisions(Struct, frozen=True, kw_only=True):
    """All parts of a country by ISO 3166-2."""

    data: list[SubdivisionEntry]


class ResolveAddress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A Vietnamese address whose codes of today are asked for: the names of its tiers, or one line, or a point.

    A point decides where the boundary around it is known.
    """

    province: Text | None = None
    district: Text | None = None
    ward: Text | None = None
    text: Note | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Something is asked, in one way."""
        yield from point_faults(self.lat, self.lon)
        names = (self.province, self.district, self.ward)
        if self.text is not None and any(name is not None for name in names):
            cure = "give text, or province, district and ward"
            yield FieldFault(pointer="/text", code="two_addresses", cause="two ways of one address", cure=cure)
        if all(value is None for value in (*names, self.text, self.lat)):
            cure = "give text, or names, or lat and lon"
            yield FieldFault(pointer="/text", code="missing", cause="nothing to go by", cure=cure)


class How(StrEnum):
    """What a resolution rests on."""

    BY_POLYGON = "by_polygon"
    BY_CODE = "by_code"
    BY_NAME = "by_name"
    PROVINCE_ONLY = "province_only"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"


class Confidence(StrEnum):
    """Certain: the point lies there, or today's name is unique. Likely: the old unit's code or name lives on."""

    CERTAIN = "certain"
    LIKELY = "likely"
    NONE = "none"


class Candidate(Struct, frozen=True, kw_only=True):
    """A ward of today that may be meant."""

    province_code: str
    ward_code: str
    full_name: str


class Resolution(Struct, frozen=True, kw_only=True):
    """
    Today's province and ward of an old or uncertain Vietnamese address.

    ``candidates`` lists what it may be where that is open, the best first; codes are null where nothing is known.
    """

    province_code: str | None
    ward_code: str | None
    how: How
    confidence: Confidence
    candidates: list[Candidate] = []
