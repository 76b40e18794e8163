"""
From an address to a point: what the asker gave, what a geocoder finds, else the centre of what encloses it.

No transaction is open while a geocoder is asked: one before it for what is known, one after it to keep the answer.
"""

import asyncio
import hashlib
import time

import msgspec

from cluster.base import ids
from cluster.base.db import Database, Scope, system_scope
from cluster.base.errors import FieldFault, Invalid
from cluster.places import geocoding_queries as queries
from cluster.places import units
from cluster.places.address import Address, Located, Precision
from cluster.places.gazetteer import Gazetteer
from cluster.places.geocoding import Geocoder, Unanswered
from cluster.places.geocoding_models import FoundPoint, GeocodedAddress
from cluster.places.subdivisions import country_name, names_of
from cluster.places.units_models import Candidate

WAIT_MAX_S = 3.0
"""How long a request may wait for its turn and the answer together."""


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """An address with what is known of it before anybody is asked."""

    known: Gazetteer
    province_code: str | None
    ward_code: str | None
    candidates: list[Candidate]
    faults: list[FieldFault]
    query: str
    digest: bytes
    remembered: list[FoundPoint] | None


async def locate(
    database: Database,
    scope: Scope,
    geocoder: Geocoder,
    address: Address,
    point: tuple[float, float] | None,
    pointer: str = "",
) -> Located | list[FieldFault]:
    """
    Where an address is, and its codes; or, to be told together with other faults, why nobody knows.

    Opens transactions of its own: call it outside of any.
    """
    sought = await _prepare(database, scope, geocoder, address, point is None)
    if sought.faults:
        return _at(sought.faults, pointer)
    if point is not None:
        return _with_codes(sought, point, Precision.GIVEN)
    best = _best(sought, await _candidates(database, scope, geocoder, address, sought))
    if best is not None:
        return _with_codes(sought, (best.lat, best.lon), best.precision)
    fallback = await _fallback(database, scope, address, sought)
    if fallback is None:
        cure = "give lat and lon, or a ward_code or postal_code whose place is known"
        fault = FieldFault(pointer="/lat", code="place_unknown", cause="the address was not found", cure=cure)
        return _at([fault], pointer)
    return fallback


def found_or_refused(located: Located | list[FieldFault]) -> Located:
    """
    The place, where there is one.

    Raises
    ------
    Invalid
        With what ``locate`` had against the address.
    """
    if isinstance(located, list):
        raise Invalid(located)
    return located


async def geocode(database: Database, scope: Scope, geocoder: Geocoder, address: Address) -> GeocodedAddress:
    """Where an address is, with everything else that it may be."""
    sought = await _prepare(database, scope, geocoder, address, True)
    if sought.faults:
        raise Invalid(sought.faults)
    candidates = await _candidates(database, scope, geocoder, address, sought)
    best = _best(sought, candidates)
    place = None if best is None else _with_codes(sought, (best.lat, best.lon), best.precision)
    place = place or await _fallback(database, scope, address, sought)
    return GeocodedAddress(
        lat=None if place is None else place.lat,
        lon=None if place is None else place.lon,
        precision=None if place is None else place.precision,
        province_code=sought.province_code if place is None else place.province_code,
        ward_code=sought.ward_code if place is None else place.ward_code,
        candidates=candidates,
        ward_candidates=sought.candidates,
    )


async def _prepare(database: Database, scope: Scope, geocoder: Geocoder, address: Address, ask: bool) -> Sought:
    """One transaction: codes checked and found from old names, and what was answered before."""
    async with database.unit(scope) as db:
        known = await units.gazetteer(db)
        province_code, ward_code, candidates = _codes(known, address)
        query = _query(known, address, province_code, ward_code)
        digest = hashlib.sha256(query.encode()).digest()
        before = None
        if ask and geocoder.on:
            before = await queries.remembered(db, scope, digest, geocoder.provider or "")
        return Sought(
            known=known,
            province_code=province_code,
            ward_code=ward_code,
            candidates=candidates,
            faults=units.code_faults(known, address),
            query=query,
            digest=digest,
            remembered=None if before is None else msgspec.convert(before, list[FoundPoint]),
        )


