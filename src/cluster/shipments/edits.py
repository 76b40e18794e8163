"""Changes that a member, or the coordinator, makes to what is booked: edits, drafts to bookings, cancellations."""

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Busy, Conflict, FieldFault, Invalid
from cluster.base.etags import Outdated, must_match
from cluster.base.validation import explain, judge
from cluster.members import service as members
from cluster.shipments import edit_queries, outside, pools, queries
from cluster.shipments.changes import (
    BookDraft,
    Cancellation,
    CancelShipment,
    CausedBy,
    EditShipment,
    Patch,
    merged,
    patch_of,
)
from cluster.shipments.edit_queries import Move
from cluster.shipments.models import OUTSIDE, BookShipment, Pooling, Shipment, ShipmentStatus, ShipmentStop
from cluster.shipments.outside_models import OutsideKind
from cluster.shipments.parties import INLINE
from cluster.shipments.preparing import ENDS, prepare
from cluster.shipments.queries import NewShipment
from cluster.shipments.service import shipment
from cluster.shipments.states import EDITABLE, MOVES, POOLED_ONES

DRAFTS = (ShipmentStatus.DRAFT, ShipmentStatus.QUOTED)
BOOKED = (ShipmentStatus.BOOKED, *sorted(POOLED_ONES))
SAME = ("service", "service_level", "skills", "temperature_class", "food", "declared_minor", "cod_minor", "inspection",
        "incoterm", "po_numbers", "metadata", "handling_units", "client_ref", "pool_window_id", "hub_site_id",
        "pooling")  # fmt: skip
"""Fields that a shipment shows as they were booked."""


async def edit(db: Connection, scope: Scope, shipment_id: UUID, body: EditShipment, if_match: str | None) -> Shipment:
    """
    Changes a shipment of the calling member until its window closes; what was planned goes back to the pool.

    Raises
    ------
    VersionMissing, Outdated
        When the edit does not say which version it changes, or another than there is.
    Conflict
        After the cut-off, of the present window or of the one it is to move to; once it is dispatched.
    Invalid
        With every fault that booking the result would have.
    """
    await members.must_be_active(db, scope)
    found = await shipment(db, scope, shipment_id)
    must_match(if_match, found.version)
    await _must_be_open(db, scope, found)
    booking = _booking(found, patch_of(body))
    [new] = await prepare(db, scope, [booking], [""])
    await _put(db, scope, shipment_id, found, new, "edited")
    await outbox.emit(db, scope, shipment_id, "shipment.edited", {}, member_id=ids.parse("mem", found.member_id))
    return await shipment(db, scope, shipment_id)


async def book_draft(db: Connection, scope: Scope, shipment_id: UUID, body: BookDraft) -> Shipment:
    """
    Books a draft of the calling member. Booking it twice is the same as once.

    Raises
    ------
    Conflict
        When the window takes no bookings now, or the shipment is past booking.
    Invalid
        With every fault that it has in its window.
    """
    found = await shipment(db, scope, shipment_id)
    if found.status in BOOKED:
        return found
    if found.status not in DRAFTS:
        raise Conflict("not_a_draft", f"The shipment is {found.status}; only drafts are booked.")
    await members.must_be_active(db, scope)
    window: Patch = {} if body.pool_window_id is None else {"pool_window_id": body.pool_window_id}
    booking = _booking(found, window, draft=False)
    [new] = await prepare(db, scope, [booking], [""])
    await _put(db, scope, shipment_id, found, new, None)
    await outbox.emit(db, scope, shipment_id, "shipment.booked", {}, member_id=scope.member_id)
    return await shipment(db, scope, shipment_id)


async def _must_be_open(db: Connection, scope: Scope, found: Shipment) -> None:
    """Refuses to change what is dispatched, or booked in a window that has closed."""
    if found.status not in EDITABLE:
        raise Conflict("not_editable", f"The shipment is {found.status}; it can no longer be changed.")
    if found.pool_window_id is None or found.status in DRAFTS:
        return
    refused = pools.refusal(await pools.pool(db, scope, ids.parse("win", found.pool_window_id)))
    if refused is not None:
        raise refused


