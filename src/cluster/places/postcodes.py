"""Middles of postcodes, from the tables of GeoNames (https://download.geonames.org/export/zip/, CC BY 4.0)."""

import asyncio
import csv
import hashlib
import re
from collections import defaultdict
from pathlib import Path

from cluster.base.db import Connection
from cluster.places import geocoding_queries as queries
from cluster.places import units_queries

COLUMNS = 12
"""Country, postcode, place, three names and codes of divisions, latitude, longitude, accuracy."""
_CODE = re.compile(r"[A-Z]{2}")


class PostcodesFileError(ValueError):
    """A file that is no such table."""


def read_postcodes(text: str) -> dict[tuple[str, str], tuple[float, float]]:
    """
    The middle of each postcode: the mean of its places.

    Raises
    ------
    PostcodesFileError
        With the first line that does not fit.
    """
    places: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for number, row in enumerate(rows, start=1):
        try:
            country, code, lat, lon = row[0], row[1].strip().upper(), float(row[9]), float(row[10])
        except (IndexError, ValueError):
            raise PostcodesFileError(f"line {number} has no country, postcode, latitude and longitude") from None
        fits = _CODE.fullmatch(country) and 2 <= len(code) <= 12 and abs(lat) <= 90 and abs(lon) <= 180
        if len(row) != COLUMNS or not fits:
            raise PostcodesFileError(f"line {number} is not one of {COLUMNS} columns as GeoNames has them")
        places[country, code].append((lat, lon))
    if not places:
        raise PostcodesFileError("no line in it")
    return {
        key: (sum(lat for lat, _ in points) / len(points), sum(lon for _, lon in points) / len(points))
        for key, points in places.items()
    }


async def import_postcodes(db: Connection, path: Path) -> str:
    """
    Imports a table; importing again replaces.

    Raises
    ------
    PostcodesFileError
        When it is no such table.
    """
    raw = await asyncio.to_thread(path.read_bytes)
    try:
        found = await asyncio.to_thread(read_postcodes, raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise PostcodesFileError("not text in UTF-8") from None
    await queries.upsert_postcodes(
        db,
        [country for country, _ in found],
        [code for _, code in found],
        [lat for lat, _ in found.values()],
        [lon for _, lon in found.values()],
    )
    for country in sorted({country for country, _ in found}):
        count = sum(entry == country for entry, _ in found)
        await units_queries.note_import(db, f"postcodes_{country}", path.name, hashlib.sha256(raw).digest(), count)
    return f"{len(found)} postcodes"
