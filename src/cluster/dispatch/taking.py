"""
Events of any number of tours, taken in one go: the same few statements for one event of one tour and for a thousand.

Each tour's events are folded by themselves, in the order in which they happened. Tours are held in the order of their
identifiers and shipments in the order of theirs, whoever takes what.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import Struct

from cluster.base import ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import NotFound
from cluster.dispatch import taking_queries, telling
from cluster.dispatch.event_models import (
    OF_STOPS,
    OF_VISITS,
    Action,
    EventKind,
    EventResult,
    EventSource,
    ReportEvent,
    TakenEvent,
)
from cluster.dispatch.event_queries import NewEvent, TourChange
from cluster.dispatch.folding import Folded, Visits, fold
from cluster.dispatch.models import TourStatus
from cluster.dispatch.reasons import fits
from cluster.dispatch.taking_queries import Following
from cluster.shipments import reports

SKEW = timedelta(seconds=60)
"""Clocks that differ by less are taken at their word."""
AGE_MAX = timedelta(days=366)
REFUSED_BY = {TourStatus.PLANNED: "tour_not_dispatched", TourStatus.CANCELLED: "tour_over"}


class Report(Struct, frozen=True):
    """An event, and the tour of which it is told."""

    tour_id: UUID
    event: ReportEvent


class Reporter(Struct, frozen=True, kw_only=True):
    """
    Who tells.

    ``sent_at`` is its clock as it sends. With ``carrier_id`` only tours of this carrier are taken for known.
    """

    source: EventSource
    sent_at: datetime | None = None
    carrier_id: UUID | None = None


class Standing(Struct, frozen=True):
    """Where a tour stands now."""

    status: TourStatus
    version: int


class Taken(Struct, frozen=True):
    """What became of each event, None where its tour is not known; and where the tours stand now."""

    events: list[TakenEvent | None]
    tours: dict[UUID, Standing]


class _Tour:
    """One tour, while its events are looked at."""

    def __init__(self, row: Any) -> None:
        self.row = row
        self.refused = REFUSED_BY.get(TourStatus(row["status"]))
        self.visits: Visits = {}
        self.stops: set[int] = set()
        self.fresh: list[tuple[datetime, int, ReportEvent]] = []
        self.folded: Folded | None = None
        self.new: list[NewEvent] = []


async def take(db: Connection, scope: Scope, reporter: Reporter, told: Sequence[Report]) -> Taken:
    """Takes events of tours down, and what follows from them; ``scope`` is of the neutral side."""
    held = await taking_queries.hold(db, scope, sorted({entry.tour_id for entry in told}), reporter.carrier_id)
    tours = {tour_id: _Tour(row) for tour_id, row in held.items()}
    keys = [(entry.tour_id, entry.event.event_key) for entry in told if entry.tour_id in tours]
    known: set[tuple[UUID, str]] = set()
    for row in await taking_queries.standing(db, scope, list(tours), keys) if tours else ():
        if row["event_key"] is not None:
            known.add((row["tour_id"], row["event_key"]))
            continue
        tour = tours[row["tour_id"]]
        tour.visits[row["shipment_id"], row["action"]] = row
        tour.stops.add(row["stop_no"])
    results = _sorted_out(reporter, told, tours, known)
    changed = {tour_id: tour for tour_id, tour in tours.items() if tour.fresh}
    standing = {
        tour_id: Standing(TourStatus(tour.row["status"]), tour.row["version"]) for tour_id, tour in tours.items()
    }
    if changed:
        _fold(changed, reporter.source, results)
        standing |= await _store(db, scope, changed)
        await _tell(db, scope, changed)
    return Taken(results, standing)


def _sorted_out(
    reporter: Reporter, told: Sequence[Report], tours: dict[UUID, _Tour], known: set[tuple[UUID, str]]
) -> list[TakenEvent | None]:
    """Gives each tour its fresh events, and says what became of the others."""
    results: list[TakenEvent | None] = [None] * len(told)
    for number, (entry, event) in enumerate((entry, entry.event) for entry in told):
        tour = tours.get(entry.tour_id)
        if tour is None:
            continue
        key = (entry.tour_id, event.event_key)
        refusal = tour.refused or _refusal(event, tour)
        if key in known:
            results[number] = TakenEvent(event_key=event.event_key, result=EventResult.DUPLICATE)
        elif refusal is not None:
            results[number] = TakenEvent(event_key=event.event_key, result=EventResult.REFUSED, code=refusal)
        else:
            known.add(key)
            clock = _Clock(tour.row["now"], reporter.sent_at)
            tour.fresh.append((clock.right(event.at), number, event))
    return results


class _Clock:
    """Puts a phone's times right by the platform's clock: nothing has happened later than now, or ages ago."""

    def __init__(self, now: datetime, sent_at: datetime | None) -> None:
        self._now = now
        skew = timedelta() if sent_at is None else now - sent_at
        self._shift = skew if abs(skew) > SKEW else timedelta()

    def right(self, at: datetime) -> datetime:
        return max(min(at.astimezone(UTC) + self._shift, self._now), self._now - AGE_MAX)


def _refusal(event: ReportEvent, tour: _Tour) -> str | None:
    """Why an event does not fit a tour; None where it does."""
    if event.shipment_id is not None and (event.action is None or _visit_of(event, tour.visits) is None):
        return "not_on_tour"
    if event.kind in OF_STOPS and event.stop_no not in tour.stops:
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


def _fold(tours: dict[UUID, _Tour], source: EventSource, results: list[TakenEvent | None]) -> None:
    for tour in tours.values():
        tour.fresh.sort(key=lambda entry: entry[:2])
        tour.folded = fold(tour.row, tour.visits, [(at, event) for at, _, event in tour.fresh])
        for (at, number, event), applied in zip(tour.fresh, tour.folded.applied, strict=True):
            result = EventResult.APPLIED if applied else EventResult.LATE
            results[number] = TakenEvent(event_key=event.event_key, result=result)
            tour.new.append(new_event(event, at, source, tour.visits, applied=applied))


def new_event(event: ReportEvent, at: datetime, source: EventSource, visits: Visits, *, applied: bool) -> NewEvent:
    """An event as it is kept."""
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


async def _store(db: Connection, scope: Scope, tours: dict[UUID, _Tour]) -> dict[UUID, Standing]:
    """Keeps events and what follows from them; the shipments' states come first, they say what came too late."""
    folded = {tour_id: tour.folded for tour_id, tour in tours.items() if tour.folded is not None}
    said = [report for each in folded.values() for report in each.reports]
    named = {new.shipment_id for tour in tours.values() for new in tour.new if new.shipment_id is not None}
    # A shipment may be on two of these tours: what happened first is reported first.
    await reports.report_many(db, scope, sorted(said, key=lambda report: report.at), held_too=named)
    times = {
        (tour_id, stop_no): (each.arrived.get(stop_no), each.left.get(stop_no))
        for tour_id, each in folded.items()
        for stop_no in each.arrived.keys() | each.left.keys()
    }
    following = Following(
        events=[(tour_id, new) for tour_id, tour in tours.items() for new in tour.new],
        outcomes=[(tour_id, outcome) for tour_id, each in folded.items() for outcome in each.outcomes.values()],
        stops=times,
        changes={tour_id: each.change for tour_id, each in folded.items()},
    )
    rows = await taking_queries.store(db, scope, following)
    return {row["tour_id"]: Standing(TourStatus(row["status"]), row["version"]) for row in rows}


