"""SQL of reading shipments."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from msgspec import Struct

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.shipments.models import (
    HandlingUnit,
    Incoterm,
    Inspection,
    Pooling,
    Service,
    ServiceLevel,
    Shipment,
    ShipmentStatus,
    ShipmentStop,
    TemperatureClass,
    TimeWindow,
)
from cluster.shipments.outside_models import OutsideBasis

CLOCKS_DIFFER = timedelta(hours=1)
"""At most, between whoever makes identifiers and the database that says when a shipment was made."""
FIRST, LAST = UUID(int=0), UUID(int=(1 << 128) - 1)
OVER = frozenset({ShipmentStatus.DELIVERED, ShipmentStatus.CANCELLED})
"""States in which most shipments end. The others are few, and have indexes of their own."""


class Filters(Struct, frozen=True, kw_only=True):
    """Which shipments are asked for; what is None does not matter."""

    pool_window_id: UUID | None = None
    statuses: list[ShipmentStatus] | None = None
    pooling: Pooling | None = None
    client_ref: str | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None
    words: str | None = None


class Seen(NamedTuple):
    """A shipment that the asker may see, and the version it is at."""

    shipment_id: UUID
    version: int
    updated_at: datetime


def made_at(instant: datetime) -> UUID:
    """The smallest identifier made at an instant: identifiers begin with their time in milliseconds."""
    milliseconds = min(max(int(instant.timestamp() * 1000), 0), (1 << 48) - 1)
    return UUID(int=milliseconds << 80)


async def shipments(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Filters) -> list[Shipment]:
    """Shipments that the caller may see, oldest first."""
    seen = await listed(db, scope, after, limit, wanted)
    found = await whole(db, scope, [one.shipment_id for one in seen])
    return [found[one.shipment_id] for one in seen if one.shipment_id in found]


async def listed(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Filters) -> list[Seen]:
    """Which shipments the caller may see, oldest first. Each way of asking has an index of its own."""
    before = LAST
    if wanted.created_from is not None:
        after = max(after, made_at(wanted.created_from - CLOCKS_DIFFER))
    if wanted.created_before is not None:
        before = made_at(wanted.created_before + CLOCKS_DIFFER)
    words = None if wanted.words is None else "%" + _literally(wanted.words.casefold()) + "%"
    limits = (after, before, wanted.statuses, wanted.pooling, wanted.created_from, wanted.created_before, words, limit)
    if wanted.client_ref is not None:
        rows = await _of_reference(db, scope, wanted, limits)
    elif wanted.pool_window_id is not None:
        rows = await _of_window(db, scope, wanted, limits)
    elif wanted.statuses is not None and OVER.isdisjoint(wanted.statuses):
        in_states = _of_member_in_states if scope.member_id is not None else _of_cluster_in_states
        rows = await in_states(db, scope, limits)
    elif scope.member_id is not None:
        rows = await _of_member(db, scope, limits)
    else:
        rows = await _of_cluster(db, scope, limits)
    return [Seen(*row) for row in rows]


def _literally(text: str) -> str:
    """A text without wildcards for LIKE."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _of_member(db: Connection, scope: Scope, limits: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = await db.fetch(
        """
        SELECT shipment_id, version, updated_at FROM shipments
         WHERE cluster_id = $1 AND member_id = $2 AND shipment_id > $3 AND shipment_id < $4
           AND ($5::text[] IS NULL OR status = ANY($5)) AND ($6::text IS NULL OR pooling = $6)
           AND ($7::timestamptz IS NULL OR created_at >= $7) AND ($8::timestamptz IS NULL OR created_at < $8)
           AND ($9::text IS NULL OR search_text LIKE $9)
         ORDER BY shipment_id LIMIT $10
        """,
        scope.cluster,
        scope.member_id,
        *limits,
    )
    return found


