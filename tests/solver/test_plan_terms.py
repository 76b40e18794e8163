"""Prices of trips, overtime, changes, the longest route and vehicles not used: by route, by plan, and in the partition."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.cost import plan_terms_milli, route_cost
from solver.partition import best_partition
from solver.plan import Action, RouteCost
from solver.pool import Pool, PoolRoute
from solver.problem import Lock, LockedVisit, Problem, Published
from solver.schedule import Timetable, timetable
from tests.solver.worlds import parcel, road, van

SECOND_MILLI = 3_600_000
"""An hourly price of 1_000 a second."""


def cost_of(problem: Problem, *visits: int, type_: int = 0) -> RouteCost:
    compiled = Compiled(problem)
    times = timetable(compiled, type_, visits)
    assert isinstance(times, Timetable)
    return route_cost(compiled, type_, visits, times)


def test_every_trip_has_its_price_and_a_reload_elsewhere_is_a_stop() -> None:
    # km1, reload at km3, km2: three arrivals at 0.5, and two trips at 7.
    problem = road(parcel("a", 1), parcel("b", 2), vehicles=(van(reloads=("km3", "km1"), trip_milli=7_000),))
    cost = cost_of(problem, 1, ~3, 3)
    assert (cost.trip_milli, cost.stop_milli) == (14_000, 1_500)
    # A reload at km1, where the vehicle is already, is no arrival.
    assert cost_of(problem, 1, ~1, 3).stop_milli == 1_000
    assert cost_of(problem, 1, 3).trip_milli == 7_000


def test_overtime_is_paid_by_the_second_above_its_limit() -> None:
    # There and back takes 400 s.
    def on(after_s: int) -> int:
        tariff = van(overtime_after_s=after_s, overtime_hour_milli=SECOND_MILLI)
        return cost_of(road(parcel("a", 2), vehicles=(tariff,)), 1).overtime_milli

    assert [on(300), on(399), on(400), on(0)] == [100_000, 1_000, 0, 400_000]


def published(**changes: object) -> Problem:
    return road(
        parcel("a", 1, outside_milli=40_000),
        parcel("b", 2),
        vehicles=(van(count=2),),
        published=(
            Published(order="a", vehicle_type="van", vehicle=2),
            Published(order="b", vehicle_type="van", vehicle=2),
        ),
        change_milli=900,
        **changes,  # type: ignore[arg-type]
    )


def test_an_order_served_by_another_vehicle_than_published_costs_a_change() -> None:
    # Type 0 is van 1, type 1 is van 2.
    assert cost_of(published(), 1, 3, type_=0).change_milli == 1_800
    assert cost_of(published(), 1, 3, type_=1).change_milli == 0


def test_an_order_that_was_published_and_is_left_out_costs_a_change_too() -> None:
    # Van 1 to km2: 10 + 4 + 4 + 0.5, a change of 0.9; a outside 40, and its change 0.9.
    plan = assemble(Compiled(published()), [(0, (3,))])
    assert (plan.routes[0].vehicle, plan.routes[0].cost.total_milli) == (1, 19_400)
    assert [entry.change_milli for entry in plan.unplanned] == [900]
    assert plan.cost_milli == 19_400 + 40_000 + 900
    assert check(published(), plan) == []


def test_vehicles_get_the_numbers_that_are_free() -> None:
    # Number 2 is singled out: the others are 1 and 3.
    problem = road(*(parcel(name, 1) for name in "abc"), locks=(Lock(vehicle_type="van", vehicle=2, orders=("b",)),))
    plan = assemble(Compiled(problem), [(0, (1,)), (1, (3,)), (0, (5,))])
    assert [route.vehicle for route in plan.routes] == [1, 2, 3]
    assert check(problem, plan) == []


def test_the_longest_route_and_vehicles_not_used_are_paid_once() -> None:
    problem = road(
        parcel("a", 1), parcel("b", 2), vehicles=(van(use_min=3, unused_milli=5_000),), longest_hour_milli=SECOND_MILLI
    )
    compiled = Compiled(problem)
    assert plan_terms_milli(compiled, [(0, 200), (0, 400)]) == (400_000, 5_000)
    assert plan_terms_milli(compiled, []) == (0, 15_000)
    # 200 s and 400 s at 0.01 a second: 10 + 2 + 2 + 0.5 and 10 + 4 + 4 + 0.5.
    plan = assemble(compiled, [(0, (1,)), (0, (3,))])
    assert plan.cost_milli == 14_500 + 18_500 + 400_000 + 5_000
    assert check(problem, plan) == []


def test_a_singled_out_vehicle_counts_as_one_of_its_type() -> None:
    lock = Lock(vehicle_type="van", vehicle=1, orders=("a",))
    compiled = Compiled(road(parcel("a", 1), vehicles=(van(use_min=2, unused_milli=5_000),), locks=(lock,)))
    assert plan_terms_milli(compiled, [(1, 100)]) == (0, 5_000)
    assert plan_terms_milli(compiled, [(0, 100), (1, 100)]) == (0, 0)


def test_the_partition_weighs_the_longest_route() -> None:
    routes = [
        PoolRoute(0, (1, 3), frozenset({0, 1}), 25_000, 600),
        PoolRoute(0, (1,), frozenset({0}), 14_000, 200),
        PoolRoute(0, (3,), frozenset({1}), 18_000, 400),
    ]
    both = frozenset({0, 1})
    plain = road(parcel("a", 1), parcel("b", 2))
    assert best_partition(Compiled(plain), routes, both).cost_milli == 25_000
    found = best_partition(Compiled(plain.replace(longest_hour_milli=SECOND_MILLI // 10)), routes, both)
    # 14 + 18 + 400 s at 0.1 = 72, against 25 + 60 = 85.
    assert (found.cost_milli, len(found.routes), found.proven) == (72_000, 2, True)


def test_the_partition_uses_a_locked_vehicle_exactly_once_even_for_a_reload_alone() -> None:
    lock = Lock(vehicle_type="van", vehicle=1, visits=(LockedVisit(place="km1"),))
    problem = road(parcel("a", 2), parcel("b", 3), vehicles=(van(reloads=("km1",)),), locks=(lock,))
    pool = Pool(Compiled(problem))
    pool.add_all([(0, (1, 3)), (0, (1,)), (0, (3,)), (1, (~1,)), (1, (~1, 3)), (1, (~1, 1, 3))])
    assert len(pool) == 6
    found = best_partition(pool.compiled, pool, frozenset({0, 1}))
    assert sorted(route.type_ for route in found.routes) == [1]
    # With b alone on van 1 or not at all, van 1 still goes.
    alone = best_partition(
        pool.compiled, [route for route in pool if route.visits in ((~1,), (1, 3))], frozenset({0, 1})
    )
    assert sorted(route.visits for route in alone.routes) == [(~1,), (1, 3)]


COSTS = st.integers(1, 40).map(lambda cost: cost * 1_000)


@settings(max_examples=80, deadline=None)
@given(
    sets=st.lists(st.tuples(st.integers(0, 2), st.frozensets(st.integers(0, 3), max_size=3), COSTS), max_size=9),
    outside=st.lists(st.none() | COSTS, min_size=4, max_size=4),
    use_min=st.integers(0, 3),
    longest=st.sampled_from([0, SECOND_MILLI // 100]),
)
def test_the_partition_is_the_best_of_all_choices_whatever_binds_them(
    sets: list[tuple[int, frozenset[int], int]], outside: list[int | None], use_min: int, longest: int
) -> None:
    first = LockedVisit(order="settled", action=Action.DELIVERY)
    orders = [parcel(f"o{k}", 1, outside_milli=price) for k, price in enumerate(outside)]
    problem = road(
        *orders,
        parcel("settled", 1),
        vehicles=(van(count=3, use_min=use_min, unused_milli=4_000), van(id="hired")),
        locks=(Lock(vehicle_type="van", vehicle=1, visits=(first,)),),
        longest_hour_milli=longest,
    )
    compiled = Compiled(problem)
    routes = [PoolRoute(2, (9,), frozenset({4}), 3_000, 50)]
    for type_, served, cost in sets:
        if type_ == 2 or served:
            # Of equal orders on a type the partition keeps the cheapest, so here the cheaper is the shorter as well.
            mine = served | {4} if type_ == 2 else served
            routes.append(PoolRoute(type_, tuple(2 * k + 1 for k in sorted(mine)), mine, cost, 10 * cost // 1_000))
    best = None
    for size in range(len(routes) + 1):
        for chosen in combinations(routes, size):
            covered = [order for route in chosen for order in route.orders]
            types = [route.type_ for route in chosen]
            if len(covered) > len(set(covered)) or types.count(2) != 1 or types.count(0) > 2:
                continue
            left = [compiled.outside_milli[order] for order in range(5) if order not in covered]
            cost = sum(route.cost_milli for route in chosen) + sum(price for price in left if price is not None)
            cost += sum(plan_terms_milli(compiled, [(route.type_, route.duration_s) for route in chosen]))
            best = min(best or (10**9, 0), (left.count(None), cost))
    found = best_partition(compiled, routes, frozenset(range(5)))
    left_out = sum(compiled.outside_milli[order] is None for order in found.unplanned)
    assert (left_out, found.cost_milli) == best
    assert found.proven
    assert found.bound_milli == found.cost_milli
