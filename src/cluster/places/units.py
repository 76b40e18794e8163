"""
Use cases of administrative units: import, lookup, and what became of an old address.

The gazetteer of a country is made once a process and again after an import.
"""

import asyncio
import hashlib
from pathlib import Path

from cluster.base.db import Connection
from cluster.base.errors import FieldFault
from cluster.places import units_queries as queries
from cluster.places.address import Address
from cluster.places.freetext import resolve_text
from cluster.places.gazetteer import Gazetteer
from cluster.places.units_files import Boundary, UnitsFileError, read_boundaries, read_units
from cluster.places.units_models import AdminUnits, Edition, Resolution, ResolveAddress
from cluster.places.vietnam import plain

COUNTRY = "VN"
"""The country whose units can be imported; others go by ISO 3166-2."""
_known: list[tuple[frozenset[queries.Import], Gazetteer]] = []
"""The gazetteer last made, with the imports it was made from."""


async def gazetteer(db: Connection) -> Gazetteer:
    """Vietnam's units, from memory unless something was imported since; empty where nothing ever was."""
    imports = frozenset(await queries.imports(db, ["units_two_tier_VN", "units_three_tier_VN", "boundaries_VN"]))
    if _known and _known[0][0] == imports:
        return _known[0][1]
    units = await queries.units(db, COUNTRY)
    boundaries = await queries.boundaries(db, COUNTRY)
    made = await asyncio.to_thread(Gazetteer, units, boundaries)
    _known[:] = [(imports, made)]
    return made


async def provinces(db: Connection) -> AdminUnits:
    """Today's provinces of Vietnam, by code."""
    known = await gazetteer(db)
    return AdminUnits(data=list(known.provinces.values()))


async def wards(db: Connection, province_code: str, words: str | None) -> AdminUnits:
    """Today's wards of a province, by code; those whose name holds ``words``, accents or none, where given."""
    known = await gazetteer(db)
    sought = plain(words or "")
    found = [ward for ward in known.wards.values() if ward.parent_code == province_code]
    return AdminUnits(data=[ward for ward in found if sought in plain(ward.full_name)])


async def resolve(db: Connection, body: ResolveAddress) -> Resolution:
    """Today's province and ward of an old or uncertain Vietnamese address, of a point, or of both."""
    known = await gazetteer(db)
    point = None if body.lat is None or body.lon is None else (body.lat, body.lon)
    if body.text is not None and (point is None or known.at(*point) is None):
        return resolve_text(body.text, known)
    return known.resolve(body.province, body.district, body.ward, point)


def code_faults(known: Gazetteer, address: Address) -> list[FieldFault]:
    """Codes that are not in force, or a ward of another province; none where the list was not imported."""
    if address.country_code != COUNTRY or not known.provinces:
        return []
    faults = []
    if address.province_code is not None and address.province_code not in known.provinces:
        cure = "give one of GET /v1/admin-units"
        cause = f"no province {address.province_code} since July 2025"
        faults.append(FieldFault(pointer="/province_code", code="unknown_admin_unit", cause=cause, cure=cure))
    if address.ward_code is not None:
        ward = known.wards.get(address.ward_code)
        if ward is None or address.province_code not in (None, ward.parent_code):
            where = "Vietnam" if address.province_code is None else f"province {address.province_code}"
            cure = "give one of GET /v1/admin-units?province_code=..., or the old names as legacy"
            cause = f"no ward {address.ward_code} in {where} since July 2025"
            faults.append(FieldFault(pointer="/ward_code", code="unknown_admin_unit", cause=cause, cure=cure))
    return faults


async def import_units(db: Connection, path: Path) -> str:
    """
    Imports a list of units or an archive of boundaries; importing again replaces.

    Returns
    -------
    str
        What was imported, for people.

    Raises
    ------
    UnitsFileError
        When the file is none of the known kinds, or boundaries come before the list of two tiers.
    """
    raw = await asyncio.to_thread(path.read_bytes)
    digest = hashlib.sha256(raw).digest()
    if raw.lstrip()[:1] == b"[":
        found = await asyncio.to_thread(read_units, raw)
        await queries.upsert_units(db, COUNTRY, found)
        edition = found[0].edition
        await queries.note_import(db, f"units_{edition}_{COUNTRY}", path.name, digest, len(found))
        return f"{len(found)} units of the list of {'two' if edition is Edition.TWO_TIER else 'three'} tiers"
    areas = await asyncio.to_thread(read_boundaries, path)
    stored = await _store_boundaries(db, areas)
    await queries.note_import(db, f"boundaries_{COUNTRY}", path.name, digest, stored)
    return f"{stored} boundaries of wards"


async def _store_boundaries(db: Connection, areas: list[Boundary]) -> int:
    stored = await queries.set_boundaries(
        db,
        COUNTRY,
        [entry.code for entry in areas],
        [entry.area for entry in areas],
        [entry.lat for entry in areas],
        [entry.lon for entry in areas],
    )
    if not stored:
        raise UnitsFileError("none of the boundaries is of a known ward: import the list of two tiers first")
    await queries.centre_provinces(db, COUNTRY)
    return len(stored)
