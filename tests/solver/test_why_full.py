"""Reasons that trips, breaks, releases, groups and locks give, each with words and a cure."""

from typing import Any

from solver.admission import cheapest_insertion
from solver.assemble import assemble
from solver.compiled import Compiled
from solver.plan import Action, Reason, Unplanned
from solver.problem import Break, Lock, LockedVisit, Problem, Window
from tests.solver import tiny
from tests.solver.worlds import collection, parcel, road, van


def why(problem: Problem, *routes: tiny.Route, order: int = 0) -> Unplanned:
    plan = assemble(Compiled(problem), routes)
    return next(entry for entry in plan.unplanned if entry.order == problem.orders[order].id)


def one(order: Any, **changes: Any) -> Problem:
    return road(order, vehicles=(van(**changes),))


def test_goods_that_are_ready_too_late_say_when() -> None:
    entry = why(one(parcel("a", 1, (0, 349), release_s=250)))
    assert (entry.reason, "not ready before 250 s" in entry.detail) == (Reason.RELEASE, True)
    assert "earlier than 250 s" in entry.cure
    assert why(one(collection("a", 1, (0, 249), release_s=250))).reason is Reason.RELEASE


def test_a_break_in_the_way_says_when_it_must_begin() -> None:
    pause = Break(window=Window(50, 60), duration_s=50)
    entry = why(one(parcel("a", 2, (0, 200)), breaks=(pause,)))
    assert (entry.reason, "from 50 s to 60 s" in entry.detail) == (Reason.BREAK, True)
    assert "longer window for the break" in entry.cure


def test_a_limit_of_stops_is_counted() -> None:
    entry = why(one(parcel("a", 2), stops_max=0))
    assert (entry.reason, "1 stops, 1 stops above the limit of 0" in entry.detail) == (Reason.MAX_STOPS, True)
    assert "stops_max of 1" in entry.cure


def locked(*visits: LockedVisit, orders: tuple[str, ...] = (), **changes: Any) -> Lock:
    return Lock(vehicle_type="van", vehicle=1, visits=visits, orders=orders, **changes)


FIRST = LockedVisit(order="first", action=Action.DELIVERY)


def test_groups_apart_from_what_the_only_vehicle_carries_are_named() -> None:
    problem = road(
        parcel("a", 1, groups=("food",)),
        parcel("first", 2, groups=("paint",)),
        apart=(("food", "paint"),),
        vehicles=(van(count=1),),
        locks=(locked(FIRST),),
    )
    entry = why(problem, (1, (3,)))
    assert (entry.reason, "'food'" in entry.detail) == (Reason.APART, True)


def test_a_closed_route_and_a_vehicle_that_left_are_named() -> None:
    problem = road(parcel("a", 1), parcel("first", 2), vehicles=(van(count=1),), locks=(locked(FIRST, closed=True),))
    entry = why(problem, (1, (3,)))
    assert (entry.reason, "is closed" in entry.detail) == (Reason.LOCK, True)
    gone = problem.replace(locks=(locked(FIRST, start_s=10),))
    entry = why(gone, (1, (3,)))
    assert (entry.reason, "has left without its goods" in entry.detail) == (Reason.LOCK, True)
    # With a reload where the goods lie it could be served: 2 km more, out of a route that is there.
    again = why(gone.replace(vehicle_types=(van(count=1, reloads=("km0",)),)), (1, (3,)))
    assert (again.reason, "on a route of type 'van'" in again.detail) == (Reason.NOT_FOUND, True)


def test_an_order_locked_to_a_vehicle_that_cannot_take_it_says_to_which() -> None:
    problem = road(
        parcel("a", 1, boxes=20), vehicles=(van(), van(id="big", capacity={})), locks=(locked(orders=("a",)),)
    )
    entry = why(problem)
    assert entry.reason is Reason.CAPACITY
    skilled = road(parcel("a", 1, skills=("cold",)), vehicles=(van(),), locks=(locked(orders=("a",)),))
    assert why(skilled).reason is Reason.SKILL


def test_a_hub_where_a_vehicle_only_reloads_can_be_served() -> None:
    problem = one(parcel("a", 1, hub="km4"), reloads=("km4",))
    # 4 km to the goods, 3 back to km1, 1 home: two stops at 0.5, 8 km, 800 s and the trip at 10.
    entry = why(problem)
    assert entry.reason is Reason.NOT_FOUND
    assert "for 27 minor units" in entry.cure
    assert why(one(parcel("a", 1, hub="km4"), reloads=("km4",), reloads_max=0)).reason is Reason.HUB


def test_an_insertion_may_need_a_reload() -> None:
    # 6 boxes to km1 are on the van; 6 more to km1 take a second trip: there and back again, 2 km, 200 s and two stops.
    problem = road(parcel("a", 1, boxes=6), parcel("b", 1, boxes=6), vehicles=(van(reloads=("km0",)),))
    offer = cheapest_insertion(Compiled(problem), [(0, (3,))], 0)
    assert offer is not None
    assert offer.price_milli == 2_000 + 2_000 + 1_000