async def _put(
    db: Connection, scope: Scope, shipment_id: UUID, found: Shipment, new: NewShipment, code: str | None
) -> None:
    """Stores what a shipment has become, if it still is what was found."""
    if new.status not in MOVES[found.status] | {found.status}:
        raise Conflict("not_editable", f"A shipment that is {found.status} does not become {new.status}.")
    await _touch(db, scope, found)
    try:
        async with db.transaction():
            done = await edit_queries.replace(db, scope, shipment_id, found.version, new, code)
    except asyncpg.UniqueViolationError:
        raise Conflict("client_ref_taken", "A shipment with this client_ref is booked already.") from None
    if not done:
        raise Outdated
    await edit_queries.clear_parts(db, scope, shipment_id)
    await edit_queries.insert_parts(db, scope, shipment_id, new)


async def _touch(db: Connection, scope: Scope, found: Shipment) -> None:
    """Tells plans under way that a shipment they may hold changes."""
    if found.status in POOLED_ONES and found.pool_window_id is not None:
        await pools.touch(db, scope, ids.parse("win", found.pool_window_id))


def _booking(found: Shipment, patch: Patch, draft: bool | None = None) -> BookShipment:
    """
    The booking that a shipment and a change of it amount to.

    Raises
    ------
    Invalid
        With every fault in it.
    """
    base = _as_booked(found)
    for end in ENDS:
        before, change = base.get(end), patch.get(end)
        if isinstance(before, dict) and isinstance(change, dict):
            base[end] = _making_way(before, change)
    if any(patch.get(name) is not None for name in OUTSIDE):
        base = {name: value for name, value in base.items() if name not in OUTSIDE}
    whole = merged(base, patch)
    if "pooling" not in patch and found.pooling is Pooling.EITHER and not any(name in whole for name in OUTSIDE):
        whole["pooling"] = Pooling.POOL
    whole["draft"] = found.status in DRAFTS if draft is None else draft
    try:
        booking = msgspec.convert(whole, BookShipment)
    except msgspec.ValidationError:
        raise explain(msgspec.json.encode(whole), BookShipment) from None
    judge(booking)
    return booking


def _as_booked(found: Shipment) -> Patch:
    """A shipment as the body that would book it, without what is left out."""
    body: dict[str, Any] = {name: getattr(found, name) for name in SAME}
    body |= {end: None if (stop := getattr(found, end)) is None else _party(stop) for end in ENDS}
    basis = found.outside_basis
    if basis is None or basis.kind is OutsideKind.GIVEN:
        body["outside_minor"] = found.outside_minor
    elif basis.kind is OutsideKind.TARIFF:
        body["outside_tariff"] = basis.tariff_code
    else:
        body["outside_quote"] = _present(
            amount_minor=found.outside_minor,
            carrier_name=basis.carrier_name,
            valid_until=basis.valid_until,
            reference=basis.reference,
        )
    shown: Patch = msgspec.to_builtins(_present(**body))
    return shown


def _party(stop: ShipmentStop) -> dict[str, Any]:
    fields = {name: getattr(stop, name) for name in msgspec.structs.asdict(stop)}
    named = stop.site_id is not None or stop.address_id is not None
    for name in INLINE if named else ():
        del fields[name]
    if len(stop.windows) > 1:
        del fields["window_start"], fields["window_end"]
    else:
        del fields["windows"]
    return _present(**fields)


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _making_way(before: Patch, change: Patch) -> Patch:
    """An end without what the change puts something else in place of: another kind of place, another kind of window."""
    given = {name for name, value in change.items() if value is not None}
    gone: set[str] = set()
    if given & {"site_id", "address_id"}:
        gone |= {"site_id", "address_id", *INLINE}
    elif given & set(INLINE):
        gone |= {"site_id", "address_id"}
    if "windows" in given:
        gone |= {"window_start", "window_end"}
    elif given & {"window_start", "window_end"}:
        gone.add("windows")
    return {name: value for name, value in before.items() if name not in gone}


