"""SQL of outside tariffs, and of what bookings say where they say nothing."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.changes import BookingDefaults, BookingRules
from cluster.shipments.models import Pooling
from cluster.shipments.outside_models import AddOutsideTariff, OutsideTariff, Surcharge, Zone


class _Content(Struct, frozen=True, kw_only=True):
    """What of a tariff is stored as one."""

    name: str
    zones: list[Zone]
    minimum_minor: int
    volumetric_cm3_per_kg: int | None
    surcharges: list[Surcharge]


async def insert(db: Connection, scope: Scope, tariff_id: UUID, body: AddOutsideTariff) -> None:
    """A new version of a tariff."""
    content = _Content(
        name=body.name,
        zones=body.zones,
        minimum_minor=body.minimum_minor,
        volumetric_cm3_per_kg=body.volumetric_cm3_per_kg,
        surcharges=body.surcharges,
    )
    await db.execute(
        """
        INSERT INTO outside_tariffs (cluster_id, version_id, member_id, code, valid_from, content)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        scope.cluster,
        tariff_id,
        scope.member_id,
        body.code,
        body.valid_from,
        msgspec.to_builtins(content),
    )


async def tariffs(
    db: Connection, scope: Scope, after: UUID, limit: int, tariff_id: UUID | None = None
) -> list[OutsideTariff]:
    """Versions of the caller's tariffs that are not withdrawn, oldest first; or the one asked for."""
    rows = await db.fetch(
        """
        SELECT version_id, member_id, code, valid_from, content, created_at FROM outside_tariffs
         WHERE cluster_id = $1 AND ($2::uuid IS NULL OR member_id = $2) AND version_id > $3 AND withdrawn_at IS NULL
           AND ($4::uuid IS NULL OR version_id = $4)
         ORDER BY version_id LIMIT $5
        """,
        scope.cluster,
        scope.member_id,
        after,
        tariff_id,
        limit,
    )
    return [_tariff(row) for row in rows]


async def versions(db: Connection, scope: Scope, codes: list[str]) -> list[OutsideTariff]:
    """All versions of the member's tariffs with these codes that are not withdrawn, the latest first."""
    rows = await db.fetch(
        """
        SELECT version_id, member_id, code, valid_from, content, created_at FROM outside_tariffs
         WHERE cluster_id = $1 AND member_id = $2 AND code = ANY($3) AND withdrawn_at IS NULL
         ORDER BY valid_from DESC
        """,
        scope.cluster,
        scope.member_id,
        codes,
    )
    return [_tariff(row) for row in rows]


def _tariff(row: asyncpg.Record) -> OutsideTariff:
    content: dict[str, Any] = row["content"]
    parts = msgspec.convert(content, _Content)
    return OutsideTariff(
        id=ids.show("otf", row["version_id"]),
        member_id=ids.show("mem", row["member_id"]),
        code=row["code"],
        name=parts.name,
        valid_from=row["valid_from"],
        zones=parts.zones,
        minimum_minor=parts.minimum_minor,
        volumetric_cm3_per_kg=parts.volumetric_cm3_per_kg,
        surcharges=parts.surcharges,
        created_at=row["created_at"],
    )


async def withdraw(db: Connection, scope: Scope, tariff_id: UUID) -> bool:
    """Takes a version out of use; what was priced with it stays."""
    done = await db.fetchval(
        """
        UPDATE outside_tariffs SET withdrawn_at = coalesce(withdrawn_at, now())
         WHERE cluster_id = $1 AND version_id = $2 AND ($3::uuid IS NULL OR member_id = $3) RETURNING true
        """,
        scope.cluster,
        tariff_id,
        scope.member_id,
    )
    return bool(done)


async def defaults(db: Connection, scope: Scope) -> BookingDefaults:
    """What the member's bookings say where they say nothing."""
    row = await db.fetchrow(
        "SELECT pooling, outside_tariff FROM booking_defaults WHERE cluster_id = $1 AND member_id = $2",
        scope.cluster,
        scope.member_id,
    )
    if row is None:
        return BookingDefaults()
    pooling = None if row["pooling"] is None else Pooling(row["pooling"])
    return BookingDefaults(pooling=pooling, outside_tariff=row["outside_tariff"])


async def set_defaults(db: Connection, scope: Scope, body: BookingDefaults) -> None:
    """Sets them."""
    await db.execute(
        """
        INSERT INTO booking_defaults (cluster_id, member_id, pooling, outside_tariff) VALUES ($1, $2, $3, $4)
        ON CONFLICT (cluster_id, member_id)
        DO UPDATE SET pooling = excluded.pooling, outside_tariff = excluded.outside_tariff, updated_at = now()
        """,
        scope.cluster,
        scope.member_id,
        body.pooling,
        body.outside_tariff,
    )


async def rules(db: Connection, scope: Scope) -> BookingRules:
    """What the cluster allows."""
    late = await db.fetchval("SELECT late_cancellation FROM booking_rules WHERE cluster_id = $1", scope.cluster)
    return BookingRules(late_cancellation=bool(late))


async def set_rules(db: Connection, scope: Scope, body: BookingRules) -> None:
    """Sets it."""
    await db.execute(
        """
        INSERT INTO booking_rules (cluster_id, late_cancellation) VALUES ($1, $2)
        ON CONFLICT (cluster_id) DO UPDATE SET late_cancellation = excluded.late_cancellation, updated_at = now()
        """,
        scope.cluster,
        body.late_cancellation,
    )
