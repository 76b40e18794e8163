"""
What a shop's order becomes: booked, changed, cancelled, or left with the reason why not.

The order's row is held while something is done about it, and what was done is noted in the same transaction: a worker
that dies in between has done nothing, and two of them do it once.
"""

from enum import Enum
from uuid import UUID

from msgspec import Struct, structs

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope
from cluster.base.errors import ClusterError, Conflict, FieldFault, Invalid
from cluster.channels import order_queries as queries
from cluster.channels.drafting import Drafted, draft, text
from cluster.channels.models import ChannelOrder, ChannelOrderState, ChannelSettings
from cluster.channels.order_queries import Kept, Outcome
from cluster.imports import products
from cluster.places.geocoding import Geocoder
from cluster.shipments import edits
from cluster.shipments import service as shipments
from cluster.shipments.changes import CancelShipment, CausedBy, EditParty, EditShipment
from cluster.shipments.models import BookShipment, Shipment, ShipmentStatus

AGAIN_S = 900
"""A booking that the state of things refused, such as a window that is closed, is tried again after this."""
REFERENCES_MAX = 9
KEPT_BY_HAND = {"windows", "window_start", "window_end", "service_s", "site_id", "address_id"}
"""Of an end, what the shop says nothing of."""
State = ChannelOrderState


class Wish(Enum):
    """What an order asks for."""

    BOOK = 1
    CANCEL = 2
    WAIT = 3
    NOTHING = 4


class Around(Struct, frozen=True, kw_only=True):
    """What orders of a channel are settled with; ``scope`` is its member's."""

    database: Database
    scope: Scope
    geocoder: Geocoder
    code: str
    settings: ChannelSettings
    currency: str


def wish(order: ChannelOrder, settings: ChannelSettings) -> Wish:
    """What an order asks for."""
    if order.cancelled:
        return Wish.CANCEL
    if order.done or not order.lines:
        return Wish.NOTHING
    payable = order.paid or order.cash_on_delivery_minor is not None
    return Wish.BOOK if payable or not settings.paid_only else Wish.WAIT


async def settle(around: Around, order_id: UUID) -> None:
    """Does what an order asks for, once, and notes what became of it."""
    async with around.database.unit(around.scope) as db:
        found = await queries.locked(db, around.scope, order_id)
    if found is None or found.content is None:
        return
    asked, drafted, faults = wish(found.content, around.settings), None, []
    if asked is Wish.BOOK:
        try:
            drafted = await draft(
                around.database,
                around.scope,
                around.geocoder,
                found.content,
                found.mend,
                around.settings,
                around.currency,
            )
        except Invalid as refused:
            faults = list(refused.errors)
    async with around.database.unit(around.scope) as db:
        now = await queries.locked(db, around.scope, order_id)
        # What was told or mended while the draft was made is for the next look.
        if now is None or (now.digest, now.mend, now.content) != (found.digest, found.mend, found.content):
            return
        if asked is Wish.CANCEL:
            outcome = await _cancelled(db, around.scope, now)
        elif now.shipment_id is None:
            outcome = await _first(db, around, now, asked, drafted, faults)
        else:
            outcome = await _again(db, around, now, drafted, faults)
        await queries.settle(db, around.scope, order_id, outcome)


async def _first(
    db: Connection, around: Around, now: Kept, asked: Wish, drafted: Drafted | None, faults: list[FieldFault]
) -> Outcome:
    """For an order that is not booked."""
    if asked is Wish.WAIT:
        return Outcome(state=State.UNPAID)
    if asked is Wish.NOTHING:
        return Outcome(state=State.SKIPPED)
    if drafted is None:
        return Outcome(state=State.FAULTY, faults=faults)
    return await _booked(db, around, now, drafted)


