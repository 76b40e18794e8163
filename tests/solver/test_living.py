"""
Late orders, cancellations, and planning again around what has happened, on a line of places one kilometre apart.

A kilometre takes 100 s and costs 1,000 milli; a van costs 5,000 milli; a service takes 0 s.
"""

import pytest

from solver.check import check
from solver.compiled import Compiled
from solver.faults import ProblemError
from solver.living import accept, alternatives, carry_over, locks_at, published_of, replan
from solver.matrix import Matrix
from solver.plan import Action, Budget, Reason
from solver.pool import Pool
from solver.problem import Lock, LockedVisit, Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from solver.solve import solve
from solver.why_not import why_not

BUDGET = Budget(seconds=None, iterations=60)


def line(*orders: Order, vans: int | None = None, **van: object) -> Problem:
    """Depot at kilometre 0, places at kilometres 1 to 6."""
    km = [[abs(a - b) for b in range(7)] for a in range(7)]
    return Problem(
        places=tuple(Place(id=f"km{k}") for k in range(7)),
        profiles=(
            TravelProfile(
                id="default",
                distance_m=Matrix([[1_000 * d for d in row] for row in km]),
                duration_s=Matrix([[100 * d for d in row] for row in km]),
            ),
        ),
        vehicle_types=(
            VehicleType(id="van", start="km0", end="km0", fixed_milli=5_000, km_milli=1_000, count=vans, **van),
        ),
        orders=orders,
    )


def to(km: int, **more: object) -> Order:
    return Order(id=f"to{km}", owner=f"member{km % 2}", delivery=Visit(place=f"km{km}", **more), load={"boxes": 1})


def test_a_late_order_is_offered_every_way_there_is_the_cheapest_first() -> None:
    """
    One van drives to km 3 and back: 5,000 + 6 x 1,000. An order for km 5 on it adds 4 km (4,000), on a van of its own
    5,000 + 10,000, left out 9,999.
    """
    late = Order(id="late", owner="member1", delivery=Visit(place="km5"), outside_milli=9_999)
    plan = solve(line(to(3)), BUDGET).plan
    ways = alternatives(line(to(3), late), plan, "late")
    assert [way.added_milli for way in ways] == [4_000, 9_999, 15_000]
    assert [(way.vehicle_type, way.vehicle) for way in ways] == [("van", 1), (None, None), ("van", 2)]
    for way in ways:
        told = accept(line(to(3), late), plan, way)
        assert told.cost_milli == plan.cost_milli + way.added_milli
        assert check(line(to(3), late), told) == []


def test_an_alternative_says_when_it_comes_and_whom_it_delays() -> None:
    """The van reaches km 5 at 500 s; on the way it serves km 2 for 60 s, so that km 5 waits 60 s longer."""
    plan = solve(line(to(5, windows=(Window(0, 600),))), BUDGET).plan
    [joined, alone] = alternatives(line(to(5, windows=(Window(0, 600),)), to(2, service_s=60)), plan, "to2")
    assert (joined.start_s, joined.delay_s) == ((200,), 60)
    assert (alone.start_s, alone.delay_s) == ((200,), 0)


def test_a_stale_alternative_is_refused() -> None:
    plan = solve(line(to(3)), BUDGET).plan
    [way, _] = alternatives(line(to(3), to(5)), plan, "to5")
    with pytest.raises(ValueError, match="already"):
        accept(line(to(3), to(5)), accept(line(to(3), to(5)), plan, way), way)


def test_a_cancelled_order_leaves_its_route_and_the_others_stay() -> None:
    plan = solve(line(to(3), to(5)), BUDGET).plan
    left = carry_over(line(to(3)), plan)
    assert [visit.order for route in left.routes for stop in route.stops for visit in stop.visits] == ["to3"]
    assert left.cost_milli == 5_000 + 6_000


def test_what_has_happened_stays_and_the_next_stop_is_driven_to() -> None:
    """At 250 s the van has served km 1 (at 100 s) and km 2 (at 200 s), and drives to km 3; km 4 is on board."""
    day = line(to(1), to(2), to(3), to(4))
    plan = solve(day, BUDGET).plan
    start = plan.routes[0].start_s
    [lock] = locks_at(day, plan, start + 250)
    done = [(visit.order, visit.start_s) for visit in lock.visits]
    assert done == [("to1", start + 100), ("to2", start + 200), ("to3", None)]
    assert lock.orders == ("to4",)
    assert lock.start_s == start


def test_a_vehicle_under_way_takes_no_goods_that_lie_at_its_start() -> None:
    """The van has left for km 4 at 150 s; a new delivery to km 3 lies at km 0, so a second van brings it."""
    day = line(to(1), to(4))
    plan = solve(day, BUDGET).plan
    again = replan(line(to(1), to(4), to(3)), plan, now_s=plan.routes[0].start_s + 150, budget=BUDGET).plan
    served = {visit.order: route.vehicle for route in again.routes for stop in route.stops for visit in stop.visits}
    assert served["to1"] == served["to4"] != served["to3"]


