"""
Taking events in: from a driver's phone or the coordinator, many at once, in any order, some hours old.

An event that was taken before changes nothing, one that does not fit the tour is refused by itself, so that a phone's
queue always empties. What was done stays done: an outcome is changed by a correction alone, except that a visit that
failed may succeed later.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Invalid, NotFound
from cluster.base.pages import Page, page
from cluster.dispatch import event_queries
from cluster.dispatch.event_models import (
    OF_STOPS,
    OF_VISITS,
    Action,
    CorrectVisit,
    EventKind,
    EventResult,
    EventSource,
    ReportEvent,
    ReportEvents,
    TakenEvent,
    TakenEvents,
    TrackingEvent,
)
from cluster.dispatch.event_queries import NewEvent, NewOutcome, TourChange
from cluster.dispatch.folding import Folded, Visits, fold
from cluster.dispatch.models import Outcome, TourStatus
from cluster.dispatch.reasons import fits, leads_to
from cluster.shipments import events as shipment_events
from cluster.shipments import reports
from cluster.shipments import service as shipments
from cluster.shipments.changes import ReportStatus
from cluster.shipments.models import ShipmentStatus

SKEW = timedelta(seconds=60)
"""Clocks that differ by less are taken at their word."""
AGE_MAX = timedelta(days=366)
REFUSED_BY = {TourStatus.PLANNED: "tour_not_dispatched", TourStatus.CANCELLED: "tour_over"}


async def take(db: Connection, scope: Scope, tour_id: UUID, source: EventSource, body: ReportEvents) -> TakenEvents:
    """
    Takes events of a tour down, and what follows from them.

    Raises
    ------
    NotFound
        When there is no such tour.
    """
    tour = await event_queries.hold(db, scope, tour_id)
    if tour is None:
        raise NotFound("tor")
    rows = await event_queries.visits(db, scope, tour_id)
    visits: Visits = {(row["shipment_id"], row["action"]): row for row in rows}
    known = await event_queries.known_keys(db, scope, tour_id, [event.event_key for event in body.events])
    results: dict[int, TakenEvent] = {}
    fresh: list[tuple[int, ReportEvent]] = []
    for number, event in enumerate(body.events):
        refusal = REFUSED_BY.get(TourStatus(tour["status"])) or _refusal(event, visits, rows)
        if event.event_key in known:
            results[number] = TakenEvent(event_key=event.event_key, result=EventResult.DUPLICATE)
        elif refusal is not None:
            results[number] = TakenEvent(event_key=event.event_key, result=EventResult.REFUSED, code=refusal)
        else:
            known.add(event.event_key)
            fresh.append((number, event))
    if fresh:
        clock = _Clock(tour["now"], body.sent_at)
        timed = sorted(((clock.right(event.at), number, event) for number, event in fresh), key=lambda row: row[:2])
        folded = fold(tour, visits, [(at, event) for at, _, event in timed])
        await _store(db, scope, tour_id, source, timed, folded, visits)
        for (_, number, event), applied in zip(timed, folded.applied, strict=True):
            result = EventResult.APPLIED if applied else EventResult.LATE
            results[number] = TakenEvent(event_key=event.event_key, result=result)
    now = await event_queries.hold(db, scope, tour_id)
    return TakenEvents(
        status=TourStatus(now["status"]),
        version=now["version"],
        events=[results[number] for number in range(len(body.events))],
    )


class _Clock:
    """Puts a phone's times right by the platform's clock: nothing has happened later than now, or ages ago."""

    def __init__(self, now: datetime, sent_at: datetime | None) -> None:
        self._now = now
        skew = timedelta() if sent_at is None else now - sent_at
        self._shift = skew if abs(skew) > SKEW else timedelta()

    def right(self, at: datetime) -> datetime:
        return max(min(at.astimezone(UTC) + self._shift, self._now), self._now - AGE_MAX)


def _refusal(event: ReportEvent, visits: Visits, rows: list[Any]) -> str | None:
    """Why an event does not fit a tour; None where it does."""
    named = None
    if event.shipment_id is not None and event.action is not None:
        named = _visit_of(event, visits)
        if named is None:
            return "not_on_tour"
    elif event.shipment_id is not None:
        return "not_on_tour"
    if event.kind in OF_STOPS and all(row["stop_no"] != event.stop_no for row in rows):
        return "not_on_tour"
    if event.reason is not None:
        action = event.action.value if event.kind in OF_VISITS and event.action is not None else None
        if not fits(event.reason, action, partly=event.kind is EventKind.PARTLY):
            return "reason_not_for_this"
    return None


def _visit_of(event: ReportEvent, visits: Visits) -> Any:
    try:
        shipment_id = ids.parse("shp", event.shipment_id or "")
    except NotFound:
        return None
    if event.kind is EventKind.LOADED:  # loaded at the tour's start, for a delivery later on
        return visits.get((shipment_id, Action.DELIVERY)) or visits.get((shipment_id, Action.PICKUP))
    return visits.get((shipment_id, event.action or ""))


async def _store(
    db: Connection,
    scope: Scope,
    tour_id: UUID,
    source: EventSource,
    timed: list[tuple[datetime, int, ReportEvent]],
    folded: Folded,
    visits: Visits,
) -> None:
    """Keeps events and what follows from them; the shipments' states come first, they say what came too late."""
    await reports.report_many(db, scope, folded.reports)
    new = [
        _new(event, at, source, applied, visits) for (at, _, event), applied in zip(timed, folded.applied, strict=True)
    ]
    await event_queries.insert(db, scope, tour_id, new)
    await event_queries.put_outcomes(db, scope, tour_id, list(folded.outcomes.values()))
    await event_queries.put_times(db, scope, tour_id, folded.arrived, folded.left)
    await event_queries.change_tour(db, scope, tour_id, folded.change)
    await _tell(db, scope, tour_id, new, folded.change)


