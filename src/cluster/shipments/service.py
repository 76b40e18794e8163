"""Use cases of shipments."""

from uuid import UUID

import asyncpg

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import ClusterError, Conflict, FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.places import service as places
from cluster.places.models import SiteRef
from cluster.shipments import pools, queries
from cluster.shipments.models import (
    BookedShipments,
    BookShipment,
    BookShipments,
    Party,
    Pool,
    Shipment,
    ShipmentStatus,
    totals,
)
from cluster.shipments.queries import NewShipment, NewStop

ENDS = ("pickup", "delivery")


async def book(db: Connection, scope: Scope, body: BookShipment) -> Shipment:
    """
    Books one shipment for the calling member.

    Raises
    ------
    Conflict
        When its window takes no bookings now, or its reference is taken.
    NotFound, Invalid
        When it refers to what is not there, or asks for a time outside the service day.
    """
    new = await _prepare(db, scope, [body], [""])
    await _insert(db, scope, new)
    await outbox.emit(db, scope, new[0].shipment_id, "shipment.booked", {}, member_id=scope.member_id)
    return await shipment(db, scope, new[0].shipment_id)


async def book_many(db: Connection, scope: Scope, body: BookShipments) -> BookedShipments:
    """Books many shipments: all, or none with every fault told."""
    pointers = [f"/shipments/{index}" for index in range(len(body.shipments))]
    faults = await _reference_faults(db, scope, body.shipments, pointers)
    new = await _prepare(db, scope, body.shipments, pointers, faults)
    await _insert(db, scope, new)
    batch_id = ids.new()
    shown = [ids.show("shp", entry.shipment_id) for entry in new]
    await outbox.emit(db, scope, batch_id, "shipments.booked", {"shipments": shown}, member_id=scope.member_id)
    return BookedShipments(id=ids.show("bat", batch_id), shipments=shown)


async def _insert(db: Connection, scope: Scope, new: list[NewShipment]) -> None:
    try:
        await queries.insert(db, scope, new)
    except asyncpg.UniqueViolationError:
        raise Conflict("client_ref_taken", "A shipment with this client_ref is booked already.") from None


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


async def _prepare(
    db: Connection,
    scope: Scope,
    bodies: list[BookShipment],
    pointers: list[str],
    faults: list[FieldFault] | None = None,
) -> list[NewShipment]:
    """Bodies with everything they refer to looked up; raises with all that is wrong."""
    faults = [] if faults is None else faults
    windows = {
        body.pool_window_id: None if body.pool_window_id is None else ids.parse("win", body.pool_window_id)
        for body in bodies
    }
    by_wish = await pools.pools_for_booking(db, scope, set(windows.values()))
    sites = await _sites(db, scope, bodies)
    new = []
    for body, pointer in zip(bodies, pointers, strict=True):
        pool = by_wish[windows[body.pool_window_id]]
        refused: ClusterError | None = NotFound("win") if pool is None else pools.refusal(pool)
        if pool is None or refused is not None:
            raise refused or NotFound("win")
        hub = None if body.hub_site_id is None else ids.parse("sit", body.hub_site_id)
        if hub is not None and hub not in sites:
            raise NotFound("sit")
        stops = []
        for name, party in zip(ENDS, (body.pickup, body.delivery), strict=True):
            if party is not None:
                faults += _window_faults(party, pool, f"{pointer}/{name}")
                stops.append(_stop(name, party, sites))
        shipment_id = ids.new()
        new.append(
            NewShipment(
                shipment_id=shipment_id,
                pool_window_id=pool.pool_window_id,
                hub_site_id=hub,
                body=body,
                totals=totals(body.handling_units),
                stops=stops,
            )
        )
    if faults:
        raise Invalid(faults)
    return new


async def _sites(db: Connection, scope: Scope, bodies: list[BookShipment]) -> dict[UUID, SiteRef]:
    """Every site that the bodies name and the caller may see."""
    named = {
        ids.parse("sit", site_id)
        for body in bodies
        for site_id in (
            body.hub_site_id,
            body.pickup.site_id if body.pickup else None,
            body.delivery.site_id if body.delivery else None,
        )
        if site_id is not None
    }
    return await places.site_refs(db, scope, sorted(named))


