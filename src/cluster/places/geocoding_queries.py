"""SQL of geocoding: what was answered before, and whose turn it is to ask."""

from typing import Any
from uuid import UUID

from cluster.base.db import Connection, Scope


async def remembered(db: Connection, scope: Scope, digest: bytes, provider: str) -> list[Any] | None:
    """
    What this service answered this asker (a member, or the coordinator) before; None if that is too long ago.

    A place that was found is remembered for 180 days, one that was not for a week.
    """
    found: list[Any] | None = await db.fetchval(
        """
        SELECT candidates FROM geocodes
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND query_digest = $3 AND provider = $4
           AND fetched_at > now() - CASE WHEN candidates = '[]' THEN interval '7 days' ELSE interval '180 days' END
        """,
        scope.cluster,
        scope.member_id,
        digest,
        provider,
    )
    return found


async def remember(
    db: Connection, scope: Scope, geocode_id: UUID, digest: bytes, provider: str, candidates: list[Any]
) -> None:
    """Keeps an answer for this asker."""
    await db.execute(
        """
        INSERT INTO geocodes (cluster_id, geocode_id, member_id, query_digest, provider, candidates)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (cluster_id, member_id, query_digest)
        DO UPDATE SET provider = excluded.provider, candidates = excluded.candidates, fetched_at = now()
        """,
        scope.cluster,
        geocode_id,
        scope.member_id,
        digest,
        provider,
        candidates,
    )


async def forget_old(db: Connection, scope: Scope) -> None:
    """Deletes this asker's answers that are too old to be used."""
    await db.execute(
        """
        DELETE FROM geocodes
         WHERE cluster_id = $1 AND member_id IS NOT DISTINCT FROM $2 AND fetched_at < now() - interval '180 days'
        """,
        scope.cluster,
        scope.member_id,
    )


async def forget_all(db: Connection, scope: Scope, member_id: UUID) -> None:
    """Deletes all answers kept for a member."""
    await db.execute("DELETE FROM geocodes WHERE cluster_id = $1 AND member_id = $2", scope.cluster, member_id)


async def take_turn(db: Connection, provider: str, interval_ms: int, wait_max_ms: int) -> int | None:
    """
    The next turn to ask a service, for all processes together.

    Returns
    -------
    int or None
        Milliseconds to wait before asking; None, and no turn taken, when that would be longer than allowed.
    """
    # any-cluster: a service is one for the whole platform
    turn: int | None = await db.fetchval(
        """
        INSERT INTO geocoder_turns AS turns (provider, next_at)
        VALUES ($1, clock_timestamp() + $2 * interval '1 ms')
        ON CONFLICT (provider) DO UPDATE
        SET next_at = greatest(turns.next_at, clock_timestamp()) + $2 * interval '1 ms'
        WHERE turns.next_at <= clock_timestamp() + $3 * interval '1 ms'
        RETURNING ceil(greatest(0, extract(epoch FROM next_at - clock_timestamp()) * 1000 - $2))::int
        """,
        provider,
        interval_ms,
        wait_max_ms,
    )
    return turn


async def upsert_postcodes(
    db: Connection, country_codes: list[str], postal_codes: list[str], lats: list[float], lons: list[float]
) -> None:
    """Stores the middle of each postcode."""
    # any-cluster: reference data belong to no cluster
    await db.execute(
        """
        INSERT INTO postcodes (country_code, postal_code, lat, lon)
        SELECT * FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[])
        ON CONFLICT (country_code, postal_code) DO UPDATE SET lat = excluded.lat, lon = excluded.lon
        """,
        country_codes,
        postal_codes,
        lats,
        lons,
    )


async def postcode(db: Connection, country_code: str, postal_code: str) -> tuple[float, float] | None:
    """The middle of a postcode; None where it is not known."""
    # any-cluster: reference data belong to no cluster
    row = await db.fetchrow(
        "SELECT lat, lon FROM postcodes WHERE country_code = $1 AND postal_code = $2", country_code, postal_code
    )
    return None if row is None else (row["lat"], row["lon"])
