"""SQL of administrative units, and of when reference data were imported."""

from datetime import datetime
from typing import NamedTuple

from cluster.base.db import Connection
from cluster.places.units_models import AdminUnit, Edition, UnitKind


async def upsert_units(db: Connection, country_code: str, units: list[AdminUnit]) -> None:
    """Stores units of one edition; those of it that are not among them are withdrawn."""
    # any-cluster: reference data belong to no cluster
    await db.execute(
        """
        INSERT INTO admin_units (country_code, edition, kind, code, parent_code, name, name_en, full_name, full_name_en)
        SELECT $1, unit.*
          FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
               AS unit
        ON CONFLICT (country_code, edition, kind, code) DO UPDATE
        SET parent_code = excluded.parent_code, name = excluded.name, name_en = excluded.name_en,
            full_name = excluded.full_name, full_name_en = excluded.full_name_en, withdrawn = false
        """,
        country_code,
        [unit.edition for unit in units],
        [unit.kind for unit in units],
        [unit.code for unit in units],
        [unit.parent_code for unit in units],
        [unit.name for unit in units],
        [unit.name_en for unit in units],
        [unit.full_name for unit in units],
        [unit.full_name_en for unit in units],
    )
    # any-cluster: reference data belong to no cluster
    await db.execute(
        """
        UPDATE admin_units SET withdrawn = true
         WHERE country_code = $1 AND edition = $2 AND (kind, code) NOT IN (SELECT * FROM unnest($3::text[], $4::text[]))
        """,
        country_code,
        units[0].edition,
        [unit.kind for unit in units],
        [unit.code for unit in units],
    )


async def set_boundaries(
    db: Connection, country_code: str, codes: list[str], areas: list[bytes], lats: list[float], lons: list[float]
) -> list[str]:
    """Gives today's wards their boundaries and inner points; the codes among them that are wards."""
    # any-cluster: reference data belong to no cluster
    rows = await db.fetch(
        """
        UPDATE admin_units AS unit SET boundary = given.area, lat = given.lat, lon = given.lon
          FROM unnest($2::text[], $3::bytea[], $4::float8[], $5::float8[]) AS given (code, area, lat, lon)
         WHERE unit.country_code = $1 AND unit.edition = 'two_tier' AND unit.kind = 'ward' AND unit.code = given.code
        RETURNING unit.code
        """,
        country_code,
        codes,
        areas,
        lats,
        lons,
    )
    return [row["code"] for row in rows]


async def centre_provinces(db: Connection, country_code: str) -> None:
    """Gives provinces the middle of their wards' inner points."""
    # any-cluster: reference data belong to no cluster
    await db.execute(
        """
        UPDATE admin_units AS province SET lat = middle.lat, lon = middle.lon
          FROM (SELECT parent_code, avg(lat) AS lat, avg(lon) AS lon FROM admin_units
                 WHERE country_code = $1 AND edition = 'two_tier' AND kind = 'ward' AND lat IS NOT NULL
                 GROUP BY parent_code) AS middle
         WHERE province.country_code = $1 AND province.edition = 'two_tier' AND province.kind = 'province'
           AND province.code = middle.parent_code
        """,
        country_code,
    )


async def units(db: Connection, country_code: str) -> list[AdminUnit]:
    """All units in force of a country, of both editions."""
    # any-cluster: reference data belong to no cluster
    rows = await db.fetch(
        """
        SELECT edition, kind, code, parent_code, name, name_en, full_name, full_name_en, lat, lon FROM admin_units
         WHERE country_code = $1 AND NOT withdrawn ORDER BY edition, kind, code
        """,
        country_code,
    )
    return [
        AdminUnit(
            edition=Edition(row["edition"]),
            kind=UnitKind(row["kind"]),
            **{name: value for name, value in row.items() if name not in {"edition", "kind"}},
        )
        for row in rows
    ]


async def boundaries(db: Connection, country_code: str) -> list[tuple[str, bytes]]:
    """Codes and areas (WKB) of today's wards, as far as they are known."""
    # any-cluster: reference data belong to no cluster
    rows = await db.fetch(
        """
        SELECT code, boundary FROM admin_units
         WHERE country_code = $1 AND edition = 'two_tier' AND kind = 'ward' AND boundary IS NOT NULL AND NOT withdrawn
         ORDER BY code
        """,
        country_code,
    )
    return [(row["code"], row["boundary"]) for row in rows]


async def note_import(db: Connection, part: str, source: str, digest: bytes, entries: int) -> None:
    """Notes that a part of the reference data was imported; its revision goes up."""
    # any-cluster: reference data belong to no cluster
    await db.execute(
        """
        INSERT INTO reference_imports (part, source, digest, entries) VALUES ($1, $2, $3, $4)
        ON CONFLICT (part) DO UPDATE SET revision = reference_imports.revision + 1, source = excluded.source,
            digest = excluded.digest, entries = excluded.entries, imported_at = now()
        """,
        part,
        source,
        digest,
        entries,
    )


class Import(NamedTuple):
    """One import of a part of the reference data."""

    part: str
    revision: int
    digest: bytes
    imported_at: datetime


async def imports(db: Connection, parts: list[str]) -> list[Import]:
    """The last import of each of these parts."""
    # any-cluster: reference data belong to no cluster
    rows = await db.fetch(
        "SELECT part, revision, digest, imported_at FROM reference_imports WHERE part = ANY($1::text[])", parts
    )
    return [Import(*row.values()) for row in rows]
