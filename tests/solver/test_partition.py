from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from solver.compiled import Compiled
from solver.partition import Partition, Partitioner, best_partition
from solver.pool import Pool, PoolRoute
from tests.solver.sharing.worlds import parcel, road


def route(orders: set[int], cost: int, type_: int = 0) -> PoolRoute:
    return PoolRoute(type_, tuple(2 * order + 1 for order in sorted(orders)), frozenset(orders), cost)


def three(outside: int | None = None, count: int | None = None) -> Compiled:
    return Compiled(road(*(parcel(f"o{k}", "anna", 10 * k + 10, outside=outside) for k in range(3)), count=count))


def by_hand(compiled: Compiled, routes: list[PoolRoute], orders: frozenset[int]) -> tuple[int, int]:
    """(mandatory orders left, cost) of the best choice, by trying all of them."""
    prices = [order.outside_milli for order in compiled.problem.orders]
    count = compiled.problem.vehicle_types[0].count
    best: tuple[int, int] | None = None
    for size in range(len(orders) + 1):
        for chosen in combinations([r for r in routes if r.orders <= orders], size):
            served = [order for r in chosen for order in r.orders]
            if len(served) > len(set(served)) or (count is not None and size > count):
                continue
            left = [prices[order] for order in orders.difference(served)]
            cost = sum(r.cost_milli for r in chosen) + sum(price for price in left if price is not None)
            best = min(best or (10**9, 0), (left.count(None), cost))
    assert best is not None
    return best


def test_fractional_relaxation_is_driven_to_the_best_whole_choice() -> None:
    # Three pairs at 3 each: half of each covers everything at 4.5; whole routes cost a pair and a single, 3 + 2 = 5.
    routes = [route({0, 1}, 3_000), route({1, 2}, 3_000), route({0, 2}, 3_000), *(route({k}, 2_000) for k in range(3))]
    found = best_partition(three(), routes, frozenset({0, 1, 2}))
    assert (found.cost_milli, found.bound_milli, found.proven) == (5_000, 5_000, True)
    assert found.unplanned == frozenset()


def test_an_optional_order_stays_out_where_its_outside_option_is_cheaper() -> None:
    # Order 2 alone costs 9 on a route and 7 outside: 4 + 7 = 11.
    found = best_partition(three(outside=7), [route({0, 1}, 4_000), route({2}, 9_000)], frozenset({0, 1, 2}))
    assert (found.cost_milli, found.unplanned, found.proven) == (11_000, frozenset({2}), True)


def test_a_mandatory_order_without_a_route_is_left_and_costs_nothing() -> None:
    found = best_partition(three(), [route({0, 1}, 4_000)], frozenset({0, 1, 2}))
    assert (found.cost_milli, found.unplanned, found.bound_milli, found.proven) == (4_000, frozenset({2}), 4_000, True)


def test_a_mandatory_order_is_served_whatever_it_costs() -> None:
    # Serving order 2 needs the dear route of all three: 900 rather than 4 with one order left.
    routes = [route({0, 1}, 4_000), route({0, 1, 2}, 900_000)]
    assert best_partition(three(), routes, frozenset({0, 1, 2})).cost_milli == 900_000


def test_vehicles_that_are_scarce_are_not_used_more_often_than_there_are() -> None:
    # With one van all three must share it at 9, though three singles would cost 6.
    routes = [route({0, 1, 2}, 9_000), *(route({k}, 2_000) for k in range(3))]
    assert best_partition(three(count=1), routes, frozenset({0, 1, 2})).cost_milli == 9_000
    assert best_partition(three(count=3), routes, frozenset({0, 1, 2})).cost_milli == 6_000
    assert Partitioner(three(count=1), routes, limited=False).best(frozenset({0, 1, 2})).cost_milli == 6_000


def test_no_orders_cost_nothing() -> None:
    assert best_partition(three(), [route({0}, 1_000)], frozenset()) == Partition((), frozenset(), 0, 0, True)


def test_no_routes_leave_everything_unplanned() -> None:
    found = best_partition(three(outside=7), [], frozenset({0, 2}))
    assert (found.cost_milli, found.unplanned, found.proven) == (14_000, frozenset({0, 2}), True)


def test_the_answer_is_at_least_as_good_as_the_start_even_without_time() -> None:
    routes = [route({0, 1}, 3_000), route({1, 2}, 3_000), route({0, 2}, 3_000), *(route({k}, 2_000) for k in range(3))]
    found = best_partition(three(), routes, frozenset({0, 1, 2}), start=[routes[0], routes[5]], seconds=1e-9)
    assert found.cost_milli == 5_000
    assert found.bound_milli <= 5_000


COSTS = st.integers(min_value=0, max_value=3_000_000).map(lambda minor: minor * 1_000)


@settings(max_examples=60, deadline=None)
@given(
    sets=st.lists(st.tuples(st.frozensets(st.integers(0, 5), min_size=1, max_size=4), COSTS), max_size=12),
    prices=st.lists(st.none() | COSTS, min_size=6, max_size=6),
    count=st.none() | st.integers(0, 3),
    without=st.frozensets(st.integers(0, 5), max_size=3),
)
def test_the_answer_is_the_best_of_all_choices(
    sets: list[tuple[frozenset[int], int]], prices: list[int | None], count: int | None, without: frozenset[int]
) -> None:
    orders = [parcel(f"o{k}", "anna", k + 1, outside=prices[k]) for k in range(6)]
    compiled = Compiled(road(*orders, count=count))
    routes = [route(set(served), cost) for served, cost in sets]
    wanted = frozenset(range(6)) - without
    found = best_partition(compiled, routes, wanted)
    left = sum(prices[order] is None for order in found.unplanned)
    assert (left, found.cost_milli) == by_hand(compiled, routes, wanted)
    assert found.proven
    assert found.bound_milli == found.cost_milli


def test_a_day_of_forty_orders_partitions_to_a_proven_optimum() -> None:
    # Orders two kilometres apart, ten boxes a van: consecutive runs of at most ten. The furthest order of each van is
    # paid there and back, so full vans from the far end are best: 2 * (80 + 60 + 40 + 20) = 400.
    compiled = Compiled(road(*(parcel(f"o{k:02}", "anna", 2 * k + 2) for k in range(40))))
    pool = Pool(compiled)
    for first in range(40):
        for last in range(first, min(first + 10, 40)):
            pool.add(0, [2 * order + 1 for order in range(first, last + 1)])
    found = best_partition(compiled, pool, frozenset(range(40)))
    assert (found.cost_milli, found.proven) == (400_000, True)