def _codes(known: Gazetteer, address: Address) -> tuple[str | None, str | None, list[Candidate]]:
    """Today's codes: given, the province of a given ward, or what became of the old names."""
    ward = known.wards.get(address.ward_code or "")
    if ward is not None or address.legacy is None:
        return address.province_code or (ward.parent_code if ward else None), address.ward_code, []
    old = address.legacy
    found = known.resolve(old.province, old.district, old.ward)
    return address.province_code or found.province_code, address.ward_code or found.ward_code, found.candidates


def _query(known: Gazetteer, address: Address, province_code: str | None, ward_code: str | None) -> str:
    """The address on one line, as a geocoder reads it: from the house to the country."""
    ward, province = known.wards.get(ward_code or ""), known.provinces.get(province_code or "")
    old = address.legacy
    parts = [
        address.address_line1,
        ward.full_name if ward is not None else old.ward if old else None,
        old.district if old and ward is None else None,
        address.locality,
        province.name if province is not None else old.province if old else None,
        dict(names_of(address.country_code)).get(address.subdivision or ""),
        address.postal_code,
        country_name(address.country_code),
    ]
    return ", ".join(part for part in parts if part)


async def _candidates(
    database: Database, scope: Scope, geocoder: Geocoder, address: Address, sought: Sought
) -> list[FoundPoint]:
    """What the geocoder offers, from memory or asked now; nothing when there is no time or no answer."""
    if sought.remembered is not None:
        return sought.remembered
    if not geocoder.on:
        return []
    provider, begun = geocoder.provider or "", time.monotonic()
    async with database.unit(system_scope()) as db:
        wait_max_ms = round(max(0.0, WAIT_MAX_S - geocoder.timeout_s / 2) * 1000)
        wait_ms = await queries.take_turn(db, provider, geocoder.interval_ms, wait_max_ms)
    if wait_ms is None:
        return []
    await asyncio.sleep(wait_ms / 1000)
    left_s = WAIT_MAX_S - (time.monotonic() - begun)
    try:
        found = await asyncio.wait_for(geocoder.ask(sought.query, address.country_code), max(left_s, 0.05))
    except (Unanswered, TimeoutError):
        return []
    async with database.unit(scope) as db:
        await queries.forget_old(db, scope)
        await queries.remember(db, scope, ids.new(), sought.digest, provider, msgspec.to_builtins(found))
    return found


def _best(sought: Sought, candidates: list[FoundPoint]) -> FoundPoint | None:
    """The first candidate in or near the ward, where its boundary is known: others are other streets of that name."""
    ward_code = sought.ward_code
    if ward_code is None or not sought.known.has_boundary(ward_code):
        return candidates[0] if candidates else None
    return next((entry for entry in candidates if sought.known.is_near(ward_code, entry.lat, entry.lon)), None)


def _with_codes(sought: Sought, point: tuple[float, float], precision: Precision) -> Located:
    """A point with its ward, found by its boundary where neither the asker nor the old names told it."""
    inside = sought.known.at(*point) if sought.ward_code is None else None
    if inside is not None and sought.province_code in (None, inside.parent_code):
        return Located(
            lat=point[0], lon=point[1], precision=precision, province_code=inside.parent_code, ward_code=inside.code
        )
    return Located(
        lat=point[0],
        lon=point[1],
        precision=precision,
        province_code=sought.province_code,
        ward_code=sought.ward_code,
    )


async def _fallback(database: Database, scope: Scope, address: Address, sought: Sought) -> Located | None:
    """The centre of the ward, else of the postcode, else of the province."""
    ward = sought.known.wards.get(sought.ward_code or "")
    if ward is not None and ward.lat is not None and ward.lon is not None:
        return _with_codes(sought, (ward.lat, ward.lon), Precision.WARD_CENTROID)
    if address.postal_code is not None:
        async with database.unit(scope) as db:
            middle = await queries.postcode(db, address.country_code, address.postal_code.upper())
        if middle is not None:
            return _with_codes(sought, middle, Precision.POSTCODE_CENTROID)
    province = sought.known.provinces.get(sought.province_code or "")
    if province is not None and province.lat is not None and province.lon is not None:
        return Located(
            lat=province.lat,
            lon=province.lon,
            precision=Precision.PROVINCE_CENTROID,
            province_code=province.code,
            ward_code=sought.ward_code,
        )
    return None


def _at(faults: list[FieldFault], pointer: str) -> list[FieldFault]:
    return [msgspec.structs.replace(fault, pointer=pointer + fault.pointer) for fault in faults]
