"""
What of a plan cannot be changed any more, by what has really been reported.

Times are seconds from the service day's midnight, as the planner counts them. A vehicle that has not left is free. One
that has left keeps what it has done, with the times, the stop that it is at or drives to, and the goods on board. One
that is stuck keeps what it has done, and what is on board is in no plan until somebody says where it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct, structs

from cluster.dispatch.models import Outcome, TourStatus
from cluster.planning.settled import Road, Settled, SettledVisit
from cluster.shipments.models import ShipmentStatus

OVER = (Outcome.DONE, Outcome.PARTLY, Outcome.FAILED)
WAITING = (ShipmentStatus.TENDERED, ShipmentStatus.DISPATCHED, ShipmentStatus.ON_HOLD, ShipmentStatus.AT_HUB)
"""What a driver was to have, and another may: where no vehicle that has left has it."""
ENDED = (
    ShipmentStatus.DELIVERED,
    ShipmentStatus.PARTIALLY_DELIVERED,
    ShipmentStatus.RETURN_TO_SENDER,
    ShipmentStatus.RETURNED,
    ShipmentStatus.LOST,
    ShipmentStatus.CANCELLED,
)
"""Nobody drives to these any more, whatever was reported of the visit."""


class DoneVisit(Struct, frozen=True, kw_only=True):
    """A visit of a tour as reported; without an outcome it is still ahead."""

    shipment_id: UUID
    action: str
    stop_no: int
    service_s: int
    outcome: Outcome | None = None
    outcome_at: datetime | None = None
    status: ShipmentStatus = ShipmentStatus.OUT_FOR_DELIVERY


class DrivenTour(Struct, frozen=True, kw_only=True):
    """A tour as far as it has got; ``arrived`` holds when it reached stops, by their numbers."""

    vehicle_type: str
    vehicle: int
    status: TourStatus
    started_at: datetime | None
    visits: Sequence[DoneVisit]
    arrived: dict[int, datetime]
    stuck: bool = False

    @property
    def left(self) -> bool:
        """Whether it has left its start."""
        return self.started_at is not None and self.status in (TourStatus.UNDER_WAY, TourStatus.COMPLETED)

    @property
    def ended(self) -> bool:
        """Whether it does nothing more, as things stand."""
        return self.stuck or self.status is TourStatus.COMPLETED


def road_of(
    tours: Sequence[DrivenTour], carried: Mapping[UUID, ShipmentStatus], midnight: datetime, now: datetime
) -> Road:
    """
    A day as it stands: what is settled, what else is to be planned, and what nobody can plan.

    Parameters
    ----------
    tours
        All tours of the day that were not called off.
    carried
        Shipments of the plan that is being driven, with where they stand.
    midnight, now
        Of the service day; and the moment.
    """
    left = [tour for tour in tours if tour.left]
    held_up = {shipment for tour in left for shipment in _held_up(tour)}
    gone = {shipment for shipment, status in carried.items() if status is ShipmentStatus.CANCELLED}
    gone |= {shipment for tour in left for shipment in _never_picked_up(tour)} | held_up
    vehicles = happened([_without(tour, gone) for tour in left], midnight, now)
    settled = {visit.shipment_id for entry in vehicles for visit in entry.visits}
    settled |= {shipment for entry in vehicles for shipment in entry.aboard}
    waiting = {shipment for shipment, status in carried.items() if status in WAITING}
    return Road(
        now_s=_seconds(now, midnight),
        vehicles=vehicles,
        shipment_ids=tuple(sorted(settled | (waiting - gone))),
        held_up=tuple(sorted(held_up)),
    )


def _without(tour: DrivenTour, gone: set[UUID]) -> DrivenTour:
    """A tour without shipments that no plan has any more, and without visits that nobody needs to make."""
    kept = [
        visit
        for visit in tour.visits
        if visit.shipment_id not in gone and not (visit.outcome is None and visit.status in ENDED)
    ]
    return structs.replace(tour, visits=kept)


def _held_up(tour: DrivenTour) -> set[UUID]:
    """What is on board a vehicle that does nothing more; what has been reported back at the hub is not."""
    if not tour.ended:
        return set()
    to_pick_up = {visit.shipment_id for visit in tour.visits if visit.action == "pickup" and visit.outcome is None}
    picked_up = {visit.shipment_id for visit in tour.visits if visit.action == "pickup"} - to_pick_up
    return {
        visit.shipment_id
        for visit in tour.visits
        if visit.action == "delivery" and visit.outcome is None and visit.status not in ENDED
        if visit.shipment_id not in to_pick_up
        if visit.status is not ShipmentStatus.AT_HUB or visit.shipment_id in picked_up
    }


def _never_picked_up(tour: DrivenTour) -> set[UUID]:
    """What was to be taken from one place to another and could not be picked up: there is nothing to deliver."""
    delivered = {visit.shipment_id for visit in tour.visits if visit.action == "delivery"}
    return {
        visit.shipment_id
        for visit in tour.visits
        if visit.action == "pickup" and visit.outcome is Outcome.FAILED and visit.shipment_id in delivered
    }


Vehicle = tuple[str, int]
Sequences = Mapping[Vehicle, Sequence[tuple[UUID, str]]]
"""By vehicle: shipments and actions of its route, in driving order."""


def contradicts(sequences: Sequences, road: Road) -> bool:
    """
    Whether a plan cannot be followed from where the day stands now.

    Each route must begin with what its vehicle has done; nothing may be taken off a vehicle that has it on board, or be
    delivered by one that left without it.
    """
    serving = {shipment: vehicle for vehicle, route in sequences.items() for shipment, _ in route}
    if any(shipment in serving for shipment in road.held_up):
        return True
    return any(
        _breaks(entry, sequences.get((entry.vehicle_type, entry.vehicle), ()), serving) for entry in road.vehicles
    )


def _breaks(entry: Settled, route: Sequence[tuple[UUID, str]], serving: Mapping[UUID, Vehicle]) -> bool:
    done = [(visit.shipment_id, visit.action) for visit in entry.visits if visit.end_s is not None]
    ahead = route[len(done) :]
    if set(done) != set(route[: len(done)]) or (entry.closed and ahead):
        return True
    own = (entry.vehicle_type, entry.vehicle)
    picked_up = {shipment for shipment, action in route if action == "pickup"}
    on_board = {*entry.aboard, *(visit.shipment_id for visit in entry.visits if visit.action == "delivery")}
    has = on_board | {shipment for shipment, action in done if action == "pickup"}
    taken = any(serving.get(shipment, own) != own for shipment in has)
    return taken or any(action == "delivery" and shipment not in on_board | picked_up for shipment, action in ahead)


def happened(tours: Iterable[DrivenTour], midnight: datetime, now: datetime) -> tuple[Settled, ...]:
    """
    What is settled at a moment, one entry for each vehicle that has left.

    Visits are in the order in which they happened, which may be another than was planned. A failed delivery counts as
    made: the vehicle was there. Goods loaded at the start and not handed over ride on.
    """
    found = (_settled(tour, midnight, now) for tour in tours)
    return tuple(entry for entry in found if entry is not None)


def _settled(tour: DrivenTour, midnight: datetime, now: datetime) -> Settled | None:
    if tour.started_at is None or not tour.left:
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
    ahead = [] if tour.ended else [visit for visit in tour.visits if visit.outcome is None]
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
        closed=tour.ended,
    )


def _heading(ahead: Sequence[DoneVisit]) -> list[DoneVisit]:
    """The first visit of the stop that the vehicle is at, or drives to."""
    return [min(ahead, key=lambda visit: visit.stop_no)] if ahead else []


def _seconds(instant: datetime, midnight: datetime) -> int:
    return max(0, round((instant - midnight).total_seconds()))
