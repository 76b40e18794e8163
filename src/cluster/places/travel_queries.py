"""SQL of travel legs."""

import numpy as np
from numpy.typing import NDArray

from cluster.base.db import Connection, Scope
from cluster.places.models import Leg
from cluster.places.roads_models import PointE6


async def upsert_given(db: Connection, scope: Scope, legs: list[Leg]) -> None:
    """Stores legs that the coordinator gave, replacing what was known of the same pairs."""
    await db.execute(
        """
        INSERT INTO travel_legs (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6, distance_m,
                                 duration_s)
        SELECT $1, leg.*
          FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[], $8::int[]) AS leg
        ON CONFLICT (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
        DO UPDATE SET distance_m = excluded.distance_m, duration_s = excluded.duration_s, source = 'given',
                      network = NULL, computed_at = now()
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


async def upsert_computed(
    db: Connection,
    scope: Scope,
    profile: str,
    origin: tuple[str, str],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    values: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    """
    Stores legs that a road engine computed; what the coordinator gave stays.

    ``origin`` is the engine's name and its network; ``ends`` are the legs' ends, shape ``(legs, 2)`` each, ``values``
    their metres and seconds.
    """
    await db.execute(
        """
        INSERT INTO travel_legs AS known (cluster_id, profile, source, network, from_lat_e6, from_lon_e6, to_lat_e6,
                                          to_lon_e6, distance_m, duration_s)
        SELECT $1, $2, $3, $4, leg.*
          FROM unnest($5::int[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[]) AS leg
        ON CONFLICT (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
        DO UPDATE SET distance_m = excluded.distance_m, duration_s = excluded.duration_s, source = excluded.source,
                      network = excluded.network, computed_at = now()
                WHERE known.source <> 'given'
        """,
        scope.cluster,
        profile,
        *origin,
        ends[0][:, 0].tolist(),
        ends[0][:, 1].tolist(),
        ends[1][:, 0].tolist(),
        ends[1][:, 1].tolist(),
        values[0].tolist(),
        values[1].tolist(),
    )


async def known(
    db: Connection, scope: Scope, profile: str, network: str, sources: list[PointE6], targets: list[PointE6]
) -> NDArray[np.bool_]:
    """Which legs from sources (rows) to targets (columns) were given, or computed on this network."""
    rows = await db.fetch(
        """
        SELECT source.number AS number, array_agg(target.number) AS targets
          FROM unnest($4::int[], $5::int[]) WITH ORDINALITY AS source (lat, lon, number)
          JOIN travel_legs ON from_lat_e6 = source.lat AND from_lon_e6 = source.lon
          JOIN unnest($6::int[], $7::int[]) WITH ORDINALITY AS target (lat, lon, number)
            ON to_lat_e6 = target.lat AND to_lon_e6 = target.lon
         WHERE cluster_id = $1 AND profile = $2 AND (network IS NULL OR network = $3)
         GROUP BY source.number
        """,
        scope.cluster,
        profile,
        network,
        [point[0] for point in sources],
        [point[1] for point in sources],
        [point[0] for point in targets],
        [point[1] for point in targets],
    )
    found = np.zeros((len(sources), len(targets)), dtype=bool)
    for row in rows:
        found[row["number"] - 1, np.array(row["targets"]) - 1] = True
    return found


async def count_legs(db: Connection, scope: Scope, profile: str) -> int:
    """How many legs of a profile are known."""
    count: int = await db.fetchval(
        "SELECT count(*) FROM travel_legs WHERE cluster_id = $1 AND profile = $2", scope.cluster, profile
    )
    return count


async def connected(
    db: Connection, scope: Scope, profile: str, points: list[PointE6], hubs: list[PointE6]
) -> set[PointE6]:
    """Those of the points that some hub is reached from, and that can be reached from some hub."""
    rows = await db.fetch(
        """
        WITH point AS (SELECT DISTINCT lat, lon FROM unnest($3::int[], $4::int[]) AS given (lat, lon)),
             hub AS (SELECT DISTINCT lat, lon FROM unnest($5::int[], $6::int[]) AS given (lat, lon))
        SELECT lat, lon FROM point
         WHERE EXISTS (SELECT FROM travel_legs JOIN hub ON from_lat_e6 = hub.lat AND from_lon_e6 = hub.lon
                        WHERE cluster_id = $1 AND profile = $2 AND distance_m >= 0 AND duration_s >= 0
                          AND to_lat_e6 = point.lat AND to_lon_e6 = point.lon)
           AND EXISTS (SELECT FROM travel_legs JOIN hub ON to_lat_e6 = hub.lat AND to_lon_e6 = hub.lon
                        WHERE cluster_id = $1 AND profile = $2 AND distance_m >= 0 AND duration_s >= 0
                          AND from_lat_e6 = point.lat AND from_lon_e6 = point.lon)
        """,
        scope.cluster,
        profile,
        [point[0] for point in points],
        [point[1] for point in points],
        [hub[0] for hub in hubs],
        [hub[1] for hub in hubs],
    )
    return {(row["lat"], row["lon"]) for row in rows}


async def legs_among(db: Connection, scope: Scope, points: list[PointE6]) -> list[Leg]:
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
