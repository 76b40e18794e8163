"""SQL of vehicle types."""

from datetime import date, time
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.carriers.models import AddVehicleType, Capacity, Hold, NotSearched, Rest, Tariff, VehicleType
from cluster.members.driver_breaks import DriverBreaks


async def insert_vehicle_type(
    db: Connection,
    scope: Scope,
    vehicle_type_id: UUID,
    start_site_id: UUID,
    end_site_id: UUID | None,
    carrier_id: UUID | None,
    body: AddVehicleType,
) -> bool:
    """A new vehicle type; False when its code is taken."""
    done = await db.fetchval(
        """
        INSERT INTO vehicle_types (cluster_id, vehicle_type_id, code, name, profile, speed_kmh, circuity_percent,
                                   weight_g, volume_cm3, pallet_places, vehicles, fixed_minor, km_minor, hour_minor,
                                   stop_minor, start_site_id, end_site_id, shift_start, shift_end, duration_max_s,
                                   distance_max_m, skills, hold, carrier_id, driver_breaks)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                $23, $24, $25)
        ON CONFLICT (cluster_id, code) DO NOTHING RETURNING true
        """,
        scope.cluster,
        vehicle_type_id,
        body.code,
        body.name,
        body.profile,
        body.speed_kmh,
        body.circuity_percent,
        body.capacity.weight_g,
        body.capacity.volume_cm3,
        body.capacity.pallet_places,
        body.vehicles,
        body.tariff.fixed_minor,
        body.tariff.km_minor,
        body.tariff.hour_minor,
        body.tariff.stop_minor,
        start_site_id,
        end_site_id,
        time.fromisoformat(body.shift_start),
        time.fromisoformat(body.shift_end),
        body.duration_max_s,
        body.distance_max_m,
        body.skills,
        None if body.hold is None else msgspec.to_builtins(body.hold),
        carrier_id,
        None if body.driver_breaks is None else msgspec.to_builtins(body.driver_breaks),
    )
    return bool(done)


async def set_driver_breaks(db: Connection, scope: Scope, vehicle_type_id: UUID, breaks: DriverBreaks | None) -> bool:
    """Says when drivers of a type's vehicles rest; False when there is no such type."""
    done = await db.fetchval(
        "UPDATE vehicle_types SET driver_breaks = $3 WHERE cluster_id = $1 AND vehicle_type_id = $2 RETURNING true",
        scope.cluster,
        vehicle_type_id,
        None if breaks is None else msgspec.to_builtins(breaks),
    )
    return bool(done)


