"""
What of a plan cannot be changed any more, by what has really been reported.

Times are seconds from the service day's midnight, as the planner counts them. A vehicle that has not left is free. One
that has left keeps what it has done, with the times, the stop that it is at or drives to, and the goods on board.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from cluster.dispatch.models import Outcome, TourStatus

OVER = (Outcome.DONE, Outcome.PARTLY, Outcome.FAILED)


class DoneVisit(Struct, frozen=True, kw_only=True):
    """A visit of a tour as reported; without an outcome it is still ahead."""

    shipment_id: UUID
    action: str
    stop_no: int
    service_s: int
    outcome: Outcome | None = None
    outcome_at: datetime | None = None


class DrivenTour(Struct, frozen=True, kw_only=True):
    """A tour as far as it has got; ``arrived`` holds when it reached stops, by their numbers."""

    vehicle_type: str
    vehicle: int
    status: TourStatus
    started_at: datetime | None
    visits: Sequence[DoneVisit]
    arrived: dict[int, datetime]


class SettledVisit(Struct, frozen=True, kw_only=True):
    """A visit that stays where it is: done between two times, or next without."""

    shipment_id: UUID
    action: str
    start_s: int | None = None
    end_s: int | None = None


class Settled(Struct, frozen=True, kw_only=True):
    """
    What is settled about one vehicle: it left at ``start_s``, begins with ``visits``, and ``aboard`` rides on it.

    ``closed``: nothing comes after the visits, for its tour is over.
    """

    vehicle_type: str
    vehicle: int
    start_s: int
    visits: tuple[SettledVisit, ...]
    aboard: tuple[UUID, ...]
    closed: bool


def happened(tours: Iterable[DrivenTour], midnight: datetime, now: datetime) -> tuple[Settled, ...]:
    """
    What is settled at a moment, one entry for each vehicle that has left.

    Visits are in the order in which they happened, which may be another than was planned. A failed delivery counts as
    made: the vehicle was there. Goods loaded at the start and not handed over ride on.
    """
    found = (_settled(tour, midnight, now) for tour in tours)
    return tuple(entry for entry in found if entry is not None)


def _settled(tour: DrivenTour, midnight: datetime, now: datetime) -> Settled | None:
    if tour.started_at is None or tour.status not in (TourStatus.UNDER_WAY, TourStatus.COMPLETED):
        return None
    over = sorted(
        (visit for visit in tour.visits if visit.outcome in OVER and visit.outcome_at is not None),
        key=lambda visit: (visit.outcome_at or now, visit.stop_no),
    )
    start_s = _seconds(tour.started_at, midnight)
    done, before_s = [], start_s
    for visit in over:
        end_s = max(_seconds(visit.outcome_at or now, midnight), before_s)
        begun_s = max(before_s, end_s - visit.service_s)
        if visit.stop_no in tour.arrived:
            begun_s = min(max(begun_s, _seconds(tour.arrived[visit.stop_no], midnight)), end_s)
        done.append(SettledVisit(shipment_id=visit.shipment_id, action=visit.action, start_s=begun_s, end_s=end_s))
        before_s = end_s
    closed = tour.status is TourStatus.COMPLETED
    ahead = [] if closed else [visit for visit in tour.visits if visit.outcome is None]
    heading = _heading(ahead)
    named = {visit.shipment_id for visit in done} | {visit.shipment_id for visit in heading}
    picked_up_here = {visit.shipment_id for visit in tour.visits if visit.action == "pickup"}
    aboard = [
        visit.shipment_id
        for visit in ahead
        if visit.action == "delivery" and visit.shipment_id not in picked_up_here | named
    ]
    next_ones = [SettledVisit(shipment_id=visit.shipment_id, action=visit.action) for visit in heading]
    return Settled(
        vehicle_type=tour.vehicle_type,
        vehicle=tour.vehicle,
        start_s=start_s,
        visits=(*done, *next_ones),
        aboard=tuple(dict.fromkeys(aboard)),
        closed=closed,
    )


def _heading(ahead: Sequence[DoneVisit]) -> list[DoneVisit]:
    """The first visit of the stop that the vehicle is at, or drives to."""
    return [min(ahead, key=lambda visit: visit.stop_no)] if ahead else []


def _seconds(instant: datetime, midnight: datetime) -> int:
    return max(0, round((instant - midnight).total_seconds()))