async def cancel(db: Connection, scope: Scope, shipment_id: UUID, body: CancelShipment) -> Shipment:
    """
    Cancels a shipment. Cancelling again changes nothing.

    Free until its window closes. Afterwards the coordinator may, until the goods are picked up, and its member until
    dispatch if the cluster's rules say so.

    Raises
    ------
    Conflict
        Too late for whoever asks.
    """
    found = await shipment(db, scope, shipment_id)
    if found.status is ShipmentStatus.CANCELLED:
        return found
    late = await _late(db, scope, found)
    caused_by = body.caused_by or (CausedBy.COORDINATOR if scope.member_id is None else CausedBy.MEMBER)
    if scope.member_id is not None and caused_by not in (CausedBy.MEMBER, CausedBy.CONSIGNEE):
        cause, cure = "for the coordinator to say", "member or consignee"
        raise Invalid([FieldFault(pointer="/caused_by", code="not_yours", cause=cause, cure=cure)])
    await _touch(db, scope, found)
    move = Move(status=ShipmentStatus.CANCELLED, code=ShipmentStatus.CANCELLED.value, reason=body.reason)
    if not await edit_queries.move_one(db, scope, shipment_id, found.version, move):
        raise Busy("Somebody else is changing the same shipment.")
    await edit_queries.insert_cancellation(db, scope, shipment_id, found.status, late, caused_by, body.reason)
    detail = {"stage": found.status, "after_cut_off": late, "caused_by": caused_by}
    if scope.member_id is None:
        await audit.record(db, scope, "shipment.cancelled", "shp", shipment_id, detail)
    of = ids.parse("mem", found.member_id)
    await outbox.emit(db, scope, shipment_id, "shipment.cancelled", {}, member_id=of)
    return await shipment(db, scope, shipment_id)


async def _late(db: Connection, scope: Scope, found: Shipment) -> bool:
    """Whether the cut-off has passed; refuses whoever may not cancel any more."""
    if ShipmentStatus.CANCELLED not in MOVES[found.status]:
        raise Conflict("too_late_to_cancel", f"The shipment is {found.status}; what is picked up is returned instead.")
    if found.pool_window_id is None or found.status in DRAFTS:
        return False
    pool = await pools.pool(db, scope, ids.parse("win", found.pool_window_id))
    refused = pools.refusal(pool)
    if refused is None or pool.now < pool.cut_off_at:
        return False
    if scope.member_id is not None:
        if found.status is ShipmentStatus.DISPATCHED:
            raise Conflict("too_late_to_cancel", "The shipment is dispatched; ask your coordinator.")
        if found.pooling is not Pooling.ALONE and not (await outside.rules(db, scope)).late_cancellation:
            raise refused
    return True


async def cancellations(db: Connection, scope: Scope, pool_window_id: UUID) -> list[Cancellation]:
    """Cancellations of a pool window that the caller may see: what a true-up reads."""
    return await edit_queries.cancellations(db, scope, pool_window_id)


async def move_on(db: Connection, scope: Scope, pool_window_id: UUID) -> list[UUID]:
    """
    Moves economy shipments that the plan of a closed window left out to the next window that takes bookings.

    Those that ask for hours of their service day stay. Returns the ones that moved; none while no window is open.
    """
    pool = await pools.pool(db, scope, pool_window_id)
    if pool.now < pool.cut_off_at:
        raise Conflict("pool_window_open", "The window takes bookings still; economy moves on once it has closed.")
    later = (await pools.pools_for_booking(db, scope, {None}))[None]
    if later is None:
        return []
    await pools.touch(db, scope, pool_window_id)
    moved = await queries.move_on(db, scope, pool_window_id, later.pool_window_id)
    events = [outbox.NewEvent(resource_id=shipment_id, payload={}, member_id=of) for shipment_id, of in moved]
    await outbox.emit_many(db, scope, "shipment.edited", events)
    return [shipment_id for shipment_id, _ in moved]