def test_a_price_on_changes_keeps_published_vehicles() -> None:
    """
    Two vans drive to km 1 and km 6 apart, as published. One van for both would save 5,000 + 2,000, and change one order:
    at a price of 6,999 a change it does, at 7,001 it does not.
    """
    day = line(to(1), to(6))
    apart = carry_over(day, solve(line(to(1)), BUDGET).plan)
    [_, alone] = alternatives(day, apart, "to6")
    published = accept(day, apart, alone)
    assert len(published.routes) == 2
    assert len(replan(day, published, change_milli=6_999, budget=BUDGET).plan.routes) == 1
    assert len(replan(day, published, change_milli=7_001, budget=BUDGET).plan.routes) == 2


def test_published_names_who_serves_what() -> None:
    [entry] = published_of(solve(line(to(3)), BUDGET).plan)
    assert (entry.order, entry.vehicle_type, entry.vehicle) == ("to3", "van", 1)


def test_why_not_names_each_constraint_with_its_price() -> None:
    """
    The only van holds two boxes and has them; the third, to km 5, would add 2 x 2 km = 4,000 with room for one box more,
    or 5,000 + 10,000 on one more van.
    """
    day = line(to(3), to(2), vans=1, capacity={"boxes": 2})
    plan = solve(day, BUDGET).plan
    found = why_not(line(to(3), to(2), to(5), vans=1, capacity={"boxes": 2}), plan, "to5")
    assert [(blocker.reason, blocker.vehicle, blocker.added_milli) for blocker in found] == [
        (Reason.CAPACITY, 1, 4_000),
        (Reason.FLEET, None, 15_000),
    ]
    assert (found[0].amount, found[0].unit) == (1, "boxes")


def test_why_not_says_how_far_a_window_is_away() -> None:
    """The shift opens at 1,000 s: km 5 is reached at 1,500 s at the earliest, its window closes at 1,200 s."""
    early = to(5, windows=(Window(0, 1_200),))
    day = line(early, shift=Window(1_000, 9_000), vans=1)
    plan = solve(day, BUDGET).plan
    assert [entry.order for entry in plan.unplanned] == ["to5"]
    found = {blocker.reason: blocker for blocker in why_not(day, plan, "to5")}
    assert (found[Reason.TIME_WINDOW].amount, found[Reason.TIME_WINDOW].unit) == (300, "s")
    assert (found[Reason.SHIFT].amount, found[Reason.SHIFT].unit) == (300, "s")
    assert found[Reason.SHIFT].added_milli == 15_000


def test_why_not_is_silent_where_nothing_stands_in_the_way() -> None:
    day = line(to(3), to(5))
    plan = carry_over(day, solve(line(to(3)), BUDGET).plan)
    assert why_not(day, plan, "to5") == ()


def test_a_lock_that_cannot_be_kept_is_refused_with_a_pool_of_ones_own_too() -> None:
    """Km 5 is reached at 500 s at the earliest, its window closes at 400 s; the platform always brings a pool."""
    late = line(to(5, windows=(Window(0, 400),)))
    visit = LockedVisit(order="to5", action=Action.DELIVERY)
    locked = late.replace(locks=(Lock(vehicle_type="van", vehicle=1, visits=(visit,)),))
    for pool in (None, Pool(Compiled(locked))):
        with pytest.raises(ProblemError) as refused:
            solve(locked, BUDGET, pool=pool)
        assert [fault.code for fault in refused.value.faults] == ["lock_infeasible"]


def test_the_quick_way_leaves_its_routes_in_the_pool_like_any_other() -> None:
    day = line(to(1), to(3))
    pool = Pool(Compiled(day))
    plan = solve(day, Budget(seconds=None, iterations=20, bound=False), pool=pool).plan
    assert plan.cost_milli == 5_000 + 6_000
    assert min(route.cost_milli for route in pool if len(route.orders) == 2) == plan.cost_milli


def test_a_pickup_under_way_is_delivered_by_the_same_vehicle() -> None:
    """At 150 s the van has picked up at km 1; whatever is planned again, it brings the goods to km 4."""
    moved = Order(id="moved", owner="m", pickup=Visit(place="km1"), delivery=Visit(place="km4"))
    day = line(moved, to(2))
    plan = solve(day, BUDGET).plan
    start = plan.routes[0].start_s
    [lock] = locks_at(day, plan, start + 150)
    assert (lock.visits[0].order, lock.visits[0].action) == ("moved", Action.PICKUP)
    again = replan(day, plan, now_s=start + 150, budget=BUDGET).plan
    assert [visit.order for visit in again.routes[0].stops[-1].visits] == ["moved"]