async def _tell(db: Connection, scope: Scope, tours: dict[UUID, _Tour]) -> None:
    """
    The coordinator and the carrier hear how tours go; members how visits to their own consignees went, and of nothing
    else.

    The rows of all that is told of are held by now.
    """
    told: list[tuple[str, outbox.NewEvent]] = []
    for tour_id, tour in tours.items():
        carrier_id = tour.row["carrier_id"]
        if tour.folded is not None:
            for topic in _turns(tour.folded.change):
                told += telling.events_of(topic, tour_id, carrier_id, {})
        for new in tour.new:
            told += _told_of(tour_id, carrier_id, new)
    await outbox.emit_each(db, scope, told)


def _turns(change: TourChange) -> Iterator[str]:
    if change.started_at is not None and change.status is not None:
        yield "tour.started"
    if change.status == TourStatus.COMPLETED:
        yield "tour.completed"


def _told_of(tour_id: UUID, carrier_id: UUID | None, new: NewEvent) -> Iterator[tuple[str, outbox.NewEvent]]:
    if new.kind is EventKind.EXCEPTION and new.shipment_id is None:
        yield from telling.events_of("tour.exception", tour_id, carrier_id, {"reason": new.reason})
    elif new.kind in OF_VISITS and new.shipment_id is not None:
        payload = {"id": ids.show("shp", new.shipment_id), "kind": new.kind, "action": new.action,
                   "reason": new.reason, "at": new.at.isoformat()}  # fmt: skip
        yield "tracking.event", outbox.NewEvent(resource_id=new.shipment_id, payload=payload, member_id=new.member_id)