async def _of_cluster(db: Connection, scope: Scope, limits: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = await db.fetch(
        """
        SELECT shipment_id, version, updated_at FROM shipments
         WHERE cluster_id = $1 AND shipment_id > $2 AND shipment_id < $3
           AND ($4::text[] IS NULL OR status = ANY($4)) AND ($5::text IS NULL OR pooling = $5)
           AND ($6::timestamptz IS NULL OR created_at >= $6) AND ($7::timestamptz IS NULL OR created_at < $7)
           AND ($8::text IS NULL OR search_text LIKE $8)
         ORDER BY shipment_id LIMIT $9
        """,
        scope.cluster,
        *limits,
    )
    return found


async def _of_member_in_states(db: Connection, scope: Scope, limits: tuple[Any, ...]) -> list[Any]:
    """The first of each state, each in the order of its index, then the first of those."""
    found: list[Any] = await db.fetch(
        """
        SELECT shipment_id, version, updated_at
          FROM (SELECT DISTINCT unnest($5::text[]) AS state) AS states CROSS JOIN LATERAL
               (SELECT shipment_id, version, updated_at FROM shipments
                 WHERE cluster_id = $1 AND member_id = $2 AND status = state
                   AND status NOT IN ('delivered', 'cancelled')
                   AND shipment_id > $3 AND shipment_id < $4 AND ($6::text IS NULL OR pooling = $6)
                   AND ($7::timestamptz IS NULL OR created_at >= $7) AND ($8::timestamptz IS NULL OR created_at < $8)
                   AND ($9::text IS NULL OR search_text LIKE $9)
                 ORDER BY shipment_id LIMIT $10) AS of_state
         ORDER BY shipment_id LIMIT $10
        """,
        scope.cluster,
        scope.member_id,
        *limits,
    )
    return found


async def _of_cluster_in_states(db: Connection, scope: Scope, limits: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = await db.fetch(
        """
        SELECT shipment_id, version, updated_at
          FROM (SELECT DISTINCT unnest($4::text[]) AS state) AS states CROSS JOIN LATERAL
               (SELECT shipment_id, version, updated_at FROM shipments
                 WHERE cluster_id = $1 AND status = state AND status NOT IN ('delivered', 'cancelled')
                   AND shipment_id > $2 AND shipment_id < $3 AND ($5::text IS NULL OR pooling = $5)
                   AND ($6::timestamptz IS NULL OR created_at >= $6) AND ($7::timestamptz IS NULL OR created_at < $7)
                   AND ($8::text IS NULL OR search_text LIKE $8)
                 ORDER BY shipment_id LIMIT $9) AS of_state
         ORDER BY shipment_id LIMIT $9
        """,
        scope.cluster,
        *limits,
    )
    return found


async def _of_window(db: Connection, scope: Scope, wanted: Filters, limits: tuple[Any, ...]) -> list[Any]:
    found: list[Any] = await db.fetch(
        """
        SELECT shipment_id, version, updated_at FROM shipments
         WHERE cluster_id = $1 AND pool_window_id = $11 AND ($2::uuid IS NULL OR member_id = $2)
           AND shipment_id > $3 AND shipment_id < $4
           AND ($5::text[] IS NULL OR status = ANY($5)) AND ($6::text IS NULL OR pooling = $6)
           AND ($7::timestamptz IS NULL OR created_at >= $7) AND ($8::timestamptz IS NULL OR created_at < $8)
           AND ($9::text IS NULL OR search_text LIKE $9)
         ORDER BY shipment_id LIMIT $10
        """,
        scope.cluster,
        scope.member_id,
        *limits,
        wanted.pool_window_id,
    )
    return found


async def _of_reference(db: Connection, scope: Scope, wanted: Filters, limits: tuple[Any, ...]) -> list[Any]:
    """A member's one shipment of that reference; for the neutral side, one of each member at most."""
    found: list[Any] = await db.fetch(
        """
        SELECT shipment_id, shipments.version, shipments.updated_at
          FROM members JOIN shipments USING (cluster_id, member_id)
         WHERE cluster_id = $1 AND ($2::uuid IS NULL OR member_id = $2) AND client_ref = $11
           AND shipment_id > $3 AND shipment_id < $4
           AND ($5::text[] IS NULL OR shipments.status = ANY($5)) AND ($6::text IS NULL OR pooling = $6)
           AND ($7::timestamptz IS NULL OR shipments.created_at >= $7)
           AND ($8::timestamptz IS NULL OR shipments.created_at < $8)
           AND ($9::text IS NULL OR search_text LIKE $9) AND ($12::uuid IS NULL OR pool_window_id = $12)
         ORDER BY shipment_id LIMIT $10
        """,
        scope.cluster,
        scope.member_id,
        *limits,
        wanted.client_ref,
        wanted.pool_window_id,
    )
    return found


async def seen(db: Connection, scope: Scope, shipment_id: UUID) -> Seen | None:
    """Whether the caller may see a shipment, and the version it is at."""
    row = await db.fetchrow(
        """
        SELECT shipment_id, version, updated_at FROM shipments
         WHERE cluster_id = $1 AND shipment_id = $2 AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        shipment_id,
        scope.member_id,
    )
    return None if row is None else Seen(*row)


async def shipment(db: Connection, scope: Scope, shipment_id: UUID) -> Shipment | None:
    """One shipment that the caller may see."""
    return (await whole(db, scope, [shipment_id])).get(shipment_id)


async def whole(db: Connection, scope: Scope, wanted: list[UUID]) -> dict[UUID, Shipment]:
    """Shipments with their stops and handling units; those that the caller may not see are left out."""
    if not wanted:
        return {}
    rows = await db.fetch(
        """
        SELECT * FROM shipments
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND ($3::uuid IS NULL OR member_id = $3)
        """,
        scope.cluster,
        wanted,
        scope.member_id,
    )
    if not rows:
        return {}
    stops = await _stops(db, scope, wanted)
    units = await _units(db, scope, wanted)
    return {row["shipment_id"]: _shipment(row, stops, units[row["shipment_id"]]) for row in rows}


def _shipment(row: Any, stops: dict[tuple[UUID, str], ShipmentStop], units: list[HandlingUnit]) -> Shipment:
    shipment_id, basis = row["shipment_id"], row["option_basis"]
    return Shipment(
        id=ids.show("shp", shipment_id),
        member_id=ids.show("mem", row["member_id"]),
        pool_window_id=None if row["pool_window_id"] is None else ids.show("win", row["pool_window_id"]),
        client_ref=row["client_ref"],
        service=Service(row["service"]),
        service_level=ServiceLevel(row["service_level"]),
        status=ShipmentStatus(row["status"]),
        status_at=row["status_at"],
        status_code=row["status_code"],
        status_reason=row["status_reason"],
        pooling=Pooling(row["pooling"]),
        pickup=stops.get((shipment_id, "pickup")),
        delivery=stops.get((shipment_id, "delivery")),
        hub_site_id=None if row["hub_site_id"] is None else ids.show("sit", row["hub_site_id"]),
        weight_g=row["weight_g"],
        volume_cm3=row["volume_cm3"],
        pallet_places=row["pallet_places"],
        outside_minor=row["outside_minor"],
        outside_basis=None if basis is None else msgspec.convert(basis, OutsideBasis),
        skills=row["skills"],
        temperature_class=TemperatureClass(row["temperature_class"]),
        food=row["food"],
        declared_minor=row["declared_minor"],
        cod_minor=row["cod_minor"],
        inspection=None if row["inspection"] is None else Inspection(row["inspection"]),
        incoterm=None if row["incoterm"] is None else Incoterm(row["incoterm"]),
        po_numbers=row["po_numbers"],
        metadata=row["metadata"],
        handling_units=units,
        version=row["version"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


async def _stops(db: Connection, scope: Scope, wanted: list[UUID]) -> dict[tuple[UUID, str], ShipmentStop]:
    rows = await db.fetch(
        """
        SELECT shipment_id, action, site_id, address_id, name, address_line1, address_line2, locality, province_code,
               ward_code, postal_code, country_code, lat, lon, window_start, window_end, windows, service_s,
               instructions, contact_name, phone, email
          FROM shipment_stops LEFT JOIN shipment_contacts USING (cluster_id, shipment_id, action)
         WHERE cluster_id = $1 AND shipment_id = ANY($2)
        """,
        scope.cluster,
        wanted,
    )
    found = {}
    for row in rows:
        fields = dict(row)
        key = (fields.pop("shipment_id"), fields.pop("action"))
        for name, prefix in (("site_id", "sit"), ("address_id", "adr")):
            fields[name] = None if fields[name] is None else ids.show(prefix, fields[name])
        fields["windows"] = _windows(fields)
        found[key] = ShipmentStop(**fields)
    return found


def _windows(fields: dict[str, Any]) -> list[TimeWindow]:
    if fields["windows"] is not None:
        return msgspec.convert(fields["windows"], list[TimeWindow])
    if fields["window_start"] is None:
        return []
    return [TimeWindow(start=fields["window_start"], end=fields["window_end"])]


async def _units(db: Connection, scope: Scope, wanted: list[UUID]) -> dict[UUID, list[HandlingUnit]]:
    rows = await db.fetch(
        """
        SELECT shipment_id, kind, units, weight_g, length_mm, width_mm, height_mm, sscc, rotations, on_top,
               bearing_max_g, hs_code, un_number, hazard_class, hazard_labels, packing_group, limited_quantity
          FROM handling_units WHERE cluster_id = $1 AND shipment_id = ANY($2) ORDER BY shipment_id, line_no
        """,
        scope.cluster,
        wanted,
    )
    found: dict[UUID, list[HandlingUnit]] = {shipment_id: [] for shipment_id in wanted}
    for row in rows:
        fields = dict(row)
        goods = {name: fields.pop(name) for name in ("un_number", "hazard_class", "packing_group", "limited_quantity")}
        goods["labels"] = fields.pop("hazard_labels").split()
        fields["dangerous_goods"] = None if goods["un_number"] is None else goods
        found[fields.pop("shipment_id")].append(msgspec.convert(fields, HandlingUnit))
    return found
