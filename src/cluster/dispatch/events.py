"""
Taking events in: from a driver's phone or the coordinator, many at once, in any order, some hours old.

An event that was taken before changes nothing, one that does not fit the tour is refused by itself, so that a phone's
queue always empties. What was done stays done: an outcome is changed by a correction alone, except that a visit that
failed may succeed later.
"""

from datetime import UTC, datetime
from uuid import UUID

from cluster.base import audit, ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.dispatch import event_queries, taking, taking_queries
from cluster.dispatch.event_models import (
    Action,
    CorrectVisit,
    EventKind,
    EventSource,
    ReportEvent,
    ReportEvents,
    TakenEvents,
    TrackingEvent,
)
from cluster.dispatch.event_queries import NewOutcome, TourChange
from cluster.dispatch.models import Outcome
from cluster.dispatch.reasons import fits, leads_to
from cluster.dispatch.taking import Report, Reporter, Taken, new_event
from cluster.dispatch.taking_queries import Following
from cluster.shipments import events as shipment_events
from cluster.shipments import service as shipments
from cluster.shipments.changes import ReportStatus
from cluster.shipments.models import ShipmentStatus


async def take(db: Connection, scope: Scope, tour_id: UUID, source: EventSource, body: ReportEvents) -> TakenEvents:
    """
    Takes events of a tour down, and what follows from them.

    Raises
    ------
    NotFound
        When there is no such tour.
    """
    reporter = Reporter(source=source, sent_at=body.sent_at)
    return of_one(tour_id, await taking.take(db, scope, reporter, [Report(tour_id, event) for event in body.events]))


def of_one(tour_id: UUID, taken: Taken) -> TakenEvents:
    """
    What became of events of one tour.

    Raises
    ------
    NotFound
        When it is not known to whoever told of it.
    """
    now = taken.tours.get(tour_id)
    if now is None:
        raise NotFound("tor")
    known = [event for event in taken.events if event is not None]
    return TakenEvents(status=now.status, version=now.version, events=known)


async def correct(db: Connection, scope: Scope, tour_id: UUID, body: CorrectVisit) -> TrackingEvent:
    """
    Puts a visit's outcome right, and with it the shipment's state, whatever they were.

    Raises
    ------
    NotFound
        When there is no such tour, or no such visit on it.
    Conflict
        When the shipment's state cannot be corrected so.
    Invalid
        When the reason is none for such a visit.
    """
    if await event_queries.hold(db, scope, tour_id) is None:
        raise NotFound("tor")
    shipment_id = ids.parse("shp", body.shipment_id)
    rows = await event_queries.visits(db, scope, tour_id)
    visit = next((row for row in rows if (row["shipment_id"], row["action"]) == (shipment_id, body.action)), None)
    if visit is None:
        raise NotFound("shp")
    partly = body.outcome is EventKind.PARTLY
    if body.reason_code is not None and not fits(body.reason_code, body.action, partly=partly):
        cause, cure = "no reason for such a visit", "see the reasons of the tour"
        fault = FieldFault(pointer="/reason_code", code="reason_not_for_this", cause=cause, cure=cure)
        raise Invalid([fault])
    at = min((body.at or datetime.now(UTC)).astimezone(UTC), datetime.now(UTC))
    right = _state(body)
    if ShipmentStatus(visit["status"]) is not right:
        said = ReportStatus(status=right, at=at, reason=body.note, correction=True)
        await shipment_events.report(db, scope, shipment_id, said)
    new = ReportEvent(
        event_key=f"correction-{ids.new().hex}",
        kind=body.outcome,
        at=at,
        shipment_id=ids.show("shp", shipment_id),
        action=body.action,
        reason=body.reason_code,
        note=body.note,
    )
    kept = new_event(new, at, EventSource.COORDINATOR, {(shipment_id, body.action): visit}, applied=True)
    outcome = NewOutcome(
        shipment_id=shipment_id,
        action=body.action,
        outcome=Outcome(body.outcome),
        at=at,
        reason=body.reason_code,
        units_done=None,
    )
    following = Following(events=[(tour_id, kept)], outcomes=[(tour_id, outcome)], changes={tour_id: TourChange()})
    await taking_queries.store(db, scope, following)
    detail = {"shipment": ids.show("shp", shipment_id), "action": body.action, "outcome": body.outcome}
    await audit.record(db, scope, "tour.corrected", "tor", tour_id, detail)
    before = UUID(int=kept.event_id.int - 1)
    return (await event_queries.events(db, scope, before, 1, tour_id, shipment_id))[0]


def _state(body: CorrectVisit) -> ShipmentStatus:
    """The state of a shipment whose visit ended so."""
    if body.outcome is EventKind.FAILED and body.reason_code is not None:
        return leads_to(body.reason_code, body.action)
    if body.action is Action.PICKUP:
        return ShipmentStatus.PICKED_UP
    return ShipmentStatus.DELIVERED if body.outcome is EventKind.DONE else ShipmentStatus.PARTIALLY_DELIVERED


async def of_tour(db: Connection, scope: Scope, tour_id: UUID, after: UUID, limit: int) -> Page[TrackingEvent]:
    """Events of a tour, in the order in which they came in."""
    if await event_queries.hold(db, scope, tour_id) is None:
        raise NotFound("tor")
    return page(await event_queries.events(db, scope, after, limit + 1, tour_id, None), limit)


async def of_shipment(db: Connection, scope: Scope, shipment_id: UUID, after: UUID, limit: int) -> Page[TrackingEvent]:
    """Events of a shipment that the caller may see."""
    await shipments.shipment(db, scope, shipment_id)
    return page(await event_queries.events(db, scope, after, limit + 1, None, shipment_id), limit)
