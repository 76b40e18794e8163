"""Ends of a shipment: where, when, and whom to ask for."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from cluster.base.errors import FieldFault
from cluster.base.fields import Code, CountryCode, Latitude, Longitude, PublicId, ServiceSeconds, Text

WINDOWS_MAX = 10
SERVICE_S = 300
"""How long a service takes where nobody says."""
Instant = Annotated[datetime, Meta(tz=True)]
Note = Annotated[str, Meta(min_length=1, max_length=1000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]*$")]
"""Some lines for people to read."""
Phone = Annotated[str, Meta(max_length=32, pattern=r"^\+?[0-9(][0-9 ()./-]{2,30}$")]
Email = Annotated[
    str, Meta(max_length=254, pattern=r"^[^@\s\x00-\x1f\x7f\ud800-\udfff]+@[^@\s\x00-\x1f\x7f\ud800-\udfff]+$")
]
PostalCode = Annotated[str, Meta(min_length=2, max_length=12, pattern=r"^[A-Za-z0-9][A-Za-z0-9 -]*$")]


class TimeWindow(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a service may begin: from ``start`` to ``end``, both included."""

    start: Instant
    end: Instant


class Party(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    Where goods are picked up or delivered, and when.

    A site of yours (``site_id``), an address of your address book (``address_id``), or a name, an address and
    coordinates. The service begins between ``window_start`` and ``window_end``, or in one of ``windows``; at any time
    of the service day if all are left out. It takes ``service_s``; left out, what the address says, or 300.
    ``instructions`` are for the driver. Contact data are shown to you alone, and to the coordinator once the shipment
    is on a route.
    """

    site_id: PublicId | None = None
    address_id: PublicId | None = None
    name: Text | None = None
    address_line1: Text | None = None
    address_line2: Text | None = None
    locality: Text | None = None
    province_code: Code | None = None
    ward_code: Code | None = None
    postal_code: PostalCode | None = None
    country_code: CountryCode | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None
    window_start: Instant | None = None
    window_end: Instant | None = None
    windows: Annotated[list[TimeWindow], Meta(max_length=WINDOWS_MAX)] = []
    service_s: ServiceSeconds | None = None
    instructions: Note | None = None
    contact_name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None

    def faults(self) -> Iterator[FieldFault]:
        """A place is named one way, windows have two ends in order."""
        yield from self._place_faults()
        yield from self._window_faults()
        for pointer, moment in self._moments():
            if not 2000 <= moment.year <= 2100:
                cure = "a year from 2000 to 2100"
                yield FieldFault(pointer=pointer, code="out_of_range", cause=f"in the year {moment.year}", cure=cure)

    def _moments(self) -> Iterator[tuple[str, datetime]]:
        """Every moment that is named, and where."""
        given = [("/window_start", self.window_start), ("/window_end", self.window_end)]
        for index, window in enumerate(self.windows):
            given += [(f"/windows/{index}/start", window.start), (f"/windows/{index}/end", window.end)]
        yield from ((pointer, moment) for pointer, moment in given if moment is not None)

    def _place_faults(self) -> Iterator[FieldFault]:
        named = [name for name in ("site_id", "address_id") if getattr(self, name) is not None]
        inline = [name for name in INLINE if getattr(self, name) is not None]
        if named and (len(named) > 1 or inline):
            cure = "give site_id alone, address_id alone, or name, address_line1, lat and lon"
            cause = f"{named[0]} and {(named[1:] + inline)[0]}"
            yield FieldFault(pointer=f"/{named[0]}", code="two_places", cause=cause, cure=cure)
        if not named:
            for name in NEEDED:
                if getattr(self, name) is None:
                    cure = "give it, or a site_id or address_id"
                    yield FieldFault(pointer=f"/{name}", code="missing", cause="missing", cure=cure)

    def _window_faults(self) -> Iterator[FieldFault]:
        if (self.window_start is None) != (self.window_end is None):
            cure = "give both window_start and window_end, or neither"
            yield FieldFault(pointer="/window_start", code="half_a_window", cause="only one end given", cure=cure)
        elif self.window_start is not None and self.window_end is not None and self.window_start >= self.window_end:
            cure = "let window_end be later than window_start"
            yield FieldFault(pointer="/window_end", code="window_reversed", cause="closes before it opens", cure=cure)
        if self.windows and (self.window_start is not None or self.window_end is not None):
            cure = "give window_start and window_end, or windows"
            yield FieldFault(pointer="/windows", code="two_kinds_of_window", cause="both given", cure=cure)
        for index, window in enumerate(self.windows):
            if window.start >= window.end:
                cause, cure = "closes before it opens", "let end be later than start"
                yield FieldFault(pointer=f"/windows/{index}/end", code="window_reversed", cause=cause, cure=cure)

    def asked(self) -> list[TimeWindow]:
        """All windows, in order of their beginning."""
        if self.window_start is not None and self.window_end is not None:
            return [TimeWindow(start=self.window_start, end=self.window_end)]
        return sorted(self.windows, key=lambda window: (window.start, window.end))


NEEDED = ("name", "address_line1", "lat", "lon")
INLINE = (*NEEDED, "address_line2", "locality", "province_code", "ward_code", "postal_code", "country_code")
"""What says where an end is, if no site and no address does."""


class ShipmentStop(Struct, frozen=True, kw_only=True):
    """
    A shipment's pickup or delivery as stored.

    ``windows`` are all; ``window_start`` and ``window_end`` the first beginning and the last end of them.
    """

    site_id: str | None
    address_id: str | None = None
    name: str
    address_line1: str
    address_line2: str | None = None
    locality: str | None = None
    province_code: str | None = None
    ward_code: str | None = None
    postal_code: str | None = None
    country_code: str | None = None
    lat: float
    lon: float
    window_start: datetime | None
    window_end: datetime | None
    windows: list[TimeWindow] = []
    service_s: int
    instructions: str | None = None
    contact_name: str | None = None
    phone: str | None = None
    email: str | None = None
