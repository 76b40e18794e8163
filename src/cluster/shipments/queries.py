"""SQL of shipments: storing them, and moving them from state to state."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from cluster.base.db import Connection, Scope
from cluster.shipments.models import BookShipment, Pooling, ShipmentStatus, Totals
from cluster.shipments.outside_models import OutsideBasis
from cluster.shipments.parties import TimeWindow

SEPARATOR = "\n"
"""Between texts of a list that travels as one: no reference or code holds it."""


class NewStop(Struct, frozen=True, kw_only=True):
    """A pickup or delivery about to be stored."""

    action: str
    site_id: UUID | None
    address_id: UUID | None
    name: str
    address_line1: str
    address_line2: str | None
    locality: str | None
    province_code: str | None
    ward_code: str | None
    postal_code: str | None
    country_code: str | None
    lat: float
    lon: float
    windows: list[TimeWindow]
    service_s: int
    instructions: str | None
    contact_name: str | None
    phone: str | None
    email: str | None


class NewShipment(Struct, frozen=True, kw_only=True):
    """A shipment about to be stored."""

    shipment_id: UUID
    pool_window_id: UUID | None
    hub_site_id: UUID | None
    status: ShipmentStatus
    pooling: Pooling
    outside_minor: int | None
    basis: OutsideBasis | None
    body: BookShipment
    totals: Totals
    stops: list[NewStop]


async def insert(db: Connection, scope: Scope, new: Sequence[NewShipment]) -> datetime:
    """Stores shipments of the calling member with all that belongs to them, in one statement; returns when."""
    stored_at: datetime = await db.fetchval(
        """
        WITH shipment AS (
            INSERT INTO shipments (cluster_id, member_id, shipment_id, pool_window_id, status, client_ref, service,
                                   service_level, temperature_class, food, pooling, hub_site_id, weight_g, volume_cm3,
                                   pallet_places, outside_minor, option_basis, declared_minor, cod_minor, inspection,
                                   incoterm, metadata, search_text, skills, po_numbers)
            SELECT $1, $2, new.id, new.pool, new.status, new.ref, new.service, new.level, new.temperature, new.food,
                   new.pooling, new.hub, new.weight, new.volume, new.pallets, new.outside, new.basis, new.declared,
                   new.cod, new.inspection, new.incoterm, new.metadata, new.search,
                   coalesce(string_to_array(nullif(new.skills, ''), chr(10)), '{}'),
                   coalesce(string_to_array(nullif(new.pos, ''), chr(10)), '{}')
              FROM unnest($3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
                          $10::bool[], $11::text[], $12::uuid[], $13::bigint[], $14::bigint[], $15::int[],
                          $16::bigint[], $17::jsonb[], $18::bigint[], $19::bigint[], $20::text[], $21::text[],
                          $22::jsonb[], $23::text[], $24::text[], $25::text[])
                   AS new (id, pool, status, ref, service, level, temperature, food, pooling, hub, weight, volume,
                           pallets, outside, basis, declared, cod, inspection, incoterm, metadata, search, skills, pos)
        ), stop AS (
            INSERT INTO shipment_stops (cluster_id, member_id, shipment_id, action, site_id, address_id, name,
                                        address_line1, address_line2, locality, province_code, ward_code, postal_code,
                                        country_code, lat, lon, window_start, window_end, windows, service_s,
                                        instructions)
            SELECT $1, $2, new.*
              FROM unnest($26::uuid[], $27::text[], $28::uuid[], $29::uuid[], $30::text[], $31::text[], $32::text[],
                          $33::text[], $34::text[], $35::text[], $36::text[], $37::text[], $38::float8[],
                          $39::float8[], $40::timestamptz[], $41::timestamptz[], $42::jsonb[], $43::int[],
                          $44::text[]) AS new
        ), contact AS (
            INSERT INTO shipment_contacts (cluster_id, member_id, shipment_id, action, contact_name, phone, email)
            SELECT $1, $2, new.* FROM unnest($45::uuid[], $46::text[], $47::text[], $48::text[], $49::text[]) AS new
        ), unit AS (
            INSERT INTO handling_units (cluster_id, member_id, shipment_id, line_no, kind, units, weight_g, length_mm,
                                        width_mm, height_mm, sscc, rotations, on_top, bearing_max_g, hs_code,
                                        un_number, hazard_class, packing_group, limited_quantity, hazard_labels)
            SELECT $1, $2, new.*
              FROM unnest($50::uuid[], $51::int[], $52::text[], $53::int[], $54::bigint[], $55::int[], $56::int[],
                          $57::int[], $58::text[], $59::text[], $60::text[], $61::bigint[], $62::text[], $63::text[],
                          $64::text[], $65::text[], $66::bool[], $67::text[]) AS new
        )
        SELECT now()
        """,
        *(scope.cluster, scope.member_id, *_arrays(new)),
    )
    return stored_at


def _arrays(new: Sequence[NewShipment]) -> Iterator[list[Any]]:
    """One array for each column of shipments, stops, contacts and handling units, as ``insert`` takes them."""
    yield from columns((_shipment(entry) for entry in new), 23)
    yield from columns((stop_row(entry.shipment_id, stop) for entry in new for stop in entry.stops), 19)
    yield from columns((row for entry in new for row in contacts(entry)), 5)
    yield from columns((row for entry in new for row in units(entry)), 18)


def _shipment(new: NewShipment) -> tuple[Any, ...]:
    """A shipment's own columns, in the order of the statement."""
    body, load = new.body, new.totals
    return (
        new.shipment_id,
        new.pool_window_id,
        new.status,
        body.client_ref,
        body.service,
        body.service_level,
        body.temperature_class,
        body.food,
        new.pooling,
        new.hub_site_id,
        load.weight_g,
        load.volume_cm3,
        load.pallet_places,
        new.outside_minor,
        basis_json(new.basis),
        body.declared_minor,
        body.cod_minor,
        body.inspection,
        body.incoterm,
        body.metadata,
        search_text(new),
        SEPARATOR.join(body.skills),
        SEPARATOR.join(body.po_numbers),
    )


