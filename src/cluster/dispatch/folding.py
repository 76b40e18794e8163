"""What follows from reported events: outcomes of visits, times at stops, the state of a tour and of its shipments."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from cluster.base import ids
from cluster.dispatch.event_models import Action, EventKind, ReportEvent
from cluster.dispatch.event_queries import NewOutcome, TourChange
from cluster.dispatch.models import Outcome, TourStatus
from cluster.dispatch.reasons import MEANINGS, Reason, leads_to
from cluster.shipments.models import Service, ShipmentStatus
from cluster.shipments.reports import StatusReport

Visits = dict[tuple[UUID, str], Any]
"""Visits of a tour by shipment and action: rows with stop and outcome, and the shipment's service and state."""
_RANK = {None: 0, Outcome.MOVED: 0, Outcome.FAILED: 1, Outcome.PARTLY: 2, Outcome.DONE: 3}


class Folded(Struct, kw_only=True):
    """
    What follows from events, in the order in which they happened.

    ``applied`` says of each whether it counts. ``reports`` are for the shipments' timelines.
    """

    applied: list[bool]
    reports: list[StatusReport]
    outcomes: dict[tuple[UUID, str], NewOutcome]
    arrived: dict[int, datetime]
    left: dict[int, datetime]
    change: TourChange


def fold(tour: Any, visits: Visits, timed: list[tuple[datetime, ReportEvent]]) -> Folded:
    """
    What follows from events that fit a tour.

    Parameters
    ----------
    tour
        Its row, with ``status`` and ``exception``.
    visits
        Every visit of it.
    timed
        Events in the order in which they happened, with the times that count.
    """
    folding = _Folding(tour, visits)
    for at, event in timed:
        folding.add(at, event)
    return folding.folded


