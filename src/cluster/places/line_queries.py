"""SQL of lines along roads."""

from collections.abc import Mapping
from typing import Any

from cluster.base.db import Connection, Scope
from cluster.places.roads_models import Pair


async def want(db: Connection, scope: Scope, pairs: list[Pair]) -> int:
    """
    Notes that these lines are looked at; how many were not in the last day.

    In order, so that two who look at the same routes do not wait for each other in a circle.
    """
    ordered = sorted(pairs)
    status: str = await db.execute(
        """
        INSERT INTO travel_lines AS known (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
        SELECT $1, pair.* FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[]) AS pair
        ON CONFLICT (cluster_id, profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
        DO UPDATE SET wanted_at = now() WHERE known.wanted_at < now() - interval '1 day'
        """,
        scope.cluster,
        *_columns(ordered),
    )
    return int(status.rsplit(maxsplit=1)[-1])


async def computed(db: Connection, scope: Scope, pairs: list[Pair]) -> dict[Pair, str | None]:
    """Those of the lines that were computed, on whatever network; None where no road leads."""
    rows = await db.fetch(
        """
        SELECT profile, known.from_lat_e6, known.from_lon_e6, known.to_lat_e6, known.to_lon_e6, line
          FROM unnest($2::text[], $3::int[], $4::int[], $5::int[], $6::int[])
               AS pair (profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
          JOIN travel_lines AS known USING (profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6)
         WHERE cluster_id = $1 AND network IS NOT NULL
        """,
        scope.cluster,
        *_columns(pairs),
    )
    return {_pair(row): row["line"] for row in rows}


async def profiles(db: Connection, scope: Scope) -> set[str]:
    """Travel profiles that lines were wanted for in the last week."""
    rows = await db.fetch(
        """
        SELECT DISTINCT profile FROM travel_lines
         WHERE cluster_id = $1 AND wanted_at > now() - interval '7 days'
        """,
        scope.cluster,
    )
    return {row["profile"] for row in rows}


async def lacking(db: Connection, scope: Scope, profile: str, network: str, limit: int) -> list[Pair]:
    """Lines wanted in the last week that were not computed on this network; those never computed first."""
    rows = await db.fetch(
        """
        SELECT profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6 FROM travel_lines
         WHERE cluster_id = $1 AND profile = $2 AND network IS DISTINCT FROM $3
           AND wanted_at > now() - interval '7 days'
         ORDER BY network IS NOT NULL, wanted_at DESC, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6 LIMIT $4
        """,
        scope.cluster,
        profile,
        network,
        limit,
    )
    return [_pair(row) for row in rows]


async def store(db: Connection, scope: Scope, network: str, found: dict[Pair, str | None]) -> None:
    """Stores lines as they are on a network."""
    await db.execute(
        """
        UPDATE travel_lines AS known SET line = found.line, network = $2, computed_at = now()
          FROM unnest($3::text[], $4::int[], $5::int[], $6::int[], $7::int[], $8::text[])
               AS found (profile, from_lat_e6, from_lon_e6, to_lat_e6, to_lon_e6, line)
         WHERE cluster_id = $1 AND known.profile = found.profile
           AND known.from_lat_e6 = found.from_lat_e6 AND known.from_lon_e6 = found.from_lon_e6
           AND known.to_lat_e6 = found.to_lat_e6 AND known.to_lon_e6 = found.to_lon_e6
        """,
        scope.cluster,
        network,
        *_columns([*found]),
        [*found.values()],
    )


def _columns(pairs: list[Pair]) -> tuple[list[str], list[int], list[int], list[int], list[int]]:
    return (
        [pair.profile for pair in pairs],
        [pair.start[0] for pair in pairs],
        [pair.start[1] for pair in pairs],
        [pair.end[0] for pair in pairs],
        [pair.end[1] for pair in pairs],
    )


def _pair(row: Mapping[str, Any]) -> Pair:
    start, end = (row["from_lat_e6"], row["from_lon_e6"]), (row["to_lat_e6"], row["to_lon_e6"])
    return Pair(row["profile"], start, end)
