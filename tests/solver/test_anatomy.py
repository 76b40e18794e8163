"""What a plan is made of, on a straight road: depot at kilometre 0, 1,000 a kilometre, 5,000 a vehicle."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.anatomy import Component, added, components_milli, figures, key_of, tight, without
from solver.compiled import Compiled
from solver.plan import Budget, Plan, Reason
from solver.problem import Order, Problem, Visit, Window
from solver.routing.alone import Alone, price_milli
from solver.solve import solve
from tests.solver import rich
from tests.solver.large import clustered_day
from tests.solver.test_living import BUDGET, line, to


def told(day: Problem) -> tuple[Plan, Compiled]:
    return solve(day, BUDGET).plan, Compiled(day)


def test_components_sum_to_the_cost_and_outside_options_are_one_of_them() -> None:
    """To km 3 and back: 5,000 + 6 x 1,000; the order for km 6 is cheaper outside for 500 than for 6 km more."""
    day = line(to(3), Order(id="out", owner="m", delivery=Visit(place="km6"), outside_milli=500))
    plan, _ = told(day)
    assert components_milli(plan) == {Component.FIXED: 5_000, Component.DISTANCE: 6_000, Component.OUTSIDE: 500}
    assert plan.cost_milli == 11_500


def test_a_van_comes_home_empty_and_goes_out_empty_to_collect() -> None:
    """Delivery to km 3: empty 3 km home. Collection at km 5 on the same tour: 3 km empty less, 2 km empty between."""
    day = line(to(3))
    plan, compiled = told(day)
    [route] = figures(day, compiled, plan)
    assert (route.distance_m, route.empty_m, route.driving_s) == (6_000, 3_000, 600)
    both = line(to(3), Order(id="back", owner="m", pickup=Visit(place="km5"), load={"boxes": 1}), vans=1)
    plan, compiled = told(both)
    [route] = figures(both, compiled, plan)
    assert (route.distance_m, route.empty_m, route.orders, route.stops) == (10_000, 2_000, 2, 2)


def test_waiting_service_and_driving_make_up_the_time() -> None:
    """Km 2 opens at 1,000 s for 100 s, km 4 at 2,000 s: 200 s of way, of 800 s between 200 drive, 600 wait."""
    first = Order(id="a", owner="m", delivery=Visit(place="km2", windows=(Window(1_000, 1_000),), service_s=100))
    last = Order(id="b", owner="m", delivery=Visit(place="km4", windows=(Window(2_000, 2_000),)))
    day = line(first, last)
    plan, compiled = told(day)
    [route] = figures(day, compiled, plan)
    assert (route.driving_s, route.service_s, route.waiting_s, route.break_s) == (800, 100, 700, 0)
    assert plan.routes[0].end_s - plan.routes[0].start_s == 1_600


def test_what_an_order_adds_is_what_its_route_would_cost_less() -> None:
    """Km 3 is on the way to km 5 and adds nothing; km 5 adds 2 x 2 km; alone they cost 11,000 and 15,000."""
    day = line(to(3), to(5))
    plan, compiled = told(day)
    assert [(entry.order, entry.now_milli, entry.alone_milli) for entry in added(day, compiled, plan)] == [
        ("to5", 4_000, 15_000),
        ("to3", 0, 11_000),
    ]


def test_the_only_order_of_a_vehicle_adds_the_whole_route() -> None:
    day = line(to(4))
    plan, compiled = told(day)
    assert [entry.now_milli for entry in added(day, compiled, plan)] == [plan.cost_milli == 13_000 and 13_000]


def test_limits_that_bind_are_counted() -> None:
    """Two boxes of two, one van of one, a service that begins at 300 s where its window closes."""
    punctual = Order(id="p", owner="m", delivery=Visit(place="km3", windows=(Window(0, 300),)), load={"boxes": 1})
    day = line(punctual, to(5), vans=1, capacity={"boxes": 2})
    plan, compiled = told(day)
    found = {
        (entry.reason, entry.unit): (entry.count, entry.total)
        for entry in tight(day, plan, figures(day, compiled, plan))
    }
    assert found == {
        (Reason.CAPACITY, "boxes"): (1, 1),
        (Reason.FLEET, "van"): (1, 1),
        (Reason.TIME_WINDOW, ""): (1, 2),
    }


def test_a_plan_with_room_to_spare_runs_into_nothing() -> None:
    day = line(to(3), capacity={"boxes": 100}, vans=4)
    plan, compiled = told(day)
    assert tight(day, plan, figures(day, compiled, plan)) == ()


def test_the_figures_of_a_larger_day_add_up() -> None:
    day = clustered_day(120)
    plan = solve(day, Budget(seconds=None, iterations=100, bound=False)).plan
    routes = figures(day, Compiled(day), plan)
    assert sum(components_milli(plan).values()) == plan.cost_milli
    assert sum(route.orders for route in routes) == 120 - len(plan.unplanned)
    for route, planned in zip(routes, plan.routes, strict=True):
        parts = route.driving_s + route.service_s + route.waiting_s + route.break_s
        assert parts == planned.end_s - planned.start_s
        services = sum(visit.end_s - visit.start_s for stop in planned.stops for visit in stop.visits)
        assert (route.service_s, 0 < route.empty_m < route.distance_m) == (services, True)


def looked_at_one_by_one(day: Problem, compiled: Compiled, plan: Plan) -> list[tuple[str, int | None, int | None]]:
    """What each order adds, found without any shortcut; a day whose vehicles have no holds."""
    alone = Alone.of(Compiled(day))
    found = []
    for route in plan.routes:
        key = key_of(compiled, route)
        for order in compiled.orders_of(key[1]):
            rest = without(compiled, key, order)
            least = price_milli(compiled, rest) if rest[1] else 0
            now = None if least is None else route.cost.total_milli - least
            found.append((day.orders[order].id, now, next(iter(alone.by_type[order].values()), None)))
    return sorted(found, key=lambda entry: (entry[1] is None, -(entry[1] or 0), entry[0]))


@settings(max_examples=60)
@given(rich.days(), st.integers(1, 4))
def test_the_dearest_are_the_same_whether_all_are_asked_for_or_some(day: Problem, most: int) -> None:
    """Breaks, windows, reloads, releases, locks and groups make routes wait, so that the quick ceiling is above."""
    day = day.replace(vehicle_types=tuple(replace(kind, hold=None) for kind in day.vehicle_types))
    plan = solve(day, BUDGET).plan
    expected = looked_at_one_by_one(day, Compiled(day), plan)
    for count in (None, most):
        told_of = added(day, Compiled(day), plan, count)
        assert [(entry.order, entry.now_milli, entry.alone_milli) for entry in told_of] == expected[:count]


def test_the_twenty_dearest_of_a_large_day_are_found_by_a_look_at_a_few() -> None:
    day = clustered_day(300)
    plan, compiled = told(day)
    expected = looked_at_one_by_one(day, compiled, plan)
    told_of = added(day, Compiled(day), plan, 20)
    assert [(entry.order, entry.now_milli, entry.alone_milli) for entry in told_of] == expected[:20]