class _Folding:
    def __init__(self, tour: Any, visits: Visits) -> None:
        self._status = TourStatus(tour["status"])
        self._exception = None if tour["exception"] is None else Reason(tour["exception"])
        self._visits = visits
        self.folded = Folded(applied=[], reports=[], outcomes={}, arrived={}, left={}, change=TourChange())

    def add(self, at: datetime, event: ReportEvent) -> None:
        """One event more."""
        if event.kind not in (EventKind.POSITION, EventKind.LOADED, EventKind.EXCEPTION, EventKind.RESOLVED):
            self._begin(at)
        if event.lat is not None:
            self._change(lat=event.lat, lon=event.lon, seen_at=at)
        self.folded.applied.append(self._one(at, event))

    def _one(self, at: datetime, event: ReportEvent) -> bool:
        if event.kind is EventKind.ARRIVED and event.stop_no is not None:
            self.folded.arrived.setdefault(event.stop_no, at)
        elif event.kind is EventKind.LEFT and event.stop_no is not None:
            self.folded.left[event.stop_no] = at
        elif event.kind is EventKind.LOADED:
            self._report(self._shipment(event), ShipmentStatus.PICKED_UP, at)
        elif event.kind is EventKind.EXCEPTION and event.reason is not None:
            return self._held_up(at, event)
        elif event.kind is EventKind.RESOLVED:
            return self._goes_on(at)
        elif event.kind is EventKind.STARTED:
            self._change(started_at=min(at, self.folded.change.started_at or at))
        elif event.kind is EventKind.COMPLETED:
            return self._complete(at)
        elif event.kind in (EventKind.DONE, EventKind.PARTLY, EventKind.FAILED):
            return self._outcome(at, event)
        return True

    def _change(self, **fields: Any) -> None:
        self.folded.change = structs.replace(self.folded.change, **fields)

    def _report(
        self, shipment_id: UUID, status: ShipmentStatus, at: datetime, event: ReportEvent | None = None
    ) -> None:
        code = None if event is None or event.reason is None else event.reason.value
        note = None if event is None else event.note
        self.folded.reports.append(StatusReport(shipment_id=shipment_id, status=status, at=at, code=code, reason=note))

    def _shipment(self, event: ReportEvent) -> UUID:
        return ids.parse("shp", event.shipment_id or "")

    def _begin(self, at: datetime) -> None:
        """Whatever is reported of the road, the tour has left: what it carries from its start is on the way."""
        if self._status is not TourStatus.DISPATCHED:
            return
        self._status = TourStatus.UNDER_WAY
        self._change(status=TourStatus.UNDER_WAY, started_at=at)
        for shipment_id in self._aboard_from_start():
            self._report(shipment_id, ShipmentStatus.OUT_FOR_DELIVERY, at)

    def _aboard_from_start(self) -> list[UUID]:
        return [
            shipment_id
            for (shipment_id, action), row in self._visits.items()
            if action == Action.DELIVERY and row["outcome"] is None and (shipment_id, Action.PICKUP) not in self._visits
        ]

    def _now(self, key: tuple[UUID, str]) -> Outcome | None:
        """What a visit's outcome is by now."""
        told = self.folded.outcomes.get(key)
        if told is not None:
            return told.outcome
        outcome = self._visits[key]["outcome"]
        return None if outcome is None else Outcome(outcome)

    def _outcome(self, at: datetime, event: ReportEvent) -> bool:
        action = event.action or Action.DELIVERY
        key = (self._shipment(event), action.value)
        outcome = Outcome(event.kind.value)
        if _RANK[outcome] <= _RANK[self._now(key)]:
            return False
        self.folded.outcomes[key] = NewOutcome(
            shipment_id=key[0],
            action=action,
            outcome=outcome,
            at=at,
            reason=event.reason,
            units_done=event.units_done,
        )
        self.folded.arrived.setdefault(self._visits[key]["stop_no"], at)
        self._report(key[0], _status(event, action), at, event)
        if action is Action.PICKUP and outcome is not Outcome.FAILED and (key[0], "delivery") in self._visits:
            self._report(key[0], ShipmentStatus.OUT_FOR_DELIVERY, at)
        if self._status is TourStatus.COMPLETED and action is Action.PICKUP:
            self._at_the_hub(key[0], outcome, at)
        return True

    def _at_the_hub(self, shipment_id: UUID, outcome: Outcome | None, at: datetime) -> None:
        """A collection ends where the tour ends."""
        collected = self._visits[shipment_id, Action.PICKUP.value]["service"] == Service.COLLECTION
        if collected and outcome in (Outcome.DONE, Outcome.PARTLY):
            status = ShipmentStatus.DELIVERED if outcome is Outcome.DONE else ShipmentStatus.PARTIALLY_DELIVERED
            self._report(shipment_id, status, at)

    def _held_up(self, at: datetime, event: ReportEvent) -> bool:
        reason = event.reason or Reason.OTHER
        if event.shipment_id is None:
            self._exception = reason
            self._change(exception=reason, resolved=False)
        if MEANINGS[reason].holds and event.shipment_id is None:
            about = structs.replace(event, note=None)  # words about a tour may name whoever else is on it
            for shipment_id in self._on_board():
                self._report(shipment_id, ShipmentStatus.ON_HOLD, at, about)
        return True

    def _goes_on(self, at: datetime) -> bool:
        if self._exception is None:
            return False
        if MEANINGS[self._exception].holds:
            for shipment_id in self._on_board():
                self._report(shipment_id, ShipmentStatus.OUT_FOR_DELIVERY, at)
        self._exception = None
        self._change(exception=None, resolved=True)
        return True

    def _on_board(self) -> list[UUID]:
        """Shipments that the vehicle carries, to be delivered still."""
        if self._status is not TourStatus.UNDER_WAY:
            return []
        found = []
        for shipment_id, action in self._visits:
            picked_up = (shipment_id, Action.PICKUP.value)
            fetched = picked_up not in self._visits or self._now(picked_up) in (Outcome.DONE, Outcome.PARTLY)
            if action == Action.DELIVERY and self._now((shipment_id, action)) is None and fetched:
                found.append(shipment_id)
        return found

    def _complete(self, at: datetime) -> bool:
        """Back at the end: collections have got to the hub, and what could not be delivered has come back to it."""
        if self._status not in (TourStatus.DISPATCHED, TourStatus.UNDER_WAY):
            return False
        self._status = TourStatus.COMPLETED
        self._change(status=TourStatus.COMPLETED, completed_at=at)
        for shipment_id, action in self._visits:
            outcome = self._now((shipment_id, action))
            if action == Action.PICKUP:
                self._at_the_hub(shipment_id, outcome, at)
            elif action == Action.DELIVERY and outcome is Outcome.FAILED and self._stays(shipment_id, action):
                self._report(shipment_id, ShipmentStatus.AT_HUB, at)
        return True

    def _stays(self, shipment_id: UUID, action: str) -> bool:
        """Whether goods that failed wait for another try; those that go back to their sender, or are held, do not."""
        told = self.folded.outcomes.get((shipment_id, action))
        if told is not None and told.reason is not None:
            return leads_to(told.reason, action) is ShipmentStatus.DELIVERY_FAILED
        return bool(self._visits[shipment_id, action]["status"] == ShipmentStatus.DELIVERY_FAILED)


def _status(event: ReportEvent, action: Action) -> ShipmentStatus:
    """The state of a shipment whose visit ended so."""
    if event.kind is EventKind.FAILED and event.reason is not None:
        return leads_to(event.reason, action)
    if action is Action.PICKUP:
        return ShipmentStatus.PICKED_UP
    return ShipmentStatus.DELIVERED if event.kind is EventKind.DONE else ShipmentStatus.PARTIALLY_DELIVERED
