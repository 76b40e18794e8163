"""Words of the address book."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from cluster.base.errors import FieldFault
from cluster.base.fields import ClockTime, Code, CountryCode, Latitude, Longitude, ServiceSeconds, Text
from cluster.places.address import Address, Note, PostalCode, Precision, Subdivision, point_faults
from cluster.places.opening import OpeningHours, default_hours_faults, holiday_faults

SERVICE_S = 300
Phone = Annotated[str, Meta(pattern=r"^\+?[0-9][0-9 ()./-]{3,28}[0-9]$")]
Email = Annotated[str, Meta(max_length=254, pattern=r"^[!-?A-~]+@[A-Za-z0-9.-]+$")]
"""In ASCII, the domain in its own form (``xn--...``) where it has other letters."""


class AddAddress(Address, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    A consignee to be added to your address book.

    Without ``lat`` and ``lon`` the address is looked up, and ``location_precision`` of the answer says how well it was
    found. ``opens_at`` and ``closes_at`` hold for every day that ``hours`` says nothing about.
    """

    name: Text
    code: Code | None = None
    company: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    opens_at: ClockTime | None = None
    closes_at: ClockTime | None = None
    hours: OpeningHours | None = None
    service_s: ServiceSeconds = SERVICE_S
    instructions: Note | None = None
    access_notes: Note | None = None

    def faults(self) -> Iterator[FieldFault]:
        """Pairs are whole, codes exist."""
        yield from super().faults()
        yield from point_faults(self.lat, self.lon)
        yield from default_hours_faults(self.opens_at, self.closes_at)
        yield from holiday_faults(self.country_code, self.hours)


class EditAddress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Changes of a consignee: fields left out stay, ``null`` empties.

    A changed address without ``lat`` and ``lon`` is looked up again.
    """

    name: Text | UnsetType = UNSET
    code: Code | UnsetType | None = UNSET
    company: Text | UnsetType | None = UNSET
    phone: Phone | UnsetType | None = UNSET
    email: Email | UnsetType | None = UNSET
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
    service_s: ServiceSeconds | UnsetType = UNSET
    instructions: Note | UnsetType | None = UNSET
    access_notes: Note | UnsetType | None = UNSET


class SavedAddress(Address, frozen=True, kw_only=True):
    """A consignee in your address book. Deleting it erases it; what was booked keeps its own copy."""

    id: str
    name: str
    code: str | None
    company: str | None
    phone: str | None
    email: str | None
    lat: float
    lon: float
    location_precision: Precision
    opens_at: str | None
    closes_at: str | None
    hours: OpeningHours | None
    service_s: int
    instructions: str | None
    access_notes: str | None
    version: int
    created_at: datetime
    updated_at: datetime


class AddressRef(Struct, frozen=True, kw_only=True):
    """A consignee as other capabilities need it."""

    address_id: UUID
    member_id: UUID
    name: str
    company: str | None
    phone: str | None
    address_line1: str
    address_line2: str | None
    locality: str | None
    postal_code: str | None
    subdivision: str | None
    country_code: str
    province_code: str | None
    ward_code: str | None
    lat: float
    lon: float
    location_precision: Precision
    opens_at: str | None
    closes_at: str | None
    hours: OpeningHours | None
    service_s: int
    instructions: str | None
    access_notes: str | None
