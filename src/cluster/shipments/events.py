"""The timeline of a shipment, and reports from the road."""

from datetime import UTC, datetime
from uuid import UUID

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Role, Scope
from cluster.base.errors import Busy, Conflict, Forbidden
from cluster.base.pages import Page, page
from cluster.shipments import edit_queries
from cluster.shipments.changes import ReportStatus, ShipmentEvent
from cluster.shipments.edit_queries import Move
from cluster.shipments.models import Pooling, Shipment
from cluster.shipments.service import shipment
from cluster.shipments.states import Landing, Standing, correctable, landing

CORRECTION = "correction"


async def timeline(db: Connection, scope: Scope, shipment_id: UUID, after: UUID, limit: int) -> Page[ShipmentEvent]:
    """What happened to a shipment that the caller may see, in the order in which it was recorded."""
    await shipment(db, scope, shipment_id)
    return page(await edit_queries.events(db, scope, shipment_id, after.int, limit + 1), limit)


async def report(db: Connection, scope: Scope, shipment_id: UUID, body: ReportStatus) -> Shipment:
    """
    Takes down what happened to a shipment on its way.

    The neutral side reports on any shipment, a member on those that it moves itself. A report that comes late, or
    twice, is kept and changes nothing.

    Raises
    ------
    Forbidden
        When a member reports on what the pool moves, or corrects.
    Conflict
        When goods do not get there from where they are.
    """
    found = await shipment(db, scope, shipment_id)
    if scope.member_id is not None and (found.pooling is not Pooling.ALONE or body.correction):
        raise Forbidden("Only the coordinator reports on what the pool moves, and corrects.")
    at = (body.at or datetime.now(UTC)).astimezone(UTC)
    standing = Standing(found.status, found.status_at or found.created_at)
    lands = landing(standing, Standing(body.status, at))
    if body.correction:
        lands = Landing.APPLIED if correctable(found.status, body.status) else Landing.ILLEGAL
    if lands is Landing.ILLEGAL:
        raise Conflict("illegal_move", f"A shipment does not go from {found.status} to {body.status}.")
    move = Move(status=body.status, at=at, code=CORRECTION if body.correction else body.code, reason=body.reason)
    if lands is Landing.LATE:
        await edit_queries.note_late(db, scope, shipment_id, move)
        return await shipment(db, scope, shipment_id)
    if not await edit_queries.move_one(db, scope, shipment_id, found.version, move):
        raise Busy("Somebody else is changing the same shipment.")
    if scope.role is Role.COORDINATOR:
        detail = {"from": found.status, "to": body.status, "correction": body.correction}
        await audit.record(db, scope, "shipment.reported", "shp", shipment_id, detail)
    of = ids.parse("mem", found.member_id)
    await outbox.emit(db, scope, shipment_id, f"shipment.{body.status}", {}, member_id=of)
    return await shipment(db, scope, shipment_id)
