"""Addresses: one form for sites, consignees and stops."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, Text
from cluster.places.subdivisions import is_subdivision

VN_PROVINCE = re.compile(r"[0-9]{2}")
VN_WARD = re.compile(r"[0-9]{5}")

PostalCode = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]{0,10}[A-Za-z0-9]$")]
Subdivision = Annotated[str, Meta(pattern=r"^[A-Z]{2}-[A-Z0-9]{1,3}$")]
"""ISO 3166-2, such as ``DE-BY``."""
Note = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]*$")]
"""Several lines for people to read."""


class Precision(StrEnum):
    """How well a point is known: given by the asker, found by a geocoder, or the centre of what encloses it."""

    GIVEN = "given"
    ADDRESS = "address"
    STREET = "street"
    PLACE = "place"
    WARD_CENTROID = "ward_centroid"
    POSTCODE_CENTROID = "postcode_centroid"
    PROVINCE_CENTROID = "province_centroid"


class OldAddress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Names of Vietnam's three tiers before July 2025, as written; kept as they were given."""

    province: Text | None = None
    district: Text | None = None
    ward: Text | None = None


def subdivision_faults(country_code: str, subdivision: str | None) -> Iterator[FieldFault]:
    """A part named is one of the country's."""
    if subdivision is not None and not is_subdivision(country_code, subdivision):
        cause = f"{subdivision} is not part of {country_code}"
        cure = "give a code of ISO 3166-2 that begins with the country"
        yield FieldFault(pointer="/subdivision", code="unknown_subdivision", cause=cause, cure=cure)


class Address(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A postal address.

    In Vietnam ``province_code`` and ``ward_code`` are the official codes of July 2025; elsewhere ``subdivision`` is
    ISO 3166-2. ``legacy`` takes the names of an old Vietnamese address, from which the codes are found; it stays as it
    was given.
    """

    address_line1: Text
    country_code: CountryCode
    address_line2: Text | None = None
    locality: Text | None = None
    postal_code: PostalCode | None = None
    subdivision: Subdivision | None = None
    province_code: Code | None = None
    ward_code: Code | None = None
    legacy: OldAddress | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Codes are of the country, and of its form."""
        yield from subdivision_faults(self.country_code, self.subdivision)
        if self.country_code != "VN":
            if self.legacy is not None:
                cure = "leave it out; it is for Vietnamese addresses from before July 2025"
                yield FieldFault(pointer="/legacy", code="not_in_this_country", cause="not in Vietnam", cure=cure)
            return
        for name, form, digits in (("province_code", VN_PROVINCE, 2), ("ward_code", VN_WARD, 5)):
            value = getattr(self, name)
            if value is not None and not form.fullmatch(value):
                cause = f"{value!r} is no official code"
                cure = f"give the {digits} digits of the two-tier list of July 2025"
                yield FieldFault(pointer=f"/{name}", code="unknown_admin_unit", cause=cause, cure=cure)


def point_faults(lat: float | None, lon: float | None) -> Iterator[FieldFault]:
    """Coordinates come in pairs."""
    if (lat is None) != (lon is None):
        cure = "give both lat and lon, or neither"
        yield FieldFault(pointer="/lat", code="half_a_point", cause="only one coordinate", cure=cure)


class Located(Struct, frozen=True, kw_only=True):
    """Where an address is, with the codes that follow from it."""

    lat: float
    lon: float
    precision: Precision
    province_code: str | None
    ward_code: str | None
