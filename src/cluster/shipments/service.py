"""Use cases of shipments: booking, looking up, and what planning does with them."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
from msgspec import structs

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Busy, Conflict, FieldFault, NotFound
from cluster.base.outbox import NewEvent
from cluster.base.pages import Page, encoded_page_of, page
from cluster.members import service as members
from cluster.shipments import queries, read_queries
from cluster.shipments.encoded import EncodedShipments, encode
from cluster.shipments.models import (
    BookedShipments,
    BookShipment,
    BookShipments,
    Pooling,
    Shipment,
    ShipmentStatus,
    ShipmentStop,
)
from cluster.shipments.preparing import prepare
from cluster.shipments.queries import NewShipment, NewStop
from cluster.shipments.read_queries import Filters
from cluster.shipments.states import POOLED_ONES

EVERYTHING = 1_000_000
"""More than a pool window holds."""
EVENT_SHIPMENTS_MAX = 500
"""In one event, which is to stay below 20 kB."""
SHARED = (Pooling.POOL, Pooling.EITHER)
TOPICS = {
    ShipmentStatus.DRAFT: "shipment.drafted",
    ShipmentStatus.BOOKED: "shipment.booked",
    ShipmentStatus.POOLED: "shipment.booked",
}


async def book(db: Connection, scope: Scope, body: BookShipment) -> Shipment:
    """
    Books one shipment for the calling member.

    Raises
    ------
    Conflict
        When its member may not book, its window takes no bookings now, or its reference is taken.
    NotFound, Invalid
        When it refers to what is not there, or asks for a time outside the service day.
    """
    [new] = await prepare(db, scope, [body], [""])
    at = await _insert(db, scope, [new])
    await outbox.emit(db, scope, new.shipment_id, TOPICS[new.status], {}, member_id=scope.member_id, fresh=True)
    return _as_stored(scope, new, at)


async def considered(db: Connection, scope: Scope, body: BookShipment) -> Shipment:
    """
    The shipment that ``book`` would store, with nothing stored.

    Raises
    ------
    ClusterError
        Whatever booking it would be refused for, but for a reference that is taken.
    """
    [new] = await prepare(db, scope, [body], [""])
    return _as_stored(scope, new, datetime.now(UTC))


async def book_many(db: Connection, scope: Scope, body: BookShipments) -> BookedShipments:
    """Books many shipments: all, or none with every fault told."""
    new = await check_many(db, scope, body)
    await _insert(db, scope, new)
    batch_id = ids.new()
    shown = [ids.show("shp", entry.shipment_id) for entry in new]
    for start in range(0, len(shown), EVENT_SHIPMENTS_MAX):
        told = {"shipments": shown[start : start + EVENT_SHIPMENTS_MAX]}
        await outbox.emit(db, scope, batch_id, "shipments.booked", told, member_id=scope.member_id)
    return BookedShipments(id=ids.show("bat", batch_id), shipments=shown)


async def check_many(db: Connection, scope: Scope, body: BookShipments) -> list[NewShipment]:
    """What ``book_many`` would store, with nothing stored; refuses what it would refuse."""
    await members.must_be_active(db, scope)
    pointers = [f"/shipments/{index}" for index in range(len(body.shipments))]
    faults = await _reference_faults(db, scope, body.shipments, pointers)
    return await prepare(db, scope, body.shipments, pointers, faults)


async def _insert(db: Connection, scope: Scope, new: list[NewShipment]) -> datetime:
    try:
        return await queries.insert(db, scope, new)
    except asyncpg.UniqueViolationError:
        raise Conflict("client_ref_taken", "A shipment with this client_ref is booked already.") from None
    except asyncpg.InsufficientPrivilegeError:
        # Suspended between the look at its standing and this statement; row-level security is the last to know.
        raise Busy("What this member may do changes at this moment; ask again.") from None


async def _reference_faults(
    db: Connection, scope: Scope, bodies: list[BookShipment], pointers: list[str]
) -> list[FieldFault]:
    """References used before, or twice in this request."""
    taken = await queries.taken_refs(db, scope, [body.client_ref for body in bodies])
    faults, seen = [], set()
    for body, pointer in zip(bodies, pointers, strict=True):
        if body.client_ref in taken or body.client_ref in seen:
            cause = "booked before" if body.client_ref in taken else "twice in this request"
            cure = "give each shipment a reference of its own"
            faults.append(FieldFault(pointer=f"{pointer}/client_ref", code="client_ref_taken", cause=cause, cure=cure))
        seen.add(body.client_ref)
    return faults


def _as_stored(scope: Scope, new: NewShipment, at: datetime) -> Shipment:
    """What reading the shipment would give, without reading it."""
    body = new.body
    ends = {stop.action: _stop(stop) for stop in new.stops}
    return Shipment(
        id=ids.show("shp", new.shipment_id),
        member_id=ids.show("mem", scope.member_id) if scope.member_id is not None else "",
        pool_window_id=None if new.pool_window_id is None else ids.show("win", new.pool_window_id),
        client_ref=body.client_ref,
        service=body.service,
        service_level=body.service_level,
        status=new.status,
        status_at=at,
        pooling=new.pooling,
        pickup=ends.get("pickup"),
        delivery=ends.get("delivery"),
        hub_site_id=body.hub_site_id,
        **structs.asdict(new.totals),
        outside_minor=new.outside_minor,
        outside_basis=new.basis,
        skills=body.skills,
        temperature_class=body.temperature_class,
        food=body.food,
        declared_minor=body.declared_minor,
        cod_minor=body.cod_minor,
        inspection=body.inspection,
        incoterm=body.incoterm,
        po_numbers=body.po_numbers,
        metadata=body.metadata,
        handling_units=body.handling_units,
        created_at=at,
        updated_at=at,
    )


def _stop(stop: NewStop) -> ShipmentStop:
    fields = structs.asdict(stop)
    del fields["action"]
    fields["site_id"] = None if stop.site_id is None else ids.show("sit", stop.site_id)
    fields["address_id"] = None if stop.address_id is None else ids.show("adr", stop.address_id)
    return ShipmentStop(
        **fields,
        window_start=min((window.start for window in stop.windows), default=None),
        window_end=max((window.end for window in stop.windows), default=None),
    )


async def shipment(db: Connection, scope: Scope, shipment_id: UUID) -> Shipment:
    """One shipment that the caller may see."""
    found = await read_queries.shipment(db, scope, shipment_id)
    if found is None:
        raise NotFound("shp")
    return found


async def list_shipments(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Filters) -> Page[Shipment]:
    """Shipments that the caller may see."""
    return page(await read_queries.shipments(db, scope, after, limit + 1, wanted), limit)


async def encoded_shipment(
    db: Connection, scope: Scope, shipment_id: UUID, kept: EncodedShipments
) -> tuple[bytes, int]:
    """One shipment that the caller may see, as JSON, and its version."""
    seen = await read_queries.seen(db, scope, shipment_id)
    if seen is None:
        raise NotFound("shp")
    [body] = await encode(db, scope, [seen], kept)
    return body, seen.version


async def encoded_page(
    db: Connection, scope: Scope, after: UUID, limit: int, wanted: Filters, kept: EncodedShipments
) -> bytes:
    """What ``list_shipments`` gives, as JSON."""
    seen = await read_queries.listed(db, scope, after, limit + 1, wanted)
    shown = seen[:limit]
    last = ids.show("shp", shown[-1].shipment_id) if len(seen) > limit else None
    return encoded_page_of(await encode(db, scope, shown, kept), last)


async def list_of_window(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None, status: ShipmentStatus | None
) -> Page[Shipment]:
    """Shipments that the caller may see, of one window or in one state if asked: what is exported."""
    statuses = None if status is None else [status]
    return await list_shipments(db, scope, after, limit, Filters(pool_window_id=pool_window_id, statuses=statuses))


async def some(db: Connection, scope: Scope, wanted: list[UUID]) -> list[Shipment]:
    """These shipments, as far as the caller may see them."""
    return list((await read_queries.whole(db, scope, wanted)).values())


async def pooled(db: Connection, scope: Scope, pool_window_id: UUID) -> list[Shipment]:
    """What planning plans: the shipments of a pool window that are to be carried together."""
    wanted = Filters(pool_window_id=pool_window_id, statuses=sorted(POOLED_ONES))
    found = await read_queries.shipments(db, scope, read_queries.FIRST, EVERYTHING, wanted)
    absent = await members.not_planned(db, scope)
    there = [entry for entry in found if entry.status in POOLED_ONES]  # some are cancelled while they are read
    return [entry for entry in there if entry.pooling is not Pooling.ALONE and entry.member_id not in absent]


async def mark_planned(db: Connection, scope: Scope, planned: list[UUID], left_out: list[UUID]) -> list[UUID]:
    """
    Moves shipments into a plan, and those it left out back to the pool.

    Returns
    -------
    list[UUID]
        Planned ones that could not move because they were cancelled or taken out meanwhile; the plan must not apply.
    """
    in_plan = await queries.move(db, scope, sorted(planned), ShipmentStatus.PLANNED, [ShipmentStatus.POOLED])
    back = await queries.move(db, scope, sorted(left_out), ShipmentStatus.POOLED, [ShipmentStatus.PLANNED])
    for topic, moved in (("shipment.planned", in_plan), ("shipment.pooled", back)):
        events = [NewEvent(resource_id=shipment_id, payload={}, member_id=owner) for shipment_id, owner in moved]
        if events:
            await outbox.emit_many(db, scope, topic, events)
    standing = await queries.standing_in(db, scope, sorted(planned), ShipmentStatus.PLANNED, SHARED)
    return sorted(set(planned) - standing)
