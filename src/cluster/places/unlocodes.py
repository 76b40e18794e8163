"""Use cases of UN/LOCODE: import, lookup, and whether a code exists."""

import asyncio
import hashlib
from pathlib import Path

from cluster.base.db import Connection
from cluster.base.errors import FieldFault
from cluster.places import units_queries
from cluster.places import unlocodes_queries as queries
from cluster.places.unlocodes_files import read_unlocodes
from cluster.places.unlocodes_models import UnLocodes


async def look_up(
    db: Connection, code: str | None, country_code: str | None, words: str | None, limit: int
) -> UnLocodes:
    """One code, or those of a country whose name begins with some words; empty for what is unknown."""
    wanted = None if code is None else code.replace(" ", "").upper()
    begin = None if words is None else words.strip().lower()
    return UnLocodes(data=await queries.look_up(db, wanted, country_code, begin, limit))


async def faults_of(db: Connection, code: str | None) -> list[FieldFault]:
    """A code that is not in force, as far as its country's list was imported."""
    if code is None or await queries.known(db, code) is not False:
        return []
    cure = "look it up at GET /v1/un-locodes"
    cause = f"no place has the code {code}"
    return [FieldFault(pointer="/un_locode", code="unknown_un_locode", cause=cause, cure=cure)]


async def import_unlocodes(db: Connection, path: Path) -> str:
    """
    Imports a file of UN/LOCODE; importing again replaces the countries in it.

    Raises
    ------
    UnLocodeFileError
        When it is no such file.
    """
    raw = await asyncio.to_thread(path.read_bytes)
    found = await asyncio.to_thread(read_unlocodes, raw)
    countries = sorted({entry.code[:2] for entry in found})
    await queries.upsert(db, countries, found)
    digest = hashlib.sha256(raw).digest()
    for country in countries:
        count = sum(entry.code[:2] == country for entry in found)
        await units_queries.note_import(db, f"un_locodes_{country}", path.name, digest, count)
    return f"{len(found)} codes of {', '.join(countries)}"
