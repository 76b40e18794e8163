"""SQL of travel legs."""

from cluster.base.db import Connection, Scope
from cluster.places.models import Leg


async def upsert_legs(db: Connection, scope: Scope, legs: list[Leg]) -> None:
    """Stores legs, replacing what was known of the same pairs."""
    await db.execute(
        """
        INSERT INTO travel_legs (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6, distance_m,
                                 duration_s)
        SELECT $1, leg.*
          FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[]) AS leg
        ON CONFLICT (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
        DO UPDATE SET distance_m = excluded.distance_m, duration_s = excluded.duration_s
        """,
        scope.cluster,
        [leg.profile for leg in legs],
        [leg.start[0] for leg in legs],
        [leg.start[1] for leg in legs],
        [leg.end[0] for leg in legs],
        [leg.end[1] for leg in legs],
        [leg.distance_m for leg in legs],
        [leg.duration_s for leg in legs],
    )


async def count_legs(db: Connection, scope: Scope, profile: str) -> int:
    """How many legs of a profile are known."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM travel_legs WHERE cluster_id = $1 AND profile = $2", scope.cluster, profile
    )
    return count


async def legs_among(db: Connection, scope: Scope, points: list[tuple[int, int]]) -> list[Leg]:
    """All known legs, of any profile, between these points (millionths of a degree)."""
    rows = await db.fetch(
        """
        WITH point AS (SELECT lat, lon FROM unnest($2::int[], $3::int[]) AS given (lat, lon))
        SELECT profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6, distance_m, duration_s
          FROM travel_legs
         WHERE cluster_id = $1
           AND (from_lat_e6, from_lon_e6) IN (SELECT lat, lon FROM point)
           AND (to_lat_e6, to_lon_e6) IN (SELECT lat, lon FROM point)
        """,
        scope.cluster,
        [point[0] for point in points],
        [point[1] for point in points],
    )
    return [
        Leg(
            row["profile"],
            (row["from_lat_e6"], row["from_lon_e6"]),
            (row["to_lat_e6"], row["to_lon_e6"]),
            row["distance_m"],
            row["duration_s"],
        )
        for row in rows
    ]
