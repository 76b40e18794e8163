"""SQL of tariffs from a day on."""

from datetime import date
from uuid import UUID

import asyncpg
import msgspec

from cluster.base.db import Connection, Scope
from cluster.carriers.tariff_models import SettleTariff


async def today(db: Connection, scope: Scope) -> date:
    """The day that it is in the cluster."""
    found: date = await db.fetchval(
        "SELECT (now() AT TIME ZONE time_zone)::date FROM clusters WHERE cluster_id = $1", scope.cluster
    )
    return found


async def currency(db: Connection, scope: Scope) -> str:
    """The cluster's currency."""
    found: str = await db.fetchval("SELECT currency FROM clusters WHERE cluster_id = $1", scope.cluster)
    return found


async def versions(db: Connection, scope: Scope, vehicle_type_ids: list[UUID]) -> list[asyncpg.Record]:
    """All versions of these vehicle types' tariffs, the newest first, ending with the one each was added with."""
    found: list[asyncpg.Record] = await db.fetch(
        """
        SELECT vehicle_type_id, version, setting_id, effective_from, fixed_minor, km_minor, hour_minor, stop_minor,
               trip_minor, minimum_minor, carrier_name, fuel, zones, weight_breaks, note, key_id, user_id, created_at
          FROM tariff_versions WHERE cluster_id = $1 AND vehicle_type_id = ANY($2)
         UNION ALL
        SELECT vehicle_type_id, 0, vehicle_type_id, NULL, fixed_minor, km_minor, hour_minor, stop_minor, 0, 0, NULL,
               '[]', '[]', '[]', '', NULL, NULL, created_at
          FROM vehicle_types WHERE cluster_id = $1 AND vehicle_type_id = ANY($2)
         ORDER BY vehicle_type_id, version DESC
        """,
        scope.cluster,
        vehicle_type_ids,
    )
    return found


async def insert(
    db: Connection,
    scope: Scope,
    setting_id: UUID,
    vehicle_type_id: UUID,
    version: int,
    effective_from: date,
    body: SettleTariff,
) -> bool:
    """A new version; False when somebody else just took its number."""
    done = await db.fetchval(
        """
        INSERT INTO tariff_versions (cluster_id, setting_id, vehicle_type_id, version, effective_from, fixed_minor,
                                     km_minor, hour_minor, stop_minor, trip_minor, minimum_minor, carrier_name, fuel,
                                     zones, weight_breaks, note, key_id, user_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        ON CONFLICT (cluster_id, vehicle_type_id, version) DO NOTHING RETURNING true
        """,
        scope.cluster,
        setting_id,
        vehicle_type_id,
        version,
        effective_from,
        body.tariff.fixed_minor,
        body.tariff.km_minor,
        body.tariff.hour_minor,
        body.tariff.stop_minor,
        body.trip_minor,
        body.minimum_minor,
        body.carrier_name,
        msgspec.to_builtins(body.fuel),
        msgspec.to_builtins(body.zones),
        msgspec.to_builtins(body.weight_breaks),
        body.note,
        scope.key_id,
        scope.user_id,
    )
    return bool(done)
