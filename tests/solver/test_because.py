"""Why an order is where it is, on a straight road: depot at kilometre 0, 1,000 a kilometre, 5,000 a vehicle."""

import pytest

from solver.because import Because, because
from solver.compiled import Compiled
from solver.living import alternatives, carry_over
from solver.plan import Action, Budget, Plan, Reason
from solver.problem import Lock, LockedVisit, Order, Problem, Visit, Window
from solver.solve import solve
from solver.why_not import why_not
from tests.solver.large import clustered_day
from tests.solver.test_living import BUDGET, line, to


def told(day: Problem, order: str, plan: Plan | None = None) -> Because:
    return because(day, Compiled(day), plan or solve(day, BUDGET).plan, order)


def box(name: str, km: int, opens: int, closes: int, **more: object) -> Order:
    return Order(id=name, owner="m", delivery=Visit(place=f"km{km}", windows=(Window(opens, closes),)), **more)


def test_a_planned_order_costs_what_its_route_would_save_and_other_vehicles_are_named_with_their_price() -> None:
    """
    One van must be at km 6 at 600 s, another at km 1 at 200 s; km 5 rides with km 6 for nothing. On the van to km 1 it
    would make 2 x 4 km more, on a van of its own 5,000 + 10,000.
    """
    day = line(box("far", 6, 600, 600), box("near", 1, 200, 200), to(5))
    plan = solve(day, BUDGET).plan
    assert plan.cost_milli == 2 * 5_000 + 12_000 + 2_000
    found = told(day, "to5", plan)
    assert (found.now_milli, found.alone_milli, found.outside_milli) == (0, 15_000, None)
    assert [(way.added_milli, way.new) for way in found.ways] == [(8_000, False), (15_000, True)]
    near = next(route for route in plan.routes if route.stops[0].place == "km1")
    assert found.ways[0].vehicle == near.vehicle
    assert (found.shut, found.blockers) == ((), ())


def test_a_way_tells_when_the_service_would_begin_and_what_it_delays() -> None:
    """The van that is at km 1 at 200 s could be at km 5 at 600 s, and delays nobody by going there afterwards."""
    day = line(box("far", 6, 600, 600), box("near", 1, 200, 200), to(5))
    way = told(day, "to5").ways[0]
    assert (way.start_s, way.delay_s) == ((600,), 0)


def test_a_route_that_cannot_take_an_order_says_why_and_what_would_change_that() -> None:
    """
    Both vans are at work at the same time, 5 km apart. The van to km 1 is full: km 5 as well would want room for one
    box more, at 8 km more; one more van 5,000 + 10,000.
    """
    day = line(
        box("far", 6, 600, 600),
        box("near", 1, 200, 200, load={"boxes": 2}),
        to(5),
        vans=2,
        capacity={"boxes": 2},
    )
    found = told(day, "to5")
    assert [shut.reason for shut in found.shut] == [Reason.CAPACITY]
    assert [(b.reason, b.amount, b.unit, b.added_milli) for b in found.blockers] == [
        (Reason.CAPACITY, 1, "boxes", 8_000),
        (Reason.FLEET, 1, "vehicles", 15_000),
    ]
    assert found.ways == ()


def test_an_unplanned_order_is_told_what_would_admit_it_at_which_price() -> None:
    """As ``why_not`` says: room for one box at 4,000, one more van at 15,000."""
    before = line(to(3), to(2), vans=1, capacity={"boxes": 2})
    day = line(to(3), to(2), to(5), vans=1, capacity={"boxes": 2})
    plan = carry_over(day, solve(before, BUDGET).plan)
    found = told(day, "to5", plan)
    assert (found.vehicle, found.now_milli, found.alone_milli) == (None, None, 15_000)
    assert found.blockers == why_not(day, plan, "to5")
    assert [(b.reason, b.added_milli) for b in found.blockers] == [(Reason.CAPACITY, 4_000), (Reason.FLEET, 15_000)]


def test_an_order_that_is_dearer_inside_has_its_outside_option_told_beside() -> None:
    """On a van it would cost 5,000 + 12,000; outside 9,000."""
    day = line(Order(id="out", owner="m", delivery=Visit(place="km6"), outside_milli=9_000))
    found = told(day, "out")
    assert (found.vehicle, found.outside_milli) == (None, 9_000)
    assert [(way.added_milli, way.new) for way in found.ways] == [(17_000, True)]


def test_an_order_with_an_outside_option_that_is_planned_has_it_among_the_ways() -> None:
    day = line(to(5), Order(id="in", owner="m", delivery=Visit(place="km3"), outside_milli=9_000))
    found = told(day, "in")
    assert found.now_milli == 0
    assert (found.ways[0].vehicle_type, found.ways[0].added_milli) == (None, 9_000)


def test_a_closed_route_is_locked() -> None:
    day = line(to(2), to(4), vans=1)
    visit = LockedVisit(order="to2", action=Action.DELIVERY)
    locked = day.replace(locks=(Lock(vehicle_type="van", vehicle=1, visits=(visit,), closed=True),))
    found = told(locked, "to4")
    assert [shut.reason for shut in found.shut] == [Reason.LOCK]


def test_an_order_nobody_knows_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        told(line(to(2)), "nobody")


def test_on_a_larger_day_every_vehicle_is_either_a_way_or_shut_and_prices_are_those_of_late_orders() -> None:
    day = clustered_day(90)
    plan = solve(day, Budget(seconds=None, iterations=80, bound=False)).plan
    order = plan.routes[0].stops[2].visits[0].order
    found = told(day, order, plan)
    others = {(route.vehicle_type, route.vehicle) for route in plan.routes[1:]}
    offered = {(way.vehicle_type, way.vehicle) for way in found.ways if not way.new}
    shut = {(entry.vehicle_type, entry.vehicle) for entry in found.shut}
    assert (offered | shut, offered & shut) == (others, set())
    late = day.replace(orders=tuple(entry for entry in day.orders if entry.id != order))
    rest = carry_over(late, plan)
    known = [way.added_milli for way in alternatives(day, rest, order)]
    assert {way.added_milli for way in found.ways} <= set(known)
    assert found.now_milli is not None
    assert plan.cost_milli - rest.cost_milli == found.now_milli
