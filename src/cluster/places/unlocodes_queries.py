"""SQL of UN/LOCODE."""

from cluster.base.db import Connection
from cluster.places.unlocodes_models import UnLocode


async def upsert(db: Connection, countries: list[str], entries: list[UnLocode]) -> None:
    """Stores codes; those of the same countries that are not among them are withdrawn."""
    # any-cluster: reference data belong to no cluster
    await db.execute(
        """
        INSERT INTO un_locodes (code, name, name_ascii, subdivision, functions, status, lat, lon)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[],
                             $8::float8[])
        ON CONFLICT (code) DO UPDATE
        SET name = excluded.name, name_ascii = excluded.name_ascii, subdivision = excluded.subdivision,
            functions = excluded.functions, status = excluded.status, lat = excluded.lat, lon = excluded.lon,
            withdrawn = false
        """,
        [entry.code for entry in entries],
        [entry.name for entry in entries],
        [entry.name_ascii for entry in entries],
        [entry.subdivision for entry in entries],
        [entry.functions for entry in entries],
        [entry.status for entry in entries],
        [entry.lat for entry in entries],
        [entry.lon for entry in entries],
    )
    # any-cluster: reference data belong to no cluster
    await db.execute(
        "UPDATE un_locodes SET withdrawn = true WHERE left(code, 2) = ANY($1::text[]) AND code <> ALL($2::text[])",
        countries,
        [entry.code for entry in entries],
    )


async def look_up(
    db: Connection, code: str | None, country_code: str | None, words: str | None, limit: int
) -> list[UnLocode]:
    """Codes in force: one, or those of a country whose name begins with some words."""
    # any-cluster: reference data belong to no cluster
    rows = await db.fetch(
        """
        SELECT code, name, name_ascii, subdivision, functions, status, lat, lon FROM un_locodes
         WHERE NOT withdrawn AND ($1::text IS NULL OR code = $1) AND ($2::text IS NULL OR left(code, 2) = $2)
           AND ($3::text IS NULL OR starts_with(lower(name_ascii), $3) OR starts_with(lower(name), $3))
         ORDER BY code LIMIT $4
        """,
        code,
        country_code,
        words,
        limit,
    )
    return [UnLocode(**dict(row)) for row in rows]


async def known(db: Connection, code: str) -> bool | None:
    """Whether a code is in force; None where nothing of its country was imported."""
    # any-cluster: reference data belong to no cluster
    found: bool | None = await db.fetchval(
        """
        SELECT CASE WHEN EXISTS (SELECT FROM reference_imports WHERE part = 'un_locodes_' || left($1, 2))
                    THEN EXISTS (SELECT FROM un_locodes WHERE code = $1 AND NOT withdrawn) END
        """,
        code,
    )
    return found
