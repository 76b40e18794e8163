"""What cannot be changed any more, by what was reported."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec import structs

from cluster.dispatch.models import Outcome, TourStatus
from cluster.dispatch.replanning import DoneVisit, DrivenTour, contradicts, happened, road_of
from cluster.dispatch.states import StopTimes, etas
from cluster.planning.settled import SettledVisit
from cluster.shipments.models import ShipmentStatus

MIDNIGHT = datetime(2026, 11, 22, tzinfo=UTC)
A, B, C, D = (UUID(int=number) for number in (1, 2, 3, 4))


def clock(text: str) -> datetime:
    """A time of the day."""
    hour, minute = text.split(":")
    return MIDNIGHT + timedelta(hours=int(hour), minutes=int(minute))


def visit(shipment: UUID, stop_no: int, at: str | None = None, outcome: Outcome = Outcome.DONE) -> DoneVisit:
    """A delivery of five minutes; over at that time, or ahead."""
    return DoneVisit(
        shipment_id=shipment,
        action="delivery",
        stop_no=stop_no,
        service_s=300,
        outcome=None if at is None else outcome,
        outcome_at=None if at is None else clock(at),
    )


def tour(*visits: DoneVisit, status: TourStatus = TourStatus.UNDER_WAY, started: str | None = "8:00") -> DrivenTour:
    """The first van's tour."""
    return DrivenTour(
        vehicle_type="van",
        vehicle=1,
        status=status,
        started_at=None if started is None else clock(started),
        visits=visits,
        arrived={},
    )


def test_a_tour_that_has_not_left_is_free() -> None:
    waiting = tour(visit(A, 1), status=TourStatus.DISPATCHED, started=None)
    assert happened([waiting], MIDNIGHT, clock("9:00")) == ()


def test_what_is_done_stays_the_next_stop_stays_and_the_rest_rides_on() -> None:
    [settled] = happened([tour(visit(A, 1, "8:30"), visit(B, 2), visit(C, 3))], MIDNIGHT, clock("9:00"))
    # Left at 8:00 = 28,800 s; done at 8:30 = 30,600 s after 300 s of service.
    assert settled.start_s == 28_800
    assert settled.visits == (
        SettledVisit(shipment_id=A, action="delivery", start_s=30_300, end_s=30_600),
        SettledVisit(shipment_id=B, action="delivery"),
    )
    assert settled.aboard == (C,)
    assert not settled.closed


def test_the_order_is_the_one_that_was_driven() -> None:
    driven = tour(visit(A, 1, "9:30", Outcome.FAILED), visit(B, 2, "8:30"), visit(C, 3))
    [settled] = happened([driven], MIDNIGHT, clock("10:00"))
    assert [entry.shipment_id for entry in settled.visits] == [B, A, C]
    assert settled.aboard == ()


def test_a_tour_that_is_over_is_closed() -> None:
    [settled] = happened([tour(visit(A, 1, "8:30"), visit(B, 2), status=TourStatus.COMPLETED)], MIDNIGHT, clock("9:00"))
    assert (len(settled.visits), settled.aboard, settled.closed) == (1, (), True)


def stop(number: int, arrives: str, begins: str, departs: str, **reported: str) -> StopTimes:
    """A stop as planned, and as reported."""
    times = {name: clock(text) for name, text in reported.items()}
    planned = {"arrives_at": clock(arrives), "begins_at": clock(begins), "departs_at": clock(departs)}
    return StopTimes(stop_no=number, **planned, **times)


def test_a_delay_travels_on_and_waiting_swallows_it() -> None:
    """Twenty minutes late at the first stop; the second waits a quarter of an hour for its window to open."""
    stops = [
        stop(1, "8:30", "8:30", "8:40", arrived_at="8:50", left_at="9:00"),
        stop(2, "9:00", "9:15", "9:25"),  # 20 min to drive: there at 9:20, no wait left, served till 9:30
        stop(3, "9:45", "9:45", "9:50"),  # 20 min to drive
    ]
    found = etas(stops, clock("8:00"), clock("8:00"), clock("9:01"))
    assert found == {2: clock("9:20"), 3: clock("9:50")}


def test_what_was_to_happen_by_now_happens_now_at_the_earliest() -> None:
    found = etas([stop(1, "8:30", "8:30", "8:40")], clock("8:00"), clock("8:00"), clock("11:00"))
    assert found == {1: clock("11:00")}
    assert etas([stop(1, "8:30", "8:30", "8:40")], clock("8:00"), None, clock("7:00")) == {1: clock("8:30")}


def test_goods_on_a_vehicle_that_is_stuck_are_held_up_until_they_are_back_at_the_hub() -> None:
    back = structs.replace(visit(C, 3), status=ShipmentStatus.AT_HUB)
    stuck = structs.replace(tour(visit(A, 1, "8:30"), visit(B, 2), back), stuck=True)
    carried = {A: ShipmentStatus.DELIVERED, B: ShipmentStatus.ON_HOLD, C: ShipmentStatus.AT_HUB}
    road = road_of([stuck], carried, MIDNIGHT, clock("9:00"))
    assert (road.held_up, road.shipment_ids, road.now_s) == ((B,), (A, C), 32_400)
    [settled] = road.vehicles
    assert ([entry.shipment_id for entry in settled.visits], settled.closed) == ([A], True)


def test_what_was_cancelled_or_never_picked_up_is_in_no_plan() -> None:
    fetched = structs.replace(visit(A, 1, "8:30", Outcome.FAILED), action="pickup")
    driven = tour(fetched, visit(A, 2), visit(B, 3), visit(C, 4))
    carried = {A: ShipmentStatus.ON_HOLD, B: ShipmentStatus.CANCELLED, C: ShipmentStatus.OUT_FOR_DELIVERY}
    road = road_of([driven], carried, MIDNIGHT, clock("9:00"))
    assert road.shipment_ids == (C,)


def test_a_shipment_whose_tour_was_called_off_is_planned_again() -> None:
    assert road_of([], {A: ShipmentStatus.ON_HOLD}, MIDNIGHT, clock("9:00")).shipment_ids == (A,)


def drops(*shipments: UUID) -> list[tuple[UUID, str]]:
    """A route of deliveries."""
    return [(shipment, "delivery") for shipment in shipments]


@pytest.mark.parametrize(
    ("first", "second", "contradicted"),
    [
        (drops(A, B, C), [], False),
        (drops(A, C, B), [], False),  # the stop ahead may change as long as nobody else takes it
        (drops(A, B), [], False),  # c is left out: it comes back
        (drops(A, B), drops(C), True),  # c is on board the first van
        (drops(B, A, C), [], True),  # a was delivered first
        (drops(B, C), [], True),
        (drops(A, B, C, D), [], True),  # it left without d
        (drops(A, B, C), drops(D), False),
    ],
)
def test_a_plan_that_what_happened_contradicts_is_told(first: Any, second: Any, contradicted: bool) -> None:
    road = road_of([tour(visit(A, 1, "8:30"), visit(B, 2), visit(C, 3))], {}, MIDNIGHT, clock("9:00"))
    assert contradicts({("van", 1): first, ("van", 2): second}, road) is contradicted