def basis_json(basis: OutsideBasis | None) -> Any:
    """How an outside option is known, as stored."""
    return None if basis is None else msgspec.to_builtins(basis)


def search_text(new: NewShipment) -> str:
    """What a search looks at: own references and the names at both ends, without regard to case."""
    return SEPARATOR.join([new.body.client_ref, *new.body.po_numbers, *(stop.name for stop in new.stops)]).casefold()


def stop_row(shipment_id: UUID, stop: NewStop) -> tuple[Any, ...]:
    """An end's columns, in the order of the statement."""
    fields = structs.astuple(stop)
    windows = stop.windows
    first = min((window.start for window in windows), default=None)
    last = max((window.end for window in windows), default=None)
    # Encoded here: a list within the list of a column would be another dimension of the array.
    several = msgspec.Raw(msgspec.json.encode(windows)) if len(windows) > 1 else None
    return (shipment_id, *fields[:13], first, last, several, stop.service_s, stop.instructions)


def contacts(new: NewShipment) -> Iterable[tuple[Any, ...]]:
    """Rows of those ends that say whom to ask for."""
    for stop in new.stops:
        person = (stop.contact_name, stop.phone, stop.email)
        if person != (None, None, None):
            yield (new.shipment_id, stop.action, *person)


def units(new: NewShipment) -> Iterable[tuple[Any, ...]]:
    """Rows of handling units."""
    for line, unit in enumerate(new.body.handling_units, start=1):
        *plain, goods = structs.astuple(unit)
        if goods is None:
            hazard = (None, None, None, False, "")
        else:
            labels = " ".join(goods.labels)
            hazard = (goods.un_number, goods.hazard_class, goods.packing_group, goods.limited_quantity, labels)
        yield (new.shipment_id, line, *plain, *hazard)


def columns(rows: Iterable[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """Rows as ``width`` lists, one a column, which ``unnest`` takes."""
    found = [list(column) for column in zip(*rows, strict=True)]
    return found or [[] for _ in range(width)]


async def taken_refs(db: Connection, scope: Scope, refs: list[str]) -> set[str]:
    """Those of the given references that the calling member has used."""
    rows = await db.fetch(
        "SELECT client_ref FROM shipments WHERE cluster_id = $1 AND member_id = $2 AND client_ref = ANY($3)",
        scope.cluster,
        scope.member_id,
        refs,
    )
    return {row["client_ref"] for row in rows}


async def move(
    db: Connection,
    scope: Scope,
    shipment_ids: list[UUID],
    status: ShipmentStatus,
    only_from: Sequence[ShipmentStatus],
) -> list[tuple[UUID, UUID]]:
    """Moves shipments that stand in one of ``only_from``; returns those that moved, with their members."""
    rows = await db.fetch(
        """
        UPDATE shipments SET status = $3, status_at = now(), status_code = NULL, status_reason = NULL
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND status = ANY($4)
           AND ($5::uuid IS NULL OR member_id = $5)
        RETURNING shipment_id, member_id
        """,
        scope.cluster,
        shipment_ids,
        status,
        list(only_from),
        scope.member_id,
    )
    return [(row["shipment_id"], row["member_id"]) for row in rows]


async def standing_in(
    db: Connection, scope: Scope, shipment_ids: list[UUID], status: ShipmentStatus, pooling: Sequence[Pooling]
) -> set[UUID]:
    """Those of the given shipments that stand in ``status`` and are pooled in one of these ways."""
    rows = await db.fetch(
        """
        SELECT shipment_id FROM shipments
         WHERE cluster_id = $1 AND shipment_id = ANY($2) AND status = $3 AND pooling = ANY($4)
        """,
        scope.cluster,
        shipment_ids,
        status,
        list(pooling),
    )
    return {row["shipment_id"] for row in rows}


async def move_on(db: Connection, scope: Scope, from_id: UUID, to_id: UUID) -> list[tuple[UUID, UUID]]:
    """Moves economy shipments that wait in one window, at no hour of its day, to another; with their members."""
    rows = await db.fetch(
        """
        UPDATE shipments SET pool_window_id = $3
         WHERE cluster_id = $1 AND pool_window_id = $2 AND status = 'pooled' AND service_level = 'economy'
           AND NOT EXISTS (SELECT FROM shipment_stops AS stop
                            WHERE stop.cluster_id = $1 AND stop.shipment_id = shipments.shipment_id
                              AND stop.window_start IS NOT NULL)
        RETURNING shipment_id, member_id
        """,
        scope.cluster,
        from_id,
        to_id,
    )
    return [(row["shipment_id"], row["member_id"]) for row in rows]
