"""SQL of travel profiles and of points on the road network."""

from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.places.models import Point
from cluster.places.roads_models import (
    Checked,
    Mode,
    Owned,
    PointE6,
    ProfileAccess,
    PutTravelProfile,
    Snapped,
    TravelProfile,
    verdict_of,
)


async def upsert_profile(db: Connection, scope: Scope, body: PutTravelProfile) -> None:
    """Sets a profile, whatever it was before."""
    await db.execute(
        """
        INSERT INTO travel_profiles (cluster_id, profile, mode, gross_weight_g, axle_load_g, height_mm, width_mm,
                                     length_mm, speed_max_kmh)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (cluster_id, profile)
        DO UPDATE SET mode = excluded.mode, gross_weight_g = excluded.gross_weight_g,
                      axle_load_g = excluded.axle_load_g, height_mm = excluded.height_mm,
                      width_mm = excluded.width_mm, length_mm = excluded.length_mm,
                      speed_max_kmh = excluded.speed_max_kmh, set_at = now()
        """,
        scope.cluster,
        body.profile,
        body.mode,
        body.gross_weight_g,
        body.axle_load_g,
        body.height_mm,
        body.width_mm,
        body.length_mm,
        body.speed_max_kmh,
    )


async def profiles(db: Connection, scope: Scope) -> list[TravelProfile]:
    """Profiles that the coordinator has set, by name."""
    rows = await db.fetch(
        """
        SELECT profile, mode, gross_weight_g, axle_load_g, height_mm, width_mm, length_mm, speed_max_kmh, set_at
          FROM travel_profiles WHERE cluster_id = $1 ORDER BY profile
        """,
        scope.cluster,
    )
    return [TravelProfile(mode=Mode(row["mode"]), **{k: v for k, v in row.items() if k != "mode"}) for row in rows]


async def snapped(db: Connection, scope: Scope, profile: str, network: str, owned: list[Owned]) -> dict[Owned, Snapped]:
    """Those of the points that were snapped for this profile on this network, for their owners."""
    rows = await db.fetch(
        """
        SELECT point.member_id, point.lat_e6, point.lon_e6, road_lat_e6, road_lon_e6, distance_m
          FROM unnest($4::uuid[], $5::int[], $6::int[]) AS point (member_id, lat_e6, lon_e6)
          JOIN snapped_points AS known
            ON known.member_id IS NOT DISTINCT FROM point.member_id
           AND known.lat_e6 = point.lat_e6 AND known.lon_e6 = point.lon_e6
         WHERE known.cluster_id = $1 AND profile = $2 AND network = $3
        """,
        scope.cluster,
        profile,
        network,
        [entry.member_id for entry in owned],
        [entry.point[0] for entry in owned],
        [entry.point[1] for entry in owned],
    )
    found = {}
    for row in rows:
        point = (row["lat_e6"], row["lon_e6"])
        road = None if row["road_lat_e6"] is None else (row["road_lat_e6"], row["road_lon_e6"])
        found[Owned(point, row["member_id"])] = Snapped(point=point, road=road, distance_m=row["distance_m"])
    return found


async def upsert_checked(
    db: Connection, scope: Scope, network: str, checked: list[tuple[UUID | None, Checked]]
) -> None:
    """Stores what a network says of points, for their owners."""
    roads = [entry.snapped.road for _, entry in checked]
    await db.execute(
        """
        INSERT INTO snapped_points (cluster_id, network, snapped_point_id, member_id, profile, lat_e6, lon_e6,
                                    road_lat_e6, road_lon_e6, distance_m, hubs_reached)
        SELECT $1, $2, point.*
          FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::int[], $7::int[], $8::int[], $9::int[], $10::int[],
                      $11::boolean[]) AS point
        ON CONFLICT (cluster_id, member_id, profile, lat_e6, lon_e6)
        DO UPDATE SET network = excluded.network, road_lat_e6 = excluded.road_lat_e6,
                      road_lon_e6 = excluded.road_lon_e6, distance_m = excluded.distance_m,
                      hubs_reached = excluded.hubs_reached, computed_at = now()
        """,
        scope.cluster,
        network,
        [ids.new() for _ in checked],
        [member_id for member_id, _ in checked],
        [entry.profile for _, entry in checked],
        [entry.snapped.point[0] for _, entry in checked],
        [entry.snapped.point[1] for _, entry in checked],
        [None if road is None else road[0] for road in roads],
        [None if road is None else road[1] for road in roads],
        [entry.snapped.distance_m for _, entry in checked],
        [entry.hubs_reached for _, entry in checked],
    )


async def access(db: Connection, scope: Scope, points: list[PointE6]) -> dict[PointE6, list[ProfileAccess]]:
    """What is known of points that the caller may know about: its own and shared ones; all for the neutral side."""
    rows = await db.fetch(
        """
        SELECT DISTINCT ON (lat_e6, lon_e6, profile)
               lat_e6, lon_e6, profile, road_lat_e6, road_lon_e6, distance_m, hubs_reached
          FROM snapped_points
         WHERE cluster_id = $1 AND ($4::uuid IS NULL OR member_id IS NULL OR member_id = $4)
           AND (lat_e6, lon_e6) IN (SELECT lat, lon FROM unnest($2::int[], $3::int[]) AS given (lat, lon))
         ORDER BY lat_e6, lon_e6, profile, computed_at DESC
        """,
        scope.cluster,
        [point[0] for point in points],
        [point[1] for point in points],
        scope.member_id,
    )
    found: dict[PointE6, list[ProfileAccess]] = {}
    for row in rows:
        road = None
        if row["road_lat_e6"] is not None:
            road = Point(lat=row["road_lat_e6"] / 1e6, lon=row["road_lon_e6"] / 1e6)
        entry = ProfileAccess(
            profile=row["profile"],
            verdict=verdict_of(row["distance_m"], row["hubs_reached"]),
            road=road,
            distance_m=row["distance_m"],
        )
        found.setdefault((row["lat_e6"], row["lon_e6"]), []).append(entry)
    return found


async def site_point(db: Connection, scope: Scope, site_id: UUID) -> PointE6 | None:
    """Where a site is that the caller may see."""
    row = await db.fetchrow(
        """
        SELECT round(lat * 1000000)::int AS lat_e6, round(lon * 1000000)::int AS lon_e6 FROM sites
         WHERE cluster_id = $1 AND site_id = $2 AND ($3::uuid IS NULL OR member_id IS NULL OR member_id = $3)
        """,
        scope.cluster,
        site_id,
        scope.member_id,
    )
    return None if row is None else (row["lat_e6"], row["lon_e6"])


async def site_points(db: Connection, scope: Scope) -> list[tuple[Owned, bool]]:
    """All sites' points with their owners, and whether it is a hub."""
    rows = await db.fetch(
        """
        SELECT DISTINCT member_id, round(lat * 1000000)::int AS lat_e6, round(lon * 1000000)::int AS lon_e6,
               kind = 'hub' AS hub
          FROM sites WHERE cluster_id = $1 ORDER BY lat_e6, lon_e6, member_id
        """,
        scope.cluster,
    )
    return [(Owned((row["lat_e6"], row["lon_e6"]), row["member_id"]), row["hub"]) for row in rows]
