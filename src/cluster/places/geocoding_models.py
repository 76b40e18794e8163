"""Words of geocoding."""

from msgspec import Struct

from cluster.places.address import Precision
from cluster.places.units_models import Candidate


class FoundPoint(Struct, frozen=True, kw_only=True):
    """A point that a geocoder offers, and how it describes it."""

    lat: float
    lon: float
    precision: Precision
    label: str


class GeocodedAddress(Struct, frozen=True, kw_only=True):
    """
    Where an address is; all null where nobody knows.

    ``candidates`` is what the geocoder offered, ``ward_candidates`` what an old Vietnamese address may mean today.
    """

    lat: float | None
    lon: float | None
    precision: Precision | None
    province_code: str | None
    ward_code: str | None
    candidates: list[FoundPoint]
    ward_candidates: list[Candidate]