def _new(event: ReportEvent, at: datetime, source: EventSource, applied: bool, visits: Visits) -> NewEvent:
    visit = _visit_of(event, visits) if event.shipment_id is not None else None
    return NewEvent(
        event_id=ids.new(),
        member_id=None if visit is None else visit["member_id"],
        shipment_id=None if visit is None else visit["shipment_id"],
        event_key=event.event_key,
        kind=event.kind,
        source=source,
        stop_no=None if visit is not None else event.stop_no,
        action=event.action,
        reason=event.reason,
        units_done=event.units_done,
        note=event.note,
        at=at,
        told_at=event.at,
        applied=applied,
        lat=event.lat,
        lon=event.lon,
        accuracy_m=event.accuracy_m,
    )


async def _tell(db: Connection, scope: Scope, tour_id: UUID, new: Iterable[NewEvent], change: TourChange) -> None:
    """The coordinator hears how tours go; members how visits to their own consignees went, and of nothing else."""
    if change.started_at is not None and change.status is not None:
        await outbox.emit(db, scope, tour_id, "tour.started", {})
    if change.status == TourStatus.COMPLETED:
        await outbox.emit(db, scope, tour_id, "tour.completed", {})
    for event in new:
        if event.kind is EventKind.EXCEPTION and event.shipment_id is None:
            await outbox.emit(db, scope, tour_id, "tour.exception", {"reason": event.reason})
        elif event.kind in OF_VISITS and event.shipment_id is not None:
            payload = {"id": ids.show("shp", event.shipment_id), "kind": event.kind, "action": event.action,
                       "reason": event.reason, "at": event.at.isoformat()}  # fmt: skip
            await outbox.emit(db, scope, event.shipment_id, "tracking.event", payload, member_id=event.member_id)


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
    kept = _new(new, at, EventSource.COORDINATOR, True, {(shipment_id, body.action): visit})
    await event_queries.insert(db, scope, tour_id, [kept])
    outcome = NewOutcome(
        shipment_id=shipment_id,
        action=body.action,
        outcome=Outcome(body.outcome),
        at=at,
        reason=body.reason_code,
        units_done=None,
    )
    await event_queries.put_outcomes(db, scope, tour_id, [outcome])
    await event_queries.change_tour(db, scope, tour_id, TourChange())
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