async def vehicle_types(
    db: Connection, scope: Scope, after: UUID, limit: int, on: date | None = None, only: UUID | None = None
) -> list[VehicleType]:
    """Vehicle types of the cluster, oldest first, or ``only`` one, with the tariff of a day (today if none is said)."""
    rows = await db.fetch(
        """
        SELECT kind.vehicle_type_id, kind.code, kind.name, profile, speed_kmh, circuity_percent, weight_g, volume_cm3,
               pallet_places, vehicles, start_site_id, end_site_id, to_char(shift_start, 'HH24:MI') AS shift_start,
               to_char(shift_end, 'HH24:MI') AS shift_end, duration_max_s, distance_max_m, skills, hold,
               driver_breaks, kind.carrier_id, kind.created_at,
               coalesce(priced.fixed_minor, kind.fixed_minor) AS fixed_minor,
               coalesce(priced.km_minor, kind.km_minor) AS km_minor,
               coalesce(priced.hour_minor, kind.hour_minor) AS hour_minor,
               coalesce(priced.stop_minor, kind.stop_minor) AS stop_minor,
               coalesce(priced.version, 0) AS rates_version, carrier_name, coalesce(trip_minor, 0) AS trip_minor,
               coalesce(minimum_minor, 0) > 0 AS has_minimum, coalesce(zones, '[]') <> '[]' AS has_zones,
               coalesce(weight_breaks, '[]') <> '[]' AS has_breaks, coalesce(fuel_permille, 0) AS fuel_permille,
               CASE WHEN firm.status = 'suspended' THEN 'carrier_suspended'
                    WHEN extract(isodow FROM asked)::integer <> ALL (firm.weekdays) OR asked = ANY (firm.closed_on)
                    THEN 'carrier_closed'
                    WHEN EXISTS (SELECT FROM carrier_papers AS paper
                                  WHERE paper.cluster_id = $1 AND paper.carrier_id = kind.carrier_id
                                    AND paper.kind IN ('insurance', 'transport_permit') AND withdrawn_at IS NULL
                                  GROUP BY paper.kind HAVING NOT bool_or(asked BETWEEN valid_from AND valid_until))
                    THEN 'papers_expired' END AS rests
          FROM vehicle_types AS kind
          JOIN clusters USING (cluster_id)
          CROSS JOIN LATERAL (SELECT coalesce($4, (now() AT TIME ZONE time_zone)::date) AS asked) AS day
          LEFT JOIN carriers AS firm ON firm.cluster_id = $1 AND firm.carrier_id = kind.carrier_id
          LEFT JOIN LATERAL (
               SELECT version, fixed_minor, km_minor, hour_minor, stop_minor, carrier_name, trip_minor, minimum_minor,
                      zones, weight_breaks, fuel
                 FROM tariff_versions AS one
                WHERE one.cluster_id = $1 AND one.vehicle_type_id = kind.vehicle_type_id
                  AND one.effective_from <= asked
                ORDER BY effective_from DESC, version DESC LIMIT 1) AS priced ON true
          LEFT JOIN LATERAL (
               SELECT (step ->> 'permille')::integer AS fuel_permille FROM jsonb_array_elements(fuel) AS step
                WHERE (step ->> 'effective_from')::date <= asked
                ORDER BY (step ->> 'effective_from')::date DESC LIMIT 1) AS fuelled ON true
         WHERE kind.cluster_id = $1 AND kind.vehicle_type_id > $2 AND ($5::uuid IS NULL OR kind.vehicle_type_id = $5)
         ORDER BY kind.vehicle_type_id LIMIT $3
        """,
        scope.cluster,
        after,
        limit,
        on,
        only,
    )
    return [_vehicle_type(row) for row in rows]


def _vehicle_type(row: asyncpg.Record) -> VehicleType:
    end = row["end_site_id"]
    return VehicleType(
        id=ids.show("vht", row["vehicle_type_id"]),
        code=row["code"],
        name=row["name"],
        capacity=Capacity(weight_g=row["weight_g"], volume_cm3=row["volume_cm3"], pallet_places=row["pallet_places"]),
        tariff=Tariff(
            fixed_minor=row["fixed_minor"],
            km_minor=row["km_minor"],
            hour_minor=row["hour_minor"],
            stop_minor=row["stop_minor"],
        ),
        start_site_id=ids.show("sit", row["start_site_id"]),
        end_site_id=None if end is None else ids.show("sit", end),
        profile=row["profile"],
        speed_kmh=row["speed_kmh"],
        circuity_percent=row["circuity_percent"],
        vehicles=row["vehicles"],
        shift_start=row["shift_start"],
        shift_end=row["shift_end"],
        duration_max_s=row["duration_max_s"],
        distance_max_m=row["distance_max_m"],
        skills=row["skills"],
        hold=None if row["hold"] is None else msgspec.convert(row["hold"], Hold),
        created_at=row["created_at"],
        rates_version=row["rates_version"],
        carrier_id=None if row["carrier_id"] is None else ids.show("car", row["carrier_id"]),
        carrier_name=row["carrier_name"],
        fuel_permille=row["fuel_permille"],
        trip_minor=row["trip_minor"],
        rests=None if row["rests"] is None else Rest(row["rests"]),
        driver_breaks=None if row["driver_breaks"] is None else msgspec.convert(row["driver_breaks"], DriverBreaks),
        not_searched=[part for part, there in _NOT_SEARCHED if row[there]],
    )


_NOT_SEARCHED = (
    (NotSearched.ZONES, "has_zones"),
    (NotSearched.WEIGHT_BREAKS, "has_breaks"),
    (NotSearched.MINIMUM, "has_minimum"),
)