async def _again(
    db: Connection, around: Around, now: Kept, drafted: Drafted | None, faults: list[FieldFault]
) -> Outcome:
    """For an order that is booked, and told again."""
    assert now.shipment_id is not None
    as_it_is = Outcome(state=State.BOOKED, shipment_id=now.shipment_id, booked_digest=now.booked_digest)
    if faults:
        return structs.replace(as_it_is, state=State.EXCEPTION, faults=faults)
    if drafted is None:
        return as_it_is
    held = await shipments.shipment(db, around.scope, now.shipment_id)
    if held.status is ShipmentStatus.CANCELLED:
        if now.booked_digest is None:  # asked for again
            return await _booked(db, around, now, drafted)
        cause, cure = "its shipment is cancelled, and the shop's order is not", "retry the order to book it anew"
        fault = FieldFault(pointer="", code="shipment_cancelled", cause=cause, cure=cure)
        return structs.replace(as_it_is, state=State.EXCEPTION, faults=[fault])
    if now.booked_digest == drafted.digest:
        return as_it_is
    return await _edited(db, around, held, as_it_is, drafted)


async def _booked(db: Connection, around: Around, now: Kept, drafted: Drafted) -> Outcome:
    """Books, under the first of some references that is free."""
    base = f"{around.code}/{text(now.number, 30) or now.external_id}"
    for number in range(1, REFERENCES_MAX + 1):
        body = structs.replace(drafted.body, client_ref=base if number == 1 else f"{base}/{number}")
        try:
            async with db.transaction():
                booked = await _book(db, around.scope, body, drafted)
        except Conflict as refused:
            if refused.code == "client_ref_taken" and number < REFERENCES_MAX:
                continue
            return Outcome(state=State.FAULTY, faults=_faults(refused), retry_s=AGAIN_S)
        except ClusterError as refused:
            if refused.status >= 500:
                raise
            again = None if isinstance(refused, Invalid) else AGAIN_S
            return Outcome(state=State.FAULTY, faults=_faults(refused), retry_s=again)
        shipment_id = ids.parse("shp", booked.id)
        return Outcome(state=State.BOOKED, shipment_id=shipment_id, booked_digest=drafted.digest)
    raise AssertionError("the loop returns")


async def _book(db: Connection, scope: Scope, body: BookShipment, drafted: Drafted) -> Shipment:
    if drafted.packed is None:
        return await shipments.book(db, scope, body)
    return await products.book(db, scope, body, drafted.packed)


async def _edited(db: Connection, around: Around, held: Shipment, as_it_is: Outcome, drafted: Drafted) -> Outcome:
    """Changes the booking, or notes that it was too late."""
    body = drafted.body
    ends = {
        field.name: getattr(body.delivery, field.name)
        for field in structs.fields(EditParty)
        if field.name not in KEPT_BY_HAND
    }
    change = EditShipment(delivery=EditParty(**ends), handling_units=body.handling_units, cod_minor=body.cod_minor)
    shipment_id = ids.parse("shp", held.id)
    try:
        async with db.transaction():
            await edits.edit(db, around.scope, shipment_id, change, "*")
            if drafted.packed is not None:
                await products.repack(db, around.scope, shipment_id, drafted.packed)
    except ClusterError as refused:
        if refused.status >= 500:
            raise
        return structs.replace(as_it_is, state=State.EXCEPTION, faults=_faults(refused))
    return structs.replace(as_it_is, booked_digest=drafted.digest)


async def _cancelled(db: Connection, scope: Scope, now: Kept) -> Outcome:
    """Cancels the booking, or notes that it was too late."""
    done = Outcome(state=State.CANCELLED, shipment_id=now.shipment_id, booked_digest=now.booked_digest)
    if now.shipment_id is None:
        return done
    reason = CancelShipment(reason="cancelled at the shop", caused_by=CausedBy.CONSIGNEE)
    try:
        async with db.transaction():
            await edits.cancel(db, scope, now.shipment_id, reason)
    except ClusterError as refused:
        if refused.status >= 500:
            raise
        return structs.replace(done, state=State.EXCEPTION, faults=_faults(refused))
    return done


def _faults(refused: ClusterError) -> list[FieldFault]:
    """A refusal as faults of the order."""
    if refused.errors:
        return list(refused.errors)
    cure = "see the API reference of the code; retry the order once it can be"
    return [FieldFault(pointer="", code=refused.code, cause=refused.detail, cure=cure)]