def _window_faults(party: Party, pool: Pool, pointer: str) -> list[FieldFault]:
    """Asking for another day than the window's."""
    if party.window_start is None or party.window_end is None:
        return []
    if pool.day_start <= party.window_start and party.window_end <= pool.day_end:
        return []
    cause = f"not within the service day {pool.service_date}"
    cure = f"stay between {pool.day_start.isoformat()} and {pool.day_end.isoformat()}"
    return [FieldFault(pointer=f"{pointer}/window_start", code="outside_service_day", cause=cause, cure=cure)]


def _stop(action: str, party: Party, sites: dict[UUID, SiteRef]) -> NewStop:
    """A party with its place resolved."""
    site_id = None if party.site_id is None else ids.parse("sit", party.site_id)
    if site_id is not None and site_id not in sites:
        raise NotFound("sit")
    place = party if site_id is None else sites[site_id]
    return NewStop(
        action=action,
        site_id=site_id,
        name=place.name or "",
        address_line1=place.address_line1 or "",
        lat=place.lat or 0.0,
        lon=place.lon or 0.0,
        window_start=party.window_start,
        window_end=party.window_end,
        service_s=party.service_s,
    )


async def shipment(db: Connection, scope: Scope, shipment_id: UUID) -> Shipment:
    """One shipment that the caller may see."""
    found = await queries.shipment(db, scope, shipment_id)
    if found is None:
        raise NotFound("shp")
    return found


async def list_shipments(
    db: Connection, scope: Scope, after: UUID, limit: int, pool_window_id: UUID | None, status: str | None
) -> Page[Shipment]:
    """Shipments that the caller may see."""
    return page(await queries.shipments(db, scope, after, limit + 1, pool_window_id, status), limit)


async def cancel(db: Connection, scope: Scope, shipment_id: UUID) -> Shipment:
    """
    Cancels a shipment before its window's cut-off. Cancelling again changes nothing.

    Raises
    ------
    Conflict
        After the cut-off.
    """
    found = await shipment(db, scope, shipment_id)
    if found.status is ShipmentStatus.CANCELLED:
        return found
    pool_window_id = ids.parse("win", found.pool_window_id)
    refused = pools.refusal(await pools.pool(db, scope, pool_window_id))
    if refused is not None:
        raise refused
    await pools.touch(db, scope, pool_window_id)
    live = [ShipmentStatus.BOOKED, ShipmentStatus.POOLED, ShipmentStatus.PLANNED]
    if await queries.set_status(db, scope, [shipment_id], ShipmentStatus.CANCELLED, live):
        await outbox.emit(db, scope, shipment_id, "shipment.cancelled", {}, member_id=scope.member_id)
    return await shipment(db, scope, shipment_id)


async def pooled(db: Connection, scope: Scope, pool_window_id: UUID) -> list[Shipment]:
    """All live shipments of a pool window: what planning plans."""
    found = await queries.shipments(db, scope, UUID(int=0), 1_000_000, pool_window_id, None)
    return [entry for entry in found if entry.status is not ShipmentStatus.CANCELLED]


async def mark_planned(db: Connection, scope: Scope, planned: list[UUID], left_out: list[UUID]) -> list[UUID]:
    """
    Moves shipments into a plan, and those it left out back to the pool.

    Returns
    -------
    list[UUID]
        Planned ones that could not move because they were cancelled meanwhile; the plan must then not apply.
    """
    live = [ShipmentStatus.BOOKED, ShipmentStatus.POOLED, ShipmentStatus.PLANNED]
    moved = await queries.set_status(db, scope, sorted(planned), ShipmentStatus.PLANNED, live)
    await queries.set_status(db, scope, sorted(left_out), ShipmentStatus.POOLED, live)
    return sorted(set(planned) - set(moved))
